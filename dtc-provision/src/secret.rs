//! The secrets of an appliance, and how they are drawn (E3, S1).
//!
//! None of them can be printed, compared, cloned or serialised. Reading one is called `expose()`, everywhere.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroize;

use crate::ports::{Entropy, KeyId, PortError};

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

/// What lets NMS read the box (S1).
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

impl EncryptionSecrets {
    /// Whether both open the same backups.
    pub fn same_as(&self, other: &Self) -> bool {
        self.password.same_as(&other.password) & self.salt.same_as(&other.salt)
    }
}

impl SnmpSecrets {
    /// Whether both let the same user in.
    pub fn same_as(&self, other: &Self) -> bool {
        same_text(&self.user, &other.user)
            & self.password.same_as(&other.password)
            & self.passphrase.same_as(&other.passphrase)
    }
}

impl ApplicationKey {
    /// Whether both are the same key with the same secret.
    pub fn same_as(&self, other: &Self) -> bool {
        self.id == other.id && self.secret.same_as(&other.secret)
    }
}

/// ASCII 33–126: what a password or salt is drawn from (E3).
const PRINTABLE: std::ops::RangeInclusive<u8> = 33..=126;
/// What SNMP credentials are drawn from: nothing that the daemon's configuration would have to quote (S1).
const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Characters of a password or salt (E3).
const ENCRYPTION_LENGTH: usize = 32;
/// Letters of an SNMP user name (S1).
const SNMP_USER_LENGTH: usize = 12;
/// Characters of an SNMP password or passphrase (S1).
const SNMP_SECRET_LENGTH: usize = 24;

/// Draws a password or salt: 32 characters, uniformly with replacement, from ASCII 33–126 (E3).
pub(crate) fn draw_encryption(entropy: &dyn Entropy) -> Result<SecretString, PortError> {
    let alphabet: Vec<u8> = PRINTABLE.collect();
    draw(entropy, &alphabet, ENCRYPTION_LENGTH)
}

/// Draws an SNMP password or passphrase: 24 letters and digits (S1).
pub(crate) fn draw_snmp(entropy: &dyn Entropy) -> Result<SecretString, PortError> {
    draw(entropy, ALPHANUMERIC, SNMP_SECRET_LENGTH)
}

/// Draws an SNMP user name: 12 letters (S1).
pub(crate) fn draw_snmp_user(entropy: &dyn Entropy) -> Result<String, PortError> {
    draw(entropy, &ALPHANUMERIC[..52], SNMP_USER_LENGTH).map(|user| user.expose_secret().to_owned())
}

/// Draws `length` characters from an ASCII alphabet, each as likely as any other: bytes past the largest multiple of
/// the alphabet's size are thrown away instead of wrapped around.
fn draw(entropy: &dyn Entropy, alphabet: &[u8], length: usize) -> Result<SecretString, PortError> {
    let fair = 256 / alphabet.len() * alphabet.len();
    let mut text = String::with_capacity(length);
    let mut bytes = [0u8; 64];
    while text.len() < length {
        entropy.fill(&mut bytes)?;
        let drawn = bytes.iter().map(|&byte| usize::from(byte)).filter(|&byte| byte < fair);
        text.extend(drawn.take(length - text.len()).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    bytes.zeroize();
    Ok(SecretString::from(text))
}

/// Compares two texts without telling by its duration where they differ; their lengths are no secret.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left.bytes().zip(right.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The high bytes of a linear congruence: even enough to count, and the same every time.
    struct Congruence(std::sync::Mutex<u32>);

    impl Congruence {
        fn from(seed: u32) -> Self {
            Self(std::sync::Mutex::new(seed))
        }
    }

    impl Entropy for Congruence {
        fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
            let mut state = self.0.lock().unwrap();
            for byte in out {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = state.to_be_bytes()[0];
            }
            Ok(())
        }
    }

    #[test]
    fn e3_every_printable_character_is_equally_likely() {
        let entropy = Congruence::from(1);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..94 * 20 {
            let drawn = draw_encryption(&entropy).unwrap();
            assert_eq!(drawn.expose_secret().len(), 32);
            for character in drawn.expose_secret().bytes() {
                *seen.entry(character).or_insert(0u32) += 1;
            }
        }
        assert_eq!(seen.keys().copied().collect::<Vec<_>>(), PRINTABLE.collect::<Vec<_>>());
        // 640 expected of each; wrapping 256 values around 94 would give some of them half as many again.
        let (least, most) = (seen.values().min().unwrap(), seen.values().max().unwrap());
        assert!(*least > 540 && *most < 740, "a character is favoured: {least} to {most} of 640");
    }

    #[test]
    fn s1_snmp_credentials_need_no_quoting() {
        let entropy = Congruence::from(7);
        let user = draw_snmp_user(&entropy).unwrap();
        assert!(user.len() == 12 && user.bytes().all(|b| b.is_ascii_alphabetic()), "{user}");
        let password = draw_snmp(&entropy).unwrap();
        let text = password.expose_secret();
        assert!(text.len() == 24 && text.bytes().all(|b| b.is_ascii_alphanumeric()), "{text}");
    }

    #[test]
    fn e8_a_secret_prints_as_its_name() {
        let secret = EncryptionPassword::new("hunter2".to_owned().into());
        assert_eq!(format!("{secret:?}"), "EncryptionPassword");
        assert!(secret.same_as(&EncryptionPassword::new("hunter2".to_owned().into())));
        assert!(!secret.same_as(&EncryptionPassword::new("hunter3".to_owned().into())));
    }
}
