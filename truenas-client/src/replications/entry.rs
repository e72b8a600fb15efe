//! A replication task as the appliance holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{
    Compression, Direction, EncryptionKey, KeyFormat, KeyedLifetime, LoggingLevel, NetcatSide, ReadOnly,
    RetentionPolicy, TransportKind,
};
use crate::jobs::Entry;
use crate::keychain::SshConnection;
use crate::redactable::Redactable;
use crate::snapshot_tasks::{LifetimeUnit, SnapshotSchedule};
use crate::{DatasetId, JobStatus, ReplicationId, SnapshotTaskId, TaskStatus};

/// A replication task.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the appliance's own form")]
pub struct Replication {
    /// Its number.
    pub id: ReplicationId,
    /// Its name.
    pub name: String,
    /// Which way snapshots go.
    pub direction: Direction,
    /// By which way the other side is reached.
    pub transport: TransportKind,
    /// By which connection; none for a local one.
    #[serde(default)]
    pub ssh_credentials: Option<SshConnection>,
    /// Which side of a netcat connection listens.
    #[serde(default)]
    pub netcat_active_side: Option<NetcatSide>,
    /// At which of its addresses.
    #[serde(default)]
    pub netcat_active_side_listen_address: Option<String>,
    /// From which port on.
    #[serde(default)]
    pub netcat_active_side_port_min: Option<u16>,
    /// Up to which port.
    #[serde(default)]
    pub netcat_active_side_port_max: Option<u16>,
    /// At which address the other side reaches it.
    #[serde(default)]
    pub netcat_passive_side_connect_address: Option<String>,
    /// Whether `zfs` is run by sudo on the other side.
    #[serde(default)]
    pub sudo: bool,
    /// What is sent.
    pub source_datasets: Vec<DatasetId>,
    /// Where it goes.
    pub target_dataset: DatasetId,
    /// Whether children are sent as well.
    #[serde(default)]
    pub recursive: bool,
    /// Children that are left out.
    #[serde(default)]
    pub exclude: Vec<DatasetId>,
    /// Whether properties are sent: of an encrypted source its encryption, too.
    #[serde(default)]
    pub properties: bool,
    /// Properties that are not.
    #[serde(default)]
    pub properties_exclude: Vec<String>,
    /// Properties that the target gets values of its own for.
    #[serde(default)]
    pub properties_override: BTreeMap<String, Value>,
    /// Whether the target becomes equal, down to snapshots and children that the source no longer has.
    #[serde(default)]
    pub replicate: bool,
    /// Whether the target is encrypted.
    #[serde(default)]
    pub encryption: bool,
    /// Whether it takes its parent's encryption.
    #[serde(default)]
    pub encryption_inherit: Option<bool>,
    /// The target's key, if the appliance shows it.
    #[serde(default)]
    pub encryption_key: Redactable<EncryptionKey>,
    /// Of what kind that is.
    #[serde(default)]
    pub encryption_key_format: Option<KeyFormat>,
    /// Where on the target it is kept: `$TrueNAS` for its own database, else a path.
    #[serde(default)]
    pub encryption_key_location: Option<String>,
    /// The snapshot tasks whose snapshots are sent, and after which it runs.
    #[serde(default, deserialize_with = "ids")]
    pub periodic_snapshot_tasks: Vec<SnapshotTaskId>,
    /// The names of the snapshots that are fetched.
    #[serde(default)]
    pub naming_schema: Vec<String>,
    /// The names of further snapshots that are sent.
    #[serde(default)]
    pub also_include_naming_schema: Vec<String>,
    /// The names of the snapshots that go, as a regular expression.
    #[serde(default)]
    pub name_regex: Option<String>,
    /// Whether it runs by itself.
    #[serde(default)]
    pub auto: bool,
    /// When it runs.
    #[serde(default)]
    pub schedule: Option<SnapshotSchedule>,
    /// Which snapshots go: those of these times.
    #[serde(default)]
    pub restrict_schedule: Option<SnapshotSchedule>,
    /// Whether only snapshots of the times of its schedule go.
    #[serde(default)]
    pub only_matching_schedule: bool,
    /// Whether a target without a common snapshot is destroyed and made anew.
    #[serde(default)]
    pub allow_from_scratch: bool,
    /// What is done about the target's `readonly`.
    pub readonly: ReadOnly,
    /// Whether snapshots stay on the source until they were sent.
    #[serde(default)]
    pub hold_pending_snapshots: bool,
    /// What becomes of snapshots on the target.
    pub retention_policy: RetentionPolicy,
    /// For how many units they are kept there.
    #[serde(default)]
    pub lifetime_value: Option<i64>,
    /// Of which length.
    #[serde(default)]
    pub lifetime_unit: Option<LifetimeUnit>,
    /// For how long those of certain times are kept.
    #[serde(default)]
    pub lifetimes: Vec<KeyedLifetime>,
    /// By what the stream is compressed.
    #[serde(default)]
    pub compression: Option<Compression>,
    /// Bytes per second at most.
    #[serde(default)]
    pub speed_limit: Option<u64>,
    /// Whether blocks of more than 128 KiB are sent whole.
    #[serde(default)]
    pub large_block: bool,
    /// Whether blocks that are embedded in their pointers are sent as such.
    #[serde(default)]
    pub embed: bool,
    /// Whether blocks that are compressed on disk are sent as such.
    #[serde(default)]
    pub compressed: bool,
    /// How often a run is tried again that lost the other side.
    #[serde(default)]
    pub retries: i64,
    /// How much its log says; none for the appliance's default.
    #[serde(default)]
    pub logging_level: Option<LoggingLevel>,
    /// Whether it may run.
    #[serde(default)]
    pub enabled: bool,
    /// Whether keys of what it sends can be exported with it. Told by [`list_with_keys`](super::Replications::list_with_keys) only, from 24.10
    /// on, and of a task that sends: else it is false.
    #[serde(default)]
    pub has_encrypted_dataset_keys: bool,
    /// How it stands.
    #[serde(default)]
    pub state: TaskStatus,
    /// Its last run, or the one under way.
    #[serde(default, deserialize_with = "last_run")]
    pub job: Option<JobStatus>,
}

fn last_run<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<JobStatus>, D::Error> {
    Ok(Option::<Entry>::deserialize(deserializer)?.map(Entry::status))
}

/// The appliance spells them out when it is asked, and takes numbers.
fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SnapshotTaskId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Bound {
        Whole { id: SnapshotTaskId },
        Number(SnapshotTaskId),
    }
    let bound = Vec::<Bound>::deserialize(deserializer)?;
    Ok(bound.into_iter().map(|(Bound::Whole { id } | Bound::Number(id))| id).collect())
}
