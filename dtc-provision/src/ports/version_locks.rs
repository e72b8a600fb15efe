//! Backblaze B2 with the provisioning key: until when current versions are locked, and locks that are extended.

use dtc_naming::BucketName;
use jiff::{SignedDuration, Timestamp};

use super::object::Object;
use crate::port_error::PortError;
use crate::proofs::consent::{Consent, ExtendLocks, Term};

/// What a version's own retention says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retained {
    /// The key may not see it.
    NotShown,
    /// There is none.
    Not,
    /// Until then, or until somebody who may bypass governance ends it.
    Governance(Timestamp),
    /// Until then; nobody can shorten it.
    Compliance(Timestamp),
}

/// The version of an object that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentVersion {
    /// Which object and version it is, and its content.
    pub object: Object,
    /// Its retention. A legal hold is not looked at: whoever set it may lift it.
    pub retained: Retained,
}

/// A page of a listing of current versions.
#[derive(Clone, Debug, Default)]
pub struct CurrentPage {
    /// The versions, in byte order of their objects' names.
    pub versions: Vec<CurrentVersion>,
    /// Rows that are not understood, a line each: they may be versions too.
    pub not_understood: Vec<String>,
    /// Where the next page starts; `None` when this was the last.
    pub next: Option<String>,
}

/// How long current versions are to stay locked, and how far one consent goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockTerms {
    keep_days: u32,
    extend_days: u32,
    at_most_bytes: u64,
}

/// Why numbers are no [`LockTerms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotTerms {
    /// Nothing is to be kept locked.
    #[error("0 days are no lock to keep")]
    NoDays,
    /// Each run would extend every lock.
    #[error(
        "locks that are kept for {keep} days are extended to {} days at least: a lock that ends within the next two runs is due", keep + LockTerms::MARGIN_DAYS + 1
    )]
    TooShort {
        /// How long locks are to be kept, in days.
        keep: u32,
    },
    /// B2 takes no such retention.
    #[error("{days} days are more than B2's {}", LockTerms::LONGEST_DAYS)]
    TooLong {
        /// How many were given.
        days: u32,
    },
}

impl LockTerms {
    /// A lock that ends so many days after what is to be kept is due, so that one missed nightly run leaves nothing unlocked too early.
    pub const MARGIN_DAYS: u32 = 2;
    /// The longest retention that B2 takes, in days (a limit of its own client; not documented).
    pub const LONGEST_DAYS: u32 = 3000;

    /// Keeps each current version locked for `keep_days` from each run on, by extending locks that end before to `extend_days` from then; one
    /// run extends versions of at most so many bytes.
    ///
    /// # Errors
    /// No days to keep, an extension that would be due again at once, or one that is longer than B2 takes.
    pub fn new(keep_days: u32, extend_days: u32, at_most_bytes: u64) -> Result<Self, NotTerms> {
        if keep_days == 0 {
            return Err(NotTerms::NoDays);
        }
        if extend_days > Self::LONGEST_DAYS || keep_days > Self::LONGEST_DAYS {
            return Err(NotTerms::TooLong { days: extend_days.max(keep_days) });
        }
        if extend_days <= keep_days + Self::MARGIN_DAYS {
            return Err(NotTerms::TooShort { keep: keep_days });
        }
        Ok(Self { keep_days, extend_days, at_most_bytes })
    }

    /// How long every current version stays locked from each run on, in days.
    pub fn keep_days(self) -> u32 {
        self.keep_days
    }

    /// To how long from now a lock is extended, in days.
    pub fn extend_days(self) -> u32 {
        self.extend_days
    }

    /// The versions of one run have together at most so many bytes.
    pub fn at_most_bytes(self) -> u64 {
        self.at_most_bytes
    }

    /// Whether a lock has to be extended now; `None` where that cannot be known.
    pub fn is_due(self, retained: Retained, now: Timestamp) -> Option<bool> {
        match retained {
            Retained::NotShown => None,
            Retained::Not | Retained::Governance(_) => Some(true),
            Retained::Compliance(until) => {
                Some(after(now, self.keep_days + Self::MARGIN_DAYS).is_none_or(|kept| until < kept))
            }
        }
    }

    /// What a consent to extending locks says of it.
    pub fn terms(self) -> [Term; 3] {
        [
            ("keep_days", self.keep_days.to_string()),
            ("extend_days", self.extend_days.to_string()),
            ("at_most_bytes", self.at_most_bytes.to_string()),
        ]
    }
}

fn after(now: Timestamp, days: u32) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok()
}

/// Permission to extend locks in one bucket, as far as one consent goes.
#[derive(Debug)]
#[must_use = "a permission that is not used allows nothing"]
pub struct LockGrant {
    bucket: BucketName,
    terms: LockTerms,
    bytes_left: u64,
}

impl LockGrant {
    /// Uses up a consent for these terms.
    ///
    /// # Errors
    /// The consent is to another bucket, or to other terms.
    pub fn new(
        bucket: &BucketName,
        terms: LockTerms,
        consent: Consent<ExtendLocks>,
    ) -> Result<Self, PortError> {
        consent.spend_on(bucket.as_str(), &terms.terms())?;
        Ok(Self { bucket: bucket.clone(), terms, bytes_left: terms.at_most_bytes })
    }

    /// Allows the extension of one lock, to [`LockTerms::extend_days`] from `now` and never to an earlier moment than it has; `None` where
    /// it is not due, or the bytes that were consented to are used up.
    pub fn take(&mut self, version: &CurrentVersion, now: Timestamp) -> Option<LockExtension> {
        let is_due = self.terms.is_due(version.retained, now)?;
        let left = self.bytes_left.checked_sub(version.object.size).filter(|_| is_due)?;
        let wanted = after(now, self.terms.extend_days)?;
        let until = match version.retained {
            Retained::Governance(until) | Retained::Compliance(until) => wanted.max(until),
            Retained::NotShown | Retained::Not => wanted,
        };
        self.bytes_left = left;
        Some(LockExtension { bucket: self.bucket.clone(), object: version.object.clone(), until })
    }
}

/// One lock to extend, which is consented to.
#[derive(Debug)]
#[must_use = "a lock is extended by the port"]
pub struct LockExtension {
    bucket: BucketName,
    object: Object,
    until: Timestamp,
}

impl LockExtension {
    /// The version.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// Until when it is locked then, in compliance mode.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether it is about this bucket.
    pub fn is_in(&self, bucket: &BucketName) -> bool {
        self.bucket == *bucket
    }
}
