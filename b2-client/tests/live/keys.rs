//! Application keys.

use std::time::Duration;

use b2_client::buckets::{Bucket, ListBuckets};
use b2_client::files::{ListFiles, Source, UploadFile};
use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{Capability, Client, Config, ErrorKind, FileName, KeyName};
use futures_util::TryStreamExt as _;

pub(crate) async fn keys_of_both_worlds_come_and_go(client: &Client, bucket: &Bucket) {
    for compat in [KeyCompat::V3SingleBucket, KeyCompat::Current] {
        let name = KeyName::new("b2-client-live").unwrap();
        let request = CreateKey::new(name, [Capability::ListBuckets, Capability::ListFiles])
            .in_bucket(bucket.id.clone())
            .valid_for(Duration::from_mins(10))
            .compat(compat);
        let made = client.keys().create(&request).await.unwrap();
        assert!(made.key.is_restricted_to(&bucket.id), "{compat:?}");
        let listed: Vec<_> = client.keys().list().try_collect().await.unwrap();
        assert_eq!(listed.iter().filter(|key| key.id == made.key.id).count(), 1, "{compat:?}");
        let endpoint = std::env::var("B2_TEST_ENDPOINT").unwrap();
        let narrow = Client::new(Config::new(made.key.id.clone(), made.secret).realm(endpoint)).unwrap();
        sees_its_bucket_only(&narrow, bucket).await;
        client.keys().delete(&made.key.id).await.unwrap();
        eprintln!("key {}: made ({compat:?}), used, deleted", made.key.id);
    }
}

async fn sees_its_bucket_only(narrow: &Client, bucket: &Bucket) {
    let account = narrow.account().await.unwrap();
    let allowed = account.allowed_buckets.as_ref().unwrap();
    assert_eq!((&allowed[0].id, allowed[0].name.as_ref()), (&bucket.id, Some(&bucket.name)));
    let seen = narrow.buckets().list(&ListBuckets::new()).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].file_lock.known().is_none(), "what it may not read is unknown");
    let files: Vec<_> =
        narrow.files().list_names(&ListFiles::new(bucket.id.clone())).try_collect().await.unwrap();
    assert!(files.is_empty());
    let upload = UploadFile::new(bucket.id.clone(), FileName::new("x").unwrap());
    let refused = narrow.files().upload(&upload, Source::bytes("x")).await.unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::Unauthorized { missing: vec![Capability::WriteFiles] });
}
