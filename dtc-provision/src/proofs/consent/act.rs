//! What is consented to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One term of an act: its name, and its value.
pub type Term = (&'static str, String);

/// One act, described so exactly that consenting to it consents to nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Its kind.
    pub kind: String,
    /// What it is done to; what a person types to consent.
    pub subject: String,
    /// Its terms: bucket, mode, days, location, account …, whatever fixes it.
    pub terms: BTreeMap<String, String>,
}

impl Act {
    /// A term's value; empty where the act has no such term.
    pub(super) fn term(&self, name: &str) -> &str {
        self.terms.get(name).map_or("", String::as_str)
    }
}

/// A consent written down: what a consent file holds, one object per act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedConsent {
    /// The act.
    pub act: Act,
    /// Until when it may be done.
    pub valid_until: Timestamp,
}
