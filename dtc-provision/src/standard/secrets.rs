//! What secrets look like: those that are drawn (E3, S1), and those that can be used at all (E3a).

use std::ops::RangeInclusive;

use crate::proofs::Slot;
use crate::secret::DatasetKeyFormat;

/// ASCII 33–126: what a password or salt is drawn from (E3).
pub const ENCRYPTION_ALPHABET: RangeInclusive<u8> = 33..=126;
/// Characters of a password or salt (E3).
pub const ENCRYPTION_LENGTH: usize = 32;
/// What SNMP credentials are drawn from: nothing that the daemon's configuration would have to quote; a user has the
/// letters alone (S1).
pub const SNMP_ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Letters of an SNMP user name (S1).
pub const SNMP_USER_LENGTH: usize = 12;
/// Characters of an SNMP password or passphrase (S1).
pub const SNMP_SECRET_LENGTH: usize = 24;

/// Whether a value is of the form that ours have: E3's for password and salt, S1's for SNMP, B2's for an application key.
pub fn conforms(slot: Slot, user_name: Option<&str>, value: &str) -> bool {
    match slot {
        Slot::EncryptionPassword | Slot::EncryptionSalt => {
            value.len() == ENCRYPTION_LENGTH && value.bytes().all(|byte| ENCRYPTION_ALPHABET.contains(&byte))
        }
        Slot::SnmpPassword => user_name.is_some_and(is_snmp_user) && is_snmp_secret(value),
        Slot::SnmpPassphrase => is_snmp_secret(value),
        Slot::ApplicationKey => user_name.is_some_and(is_token) && is_token(value),
        // A passphrase is chosen by a person.
        Slot::DatasetKey => {
            user_name == Some(DatasetKeyFormat::Hex.as_str())
                && DatasetKeyFormat::Hex.problem(value).is_none()
        }
    }
}

fn is_snmp_user(name: &str) -> bool {
    name.len() == SNMP_USER_LENGTH && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_snmp_secret(value: &str) -> bool {
    value.len() == SNMP_SECRET_LENGTH && value.bytes().all(|byte| SNMP_ALPHABET.contains(&byte))
}

/// Key id and application key are printable ASCII without spaces.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Why a value cannot be a secret of its slot whoever chose it; `None` if it can.
pub fn unusable(slot: Slot, user_name: Option<&str>, value: &str) -> Option<&'static str> {
    let has_user = matches!(slot, Slot::SnmpPassword | Slot::ApplicationKey | Slot::DatasetKey);
    if has_user && user_name.is_none_or(str::is_empty) {
        return Some("its user name is missing");
    }
    let texts = [user_name.filter(|_| has_user), Some(value)];
    if value.is_empty() {
        Some("it is empty")
    } else if texts.into_iter().flatten().any(|text| text.chars().any(char::is_control)) {
        Some("it holds a line end or another control character")
    } else if slot == Slot::ApplicationKey && !conforms(slot, user_name, value) {
        Some("B2 makes no such key")
    } else if slot == Slot::DatasetKey {
        dataset_key_problem(user_name, value)
    } else {
        None
    }
}

fn dataset_key_problem(format: Option<&str>, value: &str) -> Option<&'static str> {
    let formats = [DatasetKeyFormat::Hex, DatasetKeyFormat::Passphrase];
    match formats.into_iter().find(|known| Some(known.as_str()) == format) {
        Some(format) => format.problem(value),
        None => Some("its user name is neither hex nor passphrase"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the procedure has people draw by hand: `openssl rand -base64 32`.
    const BASE64: &str = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80=";

    #[test]
    fn e3a_what_is_found_is_held_to_the_form_of_what_is_drawn() {
        let (graphic, letters) = ("!\"#$%&'()*+,-./0123456789:;<=>?@~", "AbcdefghijkL");
        let (password, snmp) = (Slot::EncryptionPassword, "A1b2C3d4E5f6G7h8I9j0K1l2");
        assert_eq!((graphic.len(), snmp.len(), BASE64.len()), (33, 24, 44));
        let cases = [
            (password, None, &graphic[..32], true),
            (Slot::EncryptionSalt, None, &graphic[1..], true),
            (password, None, graphic, false),
            (password, None, &graphic[..31], false),
            (password, None, ";", false),
            (password, None, "", false),
            (password, None, BASE64, false),
            (password, None, "has a space and 32 characters !!", false),
            (password, None, "ä is not one of the characters!", false),
            (Slot::SnmpPassword, Some(letters), snmp, true),
            (Slot::SnmpPassword, None, snmp, false),
            (Slot::SnmpPassword, Some("AbcdefghijkL1"), snmp, false),
            (Slot::SnmpPassword, Some("Abcdefghijk1"), snmp, false),
            (Slot::SnmpPassword, Some(letters), &snmp[1..], false),
            (Slot::SnmpPassphrase, None, snmp, true),
            (Slot::SnmpPassphrase, None, &graphic[..24], false),
            (Slot::ApplicationKey, Some("0051234567890ab0000000001"), "K005abcDEF/+=", true),
            (Slot::ApplicationKey, None, "K005abcDEF", false),
            (Slot::ApplicationKey, Some("005"), "K005\n", false),
        ];
        for (slot, user, value, expected) in cases {
            assert_eq!(conforms(slot, user, value), expected, "{slot} {user:?} {value:?}");
        }
    }

    #[test]
    fn e3a_what_a_person_chose_can_be_used_and_a_remnant_cannot() {
        let cases = [
            (Slot::EncryptionPassword, None, BASE64, true),
            (Slot::EncryptionSalt, None, "our old salt, with spaces", true),
            (Slot::SnmpPassword, Some("nms"), "quoted \"here\" and \\ there", true),
            (Slot::EncryptionPassword, None, "", false),
            (Slot::EncryptionPassword, None, "two\nlines", false),
            (Slot::SnmpPassword, None, "without its user", false),
            (Slot::SnmpPassword, Some(""), "without its user", false),
            (Slot::ApplicationKey, Some("005"), "not a key of B2", false),
        ];
        for (slot, user, value, expected) in cases {
            assert_eq!(unusable(slot, user, value).is_none(), expected, "{slot} {user:?} {value:?}");
        }
    }
}
