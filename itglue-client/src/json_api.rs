//! JSON:API: the envelope of answers and requests, and lists over pages.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, StreamExt as _};
use http_core::{Call, ListingLimits, Method, Operation, Page, ReadBudget, ServiceClient};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::service::ItGlue;

/// What IT Glue wants a body to be called; anything else is answered with 415.
const MEDIA_TYPE: &str = "application/vnd.api+json";

/// Rows asked for in one page. At most 1000 are allowed; big pages have been seen to end as 504.
const PAGE_SIZE: u32 = 500;

/// The most resources of one list, which callers gather in memory.
const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// The most bytes of one list, all of its pages together.
const BYTES: u64 = 32 * 1024 * 1024;

/// Query parameters of a call.
pub(crate) type Query = Vec<(&'static str, String)>;

/// Sets a filter in place of an earlier one. A value with a comma is left out, since it would be taken for several.
pub(crate) fn set_filter(query: &mut Query, filter: &'static str, value: String) {
    query.retain(|(name, _)| *name != filter);
    if !value.contains(',') {
        query.push((filter, value));
    }
}

/// What a public type is read from.
pub(crate) trait FromResource: Sized {
    /// Its id.
    type Id: DeserializeOwned + Display + PartialEq + Send;
    /// Its attributes, as they stand on the wire.
    type Attributes: DeserializeOwned + Send;

    /// Takes a resource's parts.
    fn from_resource(resource: Resource<Self::Id, Self::Attributes>) -> Self;
}

/// One resource: its id, and its attributes.
#[derive(Deserialize)]
#[serde(bound(deserialize = "I: Deserialize<'de>, A: Deserialize<'de>"))]
pub(crate) struct Resource<I, A> {
    pub(crate) id: I,
    pub(crate) attributes: A,
}

/// A resource that stands beside the one that was asked for.
#[derive(Deserialize)]
pub(crate) struct Included {
    pub(crate) r#type: String,
    pub(crate) id: Value,
    #[serde(default)]
    pub(crate) attributes: Map<String, Value>,
}

impl Included {
    /// Its id, where it is a number or a text that is one.
    pub(crate) fn number(&self) -> Option<u64> {
        self.id.as_u64().or_else(|| self.id.as_str()?.parse().ok())
    }

    /// The text of an attribute.
    pub(crate) fn text(&self, attribute: &str) -> Option<String> {
        self.attributes.get(attribute)?.as_str().map(str::to_owned)
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Document<T> {
    data: T,
    #[serde(default)]
    included: Vec<Included>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: FromResource"))]
struct List<T: FromResource> {
    data: Vec<Row<T>>,
    #[serde(default)]
    meta: Meta,
}

/// A row of a list. One that is not as promised stands for itself alone: the others of its page are read.
#[derive(Deserialize)]
#[serde(untagged, bound(deserialize = "T: FromResource"))]
enum Row<T: FromResource> {
    Understood(Resource<T::Id, T::Attributes>),
    Named { id: Value },
    Other(IgnoredAny),
}

impl<T: FromResource> Row<T> {
    fn name(&self) -> String {
        match self {
            Self::Understood(resource) => resource.id.to_string(),
            Self::Named { id: Value::String(id) } => id.clone(),
            Self::Named { id } => id.to_string(),
            Self::Other(_) => "without an id".to_owned(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Meta {
    next_page: Option<u32>,
    total_count: Option<u64>,
}

#[derive(Serialize)]
struct Envelope<'a, A> {
    data: Enclosed<'a, A>,
}

#[derive(Serialize)]
struct Enclosed<'a, A> {
    r#type: &'static str,
    attributes: &'a A,
}

/// Encloses attributes in the envelope that a write wants.
pub(crate) fn with_attributes<A: Serialize>(call: Call, kind: &'static str, attributes: &A) -> Call {
    call.json(&Envelope { data: Enclosed { r#type: kind, attributes } }).header("content-type", MEDIA_TYPE)
}

/// Makes a call that answers with one resource, whatever is read from it.
pub(crate) async fn resource<I, A>(
    service: &ServiceClient<ItGlue>,
    call: Call,
) -> Result<Resource<I, A>, Error>
where
    I: DeserializeOwned,
    A: DeserializeOwned,
{
    let document: Document<Resource<I, A>> = service.send(call).await?;
    Ok(document.data)
}

/// Makes a call that answers with one resource.
pub(crate) async fn one<T: FromResource>(service: &ServiceClient<ItGlue>, call: Call) -> Result<T, Error> {
    resource(service, call).await.map(T::from_resource)
}

/// Makes a call that answers with the resource of this id, and takes no other for it: one client's would pass for another's.
pub(crate) async fn this<T: FromResource>(
    service: &ServiceClient<ItGlue>,
    operation: Operation,
    id: T::Id,
    call: Call,
) -> Result<T, Error> {
    with_included(service, operation, id, call).await.map(|(found, _)| found)
}

/// As [`this`], with the resources that stand beside it.
pub(crate) async fn with_included<T: FromResource>(
    service: &ServiceClient<ItGlue>,
    operation: Operation,
    id: T::Id,
    call: Call,
) -> Result<(T, Vec<Included>), Error> {
    let document: Document<Resource<T::Id, T::Attributes>> = service.send(call).await?;
    if document.data.id != id {
        let detail = format!("the answer shows {} in its place", document.data.id);
        return Err(Error::finding(ErrorKind::NotUnderstood, operation.name(), id.to_string(), detail));
    }
    Ok((T::from_resource(document.data), document.included))
}

/// Makes a call for what stands beside a resource.
pub(crate) async fn beside(service: &ServiceClient<ItGlue>, call: Call) -> Result<Vec<Included>, Error> {
    let document: Document<IgnoredAny> = service.send(call).await?;
    Ok(document.included)
}

/// What was read of a list so far.
#[derive(Default)]
struct Read {
    ids: HashSet<String>,
    unnamed: u64,
    total: u64,
}

impl Read {
    /// Whether a row was not read before. A list whose rows move up while it is read shows some of them twice.
    fn is_new<T: FromResource>(&mut self, row: &Row<T>) -> bool {
        if let Row::Understood(resource) = row {
            return self.ids.insert(resource.id.to_string());
        }
        self.unnamed += 1;
        true
    }

    /// Takes a page's total, and says why rows may be missing: the list became shorter while it was read, or it ends too early.
    fn gap(&mut self, total: u64, is_last: bool) -> Option<String> {
        let before = std::mem::replace(&mut self.total, total);
        let read = self.ids.len() as u64 + self.unnamed;
        if total < before {
            return Some(format!("the list had {before} rows, and has {total}"));
        }
        (is_last && read < total).then(|| format!("the list has {total} rows, and {read} came"))
    }
}

/// Lists a collection page by page, as far as it is read, within [`LIMITS`] and [`BYTES`]. A row that is not understood is an error
/// of its own, after which the list goes on. A row that comes twice is listed once; a list that may lack rows ends as an error.
pub(crate) fn list<T: FromResource + Send>(
    service: &ServiceClient<ItGlue>,
    operation: Operation,
    path: &str,
    query: Query,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
    let (service, path) = (service.clone(), path.to_owned());
    let (budget, read) = (ReadBudget::new(BYTES), Arc::new(Mutex::new(Read::default())));
    let pages = http_core::pages(LIMITS, Row::<T>::name, move |page: Option<u32>| {
        let call = Call::new(operation, Method::Get, path.clone()).within(&budget);
        let call = query.iter().fold(call, |call, (name, value)| call.query(*name, value));
        let call = call.query("page[size]", PAGE_SIZE).query("page[number]", page.unwrap_or(1));
        let (service, read) = (service.clone(), Arc::clone(&read));
        async move {
            let mut list: List<T> = service.send(call).await?;
            let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
            list.data.retain(|row| read.is_new(row));
            let Meta { next_page: next, total_count } = list.meta;
            match total_count.and_then(|total| read.gap(total, next.is_none())) {
                Some(gap) => Err(incomplete(operation, &gap)),
                None => Ok(Page { items: list.data, next }),
            }
        }
    });
    pages.map(move |row| match row? {
        Row::Understood(resource) => Ok(T::from_resource(resource)),
        row => Err(Error::finding(ErrorKind::NotUnderstood, operation.name(), row.name(), UNREADABLE)),
    })
}

const UNREADABLE: &str = "this row of the list lacks what every row has, or has it of another type";

fn incomplete(operation: Operation, gap: &str) -> Error {
    let detail = format!("{gap}; it may have changed: try again");
    Error::finding(ErrorKind::NotUnderstood, operation.name(), "the pages".to_owned(), detail)
}

/// An attribute that may be absent, null, or there: three different things in IT Glue.
#[derive(Default)]
pub(crate) enum Presence<T> {
    #[default]
    Absent,
    Null,
    There(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Presence<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::There))
    }
}

/// Reads what may be null, and is then as if it were absent.
pub(crate) fn null_is_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Declares a resource's public type, which fields it has under which name on the wire, and keeps every other attribute. Fields of the
/// first group must be there; those of the second may be null or absent.
macro_rules! resource_type {
    (
        $(#[$doc:meta])* $name:ident, $id:ty;
        { $($(#[$required_doc:meta])* $required:ident = $required_wire:literal: $required_type:ty,)* }
        { $($(#[$optional_doc:meta])* $optional:ident = $optional_wire:literal: $optional_type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            /// Its id.
            pub id: $id,
            $($(#[$required_doc])* pub $required: $required_type,)*
            $($(#[$optional_doc])* pub $optional: $optional_type,)*
            /// What else IT Glue says of it, each under its name on the wire.
            pub more: ::serde_json::Map<String, ::serde_json::Value>,
        }

        const _: () = {
            #[derive(::serde::Deserialize)]
            pub(crate) struct Attributes {
                $(#[serde(rename = $required_wire)] $required: $required_type,)*
                $(
                    #[serde(rename = $optional_wire, default)]
                    #[serde(deserialize_with = "crate::json_api::null_is_default")]
                    $optional: $optional_type,
                )*
                #[serde(flatten)]
                more: ::serde_json::Map<String, ::serde_json::Value>,
            }

            impl crate::json_api::FromResource for $name {
                type Id = $id;
                type Attributes = Attributes;

                fn from_resource(resource: crate::json_api::Resource<$id, Attributes>) -> Self {
                    let crate::json_api::Resource { id, attributes } = resource;
                    let Attributes { $($required,)* $($optional,)* more } = attributes;
                    Self { id, $($required,)* $($optional,)* more }
                }
            }
        };
    };
}
pub(crate) use resource_type;
