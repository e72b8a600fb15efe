//! Replication between two appliances in memory (R1–R6).

mod bad_input;
mod killed;
mod main_path;
mod proof;
mod scene;
mod snapshot_tasks;
mod unproven;
