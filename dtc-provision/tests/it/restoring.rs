//! Files of a backup, brought back as of any moment.

mod as_of;
mod bad_input;
mod get;
mod killed;
mod store;
mod when;
