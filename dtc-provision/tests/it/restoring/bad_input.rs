//! What a restore does with what is not as it should be.

use std::num::NonZeroUsize;

use dtc_provision::ports::VersionKind;
use dtc_provision::restore::{Failure, GetOptions, Selection, Tree, foresee, get, tree};
use dtc_provision::{Error, Outcome, PortErrorKind};
use rclone_crypt::{Filter, encrypted_len, obscure_with_iv};

use super::get::{bucket, got};
use super::store::{PASSWORD, SALT, Store, all, files, hours};

/// What comes of restoring with this pair; the target stays empty.
async fn refused(password: &str, salt: &str) -> Error {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let source = store.source_with(password, salt);
    let tree = tree(&source, &all(None)).await.unwrap();
    let target = folder.path().join("target");
    let error = get(&source, &tree, &GetOptions::new(&target), &|_| ()).await.unwrap_err();
    assert!(!target.exists() && store.state().fetched.is_empty(), "{error}");
    error
}

#[tokio::test]
async fn e3a_a_pair_that_opens_nothing_writes_nothing_and_a_common_mistake_is_named() {
    let wrong = refused("another", "pair").await;
    assert_eq!((wrong.outcome(), wrong.code()), (Outcome::DataAtRisk, "DTC-RULE-E4".to_owned()));
    assert!(wrong.to_string().contains("nothing opens with this pair"), "{wrong}");
    let swapped = refused(SALT, PASSWORD).await;
    assert!(swapped.to_string().contains("password and salt are exchanged"), "{swapped}");
    let obscured = |text| obscure_with_iv(text, [7; 16]).expose().to_owned();
    let both = refused(&obscured(PASSWORD), &obscured(SALT)).await;
    assert!(both.to_string().contains("obscured"), "{both}");
    assert_eq!((both.outcome(), both.code()), (Outcome::Precondition, "DTC-RULE-E3A".to_owned()));
    for error in [wrong, swapped, both] {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(PASSWORD) && !text.contains(SALT), "{text}");
    }
}

/// Of several things that are wanted, one is not there: the others come, and it is named. A filter that leaves none of its files is no reason.
#[tokio::test]
async fn y4_what_was_wanted_and_is_not_there_is_named() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let listed = async |wanted: &[&str], filter: &str, at| {
        let wanted = wanted.iter().map(|wanted| wanted.parse().unwrap()).collect();
        let selection = Selection::new(wanted, Filter::parse(filter).unwrap(), hours(100)).at(at);
        tree(&store.source(), &selection).await.unwrap()
    };
    let absent = |tree: &Tree| tree.absent.iter().map(ToString::to_string).collect::<Vec<_>>();
    let some = listed(&["pool0:docs", "pool0:doc", "pool0:gone.txt", "pool7"], "", hours(90)).await;
    assert_eq!(absent(&some), ["pool0:doc", "pool0:gone.txt", "pool7"]);
    assert!(!some.is_whole());
    let report = got(&store, &some, folder.path()).await;
    assert_eq!((report.written, report.outcome()), (3, Outcome::Incomplete));
    assert_eq!(report.absent, absent(&some));
    let earlier = listed(&["pool0:docs", "pool0:gone.txt"], "", hours(12)).await;
    assert!(absent(&earlier).is_empty() && earlier.is_whole());
    let filtered = listed(&["pool0:docs", "pool0:new.txt"], "- /docs/**", hours(90)).await;
    assert_eq!((filtered.files.len(), absent(&filtered).len()), (1, 0));
}

#[tokio::test]
async fn k2_a_key_that_lacks_a_capability_is_named_with_its_record() {
    let store = bucket();
    store.state().lacks = Some("listFiles");
    let error = tree(&store.source(), &all(None)).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("listFiles") && text.contains("the saved record") && text.contains("005key"),
        "{text}"
    );
    store.state().lacks = None;
    let listed = store.tree(None).await;
    store.state().lacks = Some("readFiles");
    let folder = tempfile::tempdir().unwrap();
    let mut options = GetOptions::new(folder.path());
    options.parallel = NonZeroUsize::MIN;
    let report = get(&store.source(), &listed, &options, &|_| ()).await.unwrap();
    assert_eq!((report.written, report.outcome()), (0, Outcome::Incomplete));
    assert!(report.failed[0].reason.contains("readFiles"), "{:?}", report.failed[0]);
    let begun = report.failed.iter().filter(|failed| failed.failure != Failure::NotBegun).count();
    assert_eq!(begun, 1, "what would fail alike is not begun");
}

/// One object is refused, whose connections are cut or which needs another right: the others come.
#[tokio::test]
async fn x8_an_object_that_is_refused_does_not_hold_up_the_others() {
    for kind in PortErrorKind::ALL {
        let store = bucket();
        let listed = store.tree(None).await;
        let bad = listed.files.iter().find(|file| file.shown() == "docs/letter.txt").unwrap();
        store.state().refused.insert(bad.object.id.clone(), kind);
        let folder = tempfile::tempdir().unwrap();
        let mut options = GetOptions::new(folder.path());
        options.parallel = NonZeroUsize::MIN;
        let report = get(&store.source(), &listed, &options, &|_| ()).await.unwrap();
        let first = report.failed.iter().find(|failed| failed.path == "docs/letter.txt").unwrap();
        let expected = if kind == PortErrorKind::Damaged { Failure::Damaged } else { Failure::NotFetched };
        assert_eq!(first.failure, expected, "{kind:?}");
        // These are answers about the key, the account or the service, whatever was asked for.
        let of_all = [
            PortErrorKind::RateLimited,
            PortErrorKind::CredentialsRejected,
            PortErrorKind::AccountLimit,
            PortErrorKind::WrongMachine,
        ];
        let (written, failed) = if of_all.contains(&kind) { (2, 2) } else { (3, 1) };
        assert_eq!((report.written, report.failed.len()), (written, failed), "{kind:?}: {report:?}");
        assert_eq!(report.outcome(), Outcome::Incomplete, "{kind:?}");
    }
}

#[tokio::test]
async fn x8_a_service_that_is_away_ends_the_work_once_and_not_for_every_file() {
    let store = bucket();
    let listed = store.tree(None).await;
    for file in &listed.files {
        store.state().refused.insert(file.object.id.clone(), PortErrorKind::Unreachable);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut options = GetOptions::new(folder.path());
    options.parallel = NonZeroUsize::MIN;
    let report = get(&store.source(), &listed, &options, &|_| ()).await.unwrap();
    let begun = report.failed.iter().filter(|failed| failed.failure != Failure::NotBegun).count();
    assert_eq!((begun, report.failed.len()), (1, 4));
}

#[tokio::test]
async fn v3_a_damaged_object_is_named_with_the_newest_older_version_that_opens_and_the_rest_goes_on() {
    let store = bucket();
    let good = store.upload("docs/letter.txt", b"third", hours(60));
    for hour in [72, 84] {
        let bad = store.upload("docs/letter.txt", b"fourth", hours(hour));
        store.change(&bad, |stored| *stored.last_mut().unwrap() ^= 1);
    }
    let folder = tempfile::tempdir().unwrap();
    let listed = store.tree(None).await;
    let report = got(&store, &listed, folder.path()).await;
    assert_eq!((report.written, report.failed.len(), report.outcome()), (3, 1, Outcome::DataAtRisk));
    let failed = &report.failed[0];
    assert_eq!((failed.path.as_str(), failed.failure), ("docs/letter.txt", Failure::DataAtRisk));
    let older = failed.older.as_ref().unwrap();
    assert_eq!((&older.version, older.uploaded), (&good, hours(60)));
    assert!(!folder.path().join("docs/letter.txt").exists());
    assert!(files(folder.path()).keys().all(|path| !path.contains(".dtc-restore-")));
}

#[tokio::test]
async fn v3_plain_text_in_the_bucket_is_data_at_risk_and_no_sign_of_a_wrong_pair() {
    let store = Store::default();
    store.add(
        "plain.txt",
        VersionKind::Content,
        b"this was never encrypted, and it is long enough".to_vec(),
        hours(0),
    );
    let folder = tempfile::tempdir().unwrap();
    let report = got(&store, &store.tree(None).await, folder.path()).await;
    assert_eq!((report.failed[0].failure, report.outcome()), (Failure::DataAtRisk, Outcome::DataAtRisk));
    assert!(report.failed[0].reason.contains("not encrypted"), "{:?}", report.failed[0]);
}

#[tokio::test]
async fn y4_what_is_replaced_hidden_or_deleted_during_a_restore_is_fetched_as_it_was_chosen() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let listed = store.tree(None).await;
    store.upload("docs/letter.txt", b"overwritten", hours(60));
    store.hide("docs/large", hours(60));
    let new = listed.files.iter().find(|file| file.shown() == "new.txt").unwrap().object.id.clone();
    store.delete(&new);
    let report = got(&store, &listed, folder.path()).await;
    assert_eq!((report.written, report.failed.len()), (3, 1));
    assert_eq!((report.failed[0].path.as_str(), report.failed[0].failure), ("new.txt", Failure::NotFetched));
    assert_eq!(files(folder.path())["docs/letter.txt"], b"second");
}

#[tokio::test]
async fn x8_what_is_in_the_way_stays_and_the_rest_is_written() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("new.txt"), "somebody's own").unwrap();
    std::fs::write(folder.path().join("docs"), "a file where a folder is needed").unwrap();
    let listed = store.tree(Some(hours(12))).await;
    let report = got(&store, &listed, folder.path()).await;
    assert_eq!((report.written, report.failed.len(), report.outcome()), (1, 3, Outcome::Incomplete));
    assert!(report.failed.iter().all(|failed| failed.failure == Failure::NotWritten), "{:?}", report.failed);
    let found = files(folder.path());
    assert_eq!((&found["new.txt"][..], found.len()), (&b"somebody's own"[..], 3));
    let target = folder.path().join("new.txt/below");
    assert!(get(&store.source(), &listed, &GetOptions::new(target), &|_| ()).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn x8_no_name_leads_out_of_the_target() {
    let store = Store::default();
    for name in ["..\u{201B}/x", "a/\u{FF0E}\u{FF0E}/b", "ok"] {
        store.upload(name, b"x", hours(0));
    }
    let (above, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = above.path().join("target");
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.join("a")).unwrap();
    let report = got(&store, &store.tree(None).await, &folder).await;
    assert!(report.written >= 1, "{report:?}");
    assert!(files(elsewhere.path()).is_empty());
    assert_eq!(std::fs::read_dir(above.path()).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn x8_names_that_differ_in_case_alone_are_two_files_and_long_and_empty_ones_are_files() {
    let store = Store::default();
    let long = "n".repeat(255);
    for (name, content) in [("a.txt", &b"small"[..]), ("A.TXT", b"LARGE"), (&long, b"long"), ("empty", b"")] {
        store.upload(name, content, hours(0));
    }
    let folder = tempfile::tempdir().unwrap();
    let listed = store.tree(None).await;
    let report = got(&store, &listed, folder.path()).await;
    assert!(report.is_complete(), "{report:?}");
    let found = files(folder.path());
    assert_eq!(
        (&found["a.txt"][..], &found["A.TXT"][..], found[&long].len()),
        (&b"small"[..], &b"LARGE"[..], 4)
    );
    let again = got(&store, &listed, folder.path()).await;
    assert_eq!((again.unchanged, again.written), (4, 0));
    // No disk here holds a longer one: it is named, and nothing else.
    store.upload(&"n".repeat(256), b"too long", hours(0));
    let report = got(&store, &store.tree(None).await, folder.path()).await;
    assert_eq!((report.unchanged, report.failed.len()), (4, 1));
    assert_eq!((report.failed[0].failure, report.outcome()), (Failure::NotWritten, Outcome::Incomplete));
}

/// Sizes are made up: only the listing holds them.
#[tokio::test]
async fn x7_a_hundred_thousand_files_and_sizes_past_five_terabytes_are_listed() {
    let store = Store::default();
    for number in 0..100_000 {
        store.add(&format!("folder{}/{number}", number % 100), VersionKind::Content, Vec::new(), hours(0));
    }
    for (version, _) in &mut store.state().rows {
        version.object.size = 6_000_000_000_000;
    }
    let listed = store.tree(None).await;
    assert_eq!(listed.files.len(), 100_000);
    let folder = tempfile::tempdir().unwrap();
    let foreseen = foresee(&listed, &GetOptions::new(folder.path().join("none"))).unwrap();
    assert_eq!((foreseen.files, foreseen.stored_bytes), (100_000, 600_000_000_000_000_000));
    let size = encrypted_len(1 << 62);
    for (version, _) in &mut store.state().rows {
        version.object.size = size;
    }
    assert_eq!(store.tree(None).await.bytes(), u64::MAX);
}
