//! Large files: in parts up, within the service, and given up.

use b2_client::files::{CopyFile, Download, Files, Sha1, Source, UploadFile};
use b2_client::{ApplicationKey, CustomerKey, ErrorKind, KeyId};
use futures_util::TryStreamExt as _;
use serde_json::json;
use simulator::Fault;

use super::{PART, World, client, file, id};

/// More than two parts.
fn content() -> Vec<u8> {
    (0..u32::try_from(2 * PART + 12_345).unwrap()).map(|i| (i ^ (i >> 9)).to_le_bytes()[0]).collect()
}

/// Begins a large file as another process would, and leaves it with one part.
fn begun(world: &World, bucket: &b2_client::buckets::Bucket, name: &str) -> b2_client::FileId {
    let start = json!({"bucketId": bucket.id.as_str(), "fileName": name, "contentType": "b2/x-auto"});
    let begun = world.sim.b2().call("b2_start_large_file", start).unwrap()["fileId"].clone();
    let part = world.sim.b2().put("some-bucket", "part", &content()[..PART]).unwrap();
    let copy = json!({"sourceFileId": part, "largeFileId": begun, "partNumber": 1});
    world.sim.b2().call("b2_copy_part", copy).unwrap();
    b2_client::FileId::new(begun.as_str().unwrap())
}

/// Uploads [`content`] as a process would that ends after its second part.
async fn interrupted(world: &World, files: Files<'_>, request: &UploadFile) {
    let faults = world.sim.faults();
    faults.on("b2", "b2_upload_part").nth(3).times(100).before_effect(Fault::DropConnection);
    faults.on("b2", "b2_cancel_large_file").times(100).before_effect(Fault::DropConnection);
    let one_at_a_time = request.clone().parallel(1.try_into().unwrap());
    files.upload(&one_at_a_time, Source::bytes(content())).await.unwrap_err();
    faults.clear();
}

#[tokio::test]
async fn b2_start_large_file_b2_upload_part_and_b2_finish_large_file_make_one_file() {
    let (world, bucket) = World::with_bucket().await;
    let request = UploadFile::new(bucket.id.clone(), file("large"));
    let version = world.client.files().upload(&request, Source::bytes(content())).await.unwrap();
    assert_eq!(version.whole_sha1(), Some(Sha1::of(&content())));
    assert!(world.sim.b2().read("some-bucket", "large").unwrap() == content());
    let once = ["b2_start_large_file", "b2_finish_large_file"].map(|operation| world.granted(operation));
    assert_eq!((once, world.granted("b2_upload_part")), ([1, 1], 3));
    assert!((1..=3).contains(&world.granted("b2_get_upload_part_url")), "one for each part sent at a time");
    let down = world.client.files().download(&Download::by_id(id(&version))).await.unwrap();
    assert!(down.is_verified() && down.bytes().await.unwrap() == content());
}

#[tokio::test]
async fn b2_copy_part_copies_what_is_too_large_for_one_call() {
    let (world, bucket) = World::with_bucket().await;
    let request = UploadFile::new(bucket.id.clone(), file("large"));
    let source = world.client.files().upload(&request, Source::bytes(content())).await.unwrap();
    let too_large = Fault::refuse(400, "source_too_large", "more than 5 GB");
    world.sim.faults().on("b2", "b2_copy_file").before_effect(too_large);
    let copy = world.client.files().copy(&CopyFile::new(id(&source), file("copy"))).await.unwrap();
    assert_eq!((copy.whole_sha1(), world.granted("b2_copy_part")), (source.whole_sha1(), 3));
    assert!(world.sim.b2().read("some-bucket", "copy").unwrap() == content());
}

#[tokio::test]
async fn b2_list_unfinished_large_files_and_b2_list_parts_lead_a_resumed_upload() {
    let (world, bucket) = World::with_bucket().await;
    let files = world.client.files();
    let request = UploadFile::new(bucket.id.clone(), file("large"));
    interrupted(&world, files, &request).await;
    let left: Vec<_> = files.list_unfinished(&bucket.id, "la").try_collect().await.unwrap();
    let parts: Vec<_> = files.list_parts(&id(&left[0])).try_collect().await.unwrap();
    assert_eq!(parts.iter().map(|part| part.part_number).collect::<Vec<_>>(), [1, 2]);
    let before = world.granted("b2_upload_part");
    let version = files.upload(&request.resume(), Source::bytes(content())).await.unwrap();
    assert_eq!((&version.id, world.granted("b2_upload_part") - before), (&left[0].id, 1));
    assert!(world.sim.b2().read("some-bucket", "large").unwrap() == content());
}

#[tokio::test]
async fn an_unfinished_file_in_other_parts_is_not_gone_on_with_and_not_touched() {
    let (world, bucket) = World::with_bucket().await;
    let files = world.client.files();
    let request = UploadFile::new(bucket.id.clone(), file("large"));
    interrupted(&world, files, &request).await;
    let other = request.part_size(PART as u64 + 1_000_000).resume();
    files.upload(&other, Source::bytes(content())).await.unwrap();
    assert!(world.sim.b2().read("some-bucket", "large").unwrap() == content());
    let left: Vec<_> = files.list_unfinished(&bucket.id, "large").try_collect().await.unwrap();
    let parts: Vec<_> = files.list_parts(&id(&left[0])).try_collect().await.unwrap();
    assert_eq!((left.len(), parts.len()), (1, 2));
}

#[tokio::test]
async fn an_unfinished_file_is_gone_on_with_under_its_customers_key_alone() {
    let (world, bucket) = World::with_bucket().await;
    let (plain, key) = (world.client.files(), CustomerKey::new([7; 32]));
    let request = UploadFile::new(bucket.id.clone(), file("large"));
    for (first, second) in [(plain, plain.with_customer_key(&key)), (plain.with_customer_key(&key), plain)] {
        interrupted(&world, first, &request).await;
        let left: Vec<_> = plain.list_unfinished(&bucket.id, "large").try_collect().await.unwrap();
        let done = second.upload(&request.clone().resume(), Source::bytes(content())).await.unwrap();
        assert_ne!(done.id, left[0].id);
        let done = first.upload(&request.clone().resume(), Source::bytes(content())).await.unwrap();
        assert_eq!(done.id, left[0].id);
    }
}

#[tokio::test]
async fn an_unfinished_file_under_another_customers_key_is_left_even_if_no_part_of_it_is_missing() {
    let (world, bucket) = World::with_bucket().await;
    let (files, old, new) = (world.client.files(), CustomerKey::new([7; 32]), CustomerKey::new([8; 32]));
    let request = UploadFile::new(bucket.id.clone(), file("large")).resume();
    for operation in ["b2_finish_large_file", "b2_cancel_large_file"] {
        world.sim.faults().on("b2", operation).times(100).before_effect(Fault::DropConnection);
    }
    files.with_customer_key(&old).upload(&request, Source::bytes(content())).await.unwrap_err();
    world.sim.faults().clear();
    let done = files.with_customer_key(&new).upload(&request, Source::bytes(content())).await.unwrap();
    let down = files.with_customer_key(&new).download(&Download::by_id(id(&done))).await.unwrap();
    assert!(down.bytes().await.unwrap() == content());
    let left: Vec<_> = files.list_unfinished(&bucket.id, "large").try_collect().await.unwrap();
    let again = files.with_customer_key(&old).upload(&request, Source::bytes(content())).await.unwrap();
    assert_eq!(again.id, left[0].id);
}

#[tokio::test]
async fn a_resumed_upload_that_fails_leaves_what_was_there_and_can_be_resumed_again() {
    let (world, bucket) = World::with_bucket().await;
    let files = world.client.files();
    let request = UploadFile::new(bucket.id.clone(), file("large")).resume();
    interrupted(&world, files, &request).await;
    let full = Fault::refuse(403, "storage_cap_exceeded", "full");
    world.sim.faults().on("b2", "b2_upload_part").before_effect(full);
    let error = files.upload(&request, Source::bytes(content())).await.unwrap_err();
    let left: Vec<_> = files.list_unfinished(&bucket.id, "large").try_collect().await.unwrap();
    assert_eq!((error.kind(), left.len()), (&ErrorKind::CapExceeded, 1));
    assert!(error.to_string().contains(&format!("unfinished large file {}", left[0].id)), "{error}");
    let before = world.granted("b2_upload_part");
    files.upload(&request, Source::bytes(content())).await.unwrap();
    assert_eq!(world.granted("b2_upload_part") - before, 1);
}

#[tokio::test]
async fn s400_missing_part_from_a_finish_that_has_them_all_is_finished_again() {
    let (world, bucket) = World::with_bucket().await;
    let missing = Fault::refuse(400, "missing_part", "Part number 2 has not been uploaded");
    world.sim.faults().on("b2", "b2_finish_large_file").before_effect(missing);
    let request = UploadFile::new(bucket.id, file("large"));
    world.client.files().upload(&request, Source::bytes(content())).await.unwrap();
    assert_eq!(world.granted("b2_upload_part"), 3);
    assert!(world.sim.b2().read("some-bucket", "large").unwrap() == content());
}

#[tokio::test]
async fn a_lost_finish_under_a_key_that_may_not_list_is_looked_up_by_its_id_if_it_may_read() {
    let (world, bucket) = World::with_bucket().await;
    for (name, capabilities, kind) in [
        ("reads", vec!["writeFiles", "readFiles"], None),
        ("writes", vec!["writeFiles"], Some(ErrorKind::LargeFileGone)),
    ] {
        let made = json!({"keyName": name, "capabilities": capabilities});
        let made = world.sim.b2().call("b2_create_key", made).unwrap();
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        let (key, secret) = (KeyId::new(text("applicationKeyId")), text("applicationKey"));
        let client = client(&world.sim, key, ApplicationKey::new(secret));
        world.sim.faults().on("b2", "b2_finish_large_file").after_effect(Fault::DropConnection);
        let request = UploadFile::new(bucket.id.clone(), file(name));
        let done = client.files().upload(&request, Source::bytes(content())).await;
        assert_eq!(done.err().map(|error| error.kind().clone()), kind);
        assert!(world.sim.b2().read("some-bucket", name).unwrap() == content());
    }
}

#[tokio::test]
async fn b2_cancel_large_file_leaves_nothing() {
    let (world, bucket) = World::with_bucket().await;
    let begun = begun(&world, &bucket, "begun");
    let files = world.client.files();
    files.cancel_large_file(&begun).await.unwrap();
    let left: Vec<_> = files.list_unfinished(&bucket.id, "").try_collect().await.unwrap();
    assert!(left.is_empty());
    let gone = files.list_parts(&begun).try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(gone.kind(), ErrorKind::NotFound | ErrorKind::LargeFileGone), "{gone:?}");
}
