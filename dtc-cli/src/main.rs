//! The `dtc` command.
fn main() {}
