//! One request in the transcript, and when it began and ended.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::request::{Access, Origin};

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The service: `b2`, `truenas`, `ninja`, `itglue`, `halo` or `connect`.
    pub service: &'static str,
    /// The id of the appliance, account, tenant or server that it concerns; `None` where the request does not say which, as
    /// a login to B2 with an unknown key.
    pub instance: Option<Arc<str>>,
    /// The operation, as faults name it.
    pub operation: String,
    /// Whether it reads or writes. Not part of the file.
    pub access: Access,
    /// Who sent it. Not part of the file.
    pub origin: Origin,
    /// The number of the moment at which the request arrived. Every arrival and every end of the simulation has a
    /// number of its own, in order. Not part of the file.
    pub start: u64,
    /// The line as the file has it, without its end.
    pub text: String,
    pub(crate) end: OnceLock<u64>,
}

impl Line {
    /// Returns the number of the moment at which the answer was about to be sent, or the connection to be cut; `None`
    /// while the request is being served.
    ///
    /// Of two requests, the second can have been sent because of the first one's answer only if it starts after
    /// this.
    pub fn end(&self) -> Option<u64> {
        self.end.get().copied()
    }

    /// Returns the line as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}
