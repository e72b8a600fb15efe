//! How many attempts, how far apart and for how long in all: the one retry policy of the workspace.

use std::time::Duration;

/// The longest wait that is taken for what a service means: a longer one, such as until a date of another century, is a fault of
/// whoever answers, and the usual backoff is kept.
pub const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// How a call is repeated: attempts, growing random backoff between them, and a limit on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included; at least one is made.
    pub attempts: u32,
    /// The first backoff lies between nothing and this; each further bound is twice the one before.
    pub base_delay: Duration,
    /// No backoff chosen here is longer than this; a wait that the service asks for may be, up to [`LONGEST_ASKED`].
    pub max_delay: Duration,
    /// The whole call, backoff and session renewal included, ends by then.
    pub deadline: Duration,
}

impl Default for RetryPolicy {
    /// Six attempts, backoff from one second doubling to 64 seconds, five minutes in all.
    fn default() -> Self {
        Self {
            attempts: 6,
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(64),
            deadline: Duration::from_mins(5),
        }
    }
}

impl RetryPolicy {
    /// The same policy with this many attempts.
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// The same policy with this total deadline.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// The policy for an address where nothing has answered yet: at most three attempts within two seconds. A wrong address stays
    /// wrong, and somebody waits for the answer; a service that was reached before is worth waiting for.
    pub fn before_the_first_answer(self) -> Self {
        let brief = Duration::from_millis(250);
        Self {
            attempts: self.attempts.min(3),
            base_delay: self.base_delay.min(brief),
            max_delay: self.max_delay.min(brief),
            deadline: self.deadline.min(Duration::from_secs(2)),
        }
    }

    /// The backoff after failed attempt number `attempt` (from 1): uniform between nothing and the doubling bound, chosen by
    /// `random`, any 64 random bits ("full jitter").
    pub fn backoff(&self, attempt: u32, random: u64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(20);
        let bound = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        let nanos = u64::try_from(bound.as_nanos()).unwrap_or(u64::MAX);
        // The upper half of the product is uniform in 0..nanos.
        let chosen = (u128::from(random) * u128::from(nanos)) >> 64;
        Duration::from_nanos(u64::try_from(chosen).unwrap_or(nanos))
    }
}

impl RetryPolicy {
    /// How long to wait before another attempt, after `attempts` that failed and `spent` since the call began: chosen at random, and
    /// as long as the service `asked` for at least. An answer that asks for no time does not have every attempt made at once, and
    /// one that asks for more than [`LONGEST_ASKED`] has asked for nothing. `None` when no attempt should follow: all are used up,
    /// or the wait would not end before the deadline.
    pub fn next_backoff(&self, attempts: u32, asked: Option<Duration>, spent: Duration) -> Option<Duration> {
        let asked = asked.filter(|asked| *asked <= LONGEST_ASKED).unwrap_or_default();
        let pause = self.random_backoff(attempts).max(asked);
        let ends = spent.checked_add(pause)?;
        (attempts < self.attempts && ends < self.deadline).then_some(pause)
    }

    /// The backoff after failed attempt number `attempt`, chosen at random.
    pub fn random_backoff(&self, attempt: u32) -> Duration {
        self.backoff(attempt, random())
    }
}

/// Sixty-four random bits; only spread matters here, so a failing system source costs nothing but the spread.
fn random() -> u64 {
    getrandom::u64().unwrap_or(u64::MAX / 2)
}

/// What a `Retry-After` header asks for: whole seconds, or a date, which is measured against the answer's own `Date` so that
/// this machine's clock does not matter. Anything else asks for nothing, and so do no time at all, a date that is past, and more than
/// [`LONGEST_ASKED`].
pub(crate) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    let asked = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(value.parse().ok()?)
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let now = httpdate::parse_http_date(date?.trim()).ok()?;
        until.duration_since(now).ok()?
    };
    (!asked.is_zero() && asked <= LONGEST_ASKED).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_junk_asks_for_nothing() {
        let date = Some("Fri, 20 Nov 2026 10:00:00 GMT");
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", None),
            ("000", None),
            ("86400", Some(86_400)),
            ("86401", None),
            ("99999999999999999999999999", None),
            ("Fri, 20 Nov 2026 10:00:09 GMT", Some(9)),
            ("Fri, 20 Nov 2026 10:00:00 GMT", None),
            ("Fri, 20 Nov 2026 09:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", None),
            ("soon", None),
            ("", None),
            ("-3", None),
            ("1.5", None),
        ] {
            assert_eq!(retry_after(value, date), expected.map(Duration::from_secs), "{value:?}");
        }
        assert_eq!(retry_after("Fri, 20 Nov 2026 10:00:09 GMT", None), None);
    }

    #[test]
    fn x7_what_a_service_asks_for_shortens_no_backoff_and_lengthens_it_within_reason() {
        let policy = RetryPolicy { base_delay: Duration::from_secs(8), ..RetryPolicy::default() };
        let chosen = |asked: Option<u64>| {
            let next = || policy.next_backoff(1, asked.map(Duration::from_secs), Duration::ZERO);
            (0..64).map(|_| next()).collect::<Vec<_>>()
        };
        let longest = |all: Vec<Option<Duration>>| all.into_iter().flatten().max().unwrap_or_default();
        for as_usual in [None, Some(0), Some(86_401), Some(u64::MAX)] {
            let most = longest(chosen(as_usual));
            assert!(most > Duration::from_secs(4) && most <= Duration::from_secs(8), "{as_usual:?} {most:?}");
        }
        assert!(chosen(Some(5)).into_iter().all(|pause| pause >= Some(Duration::from_secs(5))));
        assert!(chosen(Some(9)).into_iter().all(|pause| pause == Some(Duration::from_secs(9))));
        // Past the deadline nothing is waited for.
        assert!(chosen(Some(86_400)).into_iter().all(|pause| pause.is_none()));
    }

    proptest! {
        #[test]
        fn a_backoff_never_exceeds_its_bounds(attempt in 0_u32..1000, random: u64, base in 0_u64..10_000, max in 0_u64..100_000) {
            let policy = RetryPolicy {
                base_delay: Duration::from_millis(base), max_delay: Duration::from_millis(max), ..RetryPolicy::default()
            };
            let pause = policy.backoff(attempt, random);
            prop_assert!(pause <= policy.max_delay);
            prop_assert!(pause <= policy.base_delay.saturating_mul(1 << attempt.saturating_sub(1).min(20)));
        }
    }

    proptest! {
        /// The last `None` ends every run, whatever the service asks for and however long attempts take.
        #[test]
        fn no_backoff_ends_past_the_deadline_and_no_attempt_is_one_too_many(
            attempts in 0_u32..20, deadline in 0_u64..400_000, base in 0_u64..10_000,
            course in prop::collection::vec((0_u64..5_000, prop::option::weighted(0.3, prop_oneof![0_u64..100_000, Just(u64::MAX)])), 40)
        ) {
            let policy = RetryPolicy {
                attempts,
                base_delay: Duration::from_millis(base),
                deadline: Duration::from_millis(deadline),
                ..RetryPolicy::default()
            };
            let mut made = 0;
            let mut spent = Duration::ZERO;
            for (took, asked) in course {
                made += 1;
                spent += Duration::from_millis(took);
                match policy.next_backoff(made, asked.map(Duration::from_millis), spent) {
                    Some(pause) => spent += pause,
                    None => break,
                }
                prop_assert!(spent < policy.deadline, "asleep past the deadline");
            }
            prop_assert!(made <= policy.attempts.max(1));
        }
    }

    #[test]
    fn the_jitter_covers_its_whole_range() {
        let policy = RetryPolicy { base_delay: Duration::from_secs(8), ..RetryPolicy::default() };
        assert_eq!(policy.backoff(1, 0), Duration::ZERO);
        assert_eq!(policy.backoff(1, u64::MAX / 2 + 1), Duration::from_secs(4));
        assert!(policy.backoff(1, u64::MAX) > Duration::from_millis(7_999));
    }
}
