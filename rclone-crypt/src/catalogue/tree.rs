//! The files in a folder tree, with their paths as bytes.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader};
use std::path::{Component, Path, PathBuf};

use super::report::Skipped;
use super::{failed, shown};
use crate::error::Error;
use crate::local_name;

/// What a folder tree holds.
#[derive(Default)]
pub(super) struct Tree {
    /// The regular files, sorted by path.
    pub(super) files: Vec<Found>,
    /// What is neither a file nor a folder: links, pipes, sockets, devices.
    pub(super) skipped: Vec<Skipped>,
    /// Folders and entries that could not be read: path and error.
    pub(super) unreadable: Vec<(PathBuf, Error)>,
}

/// A regular file.
pub(super) struct Found {
    /// The path relative to the folder, with `/` between segments, as on a disk of this system.
    pub(super) path: Vec<u8>,
    /// Where it is.
    pub(super) disk: PathBuf,
    pub(super) metadata: Metadata,
}

/// Returns all that is below `root`. Like rclone, does not follow symbolic links below it. A folder that cannot be read is part of the
/// result; only a `root` that cannot be read is an error.
pub(super) fn tree(root: &Path) -> Result<Tree, Error> {
    // On Windows this is also the form in which long paths and reserved names can be opened.
    let root = fs::canonicalize(root).map_err(|e| failed("list", root, e))?;
    let mut tree = Tree::default();
    let mut folders = vec![(Vec::new(), root.clone())];
    while let Some((path, disk)) = folders.pop() {
        match list(&path, &disk, &mut tree) {
            Ok(below) => folders.extend(below),
            Err(error) if path.is_empty() => return Err(error),
            Err(error) => tree.unreadable.push((shown(&path), error)),
        }
    }
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

type Folders = Vec<(Vec<u8>, PathBuf)>;

fn list(folder: &[u8], disk: &Path, tree: &mut Tree) -> Result<Folders, Error> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(disk).map_err(|e| failed("list", disk, e))? {
        let entry = entry.map_err(|e| failed("list", disk, e))?;
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        let path = if folder.is_empty() { bytes.to_vec() } else { [folder, b"/", bytes].concat() };
        if !is_name(&name) {
            let error = io::Error::new(io::ErrorKind::InvalidFilename, NO_NAME);
            tree.unreadable.push((shown(&path), failed("read", &shown(&path), error)));
            continue;
        }
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folders.push((path, entry.path())),
            Ok(metadata) if metadata.is_file() => {
                tree.files.push(Found { path, disk: entry.path(), metadata });
            }
            Ok(metadata) => tree.skipped.push(Skipped { path: shown(&path), what: what(&metadata) }),
            Err(e) => tree.unreadable.push((shown(&path), failed("look at", &entry.path(), e))),
        }
    }
    Ok(folders)
}

const NO_NAME: &str = "no file of this name can be opened on this system; rename it where it is stored";

/// Whether an entry is named by one segment of a path. A disk of another system may have `a:b` or `a\b`, which on Windows lead to another
/// drive or into another folder.
fn is_name(name: &OsStr) -> bool {
    let mut parts = Path::new(name).components();
    let (first, second) = (parts.next(), parts.next());
    second.is_none() && matches!(first, Some(Component::Normal(part)) if part == name)
}

/// What an entry is, in words.
pub(super) fn what(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a named pipe";
        } else if kind.is_socket() {
            return "a socket";
        } else if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    match metadata {
        metadata if metadata.is_symlink() => "a symbolic link",
        metadata if metadata.is_dir() => "a folder",
        metadata if metadata.is_file() => "a file",
        _ => "neither a file nor a folder",
    }
}

/// Opens a file that was found. What has become a link or a pipe since is refused, and is not waited for.
pub(super) fn open(path: &Path) -> Result<BufReader<File>, Error> {
    let opened = open_regular(path).map_err(|e| failed("read", path, e))?;
    Ok(BufReader::new(opened))
}

fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        Ok(file)
    } else {
        Err(io::Error::other(format!("it is {}, not a file", what(&metadata))))
    }
}

/// The segments of a plain path; `None` if one of them would lead elsewhere, or is none.
pub(super) fn segments(path: &[u8]) -> Option<Vec<&[u8]>> {
    let segments: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    let named = |segment: &&[u8]| !matches!(*segment, b"" | b"." | b"..") && !segment.contains(&0);
    segments.iter().all(named).then_some(segments)
}

/// The plain path of a stored file, as on a disk of Linux or FreeBSD, where appliances keep it. `None` if its name cannot be decoded, or
/// would lead out of the folder.
pub(super) fn plain_path(names: &crate::Names, stored: &[u8]) -> Option<Vec<u8>> {
    let plain = local_name::decode(&names.decode_bytes(&local_name::encode_here(stored)).ok()?);
    segments(&plain).is_some().then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x8_an_entry_is_named_by_one_segment() {
        for (name, on_unix, on_windows) in [
            ("a", true, true),
            ("a b.txt", true, true),
            ("CON", true, true),
            ("trail.", true, true),
            ("q?", true, true),
            ("a:b", true, false),
            ("C:", true, false),
            ("a\\b", true, false),
            ("..\\a", true, false),
            ("\\\\server\\share", true, false),
            ("a/b", false, false),
            ("a/", false, false),
            ("/a", false, false),
            ("", false, false),
            (".", false, false),
            ("..", false, false),
        ] {
            assert_eq!(is_name(OsStr::new(name)), if cfg!(windows) { on_windows } else { on_unix }, "{name}");
        }
    }
}
