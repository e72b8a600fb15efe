//! Input that the service would refuse, a source that is modified during the upload, a full disk: the kind of the error is right, and
//! nothing is stored that the error does not mention.

use std::io::Write as _;
use std::time::Duration;

use b2_client::buckets::{CreateBucket, DefaultRetention, LifecycleRule, Period, UpdateBucket, Visibility};
use b2_client::files::{CopyFile, FileRetention, Governance, Source, UploadFile};
use b2_client::{BucketId, BucketName, CustomerKey, Error, ErrorKind, FileId, FileName, UnixMillis};
use futures_util::stream;
use serde_json::json;
use simulator::Fault;
use tempfile::NamedTempFile;

use crate::b2_site::{SHARED, World};

/// More than two parts of ten bytes.
const LARGE: &[u8] = b"0123456789abcdefghijklmno";

fn request(world: &World, name: &str) -> UploadFile {
    UploadFile::new(world.bucket.clone(), FileName::new(name).unwrap())
}

#[tokio::test]
async fn names_are_refused_before_the_wire_exactly_where_the_service_refuses_them() {
    let world = World::new().await;
    let (long, segment) = ("abcdefg/".repeat(128) + "x", "x".repeat(251));
    let (longest, whole) = ("abcdefg/".repeat(127) + "abcdefgh", "x".repeat(250));
    let bad = ["", "/a", "a/", "a//b", "a\nb", "\u{0}", "a\u{1f}", "a\u{7f}", &*long, &*segment, "//", "/"];
    for name in bad {
        let refused = Error::from(FileName::new(name).unwrap_err());
        assert_eq!(*refused.kind(), ErrorKind::InvalidRequest, "{name:?}");
        assert!(world.sim.b2().put(SHARED, name, b"x").is_err(), "{name:?}");
    }
    let files = world.client();
    for name in ["..", ".", "a/./b", "back\\slash", " ", "ü\u{80}", "+%", &*longest, &*whole] {
        files.files().upload(&request(&world, name), Source::bytes(name.to_owned())).await.unwrap();
        assert_eq!(world.sim.b2().read(SHARED, name).unwrap(), name.as_bytes(), "{name:?}");
    }
}

#[tokio::test]
async fn a_part_smaller_than_the_accounts_least_is_refused_before_anything_is_begun() {
    let world = World::with_parts(5_000_000, 100_000_000).await;
    let client = world.client();
    let small = request(&world, "large").part_size(4_999_999);
    let nothing = || stream::iter([Err(std::io::Error::other("nobody reads this"))]);
    for source in [Source::bytes("x"), Source::stream(nothing())] {
        let error = client.files().upload(&small, source).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("4999999 bytes is not between 5000000 and"), "{error}");
    }
    assert_eq!(world.sim.faults().requests(), 1, "the login alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gotcha_12_a_stream_longer_than_ten_thousand_times_its_part_size_gets_larger_parts_late() {
    let world = World::with_parts(1, 1).await;
    let content: Vec<u8> = (0..12_000_u32).map(|n| (n ^ (n >> 8)).to_le_bytes()[0]).collect();
    let pieces: Vec<_> = content.chunks(7).map(|piece| Ok(piece.to_vec().into())).collect();
    let large = request(&world, "large").parallel(16.try_into().unwrap());
    world.client().files().upload(&large, Source::stream(stream::iter(pieces))).await.unwrap();
    assert!(world.sim.b2().read(SHARED, "large").unwrap() == content);
    // Five thousand of one byte, three hundred each of two, four and eight, the rest of sixteen.
    assert_eq!(world.granted("b2_upload_part"), 5000 + 3 * 300 + 2800_usize.div_ceil(16));
}

#[tokio::test]
async fn gotcha_19_a_lifecycle_of_no_days_is_refused_here_and_there() {
    let world = World::new().await;
    let client = world.client();
    for rule in [
        LifecycleRule::new("").days_from_hiding_to_deleting(0),
        LifecycleRule::new("").days_from_uploading_to_hiding(0),
        LifecycleRule::new("").days_from_starting_to_canceling_unfinished_large_files(0),
        LifecycleRule::new(""),
    ] {
        let create = CreateBucket::new(BucketName::new("a-bucket").unwrap(), Visibility::Private);
        let made = client.buckets().create(&create.lifecycle_rules([rule.clone()])).await.unwrap_err();
        let update = UpdateBucket::new(world.bucket.clone()).lifecycle_rules([rule]);
        let updated = client.buckets().update(&update).await.unwrap_err();
        assert_eq!((made.kind(), updated.kind()), (&ErrorKind::InvalidRequest, &ErrorKind::InvalidRequest));
    }
    assert_eq!(world.sim.faults().requests(), 0);
    let none = json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": 0}]);
    let asked = json!({"bucketId": world.bucket.as_str(), "lifecycleRules": none});
    assert_eq!(world.sim.b2().call("b2_update_bucket", asked).unwrap_err().status, 400);
}

#[tokio::test]
async fn retention_in_a_bucket_without_object_lock_is_a_conflict_wherever_it_is_asked_for() {
    let world = World::new().await;
    let client = world.client();
    let open = json!({"bucketName": "an-open-bucket", "bucketType": "allPrivate"});
    let open =
        BucketId::new(world.sim.b2().call("b2_create_bucket", open).unwrap()["bucketId"].as_str().unwrap());
    let id = FileId::new(world.sim.b2().put("an-open-bucket", "file", b"content").unwrap());
    let (files, name) = (client.files(), FileName::new("file").unwrap());
    let version = files.get(&id).await.unwrap();
    let hour = FileRetention::compliance(UnixMillis::new(version.uploaded.get() + 3_600_000));
    let fortnight = DefaultRetention::compliance(Period::Days(14));
    let default = UpdateBucket::new(open.clone()).default_retention(fortnight);
    let upload = UploadFile::new(open, name.clone()).retention(hour.clone());
    for refused in [
        client.buckets().update(&default).await.map(|_| ()),
        files.upload(&upload, Source::bytes("x")).await.map(|_| ()),
        files.upload(&upload, Source::bytes(LARGE)).await.map(|_| ()),
        files.update_retention(&name, &id, &hour, Governance::Respect).await.map(|_| ()),
        files.copy(&CopyFile::new(id.clone(), name.clone()).retention(hour.clone())).await.map(|_| ()),
    ] {
        assert_eq!(*refused.unwrap_err().kind(), ErrorKind::LockConflict);
    }
    assert_eq!(world.sim.b2().versions("an-open-bucket").len(), 1);
    assert_eq!(world.asked("b2_upload_file"), 1, "and asked for once each");
}

#[test]
fn an_sse_c_key_of_the_wrong_length_is_refused_and_not_repeated() {
    for length in [0, 1, 16, 31, 33, 64] {
        let written = data_encoding::BASE64.encode(&vec![b'K'; length]);
        let error = CustomerKey::from_base64(&written).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
        let text = crate::b2_site::all_of(&error);
        assert!(length == 0 || !text.contains(&written), "{length} bytes");
        assert!(!text.contains("KKK"));
    }
}

fn on_disk(content: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

/// Uploads a file that is modified while the service holds the first request of this operation.
async fn modified_during_upload(
    world: &World,
    content: &[u8],
    operation: &str,
    modify: impl FnOnce(&NamedTempFile),
) -> Error {
    let file = on_disk(content);
    let client = world.client();
    world.sim.faults().clear();
    world.sim.faults().on("b2", operation).before_effect(Fault::Stall(Duration::from_secs(10)));
    let request = request(world, "file");
    let files = client.files();
    let modifying = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(world.asked(operation), 1, "the request has arrived, and is not answered");
        modify(&file);
    };
    let (uploaded, ()) = tokio::join!(files.upload(&request, Source::path(file.path())), modifying);
    uploaded.unwrap_err()
}

fn shrink(file: &NamedTempFile) {
    file.as_file().set_len(3).unwrap();
}

fn grow(file: &NamedTempFile) {
    let mut file = file.as_file();
    file.write_all(b"and more").unwrap();
}

fn rewrite(file: &NamedTempFile) {
    let length = usize::try_from(file.as_file().metadata().unwrap().len()).unwrap();
    let later = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::write(file.path(), vec![b'!'; length]).unwrap();
    file.as_file().set_modified(later).unwrap();
}

fn vanish(file: &NamedTempFile) {
    std::fs::remove_file(file.path()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_small_file_that_changes_while_it_is_sent_is_not_called_good_and_what_was_stored_is_named() {
    for (modify, stored) in [(shrink as fn(&NamedTempFile), 0), (grow, 1), (rewrite, 1), (vanish, 0)] {
        let world = World::new().await;
        let error = modified_during_upload(&world, b"content", "b2_get_upload_url", modify).await;
        assert_eq!(*error.kind(), ErrorKind::SourceFailed, "{error:?}");
        let versions = world.sim.b2().versions(SHARED);
        assert_eq!(versions.len(), stored);
        for version in versions {
            assert!(error.to_string().contains(version["fileId"].as_str().unwrap()), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_file_that_changes_while_it_is_sent_is_cancelled_and_its_source_is_named_as_the_cause() {
    for modify in [shrink as fn(&NamedTempFile), grow, rewrite, vanish] {
        let world = World::new().await;
        let error = modified_during_upload(&world, LARGE, "b2_start_large_file", modify).await;
        assert_eq!(*error.kind(), ErrorKind::SourceFailed, "{error:?}");
        assert_eq!(world.sim.b2().versions(SHARED).len(), 0, "it was cancelled");
        assert_eq!(world.granted("b2_cancel_large_file"), 1);
    }
}

#[tokio::test]
async fn a_stream_that_fails_is_cancelled() {
    let world = World::new().await;
    let broken = stream::iter([Ok(LARGE.into()), Err(std::io::Error::other("the tape tore"))]);
    let error =
        world.client().files().upload(&request(&world, "tape"), Source::stream(broken)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::SourceFailed);
    assert!(error.to_string().contains("the tape tore"), "{error}");
    assert_eq!(world.sim.b2().versions(SHARED).len(), 0);
}

/// A disk with no room, as far as one process can have its own: no file that it writes may be longer than so much.
#[cfg(unix)]
mod full_disk {
    use std::num::NonZeroUsize;
    use std::process::Command;

    use b2_client::files::Download;
    use b2_client::{ApplicationKey, BucketName, Client, Config, ErrorKind, KeyId};
    use tokio::runtime::Runtime;

    use crate::b2_site::{SHARED, World};

    /// Where the service is and whose key it is, for the process whose disk is full.
    const OWNER: [&str; 3] = ["DTC_TESTS_URL", "DTC_TESTS_KEY_ID", "DTC_TESTS_KEY"];

    /// This test twice: with the service and a right disk, and in a process of its own that may write little.
    #[test]
    fn a_full_disk_fails_the_download_and_leaves_the_path_as_it_was() {
        let runtime = Runtime::new().unwrap();
        if std::env::var_os(OWNER[0]).is_some() {
            return runtime.block_on(saved_to_a_full_disk());
        }
        let world = runtime.block_on(World::new());
        for (name, length) in [("one", 300_000), ("ranges", 9_000_000), ("little", 6)] {
            world.sim.b2().put(SHARED, name, &vec![7; length]).unwrap();
        }
        let owner = &world.sim.addresses().b2;
        let this = "b2_bad_input::full_disk::a_full_disk_fails_the_download_and_leaves_the_path_as_it_was";
        let output = Command::new("sh")
            .args(["-c", r#"trap "" XFSZ && ulimit -f 8 && exec "$@""#, "sh"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .envs(OWNER.into_iter().zip([&owner.url, &owner.key_id, &owner.application_key]))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}\n{errors}");
        assert_eq!(world.granted("b2_download_file_by_name"), 4, "the other process was here");
    }

    async fn saved_to_a_full_disk() {
        let [url, id, key] = OWNER.map(|name| std::env::var(name).unwrap());
        let client = Client::new(Config::new(KeyId::new(id), ApplicationKey::new(key)).realm(url)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        std::fs::write(&path, b"what was there").unwrap();
        let save = async |name: &str, parallel| {
            let download = Download::by_name(BucketName::new(SHARED).unwrap(), name.parse().unwrap());
            client.files().save(&download.parallel(NonZeroUsize::new(parallel).unwrap()), &path).await
        };
        for (name, parallel) in [("one", 1), ("ranges", 4), ("ranges", 1)] {
            let error = save(name, parallel).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::DestinationFailed, "{error:?}");
            let said = error.to_string();
            assert!(std::error::Error::source(&error).is_some() && said.contains("kept"), "{said}");
            assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        }
        save("little", 1).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), [7; 6]);
    }
}
