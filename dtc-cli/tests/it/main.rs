//! The program as its users run it: arguments in, text, JSON and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod demo;
mod naming;
mod path;
mod program;
mod services;
mod site;
