//! Whatever comes from outside, given in a hundred thousand broken forms: every decoder answers with a value or an error, within its
//! budget of time and memory.
//!
//! Each target keeps a corpus in `corpus/TARGET`, which is tried as it stands first and then changed at random. A failure prints the
//! line that tries the failing input again; an input that was worth finding goes into the corpus, under a name that says what it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed step is a failed test")]

mod b2;
mod budget;
mod corpus;
mod crypt;
mod engine;
mod http;
mod itglue;
mod mutation;
mod naming;
mod ninja;
mod random;
mod texts;
mod truenas;
