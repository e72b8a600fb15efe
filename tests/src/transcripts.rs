//! Transcripts that tests leave behind, for whoever holds them against the services' published schemas.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, process, thread};

/// The environment's name for the folder that transcripts are left in.
const FOLDER: &str = "DTC_TRANSCRIPTS";

/// The same simulation; where `DTC_TRANSCRIPTS` names a folder it leaves its transcript there, called after the test.
pub fn recorded(simulation: simulator::Builder) -> simulator::Builder {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else { return simulation };
    let test = thread::current().name().unwrap_or("test").replace("::", ".");
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    simulation.transcript_file(folder.join(format!("{test}-{}-{number}.jsonl", process::id())))
}
