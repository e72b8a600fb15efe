//! Where every service answers and how to log in to it, as values: a file, a program or a test fills them in.

mod truenas;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, de};

use crate::checks;
pub use crate::checks::OWN_APPLIANCE;
use crate::one_password::OnePassword;
use crate::secret_source::SecretSource;
pub use crate::timing::{Backoff, Timeouts};
use crate::waiting::{Listener, Waiting};
pub use truenas::{TrueNasConnection, Trust};

/// Every service that provisioning talks to, by its role.
///
/// Deserialized from the tables of a site file: `[b2]`, `[truenas]`, `[ninjaone]`, `[itglue]`, where they differ
/// from the defaults `[tickets]`, `[backoff]` and `[timeouts]`, and `[[appliance]]` for each further appliance. The tables `[site]`, `[names]` and `[[replication]]` are
/// allowed beside them and left to [`SiteFile`](crate::SiteFile).
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Tables")]
#[non_exhaustive]
pub struct Connections {
    /// The object store: Backblaze B2.
    pub object_store: B2Connection,
    /// The appliance: a TrueNAS system.
    pub appliance: TrueNasConnection,
    /// Further appliances, which take part in replications, by the names that the site file gives them.
    pub others: BTreeMap<String, TrueNasConnection>,
    /// The inventory of clients, locations and devices.
    pub inventory: Inventory,
    /// The vault that keeps secrets.
    pub vault: Vault,
    /// Where completion is documented.
    pub tickets: Tickets,
    /// How long clients wait before they make a call again; each client's own default unless given.
    pub backoff: Option<Backoff>,
    /// How long connecting and calls may take.
    pub timeouts: Timeouts,
    /// How secrets are read out of 1Password: as the environment says, unless given.
    pub one_password: OnePassword,
    pub(crate) listener: Listener,
}

impl Connections {
    /// Connections to these services, with tickets in the folder `tickets` and the default timing.
    pub fn new(
        object_store: B2Connection,
        appliance: TrueNasConnection,
        inventory: Inventory,
        vault: Vault,
    ) -> Self {
        Self {
            object_store,
            appliance,
            others: BTreeMap::new(),
            inventory,
            vault,
            tickets: Tickets::default(),
            backoff: None,
            timeouts: Timeouts::default(),
            one_password: OnePassword::default(),
            listener: Listener::default(),
        }
    }

    /// Adds an appliance that takes part in replications, by a name of its own.
    pub fn with_appliance(mut self, name: impl Into<String>, appliance: TrueNasConnection) -> Self {
        self.others.insert(name.into(), appliance);
        self
    }

    /// The appliance of this name: [`OWN_APPLIANCE`] is the site's own.
    pub fn appliance_named(&self, name: &str) -> Option<&TrueNasConnection> {
        if name == OWN_APPLIANCE { Some(&self.appliance) } else { self.others.get(name) }
    }

    /// The names of all appliances, the site's own first.
    pub fn appliance_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(OWN_APPLIANCE).chain(self.others.keys().map(String::as_str))
    }

    /// Keeps tickets here.
    pub fn tickets(mut self, tickets: Tickets) -> Self {
        self.tickets = tickets;
        self
    }

    /// Waits like this before a call is made again.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(backoff);
        self
    }

    /// Gives up connecting and calls after this long.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Reads secrets out of 1Password in this way.
    pub fn one_password(mut self, one_password: OnePassword) -> Self {
        self.one_password = one_password;
        self
    }

    /// Calls `listener` before each wait of a client for another attempt, within the call that waits: it must not block.
    pub fn on_wait(mut self, listener: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        self.listener = Listener::new(listener);
        self
    }

    /// The same connections, with relative paths taken from this folder.
    pub(crate) fn in_folder(self, folder: &Path) -> Self {
        Self {
            object_store: self.object_store.in_folder(folder),
            appliance: self.appliance.in_folder(folder),
            others: self.others.into_iter().map(|(name, it)| (name, it.in_folder(folder))).collect(),
            inventory: self.inventory.in_folder(folder),
            vault: self.vault.in_folder(folder),
            tickets: self.tickets.in_folder(folder),
            ..self
        }
    }
}

/// The inventory of clients, locations and devices.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Inventory {
    /// NinjaOne: the table `[ninjaone]`.
    NinjaOne(NinjaOneConnection),
}

impl Inventory {
    fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::NinjaOne(ninja) => Self::NinjaOne(NinjaOneConnection {
                client_secret: ninja.client_secret.in_folder(folder),
                ..ninja
            }),
        }
    }
}

/// The vault that keeps secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Vault {
    /// IT Glue: the table `[itglue]`.
    ItGlue(ItGlueConnection),
}

impl Vault {
    fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::ItGlue(itglue) => {
                Self::ItGlue(ItGlueConnection { api_key: itglue.api_key.in_folder(folder), ..itglue })
            }
        }
    }
}

/// Where completion is documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "TicketsTable")]
#[non_exhaustive]
pub enum Tickets {
    /// A file for each ticket: the table `[tickets]`.
    Files(TicketDirectory),
    /// HaloPSA: the table `[tickets.halo]`.
    Halo(HaloConnection),
}

impl Default for Tickets {
    /// Files in the folder `tickets`.
    fn default() -> Self {
        Self::Files(TicketDirectory::new("tickets"))
    }
}

impl Tickets {
    fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::Files(files) => Self::Files(TicketDirectory::new(folder.join(files.directory))),
            Self::Halo(halo) => {
                Self::Halo(HaloConnection { client_secret: halo.client_secret.in_folder(folder), ..halo })
            }
        }
    }
}

/// Backblaze B2, with the provisioning key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct B2Connection {
    /// The address to authorise at; Backblaze's production realm unless given.
    #[serde(default, deserialize_with = "checks::some_service")]
    pub url: Option<String>,
    /// The provisioning key's id.
    #[serde(deserialize_with = "checks::label")]
    pub key_id: String,
    /// The provisioning key.
    pub application_key: SecretSource,
}

impl B2Connection {
    /// Backblaze's production realm, with this key.
    pub fn new(key_id: impl Into<String>, application_key: SecretSource) -> Self {
        Self { url: None, key_id: key_id.into(), application_key }
    }

    /// Authorises at this address instead.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    fn in_folder(self, folder: &Path) -> Self {
        Self { application_key: self.application_key.in_folder(folder), ..self }
    }
}

/// NinjaOne, as a machine-to-machine application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NinjaOneConnection {
    /// The instance's address, such as `https://eu.ninjarmm.com`.
    #[serde(deserialize_with = "checks::service")]
    pub url: String,
    /// The application's id.
    #[serde(deserialize_with = "checks::label")]
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretSource,
}

impl NinjaOneConnection {
    /// This application, on the instance at this address.
    pub fn new(url: impl Into<String>, client_id: impl Into<String>, client_secret: SecretSource) -> Self {
        Self { url: url.into(), client_id: client_id.into(), client_secret }
    }
}

/// IT Glue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ItGlueConnection {
    /// The region's address, such as `https://api.itglue.com`.
    #[serde(deserialize_with = "checks::service")]
    pub url: String,
    /// An API key with Password Access.
    pub api_key: SecretSource,
    /// The category that new records are filed in (E1a); `Backup Credentials` unless given.
    #[serde(default = "backup_credentials", deserialize_with = "checks::label")]
    pub category: String,
}

impl ItGlueConnection {
    /// The region at this address, with this key.
    pub fn new(url: impl Into<String>, api_key: SecretSource) -> Self {
        Self { url: url.into(), api_key, category: backup_credentials() }
    }

    /// Files new records in this category instead.
    pub fn category(mut self, name: impl Into<String>) -> Self {
        self.category = name.into();
        self
    }
}

fn backup_credentials() -> String {
    "Backup Credentials".to_owned()
}

/// A directory with a file for each ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TicketDirectory {
    /// The directory; made when the first note is written.
    pub directory: PathBuf,
}

impl TicketDirectory {
    /// This directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }
}

/// HaloPSA, as an API application with client credentials. Completion is a private note, by which the customer is sent no mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HaloConnection {
    /// The instance's address, such as `https://example.halopsa.com`.
    #[serde(deserialize_with = "checks::service")]
    pub url: String,
    /// The tenant, which hosts that several tenants share want to know.
    #[serde(default, deserialize_with = "checks::some_label")]
    pub tenant: Option<String>,
    /// The application's id.
    #[serde(deserialize_with = "checks::label")]
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretSource,
    /// The outcome of the note, by its name or its number; `Internal Note` unless given.
    #[serde(default = "internal_note", deserialize_with = "checks::label")]
    pub outcome: String,
    /// The custom field of clients in HaloPSA that holds the organisation's UUID; where it is given, the ticket's client must have it.
    #[serde(default, deserialize_with = "checks::some_halo_field")]
    pub client_field: Option<String>,
    /// The status that the ticket is given with the note, by its name or its number; the ticket is left as it is unless given.
    #[serde(default, deserialize_with = "checks::some_label")]
    pub close_status: Option<String>,
}

impl HaloConnection {
    /// This application, on the instance at this address.
    pub fn new(url: impl Into<String>, client_id: impl Into<String>, client_secret: SecretSource) -> Self {
        Self {
            url: url.into(),
            tenant: None,
            client_id: client_id.into(),
            client_secret,
            outcome: internal_note(),
            client_field: None,
            close_status: None,
        }
    }

    /// Names the tenant, on a host that several tenants share.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Writes notes of this outcome instead.
    pub fn outcome(mut self, outcome: impl Into<String>) -> Self {
        self.outcome = outcome.into();
        self
    }

    /// Holds the ticket's client to the organisation's UUID by this custom field.
    pub fn client_field(mut self, name: impl Into<String>) -> Self {
        self.client_field = Some(name.into());
        self
    }

    /// Gives the ticket this status with the note.
    pub fn close_status(mut self, status: impl Into<String>) -> Self {
        self.close_status = Some(status.into());
        self
    }
}

fn internal_note() -> String {
    "Internal Note".to_owned()
}

/// The table `[tickets]`: a directory, or HaloPSA.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketsTable {
    directory: Option<PathBuf>,
    halo: Option<HaloConnection>,
}

impl TryFrom<TicketsTable> for Tickets {
    type Error = &'static str;

    fn try_from(table: TicketsTable) -> Result<Self, Self::Error> {
        match (table.directory, table.halo) {
            (Some(directory), None) => Ok(Self::Files(TicketDirectory::new(directory))),
            (None, Some(halo)) => Ok(Self::Halo(halo)),
            (None, None) => Err("[tickets] names no directory and no [tickets.halo]; name one of them"),
            (Some(_), Some(_)) => {
                Err("[tickets] names both a directory and [tickets.halo]; leave one of them out")
            }
        }
    }
}

/// The tables of a site file, one for each product.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    /// What is wanted, which is no connection.
    #[serde(default, rename = "site")]
    _site: de::IgnoredAny,
    /// How long provisioning waits, which is no connection either.
    #[serde(default, rename = "waits")]
    _waits: de::IgnoredAny,
    /// What is replicated, which is no connection.
    #[serde(default, rename = "replication")]
    _replication: de::IgnoredAny,
    /// How the names of objects are made.
    #[serde(default, rename = "names")]
    _names: de::IgnoredAny,
    b2: B2Connection,
    truenas: TrueNasConnection,
    #[serde(default, rename = "appliance", deserialize_with = "truenas::others")]
    appliances: BTreeMap<String, TrueNasConnection>,
    ninjaone: NinjaOneConnection,
    itglue: ItGlueConnection,
    #[serde(default)]
    tickets: Tickets,
    backoff: Option<Backoff>,
    #[serde(default)]
    timeouts: Timeouts,
}

impl From<Tables> for Connections {
    fn from(tables: Tables) -> Self {
        Self {
            object_store: tables.b2,
            appliance: tables.truenas,
            others: tables.appliances,
            inventory: Inventory::NinjaOne(tables.ninjaone),
            vault: Vault::ItGlue(tables.itglue),
            tickets: tables.tickets,
            backoff: tables.backoff,
            timeouts: tables.timeouts,
            one_password: OnePassword::default(),
            listener: Listener::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = "[b2]\nkey_id = \"0012\"\napplication_key = \"file:b2.key\"\n\
        [truenas]\nurl = \"nas.example.net\"\ncertificate = \"nas.pem\"\napi_key = \"file:nas.key\"\n\
        [ninjaone]\nurl = \"https://eu.ninjarmm.com\"\nclient_id = \"dtc\"\nclient_secret = \"file:ninja.key\"\n\
        [itglue]\nurl = \"https://api.itglue.com\"\napi_key = \"file:itglue.key\"\n";

    fn read(tables: &str) -> Connections {
        toml::from_str(tables).unwrap()
    }

    #[test]
    fn each_role_is_filled_by_its_products_table() {
        let read = read(TABLES);
        let (Inventory::NinjaOne(ninja), Vault::ItGlue(itglue)) = (&read.inventory, &read.vault);
        assert_eq!((read.object_store.url.as_deref(), read.object_store.key_id.as_str()), (None, "0012"));
        assert_eq!((ninja.client_id.as_str(), itglue.url.as_str()), ("dtc", "https://api.itglue.com"));
        assert_eq!(read.appliance.trust, Trust::CertificateFile("nas.pem".into()));
        assert_eq!((read.backoff, read.timeouts), (None, Timeouts::default()));
        let Tickets::Files(files) = read.tickets else { panic!("{:?}", read.tickets) };
        assert_eq!(files, TicketDirectory::new("tickets"));
    }

    #[test]
    fn every_relative_path_is_taken_from_the_folder() {
        let read = read(&format!("{TABLES}[tickets]\ndirectory = \"t\"\n")).in_folder(Path::new("/srv/site"));
        let shown = format!("{read:?}");
        for path in ["b2.key", "nas.pem", "nas.key", "ninja.key", "itglue.key", "t"] {
            let joined = Path::new("/srv/site").join(path);
            assert!(shown.contains(&format!("{joined:?}")), "{path}: {shown}");
        }
        let absolute = SecretSource::File("/etc/b2.key".into()).in_folder(Path::new("/srv/site"));
        assert_eq!(absolute.to_string(), "file:/etc/b2.key");
    }

    #[test]
    fn further_appliances_have_names_of_their_own() {
        let one =
            "[[appliance]]\nname = \"offsite\"\nurl = \"nas2.example.net\"\napi_key = \"file:nas2.key\"\n";
        let read = read(&format!("{TABLES}{one}")).in_folder(Path::new("/srv"));
        assert_eq!(read.appliance_names().collect::<Vec<_>>(), [OWN_APPLIANCE, "offsite"]);
        assert_eq!(read.appliance_named("offsite").unwrap().api_key.to_string(), "file:/srv/nas2.key");
        assert_eq!(read.appliance_named(OWN_APPLIANCE).unwrap().url, "nas.example.net");
        assert!(read.appliance_named("nowhere").is_none());
        for (wrong, says) in [
            (format!("{one}{one}"), "two appliances are called"),
            (one.replace("offsite", OWN_APPLIANCE), "is the appliance of [truenas]"),
            (one.replace("offsite", ""), "empty"),
            (one.replace("nas2.example.net", "ftp://nas2"), "wss://"),
            (format!("{one}fingerprnt = \"x\"\n"), "unknown field"),
        ] {
            let error = toml::from_str::<Connections>(&format!("{TABLES}{wrong}")).unwrap_err();
            assert!(error.to_string().contains(says), "{says}: {error}");
        }
    }

    #[test]
    fn tickets_are_in_one_place() {
        let table = "[tickets.halo]\nurl = \"https://h.example\"\nclient_id = \"dtc\"\nclient_secret = \"file:halo.key\"\n";
        let Tickets::Halo(halo) = read(&format!("{TABLES}{table}")).in_folder(Path::new("/srv")).tickets
        else {
            panic!("[tickets.halo] is HaloPSA");
        };
        assert_eq!((halo.outcome.as_str(), halo.tenant, halo.close_status), ("Internal Note", None, None));
        assert!(halo.client_secret.to_string().ends_with("halo.key") && halo.client_field.is_none());
        for (tickets, problem) in
            [("[tickets]\n", "no directory"), ("[tickets]\ndirectory = \"t\"\n", "both a directory")]
        {
            let rest = if problem.starts_with("both") { table } else { "" };
            let error = toml::from_str::<Connections>(&format!("{TABLES}{tickets}{rest}")).unwrap_err();
            assert!(error.message().contains(problem), "{error}");
        }
        for wrong in [
            "close_state = \"x\"",
            "client_field = \"DtcClientGuid\"",
            "url = \"http://h.example\"",
            "client_secret = \"hunter2\"",
        ] {
            let name = wrong.split(' ').next().unwrap();
            let kept: String = table.split_inclusive('\n').filter(|line| !line.starts_with(name)).collect();
            let error = toml::from_str::<Connections>(&format!("{TABLES}{kept}{wrong}\n")).unwrap_err();
            assert!(!error.to_string().is_empty() && !error.message().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn x1_an_appliance_is_trusted_by_one_rule() {
        let both =
            TABLES.replace("certificate", &format!("fingerprint = {:?}\ncertificate", "ab".repeat(32)));
        let error = toml::from_str::<Connections>(&both).unwrap_err();
        assert!(error.message().contains("both a fingerprint and a certificate"), "{error}");
    }

    #[test]
    fn e8_connections_show_no_secret() {
        let b2 = B2Connection::new("0012", SecretSource::value("hunter-b2"));
        let nas = TrueNasConnection::new("nas.example.net", SecretSource::value("hunter-nas"));
        let ninja =
            NinjaOneConnection::new("https://eu.ninjarmm.com", "dtc", SecretSource::value("hunter-ninja"));
        let itglue = ItGlueConnection::new("https://api.itglue.com", SecretSource::value("hunter-itglue"));
        let connections = Connections::new(b2, nas, Inventory::NinjaOne(ninja), Vault::ItGlue(itglue));
        let shown = format!("{connections:?}");
        assert!(shown.contains("nas.example.net") && !shown.contains("hunter"), "{shown}");
    }
}
