//! What can run an appliance's Cloud Sync: the simulator's own engine, and every rclone that the environment names.

use std::env;
use std::fmt;
use std::path::PathBuf;

/// The environment's names for the rclones that appliances ship, and the newest, from old to new.
const RCLONES: [&str; 3] = ["DTC_RCLONE_1_65_2", "DTC_RCLONE_1_70_2", "DTC_RCLONE_1_75_2"];

/// What runs the appliance's Cloud Sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The simulator's own, which shares its code with whoever decrypts.
    Own,
    /// A real rclone.
    Rclone(PathBuf),
}

/// Set, it makes a missing rclone a failure and not a reason to skip.
const REQUIRED: &str = "DTC_REQUIRE_RCLONE";

/// The own engine, and every rclone that the environment names.
///
/// # Panics
/// When every rclone is required and one is not named.
pub fn engines() -> Vec<Engine> {
    let mut engines = vec![Engine::Own];
    for name in RCLONES {
        match env::var_os(name) {
            Some(program) => engines.push(Engine::Rclone(program.into())),
            None => assert!(env::var_os(REQUIRED).is_none(), "{name} must name an rclone"),
        }
    }
    engines
}

/// The own engine and the newest rclone; every one when the tests [go deep](crate::is_deep). For a test whose subject is
/// not what differs between rclones.
///
/// # Panics
/// As [`engines`].
pub fn some_engines() -> Vec<Engine> {
    let mut engines = engines();
    if !crate::is_deep() && engines.len() > 2 {
        engines.drain(1..engines.len() - 1);
    }
    engines
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("the simulator's own engine"),
            Self::Rclone(path) => path.display().fmt(f),
        }
    }
}
