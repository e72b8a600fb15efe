//! wip
pub mod bandwidth;
pub mod consent;
mod error;
pub mod escrow;
pub mod journal;
pub mod ports;
pub mod secret;
pub mod site;
pub mod standard;
pub use error::*;
