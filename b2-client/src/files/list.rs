//! Listings of names and of versions, plain or by folders, as streams.

use std::num::NonZeroU16;

use futures_util::Stream;
use http_core::{Idempotency, Page, pages};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{FileVersion, Files};
use crate::error::Error;
use crate::ids::{BucketId, FileId};
use crate::names::FileName;
use crate::service::call;

/// Which files to list. Names come in the order of their UTF-8 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFiles {
    bucket_id: BucketId,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_file_id: Option<FileId>,
    max_file_count: u16,
}

/// The service bills a listing per thousand entries asked for (reference: `b2_list_file_names`).
const PAGE: u16 = 1000;

impl ListFiles {
    /// All files of this bucket.
    pub fn new(bucket_id: BucketId) -> Self {
        Self {
            bucket_id,
            prefix: None,
            delimiter: None,
            start_file_name: None,
            start_file_id: None,
            max_file_count: PAGE,
        }
    }

    /// Only names that begin like this (default: the prefix that the key is restricted to, without which the service refuses such a
    /// key every listing).
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into()).filter(|prefix| !prefix.is_empty());
        self
    }

    /// Begins at this name, or at the first one after it; any text will do, such as `"folder/"`.
    pub fn start_at(mut self, name: impl Into<String>) -> Self {
        self.start_file_name = Some(name.into()).filter(|name| !name.is_empty());
        self.start_file_id = None;
        self
    }

    /// Begins at this version of this name. Listings of names, which show the newest version only, begin at the name.
    pub fn start_at_version(mut self, name: &FileName, id: FileId) -> Self {
        self.start_file_name = Some(name.as_str().to_owned());
        self.start_file_id = Some(id);
        self
    }

    /// Asks for so many entries at a time (default 1000, at most 10 000). Every thousand begun costs one transaction. An answer of
    /// more than 16 MiB is not read, which thousands of entries with long names and much info can make.
    pub fn page_size(mut self, entries: NonZeroU16) -> Self {
        self.max_file_count = entries.get().min(10_000);
        self
    }
}

/// A row of a listing by folders.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
#[expect(clippy::large_enum_variant, reason = "most rows are files")]
pub enum Entry {
    /// A file whose name has no delimiter after the prefix.
    File(FileVersion),
    /// All files whose names begin like this, which ends in the delimiter.
    Folder(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "it lives as long as a row is being read")]
enum Row {
    Folder {
        #[serde(rename = "action")]
        _action: IsFolder,
        #[serde(rename = "fileName")]
        name: String,
    },
    File(FileVersion),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum IsFolder {
    Folder,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        match row {
            Row::Folder { name, .. } => Self::Folder(name),
            Row::File(version) => Self::File(version),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed<T> {
    files: Vec<T>,
    next_file_name: Option<String>,
    next_file_id: Option<FileId>,
}

impl Files<'_> {
    /// The newest version of each file that is not hidden. Memory holds one page.
    ///
    /// Errors are [`crate::ErrorKind::Unauthorized`], [`crate::ErrorKind::NotFound`] for the bucket, and the passing ones; the
    /// stream is over after one.
    pub fn list_names(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list("b2_list_file_names", request, None)
    }

    /// The newest versions as [`list_names`](Self::list_names) gives them, but one row for all names that agree up to the next
    /// `delimiter` after the prefix, as a folder would show them with `"/"`. A prefix should end in the delimiter.
    pub fn browse_names(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list("b2_list_file_names", request, Some(delimiter))
    }

    /// Every version of every file, the newest first within a name, with hide markers and unfinished large files. Memory holds
    /// one page. Errors as in [`list_names`](Self::list_names).
    pub fn list_versions(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list("b2_list_file_versions", request, None)
    }

    /// Every version as [`list_versions`](Self::list_versions) gives them, by folders as in
    /// [`browse_names`](Self::browse_names).
    pub fn browse_versions(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list("b2_list_file_versions", request, Some(delimiter))
    }

    fn list<T: DeserializeOwned + Send + 'static>(
        self,
        operation: &'static str,
        request: &ListFiles,
        delimiter: Option<&str>,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let client = self.client.clone();
        let mut request = request.clone();
        request.delimiter = delimiter.map(str::to_owned);
        request.start_file_id = request.start_file_id.filter(|_| operation == "b2_list_file_versions");
        pages(move |cursor: Option<(String, Option<FileId>)>| {
            let client = client.clone();
            let mut request = request.clone();
            async move {
                if let Some((name, id)) = cursor {
                    request.start_file_name = Some(name);
                    request.start_file_id = id;
                }
                request.prefix = request.prefix.or(client.account().await?.name_prefix.clone());
                let call = call(operation, Idempotency::Read, &request);
                let page: Listed<T> =
                    client.send(call.subject(format!("bucket {}", request.bucket_id))).await?;
                let next = page.next_file_name.map(|name| (name, page.next_file_id));
                Ok::<_, Error>(Page { items: page.files, next })
            }
        })
    }
}
