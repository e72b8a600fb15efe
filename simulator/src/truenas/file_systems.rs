//! Which file system a path lies in, and how full it is.

use std::path::Path;

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::control_directory;
use super::pools;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};

/// The block size that ZFS reports.
const BLOCK: u64 = 128 << 10;
const FREE_FILES: u64 = 1 << 32;

pub(super) const METHODS: &[Method] = &[
    Method::read("filesystem.statfs", &[Field::required("path", Kind::Filled)], statfs)
        .since(Release::Scale25_04),
    Method::read("filesystem.statfs", &[Field::required("path", Kind::Text)], statfs)
        .until(Release::Scale24_10),
];

/// A path at which nothing is mounted belongs to what is mounted above it, at last to the system's own file system
/// (TrueNAS middleware 13.3 and 24.10, `plugins/filesystem.py`).
fn statfs(call: &Call) -> Outcome {
    let path = call.text(0);
    let real = call.nas.disk.real(path);
    let kept = control_directory::look(&call.nas, path);
    let exists = path == "/" || kept.is_some() || real.as_deref().is_some_and(Path::exists);
    if !exists {
        return Err(Refusal::failed(Errno::MISSING, "Path not found."));
    }
    let snapshot = control_directory::snapshot_of(path);
    let snapshot = snapshot.as_deref().and_then(|id| Some((id, id.split_once('@')?)));
    let mut found = match (snapshot, dataset(call, path)) {
        (Some((id, (dataset, name))), Some(_)) => {
            file_system(id, &format!("/mnt/{dataset}/.zfs/snapshot/{name}"))
        }
        (None, Some(name)) => file_system(&name, &format!("/mnt/{name}")),
        (_, None) => file_system(&boot_environment(call.nas.release), "/"),
    };
    options(&mut found, call.nas.release);
    Ok(found)
}

/// The dataset whose files are seen at this path.
fn dataset(call: &Call, path: &str) -> Option<String> {
    let state = call.nas.state();
    let mut name = state.dataset_of(path);
    while let Some(dataset) = name.filter(|dataset| !state.is_mounted(dataset)) {
        name = dataset.rsplit_once('/').map(|(parent, _)| parent);
    }
    name.map(str::to_owned)
}

fn boot_environment(release: Release) -> String {
    match release {
        Release::Core13_3 => format!("freenas-boot/ROOT/{}", release.version()),
        _ => format!("boot-pool/ROOT/{}", release.version()),
    }
}

fn file_system(source: &str, mount_point: &str) -> Value {
    let (total, free) = (pools::SIZE / BLOCK, pools::SIZE / 8 * 7 / BLOCK);
    json!({
        "fstype": "zfs", "source": source, "dest": mount_point, "blocksize": BLOCK,
        "total_blocks": total, "free_blocks": free, "avail_blocks": free,
        "total_blocks_str": total.to_string(), "free_blocks_str": free.to_string(), "avail_blocks_str": free.to_string(),
        "files": FREE_FILES, "free_files": FREE_FILES, "name_max": 255,
        "total_bytes": total * BLOCK, "free_bytes": free * BLOCK, "avail_bytes": free * BLOCK,
        "total_bytes_str": (total * BLOCK).to_string(), "free_bytes_str": (free * BLOCK).to_string(),
        "avail_bytes_str": (free * BLOCK).to_string(),
    })
}

/// How it is mounted, and what it is numbered: `f_fsid`, as text or as its two halves.
fn options(found: &mut Value, release: Release) {
    let number = pools::number(found["source"].as_str().unwrap_or_default());
    found["flags"] = match release {
        Release::Core13_3 => json!(["LOCAL", "NFS4ACLS"]),
        _ => json!(["RW", "NOATIME", "XATTR", "POSIXACL", "CASESENSITIVE"]),
    };
    found["fsid"] = match release {
        Release::Core13_3 | Release::Scale24_10 => json!([number >> 40, 222]),
        _ => json!(format!("{:x}", number >> 8)),
    };
}
