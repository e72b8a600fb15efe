//! Monitoring by SNMPv3, and the person who adds the device (S1–S3).

use std::time::Duration;

use dtc_provision::journal::Entry;
use dtc_provision::ports::memory::{RecordState, State, Technician};
use dtc_provision::proofs::Slot;
use dtc_provision::{ErrorKind, Stop};

use crate::scene::{Scene, block_on};

fn is_monitoring(record: &RecordState) -> bool {
    matches!(record.record.slot, Slot::SnmpPassword | Slot::SnmpPassphrase)
}

#[test]
fn s1_version_3_alone_started_now_and_at_boot() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        let snmp = &state.appliance.snmp;
        assert!(snmp.v3 && snmp.sha && snmp.aes && snmp.running && snmp.starts_automatically);
        assert_eq!(
            (snmp.community.as_str(), snmp.user.len(), snmp.password.len(), snmp.passphrase.len()),
            ("", 12, 24, 24)
        );
        assert!(snmp.user.bytes().all(|byte| byte.is_ascii_alphabetic()));
    });
}

#[test]
fn s1_drift_is_put_right_with_the_same_secrets() {
    let drifts: [fn(&mut State); 6] = [
        |state| state.appliance.snmp.community = "public".to_owned(),
        |state| state.appliance.snmp.sha = false,
        |state| state.appliance.snmp.aes = false,
        |state| state.appliance.snmp.running = false,
        |state| state.appliance.snmp.starts_automatically = false,
        |state| state.appliance.snmp.passphrase = "another".to_owned(),
    ];
    for drift in drifts {
        let scene = Scene::provisioned();
        let secrets =
            |state: &State| (state.appliance.snmp.password.clone(), state.appliance.snmp.passphrase.clone());
        let before = scene.world.look(secrets);
        scene.world.change(drift);
        assert!(!scene.plan().unwrap().is_empty());
        scene.provision();
        assert_eq!(scene.world.look(secrets), before);
        assert!(scene.plan().unwrap().is_empty());
    }
}

#[test]
fn s2_escrowed_before_they_are_set_under_the_boxs_identity() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        let there = state.vault.records.iter().filter(|found| is_monitoring(found)).count();
        assert!(call.name != "appliance.put_snmp" || there == 2);
    });
    scene.provision();
    scene.world.look(|state| {
        let (guid, snmp) = (state.appliance.pools[0].pool.device_guid.as_deref(), &state.appliance.snmp);
        let ours: Vec<_> = state.vault.records.iter().filter(|found| is_monitoring(found)).collect();
        let device = guid.unwrap().parse().unwrap();
        assert!(ours.iter().all(|found| found.record.device == Some(device)));
        assert!(ours.iter().all(|found| found.record.bucket.is_none()));
        assert!(ours.iter().all(|found| found.context.host_name.as_str() == "nas.contoso.example"));
        assert_eq!(ours[0].record.user_name.as_ref(), Some(&snmp.user));
        assert_eq!((ours[0].value(), ours[1].value()), (snmp.password.as_str(), snmp.passphrase.as_str()));
    });
}

#[test]
fn s3_a_device_nobody_adds_ends_the_run_with_what_to_enter() {
    let scene = Scene::new();
    scene.world.change(|state| state.inventory.technician = Technician::Away);
    let ran = scene.run();
    let error = ran.result.unwrap_err();
    let ErrorKind::DeviceAwaited { remedy } = error.kind() else { panic!("{error}") };
    assert_eq!(error.stop(), Some(Stop::Precondition));
    for said in [
        "nas.contoso.example",
        "192.0.2.10",
        "Contoso Dental / Main Street",
        "SNMPv3",
        "https://vault.example/",
    ] {
        assert!(remedy.contains(said), "{said}: {remedy}");
    }
    assert!(ran.journal.iter().any(|(_, entry)| matches!(entry, Entry::Waiting { .. })));
    // SNMP answers, and nothing that costs anything has been made.
    scene.world.look(|state| assert!(state.appliance.snmp.running && state.store.keys.is_empty()));
    scene.world.change(|state| state.add_device("71"));
    scene.provision();
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn s3_whoever_does_not_wait_ends_at_once() {
    let scene = Scene::new();
    let (plan, mut ports) = (scene.plan().unwrap(), scene.world.ports());
    ports.waits.device = Duration::ZERO;
    let consents = scene.consents(&plan);
    let plan = plan.against(&scene.observe()).unwrap();
    let error = block_on(dtc_provision::apply(plan, consents, &ports, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DeviceAwaited { .. }));
}

#[test]
fn s3_a_device_that_is_added_with_another_guid_is_looked_at_again() {
    let scene = Scene::new();
    let guid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    scene.world.change(|state| state.inventory.technician = Technician::Away);
    scene.world.watch(move |state, call| {
        if call.name == "appliance.start_snmp" {
            state.add_device("71");
            let device =
                state.inventory.devices_mut().find(|found| found.device.id.as_str() == "71").unwrap();
            device.fields.insert("deviceGuid".to_owned(), guid.to_owned());
        }
    });
    assert_eq!(crate::scene::refusal(&scene.run().result.unwrap_err()).rule, "I5");
}
