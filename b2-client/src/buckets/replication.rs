//! Copying a bucket's files to another bucket by the service itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{BucketId, KeyId};

/// A bucket's part in replication: as a source, as a destination, as both or neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Replication {
    /// Where its files go.
    pub as_replication_source: Option<ReplicationSource>,
    /// Which source keys may write into it, by which of its own keys.
    #[serde(with = "destination")]
    pub as_replication_destination: Option<BTreeMap<KeyId, KeyId>>,
}

impl Replication {
    /// No replication in either direction; as an update, ends what there was.
    pub fn none() -> Self {
        Self::default()
    }

    /// Sends files away as this says.
    pub fn source(mut self, source: ReplicationSource) -> Self {
        self.as_replication_source = Some(source);
        self
    }

    /// Lets the source's key write by the destination's key.
    pub fn accept(mut self, source_key: KeyId, destination_key: KeyId) -> Self {
        self.as_replication_destination.get_or_insert_default().insert(source_key, destination_key);
        self
    }
}

/// A source bucket's rules and the key that reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicationSource {
    /// The key that reads the source bucket.
    pub source_application_key_id: KeyId,
    /// The rules.
    pub replication_rules: Vec<ReplicationRule>,
}

impl ReplicationSource {
    /// Reads with this key and copies by these rules.
    pub fn new(source_key: KeyId, rules: Vec<ReplicationRule>) -> Self {
        Self { source_application_key_id: source_key, replication_rules: rules }
    }
}

/// Which files are copied where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplicationRule {
    /// The rule's name.
    pub replication_rule_name: String,
    /// The bucket that the files are copied to.
    pub destination_bucket_id: BucketId,
    /// The start of the names that it applies to.
    pub file_name_prefix: String,
    /// Whether files that were there before the rule are copied too.
    pub include_existing_files: bool,
    /// Whether it is in force.
    pub is_enabled: bool,
    /// Which rule wins for a file that several match: the higher; 1 to 2147483647.
    pub priority: u32,
}

impl ReplicationRule {
    /// An enabled rule of priority 1 for all new files.
    pub fn new(name: impl Into<String>, destination: BucketId) -> Self {
        Self {
            replication_rule_name: name.into(),
            destination_bucket_id: destination,
            file_name_prefix: String::new(),
            include_existing_files: false,
            is_enabled: true,
            priority: 1,
        }
    }

    /// Applies to names that begin like this only.
    pub fn file_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.file_name_prefix = prefix.into();
        self
    }

    /// Copies the files that are already there, too.
    pub fn include_existing_files(mut self) -> Self {
        self.include_existing_files = true;
        self
    }

    /// Keeps the rule without its being in force.
    pub fn disabled(mut self) -> Self {
        self.is_enabled = false;
        self
    }

    /// Wins over rules of lower priority.
    pub fn priority(mut self, priority: u32) -> Self {
        self.priority = priority;
        self
    }
}

/// The mapping stands in an object of its own on the wire.
mod destination {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::ids::KeyId;

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        source_to_destination_key_mapping: BTreeMap<KeyId, KeyId>,
    }

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(
        mapping: &Option<BTreeMap<KeyId, KeyId>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let wire = mapping.clone().map(|map| Wire { source_to_destination_key_mapping: map });
        wire.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<BTreeMap<KeyId, KeyId>>, D::Error> {
        Ok(Option::<Wire>::deserialize(deserializer)?.map(|wire| wire.source_to_destination_key_mapping))
    }
}
