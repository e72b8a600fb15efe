//! Killed at any request, at any of three moments, the next run finishes: each thing is there once, and no key is in use that is not
//! escrowed (X3).

use std::pin::Pin;
use std::time::Duration;

use dtc_provision::ports::Way;
use dtc_provision::replication::{Encryption, IN_DATABASE, ReplicationReport};
use dtc_provision::verify::Verdict;
use dtc_tests::is_deep;
use simulator::truenas::{Handle, Release};
use tokio::runtime::{Builder, Runtime};

use super::{DESTINATION, KEY, Source, Two};
use crate::crash_points::{Asked, Point, Trials, landed};
use crate::process::alone;

/// No run takes longer; one that does hangs.
const LIMIT: Duration = Duration::from_mins(3);
const SIDE_BY_SIDE: usize = 2;

/// A replication of which nothing was asked yet.
type Scene = fn() -> Pin<Box<dyn Future<Output = Two>>>;

/// Two appliances, or one, with this way, source and encryption at the destination.
async fn world(way: Way, source: Source, encryption: Encryption) -> Two {
    let mut two = Two::new([Release::default(); 2], way, source).await;
    if way == Way::Local {
        "main".clone_into(&mut two.wanted.to);
        two.wanted.host = None;
    }
    if encryption == Encryption::Inherit {
        two.two().add_dataset("pool1/site").unwrap();
        two.two().encrypt_dataset_by_key("pool1/site", KEY).unwrap();
    }
    two.wanted.encryption = encryption;
    two.bed.sim.faults().clear();
    two
}

fn own_key() -> Encryption {
    Encryption::Key { location: IN_DATABASE.to_owned() }
}

fn own_passphrase() -> Encryption {
    Encryption::Passphrase { location: IN_DATABASE.to_owned() }
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

/// The appliance that has the task.
fn runner(two: &Two) -> &Handle {
    if two.wanted.way == Way::Pull { two.two() } else { two.bed.sim.truenas() }
}

/// The one that is logged in to; none of a local replication.
fn remote(two: &Two) -> Option<&Handle> {
    match two.wanted.way {
        Way::Push => Some(two.two()),
        Way::Pull => Some(two.bed.sim.truenas()),
        Way::Local => None,
    }
}

/// No task has a key that the vault does not hold.
fn at_any_instant(two: &Two) -> Result<(), String> {
    let records = two.records();
    for task in runner(two).replications() {
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
    let (here, other) = (runner(two), remote(two));
    let of_kind = |kind: &str| here.keychain().iter().filter(|entry| entry["type"] == kind).count();
    let tasks = here.replications();
    let links = usize::from(other.is_some());
    let is_encrypted = two.source != Source::Clear || two.wanted.encryption != Encryption::AsSource;
    let counts = [
        ("key pairs", of_kind("SSH_KEY_PAIR"), links),
        ("connections", of_kind("SSH_CREDENTIALS"), links),
        ("public keys", other.map_or(0, |other| other.ssh_keys_of("root").len()), links),
        ("tasks", tasks.len(), 1),
        ("enabled tasks", tasks.iter().filter(|task| task["enabled"] == true).count(), 1),
        ("records", two.records().len(), usize::from(is_encrypted)),
    ];
    let receiver = if two.wanted.way == Way::Local { two.bed.sim.truenas() } else { two.two() };
    match counts.iter().find(|(_, count, expected)| count != expected) {
        Some((what, count, _)) => Err(format!("{count} {what}")),
        None if !receiver.snapshots().iter().any(|name| name.starts_with(DESTINATION)) => {
            Err("nothing has arrived".to_owned())
        }
        None => Ok(()),
    }
}

fn try_point(runtime: &Runtime, scene: Scene, point: &Point) -> Result<Option<Asked>, String> {
    let two = runtime.block_on(scene());
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

/// How much of a path each run of the tests tries; [deep](is_deep) they try all of it.
#[derive(Clone, Copy, PartialEq)]
enum Share {
    /// Every operation, and every write at every moment.
    Sample,
    /// Every write after its effect, when the process does not know that it happened.
    Writes,
}

fn killed_anywhere(how: &str, share: Share, scene: Scene) {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let try_point = |point: &Point| try_point(&runtime, scene, point);
    let trials = Trials { how, threads: SIDE_BY_SIDE, try_point: &try_point };
    if is_deep() {
        trials.every(1);
        return;
    }
    let two = runtime.block_on(scene());
    live(&two).expect("nobody kills it").expect("a run without a fault");
    match share {
        Share::Sample => trials.sample(&two.bed),
        Share::Writes => trials.writes(&two.bed),
    }
}

/// Tests, each of one scene, by their names.
macro_rules! scenes {
    ($($name:ident: $share:ident, $scene:expr;)*) => {$(
        #[test]
        fn $name() {
            killed_anywhere(stringify!($name), Share::$share, || Box::pin(async { $scene }));
        }
    )*};
}

scenes! {
    x3_a_replication_killed_anywhere_is_finished_by_the_next_run: Sample,
        world(Way::Push, Source::Clear, own_key()).await;
    x3_one_that_fetches_raw_killed_anywhere_is_finished: Writes,
        world(Way::Pull, Source::Key, Encryption::AsSource).await;
    x3_one_that_opens_and_locks_its_destination_killed_anywhere_is_finished: Writes,
        world(Way::Pull, Source::Passphrase, Encryption::AsSource).await;
    x3_one_with_its_own_passphrase_killed_anywhere_is_finished: Writes,
        world(Way::Push, Source::Clear, own_passphrase()).await;
    x3_one_that_fetches_and_gets_its_own_key_killed_anywhere_is_finished: Writes,
        world(Way::Pull, Source::Clear, own_key()).await;
    x3_one_that_inherits_killed_anywhere_is_finished: Writes,
        world(Way::Push, Source::Clear, Encryption::Inherit).await;
    x3_a_local_one_killed_anywhere_is_finished: Writes,
        world(Way::Local, Source::Clear, own_key()).await;
    x3_one_of_snapshot_tasks_killed_anywhere_is_finished: Writes, {
        let mut two = world(Way::Push, Source::Clear, Encryption::AsSource).await;
        two.bind_snapshot_task();
        two
    };
}
