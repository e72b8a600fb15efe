//! An encrypted dataset of one appliance, replicated to another over SSH, with the proof that it can be opened there (R1–R6).
//!
//! ```
//! use dtc_provision::proofs::consent::{Answer, Consents};
//! use dtc_provision::replication::{self, Ends, Given, Passphrases, Replication};
//! use dtc_provision::{Error, Site, jiff::SignedDuration, ports::Ports};
//!
//! async fn replicate(site: &Site, wanted: &Replication, ports: &Ports, ends: &Ends) -> Result<(), Error> {
//!     let passphrases = Passphrases::default();
//!     let seen = replication::observe(site, wanted, &ports.views(), &ends.views()).await?;
//!     let plan = replication::plan(wanted, &seen, &passphrases)?;       // data: print it, compare it
//!     let now = ports.clock.now();
//!     let until = now + SignedDuration::from_hours(1);
//!     let consents = Consents::gather(plan.questions(), now, until, |question| {
//!         eprintln!("{}. Type {} to consent:", question.consequence(), question.subject());
//!         Answer::Typed(std::io::stdin().lines().next().and_then(Result::ok).unwrap_or_default())
//!     });
//!     let Ok(consents) = consents else { return Ok(()) };
//!     let given = Given { plan: &plan, consents, passphrases };
//!     let report = replication::apply(site, wanted, given, (ports, ends), &mut Vec::new()).await?;
//!     println!("{:?}", report.outcome());
//!     Ok(())
//! }
//! ```
//!
//! # What it does not do
//!
//! It destroys nothing: `allow_from_scratch` is never set, and what stands in the way is named. It sets no password and changes no log-in by
//! password. Transport by netcat, and user accounts that are not there, are left to people.
//!
//! # Invariants
//!
//! - No key is in use at the destination that the vault was not given and has not given back before.
//! - A host key is pinned by the site file or consented to, and is one that the other appliance says by its own API that it has.
//! - What a proof has opened, it locks again; one that was cut off has left a mark, by which the next run knows.
//! - A task is saved disabled, read back and then enabled. Killed anywhere, the next run ends with one key pair, one connection, one task.

mod apply;
mod facts;
mod key_file;
mod keys;
mod plan;
mod preconditions;
mod schema;
mod snapshot_tasks;
mod unlock;
mod verify;
mod wanted;

pub use apply::{Given, apply};
pub use facts::{Observed, observe};
pub use key_file::KeyFile;
pub use plan::{ReplicationPlan, plan};
pub use unlock::{UnlockReport, unlock, unlock_by};
pub use verify::{ReplicationItem, ReplicationItemId, ReplicationReport, verify};
pub use wanted::{Encryption, EndViews, Ends, IN_DATABASE, Passphrases, Replication, SCHEMA};
