//! Whose backup is restored, and what opens it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use dtc_naming::{BucketName, DeviceGuid};
use rclone_crypt::{Filter, Keys, Mapping, NameEncryption, NameForm, Names};

use crate::error::{Error, Refusal};
use crate::escrow;
use crate::facts::{Fact, Unread, place, vault_records};
use crate::ids::{KeyId, RecordId, RecordRef};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Bucket, Record, RestoreAccess, VersionStore, Views};
use crate::proofs::{Backup, Bound, Escrowed, Minted, Slot};
use crate::secret::{ApplicationKey, ApplicationKeySecret, EncryptionSecrets, Mistake};
use crate::site::Site;
use crate::standard::bucket::HIDING_TO_DELETING_DAYS;

/// One appliance's backup, with the key that reads it and the pair that opens it. No secret comes out of it.
pub struct RestoreSource {
    store: Arc<dyn VersionStore>,
    key: Escrowed<ApplicationKey>,
    pair: Escrowed<EncryptionSecrets>,
    access: RestoreAccess,
    keys: OnceLock<Arc<Keys>>,
    retained: Retained,
    names: NameForm,
}

/// How long the bucket keeps a version that no longer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retained {
    /// So many days, by its lifecycle rules.
    Days(u32),
    /// For good: no rule deletes.
    Forever,
    /// So many days by the standard (B1); the bucket's rules could not be read.
    Assumed(u32),
}

/// What a vault record, saved by hand, says of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedRecord {
    /// The bucket.
    pub bucket: BucketName,
    /// The appliance.
    pub device: DeviceGuid,
    /// The id of the appliance's key.
    pub key_id: KeyId,
    /// How the names of its objects are made.
    pub names: NameForm,
}

impl SavedRecord {
    /// A record that says this, of a backup whose names are not encrypted (C2).
    pub fn new(bucket: BucketName, device: DeviceGuid, key_id: KeyId) -> Self {
        Self { bucket, device, key_id, names: NameForm::off() }
    }

    /// The same, of a backup whose names are made in another way.
    pub fn with_names(self, names: NameForm) -> Self {
        Self { names, ..self }
    }
}

impl RestoreSource {
    /// The backup of the site's location, by what the vault holds of it. The appliance is not asked: it may be gone.
    ///
    /// # Errors
    /// NinjaOne or the vault does not answer; the vault holds no whole set of secrets, or one that is not fit for use (E3a); or several
    /// appliances back up into the bucket and none is named.
    pub async fn from_vault(site: &Site, views: &Views, device: Option<DeviceGuid>) -> Result<Self, Error> {
        let place: Fact<_> = place(site, views).await.into();
        let found = place.read().map_err(Unread::error)?;
        let records = vault_records(site, views, &place).await.map_err(|unread| unread.error())?;
        let device = match device {
            Some(named) => named,
            None => only_device(&records.records, &found.bucket_name)?,
        };
        let backup = Backup { bucket: found.bucket_name.clone(), device };
        let (secrets, organization) = (views.secrets.as_ref(), &records.organization.id);
        let key = escrow::recall_from(secrets, organization, &backup, &records.records);
        let pair = escrow::recall_from(secrets, organization, &backup, &records.records);
        let (key, pair) = futures_util::future::try_join(key, pair).await?;
        let key = key.ok_or_else(|| incomplete(&backup, "application key"))?;
        let pair = pair.ok_or_else(|| incomplete(&backup, "encryption password and salt"))?;
        let retained = match views.object_store.bucket(&backup.bucket).await {
            Ok(Some(bucket)) => Retained::by(&bucket),
            _ => Retained::Assumed(HIDING_TO_DELETING_DAYS),
        };
        Ok(Self::new(views.versions.clone(), key, pair, backup, retained))
    }

    /// The backup that a saved record is about, with the secrets that were saved beside it.
    pub fn from_record(
        record: SavedRecord,
        key: ApplicationKeySecret,
        pair: EncryptionSecrets,
        store: Arc<dyn VersionStore>,
    ) -> Self {
        let SavedRecord { bucket, device, key_id, names } = record;
        let backup = Backup { bucket, device };
        let reference = RecordRef { id: RecordId::new("saved"), url: "the saved record".to_owned() };
        // The vault gave them out before they were saved.
        let key = Minted::new(ApplicationKey { id: key_id, secret: key });
        let key = key.attested(reference.clone(), backup.clone());
        let pair = Minted::new(pair).attested(reference, backup.clone());
        Self::new(store, key, pair, backup, Retained::Assumed(HIDING_TO_DELETING_DAYS)).with_names(names)
    }

    fn new(
        store: Arc<dyn VersionStore>,
        key: Escrowed<ApplicationKey>,
        pair: Escrowed<EncryptionSecrets>,
        backup: Backup,
        retained: Retained,
    ) -> Self {
        let access = RestoreAccess { backup };
        Self { store, key, pair, access, keys: OnceLock::new(), retained, names: NameForm::off() }
    }

    /// The same backup, whose names are made in another way than the standard's tasks make them (C2), such as encrypted.
    pub fn with_names(self, names: NameForm) -> Self {
        Self { names, ..self }
    }

    /// The appliance and its bucket.
    pub fn backup(&self) -> &Backup {
        &self.access.backup
    }

    /// How long the bucket keeps a version that no longer stands.
    pub fn retained(&self) -> Retained {
        self.retained
    }

    pub(super) fn store(&self) -> &dyn VersionStore {
        self.store.as_ref()
    }

    pub(super) fn access(&self) -> Result<Bound<'_, RestoreAccess>, Error> {
        Ok(self.key.for_use(&self.access)?)
    }

    /// What the pair derives to: slow on purpose, and done once.
    pub(super) fn keys(&self) -> Result<Arc<Keys>, Error> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys.clone());
        }
        let keys = self.pair.value().keys()?;
        Ok(self.keys.get_or_init(|| keys).clone())
    }

    /// Whether an object's name begins as its file's path does.
    pub(super) fn names_are_plain(&self) -> bool {
        matches!(self.names.encryption, NameEncryption::Off(_))
    }

    /// From the names of objects in a folder to the paths of files, and back.
    pub(super) fn mapping(&self, folder: &str, filter: Filter) -> Result<Mapping, Error> {
        let NameForm { encryption, directories } = self.names.clone();
        let names = match encryption {
            // These need no keys, which take their time.
            NameEncryption::Off(suffix) => Names::off_with(suffix),
            encryption => Names::new(self.keys()?.as_ref(), encryption, directories),
        };
        Ok(Mapping::new(folder, names, filter))
    }

    /// What the pair derives to if it was written down with a common mistake.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        self.pair.value().mistakes()
    }

    /// Where the pair was found.
    pub(super) fn pair_record(&self) -> &RecordRef {
        self.pair.record()
    }

    /// A failed call, with the record to look at where the key is the reason.
    pub(super) fn explained(&self, error: PortError, capability: &str) -> Error {
        match error.kind() {
            PortErrorKind::Unauthorized | PortErrorKind::CredentialsRejected => {
                let (key, record) = (self.key.key_id(), &self.key.record().url);
                Refusal::precondition(
                    "K2",
                    format!("the appliance's key {key} does not do: {error}"),
                    format!(
                        "Look at its record, {record}: the key must be this bucket's, live, and have the capability {capability}"
                    ),
                )
                .into()
            }
            _ => error.into(),
        }
    }
}

impl Retained {
    fn by(bucket: &Bucket) -> Self {
        let rules = bucket.settings.lifecycle.iter();
        rules.filter_map(|rule| rule.hiding_to_deleting).min().map_or(Self::Forever, Self::Days)
    }

    /// The days, if they end.
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Days(days) | Self::Assumed(days) => Some(days),
            Self::Forever => None,
        }
    }
}

/// The one appliance of which the vault holds a key for the bucket.
fn only_device(records: &[Record], bucket: &BucketName) -> Result<DeviceGuid, Refusal> {
    let of_bucket = |record: &&Record| {
        record.slot == Slot::ApplicationKey && record.bucket.as_ref().is_some_and(|name| name == bucket)
    };
    let devices: BTreeSet<String> = records
        .iter()
        .filter(of_bucket)
        .filter_map(|record| record.device)
        .map(|device: DeviceGuid| device.to_string())
        .collect();
    let mut all = devices.iter();
    match (all.next().and_then(|only| only.parse().ok()), all.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Refusal::precondition(
            "E1",
            format!("the vault holds no application key of the bucket {bucket}"),
            "Look for the record in the vault's archive, or give a saved one with its secrets",
        )),
        (Some(_), Some(_)) => {
            let devices: Vec<&str> = devices.iter().map(String::as_str).collect();
            Err(Refusal::blocked(
                "E5",
                format!("{} appliances back up into {bucket}: {}", devices.len(), devices.join(", ")),
                "Name the one to restore by its Device GUID",
            ))
        }
    }
}

fn incomplete(backup: &Backup, what: &str) -> Refusal {
    Refusal::data_at_risk(
        "E1",
        format!("the vault holds no {what} of {backup}, or only a part of it"),
        "Look in the vault's archive and in its records' versions; without them nobody can open this backup",
    )
}

impl fmt::Debug for RestoreSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestoreSource").field("backup", self.backup()).finish_non_exhaustive()
    }
}
