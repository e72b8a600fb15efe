//! Files of a backup, brought back as of any moment.

mod as_of;
mod bad_input;
#[cfg(target_os = "linux")]
mod disks;
mod encrypted_names;
mod get;
mod killed;
mod large;
mod store;
mod when;
