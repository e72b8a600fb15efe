//! Application keys, their two worlds, and what a caller may do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Answer;
use super::refusal::{Refusal, Result};
use super::state::{Call, State};

pub(crate) const CAPABILITIES: &[&str] = &[
    "listKeys",
    "writeKeys",
    "deleteKeys",
    "listAllBucketNames",
    "listBuckets",
    "readBuckets",
    "writeBuckets",
    "deleteBuckets",
    "readBucketEncryption",
    "writeBucketEncryption",
    "readBucketRetentions",
    "writeBucketRetentions",
    "readBucketReplications",
    "writeBucketReplications",
    "readBucketNotifications",
    "writeBucketNotifications",
    "readBucketLogging",
    "writeBucketLogging",
    "readBucketLifecycleRules",
    "writeBucketLifecycleRules",
    "listFiles",
    "readFiles",
    "shareFiles",
    "writeFiles",
    "deleteFiles",
    "readFileLegalHolds",
    "writeFileLegalHolds",
    "readFileRetentions",
    "writeFileRetentions",
    "bypassGovernance",
];

/// What a key that is restricted to buckets must not hold.
const ACCOUNT_ONLY: [&str; 5] = ["listKeys", "writeKeys", "deleteKeys", "writeBuckets", "deleteBuckets"];

/// The life of a key, in seconds, is shorter than this (1000 days).
const LONGEST_LIFE: i64 = 86_400_000;

/// What a key may do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) key_id: String,
    pub(crate) capabilities: Vec<String>,
    /// `None` is the whole account.
    pub(crate) buckets: Option<Vec<String>>,
    pub(crate) prefix: Option<String>,
}

/// One application key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) scope: Arc<Scope>,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) expires: Option<i64>,
    /// Restricted to buckets through version 4: older versions do not know it.
    pub(crate) v4_only: bool,
}

/// Who calls, through which version of the interface.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) scope: Arc<Scope>,
    pub(crate) version: u8,
}

impl Caller {
    pub(crate) fn may(&self, capability: &str) -> bool {
        self.scope.capabilities.iter().any(|own| own == capability)
    }

    pub(crate) fn require(&self, capability: &str) -> Result<()> {
        if self.may(capability) {
            return Ok(());
        }
        Err(Refusal::unauthorized())
    }

    /// As [`require`](Self::require), where the service answers 403: for what locks versions.
    pub(crate) fn require_to_lock(&self, capability: &str) -> Result<()> {
        self.require(capability).map_err(|_| Refusal::access_denied())
    }

    pub(crate) fn in_bucket(&self, bucket_id: &str) -> Result<()> {
        match &self.scope.buckets {
            Some(own) if !own.iter().any(|id| id == bucket_id) => Err(Refusal::unauthorized()),
            _ => Ok(()),
        }
    }

    /// Refuses a name (or a prefix to list) outside the key's prefix.
    pub(crate) fn at(&self, name: &str) -> Result<()> {
        match &self.scope.prefix {
            Some(own) if !name.starts_with(own.as_str()) => Err(Refusal::unauthorized()),
            _ => Ok(()),
        }
    }
}

impl Key {
    fn json(&self, account_id: &str, version: u8) -> Value {
        let mut key = json!({
            "accountId": account_id, "applicationKeyId": self.scope.key_id, "keyName": self.name,
            "capabilities": self.scope.capabilities, "expirationTimestamp": self.expires,
            "namePrefix": self.scope.prefix, "options": ["s3"],
        });
        let buckets = self.scope.buckets.as_deref();
        if version >= 4 {
            key["bucketIds"] = json!(buckets);
        } else {
            key["bucketId"] = json!(buckets.and_then(<[String]>::first));
        }
        key
    }

    pub(crate) fn expired(&self, now: i64) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }
}

impl State {
    pub(crate) fn create_key(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeKeys")?;
        self.own_account(call)?;
        let fields = &call.fields;
        let name = fields.text("keyName")?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !(1..=100).contains(&name.len()) || !name.chars().all(plain) {
            return Err(Refusal::bad_request("keyName must be 1 to 100 letters, digits and '-'"));
        }
        let buckets = match fields.maybe_text("bucketId")? {
            Some(id) => Some(vec![id.to_owned()]),
            None => fields.maybe_list("bucketIds")?,
        };
        self.check_restriction(buckets.as_deref())?;
        let capabilities = fields.maybe_list("capabilities")?.unwrap_or_default();
        check_capabilities(&capabilities, buckets.is_some())?;
        let prefix = fields.maybe_text("namePrefix")?;
        if prefix.is_some() && buckets.is_none() {
            return Err(Refusal::bad_request("namePrefix needs a bucket"));
        }
        let life = fields.maybe_integer("validDurationInSeconds")?;
        if life.is_some_and(|seconds| !(1..LONGEST_LIFE).contains(&seconds)) {
            return Err(Refusal::bad_request("validDurationInSeconds out of range"));
        }
        let key = Key {
            v4_only: buckets.is_some() && call.caller.version >= 4,
            name: name.to_owned(),
            expires: life.map(|seconds| call.now + seconds * 1000),
            secret: self.new_secret(),
            scope: Arc::new(Scope {
                key_id: self.new_key_id(),
                capabilities,
                buckets,
                prefix: prefix.map(str::to_owned),
            }),
        };
        let mut made = key.json(&self.account_id, call.caller.version);
        made["applicationKey"] = Value::from(key.secret.clone());
        self.keys.insert(key.scope.key_id.clone(), key);
        Ok(Answer::of(&made))
    }

    fn check_restriction(&self, buckets: Option<&[String]>) -> Result<()> {
        let Some(buckets) = buckets else {
            return Ok(());
        };
        if buckets.is_empty() {
            return Err(Refusal::bad_request("bucketIds must not be empty"));
        }
        match buckets.iter().find(|id| !self.buckets.contains_key(*id)) {
            Some(unknown) => Err(Refusal::bad_bucket_id(unknown)),
            None => Ok(()),
        }
    }

    pub(crate) fn list_keys(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("listKeys")?;
        self.own_account(call)?;
        let most = call.fields.count("maxKeyCount", 100, 10_000)?;
        let start = call.fields.maybe_text("startApplicationKeyId")?.unwrap_or("");
        let most = if start.is_empty() { self.page(most) } else { self.page(most).max(1) };
        let mut alive =
            self.keys.range(start.to_owned()..).map(|(_, key)| key).filter(|key| !key.expired(call.now));
        let page: Vec<Value> =
            alive.by_ref().take(most).map(|key| key.json(&self.account_id, call.caller.version)).collect();
        let next = alive.next().map(|key| &key.scope.key_id);
        Ok(Answer::of(&json!({"keys": page, "nextApplicationKeyId": next})))
    }

    pub(crate) fn delete_key(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("deleteKeys")?;
        let id = call.fields.text("applicationKeyId")?;
        let key = self
            .keys
            .remove(id)
            .ok_or_else(|| Refusal::bad_request(format!("application key does not exist: {id}")))?;
        self.tokens.retain(|_, token| token.key_id != id);
        self.upload_tokens.retain(|_, token| token.key_id() != id);
        Ok(Answer::of(&key.json(&self.account_id, call.caller.version)))
    }
}

fn check_capabilities(capabilities: &[String], restricted: bool) -> Result<()> {
    if capabilities.is_empty() {
        return Err(Refusal::bad_request("capabilities must not be empty"));
    }
    for capability in capabilities {
        if !CAPABILITIES.contains(&capability.as_str()) {
            return Err(Refusal::bad_request(format!("unknown capability: {capability}")));
        }
        if restricted && ACCOUNT_ONLY.contains(&capability.as_str()) {
            return Err(Refusal::bad_request(format!(
                "capability {capability} is not allowed for a key restricted to a bucket"
            )));
        }
    }
    Ok(())
}
