//! The TrueNAS appliance, resource by resource, in the words of its own API.

mod cloud_credentials;
mod cloud_syncs;
mod datasets;
mod jobs;
mod redactable;
mod snapshots;
mod snmp;
mod system;

pub use cloud_credentials::{
    CloudCredential, CloudCredentials, CloudCredentialsView, CredentialSpec, CredentialVerdict,
};
pub use cloud_syncs::{
    CloudSync, CloudSyncSave, CloudSyncSettings, CloudSyncSpec, CloudSyncTarget, CloudSyncs, CloudSyncsView,
    Direction, LastRun, Script, TransferMode,
};
pub use datasets::{Dataset, DatasetKind, Datasets, DatasetsView, Pool};
pub use jobs::{JobProgress, JobState, JobsView};
pub use redactable::Redactable;
pub use snapshots::{Snapshot, SnapshotTask, SnapshotTaskSettings, Snapshots, SnapshotsView};
pub use snmp::{Snmp, SnmpService, SnmpSettings, SnmpSpec, SnmpView};
pub use system::{Rights, System, SystemView};

/// Reads every resource of the appliance.
pub trait ApplianceView:
    SystemView + DatasetsView + SnmpView + CloudCredentialsView + CloudSyncsView + SnapshotsView + JobsView
{
}

impl<T> ApplianceView for T where
    T: SystemView
        + DatasetsView
        + SnmpView
        + CloudCredentialsView
        + CloudSyncsView
        + SnapshotsView
        + JobsView
        + ?Sized
{
}

/// Reads and writes every resource of the appliance. Secrets arrive bound to their use, or not at all (E2).
pub trait Appliance: ApplianceView + Datasets + Snmp + CloudCredentials + CloudSyncs + Snapshots {}

impl<T> Appliance for T where
    T: ApplianceView + Datasets + Snmp + CloudCredentials + CloudSyncs + Snapshots + ?Sized
{
}
