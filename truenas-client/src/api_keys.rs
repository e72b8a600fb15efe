//! API keys.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, Changes};
use crate::config::ApiKey;
use crate::dialect::ROOT;
use crate::error::ErrorKind;
use crate::operations;
use crate::query::Query;
use crate::redactable::Redactable;
use crate::{ApiKeyId, Client, Error};

http_core::secret_types! {
    /// The hash that a release up to 25.10 keeps of an API key.
    ApiKeyHash;
    /// A part of what 26 keeps of an API key, or of what a client keeps in its place: as secret as the key.
    KeyMaterial;
}

impl Client {
    /// The appliance's API keys.
    pub fn api_keys(&self) -> ApiKeys<'_> {
        ApiKeys { client: self }
    }
}

/// Calls about API keys.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeys<'a> {
    client: &'a Client,
}

impl ApiKeys<'_> {
    /// Every API key, without the keys themselves.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<ApiKeyEntry>, Error> {
        self.client.select(operations::API_KEY_QUERY, &Query::new()).await
    }

    /// One API key, without the key itself.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: ApiKeyId) -> Result<ApiKeyEntry, Error> {
        self.client.one_of(operations::API_KEY_QUERY, "id", id.get()).await
    }

    /// The API keys of the user whose credentials these are.
    ///
    /// # Errors
    /// `Unsupported` before 25.04, where a key is nobody's; those of every reading call.
    pub async fn mine(&self) -> Result<Vec<ApiKeyEntry>, Error> {
        self.client.carry_out(Call::new(operations::API_KEY_MY_KEYS, [])).await
    }

    /// Makes an API key. The answer holds it, this once: an appliance never shows it again.
    ///
    /// # Errors
    /// `InvalidRequest` for a name of no or more than 200 characters; `OutcomeUnknown` when the answer is lost: the key was made or not, nobody
    /// has it, and it should be looked for by its name and deleted; `Validation` (a name that is taken, a user without roles, a date in the past);
    /// `Unauthorized`; `Unsupported` for a form of keys that the release lacks.
    pub async fn create(&self, key: &CreateApiKey) -> Result<NewApiKey, Error> {
        if !(1..=200).contains(&key.name.chars().count()) {
            let reason = "the name of an API key has 1 to 200 characters";
            let kind = ErrorKind::InvalidRequest { reason };
            return Err(Error::new(operations::API_KEY_CREATE.name(), self.client.subject(), kind));
        }
        self.with_key(Call::new(operations::API_KEY_CREATE, [json!(key)])).await
    }

    /// Changes an API key, but not the key itself.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: ApiKeyId, changes: &UpdateApiKey) -> Result<ApiKeyEntry, Error> {
        let call = Call::new(operations::API_KEY_UPDATE, [id.get().into(), changes.0.body()]);
        self.client.carry_out(call).await
    }

    /// Gives an API key another secret, which also lets a revoked one be used again. Whoever uses the old one is locked out.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost: the old key may be void and the new one known to nobody, so do it again; `NotFound`,
    /// `Unauthorized`.
    pub async fn reset(&self, id: ApiKeyId) -> Result<NewApiKey, Error> {
        self.with_key(Call::new(operations::API_KEY_UPDATE, [id.get().into(), json!({"reset": true})])).await
    }

    /// Deletes an API key. Connections that were logged in with it stay until they end.
    ///
    /// # Errors
    /// `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: ApiKeyId) -> Result<(), Error> {
        self.client
            .carry_out::<Value>(Call::new(operations::API_KEY_DELETE, [id.get().into()]))
            .await
            .map(drop)
    }

    /// What a client can keep in place of a key, to log in by proof without it: from 26 on.
    ///
    /// # Errors
    /// `Unsupported` before 26; `Validation` when it is no key of this appliance, or is revoked; those of every reading call.
    pub async fn convert(&self, key: &ApiKey) -> Result<KeyProof, Error> {
        self.client.carry_out(Call::new(operations::API_KEY_CONVERT_RAW_KEY, [key.expose().into()])).await
    }

    async fn with_key(&self, call: Call) -> Result<NewApiKey, Error> {
        let operation = call.operation;
        let Answer { key, entry } = self.client.carry_out(call).await?;
        // Without it, the one thing that the call was for is missing.
        let Redactable::Clear(key) = key else {
            let kind = ErrorKind::NotUnderstood { path: "key".into() };
            return Err(Error::new(operation.name(), self.client.subject(), kind));
        };
        Ok(NewApiKey { key, entry })
    }
}

/// A key that was just made.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewApiKey {
    /// The key itself, which the appliance shows this once.
    pub key: ApiKey,
    /// What the appliance keeps of it.
    pub entry: ApiKeyEntry,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    key: Redactable<ApiKey>,
    #[serde(flatten)]
    entry: ApiKeyEntry,
}

/// An API key as the appliance lists it (TrueNAS middleware 13.3 to 26, `api_key.query`). What a release does not say is `None`.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct ApiKeyEntry {
    /// Its number, with which the key begins.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// Whose it is, from 25.04 on. Before, keys are nobody's; from 25.10 on also `None` when that user is gone.
    #[serde(default)]
    pub username: Option<String>,
    /// That user, as the appliance keeps it: the number of its row, or an identifier of a directory service.
    #[serde(default, deserialize_with = "identifier")]
    pub user_identifier: Option<String>,
    /// Whether that user is the appliance's own.
    #[serde(default)]
    pub local: Option<bool>,
    /// When it was made.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub created_at: Option<SystemTime>,
    /// Until when it is good; `None` for ever, and for a revoked one.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub expires_at: Option<SystemTime>,
    /// Whether it was revoked, as the appliance does with a key that reaches it without TLS.
    #[serde(default)]
    pub revoked: bool,
    /// Why it was revoked, from 25.10 on.
    #[serde(default)]
    pub revoked_reason: Option<String>,
    /// Which calls it may make, on 24.x.
    #[serde(default)]
    pub allowlist: Option<Vec<Allowed>>,
    /// The hash of it that 25.04 and 25.10 keep.
    #[serde(default)]
    pub keyhash: Redactable<ApiKeyHash>,
    /// In how many rounds it was stretched, on 26.
    #[serde(default)]
    pub iterations: Option<u32>,
    /// With which salt, on 26.
    #[serde(default)]
    pub salt: Redactable<KeyMaterial>,
    /// What 26 checks proofs with.
    #[serde(default)]
    pub stored_key: Redactable<KeyMaterial>,
    /// What 26 proves itself with.
    #[serde(default)]
    pub server_key: Redactable<KeyMaterial>,
}

fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// One line of the allow list of a key of 24.x.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    method: String,
    resource: String,
}

impl Allowed {
    /// A call over the socket: a method, or several by a star, as in `pool.*`.
    pub fn call(method: impl Into<String>) -> Self {
        Self { method: "CALL".into(), resource: method.into() }
    }

    /// The events of a collection.
    pub fn subscribe(collection: impl Into<String>) -> Self {
        Self { method: "SUBSCRIBE".into(), resource: collection.into() }
    }

    /// Anything whatever.
    pub fn everything() -> Self {
        Self { method: "*".into(), resource: "*".into() }
    }

    /// By which verb: `CALL`, `SUBSCRIBE`, one of HTTP's, or `*`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// What it is: a method, a collection, a path, or several by a star.
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

/// What a client can keep in place of a key, for logging in by proof (RFC 5802). All of it is as secret as the key.
#[non_exhaustive]
#[derive(Deserialize)]
pub struct KeyProof {
    /// The number of the key.
    pub api_key_id: ApiKeyId,
    /// In how many rounds it was stretched.
    pub iterations: u32,
    /// With which salt.
    pub salt: Redactable<KeyMaterial>,
    /// What the client proves that it knows.
    pub client_key: Redactable<KeyMaterial>,
    /// What the appliance checks that with.
    pub stored_key: Redactable<KeyMaterial>,
    /// What the appliance proves that it knows.
    pub server_key: Redactable<KeyMaterial>,
}

impl fmt::Debug for KeyProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyProof").field("api_key_id", &self.api_key_id).finish_non_exhaustive()
    }
}

/// A new API key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreateApiKey {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowlist: Option<Vec<Allowed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Value>,
}

impl CreateApiKey {
    /// A key that acts with the rights of a user, from 25.04 on. Before, keys are root's, and this is unsupported for any other user.
    pub fn of_user(name: impl Into<String>, user: impl Into<String>) -> Self {
        Self { name: name.into(), username: Some(user.into()), allowlist: None, expires_at: None }
    }

    /// A key with every right: on every release. From 25.04 on it is root's.
    pub fn full_access(name: impl Into<String>) -> Self {
        Self::of_user(name, ROOT)
    }

    /// A key that may make these calls only: on 24.x, the only releases whose keys have such a list.
    pub fn allowing(name: impl Into<String>, calls: impl IntoIterator<Item = Allowed>) -> Self {
        let allowlist = Some(calls.into_iter().collect());
        Self { name: name.into(), username: None, allowlist, expires_at: None }
    }

    /// Until when it is good, in whole seconds; for ever by default. Unsupported before 25.04.
    pub fn expires(mut self, moment: SystemTime) -> Self {
        self.expires_at = Some(crate::ejson::date(moment));
        self
    }
}

/// What to change about an API key.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateApiKey(Changes);

impl UpdateApiKey {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(self, name: &str) -> Self {
        Self(self.0.set("name", name))
    }

    /// Until when it is good, or for ever. Unsupported before 25.04.
    pub fn expires(self, moment: Option<SystemTime>) -> Self {
        Self(self.0.set("expires_at", moment.map_or(Value::Null, crate::ejson::date)))
    }

    /// Exactly these calls, on 24.x.
    pub fn allowing(self, calls: &[Allowed]) -> Self {
        Self(self.0.set("allowlist", json!(calls)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    /// Some releases count milliseconds twice.
    #[test]
    fn a_key_expires_at_a_whole_second() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_700_000_000_999);
        let sent = json!(CreateApiKey::of_user("k", "root").expires(moment));
        assert_eq!(
            sent,
            json!({"name": "k", "username": "root", "expires_at": {"$date": 1_700_000_000_000_u64}})
        );
        assert_eq!(UpdateApiKey::new().expires(None).0.body(), json!({"expires_at": null}));
    }
}
