//! Files on the box: what they are, and their content.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::Call;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, JobId};

impl Client {
    /// The box's files.
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
    /// What stands at a path.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn stat(&self, path: &str) -> Result<FileStat, Error> {
        self.client.call(Call::read("filesystem.stat", [path.into()])).await
    }

    /// What stands in a directory, sorted by name.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn list_dir(&self, path: &str) -> Result<Vec<DirEntry>, Error> {
        let query = Query::new().select(&["name", "path", "type", "size"]).order_by("name");
        let mut params = vec![path.into()];
        params.extend(query.params());
        self.client.call(Call::read("filesystem.listdir", params)).await
    }

    /// The content of a file, as a stream of pieces. The box sends it outside the socket, under the same trust.
    ///
    /// Compare the length with [`FileStat::size`]: a box that fails half way ends the stream early.
    ///
    /// # Errors
    /// `NotFound`, `Disconnected`, and those of every reading call; also as the last piece of the stream.
    pub async fn get(&self, path: &str) -> Result<Download, Error> {
        const METHOD: &str = "core.download";
        let name = path.rsplit('/').next().unwrap_or_default();
        // Unbuffered: the box reads the file while it is fetched, and drops the job when nobody fetches within a minute.
        let params = ["filesystem.get".into(), json!([path]), name.into(), false.into()];
        let (_job, target): (JobId, String) = self.client.call(Call::read(METHOD, params)).await?;
        if !target.starts_with("/_download/") {
            return Err(Error::new(METHOD, path, ErrorKind::NotUnderstood { path: "[1]".into() }));
        }
        let dialer = self.client.dialer();
        let url = format!("{}{target}", dialer.config.address.http_origin());
        // The address holds a token that opens this file once: it must not stand in an error.
        let fail = |e: reqwest::Error| Error::transport("filesystem.get", path, Box::new(e.without_url()));
        let response = dialer.http.get(url).send().await.map_err(fail)?;
        let kind = match response.status().as_u16() {
            200 => return Ok(Download::new(path, response)),
            401 => ErrorKind::NotAuthenticated,
            403 => ErrorKind::NotAuthorized,
            404 => ErrorKind::NotFound,
            status => ErrorKind::Refused {
                errno: status.into(),
                errname: "HTTP".into(),
                reason: format!("status {status} in place of the file"),
            },
        };
        Err(Error::new("filesystem.get", path, kind))
    }
}

/// What stands at a path.
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

/// A file's content on its way.
pub struct Download {
    length: Option<u64>,
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
}

impl Download {
    fn new(path: &str, response: reqwest::Response) -> Self {
        let length = response.content_length();
        let subject = path.to_owned();
        let pieces = response.bytes_stream().map(move |piece| {
            piece.map_err(|e| Error::transport("filesystem.get", &*subject, Box::new(e.without_url())))
        });
        Self { length, pieces: Box::pin(pieces) }
    }

    /// How many bytes will come, when the box says so.
    pub fn length(&self) -> Option<u64> {
        self.length
    }
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
