//! A restore that is killed at every request and every piece that arrives.

use dtc_provision::ids::ObjectId;
use dtc_provision::restore::{GetOptions, get};
use futures_util::FutureExt as _;

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
    let mut left_half = 0;
    for cut in 0..events {
        let folder = tempfile::tempdir().unwrap();
        let at = store.state().events + cut;
        store.state().cut = Some(at);
        {
            let (source, mut options) = (store.source(), GetOptions::new(folder.path()));
            // One at a time, so that each event is one place.
            options.parallel = std::num::NonZeroUsize::MIN;
            assert!(get(&source, &tree, &options, &|_| ()).now_or_never().is_none(), "{cut}");
        }
        let found = files(folder.path());
        left_half += usize::from(found.keys().any(|path| path.contains(".dtc-restore-")));
        for path in kept(folder.path()) {
            assert_eq!(found[&path], whole[&path], "{path} is half at {cut}");
        }
        let complete: Vec<ObjectId> = tree
            .files
            .iter()
            .filter(|file| found.contains_key(&file.shown()))
            .map(|file| file.object.id.clone())
            .collect();
        store.state().cut = None;
        store.state().fetched.clear();
        let report = got(&store, &tree, folder.path()).await;
        assert!(report.is_complete(), "{cut}: {report:?}");
        assert_eq!(files(folder.path()), whole, "{cut}");
        let fetched = store.state().fetched.clone();
        assert!(complete.iter().all(|id| !fetched.contains(id)), "{cut}: {fetched:?}");
    }
    assert!(left_half > 0, "no kill came in the middle of a file");
}
