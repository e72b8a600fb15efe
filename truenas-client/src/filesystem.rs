//! Files on the appliance: what they are, and their content.

mod permissions;
mod upload;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::Call;
use crate::operations;
use crate::query::{Order, Query};
use crate::{Client, Error, ErrorKind, Job, JobId};
pub use permissions::Permissions;
pub use upload::{PutOptions, UploadContent};

impl Client {
    /// The appliance's files.
    pub fn filesystem(&self) -> Filesystem<'_> {
        Filesystem { client: self }
    }
}

/// Calls about files. Paths are absolute, under `/mnt`.
#[derive(Clone, Copy, Debug)]
pub struct Filesystem<'a> {
    client: &'a Client,
}

impl Filesystem<'_> {
    /// What a path leads to: its kind, size and time.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn stat(&self, path: &str) -> Result<FileStat, Error> {
        self.client.carry_out(Call::new(operations::FILESYSTEM_STAT, [path.into()])).await
    }

    /// The file system that a path lies in: which, how large, and how full.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn stat_fs(&self, path: &str) -> Result<FileSystemStat, Error> {
        self.client.carry_out(Call::new(operations::FILESYSTEM_STATFS, [path.into()])).await
    }

    /// Sets who owns what is at a path, and what they may do with it. The job may take long where everything below is changed.
    ///
    /// # Errors
    /// `InvalidRequest` for a path outside of `/mnt/POOL`; `OutcomeUnknown` when the answer is lost (doing it again is harmless); `Unauthorized`.
    pub async fn set_permissions(&self, path: &str, permissions: &Permissions) -> Result<Job<()>, Error> {
        let operation = operations::FILESYSTEM_SETPERM;
        self.check_path(operation, path)?;
        self.client.begin(Call::new(operation, [permissions.body(path)])).await
    }

    fn check_path(self, operation: http_core::Operation, path: &str) -> Result<(), Error> {
        let below = path.strip_prefix("/mnt/").unwrap_or_default();
        if below.split('/').all(|part| !matches!(part, "" | "." | "..")) {
            return Ok(());
        }
        let reason = "what is written is in a pool: /mnt/POOL/…, without dots and double slashes";
        Err(Error::new(operation.name(), self.client.subject(), ErrorKind::InvalidRequest { reason }))
    }

    /// The entries of a directory, sorted by name.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn list_dir(&self, path: &str) -> Result<Vec<DirEntry>, Error> {
        let query = Query::new().select(["name", "path", "type", "size"]).order_by(Order::ascending("name"));
        let mut params = vec![path.into()];
        params.extend(query.params());
        self.client.carry_out(Call::new(operations::FILESYSTEM_LISTDIR, params)).await
    }

    /// Makes a directory. Its parent has to exist.
    ///
    /// # Errors
    /// `Rejected` or `Validation` when it exists or may not be there, `Unauthorized`; `Unsupported` on CORE; `OutcomeUnknown` when the
    /// answer is lost.
    pub async fn make_directory(&self, path: &str) -> Result<(), Error> {
        let call = Call::new(operations::FILESYSTEM_MKDIR, [json!({"path": path})]);
        self.client.carry_out::<serde_json::Value>(call).await.map(drop)
    }

    /// The content of a file of this length, as a stream of pieces. The appliance sends it outside the socket, under the same trust.
    ///
    /// An appliance that fails half way ends the content early and says nothing. So the length, from [`FileStat::size`] or
    /// [`DirEntry::size`], is given: a content that ends before it, or goes on after it, ends the stream with an error.
    ///
    /// # Errors
    /// `NotFound`, `Unreachable`, and those of every reading call; also as the last piece of the stream. `Rejected` with HTTP status 410 when
    /// the content was not fetched within a minute of being asked for, and with 401 when it was asked for from another address, as behind a
    /// router with several exits.
    pub async fn get(&self, path: &str, length: u64) -> Result<Download, Error> {
        let operation = operations::CORE_DOWNLOAD;
        let name = path.rsplit('/').next().unwrap_or_default();
        // Unbuffered: the appliance reads the file while it is fetched, and drops the job when nobody fetches within a minute.
        let params = ["filesystem.get".into(), json!([path]), name.into(), false.into()];
        let (_job, target): (JobId, String) = self.client.carry_out(Call::new(operation, params)).await?;
        // The address holds a token that opens this file once: it must not stand in an error.
        if !target.starts_with("/_download/") {
            return Err(Error::new(operation.name(), path, ErrorKind::NotUnderstood { path: "[1]".into() }));
        }
        Ok(Download::new(
            path,
            length,
            self.client.dialer().fetch(operations::FILESYSTEM_GET, &target, path).await?,
        ))
    }
}

/// What a path leads to: its kind, size and time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FileStat {
    /// The path without symbolic links.
    pub realpath: String,
    /// File, directory or other.
    #[serde(rename = "type")]
    pub kind: FileKind,
    /// Its length in bytes.
    pub size: u64,
    /// When its content last changed.
    #[serde(rename = "mtime", deserialize_with = "crate::ejson::seconds")]
    pub modified: Option<SystemTime>,
    /// Whether a file system is mounted here.
    pub is_mountpoint: bool,
}

/// A file system: which, how large, and how full.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FileSystemStat {
    /// What is mounted: of ZFS the dataset.
    pub source: String,
    /// Where it is mounted.
    #[serde(rename = "dest")]
    pub mount_point: String,
    /// Of which kind it is.
    #[serde(rename = "fstype")]
    pub kind: String,
    /// How many bytes it has in all.
    pub total_bytes: u64,
    /// How many are free.
    pub free_bytes: u64,
    /// How many of those can be written.
    #[serde(rename = "avail_bytes")]
    pub available_bytes: u64,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DirEntry {
    /// Its name in the directory.
    pub name: String,
    /// Its full path.
    pub path: String,
    /// File, directory or other.
    #[serde(rename = "type")]
    pub kind: FileKind,
    /// Its length in bytes.
    pub size: u64,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, pipe or socket.
    Other,
    /// A kind of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// A file's content while it is fetched.
pub struct Download {
    length: u64,
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
}

impl Download {
    fn new(path: &str, length: u64, response: http_core::Response) -> Self {
        let subject = path.to_owned();
        let pieces = response.into_stream();
        let pieces = stream::unfold(Some((pieces, length)), move |state| {
            let subject = subject.clone();
            async move {
                let (mut pieces, missing) = state?;
                match pieces.next().await {
                    Some(Ok(piece)) => match missing.checked_sub(piece.len() as u64) {
                        Some(missing) => Some((Ok(piece), Some((pieces, missing)))),
                        None => Some((Err(of_other_length(&subject, "it is longer than it was")), None)),
                    },
                    Some(Err(cause)) => Some((Err(Error::http(subject, cause)), None)),
                    None if missing > 0 => {
                        let what = format!("it ended {missing} bytes early");
                        Some((Err(of_other_length(&subject, what)), None))
                    }
                    None => None,
                }
            }
        });
        Self { length, pieces: Box::pin(pieces) }
    }

    /// How many bytes will come.
    pub fn length(&self) -> u64 {
        self.length
    }
}

/// Fetching the file again, with its length read anew, may succeed.
fn of_other_length(path: &str, what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(operations::FILESYSTEM_GET.name(), path, ErrorKind::Unreachable).with_source(what)
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_next_unpin(context)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download").field("length", &self.length).finish_non_exhaustive()
    }
}
