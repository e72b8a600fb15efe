//! Large files: start, finish, cancel, and list unfinished ones and their parts.

use std::collections::{BTreeMap, HashMap};

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use http_core::{Page, pages};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::list::LIMITS;
use super::{Action, FileRetention, FileVersion, Files, LegalHold, ListFiles, Sha1, UploadFile};
use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::buckets::Encryption;
use crate::client::Client;
use crate::customer_key::{CustomerKey, WireKey};
use crate::error::{Error, ErrorKind};
use crate::idle_urls::Target;
use crate::ids::{BucketId, FileId, UnixMillis};
use crate::members::{FromMembers, Members, Row};
use crate::names::FileName;
use crate::operations;
use crate::service::call;
use crate::subject::Subject;

/// An uploaded part of a large file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The id of the large file.
    pub file_id: FileId,
    /// The number of the part, counted from 1.
    pub part_number: u32,
    /// The length in bytes.
    pub content_length: u64,
    /// The SHA-1 checksum.
    pub sha1: Sha1,
    /// The MD5 checksum in hexadecimal digits, if the service reports it.
    pub content_md5: Option<String>,
    /// When the part was uploaded.
    pub uploaded: Option<UnixMillis>,
    /// How the part is encrypted.
    pub encryption: Encryption,
}

impl FromMembers for Part {
    fn read(mut row: Members) -> Result<Self, String> {
        Ok(Self {
            file_id: row.required("fileId")?,
            part_number: row.required("partNumber")?,
            content_length: row.required("contentLength")?,
            sha1: row.required("contentSha1")?,
            content_md5: row.lenient("contentMd5"),
            uploaded: row.lenient("uploadTimestamp"),
            encryption: row.lenient("serverSideEncryption").unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Members::of(deserializer)?).map_err(D::Error::custom)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    bucket_id: &'a BucketId,
    file_name: &'a FileName,
    content_type: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    file_info: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_retention: Option<&'a FileRetention>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<&'a LegalHold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_side_encryption: Option<WireEncryption<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_upload_timestamp: Option<String>,
}

/// Encryption in a request body: a mode, or SSE-C with the customer's key.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum WireEncryption<'a> {
    Mode(&'a Encryption),
    Customer(WireKey<'a>),
}

impl<'a> WireEncryption<'a> {
    /// `None` if the bucket's default applies.
    pub(super) fn new(key: Option<&'a CustomerKey>, mode: Option<&'a Encryption>) -> Option<Self> {
        match key {
            Some(key) => Some(Self::Customer(key.wire())),
            None => mode.filter(|mode| **mode != Encryption::None).map(Self::Mode),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finish<'a> {
    file_id: &'a FileId,
    part_sha1_array: &'a [Sha1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfFile<'a> {
    file_id: &'a FileId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListUnfinished<'a> {
    bucket_id: &'a BucketId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_file_id: Option<&'a FileId>,
    max_file_count: u32,
}

/// Where a page of unfinished files begins, in the bucket with this id.
type Cursor = (BucketRef, FileId);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListParts<'a> {
    file_id: &'a FileId,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_part_number: Option<u32>,
    max_part_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unfinished {
    files: Vec<Row<FileVersion>>,
    next_file_id: Option<FileId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    parts: Vec<Row<Part>>,
    next_part_number: Option<u32>,
}

impl Files<'_> {
    /// Lists the unfinished large files of a bucket whose names begin with `prefix`, the oldest first. Their parts are billed as storage
    /// until they are finished or cancelled.
    pub fn list_unfinished(
        &self,
        bucket: impl Into<BucketRef>,
        prefix: &str,
    ) -> BoxStream<'static, Result<FileVersion, Error>> {
        let (client, bucket, prefix) = (self.client.clone(), bucket.into(), prefix.to_owned());
        let (operation, listed) = (operations::LIST_UNFINISHED_LARGE_FILES.name(), bucket.clone());
        let key = |row: &Row<FileVersion>| row.key(|file| file.id.clone());
        pages(LIMITS, key, move |cursor: Option<Cursor>| {
            let (client, bucket, prefix) = (client.clone(), bucket.clone(), prefix.clone());
            async move {
                let own = client.account().await?.name_prefix.clone();
                let prefix = Some(prefix).filter(|prefix| !prefix.is_empty()).or(own);
                let (bucket, start) = cursor.map_or((bucket, None), |(bucket, id)| (bucket, Some(id)));
                client.unfinished_page(&bucket, prefix.as_deref(), start.as_ref()).await
            }
        })
        .map(move |row| {
            row.map_err(|error: Error| error.listing(operation, &listed))?.or_error(operation, &listed)
        })
        .boxed()
    }

    /// Lists the uploaded parts of an unfinished large file.
    pub fn list_parts(&self, id: &FileId) -> impl Stream<Item = Result<Part, Error>> + Send + use<> {
        self.parts_of(id, Subject::version(id))
    }

    /// Lists the parts; `subject` is what is known of the file.
    pub(super) fn parts_of(
        &self,
        id: &FileId,
        subject: Subject<'_>,
    ) -> impl Stream<Item = Result<Part, Error>> + Send + use<> {
        let (client, id, subject) = (self.client.clone(), id.clone(), subject.to_string());
        let (operation, listed) = (operations::LIST_PARTS.name(), subject.clone());
        let key = |row: &Row<Part>| row.key(|part| part.part_number);
        pages(LIMITS, key, move |cursor: Option<u32>| {
            let (client, id, subject) = (client.clone(), id.clone(), subject.clone());
            async move {
                let request = ListParts { file_id: &id, start_part_number: cursor, max_part_count: 1000 };
                let call = call(operations::LIST_PARTS, &request).subject(subject);
                let page: Parts = client.send(call).await?;
                Ok::<_, Error>(Page { items: page.parts, next: page.next_part_number })
            }
        })
        .map(move |row| {
            row.map_err(|error: Error| error.listing(operation, &listed))?.or_error(operation, &listed)
        })
    }

    /// Cancels an unfinished large file and deletes its parts. Succeeds if an earlier attempt of the same call cancelled it.
    ///
    /// # Errors
    /// [`ErrorKind::LargeFileGone`] when it is finished, cancelled or does not exist; [`ErrorKind::Unauthorized`].
    pub async fn cancel_large_file(&self, id: &FileId) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Cancelled {}
        self.client.idle_urls.forget(&Target::LargeFile(id.clone()));
        let call = call(operations::CANCEL_LARGE_FILE, &OfFile { file_id: id });
        match self.client.send::<Cancelled>(call.subject(Subject::version(id))).await {
            Ok(_) => Ok(()),
            Err(error) if crate::client::done_before(&error, &ErrorKind::LargeFileGone) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Starts a large file, and names the bucket of the request by its id from then on. Not repeated after a lost answer, which would
    /// leave another unfinished file behind.
    pub(super) async fn start_large_file(
        &self,
        request: &mut UploadFile,
        info: &BTreeMap<String, String>,
    ) -> Result<FileId, Error> {
        let operation = operations::START_LARGE_FILE;
        let asked = &*request;
        let start = |found: FoundBucket| async move {
            let call = call(operation, &self.start(asked, &found.id, info));
            let call = call.subject(Subject::file(&asked.name).inside(&found.bucket));
            let started: FileVersion = self.client.send(call).await?;
            Ok((started.id, found.bucket))
        };
        let (id, bucket) = self.client.in_bucket(operation, &asked.bucket, start).await?;
        request.bucket = bucket;
        Ok(id)
    }

    fn start<'b>(
        &'b self,
        request: &'b UploadFile,
        bucket_id: &'b BucketId,
        info: &'b BTreeMap<String, String>,
    ) -> Start<'b> {
        Start {
            bucket_id,
            file_name: &request.name,
            content_type: &request.content_type,
            file_info: info,
            file_retention: request.retention.as_ref(),
            legal_hold: request.legal_hold.as_ref(),
            server_side_encryption: WireEncryption::new(self.key, request.encryption.as_ref()),
            custom_upload_timestamp: request.custom_upload_timestamp.map(|at| at.get().to_string()),
        }
    }

    /// Finishes a large file. If the service lacks a part, or has one with another checksum, such parts are looked up, sent once more with
    /// `send_again`, and the file is finished again (reference: Backblaze, `b2_finish_large_file`, errors).
    pub(super) async fn finish_and_repair<F>(
        &self,
        target: &UploadFile,
        id: &FileId,
        mut sums: Vec<Sha1>,
        send_again: impl FnOnce(Vec<u32>) -> F,
    ) -> Result<FileVersion, Error>
    where
        F: Future<Output = Result<Vec<Part>, Error>>,
    {
        let error = match self.finish_large_file(target, id, &sums).await {
            Err(error) if *error.kind() == ErrorKind::ChecksumMismatch => error,
            other => return other,
        };
        let subject = target.subject().with_id(id);
        let Ok(have) = self.parts_of(id, subject).try_collect::<Vec<_>>().await else { return Err(error) };
        let have: HashMap<u32, Sha1> = have.into_iter().map(|part| (part.part_number, part.sha1)).collect();
        let wrong = (1..).zip(&sums).filter(|(number, sum)| have.get(number) != Some(*sum));
        let wrong: Vec<u32> = wrong.map(|(number, _)| number).collect();
        tracing::warn!(%error, parts = ?wrong, "sending parts again");
        for part in send_again(wrong).await? {
            if let Some(sum) = sums.get_mut(part.part_number as usize - 1) {
                *sum = part.sha1;
            }
        }
        self.finish_large_file(target, id, &sums).await
    }

    /// Finishes a large file. A repeated request fails, so after a lost answer the finished version is looked up. If the key may not look
    /// it up, the error of the service is returned.
    pub(super) async fn finish_large_file(
        &self,
        target: &UploadFile,
        id: &FileId,
        sums: &[Sha1],
    ) -> Result<FileVersion, Error> {
        let request = Finish { file_id: id, part_sha1_array: sums };
        let call = call(operations::FINISH_LARGE_FILE, &request)
            .subject(target.subject().with_id(id))
            .idle_timeout(self.client.copy_timeout / 2);
        let finished = self.client.send(call).await;
        self.client.idle_urls.forget(&Target::LargeFile(id.clone()));
        let Err(error) = finished else { return finished };
        let unsure = matches!(
            error.kind(),
            ErrorKind::LargeFileGone | ErrorKind::Unreachable | ErrorKind::NotUnderstood
        );
        if !unsure {
            return Err(error);
        }
        let found = match self.find_version(&target.bucket, &target.name, id).await {
            Ok(found) => found,
            Err(_) => self.get(id).await.ok().filter(|version| version.action == Action::Upload),
        };
        found.ok_or(error)
    }

    /// Returns the finished version with this id, or `None`.
    async fn find_version(
        &self,
        bucket: &BucketRef,
        name: &FileName,
        id: &FileId,
    ) -> Result<Option<FileVersion>, Error> {
        let request = ListFiles::new(bucket).prefix(name.as_str()).start_at(name.as_str());
        let mut versions = std::pin::pin!(self.list_versions(&request));
        while let Some(version) = versions.try_next().await? {
            if version.name != *name {
                break;
            }
            if version.id == *id {
                return Ok(Some(version).filter(|version| version.action == Action::Upload));
            }
        }
        Ok(None)
    }
}

impl Client {
    async fn unfinished_page(
        &self,
        bucket: &BucketRef,
        name_prefix: Option<&str>,
        start_file_id: Option<&FileId>,
    ) -> Result<Page<Row<FileVersion>, Cursor>, Error> {
        let operation = operations::LIST_UNFINISHED_LARGE_FILES;
        let list = |FoundBucket { id, bucket }| async move {
            let request = ListUnfinished { bucket_id: &id, name_prefix, start_file_id, max_file_count: 100 };
            let page: Unfinished = self.send(call(operation, &request).subject(&bucket)).await?;
            Ok(Page { items: page.files, next: page.next_file_id.map(|next| (bucket, next)) })
        };
        self.in_bucket(operation, bucket, list).await
    }
}
