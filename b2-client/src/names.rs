//! Names that users choose: of buckets, keys and files. Checked against B2's rules before a request is sent.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// A name that breaks one of B2's rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name_kind} {name:?} {rule}")]
#[non_exhaustive]
pub struct InvalidName {
    /// The kind of name, such as `"bucket name"`.
    pub name_kind: &'static str,
    /// The rejected name.
    pub name: String,
    /// The broken rule as a predicate, such as `"is not 6 to 63 characters long"`.
    pub rule: &'static str,
}

macro_rules! name_type {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $check:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps a name. Names that the service reports are not checked.
            ///
            /// # Errors
            /// [`InvalidName`] when the name breaks a rule of the service.
            pub fn new(name: impl Into<String>) -> Result<Self, InvalidName> {
                let name = name.into();
                match $check(&name) {
                    None => Ok(Self(name)),
                    Some(rule) => Err(InvalidName { name_kind: $what, name, rule }),
                }
            }

            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;
            fn from_str(name: &str) -> Result<Self, InvalidName> {
                Self::new(name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }
    )+};
}

name_type! {
    /// A bucket's name: 6 to 63 letters, digits and dashes, not beginning `b2-`; unique in the world, whatever its case
    /// (reference: Backblaze, *Buckets*).
    BucketName, "bucket name", bucket_rule;
    /// A file's name: 1 to 1024 bytes of UTF-8, segments of at most 250 bytes, no empty segment, no control characters
    /// (reference: Backblaze, *Files*).
    FileName, "file name", file_rule;
    /// A key's name: 1 to 100 letters, digits and dashes; not unique (reference: `b2_create_key`).
    KeyName, "key name", key_rule;
}

impl BucketName {
    /// Whether both name the same bucket: the service does not distinguish cases.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

fn bucket_rule(name: &str) -> Option<&'static str> {
    if !(6..=63).contains(&name.len()) {
        return Some("is not 6 to 63 characters long");
    }
    if !name.bytes().all(is_letter_digit_or_dash) {
        return Some("holds something other than letters, digits and dashes");
    }
    let reserved = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("b2-"));
    reserved.then_some("begins with b2-, which is reserved for Backblaze")
}

fn key_rule(name: &str) -> Option<&'static str> {
    if !(1..=100).contains(&name.len()) {
        return Some("is not 1 to 100 characters long");
    }
    (!name.bytes().all(is_letter_digit_or_dash))
        .then_some("holds something other than letters, digits and dashes")
}

fn is_letter_digit_or_dash(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn file_rule(name: &str) -> Option<&'static str> {
    if !(1..=1024).contains(&name.len()) {
        return Some("is not 1 to 1024 bytes long");
    }
    if name.bytes().any(|byte| byte < 32 || byte == 127) {
        return Some("holds a control character");
    }
    if name.split('/').any(str::is_empty) {
        return Some("begins or ends with a slash, or holds two in a row");
    }
    name.split('/').any(|segment| segment.len() > 250).then_some("holds a segment longer than 250 bytes")
}

/// Everything outside `A-Za-z0-9 . _ - / ~ ! $ ' ( ) * ; = : @` is escaped, `+` and the space included (reference: Backblaze,
/// *String encoding*).
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b',')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Percent-encodes a name or an info value for a header or a URL. JSON bodies carry it without encoding.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Decodes percent-encoding, and `+` as a space as the service does. `None` if the bytes are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// A name that the service reported may be older than the current rules, so it is not checked.
macro_rules! reported {
    ($($name:ident),+) => {$(
        impl $name {
            pub(crate) fn reported(name: String) -> Self {
                Self(name)
            }
        }
    )+};
}

reported!(FileName, KeyName, BucketName);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bucket_names_that_the_service_refuses_are_refused_here() {
        for name in ["", "short", "b2-mine", "B2-mine", "with.dot", "under_score", "ümlaut", &"x".repeat(64)]
        {
            assert!(BucketName::new(name).is_err(), "{name}");
        }
        for name in ["truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9", "sixsix", &"x".repeat(63)] {
            assert!(BucketName::new(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn file_names_that_the_service_refuses_are_refused_here() {
        let long = "x".repeat(251);
        for name in ["", "/a", "a/", "a//b", "a\nb", "a\u{7f}", &long, &"abc/".repeat(257)] {
            assert!(FileName::new(name).is_err(), "{name:?}");
        }
        for name in ["a", "a b/ü/日本", "..", "back\\slash", &"x".repeat(250)] {
            assert!(FileName::new(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn gotcha_24_plus_percent_and_non_ascii_are_escaped() {
        assert_eq!(encode("a+b %/ü"), "a%2Bb%20%25/%C3%BC");
        assert_eq!(encode("A-Za-z0-9._-/~!$'()*;=:@"), "A-Za-z0-9._-/~!$'()*;=:@");
        assert_eq!(decode("a+b%2Bc").as_deref(), Some("a b+c"));
    }

    proptest! {
        #[test]
        fn an_encoded_name_decodes_to_itself_and_is_ascii(name in "\\PC{0,40}") {
            let encoded = encode(&name);
            prop_assert!(encoded.is_ascii() && !encoded.contains(['+', ' ', '?', '#']));
            prop_assert_eq!(decode(&encoded), Some(name));
        }
    }
}
