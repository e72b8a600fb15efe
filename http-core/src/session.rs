//! One session for all callers, renewed by one of them at a time.

use std::future::Future;
use std::sync::RwLock;

use tokio::sync::Mutex;

use crate::error::Error;

/// The current session and its generation. Any number of callers that saw generation *n* fail cause one renewal: the first
/// to come renews, the others find generation *n + 1* already there, or share the error of the flight they waited for.
pub(crate) struct Sessions<T> {
    current: RwLock<Option<(u64, T)>>,
    flight: Mutex<Flight>,
    waiting: std::sync::atomic::AtomicU64,
}

#[derive(Default)]
struct Flight {
    /// Tickets up to this one were drawn before the last failed flight ended.
    failed_up_to: u64,
    error: Option<Error>,
}

impl<T: Clone> Sessions<T> {
    pub(crate) fn new() -> Self {
        Self { current: RwLock::default(), flight: Mutex::default(), waiting: 1.into() }
    }

    /// The session, opened if there is none yet.
    pub(crate) async fn current<F>(&self, open: impl FnOnce() -> F) -> Result<(u64, T), Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        match self.peek() {
            Some(session) => Ok(session),
            None => self.newer_than(0, open).await,
        }
    }

    /// A session newer than generation `seen`: whatever another caller has brought meanwhile, else one opened now.
    pub(crate) async fn newer_than<F>(&self, seen: u64, open: impl FnOnce() -> F) -> Result<(u64, T), Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let ticket = self.waiting.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut flight = self.flight.lock().await;
        if let Some(session) = self.peek().filter(|(generation, _)| *generation > seen) {
            return Ok(session);
        }
        if let Some(error) = flight.error.as_ref().filter(|_| ticket <= flight.failed_up_to) {
            return Err(error.clone());
        }
        match open().await {
            Ok(session) => {
                flight.error = None;
                let generation = self.peek().map_or(0, |(generation, _)| generation).max(seen) + 1;
                self.put((generation, session.clone()));
                Ok((generation, session))
            }
            Err(error) => {
                flight.failed_up_to = self.waiting.load(std::sync::atomic::Ordering::Relaxed) - 1;
                flight.error = Some(error.clone());
                Err(error)
            }
        }
    }

    fn peek(&self) -> Option<(u64, T)> {
        self.current.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn put(&self, session: (u64, T)) {
        *self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;
    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn a_hundred_callers_cause_one_opening_and_one_renewal() {
        let sessions = Sessions::new();
        let opened = AtomicU32::new(0);
        let open = || async {
            sleep(Duration::from_secs(1)).await;
            Ok(opened.fetch_add(1, Ordering::Relaxed))
        };
        let first = join_all((0..100).map(|_| sessions.current(open))).await;
        assert!(first.iter().all(|session| *session.as_ref().unwrap() == (1, 0)));
        let renewed = join_all((0..100).map(|_| sessions.newer_than(1, open))).await;
        assert!(renewed.iter().all(|session| *session.as_ref().unwrap() == (2, 1)));
        assert_eq!(opened.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn waiters_share_the_error_of_the_flight_and_the_next_caller_tries_again() {
        let sessions = Sessions::<u32>::new();
        let tried = AtomicU32::new(0);
        let fail = || async {
            sleep(Duration::from_secs(1)).await;
            tried.fetch_add(1, Ordering::Relaxed);
            Err(Error::new(ErrorKind::CredentialsRejected, "test", "login", "no"))
        };
        let all = join_all((0..50).map(|_| sessions.current(fail))).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(tried.load(Ordering::Relaxed), 1);
        assert_eq!(sessions.current(|| async { Ok(9) }).await.unwrap(), (1, 9));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_opener_leaves_the_next_one_free_to_open() {
        let sessions = Sessions::<u32>::new();
        let never = sessions.current(std::future::pending);
        assert!(tokio::time::timeout(Duration::from_secs(1), never).await.is_err());
        assert_eq!(sessions.current(|| async { Ok(1) }).await.unwrap(), (1, 1));
    }
}
