//! From addresses and credentials to ports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dtc_provision::ports::{Patience, Ports};
use dtc_provision::{Error, PortError};
use secrecy::{ExposeSecret as _, SecretString};

use crate::ambient::{OsEntropy, SystemClock};
use crate::appliance::TrueNasBox;
use crate::error::Attempt as _;
use crate::inventory::NinjaInventory;
use crate::object_store::B2Store;
use crate::source::BoxFiles;
use crate::tickets::TicketFiles;
use crate::vault::ItGlueVault;

/// Where every service answers, and how to log in to it.
#[derive(Debug)]
pub struct Connections {
    /// Backblaze B2.
    pub b2: B2Connection,
    /// The TrueNAS box.
    pub truenas: TrueNasConnection,
    /// NinjaOne.
    pub ninja: NinjaConnection,
    /// IT Glue.
    pub itglue: ItGlueConnection,
    /// The directory that holds a file for each ticket; made when the first note is written.
    pub tickets: PathBuf,
}

/// Backblaze B2, with the provisioning key.
#[derive(Debug)]
pub struct B2Connection {
    /// The address to authorise at; Backblaze's production realm unless given.
    pub realm: Option<String>,
    /// The provisioning key's id.
    pub key_id: String,
    /// The provisioning key.
    pub application_key: SecretString,
}

/// A TrueNAS box.
#[derive(Debug)]
pub struct TrueNasConnection {
    /// `wss://host[:port]`, `https://host[:port]` or a bare host.
    pub address: String,
    /// Which certificate it may show.
    pub trust: Trust,
    /// An API key of a full administrator.
    pub api_key: SecretString,
}

/// Which certificate a box may show. There is no variant that accepts any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The one of this SHA-256, in 64 hex digits with or without colons: the way to trust a self-signed box.
    Fingerprint(String),
    /// Those in this PEM text, as authorities or as the box's own.
    Certificate(String),
    /// What this machine's certificate store vouches for.
    System,
}

/// NinjaOne, as a machine-to-machine application.
#[derive(Debug)]
pub struct NinjaConnection {
    /// The instance's address, such as `https://eu.ninjarmm.com`.
    pub base_url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
}

/// IT Glue.
#[derive(Debug)]
pub struct ItGlueConnection {
    /// The region's address, such as `https://api.itglue.com`.
    pub base_url: String,
    /// An API key with Password Access.
    pub api_key: SecretString,
}

/// How long a client waits before it tries a call again: at most `first`, doubling up to `longest`, a random part of it
/// each time. The box has a measure of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// Before the second attempt.
    pub first: Duration,
    /// Before any later one.
    pub longest: Duration,
}

impl Default for Pauses {
    /// A second, and 64.
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(64) }
    }
}

/// Binds the ports. The box is logged in to here; the other services are at their first call.
///
/// # Errors
/// An address or a trust that cannot be used, before anything is sent; a box that is not the one expected, does not
/// take the key, or does not answer.
pub async fn connect(connections: Connections, patience: Patience) -> Result<Ports, Error> {
    connect_with(connections, patience, Pauses::default()).await
}

/// [`connect`], with clients that wait otherwise before they try again.
///
/// # Errors
/// As [`connect`].
pub async fn connect_with(
    connections: Connections,
    patience: Patience,
    pauses: Pauses,
) -> Result<Ports, Error> {
    let Connections { b2, truenas, ninja, itglue, tickets } = connections;
    let object_store = object_store(b2, pauses)?;
    let (inventory, vault) = (inventory(ninja, pauses)?, vault(itglue, pauses)?);
    let (nas, management_address) = nas(truenas).await?;
    Ok(Ports {
        inventory: Arc::new(inventory),
        object_store: Arc::new(object_store),
        vault: Arc::new(vault),
        appliance: Arc::new(TrueNasBox { nas: nas.clone(), management_address }),
        source: Arc::new(BoxFiles(nas)),
        tickets: Arc::new(TicketFiles { directory: tickets }),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        patience,
    })
}

fn object_store(b2: B2Connection, pauses: Pauses) -> Result<B2Store, PortError> {
    let key = b2_client::ApplicationKey::new(b2.application_key.expose_secret());
    B2Store::new(b2.realm, pauses, &b2.key_id, key)
}

fn inventory(ninja: NinjaConnection, pauses: Pauses) -> Result<NinjaInventory, PortError> {
    use ninja_client::{Client, ClientId, ClientSecret, Config, Region};
    let secret = ClientSecret::new(ninja.client_secret.expose_secret());
    let config = Config::new(Region::Us, ClientId::new(ninja.client_id), secret)
        .base_url(ninja.base_url)
        .pauses(pauses.first, pauses.longest);
    Client::new(config).attempting("set up a client of NinjaOne").map(NinjaInventory)
}

fn vault(itglue: ItGlueConnection, pauses: Pauses) -> Result<ItGlueVault, PortError> {
    use itglue_client::{ApiKey, Client, Config};
    let config = Config::new(ApiKey::new(itglue.api_key.expose_secret()))
        .base_url(itglue.base_url)
        .pauses(pauses.first, pauses.longest);
    Client::new(config).attempting("set up a client of IT Glue").map(ItGlueVault)
}

/// The box, and the host it is managed at.
async fn nas(truenas: TrueNasConnection) -> Result<(truenas_client::Client, String), PortError> {
    use truenas_client::{Address, ApiKey, Client, Config, Credentials};
    let attempted = format!("connect to the box at {}", truenas.address);
    let address: Address = truenas.address.parse().attempting(&attempted)?;
    let host = address.host();
    let trust = match truenas.trust {
        Trust::Fingerprint(text) => truenas_client::Trust::Fingerprint(text.parse().attempting(&attempted)?),
        Trust::Certificate(pem) => truenas_client::Trust::Certificate(pem),
        Trust::System => truenas_client::Trust::System,
    };
    let credentials = Credentials::ApiKey(ApiKey::new(truenas.api_key.expose_secret()));
    let nas = Client::connect(Config::new(address, credentials).trust(trust)).await.attempting(&attempted)?;
    Ok((nas, host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_provision::{ErrorKind, PortErrorKind};

    fn connections(address: &str) -> Connections {
        Connections {
            b2: B2Connection { realm: None, key_id: "0012".into(), application_key: "hunter-b2".into() },
            truenas: TrueNasConnection {
                address: address.into(),
                trust: Trust::System,
                api_key: "hunter-nas".into(),
            },
            ninja: NinjaConnection {
                base_url: "https://eu.ninjarmm.com".into(),
                client_id: "dtc".into(),
                client_secret: "hunter-ninja".into(),
            },
            itglue: ItGlueConnection {
                base_url: "https://api.itglue.com".into(),
                api_key: "hunter-itglue".into(),
            },
            tickets: "tickets".into(),
        }
    }

    #[test]
    fn e8_connections_print_no_secret() {
        let shown = format!("{:?}", connections("nas.example.net"));
        assert!(shown.contains("nas.example.net") && !shown.contains("hunter"), "{shown}");
    }

    async fn refusal(connections: Connections) -> PortErrorKind {
        match connect(connections, Patience::default()).await.unwrap_err().kind() {
            ErrorKind::Port(error) => error.kind(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn e8_nothing_is_sent_over_a_plain_line() {
        assert_eq!(refusal(connections("ws://192.0.2.1")).await, PortErrorKind::Refused);
        let mut plain = connections("nas.example.net");
        plain.itglue.base_url = "http://192.0.2.1".into();
        assert_eq!(refusal(plain).await, PortErrorKind::Refused);
        let mut plain = connections("nas.example.net");
        plain.b2.realm = Some("http://192.0.2.1".into());
        assert_eq!(refusal(plain).await, PortErrorKind::Refused);
    }
}
