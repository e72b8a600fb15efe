//! Killed at any request, at any of three moments, the next run finishes: each thing is there once, and no key is in use that is not
//! escrowed (X3).

use std::time::Duration;

use dtc_provision::ports::Way;
use dtc_provision::replication::{Encryption, IN_DATABASE, ReplicationReport};
use dtc_provision::verify::Verdict;
use dtc_tests::is_deep;
use simulator::truenas::Release;
use tokio::runtime::{Builder, Runtime};

use super::{DESTINATION, Source, Two};
use crate::crash_points::{Asked, Point, Trials, landed};
use crate::process::alone;

/// No run takes longer; one that does hangs.
const LIMIT: Duration = Duration::from_mins(3);
const SIDE_BY_SIDE: usize = 2;

/// Two appliances of which nothing was asked yet; the destination gets a key of its own.
async fn world() -> Two {
    let mut two = Two::new([Release::default(); 2], Way::Push, Source::Clear).await;
    two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
    two.bed.sim.faults().clear();
    two
}

/// How a process came to its end: `None` where it was killed.
fn live(two: &Two) -> Option<Result<ReplicationReport, String>> {
    alone(async {
        tokio::select! {
            biased;
            () = two.bed.sim.faults().crashed() => None,
            ended = tokio::time::timeout(LIMIT, two.apply()) => Some(match ended {
                Ok(outcome) => outcome.map_err(|error| error.to_string()),
                Err(_) => Err("it hung".to_owned()),
            }),
        }
    })
}

/// No task has a key that the vault does not hold.
fn at_any_instant(two: &Two) -> Result<(), String> {
    let records = two.records();
    for task in two.bed.sim.truenas().replications() {
        if let Some(key) = task["encryption_key"].as_str()
            && !records.iter().any(|[_, _, value]| value == key)
        {
            return Err("the task has a key that is not in the vault".to_owned());
        }
        if task["allow_from_scratch"] != false {
            return Err("the task may destroy what stands at its destination".to_owned());
        }
    }
    Ok(())
}

fn at_the_end(two: &Two) -> Result<(), String> {
    at_any_instant(two)?;
    let (one, other) = (two.bed.sim.truenas(), two.two());
    let of_kind = |kind: &str| one.keychain().iter().filter(|entry| entry["type"] == kind).count();
    let tasks = one.replications();
    let counts = [
        ("key pairs", of_kind("SSH_KEY_PAIR")),
        ("connections", of_kind("SSH_CREDENTIALS")),
        ("public keys", other.ssh_keys_of("root").len()),
        ("tasks", tasks.len()),
        ("enabled tasks", tasks.iter().filter(|task| task["enabled"] == true).count()),
        ("records", two.records().len()),
    ];
    match counts.iter().find(|(_, count)| *count != 1) {
        Some((what, count)) => Err(format!("{count} {what}")),
        None if !other.snapshots().iter().any(|name| name.starts_with(DESTINATION)) => {
            Err("nothing has arrived".to_owned())
        }
        None => Ok(()),
    }
}

fn try_point(runtime: &Runtime, point: &Point) -> Result<Option<Asked>, String> {
    let two = runtime.block_on(world());
    let faults = two.bed.sim.faults();
    point.crash(faults);
    let ended = live(&two);
    let Some(asked) = point.reached(faults) else {
        return match ended {
            Some(outcome) => outcome.map(|_| None),
            None => Err(format!("{point}: killed elsewhere")),
        };
    };
    let point = point.describe(&asked);
    landed(faults);
    at_any_instant(&two).map_err(|fault| format!("{point}: as it was killed: {fault}"))?;
    faults.clear();
    let report = live(&two).ok_or_else(|| format!("{point}: the second process was killed"))?;
    let report = report.map_err(|error| format!("{point}: the second process failed: {error}"))?;
    let failed: Vec<String> = report.with(Verdict::Fail).map(|item| item.evidence.clone()).collect();
    if !failed.is_empty() {
        return Err(format!("{point}: {}", failed.join("; ")));
    }
    at_the_end(&two).map_err(|fault| format!("{point}: at the end: {fault}"))?;
    let mark = two.bed.sim.transcript().mark();
    let third = alone(two.plan()).map_err(|error| format!("{point}: it cannot be planned again: {error}"))?;
    if !third.is_empty() || !two.bed.sim.transcript().writes_since(mark).is_empty() {
        return Err(format!("{point}: something is left to do: {third:?}"));
    }
    Ok(Some(asked))
}

#[test]
fn x3_a_replication_killed_anywhere_is_finished_by_the_next_run() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let try_point = |point: &Point| try_point(&runtime, point);
    let how = "x3_a_replication_killed_anywhere_is_finished_by_the_next_run";
    let trials = Trials { how, threads: SIDE_BY_SIDE, try_point: &try_point };
    if is_deep() {
        trials.every(1);
        return;
    }
    let two = runtime.block_on(world());
    live(&two).expect("nobody kills it").expect("a run without a fault");
    trials.sample(&two.bed);
}
