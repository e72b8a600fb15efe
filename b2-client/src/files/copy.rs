//! Copies made by the service, without transferring the content to the client.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde::ser::SerializeMap as _;

use super::large::WireEncryption;
use super::{FileRetention, FileVersion, Files, LegalHold, Part, Sha1, UploadFile, info, parts};
use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::buckets::Encryption;
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::FileName;
use crate::operations;
use crate::service::call;
use crate::subject::Subject;

/// A request to copy a version of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CopyFile {
    source_file_id: FileId,
    file_name: FileName,
    #[serde(flatten, serialize_with = "destination_member")]
    destination: Option<BucketRef>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "range_text")]
    range: Option<RangeInclusive<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata_directive: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_info: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_retention: Option<FileRetention>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<LegalHold>,
    #[serde(skip)]
    encryption: Option<Encryption>,
}

#[expect(clippy::ref_option, reason = "serde's signature")]
fn range_text<S: serde::Serializer>(range: &Option<RangeInclusive<u64>>, to: S) -> Result<S::Ok, S::Error> {
    match range {
        Some(range) => to.collect_str(&format_args!("bytes={}-{}", range.start(), range.end())),
        None => to.serialize_none(),
    }
}

/// Writes the member of a request that names the bucket of the copy: its id if that is known, else its name.
#[expect(clippy::ref_option, reason = "serde's signature")]
fn destination_member<S: serde::Serializer>(bucket: &Option<BucketRef>, to: S) -> Result<S::Ok, S::Error> {
    let mut members = to.serialize_map(None)?;
    match bucket.as_ref().map(|bucket| (bucket.id(), bucket.name())) {
        Some((Some(id), _)) => members.serialize_entry("destinationBucketId", id)?,
        Some((None, Some(name))) => members.serialize_entry("destinationBucketName", name)?,
        _ => {}
    }
    members.end()
}

impl CopyFile {
    /// A copy of this version with this name, in the same bucket, with the media type and info of the source. Retention and legal
    /// hold are not copied: the default retention of the destination bucket applies.
    pub fn new(source: FileId, name: FileName) -> Self {
        Self {
            source_file_id: source,
            file_name: name,
            destination: None,
            range: None,
            metadata_directive: None,
            content_type: None,
            file_info: None,
            file_retention: None,
            legal_hold: None,
            encryption: None,
        }
    }

    /// Creates the copy in this bucket.
    pub fn into_bucket(mut self, bucket: impl Into<BucketRef>) -> Self {
        self.destination = Some(bucket.into());
        self
    }

    /// Copies only this range of bytes.
    pub fn range(mut self, range: RangeInclusive<u64>) -> Self {
        self.range = Some(range);
        self
    }

    /// Sets the media type and the info of the copy, instead of those of the source.
    pub fn replace_metadata(mut self, media_type: impl Into<String>, info: BTreeMap<String, String>) -> Self {
        self.metadata_directive = Some("REPLACE");
        self.content_type = Some(media_type.into());
        self.file_info = Some(info);
        self
    }

    /// Sets the retention of the copy.
    pub fn retention(mut self, retention: FileRetention) -> Self {
        self.file_retention = Some(retention);
        self
    }

    /// Sets the legal hold of the copy.
    pub fn legal_hold(mut self, hold: LegalHold) -> Self {
        self.legal_hold = Some(hold);
        self
    }

    /// Encrypts the copy with keys managed by Backblaze ([`Encryption::SseB2`]), regardless of the bucket's default.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption).filter(|one| *one != Encryption::None);
        self
    }

    /// Checks the rules of the service; `key` is the customer's key of the copy.
    fn check(&self, key: Option<&CustomerKey>) -> Result<(), Error> {
        let protected = self.file_retention.is_some() || self.legal_hold.is_some();
        let room = info::size_limit(protected || self.encryption.is_some() || key.is_some());
        let noted = self.file_info.as_ref().map_or(Ok(()), |info| info::check(&self.file_name, info, room));
        let checked = noted.and_then(|()| info::check_encryption(self.encryption.as_ref(), key));
        checked.map_err(|why| self.invalid(why))
    }

    fn invalid(&self, why: String) -> Error {
        Error::invalid("b2_copy_file", why).on(self.subject())
    }

    /// What errors name: the copy, and its bucket if the request states one.
    fn subject(&self) -> Subject<'_> {
        Subject::file(&self.file_name).inside(self.destination.as_ref())
    }
}

/// The request body of a copy: the request, and the customer's keys of the source and the destination.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Keyed<'a, T> {
    #[serde(flatten)]
    request: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_server_side_encryption: Option<WireEncryption<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_server_side_encryption: Option<WireEncryption<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CopyPart<'a> {
    source_file_id: &'a FileId,
    large_file_id: &'a FileId,
    part_number: u32,
    #[serde(serialize_with = "range_text")]
    range: Option<RangeInclusive<u64>>,
}

/// A copy in parts: the source range and the large file that it is copied into.
struct InParts<'a> {
    source: &'a FileId,
    source_key: Option<&'a CustomerKey>,
    first: u64,
    length: u64,
    part_size: u64,
    target: UploadFile,
    large_file: FileId,
}

impl Files<'_> {
    /// Copies a version of a file. A source of more than 5 GB is copied in parts.
    ///
    /// With a customer's key ([`Files::with_customer_key`]), the source is decrypted with that key and the copy is encrypted with it, or
    /// with keys managed by Backblaze if the request says so. Use [`copy_with_source_key`](Self::copy_with_source_key) if the source
    /// and the copy have different keys.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer is lost: the copy may exist, and another call would create a second one, so check
    /// the versions of its name first. [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`], [`ErrorKind::AccessDenied`] when a
    /// customer's key is not that of the file, [`ErrorKind::CapExceeded`], [`ErrorKind::RangeNotSatisfiable`].
    pub async fn copy(&self, request: &CopyFile) -> Result<FileVersion, Error> {
        let key = self.key.filter(|_| request.encryption != Some(Encryption::SseB2));
        Self { key, ..*self }.copy_with_source_key(self.key, request).await
    }

    /// [Copies](Self::copy) a file whose encryption differs from that of the copy.
    ///
    /// `source_key` is the customer's key of the source, or `None` if the source is not encrypted with one. The copy is encrypted with
    /// the key of [`Files::with_customer_key`] if there is one, else as the request says, else with the bucket's default.
    ///
    /// ```no_run
    /// # use b2_client::{Client, CustomerKey, Error, files::CopyFile};
    /// # async fn example(b2: Client, old: CustomerKey, new: CustomerKey, copy: CopyFile) -> Result<(), Error> {
    /// let rotated = b2.files().with_customer_key(&new).copy_with_source_key(Some(&old), &copy).await?;
    /// let sealed = b2.files().with_customer_key(&new).copy_with_source_key(None, &copy).await?;
    /// let opened = b2.files().copy_with_source_key(Some(&old), &copy).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`copy`](Self::copy); [`ErrorKind::InvalidRequest`] when both a customer's key and [`Encryption::SseB2`] are set for the copy.
    pub async fn copy_with_source_key(
        &self,
        source_key: Option<&CustomerKey>,
        request: &CopyFile,
    ) -> Result<FileVersion, Error> {
        request.check(self.key)?;
        let copy = |found: Vec<FoundBucket>| async move {
            let destination = found.into_iter().next().map(|found| found.bucket);
            let request = CopyFile { destination, ..request.clone() };
            let keyed = Keyed {
                request: &request,
                source_server_side_encryption: WireEncryption::new(source_key, None),
                destination_server_side_encryption: WireEncryption::new(
                    self.key,
                    request.encryption.as_ref(),
                ),
            };
            let call = call(operations::COPY_FILE, &keyed).subject(request.subject());
            self.client.send(call.idle_timeout(self.client.copy_timeout)).await
        };
        let destination = request.destination.as_slice();
        match self.client.in_buckets(operations::COPY_FILE, destination, copy).await {
            Err(error) if *error.kind() == ErrorKind::TooLargeToCopy => {
                self.copy_parts(source_key, request).await
            }
            other => other,
        }
    }

    async fn copy_parts(
        &self,
        source_key: Option<&CustomerKey>,
        request: &CopyFile,
    ) -> Result<FileVersion, Error> {
        let source = self.get(&request.source_file_id).await?;
        let account = self.client.account().await?;
        let (first, length) = match &request.range {
            Some(range) => (*range.start(), range.end().saturating_sub(*range.start()) + 1),
            None => (0, source.content_length),
        };
        let part_size = parts::part_size(length, None, &account).map_err(|why| request.invalid(why))?;
        let bucket = request.destination.clone().unwrap_or_else(|| BucketRef::from(&source.bucket_id));
        let whole = source.whole_sha1().filter(|_| request.range.is_none());
        let mut target = destination(request, &source, bucket);
        let info = target.info_with(whole);
        let large_file = self.start_large_file(&mut target, &info).await?;
        let source = &request.source_file_id;
        let job = InParts { source, source_key, first, length, part_size, target, large_file };
        let copied = async {
            let count = parts::count(length, part_size);
            let mut parts = self.copy_these(&job, (1..=count).collect()).await?;
            parts.sort_by_key(|part| part.part_number);
            let sums: Vec<Sha1> = parts.iter().map(|part| part.sha1).collect();
            self.finish_and_repair(&job.target, &job.large_file, sums, |wrong| self.copy_these(&job, wrong))
                .await
        };
        self.or_cancel(&job.large_file, copied.await).await
    }

    async fn copy_these(&self, job: &InParts<'_>, numbers: Vec<u32>) -> Result<Vec<Part>, Error> {
        stream::iter(numbers)
            .map(|number| self.copy_part(job, number))
            .buffer_unordered(4)
            .try_collect()
            .await
    }

    async fn copy_part(&self, job: &InParts<'_>, number: u32) -> Result<Part, Error> {
        let range = parts::range(job.length, job.part_size, number);
        let request = CopyPart {
            source_file_id: job.source,
            large_file_id: &job.large_file,
            part_number: number,
            range: Some(job.first + range.start..=job.first + range.end - 1),
        };
        let keyed = Keyed {
            request: &request,
            source_server_side_encryption: WireEncryption::new(job.source_key, None),
            destination_server_side_encryption: WireEncryption::new(self.key, None),
        };
        let call = call(operations::COPY_PART, &keyed)
            .subject(job.target.subject().with_id(&job.large_file).part(number))
            .idle_timeout(self.client.copy_timeout);
        self.client.send(call).await
    }
}

/// The large file that a copy in parts creates: with the metadata of the source, unless the request replaces it.
fn destination(request: &CopyFile, source: &FileVersion, bucket: BucketRef) -> UploadFile {
    let media_type = request.content_type.clone().or_else(|| source.content_type.clone());
    let mut target = UploadFile::new(bucket, request.file_name.clone());
    target.content_type = media_type.unwrap_or(target.content_type);
    target.info = request.file_info.clone().unwrap_or_else(|| {
        let mut info = source.info.clone();
        if request.range.is_some() {
            // It is the checksum of the whole source, not of the copied range.
            info.remove(info::WHOLE_SHA1);
        }
        info
    });
    target.encryption.clone_from(&request.encryption);
    target.retention.clone_from(&request.file_retention);
    target.legal_hold.clone_from(&request.legal_hold);
    target
}
