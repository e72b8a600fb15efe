//! The secrets of an appliance.
//!
//! None of them can be printed, compared with `==`, cloned or serialised. Reading one is called `expose()`, everywhere.

use std::sync::Arc;

use rclone_crypt::Keys;

use crate::ids::KeyId;
use crate::port_error::{PortError, PortErrorKind};

safe_text::secret_types! {
    /// The secret half of an application key.
    ApplicationKeySecret;
    /// Cloud Sync's encryption password.
    EncryptionPassword;
    /// Cloud Sync's encryption salt (rclone's `password2`).
    EncryptionSalt;
    /// The SNMPv3 user's authentication password.
    SnmpPassword;
    /// The SNMPv3 user's privacy passphrase.
    SnmpPassphrase;
    /// What opens an encrypted dataset.
    DatasetSecret;
}

/// An application key: its id, and the secret that B2 shows once.
#[derive(Debug)]
pub struct ApplicationKey {
    /// The public half.
    pub id: KeyId,
    /// The secret half.
    pub secret: ApplicationKeySecret,
}

/// What opens a backup: password and salt. They never change for a Device GUID and bucket (E4).
#[derive(Debug)]
pub struct EncryptionSecrets {
    /// rclone's `password`.
    pub password: EncryptionPassword,
    /// rclone's `password2`.
    pub salt: EncryptionSalt,
}

impl EncryptionSecrets {
    /// The keys that they derive to. Deriving is slow on purpose, so it is done once for each use.
    pub(crate) fn keys(&self) -> Result<Arc<Keys>, PortError> {
        derive(self.password.expose(), self.salt.expose()).map_err(|error| {
            let attempted = "derive keys from the vault's password and salt";
            PortError::new(PortErrorKind::NotUnderstood, attempted, error.to_string())
        })
    }
}

/// A mistake in writing a pair down, and what the pair derives to without it.
pub(crate) type Mistake = (&'static str, Arc<Keys>);

impl EncryptionSecrets {
    /// What people mistake a pair for: one half for the other, and what rclone's configuration shows for what was typed.
    pub(crate) fn mistakes(&self) -> Vec<Mistake> {
        let (password, salt) = (self.password.expose(), self.salt.expose());
        let clear = |text: &str| rclone_crypt::reveal(text).ok();
        let derived = |what, password: &str, salt: &str| Some((what, derive(password, salt).ok()?));
        let (clear_password, clear_salt) = (clear(password), clear(salt));
        let clear_password = clear_password.as_ref().map_or(password, |clear| clear.expose());
        let clear_salt = clear_salt.as_ref().map_or(salt, |clear| clear.expose());
        let mistakes = [
            derived("password and salt are exchanged", salt, password),
            derived("both are in the form of rclone's configuration, obscured", clear_password, clear_salt),
            derived("the password is in the form of rclone's configuration, obscured", clear_password, salt),
            derived("the salt is in the form of rclone's configuration, obscured", password, clear_salt),
            derived("both are obscured, and exchanged", clear_salt, clear_password),
        ];
        mistakes.into_iter().flatten().collect()
    }
}

/// Derives a pair's keys. Tests make thousands of runs with the same pairs, so what each derives to is remembered for them.
#[cfg(feature = "memory-ports")]
pub(crate) fn derive(password: &str, salt: &str) -> Result<Arc<Keys>, rclone_crypt::Error> {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    static DERIVED: Mutex<BTreeMap<(String, String), Arc<Keys>>> = Mutex::new(BTreeMap::new());
    let mut derived = DERIVED.lock().unwrap_or_else(PoisonError::into_inner);
    let pair = (password.to_owned(), salt.to_owned());
    if let Some(found) = derived.get(&pair) {
        return Ok(found.clone());
    }
    let keys = Keys::derive(&rclone_crypt::Password::new(password), &rclone_crypt::Salt::new(salt))?;
    Ok(derived.entry(pair).or_insert(Arc::new(keys)).clone())
}

#[cfg(not(feature = "memory-ports"))]
fn derive(password: &str, salt: &str) -> Result<Arc<Keys>, rclone_crypt::Error> {
    Keys::derive(&rclone_crypt::Password::new(password), &rclone_crypt::Salt::new(salt)).map(Arc::new)
}

/// What lets NMS read the appliance (S1).
pub struct SnmpSecrets {
    /// The user's name, 12 letters; not secret by itself, drawn all the same.
    pub user: String,
    /// Authentication, SHA.
    pub password: SnmpPassword,
    /// Privacy, AES.
    pub passphrase: SnmpPassphrase,
}

impl std::fmt::Debug for SnmpSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SnmpSecrets")
    }
}

/// Of what kind the key of an encrypted dataset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatasetKeyFormat {
    /// 64 hexadecimal digits.
    Hex,
    /// A passphrase of eight characters or more.
    Passphrase,
}

impl DatasetKeyFormat {
    /// Digits of a key.
    pub const HEX_DIGITS: usize = 64;
    /// The least number of characters of a passphrase.
    pub const SHORTEST_PASSPHRASE: usize = 8;

    /// What stands beside the value in the vault.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Passphrase => "passphrase",
        }
    }

    /// Why a text is no key of this kind; `None` if it is one.
    pub fn problem(self, text: &str) -> Option<&'static str> {
        match self {
            Self::Hex if text.len() != Self::HEX_DIGITS => Some("a key has 64 hexadecimal digits"),
            Self::Hex if !text.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                Some("a key has hexadecimal digits alone")
            }
            Self::Passphrase if text.chars().count() < Self::SHORTEST_PASSPHRASE => {
                Some("a passphrase has eight characters or more")
            }
            Self::Hex | Self::Passphrase => None,
        }
    }

    /// Why a secret is no key of this kind.
    pub(crate) fn problem_of(self, secret: &DatasetSecret) -> Option<&'static str> {
        self.problem(secret.expose())
    }
}

/// The key of an encrypted dataset, and of the datasets below it that have none of their own.
#[derive(Debug)]
pub struct DatasetKey {
    /// Of what kind it is.
    pub format: DatasetKeyFormat,
    /// The key itself.
    pub secret: DatasetSecret,
}
