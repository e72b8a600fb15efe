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
    /// It is taken apart without a rest, so that a setting that is added later cannot be left out.
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        let Self {
            description,
            direction,
            transfer_mode,
            path,
            target: CloudSyncTarget { bucket, folder },
            schedule,
            snapshot,
            follow_symlinks,
            pre_script,
            post_script,
            exclude,
            include,
            empty_directories,
            chunk_mebibytes,
            fast_list,
            encryption,
            filename_encryption,
            transfers,
            bandwidth,
            arguments,
        } = self;
        let comparison = Comparison::default()
            .of(Setting::Description, description, &should_be.description, quoted)
            .of(Setting::Direction, direction, &should_be.direction, ToString::to_string)
            .of(Setting::TransferMode, transfer_mode, &should_be.transfer_mode, ToString::to_string)
            .of(Setting::Path, path, &should_be.path, String::clone)
            .of(Setting::Bucket, bucket, &should_be.target.bucket, String::clone)
            .of(Setting::Folder, folder, &should_be.target.folder, String::clone)
            .of(Setting::Schedule, schedule, &should_be.schedule, Schedule::to_string)
            .switch(Setting::SnapshotBeforeRun, *snapshot, should_be.snapshot, on_off)
            .switch(Setting::FollowSymlinks, *follow_symlinks, should_be.follow_symlinks, on_off)
            .of(Setting::PreScript, pre_script, &should_be.pre_script, |found| script(*found))
            .of(Setting::PostScript, post_script, &should_be.post_script, |found| script(*found));
        comparison
            .of(Setting::Exclude, exclude.as_slice(), &should_be.exclude, list)
            .of(Setting::Include, include.as_slice(), &should_be.include, only)
            .switch(Setting::EmptyDirectories, *empty_directories, should_be.empty_directories, on_off)
            .of(Setting::ChunkSize, chunk_mebibytes, &should_be.chunk_mebibytes, |size| number(*size, " MiB"))
            .switch(Setting::FastList, *fast_list, should_be.fast_list, on_off)
            .switch(Setting::Encryption, *encryption, should_be.encryption, on_off)
            .switch(Setting::FilenameEncryption, *filename_encryption, should_be.filename_encryption, on_off)
            .of(Setting::Transfers, transfers, &should_be.transfers, |transfers| number(*transfers, ""))
            .of(Setting::Bandwidth, bandwidth.as_slice(), &should_be.bandwidth, list)
            .of(Setting::Arguments, arguments, &should_be.arguments, quoted)
            .end()
    }
}

fn only(entries: &[String]) -> String {
    if entries.is_empty() { "everything".to_owned() } else { list(entries) }
}

fn number(number: Option<u32>, unit: &str) -> String {
    number.map_or_else(|| "the default".to_owned(), |number| format!("{number}{unit}"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::difference::tests::{Row, assert_each_is_named};

    /// The task of a site whose line and hours limit it.
    fn standard() -> CloudSyncSettings {
        let line = bandwidth::MegabitsPerSecond::new(100).unwrap();
        let site = Site::new("Contoso Dental", "Main Street", line);
        let bucket = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9".parse().unwrap();
        let device = "3f2504e0-4f89-41d3-9a0c-0305e82c3301".parse().unwrap();
        spec(&site, &bucket, device, &"pool0".parse().unwrap(), 2).settings
    }

    #[test]
    fn c2_each_setting_of_a_task_that_differs_alone_is_named_alone() {
        let rows: [Row<CloudSyncSettings>; 21] = [
            (Setting::Description, |task| task.description.push('!')),
            (Setting::Direction, |task| task.direction = Direction::Pull),
            (Setting::TransferMode, |task| task.transfer_mode = TransferMode::Copy),
            (Setting::Path, |task| task.path.push_str("/documents")),
            (Setting::Bucket, |task| task.target.bucket.push('0')),
            (Setting::Folder, |task| task.target.folder.push('0')),
            (Setting::Schedule, |task| task.schedule = Schedule::hourly()),
            (Setting::SnapshotBeforeRun, |task| task.snapshot = true),
            (Setting::FollowSymlinks, |task| task.follow_symlinks = true),
            (Setting::PreScript, |task| task.pre_script = Script::Present),
            (Setting::PostScript, |task| task.post_script = Script::Present),
            (Setting::Exclude, |task| drop(task.exclude.pop())),
            (Setting::Include, |task| task.include.push("/documents/**".to_owned())),
            (Setting::EmptyDirectories, |task| task.empty_directories = true),
            (Setting::ChunkSize, |task| task.chunk_mebibytes = None),
            (Setting::FastList, |task| task.fast_list = false),
            (Setting::Encryption, |task| task.encryption = false),
            (Setting::FilenameEncryption, |task| task.filename_encryption = true),
            (Setting::Transfers, |task| task.transfers = Some(4)),
            (Setting::Bandwidth, |task| task.bandwidth.clear()),
            (Setting::Arguments, |task| task.arguments.push_str("--verbose")),
        ];
        assert_each_is_named(&standard(), &rows);
    }

    #[test]
    fn c2_further_excludes_and_limits_differ_too() {
        let standard = standard();
        let mut more = standard.clone();
        more.exclude.push("/more/**".to_owned());
        more.bandwidth[0].limit = None;
        more.chunk_mebibytes = Some(CHUNK_MEBIBYTES + 1);
        let settings: Vec<Setting> = more.differences(&standard).iter().map(|found| found.setting).collect();
        assert_eq!(settings, [Setting::Exclude, Setting::ChunkSize, Setting::Bandwidth]);
    }
}
