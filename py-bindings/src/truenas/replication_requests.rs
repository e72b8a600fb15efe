//! What replication tasks are made, changed and run with.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::replications as there;
use truenas_client::{DatasetId, SnapshotTaskId, SshConnectionId};

use super::failure::Failure;
use super::hidden::Hidden;
use super::shown::{datasets, found, of_word, schedule, taken_away, with};
use super::snapshot_tasks::{Lifetime, SnapshotSchedule};
use crate::errors;
use crate::values::value_class;

/// Which side something is on: this appliance, or another one by SSH.
pub(super) fn side(ssh_connection: Option<i64>) -> there::Side {
    ssh_connection.map_or(there::Side::Local, |id| there::Side::Ssh(SshConnectionId::new(id)))
}

value_class! {
    in "dtc.truenas";
    /// How the data of a replication goes beside SSH.
    Netcat {
        /// Which side listens: ``LOCAL`` or ``REMOTE``.
        active_side: String,
        /// At which of its addresses it listens; all by default.
        listen_address: Option<String> = None,
        /// At which ports, from the first to the last; any by default.
        ports: Option<(u16, u16)> = None,
        /// At which address the other side reaches it; where SSH leads to by default.
        connect_address: Option<String> = None,
    }
}

impl Netcat {
    pub(crate) fn given(&self) -> PyResult<there::Netcat> {
        let request = there::Netcat::new(of_word("side", &self.active_side)?);
        let request = with! { request, self;
            listen_address as it => listen_address(it),
            ports as it => ports(it.0, it.1),
            connect_address as it => connect_address(it),
        };
        Ok(request)
    }
}

/// What becomes of snapshots on the target: ``SOURCE`` or ``NONE``, or how long they are kept.
#[derive(Clone, PartialEq, Eq, Hash, FromPyObject, IntoPyObject)]
pub(crate) enum Kept {
    For(Lifetime),
    Word(String),
}

impl Kept {
    fn given(&self) -> PyResult<there::Retention> {
        match self {
            Self::For(lifetime) => Ok(there::Retention::For(lifetime.given()?)),
            Self::Word(word) if word == "SOURCE" => Ok(there::Retention::LikeSource),
            Self::Word(word) if word == "NONE" => Ok(there::Retention::Forever),
            Self::Word(word) => {
                Err(errors::argument("retention", word, "is unknown", "use SOURCE, NONE, or a Lifetime"))
            }
        }
    }
}

found! {
    /// For how long snapshots of certain times are kept, whatever is said of the others.
    KeyedLifetime of there::KeyedLifetime {
        /// Of which times.
        schedule: String,
        /// For how long.
        lifetime: Lifetime,
    }
}

impl KeyedLifetime {
    fn given(&self) -> PyResult<there::KeyedLifetime> {
        Ok(there::KeyedLifetime::new(schedule(&self.schedule)?, self.lifetime.given()?))
    }
}

value_class! {
    in "dtc.truenas";
    /// The key that a target is encrypted with: 64 hexadecimal digits, or a passphrase.
    DestinationKey {
        /// A key of 64 hexadecimal digits.
        key: Option<Hidden> = None,
        /// A passphrase of eight characters or more.
        passphrase: Option<Hidden> = None,
        /// The file on the target that it is kept in; without one, the appliance keeps it.
        file: Option<String> = None,
    }
}

impl DestinationKey {
    pub(crate) fn given(&self) -> PyResult<there::DestinationKey> {
        let file = self.file.clone();
        let location = file.map_or(there::KeyLocation::TrueNas, there::KeyLocation::File);
        let key = match (&self.key, &self.passphrase) {
            (Some(key), None) => there::DestinationKey::hex(key.given(), location),
            (None, Some(passphrase)) => there::DestinationKey::passphrase(passphrase.given(), location),
            _ => {
                let remedy = "give key, or passphrase";
                return Err(errors::argument("key of the target", "", "is none, or two", remedy));
            }
        };
        Ok(key.map_err(Failure::from)?)
    }
}

/// What a call takes of an optional key.
pub(super) fn target_key(key: Option<&DestinationKey>) -> PyResult<Option<there::DestinationKey>> {
    key.map(DestinationKey::given).transpose()
}

value_class! {
    in "dtc.truenas";
    /// A new replication task, without the key of its target.
    CreateReplication {
        /// Its name.
        name: String,
        /// Which way snapshots go: ``PUSH`` or ``PULL``.
        direction: String,
        /// The datasets that are sent.
        sources: Vec<String>,
        /// The dataset that they arrive in.
        target: String,
        /// What becomes of snapshots on the target: ``SOURCE`` for as the source has it, ``NONE`` for ever, or a ``Lifetime``.
        retention: Kept,
        /// Whether children are sent as well; off by default.
        recursive: Option<bool> = None,
        /// Whether properties are sent, of an encrypted source its encryption, too; on by default.
        properties: Option<bool> = None,
        /// Whether the target becomes equal, down to snapshots and children that the source no longer has; off by default.
        replicate: Option<bool> = None,
        /// Whether the target takes its parent's encryption; off by default. Not on CORE.
        inherits_encryption: Option<bool> = None,
        /// Whether it runs by itself: by its schedule, or after its snapshot tasks; off by default.
        auto: Option<bool> = None,
        /// Whether only snapshots of the times of its schedule go; off by default.
        only_matching_schedule: Option<bool> = None,
        /// Whether a target that has snapshots, but none in common with the source, **is destroyed** and made anew; off by default, and for good
        /// reason.
        allow_from_scratch: Option<bool> = None,
        /// Whether snapshots stay on the source until they were sent; off by default.
        hold_pending_snapshots: Option<bool> = None,
        /// Whether ``zfs`` is run by sudo on the other side; off by default. Not on CORE.
        sudo: Option<bool> = None,
        /// Whether blocks of more than 128 KiB are sent whole; on by default.
        large_block: Option<bool> = None,
        /// Whether blocks that are embedded in their pointers are sent as such; off by default.
        embed: Option<bool> = None,
        /// Whether blocks that are compressed on disk are sent as such; on by default.
        compressed: Option<bool> = None,
        /// Whether it may run; on by default.
        enabled: Option<bool> = None,
        /// Children to leave out; none by default.
        exclude: Option<Vec<String>> = None,
        /// Properties that are not sent; none by default. User properties are sent with the others: one that identifies an appliance belongs here.
        properties_exclude: Option<Vec<String>> = None,
        /// The snapshot tasks whose snapshots are sent; none by default.
        snapshot_tasks: Option<Vec<i64>> = None,
        /// The names of the snapshots that are fetched.
        naming_schema: Option<Vec<String>> = None,
        /// The names of further snapshots that are sent.
        also_include: Option<Vec<String>> = None,
        /// The names of the snapshots that go, as a regular expression of Python's. Not on CORE.
        name_regex: Option<String> = None,
        /// When it runs by itself.
        schedule: Option<SnapshotSchedule> = None,
        /// Only snapshots of these times go.
        restrict_schedule: Option<SnapshotSchedule> = None,
        /// What is done about the target's ``readonly``; it is set by default.
        readonly: Option<String> = None,
        /// By what the stream is compressed; by nothing by default, and by SSH only.
        compression: Option<String> = None,
        /// Bytes per second at most; without limit by default, and by SSH only.
        speed_limit: Option<u64> = None,
        /// How often a run is tried again that lost the other side; five times by default.
        retries: Option<u32> = None,
        /// How much its log says; the appliance's default by default.
        logging_level: Option<String> = None,
        /// The number of the connection by which the other side is reached; without one, both sides are this appliance.
        ssh_connection: Option<i64> = None,
        /// Contents go by netcat, beside SSH.
        netcat: Option<Netcat> = None,
        /// Properties that the target gets values of its own for. Not on CORE.
        property_values: Option<BTreeMap<String, String>> = None,
        /// For how long snapshots of certain schedules are kept. Not on CORE.
        lifetimes: Option<Vec<KeyedLifetime>> = None,
    }
}

impl CreateReplication {
    pub(crate) fn given(&self) -> PyResult<there::CreateReplication> {
        let request = there::CreateReplication::new(
            &self.name,
            of_word("direction", &self.direction)?,
            self.transport()?,
            datasets(&self.sources),
            DatasetId::new(&self.target),
            self.retention.given()?,
        );
        let request = with! { request, self;
            recursive as it => recursive((*it).into()),
            properties as it => properties((*it).into()),
            replicate as it => replicate((*it).into()),
            inherits_encryption as it => inherits_encryption((*it).into()),
            auto as it => auto((*it).into()),
            only_matching_schedule as it => only_matching_schedule((*it).into()),
            allow_from_scratch as it => allow_from_scratch((*it).into()),
            hold_pending_snapshots as it => hold_pending_snapshots((*it).into()),
            sudo as it => sudo((*it).into()),
            large_block as it => large_block((*it).into()),
            embed as it => embed((*it).into()),
            compressed as it => compressed((*it).into()),
            enabled as it => enabled((*it).into()),
            exclude as it => exclude(datasets(it)),
            properties_exclude as it => properties_exclude(it),
            snapshot_tasks as it => snapshot_tasks(it.iter().copied().map(SnapshotTaskId::new)),
            naming_schema as it => naming_schema(it),
            also_include as it => also_include(it),
            name_regex as it => name_regex(it),
            schedule as it => schedule(it.given()?),
            restrict_schedule as it => restrict_schedule(it.given()?),
            readonly as it => readonly(of_word("choice for readonly", it)?),
            compression as it => compression(of_word("compression", it)?),
            speed_limit as it => speed_limit(*it),
            retries as it => retries(*it),
            logging_level as it => logging_level(of_word("logging level", it)?),
        };
        let mut request = request;
        for (name, value) in self.property_values.iter().flatten() {
            request = request.property(name, value);
        }
        let lifetimes =
            self.lifetimes.iter().flatten().map(KeyedLifetime::given).collect::<PyResult<Vec<_>>>()?;
        Ok(if lifetimes.is_empty() { request } else { request.lifetimes(lifetimes) })
    }
}

impl CreateReplication {
    fn transport(&self) -> PyResult<there::Transport> {
        match (self.ssh_connection, &self.netcat) {
            (None, None) => Ok(there::Transport::Local),
            (Some(id), None) => Ok(there::Transport::Ssh(SshConnectionId::new(id))),
            (Some(id), Some(netcat)) => {
                Ok(there::Transport::SshNetcat(SshConnectionId::new(id), netcat.given()?))
            }
            (None, Some(_)) => {
                let remedy = "give ssh_connection as well";
                Err(errors::argument("transport", "netcat", "goes beside SSH", remedy))
            }
        }
    }
}

value_class! {
    in "dtc.truenas";
    /// A replication that is no task.
    RunReplication {
        /// What is run, whether it is enabled or not.
        task: CreateReplication,
        /// Whether it fails when there is a target already; off by default.
        only_from_scratch: Option<bool> = None,
        /// Whether what arrives is mounted; on by default. Before 25.10 always.
        mount: Option<bool> = None,
        /// Whether the property ``mountpoint`` stays behind; on by default.
        exclude_mountpoint: Option<bool> = None,
    }
}

impl RunReplication {
    pub(crate) fn given(&self) -> PyResult<there::RunReplication> {
        let request = there::RunReplication::like(self.task.given()?);
        let request = with! { request, self;
            only_from_scratch as it => only_from_scratch((*it).into()),
            mount as it => mount((*it).into()),
            exclude_mountpoint as it => exclude_mountpoint((*it).into()),
        };
        Ok(request)
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a task.
    UpdateReplication {
        /// Its name.
        name: Option<String> = None,
        /// Whether it may run.
        enabled: Option<bool> = None,
        /// When it runs by itself; none means that it does not, unless it is bound to snapshot tasks.
        schedule: Option<SnapshotSchedule> = None,
        /// Children to leave out, all of them.
        exclude: Option<Vec<String>> = None,
        /// Properties that are not sent, all of them.
        properties_exclude: Option<Vec<String>> = None,
        /// What becomes of snapshots on the target.
        retention: Option<Kept> = None,
        /// Bytes per second at most; none lifts the limit.
        speed_limit: Option<u64> = None,
        /// Everything but the key of the target becomes as this request would create it.
        matching: Option<CreateReplication> = None,
        /// The target takes its parent's encryption. Not on CORE.
        inherits_encryption: bool = false,
        /// What is taken away: ``schedule``, ``speed_limit``, ``encryption``.
        without: Option<Vec<String>> = None,
    }
}

impl UpdateReplication {
    pub(crate) fn given(&self) -> PyResult<there::UpdateReplication> {
        let request = match &self.matching {
            Some(task) => there::UpdateReplication::matching(&task.given()?).map_err(Failure::from)?,
            None => there::UpdateReplication::new(),
        };
        let request = with! { request, self;
            name as it => name(it),
            enabled as it => enabled((*it).into()),
            schedule as it => schedule(Some(&it.given()?)),
            exclude as it => exclude(datasets(it)),
            properties_exclude as it => properties_exclude(it),
            retention as it => retention(&it.given()?),
            speed_limit as it => speed_limit(Some(*it)),
        };
        let gone = taken_away(self.without.as_deref(), &["schedule", "speed_limit", "encryption"])?;
        let request = if gone.contains(&"schedule") { request.schedule(None) } else { request };
        let request = if gone.contains(&"speed_limit") { request.speed_limit(None) } else { request };
        let request = if gone.contains(&"encryption") { request.without_encryption() } else { request };
        Ok(if self.inherits_encryption { request.inherits_encryption() } else { request })
    }
}
