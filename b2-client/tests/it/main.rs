//! The wire, operation by operation, against a scripted server: exact requests, exact answers.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod account;
mod bucket_refs;
mod buckets;
mod calls;
mod copies;
mod customer_keys;
mod download_tokens;
mod downloads;
mod files;
mod keys;
mod large_files;
mod lost_answers;
mod named_errors;
mod progress;
mod read_only;
mod refusals;
mod rows;
mod saves;
mod scripted;
mod sources;
mod spawned;
mod unfinished;
mod unknown_members;
mod uploads;
mod waits;
