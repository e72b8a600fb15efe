//! The vault before the appliance, and for good (E1–E8).

use dtc_naming::DeviceGuid;
use dtc_provision::ids::{DeviceId, RecordId, VaultOrganizationId};
use dtc_provision::phases::secrets::SecretsPhase;
use dtc_provision::ports::VaultOrganization;
use dtc_provision::ports::memory::{BUCKET, State, World};
use dtc_provision::proofs::Slot;
use dtc_provision::{ErrorKind, Stop};

use crate::oracle::Oracle;
use crate::scene::{Change, Scene, record, refusal};

const ALL: [Slot; 5] = [
    Slot::SnmpPassword,
    Slot::SnmpPassphrase,
    Slot::EncryptionPassword,
    Slot::EncryptionSalt,
    Slot::ApplicationKey,
];

fn remove(scene: &Scene, slot: Slot) {
    scene.world.change(|state| state.vault.records.retain(|found| found.record.slot != slot));
}

/// The same record once more.
fn double(scene: &Scene, slot: Slot) {
    scene.world.change(|state| {
        let mut copy = record(state, slot).clone();
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
        let key = record(state, Slot::ApplicationKey);
        assert_eq!(key.record.user_name.as_deref(), Some(state.store.keys[0].key.id.as_str()));
        assert_eq!(key.value(), state.store.keys[0].secret);
        let task = &state.appliance.tasks[0];
        assert_eq!(record(state, Slot::EncryptionPassword).value(), task.password);
        assert_eq!(record(state, Slot::EncryptionSalt).value(), task.salt);
        for slot in [Slot::ApplicationKey, Slot::EncryptionPassword, Slot::EncryptionSalt] {
            let found = record(state, slot);
            assert_eq!(found.record.device.unwrap().to_string(), guid, "{slot}");
            assert_eq!(found.record.bucket.as_ref().unwrap().as_str(), BUCKET);
            assert_eq!(found.context.host_name.as_str(), "nas.contoso.example");
            assert_eq!(found.context.management_address.as_str(), "192.0.2.10");
            assert_eq!(found.context.created.strftime("%F").to_string(), "2026-11-01");
        }
    });
}

#[test]
fn e1a_each_secret_has_a_record_of_its_own() {
    let scene = Scene::new();
    scene.provision();
    scene.world.look(|state| {
        let slots: Vec<Slot> = state.vault.records.iter().map(|found| found.record.slot).collect();
        assert_eq!(slots, ALL);
        for found in &state.vault.records {
            assert_eq!(found.organization.as_str(), "501");
            assert_eq!(found.context.location.as_str(), "Main Street");
            let said = format!("{:?} {:?}", found.record, found.context);
            assert!(!said.contains(found.value()), "a secret stands beside its record");
        }
        // What is filed once the device is known is embedded on it.
        let password = record(state, Slot::EncryptionPassword);
        assert_eq!(password.context.device.as_ref().unwrap().as_str(), "71");
    });
}

#[test]
fn e2_a_secret_that_reads_back_differently_is_not_used() {
    for (nth, expected) in ALL.into_iter().enumerate() {
        let scene = Scene::new();
        // The nth masked value written loses a bit; the ones before it are well.
        spoil_nth(&scene.world, nth);
        let error = scene.run().result.unwrap_err();
        let ErrorKind::NotEscrowed { slot, record, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(*slot, expected);
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
        assert!(
            [Slot::EncryptionPassword, Slot::EncryptionSalt]
                .iter()
                .all(|slot| record(state, *slot).versions.len() == 1)
        );
    });
}

#[test]
fn e4_a_task_whose_pair_the_vault_does_not_know_stops_everything() {
    let changes: [(Change<State>, &str, Stop); 4] = [
        (
            |state| state.appliance.tasks[0].password = "another".to_owned(),
            "another password",
            Stop::DataAtRisk,
        ),
        (
            |state| state.appliance.tasks[1].salt = "another".to_owned(),
            "another password or salt",
            Stop::DataAtRisk,
        ),
        (
            |state| {
                let password = Slot::EncryptionPassword;
                state.vault.records.retain(|found| found.record.slot != password);
            },
            "does not know",
            Stop::DataAtRisk,
        ),
        // What cannot be compared shows nothing about the data: the key's role is missing.
        (|state| state.appliance.hides_secrets = true, "hides", Stop::Precondition),
    ];
    for (change, said, stop) in changes {
        let scene = Scene::provisioned();
        scene.world.change(change);
        let (refusal, writes) = (scene.refusal(), scene.world.writes());
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("E4", stop));
        assert!(refusal.what.contains(said), "{refusal}");
        let error = scene.run().result.unwrap_err();
        assert_eq!((error.stop(), scene.world.writes()), (Some(stop), writes));
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
    for slot in ALL {
        let scene = Scene::provisioned();
        double(&scene, slot);
        let refusal = scene.refusal();
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("E5", Stop::DataAtRisk), "{slot}");
        assert!(refusal.what.contains("passwords/9999"), "{refusal}");
    }
}

#[test]
fn e5_half_a_set_that_is_not_in_use_is_completed() {
    let halves = [
        (Slot::EncryptionSalt, Slot::EncryptionPassword),
        (Slot::EncryptionPassword, Slot::EncryptionSalt),
        (Slot::SnmpPassphrase, Slot::SnmpPassword),
    ];
    for (lost, kept) in halves {
        let scene = Scene::provisioned();
        remove(&scene, lost);
        scene.world.change(|state| {
            state.appliance.tasks.clear();
            state.store.bucket_mut(BUCKET).unwrap().objects.clear();
            state.appliance.snmp = dtc_provision::ports::memory::SnmpState::default();
        });
        let value = scene.world.look(|state| record(state, kept).value().to_owned());
        let plan = scene.plan().unwrap();
        assert_eq!(plan.secrets == SecretsPhase::Complete, kept != Slot::SnmpPassword);
        scene.provision();
        scene.world.look(|state| {
            assert_eq!(record(state, kept).value(), value);
            assert_eq!((record(state, kept).versions.len(), record(state, lost).versions.len()), (1, 1));
        });
    }
}

#[test]
fn e9_what_is_in_the_bucket_is_never_written_over_with_another_pair() {
    let (password, salt) = (Slot::EncryptionPassword, Slot::EncryptionSalt);
    for lost in [vec![password], vec![salt], vec![password, salt]] {
        let scene = Scene::provisioned();
        for slot in &lost {
            remove(&scene, *slot);
        }
        // The appliance is new: nothing on it tells that there ever was a pair.
        scene.world.change(|state| state.appliance.tasks.clear());
        let refusal = scene.refusal();
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("E9", Stop::DataAtRisk), "{lost:?}");
        assert!(refusal.what.contains("pool0") && refusal.remedy.contains("restore them"), "{refusal}");
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
            record.record.device = Some(other);
            record.owner = Some("another appliance".to_owned());
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

/// E6: a client of the same name in the vault may be another one. What the vault knows of the device speaks against it.
#[test]
fn e6_a_device_that_the_vault_has_as_another_clients_stops_before_anything_is_written() {
    let scene = Scene::new();
    scene.world.change(|state| {
        state.add_device("71");
        state.vault.devices.insert(DeviceId::new("71"), VaultOrganizationId::new("502"));
    });
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert!(refusal.what.contains("organisation 502, not of 501"), "{refusal}");
    assert_eq!(scene.world.writes(), 0);

    scene.world.change(|state| {
        state.vault.devices.insert(DeviceId::new("71"), VaultOrganizationId::new("501"));
    });
    scene.provision();
}

#[test]
fn n8_a_location_whose_name_no_label_can_bear_stops_before_anything_is_written() {
    let mut scene = Scene::new();
    scene.site.location = "11".to_owned();
    scene.world.change(|state| {
        state.inventory.organizations[0].locations[0].location.name = "Main\nStreet".to_owned();
    });
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert_eq!((refusal.rule.as_str(), scene.world.writes()), ("N8", 0));
}

/// Every secret there is, in every form it could leak in as text.
#[test]
fn e8_no_secret_in_anything_that_is_said_or_written_down() {
    let scene = Scene::new();
    let ran = scene.run();
    let (report, seen) = (scene.verify(), scene.observe());
    let mut said = vec![
        format!("{:?}{:?}{:?}", ran.result, ran.journal, ran.plan),
        format!("{report:?}{seen:?}{:?}", scene.world),
        serde_json::to_string(&(&ran.plan, &ran.journal, &report, &seen)).unwrap(),
        scene.world.look(|state| format!("{:?}{:?}{:?}", state.tickets, state.vault, state.store)),
    ];
    // And what is said when things go wrong.
    let faults: [Change<State>; 3] = [
        |state| state.vault.spoiled_reads = 2,
        |state| state.appliance.tasks[0].password = "another".to_owned(),
        |state| state.appliance.refuses_keys = Some("unauthorized".to_owned()),
    ];
    for change in faults {
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
