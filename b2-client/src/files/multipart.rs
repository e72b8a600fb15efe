//! Sending a large file's parts, several at a time.

use std::collections::BTreeMap;
use std::ops::Range;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_core::ByteStream;

use super::outgoing::Outgoing;
use super::source::{Look, Rereadable, sum_of};
use super::upload::{next_part, source_failed};
use super::upload_url::Target;
use super::{FileVersion, Files, Part, Sha1, UploadFile, parts};
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;

impl Files<'_> {
    /// Uploads bytes or a file in parts: one reading pass for the checksums, a second to send.
    pub(super) async fn upload_parts(
        &self,
        request: &UploadFile,
        source: &Rereadable,
        look: Look,
        part_size: u64,
    ) -> Result<FileVersion, Error> {
        let cut = parts::cut(look.length, part_size);
        let (sums, whole) =
            source.sums(cut.clone(), self.meter).await.map_err(|cause| source_failed(request, cause))?;
        let mut info = request.info.clone();
        info.insert("large_file_sha1".to_owned(), whole.to_hex());
        let (id, there) = self.begin(request, &info, &sums, part_size, look.length).await?;
        self.meter.large_file(&id, there.values().map(|part| part.content_length).sum());
        let sent = async {
            let numbered = (1_u32..).zip(cut.zip(sums.iter().copied()));
            let missing: Vec<_> = numbered.filter(|(number, _)| !there.contains_key(number)).collect();
            let sending = stream::iter(missing)
                .map(|(number, (range, sum))| self.send_range(&id, number, source, range, sum));
            let sent = sending.buffer_unordered(request.parallel).try_collect::<Vec<_>>().await;
            // A checksum that does not fit, however often it is sent, tells of a source that has changed.
            if sent.as_ref().err().is_none_or(|error| *error.kind() == ErrorKind::ChecksumMismatch) {
                self.unchanged(request, source, look).await?;
            }
            sent?;
            self.finish_large_file(&request.bucket_id, &request.name, &id, &sums).await
        };
        self.or_cancel(&id, sent.await).await
    }

    /// Begins a large file, or finds the one to go on with and which of its parts are good.
    async fn begin(
        &self,
        request: &UploadFile,
        info: &BTreeMap<String, String>,
        sums: &[Sha1],
        part_size: u64,
        length: u64,
    ) -> Result<(FileId, BTreeMap<u32, Part>), Error> {
        if request.resume {
            let mut unfinished =
                std::pin::pin!(self.list_unfinished(&request.bucket_id, request.name.as_str()));
            while let Some(found) = unfinished.try_next().await? {
                if !is_same(&found, request, info) {
                    continue;
                }
                let id = found.id;
                let have: Vec<Part> = self.list_parts(&id).try_collect().await?;
                let good = |part: &Part| {
                    let index = part.part_number as usize;
                    let range = parts::cut(length, part_size).nth(index.wrapping_sub(1));
                    range.is_some_and(|range| range.end - range.start == part.content_length)
                        && sums.get(index.wrapping_sub(1)) == Some(&part.sha1)
                };
                let there = have.into_iter().filter(good).map(|part| (part.part_number, part)).collect();
                return Ok((id, there));
            }
        }
        Ok((self.start_large_file(request, info).await?, BTreeMap::new()))
    }

    async fn send_range(
        &self,
        id: &FileId,
        number: u32,
        source: &Rereadable,
        range: Range<u64>,
        sum: Sha1,
    ) -> Result<Part, Error> {
        let outgoing = Outgoing::new(self.meter.clone());
        let length = range.end - range.start;
        let sum = sum.to_hex();
        let target = Target::LargeFile(id.clone());
        let call = |call: http_core::Call| {
            let (source, outgoing, range) = (source.clone(), outgoing.clone(), range.clone());
            self.keyed(call)
                .subject(format!("part {number} of file {id}"))
                .header("x-bz-part-number", &number.to_string())
                .header("x-bz-content-sha1", &sum)
                .stream(length, move || outgoing.watch(source.read(range.clone())))
        };
        self.client.put(&target, &outgoing, &call).await
    }

    /// Uploads what a stream yields in parts, of which it already yielded the first two.
    pub(super) async fn upload_stream(
        &self,
        request: &UploadFile,
        first: [Bytes; 2],
        left: Bytes,
        content: ByteStream<std::io::Error>,
        part_size: u64,
    ) -> Result<FileVersion, Error> {
        let id = self.start_large_file(request, &request.info).await?;
        self.meter.large_file(&id, 0);
        let rest = in_parts(content, left, part_size);
        let all = stream::iter(first.map(Ok)).chain(rest).zip(stream::iter(1_u32..));
        let sending = all.map(|(part, number)| self.send_part(request, &id, number, part));
        let sent = async {
            let mut parts: Vec<Part> = sending.buffer_unordered(request.parallel).try_collect().await?;
            parts.sort_by_key(|part| part.part_number);
            let sums: Vec<Sha1> = parts.iter().map(|part| part.sha1).collect();
            self.finish_large_file(&request.bucket_id, &request.name, &id, &sums).await
        };
        self.or_cancel(&id, sent.await).await
    }

    async fn send_part(
        &self,
        request: &UploadFile,
        id: &FileId,
        number: u32,
        part: std::io::Result<Bytes>,
    ) -> Result<Part, Error> {
        let part = part.map_err(|cause| source_failed(request, cause))?;
        if number > 10_000 {
            let text = "the stream has more than 10000 parts of this size: choose a larger part size";
            return Err(Error::new("b2_upload_part", ErrorKind::InvalidRequest, text));
        }
        let sum = sum_of(part.clone()).await.map_err(|cause| source_failed(request, cause))?;
        let range = 0..part.len() as u64;
        self.send_range(id, number, &Rereadable::Bytes(part), range, sum).await
    }

    /// Cancels a large file that failed; says so when that fails too, since what is left costs storage, and when there is nothing to
    /// cancel, since it may have been finished after all.
    pub(super) async fn or_cancel<T>(&self, id: &FileId, outcome: Result<T, Error>) -> Result<T, Error> {
        let Err(error) = outcome else { return outcome };
        match self.cancel_large_file(id).await {
            Ok(()) => Err(error),
            Err(_) if *error.kind() == ErrorKind::LargeFileGone => Err(error),
            Err(gone) if *gone.kind() == ErrorKind::LargeFileGone => {
                Err(error.leaving(format_args!("the large file {id} is gone: look whether it was finished")))
            }
            Err(_) => Err(error.leaving(format_args!(
                "the unfinished large file {id} is left behind and could not be cancelled"
            ))),
        }
    }
}

/// The rest of a stream, a part at a time.
fn in_parts(content: ByteStream<std::io::Error>, left: Bytes, size: u64) -> ByteStream<std::io::Error> {
    let parts = stream::try_unfold((content, left), move |(mut content, mut left)| async move {
        let part = next_part(&mut content, &mut left, size).await?;
        Ok((!part.is_empty()).then_some((part, (content, left))))
    });
    parts.boxed()
}

/// Whether an unfinished file is the one that this upload would begin.
fn is_same(found: &FileVersion, request: &UploadFile, info: &BTreeMap<String, String>) -> bool {
    let type_fits =
        request.content_type == "b2/x-auto" || found.content_type.as_ref() == Some(&request.content_type);
    found.name == request.name
        && type_fits
        && found.info == *info
        && request.encryption.as_ref().is_none_or(|wanted| found.encryption == *wanted)
        && request.retention.as_ref().is_none_or(|wanted| found.retention.known() == Some(wanted))
        && request.legal_hold.as_ref().is_none_or(|wanted| found.legal_hold.known() == Some(wanted))
}
