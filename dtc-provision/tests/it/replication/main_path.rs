//! What stands at the end, by way and by encryption.

use dtc_provision::Outcome;
use dtc_provision::phases::StepKind;
use dtc_provision::ports::memory::{RECEIVING_GUID, SENDING_GUID, Side};
use dtc_provision::ports::{Kept, Layer, SentSnapshots, Way, ZFS};
use dtc_provision::replication::{Encryption, ReplicationItemId as Id};
use dtc_provision::verify::Verdict;

use super::scene::{PASSPHRASE, Pair, item, keys};

#[test]
fn r2_r3_a_push_ends_with_one_of_each_and_a_task_that_is_enabled() {
    let pair = Pair::raw();
    let plan = pair.plan().unwrap();
    assert_eq!((plan.snapshots.eligible, plan.is_empty()), (4, false));
    let subjects: Vec<&str> = plan.steps.iter().map(|step| step.rule).collect();
    assert_eq!(subjects, ["R2", "R1", "R2", "R5", "R3", "R6"]);
    // The host key's fingerprint is typed by whoever trusts it, since nothing pins it.
    let fingerprint =
        pair.world.look(|state| state.end(Side::Receiving).ssh.host_keys[0].fingerprint.clone());
    assert!(plan.questions().iter().any(|question| question.subject() == fingerprint));
    pair.run().unwrap();
    pair.world.look(|state| {
        let (here, there) = (state.end(Side::Sending), state.end(Side::Receiving));
        assert_eq!((here.key_pairs.len(), here.connections.len(), here.tasks.len()), (1, 1, 1));
        assert_eq!(here.connections["branch"].host_keys[0].fingerprint, fingerprint);
        assert_eq!(there.users[0].public_keys.len(), 1);
        assert!(there.ssh.running && there.ssh.autostart);
        let task = &here.tasks[0];
        let settings = task.settings.as_ref().unwrap();
        assert!(task.enabled && !task.allows_from_scratch && settings.recursive && settings.properties);
        assert!(!settings.sudo, "root needs none");
        let schema = SentSnapshots::Named("auto-%Y-%m-%d_%H-%M".to_owned());
        assert_eq!((settings.kept, &settings.snapshots), (Kept::Forever, &schema));
        assert_eq!(settings.layer, Layer::None);
    });
    assert!(pair.plan().unwrap().is_empty(), "{:?}", pair.plan().unwrap().steps);
}

#[test]
fn x4_a_report_has_every_item_once() {
    let report = Pair::raw().run().unwrap();
    assert_eq!(report.items.iter().map(|item| item.id).collect::<Vec<_>>(), Id::ALL);
}

#[test]
fn r4_an_encrypted_source_arrives_raw_with_its_own_keys_and_locked() {
    let pair = Pair::raw();
    let report = pair.run().unwrap();
    pair.world.look(|state| {
        let there = state.end(Side::Receiving);
        for (name, source) in
            [("backup/site/data", "tank/data"), ("backup/site/data/offices", "tank/data/offices")]
        {
            let found = there.dataset(name).unwrap();
            let key = found.key.as_ref().unwrap();
            assert!(!key.is_loaded && key.text == "a".repeat(64), "{name}");
            assert_eq!(found.snapshots.len(), 2, "{name}");
            assert!(found.snapshots == state.end(Side::Sending).dataset(source).unwrap().snapshots);
        }
        // R5: the source's key is in the vault, under the sender's identity.
        assert_eq!(keys(state), [("tank/data".to_owned(), "a".repeat(64))]);
        let of = state.vault.records.last().unwrap().record.device.unwrap();
        assert_eq!(of.to_string(), SENDING_GUID);
    });
    // The key was tried and opens both; files are not read where the appliance would keep the key for it.
    assert_eq!(item(&report, Id::Opens).0, Verdict::Pass);
    assert_eq!(item(&report, Id::SourceKeys).0, Verdict::Pass);
    assert_eq!(item(&report, Id::Files).0, Verdict::NotCheckable);
    assert_eq!(report.outcome(), Outcome::Incomplete);
}

#[test]
fn r4_without_its_properties_an_encrypted_source_is_stored_in_clear() {
    let mut pair = Pair::raw();
    pair.wanted.encryption = Encryption::Clear;
    pair.wanted.properties = false;
    let report = pair.run().unwrap();
    assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{report:?}");
    pair.world.look(|state| {
        let there = state.end(Side::Receiving).dataset("backup/site/data").unwrap();
        assert!(there.encryption_root.is_none());
    });
}

#[test]
fn r5_each_second_layer_is_escrowed_and_opens_what_has_arrived() {
    for way in [Way::Push, Way::Pull] {
        for encryption in [Pair::key(), Pair::phrase(), Encryption::Inherit] {
            for source in ["tank/plain", "tank/data"] {
                let mut pair = Pair::layered(way, encryption.clone());
                pair.wanted.sources = vec![source.parse().unwrap()];
                // An encrypted source gets a second layer only without its properties.
                pair.wanted.properties = source == "tank/plain";
                let report = pair.run().unwrap();
                let point = format!("{way:?} {encryption:?} {source}");
                assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{point}: {report:?}");
                assert_eq!(item(&report, Id::Opens).0, Verdict::Pass, "{point}");
                assert_eq!(item(&report, Id::Files).0, Verdict::Pass, "{point}");
                let inherits = encryption == Encryption::Inherit;
                pair.world.look(|state| {
                    let root = if inherits { "backup/sealed" } else { "backup/site/plain" };
                    let key = state.end(Side::Receiving).dataset(root).unwrap().key.clone().unwrap();
                    let held = keys(state).into_iter().find(|(name, _)| name == root);
                    assert_eq!(held.map(|(_, text)| text), Some(key.text), "{point}");
                });
            }
        }
    }
}

#[test]
fn r5_a_passphrase_that_a_person_chose_is_used_and_escrowed() {
    let mut pair = Pair::layered(Way::Push, Pair::phrase());
    pair.passphrase = Some("a passphrase of theirs");
    pair.run().unwrap();
    pair.world.look(|state| {
        let key = state.end(Side::Receiving).dataset("backup/site/plain").unwrap().key.clone().unwrap();
        assert_eq!(key.text, "a passphrase of theirs");
        assert_eq!(keys(state), [("backup/site/plain".to_owned(), key.text)]);
    });
    // Another one, given later, is not taken for it.
    pair.passphrase = Some("another passphrase");
    pair.change(Side::Sending, |end| end.tasks[0].enabled = false);
    let error = pair.run().unwrap_err().to_string();
    assert!(error.contains("another passphrase"), "{error}");
    pair.world.look(|state| assert_eq!(keys(state).len(), 1));
}

/// R5: a key of digits that a person has and gives.
#[test]
fn r5_a_key_that_a_person_gives_is_used_and_escrowed() {
    let given = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let mut pair = Pair::layered(Way::Push, Pair::key());
    pair.passphrase = Some(given);
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    pair.world.look(|state| {
        let key = state.end(Side::Receiving).dataset("backup/site/plain").unwrap().key.clone().unwrap();
        assert_eq!(key.text, given);
        assert_eq!(keys(state), [("backup/site/plain".to_owned(), given.to_owned())]);
    });
    // Of a destination that is there, the vault lost its key, and another one is given.
    pair.world.change(|state| state.vault.records.clear());
    pair.change(Side::Sending, |end| end.tasks[0].enabled = false);
    pair.passphrase = Some("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    let error = pair.run().unwrap_err().to_string();
    assert!(error.contains("backup/site/plain") && error.contains("does not open it"), "{error}");
    assert!(pair.world.look(|state| state.vault.records.is_empty()));
    pair.passphrase = Some(given);
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
}

#[test]
fn r1_a_user_who_is_not_root_gets_a_home_a_key_and_sudo_for_zfs() {
    for way in [Way::Push, Way::Pull] {
        let mut pair = Pair::new(way, "tank/plain", "backup/site/plain");
        pair.wanted.remote_user = "repl".to_owned();
        let plan = pair.plan().unwrap();
        let step = plan.steps.iter().find(|step| step.rule == "R1" && step.kind == StepKind::Change).unwrap();
        let shown = format!("{step:?}");
        for words in ["/var/empty", ZFS, "public key", "SSH server"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(plan.questions().iter().any(|question| question.act().kind == "grant-replication-access"));
        assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
        let home = if way == Way::Push { "/mnt/backup/repl" } else { "/mnt/tank/repl" };
        pair.world.look(|state| {
            let user = &state.end(pair.remote()).users[1];
            assert_eq!((user.home.as_str(), user.sudo.as_slice()), (home, [ZFS.to_owned()].as_slice()));
            assert_eq!(user.public_keys.len(), 1);
            assert!(state.end(pair.runner()).tasks[0].settings.as_ref().unwrap().sudo);
        });
    }
}

/// R1 wants a home on both appliances; the run does not use the one where the task is.
#[test]
fn r1_a_user_without_a_home_where_the_task_is_is_said_and_stops_nothing() {
    for (way, side) in [(Way::Push, Side::Sending), (Way::Pull, Side::Receiving)] {
        let pair = Pair::layered(way, Encryption::AsSource);
        assert!(pair.plan().unwrap().findings.is_empty());
        pair.change(side, |end| end.own_home = Some("/var/empty".to_owned()));
        let findings = pair.plan().unwrap().findings;
        assert!(findings[0].rule == "R1" && findings[0].what.contains("/var/empty"), "{findings:?}");
        assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    }
}

#[test]
fn r1_parents_that_are_missing_are_made() {
    let mut pair = Pair::layered(Way::Push, Encryption::AsSource);
    pair.wanted.destination = "backup/clients/contoso/plain".parse().unwrap();
    pair.run().unwrap();
    pair.world.look(|state| {
        let there = state.end(Side::Receiving);
        assert!(
            there.dataset("backup/clients").is_some() && there.dataset("backup/clients/contoso").is_some()
        );
    });
}

#[test]
fn r3_a_local_replication_needs_no_connection() {
    let mut pair = Pair::new(Way::Local, "tank/plain", "tank/copies/plain");
    pair.wanted.encryption = Pair::key();
    let report = pair.run().unwrap();
    assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{report:?}");
    pair.world.look(|state| {
        let here = state.end(Side::Sending);
        assert!(here.key_pairs.is_empty() && here.connections.is_empty() && here.tasks.len() == 1);
    });
}

#[test]
fn r3_several_sources_arrive_below_the_destination_by_what_sets_them_apart() {
    let mut pair = Pair::new(Way::Push, "tank/plain", "backup/site");
    pair.wanted.sources = ["tank/plain", "tank/data/offices"].map(|name| name.parse().unwrap()).to_vec();
    pair.wanted.destination = "backup/site/all".parse().unwrap();
    pair.run().unwrap();
    pair.world.look(|state| {
        let there = state.end(Side::Receiving);
        for name in ["backup/site/all/plain", "backup/site/all/data/offices"] {
            assert_eq!(there.dataset(name).unwrap().snapshots.len(), 2, "{name}");
        }
    });
}

#[test]
fn r5a_the_device_guid_stays_with_its_appliance() {
    let pair = Pair::layered(Way::Pull, Encryption::AsSource);
    let report = pair.run().unwrap();
    assert_eq!(item(&report, Id::DeviceGuid).0, Verdict::Pass);
    pair.world.look(|state| {
        let task = state.end(Side::Receiving).tasks[0].settings.clone().unwrap();
        assert_eq!(task.excluded_properties, ["com.dtctoday:device-guid"]);
        let arrived = state.end(Side::Receiving).dataset("backup/site/plain").unwrap();
        assert_eq!(arrived.device_guid, None);
        assert_eq!(state.end(Side::Receiving).datasets[0].device_guid.as_deref(), Some(RECEIVING_GUID));
    });
    pair.change(Side::Receiving, |end| {
        end.dataset_mut("backup/site/plain").unwrap().device_guid = Some(SENDING_GUID.to_owned());
    });
    let report = pair.verify();
    let (verdict, evidence) = item(&report, Id::DeviceGuid);
    assert!(verdict == Verdict::Fail && evidence.contains("backup/site/plain"), "{evidence}");
}

#[test]
fn r6_a_source_with_a_passphrase_is_opened_compared_and_locked_again() {
    let mut pair = Pair::new(Way::Push, "tank/phrase", "backup/site/phrase");
    // Nobody gives the passphrase: the data arrives, and the proof is not checkable.
    let report = pair.run().unwrap();
    assert_eq!(report.unknown_keys, ["tank/phrase"]);
    assert_eq!(item(&report, Id::Opens).0, Verdict::NotCheckable);
    assert_eq!(report.outcome(), Outcome::Incomplete);
    pair.of_sources = vec![("tank/phrase", PASSPHRASE)];
    let report = pair.run().unwrap();
    assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{report:?}");
    assert_eq!(item(&report, Id::Files).0, Verdict::Pass);
    pair.world.look(|state| {
        assert_eq!(keys(state), [("tank/phrase".to_owned(), PASSPHRASE.to_owned())]);
        let key = state.end(Side::Receiving).dataset("backup/site/phrase").unwrap().key.clone().unwrap();
        assert!(!key.is_loaded, "it was locked before");
    });
    let log = pair.world.log();
    let calls = |name: &str| log.iter().filter(|call| call.name == name).count();
    assert_eq!((calls("end.unlock"), calls("end.lock")), (1, 1));
}
