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

impl<T: Escrowable> Escrowed<T> {
    /// Binds the secret to a use, if it belongs to it.
    ///
    /// # Errors
    /// [`WrongUse`] when it is filed under another identity than the use needs.
    pub fn for_use<'a, U: Use<Secret = T>>(&'a self, of: &'a U) -> Result<Bound<'a, U>, WrongUse> {
        match of.identity() {
            Some(needed) if needed == *self.identity() => Ok(Bound { of, secret: self.value() }),
            needed => Err(WrongUse {
                used_in: of.describe(),
                needed: needed.map_or_else(|| "nobody".to_owned(), |needed| needed.to_string()),
                held: self.identity().to_string(),
            }),
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
