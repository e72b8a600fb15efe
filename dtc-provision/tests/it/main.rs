//! The whole crate over its memory ports: every rule it keeps, and every call it could be killed at.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]
#![expect(clippy::assigning_clones, reason = "worlds are written to be read, not to be fast")]

mod bucket;
mod bucket_contents;
mod cloud_sync;
mod copying;
mod escrow;
mod execution;
mod foreseen;
mod identity;
mod keys;
mod killed_anywhere;
mod oracle;
mod plan_and_verify;
mod proofs;
mod random_worlds;
mod rendered;
mod replication;
mod restoring;
mod scene;
mod snmp;
mod tenants;
mod two_runs;
mod unfit_secrets;
mod vault_lies;
mod verdicts;
mod verification;
