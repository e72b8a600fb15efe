//! The JSON documents: each is declared once, as the type that is printed and as what its published schema says.

#[cfg(test)]
mod described;
#[cfg(test)]
mod library;

use serde::{Serialize, Serializer};

#[cfg(test)]
pub(crate) use self::described::{Describe, Described, Member, Types, closed, describe, one_of, variants};
#[cfg(test)]
pub(crate) use self::library::entries;
use crate::exit::Exit;

/// The form of the JSON documents: counted up when a member goes or means something else.
const SCHEMA: u32 = 1;

/// Declares a document, or a part of one: a type that is printed, and in tests what the schema says of it. Of serde's attributes each
/// member may have `flatten` and `skip_serializing_if`.
macro_rules! document {
    (
        $(#[doc = $doc:literal])+
        $vis:vis struct $name:ident $(<$life:lifetime>)? {
            $(
                $(#[doc = $member_doc:literal])+
                $(#[serde($($serde:tt)+)])?
                $member_vis:vis $member:ident: $type:ty,
            )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, serde::Serialize)]
        $vis struct $name $(<$life>)? {
            $(
                $(#[doc = $member_doc])+
                $(#[serde($($serde)+)])?
                $member_vis $member: $type,
            )+
        }

        #[cfg(test)]
        impl $(<$life>)? $crate::document::Described for $name $(<$life>)? {
            fn describe(types: &mut $crate::document::Types) -> serde_json::Value {
                types.named(stringify!($name), |types| {
                    let members = [$($crate::document::Member::new(
                        stringify!($member),
                        &[$($member_doc),+],
                        concat!("" $(, stringify!($($serde)+))?),
                        <$type as $crate::document::Described>::describe(types),
                    )),+];
                    $crate::document::closed(&[$($doc),+], &members, types)
                })
            }
        }
    };
}
pub(crate) use document;

document! {
    /// How a command ended: the first members of every document.
    pub(crate) struct Head<'a> {
        /// The form of this document. It is counted up when a member goes or means something else.
        pub(crate) schema: SchemaVersion,
        /// The version of the program that made it.
        pub(crate) version: &'static str,
        /// When the command ended, in UTC.
        pub(crate) at: String,
        /// How it ended.
        pub(crate) verdict: Exit,
        /// The same as the program's exit code.
        pub(crate) exit_code: ExitNumber,
        /// The code of `docs/errors.md`; null after an end with 0.
        pub(crate) code: Option<&'a str>,
    }
}

/// The form of the JSON documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchemaVersion;

impl Serialize for SchemaVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(SCHEMA)
    }
}

/// An exit as its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExitNumber(pub(crate) Exit);

impl Serialize for ExitNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.code())
    }
}
