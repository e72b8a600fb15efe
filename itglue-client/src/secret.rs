//! The two secrets that this client handles.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

macro_rules! secret_type {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        pub struct $name(SecretString);

        impl $name {
            /// Takes the secret; the memory it stood in should be given away with it.
            pub fn new(secret: impl Into<String>) -> Self {
                Self(SecretString::from(secret.into()))
            }

            /// The secret itself.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}

secret_type! {
    /// An API key (`ITG.…`). It has no `Display`, no `Clone` and cannot be serialised; `Debug` shows its type only.
    ApiKey;
    /// The value of a password. It has no `Display`, no `Clone` and cannot be serialised; `Debug` shows its type only.
    PasswordValue;
}
