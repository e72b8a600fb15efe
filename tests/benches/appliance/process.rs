//! The processor time and memory that this process has used, as the kernel counts them.

use std::fs;

/// Seconds of processor time, to the nanosecond: the first figure of each thread's `schedstat`. Threads that have ended are not in it.
pub(crate) fn cpu() -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let nanoseconds = threads.map(|thread| {
        let figures = fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
        figures.split(' ').next().unwrap().parse::<f64>().unwrap()
    });
    nanoseconds.sum::<f64>() / 1e9
}

/// KiB of memory that are in use.
pub(crate) fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}
