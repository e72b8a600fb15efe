//! One file per command: its arguments, and what it does with them.

pub(crate) mod apply;
pub(crate) mod copy;
pub(crate) mod crypt;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod init;
pub(crate) mod locks;
pub(crate) mod name;
pub(crate) mod plan;
pub(crate) mod replication;
pub(crate) mod restore;
#[cfg(feature = "demo")]
pub(crate) mod simulator;
pub(crate) mod verify;
