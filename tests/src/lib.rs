//! A world to provision in: every service simulated, and the ports that reach them over real sockets.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use dtc_tests::TestBed;
//!
//! let bed = TestBed::new(7).await;
//! let plan = bed.plan().await.unwrap();
//! assert_eq!(plan.scope.bucket_name.as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
//! assert!(bed.sim.transcript().writes().is_empty());           // planning writes nothing
//! # });
//! ```
//!
//! # What it does not do
//!
//! It asserts nothing by itself and knows no rule of the standard; tests do.
//!
//! # Invariants
//!
//! - One seed, one world: identifiers, secrets and files of the services are the same.
//! - [`TestBed::connect`] gives what a new process would have: nothing is kept from one connection to the next.
//! - Consent is given as a person gives it, by typing each question's subject.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test ends where its world is not as it expects"
)]

mod bed;
mod depth;
mod engines;
mod program;
mod transcripts;

pub use bed::{Applied, Builder, SECOND, TestBed, consent};
pub use depth::{is_deep, report};
pub use engines::{Engine, engines, some_engines};
pub use program::program;
pub use transcripts::recorded;

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<TestBed>();
};
