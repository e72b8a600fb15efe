//! From connections to ports.

use std::sync::Arc;

use dtc_provision::copy::{CopyVault, CopyVaultView};
use dtc_provision::ports::{Ports, Views, Waits};
use dtc_provision::replication::{EndViews, Ends};
use safe_text::SecretString;

use crate::appliance::{Connection, TrueNas};
use crate::b2_clients::B2Clients;
use crate::calls::{Access, Calls, configured};
use crate::clock_entropy::{OsEntropy, SystemClock};
use crate::connection_error::{Error, ErrorKind};
use crate::connections::{
    B2Connection, Connections, HaloConnection, Inventory, ItGlueConnection, NinjaOneConnection, Tickets,
    Timeouts, TrueNasConnection, Trust, Vault,
};
use crate::error::Attempt as _;
use crate::files::{self, FileErrorKind, Guard, Limit};
use crate::halo_tickets::HaloTickets;
use crate::inventory::NinjaInventory;
use crate::object_store::B2Store;
use crate::replication_end::TrueNasEnd;
use crate::secret_source::SecretReader;
use crate::source::ApplianceFiles;
use crate::tickets::TicketFiles;
use crate::vault::ItGlueVault;
use crate::version_store::B2Versions;
use crate::waiting::{Listener, Waiting};

/// Binds the ports. The appliance is logged in to here; the other services are at their first call.
///
/// # Errors
/// A secret that is missing or that others can read, and an address or a trust that cannot be used, before anything is
/// sent. Then [`ErrorKind::Port`]: an appliance that is not the one expected, does not take the key, or does not answer.
pub async fn connect(connections: &Connections, waits: Waits) -> Result<Ports, Error> {
    bind(connections, waits, Access::Full).await
}

/// Binds views for planning and verifying. Nothing can be written through them, and the clients beneath them refuse every
/// call that is not a read before anything is sent. The appliance, too, is logged in to at the first call, so that the
/// services are asked at the same time; one that cannot be reached then stays so for these views.
///
/// # Errors
/// As [`connect`].
pub async fn connect_views(connections: &Connections, waits: Waits) -> Result<Views, Error> {
    Ok(bind(connections, waits, Access::ReadOnly).await?.views())
}

/// Binds both ends of a replication, by the names of their appliances, and logs in to them. One appliance that is both is logged in to once.
///
/// # Errors
/// [`ErrorKind::NoSuchAppliance`]; else as [`connect`].
pub async fn connect_ends(connections: &Connections, from: &str, to: &str) -> Result<Ends, Error> {
    let (from, to) = ends(connections, [from, to], Access::Full).await?;
    from.log_in().await?;
    to.log_in().await?;
    Ok(Ends { from, to })
}

/// Binds both ends of a replication to look at. Nothing can be written through them, and each is logged in to at its first call.
///
/// # Errors
/// As [`connect_ends`].
pub async fn connect_end_views(connections: &Connections, from: &str, to: &str) -> Result<EndViews, Error> {
    let (from, to) = ends(connections, [from, to], Access::ReadOnly).await?;
    Ok(EndViews::new(from, to))
}

async fn ends(
    connections: &Connections,
    names: [&str; 2],
    access: Access,
) -> Result<(Arc<TrueNasEnd>, Arc<TrueNasEnd>), Error> {
    let found = |name: &str| {
        let no_such = || -> Error {
            let known = connections.appliance_names().map(str::to_owned).collect();
            ErrorKind::NoSuchAppliance { name: name.to_owned(), known }.into()
        };
        connections.appliance_named(name).ok_or_else(no_such)
    };
    let [from, to] = names;
    let [from_connection, to_connection] = [found(from)?, found(to)?];
    let reader = SecretReader::new(connections.one_password.clone());
    let labels = names.map(|name| format!("the API key of the appliance {name:?}"));
    let both = [(&from_connection.api_key, labels[0].as_str()), (&to_connection.api_key, labels[1].as_str())];
    let [from_secret, to_secret] = reader.read_all(both).await?;
    let Connections { backoff, timeouts, listener, .. } = connections;
    let calls = Calls { access, backoff: *backoff, timeouts: *timeouts, listener: listener.clone() };
    let end = |connection, secret| {
        let (connection, management_address) = truenas(connection, secret, &calls)?;
        let appliance = TrueNas { connection: Arc::new(connection), management_address };
        Ok::<_, Error>(Arc::new(TrueNasEnd::new(appliance)))
    };
    let first = end(from_connection, &from_secret)?;
    let second = if from == to { Arc::clone(&first) } else { end(to_connection, &to_secret)? };
    Ok((first, second))
}

/// Binds ports whose clients refuse every call that is not a read: for whoever puts another vault into them and takes their views.
///
/// # Errors
/// As [`connect`].
pub async fn connect_read_only(connections: &Connections, waits: Waits) -> Result<Ports, Error> {
    bind(connections, waits, Access::ReadOnly).await
}

/// Binds the vault alone, for the pair of an encrypted copy.
///
/// # Errors
/// A secret that is missing or that others can read, and an address that cannot be used; nothing is sent before the first call.
pub async fn connect_copy_vault(
    connection: &ItGlueConnection,
    on_wait: impl Fn(&Waiting) + Send + Sync + 'static,
) -> Result<Arc<dyn CopyVault>, Error> {
    Ok(Arc::new(vault_alone(connection, Access::Full, on_wait).await?))
}

/// The same, to look only: its client refuses every call that is not a read.
///
/// # Errors
/// As [`connect_copy_vault`].
pub async fn connect_copy_vault_view(
    connection: &ItGlueConnection,
    on_wait: impl Fn(&Waiting) + Send + Sync + 'static,
) -> Result<Arc<dyn CopyVaultView>, Error> {
    Ok(Arc::new(vault_alone(connection, Access::ReadOnly, on_wait).await?))
}

async fn vault_alone(
    connection: &ItGlueConnection,
    access: Access,
    on_wait: impl Fn(&Waiting) + Send + Sync + 'static,
) -> Result<ItGlueVault, Error> {
    let listener = Listener::new(on_wait);
    let calls = Calls { access, backoff: None, timeouts: Timeouts::default(), listener };
    let key = connection.api_key.read("the API key of IT Glue").await?;
    itglue(connection, &key, &calls)
}

async fn bind(connections: &Connections, waits: Waits, access: Access) -> Result<Ports, Error> {
    let Connections {
        object_store, appliance, inventory, vault, tickets, backoff, timeouts, listener, ..
    } = connections;
    let calls = &Calls { access, backoff: *backoff, timeouts: *timeouts, listener: listener.clone() };
    let secrets = Secrets::read(connections).await?;
    let versions = B2Versions::new(B2Clients { url: object_store.url.clone(), calls: calls.clone() });
    let object_store = b2(object_store, &secrets.object_store, calls)?;
    let (connection, management_address) = truenas(appliance, &secrets.appliance, calls)?;
    let connection = Arc::new(connection);
    let inventory = match inventory {
        Inventory::NinjaOne(connection) => ninjaone(connection, &secrets.inventory, calls)?,
    };
    let vault = match vault {
        Vault::ItGlue(connection) => itglue(connection, &secrets.vault, calls)?,
    };
    let tickets: Arc<dyn dtc_provision::ports::Tickets> = match (tickets, &secrets.tickets) {
        (Tickets::Files(files), _) => Arc::new(TicketFiles { directory: files.directory.clone() }),
        (Tickets::Halo(connection), secret) => Arc::new(halo(connection, secret, calls)?),
    };
    // Only now is anything sent: every secret was found, and every address can be used.
    if access == Access::Full {
        connection.client().await?;
    }
    let vault = Arc::new(vault);
    Ok(Ports {
        inventory: Arc::new(inventory),
        object_store: Arc::new(object_store),
        vault: vault.clone(),
        secrets: vault,
        versions: Arc::new(versions),
        appliance: Arc::new(TrueNas { connection: connection.clone(), management_address }),
        source: Arc::new(ApplianceFiles(connection)),
        tickets,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        waits,
    })
}

/// Every secret that logging in takes.
struct Secrets {
    object_store: SecretString,
    appliance: SecretString,
    inventory: SecretString,
    vault: SecretString,
    /// Empty where tickets are files, which take none.
    tickets: SecretString,
}

impl Secrets {
    /// Reads them all, so that all that are missing are named at once.
    async fn read(connections: &Connections) -> Result<Self, Error> {
        let Inventory::NinjaOne(ninja) = &connections.inventory;
        let Vault::ItGlue(itglue) = &connections.vault;
        let reader = SecretReader::new(connections.one_password.clone());
        let four = [
            (&connections.object_store.application_key, "the application key of B2"),
            (&connections.appliance.api_key, "the API key of the appliance"),
            (&ninja.client_secret, "the client secret of NinjaOne"),
            (&itglue.api_key, "the API key of IT Glue"),
        ];
        match &connections.tickets {
            Tickets::Files(_) => {
                let [object_store, appliance, inventory, vault] = reader.read_all(four).await?;
                Ok(Self { object_store, appliance, inventory, vault, tickets: SecretString::from("") })
            }
            Tickets::Halo(halo) => {
                let [object_store, appliance, inventory, vault] = four;
                let tickets = (&halo.client_secret, "the client secret of HaloPSA");
                let five = [object_store, appliance, inventory, vault, tickets];
                let [object_store, appliance, inventory, vault, tickets] = reader.read_all(five).await?;
                Ok(Self { object_store, appliance, inventory, vault, tickets })
            }
        }
    }
}

fn b2(connection: &B2Connection, secret: &SecretString, calls: &Calls) -> Result<B2Store, Error> {
    let clients = B2Clients { url: connection.url.clone(), calls: calls.clone() };
    let key = b2_client::ApplicationKey::new(secret.expose_secret());
    Ok(B2Store::new(clients.client(&connection.key_id, key)?, clients))
}

fn ninjaone(
    connection: &NinjaOneConnection,
    secret: &SecretString,
    calls: &Calls,
) -> Result<NinjaInventory, Error> {
    use ninja_client::{Client, ClientId, ClientSecret, Config, Region};
    let secret = ClientSecret::new(secret.expose_secret());
    let config = Config::new(Region::Us, ClientId::new(&connection.client_id), secret);
    let config = configured!(config.base_url(&connection.url), calls);
    Ok(Client::new(config).attempting("set up a client of NinjaOne").map(NinjaInventory)?)
}

fn itglue(connection: &ItGlueConnection, secret: &SecretString, calls: &Calls) -> Result<ItGlueVault, Error> {
    use itglue_client::{ApiKey, Client, Config};
    let config = Config::new(ApiKey::new(secret.expose_secret())).base_url(&connection.url);
    let config = calls.rate_limit().into_iter().fold(config, Config::rate_limit_backoff);
    let client = Client::new(configured!(config, calls)).attempting("set up a client of IT Glue")?;
    Ok(ItGlueVault { client, category: connection.category.clone() })
}

fn halo(connection: &HaloConnection, secret: &SecretString, calls: &Calls) -> Result<HaloTickets, Error> {
    use halo_client::{ApplicationId, Client, ClientSecret, Config};
    let secret = ClientSecret::new(secret.expose_secret());
    let config = Config::new(&connection.url, ApplicationId::new(&connection.client_id), secret);
    let config = connection.tenant.iter().fold(config, Config::tenant);
    let config = calls.rate_limit().into_iter().fold(config, Config::rate_limit_backoff);
    let attempted = "set up a client of HaloPSA";
    let client = Client::new(configured!(config, calls)).attempting(attempted)?;
    Ok(HaloTickets::new(client, connection).attempting(attempted)?)
}

/// The connection to the appliance, and the host it is managed at.
fn truenas(
    connection: &TrueNasConnection,
    secret: &SecretString,
    calls: &Calls,
) -> Result<(Connection, String), Error> {
    use truenas_client::{Address, ApiKey, Config, Credentials};
    let attempted = format!("connect to the appliance at {}", connection.url);
    let trust = trust(&connection.trust, &attempted)?;
    let address: Address = connection.url.parse().attempting(&attempted)?;
    let host = address.host();
    let credentials = Credentials::api_key(ApiKey::new(secret.expose_secret()));
    let config = configured!(Config::new(address, credentials).trust(trust), calls);
    Ok((Connection::new(config, attempted), host))
}

fn trust(trust: &Trust, attempted: &str) -> Result<truenas_client::Trust, Error> {
    Ok(match trust {
        Trust::Fingerprint(text) => truenas_client::Trust::Fingerprint(text.parse().attempting(attempted)?),
        Trust::Certificate(pem) => {
            let trust = truenas_client::Trust::Certificate(pem.clone());
            trust.check().attempting(attempted)?;
            trust
        }
        Trust::CertificateFile(path) => {
            let pem = files::read_text(path, Guard::Settings, Limit::SETTINGS).map_err(|error| {
                if matches!(error.kind(), FileErrorKind::Io { .. }) {
                    ErrorKind::CertificateUnreadable { path: path.clone(), source: error.into() }
                } else {
                    ErrorKind::FileRefused(error)
                }
            })?;
            let trust = truenas_client::Trust::Certificate(pem.as_str().to_owned());
            trust.check().map_err(|error| ErrorKind::CertificateUnreadable {
                path: path.clone(),
                source: std::io::Error::new(std::io::ErrorKind::InvalidData, error),
            })?;
            trust
        }
        Trust::System => truenas_client::Trust::System,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_source::SecretSource;
    use dtc_provision::PortErrorKind;
    use dtc_provision::ids::{DeviceId, FieldName};
    use dtc_provision::ports::Inventory as _;
    use itglue_client::{PasswordId, UpdatePassword};

    fn connections(address: &str) -> Connections {
        let ninja = NinjaOneConnection::new("https://eu.ninjarmm.com", "dtc", SecretSource::value("ninja"));
        let itglue = ItGlueConnection::new("https://api.itglue.com", SecretSource::value("itglue"));
        Connections::new(
            B2Connection::new("0012", SecretSource::value("b2")),
            TrueNasConnection::new(address, SecretSource::value("nas")),
            Inventory::NinjaOne(ninja),
            Vault::ItGlue(itglue),
        )
    }

    #[tokio::test]
    async fn e7_every_secret_that_is_missing_is_named_at_once_and_before_any_call() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let mut wanted = connections(&format!("ws://{}", listener.local_addr().unwrap()));
        let unset = |name: &str| SecretSource::Environment(format!("DTC_TEST_UNSET_{name}"));
        wanted.object_store.application_key = unset("B2");
        wanted.vault = Vault::ItGlue(ItGlueConnection::new("https://api.itglue.com", unset("VAULT")));
        let error = connect(&wanted, Waits::default()).await.unwrap_err();
        let ErrorKind::Secrets(missing) = error.kind() else { panic!("{error:?}") };
        assert_eq!(missing.len(), 2, "{error}");
        for name in ["DTC_TEST_UNSET_B2", "DTC_TEST_UNSET_VAULT"] {
            assert!(error.to_string().contains(name) && error.remedy().unwrap().contains(name), "{error}");
        }
        wanted.vault =
            Vault::ItGlue(ItGlueConnection::new("https://api.itglue.com", SecretSource::value("x")));
        let only = connect(&wanted, Waits::default()).await.unwrap_err();
        assert!(matches!(only.kind(), ErrorKind::SecretMissing { .. }), "{only}");
        assert!(listener.accept().is_err(), "something was sent");
    }

    async fn refusal(connections: Connections) -> PortErrorKind {
        match connect(&connections, Waits::default()).await.unwrap_err().into_kind() {
            ErrorKind::Port(error) => error.kind(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn e8_nothing_is_sent_over_a_plain_line() {
        assert_eq!(refusal(connections("ws://192.0.2.1")).await, PortErrorKind::Refused);
        let mut plain = connections("nas.example.net");
        let Vault::ItGlue(itglue) = &mut plain.vault;
        itglue.url = "http://192.0.2.1".into();
        assert_eq!(refusal(plain).await, PortErrorKind::Refused);
        let mut plain = connections("nas.example.net");
        plain.object_store.url = Some("http://192.0.2.1".into());
        assert_eq!(refusal(plain).await, PortErrorKind::Refused);
    }

    #[tokio::test]
    async fn e7_every_secret_is_found_before_anything_is_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let mut missing = connections(&format!("ws://{}", listener.local_addr().unwrap()));
        let Vault::ItGlue(itglue) = &mut missing.vault;
        itglue.api_key = SecretSource::Environment("DTC_TEST_UNSET".into());
        let error = connect(&missing, Waits::default()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SecretMissing { .. }), "{error:?}");
        assert!(listener.accept().is_err(), "the appliance was called");
    }

    #[tokio::test]
    async fn x1_a_certificate_that_cannot_be_read_is_named() {
        let mut absent = connections("nas.example.net");
        absent.appliance.trust = Trust::CertificateFile("nowhere/nas.pem".into());
        let error = connect(&absent, Waits::default()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::CertificateUnreadable { .. }), "{error:?}");
        assert!(error.to_string().contains("nowhere/nas.pem"), "{error}");
        // Views connect at their first call; what can be known before is.
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("nas.pem");
        for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, text).unwrap();
            let mut wrong = connections("nas.example.net");
            wrong.appliance.trust = Trust::CertificateFile(path.clone());
            let error = connect_views(&wrong, Waits::default()).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::CertificateUnreadable { .. }), "{text:?}: {error:?}");
            let why = std::error::Error::source(&error).unwrap().to_string();
            assert!(why.contains("PEM text") || why.contains("cannot be used"), "{why}");
        }
    }

    /// Below the ports too: whoever held a writing port over such a client could not write with it. Each client's own tests, and the tests of
    /// whole flows, show that a read-only client sends no operation that is no read.
    #[tokio::test]
    async fn x2_clients_of_views_send_no_write() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let (timeouts, nobody) = (Timeouts::default(), Listener::default());
        let calls = &Calls { access: Access::ReadOnly, backoff: None, timeouts, listener: nobody };
        let secret = || SecretSource::value("hunter2");
        let inventory =
            ninjaone(&NinjaOneConnection::new(&url, "dtc", secret()), &"hunter2".into(), calls).unwrap();
        let guid = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083".parse().unwrap();
        let vault = itglue(&ItGlueConnection::new(&url, secret()), &"hunter2".into(), calls).unwrap();
        let mut at_b2 = B2Connection::new("0012", secret());
        at_b2.url = Some(url.clone());
        let store = b2(&at_b2, &"hunter2".into(), calls).unwrap();
        let tickets = halo(&HaloConnection::new(&url, "dtc", secret()), &"hunter2".into(), calls).unwrap();
        let number = halo_client::TicketId::new(1);
        let outcome = halo_client::NoteOutcome::Name("Internal Note".to_owned());
        let note = halo_client::PrivateNote::new(number, outcome, "text");
        let refused = [
            inventory
                .set_device_guid(&DeviceId::new("7"), &FieldName::new("deviceGuid"), guid)
                .await
                .unwrap_err(),
            // The port reads the record first, so its client is asked to write.
            vault
                .client
                .passwords()
                .update(PasswordId::new(2), &UpdatePassword::new().notes("text"))
                .await
                .attempting("write")
                .unwrap_err(),
            // To create something, B2's client logs in first, to learn the account's id; to delete a key it does not.
            store.client.keys().delete(&b2_client::KeyId::new("k1")).await.attempting("write").unwrap_err(),
            tickets.client.actions().add(&note).await.attempting("write").unwrap_err(),
        ];
        assert_eq!(refused.map(|error| error.kind()), [PortErrorKind::Refused; 4]);
        // With a key that is read back from the vault, too.
        let clients = B2Clients { url: Some(url), calls: calls.clone() };
        let with_another = clients.client("0013", b2_client::ApplicationKey::new("K0013")).unwrap();
        let error = with_another.keys().delete(&b2_client::KeyId::new("k1")).await.unwrap_err();
        assert_eq!(*error.kind(), b2_client::ErrorKind::ReadOnly);
        let nas = TrueNasConnection::new(format!("ws://{address}"), secret());
        let (appliance, _) = truenas(&nas, &"hunter2".into(), calls).unwrap();
        assert!(appliance.is_read_only());
        assert!(listener.accept().is_err(), "something was sent");
        let full = Calls { access: Access::Full, ..calls.clone() };
        assert!(!truenas(&nas, &"hunter2".into(), &full).unwrap().0.is_read_only());
    }
}
