//! Replication tasks: snapshots of datasets, sent to another appliance or fetched from it.

mod changes;
mod entry;
mod request;
mod rules;
mod views;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, DatasetId, Error, ErrorKind, Job, ReplicationId, SshConnectionId};

pub use changes::{RunReplication, UpdateReplication};
pub use entry::Replication;
pub use request::{
    CreateReplication, DestinationKey, KeyLocation, KeyedLifetime, Netcat, Retention, Transport,
};
pub use views::{CountSnapshots, EligibleSnapshots, ReplicationConfig, UnmatchedSnapshots};

http_core::secret_types! {
    /// The key of a target that a replication encrypts: 64 hexadecimal digits, or a passphrase of eight characters or more.
    EncryptionKey;
}

/// Declares an enumeration of words of the appliance, with room for those of a newer release.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
            /// A word of a newer release.
            #[serde(untagged)]
            Unknown(String),
        }
    )*};
}

words! {
    /// Which way snapshots go.
    Direction {
        /// From this appliance.
        Push = "PUSH",
        /// To this appliance. For backups the safer way: who takes over the source cannot reach the target by it.
        Pull = "PULL",
    }
    /// What becomes of snapshots on the target.
    RetentionPolicy {
        /// They go when the source has let them go: whoever deletes them there deletes them here.
        Source = "SOURCE",
        /// They go by their age.
        Custom = "CUSTOM",
        /// They stay.
        None = "NONE",
    }
    /// What is done about the property `readonly` of the target.
    ReadOnly {
        /// It is set.
        Set = "SET",
        /// It has to be set already: else the run fails.
        Require = "REQUIRE",
        /// Nothing.
        Ignore = "IGNORE",
    }
    /// By what a stream is compressed on its way.
    Compression {
        /// lz4.
        Lz4 = "LZ4",
        /// pigz.
        Pigz = "PIGZ",
        /// plzip.
        Plzip = "PLZIP",
    }
    /// Which side of a netcat connection listens.
    NetcatSide {
        /// This appliance.
        Local = "LOCAL",
        /// The other one.
        Remote = "REMOTE",
    }
    /// Of what kind the key of an encrypted target is.
    KeyFormat {
        /// 64 hexadecimal digits.
        Hex = "HEX",
        /// A passphrase.
        Passphrase = "PASSPHRASE",
    }
    /// How much a run writes into its log.
    LoggingLevel {
        /// Everything.
        Debug = "DEBUG",
        /// What is done.
        Info = "INFO",
        /// What is odd.
        Warning = "WARNING",
        /// What fails.
        Error = "ERROR",
    }
    /// By which way the other side is reached.
    TransportKind {
        /// By SSH.
        Ssh = "SSH",
        /// By SSH, with the data beside it, unencrypted.
        SshNetcat = "SSH+NETCAT",
        /// The other side is this appliance.
        Local = "LOCAL",
    }
}

impl Client {
    /// The appliance's replication tasks.
    pub fn replications(&self) -> Replications<'_> {
        Replications { client: self }
    }
}

/// Calls about replications.
#[derive(Clone, Copy, Debug)]
pub struct Replications<'a> {
    client: &'a Client,
}

impl Replications<'_> {
    /// Every replication task.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Replication>, Error> {
        self.client.carry_out(Call::new(operations::REPLICATION_QUERY, Query::new().params())).await
    }

    /// Every replication task, and of each whether keys of what it sends can be exported with it
    /// ([`Replication::has_encrypted_dataset_keys`]). The appliance looks at the encryption of all its datasets for it.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list_with_keys(&self) -> Result<Vec<Replication>, Error> {
        let query = Query::new().extra(json!({"check_dataset_encryption_keys": true}));
        self.client.carry_out(Call::new(operations::REPLICATION_QUERY, query.params())).await
    }

    /// One task.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: ReplicationId) -> Result<Replication, Error> {
        let query = Query::new().equals("id", id.get());
        let found: Vec<Replication> =
            self.client.carry_out(Call::new(operations::REPLICATION_QUERY, query.params())).await?;
        let missing =
            || Error::new(operations::REPLICATION_QUERY.name(), format!("task {id}"), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }

    fn refused(self, call: http_core::Operation, reason: &'static str) -> Error {
        Error::new(call.name(), self.client.subject(), ErrorKind::InvalidRequest { reason })
    }

    /// Sets a task up. Where its target gets an encryption of its own, the key comes along.
    ///
    /// The appliance takes what it cannot know: an encrypted source whose properties are sent goes as it is, and a target that is to
    /// be encrypted besides makes every run fail (zettarepl, `replication/encryption.py`).
    ///
    /// # Errors
    /// `InvalidRequest` when the task breaks a rule; `Validation`; `Unsupported` on CORE for what it does not know; `OutcomeUnknown` when the
    /// answer is lost: look before creating again; `RedactedSecret`, `Unauthorized`.
    pub async fn create(
        &self,
        task: &CreateReplication,
        key: Option<&DestinationKey>,
    ) -> Result<Replication, Error> {
        let operation = operations::REPLICATION_CREATE;
        rules::check(task, key).map_err(|reason| self.refused(operation, reason))?;
        self.client.carry_out(Call::new(operation, [task.body(key)])).await
    }

    /// Changes a task. With a key, the target is encrypted by it; without, its key stays as it is.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(
        &self,
        id: ReplicationId,
        changes: &UpdateReplication,
        key: Option<&DestinationKey>,
    ) -> Result<Replication, Error> {
        let operation = operations::REPLICATION_UPDATE;
        changes.check(key).map_err(|reason| self.refused(operation, reason))?;
        self.client.carry_out(Call::new(operation, [id.get().into(), changes.body(key)])).await
    }

    /// Deletes a task. What it has sent stays.
    ///
    /// # Errors
    /// `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: ReplicationId) -> Result<(), Error> {
        let call = Call::new(operations::REPLICATION_DELETE, [id.get().into()]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// Runs a task now. Whatever speaks against it fails the job: a task that is disabled (up to 25.10), runs already or is on hold; another side
    /// that cannot be reached; a target that is not what it was. Aborting the job does not stop the transfer.
    ///
    /// # Errors
    /// `NotStarted` when the appliance answered with another job; `OutcomeUnknown` when the answer is lost:
    /// [`Replication::job`] shows whether it runs; `Unauthorized`.
    pub async fn run(&self, id: ReplicationId) -> Result<Job<()>, Error> {
        self.client.start(Call::new(operations::REPLICATION_RUN, [id.get().into()])).await
    }

    /// Runs a replication that is no task. A refusal of its settings fails the job, with the fields.
    ///
    /// # Errors
    /// `InvalidRequest` when it breaks a rule; `Unsupported` on CORE; `OutcomeUnknown` when the answer is lost; `RedactedSecret`,
    /// `Unauthorized`.
    pub async fn run_once(
        &self,
        run: &RunReplication,
        key: Option<&DestinationKey>,
    ) -> Result<Job<()>, Error> {
        let operation = operations::REPLICATION_RUN_ONETIME;
        rules::check(run.task(), key).map_err(|reason| self.refused(operation, reason))?;
        self.client.begin(Call::new(operation, [run.body(key)])).await
    }

    /// Makes the task that brings back what a task has sent, to a dataset of this name. It is disabled, and does not run by itself.
    ///
    /// # Errors
    /// `Validation` when the name is taken; `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn restore(
        &self,
        id: ReplicationId,
        name: &str,
        target: &DatasetId,
    ) -> Result<Replication, Error> {
        let body = json!({"name": name, "target_dataset": target.as_str()});
        self.client.carry_out(Call::new(operations::REPLICATION_RESTORE, [id.get().into(), body])).await
    }

    /// The datasets of one side.
    ///
    /// # Errors
    /// `Rejected` when the other side cannot be reached or does not let this one in; `NotFound` when there is no such connection; those of every
    /// reading call.
    pub async fn list_datasets(&self, side: Side) -> Result<Vec<DatasetId>, Error> {
        let call = Call::new(operations::REPLICATION_LIST_DATASETS, side.params());
        self.client.carry_out(call).await
    }

    /// Makes a dataset on one side. Its parent has to exist.
    ///
    /// # Errors
    /// As [`list_datasets`](Self::list_datasets); `OutcomeUnknown` when the answer is lost; `Unauthorized`.
    pub async fn create_dataset(&self, dataset: &DatasetId, side: Side) -> Result<(), Error> {
        let mut params = vec![Value::from(dataset.as_str())];
        params.extend(side.params());
        let call = Call::new(operations::REPLICATION_CREATE_DATASET, params);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// The naming schemas of every snapshot and replication task.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list_naming_schemas(&self) -> Result<Vec<String>, Error> {
        self.client.carry_out(Call::new(operations::REPLICATION_LIST_SCHEMAS, [])).await
    }

    /// How many snapshots of some datasets a naming schema would take along.
    ///
    /// # Errors
    /// `InvalidRequest` when neither schemas nor a regular expression are given, or both; as [`list_datasets`](Self::list_datasets).
    pub async fn count_eligible_manual_snapshots(
        &self,
        wanted: &CountSnapshots,
    ) -> Result<EligibleSnapshots, Error> {
        let operation = operations::REPLICATION_COUNT;
        wanted.check().map_err(|reason| self.refused(operation, reason))?;
        self.client.carry_out(Call::new(operation, [wanted.body()])).await
    }

    /// The snapshots of the target that the source does not have, by the target's dataset: with any of them an incremental replication may
    /// find no base.
    ///
    /// # Errors
    /// As [`list_datasets`](Self::list_datasets).
    pub async fn target_unmatched_snapshots(
        &self,
        direction: &Direction,
        sources: &[DatasetId],
        target: &DatasetId,
        side: Side,
    ) -> Result<UnmatchedSnapshots, Error> {
        let sources: Vec<&str> = sources.iter().map(DatasetId::as_str).collect();
        let mut params = vec![json!(direction), json!(sources), json!(target.as_str())];
        params.extend(side.params());
        self.client.carry_out(Call::new(operations::REPLICATION_UNMATCHED, params)).await
    }

    /// What holds for all replications.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn config(&self) -> Result<ReplicationConfig, Error> {
        self.client.carry_out(Call::new(operations::REPLICATION_CONFIG, [])).await
    }

    /// Sets how many replications may run at once, at least one; none lifts the limit.
    ///
    /// # Errors
    /// `InvalidRequest` for zero; `OutcomeUnknown` when the answer is lost (setting it again is harmless); `Unauthorized`.
    pub async fn limit_at_once(&self, tasks: Option<u32>) -> Result<ReplicationConfig, Error> {
        let operation = operations::REPLICATION_UPDATE_CONFIG;
        if tasks == Some(0) {
            return Err(self.refused(operation, "at least one replication has to be able to run"));
        }
        let body = json!({"max_parallel_replication_tasks": tasks});
        self.client.carry_out(Call::new(operation, [body])).await
    }
}

/// One side of a replication, as the appliance reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Side {
    /// This appliance itself.
    Local,
    /// Another one, by SSH.
    Ssh(SshConnectionId),
}

impl Side {
    fn params(self) -> [Value; 2] {
        match self {
            Self::Local => [json!("LOCAL"), Value::Null],
            Self::Ssh(id) => [json!("SSH"), id.get().into()],
        }
    }
}
