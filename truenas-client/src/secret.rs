/// Declares a secret: shown by its type's name only, read by `expose()` only.
macro_rules! secret_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(secrecy::SecretString);

        impl $name {
            /// Takes the secret in.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into().into())
            }

            /// Shows the secret. Every place that reads one calls this.
            pub fn expose(&self) -> &str {
                secrecy::ExposeSecret::expose_secret(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::new(value)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

pub(crate) use secret_type;
