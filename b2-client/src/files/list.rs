//! Listings of file names and of versions, as streams.

use std::num::NonZeroU16;

use futures_util::{Stream, StreamExt as _};
use http_core::{ListingLimits, Operation, Page, pages};
use serde::{Deserialize, Serialize};

use super::{FileVersion, Files};
use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::client::Client;
use crate::error::Error;
use crate::ids::FileId;
use crate::members::{FromMembers, Members, Row};
use crate::names::FileName;
use crate::operations;
use crate::service::call;

/// A request to list files. The listing is sorted by the UTF-8 bytes of the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFiles {
    #[serde(flatten)]
    pub(super) bucket: BucketRef,
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
    pub fn new(bucket: impl Into<BucketRef>) -> Self {
        Self {
            bucket: bucket.into(),
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "most entries are files")]
pub enum Entry {
    /// A file whose name does not contain the delimiter after the prefix.
    File(FileVersion),
    /// A common prefix of files, which ends with the delimiter.
    Folder(String),
}

impl FromMembers for Entry {
    fn read(mut row: Members) -> Result<Self, String> {
        if row.is("action", "folder") {
            return Ok(Self::Folder(row.required("fileName")?));
        }
        FileVersion::read(row).map(Self::File)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: FromMembers")]
struct Listed<T> {
    files: Vec<Row<T>>,
    next_file_name: Option<String>,
    next_file_id: Option<FileId>,
}

/// A listing is read as a stream, so its limits are those of time: a billion entries are a million pages. Pages may be empty in
/// between, as where many names are hidden.
pub(super) const LIMITS: ListingLimits = ListingLimits::items(1_000_000_000).idle_pages(1000);

/// Where a page begins, and the bucket with its id: all pages are of one bucket, even if another one has got its name meanwhile.
type Cursor = (BucketRef, String, Option<FileId>);

/// What tells one entry from another.
type Key = (String, Option<FileId>);

fn of_version(version: &FileVersion) -> Key {
    (version.name.as_str().to_owned(), Some(version.id.clone()))
}

fn of_entry(entry: &Entry) -> Key {
    match entry {
        Entry::File(version) => of_version(version),
        Entry::Folder(name) => (name.clone(), None),
    }
}

impl Files<'_> {
    /// Lists the newest version of each file that is not hidden. One page is held in memory.
    ///
    /// The stream ends after an error, which is [`crate::ErrorKind::Unauthorized`], [`crate::ErrorKind::NotFound`] for the bucket, or a
    /// temporary failure. A single row that cannot be read is an error in its place, [`crate::ErrorKind::NotUnderstood`], after which the
    /// stream goes on with the next row.
    pub fn list_names(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_NAMES, request, None, of_version)
    }

    /// Lists like [`list_names`](Self::list_names), with one [`Entry::Folder`] for all files whose names are the same up to the next
    /// `delimiter` after the prefix. With the delimiter `"/"` it lists one folder; the prefix should then end with `"/"`.
    pub fn list_names_with_delimiter(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_NAMES, request, Some(delimiter), of_entry)
    }

    /// Lists every version of every file, the newest first within a name, including hide markers and unfinished large files. One page is
    /// held in memory. Errors as in [`list_names`](Self::list_names).
    pub fn list_versions(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_VERSIONS, request, None, of_version)
    }

    /// Lists like [`list_versions`](Self::list_versions), with folders as in
    /// [`list_names_with_delimiter`](Self::list_names_with_delimiter).
    pub fn list_versions_with_delimiter(
        &self,
        request: &ListFiles,
        delimiter: &str,
    ) -> impl Stream<Item = Result<Entry, Error>> + Send + use<> {
        self.list(operations::LIST_FILE_VERSIONS, request, Some(delimiter), of_entry)
    }

    fn list<T: FromMembers + Send + 'static>(
        self,
        operation: Operation,
        request: &ListFiles,
        delimiter: Option<&str>,
        key: fn(&T) -> Key,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let client = self.client.clone();
        let mut request = request.clone();
        request.delimiter = delimiter.map(str::to_owned);
        request.start_file_id = request.start_file_id.filter(|_| operation == operations::LIST_FILE_VERSIONS);
        let key = move |row: &Row<T>| row.key(key);
        let listed = request.bucket.clone();
        pages(LIMITS, key, move |cursor: Option<Cursor>| {
            let client = client.clone();
            let mut request = request.clone();
            async move {
                if let Some((bucket, name, id)) = cursor {
                    request.bucket = bucket;
                    request.start_file_name = Some(name);
                    request.start_file_id = id;
                }
                request.prefix = request.prefix.or(client.account().await?.name_prefix.clone());
                client.file_page(operation, &request).await
            }
        })
        .map(move |row| {
            row.map_err(|error: Error| error.listing(operation.name(), &listed))?
                .or_error(operation.name(), &listed)
        })
    }
}

impl Client {
    async fn file_page<T: FromMembers>(
        &self,
        operation: Operation,
        request: &ListFiles,
    ) -> Result<Page<Row<T>, Cursor>, Error> {
        let list = |FoundBucket { bucket, .. }| async move {
            let request = ListFiles { bucket, ..request.clone() };
            let call = call(operation, &request).subject(&request.bucket);
            let page: Listed<T> = self.send(call).await?;
            let next = page.next_file_name.map(|name| (request.bucket, name, page.next_file_id));
            Ok(Page { items: page.files, next })
        };
        self.in_bucket(operation, &request.bucket, list).await
    }
}
