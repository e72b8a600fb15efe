//! Ids that a service issues: a type for each, written by one macro.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// Declares types for the ids that a service issues, each holding text (`String`) or a number (`i32`, `u64` …). `Debug` shows the
/// type's name. On the wire, an id is its text or its number; a number is also read from a text of digits, as JSON:API writes it.
///
/// ```
/// http_core::id_types! {
///     /// A shelf.
///     ShelfId: String;
///     /// A book.
///     BookId: u64;
/// }
/// assert_eq!(format!("{:?} {:?}", ShelfId::new("a"), BookId::new(7)), "ShelfId(\"a\") BookId(7)");
/// ```
#[macro_export]
macro_rules! id_types {
    () => {};
    ($(#[$doc:meta])* $name:ident: String; $($rest:tt)*) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as the service issued it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as $crate::serde::Deserialize>::deserialize(from).map(Self)
            }
        }

        $crate::id_types! { @shared $name }
        $crate::id_types! { $($rest)* }
    };
    ($(#[$doc:meta])* $name:ident: $number:ty; $($rest:tt)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($number);

        impl $name {
            /// Takes the id as the service issued it.
            pub const fn new(id: $number) -> Self {
                Self(id)
            }

            /// The number.
            pub const fn get(self) -> $number {
                self.0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::number_or_digits(from).map(Self)
            }
        }

        $crate::id_types! { @shared $name }
        $crate::id_types! { $($rest)* }
    };
    (@shared $name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&self.0, to)
            }
        }
    };
}

/// Reads a number, or a text that is one.
#[doc(hidden)]
pub fn number_or_digits<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr + TryFrom<u64> + TryFrom<i64>,
    D: Deserializer<'de>,
{
    from.deserialize_any(Number(PhantomData))
}

struct Number<T>(PhantomData<T>);

impl<T: FromStr + TryFrom<u64> + TryFrom<i64>> Visitor<'_> for Number<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id of digits")
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<T, E> {
        T::try_from(id).map_err(|_| E::invalid_value(Unexpected::Other("a number"), &self))
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<T, E> {
        T::try_from(id).map_err(|_| E::invalid_value(Unexpected::Other("a number"), &self))
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<T, E> {
        id.parse().map_err(|_| E::invalid_value(Unexpected::Other("text"), &self))
    }
}
