//! Secrets as arguments.

use dtc_adapters::SecretSource;
use pyo3::prelude::*;

use crate::crypt::Secret;

/// A secret: as the class that hides it, or as the text that a script has from its environment.
#[derive(FromPyObject)]
pub(crate) enum AnySecret {
    Secret(Py<Secret>),
    Text(String),
}

impl AnySecret {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Secret(secret) => secret.get().expose(),
            Self::Text(text) => text,
        }
    }

    /// The secret itself, or where it is: a text that is no source is refused, and not repeated.
    pub(crate) fn source(&self) -> Result<SecretSource, dtc_adapters::Error> {
        match self {
            Self::Secret(secret) => Ok(SecretSource::value(secret.get().expose())),
            Self::Text(text) => text.parse(),
        }
    }
}
