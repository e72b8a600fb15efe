//! Uploads from any source, in one request or in parts.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http_core::Call;

use super::outgoing::Outgoing;
use super::progress::{Progress, follow};
use super::source::{Kind, Look, Rereadable, sum_of, with_digits_at_end};
use super::{FileRetention, FileVersion, Files, LegalHold, Sha1, Source, info, parts};
use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::buckets::{Encryption, RetentionMode};
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::idle_urls::Target;
use crate::ids::UnixMillis;
use crate::names::{FileName, encode};
use crate::operations;
use crate::subject::Subject;

/// A request to upload a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    pub(super) bucket: BucketRef,
    pub(super) name: FileName,
    pub(super) content_type: String,
    pub(super) info: BTreeMap<String, String>,
    pub(super) encryption: Option<Encryption>,
    pub(super) retention: Option<FileRetention>,
    pub(super) legal_hold: Option<LegalHold>,
    pub(super) custom_upload_timestamp: Option<UnixMillis>,
    pub(super) part_size: Option<u64>,
    pub(super) parallel: usize,
    pub(super) resume: bool,
    in_locked_bucket: bool,
}

impl UploadFile {
    /// An upload with this name. The service derives the media type from the extension.
    pub fn new(bucket: impl Into<BucketRef>, name: FileName) -> Self {
        Self {
            bucket: bucket.into(),
            name,
            content_type: "b2/x-auto".to_owned(),
            info: BTreeMap::new(),
            encryption: None,
            retention: None,
            legal_hold: None,
            custom_upload_timestamp: None,
            part_size: None,
            parallel: 4,
            resume: false,
            in_locked_bucket: false,
        }
    }

    /// Sets the media type.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    /// Adds an entry to the file info: up to ten entries, with names of at most 50 bytes, which are stored in lower case. The file name and
    /// the file info may have 7000 bytes together; 2048 if the file is encrypted or may be locked.
    pub fn info(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.info.insert(name.into().to_ascii_lowercase(), value.into());
        self
    }

    /// Records when the source was last modified, in the file info `src_last_modified_millis` that other B2 clients also use.
    pub fn source_modified(self, at: UnixMillis) -> Self {
        self.info("src_last_modified_millis", at.get().to_string())
    }

    /// Encrypts the file with keys managed by Backblaze ([`Encryption::SseB2`]), regardless of the bucket's default.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Sets the retention. [`FileRetention::None`] means the bucket's default retention.
    pub fn retention(mut self, retention: FileRetention) -> Self {
        self.retention = Some(retention).filter(|retention| *retention != FileRetention::None);
        self
    }

    /// Sets the legal hold.
    pub fn legal_hold(mut self, hold: LegalHold) -> Self {
        self.legal_hold = Some(hold);
        self
    }

    /// Sets the upload timestamp to report instead of the actual one. The account must be allowed to do this.
    pub fn custom_upload_timestamp(mut self, at: UnixMillis) -> Self {
        self.custom_upload_timestamp = Some(at);
        self
    }

    /// Sets the part size in bytes (default: the account's recommended part size).
    ///
    /// A file of at most one part is uploaded in one request. The size is increased if the file would have more than 10 000 parts. For a
    /// stream of unknown length, the size doubles every 300 parts after the first 5000, to at most 5 GB, so that 10 TB fit.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// Sets how many parts are sent at the same time (default 4).
    ///
    /// An upload from a stream buffers that many parts in memory, plus one chunk of the stream; note that parts grow after the first 5000,
    /// see [`part_size`](Self::part_size). Other uploads buffer a few megabytes per part.
    pub fn parallel(mut self, parts: NonZeroUsize) -> Self {
        self.parallel = parts.get();
        self
    }

    /// Resumes an unfinished large file, if there is one with the same name, properties and encryption that has parts of this content with
    /// the same part size. Of several, the one with the most usable parts is resumed.
    ///
    /// If the upload fails, the resumed file remains unfinished, and the error contains its id. Has no effect on uploads from a stream.
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// States that the bucket has object lock, so that the 2048-byte limit of file name and file info applies (reference: Backblaze,
    /// *Files*) and is checked before anything is sent. Not needed if this request sets encryption, retention or a legal hold.
    pub fn in_locked_bucket(mut self) -> Self {
        self.in_locked_bucket = true;
        self
    }

    /// Checks the rules of the service.
    fn check(&self, key: Option<&CustomerKey>) -> Result<(), Error> {
        let checked = info::check(&self.name, &self.info, self.size_limit(key));
        checked
            .and_then(|()| info::check_encryption(self.encryption.as_ref(), key))
            .map_err(|why| self.invalid(why))
    }

    fn size_limit(&self, key: Option<&CustomerKey>) -> usize {
        let protected = self.retention.is_some() || self.legal_hold.is_some() || self.in_locked_bucket;
        info::size_limit(protected || self.encryption.is_some() || key.is_some())
    }

    /// Returns the file info with the checksum of the whole file added, if it is known and the size limit allows it.
    pub(super) fn info_with(&self, whole: Option<Sha1>) -> BTreeMap<String, String> {
        let Some(whole) = whole else { return self.info.clone() };
        let mut info = self.info.clone();
        info.insert(info::WHOLE_SHA1.to_owned(), whole.to_hex());
        // The service encrypts by default, so that its lower limit holds for most files.
        if info::check(&self.name, &info, info::size_limit(true)).is_ok() { info } else { self.info.clone() }
    }

    fn invalid(&self, why: String) -> Error {
        Error::invalid("b2_upload_file", why).on(self.subject())
    }

    /// What errors name: the file and its bucket.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject::file(&self.name).inside(&self.bucket)
    }

    /// Adds the headers of an upload in one request.
    fn headers(&self, call: Call) -> Call {
        let mut call = call
            .header("x-bz-file-name", &encode(self.name.as_str()))
            .header("content-type", &self.content_type);
        for (name, value) in &self.info {
            call = call.header(&format!("x-bz-info-{name}"), &encode(value));
        }
        if self.encryption == Some(Encryption::SseB2) {
            call = call.header("x-bz-server-side-encryption", "AES256");
        }
        if let Some(FileRetention::Until { mode, until }) = &self.retention {
            let mode = match mode {
                RetentionMode::Governance => "governance",
                RetentionMode::Compliance => "compliance",
                RetentionMode::Unknown(mode) => mode,
            };
            call = call
                .header("x-bz-file-retention-mode", mode)
                .header("x-bz-file-retention-retain-until-timestamp", &until.get().to_string());
        }
        if let Some(hold) = &self.legal_hold {
            call = call.header("x-bz-file-legal-hold", hold.as_str());
        }
        match self.custom_upload_timestamp {
            Some(at) => call.header("x-bz-custom-upload-timestamp", &at.get().to_string()),
            None => call,
        }
    }
}

impl Files<'_> {
    /// Uploads a file: in one request if it is not larger than one part, else in parts.
    ///
    /// Every request carries the SHA-1 of its body, which the service verifies. When bytes or a file are uploaded in parts, the checksum of
    /// the whole is stored in the file info `large_file_sha1`, unless the size limit of the file info is reached. For a stream that is
    /// uploaded in parts it is not stored, so [`whole_sha1`](FileVersion::whole_sha1) of the result is `None`.
    ///
    /// If an answer is lost, the body is sent again, which can create two equal versions of the name. If an upload in parts fails, the
    /// large file is cancelled, unless it was resumed. If this future is dropped, the large file remains unfinished:
    /// [`list_unfinished`](Self::list_unfinished) shows it, and it can be resumed or cancelled.
    ///
    /// `source` is anything that a [`Source`] can be made from: bytes, a path or an open file.
    ///
    /// # Errors
    /// [`ErrorKind::SourceFailed`] when the source cannot be read or is modified during the upload, [`ErrorKind::InvalidRequest`] for
    /// names, file info and sizes that the service would refuse, [`ErrorKind::CapExceeded`], [`ErrorKind::Unauthorized`],
    /// [`ErrorKind::ChecksumMismatch`] when the service repeatedly received a damaged body.
    pub async fn upload(
        &self,
        request: &UploadFile,
        source: impl Into<Source>,
    ) -> Result<FileVersion, Error> {
        let source = source.into();
        request.check(self.key)?;
        let failed = |cause| source_failed(request, cause);
        let account = self.client.account().await?;
        let invalid = |why| request.invalid(why);
        match source.0 {
            Kind::Again(source) => {
                let look = source.look().await.map_err(failed)?;
                let size = parts::part_size(look.length, request.part_size, &account).map_err(invalid)?;
                self.meter.set_total(look.length);
                if look.length <= size {
                    return self.upload_whole(request, &source, look).await;
                }
                self.upload_parts(request, &source, look, size).await
            }
            Kind::Once(mut content) => {
                let size = parts::part_size(0, request.part_size, &account).map_err(invalid)?;
                let mut left = Bytes::new();
                let first = next_part(&mut content, &mut left, size).await.map_err(failed)?;
                if (first.len() as u64) < size {
                    return self.upload_bytes(request, first).await;
                }
                if !more(&mut content, &mut left).await.map_err(failed)? {
                    return self.upload_bytes(request, first).await;
                }
                self.upload_stream(request, first, left, content, size).await
            }
        }
    }

    /// [Uploads](Self::upload) a file and reports the progress. The last item is [`Progress::Done`] or an error. Dropping the stream
    /// stops the upload.
    pub fn upload_with_progress<'s>(
        self,
        request: &'s UploadFile,
        source: impl Into<Source> + 's,
    ) -> impl Stream<Item = Result<Progress<FileVersion>, Error>> + Send + 's
    where
        Self: 's,
    {
        let source = source.into();
        follow(move |meter| async move { self.with_progress(&meter).upload(request, source).await })
    }

    async fn upload_bytes(&self, request: &UploadFile, content: Bytes) -> Result<FileVersion, Error> {
        let sum = sum_of(content.clone()).await.map_err(|cause| source_failed(request, cause))?.to_hex();
        let call =
            |call| self.keyed(request.headers(call)).header("x-bz-content-sha1", &sum).bytes(content.clone());
        let outgoing = Outgoing::new(self.meter.clone());
        let version = self.put_file(request, &outgoing, &call).await?;
        outgoing.sent(content.len() as u64);
        Ok(version)
    }

    /// Uploads a file in one request, which `call` builds for each attempt.
    async fn put_file(
        &self,
        request: &UploadFile,
        outgoing: &Outgoing,
        call: &(dyn Fn(Call) -> Call + Sync),
    ) -> Result<FileVersion, Error> {
        let put = |FoundBucket { id, bucket }| async move {
            let subject = Subject::file(&request.name).inside(&bucket);
            self.client.put(&Target::Bucket(id), subject, outgoing, call).await
        };
        self.client.in_bucket(operations::GET_UPLOAD_URL, &request.bucket, put).await
    }

    /// Uploads bytes or a file in one request. A file is read once: its checksum is sent after the content.
    async fn upload_whole(
        &self,
        request: &UploadFile,
        source: &Rereadable,
        look: Look,
    ) -> Result<FileVersion, Error> {
        if let Rereadable::Bytes(content) = source {
            return self.upload_bytes(request, content.clone()).await;
        }
        let outgoing = Outgoing::new(self.meter.clone());
        let call = |call| {
            let (source, outgoing) = (source.clone(), outgoing.clone());
            let open = move || with_digits_at_end(outgoing.watch(source.read(0..look.length)));
            self.keyed(request.headers(call))
                .header("x-bz-content-sha1", "hex_digits_at_end")
                .stream(look.length + 40, open)
        };
        let version = self.put_file(request, &outgoing, &call).await?;
        match self.unchanged(request, source, look).await {
            Ok(()) => Ok(version),
            Err(error) => {
                Err(error.leaving(format_args!("version {} holds the content as it was read", version.id)))
            }
        }
    }

    /// Fails if the source has been modified since the upload started.
    pub(super) async fn unchanged(
        &self,
        request: &UploadFile,
        source: &Rereadable,
        look: Look,
    ) -> Result<(), Error> {
        let now = source.look().await.map_err(|cause| source_failed(request, cause))?;
        if now == look {
            return Ok(());
        }
        let text = "the source was modified during the upload: upload it again when it no longer changes";
        Err(Error::new("b2_upload_file", ErrorKind::SourceFailed, text).on(request.subject()))
    }
}

pub(super) fn source_failed(request: &UploadFile, cause: std::io::Error) -> Error {
    let text = format!("the source could not be read: {cause}");
    Error::new("b2_upload_file", ErrorKind::SourceFailed, text).on(request.subject()).because(cause)
}

/// Reads the next `size` bytes of a stream, or fewer at its end. Bytes read beyond them are kept in `left`.
pub(super) async fn next_part(
    content: &mut (impl Stream<Item = std::io::Result<Bytes>> + Unpin),
    left: &mut Bytes,
    size: u64,
) -> std::io::Result<Bytes> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut part = bytes::BytesMut::new();
    loop {
        let wanted = (size - part.len()).min(left.len());
        part.extend_from_slice(&left.split_to(wanted));
        if part.len() == size {
            return Ok(part.freeze());
        }
        if !more(content, left).await? {
            return Ok(part.freeze());
        }
    }
}

/// Fills `left` if it is empty. Returns `false` at the end of the stream.
async fn more(
    content: &mut (impl Stream<Item = std::io::Result<Bytes>> + Unpin),
    left: &mut Bytes,
) -> std::io::Result<bool> {
    while left.is_empty() {
        match content.next().await.transpose()? {
            Some(piece) => *left = piece,
            None => return Ok(false),
        }
    }
    Ok(true)
}
