//! What a plan asks before an act, and how it is answered.

use jiff::Timestamp;
use serde::Serialize;

use super::act::{Act, RecordedConsent};
use super::kinds::ConsentKind;

/// What a plan asks before one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use = "a question is answered, or the act does not happen"]
pub struct Question {
    act: Act,
    consequence: String,
    may_be_withheld: bool,
    irreversible: bool,
}

/// An answer to a question.
#[derive(Debug)]
pub enum Answer {
    /// This was typed; it consents if it is the subject to the letter.
    Typed(String),
    /// These were recorded; one consents if it is to this act and still valid.
    Recorded(Vec<RecordedConsent>),
    /// No.
    Withheld,
}

/// An answer that does not consent.
#[derive(Debug, thiserror::Error)]
#[error("not consented: {reason}. To consent, type {subject:?}")]
pub struct Declined {
    subject: String,
    reason: String,
}

impl Question {
    pub(crate) fn of<K: ConsentKind>(act: &Act) -> Self {
        Self {
            consequence: K::consequence(act),
            may_be_withheld: K::MAY_BE_WITHHELD,
            irreversible: K::is_irreversible(act),
            act: act.clone(),
        }
    }

    /// The act in question.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// What must be typed to consent.
    pub fn subject(&self) -> &str {
        &self.act.subject
    }

    /// What will be so afterwards.
    pub fn consequence(&self) -> &str {
        &self.consequence
    }

    /// Whether the rest of the plan can be applied without a consent.
    pub fn may_be_withheld(&self) -> bool {
        self.may_be_withheld
    }

    /// Whether nothing brings back what was before.
    pub fn is_irreversible(&self) -> bool {
        self.irreversible
    }

    /// Consents, if `typed` is the subject to the letter.
    ///
    /// # Errors
    /// Any other text declines, and nothing happens.
    pub fn answer(&self, typed: &str, valid_until: Timestamp) -> Result<RecordedConsent, Declined> {
        if typed.trim() == self.act.subject {
            return Ok(RecordedConsent { act: self.act.clone(), valid_until });
        }
        Err(self.declined(format!("{typed:?} was typed")))
    }

    /// Consents, if one of the recorded consents is to this very act and still valid.
    ///
    /// # Errors
    /// None is: the reason says whether there was one that has expired.
    pub fn accept(&self, recorded: &[RecordedConsent], now: Timestamp) -> Result<RecordedConsent, Declined> {
        match recorded.iter().find(|consent| consent.act == self.act) {
            Some(found) if now <= found.valid_until => Ok(found.clone()),
            Some(found) => {
                Err(self.declined(format!("the recorded consent expired at {}", found.valid_until)))
            }
            None => Err(self.declined("no recorded consent is to this act".to_owned())),
        }
    }

    fn declined(&self, reason: String) -> Declined {
        Declined { subject: self.act.subject.clone(), reason }
    }
}
