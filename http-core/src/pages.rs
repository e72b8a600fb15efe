//! A stream over a paged listing, which ends whatever the service answers.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::hash::{BuildHasher as _, Hash, RandomState};

use futures_util::{Stream, stream};

/// One page of a listing and where the next begins; a page may be empty and still not be the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// What the page lists.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<C>,
}

/// Where a listing is given up. A service that never says that a listing has ended, by mistake or on purpose, would else be
/// followed for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListingLimits {
    /// The most items that are read.
    pub items: u64,
    /// The most pages in a row that bring nothing new: empty ones, and those whose items were all seen before.
    pub idle_pages: u32,
}

impl ListingLimits {
    /// At most this many items, and a hundred pages in a row that bring nothing new.
    pub const fn items(items: u64) -> Self {
        Self { items, idle_pages: 100 }
    }

    /// At most this many pages in a row that bring nothing new.
    pub const fn idle_pages(self, idle_pages: u32) -> Self {
        Self { idle_pages, ..self }
    }
}

/// Why a listing was given up: following it further might never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndlessListing {
    /// The service handed out the same cursor twice.
    #[error("the service handed out the same cursor twice, so the listing would never end")]
    RepeatedCursor,
    /// Page after page brought nothing new.
    #[error(
        "{pages} pages in a row brought nothing new, and the service names yet another: the listing would never end"
    )]
    NothingNew {
        /// How many pages.
        pages: u32,
    },
    /// There are more items than a listing may have.
    #[error("the listing has more than {items} entries, the most that are read")]
    TooManyItems {
        /// How many may be read.
        items: u64,
    },
}

enum Next<C> {
    First,
    At(C),
    None,
}

struct State<T, C, F, K> {
    fetch: F,
    key: K,
    limits: ListingLimits,
    items: VecDeque<T>,
    next: Next<C>,
    hasher: RandomState,
    cursors: Recent,
    keys: Recent,
    read: u64,
    idle: u32,
}

/// All items of a listing, page by page as the stream is read. Memory holds one page, and eight bytes for each of the last hundred
/// thousand items and cursors or so. `key` tells one item from another. After an error the stream is over.
///
/// # Errors
/// Those of `fetch`, and [`EndlessListing`].
pub fn pages<T, C, E, F, P, K, I>(
    limits: ListingLimits,
    key: K,
    fetch: F,
) -> impl Stream<Item = Result<T, E>> + Send
where
    T: Send,
    C: Clone + Hash + Send,
    E: From<EndlessListing> + Send,
    F: FnMut(Option<C>) -> P + Send,
    P: Future<Output = Result<Page<T, C>, E>> + Send,
    K: Fn(&T) -> I + Send,
    I: Hash,
{
    let start = State {
        fetch,
        key,
        limits,
        items: VecDeque::new(),
        next: Next::First,
        hasher: RandomState::new(),
        cursors: Recent::default(),
        keys: Recent::default(),
        read: 0,
        idle: 0,
    };
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
            let taken = match (state.fetch)(cursor).await {
                Ok(page) => state.take(page).map_err(E::from),
                Err(error) => Err(error),
            };
            if let Err(error) = taken {
                return Some((Err(error), state));
            }
        }
    })
}

impl<T, C: Hash, F, K> State<T, C, F, K> {
    /// Takes a page, and judges whether the listing may go on behind it.
    fn take<I: Hash>(&mut self, page: Page<T, C>) -> Result<(), EndlessListing>
    where
        K: Fn(&T) -> I,
    {
        let mut is_new = false;
        for item in &page.items {
            is_new |= self.keys.insert(self.hasher.hash_one((self.key)(item)));
        }
        self.read += page.items.len() as u64;
        self.idle = if is_new { 0 } else { self.idle + 1 };
        if self.read > self.limits.items {
            return Err(EndlessListing::TooManyItems { items: self.limits.items });
        }
        if let Some(cursor) = page.next {
            if !self.cursors.insert(self.hasher.hash_one(&cursor)) {
                return Err(EndlessListing::RepeatedCursor);
            }
            if self.idle >= self.limits.idle_pages {
                return Err(EndlessListing::NothingNew { pages: self.idle });
            }
            self.next = Next::At(cursor);
        }
        self.items = page.items.into();
        Ok(())
    }
}

/// Which of the last values were seen, by their hashes: at least the last [`Recent::REMEMBERED`], at most twice as many. Two values
/// that share a hash of 64 bits, once in many million listings of this length, count as one.
#[derive(Default)]
struct Recent {
    younger: HashSet<u64>,
    older: HashSet<u64>,
}

impl Recent {
    const REMEMBERED: usize = 100_000;

    /// Whether the value was not among them; from now on it is.
    fn insert(&mut self, hash: u64) -> bool {
        if self.younger.len() >= Self::REMEMBERED {
            self.older = std::mem::take(&mut self.younger);
        }
        let is_new = !self.older.contains(&hash);
        self.younger.insert(hash) && is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt as _, TryStreamExt as _};
    use proptest::prelude::*;

    const LIMITS: ListingLimits = ListingLimits::items(1000).idle_pages(3);

    /// What a listing ends in when its page number `n` (from 0) is `page(n)`.
    async fn ending(
        page: impl Fn(u32) -> (Vec<u32>, Option<u32>) + Send + Clone,
    ) -> (usize, Result<(), EndlessListing>) {
        let mut fetched = 0;
        let listing = pages(
            LIMITS,
            |item: &u32| *item,
            move |_: Option<u32>| {
                let (items, next) = page(fetched);
                fetched += 1;
                async move { Ok(Page { items, next }) }
            },
        );
        let all: Vec<_> = listing.take(5000).collect().await;
        let end = all.last().copied().transpose().map(drop);
        (all.iter().filter(|item| item.is_ok()).count(), end)
    }

    #[tokio::test]
    async fn empty_pages_do_not_end_a_listing() {
        let (items, end) = ending(|page| match page {
            0 => (vec![1, 2], Some(1)),
            1 => (vec![], Some(2)),
            _ => (vec![3], None),
        })
        .await;
        assert_eq!((items, end), (3, Ok(())));
    }

    #[tokio::test]
    async fn x7_no_listing_is_endless() {
        use EndlessListing::{NothingNew, RepeatedCursor, TooManyItems};
        let nothing_new = Err(NothingNew { pages: 3 });
        // Ever-new items under ever-new cursors.
        let new = ending(|page| ((page * 10..page * 10 + 10).collect(), Some(page))).await;
        assert_eq!(new, (1000, Err(TooManyItems { items: 1000 })));
        // One page that is larger than all may be.
        assert_eq!(ending(|_| ((0..1001).collect(), None)).await.1, Err(TooManyItems { items: 1000 }));
        // A cursor that comes again, at once or in a circle.
        assert_eq!(ending(|page| (vec![page], Some(7))).await, (1, Err(RepeatedCursor)));
        assert_eq!(ending(|page| (vec![page], Some(page % 5))).await, (5, Err(RepeatedCursor)));
        // Ever-new cursors that lead to empty pages, to the same page, or round and round.
        assert_eq!(ending(|page| (vec![], Some(page))).await.1, nothing_new);
        assert_eq!(ending(|page| (vec![1, 2, 3], Some(page))).await.1, nothing_new);
        assert_eq!(ending(|page| (vec![page % 20, page % 20 + 1], Some(page))).await.1, nothing_new);
    }

    #[tokio::test]
    async fn items_that_move_to_the_next_page_while_it_is_asked_for_end_nothing() {
        let (items, end) = ending(|page| (vec![page, page + 1], (page < 50).then_some(page))).await;
        assert_eq!((items, end), (102, Ok(())));
    }

    #[tokio::test]
    async fn after_an_error_the_stream_is_over() {
        let failing = pages(
            LIMITS,
            |item: &u8| *item,
            |_: Option<u32>| async { Err::<Page<u8, u32>, _>(EndlessListing::RepeatedCursor) },
        );
        assert_eq!(failing.collect::<Vec<_>>().await.len(), 1);
    }

    proptest! {
        /// Whatever a service answers, a listing ends after so many requests, and a sound one is whole.
        #[test]
        fn x7_every_listing_ends_and_a_sound_one_is_whole(
            sizes in prop::collection::vec(0_u32..5, 1..40), ends in any::<bool>(), repeats in any::<bool>()
        ) {
            let asked = std::sync::atomic::AtomicU32::new(0);
            let last = u32::try_from(sizes.len()).unwrap() - 1;
            let listing = pages(LIMITS, |item: &u32| *item, |cursor: Option<u32>| {
                let page = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                assert_eq!(cursor, page.checked_sub(1));
                let size = sizes[page as usize % sizes.len()];
                let from = if repeats { 0 } else { page * 10 };
                let next = (!ends || page < last).then_some(page);
                async move { Ok::<_, EndlessListing>(Page { items: (from..from + size).collect(), next }) }
            });
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let all: Result<Vec<u32>, _> = runtime.block_on(listing.try_collect());
            prop_assert!(asked.load(std::sync::atomic::Ordering::Relaxed) <= 4000);
            match all {
                Ok(all) => {
                    prop_assert!(ends);
                    prop_assert_eq!(all.len(), sizes.iter().sum::<u32>() as usize);
                }
                Err(_) => prop_assert!(!ends || repeats || sizes.windows(3).any(|three| three == [0, 0, 0])),
            }
        }
    }
}
