//! Trouble while `apply` writes: it goes on or stops with what is true, and the same command again finishes.

use simulator::Fault;

use crate::program::Ended;
use crate::table::{faults, side_by_side};
use crate::world::{Trouble, World};

const APPLY: &str = "apply --consent consent.json --journal journal.jsonl --wait 30s";

/// When, in a request, the fault comes.
#[derive(Clone, Copy, Debug)]
enum When {
    Before,
    After,
}

/// One call of the apply, what happens to it and how often, and the exit code of this run; the next run ends with 0.
#[derive(Clone, Copy, Debug)]
struct Cut {
    service: &'static str,
    operation: &'static str,
    times: u64,
    when: When,
    fault: fn() -> Fault,
    exit: i32,
}

const fn cut(
    (service, operation): (&'static str, &'static str),
    times: u64,
    when: When,
    fault: fn() -> Fault,
    exit: i32,
) -> Cut {
    Cut { service, operation, times, when, fault, exit }
}

const BUCKET: (&str, &str) = ("b2", "b2_create_bucket");
const KEY: (&str, &str) = ("b2", "b2_create_key");
const RECORD: (&str, &str) = ("itglue", "create_password");
const CREDENTIAL: (&str, &str) = ("truenas", "cloudsync.credentials.create");
const TASK: (&str, &str) = ("truenas", "cloudsync.create");

use When::{After, Before};

const CUTS: [Cut; 12] = [
    cut(BUCKET, 1, After, || Fault::DropConnection, 0),
    cut(BUCKET, 1, Before, || Fault::Html(502), 0),
    cut(BUCKET, u64::MAX, Before, || Fault::refuse(503, "service_unavailable", "no"), 4),
    cut(BUCKET, u64::MAX, Before, || Fault::refuse(403, "access_denied", "no"), 4),
    cut(BUCKET, u64::MAX, Before, || Fault::Html(200), 1),
    cut(KEY, 1, After, || Fault::DropConnection, 1),
    cut(KEY, 1, After, || Fault::TruncateBody, 1),
    cut(RECORD, 1, After, || Fault::DropConnection, 0),
    cut(RECORD, u64::MAX, Before, || Fault::refuse(403, "forbidden", "no"), 4),
    cut(CREDENTIAL, 1, After, || Fault::DropConnection, 1),
    cut(TASK, 1, After, || Fault::DropConnection, 1),
    cut(TASK, u64::MAX, Before, || Fault::refuse(400, "EINVAL", "no"), 1),
];

#[test]
fn x3_an_apply_in_trouble_ends_by_what_is_true_and_the_next_one_finishes() {
    side_by_side(&CUTS, |case| {
        let world = World::fresh(91);
        let folder = world.folder(Trouble::None);
        let apply = || Ended::of(&mut world.command(APPLY, folder.path(), Trouble::None));
        let injected = world.bed.sim.faults().on(case.service, case.operation).times(case.times);
        match case.when {
            Before => injected.before_effect((case.fault)()),
            After => injected.after_effect((case.fault)()),
        }
        let first = apply();
        let mut wrong = faults(&first, case.exit, &[], &world.secrets());
        world.bed.sim.faults().clear();
        let second = apply();
        let again = faults(&second, 0, &[], &world.secrets());
        wrong.extend(again.into_iter().map(|wrong| format!("the second run: {wrong}: {}", second.err)));
        let journal = std::fs::read_to_string(folder.path().join("journal.jsonl")).unwrap_or_default();
        if world.secrets().iter().any(|secret| journal.contains(secret)) {
            wrong.push("the journal holds a secret".to_owned());
        }
        (first, wrong)
    });
}
