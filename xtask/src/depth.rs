//! How much the tests try.

use std::time::Duration;

use crate::program::Program;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// One case for every way to go wrong.
    Usual,
    /// Every case there is, and many more random ones.
    Deep,
}

impl Depth {
    /// How long one test program may take before it is taken to hang: several times what the longest takes on two cores.
    pub(crate) fn limit(self) -> Duration {
        match self {
            Self::Usual => Duration::from_mins(20),
            Self::Deep => Duration::from_hours(6),
        }
    }

    /// Tells tests how much to try. `DTC_DEEP` is read in one place, `dtc_tests::is_deep`; the crates that may not
    /// name `dtc-tests` take the number of their random cases from a variable of their own.
    pub(crate) fn applied_to(self, tests: Program) -> Program {
        match self {
            Self::Usual => tests,
            Self::Deep => {
                tests.env("DTC_DEEP", "1").env("DTC_CRYPT_CASES", "100000").env("DTC_RCLONE_CASES", "100")
            }
        }
    }
}
