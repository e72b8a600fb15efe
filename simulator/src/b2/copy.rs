//! Copies within the service: whole files, ranges, parts.

use std::ops::Range;

use super::account::Account;
use super::answer::Answer;
use super::body::{Body, Sums};
use super::encryption::Encryption;
use super::file_name::check;
use super::large::{Part, part_number, read_lock};
use super::new_file::{NewFile, content_type_of, read_info};
use super::refusal::{Refusal, Result};
use super::state::{Call, State};
use super::upload::{LARGEST, Stored};
use super::version::{Kind, View};

/// What is to be copied.
struct Source {
    body: Body,
    /// Known where the whole of a file with checksums is copied.
    sums: Option<Sums>,
    bucket_id: String,
    content_type: String,
    info: std::collections::BTreeMap<String, String>,
}

/// Reads the `bytes=a-b` of a copy.
fn parse_range(text: &str, length: u64) -> Result<Range<u64>> {
    let bad = || Refusal::new(416, "range_not_satisfiable", format!("bad range: {text}"));
    let (first, last) =
        text.strip_prefix("bytes=").and_then(|range| range.split_once('-')).ok_or_else(bad)?;
    let first: u64 = first.parse().map_err(|_| bad())?;
    let last: u64 = last.parse().map_err(|_| bad())?;
    if first > last || first >= length {
        return Err(bad());
    }
    Ok(first..last.saturating_add(1).min(length))
}

impl State {
    fn source(&mut self, call: &Call<'_>) -> Result<Source> {
        self.settle(call.now);
        call.caller.require("readFiles")?;
        call.caller.require("writeFiles")?;
        let (bucket, version) = self.reachable(call, call.fields.text("sourceFileId")?)?;
        if !matches!(version.kind, Kind::Upload) {
            return Err(Refusal::bad_request("the source is not a finished file"));
        }
        let shown = Encryption::of_json(call.fields.value("sourceServerSideEncryption"))?;
        version.encryption.may_copy(shown.as_ref())?;
        let whole = version.body.length();
        let (body, is_whole) = match call.fields.maybe_text("range")? {
            Some(range) => (version.body.slice(parse_range(range, whole)?), false),
            None => (version.body.clone(), true),
        };
        if body.length() > LARGEST {
            let message = format!("Copy source too big: {}", body.length());
            return Err(Refusal::new(400, "source_too_large", message));
        }
        let known = is_whole && version.sha1.len() == 40;
        Ok(Source {
            body,
            sums: known.then(|| Sums { sha1: version.sha1.clone(), md5: version.md5.clone() }),
            bucket_id: bucket.id.to_string(),
            content_type: version.content_type.clone(),
            info: version.info.clone(),
        })
    }

    fn copied_file(&self, call: &Call<'_>, source: &Source) -> Result<(String, NewFile)> {
        let fields = &call.fields;
        let bucket_id = fields.maybe_text("destinationBucketId")?.unwrap_or(&source.bucket_id);
        self.bucket(call, bucket_id)?;
        let name = fields.text("fileName")?;
        check(name)?;
        let (content_type, info) = match fields.maybe_text("metadataDirective")?.unwrap_or("COPY") {
            "COPY" if fields.value("contentType").or(fields.value("fileInfo")).is_none() => {
                (source.content_type.clone(), source.info.clone())
            }
            "COPY" => return Err(Refusal::bad_request("COPY takes neither contentType nor fileInfo")),
            "REPLACE" => (content_type_of(fields.text("contentType")?, name), read_info(call)?),
            other => return Err(Refusal::bad_request(format!("bad metadataDirective: {other}"))),
        };
        let (retention, hold) = read_lock(call)?;
        let new = NewFile {
            name: name.to_owned(),
            content_type,
            info,
            encryption: Encryption::of_json(fields.value("destinationServerSideEncryption"))?,
            retention,
            hold,
            custom_time: None,
        };
        self.check_new(bucket_id, &new, &call.caller)?;
        Ok((bucket_id.to_owned(), new))
    }
}

impl Account {
    /// Answers `b2_copy_file`.
    pub(crate) fn copy_file(&self, call: &Call<'_>) -> Result<Answer> {
        let (source, bucket_id, new) = {
            let mut state = self.state();
            let source = state.source(call)?;
            let (bucket_id, new) = state.copied_file(call, &source)?;
            (source, bucket_id, new)
        };
        // Hashed without the lock: others go on meanwhile.
        let Sums { sha1, md5 } = self.hashed(&source)?;
        let stored = Stored { kind: Kind::Upload, sha1, md5, body: source.body };
        let mut state = self.state();
        let id = state.store(&bucket_id, new, stored, call.now)?;
        let (bucket, version) = state.version(&id).ok_or_else(|| Refusal::not_found("the copy is gone"))?;
        let view = View::new(&state.account_id, bucket, &call.caller);
        Ok(Answer::of(&view.copied(version)))
    }

    /// Answers `b2_copy_part`.
    pub(crate) fn copy_part(&self, call: &Call<'_>) -> Result<Answer> {
        let number = part_number(Some(call.fields.integer("partNumber")?))?;
        let shown = Encryption::of_json(call.fields.value("destinationServerSideEncryption"))?;
        let file_id = call.fields.text("largeFileId")?;
        let source = {
            let mut state = self.state();
            let source = state.source(call)?;
            state.unfinished(&call.caller, file_id)?.encryption.may_read(shown.as_ref())?;
            source
        };
        let part = Part { sums: self.hashed(&source)?, uploaded: call.now, body: source.body };
        self.state().put_part(&call.caller, file_id, number, part)
    }

    fn hashed(&self, source: &Source) -> Result<Sums> {
        match &source.sums {
            Some(sums) => Ok(sums.clone()),
            None => self
                .store
                .sums(&source.body)
                .map_err(|_| Refusal::new(500, "internal_error", "the simulator cannot read a stored body")),
        }
    }
}
