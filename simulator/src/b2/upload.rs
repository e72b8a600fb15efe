//! Upload URLs, and `b2_upload_file`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body as Incoming;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use serde_json::json;

use super::answer::Answer;
use super::authorize::test_mode;
use super::body::Body;
use super::encryption::Encryption;
use super::file_name::{check, decode};
use super::keys::{Caller, Scope};
use super::lock::{Lock, Mode, Retention, parse_hold};
use super::receive::{Received, receive};
use super::refusal::{Refusal, Result};
use super::service::B2;
use super::settings::strings;
use super::state::{Call, State};
use super::version::{Kind, Version, require_lock};

/// How long an upload URL is valid, in milliseconds.
const URL_LIFE: i64 = 86_400_000;
/// The largest file or part that one request carries.
pub(crate) const LARGEST: u64 = 5_000_000_000;

/// What an upload URL's token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Files of this bucket.
    Files(String),
    /// Parts of this large file.
    Parts(String),
}

/// The token of an upload URL.
#[derive(Debug)]
pub(crate) struct UploadToken {
    /// The path of the URL that it was given out with.
    path: String,
    target: Target,
    scope: Arc<Scope>,
    pub(crate) expires: i64,
    busy: bool,
    /// The client of an upload has hung up, and the upload goes on without it.
    kept: bool,
    /// The place behind the URL has failed; it does not come back.
    broken: bool,
}

/// A new version, before it has an id and a time.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) info: BTreeMap<String, String>,
    pub(crate) encryption: Option<Encryption>,
    pub(crate) retention: Option<Retention>,
    pub(crate) hold: Option<bool>,
    pub(crate) custom_time: Option<i64>,
}

impl UploadToken {
    /// Whose key it was given to; it goes when the key goes.
    pub(crate) fn key_id(&self) -> &str {
        &self.scope.key_id
    }
}

impl NewFile {
    /// A file of bytes, about which nothing is said.
    pub(crate) fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            content_type: content_type_of("b2/x-auto", name),
            info: BTreeMap::new(),
            encryption: None,
            retention: None,
            hold: None,
            custom_time: None,
        }
    }

    fn of_headers(headers: &HeaderMap, now: i64) -> Result<Self> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let missing = |name: &str| Refusal::bad_request(format!("Missing header: {name}"));
        let name = decode(text("x-bz-file-name").ok_or_else(|| missing("X-Bz-File-Name"))?)?;
        check(&name)?;
        if let Some(foreign) = FOREIGN_HEADERS.iter().find(|name| headers.contains_key(*name)) {
            return Err(Refusal::bad_request(format!("header not allowed for uploads: {foreign}")));
        }
        let content_type = text("content-type").ok_or_else(|| missing("Content-Type"))?;
        let until = text("x-bz-file-retention-retain-until-timestamp");
        let retention = match (text("x-bz-file-retention-mode"), until) {
            (None, None) => None,
            (Some(mode), Some(until)) => {
                let until = until.parse().map_err(|_| Refusal::bad_request("bad retain-until timestamp"))?;
                Some(Retention::new(Mode::parse(mode)?, until, now)?)
            }
            _ => return Err(Refusal::bad_request("retention needs both its mode and its timestamp")),
        };
        let custom_time =
            text("x-bz-custom-upload-timestamp").map(|time| parse_custom_time(time, now)).transpose()?;
        Ok(Self {
            content_type: content_type_of(content_type, &name),
            name,
            info: info_of(headers)?,
            encryption: Encryption::of_headers(headers)?,
            retention,
            hold: text("x-bz-file-legal-hold").map(parse_hold).transpose()?,
            custom_time,
        })
    }
}

/// Reads a custom upload time, which must have passed.
pub(crate) fn parse_custom_time(text: &str, now: i64) -> Result<i64> {
    match text.parse::<i64>() {
        Ok(time) if time <= now => Ok(time),
        _ => Err(Refusal::bad_request(format!("bad custom upload timestamp: {text}"))),
    }
}

/// Resolves `b2/x-auto` by the name's ending.
pub(crate) fn content_type_of(asked: &str, name: &str) -> String {
    if asked != "b2/x-auto" {
        return asked.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = match ending.as_deref() {
        Some("txt" | "log") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    };
    known.to_owned()
}

/// What describes a download is told by `X-Bz-Info-b2-…`, never by the header itself.
const FOREIGN_HEADERS: [HeaderName; 6] = [
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::EXPIRES,
];

/// Info names that begin with `b2-` are the service's own; it knows these.
const OWN_INFO: [&str; 5] = [
    "b2-content-disposition",
    "b2-content-language",
    "b2-expires",
    "b2-cache-control",
    "b2-content-encoding",
];

/// The most entries of a file's info.
const MOST_INFO: usize = 10;

/// Refuses what no name in a file's info is: of a header and of JSON alike, up to 50 letters, digits and what may else stand in the
/// name of a header (vendor's documentation, "Add File Information with the Native API").
fn check_info_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.`~!#$%^&*'|+".contains(c);
    if name.is_empty() || name.len() > 50 || !name.chars().all(plain) {
        return Err(Refusal::bad_request(format!("bad file info name: {name}")));
    }
    Ok(())
}

/// Reads a file's info from JSON; names are lowered as the header names of an upload are.
pub(crate) fn read_info(call: &Call<'_>) -> Result<BTreeMap<String, String>> {
    let Some(info) = call.fields.value("fileInfo") else {
        return Ok(BTreeMap::new());
    };
    let info = strings(info, "fileInfo", MOST_INFO)?;
    info.iter().try_for_each(|(name, _)| check_info_name(name))?;
    Ok(info.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
}

fn info_of(headers: &HeaderMap) -> Result<BTreeMap<String, String>> {
    let named = |header: &HeaderName| header.as_str().strip_prefix("x-bz-info-").map(str::to_owned);
    let mut info = BTreeMap::new();
    for (header, value) in headers {
        let Some(name) = named(header) else { continue };
        check_info_name(&name)?;
        info.insert(name, decode(value.to_str().unwrap_or_default())?);
    }
    if info.len() > MOST_INFO {
        return Err(Refusal::bad_request("more than 10 X-Bz-Info headers"));
    }
    Ok(info)
}

impl State {
    pub(crate) fn upload_url(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let bucket_id = call.fields.text("bucketId")?.to_owned();
        self.bucket(call, &bucket_id)?;
        let (url, token) = self.new_upload_token(Target::Files(bucket_id.clone()), &call.caller, call.now);
        Ok(Answer::of(&json!({"bucketId": bucket_id, "uploadUrl": url, "authorizationToken": token})))
    }

    /// Makes an upload URL and its token.
    pub(crate) fn new_upload_token(&mut self, target: Target, caller: &Caller, now: i64) -> (String, String) {
        let (operation, id) = match &target {
            Target::Files(bucket_id) => ("b2_upload_file", bucket_id),
            Target::Parts(file_id) => ("b2_upload_part", file_id),
        };
        let path = format!("/b2api/v4/{operation}/{id}/c005_v0501016_t{}", self.random.hex(12));
        let url = format!("{}{path}", self.url);
        let token =
            format!("4_{}_{}_upld_{}=", self.account_id, self.random.hex(14), self.random.alphanumeric(27));
        let key_ends = self.keys.get(&caller.scope.key_id).and_then(|key| key.expires);
        self.upload_tokens.insert(
            token.clone(),
            UploadToken {
                path,
                target,
                scope: Arc::clone(&caller.scope),
                expires: key_ends.map_or(now + URL_LIFE, |end| end.min(now + URL_LIFE)),
                busy: false,
                kept: false,
                broken: false,
            },
        );
        (url, token)
    }

    /// Lets an upload URL answer nothing but 503 from now on.
    pub(crate) fn break_upload_url(&mut self, shown: &str) {
        if let Some(token) = self.upload_tokens.get_mut(shown) {
            token.broken = true;
        }
    }

    /// Lets nobody use an upload token any more, as if the upload that it came with went on for ever.
    pub(crate) fn keep_upload_token(&mut self, shown: &str) {
        if let Some(token) = self.upload_tokens.get_mut(shown) {
            token.kept = true;
        }
    }

    /// Takes an upload token for one request.
    fn take_token(&mut self, shown: &str, path: &str, now: i64) -> Result<(Target, Caller)> {
        let bad = || Refusal::new(401, "bad_auth_token", "Invalid upload authorization token");
        let token = self.upload_tokens.get_mut(shown).filter(|token| token.path == path).ok_or_else(bad)?;
        if token.expires <= now {
            return Err(Refusal::new(401, "expired_auth_token", "Upload authorization token has expired"));
        }
        if token.broken {
            return Err(unavailable());
        }
        if token.busy || token.kept {
            return Err(Refusal::new(400, "auth_token_limit", "more than one upload using auth token"));
        }
        token.busy = true;
        let scope = Arc::clone(&token.scope);
        Ok((token.target.clone(), Caller { scope, version: 4 }))
    }

    /// Refuses what a bucket or a key does not let a new version be.
    pub(crate) fn check_new(&self, bucket_id: &str, new: &NewFile, caller: &Caller) -> Result<()> {
        caller.at(&new.name)?;
        let is_foreign = |name: &&String| name.starts_with("b2-") && !OWN_INFO.contains(&name.as_str());
        if let Some(reserved) = new.info.keys().find(is_foreign) {
            return Err(Refusal::bad_request(format!("info name is reserved: {reserved}")));
        }
        let bucket = self.buckets.get(bucket_id).ok_or_else(|| Refusal::bad_bucket_id(bucket_id))?;
        if new.retention.is_some() {
            caller.require("writeFileRetentions")?;
            require_lock(bucket)?;
        }
        if new.hold.is_some() {
            caller.require("writeFileLegalHolds")?;
            require_lock(bucket)?;
        }
        let encrypted = new.encryption.is_some() || bucket.settings.encrypted;
        let budget = if encrypted || bucket.settings.lockable { 2048 } else { 7000 };
        let used: usize = new.info.iter().map(|(name, value)| name.len() + value.len()).sum();
        if used + new.name.len() > budget {
            return Err(Refusal::bad_request(format!(
                "file name and file info are longer than {budget} bytes"
            )));
        }
        Ok(())
    }

    /// Stores a new version, under the bucket's defaults where the request says nothing.
    pub(crate) fn store(
        &mut self,
        bucket_id: &str,
        new: NewFile,
        stored: Stored,
        now: i64,
    ) -> Result<Arc<str>> {
        let uploaded = new.custom_time.unwrap_or_else(|| self.upload_time(bucket_id, &new.name, now));
        let large = matches!(stored.kind, Kind::Start(_));
        let id = self.new_file_id(bucket_id, uploaded, large);
        let bucket = self.buckets.get(bucket_id).ok_or_else(|| Refusal::bad_bucket_id(bucket_id))?;
        let settings = &bucket.settings;
        let by_default = || settings.retention.map(|default| default.stamp(uploaded));
        let default_encryption = if settings.encrypted { Encryption::Service } else { Encryption::None };
        let version = Version {
            id: Arc::clone(&id),
            name: new.name.into(),
            kind: stored.kind,
            content_type: new.content_type,
            sha1: stored.sha1,
            md5: stored.md5,
            info: new.info,
            uploaded,
            encryption: new.encryption.unwrap_or(default_encryption),
            lock: Lock { retention: new.retention.or_else(by_default), hold: new.hold },
            replication: None,
            body: stored.body,
        };
        self.insert(bucket_id, version)?;
        self.begin_replication(&id, now);
        Ok(id)
    }
}

/// The contents of a new version.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) kind: Kind,
    pub(crate) sha1: String,
    pub(crate) md5: Option<String>,
    pub(crate) body: Body,
}

/// An upload token in use; given back when the request ends, unless its client hung up: such a request keeps its token.
#[derive(Debug)]
pub(crate) struct TokenInUse<'a> {
    b2: &'a B2,
    token: String,
    broken_off: bool,
    pub(crate) target: Target,
    pub(crate) caller: Caller,
}

impl TokenInUse<'_> {
    /// Awaits the body of the request.
    pub(crate) async fn body<T>(&mut self, body: impl Future<Output = Result<T>>) -> Result<T> {
        self.broken_off = true;
        let outcome = body.await;
        self.broken_off = matches!(&outcome, Err(refusal) if refusal.code == "request_timeout");
        outcome
    }
}

impl Drop for TokenInUse<'_> {
    fn drop(&mut self) {
        if self.broken_off {
            return;
        }
        if let Some(token) = self.b2.state().upload_tokens.get_mut(&self.token) {
            token.busy = false;
        }
    }
}

fn unavailable() -> Refusal {
    Refusal::new(503, "service_unavailable", "no tomes available")
}

impl B2 {
    /// Takes the upload token that a request shows, and lets the test modes have their way.
    pub(crate) fn begin_upload(&self, parts: &Parts) -> Result<TokenInUse<'_>> {
        let headers = &parts.headers;
        let shown =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut state = self.state();
        let (target, caller) = state.take_token(shown, parts.uri.path(), self.clock.now_millis())?;
        let unlucky = state.random.next().is_multiple_of(4);
        drop(state);
        let token = TokenInUse { b2: self, token: shown.to_owned(), broken_off: false, target, caller };
        match test_mode(headers) {
            Some("fail_some_uploads") if unlucky => {
                self.state().break_upload_url(shown);
                Err(unavailable())
            }
            Some("force_cap_exceeded") => {
                Err(Refusal::new(403, "cap_exceeded", "Cannot upload files, storage cap exceeded"))
            }
            _ => Ok(token),
        }
    }

    /// Answers `b2_upload_file`.
    pub(crate) async fn upload_file(&self, parts: &Parts, body: &mut Incoming) -> Result<Answer> {
        let mut token = self.begin_upload(parts)?;
        let headers = &parts.headers;
        let now = self.clock.now_millis();
        let Target::Files(bucket_id) = &token.target.clone() else {
            return Err(Refusal::bad_request("the upload token is for parts"));
        };
        let new = NewFile::of_headers(headers, now)?;
        self.state().check_new(bucket_id, &new, &token.caller)?;
        let received = token.body(receive(&self.store, headers, body, LARGEST)).await?;
        let Received { sha1, md5, body } = received;
        let stored = Stored { kind: Kind::Upload, sha1, md5, body };
        let mut state = self.state();
        state.settle(self.clock.now_millis());
        let id = state.store(bucket_id, new, stored, self.clock.now_millis())?;
        state.answer_version(&token.caller, &id)
    }
}
