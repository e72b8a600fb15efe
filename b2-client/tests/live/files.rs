//! Files: uploads, downloads, listings, locks, download tokens.

use std::num::NonZeroU16;
use std::time::Duration;

use b2_client::buckets::{Bucket, Encryption};
use b2_client::files::{
    CopyFile, Download, FileRetention, FileVersion, Governance, HeaderOverrides, HideOutcome, LegalHold,
    ListFiles, Sha1, ShareFiles, Source, UploadFile,
};
use b2_client::{Client, CustomerKey, ErrorKind, FileId, FileName, UnixMillis};
use bytes::Bytes;
use futures_util::TryStreamExt as _;

pub(crate) fn name(text: &str) -> FileName {
    FileName::new(text).unwrap()
}

pub(crate) fn id(version: &FileVersion) -> FileId {
    version.id.clone()
}

/// Pseudo-random bytes.
pub(crate) fn noise(length: usize) -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

pub(crate) async fn small_files_go_up_come_down_and_are_listed(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let odd = ["plain.txt", "a b/ü+%41&=?#.txt", "日本/dots...", "back\\slash", "~!$'()*;:@,[]{}|^`\"<>"];
    for text in odd {
        let request = UploadFile::new(bucket.id.clone(), name(text))
            .content_type("text/plain")
            .info("note", "ü + %")
            .source_modified(UnixMillis::new(1_700_000_000_123));
        let version = files.upload(&request, Source::bytes(text.to_owned())).await.unwrap();
        assert_eq!((version.name.as_str(), version.whole_sha1()), (text, Some(Sha1::of(text.as_bytes()))));
        assert_eq!((version.info["note"].as_str(), version.encryption), ("ü + %", Encryption::SseB2));
        let by_name = Download::by_name(bucket.name.clone(), name(text));
        let content = files.download(&by_name).await.unwrap();
        assert!(content.is_verified());
        assert_eq!(
            (content.head().name.clone(), content.head().info["note"].as_str()),
            (Some(name(text)), "ü + %")
        );
        assert_eq!(content.bytes().await.unwrap(), text.as_bytes());
    }
    let paged = ListFiles::new(bucket.id.clone()).page_size(NonZeroU16::new(2).unwrap());
    let listed: Vec<FileVersion> = files.list_names(&paged).try_collect().await.unwrap();
    let mut expected = odd.to_vec();
    expected.sort_unstable();
    assert_eq!(listed.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), expected);
    versions_stack_up(client, bucket).await;
    eprintln!(
        "small files: {} odd names up, down, verified and listed; overwritten, hidden, copied",
        odd.len()
    );
}

async fn versions_stack_up(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let path = std::env::temp_dir().join(format!("b2-client-live-{}", std::process::id()));
    std::fs::write(&path, b"second").unwrap();
    let plain = name("plain.txt");
    let second =
        files.upload(&UploadFile::new(bucket.id.clone(), plain.clone()), Source::path(&path)).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(second.whole_sha1(), Some(Sha1::of(b"second")));
    assert_eq!(files.get(&id(&second)).await.unwrap().content_length, 6);
    assert_eq!(files.head(&Download::by_id(id(&second))).await.unwrap().content_length, 6);
    let part = files.download(&Download::by_id(id(&second)).range(1..=3)).await.unwrap();
    assert_eq!(part.bytes().await.unwrap(), "eco");
    let beyond = files.download(&Download::by_id(id(&second)).range(6..=9)).await.unwrap_err();
    assert_eq!((beyond.kind(), beyond.status()), (&ErrorKind::RangeNotSatisfiable, Some(416)));
    let copy = files.copy(&CopyFile::new(id(&second), name("copy.txt"))).await.unwrap();
    assert_eq!(copy.whole_sha1(), second.whole_sha1());
    assert!(matches!(files.hide(&bucket.id, &plain).await.unwrap(), HideOutcome::Hidden(_)));
    assert_eq!(files.hide(&bucket.id, &plain).await.unwrap(), HideOutcome::AlreadyHidden);
    let gone = files.download(&Download::by_name(bucket.name.clone(), plain.clone())).await.unwrap_err();
    assert!(gone.is_not_found());
    let request = ListFiles::new(bucket.id.clone()).prefix("plain");
    let versions: Vec<FileVersion> = files.list_versions(&request).try_collect().await.unwrap();
    assert_eq!(versions.len(), 3);
    assert_eq!(files.delete_all_versions(&bucket.id, &plain, Governance::Respect).await.unwrap(), 3);
    let twice = files.delete_version(&plain, &id(&second), Governance::Respect).await.unwrap_err();
    assert!(twice.is_not_found(), "{twice:?}");
}

pub(crate) async fn locks_hold_until_they_are_lifted(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let first = UploadFile::new(bucket.id.clone(), name("locked"));
    let version = files.upload(&first, Source::bytes("x")).await.unwrap();
    // Measured from the service's clock, not from this machine's.
    let until = |hours: i64| UnixMillis::new(version.uploaded.get() + hours * 3_600_000);
    let (name, id) = (name("locked"), id(&version));
    let two = FileRetention::governance(until(2));
    assert_eq!(files.update_retention(&name, &id, &two, Governance::Respect).await.unwrap(), two);
    let refused = files.delete_version(&name, &id, Governance::Respect).await.unwrap_err();
    assert_eq!((refused.kind(), refused.status()), (&ErrorKind::Locked, Some(401)));
    let one = FileRetention::governance(until(1));
    // The service answers a refused change with 403, a refused deletion with 401.
    let shortened = files.update_retention(&name, &id, &one, Governance::Respect).await.unwrap_err();
    assert_eq!((shortened.kind(), shortened.status()), (&ErrorKind::Locked, Some(403)));
    let past = FileRetention::governance(UnixMillis::new(version.uploaded.get() - 3_600_000));
    let ended = files.update_retention(&name, &id, &past, Governance::Bypass).await.unwrap_err();
    assert_eq!((ended.kind(), ended.status()), (&ErrorKind::InvalidRequest, Some(400)));
    files.update_retention(&name, &id, &one, Governance::Bypass).await.unwrap();
    files.update_legal_hold(&name, &id, &LegalHold::On).await.unwrap();
    let held = files.delete_version(&name, &id, Governance::Bypass).await.unwrap_err();
    assert_eq!(*held.kind(), ErrorKind::Locked);
    let read = files.get(&id).await.unwrap();
    assert_eq!((read.retention.known(), read.legal_hold.known()), (Some(&one), Some(&LegalHold::On)));
    files.update_legal_hold(&name, &id, &LegalHold::Off).await.unwrap();
    files.delete_version(&name, &id, Governance::Bypass).await.unwrap();
    eprintln!("locks: governance and hold kept a version, and gave way to what lifts them");
}

pub(crate) async fn customer_keys_open_what_they_closed(client: &Client, bucket: &Bucket) {
    let (key, other) = (CustomerKey::new([7; 32]), CustomerKey::new([8; 32]));
    let files = client.files().with_customer_key(&key);
    let request = UploadFile::new(bucket.id.clone(), name("under-a-key"));
    let version = files.upload(&request, Source::bytes("secret")).await.unwrap();
    assert_eq!(version.encryption, Encryption::SseC);
    let download = Download::by_id(id(&version));
    assert_eq!(files.download(&download).await.unwrap().bytes().await.unwrap(), "secret");
    let without = client.files().download(&download).await.unwrap_err();
    assert_eq!((without.kind(), without.status()), (&ErrorKind::InvalidRequest, Some(400)));
    assert_eq!(
        *client.files().with_customer_key(&other).download(&download).await.unwrap_err().kind(),
        ErrorKind::AccessDenied
    );
    let opened = CopyFile::new(id(&version), name("opened")).encryption(Encryption::SseB2);
    let copy = files.copy(&opened).await.unwrap();
    assert_eq!(
        client.files().download(&Download::by_id(id(&copy))).await.unwrap().bytes().await.unwrap(),
        "secret"
    );
    let part = client.account().await.unwrap().minimum_part_size;
    let content = noise(usize::try_from(part).unwrap() + 1);
    let request = UploadFile::new(bucket.id.clone(), name("under-a-key/large")).part_size(part);
    let large = files.upload(&request, Source::bytes(content.clone())).await.unwrap();
    let down = files.download(&Download::by_id(id(&large))).await.unwrap();
    assert!(down.bytes().await.unwrap() == content);
    eprintln!("customer keys: small, large and copied files closed and opened");
}

pub(crate) async fn permissions_to_download_open_what_they_name(client: &Client, bucket: &Bucket) {
    let overrides = HeaderOverrides::new().content_type("text/shared");
    let request = ShareFiles::new(bucket.id.clone(), "large/", Duration::from_mins(1)).overrides(overrides);
    let token = client.files().share(&request).await.unwrap();
    assert!(token.expose_url(&bucket.name, &name("large/bytes")).contains("/large/bytes?Authorization="));
    let shared = client.files().with_token(&token);
    let download = |text: &str| Download::by_name(bucket.name.clone(), name(text));
    let opened = shared.head(&download("large/bytes")).await.unwrap();
    assert_eq!(opened.content_type.as_deref(), Some("text/shared"));
    let refused = shared.head(&download("copy.txt")).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.status()),
        (&ErrorKind::Unauthorized { missing: Vec::new() }, Some(401))
    );
    eprintln!("permission to download: given, used, and no wider than it was given");
}

pub(crate) async fn replicated_versions_are_counted(client: &Client, bucket: &Bucket) {
    let request = ListFiles::new(bucket.id.clone()).prefix("large/");
    let counts = client.files().count_replication(&request).await.unwrap();
    assert!(counts.unmatched >= 3 && counts.completed == 0, "{counts:?}");
    eprintln!("replication: {} versions that no rule matches", counts.unmatched);
}
