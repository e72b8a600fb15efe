//! The phases that procedures are composed of. Each file holds one phase: what is planned from the facts, how it is
//! described, what it asks, how it is applied. Planning is pure; its functions see no port.

pub mod bucket;
pub mod credential;
pub mod document;
pub mod first_run;
pub mod identity;
pub mod key;
pub(crate) mod reach;
mod registration;
pub mod retention;
mod run;
mod scope;
pub mod secrets;
pub mod snapshots;
pub mod snmp;
mod step;
pub mod tasks;

pub use first_run::FirstRunResult;
pub(crate) use run::Run;
pub use scope::Scope;
pub use step::{Finding, Step, StepKind};
