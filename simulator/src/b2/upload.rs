//! Upload URLs, and `b2_upload_file`.

use std::sync::Arc;

use axum::body::Body as Incoming;
use axum::http::header;
use axum::http::request::Parts;
use serde_json::json;

use super::account::Account;
use super::answer::Answer;
use super::authorize::test_mode;
use super::body::Body;
use super::encryption::Encryption;
use super::keys::{Caller, Scope};
use super::lock::Lock;
use super::new_file::{NewFile, OWN_INFO};
use super::receive::{Received, receive};
use super::refusal::{Refusal, Result};
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
    /// The URL has failed, for good.
    broken: bool,
}

impl UploadToken {
    /// Whose key it was given to; it goes when the key goes.
    pub(crate) fn key_id(&self) -> &str {
        &self.scope.key_id
    }
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

    /// Keeps an upload token busy for good, as if its upload never ended.
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
            let message = format!("more than one upload using auth token {shown}");
            return Err(Refusal::new(400, "auth_token_limit", message));
        }
        token.busy = true;
        let scope = Arc::clone(&token.scope);
        Ok((token.target.clone(), Caller { scope, version: 4 }))
    }

    /// Refuses a new version that the bucket or the key does not allow.
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
        let by_default = bucket.settings.encryption.of_new_versions() != Encryption::None;
        let encrypted = new.encryption.is_some() || by_default;
        let budget = if encrypted || bucket.settings.lockable { 2048 } else { 7000 };
        let used: usize = new.info.iter().map(|(name, value)| name.len() + value.len()).sum();
        if used + new.name.len() > budget {
            let message = format!("file name and file info are longer than {budget} bytes");
            return Err(Refusal::new(400, "metadata_exceeded", message));
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
        let version = Version {
            id: Arc::clone(&id),
            name: new.name.into(),
            kind: stored.kind,
            content_type: new.content_type,
            sha1: stored.sha1,
            md5: stored.md5,
            info: new.info,
            uploaded,
            encryption: new.encryption.unwrap_or_else(|| settings.encryption.of_new_versions()),
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
    account: &'a Account,
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
        if let Some(token) = self.account.state().upload_tokens.get_mut(&self.token) {
            token.busy = false;
        }
    }
}

fn unavailable() -> Refusal {
    Refusal::new(503, "service_unavailable", "no tomes available")
}

impl Account {
    /// Takes the upload token that a request shows, and applies the test modes.
    pub(crate) fn begin_upload(&self, parts: &Parts) -> Result<TokenInUse<'_>> {
        let headers = &parts.headers;
        let shown =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut state = self.state();
        let (target, caller) = state.take_token(shown, parts.uri.path(), self.clock.now_millis())?;
        let unlucky = state.random.next().is_multiple_of(4);
        drop(state);
        let token = TokenInUse { account: self, token: shown.to_owned(), broken_off: false, target, caller };
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
