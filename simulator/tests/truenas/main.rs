//! The simulated TrueNAS appliance over its own wire: a WebSocket with TLS, JSON-RPC by hand.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop where they stand")]

mod accounts;
mod appliances;
mod backup;
mod calls;
mod datasets;
mod events;
mod jobs;
mod legacy;
mod login;
mod logins;
mod protocol;
mod refusals;
mod releases;
mod resources;
mod shapes;
mod snapshots;
mod socket;
mod tasks;
mod transfer;
mod vendor;
