//! Uploading a file: one call from any source, in one piece or in parts.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http_core::Call;

use super::outgoing::Outgoing;
use super::progress::{Progress, follow};
use super::source::{Kind, Look, Rereadable, sum_of, with_digits_at_end};
use super::upload_url::Target;
use super::{FileRetention, FileVersion, Files, LegalHold, Sha1, Source, info, parts};
use crate::buckets::{Encryption, RetentionMode};
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::{BucketId, UnixMillis};
use crate::names::{FileName, encode};

/// A file to be uploaded: where to, under which name, with which properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    pub(super) bucket_id: BucketId,
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
    /// A file of this name; the service guesses its media type from the name's ending.
    pub fn new(bucket_id: BucketId, name: FileName) -> Self {
        Self {
            bucket_id,
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

    /// Gives it this media type.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    /// Notes this on it: up to ten entries in all, names of at most 50 bytes, which the service writes in lower case. Name and info
    /// have 7000 bytes in all, 2048 where the file is encrypted or may be locked.
    pub fn info(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.info.insert(name.into().to_ascii_lowercase(), value.into());
        self
    }

    /// Notes when its source was last changed, where every client looks for it.
    pub fn source_modified(self, at: UnixMillis) -> Self {
        self.info("src_last_modified_millis", at.get().to_string())
    }

    /// Encrypts it with Backblaze's keys ([`Encryption::SseB2`]) whatever the bucket's default.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Protects it like this instead of by the bucket's default, which [`FileRetention::None`] leaves as it is.
    pub fn retention(mut self, retention: FileRetention) -> Self {
        self.retention = Some(retention).filter(|retention| *retention != FileRetention::None);
        self
    }

    /// Puts a legal hold on it.
    pub fn legal_hold(mut self, hold: LegalHold) -> Self {
        self.legal_hold = Some(hold);
        self
    }

    /// Lets it seem uploaded then; the account must be allowed to.
    pub fn custom_upload_timestamp(mut self, at: UnixMillis) -> Self {
        self.custom_upload_timestamp = Some(at);
        self
    }

    /// Cuts it into parts of this many bytes (default: what the account recommends), enlarged where ten thousand would not do; a
    /// stream's parts after its first 5000 double every 300 parts, to at most 5 GB, so that 10 TB fit. A file of at most one part
    /// goes in one piece.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// Sends so many parts at a time (default 4). A stream holds so many parts in memory (past 5000 parts larger ones, see
    /// [`part_size`](Self::part_size)) and one piece of what it yielded; bytes and files hold a few megabytes for each.
    pub fn parallel(mut self, parts: NonZeroUsize) -> Self {
        self.parallel = parts.get();
        self
    }

    /// Goes on with an unfinished large file of the same name, properties and encryption, if there is one with parts of this content
    /// and size; of several, with the one that has most. Should the upload fail, that file stays as it is, and the error names it.
    /// For bytes and files.
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// Says that the bucket has object lock, so that name and info have 2048 bytes in all, not 7000 (reference: Backblaze, *Files*):
    /// more is then refused before anything is sent. An upload that is itself encrypted or protected need not say so.
    pub fn in_locked_bucket(mut self) -> Self {
        self.in_locked_bucket = true;
        self
    }

    /// What the service is known to refuse.
    fn check(&self, key: Option<&CustomerKey>) -> Result<(), Error> {
        let checked = info::check(&self.name, &self.info, self.room(key));
        checked.and_then(|()| info::one_key(self.encryption.as_ref(), key)).map_err(|why| self.invalid(why))
    }

    fn room(&self, key: Option<&CustomerKey>) -> usize {
        let protected = self.retention.is_some() || self.legal_hold.is_some() || self.in_locked_bucket;
        info::room(protected || self.encryption.is_some() || key.is_some())
    }

    /// The info with the checksum of the whole, where there is one and room for it.
    pub(super) fn info_with(
        &self,
        whole: Option<Sha1>,
        key: Option<&CustomerKey>,
    ) -> BTreeMap<String, String> {
        let Some(whole) = whole else { return self.info.clone() };
        let mut info = self.info.clone();
        info.insert(info::WHOLE_SHA1.to_owned(), whole.to_hex());
        if info::check(&self.name, &info, self.room(key)).is_ok() { info } else { self.info.clone() }
    }

    fn invalid(&self, why: String) -> Error {
        Error::invalid("b2_upload_file", why).on(format_args!("file {:?}", self.name.as_str()))
    }

    /// The headers of an upload in one piece.
    fn headers(&self, call: Call) -> Call {
        let mut call = call
            .subject(format!("file {:?}", self.name.as_str()))
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
    /// Uploads a file. Every body carries its SHA-1, which the service checks. Bytes and files that go in parts also carry the
    /// checksum of the whole in their info, unless the request's own info leaves no room for it; a stream in parts cannot. The
    /// answer's [`whole_sha1`](FileVersion::whole_sha1) is then `None`.
    ///
    /// When an answer is lost the body is sent again, so that a name may get two equal versions. When a large upload fails it is
    /// cancelled, unless it went on with one that was there before; when this future is dropped, what was begun stays unfinished, shows in
    /// [`list_unfinished`](Self::list_unfinished), and can be resumed or cancelled.
    ///
    /// # Errors
    /// [`ErrorKind::SourceFailed`] when the source cannot be read or changes meanwhile, [`ErrorKind::InvalidRequest`] for names,
    /// info and sizes that the service would refuse, [`ErrorKind::CapExceeded`], [`ErrorKind::Unauthorized`],
    /// [`ErrorKind::ChecksumMismatch`] when the content keeps being damaged on the way.
    pub async fn upload(&self, request: &UploadFile, source: Source) -> Result<FileVersion, Error> {
        request.check(self.key)?;
        let failed = |cause| source_failed(request, cause);
        let account = self.client.account().await?;
        let invalid = |why| request.invalid(why);
        match source.0 {
            Kind::Again(source) => {
                let look = source.look().await.map_err(failed)?;
                let size = parts::part_size(look.length, request.part_size, &account).map_err(invalid)?;
                self.meter.of(look.length);
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

    /// [Uploads](Self::upload) and tells how far it is; the last item is [`Progress::Done`] or an error. Dropping the stream drops the
    /// upload.
    pub fn upload_with_progress<'s>(
        self,
        request: &'s UploadFile,
        source: Source,
    ) -> impl Stream<Item = Result<Progress<FileVersion>, Error>> + Send + 's
    where
        Self: 's,
    {
        follow(move |meter| async move { self.told(&meter).upload(request, source).await })
    }

    async fn upload_bytes(&self, request: &UploadFile, content: Bytes) -> Result<FileVersion, Error> {
        let sum = sum_of(content.clone()).await.map_err(|cause| source_failed(request, cause))?.to_hex();
        let target = Target::Bucket(request.bucket_id.clone());
        let call =
            |call| self.keyed(request.headers(call)).header("x-bz-content-sha1", &sum).bytes(content.clone());
        let outgoing = Outgoing::new(self.meter.clone());
        let version = self.client.put(&target, &outgoing, &call).await?;
        outgoing.sent(content.len() as u64);
        Ok(version)
    }

    /// A file in one piece is read once: its checksum follows it.
    async fn upload_whole(
        &self,
        request: &UploadFile,
        source: &Rereadable,
        look: Look,
    ) -> Result<FileVersion, Error> {
        if let Rereadable::Bytes(content) = source {
            return self.upload_bytes(request, content.clone()).await;
        }
        let target = Target::Bucket(request.bucket_id.clone());
        let outgoing = Outgoing::new(self.meter.clone());
        let call = |call| {
            let (source, outgoing) = (source.clone(), outgoing.clone());
            let open = move || with_digits_at_end(outgoing.watch(source.read(0..look.length)));
            self.keyed(request.headers(call))
                .header("x-bz-content-sha1", "hex_digits_at_end")
                .stream(look.length + 40, open)
        };
        let version: FileVersion = self.client.put(&target, &outgoing, &call).await?;
        match self.unchanged(request, source, look).await {
            Ok(()) => Ok(version),
            Err(error) => {
                Err(error.leaving(format_args!("version {} holds what was read of it meanwhile", version.id)))
            }
        }
    }

    /// Refuses to call an upload good when its source looks different from when it began.
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
        let text = "the source was changed while it was being uploaded: upload it again when it is at rest";
        Err(Error::new("b2_upload_file", ErrorKind::SourceFailed, text)
            .on(format_args!("file {:?}", request.name.as_str())))
    }
}

pub(super) fn source_failed(request: &UploadFile, cause: std::io::Error) -> Error {
    let text = format!("the source could not be read: {cause}");
    Error::new("b2_upload_file", ErrorKind::SourceFailed, text)
        .on(format_args!("file {:?}", request.name.as_str()))
        .because(cause)
}

/// The next `size` bytes of a stream, fewer only at its end; what was read beyond them stays in `left`.
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

/// Whether the stream goes on: then `left` holds some of it.
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
