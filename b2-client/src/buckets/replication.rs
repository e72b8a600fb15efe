//! Replication: the service copies a bucket's files to another bucket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{BucketId, KeyId};
use crate::members::Other;

/// A bucket's replication settings: as a source, as a destination, as both or as neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Replication {
    /// The settings as a source; `None` if the bucket is not one.
    pub as_replication_source: Option<ReplicationSource>,
    /// The settings as a destination; `None` if the bucket is not one.
    pub as_replication_destination: Option<ReplicationDestination>,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

impl Replication {
    /// No replication in either direction. In an update this ends existing replication.
    pub fn none() -> Self {
        Self::default()
    }

    /// Replicates files from this bucket.
    pub fn source(mut self, source: ReplicationSource) -> Self {
        self.as_replication_source = Some(source);
        self
    }

    /// Accepts files from the bucket that is read with `source_key`, and writes them with `destination_key`.
    pub fn accept(mut self, source_key: KeyId, destination_key: KeyId) -> Self {
        let destination = self.as_replication_destination.get_or_insert_default();
        destination.source_to_destination_key_mapping.insert(source_key, destination_key);
        self
    }
}

/// Replication settings of a destination bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicationDestination {
    /// The key of each source bucket, mapped to the key that writes into this bucket.
    pub source_to_destination_key_mapping: BTreeMap<KeyId, KeyId>,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

/// Replication settings of a source bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicationSource {
    /// The key that reads the source bucket.
    pub source_application_key_id: KeyId,
    /// Which files are copied, and where to.
    pub replication_rules: Vec<ReplicationRule>,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

impl ReplicationSource {
    /// Reads files with `source_key` and copies them by `rules`.
    pub fn new(source_key: KeyId, rules: Vec<ReplicationRule>) -> Self {
        Self { source_application_key_id: source_key, replication_rules: rules, other: Other::default() }
    }
}

/// Which files are copied to which bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicationRule {
    /// The name of the rule.
    pub replication_rule_name: String,
    /// The bucket that the files are copied to.
    pub destination_bucket_id: BucketId,
    /// The prefix of the file names that the rule applies to; empty for all files.
    pub file_name_prefix: String,
    /// Whether files that existed before the rule are copied, too.
    pub include_existing_files: bool,
    /// Whether the rule is enabled.
    pub is_enabled: bool,
    /// If several rules match a file, the one with the highest priority applies. 1 to 2147483647.
    pub priority: u32,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

impl ReplicationRule {
    /// An enabled rule with priority 1 for all new files.
    pub fn new(name: impl Into<String>, destination: BucketId) -> Self {
        Self {
            replication_rule_name: name.into(),
            destination_bucket_id: destination,
            file_name_prefix: String::new(),
            include_existing_files: false,
            is_enabled: true,
            priority: 1,
            other: Other::default(),
        }
    }

    /// Applies the rule only to files whose names begin with `prefix`.
    pub fn file_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.file_name_prefix = prefix.into();
        self
    }

    /// Also copies files that existed before the rule.
    pub fn include_existing_files(mut self) -> Self {
        self.include_existing_files = true;
        self
    }

    /// Disables the rule.
    pub fn disabled(mut self) -> Self {
        self.is_enabled = false;
        self
    }

    /// Sets the priority.
    pub fn priority(mut self, priority: u32) -> Self {
        self.priority = priority;
        self
    }
}
