//! The account and its keys.

use std::time::Duration;

use b2_client::keys::{CreateKey, KeyCompat, NewKey};
use b2_client::{Capability, ErrorKind, KeyName};
use futures_util::TryStreamExt as _;

use super::{PART, World, client};

/// A key for one bucket that may look around.
async fn looking(world: &World, bucket: &b2_client::buckets::Bucket, compat: KeyCompat) -> NewKey {
    let capabilities = [Capability::ListBuckets, Capability::ListFiles];
    let request = CreateKey::new(KeyName::new("looking").unwrap(), capabilities)
        .in_bucket(bucket.id.clone())
        .valid_for(Duration::from_mins(10))
        .compat(compat);
    world.client.keys().create(&request).await.unwrap()
}

#[tokio::test]
async fn b2_authorize_account_gives_part_sizes_and_scope() {
    let (world, bucket) = World::with_bucket().await;
    let account = world.client.account().await.unwrap();
    assert_eq!(account.id.as_str(), world.sim.b2().account_id());
    assert_eq!((account.minimum_part_size, &account.allowed_buckets), (PART as u64, &None));
    let made = looking(&world, &bucket, KeyCompat::Current).await;
    let scope = client(&world.sim, made.key.id, made.secret).account().await.unwrap();
    assert_eq!(scope.allowed_buckets.as_ref().unwrap()[0].name.as_ref(), Some(&bucket.name));
    assert_eq!(world.granted("b2_authorize_account"), 2);
}

#[tokio::test]
async fn b2_create_key_serves_both_worlds() {
    let (world, bucket) = World::with_bucket().await;
    for (compat, path) in [
        (KeyCompat::V3SingleBucket, "/b2api/v3/b2_create_key"),
        (KeyCompat::Current, "/b2api/v4/b2_create_key"),
    ] {
        let made = looking(&world, &bucket, compat).await;
        assert!(made.key.is_restricted_to(&bucket.id) && made.key.expires.is_some());
        let lines = world.sim.transcript().writes();
        assert_eq!(lines.last().unwrap().json()["path"], path);
    }
}

#[tokio::test]
async fn b2_list_keys_and_b2_delete_key_see_the_same_keys() {
    let (world, bucket) = World::with_bucket().await;
    let made = looking(&world, &bucket, KeyCompat::Current).await;
    let keys = world.client.keys();
    let ids = async || -> Vec<_> { keys.list().map_ok(|key| key.id).try_collect().await.unwrap() };
    assert!(ids().await.contains(&made.key.id));
    keys.delete(&made.key.id).await.unwrap();
    assert!(!ids().await.contains(&made.key.id));
    let dead = client(&world.sim, made.key.id, made.secret).account().await.unwrap_err();
    assert_eq!(*dead.kind(), ErrorKind::CredentialsRejected);
}
