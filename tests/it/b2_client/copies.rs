//! Copies from one encryption into another, whole and in parts.

use b2_client::buckets::{Encryption, UpdateBucket};
use b2_client::files::{CopyFile, Download, Source, UploadFile};
use b2_client::{CustomerKey, ErrorKind};
use simulator::Fault;

use super::{PART, World, file, id};

/// Two parts.
fn content() -> Vec<u8> {
    (0..u32::try_from(PART + 12_345).unwrap()).map(|i| (i ^ (i >> 9)).to_le_bytes()[0]).collect()
}

#[tokio::test]
async fn a_copy_crosses_every_two_encryptions_whole_and_in_parts() {
    let (world, bucket) = World::with_bucket().await;
    let default = UpdateBucket::new(bucket.id.clone()).encryption(Encryption::SseB2);
    world.client.buckets().update(&default).await.unwrap();
    let (files, a, b) = (world.client.files(), CustomerKey::new([1; 32]), CustomerKey::new([2; 32]));
    for (number, (old, new)) in
        [(None, None), (None, Some(&a)), (Some(&a), None), (Some(&a), Some(&b)), (Some(&a), Some(&a))]
            .into_iter()
            .enumerate()
    {
        let [from, to] = [old, new].map(|key| key.map_or(files, |key| files.with_customer_key(key)));
        let request = UploadFile::new(bucket.id.clone(), file(&format!("source-{number}")));
        let source = from.upload(&request, Source::bytes(content())).await.unwrap();
        for kind in ["whole", "parts"] {
            world.sim.faults().clear();
            if kind == "parts" {
                let too_large = Fault::refuse(400, "source_too_large", "more than 5 GB");
                world.sim.faults().on("b2", "b2_copy_file").before_effect(too_large);
            }
            let request = CopyFile::new(id(&source), file(&format!("{kind}-{number}")));
            let copy = to.copy_with_source_key(old, &request).await.unwrap();
            let wanted = if new.is_some() { Encryption::SseC } else { Encryption::SseB2 };
            assert_eq!(copy.encryption, wanted, "{kind} {number}");
            let read = to.download(&Download::by_id(id(&copy))).await.unwrap();
            assert!(read.bytes().await.unwrap() == content(), "{kind} {number}");
        }
    }
    assert_eq!(world.granted("b2_copy_part"), 5 * 2);
}

#[tokio::test]
async fn a_copy_with_a_key_that_does_not_fit_its_source_is_refused() {
    let (world, bucket) = World::with_bucket().await;
    let (files, a, b) = (world.client.files(), CustomerKey::new([1; 32]), CustomerKey::new([2; 32]));
    let request = UploadFile::new(bucket.id, file("source"));
    let source = files.with_customer_key(&a).upload(&request, Source::bytes("content")).await.unwrap();
    let copy = CopyFile::new(id(&source), file("copy"));
    let wrong = files.with_customer_key(&a).copy_with_source_key(Some(&b), &copy).await.unwrap_err();
    let missing = files.with_customer_key(&a).copy_with_source_key(None, &copy).await.unwrap_err();
    assert_eq!((wrong.kind(), missing.kind()), (&ErrorKind::AccessDenied, &ErrorKind::InvalidRequest));
}

#[tokio::test]
async fn a_copy_whose_answer_is_lost_is_there_once() {
    let (world, bucket) = World::with_bucket().await;
    let source = world.upload(&bucket, "source", b"content").await;
    let copy = CopyFile::new(id(&source), file("copy"));
    world.sim.faults().on("b2", "b2_copy_file").after_effect(Fault::DropConnection);
    let error = world.client.files().copy(&copy).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    let versions = world.sim.b2().versions("some-bucket");
    assert_eq!(versions.iter().filter(|version| version["fileName"] == "copy").count(), 1);
}
