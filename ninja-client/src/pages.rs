//! Lists that are continued after the last id seen.

use futures_util::Stream;
use http_core::{Call, ListingLimits, Method, Operation, Page, ReadBudget, ServiceClient};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::service::Ninja;

/// Rows asked for in one page. What NinjaOne gives without being asked is undocumented, and clients have stopped at it.
const PAGE_SIZE: u32 = 1000;

/// The most rows of one list, which callers gather in memory: ten times the devices of a large provider.
pub(crate) const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// The most bytes of one list, all of its pages together.
pub(crate) const BYTES: u64 = 32 * 1024 * 1024;

/// Every row of a list, page by page as the stream is read, within [`LIMITS`] and [`BYTES`]. A page may be shorter than asked for and not be the last, so the
/// list ends at an empty one; a server that ignores where to continue shows by a page it has sent before.
pub(crate) fn after<T, F>(
    service: &ServiceClient<Ninja>,
    operation: Operation,
    target: String,
    id: F,
) -> impl Stream<Item = Result<T, Error>> + Send + use<T, F>
where
    T: DeserializeOwned + Send,
    F: Fn(&T) -> i32 + Copy + Send,
{
    let (service, budget) = (service.clone(), ReadBudget::new(BYTES));
    http_core::pages(LIMITS, id, move |last: Option<i32>| {
        let call = Call::new(operation, Method::Get, target.clone()).query("pageSize", PAGE_SIZE);
        let call = call.within(&budget);
        let call = match last {
            Some(last) => call.query("after", last),
            None => call,
        };
        let service = service.clone();
        async move {
            let items: Vec<T> = service.send(call).await?;
            let next = items.last().map(id);
            Ok::<_, Error>(Page { items, next })
        }
    })
}
