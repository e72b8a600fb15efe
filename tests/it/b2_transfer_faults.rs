//! Faults of whole transfers: repeated 503s, tokens that expire under load, wrong clocks, an upload whose last answer is lost. The
//! client and the simulated service share a paused clock, so that no test waits.

use std::num::NonZeroUsize;
use std::time::Duration;

use b2_client::buckets::{Bucket, Encryption, ListBuckets, UpdateBucket};
use b2_client::files::{CopyFile, Download, FileRetention, Governance, Source, UploadFile};
use b2_client::keys::CreateKey;
use b2_client::{BucketName, Capability, Client, ErrorKind, FileId, FileName, KeyName, UnixMillis};
use simulator::Fault;

use crate::b2_site::{SHARED, World};

/// More than two parts of ten bytes.
const LARGE: &[u8] = b"0123456789abcdefghijklmno";

const DAY: Duration = Duration::from_hours(24);

fn request(world: &World, name: &str) -> UploadFile {
    UploadFile::new(world.bucket.clone(), FileName::new(name).unwrap())
}

fn answer_503(world: &World, operation: &str, times: u64) {
    let busy = Fault::refuse(503, "service_unavailable", "no tomes available");
    world.sim.faults().on("b2", operation).times(times).before_effect(busy);
}

#[tokio::test(start_paused = true)]
async fn gotcha_06_each_503_costs_an_upload_url_and_the_last_url_is_kept() {
    let (world, small) = (World::new().await, Source::bytes("content"));
    let client = world.client();
    answer_503(&world, "b2_upload_file", 4);
    client.files().upload(&request(&world, "first"), small).await.unwrap();
    assert_eq!((world.asked("b2_get_upload_url"), world.asked("b2_upload_file")), (5, 5));
    client.files().upload(&request(&world, "second"), Source::bytes("content")).await.unwrap();
    assert_eq!((world.asked("b2_get_upload_url"), world.asked("b2_upload_file")), (5, 6));
    assert_eq!(world.sim.b2().versions(SHARED).len(), 2, "each is there once");
}

#[tokio::test(start_paused = true)]
async fn gotcha_06_after_six_503s_an_upload_fails_and_leaves_nothing() {
    let world = World::new().await;
    let client = world.client();
    answer_503(&world, "b2_upload_file", u64::MAX);
    let error = client.files().upload(&request(&world, "small"), Source::bytes("x")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (&ErrorKind::Unreachable, 6));
    assert_eq!((world.asked("b2_get_upload_url"), world.asked("b2_upload_file")), (6, 6));
    answer_503(&world, "b2_upload_part", u64::MAX);
    let error = client.files().upload(&request(&world, "large"), Source::bytes(LARGE)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (&ErrorKind::Unreachable, 6));
    assert_eq!(world.sim.b2().versions(SHARED).len(), 0, "the large file was cancelled");
    assert!(!error.to_string().contains("left behind"), "{error}");
    world.sim.faults().clear();
    client.files().upload(&request(&world, "small"), Source::bytes("x")).await.unwrap();
    assert_eq!(world.asked("b2_get_upload_url"), 1, "no URL that was answered with 503 is used");
}

#[tokio::test(start_paused = true)]
async fn parallel_parts_that_get_503s_are_each_stored_once() {
    let world = World::new().await;
    let content: Vec<u8> = (0..200).collect();
    answer_503(&world, "b2_upload_part", 12);
    let large = request(&world, "large").parallel(8.try_into().unwrap());
    world.client().files().upload(&large, Source::bytes(content.clone())).await.unwrap();
    assert_eq!(world.sim.b2().read(SHARED, "large").unwrap(), content);
    assert_eq!((world.asked("b2_upload_part"), world.granted("b2_upload_part")), (32, 20));
    assert!(world.asked("b2_get_upload_part_url") <= 8 + 12);
}

#[tokio::test(start_paused = true)]
async fn a_large_upload_that_can_be_neither_sent_nor_cancelled_names_the_file_it_leaves() {
    let world = World::new().await;
    let client = world.client();
    for operation in ["b2_upload_part", "b2_cancel_large_file"] {
        answer_503(&world, operation, u64::MAX);
    }
    let error = client.files().upload(&request(&world, "large"), Source::bytes(LARGE)).await.unwrap_err();
    let left = world.sim.b2().versions(SHARED)[0]["fileId"].as_str().unwrap().to_owned();
    assert!(error.to_string().contains(&format!("unfinished large file {left} is left behind")), "{error}");
    assert_eq!(*error.kind(), ErrorKind::Unreachable);
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_last_answer_is_lost_says_where_to_look() {
    let world = World::new().await;
    let cut = || Fault::DropConnection;
    world.sim.faults().on("b2", "b2_finish_large_file").after_effect(cut());
    world.sim.faults().on("b2", "b2_finish_large_file").nth(2).times(99).before_effect(cut());
    for look in ["b2_list_file_versions", "b2_get_file_info"] {
        answer_503(&world, look, u64::MAX);
    }
    let error =
        world.client().files().upload(&request(&world, "large"), Source::bytes(LARGE)).await.unwrap_err();
    assert!(error.to_string().contains("check whether it was finished"), "{error}");
    assert_eq!(world.sim.b2().read(SHARED, "large").unwrap(), LARGE);
}

#[tokio::test(start_paused = true)]
async fn gotcha_07_tokens_that_expire_under_32_parallel_parts_cause_one_login() {
    let world = World::new().await;
    let client = world.client();
    let content: Vec<u8> = (0..=255).cycle().take(640).collect();
    // The service holds each part until all 32 have arrived; then everything that was issued expires.
    let held = Fault::Stall(Duration::from_secs(10));
    world.sim.faults().on("b2", "b2_upload_part").times(32).before_effect(held);
    let large = request(&world, "large").parallel(32.try_into().unwrap());
    let files = client.files();
    let expire = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(world.asked("b2_upload_part"), 32, "all parts have arrived, and none is answered");
        world.sim.b2().expire_tokens();
    };
    let (uploaded, ()) = tokio::join!(files.upload(&large, Source::bytes(content.clone())), expire);
    uploaded.unwrap();
    assert_eq!(world.sim.b2().read(SHARED, "large").unwrap(), content);
    assert_eq!(world.asked("b2_authorize_account"), 2, "the first login and one more");
    assert_eq!((world.asked("b2_upload_part"), world.granted("b2_upload_part")), (96, 64));
    assert_eq!(world.granted("b2_get_upload_part_url"), 64, "32 that expired and 32 more");
}

fn http_date(at: jiff::Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The wait that a single attempt reads from this `Retry-After`.
async fn understood(world: &World, value: &str) -> Option<Duration> {
    let client = Client::new(world.config().attempts(1)).unwrap();
    client.account().await.unwrap();
    let slow = Fault::Refuse {
        status: 429,
        code: "too_many_requests".to_owned(),
        message: "slow down".to_owned(),
        retry_after: Some(value.to_owned()),
    };
    world.sim.faults().on("b2", "b2_list_buckets").before_effect(slow);
    let error = client.buckets().list(&ListBuckets::new()).await.unwrap_err();
    world.sim.faults().clear();
    assert_eq!(*error.kind(), ErrorKind::RateLimited);
    error.retry_after()
}

#[tokio::test(start_paused = true)]
async fn gotcha_08_retry_after_is_seconds_a_date_by_the_services_clock_or_nothing() {
    let world = World::new().await;
    assert_eq!(understood(&world, "90").await, Some(Duration::from_secs(90)));
    for junk in ["soon", "-1", "1.5", "", "Fri, 99 Nov 2026 10:00:00 GMT"] {
        assert_eq!(understood(&world, junk).await, None, "{junk:?}");
    }
    // The machine's clock is right, a day behind, a day ahead: what is asked for is ninety seconds.
    for turn in [
        |_: &World| {},
        |world: &World| world.sim.clock().advance(DAY),
        |world: &World| world.sim.clock().turn_back(2 * DAY),
    ] {
        turn(&world);
        let at = world.sim.clock().now() + Duration::from_secs(90);
        let wait = understood(&world, &http_date(at)).await.unwrap().as_secs();
        assert!((88..=90).contains(&wait), "{wait}");
        let past = http_date(world.sim.clock().now() - Duration::from_secs(90));
        assert_eq!(understood(&world, &past).await, None, "a date that is past asks for nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn s429_the_waits_of_an_upload_add_up_to_no_more_than_its_deadline() {
    let world = World::new().await;
    let client = Client::new(world.config().deadline(Duration::from_secs(100))).unwrap();
    let slow = |after: &str| Fault::Refuse {
        status: 429,
        code: "too_many_requests".to_owned(),
        message: "slow down".to_owned(),
        retry_after: Some(after.to_owned()),
    };
    world.sim.faults().on("b2", "b2_upload_file").before_effect(slow("1"));
    world.sim.faults().on("b2", "b2_upload_file").nth(2).before_effect(slow("99"));
    let request = request(&world, "x");
    let files = client.files();
    let upload = files.upload(&request, Source::bytes("x"));
    let given_up =
        tokio::time::timeout(Duration::from_secs(20), upload).await.expect("it does not wait 99 seconds");
    let error = given_up.unwrap_err();
    assert_eq!((error.kind(), world.asked("b2_upload_file")), (&ErrorKind::RateLimited, 2));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(99)));
}

#[tokio::test(start_paused = true)]
async fn gotcha_28_a_clock_that_is_wrong_by_a_day_changes_nothing() {
    for turn in
        [|world: &World| world.sim.clock().turn_back(DAY), |world: &World| world.sim.clock().advance(DAY)]
    {
        let world = World::new().await;
        turn(&world);
        let client = world.client();
        let files = client.files();
        let version = files.upload(&request(&world, "small"), Source::bytes("x")).await.unwrap();
        files.upload(&request(&world, "large"), Source::bytes(LARGE)).await.unwrap();
        let hour = FileRetention::compliance(UnixMillis::new(version.uploaded.get() + 3_600_000));
        let id = version.id;
        let now = files.update_retention(&version.name, &id, &hour, Governance::Respect).await.unwrap();
        assert_eq!(now, hour);
        assert_eq!(world.asked("b2_authorize_account"), 1);
        // A day later, by whatever clock, login and upload URLs are renewed once each.
        world.sim.clock().advance(DAY + Duration::from_mins(1));
        files.upload(&request(&world, "small"), Source::bytes("y")).await.unwrap();
        assert_eq!((world.asked("b2_authorize_account"), world.asked("b2_get_upload_url")), (2, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_has_expired_meanwhile_is_rejected_after_one_more_login() {
    let world = World::new().await;
    let request = CreateKey::new(KeyName::new("short-lived").unwrap(), [Capability::ListBuckets]);
    let made = world.client().keys().create(&request.valid_for(Duration::from_mins(10))).await.unwrap();
    let owner = &world.sim.addresses().b2;
    let config = b2_client::Config::new(made.key.id, made.secret).realm(owner.url.clone());
    let client = Client::new(config).unwrap();
    client.buckets().list(&ListBuckets::new()).await.unwrap();
    world.sim.faults().clear();
    world.sim.clock().advance(DAY);
    let error = client.buckets().list(&ListBuckets::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CredentialsRejected);
    assert_eq!((world.asked("b2_list_buckets"), world.asked("b2_authorize_account")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn s409_after_five_changes_by_others_an_update_fails_with_a_conflict() {
    let world = World::new().await;
    let (client, mut tries) = (world.client(), 0);
    let change = |bucket: &Bucket| {
        tries += 1;
        // Somebody else changes the bucket before each attempt.
        let other =
            serde_json::json!({"bucketId": bucket.id.as_str(), "bucketInfo": {"try": tries.to_string()}});
        world.sim.b2().call("b2_update_bucket", other).unwrap();
        Some(UpdateBucket::new(bucket.id.clone()).encryption(Encryption::SseB2))
    };
    let error = client.buckets().modify(&world.bucket, change).await.unwrap_err();
    assert_eq!((error.kind(), tries), (&ErrorKind::RevisionConflict, 5));
}

#[tokio::test(start_paused = true)]
async fn a_creation_whose_login_fails_is_not_an_unknown_outcome() {
    let world = World::new().await;
    answer_503(&world, "b2_authorize_account", u64::MAX);
    let create = CreateKey::new(KeyName::new("a-key").unwrap(), [Capability::ListFiles]);
    let error = world.client().keys().create(&create).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (&ErrorKind::Unreachable, "b2_authorize_account"));
    let upload = world.client().files().upload(&request(&world, "large"), Source::bytes(LARGE)).await;
    assert_eq!(*upload.unwrap_err().kind(), ErrorKind::Unreachable);
    // The same for a client whose token expires and cannot be renewed.
    world.sim.faults().clear();
    let client = world.client();
    client.account().await.unwrap();
    world.sim.b2().expire_tokens();
    answer_503(&world, "b2_authorize_account", u64::MAX);
    let error = client.keys().create(&create).await.unwrap_err();
    assert_eq!((error.kind(), world.asked("b2_create_key")), (&ErrorKind::Unreachable, 1));
    assert_eq!(world.sim.b2().keys().len(), 1, "the owner's own");
}

#[tokio::test(start_paused = true)]
async fn a_save_that_always_gets_503_leaves_the_path_unchanged() {
    let world = World::new().await;
    let content = vec![7; 9_000_000];
    world.sim.b2().put(SHARED, "source", &content).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    std::fs::write(&path, b"what was there").unwrap();
    let cut = || Fault::TruncateBody;
    // The 503s begin at once, or after a first part is on the disk.
    for operation in ["b2_download_file_by_name", "b2_download_file_by_id"] {
        for parallel in [1, 2] {
            let faults = world.sim.faults();
            faults.clear();
            faults.on("b2", "b2_download_file_by_name").after_effect(cut());
            answer_503(&world, operation, u64::MAX);
            let download = Download::by_name(BucketName::new(SHARED).unwrap(), "source".parse().unwrap());
            let download = download.parallel(NonZeroUsize::new(parallel).unwrap());
            let error = world.client().files().save(&download, &path).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::Unreachable, "{error:?}");
            assert!(world.asked(operation) > 0, "{operation}");
            assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_resumed_upload_survives_faults_of_the_listings_it_reads() {
    let world = World::new().await;
    let client = world.client();
    let full = Fault::refuse(403, "storage_cap_exceeded", "full");
    world.sim.faults().on("b2", "b2_upload_part").nth(3).before_effect(full);
    answer_503(&world, "b2_cancel_large_file", u64::MAX);
    let one_at_a_time = request(&world, "large").parallel(1.try_into().unwrap());
    client.files().upload(&one_at_a_time, Source::bytes(LARGE)).await.unwrap_err();
    world.sim.faults().clear();
    for operation in ["b2_list_unfinished_large_files", "b2_list_parts", "b2_get_upload_part_url"] {
        world.sim.faults().on("b2", operation).after_effect(Fault::DropConnection);
        world.sim.faults().on("b2", operation).nth(2).after_effect(Fault::TruncateBody);
    }
    client.files().upload(&one_at_a_time.resume(), Source::bytes(LARGE)).await.unwrap();
    assert_eq!((world.asked("b2_upload_part"), world.asked("b2_start_large_file")), (1, 0));
    assert_eq!(world.sim.b2().read(SHARED, "large").unwrap(), LARGE);
}

#[tokio::test(start_paused = true)]
async fn copies_and_the_finishing_of_large_files_have_longer_time_outs_than_other_calls() {
    let world = World::new().await;
    let source = FileId::new(world.sim.b2().put(SHARED, "source", LARGE).unwrap());
    let copy = |name: &str| CopyFile::new(source.clone(), FileName::new(name).unwrap());
    // Ten minutes and nine: longer than the idle timeout of one and the deadline of five, shorter than twenty and ten.
    let minutes = |minutes| Fault::Stall(Duration::from_mins(minutes));
    world.sim.faults().on("b2", "b2_copy_file").after_effect(minutes(10));
    world.client().files().copy(&copy("small")).await.unwrap();
    let too_large = Fault::refuse(400, "source_too_large", "more than 5 GB");
    world.sim.faults().on("b2", "b2_copy_file").before_effect(too_large);
    world.sim.faults().on("b2", "b2_copy_part").times(3).after_effect(minutes(10));
    world.sim.faults().on("b2", "b2_finish_large_file").after_effect(minutes(9));
    world.client().files().copy(&copy("large")).await.unwrap();
    assert_eq!((world.asked("b2_copy_file"), world.asked("b2_copy_part")), (2, 3));
    assert_eq!(world.asked("b2_finish_large_file"), 1);
    for name in ["small", "large"] {
        assert_eq!(world.sim.b2().read(SHARED, name).unwrap(), LARGE, "{name}");
    }
}
