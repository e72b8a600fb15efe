//! What provisioning needs of the world, in its own words.
//!
//! Each port is a *view* trait that reads and, above it, a trait that writes. [`observe`](crate::observe()) and
//! [`verify`](crate::verify()) are given [`Views`], which hold views only: a dry run cannot write because nothing it
//! holds can:
//!
//! ```compile_fail,E0599
//! use dtc_naming::{DeviceGuid, PoolName};
//! use dtc_provision::ports::{Ports, Views};
//!
//! async fn dry(views: &Views, pool: &PoolName, guid: DeviceGuid) {
//!     let _ = views.appliance().set_device_guid(pool, guid).await;
//! }
//! ```
//!
//! With the ports it compiles:
//!
//! ```
//! use dtc_naming::{DeviceGuid, PoolName};
//! use dtc_provision::ports::{Ports, Views};
//!
//! async fn wet(ports: &Ports, pool: &PoolName, guid: DeviceGuid) {
//!     let _ = ports.appliance.set_device_guid(pool, guid).await;
//! }
//! ```
//!
//! Views give no secret away either: the vault's view has no way to read a value back, and what the appliance shows
//! arrives as a [`Minted`](crate::proofs::Minted), which can be compared and not read. Whoever holds the writing ports holds what reads it:
//!
//! ```compile_fail,E0599
//! use dtc_provision::ids::{RecordId, VaultOrganizationId};
//! use dtc_provision::ports::{Ports, Views};
//!
//! async fn peek(views: &Views, organization: &VaultOrganizationId, record: &RecordId) {
//!     let _ = views.vault().read(organization, record).await;
//! }
//! ```
//!
//! ```
//! use dtc_provision::ids::{RecordId, VaultOrganizationId};
//! use dtc_provision::ports::{Ports, Views};
//!
//! async fn read(ports: &Ports, organization: &VaultOrganizationId, record: &RecordId) {
//!     let _ = ports.secrets.read(organization, record).await;
//! }
//! ```
//!
//! Nor can a view be exchanged for one of one's own, to which a secret would be handed. Ports are whoever's who puts them together:
//!
//! ```compile_fail,E0616
//! use std::sync::Arc;
//!
//! use dtc_provision::ports::{Ports, TicketsView, Tickets, Views};
//!
//! fn exchange(views: &mut Views, mine: Arc<dyn TicketsView>) {
//!     views.tickets = mine;
//! }
//! ```
//!
//! ```
//! use std::sync::Arc;
//!
//! use dtc_provision::ports::{Ports, TicketsView, Tickets, Views};
//!
//! fn exchange(ports: &mut Ports, mine: Arc<dyn Tickets>) {
//!     ports.tickets = mine;
//! }
//! ```
//!
//! What views can read compiles:
//!
//! ```
//! use dtc_provision::ids::VaultOrganizationId;
//! use dtc_provision::ports::Views;
//!
//! async fn look(views: &Views, organization: &VaultOrganizationId) {
//!     let _ = views.vault().records(organization).await;
//!     let _ = views.appliance().pools().await;
//! }
//! ```

mod appliance;
mod clock_entropy;
mod inventory;
#[cfg(feature = "memory-ports")]
pub mod memory;
mod note_text;
mod object;
mod object_store;
mod replication;
mod source;
mod tickets;
mod vault;
mod version_locks;
mod version_store;

use std::fmt;
use std::sync::Arc;

pub use crate::ids::FieldNames;
pub use appliance::{
    Appliance, ApplianceView, CloudCredential, CloudCredentials, CloudCredentialsView, CloudSync,
    CloudSyncSave, CloudSyncSettings, CloudSyncSpec, CloudSyncTarget, CloudSyncs, CloudSyncsView,
    CredentialSpec, CredentialVerdict, Dataset, DatasetKind, Datasets, DatasetsView, Direction, JobProgress,
    JobState, JobsView, LastRun, Pool, Redactable, Rights, Script, Snapshot, SnapshotTask,
    SnapshotTaskSettings, Snapshots, SnapshotsView, Snmp, SnmpService, SnmpSettings, SnmpSpec, SnmpView,
    System, SystemView, TransferMode,
};
pub use clock_entropy::{Clock, Entropy, Waits};
pub use inventory::{
    Device, FieldValues, Inventory, InventoryView, Location, Organization, OrganizationWithLocations,
};
pub use note_text::{NotANote, NoteText};
pub use object::Object;
pub use object_store::{
    Account, Bucket, BucketAccess, BucketSettings, BucketSpec, Holdings, Key, KeySpec, Lifecycle, ObjectPage,
    ObjectStore, ObjectStoreView, Part, Retention, RetentionMode,
};
pub use rclone_crypt::StoredSha1;
pub use replication::{
    AccessGrant, ConnectionSpec, DestinationKey, Eligible, EndConnection, EndDataset, EndHostKey, EndKeyPair,
    EndSnapshot, EndUser, HostKeyTrust, Kept, KeyCheck, LastReplication, Layer, Opening, ReplicationEnd,
    ReplicationEndView, ReplicationSettings, ReplicationTask, SentSnapshots, SshServer, Unlocked, Way, ZFS,
};
pub use source::{Body, FileFacts, Source};
pub use tickets::{TicketNote, Tickets, TicketsView};
pub use vault::{
    MintAccount, NewRecord, Record, RecordContext, RecordIdentity, RecordNote, Vault, VaultOrganization,
    VaultSecrets, VaultView,
};
pub use version_locks::{
    CurrentPage, CurrentVersion, LockExtension, LockGrant, LockTerms, NotTerms, Retained,
};
pub use version_store::{
    Lock, ObjectVersion, RestoreAccess, VersionKind, VersionRow, VersionRows, VersionStore,
};

/// The ports, reading only: all that observing and verifying are given. Comparing what the appliance holds with what
/// the vault holds, and proving that objects open, happen behind them; no secret comes out.
#[derive(Clone)]
pub struct Views {
    /// NinjaOne.
    pub(crate) inventory: Arc<dyn InventoryView>,
    /// Backblaze B2, with the provisioning key.
    pub(crate) object_store: Arc<dyn ObjectStoreView>,
    /// The vault (IT Glue).
    pub(crate) vault: Arc<dyn VaultView>,
    /// The TrueNAS appliance.
    pub(crate) appliance: Arc<dyn ApplianceView>,
    /// The files that were backed up, as the appliance shows them.
    pub(crate) source: Arc<dyn Source>,
    /// Where completion is documented, when the site names a ticket.
    pub(crate) tickets: Arc<dyn TicketsView>,
    /// What reads secrets back, for this crate's comparisons and proofs alone.
    pub(crate) secrets: Arc<dyn VaultSecrets>,
    /// Backblaze B2 with the appliance's own key, which is handed to it.
    pub(crate) versions: Arc<dyn VersionStore>,
}

impl Views {
    /// NinjaOne.
    pub fn inventory(&self) -> &dyn InventoryView {
        self.inventory.as_ref()
    }

    /// Backblaze B2, with the provisioning key.
    pub fn object_store(&self) -> &dyn ObjectStoreView {
        self.object_store.as_ref()
    }

    /// The vault (IT Glue), without its values.
    pub fn vault(&self) -> &dyn VaultView {
        self.vault.as_ref()
    }

    /// The TrueNAS appliance.
    pub fn appliance(&self) -> &dyn ApplianceView {
        self.appliance.as_ref()
    }

    /// The files that were backed up, as the appliance shows them.
    pub fn source(&self) -> &dyn Source {
        self.source.as_ref()
    }

    /// Where completion is documented.
    pub fn tickets(&self) -> &dyn TicketsView {
        self.tickets.as_ref()
    }
}

/// The ports, writing.
#[derive(Clone)]
pub struct Ports {
    /// NinjaOne.
    pub inventory: Arc<dyn Inventory>,
    /// Backblaze B2, with the provisioning key.
    pub object_store: Arc<dyn ObjectStore>,
    /// The vault (IT Glue).
    pub vault: Arc<dyn Vault>,
    /// What reads secrets back from the vault (IT Glue).
    pub secrets: Arc<dyn VaultSecrets>,
    /// Backblaze B2, with the appliance's own key.
    pub versions: Arc<dyn VersionStore>,
    /// The TrueNAS appliance.
    pub appliance: Arc<dyn Appliance>,
    /// The files that were backed up, as the appliance shows them.
    pub source: Arc<dyn Source>,
    /// Where completion is documented, when the site names a ticket.
    pub tickets: Arc<dyn Tickets>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where secrets and identifiers come from.
    pub entropy: Arc<dyn Entropy>,
    /// How long to wait for what services and people do in their own time.
    pub waits: Waits,
}

impl Ports {
    /// The same services with every way to write left behind.
    pub fn views(&self) -> Views {
        Views {
            inventory: self.inventory.clone(),
            object_store: self.object_store.clone(),
            vault: self.vault.clone(),
            appliance: self.appliance.clone(),
            source: self.source.clone(),
            tickets: self.tickets.clone(),
            secrets: self.secrets.clone(),
            versions: self.versions.clone(),
        }
    }
}

impl fmt::Debug for Views {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Views").finish_non_exhaustive()
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports").finish_non_exhaustive()
    }
}
