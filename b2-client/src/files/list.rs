//! Listings of file names and of versions, as streams.

use std::num::NonZeroU16;

use futures_util::Stream;
use http_core::{Operation, Page, pages};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{FileVersion, Files};
use crate::error::Error;
use crate::ids::{BucketId, FileId};
use crate::names::FileName;
use crate::operations;
use crate::service::call;

/// A request to list files. The listing is sorted by the UTF-8 bytes of the names.
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

/// The default page size. The service bills a listing per 1000 requested entries (reference: `b2_list_file_names`).
const PAGE: u16 = 1000;

impl ListFiles {
    /// Lists all files of a bucket.
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

    /// Lists only files whose names begin with `prefix`. The default is the prefix that the key is restricted to; the service refuses
    /// listings of such a key without it.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into()).filter(|prefix| !prefix.is_empty());
        self
    }

    /// Starts at the first name that is equal to or greater than `name`, which need not be the name of a file.
    pub fn start_at(mut self, name: impl Into<String>) -> Self {
        self.start_file_name = Some(name.into()).filter(|name| !name.is_empty());
        self.start_file_id = None;
        self
    }

    /// Starts at this version. Listings of names start at its name.
    pub fn start_at_version(mut self, name: &FileName, id: FileId) -> Self {
        self.start_file_name = Some(name.as_str().to_owned());
        self.start_file_id = Some(id);
        self
    }

    /// Sets the number of entries per request (default 1000, at most 10 000). Each 1000 entries, or part thereof, are billed as one
    /// transaction. Answers of more than 16 MiB are refused; thousands of entries with long names and much file info can exceed that.
    pub fn page_size(mut self, entries: NonZeroU16) -> Self {
        self.max_file_count = entries.get().min(10_000);
        self
    }
}

/// An entry of a listing with a delimiter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
#[expect(clippy::large_enum_variant, reason = "most entries are files")]
pub enum Entry {
    /// A file whose name does not contain the delimiter after the prefix.
    File(FileVersion),
    /// A common prefix of files, which ends with the delimiter.
    Folder(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "exists only while an entry is deserialised")]
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
    /// Lists the newest version of each file that is not hidden. One page is held in memory.
    ///
    /// The stream ends after an error, which is [`crate::ErrorKind::Unauthorized`], [`crate::ErrorKind::NotFound`] for the bucket, or a
    /// temporary failure.
    pub fn list_names(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_NAMES, request, None)
    }

    /// Lists like [`list_names`](Self::list_names), with one [`Entry::Folder`] for all files whose names are the same up to the next
    /// `delimiter` after the prefix. With the delimiter `"/"` it lists one folder; the prefix should then end with `"/"`.
    pub fn list_names_with_delimiter(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_NAMES, request, Some(delimiter))
    }

    /// Lists every version of every file, the newest first within a name, including hide markers and unfinished large files. One page is
    /// held in memory. Errors as in [`list_names`](Self::list_names).
    pub fn list_versions(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_VERSIONS, request, None)
    }

    /// Lists like [`list_versions`](Self::list_versions), with folders as in
    /// [`list_names_with_delimiter`](Self::list_names_with_delimiter).
    pub fn list_versions_with_delimiter(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_VERSIONS, request, Some(delimiter))
    }

    fn list<T: DeserializeOwned + Send + 'static>(
        self,
        operation: Operation,
        request: &ListFiles,
        delimiter: Option<&str>,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let client = self.client.clone();
        let mut request = request.clone();
        request.delimiter = delimiter.map(str::to_owned);
        request.start_file_id = request.start_file_id.filter(|_| operation == operations::LIST_FILE_VERSIONS);
        pages(move |cursor: Option<(String, Option<FileId>)>| {
            let client = client.clone();
            let mut request = request.clone();
            async move {
                if let Some((name, id)) = cursor {
                    request.start_file_name = Some(name);
                    request.start_file_id = id;
                }
                request.prefix = request.prefix.or(client.account().await?.name_prefix.clone());
                let call = call(operation, &request);
                let page: Listed<T> =
                    client.send(call.subject(format!("bucket {}", request.bucket_id))).await?;
                let next = page.next_file_name.map(|name| (name, page.next_file_id));
                Ok::<_, Error>(Page { items: page.files, next })
            }
        })
    }
}
