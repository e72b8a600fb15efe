//! The program as its users run it: arguments in, text, JSON and exit codes out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod crypt;
mod demo;
mod naming;
mod path;
mod program;
mod services;
mod site;
