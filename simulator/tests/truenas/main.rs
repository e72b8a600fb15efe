//! The simulated TrueNAS appliance over its own wire: a WebSocket with TLS, JSON-RPC by hand.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop where they stand")]

mod appliances;
mod backup;
mod calls;
mod login;
mod protocol;
mod refusals;
mod resources;
mod socket;
mod tasks;
