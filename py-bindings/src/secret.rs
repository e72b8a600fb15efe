//! Secrets as arguments.

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
}
