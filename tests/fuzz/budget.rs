//! What one input may cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// No input, of some kilobytes at most, may keep a decoder busy for longer, on a slow machine and without optimisation.
const TIME: Duration = Duration::from_secs(1);
/// How often an input that took too long is tried again: on a busy machine, time passes without any work.
const TRIES: usize = 3;
/// After so long without the next input the test is ended: the decoder does not come back.
const HANGS: Duration = Duration::from_mins(2);
/// The most that the whole test program ever holds, with all its targets.
const MEMORY_KB: u64 = 384 << 10;

/// Runs one input, and fails when it takes too long however often it is tried.
pub(crate) fn within_time(mut run: impl FnMut()) {
    let mut timed = || {
        let began = Instant::now();
        run();
        began.elapsed()
    };
    let shortest = (0..TRIES).map(|_| timed()).find(|elapsed| *elapsed <= TIME);
    assert!(shortest.is_some(), "one input takes longer than {TIME:?}");
}

/// Fails when the program has ever held more than it may. Only Linux says how much that was.
pub(crate) fn within_memory() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    let peak: u64 = peak.unwrap_or(0);
    assert!(peak <= MEMORY_KB, "the decoders held {peak} kB, at most {MEMORY_KB} are allowed");
}

/// How long a processor has worked for this thread. Only Linux says that.
pub(crate) fn cpu_seconds() -> f64 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = counted.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    Duration::from_nanos(nanoseconds).as_secs_f64()
}

/// Ends the program when no progress is made.
#[derive(Debug)]
pub(crate) struct Watchdog {
    beats: Arc<AtomicU64>,
}

impl Watchdog {
    /// Watches until it is dropped; `how_to_repeat` is printed when an input hangs.
    pub(crate) fn start(how_to_repeat: impl Fn(u64) -> String + Send + 'static) -> Self {
        let beats = Arc::new(AtomicU64::new(0));
        let watched = Arc::downgrade(&beats);
        thread::spawn(move || {
            let (mut seen, mut since) = (u64::MAX, Instant::now());
            while let Some(beats) = watched.upgrade() {
                let now = beats.load(Ordering::Relaxed);
                if now != seen {
                    (seen, since) = (now, Instant::now());
                } else if since.elapsed() > HANGS {
                    dtc_tests::report(&format!("an input does not end; {}", how_to_repeat(now)));
                    std::process::abort();
                }
                drop(beats);
                thread::sleep(Duration::from_millis(500));
            }
        });
        Self { beats }
    }

    /// Says which input is about to be tried.
    pub(crate) fn beat(&self, number: u64) {
        self.beats.store(number, Ordering::Relaxed);
    }
}

#[test]
#[should_panic(expected = "one input takes longer")]
fn slow_inputs_are_found() {
    within_time(|| thread::sleep(TIME + Duration::from_millis(1)));
}
