//! One file per command: its arguments, and what it does with them.

pub(crate) mod apply;
pub(crate) mod crypt;
pub(crate) mod demo;
pub(crate) mod init;
pub(crate) mod name;
pub(crate) mod plan;
pub(crate) mod simulator;
pub(crate) mod verify;
