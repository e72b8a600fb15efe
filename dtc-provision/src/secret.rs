//! The secrets of an appliance.
//!
//! None of them can be printed, compared with `==`, cloned or serialised. Reading one is called `expose()`, everywhere.

use crate::ids::KeyId;

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
