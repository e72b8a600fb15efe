//! The head of an answer.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::{redact, retry};

/// Status and headers of an answer, and the operation they answer.
#[derive(Clone)]
pub struct ResponseHead {
    operation: &'static str,
    status: u16,
    headers: HeaderMap,
}

impl ResponseHead {
    pub(crate) fn new(operation: &'static str, response: &reqwest::Response) -> Self {
        Self { operation, status: response.status().as_u16(), headers: response.headers().clone() }
    }

    /// A head of these parts, to test a `classify` without a network.
    pub fn from_parts(
        operation: &'static str,
        status: u16,
        headers: &[(&'static str, &'static str)],
    ) -> Self {
        let headers = headers.iter().filter_map(|(name, value)| crate::call::header(name, value, false).ok());
        Self { operation, status, headers: headers.collect() }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, where it is there and readable as text; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers that are readable as text, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// How long the service asks to wait: `Retry-After` in seconds or as a date; junk asks for nothing.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.header("retry-after")?, self.header("date"))
    }
}

impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseHead")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("headers", &redact::Headers(&self.headers))
            .finish()
    }
}
