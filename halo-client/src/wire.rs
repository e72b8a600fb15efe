//! What HaloPSA's answers and requests have in common: lists in two forms, pages that may repeat, bodies that are arrays, and members
//! that may be of another type than usual.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::Stream;
use http_core::{Call, ListingLimits, Method, Operation, Page, ReadBudget, ServiceClient};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::service::Halo;

/// Rows asked for in one page.
const PAGE_SIZE: usize = 100;

/// The most records of one list.
const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// The most bytes of one list, all of its pages together.
const BYTES: u64 = 128 * 1024 * 1024;

/// A record with an id, as lists and single answers show it.
pub(crate) trait Record: DeserializeOwned + Send {
    type Id: Copy + Eq + Hash + Display + Send + Sync;
    fn id(&self) -> Self::Id;
}

/// Reads a member that may be missing, null, or of another type than usual: then it is not known.
pub(crate) fn lenient<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// A query, and what rows that satisfy it look like.
pub(crate) struct Filter<T> {
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) broken: Broken<T>,
}

/// Says how a row breaks a filter, if it does.
type Broken<T> = Box<dyn Fn(&T) -> Option<String> + Send + Sync>;

impl<T> Filter<T> {
    pub(crate) fn none() -> Self {
        Self { parameters: Vec::new(), broken: Box::new(|_| None) }
    }

    /// Refuses rows that do not satisfy the filter: HaloPSA ignores parameters that it does not know and answers with everything.
    pub(crate) fn check(&self, operation: Operation, rows: &[T]) -> Result<(), Error> {
        let Some(how) = rows.iter().find_map(|row| (self.broken)(row)) else { return Ok(()) };
        let asked: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let kind = ErrorKind::FilterIgnored;
        Err(Error::of_answer(kind, operation.name(), asked.join(" "), how))
    }

    fn ask(&self, call: Call) -> Call {
        self.parameters.iter().fold(call, |call, (name, value)| call.query(*name, value))
    }
}

/// Says that a row shows another value of a member than was asked for, or none.
pub(crate) fn differs<T: PartialEq + Display>(member: &str, shown: Option<&T>, wanted: &T) -> Option<String> {
    match shown {
        Some(shown) if shown == wanted => None,
        Some(shown) => Some(format!("a row came back whose {member} is {shown}")),
        None => Some(format!("a row came back without {member}")),
    }
}

/// The rows of a list, which is an array or an object that holds one under `plural`. A row without an id is no record and left out.
pub(crate) fn rows<T: Record>(body: Value, plural: &str) -> Option<(Vec<T>, usize, Option<u64>)> {
    let total = body.get("record_count").and_then(Value::as_u64);
    let rows = match body {
        Value::Array(rows) => rows,
        Value::Object(mut members) => match members.remove(plural) {
            Some(Value::Array(rows)) => rows,
            // A list that is empty may leave its member out.
            Some(Value::Null) | None if total == Some(0) => Vec::new(),
            _ => return None,
        },
        _ => return None,
    };
    let read = rows.len();
    Some((rows.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect(), read, total))
}

/// The rows of one answer, and whether they are all that there are of so many asked for.
pub(crate) struct Answered<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) is_whole: bool,
}

/// Asks once for at most `count` rows of a list, and checks them. A count may be heeded, ignored, or held to a smaller one.
pub(crate) async fn once<T: Record>(
    service: &ServiceClient<Halo>,
    call: Call,
    operation: Operation,
    (plural, count): (&str, usize),
    filter: &Filter<T>,
) -> Result<Answered<T>, Error> {
    let body: Value = service.send(filter.ask(call)).await?;
    let (rows, read, total) = rows(body, plural).ok_or_else(|| no_list(operation, plural))?;
    filter.check(operation, &rows)?;
    let is_whole = read < count && total.is_none_or(|total| read as u64 >= total);
    Ok(Answered { rows, is_whole })
}

/// Asks for a list that has no pages, and takes it for the whole only if it does not say that it has more.
pub(crate) async fn whole<T: Record>(
    service: &ServiceClient<Halo>,
    call: Call,
    operation: Operation,
    plural: &str,
) -> Result<Vec<T>, Error> {
    let body: Value = service.send(call).await?;
    let (rows, read, total) = rows(body, plural).ok_or_else(|| no_list(operation, plural))?;
    match total.filter(|total| *total > read as u64) {
        Some(total) => Err(cut_short(operation, read, total)),
        None => Ok(rows),
    }
}

/// A list that says that it has more than its pages show: it is not taken for the whole.
fn cut_short(operation: Operation, seen: usize, total: u64) -> Error {
    let detail = format!("it shows {seen} of {total} records");
    Error::of_answer(ErrorKind::NotUnderstood, operation.name(), "the list", detail)
}

fn no_list(operation: Operation, plural: &str) -> Error {
    let detail = format!("neither an array nor an object with {plural}");
    Error::of_answer(ErrorKind::NotUnderstood, operation.name(), plural, detail)
}

/// What the pages of a list have shown so far.
struct Seen<I> {
    ids: HashSet<I>,
    /// Rows without an id.
    odd: usize,
}

impl<I> Default for Seen<I> {
    fn default() -> Self {
        Self { ids: HashSet::new(), odd: 0 }
    }
}

/// Lists a collection page by page, as far as it is read. Some collections ignore the page's number and answer with the first again and
/// again: a page that brings nothing new is the end, and no record comes twice. If the list says that it has more, it is not whole.
pub(crate) fn list<T: Record>(
    service: &ServiceClient<Halo>,
    operation: Operation,
    path: &'static str,
    plural: &'static str,
    filter: Filter<T>,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
    let (service, budget) = (service.clone(), ReadBudget::new(BYTES));
    let (filter, seen) = (Arc::new(filter), Arc::new(Mutex::new(Seen::default())));
    http_core::pages(
        LIMITS,
        |row: &T| row.id(),
        move |page: Option<u32>| {
            let (service, filter, seen) = (service.clone(), Arc::clone(&filter), Arc::clone(&seen));
            let number = page.unwrap_or(1);
            let call = filter.ask(Call::new(operation, Method::Get, path).within(&budget));
            let call = call.query("pageinate", true).query("page_size", PAGE_SIZE).query("page_no", number);
            async move {
                let body: Value = service.send(call).await?;
                let (mut items, read, total) =
                    rows(body, plural).ok_or_else(|| no_list(operation, plural))?;
                filter.check(operation, &items)?;
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.odd += read - items.len();
                items.retain(|row: &T| seen.ids.insert(row.id()));
                let shown = seen.ids.len() + seen.odd;
                if let Some(total) = total.filter(|total| items.is_empty() && *total > shown as u64) {
                    return Err(cut_short(operation, shown, total));
                }
                let complete = read < PAGE_SIZE && total.is_some_and(|total| seen.ids.len() as u64 >= total);
                let next = (!items.is_empty() && !complete).then_some(number + 1);
                Ok(Page { items, next })
            }
        },
    )
}

/// Makes a call that answers with one record, and sees to it that it is the one that was asked for.
pub(crate) async fn one<T: Record>(
    service: &ServiceClient<Halo>,
    call: Call,
    operation: Operation,
    wanted: T::Id,
) -> Result<T, Error> {
    let body: Value = service.send(call).await?;
    let is_nothing = body.is_null() || body.as_object().is_some_and(serde_json::Map::is_empty);
    if is_nothing {
        let detail = "the answer is empty";
        return Err(Error::of_answer(ErrorKind::NotFound, operation.name(), wanted, detail));
    }
    let not_understood =
        |detail: String| Error::of_answer(ErrorKind::NotUnderstood, operation.name(), wanted, detail);
    let record: T = serde_json::from_value(body)
        .map_err(|_| not_understood("the answer is no record with an id".to_owned()))?;
    if record.id() != wanted {
        return Err(not_understood(format!("the answer is the record {}", record.id())));
    }
    Ok(record)
}

/// A write of one record: HaloPSA takes arrays only.
pub(crate) fn write(operation: Operation, path: &'static str, record: &impl Serialize) -> Call {
    Call::new(operation, Method::Post, path).json(&[record])
}
