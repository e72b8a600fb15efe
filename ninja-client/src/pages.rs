//! Lists of several pages, in each of the ways that NinjaOne continues one, as streams that end whatever it answers.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use futures_util::Stream;
use http_core::{ListingLimits, Page, ReadBudget, ServiceClient};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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

/// The most bytes of one list, all of its pages together.
pub(crate) const BYTES: u64 = 32 * 1024 * 1024;

/// Every row of a list, page by page as the stream is read, within [`LIMITS`] and [`BYTES`]. A page may be shorter than asked for and not be the last, so the
/// list ends at an empty one; a server that ignores where to continue shows by a page it has sent before. `ask` begins the call of each page.
pub(crate) fn after<T, A, F>(ask: A, id: F) -> impl Stream<Item = Result<T, Error>> + Send + use<T, A, F>
where
    T: DeserializeOwned + Send,
    A: Fn() -> Ask + Send,
    F: Fn(&T) -> i32 + Copy + Send,
{
    let budget = ReadBudget::new(BYTES);
    http_core::pages(LIMITS, id, move |last: Option<i32>| {
        let ask = ask().query("pageSize", PAGE_SIZE).within(&budget);
        let ask = match last {
            Some(last) => ask.query("after", last),
            None => ask,
        };
        async move {
            let items: Vec<T> = ask.send().await?;
            let next = items.last().map(id);
            Ok::<_, Error>(Page { items, next })
        }
    })
}

/// A page of a report.
#[derive(Deserialize)]
struct Report<T> {
    #[serde(default)]
    cursor: Option<Cursor>,
    #[serde(default = "Vec::new")]
    results: Vec<T>,
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
    cursored(service, operation, parameters, "cursor", PAGE_SIZE)
}

/// As [`report`], where the parameter that continues has this name and a page at most so many rows.
pub(crate) fn cursored<T>(
    service: &ServiceClient<Ninja>,
    operation: ApiOperation,
    parameters: &Parameters,
    cursor_name: &'static str,
    page_size: u32,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T>
where
    T: DeserializeOwned + Serialize + Send,
{
    let (service, parameters, budget) = (service.clone(), parameters.clone(), ReadBudget::new(BYTES));
    http_core::pages(
        LIMITS,
        |row: &T| content(row),
        move |cursor: Option<(String, i64)>| {
            let ask = Ask::new(&service, operation).parameters(&parameters).query("pageSize", page_size);
            let ask = match cursor {
                Some((name, _)) => ask.query(cursor_name, name),
                None => ask,
            };
            let ask = ask.within(&budget);
            async move {
                let report: Report<T> = ask.send().await?;
                if report.cursor.is_none() && report.results.len() >= page_size as usize {
                    return Err(Error::cut_off(operation.name(), report.results.len()));
                }
                let goes_on = report.cursor.filter(|_| !report.results.is_empty());
                let next = goes_on.map(|cursor| (cursor.name, cursor.offset.saturating_add(cursor.count)));
                Ok::<_, Error>(Page { items: report.results, next })
            }
        },
    )
}

fn content(row: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(row).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

#[derive(Deserialize)]
struct Activities {
    #[serde(default)]
    activities: Vec<Activity>,
}

/// Every activity, from the newest to the oldest. The specification describes `olderThan` as it should describe `newerThan`; the names are right.
pub(crate) fn activities<A>(ask: A) -> impl Stream<Item = Result<Activity, Error>> + Send + use<A>
where
    A: Fn() -> Ask + Send,
{
    let budget = ReadBudget::new(BYTES);
    http_core::pages(
        LIMITS,
        |row: &Activity| row.id,
        move |oldest: Option<ActivityId>| {
            let ask = ask().query("pageSize", PAGE_SIZE).within(&budget);
            let ask = match oldest {
                Some(oldest) => ask.query("olderThan", oldest),
                None => ask,
            };
            async move {
                let page: Activities = ask.send().await?;
                let next = page.activities.iter().map(|row| row.id).min();
                Ok::<_, Error>(Page { items: page.activities, next })
            }
        },
    )
}
