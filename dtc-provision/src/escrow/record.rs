//! A record's identity is what its notes say, never its label (E5).

use dtc_naming::{DeviceGuid, LocationName, VaultLabel};

use super::{Slot, Subject};
use crate::error::Refusal;
use crate::ports::{DeviceId, Notes, Record, VaultOrganizationId};

/// The bucket's name, in notes.
const BUCKET: &str = "Bucket Name";
/// The Device GUID, in notes.
const DEVICE: &str = "Device GUID";
/// The box's host name, in notes.
const HOST: &str = "Host Name";
/// The box's management address, in notes.
const ADDRESS: &str = "Management Address";
/// When the record was made, in notes.
const DATE: &str = "Provisioning Date";
/// Whether the backup is operational, in notes (V6).
pub const STATUS: &str = "Status";
/// The intent before a mint: every key of the bucket then, in the encryption password's notes (K3).
pub const KEYS_BEFORE_MINT: &str = "Keys Before Mint";
/// Keys of ours whose secret was lost, in the encryption password's notes (K3).
pub const ORPHANED_KEYS: &str = "Orphaned Keys";

/// Which set of records: whose organisation, which appliance, which bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordKey {
    /// The client's organisation in the vault (E6).
    pub organization: VaultOrganizationId,
    /// Whose secrets.
    pub subject: Subject,
}

/// Everything a new record says beside its secret (E1).
#[derive(Clone, Debug)]
pub struct Filing {
    /// Its identity.
    pub key: RecordKey,
    /// The location's name, for labels (N8).
    pub location: LocationName,
    /// The box's host name.
    pub host_name: String,
    /// The box's management address.
    pub management_address: String,
    /// The day it is made, ISO.
    pub date: String,
    /// The category it is filed in (E1a).
    pub category: String,
    /// The device whose configuration it is embedded on, where the vault knows it (E1a).
    pub embed_on: Option<DeviceId>,
}

impl Filing {
    /// A slot's notes: the identity first.
    pub(super) fn notes(&self, slot: Slot) -> Notes {
        let notes = Notes::default().with(DEVICE, &self.key.subject.device.to_string());
        let notes = match slot {
            Slot::SnmpPassword | Slot::SnmpPassphrase => notes,
            _ => notes.with(BUCKET, self.key.subject.bucket.as_str()),
        };
        notes.with(HOST, &self.host_name).with(ADDRESS, &self.management_address).with(DATE, &self.date)
    }
}

/// Two records claim one identity, and choosing would be guessing (E5).
pub type Ambiguous = Refusal;

/// The record that fills a slot for a subject, if there is one.
///
/// # Errors
/// Two do: [`Ambiguous`] names both.
pub fn find<'a>(
    records: &'a [Record],
    slot: Slot,
    subject: &Subject,
) -> Result<Option<&'a Record>, Ambiguous> {
    let mut found = records.iter().filter(|record| fills(record, slot) && belongs_to(record, slot, subject));
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        (Some(first), Some(second)) => Err(Refusal::data_at_risk(
            "E5",
            format!(
                "two vault records hold the {slot} of {}: {} and {}",
                subject.device, first.reference.url, second.reference.url
            ),
            "Compare them with what the box uses and archive the wrong one",
        )),
        (None, Some(_)) => Ok(None),
    }
}

/// Whether a record's label says that it is for this slot.
fn fills(record: &Record, slot: Slot) -> bool {
    record.label.parse::<VaultLabel>().is_ok_and(|label| {
        matches!(
            (label, slot),
            (VaultLabel::ApplicationKey(_), Slot::ApplicationKey)
                | (VaultLabel::EncryptionPassword(_), Slot::EncryptionPassword)
                | (VaultLabel::EncryptionSalt(_), Slot::EncryptionSalt)
                | (VaultLabel::NmsCredentials, Slot::SnmpPassword)
                | (VaultLabel::NmsPrivacyPassphrase, Slot::SnmpPassphrase)
        )
    })
}

/// Whether a record's notes carry this identity. A box's SNMP credentials are its own wherever it backs up to.
fn belongs_to(record: &Record, slot: Slot, subject: &Subject) -> bool {
    let device = record.notes.get(DEVICE).and_then(|text| text.parse::<DeviceGuid>().ok());
    let bucket = record.notes.get(BUCKET);
    let same_bucket = match slot {
        Slot::SnmpPassword | Slot::SnmpPassphrase => true,
        _ => bucket == Some(subject.bucket.as_str()),
    };
    device == Some(subject.device) && same_bucket
}

/// Every application key that a record of this bucket holds, whoever's: none of them is ever deleted (K4).
pub(crate) fn escrowed_keys<'a>(
    records: &'a [Record],
    bucket: &'a str,
) -> impl Iterator<Item = &'a str> + 'a {
    records
        .iter()
        .filter(move |record| fills(record, Slot::ApplicationKey) && record.notes.get(BUCKET) == Some(bucket))
        .filter_map(|record| record.user_name.as_deref())
}
