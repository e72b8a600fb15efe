//! Which web pages may use a bucket from a browser.

use serde::{Deserialize, Serialize};

/// One rule of cross-origin sharing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CorsRule {
    /// The rule's name: 6 to 50 letters, digits and dashes.
    pub cors_rule_name: String,
    /// The origins that it allows.
    pub allowed_origins: Vec<String>,
    /// The operations that it allows, by their names on the wire.
    pub allowed_operations: Vec<String>,
    /// The request headers that it allows.
    pub allowed_headers: Option<Vec<String>>,
    /// The response headers that pages may read.
    pub expose_headers: Option<Vec<String>>,
    /// How long browsers may remember it, in seconds; at most 86400.
    pub max_age_seconds: u32,
}

impl CorsRule {
    /// A rule that lets these origins make these operations and remember the answer for `max_age_seconds`.
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
        }
    }

    /// Allows these request headers.
    pub fn allowed_headers(mut self, headers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_headers = Some(headers.into_iter().map(Into::into).collect());
        self
    }

    /// Lets pages read these response headers.
    pub fn expose_headers(mut self, headers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expose_headers = Some(headers.into_iter().map(Into::into).collect());
        self
    }
}

/// What the service is known to refuse in a list of rules.
pub(super) fn fault(rules: &[CorsRule]) -> Option<String> {
    if rules.len() > 100 {
        return Some(format!("{} rules for web pages are more than the 100 a bucket may have", rules.len()));
    }
    rules.iter().find_map(|rule| {
        let (name, seconds) = (&rule.cors_rule_name, rule.max_age_seconds);
        if !(6..=50).contains(&name.len()) {
            return Some(format!("the rule name {name:?} is not 6 to 50 characters long"));
        }
        (seconds > 86_400)
            .then(|| format!("the rule {name:?} is remembered for {seconds} s; a day is the most"))
    })
}
