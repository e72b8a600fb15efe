//! Locks of current versions, kept from running out (B2): a file that never changes is locked for the days of the bucket's default retention after
//! its upload, and then no more. Whoever holds a key that deletes can destroy the only copy from then on.
//!
//! ```
//! use dtc_provision::locks::{self, LockTerms};
//! use dtc_provision::proofs::consent::{Answer, Consents};
//! use dtc_provision::{Error, Site, jiff::SignedDuration, ports::Ports};
//!
//! async fn keep(site: &Site, ports: &Ports, typed: &str) -> Result<(), Error> {
//!     let terms = LockTerms::new(14, 28, 1 << 40).expect("28 days are more than 14");
//!     let now = ports.clock.now();
//!     let status = locks::status(site, &ports.views(), terms, now, &|_| ()).await?;
//!     let until = now + SignedDuration::from_hours(1);
//!     let consents = Consents::gather(status.question(), now, until, |_| Answer::Typed(typed.to_owned()));
//!     let Ok(consents) = consents else { return Ok(()) };
//!     let report = locks::extend(status, consents, ports, &|_| ()).await?;
//!     println!("{} locks extended, {:?}", report.extended, report.outcome());
//!     Ok(())
//! }
//! ```
//!
//! The whole bucket of the site's location is looked at, whichever appliances write to it. Only current versions are extended: what is hidden or
//! replaced ages out as before. A lock is never shortened. All state lives in B2: killed anywhere, the next run goes on.

mod extend;
mod status;

pub use crate::ports::{LockTerms, NotTerms};
pub use extend::{FailedExtension, LockReport, extend};
pub use status::{FolderLocks, Forecast, LockStatus, status};

/// How far a look or a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Current versions that were listed.
    pub listed: u64,
    /// Locks that were extended.
    pub extended: u64,
}
