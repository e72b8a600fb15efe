//! How many requests an API key has left.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Requests that IT Glue answers within [`WINDOW`] (its developer pages, rate limits).
const LIMIT: usize = 3000;

/// The time over which requests are counted.
const WINDOW: Duration = Duration::from_mins(5);

/// How many requests an API key has left: 3000 in any five minutes, as IT Glue's developer pages say.
///
/// All clients of this process with the same key at the same address share one budget. They find it by a hash of the key, made with
/// numbers that this process drew at random: the key itself is neither kept for it nor compared. Each attempt counts, repeated ones
/// too. Requests that other programs make with the key are not seen, until IT Glue refuses one of ours: then nothing remains for as
/// long as it asked to wait.
///
/// The budget informs and holds nothing up: a call that goes beyond it is refused by IT Glue, waited for and made again.
#[derive(Clone)]
pub struct Budget(Arc<Mutex<Window>>);

#[derive(Default)]
struct Window {
    sent: VecDeque<Instant>,
    exhausted_until: Option<Instant>,
}

/// The budgets of this process, by the hashes of their keys. Two keys that share a hash would share a budget, and nothing else.
struct Budgets {
    hasher: RandomState,
    by_hash: Mutex<HashMap<u64, Weak<Mutex<Window>>>>,
}

static BUDGETS: LazyLock<Budgets> =
    LazyLock::new(|| Budgets { hasher: RandomState::new(), by_hash: Mutex::default() });

impl Budget {
    /// The budget of this key, the same for every client that lives.
    pub(crate) fn of(key: &impl Hash) -> Self {
        let Budgets { hasher, by_hash } = &*BUDGETS;
        let mut by_hash = by_hash.lock().unwrap_or_else(PoisonError::into_inner);
        by_hash.retain(|_, window| window.strong_count() > 0);
        let hash = hasher.hash_one(key);
        if let Some(window) = by_hash.get(&hash).and_then(Weak::upgrade) {
            return Self(window);
        }
        let window = Arc::<Mutex<Window>>::default();
        by_hash.insert(hash, Arc::downgrade(&window));
        Self(window)
    }

    /// How many requests may be sent now before IT Glue refuses one.
    pub fn remaining(&self) -> usize {
        self.window().remaining(Instant::now())
    }

    /// How long until more may be sent than now; nothing where all may.
    pub fn refilled_in(&self) -> Duration {
        self.window().refilled_in(Instant::now())
    }

    pub(crate) fn spend(&self) {
        self.window().spend(Instant::now());
    }

    /// IT Glue has refused a request, and takes none for this long.
    pub(crate) fn exhaust(&self, wait: Duration) {
        self.window().exhausted_until = Instant::now().checked_add(wait.min(WINDOW));
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("remaining", &self.remaining()).finish()
    }
}

impl Window {
    fn forget(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|oldest| now.duration_since(*oldest) >= WINDOW) {
            self.sent.pop_front();
        }
        self.exhausted_until = self.exhausted_until.filter(|until| *until > now);
    }

    fn remaining(&mut self, now: Instant) -> usize {
        self.forget(now);
        if self.exhausted_until.is_some() { 0 } else { LIMIT - self.sent.len() }
    }

    fn refilled_in(&mut self, now: Instant) -> Duration {
        self.forget(now);
        let oldest = self.sent.front().map(|oldest| WINDOW.saturating_sub(now.duration_since(*oldest)));
        let refused = self.exhausted_until.map(|until| until.duration_since(now));
        refused.or(oldest).unwrap_or_default()
    }

    fn spend(&mut self, now: Instant) {
        self.forget(now);
        if self.sent.len() == LIMIT {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_for_five_minutes_and_no_longer() {
        let (start, mut window) = (Instant::now(), Window::default());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!((window.remaining(start), window.refilled_in(start)), (3000, Duration::ZERO));
        window.spend(start);
        for _ in 0..9 {
            window.spend(at(100));
        }
        assert_eq!((window.remaining(at(299)), window.refilled_in(at(299))), (2990, Duration::from_secs(1)));
        assert_eq!(window.remaining(at(300)), 2991);
        assert_eq!(window.remaining(at(400)), 3000);
        for _ in 0..4000 {
            window.spend(at(400));
        }
        assert_eq!((window.remaining(at(401)), window.sent.len()), (0, 3000));
    }

    #[test]
    fn nothing_remains_while_the_service_asks_to_wait() {
        let (now, mut window) = (Instant::now(), Window::default());
        window.exhausted_until = Some(now + Duration::from_secs(30));
        assert_eq!((window.remaining(now), window.refilled_in(now)), (0, Duration::from_secs(30)));
        assert_eq!(window.remaining(now + Duration::from_secs(30)), 3000);
    }

    #[test]
    fn clients_of_one_key_share_a_budget_as_long_as_one_of_them_lives() {
        let (one, other) = (Budget::of(&("a", "key")), Budget::of(&("a", "key")));
        one.spend();
        assert_eq!((other.remaining(), Budget::of(&("a", "other key")).remaining()), (2999, 3000));
        assert_eq!(Budget::of(&("b", "key")).remaining(), 3000);
        drop((one, other));
        assert_eq!(Budget::of(&("a", "key")).remaining(), 3000);
    }
}
