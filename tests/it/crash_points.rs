//! Where a process can be killed, in order, and the threads that try one point after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dtc_tests::{TestBed, report};
use simulator::{Faults, Moment};

/// After so many failures the rest tells nothing new.
const ENOUGH_FAILURES: usize = 12;
const MOMENTS: [(Moment, &str); 3] = [
    (Moment::BeforeEffect, "before-effect"),
    (Moment::AfterEffect, "after-effect"),
    (Moment::AfterAnswer, "after-answer"),
];

/// A process is killed at a request, before its effect, after it or right after its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    at: At,
    moment: Moment,
}

/// Which request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    /// The n-th of all, counted from one. Requests that are sent together change places from run to run.
    Request(u64),
    /// The n-th for an operation.
    Operation(Asked),
}

/// The n-th request for an operation, counted from one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    service: String,
    operation: String,
    nth: u64,
}

impl Point {
    /// Has the process killed there.
    pub(crate) fn crash(&self, faults: &Faults) {
        match &self.at {
            At::Request(number) => faults.crash_at(*number, self.moment),
            At::Operation(Asked { service, operation, nth }) => {
                faults.crash_on(service, operation, *nth, self.moment);
            }
        }
    }

    /// What was asked there, if the process got so far.
    pub(crate) fn reached(&self, faults: &Faults) -> Option<Asked> {
        let mut asked = in_order(logged(faults)).into_iter();
        match &self.at {
            At::Request(number) => asked.nth(usize::try_from(number - 1).ok()?),
            At::Operation(wanted) => asked.find(|asked| asked == wanted),
        }
    }

    /// The point with what was asked there, for a message.
    pub(crate) fn describe(&self, asked: &Asked) -> String {
        format!("{self} ({asked})")
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.service, self.operation, self.nth)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = MOMENTS.iter().find(|(moment, _)| *moment == self.moment).map_or("?", |(_, name)| name);
        match &self.at {
            At::Request(number) => write!(f, "{number} {moment}"),
            At::Operation(asked) => write!(f, "{asked} {moment}"),
        }
    }
}

impl FromStr for Point {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "{text:?} is no crash point; one is \"17 after-effect\" or \"b2 b2_create_key 1 after-effect\""
            )
        };
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0).ok_or_else(bad);
        let (moment, at) = match text.split(' ').collect::<Vec<_>>()[..] {
            [request, moment] => (moment, At::Request(number(request)?)),
            [service, operation, nth, moment] => {
                let (service, operation) = (service.to_owned(), operation.to_owned());
                (moment, At::Operation(Asked { service, operation, nth: number(nth)? }))
            }
            _ => return Err(bad()),
        };
        let (moment, _) = MOMENTS.into_iter().find(|(_, name)| *name == moment).ok_or_else(bad)?;
        Ok(Self { at, moment })
    }
}

/// Requests, each with how many of its operation there have been.
fn in_order(log: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Asked> {
    let mut seen: BTreeMap<(&str, String), u64> = BTreeMap::new();
    let mut asked = Vec::new();
    for (service, operation) in log {
        let nth = seen.entry((service, operation.clone())).or_default();
        *nth += 1;
        asked.push(Asked { service: service.to_owned(), operation, nth: *nth });
    }
    asked
}

fn logged(faults: &Faults) -> impl Iterator<Item = (&'static str, String)> {
    faults.request_log().into_iter().map(|request| (request.service, request.operation))
}

/// What each run of the tests tries of a path: every write right after its effect, when the process does not know that it happened,
/// the first also before and the last after its answer; and every operation that only reads once. A read leaves nothing behind, so
/// that its three moments differ in nothing but the request that comes next: each has one of them, its neighbour the next.
fn sample(asked: &[Asked], writes: &BTreeSet<(&str, &str)>) -> Vec<Point> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for Asked { service, operation, nth } in asked {
        counts.insert((service, operation), *nth);
    }
    let mut points = Vec::new();
    for (index, ((service, operation), count)) in counts.into_iter().enumerate() {
        let is_write = writes.contains(&(service, operation));
        for (place, (moment, _)) in MOMENTS.into_iter().enumerate() {
            let chosen = match moment {
                _ if !is_write && index % MOMENTS.len() != place => continue,
                Moment::BeforeEffect => 1..=1,
                Moment::AfterEffect if is_write => 1..=count,
                Moment::AfterEffect => count / 2 + 1..=count / 2 + 1,
                Moment::AfterAnswer => count..=count,
            };
            points.extend(chosen.map(|nth| {
                let (service, operation) = (service.to_owned(), operation.to_owned());
                Point { at: At::Operation(Asked { service, operation, nth }), moment }
            }));
        }
    }
    points
}

/// Points still to be tried one after the other, and what came of those that were.
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
        Some(Point { at: At::Request(request), moment })
    }

    fn note(&mut self, point: &Point, outcome: Result<Option<Asked>, String>) {
        match (outcome, &point.at) {
            (Ok(None), At::Request(number)) => self.end = Some(self.end.unwrap_or(u64::MAX).min(*number)),
            (Ok(_), _) => self.killed += 1,
            (Err(failure), _) => self.failures.push(failure),
        }
    }
}

/// Kills a process at each point that `try_point` is given, and fails with everything that went wrong.
pub(crate) struct Trials<'a> {
    /// The name of the test.
    pub(crate) how: &'a str,
    /// Points that are tried side by side.
    pub(crate) threads: usize,
    /// Tries a point, and says what was asked there; `None` when the process ended before it.
    pub(crate) try_point: &'a (dyn Fn(&Point) -> Result<Option<Asked>, String> + Sync),
}

/// The points that are tried, of the requests of a run in order and its writes, each by service and operation.
type Choice = fn(&[Asked], &BTreeSet<(&str, &str)>) -> Vec<Point>;

impl Trials<'_> {
    /// Tries the point that `DTC_CRASH_POINT` names; false when it names none.
    fn tried_named(&self) -> bool {
        let Ok(point) = std::env::var("DTC_CRASH_POINT") else { return false };
        let point: Point = point.parse().unwrap();
        let outcome = (self.try_point)(&point).unwrap();
        assert!(outcome.is_some(), "a run that ends before {point} is no failure");
        true
    }

    fn outcome(&self, point: &Point) -> Result<Option<Asked>, String> {
        let outcome = (self.try_point)(point);
        if let Err(failure) = &outcome {
            let how = self.how;
            // At once: a test that is ended for hanging prints nothing any more.
            report(&format!("{failure}\n  again: DTC_CRASH_POINT=\"{point}\" cargo test -p dtc-tests {how}"));
        }
        outcome
    }

    /// Tries a point of a sample. How often something is only looked at differs from run to run: where that was too often,
    /// the first look is taken.
    fn killed(&self, point: &Point, writes: &BTreeSet<(&str, &str)>) -> Result<Option<Asked>, String> {
        let outcome = self.outcome(point);
        match &point.at {
            At::Operation(Asked { service, operation, .. })
                if outcome == Ok(None) && !writes.contains(&(service.as_str(), operation.as_str())) =>
            {
                let first = Asked { service: service.clone(), operation: operation.clone(), nth: 1 };
                self.outcome(&Point { at: At::Operation(first), moment: point.moment })
            }
            _ => outcome,
        }
    }

    /// Tries every `every`-th point until a process outlives one.
    pub(crate) fn every(&self, every: u64) {
        if self.tried_named() {
            return;
        }
        let started = Instant::now();
        let tally: Mutex<Tally> = Mutex::default();
        side_by_side(
            self.threads,
            || tally.lock().unwrap().next(every),
            |point| {
                let outcome = self.outcome(&point);
                tally.lock().unwrap().note(&point, outcome);
            },
        );
        let Tally { end, killed, failures, .. } = tally.into_inner().unwrap();
        assert!(failures.is_empty(), "{} points failed:\n{}", failures.len(), failures.join("\n"));
        let (requests, seconds) = (end.unwrap_or_default() - 1, started.elapsed().as_secs());
        report(&format!(
            "{}: killed at {requests} requests × 3 moments, every {every}. of them = {killed} points, {seconds} seconds",
            self.how
        ));
        assert!(requests > 100, "the path has more requests than {requests}");
    }

    /// Tries every operation of a run, and every write after its effect.
    pub(crate) fn sample(&self, whole: &TestBed) {
        self.some(whole, sample);
    }

    /// Tries every write of a run after its effect.
    pub(crate) fn writes(&self, whole: &TestBed) {
        self.some(whole, |asked, writes| {
            let is_write =
                |asked: &&Asked| writes.contains(&(asked.service.as_str(), asked.operation.as_str()));
            let point =
                |asked: &Asked| Point { at: At::Operation(asked.clone()), moment: Moment::AfterEffect };
            asked.iter().filter(is_write).map(point).collect()
        });
    }

    fn some(&self, whole: &TestBed, chosen: Choice) {
        if self.tried_named() {
            return;
        }
        let started = Instant::now();
        let lines = whole.sim.transcript().writes();
        let writes: BTreeSet<(&str, &str)> =
            lines.iter().map(|line| (line.service, line.operation.as_str())).collect();
        let points = chosen(&in_order(logged(whole.sim.faults())), &writes);
        assert!(!points.is_empty(), "the path has nothing to be killed at");
        let (queue, failures) = (Mutex::new(points.iter()), Mutex::new(Vec::new()));
        side_by_side(
            self.threads,
            || queue.lock().unwrap().next(),
            |point| {
                let failure = match self.killed(point, &writes) {
                    Ok(Some(_)) => return,
                    Ok(None) => format!("{point}: the process ended before it"),
                    Err(failure) => failure,
                };
                failures.lock().unwrap().push(failure);
            },
        );
        let failures = failures.into_inner().unwrap();
        assert!(failures.is_empty(), "{} points failed:\n{}", failures.len(), failures.join("\n"));
        let (count, seconds) = (points.len(), started.elapsed().as_secs());
        report(&format!("{}: killed at {count} points of a sample, {seconds} seconds", self.how));
    }
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

#[test]
fn a_sample_has_every_operation_and_every_write_at_every_moment() {
    let log = ["list", "list", "create", "list", "authorize", "create"]
        .map(|operation| ("b2", operation.to_owned()));
    let points = sample(&in_order(log), &BTreeSet::from([("b2", "create")]));
    let points: Vec<String> = points.iter().map(Point::to_string).collect();
    assert_eq!(
        points,
        [
            "b2 authorize 1 before-effect",
            "b2 create 1 before-effect",
            "b2 create 1 after-effect",
            "b2 create 2 after-effect",
            "b2 create 2 after-answer",
            "b2 list 3 after-answer",
        ]
    );
    for point in points {
        assert_eq!(point.parse::<Point>().unwrap().to_string(), point);
    }
    assert_eq!("17 after-answer".parse::<Point>().unwrap().at, At::Request(17));
    assert!("0 after-answer".parse::<Point>().is_err() && "17 later".parse::<Point>().is_err());
}
