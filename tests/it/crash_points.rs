//! Where a process can be killed, in order, and the threads that try one point after the other.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use simulator::{Faults, Moment};

/// After so many failures the rest tells nothing new.
const ENOUGH_FAILURES: usize = 12;
const MOMENTS: [(Moment, &str); 3] = [
    (Moment::BeforeEffect, "before-effect"),
    (Moment::AfterEffect, "after-effect"),
    (Moment::AfterAnswer, "after-answer"),
];

/// A process is killed at its n-th request, before its effect, after it or right after its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) request: u64,
    pub(crate) moment: Moment,
}

impl Point {
    /// The point with what was asked there, for a message.
    pub(crate) fn told(self, faults: &Faults) -> String {
        let nth = usize::try_from(self.request - 1).unwrap_or_default();
        match faults.request_log().get(nth) {
            Some(request) => format!("{self} ({} {})", request.service, request.operation),
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = MOMENTS.iter().find(|(moment, _)| *moment == self.moment).map_or("?", |(_, name)| name);
        write!(f, "{} {moment}", self.request)
    }
}

impl FromStr for Point {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is no crash point; one is \"17 after-effect\"");
        let (request, moment) = text.split_once(' ').ok_or_else(bad)?;
        let (moment, _) = MOMENTS.into_iter().find(|(_, name)| *name == moment).ok_or_else(bad)?;
        let request = request.parse().ok().filter(|request| *request > 0).ok_or_else(bad)?;
        Ok(Self { request, moment })
    }
}

/// Whether a process got as far as its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Yes,
    No,
}

/// Points still to be tried, and what came of those that were.
#[derive(Debug, Default)]
struct Tally {
    given: u64,
    /// A process outlived a point at this request: there are none from there on.
    end: Option<u64>,
    killed: u64,
    failures: Vec<String>,
}

impl Tally {
    fn next(&mut self, every: u64) -> Option<Point> {
        let index = self.given * every;
        let request = index / 3 + 1;
        let is_over = self.end.is_some_and(|end| request >= end) || self.failures.len() >= ENOUGH_FAILURES;
        if is_over {
            return None;
        }
        self.given += 1;
        let (moment, _) = MOMENTS[usize::try_from(index % 3).unwrap_or_default()];
        Some(Point { request, moment })
    }

    fn note(&mut self, point: Point, outcome: Result<Reached, String>) {
        match outcome {
            Ok(Reached::Yes) => self.killed += 1,
            Ok(Reached::No) => self.end = Some(self.end.unwrap_or(u64::MAX).min(point.request)),
            Err(failure) => self.failures.push(failure),
        }
    }
}

/// Tries every `every`-th point, `threads` at a time, until a process outlives one; fails with what went wrong, and
/// else prints how many there were. `DTC_CRASH_POINT` names one to try alone.
pub(crate) fn try_all(
    how: &str,
    every: u64,
    threads: usize,
    try_point: impl Fn(Point) -> Result<Reached, String> + Sync,
) {
    if let Ok(point) = std::env::var("DTC_CRASH_POINT") {
        let point: Point = point.parse().unwrap();
        assert_eq!(try_point(point), Ok(Reached::Yes), "a run that ends before {point} is no failure");
        return;
    }
    let started = Instant::now();
    let tally: Mutex<Tally> = Mutex::default();
    side_by_side(
        threads,
        || tally.lock().unwrap().next(every),
        |point| {
            let outcome = try_point(point);
            if let Err(failure) = &outcome {
                eprintln!("{failure}\n  again: DTC_CRASH_POINT=\"{point}\" cargo test -p dtc-tests {how}");
            }
            tally.lock().unwrap().note(point, outcome);
        },
    );
    let Tally { end, killed, failures, .. } = tally.into_inner().unwrap();
    assert!(failures.is_empty(), "{} points failed:\n{}", failures.len(), failures.join("\n"));
    let (requests, seconds) = (end.unwrap_or_default() - 1, started.elapsed().as_secs());
    println!(
        "{how}: killed at {requests} requests × 3 moments, every {every}. of them = {killed} points, {seconds} seconds"
    );
    assert!(requests > 100, "the path has more requests than {requests}");
}

/// Lets what a dead process had already sent arrive, and be cut, before the crash is cleared.
pub(crate) fn landed(faults: &Faults) {
    let mut counted = None;
    while counted != Some(faults.requests()) {
        counted = Some(faults.requests());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Works on whatever `next` gives, on so many threads, until it gives nothing.
pub(crate) fn side_by_side<T>(threads: usize, next: impl Fn() -> Option<T> + Sync, work: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = next() {
                    work(item);
                }
            });
        }
    });
}
