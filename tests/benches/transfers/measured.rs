//! The time and memory that a process used.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// User and system seconds of the process and its children.
    pub(crate) cpu: f64,
    /// Seconds from its start to its end.
    pub(crate) wall: f64,
    /// The peak memory in MiB.
    pub(crate) peak: f64,
    /// User and system seconds of the service during the run.
    pub(crate) served: f64,
}

impl Measured {
    /// Runs a command and waits for it.
    pub(crate) fn of(command: &mut Command) -> Self {
        let before = children();
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let mut peak = 0.0;
        let status = loop {
            peak = high_water(child.id()).unwrap_or(peak);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let wall = started.elapsed().as_secs_f64();
        assert!(status.success(), "{command:?} failed");
        Self { cpu: children() - before, wall, peak, served: 0.0 }
    }
}

/// The medians of several runs, one for each figure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) peak: f64,
    pub(crate) served: f64,
}

impl Figures {
    pub(crate) fn of(runs: &[Measured]) -> Self {
        let median = |of: fn(&Measured) -> f64| {
            let mut all: Vec<f64> = runs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Self {
            cpu: median(|run| run.cpu),
            wall: median(|run| run.wall),
            peak: median(|run| run.peak),
            served: median(|run| run.served),
        }
    }
}

/// The peak memory of a running process, in MiB.
fn high_water(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok().map(|kib: f64| kib / 1024.0)
}

/// User and system seconds of the children that this process has waited for, including their children.
fn children() -> f64 {
    ticks("self", 13)
}

/// User and system seconds of this process.
pub(crate) fn own() -> f64 {
    ticks("self", 11)
}

/// User and system seconds of a running process.
pub(crate) fn cpu_of(process: u32) -> f64 {
    ticks(&process.to_string(), 11)
}

/// Two adjacent fields of `/proc/…/stat`, in hundredths of a second.
fn ticks(process: &str, first: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(first).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}
