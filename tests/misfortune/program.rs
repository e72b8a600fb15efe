//! The program under test: run to its end, with what it said, how long it took and the most memory that it had.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) out: String,
    pub(crate) err: String,
    /// The exit code; -1 where a signal ended it.
    pub(crate) code: i32,
    pub(crate) took: Duration,
    /// The peak of its memory in KiB; 0 where the system does not tell.
    pub(crate) peak: u64,
}

impl Ended {
    /// Runs a command to its end; nobody is there to answer questions. The output is collected unless the command sends it elsewhere.
    pub(crate) fn of(command: &mut Command) -> Self {
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let peak = Arc::new(AtomicU64::new(0));
        watch(child.id(), Arc::clone(&peak));
        let output = child.wait_with_output().unwrap();
        Self {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
            took: began.elapsed(),
            peak: peak.load(Ordering::Relaxed),
        }
    }
}

/// A program that takes longer is killed.
const LIMIT: Duration = Duration::from_mins(1);

/// The peak of a process's memory in KiB; none once it has ended.
fn peak_of(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// Notes the peak of a process's memory for as long as there is one, and kills one that hangs.
fn watch(id: u32, peak: Arc<AtomicU64>) {
    let began = Instant::now();
    // Once before anything else: a thread may begin after a short run has ended.
    peak.store(peak_of(id).unwrap_or_default(), Ordering::Relaxed);
    thread::spawn(move || {
        while let Some(kib) = peak_of(id) {
            peak.store(kib, Ordering::Relaxed);
            if began.elapsed() > LIMIT {
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    });
}
