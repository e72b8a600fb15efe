//! An appliance that refuses, hides or is another one.

use std::sync::atomic::{AtomicBool, Ordering};

use simulator::{Fault, Mangled};

use crate::program::Ended;
use crate::table::{faults, hold, row, side_by_side};
use crate::world::{Misfortune, World};
use crate::writing::When;

#[test]
fn x6_a_limited_key_or_another_certificate() {
    let world = World::provisioned(81);
    hold(
        &world,
        &[
            row("verify", Misfortune::LimitedKey, 7, &["not checkable", "role"]),
            row("plan", Misfortune::LimitedKey, 4, &["role"]),
            row("apply --consent consent.json", Misfortune::LimitedKey, 4, &["role"]),
            row("verify", Misfortune::OtherCertificate, 5, &["DTC-SERVICE-WRONG-MACHINE", "fingerprint"]),
            row("plan", Misfortune::OtherCertificate, 5, &["DTC-SERVICE-WRONG-MACHINE", "fingerprint"]),
            row(
                "apply --consent consent.json",
                Misfortune::OtherCertificate,
                5,
                &["DTC-SERVICE-WRONG-MACHINE"],
            ),
            row("plan --json", Misfortune::OtherCertificate, 5, &["\"DTC-SERVICE-WRONG-MACHINE\""]),
        ],
    );
}

/// How a command ends: its exit code, and what is said.
type Ends = (i32, &'static [&'static str]);

/// A call of the appliance that fails whenever it is made, and how `plan` and `verify` end.
type Failing = (&'static str, fn() -> Fault, Ends, Ends);

const UNREACHABLE: Ends = (4, &["DTC-SERVICE-UNREACHABLE", "[truenas]"]);
const NOT_UNDERSTOOD: Ends = (1, &["DTC-SERVICE-NOT-UNDERSTOOD", "byte 16777216"]);
const NO_JSON: Ends = (1, &["DTC-SERVICE-NOT-UNDERSTOOD", "the whole answer"]);

/// What is refused, or cut off before it has an effect.
const FAILING: [Failing; 6] = [
    ("*", || Fault::DropConnection, UNREACHABLE, UNREACHABLE),
    ("*", || Fault::Html(502), UNREACHABLE, UNREACHABLE),
    (
        "pool.query",
        || Fault::refuse(400, "EFAULT", "zfs is not well"),
        (1, &["DTC-SERVICE-REFUSED", "zfs is not well"]),
        (1, &["DTC-SERVICE-REFUSED", "zfs is not well"]),
    ),
    (
        "cloudsync.query",
        || Fault::refuse(400, "EFAULT", "not today"),
        (1, &["DTC-SERVICE-REFUSED", "not today"]),
        (7, &["not checkable", "not today"]),
    ),
    ("cloudsync.query", || Fault::DropConnection, UNREACHABLE, (7, &["not checkable", "[truenas]"])),
    (
        "snmp.config",
        || Fault::refuse(403, "EACCES", "Not authorized"),
        (4, &["DTC-SERVICE-UNAUTHORIZED", "role"]),
        (7, &["not checkable", "role"]),
    ),
];

/// Answers in another form, from the appliance itself: behind TLS nothing between could do it.
const MANGLED: [Failing; 4] = [
    ("*", || Fault::Mangle(Mangled::Twice), (0, &["Nothing to do"]), (0, &["26"])),
    ("pool.query", || Fault::Mangle(Mangled::Garbled), NO_JSON, NO_JSON),
    ("pool.query", || Fault::Mangle(Mangled::Endless), NOT_UNDERSTOOD, NOT_UNDERSTOOD),
    ("cloudsync.query", || Fault::Mangle(Mangled::Garbled), NO_JSON, (7, &["not checkable"])),
];

/// One call at a time, since all share the appliance.
fn each(seed: u64, failing: &[Failing], when: When) {
    let world = World::provisioned(seed);
    let secrets = world.secrets();
    for (operation, fault, planned, verified) in failing {
        let injected = world.bed.sim.faults();
        injected.clear();
        let injected = injected.on("truenas", operation).times(u64::MAX);
        match when {
            When::Before => injected.before_effect(fault()),
            When::After => injected.after_effect(fault()),
        }
        side_by_side(&[("plan", *planned), ("verify", *verified)], |(command, (exit, says))| {
            let folder = world.folder(Misfortune::None);
            let ended = Ended::of(&mut world.command(command, folder.path(), Misfortune::None));
            let wrong = faults(&ended, *exit, says, &secrets);
            let named = wrong.into_iter().map(|wrong| format!("{operation} {:?}: {wrong}", fault()));
            (ended, named.collect())
        });
    }
}

#[test]
fn x6_a_call_of_the_appliance_that_always_fails_is_judged_by_what_it_leaves_open() {
    each(82, &FAILING, When::Before);
}

#[test]
fn x7_answers_of_the_appliance_in_another_form_are_no_answers() {
    each(83, &MANGLED, When::After);
}

/// X7: twenty log-ins in a minute are the appliance's limit. A run after them waits, says what for, and ends as it would have.
#[test]
fn x7_the_limit_on_log_ins_is_waited_out_and_said() {
    let world = World::fresh(85);
    let folder = world.folder(Misfortune::None);
    let mut plan = world.command("plan", folder.path(), Misfortune::None);
    let appliance = world.bed.sim.truenas();
    for _ in 0..20 {
        world.runtime.block_on(world.bed.connect()).expect("within the limit");
    }
    let refused = || {
        let lines = world.bed.sim.transcript().lines();
        lines.iter().filter(|line| line.text.contains("Rate Limit Exceeded")).count()
    };
    assert_eq!(refused(), 0);
    let is_over = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| {
            while refused() < 12 && !is_over.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            // The minute has passed.
            appliance.reset_login_limit();
        });
        let ended = Ended::of(&mut plan);
        is_over.store(true, Ordering::Relaxed);
        ended
    });
    let says = ["waiting: truenas auth.login", "log-ins", "attempt 2", "15 steps to do"];
    let wrong = faults(&ended, 2, &says[..], &world.secrets());
    assert!(wrong.is_empty(), "{wrong:?}: {}", ended.err);
    assert!(refused() >= 12);
}
