//! Requests on buckets: list, create, update.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Bucket, CorsRule, DefaultRetention, Encryption, LifecycleRule, Replication, RetentionMode, Visibility,
    cors, lifecycle,
};
use crate::bucket_ref::BucketRef;
use crate::capability::Capability;
use crate::error::Error;
use crate::ids::Revision;
use crate::names::BucketName;

/// A request to list buckets. Without a filter it lists all buckets that the key may access.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListBuckets {
    #[serde(flatten)]
    pub(super) bucket: Option<BucketRef>,
    #[serde(rename = "bucketTypes", skip_serializing_if = "Vec::is_empty")]
    types: Vec<Visibility>,
}

impl ListBuckets {
    /// Lists private, public and snapshot buckets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists only this bucket. Needs no lookup, whether it is named by its name or by its id.
    pub fn bucket(mut self, bucket: impl Into<BucketRef>) -> Self {
        self.bucket = Some(bucket.into());
        self
    }

    /// Lists only buckets with this visibility. Each further call adds one.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.types.push(visibility);
        self
    }

    /// Lists buckets with any visibility, including bucket types that Backblaze creates for its own use.
    pub fn any_visibility(mut self) -> Self {
        self.types = vec![Visibility::Unknown("all".to_owned())];
        self
    }
}

/// A request to create a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateBucket {
    pub(super) bucket_name: BucketName,
    bucket_type: Visibility,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    bucket_info: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cors_rules: Vec<CorsRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_lock_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lifecycle_rules: Vec<LifecycleRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replication_configuration: Option<Replication>,
    #[serde(rename = "defaultServerSideEncryption", skip_serializing_if = "Option::is_none")]
    encryption: Option<Encryption>,
}

impl CreateBucket {
    /// A bucket with this name and visibility, without object lock. The service encrypts its files with keys of its own (SSE-B2).
    pub fn new(name: BucketName, visibility: Visibility) -> Self {
        Self {
            bucket_name: name,
            bucket_type: visibility,
            bucket_info: BTreeMap::new(),
            cors_rules: Vec::new(),
            file_lock_enabled: None,
            lifecycle_rules: Vec::new(),
            replication_configuration: None,
            encryption: None,
        }
    }

    /// Enables object lock, which cannot be disabled again. Set default retention with an [`UpdateBucket`] afterwards.
    pub fn object_lock(mut self) -> Self {
        self.file_lock_enabled = Some(true);
        self
    }

    /// Sets the default encryption of new files.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Sets the lifecycle rules.
    pub fn lifecycle_rules(mut self, rules: impl IntoIterator<Item = LifecycleRule>) -> Self {
        self.lifecycle_rules = rules.into_iter().collect();
        self
    }

    /// Sets the bucket info: up to ten entries whose keys consist of letters, digits, `-` and `_`.
    pub fn bucket_info(mut self, info: BTreeMap<String, String>) -> Self {
        self.bucket_info = info;
        self
    }

    /// Sets the CORS rules.
    pub fn cors_rules(mut self, rules: impl IntoIterator<Item = CorsRule>) -> Self {
        self.cors_rules = rules.into_iter().collect();
        self
    }

    /// Sets the replication settings.
    pub fn replication(mut self, replication: Replication) -> Self {
        self.replication_configuration = Some(replication);
        self
    }

    /// The capabilities that the settings require beside that of the operation.
    pub(super) fn needs(&self) -> Vec<Capability> {
        needs(
            self.encryption.is_some(),
            self.file_lock_enabled.is_some(),
            self.replication_configuration.is_some(),
        )
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let fault = lifecycle::fault(&self.lifecycle_rules)
            .or_else(|| cors::fault(&self.cors_rules))
            .or_else(|| info_fault(&self.bucket_info))
            .or_else(|| encryption_fault(self.encryption.as_ref()));
        fault.map_or(Ok(()), |why| {
            Err(Error::invalid("b2_create_bucket", why).on(format_args!("bucket {}", self.bucket_name)))
        })
    }

    /// Whether a bucket has what this request asks for. What it leaves to the service is not compared, since the service's defaults
    /// change; only a lock that was not asked for is, because it cannot be undone. Settings that the key may not read are ignored.
    pub(super) fn made(&self, bucket: &Bucket) -> bool {
        fn as_asked<T: PartialEq>(asked: Option<&T>, found: Option<&T>) -> bool {
            asked.is_none_or(|asked| found.is_none_or(|found| found == asked))
        }
        let locked = self.file_lock_enabled.unwrap_or(false);
        bucket.visibility == self.bucket_type
            && (self.bucket_info.is_empty() || bucket.info == self.bucket_info)
            && (self.lifecycle_rules.is_empty() || bucket.lifecycle_rules == self.lifecycle_rules)
            && (self.cors_rules.is_empty() || bucket.cors_rules == self.cors_rules)
            && as_asked(self.encryption.as_ref(), bucket.default_encryption.known())
            && as_asked(self.replication_configuration.as_ref(), bucket.replication.known())
            && bucket
                .file_lock
                .known()
                .is_none_or(|lock| lock.enabled == locked && lock.default_retention.is_none())
    }
}

/// A request to change settings of a bucket. Settings that it does not set stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateBucket {
    #[serde(flatten)]
    pub(super) bucket: BucketRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_type: Option<Visibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_info: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cors_rules: Option<Vec<CorsRule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_rules: Option<Vec<LifecycleRule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_retention: Option<Retention>,
    #[serde(rename = "defaultServerSideEncryption", skip_serializing_if = "Option::is_none")]
    encryption: Option<DefaultEncryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_lock_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replication_configuration: Option<Replication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    if_revision_is: Option<Revision>,
}

/// Default retention in a request: a value, or `{"mode": null}` to clear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Retention {
    Set(DefaultRetention),
    Clear { mode: Option<RetentionMode> },
}

/// Default encryption in a request: a mode, or `null` for the service's default, which is SSE-B2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum DefaultEncryption {
    Mode(Encryption),
    Reset,
}

impl DefaultEncryption {
    fn mode(&self) -> &Encryption {
        match self {
            Self::Mode(mode) => mode,
            Self::Reset => &Encryption::SseB2,
        }
    }
}

impl UpdateBucket {
    /// An update of this bucket, without any change yet.
    pub fn new(bucket: impl Into<BucketRef>) -> Self {
        Self {
            bucket: bucket.into(),
            bucket_type: None,
            bucket_info: None,
            cors_rules: None,
            lifecycle_rules: None,
            default_retention: None,
            encryption: None,
            file_lock_enabled: None,
            replication_configuration: None,
            if_revision_is: None,
        }
    }

    /// Fails with [`RevisionConflict`](crate::ErrorKind::RevisionConflict) unless the bucket has this revision.
    pub fn if_revision(mut self, revision: Revision) -> Self {
        self.if_revision_is = Some(revision);
        self
    }

    /// Changes who may read the files.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.bucket_type = Some(visibility);
        self
    }

    /// Replaces the bucket info.
    pub fn bucket_info(mut self, info: BTreeMap<String, String>) -> Self {
        self.bucket_info = Some(info);
        self
    }

    /// Replaces all CORS rules.
    pub fn cors_rules(mut self, rules: impl IntoIterator<Item = CorsRule>) -> Self {
        self.cors_rules = Some(rules.into_iter().collect());
        self
    }

    /// Replaces all lifecycle rules.
    pub fn lifecycle_rules(mut self, rules: impl IntoIterator<Item = LifecycleRule>) -> Self {
        self.lifecycle_rules = Some(rules.into_iter().collect());
        self
    }

    /// Sets the default retention of versions uploaded from now on. In compliance mode nobody can shorten or remove the retention of an
    /// uploaded version.
    pub fn default_retention(mut self, retention: DefaultRetention) -> Self {
        self.default_retention = Some(Retention::Set(retention));
        self
    }

    /// Clears the default retention. Versions that exist keep their retention.
    pub fn clear_default_retention(mut self) -> Self {
        self.default_retention = Some(Retention::Clear { mode: None });
        self
    }

    /// Changes the default encryption of new files.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(DefaultEncryption::Mode(encryption));
        self
    }

    /// Resets the default encryption of new files to the service's own, which is SSE-B2. The service takes no request for no encryption.
    pub fn reset_encryption(mut self) -> Self {
        self.encryption = Some(DefaultEncryption::Reset);
        self
    }

    /// Enables object lock, which cannot be disabled again.
    pub fn object_lock(mut self) -> Self {
        self.file_lock_enabled = Some(true);
        self
    }

    /// Replaces the replication settings.
    pub fn replication(mut self, replication: Replication) -> Self {
        self.replication_configuration = Some(replication);
        self
    }

    /// The same update of this bucket.
    pub(super) fn of(self, bucket: BucketRef) -> Self {
        Self { bucket, ..self }
    }

    /// Whether a bucket has every setting of this update. A setting that the key may not read counts as different.
    pub(super) fn holds(&self, bucket: &Bucket) -> bool {
        fn same<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        let lock = bucket.file_lock.known();
        let default = lock.map(|lock| lock.default_retention.as_ref());
        let retention = match &self.default_retention {
            None => true,
            Some(Retention::Set(wanted)) => default == Some(Some(wanted)),
            Some(Retention::Clear { .. }) => default == Some(None),
        };
        retention
            && same(self.bucket_type.as_ref(), Some(&bucket.visibility))
            && same(self.bucket_info.as_ref(), Some(&bucket.info))
            && same(self.cors_rules.as_ref(), Some(&bucket.cors_rules))
            && same(self.lifecycle_rules.as_ref(), Some(&bucket.lifecycle_rules))
            && same(self.encryption.as_ref().map(DefaultEncryption::mode), bucket.default_encryption.known())
            && same(self.file_lock_enabled.as_ref(), lock.map(|lock| &lock.enabled))
            && same(self.replication_configuration.as_ref(), bucket.replication.known())
    }

    /// Whether the update replaces the member with this name in B2's API.
    pub(super) fn replaces(&self, name: &str) -> bool {
        match name {
            "bucketInfo" => self.bucket_info.is_some(),
            "corsRules" => self.cors_rules.is_some(),
            "lifecycleRules" => self.lifecycle_rules.is_some(),
            _ => false,
        }
    }

    /// The capabilities that the settings require beside that of the operation.
    pub(super) fn needs(&self) -> Vec<Capability> {
        let locks = self.file_lock_enabled.is_some() || self.default_retention.is_some();
        needs(self.encryption.is_some(), locks, self.replication_configuration.is_some())
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let retention = match &self.default_retention {
            Some(Retention::Set(retention)) => retention.fault(),
            _ => None,
        };
        let fault = retention
            .or_else(|| lifecycle::fault(self.lifecycle_rules.as_deref().unwrap_or_default()))
            .or_else(|| cors::fault(self.cors_rules.as_deref().unwrap_or_default()))
            .or_else(|| self.bucket_info.as_ref().and_then(info_fault))
            .or_else(|| encryption_fault(self.encryption.as_ref().map(DefaultEncryption::mode)));
        fault.map_or(Ok(()), |why| Err(Error::invalid("b2_update_bucket", why).on(&self.bucket)))
    }
}

fn info_fault(info: &BTreeMap<String, String>) -> Option<String> {
    if info.len() > 10 {
        return Some(format!("bucket info may have at most 10 entries, not {}", info.len()));
    }
    let good = |key: &str| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let bad = info.keys().find(|key| !good(key))?;
    Some(format!("the bucket info key {bad:?} may consist of letters, digits, - and _ only"))
}

fn encryption_fault(encryption: Option<&Encryption>) -> Option<String> {
    let fault = match encryption? {
        Encryption::SseC => "SSE-C cannot be the default encryption of a bucket",
        Encryption::None => {
            "the service no longer takes a bucket without encryption: reset to its default instead"
        }
        Encryption::SseB2 | Encryption::Unknown(_) => return None,
    };
    Some(fault.to_owned())
}

fn needs(encryption: bool, lock: bool, replication: bool) -> Vec<Capability> {
    [
        (encryption, Capability::WriteBucketEncryption),
        (lock, Capability::WriteBucketRetentions),
        (replication, Capability::WriteBucketReplications),
    ]
    .into_iter()
    .filter_map(|(asked, capability)| asked.then_some(capability))
    .collect()
}
