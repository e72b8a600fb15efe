//! The whole client against a live endpoint: a real account, or any server that speaks B2.
//!
//! `B2_TEST_ENDPOINT`, `B2_TEST_KEY_ID` and `B2_TEST_KEY` name it; without them the test prints that it is skipped. The names of the buckets
//! and keys that it creates begin with `b2-client-live`; it removes them at the end.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed step is a failed test, and each step is reported"
)]

mod buckets;
mod files;
mod keys;
mod large;

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use b2_client::buckets::{Bucket, CreateBucket, Encryption, LifecycleRule, Visibility};
use b2_client::files::{Governance, LegalHold, ListFiles};
use b2_client::{ApplicationKey, BucketName, Client, Config, ErrorKind, KeyId, UnixMillis};
use futures_util::{FutureExt as _, TryStreamExt as _};

#[tokio::test]
async fn the_whole_client_against_a_live_endpoint() {
    let Some(client) = client() else {
        eprintln!("skipped: set B2_TEST_ENDPOINT, B2_TEST_KEY_ID and B2_TEST_KEY to run it");
        return;
    };
    let account = client.account().await.unwrap();
    eprintln!("account {}, {} capabilities", account.id, account.capabilities.len());
    let request = new_bucket();
    let bucket = client.buckets().create(&request).await.unwrap();
    eprintln!("bucket {} made", bucket.name);
    let cleaning = Box::pin(clean(&client, &bucket));
    cleaned(Box::pin(every_step(&client, &bucket, &request)), cleaning).await;
    eprintln!("bucket {} removed", bucket.name);
}

async fn every_step(client: &Client, bucket: &Bucket, request: &CreateBucket) {
    a_new_bucket_is_as_it_was_asked_for(client, bucket, request).await;
    Box::pin(buckets::settings_change_under_their_revision(client, bucket)).await;
    Box::pin(keys::keys_of_both_worlds_come_and_go(client, bucket)).await;
    Box::pin(files::small_files_go_up_come_down_and_are_listed(client, bucket)).await;
    Box::pin(large::large_files_go_in_parts(client, bucket)).await;
    Box::pin(large::unfinished_files_are_resumed_or_cancelled(client, bucket)).await;
    Box::pin(files::locks_hold_until_they_are_lifted(client, bucket)).await;
    Box::pin(files::customer_keys_open_what_they_closed(client, bucket)).await;
    Box::pin(files::permissions_to_download_open_what_they_name(client, bucket)).await;
    Box::pin(files::replicated_versions_are_counted(client, bucket)).await;
    Box::pin(buckets::notification_rules_are_replaced(client, bucket)).await;
    eprintln!(
        "skipped: b2_copy_part (the service asks for it beyond 5 GB only, which no test should pay for)"
    );
    eprintln!("skipped: replication itself (it needs a second account or region, and a payment history)");
    eprintln!("skipped: public buckets (they need a verified email and a payment history)");
}

/// Removes what the test created, whether or not a step failed, and then reports the failure.
async fn cleaned(steps: impl Future<Output = ()>, cleaning: impl Future<Output = ()>) {
    let ended = AssertUnwindSafe(steps).catch_unwind().await;
    cleaning.await;
    if let Err(failure) = ended {
        std::panic::resume_unwind(failure);
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    let is_clean = AtomicBool::new(false);
    let run = cleaned(async { std::panic::resume_unwind(Box::new("a step")) }, async {
        is_clean.store(true, Ordering::Relaxed);
    });
    let failure = AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    assert_eq!(failure.downcast_ref(), Some(&"a step"));
    assert!(is_clean.into_inner());
}

fn client() -> Option<Client> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let endpoint = read("B2_TEST_ENDPOINT")?;
    let key = ApplicationKey::new(read("B2_TEST_KEY")?);
    let config = Config::new(KeyId::new(read("B2_TEST_KEY_ID")?), key).realm(endpoint);
    Some(Client::new(config.backoff(Duration::from_millis(100), Duration::from_secs(8))).unwrap())
}

fn new_bucket() -> CreateBucket {
    // Names of two runs at once differ by the millisecond, and by the process.
    #[expect(clippy::disallowed_methods, reason = "a name, not a decision")]
    let now = UnixMillis::from(SystemTime::now()).get();
    let name = BucketName::new(format!("live-{now}-{}", std::process::id())).unwrap();
    // Encryption is not stated: the service's default is what the test asserts.
    CreateBucket::new(name, Visibility::Private)
        .object_lock()
        .lifecycle_rules([LifecycleRule::new("").days_from_hiding_to_deleting(1)])
}

async fn a_new_bucket_is_as_it_was_asked_for(client: &Client, bucket: &Bucket, request: &CreateBucket) {
    assert!(bucket.file_lock.known().unwrap().enabled);
    assert_eq!(bucket.default_encryption.known(), Some(&Encryption::SseB2));
    let taken = client.buckets().create(request).await.unwrap_err();
    assert_eq!((taken.kind(), taken.status()), (&ErrorKind::NameTaken, Some(400)));
    let listed = async || client.buckets().get(&bucket.name).await.unwrap();
    assert!(eventually(async || listed().await.is_some_and(|found| found.id == bucket.id)).await);
}

/// Removes the bucket with all files, and the keys for it.
async fn clean(client: &Client, bucket: &Bucket) {
    let keys: Vec<_> = client.keys().list().try_collect().await.unwrap();
    for key in keys.iter().filter(|key| key.is_restricted_to(&bucket.id)) {
        client.keys().delete(&key.id).await.unwrap();
    }
    let files = client.files();
    let unfinished: Vec<_> = files.list_unfinished(&bucket.id, "").try_collect().await.unwrap();
    for file in unfinished {
        files.cancel_large_file(&file.id).await.unwrap();
    }
    let versions: Vec<_> =
        files.list_versions(&ListFiles::new(bucket.id.clone())).try_collect().await.unwrap();
    for version in versions.into_iter().rev() {
        if version.legal_hold.known() == Some(&LegalHold::On) {
            files.update_legal_hold(&version.name, &version.id, &LegalHold::Off).await.unwrap();
        }
        files.delete_version(&version.name, &version.id, Governance::Bypass).await.unwrap();
    }
    client.buckets().delete(&bucket.id).await.unwrap();
    let gone = eventually(async || client.buckets().get(&bucket.name).await.unwrap().is_none());
    assert!(gone.await, "the bucket is still listed");
}

/// Waits up to five seconds for a condition: a new or deleted bucket is not visible everywhere at once.
async fn eventually(holds: impl AsyncFn() -> bool) -> bool {
    for _ in 0..20 {
        if holds().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    false
}
