//! Listings of names and of versions, as streams.

use std::num::NonZeroU16;

use futures_util::Stream;
use http_core::{Idempotency, Page, pages};
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
    start_file_name: Option<FileName>,
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

    /// One row for all names that agree up to the next `delimiter` after the prefix.
    pub fn delimiter(mut self, delimiter: impl Into<String>) -> Self {
        self.delimiter = Some(delimiter.into());
        self
    }

    /// Begins at this name.
    pub fn start_at(mut self, name: FileName) -> Self {
        self.start_file_name = Some(name);
        self
    }

    /// Asks for so many entries at a time (default 1000). Every thousand begun costs one transaction.
    pub fn page_size(mut self, entries: NonZeroU16) -> Self {
        self.max_file_count = entries.get().min(10_000);
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    files: Vec<FileVersion>,
    next_file_name: Option<FileName>,
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
        self.list("b2_list_file_names", request)
    }

    /// Every version of every file, the newest first within a name, with hide markers and unfinished large files. Memory holds
    /// one page. Errors as in [`list_names`](Self::list_names).
    pub fn list_versions(
        &self,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        self.list("b2_list_file_versions", request)
    }

    fn list(
        self,
        operation: &'static str,
        request: &ListFiles,
    ) -> impl Stream<Item = Result<FileVersion, Error>> + Send + use<> {
        let client = self.client.clone();
        let request = request.clone();
        pages(move |cursor: Option<(FileName, Option<FileId>)>| {
            let client = client.clone();
            let mut request = request.clone();
            async move {
                if let Some((name, id)) = cursor {
                    request.start_file_name = Some(name);
                    request.start_file_id = id;
                }
                request.prefix = request.prefix.or(client.account().await?.name_prefix);
                let call = call(operation, Idempotency::Read, &request);
                let page: Listed = client.send(call.subject(format!("bucket {}", request.bucket_id))).await?;
                let next = page.next_file_name.map(|name| (name, page.next_file_id));
                Ok::<_, Error>(Page { items: page.files, next })
            }
        })
    }
}
