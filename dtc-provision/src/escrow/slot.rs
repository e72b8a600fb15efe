//! The vault's slots: which record holds which part of which secret (E1a, S2).

use std::fmt;

use dtc_naming::{LocationName, VaultLabel};
use secrecy::SecretString;

use super::Escrowable;
use crate::ports::{KeyId, StoredSecret};
use crate::secret::{
    ApplicationKey, ApplicationKeySecret, EncryptionPassword, EncryptionSalt, EncryptionSecrets,
    SnmpPassphrase, SnmpPassword, SnmpSecrets,
};

pub trait Sealed {}

/// One masked value's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Slot {
    /// The label of its record (N8, E1a, S2).
    pub(crate) fn label(self, location: &LocationName) -> VaultLabel {
        match self {
            Self::ApplicationKey => VaultLabel::ApplicationKey(location.clone()),
            Self::EncryptionPassword => VaultLabel::EncryptionPassword(location.clone()),
            Self::EncryptionSalt => VaultLabel::EncryptionSalt(location.clone()),
            Self::SnmpPassword => VaultLabel::NmsCredentials,
            Self::SnmpPassphrase => VaultLabel::NmsPrivacyPassphrase,
        }
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
        })
    }
}

/// Takes the next part's value.
fn next(parts: &mut impl Iterator<Item = StoredSecret>) -> Option<SecretString> {
    parts.next().map(|part| part.value)
}

impl Sealed for ApplicationKey {}
impl Escrowable for ApplicationKey {
    const SLOTS: &'static [Slot] = &[Slot::ApplicationKey];
    const REPLACEABLE: bool = true;

    fn part(&self, _: Slot) -> (Option<&str>, &str) {
        (Some(self.id.as_str()), self.secret.expose())
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let part = parts.into_iter().next()?;
        Some(Self { id: KeyId::new(part.user_name?), secret: ApplicationKeySecret::new(part.value) })
    }
}

impl Sealed for EncryptionSecrets {}
impl Escrowable for EncryptionSecrets {
    const SLOTS: &'static [Slot] = &[Slot::EncryptionPassword, Slot::EncryptionSalt];
    const REPLACEABLE: bool = false;

    fn part(&self, slot: Slot) -> (Option<&str>, &str) {
        match slot {
            Slot::EncryptionSalt => (None, self.salt.expose()),
            _ => (None, self.password.expose()),
        }
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let (password, salt) = (next(&mut parts)?, next(&mut parts)?);
        Some(Self { password: EncryptionPassword::new(password), salt: EncryptionSalt::new(salt) })
    }
}

impl Sealed for SnmpSecrets {}
impl Escrowable for SnmpSecrets {
    const SLOTS: &'static [Slot] = &[Slot::SnmpPassword, Slot::SnmpPassphrase];
    const REPLACEABLE: bool = false;

    fn part(&self, slot: Slot) -> (Option<&str>, &str) {
        match slot {
            Slot::SnmpPassphrase => (None, self.passphrase.expose()),
            _ => (Some(&self.user), self.password.expose()),
        }
    }

    fn assemble(parts: Vec<StoredSecret>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        Some(Self {
            user: first.user_name?,
            password: SnmpPassword::new(first.value),
            passphrase: SnmpPassphrase::new(next(&mut parts)?),
        })
    }
}
