//! The client against an appliance made for each test: real sockets, real TLS, and every message on record.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod budgets;
mod connection;
mod dialects;
mod files;
mod job_identity;
mod jobs;
mod logging_in;
mod nas;
mod raw;
mod read_only;
mod recognised;
mod refusals;
mod releases_accounts;
mod releases_storage;
mod releases_transfer;
mod scram;
mod storage;
mod trust;
mod unknown_members;
mod wire;
mod wire_cloud;
