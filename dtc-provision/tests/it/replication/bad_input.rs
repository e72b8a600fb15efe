//! Each row of what is refused, and that nothing is written then.

use dtc_provision::ports::memory::{DatasetState, Side};
use dtc_provision::ports::{DatasetKind, EndHostKey, Rights, SentSnapshots, Way};
use dtc_provision::proofs::consent::Consents;
use dtc_provision::replication::Encryption;
use dtc_provision::{Error, Outcome};

use super::scene::{Pair, keys};
use crate::scene::block_on;

const DIGITS_63: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde";
const NO_DIGITS: &str = "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn clear() -> Pair {
    Pair::layered(Way::Push, Encryption::AsSource)
}

/// Applies and fails after something was written; what the error says.
fn failed(pair: &Pair) -> String {
    let error = pair.run().unwrap_err();
    format!("{error} {error:?}")
}

#[test]
fn r1_a_source_that_is_locked_unmounted_or_not_there_is_named() {
    let mut pair = Pair::raw();
    let lock = |end: &mut dtc_provision::ports::memory::EndState| {
        end.dataset_mut("tank/data").unwrap().key.as_mut().unwrap().is_loaded = false;
    };
    pair.change(Side::Sending, lock);
    (pair.wanted.properties, pair.wanted.encryption) = (false, Encryption::Clear);
    let error = pair.refused(&["R1", "tank/data", "locked", "raw"]);
    assert_eq!(error.outcome(), Outcome::Precondition);
    // Sent raw, it needs no key.
    let pair = Pair::raw();
    pair.change(Side::Sending, lock);
    pair.run().unwrap();
    let pair = clear();
    pair.change(Side::Sending, |end| end.dataset_mut("tank/plain").unwrap().mounted = false);
    pair.refused(&["R1", "tank/plain", "not mounted"]);
    let mut pair = clear();
    pair.wanted.sources.push("tank/nowhere".parse().unwrap());
    pair.refused(&["R1", "tank/nowhere", "source_datasets"]);
}

#[test]
fn r1_a_destination_that_takes_nothing_in_is_named() {
    let mut pair = clear();
    pair.wanted.destination = "vault/plain".parse().unwrap();
    pair.refused(&["R1", "no pool vault"]);
    for destination in ["backup/disk", "backup/disk/plain"] {
        let mut pair = clear();
        pair.change(Side::Receiving, |end| {
            let disk = DatasetState::new("backup/disk".parse().unwrap());
            end.add_dataset(DatasetState { kind: DatasetKind::Volume, ..disk });
        });
        pair.wanted.destination = destination.parse().unwrap();
        pair.refused(&["R1", "backup/disk", "zvol"]);
    }
}

#[test]
fn r1_a_zvol_is_sent_to_the_zvol_that_it_became() {
    let pair = clear();
    pair.change(Side::Sending, |end| end.dataset_mut("tank/plain").unwrap().kind = DatasetKind::Volume);
    pair.run().unwrap();
    assert!(pair.plan().unwrap().is_empty());
}

#[test]
fn r1_what_the_remote_user_lacks_is_named_or_mended() {
    let mut pair = clear();
    pair.wanted.remote_user = "nobody".to_owned();
    pair.refused(&["R1", "no user nobody", "username"]);
    let pair = clear();
    pair.change(Side::Receiving, |end| end.users[0].locked = true);
    pair.refused(&["R1", "root", "locked"]);
    let pair = clear();
    pair.change(Side::Receiving, |end| end.ssh.host_keys.clear());
    pair.refused(&["R2", "no host key"]);
}

#[test]
fn r1_a_pull_needs_the_role_for_it() {
    let pair = Pair::layered(Way::Pull, Encryption::AsSource);
    pair.change(Side::Receiving, |end| end.rights = Rights::Roles(vec!["READONLY_ADMIN".to_owned()]));
    pair.refused(&["R1", "REPLICATION_TASK_WRITE_PULL"]);
    pair.change(Side::Receiving, |end| {
        end.rights = Rights::Roles(vec!["REPLICATION_TASK_WRITE_PULL".to_owned()]);
    });
    pair.run().unwrap();
}

#[test]
fn r1_without_consent_nobody_logs_in_and_no_host_key_is_trusted() {
    let pair = clear();
    let plan = pair.plan().unwrap();
    let error = block_on(pair.apply(&plan, Consents::default(), &mut Vec::new())).unwrap_err();
    assert_eq!(error.code(), "DTC-CONSENT-MISSING", "{error}");
    pair.world.look(|state| {
        assert!(state.end(Side::Receiving).users[0].public_keys.is_empty());
        assert!(state.end(Side::Sending).connections.is_empty() && state.end(Side::Sending).tasks.is_empty());
    });
}

#[test]
fn r2_another_host_key_than_the_pinned_one_stops_with_both_fingerprints() {
    let mut pair = clear();
    pair.wanted.host_key = Some("SHA256:pinned".to_owned());
    let own = pair.world.look(|state| state.end(Side::Receiving).ssh.host_keys[0].fingerprint.clone());
    let error = pair.refused(&["SHA256:pinned", &own, "nothing was sent"]);
    assert_eq!(error.outcome(), Outcome::Blocked, "which ends a program with 5");
    // The one that is pinned needs no consent.
    pair.wanted.host_key = Some(own);
    assert!(pair.plan().unwrap().questions().iter().all(|question| question.act().kind != "trust-host-key"));
    pair.run().unwrap();
    // It has others from now on: what the connection pins is no longer so.
    let other = EndHostKey { line: "ssh-ed25519 other".to_owned(), fingerprint: "SHA256:other".to_owned() };
    pair.wanted.host_key = None;
    pair.change(Side::Receiving, |end| end.ssh.host_keys = vec![other]);
    let error = pair.refused(&["its connection pins", "SHA256:other"]);
    assert_eq!(error.outcome(), Outcome::Blocked);
}

#[test]
fn r2_somebody_in_between_is_found_before_a_connection_is_made() {
    let pair = clear();
    let other = EndHostKey { line: "ssh-ed25519 other".to_owned(), fingerprint: "SHA256:other".to_owned() };
    pair.change(Side::Receiving, |end| end.shown_in_between = Some(vec![other]));
    let own = pair.world.look(|state| state.end(Side::Receiving).ssh.host_keys[0].fingerprint.clone());
    let error = pair.run().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Blocked);
    let text = error.to_string();
    assert!(
        text.contains("SHA256:other") && text.contains(&own) && text.contains("nothing was sent"),
        "{text}"
    );
    pair.world.look(|state| assert!(state.end(Side::Sending).connections.is_empty()));
}

#[test]
fn r2_a_connection_of_its_name_that_leads_elsewhere_stops_before_anything_is_written() {
    let pair = clear();
    pair.run().unwrap();
    pair.change(Side::Sending, |end| {
        end.connections.get_mut("branch").unwrap().host = "198.51.100.7".to_owned();
    });
    pair.refused(&["R2", "198.51.100.7"]);
}

#[test]
fn r3_what_stands_at_the_destination_is_never_destroyed() {
    // Snapshots of something else, of the same names; its own later ones beside the source's; files without a snapshot.
    let pair = clear();
    pair.change(Side::Receiving, |end| {
        end.add_dataset(DatasetState::new("backup/site/plain".parse().unwrap()));
    });
    pair.world.change(|state| {
        let mut others = state.end(Side::Sending).dataset("tank/data").unwrap().snapshots.clone();
        for held in &mut others {
            held.created -= dtc_provision::jiff::SignedDuration::from_secs(1);
        }
        state.end_mut(Side::Receiving).dataset_mut("backup/site/plain").unwrap().snapshots = others;
    });
    let error = pair.refused(&["R3", "backup/site/plain", "auto-", "backup/site/plain-2"]);
    assert_eq!(error.outcome(), Outcome::Blocked);
    let pair = clear();
    pair.run().unwrap();
    pair.change(Side::Receiving, |end| {
        let held = &mut end.dataset_mut("backup/site/plain").unwrap().snapshots;
        let mut own = held[1].clone();
        (own.name, own.guid) = ("by-hand".to_owned(), 7);
        held.push(own);
    });
    pair.refused(&["R3", "by-hand"]);
    // Older ones that the source has let go of are what retention keeps longer here.
    let pair = clear();
    pair.run().unwrap();
    pair.change(Side::Sending, |end| drop(end.dataset_mut("tank/plain").unwrap().snapshots.remove(0)));
    assert!(pair.plan().unwrap().is_empty());
}

/// What is there without a snapshot: its files would go, and an encrypted stream takes no dataset's place, empty as it may be.
#[test]
fn r3_a_destination_that_is_there_without_a_snapshot_stops() {
    let there = |pair: &Pair, name: &str| {
        let name = name.parse().unwrap();
        pair.change(Side::Receiving, |end| end.add_dataset(DatasetState::new(name)));
    };
    let pair = clear();
    there(&pair, "backup/site/plain");
    let files = pair.world.look(|state| state.end(Side::Sending).dataset("tank/data").unwrap().files.clone());
    pair.change(Side::Receiving, |end| end.dataset_mut("backup/site/plain").unwrap().files = files);
    let error = pair.refused(&["R3", "backup/site/plain", "letter.txt", "backup/site/plain-2"]);
    assert_eq!(error.outcome(), Outcome::Blocked);
    let pair = Pair::raw();
    there(&pair, "backup/site/data");
    pair.refused(&["R4", "backup/site/data", "raw", "backup/site/data/data"]);
    // In clear, an empty one is received into.
    let pair = clear();
    there(&pair, "backup/site/plain");
    pair.run().unwrap();
}

#[test]
fn r3_without_a_snapshot_of_the_schema_nothing_is_saved() {
    let mut pair = clear();
    pair.wanted.snapshots = SentSnapshots::Named("daily-%Y-%m-%d".to_owned());
    pair.refused(&["R3", "daily-%Y-%m-%d"]);
}

#[test]
fn r4_what_would_be_stored_in_clear_or_encrypted_twice_is_refused() {
    for encryption in [Pair::key(), Pair::phrase(), Encryption::Inherit] {
        let mut pair = Pair::raw();
        if encryption == Encryption::Inherit {
            pair.wanted.destination = "backup/sealed/data".parse().unwrap();
        }
        pair.wanted.encryption = encryption;
        pair.refused(&["R4", "properties", "encryption"]);
    }
    let mut pair = Pair::raw();
    pair.wanted.encryption = Encryption::Clear;
    pair.refused(&["R4", "clear", "properties"]);
    // Left out without a word, properties would store it in clear.
    let mut pair = Pair::raw();
    pair.wanted.properties = false;
    pair.refused(&["R4", "clear"]);
}

#[test]
fn r5_a_place_that_does_not_suit_the_encryption_is_refused() {
    let mut pair = Pair::layered(Way::Push, Encryption::Inherit);
    pair.wanted.destination = "backup/site/plain".parse().unwrap();
    pair.refused(&["R5", "backup/site", "encryption_inherit"]);
    let mut pair = clear();
    pair.wanted.destination = "backup/sealed/plain".parse().unwrap();
    pair.refused(&["R5", "backup/sealed", "encryption"]);
    let pair = clear();
    pair.run().unwrap();
    let mut pair = Pair { wanted: pair.wanted.clone(), ..pair };
    pair.wanted.encryption = Pair::key();
    pair.refused(&["R5", "exists and is not encrypted"]);
}

#[test]
fn r5_a_key_that_the_remote_user_may_not_store_is_refused() {
    let mut pair = Pair::layered(Way::Push, Pair::key());
    pair.wanted.remote_user = "repl".to_owned();
    pair.refused(&["R5", "repl", "encryption_key_location", "key_location = "]);
    // A path does, and so does a pull: then the appliance with the task is the destination itself.
    pair.wanted.encryption = Encryption::Key { location: "/mnt/backup/.keys/branch.key".to_owned() };
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    let mut pair = Pair::layered(Way::Pull, Pair::key());
    pair.wanted.remote_user = "repl".to_owned();
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
}

#[test]
fn r5_keys_of_another_form_are_refused() {
    use dtc_provision::secret::DatasetKeyFormat::{Hex, Passphrase};

    assert!(Hex.problem(&"a".repeat(63)).unwrap().contains("64 hexadecimal digits"));
    assert!(Hex.problem(&"g".repeat(64)).unwrap().contains("hexadecimal"));
    assert!(Hex.problem(&"A1".repeat(32)).is_none());
    assert!(Passphrase.problem("seven c").unwrap().contains("eight"));
    let mut pair = Pair::layered(Way::Push, Pair::phrase());
    pair.passphrase = Some("seven c");
    pair.refused(&["R5", "destination", "eight characters", "encryption_key"]);
    let mut pair = Pair::layered(Way::Push, Pair::key());
    for (given, says) in [(DIGITS_63, "64 hexadecimal digits"), (NO_DIGITS, "hexadecimal digits alone")] {
        pair.passphrase = Some(given);
        pair.refused(&["R5", "the key of the destination", says, "encryption_key"]);
    }
    let mut pair = Pair::new(Way::Push, "tank/phrase", "backup/site/phrase");
    pair.of_sources = vec![("tank/phrase", "seven c")];
    pair.refused(&["R5", "tank/phrase", "eight characters"]);
}

#[test]
fn r5_a_key_that_the_vault_does_not_give_back_is_not_used() {
    // The vault keeps another value than it was given, or shows another.
    let spoils: [fn(&mut dtc_provision::ports::memory::State); 2] =
        [|state| state.vault.spoiled_writes = 1, |state| state.vault.spoiled_reads = 1_000];
    for spoil in spoils {
        for pair in [Pair::layered(Way::Push, Pair::key()), Pair::raw()] {
            pair.world.change(spoil);
            let text = failed(&pair);
            pair.world.look(|state| {
                assert!(state.end(Side::Sending).tasks.is_empty(), "{text}");
                assert!(state.handed.iter().all(|handed| format!("{handed:?}") == "ByVault"), "{text}");
            });
        }
    }
}

#[test]
fn r5_a_vault_that_loses_the_answer_is_looked_at_and_not_written_again() {
    use dtc_provision::ports::memory::Moment;

    let calls = Pair::layered(Way::Push, Pair::key());
    calls.run().unwrap();
    let at = calls.world.log().iter().position(|call| call.name == "vault.create").unwrap();
    for moment in [Moment::BeforeEffect, Moment::AfterEffect] {
        let pair = Pair::layered(Way::Push, Pair::key());
        pair.world.lose_at(at, moment);
        if pair.run().is_err() {
            pair.world.look(|state| assert!(state.end(Side::Sending).tasks.is_empty()));
            pair.run().unwrap();
        }
        assert_eq!(pair.world.look(keys).len(), 1, "{moment:?}");
    }
}

#[test]
fn r3_a_task_that_reads_back_as_something_else_is_not_enabled() {
    let pair = clear();
    pair.change(Side::Sending, |end| end.saves_wrongly = Some(|settings| settings.recursive = false));
    let error = pair.run().unwrap_err();
    assert_eq!(error.code(), "DTC-APPLY-READ-BACK", "{error}");
    assert!(error.to_string().contains("recursive"), "{error}");
    pair.world.look(|state| {
        let task = &state.end(Side::Sending).tasks[0];
        assert!(!task.enabled && task.last.is_none());
    });
}

#[test]
fn r6_a_run_that_fails_says_why_and_the_next_one_goes_on() {
    let reasons = [
        ("No space left on device", "make room"),
        (
            "No incremental base on dataset 'backup/x' and replication from scratch is not allowed",
            "another destination",
        ),
        ("Please configure passwordless sudo for user repl on the remote system", "/usr/sbin/zfs"),
    ];
    for (reason, means) in reasons {
        let pair = clear();
        pair.change(Side::Sending, |end| end.runs_fail = Some(reason.to_owned()));
        let error: Error = pair.run().unwrap_err();
        let text = error.to_string();
        assert!(text.contains(reason) && text.contains(means), "{text}");
        assert_eq!((error.outcome(), error.code()), (Outcome::Error, "DTC-REPLICATION-RUN".to_owned()));
        let plan = pair.plan().unwrap();
        assert!(format!("{:?}", plan.steps).contains("the last one failed"), "{:?}", plan.steps);
        pair.change(Side::Sending, |end| end.runs_fail = None);
        assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    }
    // The network is cut after the first snapshot: the next run sends what is left.
    let pair = Pair::raw();
    pair.change(Side::Sending, |end| end.run_breaks = Some((1, "Connection reset by peer".to_owned())));
    assert!(failed(&pair).contains("Connection reset by peer"));
    let arrived = |pair: &Pair| {
        pair.world
            .look(|state| state.end(Side::Receiving).dataset("backup/site/data").unwrap().snapshots.len())
    };
    assert_eq!(arrived(&pair), 1);
    pair.run().unwrap();
    assert_eq!(arrived(&pair), 2);
}

#[test]
fn r3_core_has_neither_sudo_nor_an_inherited_encryption() {
    let mut pair = Pair::layered(Way::Push, Encryption::Inherit);
    pair.change(Side::Sending, |end| end.is_core = true);
    pair.refused(&["encryption_inherit", "Unsupported"]);
    pair = clear();
    pair.change(Side::Sending, |end| end.is_core = true);
    pair.wanted.remote_user = "repl".to_owned();
    pair.refused(&["sudo", "Unsupported"]);
    pair.wanted.remote_user = "root".to_owned();
    pair.run().unwrap();
}

#[test]
fn e5_an_appliance_without_a_device_guid_has_nowhere_to_file_a_key() {
    let pair = Pair::layered(Way::Push, Pair::key());
    pair.change(Side::Receiving, |end| end.datasets[0].device_guid = None);
    pair.refused(&["E5", "headquarters", "com.dtctoday:device-guid"]);
}
