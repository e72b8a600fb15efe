//! Escrow before use, kept by types (E2).
//!
//! A fresh secret is [`Minted`]: it can do one thing, be escrowed. What the vault was given *and gave back equal* is
//! [`Escrowed`], and only that is accepted by the ports that put secrets to use.
//!
//! The right order compiles:
//!
//! ```
//! use dtc_provision::{escrow::{Filing, Minted}, ports::{Appliance, Patience, SnmpSpec, Vault}, secret::SnmpSecrets};
//!
//! async fn in_order(vault: &dyn Vault, filing: &Filing, appliance: &dyn Appliance, secrets: Minted<SnmpSecrets>) {
//!     if let Ok(escrowed) = secrets.escrow(vault, filing, &Patience::default()).await {
//!         let _ = appliance.put_snmp(&SnmpSpec, &escrowed).await;
//!     }
//! }
//! ```
//!
//! An `Escrowed` cannot be made by hand:
//!
//! ```compile_fail
//! use dtc_provision::{escrow::Escrowed, secret::EncryptionSecrets};
//!
//! fn forge(secrets: EncryptionSecrets) -> Escrowed<EncryptionSecrets> {
//!     Escrowed::from(secrets)
//! }
//! ```
//!
//! A `Minted` is not accepted in its place:
//!
//! ```compile_fail
//! use dtc_provision::{escrow::Minted, ports::{Appliance, SnmpSpec}, secret::SnmpSecrets};
//!
//! async fn too_soon(appliance: &dyn Appliance, secrets: Minted<SnmpSecrets>) {
//!     let _ = appliance.put_snmp(&SnmpSpec, &secrets).await;
//! }
//! ```
//!
//! Nobody looks into a `Minted`:
//!
//! ```compile_fail
//! use dtc_provision::{escrow::Minted, secret::EncryptionSecrets};
//!
//! fn peek(secrets: &Minted<EncryptionSecrets>) -> &EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```

mod record;
mod slot;

use std::fmt;
use std::time::Duration;

use dtc_naming::{BucketName, DeviceGuid};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::ports::{
    Entropy, NewRecord, Patience, PortError, PortErrorKind, Record, RecordRef, StoredSecret, Vault, VaultView,
};
use crate::secret::{self, ApplicationKey, EncryptionSecrets, SnmpSecrets};

pub(crate) use record::escrowed_keys;
pub use record::{Ambiguous, Filing, KEYS_BEFORE_MINT, ORPHANED_KEYS, RecordKey, STATUS, find};
pub use slot::Slot;

/// Whose secret it is: a proof for another box or bucket is an error, not a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The bucket it belongs to.
    pub bucket: BucketName,
    /// The appliance it belongs to.
    pub device: DeviceGuid,
}

/// A secret that fills slots of the vault.
pub trait Escrowable: slot::Sealed + Sized + fmt::Debug + Send + Sync {
    /// Its slots, the first of which holds what stands for the whole.
    const SLOTS: &'static [Slot];
    /// Whether the vault's value may be replaced. What decrypts a backup never is (E4).
    const REPLACEABLE: bool;
    /// The user name and value of a slot.
    fn part(&self, slot: Slot) -> (Option<&str>, &str);
    /// Puts it together from what the vault holds, slot by slot in the order of [`SLOTS`](Self::SLOTS).
    fn assemble(parts: Vec<StoredSecret>) -> Option<Self>;
}

/// A secret nobody holds yet but us. It can be escrowed, and nothing else.
#[must_use = "a minted secret that is not escrowed is lost"]
pub struct Minted<T>(T);

/// A secret that the vault was given and gave back equal, or gave us in the first place.
pub struct Escrowed<T> {
    value: T,
    record: RecordRef,
    subject: Subject,
}

/// A secret that did not reach the vault: handed back, unused.
#[derive(Debug)]
pub struct NotEscrowed<T> {
    /// The secret.
    pub secret: Minted<T>,
    /// Why.
    pub why: Error,
}

impl<T> fmt::Debug for Minted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Minted")
    }
}

impl<T> fmt::Debug for Escrowed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Escrowed")
            .field("record", &self.record)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl<T> Escrowed<T> {
    /// The record that stands for it; what tickets and reports cite.
    pub fn record(&self) -> &RecordRef {
        &self.record
    }

    /// Whose it is.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether another secret of the kind is the same one, as `same` judges.
    pub(crate) fn matches(&self, other: &T, same: impl Fn(&T, &T) -> bool) -> bool {
        same(&self.value, other)
    }

    /// The secret itself, for the call that puts it to use.
    pub fn expose(&self) -> &T {
        &self.value
    }
}

impl<T: Escrowable> Minted<T> {
    /// Takes in a secret that was just made.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// Writes the secret's records, reads them back, and compares.
    ///
    /// A slot that already holds the same value is left alone; one that holds another is replaced only where that is
    /// allowed. After a lost answer the vault is looked at, never written again blindly.
    ///
    /// # Errors
    /// The secret is handed back, with what the vault did instead.
    pub async fn escrow(
        self,
        vault: &dyn Vault,
        filing: &Filing,
        patience: &Patience,
    ) -> Result<Escrowed<T>, NotEscrowed<T>> {
        let mut first = None;
        for &slot in T::SLOTS {
            let (user_name, value) = self.0.part(slot);
            match fill(vault, filing, slot, user_name, value, T::REPLACEABLE, patience).await {
                Ok(record) => drop(first.get_or_insert(record)),
                Err(why) => return Err(NotEscrowed { secret: self, why }),
            }
        }
        match first {
            Some(record) => Ok(Escrowed { value: self.0, record, subject: filing.key.subject.clone() }),
            None => Err(NotEscrowed {
                secret: self,
                why: unescrowed("a secret without slots", "it has no record", None),
            }),
        }
    }
}

impl Minted<EncryptionSecrets> {
    /// Draws what the vault does not hold yet; what it holds is kept (E4, E5).
    ///
    /// # Errors
    /// When the vault or the operating system's generator fails.
    pub async fn complete(
        vault: &dyn VaultView,
        key: &RecordKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, Error> {
        let records = vault.records(&key.organization).await?;
        let mut parts = Vec::new();
        for &slot in EncryptionSecrets::SLOTS {
            parts.push(match find(&records, slot, &key.subject)? {
                Some(record) => vault.read(&key.organization, &record.reference.id).await?,
                None => StoredSecret { user_name: None, value: secret::draw_encryption(entropy)? },
            });
        }
        assembled(parts).map(Self)
    }
}

impl Minted<SnmpSecrets> {
    /// Draws what the vault does not hold yet; what it holds is kept.
    ///
    /// # Errors
    /// When the vault or the operating system's generator fails.
    pub async fn complete(
        vault: &dyn VaultView,
        key: &RecordKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, Error> {
        let records = vault.records(&key.organization).await?;
        let mut parts = Vec::new();
        for &slot in SnmpSecrets::SLOTS {
            parts.push(match find(&records, slot, &key.subject)? {
                Some(record) => vault.read(&key.organization, &record.reference.id).await?,
                None => StoredSecret {
                    user_name: Some(secret::draw_snmp_user(entropy)?),
                    value: secret::draw_snmp(entropy)?,
                },
            });
        }
        assembled(parts).map(Self)
    }
}

/// What the vault holds of a secret, all of it, as a proof (E4: found, not made again).
///
/// # Errors
/// When the vault fails, or holds a slot twice.
pub async fn recall<T: Escrowable>(
    vault: &dyn VaultView,
    key: &RecordKey,
) -> Result<Option<Escrowed<T>>, Error> {
    let records = vault.records(&key.organization).await?;
    recall_from(vault, key, &records).await
}

/// [`recall`], where the organisation's records are at hand.
pub(crate) async fn recall_from<T: Escrowable>(
    vault: &dyn VaultView,
    key: &RecordKey,
    records: &[Record],
) -> Result<Option<Escrowed<T>>, Error> {
    let mut parts = Vec::new();
    let mut first = None;
    for &slot in T::SLOTS {
        let Some(record) = find(records, slot, &key.subject)? else { return Ok(None) };
        parts.push(vault.read(&key.organization, &record.reference.id).await?);
        first.get_or_insert_with(|| record.reference.clone());
    }
    let Some(record) = first else { return Ok(None) };
    Ok(Some(Escrowed { value: assembled(parts)?, record, subject: key.subject.clone() }))
}

fn assembled<T: Escrowable>(parts: Vec<StoredSecret>) -> Result<T, Error> {
    T::assemble(parts).ok_or_else(|| {
        let what = format!("read the vault's {}", T::SLOTS[0]);
        PortError::new(PortErrorKind::NotUnderstood, what, "the record lacks its user name").into()
    })
}

/// Brings one slot to hold `value`, and proves it by reading it back.
async fn fill(
    vault: &dyn Vault,
    filing: &Filing,
    slot: Slot,
    user_name: Option<&str>,
    value: &str,
    replaceable: bool,
    patience: &Patience,
) -> Result<RecordRef, Error> {
    let organization = &filing.key.organization;
    let label = slot.label(&filing.location).to_string();
    let records = vault.records(organization).await?;
    let record = match find(&records, slot, &filing.key.subject)? {
        Some(found) => {
            let held = vault.read(organization, &found.reference.id).await?;
            if !holds(&held, user_name, value) {
                if !replaceable {
                    let reason =
                        "the vault already holds another value, and what decrypts a backup is never replaced";
                    return Err(unescrowed(&label, reason, Some(found.reference.clone())));
                }
                let value = SecretString::from(value);
                settled(vault.replace(organization, &found.reference.id, user_name, &value).await)?;
            }
            found.reference.clone()
        }
        None => create(vault, filing, slot, user_name, value).await?,
    };
    read_back(vault, filing, &label, &record, user_name, value, patience).await?;
    Ok(record)
}

/// Creates a slot's record. After a lost answer the vault is looked at: if the record is there, it was created.
async fn create(
    vault: &dyn Vault,
    filing: &Filing,
    slot: Slot,
    user_name: Option<&str>,
    value: &str,
) -> Result<RecordRef, Error> {
    let record = NewRecord {
        label: slot.label(&filing.location).to_string(),
        user_name: user_name.map(str::to_owned),
        notes: filing.notes(slot),
        category: filing.category.clone(),
        device: filing.embed_on.clone(),
    };
    let label = record.label.clone();
    match vault.create(&filing.key.organization, &record, &SecretString::from(value)).await {
        Ok(record) => Ok(record),
        Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
            let records = vault.records(&filing.key.organization).await?;
            let found = find(&records, slot, &filing.key.subject)?.map(|record| record.reference.clone());
            found.ok_or_else(|| unescrowed(&label, "the answer was lost and no such record is there", None))
        }
        Err(error) => Err(error.into()),
    }
}

/// A write whose answer was lost is settled by the read that follows it.
fn settled(written: Result<(), PortError>) -> Result<(), PortError> {
    match written {
        Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => Ok(()),
        other => other,
    }
}

/// Reads a record until it holds the value, for as long as a vault may take to show what it was given (S27).
async fn read_back(
    vault: &dyn Vault,
    filing: &Filing,
    label: &str,
    record: &RecordRef,
    user_name: Option<&str>,
    value: &str,
    patience: &Patience,
) -> Result<(), Error> {
    let mut waited = Duration::ZERO;
    loop {
        // A record just made may not be there yet.
        match vault.read(&filing.key.organization, &record.id).await {
            Ok(held) if holds(&held, user_name, value) => return Ok(()),
            Err(error) if error.kind() != PortErrorKind::NotFound => return Err(error.into()),
            Ok(_) | Err(_) => {}
        }
        if waited >= patience.vault_read_back {
            let reason = "it reads back as something else than what was written";
            return Err(unescrowed(label, reason, Some(record.clone())));
        }
        tokio::time::sleep(patience.interval).await;
        waited += patience.interval;
    }
}

fn holds(held: &StoredSecret, user_name: Option<&str>, value: &str) -> bool {
    secret::same_text(held.value.expose_secret(), value)
        && user_name.is_none_or(|name| held.user_name.as_deref() == Some(name))
}

fn unescrowed(label: &str, reason: &str, record: Option<RecordRef>) -> Error {
    ErrorKind::NotEscrowed { label: label.to_owned(), reason: reason.to_owned(), record }.into()
}

impl Escrowed<ApplicationKey> {
    /// The key's public half.
    pub fn key_id(&self) -> &crate::ports::KeyId {
        &self.value.id
    }
}
