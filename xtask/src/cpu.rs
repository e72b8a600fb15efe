//! Processor time, which other programs on the same machine do not stretch.

use std::time::Duration;

/// User and system time of every program that ran under this process and has ended. `None` where the system has no
/// `/proc`.
pub(crate) fn of_children() -> Option<Duration> {
    ticks(&std::fs::read_to_string("/proc/self/stat").ok()?)
        .map(|ticks| Duration::from_millis(ticks * MILLISECONDS))
}

/// Linux counts a hundred ticks a second in this file on every processor it runs on (`USER_HZ`).
const MILLISECONDS: u64 = 10;

/// The sum of `cutime` and `cstime`, fields 16 and 17 of the file (`man 5 proc`).
fn ticks(stat: &str) -> Option<u64> {
    // The second field is the program's name in parentheses, and may hold spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_ended_children_is_read() {
        let stat = "12 (a ) b) S 1 12 12 0 -1 4194304 10 20 0 0 5 6 700 80 20 0 1 0";
        assert_eq!(ticks(stat), Some(780));
        assert_eq!(ticks("12 (a) S 1"), None);
    }
}
