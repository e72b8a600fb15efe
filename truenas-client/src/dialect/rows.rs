//! One row for each difference of a release: which method, up to which release, and what is different.

use serde_json::Value;

use super::{
    Feature, Release, Steps, Wire, accounts, cloud_syncs, credentials, datasets, files, keychain,
    replications, services, snapshots, ssh,
};

/// What is different about a method.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// It is the canonical one; a later release differs.
    Nothing,
    /// It has another name.
    Rename(&'static str),
    /// Its parameters, its answer or both have another shape.
    Shape {
        /// Puts the parameters into the release's shape, and sets another name where it has one.
        translate: fn(&mut Wire) -> Result<(), Feature>,
        /// Puts the answer into the canonical shape.
        restore: fn(Value) -> Value,
    },
    /// Several calls do what it does.
    Steps(Steps),
    /// There is nothing in its place.
    Absent(Feature),
}

struct Row {
    method: &'static str,
    /// The last release that differs.
    until: Release,
    change: Change,
}

const fn row(method: &'static str, until: Release, change: Change) -> Row {
    Row { method, until, change }
}

const fn shape(translate: fn(&mut Wire) -> Result<(), Feature>, restore: fn(Value) -> Value) -> Change {
    Change::Shape { translate, restore }
}

#[expect(clippy::unnecessary_wraps, reason = "the type of every translation")]
fn as_it_is(_: &mut Wire) -> Result<(), Feature> {
    Ok(())
}

use Release::{Core13_3, Newer, Scale24_10, V25_04, V25_10};

/// Of several rows for a method, the first whose release is not passed counts; so they rise.
///
/// By the public methods and schemas of TN-13.3, TS-24.10, TS-25.04, TS-25.10 and 26.0. What is known of 13.0 and 24.04 is that they differ
/// from their successors in nothing that is used here.
const ROWS: &[Row] = &[
    row("api_key.convert_raw_key", V25_10, Change::Absent(Feature::KeyConversion)),
    row("api_key.create", Core13_3, shape(accounts::key_of_core, |answer| answer)),
    row("api_key.create", Scale24_10, shape(accounts::key_with_list, |answer| answer)),
    row("api_key.create", Newer, shape(accounts::key_of_user, |answer| answer)),
    row("api_key.my_keys", Scale24_10, Change::Absent(Feature::OwnKeys)),
    row("api_key.update", Core13_3, shape(accounts::key_of_core, |answer| answer)),
    row("api_key.update", Scale24_10, shape(accounts::key_with_list, |answer| answer)),
    row("api_key.update", Newer, shape(accounts::key_of_user, |answer| answer)),
    row("auth.generate_token", Core13_3, shape(accounts::token_of_core, |answer| answer)),
    row("auth.generate_token", Scale24_10, shape(accounts::token, |answer| answer)),
    row("auth.me", Core13_3, Change::Absent(Feature::OwnRights)),
    row("core.job_download_logs", Core13_3, Change::Absent(Feature::JobLog)),
    row("cloudsync.credentials.query", Scale24_10, shape(as_it_is, credentials::restore)),
    row("cloudsync.credentials.create", Scale24_10, shape(credentials::translate, credentials::restore)),
    row("cloudsync.credentials.update", Scale24_10, shape(credentials::translate, credentials::restore)),
    row("cloudsync.credentials.verify", Scale24_10, shape(credentials::translate_verify, |answer| answer)),
    row("cloudsync.create_bucket", Core13_3, Change::Absent(Feature::CreateBucket)),
    row("cloudsync.query", Scale24_10, shape(as_it_is, cloud_syncs::restore)),
    row("cloudsync.create", Core13_3, shape(cloud_syncs::translate, cloud_syncs::restore)),
    row("cloudsync.create", Scale24_10, shape(as_it_is, cloud_syncs::restore)),
    row("cloudsync.update", Core13_3, shape(cloud_syncs::translate, cloud_syncs::restore)),
    row("cloudsync.update", Scale24_10, shape(as_it_is, cloud_syncs::restore)),
    row("cloudsync.restore", Scale24_10, shape(as_it_is, cloud_syncs::restore)),
    row("cloudsync.sync_onetime", Core13_3, shape(cloud_syncs::translate_first, |answer| answer)),
    row("filesystem.listdir", Core13_3, shape(as_it_is, files::restore_list)),
    row("filesystem.mkdir", Core13_3, Change::Absent(Feature::MakeDirectory)),
    row("filesystem.stat", Core13_3, Change::Steps(Steps::Stat)),
    row("filesystem.stat", Scale24_10, shape(as_it_is, files::restore_stat)),
    row("group.create", Core13_3, shape(accounts::group, |answer| answer)),
    row("group.query", Core13_3, shape(as_it_is, accounts::restore_rows)),
    row("group.update", Core13_3, Change::Steps(Steps::UpdateGroup)),
    row(
        "keychaincredential.remote_ssh_host_key_scan",
        Scale24_10,
        shape(keychain::translate_scan, |answer| answer),
    ),
    row(
        "keychaincredential.remote_ssh_semiautomatic_setup",
        Core13_3,
        shape(keychain::translate_setup, |answer| answer),
    ),
    row("keychaincredential.setup_ssh_connection", Core13_3, Change::Absent(Feature::OneCallSshSetup)),
    row("pool.dataset.create", Core13_3, Change::Steps(Steps::CreateDataset)),
    row("pool.dataset.details", Core13_3, Change::Absent(Feature::DatasetOverview)),
    row("pool.dataset.query", Core13_3, Change::Steps(Steps::Datasets)),
    row("pool.dataset.snapshot_count", Core13_3, shape(snapshots::translate_count, |answer| answer)),
    row("pool.dataset.unlock", Core13_3, shape(datasets::translate_unlock, |answer| answer)),
    row("pool.dataset.update", Core13_3, Change::Steps(Steps::UpdateDataset)),
    row("pool.snapshot.clone", V25_04, Change::Rename("zfs.snapshot.clone")),
    row("pool.snapshot.create", Core13_3, shape(snapshots::translate_create, |answer| answer)),
    row("pool.snapshot.create", V25_04, Change::Rename("zfs.snapshot.create")),
    row("pool.snapshot.delete", Core13_3, shape(snapshots::translate_delete, |answer| answer)),
    row("pool.snapshot.delete", V25_04, Change::Rename("zfs.snapshot.delete")),
    row("pool.snapshot.hold", Core13_3, Change::Absent(Feature::SnapshotHolds)),
    row("pool.snapshot.hold", V25_04, Change::Rename("zfs.snapshot.hold")),
    row("pool.snapshot.query", V25_04, Change::Rename("zfs.snapshot.query")),
    row("pool.snapshot.query", V25_10, Change::Nothing),
    row("pool.snapshot.query", Newer, Change::Steps(Steps::SnapshotNames)),
    row("pool.snapshot.release", Core13_3, Change::Absent(Feature::SnapshotHolds)),
    row("pool.snapshot.release", V25_04, Change::Rename("zfs.snapshot.release")),
    row("pool.snapshot.rename", V25_04, Change::Absent(Feature::RenamedSnapshots)),
    row("pool.snapshot.rollback", V25_04, Change::Rename("zfs.snapshot.rollback")),
    row("pool.snapshottask.delete", Core13_3, shape(snapshots::translate_task_removal, |answer| answer)),
    row(
        "pool.snapshottask.delete_will_change_retention_for",
        Core13_3,
        Change::Absent(Feature::RetentionPreview),
    ),
    row("pool.snapshottask.max_count", Core13_3, Change::Absent(Feature::SnapshotLimits)),
    row("pool.snapshottask.max_total_count", Core13_3, Change::Absent(Feature::SnapshotLimits)),
    row("pool.snapshottask.update", Core13_3, shape(snapshots::translate_task, |answer| answer)),
    row(
        "pool.snapshottask.update_will_change_retention_for",
        Core13_3,
        Change::Absent(Feature::RetentionPreview),
    ),
    row(
        "replication.count_eligible_manual_snapshots",
        Core13_3,
        shape(replications::translate_count, |answer| answer),
    ),
    row("replication.create", Core13_3, shape(replications::translate, |answer| answer)),
    row("replication.run_onetime", Core13_3, Change::Absent(Feature::ReplicationOnce)),
    row("replication.run_onetime", V25_04, shape(replications::translate_once, |answer| answer)),
    row("replication.update", Core13_3, shape(replications::translate, |answer| answer)),
    row("service.control", Core13_3, shape(services::translate_core, |answer| answer)),
    row("service.control", V25_04, shape(services::translate, |answer| answer)),
    row("ssh.update", Core13_3, shape(ssh::translate, |answer| answer)),
    row("system.reboot", Scale24_10, shape(accounts::reboot, |answer| answer)),
    row("user.create", Scale24_10, Change::Steps(Steps::WriteUser)),
    row("user.query", Core13_3, shape(as_it_is, accounts::restore_rows)),
    row("user.shell_choices", Core13_3, shape(accounts::shells, |answer| answer)),
    row("user.update", Scale24_10, Change::Steps(Steps::WriteUser)),
    row("zfs.resource.query", V25_04, Change::Steps(Steps::Mounts)),
    row("zfs.resource.snapshot.holds", Core13_3, Change::Absent(Feature::SnapshotHolds)),
    row("zfs.resource.snapshot.holds", V25_10, Change::Steps(Steps::SnapshotHolds)),
];

/// What is different about a method on a release, if anything.
pub(super) fn change(method: &str, release: Release) -> Option<Change> {
    ROWS.iter().find(|row| row.method == method && release <= row.until).map(|row| row.change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Support;

    #[test]
    fn every_row_is_about_a_method_that_a_resource_uses() {
        for Row { method, .. } in ROWS {
            let used =
                crate::operations::READS.iter().chain(crate::operations::WRITES).any(|name| name == method);
            assert!(used, "{method}");
        }
    }

    #[test]
    fn rows_of_one_method_stand_together_and_rise() {
        for pair in ROWS.windows(2) {
            assert!(pair[0].method != pair[1].method || pair[0].until < pair[1].until, "{}", pair[1].method);
        }
        for (place, row) in ROWS.iter().enumerate() {
            let first = ROWS.iter().position(|other| other.method == row.method).unwrap();
            assert!(ROWS[first..=place].iter().all(|between| between.method == row.method), "{}", row.method);
        }
    }

    /// Asking beforehand and calling come to the same.
    #[test]
    fn a_feature_is_unsupported_exactly_where_its_method_is_absent() {
        use Release::{Core13_0, Scale24_04, V26};
        for Row { method, change, .. } in ROWS {
            let Change::Absent(feature) = change else { continue };
            for release in [Core13_0, Core13_3, Scale24_04, Scale24_10, V25_04, V25_10, V26, Newer] {
                let absent = matches!(super::change(method, release), Some(Change::Absent(_)));
                assert_eq!(absent, feature.on(release) != Support::Yes, "{method} on {release}");
            }
        }
    }
}
