//! Provisioning: one appliance, from nothing to a proven backup.

mod apply;
mod current;
mod feasible;
mod format;
mod lint;
mod plan;
mod rights;
mod saved;
mod text;

pub use apply::{Completion, apply};
pub use current::Current;
pub use format::{PLAN_FORMAT, PlanFormat};
pub use lint::lint;
pub use plan::{Fresh, Plan, PoolPhase, plan};
pub use saved::InvalidPlan;
