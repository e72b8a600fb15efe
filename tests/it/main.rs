//! Whole flows, crash points and the habits of this repository, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test ends where its world is not as it expects"
)]

mod adapters;
mod appliance_accounts;
mod appliance_core;
mod appliance_faults;
mod appliance_queries;
mod appliance_storage;
mod appliance_transfer;
mod b2_bad_input;
mod b2_cancelled;
mod b2_client;
mod b2_faults;
mod b2_site;
mod b2_transfer_faults;
mod checklist;
mod crash_points;
mod dry_run;
mod end_state;
mod faults;
mod halo;
mod hygiene;
mod inventory_and_vault;
mod it_glue;
mod killed_anywhere;
mod locks;
mod look_ups;
mod ninja_fleet;
mod ninja_odds;
mod one_password;
mod port_contract;
mod process;
mod proofs;
mod provision;
mod read_only;
mod real_clients;
mod refusals;
mod releases;
mod replication;
mod requests;
#[cfg(unix)]
mod restore_killed;
mod restored;
mod restoring;
mod retry_after;
mod sigkill;
mod tenants;
mod tidy;
mod uuid_followed;
mod vault_lies;
