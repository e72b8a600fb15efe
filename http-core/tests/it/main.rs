//! The loop, over real sockets: what is sent again, what is not, and what the caller is told.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod answers;
mod lost;
mod sessions;
mod shop;
