//! Uploads in parts, several at a time.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_core::ByteStream;

use super::outgoing::Outgoing;
use super::source::{Look, Rereadable, sum_of};
use super::upload::{next_part, source_failed};
use super::{FileVersion, Files, Part, Sha1, UploadFile, parts};
use crate::buckets::Encryption;
use crate::error::{Error, ErrorKind};
use crate::idle_urls::Target;
use crate::ids::FileId;
use crate::subject::Subject;

/// An upload in parts from a source that can be read again.
struct InParts<'a> {
    /// Names the bucket by its id.
    request: UploadFile,
    source: &'a Rereadable,
    look: Look,
    part_size: u64,
    sums: Vec<Sha1>,
}

/// Parts of a large file by their numbers.
type Parts = BTreeMap<u32, Part>;

impl Files<'_> {
    /// Uploads bytes or a file in parts. The source is read twice: for the checksums, then for the upload.
    pub(super) async fn upload_parts(
        &self,
        request: &UploadFile,
        source: &Rereadable,
        look: Look,
        part_size: u64,
    ) -> Result<FileVersion, Error> {
        let cut = parts::cut(look.length, part_size);
        let (sums, whole) =
            source.sums(cut, self.meter).await.map_err(|cause| source_failed(request, cause))?;
        let info = request.info_with(Some(whole));
        let mut job = InParts { request: request.clone(), source, look, part_size, sums };
        let found = if request.resume { self.find_resumable(&job, &info).await? } else { None };
        if let Some((id, stored)) = found {
            match self.send_and_finish(&job, &id, stored).await {
                // The file was started with another customer's key.
                Err(error) if self.key.is_some() && *error.kind() == ErrorKind::AccessDenied => {}
                Err(error) if *error.kind() != ErrorKind::LargeFileGone => {
                    return Err(error.leaving(format_args!(
                        "the unfinished large file {id} that was resumed is left as it is: resume or cancel it"
                    )));
                }
                outcome => return outcome,
            }
        }
        let id = self.start_large_file(&mut job.request, &info).await?;
        let outcome = self.send_and_finish(&job, &id, Parts::new()).await;
        self.or_cancel(&id, outcome).await
    }

    /// Sends the parts that are not stored yet, and finishes the file.
    async fn send_and_finish(
        &self,
        job: &InParts<'_>,
        id: &FileId,
        mut stored: Parts,
    ) -> Result<FileVersion, Error> {
        let count = parts::count(job.look.length, job.part_size);
        if self.key.is_some() && stored.len() as u64 == u64::from(count) {
            // Only the upload of a part shows whether the large file was started with this key.
            stored.pop_last();
        }
        self.meter
            .large_file(id, stored.values().map(|part| part.content_length).fold(0, u64::saturating_add));
        let missing = (1..=count).filter(|number| !stored.contains_key(number));
        self.send_these(job, id, missing.collect()).await?;
        self.finish_and_repair(&job.request, id, job.sums.clone(), |wrong| self.send_these(job, id, wrong))
            .await
    }

    /// Finds the unfinished file with the most usable parts. One whose parts are all usable is preferred to one with a part that must be
    /// sent again.
    async fn find_resumable(
        &self,
        job: &InParts<'_>,
        info: &BTreeMap<String, String>,
    ) -> Result<Option<(FileId, Parts)>, Error> {
        let request = &job.request;
        let mut best = None;
        let mut unfinished = self.list_unfinished(&request.bucket, request.name.as_str());
        while let Some(found) = unfinished.try_next().await? {
            if !self.is_same(&found, request, info) {
                continue;
            }
            let subject = request.subject().with_id(&found.id);
            let have: Vec<Part> = match self.parts_of(&found.id, subject).try_collect().await {
                Ok(have) => have,
                // It has been finished or cancelled in between.
                Err(error) if matches!(error.kind(), ErrorKind::LargeFileGone | ErrorKind::NotFound) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            let Some((rank, stored)) = job.usable(have) else { continue };
            if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                best = Some((rank, (found.id, stored)));
            }
        }
        Ok(best.map(|(_, found)| found))
    }

    /// Whether an unfinished file has the properties of the one that this upload would start.
    fn is_same(&self, found: &FileVersion, request: &UploadFile, info: &BTreeMap<String, String>) -> bool {
        let type_fits =
            request.content_type == "b2/x-auto" || found.content_type.as_ref() == Some(&request.content_type);
        found.name == request.name
            && type_fits
            && found.info == *info
            && (found.encryption == Encryption::SseC) == self.key.is_some()
            && request.encryption.as_ref().is_none_or(|wanted| found.encryption == *wanted)
            && request.retention.as_ref().is_none_or(|wanted| found.retention.known() == Some(wanted))
            && request.legal_hold.as_ref().is_none_or(|wanted| found.legal_hold.known() == Some(wanted))
    }

    /// Sends the parts with these numbers.
    async fn send_these(
        &self,
        job: &InParts<'_>,
        id: &FileId,
        numbers: Vec<u32>,
    ) -> Result<Vec<Part>, Error> {
        let InParts { request, source, look, .. } = job;
        let sending = stream::iter(numbers).map(|number| {
            let range = parts::range(look.length, job.part_size, number);
            let subject = request.subject().with_id(id).part(number);
            self.send_range(subject, id, number, source, range, job.sums[number as usize - 1])
        });
        let sent = sending.buffer_unordered(request.parallel).try_collect().await;
        // A repeated checksum mismatch can mean that the source was modified.
        if sent.as_ref().err().is_none_or(|error: &Error| *error.kind() == ErrorKind::ChecksumMismatch) {
            self.unchanged(request, source, *look).await?;
        }
        sent
    }

    async fn send_range(
        &self,
        subject: Subject<'_>,
        id: &FileId,
        number: u32,
        source: &Rereadable,
        range: std::ops::Range<u64>,
        sum: Sha1,
    ) -> Result<Part, Error> {
        let outgoing = Outgoing::new(self.meter.clone());
        let length = range.end - range.start;
        let sum = sum.to_hex();
        let target = Target::LargeFile(id.clone());
        let call = |call: http_core::Call| {
            let (source, outgoing, range) = (source.clone(), outgoing.clone(), range.clone());
            self.keyed(call)
                .header("x-bz-part-number", &number.to_string())
                .header("x-bz-content-sha1", &sum)
                .stream(length, move || outgoing.watch(source.read(range.clone())))
        };
        self.client.put(&target, subject, &outgoing, &call).await
    }

    /// Uploads a stream in parts. `first` is the first part; `left` is the beginning of the second.
    pub(super) async fn upload_stream(
        &self,
        request: &UploadFile,
        first: Bytes,
        left: Bytes,
        content: ByteStream<std::io::Error>,
        part_size: u64,
    ) -> Result<FileVersion, Error> {
        let mut request = request.clone();
        let info = request.info.clone();
        let id = self.start_large_file(&mut request, &info).await?;
        let request = &request;
        self.meter.large_file(&id, 0);
        let rest = Rest { content, left, part_size, number: 1, taken: first.len() as u64 };
        let all = stream::iter([Ok((1, first))]).chain(rest.into_parts(request));
        let sending = all.map(|part| self.send_part(request, &id, part));
        let sent = async {
            let mut parts: Vec<Part> = sending.buffer_unordered(request.parallel).try_collect().await?;
            parts.sort_by_key(|part| part.part_number);
            let sums: Vec<Sha1> = parts.iter().map(|part| part.sha1).collect();
            self.finish_large_file(request, &id, &sums).await
        };
        self.or_cancel(&id, sent.await).await
    }

    async fn send_part(
        &self,
        request: &UploadFile,
        id: &FileId,
        part: Result<(u32, Bytes), Error>,
    ) -> Result<Part, Error> {
        let (number, part) = part?;
        let sum = sum_of(part.clone()).await.map_err(|cause| source_failed(request, cause))?;
        let range = 0..part.len() as u64;
        let subject = request.subject().with_id(id).part(number);
        self.send_range(subject, id, number, &Rereadable::Bytes(part), range, sum).await
    }

    /// Cancels the large file if the outcome is an error. If it cannot be cancelled, or no longer exists and so may have been finished, the
    /// error says so.
    pub(super) async fn or_cancel<T>(&self, id: &FileId, outcome: Result<T, Error>) -> Result<T, Error> {
        let Err(error) = outcome else { return outcome };
        match self.cancel_large_file(id).await {
            Ok(()) => Err(error),
            Err(_) if *error.kind() == ErrorKind::LargeFileGone => Err(error),
            Err(gone) if *gone.kind() == ErrorKind::LargeFileGone => {
                Err(error.leaving(format_args!("the large file {id} is gone: check whether it was finished")))
            }
            Err(_) => Err(error.leaving(format_args!(
                "the unfinished large file {id} is left behind and could not be cancelled"
            ))),
        }
    }
}

impl InParts<'_> {
    /// Returns the parts of an unfinished file that are also parts of this source, and a rank to compare files by. `None` if the file
    /// cannot be resumed because it has more parts than this source, or has parts and none is usable.
    fn usable(&self, have: Vec<Part>) -> Option<((bool, usize), Parts)> {
        let (count, all) = (parts::count(self.look.length, self.part_size), have.len());
        if have.iter().any(|part| !(1..=count).contains(&part.part_number)) {
            return None;
        }
        let matches = |part: &Part| {
            let range = parts::range(self.look.length, self.part_size, part.part_number);
            range.end - range.start == part.content_length
                && self.sums[part.part_number as usize - 1] == part.sha1
        };
        let usable: Parts = have.into_iter().filter(matches).map(|part| (part.part_number, part)).collect();
        (all == 0 || !usable.is_empty()).then_some(((usable.len() == all, usable.len()), usable))
    }
}

/// The rest of a stream after the part `number`, of which `taken` bytes have been read.
struct Rest {
    content: ByteStream<std::io::Error>,
    left: Bytes,
    part_size: u64,
    number: u32,
    taken: u64,
}

impl Rest {
    /// Returns the rest as a stream of parts.
    fn into_parts(self, request: &UploadFile) -> BoxStream<'_, Result<(u32, Bytes), Error>> {
        let parts = stream::try_unfold(self, move |mut rest| async move {
            rest.number += 1;
            // After the last possible part, one byte shows that the stream is too long.
            let size = parts::growing(rest.part_size, rest.number);
            let part = next_part(&mut rest.content, &mut rest.left, size.unwrap_or(1)).await;
            let part = part.map_err(|cause| source_failed(request, cause))?;
            rest.taken += part.len() as u64;
            if part.is_empty() {
                return Ok(None);
            }
            if size.is_none() || rest.taken > parts::LARGEST_FILE {
                let text = "the stream exceeds 10 TB or 10000 parts: set a larger part size";
                return Err(Error::invalid("b2_upload_part", text).on(request.subject()));
            }
            Ok(Some(((rest.number, part), rest)))
        });
        parts.boxed()
    }
}
