//! Killed at any request, at any of three moments, a second process finishes the job (X3).

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Instant;

use simulator::Moment;
use tokio::runtime::{Builder, Runtime};

use crate::end_state::{at_any_instant, at_the_end, nothing_left, written};
use crate::process::{End, live, plan_anew, world};

/// Worlds that are lived in side by side.
const SIDE_BY_SIDE: usize = 4;
/// After so many failures the rest tells nothing new.
const ENOUGH_FAILURES: usize = 12;
const MOMENTS: [(Moment, &str); 3] = [
    (Moment::BeforeEffect, "before-effect"),
    (Moment::AfterEffect, "after-effect"),
    (Moment::AfterAnswer, "after-answer"),
];

/// Where a process is killed: at its n-th request, and when within it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) request: u64,
    pub(crate) moment: Moment,
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
        Ok(Self { request: request.parse().map_err(|_| bad())?, moment })
    }
}

/// The points in their order, until a process outlives one; then there are no more.
#[derive(Debug, Default)]
struct Points {
    given: u64,
    survived: Option<u64>,
}

impl Points {
    fn next(&mut self) -> Option<Point> {
        let request = self.given / 3 + 1;
        if self.survived.is_some_and(|survived| request >= survived) {
            return None;
        }
        let (moment, _) = MOMENTS[usize::try_from(self.given % 3).unwrap_or_default()];
        self.given += 1;
        Some(Point { request, moment })
    }

    fn survived(&mut self, point: Point) {
        let first = self.survived.unwrap_or(u64::MAX);
        self.survived = Some(first.min(point.request));
    }
}

/// Whether the process got as far as the point.
enum Reached {
    Yes,
    No,
}

/// Kills a process there, looks at what it left, and lets a second one finish.
fn try_point(runtime: &Runtime, point: Point) -> Result<Reached, String> {
    let bed = runtime.block_on(world());
    let faults = bed.sim.faults();
    faults.crash_at(point.request, point.moment);
    let end = live(&bed);
    if faults.requests() < point.request {
        return end.completion().map(|_| Reached::No);
    }
    let at = faults.request_log().into_iter().nth(usize::try_from(point.request - 1).unwrap_or_default());
    let at = at.map(|request| format!("{} {}", request.service, request.operation)).unwrap_or_default();
    let told = |when: &str, fault: String| format!("{point} ({at}): {when}: {fault}");
    if let End::Hung = end {
        return Err(told("the process did not die", String::new()));
    }
    at_any_instant(&bed).into_result().map_err(|fault| told("as it was killed", fault))?;
    let before = written(&bed);
    faults.clear();

    live(&bed).completion().map_err(|error| told("the second process failed", error))?;
    let mut wrong = at_the_end(&bed, &before);
    let mark = bed.sim.transcript().mark();
    match plan_anew(&bed) {
        Ok(plan) => nothing_left(&bed, &plan, 1, &mut wrong),
        Err(error) => wrong.add(format!("the third process cannot plan: {error}")),
    }
    if !bed.sim.transcript().writes_since(mark).is_empty() {
        wrong.add("planning wrote");
    }
    wrong.into_result().map_err(|fault| told("at the end", fault))?;
    Ok(Reached::Yes)
}

fn worker(runtime: &Runtime, points: &Mutex<Points>, failures: &Mutex<Vec<String>>) {
    loop {
        let Some(point) = points.lock().unwrap().next() else { return };
        match try_point(runtime, point) {
            Ok(Reached::Yes) => {}
            Ok(Reached::No) => points.lock().unwrap().survived(point),
            Err(failure) => {
                eprintln!(
                    "{failure}\n  again: DTC_CRASH_POINT=\"{point}\" cargo test -p dtc-tests --test it killed_anywhere"
                );
                let mut failures = failures.lock().unwrap();
                failures.push(failure);
                if failures.len() >= ENOUGH_FAILURES {
                    points.lock().unwrap().survived = Some(0);
                }
            }
        }
    }
}

/// Every point of the path, unless `DTC_CRASH_POINT` names the one to look at.
#[test]
fn x3_killed_anywhere_the_next_run_finishes() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let Ok(point) = std::env::var("DTC_CRASH_POINT") {
        let point = point.parse().unwrap();
        let reached = try_point(&runtime, point).unwrap();
        assert!(matches!(reached, Reached::Yes), "a run ends before {point}");
        return;
    }
    let started = Instant::now();
    let (points, failures) = (Mutex::default(), Mutex::default());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| worker(&runtime, &points, &failures));
        }
    });
    let failures: Vec<String> = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} points failed:\n{}", failures.len(), failures.join("\n"));
    let requests = points.into_inner().unwrap().survived.unwrap_or_default() - 1;
    let seconds = started.elapsed().as_secs();
    println!("killed at {requests} requests × 3 moments = {} points, {seconds} seconds", requests * 3);
    assert!(requests > 100, "the path has more than {requests} requests");
}
