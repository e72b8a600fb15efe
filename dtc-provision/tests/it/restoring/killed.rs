//! A restore that is killed at every request and every piece that arrives.

use dtc_provision::ids::ObjectId;
use dtc_provision::restore::GetOptions;

use super::get::{bucket, got};
use super::store::files;

/// What stands below a folder under names of its own.
fn kept(folder: &std::path::Path) -> Vec<String> {
    files(folder).into_keys().filter(|path| !path.contains(".dtc-restore-")).collect()
}

#[tokio::test]
async fn y4_killed_anywhere_a_second_run_ends_with_the_same_tree_and_fetches_nothing_complete_again() {
    let store = bucket();
    let tree = store.tree(None).await;
    let (whole, before) = (tempfile::tempdir().unwrap(), store.state().events);
    got(&store, &tree, whole.path()).await;
    let (whole, events) = (files(whole.path()), store.state().events - before);
    assert!(events > 10, "{events}");
    let mut in_a_file = 0;
    for cut in 0..events {
        let folder = tempfile::tempdir().unwrap();
        store.state().arrived = 0;
        let mut options = GetOptions::new(folder.path());
        // One at a time, so that each event is one place.
        options.parallel = std::num::NonZeroUsize::MIN;
        store.cut(cut, &tree, &options).await;
        let found = files(folder.path());
        // Whoever gives up clears up. A process that is killed does not (tests/it/restore_killed.rs kills one): the next run does.
        assert!(found.keys().all(|path| !path.contains(".dtc-restore-")), "{cut}: {found:?}");
        std::fs::write(folder.path().join(".dtc-restore-0123456789abcdef"), "half").unwrap();
        for path in kept(folder.path()) {
            assert_eq!(found[&path], whole[&path], "{path} is half at {cut}");
        }
        let complete: Vec<ObjectId> = tree
            .files
            .iter()
            .filter(|file| found.contains_key(&file.shown()))
            .map(|file| file.object.id.clone())
            .collect();
        let whole_files = tree.files.iter().filter(|file| complete.contains(&file.object.id));
        let arrived = whole_files.map(|file| usize::try_from(file.object.size).unwrap()).sum::<usize>();
        in_a_file += usize::from(store.state().arrived > arrived);
        store.state().fetched.clear();
        let report = got(&store, &tree, folder.path()).await;
        assert!(report.is_complete(), "{cut}: {report:?}");
        assert_eq!(files(folder.path()), whole, "{cut}");
        let fetched = store.state().fetched.clone();
        assert!(complete.iter().all(|id| !fetched.contains(id)), "{cut}: {fetched:?}");
    }
    assert!(in_a_file > 0, "no cut came in the middle of a file");
}
