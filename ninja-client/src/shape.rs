//! Types for the shapes of the specification, declared by one macro each for what is answered and what is sent.

use serde::de::Error;

use crate::members::Members;

/// A type that takes its fields out of the members of an object.
pub(crate) trait Shape: Sized {
    /// # Errors
    /// When a member without which the type means nothing is missing or has another form.
    fn take_from<E: Error>(members: &mut Members) -> Result<Self, E>;

    /// Writes its members.
    fn put_into<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Declares types that NinjaOne answers with. `must`: the row means nothing without; `plain`: an absent value is a value; `may`: the rest.
/// A member that has another form than promised is left in `more`.
macro_rules! shapes {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $(base { $base:ident: $base_type:ty })?
            $(must { $($must:ident: $must_type:ty = $must_wire:literal),* $(,)? })?
            $(plain { $($plain:ident: $plain_type:ty = $plain_wire:literal),* $(,)? })?
            may { $($may:ident: $may_type:ty = $may_wire:literal),* $(,)? }
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(/// What it has in common with others.
            pub $base: $base_type,)?
            $($(#[doc = concat!("`", $must_wire, "`; always there")] pub $must: $must_type,)*)?
            $($(#[doc = concat!("`", $plain_wire, "`")] pub $plain: $plain_type,)*)?
            $(#[doc = concat!("`", $may_wire, "`")] pub $may: Option<$may_type>,)*
            /// What else there is, and what has another form than the specification promises.
            pub more: $crate::members::Members,
        }

        impl $crate::shape::Shape for $name {
            fn take_from<E: ::serde::de::Error>(members: &mut $crate::members::Members) -> Result<Self, E> {
                Ok(Self {
                    $($base: <$base_type as $crate::shape::Shape>::take_from(members)?,)?
                    $($($must: members.take($must_wire).ok_or_else(|| E::missing_field($must_wire))?,)*)?
                    $($($plain: members.take($plain_wire).unwrap_or_default(),)*)?
                    $($may: members.take($may_wire),)*
                    more: $crate::members::Members::new(),
                })
            }

            fn put_into<M: ::serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $($crate::shape::Shape::put_into(&self.$base, map)?;)?
                $($(map.serialize_entry($must_wire, &self.$must)?;)*)?
                $($(map.serialize_entry($plain_wire, &self.$plain)?;)*)?
                $(if let Some(value) = &self.$may {
                    map.serialize_entry($may_wire, value)?;
                })*
                self.more.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let mut members = <$crate::members::Members as ::serde::Deserialize>::deserialize(from)?;
                let mut shape = <Self as $crate::shape::Shape>::take_from(&mut members)?;
                shape.more = members;
                Ok(shape)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(None)?;
                $crate::shape::Shape::put_into(self, &mut map)?;
                ::serde::ser::SerializeMap::end(map)
            }
        }
    )*};
}

/// Declares types that are sent: shapes that begin empty, and to which each method adds one member.
macro_rules! requests {
    (@default $name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@default $name:ident $($must:ident)+) => {};
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $(must { $($must:ident: $must_type:ty = $must_wire:literal),* $(,)? })?
            may { $($may:ident: $may_type:ty = $may_wire:literal),* $(,)? }
        }
    )*) => {$(
        $crate::shape::shapes! {
            $(#[$doc])*
            $name {
                $(must { $($must: $must_type = $must_wire),* })?
                may { $($may: $may_type = $may_wire),* }
            }
        }

        $crate::shape::requests! { @default $name $($($must)*)? }

        impl $name {
            /// Names nothing but what is required yet.
            pub fn new($($($must: $must_type),*)?) -> Self {
                Self { $($($must,)*)? $($may: None,)* more: $crate::members::Members::new() }
            }

            $(
                #[doc = concat!("Adds `", $may_wire, "`.")]
                pub fn $may(mut self, value: impl Into<$may_type>) -> Self {
                    self.$may = Some(value.into());
                    self
                }
            )*
        }
    )*};
}

pub(crate) use {requests, shapes};
