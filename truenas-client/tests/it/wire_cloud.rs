//! Cloud credentials and cloud sync tasks on the wire.

use serde_json::{Value, json};
use truenas_client::cloud_credentials::{ApplicationKey, B2Credential, Provider};
use truenas_client::cloud_syncs::{
    BandwidthLimit, CloudSync, CloudSyncSecrets, CreateCloudSync, Direction, EncryptionPassword,
    EncryptionSalt, Target, TransferMode, UpdateCloudSync,
};
use truenas_client::{CloudCredentialId, CloudSyncId, ErrorKind, JobId, Redactable, Switch};

use crate::nas::{Nas, refusal};

const SECRET: &str = "K005-the-application-key";

fn credential() -> Value {
    json!({"id": 5, "name": "backup", "provider": {"type": "B2", "account": "0051", "key": SECRET}})
}

#[tokio::test]
async fn credentials_are_listed_with_what_the_appliance_shows() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.credentials.query", json!([
        credential(),
        {"id": 6, "name": "hidden", "provider": {"type": "B2", "account": "********", "key": "********"}},
        {"id": 7, "name": "files", "provider": {"type": "FTP", "host": "x", "port": 21, "user": "u", "pass": "p"}}]));
    let found = nas.client().await.cloud_credentials().list().await.unwrap();
    let Provider::B2 { account: Some(account), key: Redactable::Clear(key) } = &found[0].provider else {
        unreachable!()
    };
    assert_eq!((account.as_str(), key.expose()), ("0051", SECRET));
    assert!(matches!(found[1].provider, Provider::B2 { account: None, key: Redactable::Redacted }));
    assert!(matches!(&found[2].provider, Provider::Other(kind) if kind == "FTP"));
    assert!(!format!("{found:?}").contains(SECRET));
}

#[tokio::test]
async fn a_credential_is_verified_stored_replaced_and_deleted() {
    let nas = Nas::start().await;
    nas.answers(
        "cloudsync.credentials.verify",
        json!({"valid": false, "error": "401", "excerpt": format!("key {SECRET}: bad")}),
    );
    nas.answers("cloudsync.credentials.create", credential())
        .answers("cloudsync.credentials.update", credential());
    nas.answers("cloudsync.credentials.delete", json!(true));
    let client = nas.client().await;
    let (credentials, key) = (client.cloud_credentials(), ApplicationKey::new(SECRET));

    let said = credentials.verify("0051", &key).await.unwrap();
    assert_eq!((said.valid, said.excerpt.as_deref()), (false, Some("key [redacted]: bad")));
    let made = credentials.create(&B2Credential::new("backup", "0051"), &key).await.unwrap();
    credentials.update(made.id, &B2Credential::new("backup", "0051"), &key).await.unwrap();
    credentials.delete(made.id).await.unwrap();

    let provider = json!({"type": "B2", "account": "0051", "key": SECRET});
    let body = json!({"name": "backup", "provider": provider});
    assert_eq!(nas.asked_once("cloudsync.credentials.verify"), json!([provider]));
    assert_eq!(nas.asked_once("cloudsync.credentials.create"), json!([body]));
    assert_eq!(nas.asked_once("cloudsync.credentials.update"), json!([5, body]));
    assert_eq!(nas.asked_once("cloudsync.credentials.delete"), json!([5]));
}

#[tokio::test]
async fn a_secret_that_the_appliance_repeats_stays_out_of_the_error() {
    let nas = Nas::start().await;
    nas.on(
        "cloudsync.credentials.create",
        [refusal(14, "EFAULT", &format!("rclone: {SECRET} is malformed"))],
    );
    let credential = B2Credential::new("backup", "0051");
    let error = nas
        .client()
        .await
        .cloud_credentials()
        .create(&credential, &ApplicationKey::new(SECRET))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("[redacted] is malformed"), "{error}");
    assert!(!format!("{error:?}").contains(SECRET));
}

fn sent() -> Value {
    json!({"description": "Tank Cloud Backup", "direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/tank", "credentials": 5,
        "attributes": {"bucket": "bucket-1", "folder": "/guid/tank", "fast_list": true, "chunk_size": 96},
        "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}, "encryption": true,
        "filename_encryption": false, "encryption_password": "the-password", "encryption_salt": "the-salt",
        "exclude": ["/Archive/**", "/archive/**"], "follow_symlinks": false, "snapshot": false,
        "bwlimit": [{"time": "00:00", "bandwidth": 10_000_000}, {"time": "08:00", "bandwidth": 2_500_000},
            {"time": "18:00", "bandwidth": null}], "pre_script": "", "post_script": "", "args": "", "enabled": false})
}

fn entry() -> Value {
    let mut entry = sent();
    entry["schedule"]["minute"] = "00".into();
    entry["credentials"] = credential();
    for (field, value) in [
        ("id", json!(9)),
        ("locked", json!(false)),
        ("job", Value::Null),
        ("include", json!([])),
        ("transfers", Value::Null),
        ("create_empty_src_dirs", json!(false)),
    ] {
        entry[field] = value;
    }
    entry
}

fn task() -> CreateCloudSync {
    let at = |time: &str| time.parse().unwrap();
    let target = Target::new("bucket-1", "/guid/tank").fast_list(Switch::On).chunk_mebibytes(96);
    CreateCloudSync::new("/mnt/tank", CloudCredentialId::new(5), target, "0 0 * * *".parse().unwrap())
        .description("Tank Cloud Backup")
        .exclude(["/Archive/**", "/archive/**"])
        .bandwidth_limits([
            BandwidthLimit::new(at("00:00"), 10_000_000),
            BandwidthLimit::new(at("08:00"), 2_500_000),
            BandwidthLimit::unlimited(at("18:00")),
        ])
        .enabled(Switch::Off)
}

fn secrets() -> CloudSyncSecrets {
    CloudSyncSecrets::new(EncryptionPassword::new("the-password"), EncryptionSalt::new("the-salt"))
}

#[tokio::test]
async fn c2_a_task_is_created_whole_and_read_back_as_it_was_sent() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.create", entry());
    let made = nas.client().await.cloud_syncs().create(&task(), &secrets()).await.unwrap();
    assert_eq!(nas.asked_once("cloudsync.create"), json!([sent()]));
    assert_eq!(
        (made.id, &made.direction, &made.transfer_mode),
        (CloudSyncId::new(9), &Direction::Push, &TransferMode::Sync)
    );
    assert_eq!(made.schedule, "0 0 * * *".parse().unwrap());
    assert_eq!(made.target, Target::new("bucket-1", "/guid/tank").fast_list(Switch::On).chunk_mebibytes(96));
    assert_eq!(made.bandwidth_limits[1].bytes_per_second, Some(2_500_000));
    assert_eq!(made.encryption_password.clear().unwrap().expose(), "the-password");
    assert!(made.pre_script.is_absent() && made.job.is_none() && !made.enabled);
    let shown = format!("{made:?} {:?}", secrets());
    assert!(!shown.contains("the-password") && !shown.contains("the-salt") && !shown.contains(SECRET));
}

#[tokio::test]
async fn c2a_what_the_appliance_hides_is_unknown_and_never_written_back() {
    let nas = Nas::start().await;
    let mut hidden = entry();
    (hidden["encryption_password"], hidden["encryption_salt"]) = (json!("********"), json!("********"));
    (hidden["pre_script"], hidden["job"]) =
        (json!("token=1"), json!({"id": 4, "method": "cloudsync.sync", "state": "RUNNING"}));
    nas.answers("cloudsync.query", json!([hidden])).answers("cloudsync.update", hidden.clone());
    let client = nas.client().await;
    let read = client.cloud_syncs().get(CloudSyncId::new(9)).await.unwrap();
    assert!(read.encryption_password.is_redacted() && read.encryption_salt.is_redacted());
    assert_eq!(read.job.as_ref().unwrap().id, JobId::new(4));
    assert!(!format!("{read:?}").contains("token=1"));
    assert_eq!(nas.asked_once("cloudsync.query"), json!([[["id", "=", 9]], {}]));

    let placeholder =
        CloudSyncSecrets::new(EncryptionPassword::new("********"), EncryptionSalt::new("********"));
    let changes = UpdateCloudSync::new().enabled(Switch::On);
    client.cloud_syncs().update(CloudSyncId::new(9), &changes, Some(&placeholder)).await.unwrap();
    assert_eq!(nas.asked_once("cloudsync.update"), json!([9, {"enabled": true, "encryption": true}]));
    let error = client.cloud_syncs().create(&task(), &placeholder).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RedactedSecret { .. }));
    assert!(nas.asked("cloudsync.create").is_empty());
}

#[tokio::test]
async fn c4_a_task_is_updated_in_place() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.update", entry());
    let (client, id) = (nas.client().await, CloudSyncId::new(9));
    let tasks = client.cloud_syncs();
    let found: CloudSync = serde_json::from_value(entry()).unwrap();
    tasks.update(id, &UpdateCloudSync::matching(&task(), &found), Some(&secrets())).await.unwrap();
    tasks.update(id, &UpdateCloudSync::new().enabled(Switch::On), None).await.unwrap();
    let narrow =
        UpdateCloudSync::new().bandwidth_limits([]).exclude(["/Archive/**"]).target(&Target::new("b", "f"));
    tasks.update(id, &narrow.schedule(&"5 1 * * *".parse().unwrap()), None).await.unwrap();
    let mut whole = sent();
    (whole["transfers"], whole["include"], whole["create_empty_src_dirs"]) =
        (Value::Null, json!([]), json!(false));
    let schedule = json!({"minute": "5", "hour": "1", "dom": "*", "month": "*", "dow": "*"});
    let narrow = json!({"bwlimit": [], "exclude": ["/Archive/**"], "attributes": {"bucket": "b", "folder": "f"}, "schedule": schedule});
    assert_eq!(
        nas.asked("cloudsync.update"),
        [json!([9, whole]), json!([9, {"enabled": true}]), json!([9, narrow])]
    );
}

#[tokio::test]
async fn v1_a_task_is_run_as_a_job_and_aborted() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.sync", json!(4))
        .answers("core.get_jobs", json!([{"id": 4, "arguments": [9]}]))
        .answers("cloudsync.abort", json!(false))
        .answers("cloudsync.query", json!([]));
    let client = nas.client().await;
    assert_eq!(client.cloud_syncs().run(CloudSyncId::new(9)).await.unwrap().id(), JobId::new(4));
    assert!(!client.cloud_syncs().abort(CloudSyncId::new(9)).await.unwrap());
    assert_eq!(nas.asked_once("cloudsync.sync"), json!([9]));
    assert_eq!(nas.asked_once("cloudsync.abort"), json!([9]));
    assert!(client.cloud_syncs().list().await.unwrap().is_empty());
    assert!(client.cloud_syncs().get(CloudSyncId::new(9)).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_request_that_the_appliance_would_hang_up_on_is_not_sent() {
    let nas = Nas::start().await;
    let filters = (0..3000).map(|n| format!("/a-folder-with-a-long-name-{n}/**"));
    let error =
        nas.client().await.cloud_syncs().create(&task().exclude(filters), &secrets()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLong { limit: 65_536, .. }));
    assert!(nas.asked("cloudsync.create").is_empty());
}

/// Options make every start of every task share one lock, on every release: the job that is answered may be another task's.
#[tokio::test]
async fn a_trial_that_was_answered_with_another_tasks_job_is_not_started() {
    for (arguments, is_ours) in
        [(json!([1, {"dry_run": true}]), true), (json!([2, {"dry_run": true}]), false)]
    {
        let nas = Nas::start().await;
        nas.answers("cloudsync.sync", json!(4));
        nas.answers("core.get_jobs", json!([{"id": 4, "state": "WAITING", "arguments": arguments}]));
        let started = nas.client().await.cloud_syncs().run_dry(CloudSyncId::new(1)).await;
        assert_eq!(nas.asked_once("cloudsync.sync"), json!([1, {"dry_run": true}]));
        assert_eq!(started.is_ok(), is_ours);
    }
}
