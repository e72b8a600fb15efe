//! An appliance that refuses, hides or is another one.

use simulator::Fault;

use crate::program::Ended;
use crate::table::{faults, hold, row, side_by_side};
use crate::world::{Trouble, World};

#[test]
fn x6_a_limited_key_or_another_certificate() {
    let world = World::provisioned(81);
    hold(
        &world,
        &[
            row("verify", Trouble::LimitedKey, 7, &["not checkable", "role"]),
            row("plan", Trouble::LimitedKey, 4, &["role"]),
            row("apply --consent consent.json", Trouble::LimitedKey, 4, &["role"]),
            row("verify", Trouble::OtherCertificate, 5, &["DTC-SERVICE-WRONG-MACHINE", "fingerprint"]),
            row("plan", Trouble::OtherCertificate, 5, &["DTC-SERVICE-WRONG-MACHINE", "fingerprint"]),
            row("apply --consent consent.json", Trouble::OtherCertificate, 5, &["DTC-SERVICE-WRONG-MACHINE"]),
            row("plan --json", Trouble::OtherCertificate, 5, &["\"DTC-SERVICE-WRONG-MACHINE\""]),
        ],
    );
}

/// A call of the appliance that fails whenever it is made, and how `plan` and `verify` end.
type Failing = (&'static str, fn() -> Fault, i32, i32);

const FAILING: [Failing; 6] = [
    ("*", || Fault::DropConnection, 4, 4),
    ("*", || Fault::Html(502), 4, 4),
    ("pool.query", || Fault::refuse(400, "EFAULT", "zfs is not well"), 1, 1),
    ("cloudsync.query", || Fault::refuse(400, "EFAULT", "no"), 1, 7),
    ("cloudsync.query", || Fault::DropConnection, 4, 7),
    ("snmp.config", || Fault::refuse(403, "EACCES", "no"), 4, 7),
];

/// One at a time, since they share the appliance.
#[test]
fn x6_a_call_of_the_appliance_that_always_fails_is_judged_by_what_it_leaves_open() {
    let world = World::provisioned(82);
    let secrets = world.secrets();
    for (operation, fault, planned, verified) in FAILING {
        let injected = world.bed.sim.faults();
        injected.clear();
        injected.on("truenas", operation).times(u64::MAX).before_effect(fault());
        side_by_side(&[("plan", planned), ("verify", verified)], |(command, exit)| {
            let folder = world.folder(Trouble::None);
            let ended = Ended::of(&mut world.command(command, folder.path(), Trouble::None));
            let wrong = faults(&ended, *exit, &[], &secrets);
            let named = wrong.into_iter().map(|wrong| format!("{operation} {:?}: {wrong}", fault()));
            (ended, named.collect())
        });
    }
}
