//! What is on a pool and cannot be in its backup (C6).

use dtc_naming::PoolName;

use super::evidence::Evidence;
use crate::ports::{Dataset, DatasetKind};
use crate::standard::cloud_sync::EXCLUDE;

/// The gaps of every pool that is backed up.
pub(super) fn of(evidence: &Evidence<'_>) -> Vec<String> {
    evidence.pools().flat_map(|pool| gaps(&pool.name, &pool.datasets)).collect()
}

/// A pool's gaps, a line each. The last three are the same for every pool.
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
    gaps.push(format!("{pool}: names of 247 bytes and more do not fit B2, and fail the run"));
    gaps.push(format!(
        "{pool}: files are read live, without a snapshot; one that changes meanwhile fails the run"
    ));
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
        assert_eq!(gaps.len(), 6);
    }
}
