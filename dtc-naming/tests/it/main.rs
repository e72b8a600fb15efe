//! The naming rules, as examples and as properties.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod inverse;
mod near_misses;
mod rules;
#[cfg(feature = "serde")]
mod serde;
mod strategies;

/// How often each property is tried.
const CASES: u32 = 10_000;
