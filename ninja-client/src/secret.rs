//! The secret of an API application.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// The secret of an API application. It has no `Display`, no `Clone` and cannot be serialised; `Debug` shows its type only.
pub struct ClientSecret(SecretString);

impl ClientSecret {
    /// Takes the secret; the memory it stood in should be given away with it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(SecretString::from(secret.into()))
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}
