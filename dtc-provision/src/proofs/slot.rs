//! The vault's slots: which record holds which part of which secret (E1a, S2).

use std::fmt;

use dtc_naming::DeviceGuid;
use safe_text::{SecretString, same_text};
use serde::{Deserialize, Serialize};

use super::identity::{Backup, DatasetOf, SecretIdentity};
use crate::ids::KeyId;
use crate::secret::{
    ApplicationKey, ApplicationKeySecret, DatasetKey, DatasetKeyFormat, DatasetSecret, EncryptionPassword,
    EncryptionSalt, EncryptionSecrets, SnmpPassphrase, SnmpPassword, SnmpSecrets,
};

mod sealed {
    pub trait Sealed {}
}

/// A secret that fills slots of the vault.
pub trait Escrowable: sealed::Sealed + Sized + fmt::Debug + Send + Sync {
    /// What it belongs to, and is filed under.
    type Identity: SecretIdentity;
    /// Its slots, the first of which holds what stands for the whole.
    const SLOTS: &'static [Slot];
    /// The user name and value of each slot, in the order of [`SLOTS`](Self::SLOTS).
    fn parts(&self) -> Vec<(Option<&str>, &str)>;
    /// Puts it together from what the vault holds, in the same order.
    fn assemble(parts: Vec<StoredSecret>) -> Option<Self>;
    /// Whether both are the same secret, in time that does not depend on where they differ.
    fn same_as(&self, other: &Self) -> bool;
}

/// One masked value's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The key id as user name, the application key as value.
    ApplicationKey,
    /// The encryption password.
    EncryptionPassword,
    /// The encryption salt.
    EncryptionSalt,
    /// The SNMPv3 user, and its authentication password.
    SnmpPassword,
    /// The SNMPv3 privacy passphrase.
    SnmpPassphrase,
    /// The kind of a dataset's key as user name, the key as value.
    DatasetKey,
}

impl Slot {
    /// Whether its record belongs to one bucket, and not to the appliance alone.
    pub fn is_of_a_bucket(self) -> bool {
        matches!(self, Self::ApplicationKey | Self::EncryptionPassword | Self::EncryptionSalt)
    }

    /// Whether its record belongs to one dataset of the appliance.
    pub fn is_of_a_dataset(self) -> bool {
        matches!(self, Self::DatasetKey)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApplicationKey => "application key",
            Self::EncryptionPassword => "encryption password",
            Self::EncryptionSalt => "encryption salt",
            Self::SnmpPassword => "SNMPv3 user and password",
            Self::SnmpPassphrase => "SNMPv3 privacy passphrase",
            Self::DatasetKey => "dataset key",
        })
    }
}

/// A record's masked value, with the user name beside it, as a vault gave it back. Only this crate reads it.
#[derive(Debug)]
pub struct StoredSecret {
    user_name: Option<String>,
    value: SecretString,
}

impl StoredSecret {
    /// Takes in what the vault gave back.
    pub fn new(user_name: Option<String>, value: SecretString) -> Self {
        Self { user_name, value }
    }

    /// The user name and the value.
    pub(crate) fn parts(&self) -> (Option<&str>, &str) {
        (self.user_name.as_deref(), self.value.expose_secret())
    }

    /// Whether it is this value under this user name; a user name of `None` is not compared.
    pub(crate) fn holds(&self, user_name: Option<&str>, value: &str) -> bool {
        same_text(self.value.expose_secret(), value)
            && user_name.is_none_or(|name| self.user_name.as_deref() == Some(name))
    }
}

impl sealed::Sealed for ApplicationKey {}
impl Escrowable for ApplicationKey {
    type Identity = Backup;
    const SLOTS: &'static [Slot] = &[Slot::ApplicationKey];

    fn parts(&self) -> Vec<(Option<&str>, &str)> {
        vec![(Some(self.id.as_str()), self.secret.expose())]
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let part = parts.into_iter().next()?;
        Some(Self { id: KeyId::new(part.user_name?), secret: ApplicationKeySecret::new(part.value) })
    }

    fn same_as(&self, other: &Self) -> bool {
        self.id == other.id && self.secret.same_as(&other.secret)
    }
}

impl sealed::Sealed for EncryptionSecrets {}
impl Escrowable for EncryptionSecrets {
    type Identity = Backup;
    const SLOTS: &'static [Slot] = &[Slot::EncryptionPassword, Slot::EncryptionSalt];

    fn parts(&self) -> Vec<(Option<&str>, &str)> {
        vec![(None, self.password.expose()), (None, self.salt.expose())]
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let mut values = parts.into_iter().map(|part| part.value);
        let (password, salt) = (values.next()?, values.next()?);
        Some(Self { password: EncryptionPassword::new(password), salt: EncryptionSalt::new(salt) })
    }

    fn same_as(&self, other: &Self) -> bool {
        self.password.same_as(&other.password) & self.salt.same_as(&other.salt)
    }
}

impl sealed::Sealed for SnmpSecrets {}
impl Escrowable for SnmpSecrets {
    type Identity = DeviceGuid;
    const SLOTS: &'static [Slot] = &[Slot::SnmpPassword, Slot::SnmpPassphrase];

    fn parts(&self) -> Vec<(Option<&str>, &str)> {
        vec![(Some(&self.user), self.password.expose()), (None, self.passphrase.expose())]
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let (first, second) = (parts.next()?, parts.next()?);
        Some(Self {
            user: first.user_name?,
            password: SnmpPassword::new(first.value),
            passphrase: SnmpPassphrase::new(second.value),
        })
    }

    fn same_as(&self, other: &Self) -> bool {
        same_text(&self.user, &other.user)
            & self.password.same_as(&other.password)
            & self.passphrase.same_as(&other.passphrase)
    }
}

impl sealed::Sealed for DatasetKey {}
impl Escrowable for DatasetKey {
    type Identity = DatasetOf;
    const SLOTS: &'static [Slot] = &[Slot::DatasetKey];

    fn parts(&self) -> Vec<(Option<&str>, &str)> {
        vec![(Some(self.format.as_str()), self.secret.expose())]
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let part = parts.into_iter().next()?;
        let formats = [DatasetKeyFormat::Hex, DatasetKeyFormat::Passphrase];
        let format = formats.into_iter().find(|format| Some(format.as_str()) == part.user_name.as_deref())?;
        Some(Self { format, secret: DatasetSecret::new(part.value) })
    }

    fn same_as(&self, other: &Self) -> bool {
        self.format == other.format && self.secret.same_as(&other.secret)
    }
}
