//! File versions, how they are shown, and the operations on one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::body::Body;
use super::bucket::Bucket;
use super::encryption::Encryption;
use super::file_name;
use super::keys::Caller;
use super::large::Part;
use super::lock::{Bypass, Lock, Retention, parse_hold};
use super::refusal::{Refusal, Result};
use super::replication::Replication;
use super::state::{Call, State};

/// What a version is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A file.
    Upload,
    /// A marker that hides the versions before it.
    Hide,
    /// A large file that is not finished, with its parts.
    Start(BTreeMap<u16, Part>),
}

/// One version of a file name.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) id: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) content_type: String,
    /// Forty hexadecimal digits, `unverified:` before them, or `none`.
    pub(crate) sha1: String,
    /// A file that was uploaded in parts has none.
    pub(crate) md5: Option<String>,
    pub(crate) info: BTreeMap<String, String>,
    pub(crate) uploaded: i64,
    pub(crate) encryption: Encryption,
    pub(crate) lock: Lock,
    pub(crate) replication: Option<Replication>,
    pub(crate) body: Body,
}

/// A version, or a folder of versions, as the service writes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown<'a> {
    account_id: &'a str,
    action: &'a str,
    bucket_id: &'a str,
    content_length: u64,
    content_md5: Option<&'a str>,
    content_sha1: Option<&'a str>,
    content_type: Option<&'a str>,
    file_id: Option<&'a str>,
    file_info: &'a BTreeMap<String, String>,
    file_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_retention: Option<Wrapped<ShownRetention>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<Wrapped<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_side_encryption: Option<Value>,
    upload_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replication_status: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped<T> {
    is_client_authorized_to_read: bool,
    value: Option<T>,
}

impl<T> Wrapped<T> {
    fn new(authorized: bool, value: Option<T>) -> Self {
        Self { is_client_authorized_to_read: authorized, value: value.filter(|_| authorized) }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownRetention {
    mode: Option<&'static str>,
    retain_until_timestamp: Option<i64>,
}

/// How a caller sees the files of a bucket.
#[derive(Debug)]
pub(crate) struct View<'a> {
    account_id: &'a str,
    bucket_id: &'a str,
    sees_retention: bool,
    sees_hold: bool,
    version: u8,
}

impl<'a> View<'a> {
    pub(crate) fn new(account_id: &'a str, bucket: &'a Bucket, caller: &Caller) -> Self {
        Self {
            account_id,
            bucket_id: &bucket.id,
            sees_retention: caller.may("readFileRetentions"),
            sees_hold: caller.may("readFileLegalHolds"),
            version: caller.version,
        }
    }

    /// Shows a version.
    pub(crate) fn version(&self, version: &'a Version) -> Shown<'a> {
        self.shown(version, None)
    }

    /// Shows a version that was just made by copying.
    pub(crate) fn copied(&self, version: &'a Version) -> Shown<'a> {
        self.shown(version, Some("copy"))
    }

    fn shown(&self, version: &'a Version, action: Option<&'static str>) -> Shown<'a> {
        let hidden = matches!(version.kind, Kind::Hide);
        let length = version.body.length();
        let retention = version.lock.retention;
        let retention = ShownRetention {
            mode: retention.map(|retention| retention.mode.as_str()),
            retain_until_timestamp: retention.map(|retention| retention.until),
        };
        Shown {
            account_id: self.account_id,
            action: action.unwrap_or(version.action()),
            bucket_id: self.bucket_id,
            content_length: length,
            content_md5: version.md5.as_deref(),
            content_sha1: (!hidden).then_some(&version.sha1),
            content_type: Some(&version.content_type),
            file_id: Some(&version.id),
            file_info: &version.info,
            file_name: &version.name,
            file_retention: (!hidden).then(|| Wrapped::new(self.sees_retention, Some(retention))),
            legal_hold: (!hidden).then(|| Wrapped::new(self.sees_hold, version.lock.held())),
            server_side_encryption: (!hidden).then(|| version.encryption.json()),
            upload_timestamp: version.uploaded,
            size: (self.version == 1).then_some(length),
            replication_status: version.replication.map(Replication::as_str),
        }
    }

    /// Shows the folder row of a listing with a delimiter.
    pub(crate) fn folder(&self, name: &'a str, none: &'a BTreeMap<String, String>) -> Shown<'a> {
        Shown {
            account_id: self.account_id,
            action: "folder",
            bucket_id: self.bucket_id,
            content_length: 0,
            content_md5: None,
            content_sha1: None,
            content_type: None,
            file_id: None,
            file_info: none,
            file_name: name,
            file_retention: None,
            legal_hold: None,
            server_side_encryption: None,
            upload_timestamp: 0,
            size: (self.version == 1).then_some(0),
            replication_status: None,
        }
    }
}

impl Version {
    pub(crate) fn action(&self) -> &'static str {
        match self.kind {
            Kind::Upload => "upload",
            Kind::Hide => "hide",
            Kind::Start(_) => "start",
        }
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        matches!(self.kind, Kind::Start(_))
    }
}

/// Returns what a reader of the name sees: its newest finished version.
pub(crate) fn newest_finished(versions: &[Version]) -> Option<&Version> {
    versions.iter().find(|version| !version.is_unfinished())
}

impl State {
    pub(crate) fn file_info(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("readFiles")?;
        let file_id = call.fields.text("fileId")?;
        let (bucket, version) = self.reachable(call, file_id)?;
        let view = View::new(&self.account_id, bucket, &call.caller);
        Ok(Answer::of(&view.version(version)))
    }

    /// Finds a version that the caller's buckets and prefix allow.
    pub(crate) fn reachable(&self, call: &Call<'_>, file_id: &str) -> Result<(&Bucket, &Version)> {
        if !file_id.starts_with("4_z") {
            return Err(Refusal::bad_request(format!("Bad fileId: {file_id}")));
        }
        let (bucket, version) = self
            .version(file_id)
            .ok_or_else(|| Refusal::not_found(format!("Invalid fileId: {file_id} (file_state_none)")))?;
        call.caller.in_bucket(&bucket.id)?;
        call.caller.at(&version.name)?;
        Ok((bucket, version))
    }

    /// Finds the version that a request names by id and name.
    fn named(&mut self, call: &Call<'_>) -> Result<(&Bucket, &Version)> {
        let (file_id, name) = (call.fields.text("fileId")?, call.fields.text("fileName")?);
        let absent = || Refusal::new(400, "file_not_present", format!("File not present: {name} {file_id}"));
        let (bucket, version) = self.version(file_id).ok_or_else(absent)?;
        call.caller.in_bucket(&bucket.id)?;
        call.caller.at(name)?;
        if *version.name != *name {
            return Err(absent());
        }
        Ok((bucket, version))
    }

    pub(crate) fn hide_file(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeFiles")?;
        let (bucket_id, name) = (call.fields.text("bucketId")?, call.fields.text("fileName")?);
        let bucket = self.bucket(call, bucket_id)?;
        call.caller.at(name)?;
        file_name::check(name)?;
        let versions = bucket.files.get(name).map(Vec::as_slice).unwrap_or_default();
        match newest_finished(versions).map(|version| &version.kind) {
            Some(Kind::Upload) => {}
            Some(_) => {
                return Err(Refusal::new(400, "already_hidden", format!("File already hidden: {name}")));
            }
            None => {
                return Err(Refusal::new(400, "no_such_file", format!("File not present: {name}")));
            }
        }
        let uploaded = self.upload_time(bucket_id, name, call.now);
        let marker = Version {
            id: self.new_file_id(bucket_id, uploaded, false),
            name: name.into(),
            kind: Kind::Hide,
            content_type: "application/x-bz-hide-marker".to_owned(),
            sha1: String::new(),
            md5: None,
            info: BTreeMap::new(),
            uploaded,
            encryption: Encryption::None,
            lock: Lock::default(),
            replication: None,
            body: Body::default(),
        };
        let id = Arc::clone(&self.insert(bucket_id, marker)?.id);
        self.begin_replication(&id, call.now);
        self.answer_version(&call.caller, &id)
    }

    /// Shows a version that is there.
    pub(crate) fn answer_version(&self, caller: &Caller, file_id: &str) -> Result<Answer> {
        let (bucket, version) =
            self.version(file_id).ok_or_else(|| Refusal::not_found("the file is gone"))?;
        let view = View::new(&self.account_id, bucket, caller);
        Ok(Answer::of(&view.version(version)))
    }

    /// Returns the upload time of a new version: now, but after the newest version of its name.
    pub(crate) fn upload_time(&self, bucket_id: &str, name: &str, now: i64) -> i64 {
        let versions = self.buckets.get(bucket_id).and_then(|bucket| bucket.files.get(name));
        let newest = versions.and_then(|versions| versions.first());
        newest.map_or(now, |version| now.max(version.uploaded + 1))
    }

    pub(crate) fn delete_version(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("deleteFiles")?;
        let bypass = bypass(call, Caller::require)?;
        let (_, version) = self.named(call)?;
        version.lock.may_delete(call.now, bypass)?;
        let answer = Answer::of(&json!({"fileId": version.id, "fileName": version.name}));
        self.remove(call.fields.text("fileId")?);
        Ok(answer)
    }

    pub(crate) fn update_retention(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require_to_lock("writeFileRetentions")?;
        let bypass = bypass(call, Caller::require_to_lock)?;
        let (bucket, _) = self.named(call)?;
        require_lock(bucket)?;
        let asked = call.fields.value("fileRetention").unwrap_or(&Value::Null);
        let wanted = Retention::parse(asked, call.now)?;
        let file_id = call.fields.text("fileId")?;
        if let Some(version) = self.version_mut(file_id) {
            version.lock.retain(wanted, call.now, bypass)?;
        }
        let retention = json!({
            "mode": wanted.map(|retention| retention.mode.as_str()),
            "retainUntilTimestamp": wanted.map(|retention| retention.until),
        });
        let name = call.fields.text("fileName")?;
        Ok(Answer::of(&json!({"fileId": file_id, "fileName": name, "fileRetention": retention})))
    }

    pub(crate) fn update_hold(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require_to_lock("writeFileLegalHolds")?;
        let (bucket, _) = self.named(call)?;
        require_lock(bucket)?;
        let text = call.fields.text("legalHold")?;
        let hold = parse_hold(text)?;
        let file_id = call.fields.text("fileId")?;
        if let Some(version) = self.version_mut(file_id) {
            version.lock.hold = Some(hold);
        }
        let name = call.fields.text("fileName")?;
        Ok(Answer::of(&json!({"fileId": file_id, "fileName": name, "legalHold": text})))
    }
}

/// Refuses retention and holds where the bucket knows neither.
pub(crate) fn require_lock(bucket: &Bucket) -> Result<()> {
    if bucket.settings.lockable {
        return Ok(());
    }
    Err(Refusal::no_file_lock())
}

fn bypass(call: &Call<'_>, require: fn(&Caller, &str) -> Result<()>) -> Result<Bypass> {
    if call.fields.maybe_flag("bypassGovernance")? != Some(true) {
        return Ok(Bypass::No);
    }
    require(&call.caller, "bypassGovernance")?;
    Ok(Bypass::Yes)
}
