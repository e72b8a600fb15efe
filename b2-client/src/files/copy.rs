//! Copying within the service, without the content passing through here.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_core::Idempotency;
use serde::Serialize;

use super::large::WireEncryption;
use super::{FileRetention, FileVersion, Files, LegalHold, Part, Sha1, UploadFile, parts};
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

    /// Encrypts the copy like this. Under a customer's key ([`Files::under`]) the source is opened with it, and the copy encrypted
    /// with it unless this says otherwise.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption).filter(|one| *one != Encryption::None);
        self
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

impl Files<'_> {
    /// Makes a copy. A source of more than 5 GB is copied in parts. When an answer is lost the copy is made again, so that the name
    /// may get two equal versions.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`], [`ErrorKind::CapExceeded`], [`ErrorKind::RangeNotSatisfiable`].
    pub async fn copy(&self, request: &CopyFile) -> Result<FileVersion, Error> {
        let key = self.key.filter(|_| request.encryption.is_none());
        let keyed = self.keyed_copy(request, key, request.encryption.as_ref());
        let call = call("b2_copy_file", Idempotency::Idempotent, &keyed);
        let copied = self.client.send(call.subject(format!("file {:?}", request.file_name.as_str()))).await;
        match copied {
            Err(error) if *error.kind() == ErrorKind::TooLargeToCopy => self.copy_parts(request).await,
            other => other,
        }
    }

    fn keyed_copy<'a, T>(
        &'a self,
        request: &'a T,
        destination: Option<&'a CustomerKey>,
        mode: Option<&'a Encryption>,
    ) -> Keyed<'a, T> {
        Keyed {
            request,
            source_server_side_encryption: WireEncryption::new(self.key, None),
            destination_server_side_encryption: WireEncryption::new(destination, mode),
        }
    }

    async fn copy_parts(&self, request: &CopyFile) -> Result<FileVersion, Error> {
        let source = self.get(&request.source_file_id).await?;
        let account = self.client.account().await?;
        let (first, length) = match &request.range {
            Some(range) => (*range.start(), range.end().saturating_sub(*range.start()) + 1),
            None => (0, source.content_length),
        };
        let invalid = |why: String| Error::invalid("b2_copy_file", why);
        let size = parts::part_size(length, None, &account).map_err(invalid)?;
        let bucket = request.destination_bucket_id.as_ref().unwrap_or(&source.bucket_id).clone();
        let whole = source.whole_sha1().filter(|_| request.range.is_none());
        let target = destination(request, &source, bucket);
        let mut info = target.info.clone();
        if let Some(sum) = whole {
            info.entry("large_file_sha1".to_owned()).or_insert_with(|| sum.to_hex());
        }
        let key = self.key.filter(|_| request.encryption.is_none());
        let id = Self { key, ..*self }.start_large_file(&target, &info).await?;
        let copied = async {
            let copying = parts::cut(length, size).zip(1_u32..).map(|(range, number)| {
                let range = first + range.start..=first + range.end - 1;
                self.copy_part(&request.source_file_id, &id, number, range, key)
            });
            let mut parts: Vec<Part> = stream::iter(copying).buffer_unordered(4).try_collect().await?;
            parts.sort_by_key(|part| part.part_number);
            let sums: Vec<Sha1> = parts.iter().map(|part| part.sha1).collect();
            self.finish_large_file(&target.bucket_id, &target.name, &id, &sums).await
        };
        self.or_cancel(&id, copied.await).await
    }

    async fn copy_part(
        &self,
        source: &FileId,
        large_file: &FileId,
        number: u32,
        range: RangeInclusive<u64>,
        key: Option<&CustomerKey>,
    ) -> Result<Part, Error> {
        let request = CopyPart {
            source_file_id: source,
            large_file_id: large_file,
            part_number: number,
            range: Some(range),
        };
        let keyed = self.keyed_copy(&request, key, None);
        let call = call("b2_copy_part", Idempotency::Idempotent, &keyed);
        self.client.send(call.subject(format!("part {number} of file {large_file}"))).await
    }
}

/// The large file that a copy in parts begins: the source's metadata unless the request replaces it.
fn destination(request: &CopyFile, source: &FileVersion, bucket: BucketId) -> UploadFile {
    let media_type = request.content_type.clone().or_else(|| source.content_type.clone());
    let mut target = UploadFile::new(bucket, request.file_name.clone());
    target.content_type = media_type.unwrap_or(target.content_type);
    target.info = request.file_info.clone().unwrap_or_else(|| source.info.clone());
    target.encryption.clone_from(&request.encryption);
    target.retention.clone_from(&request.file_retention);
    target.legal_hold.clone_from(&request.legal_hold);
    target
}
