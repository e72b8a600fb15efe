//! The workspace's chores; std only.
fn main() {}
