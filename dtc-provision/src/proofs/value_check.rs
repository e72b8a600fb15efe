//! A digest beside a record's value, by which a value that is not what was written shows (E3a).

use std::fmt;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::identity::SecretIdentity;
use super::slot::Slot;
use safe_text::same_text;

/// Bytes of the digest that are kept: enough to notice any change, and far fewer than what a secret of ours has.
const KEPT: usize = 8;

/// A short digest of a value, its user name, its slot and its identity, kept in the notes of the record that we write.
///
/// A vault that alters a value when it takes it in, and a hand that changes it later, leave a record whose value is another
/// than its check says. It is written only beside secrets that we draw or B2 mints: those have at least 143 bits, so that
/// the digest helps nobody to guess them. A value that a person chose never gets one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ValueCheck(String);

impl ValueCheck {
    /// Takes in what a record says; any text, since one that was altered has to differ.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The check of a value in the slot of somebody's secret.
    pub(crate) fn of<I: SecretIdentity>(slot: Slot, of: &I, user_name: Option<&str>, value: &str) -> Self {
        let mut digest = Sha256::new();
        let (slot, identity) = (slot.to_string(), of.to_string());
        for part in ["value check 1", &slot, &identity, user_name.unwrap_or_default(), value] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let mut text = String::with_capacity(2 * KEPT);
        for byte in digest.finalize().iter().take(KEPT) {
            // Writing into a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Whether it is the check of this value.
    pub(crate) fn fits<I: SecretIdentity>(
        &self,
        slot: Slot,
        of: &I,
        user_name: Option<&str>,
        value: &str,
    ) -> bool {
        same_text(&self.0, &Self::of(slot, of, user_name, value).0)
    }
}

impl fmt::Display for ValueCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use dtc_naming::DeviceGuid;

    use super::*;

    #[test]
    fn e3a_a_check_fits_one_value_of_one_slot_and_one_appliance() {
        let [ours, theirs] = ["3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083", "7c9e6679-7425-40de-944b-e07fc1f90ae7"]
            .map(|guid| guid.parse::<DeviceGuid>().unwrap());
        let check = ValueCheck::of(Slot::SnmpPassword, &ours, Some("user"), "value");
        assert_eq!(check.to_string().len(), 16);
        assert!(ValueCheck::new(check.to_string()).fits(Slot::SnmpPassword, &ours, Some("user"), "value"));
        let others = [
            (Slot::SnmpPassphrase, ours, Some("user"), "value"),
            (Slot::SnmpPassword, theirs, Some("user"), "value"),
            (Slot::SnmpPassword, ours, Some("users"), "value"),
            (Slot::SnmpPassword, ours, None, "value"),
            (Slot::SnmpPassword, ours, Some("user"), "valu"),
            (Slot::SnmpPassword, ours, Some("userv"), "alue"),
        ];
        for (slot, of, user, value) in others {
            assert!(!check.fits(slot, &of, user, value), "{slot} {of} {user:?} {value}");
        }
        let cut = &check.to_string()[..15];
        assert!(!ValueCheck::new(cut).fits(Slot::SnmpPassword, &ours, Some("user"), "value"));
    }
}
