//! A stream over a paged listing.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::hash::Hash;

use futures_util::{Stream, stream};

/// One page of a listing and where the next begins; a page may be empty and still not be the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// What the page lists.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<C>,
}

/// The service handed out the same cursor twice: following it would never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service handed out the same cursor twice, so the listing would never end")]
#[non_exhaustive]
pub struct RepeatedCursor;

enum Next<C> {
    First,
    At(C),
    None,
}

struct State<T, C, F> {
    fetch: F,
    items: VecDeque<T>,
    next: Next<C>,
    seen: HashSet<C>,
}

/// All items of a listing, page by page as the stream is read; memory holds one page and the cursors. After an error the
/// stream is over.
pub fn pages<T, C, E, F, P>(fetch: F) -> impl Stream<Item = Result<T, E>> + Send
where
    T: Send,
    C: Clone + Eq + Hash + Send,
    E: From<RepeatedCursor> + Send,
    F: FnMut(Option<C>) -> P + Send,
    P: Future<Output = Result<Page<T, C>, E>> + Send,
{
    let start = State { fetch, items: VecDeque::new(), next: Next::First, seen: HashSet::new() };
    stream::unfold(start, |mut state| async move {
        loop {
            if let Some(item) = state.items.pop_front() {
                return Some((Ok(item), state));
            }
            let cursor = match std::mem::replace(&mut state.next, Next::None) {
                Next::First => None,
                Next::At(cursor) => Some(cursor),
                Next::None => return None,
            };
            match (state.fetch)(cursor).await {
                Err(error) => return Some((Err(error), state)),
                Ok(page) => {
                    state.items = page.items.into();
                    if let Some(cursor) = page.next {
                        if !state.seen.insert(cursor.clone()) {
                            state.items.clear();
                            return Some((Err(RepeatedCursor.into()), state));
                        }
                        state.next = Next::At(cursor);
                    }
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    async fn collect(list: &[(&[u8], Option<u32>)]) -> Vec<Result<u8, RepeatedCursor>> {
        pages(|cursor: Option<u32>| async move {
            let (items, next) = list[cursor.unwrap_or(0) as usize];
            Ok(Page { items: items.to_vec(), next })
        })
        .collect()
        .await
    }

    #[tokio::test]
    async fn empty_pages_do_not_end_a_listing() {
        let all = collect(&[(&[1, 2], Some(1)), (&[], Some(2)), (&[3], None)]).await;
        assert_eq!(all, [Ok(1), Ok(2), Ok(3)]);
    }

    #[tokio::test]
    async fn a_cursor_seen_twice_is_an_error_and_ends_the_stream() {
        let all = collect(&[(&[1], Some(1)), (&[2], Some(2)), (&[3], Some(1))]).await;
        assert_eq!(all, [Ok(1), Ok(2), Err(RepeatedCursor)]);
    }

    #[tokio::test]
    async fn after_an_error_the_stream_is_over() {
        let failing = pages(|_: Option<u32>| async { Err::<Page<u8, u32>, _>(RepeatedCursor) });
        assert_eq!(failing.collect::<Vec<_>>().await.len(), 1);
    }
}
