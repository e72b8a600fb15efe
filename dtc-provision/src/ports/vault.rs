//! The vault: records that hold one masked value each, filed under the appliance and the bucket they belong to (E1, E5).
//!
//! How a record is laid out — its label, its notes, its category — is the adapter's.

use async_trait::async_trait;
use dtc_naming::{BucketName, DatasetName, DeviceGuid, LocationName, PoolName};
use jiff::Timestamp;
use safe_text::SecretString;
use serde::{Deserialize, Serialize};

use super::note_text::NoteText;
use crate::ids::{DeviceId, KeyId, RecordId, RecordRef, VaultOrganizationId};
use crate::port_error::PortError;
use crate::proofs::{Slot, StoredSecret, ValueCheck};

/// A client as the vault knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultOrganization {
    /// Its id in the vault.
    pub id: VaultOrganizationId,
    /// Its name.
    pub name: String,
}

/// A record's identity: which part of whose secret it holds (E5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordIdentity {
    /// Which part of which secret.
    pub slot: Slot,
    /// The appliance.
    pub device: DeviceGuid,
    /// The bucket; `None` for a secret that is the appliance's alone.
    pub bucket: Option<BucketName>,
    /// The dataset; `None` for a secret that is no dataset's.
    pub dataset: Option<DatasetName>,
}

/// A live record, without its masked value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it is.
    pub reference: RecordRef,
    /// Which part of which secret it holds.
    pub slot: Slot,
    /// The appliance; `None` where it names none that can be read, so that it is nobody's.
    pub device: Option<DeviceGuid>,
    /// The bucket; `None` for a secret that is an appliance's alone.
    pub bucket: Option<BucketName>,
    /// The dataset; `None` for a secret that is no dataset's.
    pub dataset: Option<DatasetName>,
    /// The user name beside the masked value.
    pub user_name: Option<String>,
    /// The check of the value that was written with it; none in a record that people made (E3a).
    pub check: Option<ValueCheck>,
    /// The location that its label names, where labels of its slot name one (N8).
    pub location: Option<LocationName>,
    /// The account of mints that it keeps (K3).
    pub mints: MintAccount,
    /// Whether it says that the backup is operational (V6).
    pub operational: bool,
}

impl Record {
    /// Whether it is the record of this identity.
    pub fn is(&self, identity: &RecordIdentity) -> bool {
        let RecordIdentity { slot, device, bucket, dataset } = identity;
        (self.slot, self.device.as_ref(), &self.bucket, &self.dataset)
            == (*slot, Some(device), bucket, dataset)
    }
}

/// What is noted about keys that were minted, or about to be (K3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MintAccount {
    /// Every key of the bucket before a mint that has not been escrowed yet; `None` when none is under way.
    pub keys_before_mint: Option<Vec<KeyId>>,
    /// Keys of ours whose secret was lost.
    pub orphaned_keys: Vec<KeyId>,
}

/// A record to create; the masked value goes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Whose it is.
    pub identity: RecordIdentity,
    /// The user name beside the masked value.
    pub user_name: Option<String>,
    /// The check of the masked value (E3a).
    pub check: Option<ValueCheck>,
    /// What else it says.
    pub context: RecordContext,
}

/// What a new record says beside its secret and its identity (E1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordContext {
    /// The location, for labels (N8).
    pub location: LocationName,
    /// The appliance's host name.
    pub host_name: NoteText,
    /// The appliance's management address.
    pub management_address: NoteText,
    /// When it is made.
    pub created: Timestamp,
    /// The device it is embedded on, where the vault knows it (E1a).
    pub device: Option<DeviceId>,
}

/// What is noted on a record afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordNote {
    /// The account of mints (K3).
    Mints(MintAccount),
    /// The backup is operational (V6).
    Operational {
        /// Since when.
        since: Timestamp,
        /// Each pool's first run, in words.
        first_backups: Vec<(PoolName, NoteText)>,
    },
}

/// Reads the vault, without its secrets.
#[async_trait]
pub trait VaultView: Send + Sync {
    /// Every organisation of exactly this name (E6).
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError>;
    /// Every live record of an organisation that is ours, by its label and the identity in its notes (E5, N8).
    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError>;
    /// Why no new records that say this can be made for the organisation, such as a label that is too long, or a device that
    /// the vault knows as another organisation's (E6); `None` if they can. Known before anything is written (X1c); reads
    /// what that takes.
    async fn refuses(
        &self,
        organization: &VaultOrganizationId,
        context: &RecordContext,
    ) -> Result<Option<String>, PortError>;
}

/// Reads secrets back. Only escrow, and what compares and proves, are given this port.
#[async_trait]
pub trait VaultSecrets: Send + Sync {
    /// A record's masked value. A vault that withholds it is an error that says why, never an empty value.
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError>;
}

/// Writes the vault.
#[async_trait]
pub trait Vault: VaultView {
    /// Creates a record. Never tried twice: after a lost answer the caller looks for it.
    async fn create(
        &self,
        organization: &VaultOrganizationId,
        record: &NewRecord,
        value: &SecretString,
    ) -> Result<RecordRef, PortError>;
    /// Replaces a record's masked value, user name and check; the vault keeps the version before.
    async fn replace(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
        check: Option<&ValueCheck>,
    ) -> Result<(), PortError>;
    /// Notes something on a record, in place of an earlier note of its kind; everything else in it stays.
    async fn note(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        note: &RecordNote,
    ) -> Result<(), PortError>;
}
