//! The secrets of an appliance.
//!
//! None of them can be printed, compared with `==`, cloned or serialised. Reading one is called `expose()`, everywhere.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use crate::ids::KeyId;

/// Declares an opaque text that is read through `expose()` only.
macro_rules! secret_type {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        pub struct $name(SecretString);

        impl $name {
            /// Takes the text in.
            pub fn new(text: SecretString) -> Self {
                Self(text)
            }

            /// The text itself. Each call is a place where it could leak.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            /// Whether both are the same text, in time that does not depend on where they differ.
            pub fn same_as(&self, other: &Self) -> bool {
                same_text(self.expose(), other.expose())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}

secret_type! {
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

/// Compares two texts in time that does not depend on where they differ; their lengths are no secret.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e8_a_secret_prints_as_its_name() {
        let secret = EncryptionPassword::new("hunter2".to_owned().into());
        assert_eq!(format!("{secret:?}"), "EncryptionPassword");
        assert!(secret.same_as(&EncryptionPassword::new("hunter2".to_owned().into())));
        assert!(!secret.same_as(&EncryptionPassword::new("hunter3".to_owned().into())));
    }
}
