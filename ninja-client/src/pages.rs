//! Lists of several pages, in each of the ways that NinjaOne continues one, as streams that end whatever it answers.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use futures_util::{Stream, StreamExt as _};
use http_core::{ListingLimits, Page, ReadBudget, ServiceClient};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api_operation::ApiOperation;
use crate::ask::Ask;
use crate::error::Error;
use crate::ids::ActivityId;
use crate::parameters::Parameters;
use crate::service::Ninja;
use crate::shapes::Activity;

/// Rows asked for in one page. What NinjaOne gives without being asked is undocumented, and clients have stopped at it.
const PAGE_SIZE: u32 = 1000;

/// The most rows of one list, which callers gather in memory: ten times the devices of a large provider.
pub(crate) const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// The most rows of what has many for each device, such as its programs, or for each day, such as activities: read on as a stream, and not
/// gathered here.
const MANY: ListingLimits = ListingLimits::items(20_000_000);

/// The most bytes of one list, all of its pages together.
pub(crate) const BYTES: u64 = 32 * 1024 * 1024;

/// The most bytes of a list of devices with their hardware: fifty thousand for each of ten thousand.
pub(crate) const DEVICE_BYTES: u64 = 512 * 1024 * 1024;

/// The most bytes of what has many rows.
const MANY_BYTES: u64 = 16 * 1024 * 1024 * 1024;

/// A row of a list, or what came in its place: a row that is not as promised stands for itself alone, and the others of its page are read.
pub(crate) type Row<T> = Result<T, Value>;

fn row<T: DeserializeOwned>(value: Value) -> Row<T> {
    T::deserialize(&value).map_err(|_| value)
}

/// The rows of an answer that holds all of a list. One without the ids that every row has names nothing that could be acted on, and is left out.
#[derive(Deserialize)]
#[serde(from = "Vec<Value>", bound(deserialize = "T: DeserializeOwned"))]
pub(crate) struct Rows<T>(pub(crate) Vec<T>);

impl<T: DeserializeOwned> From<Vec<Value>> for Rows<T> {
    fn from(values: Vec<Value>) -> Self {
        Self(values.into_iter().filter_map(|value| row(value).ok()).collect())
    }
}

/// Every row of a list, page by page as the stream is read, within [`LIMITS`] and so many bytes. A page may be shorter than asked for and not be
/// the last, so the list ends at an empty one, or at one of whose rows none says where it would go on; a server that ignores where to
/// continue shows by a page it has sent before. `ask` begins the call of each page.
pub(crate) fn rows<T, A, F>(
    ask: A,
    id: F,
    bytes: u64,
) -> impl Stream<Item = Result<Row<T>, Error>> + Send + use<T, A, F>
where
    T: DeserializeOwned + Send,
    A: Fn() -> Ask + Send,
    F: Fn(&T) -> i32 + Copy + Send,
{
    let budget = ReadBudget::new(bytes);
    let key = move |row: &Row<T>| match row {
        Ok(row) => (Some(id(row)), 0),
        Err(odd) => (None, content(odd)),
    };
    http_core::pages(LIMITS, key, move |last: Option<i32>| {
        let ask = ask().query("pageSize", PAGE_SIZE).within(&budget);
        let ask = match last {
            Some(last) => ask.query("after", last),
            None => ask,
        };
        async move {
            let items: Vec<Row<T>> = ask.send::<Vec<Value>>().await?.into_iter().map(row).collect();
            let next = items.iter().rev().find_map(|row| match row {
                Ok(row) => Some(id(row)),
                Err(odd) => i32::deserialize(&odd["id"]).ok(),
            });
            Ok::<_, Error>(Page { items, next })
        }
    })
}

/// As [`rows`], where a row that is not as promised is an error of its own, after which others follow.
pub(crate) fn after<T, A, F>(
    ask: A,
    id: F,
    bytes: u64,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T, A, F>
where
    T: DeserializeOwned + Send,
    A: Fn() -> Ask + Send,
    F: Fn(&T) -> i32 + Copy + Send,
{
    let operation = ask().operation();
    rows(ask, id, bytes).map(move |row| row?.map_err(|odd| Error::odd_row(operation, &odd)))
}

/// A page of a report.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    cursor: Option<Cursor>,
    #[serde(default)]
    results: Vec<Value>,
}

/// Where a report continues. The name stays the same from page to page; the position has to grow.
#[derive(Deserialize)]
struct Cursor {
    name: String,
    #[serde(default)]
    offset: i64,
    #[serde(default)]
    count: i64,
}

/// Every row of a report, by its cursor, which lives at NinjaOne until it expires: a report is read on without long breaks. The row's whole
/// content tells one from another.
pub(crate) fn report<T>(
    service: &ServiceClient<Ninja>,
    operation: ApiOperation,
    parameters: &Parameters,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T>
where
    T: DeserializeOwned + Serialize + Send,
{
    cursored(service, operation, parameters, ("cursor", PAGE_SIZE), (MANY, MANY_BYTES))
}

/// As [`report`], of what callers gather in memory.
pub(crate) fn gathered<T>(
    service: &ServiceClient<Ninja>,
    operation: ApiOperation,
    parameters: &Parameters,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T>
where
    T: DeserializeOwned + Serialize + Send,
{
    cursored(service, operation, parameters, ("cursor", PAGE_SIZE), (LIMITS, BYTES))
}

/// As [`report`], where the parameter that continues has this name and a page at most so many rows, within these limits.
pub(crate) fn cursored<T>(
    service: &ServiceClient<Ninja>,
    operation: ApiOperation,
    parameters: &Parameters,
    (cursor_name, page_size): (&'static str, u32),
    (limits, bytes): (ListingLimits, u64),
) -> impl Stream<Item = Result<T, Error>> + Send + use<T>
where
    T: DeserializeOwned + Serialize + Send,
{
    let (service, parameters, budget) = (service.clone(), parameters.clone(), ReadBudget::new(bytes));
    let pages = http_core::pages(
        limits,
        |row: &Row<T>| match row {
            Ok(row) => content(row),
            Err(odd) => content(odd),
        },
        move |cursor: Option<(String, i64)>| {
            let ask = Ask::new(&service, operation).parameters(&parameters).query("pageSize", page_size);
            let ask = match cursor {
                Some((name, _)) => ask.query(cursor_name, name),
                None => ask,
            };
            let ask = ask.within(&budget);
            async move {
                let report: Report = ask.send().await?;
                if report.cursor.is_none() && report.results.len() >= page_size as usize {
                    return Err(Error::cut_off(operation.name(), report.results.len()));
                }
                let goes_on = report.cursor.filter(|_| !report.results.is_empty());
                let next = goes_on.map(|cursor| (cursor.name, cursor.offset.saturating_add(cursor.count)));
                Ok::<_, Error>(Page { items: report.results.into_iter().map(row).collect(), next })
            }
        },
    );
    pages.map(move |row| row?.map_err(|odd| Error::odd_row(operation, &odd)))
}

fn content(row: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(row).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

#[derive(Deserialize)]
struct Activities {
    #[serde(default)]
    activities: Vec<Value>,
}

/// Every activity, from the newest to the oldest. The specification describes `olderThan` as it should describe `newerThan`; the names are right.
pub(crate) fn activities<A>(ask: A) -> impl Stream<Item = Result<Activity, Error>> + Send + use<A>
where
    A: Fn() -> Ask + Send,
{
    let budget = ReadBudget::new(MANY_BYTES);
    let operation = ask().operation();
    let pages = http_core::pages(
        MANY,
        |row: &Row<Activity>| match row {
            Ok(row) => (Some(row.id), 0),
            Err(odd) => (None, content(odd)),
        },
        move |oldest: Option<ActivityId>| {
            let ask = ask().query("pageSize", PAGE_SIZE).within(&budget);
            let ask = match oldest {
                Some(oldest) => ask.query("olderThan", oldest),
                None => ask,
            };
            async move {
                let page: Activities = ask.send().await?;
                let items: Vec<Row<Activity>> = page.activities.into_iter().map(row).collect();
                let next = items.iter().flatten().map(|row| row.id).min();
                Ok::<_, Error>(Page { items, next })
            }
        },
    );
    pages.map(move |row| row?.map_err(|odd| Error::odd_row(operation, &odd)))
}
