//! Buckets and their settings.

use b2_client::buckets::{
    CorsRule, CreateBucket, DefaultRetention, Encryption, LifecycleRule, ListBuckets, Period, Replication,
    ReplicationRule, ReplicationSource, UpdateBucket, Visibility,
};
use b2_client::notifications::{CustomHeader, EventType, SetNotificationRule, SigningSecret};
use b2_client::{BucketName, ErrorKind, KeyId};
use std::collections::BTreeMap;

use super::World;

#[tokio::test]
async fn b2_create_bucket_sets_everything_but_the_default_retention() {
    let world = World::new().await;
    let rule = LifecycleRule::new("old/").days_from_hiding_to_deleting(1);
    let cors = CorsRule::new("some-rule", ["https://example.com"], ["b2_download_file_by_name"], 60);
    let info = BTreeMap::from([("made-by".to_owned(), "us".to_owned())]);
    let request = CreateBucket::new(BucketName::new("set-up").unwrap(), Visibility::Private)
        .object_lock()
        .encryption(Encryption::SseB2)
        .lifecycle_rules([rule.clone()])
        .cors_rules([cors.clone()])
        .bucket_info(info.clone());
    let made = world.client.buckets().create(&request).await.unwrap();
    assert_eq!((&made.lifecycle_rules, &made.cors_rules, &made.info), (&vec![rule], &vec![cors], &info));
    assert_eq!(made.default_encryption.known(), Some(&Encryption::SseB2));
    let lock = made.file_lock.known().unwrap();
    assert_eq!((lock.enabled, &lock.default_retention), (true, &None));
}

#[tokio::test]
async fn b2_update_bucket_heeds_the_revision() {
    let (world, bucket) = World::with_bucket().await;
    let buckets = world.client.buckets();
    let fortnight = DefaultRetention::compliance(Period::Days(14));
    let update = UpdateBucket::new(bucket.id.clone()).if_revision(bucket.revision);
    let after = buckets.update(&update.clone().default_retention(fortnight.clone())).await.unwrap();
    assert_eq!(after.file_lock.known().unwrap().default_retention, Some(fortnight));
    let stale = buckets.update(&update.encryption(Encryption::SseB2)).await.unwrap_err();
    assert_eq!(*stale.kind(), ErrorKind::RevisionConflict);
    let rule = ReplicationRule::new("some-rule", bucket.id.clone());
    let source = ReplicationSource::new(KeyId::new(world.sim.addresses().b2.key_id.clone()), vec![rule]);
    let update = UpdateBucket::new(bucket.id).replication(Replication::none().source(source.clone()));
    let replicating = buckets.update(&update).await.unwrap();
    assert_eq!(replicating.replication.known().unwrap().as_replication_source, Some(source));
}

#[tokio::test]
async fn b2_list_buckets_finds_by_name_by_id_and_all() {
    let (world, bucket) = World::with_bucket().await;
    let buckets = world.client.buckets();
    assert_eq!(buckets.get(&bucket.name).await.unwrap().unwrap().id, bucket.id);
    assert_eq!(buckets.get(&bucket.id).await.unwrap().unwrap().name, bucket.name);
    assert_eq!(buckets.list(&ListBuckets::new().any_visibility()).await.unwrap().len(), 1);
    assert_eq!(buckets.get(&BucketName::new("no-such").unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn b2_delete_bucket_takes_an_empty_one() {
    let (world, bucket) = World::with_bucket().await;
    world.upload(&bucket, "file", b"x").await;
    let full = world.client.buckets().delete(&bucket.id).await.unwrap_err();
    assert_eq!(*full.kind(), ErrorKind::BucketNotEmpty);
    let empty = CreateBucket::new(BucketName::new("an-empty-one").unwrap(), Visibility::Public);
    let empty = world.client.buckets().create(&empty).await.unwrap();
    world.client.buckets().delete(&empty.id).await.unwrap();
    assert_eq!(world.client.buckets().get(&empty.name).await.unwrap(), None);
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn b2_set_bucket_notification_rules_and_b2_get_bucket_notification_rules_agree() {
    let (world, bucket) = World::with_bucket().await;
    let buckets = world.client.buckets();
    let rule = SetNotificationRule::new("on-upload", [EventType::ObjectCreated], "https://example.com/hook")
        .object_name_prefix("logs/")
        .signing_secret(SigningSecret::new(SECRET))
        .custom_header(CustomHeader::new("authorization", "Bearer hush"));
    let set = buckets.set_notification_rules(&bucket.id, &[rule]).await.unwrap();
    assert_eq!((set.len(), set[0].object_name_prefix.as_str()), (1, "logs/"));
    let read = buckets.notification_rules(&bucket.id).await.unwrap();
    let changed: Vec<_> = read.into_iter().map(|rule| SetNotificationRule::from(rule).disabled()).collect();
    buckets.set_notification_rules(&bucket.id, &changed).await.unwrap();
    let read = buckets.notification_rules(&bucket.id).await.unwrap();
    let target = &read[0].target_configuration;
    assert!(!read[0].is_enabled);
    assert_eq!(target.signing_secret.as_ref().map(SigningSecret::expose), Some(SECRET));
    assert_eq!(target.custom_headers.iter().map(CustomHeader::expose).collect::<Vec<_>>(), ["Bearer hush"]);
    assert!(buckets.set_notification_rules(&bucket.id, &[]).await.unwrap().is_empty());
}
