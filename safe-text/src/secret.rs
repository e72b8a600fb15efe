//! Secrets: one type that holds the text, and a type for each meaning, written by one macro.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::live::Registration;

/// A secret text. While it lives, [`redact`](crate::redact) hides it; when it is dropped, it is overwritten.
///
/// It has no `Display` and cannot be serialised; `Debug` shows its type only. A secret with a meaning of its own gets a type
/// of its own: see [`secret_types!`](crate::secret_types).
pub struct SecretString {
    text: Zeroizing<Box<str>>,
    _known: Registration,
}

impl SecretString {
    /// The secret itself. Each call is a place where it could leak.
    pub fn expose_secret(&self) -> &str {
        &self.text
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self { text: Zeroizing::new(text.into()), _known: Registration::of(text) }
    }
}

/// The memory that the text stood in is overwritten.
impl From<String> for SecretString {
    fn from(mut text: String) -> Self {
        let secret = Self::from(text.as_str());
        text.zeroize();
        secret
    }
}

impl From<&String> for SecretString {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// Another holder of the same secret. The types of [`secret_types!`](crate::secret_types) have none.
impl Clone for SecretString {
    fn clone(&self) -> Self {
        Self::from(self.expose_secret())
    }
}

/// No secret at all, such as the salt of a remote that has none.
impl Default for SecretString {
    fn default() -> Self {
        Self::from("")
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString")
    }
}

/// Compares two texts in time that does not depend on where they differ; their lengths are no secret.
pub fn same_text(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Declares types for secrets: no `Display`, `Clone`, `PartialEq` or `Serialize`; `Debug` shows the type's name only; the value is hidden
/// by [`redact`](crate::redact) while it lives, and overwritten when it is dropped.
///
/// ```
/// safe_text::secret_types! {
///     /// The secret of an API application.
///     ClientSecret;
/// }
/// let secret = ClientSecret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "ClientSecret");
/// assert!(secret.same_as(&ClientSecret::new("hunter2")));
/// assert_eq!(secret.expose(), "hunter2");
/// ```
///
/// It is no text:
///
/// ```compile_fail,E0599
/// safe_text::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2").to_string();
/// ```
///
/// ```
/// safe_text::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2").expose().to_string();
/// ```
///
/// And it is compared in constant time or not at all:
///
/// ```compile_fail,E0369
/// safe_text::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2") == Key::new("hunter2");
/// ```
///
/// ```
/// safe_text::secret_types! { /// A key.
///     Key; }
/// let _ = Key::new("hunter2").same_as(&Key::new("hunter2"));
/// ```
#[macro_export]
macro_rules! secret_types {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// It has no `Display`, no `Clone` and cannot be serialised; `Debug` shows its type only.
        pub struct $name($crate::SecretString);

        impl $name {
            /// Takes the secret; the memory it stood in should be given away with it.
            pub fn new(secret: impl Into<$crate::SecretString>) -> Self {
                Self(secret.into())
            }

            /// The secret itself. Each call is a place where it could leak.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            /// Whether both hold the same value, compared in constant time.
            pub fn same_as(&self, other: &Self) -> bool {
                $crate::same_text(self.expose(), other.expose())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e8_a_secret_prints_as_its_type() {
        let secret = SecretString::from("hunter2");
        assert_eq!((format!("{secret:?}"), secret.expose_secret()), ("SecretString".to_owned(), "hunter2"));
        assert!(same_text("hunter2", "hunter2") && !same_text("hunter2", "hunter3"));
    }
}
