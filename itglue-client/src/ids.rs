//! The ids that IT Glue issues, each a type of its own.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// Takes the id as IT Glue issued it.
            pub fn new(id: u64) -> Self {
                Self(id)
            }

            /// The number, of up to sixteen digits.
            pub fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            /// A resource's own id is text on the wire, one that an attribute names is a number.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Digits).map(Self)
            }
        }
    )+};
}

id_type! {
    /// An organisation: a client.
    OrganizationId;
    /// A configuration: a device, as IT Glue knows it.
    ConfigurationId;
    /// A password category.
    PasswordCategoryId;
    /// A password.
    PasswordId;
}

struct Digits;

impl serde::de::Visitor<'_> for Digits {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id of digits")
    }

    fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<u64, E> {
        Ok(id)
    }

    fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<u64, E> {
        id.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Other("text"), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_text_and_number_and_keeps_sixteen_digits() {
        let wide = PasswordId::new(9_007_199_254_740_993);
        for json in ["9007199254740993", "\"9007199254740993\""] {
            assert_eq!(serde_json::from_str::<PasswordId>(json).unwrap(), wide);
        }
        assert_eq!(serde_json::to_string(&wide).unwrap(), "9007199254740993");
        assert!(serde_json::from_str::<PasswordId>("\"12a\"").is_err());
    }
}
