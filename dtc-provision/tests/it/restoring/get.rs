//! Trees, fetched and written.

use std::time::SystemTime;

use dtc_provision::Outcome;
use dtc_provision::restore::{
    BackedUp, Failure, GetOptions, GetReport, Moment, Selection, Tree, foresee, get, history, tree,
};
use rclone_crypt::{BLOCK_DATA_LEN, Filter};
use sha2::{Digest as _, Sha256};

use super::store::{Store, files, hours};

pub(super) fn large() -> Vec<u8> {
    (0..2 * BLOCK_DATA_LEN + 77).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

/// A history of a few files.
pub(super) fn bucket() -> Store {
    let store = Store::default();
    store.upload("docs/letter.txt", b"first", hours(0));
    store.upload("docs/large", &large(), hours(0));
    store.upload("docs/empty", b"", hours(0));
    store.upload("gone.txt", b"it was here", hours(0));
    store.hide("gone.txt", hours(24));
    store.upload("docs/letter.txt", b"second", hours(48));
    store.upload("new.txt", b"new", hours(48));
    store
}

pub(super) async fn got(store: &Store, tree: &Tree, folder: &std::path::Path) -> GetReport {
    get(&store.source(), tree, &GetOptions::new(folder), &|_| ()).await.unwrap()
}

#[tokio::test]
async fn y4_a_tree_comes_back_as_it_stood_with_its_times() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let tree = store.tree(Some(hours(12))).await;
    assert_eq!(tree.moment, Moment::Complete);
    let report = got(&store, &tree, folder.path()).await;
    assert_eq!((report.written, report.unchanged, report.outcome()), (4, 0, Outcome::AsItShouldBe));
    let found = files(folder.path());
    let paths: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(paths, ["docs/empty", "docs/large", "docs/letter.txt", "gone.txt"]);
    assert_eq!((&found["docs/letter.txt"][..], &found["docs/large"]), (&b"first"[..], &large()));
    assert_eq!(report.bytes, found.values().map(|content| content.len() as u64).sum::<u64>());
    let modified = folder.path().join("docs/letter.txt").metadata().unwrap().modified().unwrap();
    assert_eq!(modified, SystemTime::from(hours(-1)));
    // The evidence can be made again from the listing, by anybody.
    let line = |file: &BackedUp| format!("{} {} {}\n", file.len().unwrap(), file.object.id, file.shown());
    let list: String = tree.files.iter().map(line).collect();
    let hash = Sha256::digest(list).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!(report.list_sha256, hash);
}

#[tokio::test]
async fn x8_a_second_run_fetches_nothing_and_reports_the_same_list() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let tree = store.tree(None).await;
    let first = got(&store, &tree, folder.path()).await;
    store.state().fetched.clear();
    let second = got(&store, &tree, folder.path()).await;
    assert_eq!((second.written, second.unchanged), (0, first.written));
    assert_eq!(second.list_sha256, first.list_sha256);
    assert!(store.state().fetched.is_empty());
}

/// The time is another one: the content is compared by the hash that the bucket holds, without fetching it.
#[tokio::test]
async fn x8_a_file_with_another_time_is_compared_and_with_verify_every_file_is() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let tree = store.tree(None).await;
    got(&store, &tree, folder.path()).await;
    store.state().fetched.clear();
    let letter = folder.path().join("docs/letter.txt");
    std::fs::write(&letter, "second").unwrap();
    std::fs::write(folder.path().join("new.txt"), "NEW").unwrap();
    let report = got(&store, &tree, folder.path()).await;
    assert_eq!((report.unchanged, report.failed.len()), (3, 1));
    assert_eq!((report.failed[0].path.as_str(), report.failed[0].failure), ("new.txt", Failure::Occupied));
    assert!(store.state().fetched.is_empty());

    let time = letter.metadata().unwrap().modified().unwrap();
    let large = std::fs::File::options().write(true).open(folder.path().join("docs/large")).unwrap();
    let stored = large.metadata().unwrap().modified().unwrap();
    assert_ne!(time, stored);
    std::io::Write::write_all(&mut &large, b"x").unwrap();
    large.set_modified(stored).unwrap();
    assert_eq!(got(&store, &tree, folder.path()).await.unchanged, 3, "by length and time it is equal");
    let mut options = GetOptions::new(folder.path());
    options.verify = true;
    let report = get(&store.source(), &tree, &options, &|_| ()).await.unwrap();
    assert_eq!((report.unchanged, report.failed.len()), (2, 2));
}

#[tokio::test]
async fn y4_a_dry_run_says_what_would_be_done_and_does_nothing() {
    let (store, folder) = (bucket(), tempfile::tempdir().unwrap());
    let target = folder.path().join("target");
    let tree = store.tree(None).await;
    let foreseen = foresee(&tree, &GetOptions::new(&target)).unwrap();
    assert_eq!((foreseen.files, foreseen.bytes), (4, tree.bytes()));
    assert!(!target.exists() && store.state().fetched.is_empty());
    got(&store, &tree, &target).await;
    std::fs::write(target.join("new.txt"), "another length").unwrap();
    let foreseen = foresee(&tree, &GetOptions::new(&target)).unwrap();
    assert_eq!((foreseen.files, foreseen.there, foreseen.occupied), (0, 3, 1));
}

#[tokio::test]
async fn y4_a_folder_and_filters_choose_files() {
    let store = bucket();
    let paths = async |wanted: &str, filter: &str| {
        let filter = Filter::parse(filter).unwrap();
        let wanted = vec![wanted.parse().unwrap()];
        let selection = Selection::new(wanted, filter, hours(100));
        let tree = tree(&store.source(), &selection).await.unwrap();
        tree.files.iter().map(BackedUp::shown).collect::<Vec<_>>()
    };
    assert_eq!(paths("pool0:docs", "").await, ["docs/empty", "docs/large", "docs/letter.txt"]);
    assert_eq!(paths("pool0:docs/letter.txt", "").await, ["docs/letter.txt"]);
    assert!(paths("pool0:docs/lett", "").await.is_empty());
    assert_eq!(paths("pool0", "+ *.txt\n- *").await, ["docs/letter.txt", "new.txt"]);
    assert_eq!(paths("pool0", "- /docs/**").await, ["new.txt"]);
    assert!(paths("pool1", "").await.is_empty());
}

#[tokio::test]
async fn y4_a_files_history_says_what_replaced_it_and_when_it_goes() {
    let store = bucket();
    let versions = history(&store.source(), &"pool0:gone.txt".parse().unwrap()).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[0].replaced, versions[0].size, versions[0].goes), (None, None, None));
    assert_eq!((versions[1].size, versions[1].replaced), (Some(11), Some(hours(24))));
    assert_eq!(versions[1].goes, Some(hours(24 + 30 * 24)));
    for path in ["pool0:docs", "pool0", "pool0:docs/letter"] {
        assert!(history(&store.source(), &path.parse().unwrap()).await.unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn y4_an_instant_before_everything_or_too_long_ago_is_said() {
    let store = bucket();
    let at = |hour, now: i64| {
        let wanted = vec!["pool0".parse().unwrap()];
        Selection::new(wanted, Filter::default(), hours(now)).at(hours(hour))
    };
    let before = tree(&store.source(), &at(-1, 100)).await.unwrap();
    assert_eq!((before.moment, before.files.len()), (Moment::BeforeFirst { first: hours(0) }, 0));
    let long_ago = tree(&store.source(), &at(12, 40 * 24)).await.unwrap();
    assert_eq!(long_ago.moment, Moment::MayLack { complete_since: hours(10 * 24) });
    assert!(!long_ago.is_whole() && store.tree(None).await.is_whole());
}
