//! Network interfaces: other systems recognise an appliance by their addresses.

use std::net::IpAddr;

use serde::Deserialize;

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error};

impl Client {
    /// The appliance's network interfaces.
    pub fn interfaces(&self) -> Interfaces<'_> {
        Interfaces { client: self }
    }
}

/// Calls about network interfaces.
#[derive(Clone, Copy, Debug)]
pub struct Interfaces<'a> {
    client: &'a Client,
}

impl Interfaces<'_> {
    /// Every interface with the addresses it has now, whether configured or leased.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Interface>, Error> {
        let rows: Vec<Row> =
            self.client.carry_out(Call::new(operations::INTERFACE_QUERY, Query::new().params())).await?;
        Ok(rows.into_iter().map(Interface::from).collect())
    }
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// Its name, such as `enp1s0`.
    pub name: String,
    /// Its hardware address as the appliance writes it, with colons; none for some virtual ones.
    pub mac: Option<String>,
    /// Its IP addresses, configured and leased, each once.
    pub addresses: Vec<IpAddr>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    aliases: Vec<Alias>,
    #[serde(default)]
    state: State,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    link_address: Option<String>,
    aliases: Vec<Alias>,
}

/// An address of any family: `INET`, `INET6` or, in the state, `LINK`.
#[derive(Deserialize)]
struct Alias {
    address: String,
}

impl From<Row> for Interface {
    fn from(row: Row) -> Self {
        let mut addresses: Vec<IpAddr> =
            row.state.aliases.iter().chain(&row.aliases).filter_map(|a| a.address.parse().ok()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        Self { name: row.name, mac: row.state.link_address.filter(|mac| !mac.is_empty()), addresses }
    }
}
