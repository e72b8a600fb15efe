//! The vault before the box, and for good (E1–E8).

use dtc_naming::DeviceGuid;
use dtc_provision::plan::SecretsPhase;
use dtc_provision::ports::memory::{BUCKET, RecordState, State, World};
use dtc_provision::ports::{RecordId, VaultOrganization, VaultOrganizationId};
use dtc_provision::{ErrorKind, Stop};

use crate::oracle::Oracle;
use crate::scene::{Change, Scene, refusal};

const LABEL: &str = "TrueNAS Cloud Backup — Main Street";
const PASSWORD: &str = "TrueNAS Cloud Backup — Main Street · Encryption Password";
const SALT: &str = "TrueNAS Cloud Backup — Main Street · Encryption Salt";
const NMS: &str = "TrueNAS — NMS Credentials";
const PRIVACY: &str = "TrueNAS — NMS Credentials · Privacy Passphrase";

fn record<'a>(state: &'a State, label: &str) -> &'a RecordState {
    state.vault.records.iter().find(|found| found.record.label == label).unwrap()
}

fn remove(scene: &Scene, label: &str) {
    scene.world.change(|state| state.vault.records.retain(|found| found.record.label != label));
}

/// The same record once more.
fn double(scene: &Scene, label: &str) {
    scene.world.change(|state| {
        let mut copy = record(state, label).clone();
        copy.record.reference.id = RecordId::new("9999");
        "https://vault.example/passwords/9999".clone_into(&mut copy.record.reference.url);
        state.vault.records.push(copy);
    });
}

fn pair(state: &State) -> (String, String) {
    (state.appliance.tasks[0].password.clone(), state.appliance.tasks[0].salt.clone())
}

#[test]
fn e1_everything_a_restore_takes_is_in_the_vault() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        let guid = state.appliance.pools[0].pool.device_guid.clone().unwrap();
        let key = record(state, LABEL);
        assert_eq!(key.record.user_name.as_deref(), Some(state.store.keys[0].key.id.as_str()));
        assert_eq!(key.value(), state.store.keys[0].secret);
        assert_eq!((record(state, PASSWORD).value(), record(state, SALT).value()), {
            let task = &state.appliance.tasks[0];
            (task.password.as_str(), task.salt.as_str())
        });
        for label in [LABEL, PASSWORD, SALT] {
            let notes = &record(state, label).record.notes;
            assert_eq!(notes.get("Device GUID"), Some(guid.as_str()), "{label}");
            assert_eq!(notes.get("Bucket Name"), Some(BUCKET));
            assert_eq!(notes.get("Host Name"), Some("nas.contoso.example"));
            assert_eq!(notes.get("Management Address"), Some("192.0.2.10"));
            assert_eq!(notes.get("Provisioning Date"), Some("2026-11-01"));
        }
    });
}

#[test]
fn e1a_each_secret_has_a_record_of_its_own_under_its_label() {
    let mut scene = Scene::new();
    scene.site.vault_category = "Backup Credentials (Contoso)".to_owned();
    scene.provision();
    scene.world.look(|state| {
        let mut labels: Vec<&str> =
            state.vault.records.iter().map(|found| found.record.label.as_str()).collect();
        labels.sort_unstable();
        let mut expected = [LABEL, PASSWORD, SALT, NMS, PRIVACY];
        expected.sort_unstable();
        assert_eq!(labels, expected);
        for found in &state.vault.records {
            assert_eq!(found.organization.as_str(), "501");
            assert_eq!(found.category, "Backup Credentials (Contoso)");
            assert!(!found.record.notes.to_string().contains(found.value()), "a secret stands in its notes");
        }
        // What is filed once the device is known hangs on it.
        assert_eq!(record(state, PASSWORD).device.as_ref().unwrap().as_str(), "71");
    });
}

#[test]
fn e2_a_secret_that_reads_back_differently_is_not_used() {
    for nth in 0..5 {
        let scene = Scene::new();
        // The nth masked value written loses a bit; the ones before it are well.
        spoil_nth(&scene.world, nth);
        let error = scene.run().result.unwrap_err();
        let ErrorKind::NotEscrowed { label, record, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(label, [NMS, PRIVACY, PASSWORD, SALT, LABEL][nth]);
        assert!(record.as_ref().unwrap().url.starts_with("https://vault.example/"));
        scene.world.look(|state| {
            let on_box = [&state.appliance.snmp.password, &state.appliance.snmp.passphrase];
            assert!(nth > 1 || on_box.iter().all(|text| text.is_empty()));
            assert!(state.appliance.tasks.is_empty() && state.appliance.credentials.is_empty());
        });
    }
}

/// Spoils the nth write of a masked value from now.
fn spoil_nth(world: &World, nth: usize) {
    world.watch(move |state, _| state.vault.spoiled_writes = u32::from(state.vault.records.len() == nth));
}

#[test]
fn e2_a_vault_that_is_slow_to_show_what_it_holds_is_waited_for() {
    let scene = Scene::new();
    scene.world.change(|state| state.vault.stale_reads = 3);
    scene.provision();
    let scene = Scene::new();
    scene.world.change(|state| state.vault.stale_reads = 100);
    let error = scene.run().result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotEscrowed { .. }), "{error}");
}

#[test]
fn e4_a_second_run_keeps_the_pair() {
    let scene = Scene::provisioned();
    let before = scene.world.look(pair);
    scene.world.change(|state| {
        state.appliance.tasks.clear();
        state.store.keys.clear();
    });
    scene.provision();
    assert_eq!(scene.world.look(pair), before);
    scene.world.look(|state| {
        assert!([PASSWORD, SALT].iter().all(|label| record(state, label).versions.len() == 1));
    });
}

#[test]
fn e4_a_task_whose_pair_the_vault_does_not_know_stops_everything() {
    let changes: [(Change<State>, &str); 4] = [
        (|state| state.appliance.tasks[0].password = "another".to_owned(), "another password"),
        (|state| state.appliance.tasks[1].salt = "another".to_owned(), "another password or salt"),
        (|state| state.vault.records.retain(|found| found.record.label != PASSWORD), "does not know"),
        (|state| state.appliance.hides_secrets = true, "hides"),
    ];
    for (change, said) in changes {
        let scene = Scene::provisioned();
        scene.world.change(change);
        let (refusal, writes) = (scene.refusal(), scene.world.writes());
        assert_eq!((refusal.rule, refusal.stop), ("E4", Stop::DataAtRisk));
        assert!(refusal.what.contains(said), "{refusal}");
        let error = scene.run().result.unwrap_err();
        assert_eq!((error.exit_code(), scene.world.writes()), (6, writes));
    }
}

#[test]
fn e5_a_record_is_known_by_its_notes_and_a_renamed_location_is_a_finding() {
    let scene = Scene::provisioned();
    let before = scene.world.look(|state| state.vault.records.len());
    scene.world.change(|state| {
        state.inventory.organizations[0].locations[0].location.name = "Main Street 12".to_owned();
    });
    let mut scene = scene;
    scene.site.location = "11".to_owned();
    let plan = scene.plan().unwrap();
    assert!(plan.is_empty());
    assert_eq!(scene.findings("E5").len(), 3);
    scene.provision();
    assert_eq!(scene.world.look(|state| state.vault.records.len()), before);
}

#[test]
fn e5_two_records_of_one_identity_stop_everything() {
    for label in [LABEL, PASSWORD, SALT, NMS, PRIVACY] {
        let scene = Scene::provisioned();
        double(&scene, label);
        let refusal = scene.refusal();
        assert_eq!((refusal.rule, refusal.stop), ("E5", Stop::DataAtRisk), "{label}");
        assert!(refusal.what.contains("passwords/9999"), "{refusal}");
    }
}

#[test]
fn e5_half_a_set_that_is_not_in_use_is_completed() {
    for (lost, kept) in [(SALT, PASSWORD), (PASSWORD, SALT), (PRIVACY, NMS)] {
        let scene = Scene::provisioned();
        remove(&scene, lost);
        scene.world.change(|state| {
            state.appliance.tasks.clear();
            state.store.bucket_mut(BUCKET).unwrap().objects.clear();
            state.appliance.snmp = dtc_provision::ports::memory::SnmpState::default();
        });
        let value = scene.world.look(|state| record(state, kept).value().to_owned());
        let plan = scene.plan().unwrap();
        assert_eq!(plan.secrets == SecretsPhase::Complete, kept != NMS);
        scene.provision();
        scene.world.look(|state| {
            assert_eq!(record(state, kept).value(), value);
            assert_eq!((record(state, kept).versions.len(), record(state, lost).versions.len()), (1, 1));
        });
    }
}

#[test]
fn e9_what_is_in_the_bucket_is_never_written_over_with_another_pair() {
    for lost in [vec![PASSWORD], vec![SALT], vec![PASSWORD, SALT]] {
        let scene = Scene::provisioned();
        for label in &lost {
            remove(&scene, label);
        }
        // The box is new: nothing on it tells that there ever was a pair.
        scene.world.change(|state| state.appliance.tasks.clear());
        let refusal = scene.refusal();
        assert_eq!((refusal.rule, refusal.stop), ("E9", Stop::DataAtRisk), "{lost:?}");
        assert!(refusal.what.contains("pool0") && refusal.mend.contains("IT Glue"), "{refusal}");
    }
}

#[test]
fn e5_nobody_elses_record_is_used_or_touched() {
    let scene = Scene::new();
    // The same label, another device; the same device, another client.
    let other: DeviceGuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7".parse().unwrap();
    let copied = {
        let elsewhere = Scene::provisioned();
        elsewhere.world.look(|state| state.vault.records.clone())
    };
    scene.world.change(|state| {
        state.vault.made = 100;
        for mut record in copied {
            record.record.notes.set("Device GUID", &other.to_string());
            record.record.notes.set("Owner", "another box");
            state.vault.records.push(record.clone());
            record.organization = VaultOrganizationId::new("502");
            state.vault.records.push(record);
        }
    });
    let oracle = Oracle::watch(&scene.world);
    scene.provision();
    assert_eq!(oracle.faults(), Vec::<String>::new());
    assert_eq!(scene.world.look(|state| state.vault.records.len()), 15);
}

#[test]
fn e6_the_client_is_one_organisation_or_none() {
    let scene = Scene::new();
    scene.world.change(|state| state.vault.organizations.retain(|found| found.name != "Contoso Dental"));
    assert_eq!(scene.refusal().rule, "E6");

    let mut scene = Scene::new();
    scene.world.change(|state| {
        let id = VaultOrganizationId::new("503");
        state.vault.organizations.push(VaultOrganization { id, name: "Contoso Dental".to_owned() });
    });
    let refusal = scene.refusal();
    assert!(refusal.rule == "E6" && refusal.what.contains("2 organisations"), "{refusal}");
    scene.site.vault_organization = Some("Contoso Dental GmbH".to_owned());
    assert!(scene.refusal().what.contains("Contoso Dental GmbH"));
    assert_eq!(scene.world.writes(), 0);
}

#[test]
fn n8_a_location_whose_name_no_label_can_bear_stops_before_anything_is_written() {
    let mut scene = Scene::new();
    scene.site.location = "11".to_owned();
    scene.world.change(|state| {
        state.inventory.organizations[0].locations[0].location.name = "Main\nStreet".to_owned();
    });
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert_eq!((refusal.rule, scene.world.writes()), ("N8", 0));
}

/// Every secret there is, in every form it could leak in as text.
#[test]
fn e8_no_secret_in_anything_that_is_said_or_written_down() {
    let scene = Scene::new();
    let ran = scene.run();
    let (report, seen) = (scene.verify(), scene.observe().unwrap());
    let mut said = vec![
        format!("{:?}{:?}{:?}", ran.result, ran.journal, ran.plan),
        format!("{report:?}{seen:?}{:?}", scene.world),
        serde_json::to_string(&(&ran.plan, &ran.journal, &report, &seen)).unwrap(),
        scene.world.look(|state| format!("{:?}{:?}{:?}", state.tickets, state.vault, state.store)),
    ];
    // And what is said when things go wrong.
    let trouble: [Change<State>; 3] = [
        |state| state.vault.spoiled_reads = 2,
        |state| state.appliance.tasks[0].password = "another".to_owned(),
        |state| state.appliance.refuses_keys = Some("unauthorized".to_owned()),
    ];
    for change in trouble {
        scene.world.change(change);
        let ran = scene.run();
        said.push(format!("{:?}{:?}", ran.result, ran.journal));
    }

    let secrets = scene.world.look(|state| {
        let values = state.vault.records.iter().map(|found| found.value().to_owned());
        values.chain([state.appliance.snmp.user.clone()]).collect::<Vec<_>>()
    });
    assert_eq!(secrets.len(), 6);
    for secret in &secrets[..5] {
        for at in 0..=secret.len() - 8 {
            let piece = &secret[at..at + 8];
            assert!(!said.iter().any(|text| text.contains(piece)), "a piece of a secret is said");
        }
    }
}
