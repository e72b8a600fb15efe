//! The real program, with everything wrong that can be: each command against each kind of failure, with the exit code (X6), what is said, the time and the memory (X7).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test ends where its world is not as it expects"
)]

mod appliance;
mod encrypted;
mod files;
mod hostile;
mod objects;
mod one_password;
mod program;
mod proxy;
mod services;
mod table;
mod world;
mod writing;
