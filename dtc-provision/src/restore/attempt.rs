//! What fetching a version comes to, and what several fetches prove together.

use rclone_crypt::StoredSha1;

use crate::error::Error;
use crate::port_error::{PortError, PortErrorKind};

/// How often a version is fetched that did not arrive whole.
const ATTEMPTS: u32 = 3;

/// Why a version did not come out.
#[derive(Debug)]
pub(super) enum Fault {
    /// It arrives whole and does not open: data is at risk.
    Closed(String),
    /// It does not arrive whole.
    Damaged(String),
    /// It could not be fetched.
    Unfetched(PortError),
    /// Its content could not be written.
    Unwritten(std::io::Error),
    /// There was a failure beside the work.
    Other(Error),
    /// The restore had to end in the middle of it.
    Stopped,
}

/// What one fetch came to.
pub(super) enum Attempt<T> {
    Done(T),
    /// It arrived to its end and does not open; the hash of what arrived, where it was made.
    Closed(String, Option<StoredSha1>),
    Failed(Fault),
}

/// What several fetches of the same bytes come to: they are fetched again as long as what is wrong may lie in the transfer.
pub(super) struct Attempts {
    /// What B2 says their hash is, of a whole object.
    stored: Option<StoredSha1>,
    before: Option<StoredSha1>,
    made: u32,
}

impl Attempts {
    pub(super) fn new(stored: Option<StoredSha1>) -> Self {
        Self { stored, before: None, made: 0 }
    }

    /// Whether the next one makes a hash of what arrives: the first was in vain.
    pub(super) fn hashes(&self) -> bool {
        self.made > 0
    }

    /// Takes what one fetch came to. What all came to, if there is no further one to make.
    pub(super) fn ended<T>(&mut self, attempt: Attempt<T>) -> Option<Result<T, Fault>> {
        self.made += 1;
        let last = self.made >= ATTEMPTS;
        match attempt {
            Attempt::Done(done) => return Some(Ok(done)),
            // The listing's hash shows, or the same bytes twice do, that this is what is stored.
            Attempt::Closed(reason, Some(arrived))
                if self.stored == Some(arrived) || self.before == Some(arrived) =>
            {
                return Some(Err(Fault::Closed(reason)));
            }
            Attempt::Closed(reason, _) if last => {
                return Some(Err(Fault::Damaged(format!("{reason}; and what arrives is another each time"))));
            }
            Attempt::Closed(_, arrived) => self.before = arrived,
            Attempt::Failed(Fault::Damaged(reason)) if last => {
                return Some(Err(Fault::Damaged(format!("{reason} ({ATTEMPTS} times)"))));
            }
            Attempt::Failed(Fault::Damaged(_)) => self.before = None,
            Attempt::Failed(Fault::Unfetched(error))
                if !last && error.kind() == PortErrorKind::Unreachable => {}
            Attempt::Failed(fault) => return Some(Err(fault)),
        }
        None
    }
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        match error.kind() {
            PortErrorKind::Damaged => Self::Damaged(error.to_string()),
            PortErrorKind::Unreachable
            | PortErrorKind::RateLimited
            | PortErrorKind::CredentialsRejected
            | PortErrorKind::Unauthorized
            | PortErrorKind::AccountLimit
            | PortErrorKind::NotFound
            | PortErrorKind::Conflict
            | PortErrorKind::Refused
            | PortErrorKind::Unsupported
            | PortErrorKind::OutcomeUnknown
            | PortErrorKind::WrongMachine
            | PortErrorKind::NotUnderstood => Self::Unfetched(error),
        }
    }
}

/// What ends before its end. Whatever failed meanwhile is said in its place.
pub(super) fn cut() -> Fault {
    Fault::Damaged("it was not fetched to its end".to_owned())
}
