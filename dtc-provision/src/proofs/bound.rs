//! A proof of escrow, bound to the one use it is for.

use std::fmt;

use super::escrowed::Escrowed;
use super::slot::Escrowable;

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// Something that a secret is put to use in: a task, a credential, a service, a download.
pub trait Use: sealed::Sealed + Sync {
    /// The kind of secret it takes.
    type Secret: Escrowable;
    /// What it is, for errors: "the Cloud Sync task of pool0".
    fn describe(&self) -> String;
    /// Whose secret it needs; `None` where what it names is not of the standard's form, so that it is nobody's.
    fn identity(&self) -> Option<<Self::Secret as Escrowable>::Identity>;
}

/// A secret together with the one use that it belongs to. Only [`Escrowed::for_use`] makes one.
pub struct Bound<'a, U: Use> {
    of: &'a U,
    secret: &'a U::Secret,
}

/// A secret of another appliance or bucket was about to be used. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{used_in} needs the secret of {needed}, and the one at hand belongs to {held}; nothing was sent")]
pub struct WrongUse {
    used_in: String,
    needed: String,
    held: String,
}

impl WrongUse {
    /// The error of a use that needs the secret of `needed` and was about to get that of `held`.
    pub fn new(used_in: impl fmt::Display, needed: impl fmt::Display, held: impl fmt::Display) -> Self {
        Self { used_in: used_in.to_string(), needed: needed.to_string(), held: held.to_string() }
    }
}

impl<T: Escrowable> Escrowed<T> {
    /// Binds the secret to a use, if it belongs to it.
    ///
    /// # Errors
    /// [`WrongUse`] when it is filed under another identity than the use needs.
    pub fn for_use<'a, U: Use<Secret = T>>(&'a self, of: &'a U) -> Result<Bound<'a, U>, WrongUse> {
        match of.identity() {
            Some(needed) if needed == *self.identity() => Ok(Bound { of, secret: self.value() }),
            needed => {
                let needed = needed.map_or_else(|| "nobody".to_owned(), |needed| needed.to_string());
                Err(WrongUse::new(of.describe(), needed, self.identity()))
            }
        }
    }
}

impl<'a, U: Use> Bound<'a, U> {
    /// What the secret is for.
    pub fn spec(&self) -> &'a U {
        self.of
    }

    /// The secret itself, for the call that puts it to use.
    pub fn expose(&self) -> &'a U::Secret {
        self.secret
    }
}

impl<U: Use> Clone for Bound<'_, U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U: Use> Copy for Bound<'_, U> {}

impl<U: Use> fmt::Debug for Bound<'_, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bound({})", self.of.describe())
    }
}

#[cfg(test)]
mod tests {
    use dtc_naming::DeviceGuid;

    use crate::error::Error;
    use crate::ids::{RecordId, RecordRef};
    use crate::outcome::Outcome;
    use crate::ports::SnmpSpec;
    use crate::proofs::Minted;
    use crate::secret::{SnmpPassphrase, SnmpPassword, SnmpSecrets};

    #[test]
    fn e2_a_secret_of_another_appliance_is_not_bound_and_ends_as_an_error_of_its_own() {
        let [own, other] = ["9babab19-acc0-4587-aa05-ccd8103a1148", "605e3b30-d7af-4722-9c0a-935200fb5abc"]
            .map(|text| text.parse::<DeviceGuid>().unwrap());
        let secrets = SnmpSecrets {
            user: "nms".to_owned(),
            password: SnmpPassword::new("a password that is not one"),
            passphrase: SnmpPassphrase::new("a passphrase that is not one"),
        };
        let record = RecordRef { id: RecordId::new("7"), url: "https://vault.example/7".to_owned() };
        let escrowed = Minted::new(secrets).attested(record, own);
        assert_eq!(escrowed.for_use(&SnmpSpec { device: own }).unwrap().spec().device, own);
        let error = Error::from(escrowed.for_use(&SnmpSpec { device: other }).unwrap_err());
        assert_eq!((error.outcome(), error.code()), (Outcome::Error, "DTC-RULE-E2".to_owned()));
        let text = error.to_string();
        assert!(text.contains(&own.to_string()) && text.contains(&other.to_string()), "{text}");
        assert!(text.ends_with("nothing was sent") && !text.contains("that is not one"), "{text}");
    }
}
