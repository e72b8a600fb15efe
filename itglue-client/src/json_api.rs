//! JSON:API: the envelope of answers and requests, and lists over pages.

use std::fmt::Display;

use futures_util::Stream;
use http_core::{Call, ListingLimits, Method, Operation, Page, ReadBudget, ServiceClient};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Error;
use crate::service::ItGlue;

/// What IT Glue wants a body to be called; anything else is answered with 415.
const MEDIA_TYPE: &str = "application/vnd.api+json";

/// Rows asked for in one page. At most 1000 are allowed; big pages have been seen to end as 504.
const PAGE_SIZE: u32 = 500;

/// The most resources of one list, which callers gather in memory.
const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// The most bytes of one list, all of its pages together.
const BYTES: u64 = 32 * 1024 * 1024;

/// One resource: its id, and its attributes.
#[derive(Deserialize)]
#[serde(bound(deserialize = "I: Deserialize<'de>, A: Deserialize<'de>"))]
pub(crate) struct Resource<I, A> {
    pub(crate) id: I,
    pub(crate) attributes: A,
}

#[derive(Deserialize)]
struct Document<T> {
    data: T,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct List<T> {
    data: Vec<T>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Meta {
    #[serde(default)]
    next_page: Option<u32>,
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

/// Makes a call that answers with one resource.
pub(crate) async fn one<I, A>(service: &ServiceClient<ItGlue>, call: Call) -> Result<Resource<I, A>, Error>
where
    I: DeserializeOwned,
    A: DeserializeOwned,
{
    let document: Document<Resource<I, A>> = service.send(call).await?;
    Ok(document.data)
}

/// Lists a collection page by page, as far as it is read, within [`LIMITS`] and [`BYTES`].
pub(crate) fn list<I, A>(
    service: &ServiceClient<ItGlue>,
    operation: Operation,
    path: String,
    filters: Vec<(&'static str, String)>,
) -> impl Stream<Item = Result<Resource<I, A>, Error>> + Send + use<I, A>
where
    I: DeserializeOwned + Display + Send,
    A: DeserializeOwned + Send,
{
    let (service, budget) = (service.clone(), ReadBudget::new(BYTES));
    let id = |resource: &Resource<I, A>| resource.id.to_string();
    http_core::pages(LIMITS, id, move |page: Option<u32>| {
        let call = Call::new(operation, Method::Get, path.clone()).within(&budget);
        let call = filters.iter().fold(call, |call, (name, value)| call.query(*name, value));
        let call = call.query("page[size]", PAGE_SIZE).query("page[number]", page.unwrap_or(1));
        let service = service.clone();
        async move {
            let list: List<Resource<I, A>> = service.send(call).await?;
            Ok(Page { items: list.data, next: list.meta.next_page })
        }
    })
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
