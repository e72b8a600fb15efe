//! Buckets by their names and by their ids, against a service that knows only what its documentation says.

use b2_client::buckets::Bucket;
use b2_client::files::{Download, HideOutcome, ListFiles, UploadFile};
use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{BucketRef, Capability, ErrorKind, KeyName};
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{World, client, file};

/// The three ways to name a bucket.
fn forms(bucket: &Bucket) -> [BucketRef; 3] {
    [BucketRef::from(&bucket.name), BucketRef::from(&bucket.id), BucketRef::from(bucket)]
}

#[tokio::test]
async fn b2_upload_list_download_and_hide_take_a_bucket_by_name_or_by_id_alike() {
    let (world, bucket) = World::with_bucket().await;
    let fresh = || {
        let owner = world.sim.addresses().b2.clone();
        let key = b2_client::ApplicationKey::new(owner.application_key);
        client(&world.sim, b2_client::KeyId::new(owner.key_id), key)
    };
    for (number, named) in forms(&bucket).into_iter().enumerate() {
        let (b2, name) = (fresh(), file(&format!("reports/{number}.txt")));
        let before = world.granted("b2_list_buckets");
        let version = b2.files().upload(&UploadFile::new(&named, name.clone()), b"some text").await.unwrap();
        let list = ListFiles::new(&named).prefix(name.as_str());
        let listed: Vec<_> = b2.files().list_names(&list).try_collect().await.unwrap();
        assert_eq!(listed, [version], "{named}");
        let download = Download::by_name(&named, name.clone());
        let content = b2.files().download(&download).await.unwrap().bytes().await.unwrap();
        assert_eq!(content, "some text");
        let hidden = b2.files().hide(&named, &name).await.unwrap();
        assert!(matches!(hidden, HideOutcome::Hidden(_)), "{hidden:?}");
        let looked_up = world.granted("b2_list_buckets") - before;
        let both_are_known = named.id().is_some() && named.name().is_some();
        assert_eq!(looked_up, usize::from(!both_are_known), "{named}");
    }
}

/// The service deletes the bucket and creates another one with its name, behind the client's back.
#[tokio::test]
async fn b2_list_buckets_is_asked_again_when_a_bucket_was_deleted_and_created_again() {
    let (world, bucket) = World::with_bucket().await;
    let b2 = &world.client;
    let list = ListFiles::new(&bucket.name);
    assert_eq!(b2.files().list_names(&list).try_collect::<Vec<_>>().await.unwrap(), []);
    let outside = world.sim.b2();
    outside.call("b2_delete_bucket", json!({"bucketId": bucket.id.as_str()})).unwrap();
    let again = json!({"bucketName": bucket.name.as_str(), "bucketType": "allPrivate"});
    let again = outside.call("b2_create_bucket", again).unwrap();
    let upload = UploadFile::new(&bucket.name, file("x"));
    let version = b2.files().upload(&upload, b"some text").await.unwrap();
    assert_eq!(version.bucket_id.as_str(), again["bucketId"].as_str().unwrap());
    assert_ne!(version.bucket_id, bucket.id);
    // An id stays what it was given as.
    let old = UploadFile::new(&bucket.id, file("x"));
    let error = b2.files().upload(&old, b"some text").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().contains(&format!("bucket with id {}", bucket.id)), "{error}");
}

#[tokio::test]
async fn b2_list_buckets_is_not_asked_by_a_restricted_key_which_knows_its_bucket() {
    let (world, bucket) = World::with_bucket().await;
    world.upload(&bucket, "x", b"some text").await;
    let may = [Capability::ListFiles, Capability::ReadFiles, Capability::WriteFiles];
    for compat in [KeyCompat::Current, KeyCompat::V3SingleBucket] {
        let request = CreateKey::new(KeyName::new("narrow").unwrap(), may.clone());
        let made = world.client.keys().create(&request.in_bucket(&bucket.name).compat(compat)).await.unwrap();
        assert!(made.key.is_restricted_to(&bucket.id));
        let narrow = client(&world.sim, made.key.id, made.secret);
        let before = world.granted("b2_list_buckets");
        for named in forms(&bucket) {
            let download = Download::by_name(named.clone(), file("x"));
            narrow.files().download(&download).await.unwrap().bytes().await.unwrap();
            narrow.files().upload(&UploadFile::new(named, file("y")), vec![7; 10]).await.unwrap();
        }
        let other = b2_client::BucketName::new("another-bucket").unwrap();
        let error = narrow.files().upload(&UploadFile::new(other, file("y")), b"").await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![] });
        assert!(error.to_string().contains(&BucketRef::from(&bucket).to_string()), "{error}");
        assert_eq!(world.granted("b2_list_buckets"), before);
    }
}

/// What the service refuses names what the caller gave and what the service is called at.
#[tokio::test]
async fn x6_a_refusal_of_the_service_names_file_bucket_and_address() {
    let (world, bucket) = World::with_bucket().await;
    let address = world.sim.addresses().b2.url.clone();
    let missing = Download::by_name(&bucket, file("no/such/file"));
    let error = world.client.files().download(&missing).await.unwrap_err();
    assert!(error.is_not_found());
    let said = format!(
        "b2_download_file_by_name on file \"no/such/file\" in bucket some-bucket (id {}) at {}: ",
        bucket.id,
        address.trim_end_matches('/')
    );
    assert!(error.to_string().starts_with(&said), "{error}\n{said}");
}
