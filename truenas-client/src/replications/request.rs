//! What a replication is asked for with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Compression, Direction, EncryptionKey, KeyFormat, LoggingLevel, NetcatSide, ReadOnly, RetentionPolicy,
};
use crate::error::{Error, ErrorKind};
use crate::snapshot_tasks::{Lifetime, SnapshotSchedule};
use crate::{DatasetId, Schedule, SnapshotTaskId, SshConnectionId, Switch};

/// By which way the other side is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// The other side is this appliance.
    Local,
    /// By SSH.
    Ssh(SshConnectionId),
    /// By SSH, with the data beside it, unencrypted.
    SshNetcat(SshConnectionId, Netcat),
}

/// How the data of a replication goes beside SSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Netcat {
    pub(super) active_side: NetcatSide,
    pub(super) listen_address: Option<String>,
    pub(super) ports: Option<(u16, u16)>,
    pub(super) connect_address: Option<String>,
}

impl Netcat {
    /// This side listens, and the other connects to it.
    pub fn new(active_side: NetcatSide) -> Self {
        Self { active_side, listen_address: None, ports: None, connect_address: None }
    }

    /// At which of its addresses it listens; all by default.
    pub fn listen_address(mut self, address: impl Into<String>) -> Self {
        self.listen_address = Some(address.into());
        self
    }

    /// At which ports, from the first to the last; any by default.
    pub fn ports(mut self, first: u16, last: u16) -> Self {
        self.ports = Some((first, last));
        self
    }

    /// At which address the other side reaches it; where SSH leads to by default.
    pub fn connect_address(mut self, address: impl Into<String>) -> Self {
        self.connect_address = Some(address.into());
        self
    }
}

/// What becomes of snapshots on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retention {
    /// They go when the source has let them go: whoever deletes them there deletes them here.
    LikeSource,
    /// They are kept for so long.
    For(Lifetime),
    /// They are kept.
    Forever,
}

/// For how long snapshots of certain times are kept, whatever is said of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyedLifetime {
    /// Of which times.
    pub schedule: Schedule,
    /// For how long.
    #[serde(flatten)]
    pub lifetime: Lifetime,
}

impl KeyedLifetime {
    /// Snapshots of these times are kept for so long.
    pub fn new(schedule: Schedule, lifetime: Lifetime) -> Self {
        Self { schedule, lifetime }
    }
}

/// Where on the target the key of what is encrypted there is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyLocation {
    /// In the other appliance's database, once everything has arrived: root has to log in there.
    TrueNas,
    /// In a file of this path.
    File(String),
}

/// The key that a target is encrypted with.
#[derive(Debug)]
pub struct DestinationKey {
    format: KeyFormat,
    location: KeyLocation,
    key: EncryptionKey,
}

impl DestinationKey {
    /// A key of 64 hexadecimal digits. The appliance does not count them (TrueNAS middleware 25.10, `plugins/replication.py`).
    ///
    /// # Errors
    /// `InvalidRequest` when it is none.
    pub fn hex(key: EncryptionKey, location: KeyLocation) -> Result<Self, Error> {
        let is_hex = key.expose().len() == 64 && key.expose().bytes().all(|byte| byte.is_ascii_hexdigit());
        Self::checked(is_hex, KeyFormat::Hex, key, location)
    }

    /// A passphrase, of eight characters or more. It is kept nowhere: whoever unlocks the target types it.
    ///
    /// # Errors
    /// `InvalidRequest` when it is shorter.
    pub fn passphrase(key: EncryptionKey, location: KeyLocation) -> Result<Self, Error> {
        let is_long = key.expose().chars().count() >= 8;
        Self::checked(is_long, KeyFormat::Passphrase, key, location)
    }

    fn checked(
        is_right: bool,
        format: KeyFormat,
        key: EncryptionKey,
        location: KeyLocation,
    ) -> Result<Self, Error> {
        if is_right {
            return Ok(Self { format, location, key });
        }
        let reason =
            "a target is encrypted with 64 hexadecimal digits or a passphrase of eight characters or more";
        Err(Error::new("encryption key", "", ErrorKind::InvalidRequest { reason }))
    }

    pub(super) fn fields(&self) -> [(&'static str, Value); 5] {
        let location = match &self.location {
            KeyLocation::TrueNas => "$TrueNAS",
            KeyLocation::File(path) => path,
        };
        [
            ("encryption", true.into()),
            ("encryption_inherit", false.into()),
            ("encryption_key", self.key.expose().into()),
            ("encryption_key_format", json!(self.format)),
            ("encryption_key_location", location.into()),
        ]
    }
}

/// A new replication task, without the key of its target.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateReplication {
    pub(super) name: String,
    pub(super) direction: Direction,
    pub(super) transport: Transport,
    pub(super) sources: Vec<DatasetId>,
    pub(super) target: DatasetId,
    pub(super) retention: Retention,
    pub(super) lifetimes: Vec<KeyedLifetime>,
    pub(super) exclude: Vec<DatasetId>,
    pub(super) properties_exclude: Vec<String>,
    pub(super) properties_override: BTreeMap<String, String>,
    pub(super) snapshot_tasks: Vec<SnapshotTaskId>,
    pub(super) naming_schema: Vec<String>,
    pub(super) also_include: Vec<String>,
    pub(super) name_regex: Option<String>,
    pub(super) schedule: Option<SnapshotSchedule>,
    pub(super) restrict_schedule: Option<SnapshotSchedule>,
    pub(super) readonly: ReadOnly,
    pub(super) compression: Option<Compression>,
    pub(super) speed_limit: Option<u64>,
    pub(super) retries: u32,
    pub(super) logging_level: Option<LoggingLevel>,
    pub(super) is: Switches,
}

/// What is on or off about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the appliance's own form")]
pub(super) struct Switches {
    pub(super) recursive: bool,
    pub(super) properties: bool,
    pub(super) replicate: bool,
    pub(super) inherits_encryption: bool,
    pub(super) auto: bool,
    pub(super) only_matching_schedule: bool,
    pub(super) allow_from_scratch: bool,
    pub(super) hold_pending_snapshots: bool,
    pub(super) sudo: bool,
    pub(super) large_block: bool,
    pub(super) embed: bool,
    pub(super) compressed: bool,
    pub(super) enabled: bool,
}

/// Builder methods that switch something.
macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(mut self, $name: Switch) -> Self {
            self.is.$name = $name.is_on();
            self
        })*
    };
}

impl CreateReplication {
    /// A task that sends the datasets' properties, sets the target's `readonly`, and runs when it is run. Which snapshots go has to be said: by
    /// snapshot tasks or further schemas where they are sent, by schemas where they are fetched, or by a regular expression.
    pub fn new(
        name: impl Into<String>,
        direction: Direction,
        transport: Transport,
        sources: impl IntoIterator<Item = DatasetId>,
        target: DatasetId,
        retention: Retention,
    ) -> Self {
        let is = Switches {
            recursive: false,
            properties: true,
            replicate: false,
            inherits_encryption: false,
            auto: false,
            only_matching_schedule: false,
            allow_from_scratch: false,
            hold_pending_snapshots: false,
            sudo: false,
            large_block: true,
            embed: false,
            compressed: true,
            enabled: true,
        };
        Self {
            name: name.into(),
            direction,
            transport,
            sources: sources.into_iter().collect(),
            target,
            retention,
            lifetimes: Vec::new(),
            exclude: Vec::new(),
            properties_exclude: Vec::new(),
            properties_override: BTreeMap::new(),
            snapshot_tasks: Vec::new(),
            naming_schema: Vec::new(),
            also_include: Vec::new(),
            name_regex: None,
            schedule: None,
            restrict_schedule: None,
            readonly: ReadOnly::Set,
            compression: None,
            speed_limit: None,
            retries: 5,
            logging_level: None,
            is,
        }
    }

    switches! {
        /// Whether children are sent as well; off by default.
        recursive;
        /// Whether properties are sent, of an encrypted source its encryption, too; on by default.
        properties;
        /// Whether the target becomes equal, down to snapshots and children that the source no longer has; off by default.
        replicate;
        /// Whether the target takes its parent's encryption; off by default. Not on CORE.
        inherits_encryption;
        /// Whether it runs by itself: by its schedule, or after its snapshot tasks; off by default.
        auto;
        /// Whether only snapshots of the times of its schedule go; off by default.
        only_matching_schedule;
        /// Whether a target that has snapshots, but none in common with the source, **is destroyed** and made anew; off by default, and for good
        /// reason.
        allow_from_scratch;
        /// Whether snapshots stay on the source until they were sent; off by default.
        hold_pending_snapshots;
        /// Whether `zfs` is run by sudo on the other side; off by default. Not on CORE.
        sudo;
        /// Whether blocks of more than 128 KiB are sent whole; on by default.
        large_block;
        /// Whether blocks that are embedded in their pointers are sent as such; off by default.
        embed;
        /// Whether blocks that are compressed on disk are sent as such; on by default.
        compressed;
        /// Whether it may run; on by default.
        enabled;
    }

    /// Children to leave out; none by default.
    pub fn exclude(mut self, children: impl IntoIterator<Item = DatasetId>) -> Self {
        self.exclude = children.into_iter().collect();
        self
    }

    /// Properties that are not sent; none by default. User properties are sent with the others: one that identifies an appliance belongs here.
    pub fn properties_exclude<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.properties_exclude = names.into_iter().map(Into::into).collect();
        self
    }

    /// A property that the target gets a value of its own for. Not on CORE.
    pub fn property(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.properties_override.insert(name.into(), value.into());
        self
    }

    /// The snapshot tasks whose snapshots are sent; none by default.
    pub fn snapshot_tasks(mut self, tasks: impl IntoIterator<Item = SnapshotTaskId>) -> Self {
        self.snapshot_tasks = tasks.into_iter().collect();
        self
    }

    /// The names of the snapshots that are fetched.
    pub fn naming_schema<T: Into<String>>(mut self, schemas: impl IntoIterator<Item = T>) -> Self {
        self.naming_schema = schemas.into_iter().map(Into::into).collect();
        self
    }

    /// The names of further snapshots that are sent.
    pub fn also_include<T: Into<String>>(mut self, schemas: impl IntoIterator<Item = T>) -> Self {
        self.also_include = schemas.into_iter().map(Into::into).collect();
        self
    }

    /// The names of the snapshots that go, as a regular expression of Python's. Not on CORE.
    pub fn name_regex(mut self, regex: impl Into<String>) -> Self {
        self.name_regex = Some(regex.into());
        self
    }

    /// When it runs by itself.
    pub fn schedule(mut self, schedule: SnapshotSchedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// Only snapshots of these times go.
    pub fn restrict_schedule(mut self, schedule: SnapshotSchedule) -> Self {
        self.restrict_schedule = Some(schedule);
        self
    }

    /// What is done about the target's `readonly`; it is set by default.
    pub fn readonly(mut self, readonly: ReadOnly) -> Self {
        self.readonly = readonly;
        self
    }

    /// For how long snapshots of certain times are kept on the target. Not on CORE.
    pub fn lifetimes(mut self, lifetimes: impl IntoIterator<Item = KeyedLifetime>) -> Self {
        self.lifetimes = lifetimes.into_iter().collect();
        self
    }

    /// By what the stream is compressed; by nothing by default, and by SSH only.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Bytes per second at most; without limit by default, and by SSH only.
    pub fn speed_limit(mut self, bytes_per_second: u64) -> Self {
        self.speed_limit = Some(bytes_per_second);
        self
    }

    /// How often a run is tried again that lost the other side; five times by default.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How much its log says; the appliance's default by default.
    pub fn logging_level(mut self, level: LoggingLevel) -> Self {
        self.logging_level = Some(level);
        self
    }

    pub(super) fn body(&self, key: Option<&DestinationKey>) -> Value {
        let mut body = self.fields();
        body.extend(self.transport_fields());
        body.extend(self.retention_fields());
        let inherits = self.is.inherits_encryption;
        let without_key = [
            ("encryption", inherits.into()),
            ("encryption_inherit", if inherits { true.into() } else { Value::Null }),
            ("encryption_key", Value::Null),
            ("encryption_key_format", Value::Null),
            ("encryption_key_location", Value::Null),
        ];
        let encryption = key.map_or(without_key, DestinationKey::fields);
        body.extend(encryption.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(body)
    }

    fn fields(&self) -> Map<String, Value> {
        let names = |all: &[DatasetId]| all.iter().map(DatasetId::as_str).collect::<Value>();
        let tasks: Vec<i64> = self.snapshot_tasks.iter().map(|task| task.get()).collect();
        let fields = json!({
            "name": self.name, "direction": self.direction, "sudo": self.is.sudo,
            "source_datasets": names(&self.sources), "target_dataset": self.target.as_str(),
            "recursive": self.is.recursive, "exclude": names(&self.exclude),
            "properties": self.is.properties, "properties_exclude": self.properties_exclude,
            "properties_override": self.properties_override, "replicate": self.is.replicate,
            "periodic_snapshot_tasks": tasks, "naming_schema": self.naming_schema,
            "also_include_naming_schema": self.also_include, "name_regex": self.name_regex,
            "auto": self.is.auto, "schedule": self.schedule, "restrict_schedule": self.restrict_schedule,
            "only_matching_schedule": self.is.only_matching_schedule,
            "allow_from_scratch": self.is.allow_from_scratch, "readonly": self.readonly,
            "hold_pending_snapshots": self.is.hold_pending_snapshots, "compression": self.compression,
            "speed_limit": self.speed_limit, "large_block": self.is.large_block, "embed": self.is.embed,
            "compressed": self.is.compressed, "retries": self.retries, "logging_level": self.logging_level,
            "enabled": self.is.enabled,
        });
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    fn transport_fields(&self) -> Map<String, Value> {
        let (kind, connection, netcat) = match &self.transport {
            Transport::Local => ("LOCAL", None, None),
            Transport::Ssh(id) => ("SSH", Some(id.get()), None),
            Transport::SshNetcat(id, netcat) => ("SSH+NETCAT", Some(id.get()), Some(netcat)),
        };
        let ports = netcat.and_then(|netcat| netcat.ports);
        let fields = [
            ("transport", json!(kind)),
            ("ssh_credentials", json!(connection)),
            ("netcat_active_side", json!(netcat.map(|netcat| &netcat.active_side))),
            ("netcat_active_side_listen_address", json!(netcat.and_then(|it| it.listen_address.as_ref()))),
            ("netcat_active_side_port_min", json!(ports.map(|(first, _)| first))),
            ("netcat_active_side_port_max", json!(ports.map(|(_, last)| last))),
            ("netcat_passive_side_connect_address", json!(netcat.and_then(|it| it.connect_address.as_ref()))),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn retention_fields(&self) -> Map<String, Value> {
        retention_fields(&self.retention, &self.lifetimes).into_iter().collect()
    }
}

pub(super) fn retention_fields(retention: &Retention, lifetimes: &[KeyedLifetime]) -> [(String, Value); 4] {
    let (policy, lifetime) = match retention {
        Retention::LikeSource => (RetentionPolicy::Source, None),
        Retention::For(lifetime) => (RetentionPolicy::Custom, Some(lifetime)),
        Retention::Forever => (RetentionPolicy::None, None),
    };
    [
        ("retention_policy".to_owned(), json!(policy)),
        ("lifetime_value".to_owned(), json!(lifetime.map(|it| it.value))),
        ("lifetime_unit".to_owned(), json!(lifetime.map(|it| &it.unit))),
        ("lifetimes".to_owned(), json!(lifetimes)),
    ]
}
