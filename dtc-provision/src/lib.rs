//! One TrueNAS appliance, from nothing to a proven backup in Backblaze B2: observe, plan, apply, verify.
//!
//! ```
//! use dtc_provision::{Error, Fresh, Observation, Plan, Site, apply, observe, plan, verify};
//! use dtc_provision::{bandwidth::MegabitsPerSecond, plan::Answer, ports::Ports};
//!
//! async fn provision(site: &Site, ports: &Ports, fresh: Fresh) -> Result<(), Error> {
//!     let plan = plan(site, &observe(site, &ports.views()).await?, fresh)?;     // data: print it, save it, compare it
//!     let until = ports.clock.now() + dtc_provision::jiff::SignedDuration::from_hours(1);
//!     let consents = plan.questions().ask(ports.clock.now(), until, |act, consequence| {
//!         eprintln!("{consequence}. Type {} to consent:", act.subject);
//!         Answer::Typed(std::io::stdin().lines().next().and_then(Result::ok).unwrap_or_default())
//!     });
//!     let Ok(consents) = consents else { return Ok(()) };
//!     let now = observe(site, &ports.views()).await?;
//!     apply(plan.against(&now)?, consents, ports, &mut Vec::new()).await?;      // a stale plan is refused
//!     println!("{}", verify(site, &ports.views()).await?.summary());
//!     Ok(())
//! }
//!
//! let line = MegabitsPerSecond::new(100).unwrap();
//! let site = Site::new("Contoso Dental", "Main Street", line);
//! assert_eq!(line.percent(20).get(), 2_500_000);                                // bytes per second (C3)
//! # let _ = site;
//! ```
//!
//! # What it does not do
//!
//! It speaks no protocol: the services are [`ports`], which `dtc-adapters` binds to the real ones. It undoes nothing,
//! deletes nothing in a bucket, and asks nobody: questions are data, and whoever runs it puts them to a person.
//!
//! # Invariants
//!
//! - No secret reaches an appliance before the vault has been given it and has given it back equal ([`escrow`]).
//! - What cannot be undone needs a [`consent`] to that very act.
//! - Observing and verifying cannot write: they hold views only ([`ports`]).
//! - A plan holds no secret, and applies only to the world it was made for ([`Plan::against`]).
//! - All state lives in the services. Killed at any instant, a second run finishes the job; on a provisioned box its
//!   plan is empty.
//!
//! The rules cited (`E2`, `X1` …) are those of `docs/standard.md`.

pub mod apply;
pub mod bandwidth;
pub mod consent;
mod error;
pub mod escrow;
pub mod journal;
pub mod observe;
pub mod plan;
pub mod ports;
pub mod secret;
pub mod site;
pub mod standard;
pub mod verify;

/// The time library whose [`Timestamp`](jiff::Timestamp) stands in this crate's signatures.
pub use jiff;

pub use apply::{Completion, apply};
pub use error::{Error, ErrorKind, PortError, PortErrorKind, Refusal, Stop};
pub use observe::{Observation, observe};
pub use plan::{Current, Fresh, Plan, plan};
pub use site::Site;
pub use verify::{Report, verify};

const _: fn() = || {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<(Error, Plan, Observation, Report, ports::Ports, ports::Views)>();
};
