//! What provisioning needs of the world, in its own words.
//!
//! Each port is a *view* trait that reads and, above it, a trait that writes. [`observe`](crate::observe()) and
//! [`verify`](crate::verify()) are given [`Views`], which hold views only: a dry run cannot write because nothing it
//! holds can:
//!
//! ```compile_fail
//! use dtc_naming::{DeviceGuid, PoolName};
//! use dtc_provision::ports::Views;
//!
//! async fn dry(views: &Views, pool: &PoolName, guid: DeviceGuid) {
//!     let _ = views.appliance.set_device_guid(pool, guid).await;
//! }
//! ```
//!
//! With the ports it compiles:
//!
//! ```
//! use dtc_naming::{DeviceGuid, PoolName};
//! use dtc_provision::ports::Ports;
//!
//! async fn wet(ports: &Ports, pool: &PoolName, guid: DeviceGuid) {
//!     let _ = ports.appliance.set_device_guid(pool, guid).await;
//! }
//! ```

mod ambient;
mod appliance;
mod inventory;
#[cfg(feature = "memory-ports")]
pub mod memory;
mod object_store;
mod source;
mod tickets;
mod vault;

use std::sync::Arc;

pub use ambient::{Clock, Entropy, Patience};
pub use appliance::{
    Appliance, ApplianceView, CloudCredential, CloudSync, CloudSyncSettings, CloudSyncSpec, CredentialSpec,
    CredentialVerdict, Dataset, DatasetKind, JobProgress, JobState, LastRun, Pool, Seen, Snapshot,
    SnapshotTask, SnapshotTaskSettings, Snmp, SnmpSpec, System, TimedLimit,
};
pub use inventory::{Device, Inventory, InventoryView, Location, Organization};
pub use object_store::{
    Account, Bucket, BucketSettings, BucketSpec, Key, KeySpec, Lifecycle, Object, ObjectPage, ObjectStore,
    ObjectStoreView, Part, Retention, RetentionMode,
};
pub use rclone_crypt::StoredSha1;
pub use source::{Body, FileFacts, Source};
pub use tickets::{TicketNote, Tickets, TicketsView};
pub use vault::{NewRecord, Notes, Record, RecordRef, StoredSecret, Vault, VaultOrganization, VaultView};

pub use crate::error::{PortError, PortErrorKind};

/// Declares identifiers that a service issues: opaque text, compared and shown, never parsed.
macro_rules! id_type {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps what the service calls it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id_type! {
    /// An organisation in the inventory (NinjaOne).
    OrganizationId;
    /// A location in the inventory.
    LocationId;
    /// A device in the inventory.
    DeviceId;
    /// A custom field's machine name in the inventory.
    FieldName;
    /// An account of the object store.
    AccountId;
    /// A bucket of the object store.
    BucketId;
    /// An application key of the object store; the key's public half.
    KeyId;
    /// An object version of the object store.
    ObjectId;
    /// An organisation in the vault (IT Glue).
    VaultOrganizationId;
    /// A record in the vault.
    RecordId;
    /// A cloud credential on the appliance.
    CredentialId;
    /// A Cloud Sync task on the appliance.
    CloudSyncId;
    /// A periodic snapshot task on the appliance.
    SnapshotTaskId;
    /// A job on the appliance.
    JobId;
    /// A ticket.
    TicketId;
}

/// The six ports, reading only: all that observing and verifying are given.
#[derive(Clone)]
pub struct Views {
    /// NinjaOne.
    pub inventory: Arc<dyn InventoryView>,
    /// Backblaze B2, with the provisioning key.
    pub object_store: Arc<dyn ObjectStoreView>,
    /// IT Glue.
    pub vault: Arc<dyn VaultView>,
    /// The TrueNAS appliance.
    pub appliance: Arc<dyn ApplianceView>,
    /// The files that were backed up, as the appliance shows them.
    pub source: Arc<dyn Source>,
    /// Where completion is documented, when the site names a ticket.
    pub tickets: Arc<dyn TicketsView>,
    /// How long to wait for what services do in their own time.
    pub patience: Patience,
}

/// The six ports, writing.
#[derive(Clone)]
pub struct Ports {
    /// NinjaOne.
    pub inventory: Arc<dyn Inventory>,
    /// Backblaze B2, with the provisioning key.
    pub object_store: Arc<dyn ObjectStore>,
    /// IT Glue.
    pub vault: Arc<dyn Vault>,
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
    /// How long to wait for what services do in their own time.
    pub patience: Patience,
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
            patience: self.patience,
        }
    }
}

impl std::fmt::Debug for Views {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Views").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ports").finish_non_exhaustive()
    }
}
