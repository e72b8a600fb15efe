use std::fs;

use serde_json::json;
use simulator::truenas::Release;
use truenas_client::cloud_credentials::{ApplicationKey, B2Credential};
use truenas_client::cloud_syncs::{
    BandwidthLimit, CloudFolder, CloudSyncSecrets, CreateCloudSync, Direction, EncryptionPassword,
    EncryptionSalt, RestoreCloudSync, Target, TransferMode, UpdateCloudSync,
};
use truenas_client::{CloudCredentialId, Switch};

use super::{LIMIT, World, asked, assert_invalid, assert_rejected, assert_unsupported, failure, refused};

const BUCKET: &str = "backup-bucket";

/// An account's bucket, and a credential for it on the first appliance.
async fn with_bucket(world: &World) -> CloudCredentialId {
    world
        .sim
        .b2()
        .call("b2_create_bucket", json!({"bucketName": BUCKET, "bucketType": "allPrivate"}))
        .unwrap();
    let b2 = &world.sim.addresses().b2;
    let key = ApplicationKey::new(b2.application_key.as_str());
    let credentials = world.client.cloud_credentials();
    credentials.create(&B2Credential::new("b2", b2.key_id.as_str()), &key).await.unwrap().id
}

fn task(credential: CloudCredentialId) -> CreateCloudSync {
    let target = Target::new(BUCKET, "/guid/docs").chunk_mebibytes(96);
    CreateCloudSync::new("/mnt/pool0/docs", credential, target, "0 0 * * *".parse().unwrap())
}

fn secrets() -> CloudSyncSecrets {
    CloudSyncSecrets::new(EncryptionPassword::new("a password"), EncryptionSalt::new("a salt"))
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_read_verified_and_open_their_buckets_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let credentials = world.client.cloud_credentials();
        let id = with_bucket(&world).await;
        assert_eq!(credentials.get(id).await.unwrap().name, "b2", "{release}");
        assert!(credentials.get(CloudCredentialId::new(99)).await.unwrap_err().is_not_found(), "{release}");
        let buckets = credentials.list_buckets(id).await.unwrap();
        assert_eq!((buckets.len(), buckets[0].name.as_str()), (1, BUCKET), "{release}");
        assert!(credentials.list_buckets(CloudCredentialId::new(99)).await.unwrap_err().is_not_found());
        let b2 = &world.sim.addresses().b2;
        let key = ApplicationKey::new(b2.application_key.as_str());
        assert!(credentials.verify(&b2.key_id, &key).await.unwrap().valid, "{release}");
        let made = credentials.create_bucket(id, "another-bucket").await;
        if world.is_core() {
            assert_unsupported(made);
        } else {
            assert_rejected(made, "can't create buckets");
        }
        let providers = world.client.cloud_syncs().providers().await.unwrap();
        let b2 = providers.iter().find(|provider| provider.name == "B2").unwrap();
        assert!(
            b2.buckets && b2.settings.iter().any(|setting| setting.property == "chunk_size"),
            "{release}"
        );
    }
}

/// Gotcha 9: what would become a line of its own in rclone's configuration is never sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_would_break_rclones_configuration_is_refused_before_it_is_sent() {
    let world = World::of(Release::default()).await;
    let credentials = world.client.cloud_credentials();
    let id = with_bucket(&world).await;
    let mark = world.sim.transcript().mark();
    for wrong in ["a\nb", "a\rb", " a", "a ", "", "`a", "\"\"\"a", "'''a", "a\u{0}"] {
        let key = ApplicationKey::new(wrong);
        assert_invalid(credentials.create(&B2Credential::new("x", "0051"), &key).await);
        assert_invalid(credentials.update(id, &B2Credential::new("x", "0051"), &key).await);
        assert_invalid(credentials.verify("0051", &key).await);
        let key = ApplicationKey::new("K005");
        assert_invalid(credentials.create(&B2Credential::new("x", wrong), &key).await);
    }
    assert_eq!(world.sim.transcript().since(mark).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_tried_run_listed_brought_back_and_deleted_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.cloud_syncs();
        let credential = with_bucket(&world).await;
        let made = tasks.create(&task(credential), &secrets()).await.unwrap();
        tasks.run_dry(made.id).await.unwrap().wait(LIMIT).await.unwrap();
        assert_eq!(world.sim.b2().versions(BUCKET).len(), 0, "{release}: a trial sends nothing");
        tasks.run(made.id).await.unwrap().wait(LIMIT).await.unwrap();
        let folder = CloudFolder::new(credential, BUCKET, "/guid/docs/");
        let found = tasks.list_directory(&folder, Some(&secrets())).await.unwrap();
        let hidden = found.iter().find(|file| file.name == ".hidden.bin").unwrap();
        assert!(!hidden.is_dir && hidden.size > 0, "{release}");
        assert!(found.iter().any(|file| file.is_dir && file.name == "contracts"), "{release}");
        let nowhere = CloudFolder::new(credential, BUCKET, "/nowhere");
        assert_rejected(tasks.list_directory(&nowhere, None).await, "directory not found");
        let back = RestoreCloudSync::new("back", "/mnt/pool1/projects");
        let back = tasks.restore(made.id, &back).await.unwrap();
        assert_eq!(
            (&back.direction, &back.transfer_mode),
            (&Direction::Pull, &TransferMode::Copy),
            "{release}"
        );
        assert!(!back.enabled && back.encryption, "{release}");
        tasks.run(back.id).await.unwrap().wait(LIMIT).await.unwrap();
        let read = |path: &str| fs::read(world.one().real_path(path).unwrap()).unwrap();
        let deep = "contracts/one block.bin";
        let restored = read(&format!("/mnt/pool1/projects/{deep}"));
        assert_eq!(restored, read(&format!("/mnt/pool0/docs/{deep}")), "{release}");
        assert!(!tasks.abort(made.id).await.unwrap(), "{release}: nothing runs");
        tasks.delete(made.id).await.unwrap();
        assert!(tasks.get(made.id).await.unwrap_err().is_not_found(), "{release}");
        assert!(tasks.delete(made.id).await.unwrap_err().is_not_found(), "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_without_a_task_sends_once_and_its_refusal_is_the_jobs() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.cloud_syncs();
        let credential = with_bucket(&world).await;
        let trial = tasks.run_once(&task(credential), &secrets(), Switch::On).await.unwrap();
        trial.wait(LIMIT).await.unwrap();
        assert_eq!(world.sim.b2().versions(BUCKET).len(), 0, "{release}");
        tasks.run_once(&task(credential), &secrets(), Switch::Off).await.unwrap().wait(LIMIT).await.unwrap();
        assert!(!world.sim.b2().versions(BUCKET).is_empty(), "{release}");
        let unknown =
            tasks.run_once(&task(CloudCredentialId::new(99)), &secrets(), Switch::Off).await.unwrap();
        assert_eq!(refused(unknown.wait(LIMIT).await), ["cloud_sync_sync_onetime.credentials"], "{release}");
        world.one().lock_dataset("pool0/docs").unwrap();
        let locked = tasks.run_once(&task(credential), &secrets(), Switch::Off).await.unwrap();
        assert!(failure(locked.wait(LIMIT).await).contains("Dataset is locked"), "{release}");
        assert_eq!(tasks.list().await.unwrap().len(), 0, "{release}");
    }
}

/// Gotcha 24: a task that fetches lists the bucket while it is created, and is refused when its folder is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_fetches_needs_its_folder_when_it_is_created() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let credential = with_bucket(&world).await;
        let fetches = task(credential).direction(Direction::Pull).transfer_mode(TransferMode::Copy);
        let fields = refused(world.client.cloud_syncs().create(&fetches, &secrets()).await);
        assert_eq!(fields, ["cloud_sync_create.attributes.folder"], "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_the_appliance_holds_late_are_held_before_anything_is_sent() {
    let world = World::of(Release::default()).await;
    let tasks = world.client.cloud_syncs();
    let credential = with_bucket(&world).await;
    let made = tasks.create(&task(credential), &secrets()).await.unwrap();
    let mark = world.sim.transcript().mark();
    let at = |time: &str| BandwidthLimit::new(time.parse().unwrap(), 1_000);
    let falling = [at("18:00"), at("8:00")];
    assert_invalid(tasks.create(&task(credential).bandwidth_limits(falling), &secrets()).await);
    let changes = UpdateCloudSync::new().bandwidth_limits(falling);
    assert_invalid(tasks.update(made.id, &changes, None).await);
    let small = Target::new(BUCKET, "/x").chunk_mebibytes(4);
    assert_invalid(tasks.update(made.id, &UpdateCloudSync::new().target(&small), None).await);
    let outside =
        CreateCloudSync::new("/etc", credential, Target::new(BUCKET, "/x"), "0 0 * * *".parse().unwrap());
    assert_invalid(tasks.create(&outside, &secrets()).await);
    assert_invalid(tasks.run_once(&outside, &secrets(), Switch::Off).await);
    assert_invalid(tasks.restore(made.id, &RestoreCloudSync::new("x", "/mnt/../etc")).await);
    assert_eq!(asked(&world.sim, mark), [""; 0]);
    // "8:00" is sent as "08:00", which stands before "18:00" as a text, too.
    let rising = UpdateCloudSync::new().bandwidth_limits([at("8:00"), at("18:00")]);
    let held = tasks.update(made.id, &rising, None).await.unwrap().bandwidth_limits;
    assert_eq!(held[0].time.to_string(), "08:00");
}
