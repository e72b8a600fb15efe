//! Large files: started, uploaded in parts, finished or cancelled.

use std::collections::BTreeMap;

use axum::body::Body as Incoming;
use axum::http::request::Parts;
use serde_json::{Value, json};

use super::account::Account;
use super::answer::Answer;
use super::body::{Body, Sums};
use super::encryption::Encryption;
use super::file_name::check;
use super::keys::Caller;
use super::lock::{Retention, parse_hold};
use super::new_file::{NewFile, content_type_of, parse_custom_time, read_info};
use super::receive::receive;
use super::refusal::{Refusal, Result};
use super::state::{Call, State};
use super::upload::{LARGEST, Stored, Target};
use super::version::{Kind, Version};

/// The most parts of a large file.
const MOST_PARTS: u16 = 10_000;
/// The fewest: one part is a file for `b2_upload_file`.
const FEWEST_PARTS: usize = 2;

/// One part of a large file.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) sums: Sums,
    pub(crate) uploaded: i64,
    pub(crate) body: Body,
}

fn no_active_upload(file_id: &str) -> Refusal {
    Refusal::bad_request(format!("No active upload for: {file_id}"))
}

/// Reads the fields of a new version that `b2_start_large_file` and `b2_copy_file` share.
pub(crate) fn read_lock(call: &Call<'_>) -> Result<(Option<Retention>, Option<bool>)> {
    let retention = match call.fields.value("fileRetention") {
        Some(value) => Retention::parse(value, call.now)?,
        None => None,
    };
    let hold = call.fields.maybe_text("legalHold")?.map(parse_hold).transpose()?;
    Ok((retention, hold))
}

impl State {
    pub(crate) fn start_large_file(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let bucket_id = call.fields.text("bucketId")?;
        self.bucket(call, bucket_id)?;
        let name = call.fields.text("fileName")?;
        check(name)?;
        let (retention, hold) = read_lock(call)?;
        let new = NewFile {
            name: name.to_owned(),
            content_type: content_type_of(call.fields.text("contentType")?, name),
            info: read_info(call)?,
            encryption: Encryption::of_json(call.fields.value("serverSideEncryption"))?,
            retention,
            hold,
            custom_time: call
                .fields
                .maybe_text("customUploadTimestamp")?
                .map(|time| parse_custom_time(time, call.now))
                .transpose()?,
        };
        self.check_new(bucket_id, &new, &call.caller)?;
        let stored = Stored {
            kind: Kind::Start(BTreeMap::new()),
            sha1: "none".to_owned(),
            md5: None,
            body: Body::default(),
        };
        let id = self.store(bucket_id, new, stored, call.now)?;
        self.answer_version(&call.caller, &id)
    }

    /// Finds an unfinished file that the caller may write.
    pub(crate) fn unfinished(&mut self, caller: &Caller, file_id: &str) -> Result<&mut Version> {
        let (bucket, version) = self.version(file_id).ok_or_else(|| no_active_upload(file_id))?;
        caller.in_bucket(&bucket.id)?;
        caller.at(&version.name)?;
        self.version_mut(file_id)
            .filter(|version| version.is_unfinished())
            .ok_or_else(|| no_active_upload(file_id))
    }

    pub(crate) fn upload_part_url(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let file_id = call.fields.text("fileId")?.to_owned();
        self.unfinished(&call.caller, &file_id)?;
        let (url, token) = self.new_upload_token(Target::Parts(file_id.clone()), &call.caller, call.now);
        Ok(Answer::of(&json!({"fileId": file_id, "uploadUrl": url, "authorizationToken": token})))
    }

    /// Keeps a part, in place of an earlier one of its number.
    pub(crate) fn put_part(
        &mut self,
        caller: &Caller,
        file_id: &str,
        number: u16,
        part: Part,
    ) -> Result<Answer> {
        let version = self.unfinished(caller, file_id)?;
        let answer = Answer::of(&part_json(version, number, &part));
        if let Kind::Start(parts) = &mut version.kind {
            parts.insert(number, part);
        }
        Ok(answer)
    }

    pub(crate) fn list_parts(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let start = call.fields.maybe_integer("startPartNumber")?.unwrap_or(1);
        let start = u16::try_from(start).ok().filter(|start| (1..=MOST_PARTS).contains(start));
        let start = start.ok_or_else(|| Refusal::bad_request("startPartNumber out of range"))?;
        let most = self.page(call.fields.count("maxPartCount", 100, 10_000)?).max(1);
        let version = self.unfinished(&call.caller, call.fields.text("fileId")?)?;
        let Kind::Start(parts) = &version.kind else {
            return Err(no_active_upload(&version.id));
        };
        let mut rest = parts.range(start..);
        let page: Vec<Value> =
            rest.by_ref().take(most).map(|(number, part)| part_json(version, *number, part)).collect();
        let next = rest.next().map(|(number, _)| number);
        Ok(Answer::of(&json!({"parts": page, "nextPartNumber": next})))
    }

    pub(crate) fn finish_large_file(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let file_id = call.fields.text("fileId")?;
        let promised = call.fields.maybe_list("partSha1Array")?.unwrap_or_default();
        let minimum = self.minimum_part;
        let version = self.unfinished(&call.caller, file_id)?;
        let Kind::Start(parts) = &version.kind else {
            return Err(no_active_upload(file_id));
        };
        check_parts(parts, &promised, minimum)?;
        version.body = Body::join(parts.values().map(|part| &part.body));
        version.kind = Kind::Upload;
        self.begin_replication(file_id, call.now);
        self.answer_version(&call.caller, file_id)
    }

    pub(crate) fn cancel_large_file(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let file_id = call.fields.text("fileId")?;
        let name = self.unfinished(&call.caller, file_id)?.name.clone();
        let bucket_id = self.places.get(file_id).map(|place| place.bucket_id.clone());
        self.remove(file_id);
        Ok(Answer::of(&json!({
            "fileId": file_id, "accountId": self.account_id, "bucketId": bucket_id, "fileName": name,
        })))
    }
}

fn check_parts(parts: &BTreeMap<u16, Part>, promised: &[String], minimum: u64) -> Result<()> {
    if promised.len() < FEWEST_PARTS {
        return Err(Refusal::bad_request("large files must have at least 2 parts"));
    }
    for (place, sha1) in promised.iter().enumerate() {
        let number = place + 1;
        let part = u16::try_from(number).ok().and_then(|number| parts.get(&number));
        let Some(part) = part else {
            return Err(Refusal::new(
                400,
                "missing_part",
                format!("Part number {number} has not been uploaded"),
            ));
        };
        if part.sums.sha1 != sha1.to_ascii_lowercase() {
            return Err(Refusal::new(
                400,
                "part_sha1_mismatch",
                format!("Part number {number} does not match its SHA1"),
            ));
        }
    }
    let small = |(number, part): &(&u16, &Part)| {
        part.body.length() < minimum && usize::from(**number) < promised.len()
    };
    if let Some((number, _)) = parts.iter().find(small) {
        return Err(Refusal::bad_request(format!("Part number {number} is smaller than {minimum} bytes")));
    }
    if parts.len() > promised.len() {
        return Err(Refusal::bad_request(format!(
            "{} parts were uploaded, partSha1Array has {}",
            parts.len(),
            promised.len()
        )));
    }
    Ok(())
}

fn part_json(version: &Version, number: u16, part: &Part) -> Value {
    json!({
        "fileId": version.id, "partNumber": number, "contentLength": part.body.length(),
        "contentSha1": part.sums.sha1, "contentMd5": part.sums.md5, "uploadTimestamp": part.uploaded,
        "serverSideEncryption": version.encryption.json(),
    })
}

/// Reads a part number.
pub(crate) fn part_number(number: Option<i64>) -> Result<u16> {
    number
        .and_then(|number| u16::try_from(number).ok())
        .filter(|number| (1..=MOST_PARTS).contains(number))
        .ok_or_else(|| Refusal::bad_request("part number must be 1 to 10000"))
}

impl Account {
    /// Answers `b2_upload_part`.
    pub(crate) async fn upload_part(&self, parts: &Parts, body: &mut Incoming) -> Result<Answer> {
        let mut token = self.begin_upload(parts)?;
        let headers = &parts.headers;
        let Target::Parts(file_id) = &token.target.clone() else {
            return Err(Refusal::bad_request("the upload token is for files"));
        };
        let number = headers.get("x-bz-part-number").and_then(|value| value.to_str().ok()?.parse().ok());
        let number = part_number(number)?;
        if headers.get("x-bz-content-sha1").is_some_and(|promise| promise == "do_not_verify") {
            return Err(Refusal::bad_request("do_not_verify is not for parts"));
        }
        let shown = Encryption::of_part(headers)?;
        let encryption = self.state().unfinished(&token.caller, file_id)?.encryption.clone();
        encryption.may_read(shown.as_ref())?;
        let received = token.body(receive(&self.store, headers, body, LARGEST)).await?;
        if received.body.length() == 0 {
            return Err(Refusal::bad_request("a part has at least one byte"));
        }
        let sums = Sums { sha1: received.sha1, md5: received.md5 };
        let part = Part { sums, uploaded: self.clock.now_millis(), body: received.body };
        self.state().put_part(&token.caller, file_id, number, part)
    }
}
