//! What is on a pool and cannot be in its backup (C6).

use dtc_naming::PoolName;

use super::evidence::Evidence;
use crate::ports::{Dataset, DatasetKind};
use crate::standard::cloud_sync::EXCLUDE;

/// The gaps of every pool that is backed up.
pub(super) fn of(evidence: &Evidence<'_>) -> Vec<String> {
    evidence.pools().flat_map(|pool| gaps(&pool.name, &pool.datasets)).collect()
}

/// What Cloud Sync leaves out or changes on any pool, whatever is stored there. Seen with rclone 1.65, 1.70 and 1.75.
const ALWAYS: [&str; 7] = [
    "names of 247 bytes and more do not fit B2, and fail the run",
    "a name that holds U+201B (‛) cannot be read by rclone, and fails the run",
    "a file directly on the pool whose whole name is a version's mark, such as -v2026-01-01-000000-000, is sent anew in every \
     run, and rclone does not restore it",
    "of names that differ only in Unicode normalization (NFC, NFD), one is backed up; names that differ only in case are \
     both in the bucket, and only one of them fits a disk that ignores case",
    "symbolic links are skipped, and what they point to is not followed",
    "empty directories are not in the bucket: a restore does not bring them back",
    "files are read live, without a snapshot; one that changes meanwhile fails the run",
];

/// A pool's gaps, a line each: its own first, then those of every pool.
fn gaps(pool: &PoolName, datasets: &[Dataset]) -> Vec<String> {
    let mut gaps = Vec::new();
    for dataset in datasets {
        let gap = match dataset.kind {
            DatasetKind::Volume => "is a zvol: Cloud Sync never copies it",
            DatasetKind::Filesystem if dataset.locked => "is locked: it looks empty to Cloud Sync",
            DatasetKind::Filesystem if !dataset.mounted => "is not mounted: it looks empty to Cloud Sync",
            DatasetKind::Filesystem => continue,
        };
        gaps.push(format!("{} {gap}", dataset.name));
    }
    gaps.push(format!("{pool}: {} are left out on purpose", EXCLUDE.join(" and ")));
    gaps.extend(ALWAYS.map(|gap| format!("{pool}: {gap}")));
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_zvols_and_what_looks_empty_are_named() {
        let dataset =
            |name: &str, kind, locked, mounted| Dataset { name: name.to_owned(), kind, locked, mounted };
        let gaps = gaps(
            &"tank".parse().unwrap(),
            &[
                dataset("tank", DatasetKind::Filesystem, false, true),
                dataset("tank/vm", DatasetKind::Volume, false, false),
                dataset("tank/secret", DatasetKind::Filesystem, true, false),
                dataset("tank/away", DatasetKind::Filesystem, false, false),
            ],
        );
        assert_eq!(gaps[0], "tank/vm is a zvol: Cloud Sync never copies it");
        assert!(
            gaps[1].starts_with("tank/secret is locked") && gaps[2].starts_with("tank/away is not mounted")
        );
        assert_eq!(gaps.len(), 3 + 1 + ALWAYS.len());
    }

    #[test]
    fn c6_what_rclone_leaves_out_or_changes_is_named_for_every_pool() {
        let gaps = gaps(&"tank".parse().unwrap(), &[]);
        for named in [
            "247 bytes",
            "U+201B",
            "version's mark",
            "NFC",
            "case",
            "symbolic links",
            "empty directories",
            "changes meanwhile",
        ] {
            let lines = gaps.iter().filter(|gap| gap.starts_with("tank: ") && gap.contains(named));
            assert!(lines.count() >= 1, "{named}");
        }
    }
}
