//! Calls that fail while `apply` writes: it goes on or stops with what is true, and the same command again finishes.

use simulator::Fault;

use crate::program::Ended;
use crate::table::{faults, side_by_side};
use crate::world::{Misfortune, World};

const APPLY: &str = "apply --consent consent.json --journal journal.jsonl --wait 30s";

/// When, in a request, the fault comes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    Before,
    After,
}

/// One call of the apply, what happens to it and how often, and the exit code of this run with what is said; the next run ends with 0.
#[derive(Clone, Copy, Debug)]
struct Cut {
    service: &'static str,
    operation: &'static str,
    times: u64,
    when: When,
    fault: fn() -> Fault,
    exit: i32,
    says: &'static [&'static str],
}

const fn cut(
    (service, operation): (&'static str, &'static str),
    times: u64,
    when: When,
    fault: fn() -> Fault,
    exit: i32,
    says: &'static [&'static str],
) -> Cut {
    Cut { service, operation, times, when, fault, exit, says }
}

const BUCKET: (&str, &str) = ("b2", "b2_create_bucket");
const KEY: (&str, &str) = ("b2", "b2_create_key");
const RECORD: (&str, &str) = ("itglue", "create_password");
const CREDENTIAL: (&str, &str) = ("truenas", "cloudsync.credentials.create");
const NOTE: (&str, &str) = ("halo", "add_actions");
const TASK: (&str, &str) = ("truenas", "cloudsync.create");

use When::{After, Before};

/// Nothing was lost: the answer was, or it was given later.
const DONE: &[&str] = &["Verified"];
const UNKNOWN: &str = "DTC-SERVICE-OUTCOME-UNKNOWN";
const UNAUTHORIZED: &str = "DTC-SERVICE-UNAUTHORIZED";

const CUTS: [Cut; 17] = [
    cut(BUCKET, 1, After, || Fault::DropConnection, 0, DONE),
    cut(BUCKET, 1, Before, || Fault::Html(502), 0, DONE),
    cut(
        BUCKET,
        u64::MAX,
        Before,
        || Fault::refuse(503, "service_unavailable", "no"),
        4,
        &["DTC-SERVICE-UNREACHABLE", "create the bucket", "b2_create_bucket", "[b2]"],
    ),
    cut(
        BUCKET,
        u64::MAX,
        Before,
        || Fault::refuse(403, "access_denied", "no"),
        4,
        &[UNAUTHORIZED, "create the bucket", "b2_create_bucket", "[b2]"],
    ),
    cut(
        BUCKET,
        u64::MAX,
        Before,
        || Fault::Html(200),
        1,
        &["DTC-SERVICE-NOT-UNDERSTOOD", "create the bucket", "[b2]", "another port"],
    ),
    cut(KEY, 1, After, || Fault::DropConnection, 1, &[UNKNOWN, "mint a key", "b2_create_key", "run again"]),
    cut(KEY, 1, After, || Fault::TruncateBody, 1, &[UNKNOWN, "mint a key", "b2_create_key", "run again"]),
    cut(RECORD, 1, After, || Fault::DropConnection, 0, DONE),
    cut(
        RECORD,
        u64::MAX,
        Before,
        || Fault::refuse(403, "forbidden", "no"),
        4,
        &["DTC-SERVICE-CREDENTIALS", "create the record", "IT Glue", "[itglue]"],
    ),
    cut(CREDENTIAL, 1, After, || Fault::DropConnection, 1, &[UNKNOWN, "credential", "appliance"]),
    cut(TASK, 1, After, || Fault::DropConnection, 1, &[UNKNOWN, "Cloud Sync", "appliance"]),
    cut(
        TASK,
        u64::MAX,
        Before,
        || Fault::refuse(400, "EINVAL", "no such thing"),
        1,
        &["DTC-SERVICE-REFUSED", "no such thing", "appliance"],
    ),
    cut(NOTE, 1, After, || Fault::DropConnection, 0, DONE),
    cut(NOTE, 1, Before, || Fault::DropConnection, 1, &[UNKNOWN, "add a note", "add_action", "run again"]),
    cut(
        NOTE,
        u64::MAX,
        Before,
        || Fault::refuse(400, "", "You do not have access to this Action at the moment"),
        4,
        &[UNAUTHORIZED, "add a note", "do not have access to this Action", "[tickets.halo]"],
    ),
    cut(
        NOTE,
        u64::MAX,
        Before,
        || Fault::refuse(429, "", "slow down"),
        4,
        &["DTC-SERVICE-RATE-LIMITED", "add a note", "HaloPSA"],
    ),
    cut(NOTE, u64::MAX, Before, || Fault::Html(200), 1, &[UNKNOWN, "add a note", "a page", "run again"]),
];

#[test]
fn x3_an_apply_whose_calls_fail_ends_by_what_is_true_and_the_next_one_finishes() {
    side_by_side(&CUTS, |case| {
        let world = World::fresh_with_halo(91);
        let folder = world.folder(Misfortune::None);
        let apply = || Ended::of(&mut world.command(APPLY, folder.path(), Misfortune::None));
        let injected = world.bed.sim.faults().on(case.service, case.operation).times(case.times);
        match case.when {
            Before => injected.before_effect((case.fault)()),
            After => injected.after_effect((case.fault)()),
        }
        let first = apply();
        let mut wrong = faults(&first, case.exit, case.says, &world.secrets());
        world.bed.sim.faults().clear();
        let second = apply();
        let then = if case.exit == 0 { &["Nothing to do"] } else { DONE };
        let again = faults(&second, 0, then, &world.secrets());
        wrong.extend(again.into_iter().map(|wrong| format!("the second run: {wrong}: {}", second.err)));
        let journal = std::fs::read_to_string(folder.path().join("journal.jsonl")).unwrap_or_default();
        if world.secrets().iter().any(|secret| journal.contains(secret)) {
            wrong.push("the journal holds a secret".to_owned());
        }
        (first, wrong)
    });
}
