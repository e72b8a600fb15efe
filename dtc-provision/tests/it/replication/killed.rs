//! Killed at any call of any port, before its effect or after it, a second run finishes: one of each, and no key in use that the vault does not
//! hold (X3, R5).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use dtc_provision::ports::Way;
use dtc_provision::ports::memory::{Access, EndState, Handed, Moment, Side, State, World};
use dtc_provision::replication::Encryption;

use super::scene::{PASSPHRASE, Pair, keys};

const MOMENTS: [Moment; 2] = [Moment::BeforeEffect, Moment::AfterEffect];
const SIDES: [Side; 2] = [Side::Sending, Side::Receiving];

type Cut = fn(&World, usize, Moment);
type Scene = fn() -> Pair;

/// Every way and every kind of key.
const SCENES: [(&str, Scene); 7] = [
    ("raw", Pair::raw),
    ("a key of its own", || Pair::layered(Way::Push, Pair::key())),
    ("a drawn passphrase, pulled by sudo", || {
        let mut pair = Pair::layered(Way::Pull, Pair::phrase());
        pair.wanted.remote_user = "repl".to_owned();
        pair
    }),
    ("an inherited key", || Pair::layered(Way::Push, Encryption::Inherit)),
    ("a source with a passphrase", || {
        let mut pair = Pair::new(Way::Pull, "tank/phrase", "backup/clients/contoso/phrase");
        pair.of_sources = vec![("tank/phrase", PASSPHRASE)];
        pair
    }),
    ("by snapshot tasks", || Pair::layered(Way::Push, Encryption::AsSource).by_task(true)),
    ("local", || {
        let mut pair = Pair::new(Way::Local, "tank/plain", "tank/copies/plain");
        pair.wanted.encryption = Pair::key();
        pair
    }),
];

/// What must hold at every instant.
#[derive(Clone, Default)]
struct Oracle(Arc<Mutex<Seen>>);

/// Something done to the world.
type Change = fn(&mut State);

/// What was written, how often it was asked, and what was wrong.
type Seen = (BTreeSet<String>, usize, Vec<String>);

impl Oracle {
    fn watch(world: &World) -> Self {
        let oracle = Self::default();
        oracle.0.lock().unwrap().1 = world.look(|state| state.handed.len());
        let seen = oracle.clone();
        world.watch(move |state, call| seen.judge(state, call.name));
        oracle
    }

    fn judge(&self, state: &State, call: &str) {
        let (by_vault, handed, faults) = &mut *self.0.lock().unwrap();
        let mut fault = |what: String| faults.push(format!("{call}: {what}"));
        for secret in &state.handed[*handed..] {
            match secret {
                Handed::ByVault(secret) => drop(by_vault.insert(secret.clone())),
                Handed::ToAppliance(secret) if !by_vault.contains(secret) => {
                    fault("a key reached an appliance that the vault had not given back".to_owned());
                }
                Handed::ToAppliance(_) => {}
            }
        }
        *handed = state.handed.len();
        for side in SIDES {
            one_of_each(state.end(side)).into_iter().for_each(&mut fault);
        }
        let held: Vec<String> = keys(state).into_iter().map(|(_, text)| text).collect();
        let tasks = SIDES.iter().flat_map(|side| &state.end(*side).tasks);
        for key in tasks.filter_map(|task| task.key.as_ref()).filter(|key| !held.contains(key)) {
            fault(format!("a task has a key that is not escrowed, of {} characters", key.len()));
        }
    }

    fn faults(&self) -> Vec<String> {
        self.0.lock().unwrap().2.clone()
    }
}

fn one_of_each(end: &EndState) -> Vec<String> {
    let mut faults = Vec::new();
    let mut most_one = |what: &str, count: usize| {
        if count > 1 {
            faults.push(format!("{count} {what}"));
        }
    };
    most_one("key pairs", end.key_pairs.len());
    most_one("connections", end.connections.len());
    most_one("tasks", end.tasks.len());
    for user in &end.users {
        most_one("public keys", user.public_keys.len());
    }
    if end.tasks.iter().any(|task| task.allows_from_scratch) {
        faults.push("a task may destroy what stands at the destination".to_owned());
    }
    if end.tasks.iter().any(|task| task.enabled && task.settings.is_err()) {
        faults.push("a task is enabled that is not known".to_owned());
    }
    faults
}

/// What stands at the end, without what differs from one good run to another: ids and secrets. What a proof has opened is locked again.
fn end_state(state: &State) -> String {
    let mut lines = Vec::new();
    for side in SIDES {
        let end = state.end(side);
        for dataset in &end.datasets {
            let names: Vec<&str> = dataset.snapshots.iter().map(|held| held.name.as_str()).collect();
            let key = dataset.key.as_ref().map(|key| (key.format, key.is_stored, key.is_loaded));
            let marked = dataset.opened_by_proof;
            lines.push(format!(
                "{side:?} {} {:?} {key:?} {marked} {names:?}",
                dataset.name, dataset.encryption_root
            ));
        }
        for user in &end.users {
            let keys = user.public_keys.len();
            lines.push(format!("{side:?} {} {} {keys} {:?}", user.name, user.home, user.sudo));
        }
        lines.push(format!("{side:?} SSH {} {}", end.ssh.running, end.ssh.autostart));
        lines.push(format!("{side:?} {:?} {:?}", end.key_pairs.keys(), end.connections.keys()));
        for task in &end.tasks {
            let mut settings = task.settings.clone();
            settings.as_mut().unwrap().connection = None;
            lines.push(format!("{side:?} {} {:?} {}", task.enabled, settings, task.key.is_some()));
        }
    }
    lines.extend(keys(state).into_iter().map(|(dataset, text)| format!("vault {dataset} {}", text.len())));
    lines.join("\n")
}

/// Nothing is left to do, and nothing is written by doing it again.
fn is_finished(pair: &Pair, expected: &str, point: &str) {
    assert_eq!(pair.world.look(end_state), expected, "{point}");
    let plan = pair.plan().unwrap();
    assert!(plan.is_empty() && plan.questions().is_empty(), "{point}: {:?}", plan.steps);
    let escrowed = pair.world.look(keys);
    let own = pair.world.look(|state| {
        let roots = state.end(Side::Receiving).datasets.iter().filter_map(|found| found.key.as_ref());
        let ours = roots.filter(|key| key.text != "b".repeat(64)).map(|key| key.text.clone());
        ours.collect::<Vec<String>>()
    });
    for key in own {
        assert!(escrowed.iter().any(|(_, text)| *text == key), "{point}: a key in use is not escrowed");
    }
}

fn every(name: &str, cut: Cut, scene: Scene) -> usize {
    let undisturbed = scene();
    undisturbed.run().unwrap_or_else(|error| panic!("{name}: {error}"));
    let (calls, expected) = (undisturbed.world.calls(), undisturbed.world.look(end_state));
    is_finished(&undisturbed, &expected, name);
    for n in 0..calls {
        for moment in MOMENTS {
            let pair = scene();
            let oracle = Oracle::watch(&pair.world);
            cut(&pair.world, n, moment);
            let ran = pair.run().map(drop);
            pair.world.revive();
            let point = format!("{name}: cut at {n} ({}) {moment:?}", pair.world.log()[n].name);
            if ran.is_err() {
                pair.run().unwrap_or_else(|error| panic!("{point}: the run after it: {error}"));
            }
            assert_eq!(oracle.faults(), Vec::<String>::new(), "{point}");
            is_finished(&pair, &expected, &point);
        }
    }
    2 * calls
}

#[test]
fn x3_killed_at_every_call_a_second_run_finishes_the_replication() {
    for (name, scene) in SCENES {
        println!("{name}: killed at {} points", every(name, World::kill_at, scene));
    }
}

#[test]
fn x3_an_answer_lost_at_every_call_is_settled_by_the_next_run() {
    for (name, scene) in SCENES {
        println!("{name}: an answer lost at {} points", every(name, World::lose_at, scene));
    }
}

/// A pair of appliances as another one left it.
fn as_left(scene: Scene, state: &State) -> Pair {
    let pair = scene();
    pair.world.change(|here| *here = state.clone());
    pair
}

/// Where a run would write, counted from now.
fn writes(scene: Scene, state: &State) -> Vec<usize> {
    let copy = as_left(scene, state);
    let from = copy.world.calls();
    drop(copy.run());
    let log = copy.world.log();
    let written = log[from..].iter().enumerate().filter(|(_, call)| call.access == Access::Write);
    written.map(|(at, _)| at).collect()
}

/// A read changes nothing, so that a run killed at one leaves what a run killed at the next write leaves: all ordered pairs of writes are all
/// ordered pairs of calls.
#[test]
fn x3_killed_twice_anywhere_a_third_run_finishes_the_replication() {
    for (name, scene) in SCENES {
        let undisturbed = scene();
        undisturbed.run().unwrap();
        let expected = undisturbed.world.look(end_state);
        let nothing = scene().world.look(State::clone);
        let mut points = 0;
        for first in writes(scene, &nothing) {
            let pair = as_left(scene, &nothing);
            pair.world.kill_at(first, Moment::AfterEffect);
            drop(pair.run());
            pair.world.revive();
            let left = pair.world.look(State::clone);
            for second in writes(scene, &left) {
                for moment in MOMENTS {
                    let pair = as_left(scene, &left);
                    let point = format!("{name}: killed at {first}, then at {second} {moment:?}");
                    let oracle = Oracle::watch(&pair.world);
                    // What the vault had given back before is known to the vault.
                    oracle.0.lock().unwrap().0 = keys(&left).into_iter().map(|(_, text)| text).collect();
                    pair.world.kill_at(second, moment);
                    drop(pair.run());
                    pair.world.revive();
                    pair.run().unwrap_or_else(|error| panic!("{point}: the run after it: {error}"));
                    assert_eq!(oracle.faults(), Vec::<String>::new(), "{point}");
                    is_finished(&pair, &expected, &point);
                    points += 1;
                }
            }
        }
        println!("{name}: killed twice at {points} pairs of points");
    }
}

/// An oracle that finds nothing proves nothing: each of these is found.
#[test]
fn what_must_not_be_is_found() {
    let wrongs: [(&str, Change); 5] = [
        ("had not given back", |state| state.handed.push(Handed::ToAppliance("never seen".to_owned()))),
        ("not escrowed", |state| state.end_mut(Side::Sending).tasks[0].key = Some("another".to_owned())),
        ("may destroy", |state| state.end_mut(Side::Sending).tasks[0].allows_from_scratch = true),
        ("public keys", |state| {
            state.end_mut(Side::Receiving).users[0].public_keys.push("another".to_owned());
        }),
        ("tasks", |state| {
            let task = state.end(Side::Sending).tasks[0].clone();
            state.end_mut(Side::Sending).tasks.push(task);
        }),
    ];
    for (words, wrong) in wrongs {
        let pair = Pair::layered(Way::Push, Pair::key());
        pair.run().unwrap();
        let oracle = Oracle::watch(&pair.world);
        drop(pair.plan());
        assert_eq!(oracle.faults(), Vec::<String>::new());
        pair.world.change(wrong);
        drop(pair.plan());
        assert!(oracle.faults().iter().any(|fault| fault.contains(words)), "{words} {:?}", oracle.faults());
    }
}
