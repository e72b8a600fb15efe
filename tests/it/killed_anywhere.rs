//! Killed at any request, at any of three moments, a second process finishes the job (X3).

use dtc_tests::{TestBed, is_deep};
use tokio::runtime::{Builder, Runtime};

use crate::crash_points::{Asked, Point, Trials, landed};
use crate::end_state::{at_any_instant, at_the_end, nothing_left, written};
use crate::process::{End, live, plan_anew, world_with_halo};

/// Worlds that are lived in side by side.
const SIDE_BY_SIDE: usize = 4;

/// Kills a process there, looks at what it left, and lets a second one finish with nothing of the first's.
fn try_point(runtime: &Runtime, point: &Point) -> Result<Option<Asked>, String> {
    let bed = runtime.block_on(world_with_halo());
    let faults = bed.sim.faults();
    point.crash(faults);
    let end = live(&bed);
    let Some(asked) = point.reached(faults) else {
        return end.completion().map(|_| None);
    };
    let point = point.describe(&asked);
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
    Ok(Some(asked))
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

/// A sample of the path, and every point of it when the tests go deep; or the one that `DTC_CRASH_POINT` names.
#[test]
fn x3_killed_anywhere_the_next_run_finishes() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let try_point = |point: &Point| try_point(&runtime, point);
    let trials = Trials { how: "killed_anywhere", threads: SIDE_BY_SIDE, try_point: &try_point };
    if is_deep() {
        trials.every(1);
        return;
    }
    let bed = runtime.block_on(world_with_halo());
    live(&bed).completion().expect("a run without a fault");
    trials.sample(&bed);
}
