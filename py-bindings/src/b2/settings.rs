//! Settings of buckets and files, which go both ways: read from the service, and sent to it.

use std::collections::BTreeMap;

use b2_client::UnixMillis;
use b2_client::buckets::{self, Encryption, Period, RetentionMode, Visibility};
use b2_client::files::{self, LegalHold};
use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::errors;
use crate::values::{Time, value_class};

/// What an enumeration of the client is called in B2's API.
pub(super) fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        other => other.map(|value| value.to_string()).unwrap_or_default(),
    }
}

pub(super) fn encryption_name(encryption: &Encryption) -> String {
    match encryption {
        Encryption::None => "none".to_owned(),
        Encryption::SseB2 => "SSE-B2".to_owned(),
        Encryption::SseC => "SSE-C".to_owned(),
        Encryption::Unknown(name) => name.clone(),
        _ => String::new(),
    }
}

pub(super) fn encryption(name: &str) -> PyResult<Encryption> {
    match name {
        "SSE-B2" => Ok(Encryption::SseB2),
        "SSE-C" => Ok(Encryption::SseC),
        _ => Err(errors::argument("encryption", name, "is none that a request may ask for", "use SSE-B2")),
    }
}

pub(super) fn visibility(name: &str) -> PyResult<Visibility> {
    match name {
        "allPrivate" => Ok(Visibility::Private),
        "allPublic" => Ok(Visibility::Public),
        "snapshot" => Ok(Visibility::Snapshot),
        _ => Err(errors::argument("visibility", name, "is unknown", "use allPrivate or allPublic")),
    }
}

pub(super) fn legal_hold(state: &str) -> PyResult<LegalHold> {
    match state {
        "on" => Ok(LegalHold::On),
        "off" => Ok(LegalHold::Off),
        _ => Err(errors::argument("legal hold", state, "is neither on nor off", "use one of them")),
    }
}

fn mode(name: &str) -> PyResult<RetentionMode> {
    match name {
        "compliance" => Ok(RetentionMode::Compliance),
        "governance" => Ok(RetentionMode::Governance),
        _ => Err(errors::argument("retention mode", name, "is unknown", "use compliance or governance")),
    }
}

/// The members of a value that its class has no field for, each as JSON.
fn unknown_of(value: &impl Serialize, known: &[&str]) -> BTreeMap<String, String> {
    let Ok(Value::Object(members)) = serde_json::to_value(value) else { return BTreeMap::new() };
    let unknown = members.into_iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name, value.to_string())).collect()
}

/// A value of the client from what Python knows of it and what it does not.
fn whole<T: DeserializeOwned>(known: Value, unknown: &BTreeMap<String, String>) -> PyResult<T> {
    let mut members = Map::new();
    for (name, text) in unknown {
        let value = serde_json::from_str(text).map_err(|_| {
            errors::argument("unknown setting", text, "is no JSON", "leave it as it was read")
        })?;
        members.insert(name.clone(), value);
    }
    if let Value::Object(known) = known {
        members.extend(known);
    }
    serde_json::from_value(Value::Object(members))
        .map_err(|error| errors::argument("setting", "", &format!("has a wrong form: {error}"), "correct it"))
}

value_class! {
    /// What the service does, after how many days, to files whose names begin with a prefix. At least one number is set, none is zero.
    ///
    /// >>> LifecycleRule(days_from_hiding_to_deleting=30)
    /// LifecycleRule(file_name_prefix='', days_from_hiding_to_deleting=30, days_from_uploading_to_hiding=None, days_from_starting_to_canceling_unfinished_large_files=None, unknown={})
    LifecycleRule {
        /// The prefix of the file names that the rule applies to; empty for all files.
        file_name_prefix: String = (String::new()),
        /// Days after which a version that was hidden or superseded is deleted.
        days_from_hiding_to_deleting: Option<u32> = None,
        /// Days after its upload after which a file is hidden.
        days_from_uploading_to_hiding: Option<u32> = None,
        /// Days after its start after which an unfinished large file is cancelled.
        days_from_starting_to_canceling_unfinished_large_files: Option<u32> = None,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

value_class! {
    /// Which web pages may do what with a bucket's files from a browser.
    CorsRule {
        /// The name: 6 to 50 letters, digits and dashes.
        cors_rule_name: String,
        /// The allowed origins.
        allowed_origins: Vec<String>,
        /// The allowed operations, such as ``"b2_download_file_by_name"``.
        allowed_operations: Vec<String>,
        /// How long browsers may cache the answer to a preflight request, in seconds; at most 86400.
        max_age_seconds: u32,
        /// The request headers that pages may send.
        allowed_headers: Option<Vec<String>> = None,
        /// The response headers that pages may read.
        expose_headers: Option<Vec<String>> = None,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

value_class! {
    /// Which files of a bucket are copied to which other one.
    ReplicationRule {
        /// The name of the rule.
        replication_rule_name: String,
        /// The id of the bucket that the files are copied to.
        destination_bucket_id: String,
        /// The prefix of the file names that the rule applies to; empty for all files.
        file_name_prefix: String = (String::new()),
        /// Whether files that existed before the rule are copied, too.
        include_existing_files: bool = false,
        /// Whether the rule is enabled.
        is_enabled: bool = true,
        /// If several rules match a file, the one with the highest priority applies. 1 to 2147483647.
        priority: u32 = 1,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

value_class! {
    /// A bucket's replication settings as a source.
    ReplicationSource {
        /// The id of the key that reads the bucket.
        source_application_key_id: String,
        /// Which files are copied, and where to.
        replication_rules: Vec<ReplicationRule>,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

value_class! {
    /// A bucket's replication settings as a destination.
    ReplicationDestination {
        /// The id of the key of each source bucket, and of the key that writes into this one.
        source_to_destination_key_mapping: BTreeMap<String, String>,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

value_class! {
    /// A bucket's replication settings; without either side there is no replication.
    Replication {
        /// The settings as a source; ``None`` if the bucket is not one.
        as_replication_source: Option<ReplicationSource> = None,
        /// The settings as a destination; ``None`` if the bucket is not one.
        as_replication_destination: Option<ReplicationDestination> = None,
        /// Settings that this package does not know, each as JSON; they are sent back as they came.
        unknown: Unknown = (Unknown::default()),
    }
}

/// Settings of a service that this package does not know, each as JSON.
pub(crate) type Unknown = BTreeMap<String, String>;

value_class! {
    /// The retention of new versions whose upload does not say another. Changing it does not affect versions that exist.
    ///
    /// >>> DefaultRetention.compliance(30)
    /// DefaultRetention(mode='compliance', duration=30, unit='days')
    DefaultRetention {
        /// Who can shorten it: ``"compliance"`` means nobody, ``"governance"`` keys with ``bypassGovernance``.
        mode: String,
        /// The number of units, counted from the upload.
        duration: u32,
        /// ``"days"`` or ``"years"``.
        unit: String = (String::from("days")),
    }

    /// Retention in compliance mode, which nobody can shorten or remove from an uploaded version.
    #[staticmethod]
    #[pyo3(signature = (duration, unit = "days"))]
    fn compliance(duration: u32, unit: &str) -> Self {
        Self { mode: "compliance".to_owned(), duration, unit: unit.to_owned() }
    }

    /// Retention in governance mode, which keys with ``bypassGovernance`` can shorten or remove.
    #[staticmethod]
    #[pyo3(signature = (duration, unit = "days"))]
    fn governance(duration: u32, unit: &str) -> Self {
        Self { mode: "governance".to_owned(), duration, unit: unit.to_owned() }
    }
}

value_class! {
    /// Object lock on a bucket.
    FileLock {
        /// Whether object lock is enabled. It cannot be disabled again.
        enabled: bool,
        /// The retention of new versions; ``None`` for no retention.
        default_retention: Option<DefaultRetention> = None,
    }
}

value_class! {
    /// The retention of a version: until when it cannot be deleted.
    FileRetention {
        /// Who can shorten it: ``"compliance"`` means nobody, ``"governance"`` keys with ``bypassGovernance``.
        mode: String,
        /// The end of the retention. Compute it from the service's time, since the local clock may be wrong.
        until: Time,
    }

    /// Retention in compliance mode, which nobody can shorten or remove.
    #[staticmethod]
    fn compliance(until: Time) -> Self {
        Self { mode: "compliance".to_owned(), until }
    }

    /// Retention in governance mode, which keys with ``bypassGovernance`` can shorten or remove.
    #[staticmethod]
    fn governance(until: Time) -> Self {
        Self { mode: "governance".to_owned(), until }
    }
}

value_class! {
    /// Response headers of a download that replace those of the upload, as where a browser should save a file instead of showing it.
    HeaderOverrides {
        /// The ``Content-Disposition``, such as ``attachment; filename="report.pdf"``.
        content_disposition: Option<String> = None,
        /// The ``Content-Type``.
        content_type: Option<String> = None,
        /// The ``Content-Language``.
        content_language: Option<String> = None,
        /// The ``Content-Encoding``.
        content_encoding: Option<String> = None,
        /// The ``Cache-Control``.
        cache_control: Option<String> = None,
        /// The ``Expires``.
        expires: Option<String> = None,
    }
}

impl From<buckets::LifecycleRule> for LifecycleRule {
    fn from(rule: buckets::LifecycleRule) -> Self {
        const KNOWN: [&str; 4] = [
            "fileNamePrefix",
            "daysFromHidingToDeleting",
            "daysFromUploadingToHiding",
            "daysFromStartingToCancelingUnfinishedLargeFiles",
        ];
        let unknown = unknown_of(&rule, &KNOWN);
        Self {
            file_name_prefix: rule.file_name_prefix,
            days_from_hiding_to_deleting: rule.days_from_hiding_to_deleting,
            days_from_uploading_to_hiding: rule.days_from_uploading_to_hiding,
            days_from_starting_to_canceling_unfinished_large_files: rule
                .days_from_starting_to_canceling_unfinished_large_files,
            unknown,
        }
    }
}

impl LifecycleRule {
    pub(super) fn wire(&self) -> PyResult<buckets::LifecycleRule> {
        let known = json!({
            "fileNamePrefix": self.file_name_prefix,
            "daysFromHidingToDeleting": self.days_from_hiding_to_deleting,
            "daysFromUploadingToHiding": self.days_from_uploading_to_hiding,
            "daysFromStartingToCancelingUnfinishedLargeFiles":
                self.days_from_starting_to_canceling_unfinished_large_files,
        });
        whole(known, &self.unknown)
    }
}

impl From<buckets::CorsRule> for CorsRule {
    fn from(rule: buckets::CorsRule) -> Self {
        const KNOWN: [&str; 6] = [
            "corsRuleName",
            "allowedOrigins",
            "allowedOperations",
            "allowedHeaders",
            "exposeHeaders",
            "maxAgeSeconds",
        ];
        let unknown = unknown_of(&rule, &KNOWN);
        Self {
            cors_rule_name: rule.cors_rule_name,
            allowed_origins: rule.allowed_origins,
            allowed_operations: rule.allowed_operations,
            max_age_seconds: rule.max_age_seconds,
            allowed_headers: rule.allowed_headers,
            expose_headers: rule.expose_headers,
            unknown,
        }
    }
}

impl CorsRule {
    pub(super) fn wire(&self) -> PyResult<buckets::CorsRule> {
        let known = json!({
            "corsRuleName": self.cors_rule_name,
            "allowedOrigins": self.allowed_origins,
            "allowedOperations": self.allowed_operations,
            "allowedHeaders": self.allowed_headers,
            "exposeHeaders": self.expose_headers,
            "maxAgeSeconds": self.max_age_seconds,
        });
        whole(known, &self.unknown)
    }
}

impl From<buckets::Replication> for Replication {
    fn from(replication: buckets::Replication) -> Self {
        let unknown = unknown_of(&replication, &["asReplicationSource", "asReplicationDestination"]);
        Self {
            as_replication_source: replication.as_replication_source.map(Into::into),
            as_replication_destination: replication.as_replication_destination.map(Into::into),
            unknown,
        }
    }
}

impl From<buckets::ReplicationSource> for ReplicationSource {
    fn from(source: buckets::ReplicationSource) -> Self {
        let unknown = unknown_of(&source, &["sourceApplicationKeyId", "replicationRules"]);
        Self {
            source_application_key_id: source.source_application_key_id.to_string(),
            replication_rules: source.replication_rules.into_iter().map(Into::into).collect(),
            unknown,
        }
    }
}

impl From<buckets::ReplicationDestination> for ReplicationDestination {
    fn from(destination: buckets::ReplicationDestination) -> Self {
        let unknown = unknown_of(&destination, &["sourceToDestinationKeyMapping"]);
        let keys = destination.source_to_destination_key_mapping.into_iter();
        let mapping = keys.map(|(source, target)| (source.to_string(), target.to_string())).collect();
        Self { source_to_destination_key_mapping: mapping, unknown }
    }
}

impl From<buckets::ReplicationRule> for ReplicationRule {
    fn from(rule: buckets::ReplicationRule) -> Self {
        const KNOWN: [&str; 6] = [
            "replicationRuleName",
            "destinationBucketId",
            "fileNamePrefix",
            "includeExistingFiles",
            "isEnabled",
            "priority",
        ];
        let unknown = unknown_of(&rule, &KNOWN);
        Self {
            replication_rule_name: rule.replication_rule_name,
            destination_bucket_id: rule.destination_bucket_id.to_string(),
            file_name_prefix: rule.file_name_prefix,
            include_existing_files: rule.include_existing_files,
            is_enabled: rule.is_enabled,
            priority: rule.priority,
            unknown,
        }
    }
}

impl ReplicationRule {
    fn json(&self) -> PyResult<Value> {
        let known = json!({
            "replicationRuleName": self.replication_rule_name,
            "destinationBucketId": self.destination_bucket_id,
            "fileNamePrefix": self.file_name_prefix,
            "includeExistingFiles": self.include_existing_files,
            "isEnabled": self.is_enabled,
            "priority": self.priority,
        });
        whole(known, &self.unknown)
    }
}

impl Replication {
    pub(super) fn wire(&self) -> PyResult<buckets::Replication> {
        let source = self.as_replication_source.as_ref().map(|source| {
            let rules = source.replication_rules.iter().map(ReplicationRule::json);
            let known = json!({
                "sourceApplicationKeyId": source.source_application_key_id,
                "replicationRules": rules.collect::<PyResult<Vec<_>>>()?,
            });
            whole::<Value>(known, &source.unknown)
        });
        let destination = self.as_replication_destination.as_ref().map(|destination| {
            let mapping = &destination.source_to_destination_key_mapping;
            whole::<Value>(json!({ "sourceToDestinationKeyMapping": mapping }), &destination.unknown)
        });
        let known = json!({
            "asReplicationSource": source.transpose()?,
            "asReplicationDestination": destination.transpose()?,
        });
        whole(known, &self.unknown)
    }
}

impl From<buckets::DefaultRetention> for DefaultRetention {
    fn from(retention: buckets::DefaultRetention) -> Self {
        let (duration, unit) = match retention.period {
            Period::Days(days) => (days, "days".to_owned()),
            Period::Years(years) => (years, "years".to_owned()),
            Period::Unknown { duration, unit } => (duration, unit),
            _ => (0, String::new()),
        };
        Self { mode: name_of(&retention.mode), duration, unit }
    }
}

impl DefaultRetention {
    pub(super) fn wire(&self) -> PyResult<buckets::DefaultRetention> {
        let period = match self.unit.as_str() {
            "days" => Period::Days(self.duration),
            "years" => Period::Years(self.duration),
            unit => return Err(errors::argument("unit", unit, "is unknown", "use days or years")),
        };
        Ok(match mode(&self.mode)? {
            RetentionMode::Compliance => buckets::DefaultRetention::compliance(period),
            _ => buckets::DefaultRetention::governance(period),
        })
    }
}

impl From<buckets::FileLock> for FileLock {
    fn from(lock: buckets::FileLock) -> Self {
        Self { enabled: lock.enabled, default_retention: lock.default_retention.map(Into::into) }
    }
}

impl FileRetention {
    /// ``None`` for no retention.
    pub(super) fn of(retention: files::FileRetention) -> Option<Self> {
        match retention {
            files::FileRetention::Until { mode, until } => {
                Some(Self { mode: name_of(&mode), until: Time(until.get()) })
            }
            _ => None,
        }
    }

    pub(super) fn wire(&self) -> PyResult<files::FileRetention> {
        let until = UnixMillis::new(self.until.0);
        Ok(match mode(&self.mode)? {
            RetentionMode::Compliance => files::FileRetention::compliance(until),
            _ => files::FileRetention::governance(until),
        })
    }
}

impl HeaderOverrides {
    pub(super) fn none() -> Self {
        Self {
            content_disposition: None,
            content_type: None,
            content_language: None,
            content_encoding: None,
            cache_control: None,
            expires: None,
        }
    }

    pub(super) fn wire(&self) -> files::HeaderOverrides {
        type Set = fn(files::HeaderOverrides, String) -> files::HeaderOverrides;
        let settings: [(&Option<String>, Set); 6] = [
            (&self.content_disposition, files::HeaderOverrides::content_disposition),
            (&self.content_type, files::HeaderOverrides::content_type),
            (&self.content_language, files::HeaderOverrides::content_language),
            (&self.content_encoding, files::HeaderOverrides::content_encoding),
            (&self.cache_control, files::HeaderOverrides::cache_control),
            (&self.expires, files::HeaderOverrides::expires),
        ];
        settings.into_iter().fold(files::HeaderOverrides::new(), |overrides, (value, set)| match value {
            Some(value) => set(overrides, value.clone()),
            None => overrides,
        })
    }
}
