//! What the gate, the faults and the transcript know of a request, whichever service it is for.

use std::sync::Arc;

/// Who sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A program under test: counted, and cut when a fault says so.
    Client,
    /// An appliance's own traffic (its rclone): neither counted nor cut.
    Appliance,
}

impl Origin {
    /// Recognises an appliance's traffic by its user agent: rclone's begins with `rclone/`.
    pub(crate) fn of_user_agent(user_agent: Option<&str>) -> Self {
        match user_agent {
            Some(agent) if agent.starts_with("rclone/") => Self::Appliance,
            _ => Self::Client,
        }
    }
}

/// Whether a request could change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It only reads.
    Read,
    /// It changes the service's state, or would if it were granted.
    Write,
}

/// A request, as far as every service can say what it is.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    /// The service: `b2`, `truenas`, `ninja`, `itglue`, `halo`, `connect`.
    pub(crate) service: &'static str,
    /// The id of the appliance, account, tenant or server; `None` where the request does not say which.
    pub(crate) instance: Option<Arc<str>>,
    /// The operation, as faults name it.
    pub(crate) operation: &'a str,
    /// Who sent it.
    pub(crate) origin: Origin,
}
