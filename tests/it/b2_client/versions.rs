//! Versions of a name: listed, hidden, deleted.

use std::num::NonZeroU16;

use b2_client::files::{Action, Entry, Governance, HideOutcome, ListFiles};
use futures_util::TryStreamExt as _;

use super::{World, file, id};

#[tokio::test]
async fn b2_list_file_names_pages_in_byte_order_and_folds_folders() {
    let (world, bucket) = World::with_bucket().await;
    for name in ["b", "a/2", "Z", "a/1", "ü"] {
        world.upload(&bucket, name, b"x").await;
    }
    let listed = async |request: ListFiles| -> Vec<String> {
        let names =
            world.client.files().list_names(&request).map_ok(|version| version.name.as_str().to_owned());
        names.try_collect().await.unwrap()
    };
    let all = ListFiles::new(bucket.id.clone());
    let paged = all.clone().page_size(NonZeroU16::new(2).unwrap());
    assert_eq!(listed(paged).await, ["Z", "a/1", "a/2", "b", "ü"]);
    assert!(world.granted("b2_list_file_names") >= 3);
    let by_folders = world.client.files().list_names_with_delimiter(&all, "/").map_ok(|entry| match entry {
        Entry::File(version) => version.name.as_str().to_owned(),
        Entry::Folder(start) => format!("folder {start}"),
    });
    assert_eq!(by_folders.try_collect::<Vec<_>>().await.unwrap(), ["Z", "folder a/", "b", "ü"]);
    assert_eq!(listed(all.clone().prefix("a/")).await, ["a/1", "a/2"]);
    assert_eq!(listed(all.clone().start_at("b")).await, ["b", "ü"]);
    assert_eq!(listed(all.start_at("a/")).await, ["a/1", "a/2", "b", "ü"]);
}

#[tokio::test]
async fn b2_list_file_versions_pages_through_versions_of_one_name() {
    let (world, bucket) = World::with_bucket().await;
    let mut expected = Vec::new();
    for content in ["1", "2", "3"] {
        expected.insert(0, id(&world.upload(&bucket, "file", content.as_bytes()).await));
    }
    let one_each = ListFiles::new(bucket.id.clone()).page_size(NonZeroU16::new(1).unwrap());
    let listed = world.client.files().list_versions(&one_each);
    let listed: Vec<_> = listed.map_ok(|version| id(&version)).try_collect().await.unwrap();
    assert_eq!(listed, expected, "the newest first");
    let request = ListFiles::new(bucket.id.clone()).start_at_version(&file("file"), expected[1].clone());
    let from_second = world.client.files().list_versions(&request).map_ok(|version| version.id);
    assert_eq!(from_second.try_collect::<Vec<_>>().await.unwrap(), expected[1..]);
    let names: Vec<_> = world.client.files().list_names(&request).try_collect().await.unwrap();
    assert_eq!(names.len(), 1, "listings of names know no cursor of an id");
}

#[tokio::test]
async fn b2_hide_file_hides_once() {
    let (world, bucket) = World::with_bucket().await;
    world.upload(&bucket, "file", b"x").await;
    let files = world.client.files();
    let HideOutcome::Hidden(marker) = files.hide(&bucket.id, &file("file")).await.unwrap() else {
        panic!("hidden before")
    };
    assert_eq!(marker.action, Action::Hide);
    assert_eq!(files.hide(&bucket.id, &file("file")).await.unwrap(), HideOutcome::AlreadyHidden);
    let names: Vec<_> = files.list_names(&ListFiles::new(bucket.id.clone())).try_collect().await.unwrap();
    assert!(names.is_empty());
}

#[tokio::test]
async fn b2_delete_file_version_uncovers_the_one_below_and_all_go_together() {
    let (world, bucket) = World::with_bucket().await;
    world.upload(&bucket, "file", b"below").await;
    let newest = world.upload(&bucket, "file", b"newest").await;
    let files = world.client.files();
    files.delete_version(&newest.name, &id(&newest), Governance::Respect).await.unwrap();
    assert_eq!(world.sim.b2().read("some-bucket", "file").unwrap(), b"below");
    world.upload(&bucket, "file", b"more").await;
    assert_eq!(files.delete_all_versions(&bucket.id, &file("file"), Governance::Respect).await.unwrap(), 2);
    assert!(world.sim.b2().versions("some-bucket").is_empty());
}
