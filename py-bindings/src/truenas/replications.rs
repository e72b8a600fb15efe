//! Replication tasks.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::replications as there;
use truenas_client::{Client as Nas, DatasetId, ReplicationId};

use super::failure::Failure;
use super::hidden::Redactable;
use super::jobs::{AioJob, Job, JobStatus};
use super::keychain::SshConnection;
use super::replication_requests::{
    CreateReplication, DestinationKey, KeyedLifetime, RunReplication, UpdateReplication, side, target_key,
};
use super::shown::{Shown, datasets, found, of_word, words};
use super::snapshot_tasks::{SnapshotSchedule, TaskStatus};
use crate::errors;
use crate::held::Held;
use crate::json::Json;
use crate::twins::twins;
use crate::values::{Many, Nothing};

words!(
    there::Compression,
    there::Direction,
    there::KeyFormat,
    there::LoggingLevel,
    there::NetcatSide,
    there::ReadOnly,
    there::RetentionPolicy,
    there::TransportKind,
);

found! {
    /// A replication task.
    Replication of there::Replication {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// Which way snapshots go.
        direction: String,
        /// By which way the other side is reached.
        transport: String,
        /// By which connection; none for a local one.
        ssh_credentials: Option<SshConnection> = None,
        /// Which side of a netcat connection listens.
        netcat_active_side: Option<String> = None,
        /// At which of its addresses.
        netcat_active_side_listen_address: Option<String> = None,
        /// From which port on.
        netcat_active_side_port_min: Option<u16> = None,
        /// Up to which port.
        netcat_active_side_port_max: Option<u16> = None,
        /// At which address the other side reaches it.
        netcat_passive_side_connect_address: Option<String> = None,
        /// Whether ``zfs`` is run by sudo on the other side.
        sudo: bool,
        /// What is sent.
        source_datasets: Vec<String>,
        /// Where it goes.
        target_dataset: String,
        /// Whether children are sent as well.
        recursive: bool,
        /// Children that are left out.
        exclude: Vec<String>,
        /// Whether properties are sent: of an encrypted source its encryption, too.
        properties: bool,
        /// Properties that are not.
        properties_exclude: Vec<String>,
        /// Properties that the target gets values of its own for.
        properties_override: BTreeMap<String, Json>,
        /// Whether the target becomes equal, down to snapshots and children that the source no longer has.
        replicate: bool,
        /// Whether the target is encrypted.
        encryption: bool,
        /// Whether it takes its parent's encryption.
        encryption_inherit: Option<bool> = None,
        /// The target's key, if the appliance shows it.
        encryption_key: Redactable = (Redactable::Absent),
        /// Of what kind that is.
        encryption_key_format: Option<String> = None,
        /// Where on the target it is kept: ``$TrueNAS`` for its own database, else a path.
        encryption_key_location: Option<String> = None,
        /// The snapshot tasks whose snapshots are sent, and after which it runs.
        periodic_snapshot_tasks: Vec<i64>,
        /// The names of the snapshots that are fetched.
        naming_schema: Vec<String>,
        /// The names of further snapshots that are sent.
        also_include_naming_schema: Vec<String>,
        /// The names of the snapshots that go, as a regular expression.
        name_regex: Option<String> = None,
        /// Whether it runs by itself.
        auto: bool,
        /// When it runs.
        schedule: Option<SnapshotSchedule> = None,
        /// Which snapshots go: those of these times.
        restrict_schedule: Option<SnapshotSchedule> = None,
        /// Whether only snapshots of the times of its schedule go.
        only_matching_schedule: bool,
        /// Whether a target without a common snapshot is destroyed and made anew.
        allow_from_scratch: bool,
        /// What is done about the target's ``readonly``.
        readonly: String,
        /// Whether snapshots stay on the source until they were sent.
        hold_pending_snapshots: bool,
        /// What becomes of snapshots on the target.
        retention_policy: String,
        /// For how many units they are kept there.
        lifetime_value: Option<i64> = None,
        /// Of which length.
        lifetime_unit: Option<String> = None,
        /// For how long those of certain times are kept.
        lifetimes: Vec<KeyedLifetime>,
        /// By what the stream is compressed.
        compression: Option<String> = None,
        /// Bytes per second at most.
        speed_limit: Option<u64> = None,
        /// Whether blocks of more than 128 KiB are sent whole.
        large_block: bool,
        /// Whether blocks that are embedded in their pointers are sent as such.
        embed: bool,
        /// Whether blocks that are compressed on disk are sent as such.
        compressed: bool,
        /// How often a run is tried again that lost the other side.
        retries: i64,
        /// How much its log says; none for the appliance's default.
        logging_level: Option<String> = None,
        /// Whether it may run.
        enabled: bool,
        /// Whether keys of what it sends can be exported with it.
        has_encrypted_dataset_keys: bool,
        /// How it stands.
        state: TaskStatus,
        /// Its last run, or the one under way.
        job: Option<JobStatus> = None,
    }
}

found! {
    /// How many snapshots there are, and how many of them would be taken along.
    EligibleSnapshots of there::EligibleSnapshots {
        /// All of them.
        total: u64,
        /// Those that fit.
        eligible: u64,
    }
}

found! {
    /// Names of snapshots by the target's dataset that has them.
    ///
    /// The appliance sends lists, whatever its published schema says: on 25.10 that names one text for each dataset (TrueNAS middleware 25.10,
    /// ``api/v25_10_0/replication.py``). One text is read as well.
    UnmatchedSnapshots of there::UnmatchedSnapshots {
        /// By dataset; a dataset without such a snapshot may be missing.
        by_dataset: BTreeMap<String, Vec<String>>,
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.by_dataset.is_empty()
    }
}

found! {
    /// What holds for all replications.
    ReplicationConfig of there::ReplicationConfig {
        /// How many may run at once; none means any number.
        at_once: Option<u32> = None,
    }
}

/// Which snapshots are to be counted.
fn counted(
    sources: &[String],
    naming_schema: Option<Vec<String>>,
    name_regex: Option<String>,
    ssh_connection: Option<i64>,
) -> PyResult<there::CountSnapshots> {
    let side = side(ssh_connection);
    match (naming_schema, name_regex) {
        (Some(schemas), None) => Ok(there::CountSnapshots::by_schema(datasets(sources), schemas, side)),
        (None, Some(regex)) => Ok(there::CountSnapshots::by_regex(datasets(sources), regex, side)),
        _ => {
            let remedy = "give naming_schema, or name_regex";
            Err(errors::argument("snapshots' names", "", "are none, or of two kinds", remedy))
        }
    }
}

twins! {
    /// Replication tasks: snapshots that are sent to another dataset, of this appliance or of another.
    "Replications" in "dtc.truenas" and "dtc.truenas.aio", Failure: Replications / AioReplications(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every replication task.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "replication.query"
        fn list() -> Many<Replication> = |nas| {
            Ok(nas.replications().list().await?.shown())
        }

        /// Every replication task, and of each whether keys of what it sends can be exported with it (``has_encrypted_dataset_keys``). The
        /// appliance looks at the encryption of all its datasets for it.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "replication.query"
        fn list_with_keys() -> Many<Replication> = |nas| {
            Ok(nas.replications().list_with_keys().await?.shown())
        }

        /// One task.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "replication.query"
        fn get(id: i64) -> Replication = |nas| {
            Ok(nas.replications().get(ReplicationId::new(id)).await?.shown())
        }

        /// Sets a task up. Where its target gets an encryption of its own, the key comes along.
        ///
        /// The appliance takes what it cannot know: an encrypted source whose properties are sent goes as it is, and a target that is to
        /// be encrypted besides makes every run fail (zettarepl, ``replication/encryption.py``).
        ///
        /// Errors by their ``kind``: ``invalid_request`` when the task breaks a rule; ``validation``; ``unsupported`` on CORE for what it does not
        /// know; ``outcome_unknown`` when the answer is lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        #[pyo3(signature = (task, key = None, *, timeout = None))]
        Write "replication.create"
        fn create(task: CreateReplication, key: Option<DestinationKey>) -> Replication = |nas| {
            Ok(nas.replications().create(&task.given()?, target_key(key.as_ref())?.as_ref()).await?.shown())
        }

        /// Changes a task. With a key, the target is encrypted by it; without, its key stays as it is.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, key = None, *, timeout = None))]
        Write "replication.update"
        fn update(id: i64, changes: UpdateReplication, key: Option<DestinationKey>) -> Replication = |nas| {
            let found = nas.replications().update(
                ReplicationId::new(id),
                &changes.given()?,
                target_key(key.as_ref())?.as_ref(),
            ).await?;
            Ok(found.shown())
        }

        /// Deletes a task. What it has sent stays.
        ///
        /// Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "replication.delete"
        fn delete(id: i64) -> Nothing = |nas| {
            Ok(nas.replications().delete(ReplicationId::new(id)).await?.shown())
        }

        /// Runs a task now. Whatever speaks against it fails the job: a task that is disabled (up to 25.10), runs already or is on hold; another side
        /// that cannot be reached; a target that is not what it was. Aborting the job does not stop the transfer.
        ///
        /// Errors by their ``kind``: ``not_started`` when the appliance answered with another job; ``outcome_unknown`` when the answer is lost:
        /// ``job`` shows whether it runs; ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "replication.run"
        fn run(id: i64) -> Job | AioJob = |nas| {
            Ok(nas.replications().run(ReplicationId::new(id)).await?.shown())
        }

        /// Runs a replication that is no task. A refusal of its settings fails the job, with the fields.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when it breaks a rule; ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost;
        /// ``redacted_secret``, ``unauthorized``.
        #[pyo3(signature = (run, key = None, *, timeout = None))]
        Write "replication.run_onetime"
        fn run_once(run: RunReplication, key: Option<DestinationKey>) -> Job | AioJob = |nas| {
            Ok(nas.replications().run_once(&run.given()?, target_key(key.as_ref())?.as_ref()).await?.shown())
        }

        /// Makes the task that brings back what a task has sent, to a dataset of this name. It is disabled, and does not run by itself.
        ///
        /// Errors by their ``kind``: ``validation`` when the name is taken; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, name, target, *, timeout = None))]
        Write "replication.restore"
        fn restore(id: i64, name: String, target: String) -> Replication = |nas| {
            Ok(nas.replications().restore(ReplicationId::new(id), &name, &DatasetId::new(target)).await?.shown())
        }

        /// The datasets of one side.
        ///
        /// Errors by their ``kind``: ``rejected`` when the other side cannot be reached or does not let this one in; ``not_found`` when there is no
        /// such connection; those of every reading call.
        #[pyo3(signature = (*, ssh_connection = None, timeout = None))]
        Read "replication.list_datasets"
        fn list_datasets(ssh_connection: Option<i64>) -> Many<String> = |nas| {
            Ok(nas.replications().list_datasets(side(ssh_connection)).await?.shown())
        }

        /// Makes a dataset on one side. Its parent has to exist.
        ///
        /// Errors by their ``kind``: As ``list_datasets``; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        #[pyo3(signature = (dataset, *, ssh_connection = None, timeout = None))]
        Write "replication.create_dataset"
        fn create_dataset(dataset: String, ssh_connection: Option<i64>) -> Nothing = |nas| {
            Ok(nas.replications().create_dataset(&DatasetId::new(dataset), side(ssh_connection)).await?.shown())
        }

        /// The naming schemas of every snapshot and replication task.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "replication.list_naming_schemas"
        fn list_naming_schemas() -> Many<String> = |nas| {
            Ok(nas.replications().list_naming_schemas().await?.shown())
        }

        /// How many snapshots of some datasets a naming schema would take along.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when neither schemas nor a regular expression are given, or both; as ``list_datasets``.
        #[pyo3(signature = (sources, *, naming_schema = None, name_regex = None, ssh_connection = None, timeout = None))]
        Read "replication.count_eligible_manual_snapshots"
        fn count_eligible_manual_snapshots(
            sources: Vec<String>,
            naming_schema: Option<Vec<String>>,
            name_regex: Option<String>,
            ssh_connection: Option<i64>,
        ) -> EligibleSnapshots = |nas| {
            let found = nas.replications().count_eligible_manual_snapshots(
                &counted(&sources, naming_schema, name_regex, ssh_connection)?,
            ).await?;
            Ok(found.shown())
        }

        /// The snapshots of the target that the source does not have, by the target's dataset: with any of them an incremental replication may
        /// find no base.
        ///
        /// Errors by their ``kind``: As ``list_datasets``.
        #[pyo3(signature = (direction, sources, target, *, ssh_connection = None, timeout = None))]
        Read "replication.target_unmatched_snapshots"
        fn target_unmatched_snapshots(
            direction: String,
            sources: Vec<String>,
            target: String,
            ssh_connection: Option<i64>,
        ) -> UnmatchedSnapshots = |nas| {
            let found = nas.replications().target_unmatched_snapshots(
                &of_word("direction", &direction)?,
                &datasets(&sources).collect::<Vec<_>>(),
                &DatasetId::new(target),
                side(ssh_connection),
            ).await?;
            Ok(found.shown())
        }

        /// What holds for all replications.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "replication.config.config"
        fn config() -> ReplicationConfig = |nas| {
            Ok(nas.replications().config().await?.shown())
        }

        /// Sets how many replications may run at once, at least one; none lifts the limit.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for zero; ``outcome_unknown`` when the answer is lost (setting it again is harmless);
        /// ``unauthorized``.
        #[pyo3(signature = (tasks, *, timeout = None))]
        Write "replication.config.update"
        fn limit_at_once(tasks: Option<u32>) -> ReplicationConfig = |nas| {
            Ok(nas.replications().limit_at_once(tasks).await?.shown())
        }
    }
}
