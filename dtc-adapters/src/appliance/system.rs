//! What the appliance is, and by which addresses it is known elsewhere.

use std::net::IpAddr;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ports::{Rights, System, SystemView};
use futures_util::future::try_join;
use truenas_client::ErrorKind;
use truenas_client::interfaces::Interface;

use super::TrueNas;
use crate::error::Attempt as _;

#[async_trait]
impl SystemView for TrueNas {
    async fn system(&self) -> Result<System, PortError> {
        let attempted = "read what the appliance is";
        let client = self.client().await?;
        let (system, interfaces) = (client.system(), client.interfaces());
        let (info, interfaces) = try_join(system.info(), interfaces.list()).await.attempting(attempted)?;
        Ok(System {
            host_name: info.hostname,
            version: info.version,
            management_address: self.management_address.clone(),
            addresses: addresses(&interfaces),
            macs: macs(&interfaces),
            time_zone: info.timezone,
        })
    }

    /// An appliance that does not offer this, or not to this key, leaves it unknown.
    async fn rights(&self) -> Result<Rights, PortError> {
        match self.client().await?.system().me().await {
            Ok(me) => Ok(me.roles.map_or(Rights::Unknown, rights)),
            Err(error) if matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::RateLimited) => {
                Err(error).attempting("read what the API key may do")
            }
            Err(_) => Ok(Rights::Unknown),
        }
    }
}

/// The role that has all others (TrueNAS middleware, `role.py`).
const EVERYTHING: &str = "FULL_ADMIN";

fn rights(roles: Vec<String>) -> Rights {
    if roles.iter().any(|role| role == EVERYTHING) { Rights::Full } else { Rights::Roles(roles) }
}

/// Addresses by which others may know the appliance; every machine has the loopback and link-local ones.
fn addresses(interfaces: &[Interface]) -> Vec<String> {
    let known_elsewhere = |address: &&IpAddr| match address {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local() && !v6.is_unspecified(),
    };
    let all = interfaces.iter().flat_map(|interface| &interface.addresses);
    distinct(all.filter(known_elsewhere).map(ToString::to_string))
}

/// Hardware addresses, lower case; that of a loopback is all zeros.
fn macs(interfaces: &[Interface]) -> Vec<String> {
    let all = interfaces.iter().filter_map(|interface| interface.mac.as_deref());
    let real = all.filter(|mac| mac.bytes().any(|b| b != b'0' && b != b':'));
    distinct(real.map(str::to_ascii_lowercase))
}

/// Each once and in one order, so that two looks at one appliance are equal.
fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
