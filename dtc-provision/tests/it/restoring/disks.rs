//! Targets that are full, or that nothing can be written to.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use dtc_provision::Outcome;
use dtc_provision::restore::{Failure, GetOptions, GetReport, Tree, get};

use super::store::{Store, files, hours};

/// A disk in memory, as long as it is used.
struct Disk(tempfile::TempDir);

impl Disk {
    /// One of this size; none where this user may not mount one.
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "dtc-test"], folder.path());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], self.path()));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

fn mount(arguments: &[&str], path: &Path) -> bool {
    let output = Command::new("mount").args(arguments).arg(path).output();
    output.is_ok_and(|output| output.status.success())
}

async fn one_at_a_time(store: &Store, tree: &Tree, folder: &Path) -> GetReport {
    let mut options = GetOptions::new(folder);
    options.parallel = NonZeroUsize::MIN;
    get(&store.source(), tree, &options, &|_| ()).await.unwrap()
}

/// A shorter file may fit where a longer one did not; what does not fit is named, and comes once there is room.
#[tokio::test]
async fn x8_a_full_disk_keeps_what_was_written_and_takes_the_rest_later() {
    let Some(disk) = Disk::new("256k") else {
        println!("no disk can be mounted here, so this test tries nothing");
        return;
    };
    let store = Store::default();
    for (name, len) in [("a-small", 10), ("b-long", 700_000), ("c-longer", 800_000), ("d-small", 20_000)] {
        store.upload(name, &vec![7; len], hours(0));
    }
    let tree = store.tree(None).await;
    let report = one_at_a_time(&store, &tree, disk.path()).await;
    assert_eq!((report.written, report.outcome()), (2, Outcome::Incomplete), "{report:?}");
    let failed: Vec<(&str, Failure)> =
        report.failed.iter().map(|failed| (failed.path.as_str(), failed.failure)).collect();
    assert_eq!(failed, [("b-long", Failure::NotWritten), ("c-longer", Failure::NotBegun)]);
    assert!(report.failed[0].reason.contains("No space left"), "{report:?}");
    assert_eq!(files(disk.path()).into_keys().collect::<Vec<_>>(), ["a-small", "d-small"]);
    disk.remount("size=4m");
    store.state().fetched.clear();
    let report = one_at_a_time(&store, &tree, disk.path()).await;
    assert_eq!((report.written, report.unchanged, report.outcome()), (2, 2, Outcome::AsItShouldBe));
    assert_eq!((files(disk.path())["c-longer"].len(), store.state().fetched.len()), (800_000, 2));
}

/// What has been written of a large file stays, and is gone on with once there is room.
#[tokio::test]
async fn y4_a_large_file_that_fills_the_disk_is_gone_on_with() {
    let Some(disk) = Disk::new("7m") else {
        println!("no disk can be mounted here, so this test tries nothing");
        return;
    };
    let store = Store::default();
    let content: Vec<u8> =
        (0..9_000_000).map(|number: u32| number.to_le_bytes()[number as usize % 3]).collect();
    store.upload("large", &content, hours(0));
    let tree = store.tree(None).await;
    let report = one_at_a_time(&store, &tree, disk.path()).await;
    assert_eq!((report.written, report.failed[0].failure), (0, Failure::NotWritten), "{report:?}");
    assert!(!files(disk.path()).contains_key("large"));
    disk.remount("size=20m");
    store.state().arrived = 0;
    let report = one_at_a_time(&store, &tree, disk.path()).await;
    assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{report:?}");
    let found = files(disk.path());
    assert!(found.len() == 1 && found["large"] == content);
    assert!(store.state().arrived < 6_000_000, "{} bytes arrived again", store.state().arrived);
}

#[tokio::test]
async fn x8_a_read_only_disk_lists_all_that_is_missing() {
    let Some(disk) = Disk::new("1m") else {
        println!("no disk can be mounted here, so this test tries nothing");
        return;
    };
    let store = super::get::bucket();
    let tree = store.tree(None).await;
    std::fs::write(disk.path().join("new.txt"), "somebody's own").unwrap();
    disk.remount("ro");
    let report = one_at_a_time(&store, &tree, disk.path()).await;
    assert_eq!((report.written, report.failed.len(), report.outcome()), (0, 4, Outcome::Incomplete));
    let begun: Vec<Failure> = report.failed.iter().map(|failed| failed.failure).collect();
    assert_eq!(begun.iter().filter(|failure| **failure == Failure::NotWritten).count(), 1, "{report:?}");
    assert!(report.failed[0].reason.contains("Read-only"), "{report:?}");
    assert_eq!(files(disk.path()).len(), 1);
    // A folder that cannot be made is no target at all.
    let none = disk.path().join("none");
    let refused = get(&store.source(), &tree, &GetOptions::new(none), &|_| ()).await.unwrap_err();
    assert_eq!(
        (refused.outcome(), refused.code()),
        (Outcome::Precondition, "DTC-SERVICE-UNAUTHORIZED".to_owned())
    );
}
