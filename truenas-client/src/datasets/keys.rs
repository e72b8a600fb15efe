//! Encrypted datasets: locking, unlocking, and what becomes of their keys.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use zeroize::{Zeroize as _, Zeroizing};

use super::Datasets;
use crate::call::Call;
use crate::operations;
use crate::{DatasetId, Error, ErrorKind, Feature, Job, JobId, Switch};

http_core::secret_types! {
    /// The key of an encrypted dataset: 64 hexadecimal digits.
    DatasetKey;
    /// The passphrase of an encrypted dataset, of 8 characters or more. The appliance never keeps it.
    Passphrase;
}

/// An exported file of keys is never longer than this: ten thousand keys of datasets with long names.
const LONGEST_EXPORT: usize = 4 << 20;

/// Calls about keys.
impl Datasets<'_> {
    /// Locks a dataset that is encrypted by a passphrase of its own: its files, and those of every dataset below it, cannot be reached until
    /// it is unlocked again. `force` ends what uses them.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `Unauthorized`. The job fails for a dataset that is not encrypted, is locked already, is
    /// encrypted by a key in place of a passphrase, or by its parent's.
    pub async fn lock(&self, id: &DatasetId, force: Switch) -> Result<Job<bool>, Error> {
        let params = [id.as_str().into(), json!({"force_umount": force.is_on()})];
        self.client.start(Call::new(operations::POOL_DATASET_LOCK, params)).await
    }

    /// Unlocks a dataset, and those below it where that is asked for. A key that is given is kept by the appliance, a passphrase never.
    ///
    /// The job succeeds though some datasets stay locked: look at [`Unlocked::failed`].
    ///
    /// # Errors
    /// `InvalidRequest` for a key or passphrase that cannot be one; `Unsupported` on CORE for a key that serves children;
    /// `OutcomeUnknown` when the answer is lost; `Unauthorized`. The job fails for a dataset that is not locked or whose parent is.
    pub async fn unlock(&self, id: &DatasetId, how: &UnlockDatasets) -> Result<Job<Unlocked>, Error> {
        let operation = operations::POOL_DATASET_UNLOCK;
        how.check().map_err(|kind| Error::new(operation.name(), id.as_str(), kind))?;
        self.client.start(Call::new(operation, [id.as_str().into(), how.options()])).await
    }

    /// What unlocking a dataset and all below it would come to, with these keys and those that the appliance keeps; nothing is unlocked.
    ///
    /// # Errors
    /// `InvalidRequest` for a key that cannot be one; `JobFailed`; `JobUnfinished` after `limit`; those of every reading call.
    pub async fn encryption_summary(
        &self,
        id: &DatasetId,
        keys: &[KeyOf],
        limit: Duration,
    ) -> Result<Vec<EncryptionSummary>, Error> {
        let operation = operations::POOL_DATASET_ENCRYPTION_SUMMARY;
        keys.iter()
            .try_for_each(KeyOf::check)
            .map_err(|kind| Error::new(operation.name(), id.as_str(), kind))?;
        let rows: Vec<Value> = keys.iter().map(|key| Value::Object(key.row())).collect();
        let call = Call::new(operation, [id.as_str().into(), json!({"datasets": rows})]);
        let job: Job<Vec<EncryptionSummary>> = self.client.start(call).await?;
        job.wait(limit).await
    }

    /// Gives an encrypted dataset that is unlocked another key or passphrase. What it holds is not encrypted anew.
    ///
    /// # Errors
    /// As [`unlock`](Self::unlock). The job fails for a passphrase above datasets with keys, and for a key below a passphrase.
    pub async fn change_key(&self, id: &DatasetId, key: &NewKey) -> Result<Job<()>, Error> {
        let operation = operations::POOL_DATASET_CHANGE_KEY;
        key.check().map_err(|kind| Error::new(operation.name(), id.as_str(), kind))?;
        self.client.start(Call::new(operation, [id.as_str().into(), key.options()])).await
    }

    /// Makes an encrypted dataset take its parent's key in place of its own.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `NotFound`, `Unauthorized`; `Rejected` when it is locked, has no key of its own, or its parent
    /// is not encrypted.
    pub async fn inherit_encryption(&self, id: &DatasetId) -> Result<(), Error> {
        let operation = operations::POOL_DATASET_INHERIT_PARENT_ENCRYPTION_PROPERTIES;
        self.client.carry_out::<Value>(Call::new(operation, [id.as_str().into()])).await.map(drop)
    }

    /// The key of a dataset that has one of its own, which the appliance keeps: never a passphrase.
    ///
    /// # Errors
    /// `JobFailed` when it has none; `JobUnfinished` after `limit`; `Unauthorized`, and those of every reading call.
    pub async fn export_key(&self, id: &DatasetId, limit: Duration) -> Result<DatasetKey, Error> {
        let operation = operations::POOL_DATASET_EXPORT_KEY;
        let job: Job<String> =
            self.client.start(Call::new(operation, [id.as_str().into(), false.into()])).await?;
        job.wait(limit).await.map(DatasetKey::new)
    }

    /// The keys that the appliance keeps of a dataset and all below it. Passphrases are never among them.
    ///
    /// # Errors
    /// `JobFailed`; `Unauthorized`, `Unreachable`, and those of every reading call.
    pub async fn export_keys(&self, id: &DatasetId, limit: Duration) -> Result<ExportedKeys, Error> {
        let operation = operations::POOL_DATASET_EXPORT_KEYS;
        self.download(operation, id.as_str().into(), id.as_str(), limit).await
    }

    /// The keys of the sources of a replication task that pushes, by the names that the datasets have at its target.
    ///
    /// # Errors
    /// `Unsupported` on CORE; `JobFailed` when there is no such task or it pulls; otherwise as [`export_keys`](Self::export_keys).
    pub async fn export_keys_for_replication(
        &self,
        replication: i64,
        limit: Duration,
    ) -> Result<ExportedKeys, Error> {
        let operation = operations::POOL_DATASET_EXPORT_KEYS_FOR_REPLICATION;
        let subject = format!("replication task {replication}");
        self.client
            .require(Feature::ReplicationKeys)
            .map_err(|kind| Error::new(operation.name(), &subject, kind))?;
        self.download(operation, replication.into(), &subject, limit).await
    }

    /// Fetches what a job writes. One that fails leaves an empty file; what went wrong is in the job.
    async fn download(
        &self,
        operation: http_core::Operation,
        argument: Value,
        subject: &str,
        limit: Duration,
    ) -> Result<ExportedKeys, Error> {
        // Unbuffered: it is dropped when nobody fetches within a minute.
        let params = [operation.name().into(), json!([argument]), "keys.json".into(), false.into()];
        let call = Call::new(operations::CORE_DOWNLOAD, params);
        let (job, target): (JobId, String) = self.client.carry_out(call).await?;
        let failed = |kind| Error::new(operation.name(), subject, kind);
        // The address holds a token that opens this file once: it must not stand in an error.
        if !target.starts_with("/_download/") {
            return Err(failed(ErrorKind::NotUnderstood { path: "[1]".into() }));
        }
        let response = self.client.dialer().fetch(operation, &target, subject).await?;
        let mut pieces = response.into_stream();
        let mut text = Zeroizing::new(Vec::new());
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|cause| Error::http(subject, cause))?;
            text.extend_from_slice(&piece);
            if text.len() > LONGEST_EXPORT {
                return Err(failed(ErrorKind::NotUnderstood { path: format!("byte {LONGEST_EXPORT}") }));
            }
        }
        if text.is_empty() {
            self.client.jobs().attach_started::<Value>(job, operation.name()).wait(limit).await?;
        }
        ExportedKeys::read(&text).ok_or_else(|| failed(ErrorKind::NotUnderstood { path: ".".into() }))
    }
}

/// What a dataset becomes encrypted by.
#[derive(Debug)]
#[non_exhaustive]
pub enum NewKey {
    /// A key that the appliance draws and keeps: [`Datasets::export_key`] shows it.
    Generated,
    /// This key, which the appliance keeps.
    Hex(DatasetKey),
    /// This passphrase, which the appliance does not keep: after a restart the dataset is locked.
    Passphrase(Passphrase),
}

impl NewKey {
    /// Refuses what cannot be a key. The appliance looks at its length only, and CORE at nothing of a passphrase.
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match self {
            Self::Generated => Ok(()),
            Self::Hex(key) => check_key(key),
            Self::Passphrase(passphrase) => check_passphrase(passphrase),
        }
    }

    pub(super) fn options(&self) -> Value {
        match self {
            Self::Generated => json!({"generate_key": true}),
            Self::Hex(key) => json!({"key": key.expose()}),
            Self::Passphrase(passphrase) => json!({"passphrase": passphrase.expose()}),
        }
    }
}

fn check_key(key: &DatasetKey) -> Result<(), ErrorKind> {
    let is_key = key.expose().len() == 64 && key.expose().bytes().all(|b| b.is_ascii_hexdigit());
    let reason = "a dataset's key has 64 hexadecimal digits";
    if is_key { Ok(()) } else { Err(ErrorKind::InvalidRequest { reason }) }
}

fn check_passphrase(passphrase: &Passphrase) -> Result<(), ErrorKind> {
    let reason = "a dataset's passphrase has 8 characters or more";
    if passphrase.expose().chars().count() >= 8 { Ok(()) } else { Err(ErrorKind::InvalidRequest { reason }) }
}

/// A dataset with what opens it.
#[derive(Debug)]
pub struct KeyOf {
    dataset: DatasetId,
    key: Opens,
    for_children: bool,
}

#[derive(Debug)]
enum Opens {
    Key(DatasetKey),
    Passphrase(Passphrase),
}

impl KeyOf {
    /// A dataset and its key.
    pub fn key(dataset: DatasetId, key: DatasetKey) -> Self {
        Self { dataset, key: Opens::Key(key), for_children: false }
    }

    /// A dataset and its passphrase.
    pub fn passphrase(dataset: DatasetId, passphrase: Passphrase) -> Self {
        Self { dataset, key: Opens::Passphrase(passphrase), for_children: false }
    }

    /// It opens the datasets below as well, as after a replication that sent dataset by dataset: each arrives with a key of its own, and all are
    /// the same. Unlocking looks at this, and the summary does not. Not on CORE.
    pub fn for_children(mut self) -> Self {
        self.for_children = true;
        self
    }

    /// What opens a dataset may be of any length: it was set elsewhere.
    fn check(&self) -> Result<(), ErrorKind> {
        match &self.key {
            Opens::Key(key) => check_key(key),
            Opens::Passphrase(passphrase) if passphrase.expose().is_empty() => {
                Err(ErrorKind::InvalidRequest { reason: "a dataset's passphrase is not empty" })
            }
            Opens::Passphrase(_) => Ok(()),
        }
    }

    fn row(&self) -> Map<String, Value> {
        let (name, value) = match &self.key {
            Opens::Key(key) => ("key", key.expose()),
            Opens::Passphrase(passphrase) => ("passphrase", passphrase.expose()),
        };
        Map::from_iter([("name".to_owned(), self.dataset.as_str().into()), (name.to_owned(), value.into())])
    }
}

/// How datasets are unlocked.
#[derive(Debug, Default)]
pub struct UnlockDatasets {
    keys: Vec<KeyOf>,
    recursive: bool,
    force: bool,
    keep_services: bool,
}

impl UnlockDatasets {
    /// With the keys that the appliance keeps, and none else.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this one besides.
    pub fn with(mut self, key: KeyOf) -> Self {
        self.keys.push(key);
        self
    }

    /// All datasets below it too, as far as there are keys for them.
    pub fn recursive(mut self) -> Self {
        self.recursive = true;
        self
    }

    /// What is in the way at a mount point is renamed. Otherwise the dataset is not unlocked. Not on CORE.
    pub fn rename_obstacles(mut self) -> Self {
        self.force = true;
        self
    }

    /// Shares and tasks of the datasets stay off. Otherwise they are started.
    pub fn leave_attachments_off(mut self) -> Self {
        self.keep_services = true;
        self
    }

    fn check(&self) -> Result<(), ErrorKind> {
        self.keys.iter().try_for_each(KeyOf::check)
    }

    fn options(&self) -> Value {
        let row = |key: &KeyOf| {
            let mut row = key.row();
            if key.for_children {
                row.insert("recursive".to_owned(), true.into());
            }
            Value::Object(row)
        };
        let mut options = json!({
            "datasets": self.keys.iter().map(row).collect::<Vec<_>>(), "recursive": self.recursive,
            "toggle_attachments": !self.keep_services,
        });
        if self.force {
            options["force"] = true.into();
        }
        options
    }
}

/// What unlocking came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[must_use = "a job that succeeds may hold datasets that stayed locked"]
#[non_exhaustive]
pub struct Unlocked {
    /// Which datasets can be reached now.
    #[serde(default)]
    pub unlocked: Vec<DatasetId>,
    /// Which stayed locked, and why.
    #[serde(default)]
    pub failed: BTreeMap<DatasetId, NotUnlocked>,
}

impl Unlocked {
    /// Whether nothing stayed locked of what was to be unlocked.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}

/// Why a dataset stayed locked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotUnlocked {
    /// In the appliance's words: `Invalid Key`, `Missing key`.
    #[serde(default)]
    pub error: Option<String>,
    /// Which datasets below it were not tried because of that.
    #[serde(default)]
    pub skipped: Vec<DatasetId>,
}

/// What unlocking a dataset would come to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is so or not, whatever the others are")]
#[non_exhaustive]
pub struct EncryptionSummary {
    /// Which dataset, one with a key of its own.
    #[serde(rename = "name")]
    pub dataset: DatasetId,
    /// What its key is.
    pub key_format: KeyFormat,
    /// Whether the appliance keeps the key.
    pub key_present_in_database: bool,
    /// Whether the key that was given, or is kept, is the right one.
    pub valid_key: bool,
    /// Whether it is locked now.
    pub locked: bool,
    /// Why it could not be unlocked.
    #[serde(default)]
    pub unlock_error: Option<String>,
    /// Whether it could be unlocked, or is.
    pub unlock_successful: bool,
}

/// What a dataset's key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum KeyFormat {
    /// 64 hexadecimal digits.
    Hex,
    /// A passphrase.
    Passphrase,
    /// Bytes, from elsewhere.
    Raw,
    /// A format of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// Keys of datasets, by the datasets' names.
#[derive(Debug)]
pub struct ExportedKeys(BTreeMap<DatasetId, DatasetKey>);

impl ExportedKeys {
    fn read(text: &[u8]) -> Option<Self> {
        let mut keys: BTreeMap<DatasetId, String> = serde_json::from_slice(text).ok()?;
        let secret = |(id, key): (&DatasetId, &mut String)| {
            let secret = DatasetKey::new(key.as_str());
            key.zeroize();
            (id.clone(), secret)
        };
        Some(Self(keys.iter_mut().map(secret).collect()))
    }

    /// The key of a dataset.
    pub fn get(&self, dataset: &DatasetId) -> Option<&DatasetKey> {
        self.0.get(dataset)
    }

    /// Every dataset with its key, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&DatasetId, &DatasetKey)> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
