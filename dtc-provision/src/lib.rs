//! One TrueNAS appliance, from nothing to a proven backup in Backblaze B2: observe, plan, apply, verify.
//!
//! ```
//! use dtc_provision::proofs::consent::{Answer, Consents};
//! use dtc_provision::{Error, Fresh, Site, apply, observe, plan, verify};
//! use dtc_provision::{bandwidth::MegabitsPerSecond, ports::Ports};
//!
//! async fn provision(site: &Site, ports: &Ports, fresh: Fresh) -> Result<(), Error> {
//!     let plan = plan(site, &observe(site, &ports.views()).await, fresh)?;      // data: print it, save it, compare it
//!     let now = ports.clock.now();
//!     let until = now + dtc_provision::jiff::SignedDuration::from_hours(1);
//!     let consents = Consents::gather(plan.questions(), now, until, |question| {
//!         eprintln!("{}. Type {} to consent:", question.consequence(), question.subject());
//!         Answer::Typed(std::io::stdin().lines().next().and_then(Result::ok).unwrap_or_default())
//!     });
//!     let Ok(consents) = consents else { return Ok(()) };
//!     let seen = observe(site, &ports.views()).await;
//!     apply(plan.against(&seen)?, consents, ports, &mut Vec::new()).await?;     // a stale plan is refused
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
//! # How it is laid out
//!
//! From the bottom up; a module names only what stands above it in this list:
//!
//! - [`ids`], [`schedule`], [`bandwidth`], [`site`], [`secret`]: vocabulary, and what the operator wants.
//! - [`proofs`]: what must be shown first: a secret is escrowed and bound to its use, a person consented.
//! - [`ports`]: what is needed of the services, resource by resource.
//! - [`standard`]: the desired state as values, and the one comparison.
//! - [`escrow`]: secrets into the vault and back. [`facts`]: one observation.
//! - [`verify`](mod@verify): the checklist and the proof. [`restore`]: files of a backup, as of any moment. [`locks`]: kept from running out.
//! - [`phases`]: bucket, retention, identity … each planned, described and applied in one place.
//! - [`procedures`]: which phases, in which order.
//!
//! # What it does not do
//!
//! It speaks no protocol: the services are [`ports`], which `dtc-adapters` binds to the real ones. It undoes nothing,
//! deletes nothing in a bucket, and asks nobody: questions are data, and whoever runs it puts them to a person.
//!
//! # Invariants
//!
//! - No secret reaches an appliance before the vault has been given it and has given it back equal, and none reaches
//!   another appliance or bucket than its own ([`proofs`]).
//! - What a person must decide needs a [consent](proofs::consent) to that very act.
//! - Observing and verifying cannot write, and give no secret away: they hold views only ([`ports`]).
//! - A plan holds no secret, and applies only to the world it was made for ([`Plan::against`]).
//! - All state lives in the services. Killed at any instant, a second run finishes the job; on a provisioned appliance
//!   its plan is empty.
//!
//! The rules cited (`E2`, `X1` …) are those of `docs/standard.md`.

pub mod bandwidth;
pub mod copy;
mod error;
pub mod escrow;
pub mod facts;
pub mod ids;
pub mod journal;
pub mod locks;
mod outcome;
pub mod phases;
mod port_error;
pub mod ports;
pub mod procedures;
pub mod proofs;
pub mod replication;
pub mod restore;
pub mod schedule;
pub mod secret;
pub mod site;
pub mod standard;
pub mod verify;

/// The time library whose [`Timestamp`](jiff::Timestamp) stands in this crate's signatures.
pub use jiff;

pub use error::{Error, ErrorKind, Refusal, Stop};
pub use facts::{Observation, observe};
pub use outcome::Outcome;
pub use port_error::{PortError, PortErrorKind, Service};
pub use procedures::provision::{Completion, Current, Fresh, Plan, apply, lint, plan};
pub use site::Site;
pub use verify::{Report, verify, verify_until};

const _: fn() = || {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<(Error, Plan, Observation, Report, ports::Ports, ports::Views)>();
};

/// An apply may go on in another thread than it began in.
const _: fn(Current<Plan>, proofs::consent::Consents, &ports::Ports, &mut dyn journal::Journal) =
    |plan, consents, ports, journal| {
        fn assert_send(_: impl Send) {}
        assert_send(apply(plan, consents, ports, journal));
    };
