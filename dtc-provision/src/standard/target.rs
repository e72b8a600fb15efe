//! Where a Cloud Sync task writes, held against the folders that are others' (C2, N4).

use std::fmt;

use dtc_naming::{BucketName, DeviceGuid, FolderPath};

use crate::ports::{CloudSyncSettings, CloudSyncTarget, Direction, TransferMode};

/// How the place that a task copies to or from lies to a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// It is the folder.
    Same,
    /// The folder lies in it.
    Above,
    /// It lies in the folder.
    Below,
}

/// What stands in the bucket where a task copies to or from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Where<'a> {
    /// The folder of one of these pools.
    OfPool(&'a FolderPath, Overlap),
    /// The folder of another appliance.
    OfAnother(DeviceGuid),
}

/// What a task does to objects that other tasks have made where it writes; `None` for one that changes nothing in the bucket: it copies from
/// there and leaves what it has copied.
pub(crate) fn harm(task: &CloudSyncSettings) -> Option<&'static str> {
    match (&task.direction, &task.transfer_mode) {
        (Direction::Pull, TransferMode::Sync | TransferMode::Copy) => None,
        (Direction::Pull, TransferMode::Move) => Some("it removes there what it has fetched"),
        (Direction::Push, TransferMode::Sync) => Some("it removes there what its own source does not have"),
        (Direction::Push, TransferMode::Copy | TransferMode::Move) => Some(
            "it replaces there what has the names of its own files, and the pool's task removes the rest",
        ),
        (Direction::Other(_), _) | (_, TransferMode::Other(_)) => Some("what it does there is not known"),
    }
}

/// Where a task's target lies in a bucket: to the folder of a pool among `folders`, which are this appliance's, or to another appliance's;
/// `None` for a target that is neither.
pub(crate) fn lies<'a>(
    target: &CloudSyncTarget,
    bucket: &BucketName,
    folders: &'a [FolderPath],
) -> Option<Where<'a>> {
    let path = path_in(target, bucket)?;
    let overlap = |folder: &'a FolderPath| {
        let of_pool = segments(folder.as_str());
        let overlap = match &path {
            Path::Climbing => Overlap::Above,
            Path::To(path) if *path == of_pool => Overlap::Same,
            Path::To(path) if of_pool.starts_with(path) => Overlap::Above,
            Path::To(path) if path.starts_with(&of_pool) => Overlap::Below,
            Path::To(_) => return None,
        };
        Some(Where::OfPool(folder, overlap))
    };
    folders.iter().find_map(overlap).or_else(|| {
        let Path::To(path) = &path else { return None };
        let device = path.first()?.parse::<DeviceGuid>().ok()?;
        folders.iter().all(|folder| folder.device() != device).then_some(Where::OfAnother(device))
    })
}

/// A path below a bucket.
enum Path<'a> {
    To(Vec<&'a str>),
    /// It holds `..`, and what that leads to depends on who reads it.
    Climbing,
}

/// The path below the bucket, where it is this bucket. The appliance puts bucket and folder together with a slash, and rclone takes what
/// stands before the first one for the bucket; B2's names of buckets are the same in either case.
fn path_in<'a>(target: &'a CloudSyncTarget, bucket: &BucketName) -> Option<Path<'a>> {
    let mut parts = segments(&target.bucket);
    parts.extend(segments(&target.folder));
    if parts.contains(&"..") {
        return parts.iter().any(|part| part.eq_ignore_ascii_case(bucket.as_str())).then_some(Path::Climbing);
    }
    let (first, path) = parts.split_first()?;
    first.eq_ignore_ascii_case(bucket.as_str()).then(|| Path::To(path.to_vec()))
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}

impl fmt::Display for Where<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfPool(folder, Overlap::Same) => write!(f, "the folder of pool {}", folder.pool()),
            Self::OfPool(folder, Overlap::Above) => write!(f, "above the folder of pool {}", folder.pool()),
            Self::OfPool(folder, Overlap::Below) => write!(f, "in the folder of pool {}", folder.pool()),
            Self::OfAnother(device) => write!(f, "in the folder of another appliance, {device}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
    const GUID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    #[test]
    fn c2_every_way_to_write_a_folder_is_seen_as_that_folder() {
        let of_pool = |pool: &str| format!("/{GUID}/{pool}").parse::<FolderPath>().unwrap();
        let folders = [of_pool("pool0"), of_pool("tank")];
        let (same, above, below) = (Overlap::Same, Overlap::Above, Overlap::Below);
        let pool0 = |overlap| Some(Where::OfPool(&folders[0], overlap));
        let tank = |overlap| Some(Where::OfPool(&folders[1], overlap));
        let other: DeviceGuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7".parse().unwrap();
        let upper = BUCKET.to_uppercase();
        let joined = format!("{BUCKET}/{GUID}");
        for (bucket, folder, expected) in [
            (BUCKET, format!("/{GUID}/pool0"), pool0(same)),
            (BUCKET, format!("{GUID}/pool0/"), pool0(same)),
            (BUCKET, format!("//{GUID}/./pool0//"), pool0(same)),
            (&upper, format!("/{GUID}/pool0"), pool0(same)),
            (&joined, "/tank".to_owned(), tank(same)),
            ("", format!("/{BUCKET}/{GUID}/tank"), tank(same)),
            (BUCKET, format!("/{GUID}/tank/docs/2026"), tank(below)),
            (BUCKET, String::new(), pool0(above)),
            (BUCKET, "/".to_owned(), pool0(above)),
            (BUCKET, format!("/{GUID}"), pool0(above)),
            (BUCKET, format!("/else/../{GUID}/tank"), pool0(above)),
            ("elsewhere", format!("/../{BUCKET}/{GUID}/tank"), pool0(above)),
            (BUCKET, format!("/{other}"), Some(Where::OfAnother(other))),
            (BUCKET, format!("/{other}/pool0"), Some(Where::OfAnother(other))),
            (BUCKET, format!("/{GUID}/pool"), None),
            (BUCKET, format!("/{GUID}/pool00"), None),
            (BUCKET, "/documents".to_owned(), None),
            ("elsewhere", format!("/{GUID}/pool0"), None),
            ("", format!("/{GUID}/pool0"), None),
        ] {
            let target = CloudSyncTarget { bucket: bucket.to_owned(), folder };
            assert_eq!(lies(&target, &BUCKET.parse().unwrap(), &folders), expected, "{target:?}");
        }
    }
}
