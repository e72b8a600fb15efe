//! What to do with an answer, and what a failure may have left behind.

use std::time::Duration;

use crate::error::ServiceError;
use crate::head::ResponseHead;

/// What to do with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It is the answer: decode it.
    Accept,
    /// The session has expired: renew it and call again, once.
    Reauthorize(ServiceError),
    /// The service could not, for now: wait and call again where that is safe. `after` overrules the `Retry-After` header.
    Retry {
        /// How long to wait; `None` leaves it to the `Retry-After` header, then to the policy.
        after: Option<Duration>,
        /// Whether the call may have taken effect all the same.
        effect: Effect,
        /// What the service said.
        error: ServiceError,
    },
    /// A refusal that the same call will meet again.
    Fail(ServiceError),
}

/// Whether a call that was answered with a temporary failure may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Certainly not: the service refused it before doing anything.
    None,
    /// It may have: a call that must happen at most once is not repeated.
    Unknown,
}

impl Disposition {
    /// The judgement by status alone: 2xx accept, 401 renew, 429 try again, 408 and 5xx try again unless the call must happen
    /// at most once, everything else fail.
    pub fn by_status(head: &ResponseHead) -> Self {
        Self::of(head, ServiceError::new(head))
    }

    /// As [`by_status`](Self::by_status), with what the service said.
    pub fn of(head: &ResponseHead, error: ServiceError) -> Self {
        match head.status() {
            200..=299 => Self::Accept,
            401 => Self::Reauthorize(error),
            429 => Self::Retry { after: None, effect: Effect::None, error },
            408 | 500..=599 => Self::Retry { after: None, effect: Effect::Unknown, error },
            _ => Self::Fail(error),
        }
    }
}
