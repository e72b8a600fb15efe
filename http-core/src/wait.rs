//! What a call waits for between two attempts, told to whoever asked to know.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call has failed for now and is going to be made again: what for, which attempt, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// The service, by its short name.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// What it is attempted on, where the call says.
    pub subject: Option<String>,
    /// Why the last attempt failed; no secret in it.
    pub why: String,
    /// The number of the attempt that follows: 2 or more.
    pub attempt: u32,
    /// How many attempts there may be in all; `None` where time alone decides.
    pub attempts: Option<u32>,
    /// How long until then.
    pub pause: Duration,
    /// How long from now until the call is given up at the latest.
    pub given_up_in: Duration,
}

impl Wait {
    /// A wait of this service before attempt number `attempt` of an operation.
    pub fn new(service: &'static str, operation: &'static str, attempt: u32, why: impl fmt::Display) -> Self {
        let (subject, attempts) = (None, None);
        let (pause, given_up_in) = (Duration::ZERO, Duration::ZERO);
        Self { service, operation, subject, why: why.to_string(), attempt, attempts, pause, given_up_in }
    }

    /// Names what the call is made on.
    pub fn on(mut self, subject: Option<String>) -> Self {
        self.subject = subject;
        self
    }

    /// Says how many attempts there may be in all.
    pub fn of(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// Says how long the wait is, and how long from now the call may take at most.
    pub fn lasting(mut self, pause: Duration, given_up_in: Duration) -> Self {
        (self.pause, self.given_up_in) = (pause, given_up_in);
        self
    }
}

impl fmt::Display for Wait {
    /// `b2 b2_list_buckets: the port refuses connections; attempt 2 of 6 in 3 s, given up after 4 min 57 s at the latest`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.operation)?;
        if let Some(subject) = &self.subject {
            write!(f, " on {subject}")?;
        }
        write!(f, ": {}; attempt {}", self.why, self.attempt)?;
        if let Some(attempts) = self.attempts {
            write!(f, " of {attempts}")?;
        }
        let (pause, left) = (Readable(self.pause), Readable(self.given_up_in));
        write!(f, " in {pause}, given up after {left} at the latest")
    }
}

/// A duration in the units that a person counts it in.
struct Readable(Duration);

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match (seconds / 60, seconds % 60) {
            (0, 0..=9) => write!(f, "{:.1} s", self.0.as_secs_f64()),
            (0, seconds) => write!(f, "{seconds} s"),
            (minutes, 0) => write!(f, "{minutes} min"),
            (minutes, seconds) => write!(f, "{minutes} min {seconds} s"),
        }
    }
}

/// Is told of every wait before it begins; by default nobody is. A clone tells the same listener.
#[derive(Clone, Default)]
pub struct WaitObserver(Option<Arc<Listener>>);

type Listener = dyn Fn(&Wait) + Send + Sync;

impl WaitObserver {
    /// Calls `listener` at every wait. It is called within the call that waits, so it must not block.
    pub fn new(listener: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// Tells of a wait that begins now.
    pub fn tell(&self, wait: &Wait) {
        if let Some(listener) = &self.0 {
            listener(wait);
        }
    }
}

impl fmt::Debug for WaitObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "WaitObserver(..)" } else { "WaitObserver(none)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x7_a_wait_says_what_for_which_attempt_and_until_when() {
        let wait = Wait::new("b2", "b2_list_buckets", 2, "the port refuses connections")
            .on(Some("account 1".to_owned()))
            .of(6)
            .lasting(Duration::from_millis(1500), Duration::from_secs(297));
        assert_eq!(
            wait.to_string(),
            "b2 b2_list_buckets on account 1: the port refuses connections; attempt 2 of 6 in 1.5 s, \
             given up after 4 min 57 s at the latest"
        );
        let open =
            Wait::new("nas", "log in", 9, "busy").lasting(Duration::from_secs(16), Duration::from_mins(1));
        assert_eq!(
            open.to_string(),
            "nas log in: busy; attempt 9 in 16 s, given up after 1 min at the latest"
        );
    }
}
