//! What can run a box's cloud sync: the simulator's own engine, and every rclone that the environment names.

use std::env;
use std::fmt;
use std::path::PathBuf;

/// The environment's names for the rclones that boxes ship, and the newest.
const RCLONES: [&str; 3] = ["DTC_RCLONE_1_65_2", "DTC_RCLONE_1_70_2", "DTC_RCLONE_1_75_2"];

/// What runs the box's cloud sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The simulator's own, which shares its code with whoever decrypts.
    Own,
    /// A real rclone.
    Rclone(PathBuf),
}

/// The own engine, and every rclone that the environment names.
pub fn engines() -> Vec<Engine> {
    let named = RCLONES.iter().filter_map(env::var_os).filter(|path| !path.is_empty());
    std::iter::once(Engine::Own).chain(named.map(|path| Engine::Rclone(path.into()))).collect()
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("the simulator's own engine"),
            Self::Rclone(path) => path.display().fmt(f),
        }
    }
}
