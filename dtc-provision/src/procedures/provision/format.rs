//! The format of a saved plan.

use serde::{Deserialize, Serialize};

/// The format of the plans that this version saves and reads.
pub const PLAN_FORMAT: u32 = 3;

/// The format that a plan was saved in; only [`PLAN_FORMAT`] can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PlanFormat(());

/// A plan was saved by another version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plan is saved in format {0}, and this version reads format {PLAN_FORMAT}; plan again")]
pub struct OtherFormat(u32);

impl TryFrom<u32> for PlanFormat {
    type Error = OtherFormat;

    fn try_from(format: u32) -> Result<Self, OtherFormat> {
        if format == PLAN_FORMAT { Ok(Self(())) } else { Err(OtherFormat(format)) }
    }
}

impl From<PlanFormat> for u32 {
    fn from(_: PlanFormat) -> Self {
        PLAN_FORMAT
    }
}
