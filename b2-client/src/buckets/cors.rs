//! Cross-origin resource sharing (CORS): which web pages may access a bucket from a browser.

use serde::{Deserialize, Serialize};

use crate::members::Other;

/// A CORS rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CorsRule {
    /// The name of the rule: 6 to 50 letters, digits and dashes.
    pub cors_rule_name: String,
    /// The allowed origins.
    pub allowed_origins: Vec<String>,
    /// The allowed operations, such as `b2_download_file_by_name`.
    pub allowed_operations: Vec<String>,
    /// The request headers that pages may send.
    pub allowed_headers: Option<Vec<String>>,
    /// The response headers that pages may read.
    pub expose_headers: Option<Vec<String>>,
    /// How long browsers may cache the answer to a preflight request, in seconds; at most 86400.
    pub max_age_seconds: u32,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

impl CorsRule {
    /// A rule that allows these operations from these origins.
    pub fn new(
        name: impl Into<String>,
        allowed_origins: impl IntoIterator<Item = impl Into<String>>,
        allowed_operations: impl IntoIterator<Item = impl Into<String>>,
        max_age_seconds: u32,
    ) -> Self {
        Self {
            cors_rule_name: name.into(),
            allowed_origins: allowed_origins.into_iter().map(Into::into).collect(),
            allowed_operations: allowed_operations.into_iter().map(Into::into).collect(),
            allowed_headers: None,
            expose_headers: None,
            max_age_seconds,
            other: Other::default(),
        }
    }

    /// Sets the request headers that pages may send.
    pub fn allowed_headers(mut self, headers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_headers = Some(headers.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the response headers that pages may read.
    pub fn expose_headers(mut self, headers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expose_headers = Some(headers.into_iter().map(Into::into).collect());
        self
    }
}

/// Returns which rule of the service the list breaks.
pub(super) fn fault(rules: &[CorsRule]) -> Option<String> {
    if rules.len() > 100 {
        return Some(format!("a bucket may have at most 100 CORS rules, not {}", rules.len()));
    }
    rules.iter().find_map(|rule| {
        let (name, seconds) = (&rule.cors_rule_name, rule.max_age_seconds);
        if !(6..=50).contains(&name.len()) {
            return Some(format!("the CORS rule name {name:?} is not 6 to 50 characters long"));
        }
        (seconds > 86_400)
            .then(|| format!("the CORS rule {name:?} has a maximum age of {seconds} s; the limit is 86400 s"))
    })
}
