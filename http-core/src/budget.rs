//! How much is read: of one answer, of the answers of one listing, and how slowly they may come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout};

/// The most that is read of an answer that is to be decoded, unless its call says otherwise.
pub(crate) const ANSWER: u64 = 16 * 1024 * 1024;

/// The most that is read of a refusal; a longer one counts as one without words.
pub(crate) const REFUSAL: u64 = 1024 * 1024;

/// How much the answers of several calls may hold together, such as the pages of one listing that is gathered in memory. A clone
/// draws on the same budget.
///
/// ```
/// use http_core::{Call, Method, Operation, Idempotency, ReadBudget};
///
/// let budget = ReadBudget::new(32 * 1024 * 1024);
/// let operation = Operation::new("list_days", Idempotency::Read);
/// let page = |number: u32| Call::new(operation, Method::Get, "days").query("page", number).within(&budget);
/// # drop(page(1));
/// ```
#[derive(Clone, Debug)]
pub struct ReadBudget(Arc<AtomicU64>);

impl ReadBudget {
    /// A budget of this many bytes.
    pub fn new(bytes: u64) -> Self {
        Self(Arc::new(bytes.into()))
    }

    /// How many bytes are left.
    pub fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn spend(&self, bytes: u64) {
        let spent = |left: u64| Some(left.saturating_sub(bytes));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent);
    }
}

/// Why a body did not come to its end.
pub(crate) enum Lost {
    Broken(reqwest::Error),
    Silent,
    Slow,
}

impl Lost {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Broken(_) => "the connection broke within the answer",
            Self::Silent => "nothing more of the answer came within the idle time-out",
            Self::Slow => "the answer came more slowly than the minimum rate",
        }
    }

    pub(crate) fn cause(self) -> Option<reqwest::Error> {
        match self {
            Self::Broken(cause) => Some(cause),
            Self::Silent | Self::Slow => None,
        }
    }
}

/// Reads a body piece by piece, as long as it comes fast enough. Only time spent waiting for the service counts: whoever reads slowly
/// loses no download.
pub(crate) struct Pace {
    idle: Duration,
    bytes_per_second: u32,
    waited: Duration,
    moved: u64,
}

impl Pace {
    pub(crate) fn new(idle: Duration, bytes_per_second: u32) -> Self {
        Self { idle, bytes_per_second, waited: Duration::ZERO, moved: 0 }
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self, content: &mut reqwest::Response) -> Result<Option<Bytes>, Lost> {
        let began = Instant::now();
        let piece = match timeout(self.idle, content.chunk()).await {
            Ok(Ok(piece)) => piece,
            Ok(Err(cause)) => return Err(Lost::Broken(cause.without_url())),
            Err(_) => return Err(Lost::Silent),
        };
        let Some(bytes) = &piece else { return Ok(None) };
        if self.is_fast_enough(began.elapsed(), bytes.len() as u64) { Ok(piece) } else { Err(Lost::Slow) }
    }

    /// Whether the bytes of the last while, at least as long as the idle time-out, came at the minimum rate.
    fn is_fast_enough(&mut self, waited: Duration, bytes: u64) -> bool {
        self.waited += waited;
        self.moved += bytes;
        if self.waited < self.idle {
            return true;
        }
        let least = self.waited.as_secs_f64() * f64::from(self.bytes_per_second);
        #[expect(clippy::cast_precision_loss, reason = "a rate is no exact number")]
        let enough = self.moved as f64 >= least;
        (self.waited, self.moved) = (Duration::ZERO, 0);
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IDLE: Duration = Duration::from_mins(1);

    #[test]
    fn x7_a_byte_every_twenty_seconds_is_too_slow_within_a_minute() {
        let mut pace = Pace::new(IDLE, 256);
        let steady: Vec<bool> = (0..3).map(|_| pace.is_fast_enough(Duration::from_secs(20), 1)).collect();
        assert_eq!(steady, [true, true, false]);
    }

    #[test]
    fn x7_what_several_answers_hold_together_is_counted_once_and_never_below_nothing() {
        let budget = ReadBudget::new(10);
        budget.clone().spend(4);
        assert_eq!(budget.left(), 6);
        budget.spend(40);
        assert_eq!(budget.left(), 0);
    }

    proptest! {
        /// Whatever its pieces, a transfer at twice the rate goes on, and one at half the rate ends within two idle time-outs.
        #[test]
        fn x7_a_rate_is_judged_whatever_the_pieces(pieces in prop::collection::vec(1_u64..20, 40..80)) {
            let (mut fast, mut slow) = (Pace::new(IDLE, 256), Pace::new(IDLE, 256));
            let (mut ended, mut spent) = (None, 0);
            for seconds in pieces {
                spent += seconds;
                prop_assert!(fast.is_fast_enough(Duration::from_secs(seconds), seconds * 512));
                if !slow.is_fast_enough(Duration::from_secs(seconds), seconds * 128) {
                    ended.get_or_insert(spent);
                }
            }
            prop_assert!(spent < 120 || ended.is_some_and(|after| after <= 120), "{ended:?}");
        }
    }
}
