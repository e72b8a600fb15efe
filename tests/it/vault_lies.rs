//! A vault that does not give back what it was given: nothing is escrowed, and nothing is used (E2).

use dtc_provision::{ErrorKind, Refusal};
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

#[test]
fn e2_a_secret_that_reads_back_otherwise_is_not_used() {
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
        if RECORDS[nth - 1] == key_label() {
            // A key cannot be drawn again: its record goes, and the key with it.
            let record = records(&bed)[&key_label()][0].id;
            bed.sim.itglue().set_attribute(record, "archived", true);
        }
        // What the vault holds of a secret that was drawn and never used is as good as what was drawn.
        let before = written(&bed);
        live(&bed).completion().unwrap();
        let mut wrong = at_the_end(&bed, &before);
        // Two runs minted a key that did not reach the vault.
        wrong.extend(third(&bed, 2));
        wrong.into_result().unwrap();
    }
}

/// Run again without a look at the record, the appliance itself finds that the vault's key opens nothing.
#[test]
fn c1_a_key_that_the_vault_spoiled_never_reaches_the_box() {
    let runtime = runtime();
    let bed = after_a_lie(&runtime, RECORDS.len());
    let refusal = refused(live(&bed));
    assert_eq!(refusal.rule, "C1");
    assert!(refusal.remedy.contains("archive its record in the vault"), "{refusal}");
    assert!(bed.sim.truenas().credentials().is_empty(), "the spoiled key is on the appliance");
    let record = records(&bed)[&key_label()][0].clone();
    bed.sim.itglue().set_attribute(record.id, "archived", true);
    live(&bed).completion().unwrap();
    at_the_end(&bed, &written(&bed)).into_result().unwrap();
    let plan = crate::process::plan_anew(&bed).unwrap();
    let offered = plan.orphans.iter().any(|orphan| orphan.key.as_str() == record.username);
    let reported = plan.findings.iter().any(|finding| finding.what.contains(&record.username));
    assert!(offered || reported, "the key {} is lost, and nobody says so", record.username);
}
