//! The loop, over real sockets: what is sent again, what is not, and what the caller learns.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod answers;
mod budgets;
mod ids_and_secrets;
mod read_only;
mod sessions;
mod shop;
mod unanswered;
