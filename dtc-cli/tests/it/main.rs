//! The program as its users run it: arguments in, text, JSON and exit codes out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod budgets;
mod codes;
#[cfg(target_os = "linux")]
mod copy;
mod crypt;
mod crypt_names;
mod crypt_paths;
mod crypt_stopped;
#[cfg(feature = "demo")]
mod demo;
mod files;
#[cfg(all(unix, feature = "demo"))]
mod hygiene;
#[cfg(feature = "demo")]
mod locks;
mod naming;
#[cfg(feature = "demo")]
mod path;
#[cfg(unix)]
mod pipes;
#[cfg(feature = "demo")]
mod powershell;
mod program;
#[cfg(feature = "demo")]
mod restore;
mod schema;
mod schema_events;
#[cfg(feature = "demo")]
mod services;
mod site;
#[cfg(all(target_os = "linux", feature = "demo"))]
mod terminal;
#[cfg(feature = "demo")]
mod verdicts;
#[cfg(windows)]
mod windows;
