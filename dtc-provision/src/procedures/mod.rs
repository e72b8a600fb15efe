//! Procedures: which phases, in which order, on which appliance and bucket.

pub mod provision;
