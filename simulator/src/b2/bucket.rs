//! Buckets and their operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Answer;
use super::encryption::DefaultEncryption;
use super::keys::Caller;
use super::lock::DefaultRetention;
use super::refusal::{Refusal, Result};
use super::settings::{LifecycleRule, parse_cors, parse_info, parse_replication};
use super::state::{Call, State};
use super::version::Version;

/// A bucket with everything in it.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) id: Arc<str>,
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) revision: i64,
    pub(crate) notifications: Vec<Value>,
    /// How many requests that list buckets still miss it.
    pub(crate) unseen: u32,
    /// Names in byte order; the versions of each, newest first.
    pub(crate) files: BTreeMap<Arc<str>, Vec<Version>>,
}

/// What `b2_update_bucket` can change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) kind: String,
    pub(crate) info: BTreeMap<String, String>,
    pub(crate) cors: Vec<Value>,
    pub(crate) lifecycle: Vec<LifecycleRule>,
    pub(crate) encryption: DefaultEncryption,
    pub(crate) lockable: bool,
    pub(crate) retention: Option<DefaultRetention>,
    pub(crate) replication: Option<Value>,
}

impl Bucket {
    /// Shows the bucket to a caller, without the settings that the caller may not read.
    pub(crate) fn json(&self, account_id: &str, caller: &Caller) -> Value {
        let settings = &self.settings;
        let shown = |capability: &str, value: Value| {
            let may = caller.may(capability);
            json!({"isClientAuthorizedToRead": may, "value": if may { value } else { Value::Null }})
        };
        let lock = json!({
            "isFileLockEnabled": settings.lockable,
            "defaultRetention": DefaultRetention::json(settings.retention),
        });
        let replication = settings.replication.clone().unwrap_or_default();
        json!({
            "accountId": account_id, "bucketId": self.id, "bucketName": self.name,
            "bucketType": settings.kind, "bucketInfo": settings.info, "corsRules": settings.cors,
            "lifecycleRules": settings.lifecycle.iter().map(LifecycleRule::json).collect::<Vec<_>>(),
            "options": ["s3"], "revision": self.revision,
            "defaultServerSideEncryption": shown("readBucketEncryption", settings.encryption.json()),
            "fileLockConfiguration": shown("readBucketRetentions", lock),
            "replicationConfiguration": shown("readBucketReplications", replication),
        })
    }

    pub(crate) fn is_public(&self) -> bool {
        self.settings.kind == "allPublic"
    }
}

impl Settings {
    /// Reads the settings that a request carries over those that are.
    fn changed(&self, call: &Call<'_>) -> Result<Self> {
        let mut new = self.clone();
        let fields = &call.fields;
        if let Some(kind) = fields.maybe_text("bucketType")? {
            if kind != "allPublic" && kind != "allPrivate" {
                return Err(Refusal::bad_request(format!("invalid bucketType: {kind}")));
            }
            kind.clone_into(&mut new.kind);
        }
        if let Some(info) = fields.value("bucketInfo") {
            new.info = parse_info(info)?;
        }
        if let Some(rules) = fields.value("corsRules") {
            new.cors = parse_cors(rules)?;
        }
        if let Some(rules) = fields.value("lifecycleRules") {
            new.lifecycle = LifecycleRule::parse_all(rules)?;
        }
        if fields.has("defaultServerSideEncryption") {
            call.caller.require("writeBucketEncryption")?;
            new.encryption = DefaultEncryption::parse(fields.value("defaultServerSideEncryption"))?;
        }
        if let Some(replication) = fields.value("replicationConfiguration") {
            call.caller.require("writeBucketReplications")?;
            new.replication = parse_replication(replication)?;
        }
        self.change_lock(call, &mut new)?;
        Ok(new)
    }

    fn change_lock(&self, call: &Call<'_>, new: &mut Self) -> Result<()> {
        let fields = &call.fields;
        if let Some(lockable) = fields.maybe_flag("fileLockEnabled")? {
            call.caller.require("writeBucketRetentions")?;
            if self.lockable && !lockable {
                return Err(Refusal::new(
                    400,
                    "file_lock_conflict",
                    "File lock cannot be disabled once it is enabled",
                ));
            }
            let source = new.replication.as_ref().is_some_and(|r| !r["asReplicationSource"].is_null());
            if lockable && matches!(self.kind.as_str(), "restricted" | "shared") {
                return Err(Refusal::new(
                    400,
                    "restricted_bucket_conflict",
                    "File lock cannot be enabled on a restricted or shared bucket",
                ));
            }
            if lockable && !self.lockable && source && !self.kind.is_empty() {
                return Err(Refusal::new(
                    400,
                    "source_replication_conflict",
                    "File lock cannot be enabled on the source of a replication",
                ));
            }
            new.lockable = lockable;
        }
        if let Some(retention) = fields.value("defaultRetention") {
            call.caller.require("writeBucketRetentions")?;
            let retention = DefaultRetention::parse(retention)?;
            if retention.is_some() && !new.lockable {
                return Err(Refusal::no_file_lock());
            }
            new.retention = retention;
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<()> {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let edges = |edge: Option<char>| edge.is_some_and(|c| c != '.');
    let plain = name.chars().all(inner) && edges(name.chars().next()) && edges(name.chars().last());
    if !(6..=63).contains(&name.len()) || !plain || name.to_ascii_lowercase().starts_with("b2-") {
        return Err(Refusal::bad_request(format!("Invalid bucketName: {name}")));
    }
    Ok(())
}

/// Refuses types that no bucket has, and `all` beside others.
fn check_kinds(kinds: &[String]) -> Result<()> {
    const KNOWN: [&str; 6] = ["all", "allPublic", "allPrivate", "snapshot", "restricted", "shared"];
    let mixed = kinds.len() > 1 && kinds.iter().any(|kind| kind == "all");
    match kinds.iter().find(|kind| mixed || !KNOWN.contains(&kind.as_str())) {
        Some(kind) => Err(Refusal::bad_request(format!("invalid bucketTypes: {kind}"))),
        None => Ok(()),
    }
}

impl State {
    pub(crate) fn create_bucket(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeBuckets")?;
        self.own_account(call)?;
        let name = call.fields.text("bucketName")?;
        check_name(name)?;
        let settings = Settings::default().changed(call)?;
        if !self.names.claim(name) {
            return Err(Refusal::new(400, "duplicate_bucket_name", "Bucket name is already in use."));
        }
        if self.buckets.len() >= self.most_buckets {
            self.names.release(name);
            return Err(Refusal::new(
                400,
                "too_many_buckets",
                format!("the account has {} buckets, its limit", self.most_buckets),
            ));
        }
        let bucket = Bucket {
            id: self.new_bucket_id().into(),
            name: name.to_owned(),
            settings,
            revision: 2,
            notifications: Vec::new(),
            unseen: self.unseen,
            files: BTreeMap::new(),
        };
        let answer = Answer::of(&bucket.json(&self.account_id, &call.caller));
        self.buckets.insert(bucket.id.to_string(), bucket);
        Ok(answer)
    }

    pub(crate) fn update_bucket(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeBuckets")?;
        self.own_account(call)?;
        let expected = call.fields.maybe_integer("ifRevisionIs")?;
        let account_id = self.account_id.clone();
        let bucket_id = call.fields.text("bucketId")?;
        let bucket = self.bucket_mut(call, bucket_id)?;
        if let Some(expected) = expected.filter(|expected| *expected != bucket.revision) {
            let present = bucket.revision;
            return Err(Refusal::new(
                409,
                "conflict",
                format!("bucket is at revision {present}, not {expected}"),
            ));
        }
        bucket.settings = bucket.settings.changed(call)?;
        bucket.revision += 1;
        let answer = Answer::of(&bucket.json(&account_id, &call.caller));
        if call.fields.value("replicationConfiguration").is_some() {
            self.replicate_existing(bucket_id, call.now);
        }
        Ok(answer)
    }

    pub(crate) fn delete_bucket(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("deleteBuckets")?;
        self.own_account(call)?;
        let id = call.fields.text("bucketId")?;
        let bucket = self.bucket(call, id)?;
        if !bucket.files.is_empty() {
            return Err(Refusal::new(
                400,
                "cannot_delete_non_empty_bucket",
                "Cannot delete non-empty bucket",
            ));
        }
        let answer = Answer::of(&bucket.json(&self.account_id, &call.caller));
        self.names.release(&bucket.name);
        self.buckets.remove(id);
        Ok(answer)
    }

    pub(crate) fn list_buckets(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("listBuckets")?;
        self.own_account(call)?;
        let id = call.fields.maybe_text("bucketId")?;
        let name = call.fields.maybe_text("bucketName")?;
        let kinds = call.fields.maybe_list("bucketTypes")?;
        if let Some(kinds) = &kinds {
            check_kinds(kinds)?;
        }
        let chosen = |bucket: &&Bucket| {
            id.is_none_or(|id| *bucket.id == *id)
                && name.is_none_or(|name| bucket.name.eq_ignore_ascii_case(name))
        };
        if let Some(own) = &call.caller.scope.buckets {
            // A restricted key has to say which of its own buckets it means.
            let named =
                self.buckets.values().filter(chosen).any(|bucket| own.iter().any(|id| **id == *bucket.id));
            if (id.is_none() && name.is_none()) || !named {
                return Err(Refusal::unauthorized());
            }
        }
        let wanted = |bucket: &&Bucket| match &kinds {
            Some(kinds) => kinds.iter().any(|kind| kind == "all" || *kind == bucket.settings.kind),
            None => true,
        };
        let seen = |bucket: &&Bucket| bucket.unseen == 0;
        let mut buckets: Vec<&Bucket> =
            self.buckets.values().filter(chosen).filter(wanted).filter(seen).collect();
        buckets.sort_by(|a, b| a.name.cmp(&b.name));
        let shown = buckets.iter().map(|bucket| bucket.json(&self.account_id, &call.caller));
        let answer = Answer::of(&json!({"buckets": shown.collect::<Vec<_>>()}));
        self.buckets.values_mut().for_each(|bucket| bucket.unseen = bucket.unseen.saturating_sub(1));
        Ok(answer)
    }
}
