//! Files on the appliance.

use std::io;

use bytes::Bytes;
use tokio_util::io::StreamReader;
use truenas_client::Client as Nas;
use truenas_client::filesystem as there;

use super::failure::Failure;
use super::fetched::Fetched;
use super::jobs::{AioJob, Job};
use super::shown::{Shown, found, words};
use crate::content::{Content, pieces};
use crate::errors;
use crate::held::Held;
use crate::pieces::reading_twins;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time};

words!(there::FileKind);

found! {
    /// What a path leads to: its kind, size and time.
    FileStat of there::FileStat {
        /// The path without symbolic links.
        realpath: String,
        /// File, directory or other.
        kind: String,
        /// Its length in bytes.
        size: u64,
        /// When its content last changed.
        modified: Option<Time> = None,
        /// Whether a file system is mounted here.
        is_mountpoint: bool,
    }
}

found! {
    /// A file system: which, how large, and how full.
    FileSystemStat of there::FileSystemStat {
        /// What is mounted: of ZFS the dataset.
        source: String,
        /// Where it is mounted.
        mount_point: String,
        /// Of which kind it is.
        kind: String,
        /// How many bytes it has in all.
        total_bytes: u64,
        /// How many are free.
        free_bytes: u64,
        /// How many of those can be written.
        available_bytes: u64,
    }
}

found! {
    /// An entry of a directory.
    DirEntry of there::DirEntry {
        /// Its name in the directory.
        name: String,
        /// Its full path.
        path: String,
        /// File, directory or other.
        kind: String,
        /// Its length in bytes.
        size: u64,
    }
}

fn fetched(download: there::Download) -> Fetched {
    Fetched::new(Some(download.length()), download)
}

impl Shown<Download> for there::Download {
    fn shown(self) -> Download {
        Download(fetched(self))
    }
}

impl Shown<AioDownload> for there::Download {
    fn shown(self) -> AioDownload {
        AioDownload(fetched(self))
    }
}

reading_twins! {
    /// A file that is being fetched, to be read once. One that has another length than was said raises ``TransportError``.
    "Download" in "dtc.truenas" and "dtc.truenas.aio", Failure, "filesystem.get": Download / AioDownload(Fetched) {
        both {
            /// How many bytes the file was said to have.
            #[getter]
            fn length(&self) -> u64 {
                self.0.length.unwrap_or_default()
            }

            /// Ends the download.
            fn close(&self) {
                self.0.close();
            }
        }
    }
}

/// What a file is to hold: bytes, a file of this machine, or what a file-like object gives, of which the length has to be said.
async fn upload(content: Content, length: Option<u64>) -> Result<there::UploadContent, Failure> {
    let of_the_system = |error: io::Error| Failure::Python(error.into());
    match (content, length) {
        (Content::Bytes(bytes), None) => Ok(there::UploadContent::bytes(Bytes::from_owner(bytes))),
        (Content::Path(path), None) => {
            let file = tokio::fs::File::open(&path).await.map_err(of_the_system)?;
            let length = file.metadata().await.map_err(of_the_system)?.len();
            Ok(there::UploadContent::reader(length, file))
        }
        (Content::Object(object), Some(length)) => {
            Ok(there::UploadContent::reader(length, StreamReader::new(pieces(object))))
        }
        (Content::Object(_), None) => {
            let remedy = "give length=, in bytes: the appliance is told it before the content";
            Err(errors::argument("content", "a file-like object", "has no length", remedy).into())
        }
        (Content::Bytes(_) | Content::Path(_), Some(_)) => {
            let problem = "has a length of its own";
            Err(errors::argument("length", "", problem, "give it with a file-like object only").into())
        }
    }
}

fn permissions(
    mode: Option<u32>,
    owner: Option<u32>,
    group: Option<u32>,
    recursive: bool,
    without_acl: bool,
) -> there::Permissions {
    let mut request = there::Permissions::new().recursive(recursive.into()).without_acl(without_acl.into());
    if let Some(mode) = mode {
        request = request.mode(mode);
    }
    if let Some(uid) = owner {
        request = request.owner(uid);
    }
    match group {
        Some(gid) => request.group(gid),
        None => request,
    }
}

twins! {
    /// Files on the appliance: what they are, and their content.
    "Filesystem" in "dtc.truenas" and "dtc.truenas.aio", Failure: Filesystem / AioFilesystem(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// What a path leads to: its kind, size and time.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (path, *, timeout = None))]
        Read "filesystem.stat"
        fn stat(path: String) -> FileStat = |nas| {
            Ok(nas.filesystem().stat(&path).await?.shown())
        }

        /// The file system that a path lies in: which, how large, and how full.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (path, *, timeout = None))]
        Read "filesystem.statfs"
        fn stat_fs(path: String) -> FileSystemStat = |nas| {
            Ok(nas.filesystem().stat_fs(&path).await?.shown())
        }

        /// Sets who owns what is at a path, and what they may do with it. The job may take long where everything below is changed.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the answer is lost (doing it
        /// again is harmless); ``unauthorized``.
        #[pyo3(signature = (path, *, mode = None, owner = None, group = None, recursive = false, without_acl = false, timeout = None))]
        Write "filesystem.setperm"
        fn set_permissions(
            path: String,
            mode: Option<u32>,
            owner: Option<u32>,
            group: Option<u32>,
            recursive: bool,
            without_acl: bool,
        ) -> Job | AioJob = |nas| {
            let found = nas.filesystem().set_permissions(
                &path,
                &permissions(mode, owner, group, recursive, without_acl),
            ).await?;
            Ok(found.shown())
        }

        /// The entries of a directory, sorted by name.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (path, *, timeout = None))]
        Read "filesystem.listdir"
        fn list_dir(path: String) -> Many<DirEntry> = |nas| {
            Ok(nas.filesystem().list_dir(&path).await?.shown())
        }

        /// Makes a directory. Its parent has to exist.
        ///
        /// Errors by their ``kind``: ``rejected`` or ``validation`` when it exists or may not be there, ``unauthorized``; ``unsupported`` on CORE;
        /// ``outcome_unknown`` when the answer is lost.
        #[pyo3(signature = (path, *, timeout = None))]
        Write "filesystem.mkdir"
        fn make_directory(path: String) -> Nothing = |nas| {
            Ok(nas.filesystem().make_directory(&path).await?.shown())
        }

        /// The content of a file of this length, as a stream of pieces. The appliance sends it outside the socket, under the same trust.
        ///
        /// An appliance that fails half way ends the content early and says nothing. So the length, from ``size`` or
        /// ``size``, is given: a content that ends before it, or goes on after it, ends the stream with an error.
        ///
        /// Errors by their ``kind``: ``not_found``, ``unreachable``, and those of every reading call; also as the last piece of the stream.
        /// ``rejected`` with HTTP status 410 when the content was not fetched within a minute of being asked for, and with 401 when it was asked for
        /// from another address, as behind a router with several exits.
        #[pyo3(signature = (path, length, *, timeout = None))]
        Read "filesystem.get"
        fn get(path: String, length: u64) -> Download | AioDownload = |nas| {
            Ok(nas.filesystem().get(&path, length).await?.shown())
        }

        /// Writes a file. Directories above it are made. The job has written the file only when it has succeeded: wait for it.
        ///
        /// The content goes outside the socket, under the same trust, with a token that is made for it: it has to have arrived, and this
        /// machine's address has to be the same for both, while the token holds, five minutes from its start.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the content was sent and no
        /// answer came, or only a part of it was sent: look what is there; ``credentials_rejected`` when the token does not hold, as where this
        /// machine reaches the appliance by several addresses; ``unauthorized``; ``read_only``.
        #[pyo3(signature = (path, content, *, length = None, append = false, mode = None, timeout = None))]
        Write "filesystem.put"
        fn put(
            path: String,
            content: Content,
            length: Option<u64>,
            append: bool,
            mode: Option<u32>,
        ) -> Job | AioJob = |nas| {
            let content = upload(content, length).await?;
            let mut options = there::PutOptions::new().append(append.into());
            if let Some(mode) = mode {
                options = options.mode(mode);
            }
            Ok(nas.filesystem().put(&path, content, options).await?.shown())
        }
    }
}
