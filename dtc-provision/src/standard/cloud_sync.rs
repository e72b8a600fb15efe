//! A pool's Cloud Sync task (C2, C3).

use dtc_naming::{BucketName, DeviceGuid, FolderPath, PoolName, TaskDescription};

use super::difference::{Compare, Comparison, Difference, Setting, list, on_off};
use crate::bandwidth;
use crate::ports::{CloudSyncSettings, CloudSyncSpec, CloudSyncTarget, Direction, Script, TransferMode};
use crate::schedule::Schedule;
use crate::site::Site;

/// What a task leaves out, as two entries (C2).
pub const EXCLUDE: [&str; 2] = ["/Archive/**", "/archive/**"];
/// Upload chunk size in MiB (C2).
pub const CHUNK_MEBIBYTES: u32 = 96;

/// The directory that a pool's task reads (C2).
pub fn path(pool: &PoolName) -> String {
    format!("/mnt/{pool}")
}

/// Whether a task is a pool's: it pushes the pool's root.
pub fn is_of_pool(task: &CloudSyncSettings, pool: &PoolName) -> bool {
    task.direction == Direction::Push && task.path == path(pool)
}

/// Whether a task may be meant for a pool: by what it reads, or by what it is called.
pub fn resembles_pool(task: &CloudSyncSettings, pool: &PoolName) -> bool {
    task.path == path(pool) || task.description == TaskDescription::compute(pool).to_string()
}

/// The task of one pool (C2). The tasks of an appliance start together and share its bandwidth limit (C3).
pub fn spec(
    site: &Site,
    bucket: &BucketName,
    device: DeviceGuid,
    pool: &PoolName,
    tasks: usize,
) -> CloudSyncSpec {
    let settings = CloudSyncSettings {
        description: TaskDescription::compute(pool).to_string(),
        direction: Direction::Push,
        transfer_mode: TransferMode::Sync,
        path: path(pool),
        target: CloudSyncTarget {
            bucket: bucket.to_string(),
            folder: FolderPath::compute(device, pool).to_string(),
        },
        schedule: Schedule::daily_at_midnight(),
        snapshot: false,
        follow_symlinks: false,
        pre_script: Script::None,
        post_script: Script::None,
        exclude: EXCLUDE.map(str::to_owned).to_vec(),
        include: Vec::new(),
        empty_directories: false,
        chunk_mebibytes: Some(CHUNK_MEBIBYTES),
        fast_list: true,
        encryption: true,
        filename_encryption: false,
        transfers: None,
        bandwidth: bandwidth::schedule(site.uplink_mbit, site.business_hours, tasks),
        arguments: String::new(),
    };
    CloudSyncSpec { pool: pool.clone(), settings }
}

/// What decides which objects there are and whether they can be opened: a run before such a change proves nothing after it.
pub(crate) fn decides_objects(setting: Setting) -> bool {
    matches!(
        setting,
        Setting::Bucket
            | Setting::Direction
            | Setting::Encryption
            | Setting::EncryptionSecrets
            | Setting::Exclude
            | Setting::FilenameEncryption
            | Setting::Folder
            | Setting::Include
            | Setting::Path
            | Setting::TransferMode
    )
}

impl Compare for CloudSyncSettings {
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        let default =
            |number: &Option<u32>| number.map_or_else(|| "the default".to_owned(), |n| n.to_string());
        let comparison = Comparison::default()
            .of(Setting::Description, &self.description, &should_be.description, quoted)
            .of(Setting::Direction, &self.direction, &should_be.direction, ToString::to_string)
            .of(Setting::TransferMode, &self.transfer_mode, &should_be.transfer_mode, ToString::to_string)
            .of(Setting::Path, &self.path, &should_be.path, String::clone)
            .of(Setting::Bucket, &self.target.bucket, &should_be.target.bucket, String::clone)
            .of(Setting::Folder, &self.target.folder, &should_be.target.folder, String::clone)
            .of(Setting::Schedule, &self.schedule, &should_be.schedule, Schedule::to_string)
            .switch(Setting::SnapshotBeforeRun, self.snapshot, should_be.snapshot, on_off)
            .switch(Setting::FollowSymlinks, self.follow_symlinks, should_be.follow_symlinks, on_off)
            .of(Setting::PreScript, &self.pre_script, &should_be.pre_script, |found| script(*found))
            .of(Setting::PostScript, &self.post_script, &should_be.post_script, |found| script(*found));
        comparison
            .of(Setting::Exclude, self.exclude.as_slice(), &should_be.exclude, list)
            .of(Setting::Include, self.include.as_slice(), &should_be.include, |only| {
                if only.is_empty() { "everything".to_owned() } else { list(only) }
            })
            .switch(Setting::EmptyDirectories, self.empty_directories, should_be.empty_directories, on_off)
            .of(Setting::ChunkSize, &self.chunk_mebibytes, &should_be.chunk_mebibytes, |size| {
                size.map_or_else(|| "the default".to_owned(), |size| format!("{size} MiB"))
            })
            .switch(Setting::FastList, self.fast_list, should_be.fast_list, on_off)
            .switch(Setting::Encryption, self.encryption, should_be.encryption, on_off)
            .switch(
                Setting::FilenameEncryption,
                self.filename_encryption,
                should_be.filename_encryption,
                on_off,
            )
            .of(Setting::Transfers, &self.transfers, &should_be.transfers, default)
            .of(Setting::Bandwidth, self.bandwidth.as_slice(), &should_be.bandwidth, list)
            .of(Setting::Arguments, &self.arguments, &should_be.arguments, quoted)
            .end()
    }
}

fn quoted(text: &String) -> String {
    if text.is_empty() { "none".to_owned() } else { format!("{text:?}") }
}

fn script(script: Script) -> &'static str {
    match script {
        Script::None => "none",
        Script::Present => "a script",
    }
}
