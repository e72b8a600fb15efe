//! `b2_authorize_account` in its four shapes, and the tokens it hands out.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::answer::Answer;
use super::keys::{Caller, Key};
use super::refusal::{Refusal, Result};
use super::state::State;

/// How long a token is valid, in milliseconds.
const TOKEN_LIFE: i64 = 86_400_000;
/// How many calls a token lives under `X-Bz-Test-Mode: expire_some_account_authorization_tokens`.
const TESTED_CALLS: u32 = 3;

/// An account authorisation token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) key_id: String,
    pub(crate) expires: i64,
    pub(crate) calls_left: Option<u32>,
}

impl State {
    /// Answers `b2_authorize_account`.
    pub(crate) fn authorize(&mut self, version: u8, headers: &HeaderMap, now: i64) -> Result<Answer> {
        let wrong =
            || Refusal::new(401, "unauthorized", "The applicationKeyId and/or the applicationKey are wrong.");
        let (id, secret) = basic(headers).ok_or_else(wrong)?;
        let key = self.keys.get(&id).filter(|key| key.secret == secret);
        let key = key.filter(|key| !key.expired(now)).ok_or_else(wrong)?.clone();
        if key.v4_only && version < 4 {
            return Err(Refusal::bad_request(format!(
                "This request is not currently supported on API version number {version}"
            )));
        }
        // Some tokens, not every one.
        let tested = test_mode(headers) == Some("expire_some_account_authorization_tokens")
            && self.random.next().is_multiple_of(2);
        let token = format!(
            "4_{}_{}_{}_acct_{}=",
            self.account_id,
            self.random.hex(8),
            self.random.hex(6),
            self.random.alphanumeric(27)
        );
        self.tokens.insert(
            token.clone(),
            Token { key_id: id, expires: now + TOKEN_LIFE, calls_left: tested.then_some(TESTED_CALLS) },
        );
        Ok(Answer::of(&self.account(&key, &token, version)))
    }

    fn account(&self, key: &Key, token: &str, version: u8) -> Value {
        let url = &self.url;
        let s3 = format!("{url}/s3");
        let scope = &key.scope;
        let name = |id: &String| self.buckets.get(id).map(|bucket| bucket.name.clone());
        let first = scope.buckets.as_ref().and_then(|ids| ids.first());
        let (bucket_id, bucket_name) = (first, first.and_then(name));
        let mut account = json!({
            "accountId": self.account_id, "authorizationToken": token,
            "applicationKeyExpirationTimestamp": key.expires,
        });
        let mut storage = json!({
            "apiUrl": url, "downloadUrl": url, "s3ApiUrl": s3,
            "absoluteMinimumPartSize": self.minimum_part, "recommendedPartSize": self.recommended_part,
        });
        let flat = json!({
            "capabilities": scope.capabilities, "bucketId": bucket_id, "bucketName": bucket_name,
            "namePrefix": scope.prefix,
        });
        match version {
            1 | 2 => {
                merge(&mut account, storage);
                account["allowed"] = flat;
                if version == 1 {
                    account["minimumPartSize"] = json!(self.recommended_part);
                }
            }
            3 => {
                merge(&mut storage, flat);
                storage["infoType"] = json!("storageApi");
                account["apiInfo"] = json!({"storageApi": storage});
            }
            _ => {
                let buckets = scope.buckets.as_ref().map(|ids| {
                    let entry = |id: &String| json!({"id": id, "name": name(id)});
                    ids.iter().map(entry).collect::<Vec<_>>()
                });
                storage["allowed"] = json!({
                    "buckets": buckets, "capabilities": scope.capabilities, "namePrefix": scope.prefix,
                });
                account["apiInfo"] = json!({"storageApi": storage});
            }
        }
        account
    }

    /// Ends a token, of whatever kind.
    pub(crate) fn expire(&mut self, shown: &str) {
        if let Some(token) = self.tokens.get_mut(shown) {
            token.expires = 0;
        }
        if let Some(token) = self.upload_tokens.get_mut(shown) {
            token.expires = 0;
        }
    }

    /// Returns whether a key of this id is, or was, one of the account's.
    pub(crate) fn issued_key(&self, id: &str) -> bool {
        self.keys.contains_key(id) || id.get(3..15) == Some(self.account_id.as_str())
    }

    /// Returns whether a token, of whatever kind, is or was one of the account's.
    pub(crate) fn issued_token(&self, shown: &str) -> bool {
        let account = shown.strip_prefix("4_").and_then(|rest| rest.split('_').next());
        account == Some(self.account_id.as_str()) || self.download_tokens.contains_key(shown)
    }

    /// Returns who shows this token.
    pub(crate) fn caller(&mut self, headers: &HeaderMap, version: u8, now: i64) -> Result<Caller> {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        self.caller_of(shown.unwrap_or_default(), version, now)
    }

    pub(crate) fn caller_of(&mut self, shown: &str, version: u8, now: i64) -> Result<Caller> {
        let bad = || Refusal::new(401, "bad_auth_token", "Invalid authorization token");
        let expired = || Refusal::new(401, "expired_auth_token", "Authorization token has expired");
        let token = self.tokens.get_mut(shown).ok_or_else(bad)?;
        match &mut token.calls_left {
            Some(0) => return Err(expired()),
            Some(left) => *left -= 1,
            None => {}
        }
        let key = self.keys.get(&token.key_id).ok_or_else(bad)?;
        if token.expires <= now || key.expired(now) {
            return Err(expired());
        }
        Ok(Caller { scope: Arc::clone(&key.scope), version })
    }
}

/// Returns what `X-Bz-Test-Mode` asks for.
pub(crate) fn test_mode(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-bz-test-mode").and_then(|value| value.to_str().ok())
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// Returns the key id and the key that a login shows.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let encoded = shown.strip_prefix("Basic ")?;
    let decoded = data_encoding::BASE64.decode(encoded.trim().as_bytes()).ok()?;
    let (id, secret) = str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
