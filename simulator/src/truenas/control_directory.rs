//! What is seen of a dataset under `.zfs`: its snapshots, each with the files that it keeps. A listing does not show that directory.
//!
//! From ZFS, `zfs_ctldir.c`.

use std::path::{Component, Path, PathBuf};

use super::nas::Nas;

const NAME: &str = ".zfs";

/// Something under `.zfs`.
pub(super) enum Seen {
    /// A directory of directories with these names, each of which looks like the dataset's own.
    Listed(PathBuf, Vec<String>),
    /// What was in the dataset when a snapshot was taken.
    Kept(PathBuf),
}

/// Whether a path leads below the control directory of a dataset.
pub(super) fn is_in(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == NAME)
}

/// The name of the dataset, and what follows `.zfs`.
fn parts(path: &str) -> Option<(&str, Vec<&str>)> {
    let (dataset, rest) = path.strip_prefix("/mnt/")?.split_once("/.zfs")?;
    let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
    Some((dataset, rest.split('/').filter(|part| !part.is_empty()).collect()))
}

/// The full name of the snapshot whose own directory a path is, or which it leads into.
pub(super) fn snapshot_of(path: &str) -> Option<String> {
    match parts(path)? {
        (dataset, rest) if rest.len() > 1 && rest[0] == "snapshot" => Some(format!("{dataset}@{}", rest[1])),
        _ => None,
    }
}

/// Whether a path is a snapshot's own directory, which is mounted for whoever looks into it.
pub(super) fn is_mounted(path: &str) -> bool {
    parts(path).is_some_and(|(_, rest)| rest.len() == 2 && rest[0] == "snapshot")
}

/// Looks a path up; `None` where there is nothing, or the dataset is not mounted.
pub(super) fn look(nas: &Nas, path: &str) -> Option<Seen> {
    let (name, rest) = parts(path)?;
    let state = nas.state();
    state.datasets.get(name).filter(|dataset| !dataset.is_volume && state.is_mounted(name))?;
    let listed = |names| Some(Seen::Listed(nas.disk.place(name), names));
    let own = state.snapshots.iter().filter(|snapshot| snapshot.dataset == name);
    match rest[..] {
        [] => listed(vec!["shares".to_owned(), "snapshot".to_owned()]),
        ["shares"] => listed(Vec::new()),
        ["snapshot"] => listed(own.map(|snapshot| snapshot.name.clone()).collect()),
        ["snapshot", snapshot, ref within @ ..] => {
            let contents = own.filter(|it| it.name == snapshot).find_map(|it| it.contents.clone())?;
            let within: PathBuf = within.iter().collect();
            let is_plain = within.components().all(|part| matches!(part, Component::Normal(_)));
            is_plain.then(|| Seen::Kept(contents.path().join(within)))
        }
        _ => None,
    }
}
