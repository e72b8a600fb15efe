//! Drawing new secrets from the entropy port (E3, S1).

use safe_text::SecretString;
use zeroize::Zeroize;

use crate::port_error::PortError;
use crate::ports::Entropy;
use crate::proofs::{Escrowable, Slot, StoredSecret};
use crate::secret::{DatasetKey, DatasetKeyFormat, EncryptionSecrets, SnmpSecrets};
use crate::standard::secrets::{
    ENCRYPTION_ALPHABET, ENCRYPTION_LENGTH, SNMP_ALPHABET, SNMP_SECRET_LENGTH, SNMP_USER_LENGTH,
};

/// A secret that we make ourselves, part by part.
pub trait Drawn: Escrowable {
    /// Draws the part that fills a slot.
    ///
    /// # Errors
    /// When the operating system's generator fails.
    fn draw(slot: Slot, entropy: &dyn Entropy) -> Result<StoredSecret, PortError>;
}

impl Drawn for EncryptionSecrets {
    fn draw(_slot: Slot, entropy: &dyn Entropy) -> Result<StoredSecret, PortError> {
        Ok(StoredSecret::new(None, draw_encryption(entropy)?))
    }
}

impl Drawn for SnmpSecrets {
    fn draw(slot: Slot, entropy: &dyn Entropy) -> Result<StoredSecret, PortError> {
        let user = match slot {
            Slot::SnmpPassword => Some(draw_snmp_user(entropy)?),
            _ => None,
        };
        Ok(StoredSecret::new(user, draw_snmp(entropy)?))
    }
}

impl Drawn for DatasetKey {
    /// A key of 64 hexadecimal digits, 256 bits.
    fn draw(_slot: Slot, entropy: &dyn Entropy) -> Result<StoredSecret, PortError> {
        Ok(StoredSecret::new(Some(DatasetKeyFormat::Hex.as_str().to_owned()), draw_hex(entropy)?))
    }
}

/// Draws 64 hexadecimal digits, 256 bits.
pub(crate) fn draw_hex(entropy: &dyn Entropy) -> Result<SecretString, PortError> {
    draw(entropy, b"0123456789abcdef", DatasetKeyFormat::HEX_DIGITS)
}

/// Draws a password or salt: 32 characters, uniformly with replacement, from ASCII 33–126 (E3).
fn draw_encryption(entropy: &dyn Entropy) -> Result<SecretString, PortError> {
    let alphabet: Vec<u8> = ENCRYPTION_ALPHABET.collect();
    draw(entropy, &alphabet, ENCRYPTION_LENGTH)
}

/// Draws an SNMP password or passphrase: 24 letters and digits (S1).
fn draw_snmp(entropy: &dyn Entropy) -> Result<SecretString, PortError> {
    draw(entropy, SNMP_ALPHABET, SNMP_SECRET_LENGTH)
}

/// Draws an SNMP user name: 12 letters (S1).
fn draw_snmp_user(entropy: &dyn Entropy) -> Result<String, PortError> {
    draw(entropy, &SNMP_ALPHABET[..52], SNMP_USER_LENGTH).map(|user| user.expose_secret().to_owned())
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
        assert_eq!(seen.keys().copied().collect::<Vec<_>>(), ENCRYPTION_ALPHABET.collect::<Vec<_>>());
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
}
