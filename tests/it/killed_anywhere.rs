//! Killed at any request, at any of three moments, a second process finishes the job (X3).

use dtc_tests::TestBed;
use tokio::runtime::{Builder, Runtime};

use crate::crash_points::{Point, Reached, landed, try_all};
use crate::end_state::{at_any_instant, at_the_end, nothing_left, written};
use crate::process::{End, live, plan_anew, world};

/// Worlds that are lived in side by side.
const SIDE_BY_SIDE: usize = 4;

/// Kills a process there, looks at what it left, and lets a second one finish with nothing of the first's.
fn try_point(runtime: &Runtime, point: Point) -> Result<Reached, String> {
    let bed = runtime.block_on(world());
    let faults = bed.sim.faults();
    faults.crash_at(point.request, point.moment);
    let end = live(&bed);
    if faults.requests() < point.request {
        return end.completion().map(|_| Reached::No);
    }
    let point = point.told(faults);
    if let End::Hung = end {
        return Err(format!("{point}: the process did not die"));
    }
    landed(faults);
    at_any_instant(&bed).into_result().map_err(|fault| format!("{point}: as it was killed: {fault}"))?;
    let before = written(&bed);
    faults.clear();
    live(&bed).completion().map_err(|error| format!("{point}: the second process failed: {error}"))?;
    let mut wrong = at_the_end(&bed, &before);
    wrong.extend(third(&bed, 1));
    wrong.into_result().map_err(|fault| format!("{point}: at the end: {fault}"))?;
    Ok(Reached::Yes)
}

/// What a third process finds wrong: it plans nothing but what to do with so many orphaned keys, and writes nothing.
pub(crate) fn third(bed: &TestBed, orphans: usize) -> Vec<String> {
    let mark = bed.sim.transcript().mark();
    let mut wrong = match plan_anew(bed) {
        Ok(plan) => nothing_left(bed, &plan, orphans),
        Err(error) => vec![format!("it cannot be planned again: {error}")],
    };
    if !bed.sim.transcript().writes_since(mark).is_empty() {
        wrong.push("planning wrote".to_owned());
    }
    wrong
}

/// Every point of the path, unless `DTC_CRASH_POINT` names the one to look at.
#[test]
fn x3_killed_anywhere_the_next_run_finishes() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    try_all("killed_anywhere", 1, SIDE_BY_SIDE, |point| try_point(&runtime, point));
}
