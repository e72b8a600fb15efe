//! Consent to acts that cannot be undone (X1b).
//!
//! Only a plan asks: a [`Question`] comes from [`Plan::questions`](crate::Plan::questions). Only a typed answer equal
//! to its subject, or a recorded consent to the very same act, consents. The [`Consent`] that results cannot be
//! cloned and is consumed by the call it allows.
//!
//! A question cannot be made without a plan:
//!
//! ```compile_fail
//! use dtc_provision::consent::{Act, ComplianceLock, Question};
//!
//! fn ask(act: Act) -> Question<ComplianceLock> {
//!     Question::new(act, "for ever")
//! }
//! ```
//!
//! A plan makes them, and a typed subject answers:
//!
//! ```
//! use dtc_provision::consent::{ComplianceLock, Consent};
//! use dtc_provision::{Plan, jiff::Timestamp};
//!
//! fn consent(plan: &Plan, typed: &str, until: Timestamp) -> Option<Consent<ComplianceLock>> {
//!     plan.questions().compliance_lock?.answer(typed, until).ok()
//! }
//! ```
//!
//! A consent cannot be used twice:
//!
//! ```compile_fail
//! use dtc_provision::consent::{ComplianceLock, Consent};
//! use dtc_provision::ports::{Bucket, ObjectStore, Retention};
//!
//! async fn twice(store: &dyn ObjectStore, bucket: &Bucket, days: Retention, consent: Consent<ComplianceLock>) {
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//! }
//! ```

use std::collections::BTreeMap;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod sealed {
    pub trait Sealed {}
}

/// A kind of act that cannot be undone.
pub trait Irreversible: sealed::Sealed {
    /// Its name in consent files.
    const KIND: &'static str;
}

macro_rules! irreversible {
    ($($(#[$meta:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Irreversible for $name {
            const KIND: &'static str = $kind;
        }
    )+};
}

irreversible! {
    /// Setting compliance retention: nobody can shorten it for what is uploaded under it (B2).
    ComplianceLock = "compliance-lock";
    /// Changing settings of a bucket that exists already, enabling object lock included (B3).
    ChangeBucketSettings = "change-bucket-settings";
    /// Replacing a Device GUID: the folders move, the old ones stay (I5).
    RewriteDeviceGuid = "rewrite-device-guid";
    /// Removing the Device GUID property from a pool (I6).
    RemoveProperty = "remove-property";
    /// Pointing a task at another bucket or folder; what lies in the old one stays there (C4, M1).
    RepointTask = "repoint-task";
    /// Deleting an orphaned key (K3).
    DeleteOrphanKey = "delete-orphan-key";
}

/// One act, told so exactly that consenting to it consents to nothing else.
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
    /// An act of kind `K` on a subject, under these terms.
    pub(crate) fn of<K: Irreversible>(
        subject: impl Into<String>,
        terms: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self {
            kind: K::KIND.to_owned(),
            subject: subject.into(),
            terms: terms.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
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

/// What a plan asks before an act of kind `K`.
#[derive(Debug)]
#[must_use = "a question is answered, or the act does not happen"]
pub struct Question<K> {
    act: Act,
    consequence: String,
    kind: PhantomData<K>,
}

/// An answer that does not consent.
#[derive(Debug, thiserror::Error)]
#[error("not consented: {reason}. To consent, type {subject:?}")]
pub struct Declined {
    subject: String,
    reason: String,
}

impl<K: Irreversible> Question<K> {
    pub(crate) fn new(act: Act, consequence: impl Into<String>) -> Self {
        Self { act, consequence: consequence.into(), kind: PhantomData }
    }

    /// What must be typed to consent.
    pub fn subject(&self) -> &str {
        &self.act.subject
    }

    /// What will be so for ever.
    pub fn consequence(&self) -> &str {
        &self.consequence
    }

    /// The act in question.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// Consents, if `typed` is the subject to the letter.
    ///
    /// # Errors
    /// Any other text declines, and nothing happens.
    pub fn answer(self, typed: &str, valid_until: Timestamp) -> Result<Consent<K>, Declined> {
        if typed.trim() == self.act.subject {
            return Ok(Consent { act: self.act, valid_until, kind: PhantomData });
        }
        Err(Declined { subject: self.act.subject, reason: format!("{typed:?} was typed") })
    }

    /// Consents, if one of the recorded consents is to this very act and still valid.
    ///
    /// # Errors
    /// None is: the reason says whether there was one that has run out.
    pub fn accept(self, recorded: &[RecordedConsent], now: Timestamp) -> Result<Consent<K>, Declined> {
        let decline = |reason: String, act: Act| Declined { subject: act.subject, reason };
        match recorded.iter().find(|consent| consent.act == self.act) {
            Some(found) if now <= found.valid_until => {
                Ok(Consent { act: self.act, valid_until: found.valid_until, kind: PhantomData })
            }
            Some(found) => {
                Err(decline(format!("the recorded consent ran out at {}", found.valid_until), self.act))
            }
            None => Err(decline("no recorded consent is to this act".to_owned(), self.act)),
        }
    }
}

/// Permission for one act, once.
#[derive(Debug)]
#[must_use = "a consent that is not used allows nothing"]
pub struct Consent<K> {
    act: Act,
    valid_until: Timestamp,
    kind: PhantomData<K>,
}

impl<K: Irreversible> Consent<K> {
    /// Whether it is to this act, now.
    pub fn covers(&self, act: &Act, now: Timestamp) -> bool {
        self.act == *act && now <= self.valid_until
    }

    /// The act it is to.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// The same permission, written down, so that a later run of the same act need not ask again.
    pub fn record(&self) -> RecordedConsent {
        RecordedConsent { act: self.act.clone(), valid_until: self.valid_until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(days: u32) -> Act {
        Act::of::<ComplianceLock>("truenas-x", [("days", days.to_string())])
    }

    fn question(days: u32) -> Question<ComplianceLock> {
        Question::new(act(days), "for ever")
    }

    #[test]
    fn x1b_only_the_subject_consents() {
        let until = Timestamp::from_second(100).unwrap();
        assert!(question(14).answer("yes", until).is_err());
        assert!(question(14).answer("truenas-X", until).is_err());
        assert!(question(14).answer("truenas-x\n", until).is_ok());
    }

    #[test]
    fn x1b_a_recorded_consent_is_to_one_act_until_its_date() {
        let until = Timestamp::from_second(100).unwrap();
        let recorded = [question(14).answer("truenas-x", until).unwrap().record()];
        assert!(question(14).accept(&recorded, until).is_ok());
        assert!(question(15).accept(&recorded, until).is_err());
        let late = question(14).accept(&recorded, Timestamp::from_second(101).unwrap()).unwrap_err();
        assert!(late.to_string().contains("ran out"), "{late}");
    }
}
