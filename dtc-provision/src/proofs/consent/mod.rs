//! Consent to acts that a person must decide on (X1b).
//!
//! Only a plan asks: a [`Question`] comes from [`Plan::questions`](crate::Plan::questions). Only a typed answer equal
//! to its subject, or a recorded consent to the very same act, consents. What was consented to is kept in one
//! [`Consents`] store; the [`Consent`] taken out of it cannot be cloned and is consumed by the call it allows.
//!
//! A question cannot be made without a plan; an act only says what one would be about:
//!
//! ```compile_fail,E0624
//! use dtc_provision::proofs::consent::{Act, ComplianceLock, ConsentKind, Question};
//!
//! fn ask(act: &Act) -> Question {
//!     Question::of::<ComplianceLock>(act)
//! }
//! ```
//!
//! ```
//! use dtc_provision::proofs::consent::{Act, ComplianceLock, ConsentKind, Question};
//!
//! fn consequence(act: &Act) -> String {
//!     <ComplianceLock as ConsentKind>::consequence(act)
//! }
//! ```
//! A plan makes them, and a typed subject answers:
//!
//! ```
//! use dtc_provision::proofs::consent::{Answer, Consents, Declined};
//! use dtc_provision::{Plan, jiff::Timestamp};
//!
//! fn consent(plan: &Plan, now: Timestamp, until: Timestamp, typed: &str) -> Result<Consents, Declined> {
//!     Consents::gather(plan.questions(), now, until, |_question| Answer::Typed(typed.to_owned()))
//! }
//! ```
//!
//! A consent cannot be used twice:
//!
//! ```compile_fail,E0382
//! use dtc_provision::ports::{Bucket, ObjectStore, Retention};
//! use dtc_provision::proofs::consent::{ComplianceLock, Consent};
//!
//! async fn twice(store: &dyn ObjectStore, bucket: &Bucket, days: Retention, consent: Consent<ComplianceLock>) {
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//! }
//! ```
//!
//! ```
//! use dtc_provision::ports::{Bucket, ObjectStore, Retention};
//! use dtc_provision::proofs::consent::{ComplianceLock, Consent};
//!
//! async fn once(store: &dyn ObjectStore, bucket: &Bucket, days: Retention, consent: Consent<ComplianceLock>) {
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//! }
//! ```
//!
//! Nor for an act of another kind:
//!
//! ```compile_fail,E0308
//! use dtc_provision::ports::{Bucket, ObjectStore, Retention};
//! use dtc_provision::proofs::consent::{ComplianceLock, Consent, DeleteOrphanKey};
//!
//! async fn another(store: &dyn ObjectStore, bucket: &Bucket, days: Retention, consent: Consent<DeleteOrphanKey>) {
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//! }
//! ```
//!
//! ```
//! use dtc_provision::ports::{Bucket, ObjectStore, Retention};
//! use dtc_provision::proofs::consent::{ComplianceLock, Consent, DeleteOrphanKey};
//!
//! async fn this(store: &dyn ObjectStore, bucket: &Bucket, days: Retention, consent: Consent<ComplianceLock>) {
//!     let _ = store.lock_bucket(bucket, days, consent).await;
//! }
//! ```

mod act;
mod kinds;
mod question;
mod store;

pub use act::{Act, RecordedConsent, Term};
pub use kinds::{
    ChangeBucketSettings, ComplianceLock, ConsentKind, DeleteOrphanKey, ExtendLocks, GrantReplicationAccess,
    RemoveProperty, RepointTask, RewriteDeviceGuid, TrustHostKey,
};
pub use question::{Answer, Declined, Question};
pub use store::{Consent, Consents};
