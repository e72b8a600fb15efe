//! Downloads by name and by id, their ranges and headers, and download tokens.

use std::collections::BTreeMap;
use std::ops::Range;

use axum::body::Body as Outgoing;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::account::Account;
use super::answer::Answer;
use super::body::Body;
use super::bucket::Bucket;
use super::encryption::Encryption;
use super::file_name::encode;
use super::keys::Caller;
use super::refusal::{Refusal, Result};
use super::state::{Call, State};
use super::version::{Kind, Version, newest_finished};
use crate::http::Raw;

/// The longest life of a download token, in seconds.
const LONGEST: i64 = 604_800;

/// The overrides of response headers: query parameter, file info entry, header.
const OVERRIDES: [(&str, &str, HeaderName); 6] = [
    ("b2ContentDisposition", "b2-content-disposition", header::CONTENT_DISPOSITION),
    ("b2ContentLanguage", "b2-content-language", header::CONTENT_LANGUAGE),
    ("b2Expires", "b2-expires", header::EXPIRES),
    ("b2CacheControl", "b2-cache-control", header::CACHE_CONTROL),
    ("b2ContentEncoding", "b2-content-encoding", header::CONTENT_ENCODING),
    ("b2ContentType", "", header::CONTENT_TYPE),
];

/// A token that lets its holder download what starts with a prefix.
#[derive(Debug)]
pub(crate) struct DownloadToken {
    bucket_id: String,
    prefix: String,
    expires: i64,
    overrides: BTreeMap<String, String>,
}

/// What to download.
#[derive(Debug)]
pub(crate) enum Wanted {
    Id(String),
    Name { bucket: String, name: String },
}

/// A download request, taken apart.
#[derive(Debug)]
pub(crate) struct Download<'a> {
    pub(crate) wanted: Wanted,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) now: i64,
}

/// Who downloads.
enum Reader {
    /// Anyone, from a public bucket.
    Public,
    Token,
    Key(Caller),
}

impl State {
    pub(crate) fn download_authorization(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("shareFiles")?;
        let bucket_id = call.fields.text("bucketId")?;
        self.bucket(call, bucket_id)?;
        let prefix = call.fields.text("fileNamePrefix")?;
        call.caller.at(prefix)?;
        let life = call.fields.integer("validDurationInSeconds")?;
        if !(1..=LONGEST).contains(&life) {
            return Err(Refusal::bad_request("validDurationInSeconds must be 1 to 604800"));
        }
        let mut overrides = BTreeMap::new();
        for (field, ..) in OVERRIDES {
            if let Some(value) = call.fields.maybe_text(field)? {
                overrides.insert(field.to_owned(), value.to_owned());
            }
        }
        let token = format!("3_{}_{}_dnld", self.random.hex(22), self.random.alphanumeric(48));
        let answer = Answer::of(&json!({
            "bucketId": bucket_id, "fileNamePrefix": prefix, "authorizationToken": token,
        }));
        let granted = DownloadToken {
            bucket_id: bucket_id.to_owned(),
            prefix: prefix.to_owned(),
            expires: call.now + life * 1000,
            overrides,
        };
        self.download_tokens.insert(token, granted);
        Ok(answer)
    }

    fn wanted(&self, download: &Download<'_>) -> Result<(&Bucket, &Version)> {
        match &download.wanted {
            Wanted::Id(id) if !id.starts_with("4_z") => {
                Err(Refusal::bad_request(format!("Bad fileId: {id}")))
            }
            Wanted::Id(id) => self
                .version(id)
                .filter(|(_, version)| matches!(version.kind, Kind::Upload))
                .ok_or_else(|| Refusal::not_found(format!("File {id} is not there (file_state_none)"))),
            Wanted::Name { bucket, name } => {
                let bucket = self
                    .buckets
                    .values()
                    .find(|other| other.name.eq_ignore_ascii_case(bucket))
                    .ok_or_else(|| Refusal::not_found(format!("Bucket {bucket} does not exist")))?;
                let versions = bucket.files.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
                newest_finished(versions)
                    .filter(|version| matches!(version.kind, Kind::Upload))
                    .map(|version| (bucket, version))
                    .ok_or_else(|| {
                        Refusal::not_found("File with such name does not exist. (file_state_none)")
                    })
            }
        }
    }

    /// Tells who reads, and refuses who may not. A caller learns of a missing file only after this.
    fn reader(&mut self, download: &Download<'_>) -> Result<Reader> {
        let shown = download.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.or(download.query.get("Authorization").map(String::as_str)).unwrap_or_default();
        if let Some(token) = self.download_tokens.get(shown) {
            if token.expires <= download.now {
                return Err(Refusal::new(
                    401,
                    "expired_auth_token",
                    "Download authorization token has expired",
                ));
            }
            let wrong = Refusal::unauthorized;
            let asked = |field: &str| download.query.get(field);
            if OVERRIDES.iter().any(|(field, ..)| token.overrides.get(*field) != asked(field)) {
                return Err(wrong());
            }
            let (bucket, version) = self.wanted(download)?;
            if *bucket.id != *token.bucket_id || !version.name.starts_with(&token.prefix) {
                return Err(wrong());
            }
            return Ok(Reader::Token);
        }
        if shown.is_empty() {
            return match self.wanted(download) {
                Ok((bucket, _)) if bucket.is_public() => Ok(Reader::Public),
                Err(absent) if absent.status == 404 && self.is_public(&download.wanted) => Err(absent),
                _ => Err(Refusal::unauthorized()),
            };
        }
        let caller = self.caller_of(shown, 4, download.now)?;
        match self.may_download(&caller, download) {
            Ok(()) => Ok(Reader::Key(caller)),
            Err(_) if self.is_public(&download.wanted) => Ok(Reader::Public),
            Err(refusal) => Err(refusal),
        }
    }

    /// Refuses who may not download from a private bucket.
    fn may_download(&self, caller: &Caller, download: &Download<'_>) -> Result<()> {
        caller.require("readFiles")?;
        if let Wanted::Name { bucket, name } = &download.wanted {
            let of_name = self.buckets.values().find(|other| other.name.eq_ignore_ascii_case(bucket));
            caller.in_bucket(of_name.map_or("", |bucket| &bucket.id))?;
            caller.at(name)?;
        }
        let (bucket, version) = self.wanted(download)?;
        caller.in_bucket(&bucket.id)?;
        caller.at(&version.name)
    }

    fn is_public(&self, wanted: &Wanted) -> bool {
        match wanted {
            Wanted::Name { bucket, .. } => self
                .buckets
                .values()
                .any(|other| other.name.eq_ignore_ascii_case(bucket) && other.is_public()),
            Wanted::Id(id) => self.version(id).is_some_and(|(bucket, _)| bucket.is_public()),
        }
    }
}

impl Account {
    /// Answers a download.
    pub(crate) fn download(&self, download: &Download<'_>) -> Result<Response<Outgoing>> {
        let mut state = self.state();
        state.settle(download.now);
        let reader = state.reader(download)?;
        let overridden = OVERRIDES.iter().any(|(field, ..)| download.query.contains_key(*field));
        if overridden && matches!(reader, Reader::Public) {
            return Err(Refusal::unauthorized());
        }
        let (bucket, version) = state.wanted(download)?;
        let shown = Encryption::of_download(download.headers)?;
        version.encryption.may_read(shown.as_ref())?;
        let length = version.body.length();
        let range = match download.headers.get(header::RANGE) {
            Some(range) => parse_range(range.to_str().unwrap_or_default(), length)?,
            None => None,
        };
        let mut response = Response::new(Outgoing::empty());
        let headers = response.headers_mut();
        describe(headers, bucket, version, &download.query);
        describe_lock(headers, bucket, version, &reader);
        let body = match range {
            None => version.body.clone(),
            Some(range) => {
                let content_range = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                put(headers, header::CONTENT_RANGE, &content_range);
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                version.body.slice(range)
            }
        };
        drop(state);
        Ok(filled(response, &body))
    }
}

fn filled(mut response: Response<Outgoing>, body: &Body) -> Response<Outgoing> {
    put(response.headers_mut(), header::CONTENT_LENGTH, &body.length().to_string());
    response.extensions_mut().insert(Raw);
    *response.body_mut() = Outgoing::from_stream(body.stream());
    response
}

/// Reads a `Range` header; `None` where the whole file is to be sent.
fn parse_range(text: &str, length: u64) -> Result<Option<Range<u64>>> {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(suffix)) if first.is_empty() && suffix > 0 => length.saturating_sub(suffix)..length,
        _ => return Ok(None),
    };
    if range.is_empty() {
        return Err(Refusal::new(
            416,
            "range_not_satisfiable",
            format!("The range {text} lies outside a file of {length} bytes"),
        ));
    }
    Ok(Some(range))
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn describe(headers: &mut HeaderMap, bucket: &Bucket, version: &Version, query: &BTreeMap<String, String>) {
    put(headers, header::CONTENT_TYPE, &version.content_type);
    put(headers, header::ACCEPT_RANGES, "bytes");
    put(headers, HeaderName::from_static("x-bz-file-id"), &version.id);
    put(headers, HeaderName::from_static("x-bz-file-name"), &encode(&version.name));
    put(headers, HeaderName::from_static("x-bz-content-sha1"), &version.sha1);
    put(headers, HeaderName::from_static("x-bz-upload-timestamp"), &version.uploaded.to_string());
    for (name, value) in &version.info {
        // What sets a header of its own is not repeated.
        let sets_another = OVERRIDES.iter().any(|(_, entry, _)| entry == name);
        if let Some(name) = HeaderName::try_from(format!("x-bz-info-{name}")).ok().filter(|_| !sets_another) {
            put(headers, name, &encode(value));
        }
    }
    match version.encryption {
        Encryption::None => {}
        Encryption::Service => put(headers, HeaderName::from_static("x-bz-server-side-encryption"), "AES256"),
        Encryption::Customer(ref md5) => {
            let start = "x-bz-server-side-encryption-customer";
            for (end, value) in [("algorithm", "AES256"), ("key-md5", &data_encoding::BASE64.encode(md5))] {
                if let Ok(name) = HeaderName::try_from(format!("{start}-{end}")) {
                    put(headers, name, value);
                }
            }
        }
    }
    if let Some(default) = bucket.settings.info.get("Cache-Control") {
        put(headers, header::CACHE_CONTROL, default);
    }
    for (field, entry, name) in OVERRIDES {
        if let Some(value) = query.get(field).or_else(|| version.info.get(entry)) {
            put(headers, name, value);
        }
    }
}

fn describe_lock(headers: &mut HeaderMap, bucket: &Bucket, version: &Version, reader: &Reader) {
    const MODE: &str = "X-Bz-File-Retention-Mode";
    const UNTIL: &str = "X-Bz-File-Retention-Retain-Until-Timestamp";
    const HOLD: &str = "X-Bz-File-Legal-Hold";
    if !bucket.settings.lockable {
        return;
    }
    let may = |capability: &str| matches!(reader, Reader::Key(caller) if caller.may(capability));
    let mut tell = |name: &str, value: &str| {
        if let Ok(name) = HeaderName::try_from(name) {
            put(headers, name, value);
        }
    };
    let mut unread = Vec::new();
    if may("readFileRetentions") {
        if let Some(retention) = version.lock.retention {
            tell(MODE, retention.mode.as_str());
            tell(UNTIL, &retention.until.to_string());
        }
    } else {
        unread.extend([MODE, UNTIL]);
    }
    if may("readFileLegalHolds") {
        if let Some(hold) = version.lock.held() {
            tell(HOLD, hold);
        }
    } else {
        unread.push(HOLD);
    }
    if !unread.is_empty() {
        tell("X-Bz-Client-Unauthorized-To-Read", &unread.join(","));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_and_suffix_ranges() {
        let range = |text| parse_range(text, 10);
        assert_eq!(range("bytes=2-4").unwrap(), Some(2..5));
        assert_eq!(range("bytes=2-").unwrap(), Some(2..10));
        assert_eq!(range("bytes=-3").unwrap(), Some(7..10));
        assert_eq!(range("bytes=0-99").unwrap(), Some(0..10));
        assert_eq!(range("bytes=1-2,4-5").unwrap(), None);
        assert_eq!(range("bytes=10-12").unwrap_err().status, 416);
        assert_eq!(parse_range("bytes=0-0", 0).unwrap_err().status, 416);
    }
}
