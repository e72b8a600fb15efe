//! The whole client against a live endpoint: a real account, or any server that speaks B2.
//!
//! `B2_TEST_ENDPOINT`, `B2_TEST_KEY_ID` and `B2_TEST_KEY` name it; without them nothing runs, and that is said. The names it makes
//! begin `b2-client-live` or are its own bucket's, and it removes what it made.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a failed step is a failed test, and each step is reported"
)]

mod buckets;
mod files;
mod keys;

use std::time::{Duration, SystemTime};

use b2_client::buckets::{Bucket, CreateBucket, Encryption, LifecycleRule, Visibility};
use b2_client::files::{Governance, ListFiles};
use b2_client::{ApplicationKey, BucketName, Client, Config, ErrorKind, KeyId, UnixMillis};
use futures_util::TryStreamExt as _;

#[tokio::test]
async fn the_whole_client_against_a_live_endpoint() {
    let Some(client) = client() else {
        eprintln!("skipped: set B2_TEST_ENDPOINT, B2_TEST_KEY_ID and B2_TEST_KEY to run it");
        return;
    };
    let account = client.account().await.unwrap();
    eprintln!("account {}, {} capabilities", account.id, account.capabilities.len());
    let bucket = make_bucket(&client).await;
    eprintln!("bucket {} made", bucket.name);
    buckets::settings_change_under_their_revision(&client, &bucket).await;
    keys::keys_of_both_worlds_come_and_go(&client, &bucket).await;
    files::small_files_go_up_come_down_and_are_listed(&client, &bucket).await;
    files::large_files_go_in_parts(&client, &bucket).await;
    files::locks_hold_until_they_are_lifted(&client, &bucket).await;
    files::customer_keys_open_what_they_closed(&client, &bucket).await;
    files::permissions_to_download_are_given(&client, &bucket).await;
    buckets::notification_rules_are_replaced(&client, &bucket).await;
    clean(&client, &bucket).await;
    eprintln!("bucket {} removed", bucket.name);
}

fn client() -> Option<Client> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let endpoint = read("B2_TEST_ENDPOINT")?;
    let key = ApplicationKey::new(read("B2_TEST_KEY")?);
    let config = Config::new(KeyId::new(read("B2_TEST_KEY_ID")?), key).realm(endpoint);
    Some(Client::new(config.pauses(Duration::from_millis(100), Duration::from_secs(8))).unwrap())
}

async fn make_bucket(client: &Client) -> Bucket {
    // The service's own clock: names of two runs at once differ by the millisecond, and by the process.
    #[expect(clippy::disallowed_methods, reason = "a name, not a decision")]
    let now = UnixMillis::from(SystemTime::now()).get();
    let name = BucketName::new(format!("live-{now}-{}", std::process::id())).unwrap();
    let request = CreateBucket::new(name.clone(), Visibility::Private)
        .object_lock()
        .encryption(Encryption::SseB2)
        .lifecycle_rules([LifecycleRule::new("").days_from_hiding_to_deleting(1)]);
    let bucket = client.buckets().create(&request).await.unwrap();
    assert!(bucket.file_lock.known().unwrap().enabled);
    assert_eq!(bucket.default_encryption.known(), Some(&Encryption::SseB2));
    let taken = client.buckets().create(&request).await.unwrap_err();
    assert_eq!((taken.kind(), taken.status()), (&ErrorKind::NameTaken, Some(400)));
    assert_eq!(client.buckets().get(&name).await.unwrap().unwrap().id, bucket.id);
    bucket
}

async fn clean(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let mut unfinished = std::pin::pin!(files.list_unfinished(&bucket.id, ""));
    while let Some(file) = unfinished.try_next().await.unwrap() {
        files.cancel_large_file(&file.id).await.unwrap();
    }
    let versions: Vec<_> =
        files.list_versions(&ListFiles::new(bucket.id.clone())).try_collect().await.unwrap();
    for version in versions.into_iter().rev() {
        files.delete_version(&version.name, &version.id, Governance::Bypass).await.unwrap();
    }
    client.buckets().delete(&bucket.id).await.unwrap();
    assert_eq!(client.buckets().get(&bucket.name).await.unwrap(), None);
}
