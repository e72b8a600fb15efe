//! Killed at any call, before its effect or after it, a second run finishes the job (X3).

use dtc_provision::ports::memory::{Access, Moment, State, World};
use dtc_provision::proofs::consent::Consents;
use dtc_provision::{Error, Plan};

use crate::oracle::{Oracle, end_state, orphans};
use crate::scene::{Scene, block_on};

const MOMENTS: [Moment; 2] = [Moment::BeforeEffect, Moment::AfterEffect];

/// How a connection is cut: [`World::kill_at`] or [`World::lose_at`].
type Cut = fn(&World, usize, Moment);

/// A world with one small file and an empty one on each pool: little is opened, so that thousands of runs take seconds.
pub(crate) fn with_little() -> Scene {
    let scene = Scene::new();
    scene.world.change(|state| {
        for pool in &mut state.appliance.pools {
            pool.files.retain(|path, _| ["docs/letter.txt", "docs/empty"].contains(&path.as_str()));
            pool.files.values_mut().for_each(|file| file.content.truncate(3));
        }
    });
    withholding(scene)
}

/// An operator who leaves orphans where they are.
fn withholding(mut scene: Scene) -> Scene {
    scene.withholds = true;
    scene
}

/// A world as another one left it.
pub(crate) fn as_left(state: &State) -> Scene {
    let scene = withholding(Scene::new());
    scene.world.change(|here| *here = state.clone());
    scene
}

/// How many calls a run from nothing takes, and what stands after it.
fn undisturbed(scene: impl Fn() -> Scene) -> (usize, String) {
    let scene = scene();
    scene.provision();
    (scene.world.calls(), scene.world.look(end_state))
}

/// One run that is cut, and may still end well.
fn cut_run(scene: &Scene, cut: Cut, n: usize, moment: Moment) -> Result<(), Error> {
    cut(&scene.world, n, moment);
    let ran = scene.run().result.map(drop);
    scene.world.revive();
    ran
}

/// The run after a cut.
fn finish(scene: &Scene, point: &str) {
    scene.run().result.unwrap_or_else(|error| panic!("{point}: the run after it: {error}"));
}

/// Nothing is left to do, nothing is written by doing it again, and what nobody holds is reported.
fn is_finished(mut scene: Scene, expected: &str, point: &str) {
    assert_eq!(scene.world.look(end_state), expected, "{point}");
    let minted = scene.world.log().iter().filter(|call| call.name == "store.create_key" && call.done).count();
    let left: Vec<String> = scene.world.look(orphans);
    assert_eq!(left.len(), minted - 1, "{point}: 11: orphans of {minted} mints");
    let plan = scene.plan().unwrap();
    for orphan in &left {
        assert!(reported(&plan, orphan), "{point}: 11: the orphan {orphan} is not reported");
    }
    assert!(left.is_empty() == plan.is_empty(), "{point}: {:?}", plan.steps());
    let (before, writes) = (scene.world.look(end_state), scene.world.writes());
    block_on(scene.apply(plan, Consents::default(), &mut Vec::new())).unwrap();
    assert_eq!(scene.world.look(end_state), before, "{point}");
    assert_eq!(scene.world.writes(), writes, "{point}: 9: a run with nothing to do writes");
    scene.withholds = false;
    if !left.is_empty() {
        scene.provision();
        assert!(scene.world.look(orphans).is_empty() && scene.plan().unwrap().is_empty(), "{point}");
        assert_eq!(scene.world.look(end_state), expected, "{point}");
    }
}

fn reported(plan: &Plan, key: &str) -> bool {
    plan.orphans.iter().any(|orphan| orphan.key.as_str() == key)
        || plan.findings.iter().any(|finding| finding.rule == "K3" && finding.what.contains(key))
}

/// Cuts one run at every `step`th of its calls in turn. How many points there were.
fn every(step: usize, cut: Cut, scene: impl Fn() -> Scene) -> usize {
    let (calls, expected) = undisturbed(&scene);
    let mut points = 0;
    for n in (0..calls).step_by(step) {
        for moment in MOMENTS {
            let scene = scene();
            let oracle = Oracle::watch(&scene.world);
            let ran = cut_run(&scene, cut, n, moment);
            let point = format!("cut at {n} ({}) {moment:?}", scene.world.log()[n].name);
            if ran.is_err() {
                finish(&scene, &point);
            }
            assert_eq!(oracle.faults(), Vec::<String>::new(), "{point}");
            is_finished(scene, &expected, &point);
            points += 1;
        }
    }
    points
}

#[test]
fn x3_killed_at_every_call_a_second_run_finishes_the_job() {
    println!("killed at {} points", every(1, World::kill_at, with_little));
}

#[test]
fn x3_killed_with_files_to_prove_a_second_run_proves_them() {
    println!(
        "killed at {} points with files that are opened",
        every(17, World::kill_at, || withholding(Scene::new()))
    );
}

#[test]
fn x3_an_answer_lost_at_every_call_is_settled_by_the_next_run() {
    println!("an answer lost at {} points", every(1, World::lose_at, with_little));
}

/// Where a run of this world would write, counted from its beginning.
pub(crate) fn writes(scene: &Scene) -> Vec<usize> {
    let mut copy = as_left(&scene.world.look(State::clone));
    (copy.site, copy.withholds) = (scene.site.clone(), scene.withholds);
    let from = copy.world.calls();
    drop(copy.run());
    let log = copy.world.log();
    let written = log[from..].iter().enumerate().filter(|(_, call)| call.access == Access::Write);
    written.map(|(at, _)| at).collect()
}

/// A read changes nothing, so that a run killed at one leaves what a run killed at the next write leaves: all pairs of
/// writes are all pairs of calls.
#[test]
fn x3_killed_twice_anywhere_a_third_run_finishes_the_job() {
    let (_, expected) = undisturbed(with_little);
    let mut points = 0;
    let nothing = with_little().world.look(State::clone);
    for first in writes(&with_little()) {
        let scene = as_left(&nothing);
        cut_run(&scene, World::kill_at, first, Moment::AfterEffect).unwrap_err();
        let left = scene.world.look(State::clone);
        for second in writes(&scene) {
            for moment in MOMENTS {
                let scene = as_left(&left);
                let point = format!("killed at {first}, then at {second} {moment:?}");
                cut_run(&scene, World::kill_at, second, moment).unwrap_err();
                finish(&scene, &point);
                is_finished(scene, &expected, &point);
                points += 1;
            }
        }
    }
    println!("killed twice at {points} pairs of points");
}
