//! The client against a box made for each test: real sockets, real TLS, and every message on record.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod connection;
mod files;
mod jobs;
mod nas;
mod refusals;
mod trust;
mod wire;
mod wire_cloud;
