//! Lists that are continued after the last id seen.

use futures_util::Stream;
use http_core::{Call, Method, Operation, Page, ServiceClient};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::service::Ninja;

/// Rows asked for in one page. What NinjaOne gives without being asked is undocumented, and clients have stopped at it.
const PAGE_SIZE: u32 = 1000;

/// Every row of a list, page by page as the stream is read. A page may be shorter than asked for and not be the last, so the
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
    let service = service.clone();
    http_core::pages(move |last: Option<i32>| {
        let call = Call::new(operation, Method::Get, target.clone()).query("pageSize", PAGE_SIZE);
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
