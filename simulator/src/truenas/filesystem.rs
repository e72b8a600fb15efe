//! The files on the appliance: looking at them, and downloading them.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::control_directory::{self, Seen};
use super::dataset_export;
use super::downloads;
use super::jobs::{Abort, Failure, Jobs};
use super::query;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::session::Role;
use super::shape::{Field, Kind};

const LIST_OPTIONS: Field = Field::or("query_options", query::OPTION_FIELDS, "{}").formerly("query-options");
const PATH: Field = Field::required("path", Kind::Filled);

const OLD_MKDIR: Kind = Kind::Object(&[Field::required("path", Kind::Text), MKDIR_OPTIONS]);
const MKDIR: Kind = Kind::Object(&[PATH, MKDIR_OPTIONS]);
const MKDIR_OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("mode", Kind::Text, "\"755\""),
        Field::or("raise_chmod_error", Kind::Bool, "true"),
    ]),
    "{}",
);
const OWNER: Field = Field::or("uid", Kind::Nullable(&Kind::Int(-1, 2_147_483_647)), "null");
const GROUP: Field = Field::or("gid", Kind::Nullable(&Kind::Int(-1, 2_147_483_647)), "null");
const NAME: Kind = Kind::Nullable(&Kind::Filled);
const PERMISSIONS: Kind = Kind::Object(&[
    PATH,
    OWNER,
    Field::or("user", NAME, "null").since(Release::Scale25_04),
    GROUP,
    Field::or("group", NAME, "null").since(Release::Scale25_04),
    Field::or("mode", Kind::Nullable(&Kind::Text), "null"),
    Field::or(
        "options",
        Kind::Object(&[
            Field::or("stripacl", Kind::Bool, "false"),
            Field::or("recursive", Kind::Bool, "false"),
            Field::or("traverse", Kind::Bool, "false"),
        ]),
        "{}",
    ),
]);

pub(super) const METHODS: &[Method] = &[
    Method::write("filesystem.mkdir", &[Field::required("filesystem_mkdir", OLD_MKDIR)], mkdir)
        .since(Release::Scale24_10)
        .until(Release::Scale24_10),
    Method::write("filesystem.mkdir", &[Field::required("filesystem_mkdir", MKDIR)], mkdir)
        .since(Release::Scale25_04),
    Method::write(
        "filesystem.setperm",
        &[Field::required("filesystem_setperm", PERMISSIONS).formerly("filesystem_permission")],
        setperm,
    )
    .job(),
    Method::read("filesystem.stat", &[PATH], stat),
    Method::read(
        "filesystem.listdir",
        &[PATH, Field::or("query_filters", query::FILTER_LIST, "[]").formerly("query-filters"), LIST_OPTIONS],
        listdir,
    ),
    Method::read(
        "core.download",
        &[
            Field::required("method", Kind::Text),
            Field::required("args", Kind::List(&Kind::Any)),
            Field::required("filename", Kind::Text),
            Field::or("buffered", Kind::Bool, "false"),
        ],
        download,
    )
    .by(Role::Writer),
];

/// What is at a path: its real place, its metadata, links not followed, and the names in it, where they are not those of the place.
struct Found {
    real: PathBuf,
    metadata: Metadata,
    names: Option<Vec<String>>,
    is_ctldir: bool,
}

fn look(call: &Call) -> Result<Found, Refusal> {
    let path = call.text(0);
    let missing = || Refusal::failed(Errno::MISSING, format!("Path {path} not found"));
    let is_ctldir = control_directory::is_in(Path::new(path));
    let (real, names) = match control_directory::look(&call.nas, path).filter(|_| is_ctldir) {
        Some(Seen::Listed(like, names)) => (like, Some(names)),
        Some(Seen::Kept(real)) => (real, None),
        None => (call.nas.disk.real(path).ok_or_else(missing)?, None),
    };
    let metadata = fs::symlink_metadata(&real).map_err(|_| missing())?;
    Ok(Found { real, metadata, names, is_ctldir })
}

impl Found {
    /// What is in a directory.
    fn entries(&self) -> std::io::Result<Vec<(String, Metadata)>> {
        if let Some(names) = &self.names {
            return Ok(names.iter().map(|name| (name.clone(), self.metadata.clone())).collect());
        }
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?))
        };
        fs::read_dir(&self.real)?.map(read).collect()
    }
}

fn kind(metadata: &Metadata) -> &'static str {
    match metadata.file_type() {
        kind if kind.is_dir() => "DIRECTORY",
        kind if kind.is_file() => "FILE",
        kind if kind.is_symlink() => "SYMLINK",
        _ => "OTHER",
    }
}

fn seconds(time: std::io::Result<SystemTime>) -> f64 {
    let age = time.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    age.unwrap_or_default().as_secs_f64()
}

fn is_mount_point(call: &Call, path: &str) -> bool {
    if control_directory::is_mounted(path) {
        return true;
    }
    let name = path.strip_prefix("/mnt/").map(|rest| rest.trim_end_matches('/'));
    let state = call.nas.state();
    name.is_some_and(|name| state.datasets.contains_key(name) && state.is_mounted(name))
}

/// The device's number: one per dataset whose files are seen here, and one per snapshot.
fn device(call: &Call, path: &str) -> u64 {
    if let Some(snapshot) = control_directory::snapshot_of(path) {
        return super::pools::number(&snapshot) >> 40;
    }
    let state = call.nas.state();
    let mut name = state.dataset_of(path);
    while let Some(dataset) = name.filter(|dataset| !state.is_mounted(dataset)) {
        name = dataset.rsplit_once('/').map(|(parent, _)| parent);
    }
    name.map_or(0, |name| super::pools::number(name) >> 40)
}

fn stat(call: &Call) -> Outcome {
    let Found { metadata, is_ctldir, .. } = look(call)?;
    let path = call.text(0);
    let changed = seconds(metadata.modified());
    let mut found = json!({
        "realpath": path, "type": kind(&metadata), "size": metadata.len(),
        "allocation_size": metadata.len().div_ceil(512) * 512, "mode": mode(&metadata),
        "uid": 0, "gid": 0, "user": "root", "group": "root", "atime": seconds(metadata.accessed()),
        "mtime": changed, "ctime": changed, "btime": changed, "dev": device(call, path),
        "mount_id": device(call, path), "inode": super::pools::number(path) >> 20, "nlink": 1, "acl": false,
        "is_mountpoint": is_mount_point(call, path), "is_ctldir": is_ctldir, "attributes": [],
    });
    leave_out(&mut found, call.rules.models, &NEWER_IN_STAT);
    Ok(found)
}

/// What a release does not say yet: the members that later ones added, with the first release that has them
/// (TrueNAS middleware 13.3 to 25.04, `plugins/filesystem.py`).
const NEWER_IN_STAT: [(Release, &[&str]); 2] = [
    (
        Release::Scale24_10,
        &["realpath", "allocation_size", "btime", "mount_id", "is_mountpoint", "is_ctldir", "attributes"],
    ),
    (Release::Scale25_04, &["type"]),
];
const NEWER_IN_LIST: [(Release, &[&str]); 1] = [(
    Release::Scale24_10,
    &["allocation_size", "mount_id", "is_mountpoint", "is_ctldir", "attributes", "xattrs", "zfs_attrs"],
)];

fn leave_out(found: &mut Value, release: Release, newer: &[(Release, &[&str])]) {
    let Some(members) = found.as_object_mut() else { return };
    for (_, names) in newer.iter().filter(|(since, _)| release < *since) {
        names.iter().for_each(|name| drop(members.remove(*name)));
    }
}

fn mode(metadata: &Metadata) -> u32 {
    if metadata.is_dir() { 0o040_755 } else { 0o100_644 }
}

fn listdir(call: &Call) -> Outcome {
    let found = look(call)?;
    let path = call.text(0);
    if !found.metadata.is_dir() {
        return Err(Refusal::failed(Errno::INVALID, format!("Path {path} is not a directory")));
    }
    let unreadable = |e: std::io::Error| Refusal::failed(Errno::FAULT, format!("{path}: {e}"));
    let mut entries = Vec::new();
    for (name, metadata) in found.entries().map_err(unreadable)? {
        let full = format!("{}/{name}", path.trim_end_matches('/'));
        let mut entry = json!({
            "name": name, "path": full, "realpath": full, "type": kind(&metadata), "size": metadata.len(),
            "allocation_size": metadata.len().div_ceil(512) * 512, "mode": mode(&metadata), "acl": false,
            "uid": 0, "gid": 0, "mount_id": device(call, &full), "is_mountpoint": is_mount_point(call, &full),
            "is_ctldir": found.is_ctldir, "attributes": [], "xattrs": [], "zfs_attrs": ["ARCHIVE"],
        });
        leave_out(&mut entry, call.rules.models, &NEWER_IN_LIST);
        entries.push(entry);
    }
    entries.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    query::answer(entries, &call.params[1], &call.params[2])
}

/// Makes a directory, whose parent has to exist: it answers with the directory as a listing has it.
fn mkdir(call: &Call) -> Outcome {
    let path = call.params[0]["path"].as_str().unwrap_or_default();
    let failed = |errno, why: &str| Err(Refusal::failed(errno, format!("{path}: {why}")));
    let real = call.nas.disk.real(path);
    let Some(real) = real.filter(|_| call.nas.state().dataset_of(path).is_some()) else {
        return failed(Errno::FORBIDDEN, "path not permitted");
    };
    if real.exists() {
        return failed(Errno::EXISTS, "path already exists.");
    }
    if !real.parent().is_some_and(std::path::Path::is_dir) {
        return failed(Errno::MISSING, "parent directory does not exist");
    }
    let mode = call.params[0]["options"]["mode"].as_str().unwrap_or_default();
    let Ok(mode) = u64::from_str_radix(mode, 8) else {
        return Err(Refusal::invalid("filesystem_mkdir.options.mode", "Invalid mode"));
    };
    let outcome = fs::create_dir(&real).and_then(|()| super::uploads::set_mode(&real, Some(mode | 0o700)));
    if let Err(why) = outcome {
        return failed(Errno::FAULT, &why.to_string());
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    Ok(json!({
        "name": name, "path": path, "realpath": path, "type": "DIRECTORY", "size": 2, "allocation_size": 512,
        "mode": 0o040_000 | mode, "acl": false, "uid": 0, "gid": 0, "mount_id": device(call, path),
        "is_mountpoint": false, "is_ctldir": false, "attributes": [], "xattrs": [], "zfs_attrs": ["ARCHIVE"],
    }))
}

/// Sets the mode of what is at a path. Who owns it is not simulated.
fn setperm(call: &Call) -> Outcome {
    let wanted = call.object(0);
    let path = wanted["path"].as_str().unwrap_or_default().to_owned();
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    let real = call.nas.disk.real(&path).filter(|real| real.exists());
    Jobs::start(&call.nas.core, &job, async move {
        let missing = || Refusal::failed(Errno::MISSING, format!("{path}: path does not exist"));
        let real = real.ok_or_else(missing)?;
        let Some(mode) = wanted["mode"].as_str() else { return Ok(Value::Null) };
        let wrong = |_| Refusal::invalid("filesystem_setperm.mode", "Not a valid mode");
        let mode = u64::from_str_radix(mode, 8).map_err(wrong)?;
        let mode = if real.is_dir() { mode | 0o700 } else { mode };
        super::uploads::set_mode(&real, Some(mode)).map_err(|why| Failure::from(why.to_string()))?;
        Ok(Value::Null)
    });
    Ok(job.id.into())
}

/// Prepares a download of what `filesystem.get` would give out: its job lasts until the file has been fetched.
fn download(call: &Call) -> Outcome {
    let method = call.text(0);
    if let Some(exported) = dataset_export::download(call, method) {
        return exported;
    }
    if method != "filesystem.get" {
        return Err(Refusal::failed(Errno::INVALID, format!("{method}: only filesystem.get is simulated")));
    }
    let path = call.params[1][0].as_str().filter(|_| call.params[1].as_array().is_some_and(|a| a.len() == 1));
    let path = path.ok_or_else(|| Refusal::invalid("path", "Field required"))?;
    let real = match control_directory::look(&call.nas, path) {
        Some(Seen::Kept(real)) => Some(real),
        _ => call.nas.disk.real(path),
    };
    let file = real
        .filter(|real| real.is_file())
        .ok_or_else(|| Refusal::failed(Errno::MISSING, "File does not exist"))?;
    downloads::prepare(call, path, file, call.text(2), call.params[3] == true)
        .map(|(job, url)| json!([job, url]))
}
