//! Copying within the service, without the content passing through here.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_core::Idempotency;
use serde::Serialize;

use super::large::WireEncryption;
use super::{FileRetention, FileVersion, Files, LegalHold, Part, Sha1, UploadFile, info, parts};
use crate::buckets::Encryption;
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::{BucketId, FileId};
use crate::names::FileName;
use crate::service::call;

/// A copy to be made: of which version, under which name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CopyFile {
    source_file_id: FileId,
    file_name: FileName,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_bucket_id: Option<BucketId>,
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

impl CopyFile {
    /// A copy of this version under this name, in the same bucket, with the source's media type and info. Retention and hold are
    /// never inherited: the destination bucket's default applies.
    pub fn new(source: FileId, name: FileName) -> Self {
        Self {
            source_file_id: source,
            file_name: name,
            destination_bucket_id: None,
            range: None,
            metadata_directive: None,
            content_type: None,
            file_info: None,
            file_retention: None,
            legal_hold: None,
            encryption: None,
        }
    }

    /// Puts it into this bucket.
    pub fn into_bucket(mut self, bucket: BucketId) -> Self {
        self.destination_bucket_id = Some(bucket);
        self
    }

    /// Copies these bytes only, both ends included.
    pub fn range(mut self, range: RangeInclusive<u64>) -> Self {
        self.range = Some(range);
        self
    }

    /// Gives the copy this media type and info instead of the source's.
    pub fn replace_metadata(mut self, media_type: impl Into<String>, info: BTreeMap<String, String>) -> Self {
        self.metadata_directive = Some("REPLACE");
        self.content_type = Some(media_type.into());
        self.file_info = Some(info);
        self
    }

    /// Protects the copy like this.
    pub fn retention(mut self, retention: FileRetention) -> Self {
        self.file_retention = Some(retention);
        self
    }

    /// Puts a legal hold on the copy.
    pub fn legal_hold(mut self, hold: LegalHold) -> Self {
        self.legal_hold = Some(hold);
        self
    }

    /// Encrypts the copy with Backblaze's keys ([`Encryption::SseB2`]) whatever the bucket's default.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption).filter(|one| *one != Encryption::None);
        self
    }

    /// What the service is known to refuse; `key` is the one that the copy is to have.
    fn check(&self, key: Option<&CustomerKey>) -> Result<(), Error> {
        let protected = self.file_retention.is_some() || self.legal_hold.is_some();
        let room = info::room(protected || self.encryption.is_some() || key.is_some());
        let noted = self.file_info.as_ref().map_or(Ok(()), |info| info::check(&self.file_name, info, room));
        noted.and_then(|()| info::one_key(self.encryption.as_ref(), key)).map_err(|why| {
            Error::invalid("b2_copy_file", why).on(format_args!("file {:?}", self.file_name.as_str()))
        })
    }
}

/// A copy together with the keys it needs, which are no part of the request.
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

/// A copy in parts: from where in the source, into which large file.
struct InParts<'a> {
    source: &'a FileId,
    source_key: Option<&'a CustomerKey>,
    first: u64,
    length: u64,
    part_size: u64,
    large_file: FileId,
}

impl Files<'_> {
    /// Makes a copy. Under a customer's key ([`Files::under`]) the source is opened with it and the copy encrypted with it, or with
    /// Backblaze's keys where the request says so; [`copy_from`](Self::copy_from) tells the two apart. A source of more than 5 GB
    /// is copied in parts.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer is lost: the copy may be there, and made again it would be there twice, so
    /// look at the versions of its name. [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`], [`ErrorKind::AccessDenied`] when a
    /// key does not fit, [`ErrorKind::CapExceeded`], [`ErrorKind::RangeNotSatisfiable`].
    pub async fn copy(&self, request: &CopyFile) -> Result<FileVersion, Error> {
        let key = self.key.filter(|_| request.encryption != Some(Encryption::SseB2));
        Self { key, ..*self }.copy_from(self.key, request).await
    }

    /// [Copies](Self::copy) from one encryption into another: the source is opened with `source_key`, or is under no customer's
    /// key; the copy gets the key of [`Files::under`], or what the request or else the bucket says.
    ///
    /// ```no_run
    /// # use b2_client::{Client, CustomerKey, Error, files::CopyFile};
    /// # async fn example(b2: Client, old: CustomerKey, new: CustomerKey, copy: CopyFile) -> Result<(), Error> {
    /// let rotated = b2.files().under(&new).copy_from(Some(&old), &copy).await?;
    /// let sealed = b2.files().under(&new).copy_from(None, &copy).await?;
    /// let opened = b2.files().copy_from(Some(&old), &copy).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`copy`](Self::copy); [`ErrorKind::InvalidRequest`] when the copy is to have a customer's key and Backblaze's.
    pub async fn copy_from(
        &self,
        source_key: Option<&CustomerKey>,
        request: &CopyFile,
    ) -> Result<FileVersion, Error> {
        request.check(self.key)?;
        let keyed = Keyed {
            request,
            source_server_side_encryption: WireEncryption::new(source_key, None),
            destination_server_side_encryption: WireEncryption::new(self.key, request.encryption.as_ref()),
        };
        let call = call("b2_copy_file", Idempotency::NonIdempotent, &keyed)
            .subject(format!("file {:?}", request.file_name.as_str()))
            .patience(self.client.copy_timeout);
        match self.client.send(call).await {
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
        let invalid = |why: String| Error::invalid("b2_copy_file", why);
        let part_size = parts::part_size(length, None, &account).map_err(invalid)?;
        let bucket = request.destination_bucket_id.clone().unwrap_or_else(|| source.bucket_id.clone());
        let whole = source.whole_sha1().filter(|_| request.range.is_none());
        let target = destination(request, &source, bucket);
        let info = target.info_with(whole, self.key);
        let large_file = self.start_large_file(&target, &info).await?;
        let source = &request.source_file_id;
        let job = InParts { source, source_key, first, length, part_size, large_file };
        let copied = async {
            let count = parts::count(length, part_size);
            let mut parts = self.copy_these(&job, (1..=count).collect()).await?;
            parts.sort_by_key(|part| part.part_number);
            let sums: Vec<Sha1> = parts.iter().map(|part| part.sha1).collect();
            self.finish_or_mend(&target, &job.large_file, sums, |wrong| self.copy_these(&job, wrong)).await
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
        let call = call("b2_copy_part", Idempotency::Idempotent, &keyed)
            .subject(format!("part {number} of file {}", job.large_file))
            .patience(self.client.copy_timeout);
        self.client.send(call).await
    }
}

/// The large file that a copy in parts begins: the source's metadata unless the request replaces it.
fn destination(request: &CopyFile, source: &FileVersion, bucket: BucketId) -> UploadFile {
    let media_type = request.content_type.clone().or_else(|| source.content_type.clone());
    let mut target = UploadFile::new(bucket, request.file_name.clone());
    target.content_type = media_type.unwrap_or(target.content_type);
    target.info = request.file_info.clone().unwrap_or_else(|| {
        let mut info = source.info.clone();
        if request.range.is_some() {
            // It is the checksum of more than is copied.
            info.remove(info::WHOLE_SHA1);
        }
        info
    });
    target.encryption.clone_from(&request.encryption);
    target.retention.clone_from(&request.file_retention);
    target.legal_hold.clone_from(&request.legal_hold);
    target
}
