//! Secrets: a type for each meaning, written by one macro.

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// Whether two secrets are equal, in a time that depends on their lengths only.
#[doc(hidden)]
pub fn equal_secrets(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret().as_bytes().ct_eq(other.expose_secret().as_bytes()).into()
}

/// Declares types for secrets: no `Display`, `Clone`, `PartialEq` or `Serialize`; `Debug` shows the type's name only; the value
/// is overwritten when it is dropped.
///
/// ```
/// http_core::secret_types! {
///     /// The secret of an API application.
///     ClientSecret;
/// }
/// let secret = ClientSecret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "ClientSecret");
/// assert!(secret.same_as(&ClientSecret::new("hunter2")));
/// assert_eq!(secret.expose(), "hunter2");
/// ```
///
/// ```compile_fail
/// http_core::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2").to_string();
/// ```
///
/// ```compile_fail
/// http_core::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2") == Key::new("hunter2");
/// ```
#[macro_export]
macro_rules! secret_types {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// It has no `Display`, no `Clone` and cannot be serialised; `Debug` shows its type only.
        pub struct $name($crate::secrecy::SecretString);

        impl $name {
            /// Takes the secret; the memory it stood in should be given away with it.
            pub fn new(secret: impl Into<String>) -> Self {
                Self($crate::secrecy::SecretString::from(secret.into()))
            }

            /// The secret itself.
            pub fn expose(&self) -> &str {
                $crate::secrecy::ExposeSecret::expose_secret(&self.0)
            }

            /// Whether both hold the same value, compared in constant time.
            pub fn same_as(&self, other: &Self) -> bool {
                $crate::equal_secrets(&self.0, &other.0)
            }
        }

        impl From<String> for $name {
            fn from(secret: String) -> Self {
                Self::new(secret)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}
