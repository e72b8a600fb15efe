//! What is refused before anything is written, with its field, and what a run's failure comes to.

use dtc_provision::ports::Way;
use dtc_provision::replication::{Encryption, IN_DATABASE};
use dtc_provision::verify::Verdict;
use dtc_provision::{Error, ErrorKind, Outcome};
use serde_json::json;
use simulator::Fault;
use simulator::truenas::{Release, ServiceState};

use super::{DESTINATION, KEY, SCHEMA, SOURCE, Source, Two, name};

/// Plans, and expects a refusal that writes nothing.
async fn refused(two: &Two, says: &[&str]) -> Error {
    let mark = two.bed.sim.transcript().mark();
    let error = two.apply().await.expect_err(&format!("{says:?}"));
    let shown = format!("{error} {error:?}");
    for words in says {
        assert!(shown.contains(words), "{words:?} is missing: {shown}");
    }
    let written: Vec<String> =
        two.bed.sim.transcript().writes_since(mark).iter().map(|line| line.operation.clone()).collect();
    assert_eq!(written, [""; 0], "{says:?}");
    error
}

async fn pushing(source: Source) -> Two {
    Two::new([Release::default(); 2], Way::Push, source).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_sources_that_cannot_be_sent_are_named() {
    let mut two = pushing(Source::Key).await;
    two.wanted.properties = false;
    two.wanted.encryption = Encryption::Clear;
    two.bed.sim.truenas().lock_dataset(SOURCE).unwrap();
    refused(&two, &[SOURCE, "locked"]).await;
    let two = pushing(Source::Clear).await;
    two.bed.sim.truenas().unmount_dataset(SOURCE).unwrap();
    refused(&two, &[SOURCE, "not mounted"]).await;
    let mut two = pushing(Source::Clear).await;
    two.wanted.sources = vec![name("pool0/nowhere")];
    refused(&two, &["pool0/nowhere", "source_datasets"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_locked_source_is_sent_raw() {
    let two = pushing(Source::Key).await;
    two.bed.sim.truenas().lock_dataset(SOURCE).unwrap();
    let report = two.apply().await.unwrap();
    assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_destination_that_cannot_receive_is_named() {
    let mut two = pushing(Source::Clear).await;
    two.wanted.destination = name("nowhere/site");
    refused(&two, &["nowhere"]).await;
    let mut two = pushing(Source::Clear).await;
    two.wanted.destination = name("pool0/vm-disk");
    refused(&two, &["pool0/vm-disk", "zvol"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_what_stands_at_the_destination_is_never_destroyed() {
    let two = pushing(Source::Clear).await;
    two.two().add_dataset("pool1/site").unwrap();
    two.two().add_dataset(DESTINATION).unwrap();
    two.two().take_snapshots(DESTINATION, SCHEMA);
    refused(&two, &[DESTINATION, "R3", "nothing is ever destroyed"]).await;
    assert!(two.two().snapshots().iter().any(|name| name.starts_with(DESTINATION)));
}

/// What is there without a snapshot has come some other way; and a raw send takes the place of no dataset.
#[tokio::test(flavor = "multi_thread")]
async fn r3_a_destination_that_is_there_without_a_snapshot_stops() {
    let two = pushing(Source::Clear).await;
    two.two().add_dataset("pool1/site").unwrap();
    two.two().add_dataset(DESTINATION).unwrap();
    two.two().write_file(&format!("/mnt/{DESTINATION}/theirs.txt"), b"keep").unwrap();
    refused(&two, &["R3", DESTINATION, "theirs.txt", "nothing is ever destroyed"]).await;
    let two = pushing(Source::Key).await;
    two.two().add_dataset("pool1/site").unwrap();
    two.two().add_dataset(DESTINATION).unwrap();
    refused(&two, &["R4", DESTINATION, "raw"]).await;
    let two = pushing(Source::Clear).await;
    two.two().add_dataset("pool1/site").unwrap();
    two.two().add_dataset(DESTINATION).unwrap();
    let report = two.apply().await.unwrap();
    assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_layers_that_true_nas_would_save_and_fail_with_are_refused() {
    let mut two = pushing(Source::Key).await;
    two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
    refused(&two, &["R4", "properties", "encryption"]).await;
    two.wanted.encryption = Encryption::Clear;
    refused(&two, &["R4", "properties"]).await;
    two.wanted.encryption = Encryption::AsSource;
    two.wanted.properties = false;
    refused(&two, &["R4", "properties"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_key_in_the_database_takes_root_and_a_short_passphrase_is_none() {
    let mut two = pushing(Source::Clear).await;
    two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
    two.wanted.remote_user = "truenas_admin".to_owned();
    refused(&two, &["R5", "encryption_key_location", "/mnt/pool1/"]).await;
    let mut two = pushing(Source::Passphrase).await;
    two.passphrases[0].1 = "seven77".to_owned();
    refused(&two, &["R5", "eight characters"]).await;
    let mut two = pushing(Source::Clear).await;
    two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
    two.own = Some(KEY[1..].to_owned());
    refused(&two, &["R5", "encryption_key", "64 hexadecimal digits"]).await;
    two.own = Some(KEY.to_owned());
    assert_eq!(two.apply().await.unwrap().with(Verdict::Fail).count(), 0);
    assert_eq!(two.records()[0][2], KEY);
    let mut two = pushing(Source::Clear).await;
    two.wanted.encryption = Encryption::Passphrase { location: IN_DATABASE.to_owned() };
    two.own = Some("seven77".to_owned());
    refused(&two, &["R5", "encryption_key", "eight characters"]).await;
}

/// R3: snapshot tasks that do not suit, with TrueNAS's own field.
#[tokio::test(flavor = "multi_thread")]
async fn r3_snapshot_tasks_that_do_not_suit_are_refused_with_the_field() {
    let mut two = pushing(Source::Clear).await;
    let id = two.bind_snapshot_task();
    let sender = two.bed.sim.truenas();
    for (change, says) in [
        (json!({"enabled": false}), "periodic_snapshot_tasks"),
        (json!({"enabled": true, "exclude": ["pool0/docs/contracts"]}), "exclude"),
        (json!({"exclude": [], "recursive": false}), "recursive"),
        (json!({"dataset": "pool0/vm-disk"}), "periodic_snapshot_tasks"),
    ] {
        assert!(sender.change_snapshot_task(id, &change));
        refused(&two, &["R3", says]).await;
    }
    two.wanted.way = Way::Pull;
    refused(&two, &["R3", "periodic_snapshot_tasks", "fetches"]).await;
}

/// R6: what a proof that was cut off has left open is said, and locked by the next run; what a person opens stays open.
#[tokio::test(flavor = "multi_thread")]
async fn r6_what_a_cut_off_proof_left_open_is_found_on_every_release() {
    use dtc_provision::replication::ReplicationItemId::LeftOpen;

    for release in Release::ALL {
        let two = Two::new([release; 2], Way::Push, Source::Passphrase).await;
        two.apply().await.unwrap_or_else(|error| panic!("{release}: {error}\n{error:?}"));
        let left_open = async |two: &Two| {
            let report = two.verify().await.unwrap();
            report.items.into_iter().find(|item| item.id == LeftOpen).unwrap()
        };
        let (property, receiver) = ("com.dtctoday:opened-by-proof", two.two());
        assert_eq!(receiver.user_property(DESTINATION, property), None, "{release}");
        receiver.restore_dataset(DESTINATION).unwrap();
        assert_eq!(left_open(&two).await.verdict, Verdict::Pass, "{release}: a person has opened it");
        receiver.set_user_property(DESTINATION, property, DESTINATION).unwrap();
        let item = left_open(&two).await;
        assert!(item.verdict == Verdict::Fail && item.evidence.contains(DESTINATION), "{release}: {item:?}");
        assert!(!two.plan().await.unwrap().is_empty(), "{release}");
        two.apply().await.unwrap();
        assert_eq!(receiver.user_property(DESTINATION, property), None, "{release}");
        assert!(two.plan().await.unwrap().is_empty(), "{release}");
        assert!(two.unlock().await.unwrap().unlocked.iter().any(|name| name == DESTINATION), "{release}");
    }
}

/// R2: both fingerprints, and nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn r2_another_host_key_than_the_pinned_one_stops_everything() {
    let mut two = pushing(Source::Clear).await;
    let pinned = "SHA256:uNiVztksCsDhcc0u9e8BrMLkFRNTQBYOtHtYcmqMdYA";
    two.wanted.host_key = Some(pinned.to_owned());
    let error = refused(&two, &[pinned, "nothing was sent"]).await;
    assert!(error.to_string().matches("SHA256:").count() >= 2, "{error}");
    assert_eq!(error.outcome(), Outcome::Blocked, "{error}");
}

/// R1: what the plan can mend, it mends, each by consent: home, key, sudo, service.
#[tokio::test(flavor = "multi_thread")]
async fn r1_what_another_user_lacks_is_shown_and_mended() {
    let mut two = pushing(Source::Key).await;
    let client = two.client_of_second().await;
    let user = truenas_client::users::CreateUser::new("repl", "Replication");
    client.users().create(&user, &truenas_client::users::UserPassword::None).await.unwrap();
    two.wanted.remote_user = "repl".to_owned();
    two.two().run_service("ssh", ServiceState::Off);
    let plan = two.plan().await.unwrap();
    let shown = json!(plan).to_string();
    for words in ["home", "sudo", "SSH"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(plan.questions().len(), 2, "{shown}");
    let report = two.apply().await.unwrap();
    assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
    let mended = client.users().named("repl").await.unwrap();
    assert!(mended.home.starts_with("/mnt/"), "{}", mended.home);
    assert_eq!(mended.sudo_commands_nopasswd, ["/usr/sbin/zfs"]);
    assert_eq!(two.two().ssh_keys_of("repl").len(), 1);
}

/// R6: a vault that has another key than the one that opens the destination is data at risk.
#[tokio::test(flavor = "multi_thread")]
async fn r6_a_key_that_does_not_open_the_destination_is_data_at_risk() {
    let two = pushing(Source::Key).await;
    two.apply().await.unwrap();
    let other = KEY.replace("00", "ff");
    two.two().encrypt_dataset_by_key(DESTINATION, &other).unwrap();
    two.two().lock_dataset(DESTINATION).unwrap();
    let report = two.verify().await.unwrap();
    assert_eq!(report.outcome(), Outcome::DataAtRisk, "{report:?}");
}

/// E2, R5: a key that the vault does not give back as it was given is in no task.
#[tokio::test(flavor = "multi_thread")]
async fn r5_a_vault_that_gives_back_another_key_stops_before_the_task() {
    let mut two = pushing(Source::Clear).await;
    two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
    two.bed.sim.itglue().corrupt_writes(1);
    let error = two.apply().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotEscrowed { .. }), "{error:?}");
    assert!(two.bed.sim.truenas().replications().is_empty(), "the task was saved");
    let two = pushing(Source::Key).await;
    two.bed.sim.itglue().corrupt_writes(1);
    assert!(two.apply().await.is_err());
    assert!(two.bed.sim.truenas().replications().is_empty(), "the task was saved");
}

/// E2: where the vault's answer is lost, its record is found by the next look, once.
#[tokio::test(flavor = "multi_thread")]
async fn r5_an_answer_of_the_vault_that_is_lost_leaves_one_record() {
    let two = pushing(Source::Key).await;
    two.bed.sim.faults().on("itglue", "create_password").nth(1).after_effect(Fault::DropConnection);
    let _ = two.apply().await;
    assert!(two.records().len() <= 1);
    let report = two.apply().await.unwrap();
    assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
    assert_eq!(two.records().len(), 1);
}

/// A run that fails says TrueNAS's reason and what it means; the next one goes on.
#[tokio::test(flavor = "multi_thread")]
async fn r6_a_run_that_fails_says_why_and_the_next_one_goes_on() {
    for (reason, meaning) in [
        ("cannot receive incremental stream: No space left on device", "make room"),
        (
            "No incremental base on dataset 'pool1/site/docs' and replication from scratch is not allowed",
            "another",
        ),
        ("ssh: connect to host 192.0.2.19 port 22: Connection timed out", "timed out"),
    ] {
        let two = pushing(Source::Key).await;
        two.bed.sim.truenas().fail_runs(Some(reason));
        let error = two.apply().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReplicationFailed { .. }), "{error:?}");
        let shown = error.to_string();
        assert!(shown.contains(reason) && shown.contains(meaning), "{shown}");
        two.bed.sim.truenas().fail_runs(None);
        let report = two.apply().await.unwrap_or_else(|error| panic!("{reason}: {error}\n{error:?}"));
        assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
        assert_eq!(two.bed.sim.truenas().replications().len(), 1);
    }
}
