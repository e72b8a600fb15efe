//! Large files: fetched in spans, and gone on with where a run was killed.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use dtc_provision::Outcome;
use dtc_provision::restore::{Failure, GetOptions, Progress, Tree, foresee, get};
use rclone_crypt::{BLOCK_DATA_LEN, HEADER_LEN};

use super::get::got;
use super::store::{Store, files, hours};

/// How much has one line in the journal.
const UNIT: usize = 64 * BLOCK_DATA_LEN;
/// Bytes that arrive at a time: four pieces are a unit, and twelve are three with their tags.
const PIECE: usize = UNIT / 4 + 300;

/// A file of three units and a piece of one.
fn content() -> Vec<u8> {
    (0..3 * UNIT + 100_001).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

async fn bucket() -> (Store, Tree) {
    let store = Store::default();
    store.state().piece = Some(PIECE);
    store.upload("images/large", &content(), hours(0));
    let tree = store.tree(None).await;
    (store, tree)
}

fn one_at_a_time(folder: &Path) -> GetOptions {
    let mut options = GetOptions::new(folder);
    options.parallel = NonZeroUsize::MIN;
    options
}

/// The incomplete file and its journal, of which there is one pair at most.
fn left(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let names = fs::read_dir(folder.join("images")).ok()?.map(|entry| entry.unwrap().path());
    let journal = names.into_iter().find(|path| path.to_string_lossy().ends_with(".journal"))?;
    Some((journal.with_extension(""), journal))
}

fn assert_whole(folder: &Path, after: &str) {
    let found = files(folder);
    assert!(found.len() == 1 && found["images/large"] == content(), "{after}: {:?}", found.keys());
}

#[tokio::test(flavor = "multi_thread")]
async fn y4_a_large_file_comes_in_spans_over_no_more_connections_than_were_given() {
    let (store, tree) = bucket().await;
    let folder = tempfile::tempdir().unwrap();
    let mut options = GetOptions::new(folder.path());
    options.parallel = NonZeroUsize::new(3).unwrap();
    store.state().open = (0, 0);
    let arrived = std::sync::atomic::AtomicU64::new(0);
    let count = |progress: Progress<'_>| {
        if let Progress::Received(bytes) = progress {
            arrived.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let report = get(&store.source(), &tree, &options, &count).await.unwrap();
    assert_eq!((report.written, report.outcome()), (1, Outcome::AsItShouldBe));
    assert_whole(folder.path(), "a run");
    assert_eq!(arrived.into_inner(), report.bytes);
    let state = store.state();
    assert_eq!((state.fetched.len(), state.open), (2, (0, state.open.1)), "two spans of two units");
    assert!((2..=3).contains(&state.open.1), "{:?}", state.open);
}

/// X3: killed at every request and at every piece that arrives; nothing that the journal holds is fetched again.
#[tokio::test]
async fn y4_killed_anywhere_in_a_large_file_the_next_run_goes_on_within_it() {
    let (store, tree) = bucket().await;
    let before = store.state().events;
    let whole = tempfile::tempdir().unwrap();
    get(&store.source(), &tree, &one_at_a_time(whole.path()), &|_| ()).await.unwrap();
    let (events, stored) = store.counted(before);
    let mut resumed = 0;
    for cut in 0..events {
        let folder = tempfile::tempdir().unwrap();
        store.cut(cut, &tree, &one_at_a_time(folder.path())).await;
        let found = files(folder.path());
        assert!(!found.contains_key("images/large"), "it has its name at event {cut}");
        let noted = left(folder.path())
            .map_or(0, |(_, journal)| fs::read_to_string(journal).unwrap().lines().count());
        store.state().arrived = 0;
        assert!(got(&store, &tree, folder.path()).await.is_complete(), "{cut}");
        assert_whole(folder.path(), &format!("event {cut}"));
        let again = store.state().arrived;
        assert!(
            again <= stored - noted * UNIT,
            "event {cut}: {again} bytes although {noted} units are noted"
        );
        resumed += usize::from(noted > 0);
    }
    assert!(resumed >= 8, "{resumed} of {events} cuts came after a unit was noted");
}

#[tokio::test]
async fn y4_a_dry_run_leaves_out_what_an_earlier_run_has_written_of_a_large_file() {
    let (store, tree) = bucket().await;
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = store.state().events;
    get(&store.source(), &tree, &one_at_a_time(fresh.path()), &|_| ()).await.unwrap();
    let (events, _) = store.counted(before);
    let foreseen = || foresee(&tree, &GetOptions::new(folder.path())).unwrap();
    let size = tree.files[0].object.size;
    assert_eq!((foreseen().bytes, foreseen().stored_bytes, foreseen().begun), (tree.bytes(), size, 0));
    store.cut(events - 1, &tree, &one_at_a_time(folder.path())).await;
    let (part, journal) = left(folder.path()).unwrap();
    let there = || (fs::read(&part).unwrap(), fs::read(&journal).unwrap());
    let (as_left, rest) = (there(), foreseen());
    assert_eq!((rest.files, rest.begun, rest.bytes + rest.begun), (1, 3 * UNIT as u64, tree.bytes()));
    assert!(there() == as_left, "a dry run changes nothing");
    store.state().arrived = 0;
    assert!(got(&store, &tree, folder.path()).await.is_complete());
    assert_eq!(rest.stored_bytes, (store.state().arrived + HEADER_LEN) as u64, "what was fetched");
    assert_eq!((foreseen().files, foreseen().bytes, foreseen().begun), (0, 0, 0));
}

/// What a kill between any two writes leaves, and what a loss of power may leave: each is gone on with or begun anew, and never believed.
#[tokio::test]
async fn y4_what_a_journal_says_is_believed_as_far_as_the_content_has_its_tags() {
    let (store, tree) = bucket().await;
    let folder = tempfile::tempdir().unwrap();
    let before = store.state().events;
    get(&store.source(), &tree, &one_at_a_time(folder.path()), &|_| ()).await.unwrap();
    let (events, stored) = store.counted(before);
    // The last piece is missing: three units are noted.
    let left_over = tempfile::tempdir().unwrap();
    store.cut(events - 1, &tree, &one_at_a_time(left_over.path())).await;
    let (part, journal) = left(left_over.path()).unwrap();
    let (content, notes) = (fs::read(&part).unwrap(), fs::read_to_string(&journal).unwrap());
    let lines: Vec<&str> = notes.lines().collect();
    assert_eq!(lines.len(), 3);
    let with = |content: &[u8], notes: &str| (content.to_vec(), notes.to_owned());
    let changed = |at: usize| {
        let mut content = content.clone();
        content[at] ^= 1;
        content
    };
    let swapped = notes.replacen("0 ", "9 ", 1).replacen("1 ", "0 ", 1).replacen("9 ", "1 ", 1);
    let mut cases = vec![
        ("as it was left", with(&content, &notes), 3),
        ("one line", with(&content, &format!("{}\n", lines[1])), 1),
        ("the last line has no end", with(&content, notes.trim_end()), 2),
        ("a line twice", with(&content, &format!("{0}\n{0}\n", lines[0])), 1),
        ("no journal", with(&content, ""), 0),
        ("no content", with(b"", &notes), 0),
        ("less content than noted", with(&content[..UNIT + 5], &notes), 1),
        ("a bit of the first unit", with(&changed(0), &notes), 2),
        ("the last bit of the second unit", with(&changed(2 * UNIT - 1), &notes), 2),
        ("zeros", with(&vec![0; content.len()], &notes), 0),
        ("units exchanged", with(&content, &swapped), 1),
        (
            "units that there are not",
            with(&content, &format!("{notes}4 00\n99999999999999999999 0\n-1 0\n")),
            3,
        ),
        ("no text", with(&content, "\u{0}\u{7}\n 0 \n0\n"), 0),
    ];
    for end in (0..notes.len()).step_by(29) {
        let whole = notes[..end].matches('\n').count();
        cases.push(("a journal that ends early", with(&content, &notes[..end]), whole));
    }
    for (what, (content, notes), believed) in cases {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("images")).unwrap();
        for (name, bytes) in [(&part, &content[..]), (&journal, notes.as_bytes())] {
            fs::write(folder.path().join("images").join(name.file_name().unwrap()), bytes).unwrap();
        }
        store.state().arrived = 0;
        assert!(got(&store, &tree, folder.path()).await.is_complete(), "{what}");
        assert_whole(folder.path(), what);
        let again = stored - store.state().arrived;
        assert_eq!(again / UNIT, believed, "{what}: {again} bytes were not fetched again");
    }
}

#[tokio::test]
async fn v3_a_damaged_block_of_a_large_file_is_data_at_risk_and_leaves_nothing() {
    let (store, _) = bucket().await;
    let bad = store.upload("images/large", &content(), hours(1));
    store.change(&bad, |stored| stored[2 * UNIT] ^= 1);
    store.upload("small", b"small", hours(1));
    let folder = tempfile::tempdir().unwrap();
    let report = got(&store, &store.tree(None).await, folder.path()).await;
    assert_eq!((report.written, report.outcome()), (1, Outcome::DataAtRisk));
    assert_eq!((report.failed[0].failure, report.failed[0].version.clone()), (Failure::DataAtRisk, bad));
    assert_eq!(report.failed[0].older.as_ref().unwrap().uploaded, hours(0));
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["small"]);

    let plain = Store::default();
    plain.add("large", dtc_provision::ports::VersionKind::Content, vec![7; 3 * UNIT], hours(0));
    let report = got(&plain, &plain.tree(None).await, folder.path()).await;
    assert!(report.failed[0].reason.contains("not encrypted"), "{report:?}");
    assert_eq!(report.outcome(), Outcome::DataAtRisk);
}

/// A beginning of another moment's version is not gone on with, and does not stay.
#[tokio::test]
async fn y4_what_was_begun_of_another_version_is_cleared_up() {
    let (store, tree) = bucket().await;
    let folder = tempfile::tempdir().unwrap();
    store.cut(9, &tree, &one_at_a_time(folder.path())).await;
    assert!(left(folder.path()).is_some());
    store.upload("images/large", b"now it is small", hours(1));
    assert!(got(&store, &store.tree(None).await, folder.path()).await.is_complete());
    assert_eq!(files(folder.path())["images/large"], b"now it is small");
    assert_eq!(files(folder.path()).len(), 1);
}
