//! A service that answers by short pages, and that shows a new bucket a little later.

use b2_client::buckets::{Bucket, CreateBucket, Encryption, UpdateBucket, Visibility};
use b2_client::files::{Entry, Governance, ListFiles};
use b2_client::keys::CreateKey;
use b2_client::{BucketName, Capability, KeyName};
use futures_util::TryStreamExt as _;
use serde_json::json;
use simulator::Fault;
use simulator::b2::Settings;

use super::{World, file};

#[tokio::test]
async fn every_listing_goes_on_past_short_and_empty_pages() {
    let (world, bucket) = World::with_bucket_of(Settings::default().short_pages()).await;
    let names: Vec<String> = (0..40).map(|number| format!("{}/{number:02}", number / 10)).collect();
    for name in &names {
        world.sim.b2().put("some-bucket", name, b"x").unwrap();
        let begin = json!({"bucketId": bucket.id.as_str(), "fileName": format!("up/{name}"), "contentType": "b2/x-auto"});
        world.sim.b2().call("b2_start_large_file", begin).unwrap();
        world.sim.b2().put("some-bucket", "often", name.as_bytes()).unwrap();
    }
    let files = world.client.files();
    let all = ListFiles::new(bucket.id.clone());
    let listed: Vec<_> =
        files.list_names(&all).map_ok(|file| file.name.to_string()).try_collect().await.unwrap();
    assert_eq!((listed.len(), &listed[..40]), (41, &names[..]));
    assert_eq!(files.list_versions(&all).try_collect::<Vec<_>>().await.unwrap().len(), 120);
    let folders: Vec<_> = files.list_names_with_delimiter(&all, "/").try_collect().await.unwrap();
    let is_folder = |entry: &&Entry| matches!(entry, Entry::Folder(_));
    assert_eq!((folders.iter().filter(is_folder).count(), folders.len()), (4, 5));
    assert_eq!(files.list_unfinished(&bucket.id, "up/").try_collect::<Vec<_>>().await.unwrap().len(), 40);
    let often = file("often");
    assert_eq!(files.delete_all_versions(&bucket.id, &often, Governance::Respect).await.unwrap(), 40);
    let keys = world.client.keys();
    for _ in 0..10 {
        keys.create(&CreateKey::new(KeyName::new("one").unwrap(), [Capability::ListFiles])).await.unwrap();
    }
    assert_eq!(keys.list().try_collect::<Vec<_>>().await.unwrap().len(), 11);
}

#[tokio::test]
async fn gotcha_23_a_bucket_whose_making_was_not_answered_is_found_though_it_shows_late() {
    let world = World::of(Settings::default().new_buckets_unseen(2)).await;
    world.sim.faults().on("b2", "b2_create_bucket").after_effect(Fault::DropConnection);
    let name = BucketName::new("shown-late").unwrap();
    let made =
        world.client.buckets().create(&CreateBucket::new(name.clone(), Visibility::Private)).await.unwrap();
    assert_eq!(made.name, name);
    assert!(world.granted("b2_list_buckets") > 2);
    assert_eq!(world.client.buckets().get(&name).await.unwrap().unwrap().id, made.id);
}

#[tokio::test]
async fn gotcha_23_a_bucket_that_was_just_made_is_used_before_it_shows() {
    let (world, bucket) = World::with_bucket_of(Settings::default().new_buckets_unseen(2)).await;
    assert_eq!(world.client.buckets().get(&bucket.name).await.unwrap(), None);
    world.upload(&bucket, "file", b"x").await;
    assert_eq!(world.client.buckets().get(&bucket.name).await.unwrap(), None);
    assert_eq!(world.client.buckets().get(&bucket.name).await.unwrap().unwrap().id, bucket.id);
}

#[tokio::test]
async fn gotcha_23_a_bucket_that_was_just_made_is_modified_before_it_shows() {
    let (world, bucket) = World::with_bucket_of(Settings::default().new_buckets_unseen(2)).await;
    let sealed = |found: &Bucket| Some(UpdateBucket::new(found.id.clone()).encryption(Encryption::SseB2));
    let after = world.client.buckets().modify(&bucket.id, sealed).await.unwrap();
    assert_eq!(after.default_encryption.known(), Some(&Encryption::SseB2));
}
