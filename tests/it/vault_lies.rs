//! A vault that does not give back what it was given: nothing is escrowed, nothing is used (E2), and what is left of it is not
//! adopted (E3a).

use std::collections::BTreeMap;

use dtc_provision::{ErrorKind, Refusal, Stop};
use dtc_tests::is_deep;
use simulator::Fault;
use tokio::runtime::{Builder, Runtime};

use crate::end_state::{at_any_instant, at_the_end, key_label, records, written};
use crate::killed_anywhere::third;
use crate::process::{End, live, world};

/// The vault's records, in the order in which they are written.
const RECORDS: [&str; 5] = [
    "TrueNAS — NMS Credentials",
    "TrueNAS — NMS Credentials · Privacy Passphrase",
    "TrueNAS Cloud Backup — Main Office · Encryption Password",
    "TrueNAS Cloud Backup — Main Office · Encryption Salt",
    "TrueNAS Cloud Backup — Main Office",
];

/// What each record holds.
const SLOTS: [&str; 5] = [
    "SNMPv3 user and password",
    "SNMPv3 privacy passphrase",
    "encryption password",
    "encryption salt",
    "application key",
];

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A world whose vault has one character wrong in the `nth` record, after the run that met it.
fn after_a_lie(runtime: &Runtime, nth: usize) -> dtc_tests::TestBed {
    let bed = runtime.block_on(world());
    // A first run ends before that record is written …
    let before = Fault::refuse(422, "422", "not now");
    bed.sim.faults().on("itglue", "create_password").nth(nth as u64).before_effect(before);
    assert!(live(&bed).completion().is_err(), "it is written all the same");
    bed.sim.faults().clear();
    assert_eq!(records(&bed).len(), nth - 1);
    // … and the next one finds it written wrong.
    bed.sim.itglue().corrupt_writes(1);
    let End::Ended(end) = live(&bed) else { panic!("it hangs") };
    let error = end.expect_err("it is taken for escrowed");
    let ErrorKind::NotEscrowed { slot, record, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(slot.to_string(), SLOTS[nth - 1]);
    assert!(record.is_some(), "the record to look at is not named");
    let says = error.to_string();
    assert!(says.contains("The secret was not used") && says.contains("run again"), "{says}");
    bed
}

/// A refusal's rule and words, from a run that was to end with one.
fn refused(end: End) -> Refusal {
    let End::Ended(end) = end else { panic!("it hangs") };
    let error = end.expect_err("it ends well");
    match error.kind() {
        ErrorKind::Refused(refusal) => refusal.clone(),
        other => panic!("{other:?}"),
    }
}

/// The remains of a failed escrow, and what a person does about them: archives them, as the refusal says.
fn archive(bed: &dtc_tests::TestBed, record: u64) {
    bed.sim.itglue().set_attribute(record, "archived", true);
}

/// What the vault holds that must not change: everything but the record that it spoiled.
fn lasting(bed: &dtc_tests::TestBed, spoiled: &str) -> BTreeMap<String, String> {
    let mut before = written(bed);
    before.remove(spoiled);
    before
}

#[test]
fn e2_a_secret_that_reads_back_otherwise_is_not_used_and_its_remains_are_never_adopted() {
    let runtime = runtime();
    for nth in 1..=RECORDS.len() {
        let bed = after_a_lie(&runtime, nth);
        let nas = bed.sim.truenas();
        assert!(
            nas.credentials().is_empty() && nas.cloud_syncs().is_empty(),
            "no. {nth} is used on the appliance"
        );
        assert!(nth > 2 || nas.snmp()["v3_password"] == "", "no. {nth} is used for SNMP");
        at_any_instant(&bed).into_result().unwrap();
        // The next run, whose vault is honest, refuses what the first one left, and writes nothing.
        let remains = records(&bed)[RECORDS[nth - 1]][0].clone();
        let mark = bed.sim.transcript().mark();
        let refusal = refused(live(&bed));
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("E3a", Stop::Precondition), "no. {nth}");
        assert!(refusal.what.contains(&remains.id.to_string()), "{refusal}");
        assert!(bed.sim.transcript().writes_since(mark).is_empty(), "no. {nth}: refused, and it wrote");
        archive(&bed, remains.id);
        let before = lasting(&bed, RECORDS[nth - 1]);
        live(&bed).completion().unwrap();
        let mut wrong = at_the_end(&bed, &before);
        // Two runs minted a key that did not reach the vault.
        wrong.extend(third(&bed, 2));
        wrong.into_result().unwrap();
        assert_ne!(
            records(&bed)[RECORDS[nth - 1]][0].value,
            remains.value,
            "no. {nth}: the remains are in use"
        );
    }
}

/// What a vault may keep of a new record otherwise than it was sent, member by member.
fn alterations() -> Vec<(&'static str, Fault)> {
    let member = |name: &str| format!("/data/attributes/{name}");
    vec![
        ("another label", Fault::alter(&member("name"), "Backup of the main office")),
        ("no notes", Fault::leave_out(&member("notes"))),
        ("empty notes", Fault::alter(&member("notes"), "")),
        ("other notes", Fault::alter(&member("notes"), "Host Name: nas")),
        ("archived", Fault::alter(&member("archived"), true)),
        ("a value of one character", Fault::alter(&member("password"), ";")),
        ("another value", Fault::alter(&member("password"), "a value of 32 characters it was !")),
        ("another user", Fault::alter(&member("username"), "somebody")),
    ]
}

/// Whatever the vault keeps otherwise, the secret is not used, and what the first run left is not adopted by the second.
#[test]
fn e2_a_record_that_the_vault_keeps_otherwise_is_not_used() {
    let runtime = runtime();
    for (number, (what, fault)) in alterations().into_iter().enumerate() {
        for nth in 1..=RECORDS.len() {
            // A user name means something beside a key and beside the SNMP password only.
            let matters = what != "another user" || [1, 5].contains(&nth);
            let sampled = is_deep() || what == "another user" || nth % 2 == number % 2;
            if matters && sampled {
                kept_otherwise(&runtime, nth, what, fault.clone());
            }
        }
    }
}

fn kept_otherwise(runtime: &Runtime, nth: usize, what: &str, fault: Fault) {
    let said = format!("{}: {what}", SLOTS[nth - 1]);
    let bed = runtime.block_on(world());
    bed.sim.faults().on("itglue", "create_password").nth(nth as u64).before_effect(fault);
    let End::Ended(end) = live(&bed) else { panic!("{said}: it hangs") };
    let error = end.expect_err(&said);
    let ErrorKind::NotEscrowed { slot, .. } = error.kind() else { panic!("{said}: {error}") };
    assert_eq!(slot.to_string(), SLOTS[nth - 1], "{said}");
    let remains = bed.sim.itglue().records().into_iter().max_by_key(|record| record.id).unwrap();
    at_any_instant(&bed).into_result().unwrap();
    bed.sim.faults().clear();
    match live(&bed) {
        End::Ended(end) => match *end {
            Ok(_) => {}
            Err(error) => {
                let ErrorKind::Refused(refusal) = error.kind() else { panic!("{said}: {error}") };
                assert_eq!(refusal.rule, "E3a", "{said}: {refusal}");
            }
        },
        other => panic!("{said}: {other:?}"),
    }
    archive(&bed, remains.id);
    live(&bed).completion().unwrap();
    let mut wrong = at_the_end(&bed, &BTreeMap::new());
    wrong.extend(third(&bed, 1));
    wrong.into_result().unwrap_or_else(|wrong| panic!("{said}: {wrong}"));
    let nas = bed.sim.truenas();
    let on_box = format!("{:?}{:?}{:?}", nas.snmp(), nas.cloud_syncs(), nas.credentials());
    assert!(!on_box.contains(&format!("{:?}", remains.value)), "{said}: the remains are in use");
}

/// A note on a record that is there is proven like the record itself: here the vault drops all its other notes.
#[test]
fn e2_a_vault_that_drops_the_notes_of_a_record_when_one_is_added_stops_the_run_before_a_key_is_minted() {
    let runtime = runtime();
    let bed = runtime.block_on(world());
    let fault = Fault::alter("/data/attributes/notes", "Keys Before Mint: none");
    bed.sim.faults().on("itglue", "update_password").before_effect(fault);
    let End::Ended(end) = live(&bed) else { panic!("it hangs") };
    let error = end.expect_err("it ends well");
    assert!(matches!(error.kind(), ErrorKind::NotEscrowed { .. }), "{error}");
    let nas = bed.sim.truenas();
    assert!(nas.credentials().is_empty() && nas.cloud_syncs().is_empty());
    // The provisioning key is the only one.
    assert!(bed.sim.b2().keys().len() <= 1, "a key was minted");
}

/// The value of a record whose notes have no check line, as people make them, shows only when the appliance tries it.
#[test]
fn c1_a_key_that_the_vault_spoiled_never_reaches_the_box() {
    let runtime = runtime();
    let bed = after_a_lie(&runtime, RECORDS.len());
    let record = records(&bed)[&key_label()][0].clone();
    let unchecked = record.notes.lines().filter(|line| !line.starts_with("Value Check: "));
    bed.sim.itglue().set_attribute(record.id, "notes", unchecked.collect::<Vec<_>>().join("\n"));
    let refusal = refused(live(&bed));
    assert_eq!(refusal.rule, "C1");
    assert!(refusal.remedy.contains("archive its record in the vault"), "{refusal}");
    assert!(bed.sim.truenas().credentials().is_empty(), "the spoiled key is on the appliance");
    archive(&bed, record.id);
    live(&bed).completion().unwrap();
    at_the_end(&bed, &lasting(&bed, &key_label())).into_result().unwrap();
    let plan = crate::process::plan_anew(&bed).unwrap();
    let offered = plan.orphans.iter().any(|orphan| orphan.key.as_str() == record.username);
    let reported = plan.findings.iter().any(|finding| finding.what.contains(&record.username));
    assert!(offered || reported, "the key {} is lost, and nobody says so", record.username);
}

/// Two runs at the same time over the same services: what is in use is what the vault holds, and where both wrote a record the
/// next run stops and says so (E5).
#[test]
fn e2_two_runs_at_the_same_time_leave_nothing_in_use_that_is_not_findable() {
    let runtime = runtime();
    for apart in [0, 100, 300, 700, 1_500] {
        let bed = runtime.block_on(world());
        std::thread::scope(|runs| {
            let second = runs.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(apart));
                live(&bed)
            });
            let first = live(&bed);
            for end in [first, second.join().unwrap()] {
                assert!(matches!(end, End::Ended(_)), "{apart} ms apart: {end:?}");
            }
        });
        if records(&bed).values().all(|records| records.len() == 1) {
            at_any_instant(&bed).into_result().unwrap();
            live(&bed).completion().unwrap();
        } else {
            assert_eq!(refused(live(&bed)).rule, "E5", "{apart} ms apart");
        }
    }
}
