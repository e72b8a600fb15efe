//! What the service has changed: encryption by default, and refusals of locks.

use std::collections::BTreeMap;

use b2_client::buckets::{CreateBucket, Encryption, UpdateBucket, Visibility};
use b2_client::files::{FileRetention, Governance, LegalHold};
use b2_client::keys::CreateKey;
use b2_client::{BucketName, Capability, Error, ErrorKind, KeyName, UnixMillis};
use simulator::Fault;
use simulator::b2::Unencrypted;

use super::{World, client, id};

fn create(name: &str) -> CreateBucket {
    CreateBucket::new(BucketName::new(name).unwrap(), Visibility::Private)
}

#[tokio::test]
async fn a_bucket_whose_answer_was_lost_is_adopted_whatever_the_services_defaults_are() {
    let world = World::new().await;
    let faults = world.sim.faults();
    for (name, request) in [
        ("plain-bucket", create("plain-bucket")),
        ("stated-bucket", create("stated-bucket").encryption(Encryption::SseB2)),
        ("locked-bucket", create("locked-bucket").object_lock()),
    ] {
        faults.on("b2", "b2_create_bucket").after_effect(Fault::DropConnection);
        let made = world.client.buckets().create(&request).await.unwrap();
        assert_eq!((made.name.as_str(), made.default_encryption.known()), (name, Some(&Encryption::SseB2)));
    }
    let taken = world.client.buckets().create(&create("plain-bucket")).await.unwrap_err();
    assert_eq!(*taken.kind(), ErrorKind::NameTaken, "nothing was lost");
    faults.on("b2", "b2_create_bucket").before_effect(Fault::ExpireToken);
    let taken = world.client.buckets().create(&create("plain-bucket")).await.unwrap_err();
    assert_eq!(*taken.kind(), ErrorKind::NameTaken, "a renewed token is no lost answer");
}

#[tokio::test]
async fn a_bucket_of_before_is_read_and_reset() {
    for spelling in [Unencrypted::Null, Unencrypted::None] {
        let (world, bucket) = World::with_bucket().await;
        assert!(world.sim.b2().set_unencrypted(bucket.name.as_str(), spelling));
        let file = world.upload(&bucket, "x", b"1").await;
        assert_eq!(file.encryption, Encryption::None);
        let buckets = world.client.buckets();
        let read = buckets.get(&bucket.name).await.unwrap().unwrap();
        assert_eq!(read.default_encryption.known(), Some(&Encryption::None));
        let other = UpdateBucket::new(bucket.id.clone()).bucket_info(BTreeMap::new());
        assert_eq!(buckets.update(&other).await.unwrap().default_encryption.known(), Some(&Encryption::None));
        let reset = UpdateBucket::new(bucket.id.clone()).reset_encryption();
        assert_eq!(
            buckets.update(&reset).await.unwrap().default_encryption.known(),
            Some(&Encryption::SseB2)
        );
        assert_eq!(world.upload(&bucket, "x", b"2").await.encryption, Encryption::SseB2);
    }
}

#[tokio::test]
async fn every_refusal_about_a_lock_has_its_kind() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, "file", b"x").await;
    let until = |hours: i64| UnixMillis::new(version.uploaded.get() + hours * 3_600_000);
    let files = world.client.files();
    let long = FileRetention::governance(until(5));
    files.update_retention(&version.name, &id(&version), &long, Governance::Respect).await.unwrap();

    let holder = async |capabilities: &[Capability]| {
        let request = CreateKey::new(KeyName::new("narrow").unwrap(), capabilities.iter().cloned());
        let made = world.client.keys().create(&request).await.unwrap();
        client(&world.sim, made.key.id, made.secret)
    };
    let missing = |capability| Err(ErrorKind::Unauthorized { missing: vec![capability] });
    let kind =
        |outcome: Result<FileRetention, Error>| outcome.map(drop).map_err(|error| error.kind().clone());
    let retains = holder(&[Capability::WriteFileRetentions]).await;
    let deletes = holder(&[Capability::DeleteFiles]).await;
    let shorter = FileRetention::governance(until(1));
    let past = FileRetention::governance(UnixMillis::new(1));
    let longer = FileRetention::governance(until(6));
    for (who, retention, governance, expected) in [
        (&world.client, &shorter, Governance::Respect, Err(ErrorKind::Locked)),
        (&retains, &shorter, Governance::Respect, Err(ErrorKind::Locked)),
        (&retains, &shorter, Governance::Bypass, missing(Capability::BypassGovernance)),
        (&deletes, &longer, Governance::Respect, missing(Capability::WriteFileRetentions)),
        (&world.client, &past, Governance::Bypass, Err(ErrorKind::InvalidRequest)),
        (&retains, &longer, Governance::Respect, Ok(())),
    ] {
        let outcome = who.files().update_retention(&version.name, &id(&version), retention, governance).await;
        assert_eq!(kind(outcome), expected, "{retention:?} {governance:?}");
    }
    let held = retains.files().update_legal_hold(&version.name, &id(&version), &LegalHold::On).await;
    let expected = ErrorKind::Unauthorized { missing: vec![Capability::WriteFileLegalHolds] };
    assert_eq!(*held.unwrap_err().kind(), expected);
    for (who, governance, expected) in [
        (&deletes, Governance::Respect, ErrorKind::Locked),
        (
            &deletes,
            Governance::Bypass,
            ErrorKind::Unauthorized { missing: vec![Capability::BypassGovernance] },
        ),
        (&retains, Governance::Respect, ErrorKind::Unauthorized { missing: vec![Capability::DeleteFiles] }),
    ] {
        let refused = who.files().delete_version(&version.name, &id(&version), governance).await.unwrap_err();
        assert_eq!(*refused.kind(), expected, "{governance:?}");
    }
}

#[tokio::test]
async fn an_absent_version_is_absent_also_after_a_renewed_token() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, "file", b"x").await;
    let delete =
        async || world.client.files().delete_version(&version.name, &id(&version), Governance::Respect).await;
    let faults = world.sim.faults();
    faults.on("b2", "b2_delete_file_version").after_effect(Fault::DropConnection);
    delete().await.unwrap();
    faults.on("b2", "b2_delete_file_version").before_effect(Fault::ExpireToken);
    assert!(delete().await.unwrap_err().is_not_found());
}
