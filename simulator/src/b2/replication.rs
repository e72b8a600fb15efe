//! Replication: new versions are pending, and a minute later they are where the rules send them, or have failed.

use std::sync::Arc;

use serde_json::Value;

use super::bucket::Bucket;
use super::encryption::Encryption;
use super::state::State;
use super::version::{Kind, Version};

/// How long a version waits, in milliseconds.
const WAIT: i64 = 60_000;

/// How far the replication of a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replication {
    Pending,
    Completed,
    Failed,
    /// It is itself a copy that a replication made.
    Replica,
}

impl Replication {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Replica => "REPLICA",
        }
    }
}

/// A version on its way.
#[derive(Debug)]
pub(crate) struct Waiting {
    file_id: Arc<str>,
    due: i64,
}

/// Where a bucket's rules send a name: the destinations of the enabled rules whose prefix fits.
fn destinations(bucket: &Bucket, name: &str, existing: bool) -> Vec<String> {
    let source = bucket.settings.replication.as_ref().map(|both| &both["asReplicationSource"]);
    let rules = source.and_then(|source| source["replicationRules"].as_array()).map(Vec::as_slice);
    let fits = |rule: &&Value| {
        rule["isEnabled"] != false
            && name.starts_with(rule["fileNamePrefix"].as_str().unwrap_or_default())
            && (!existing || rule["includeExistingFiles"] == true)
    };
    let chosen = rules.unwrap_or_default().iter().filter(fits);
    chosen.filter_map(|rule| rule["destinationBucketId"].as_str().map(str::to_owned)).collect()
}

/// Tells whether a bucket takes what another sends with its key.
fn accepts(destination: &Bucket, source: &Bucket) -> bool {
    let side =
        |bucket: &Bucket, name: &str| bucket.settings.replication.as_ref().map(|both| both[name].clone());
    let key = side(source, "asReplicationSource").unwrap_or_default()["sourceApplicationKeyId"].clone();
    let mapping = side(destination, "asReplicationDestination").unwrap_or_default();
    let mapping = &mapping["sourceToDestinationKeyMapping"];
    key.as_str().is_some_and(|key| mapping.get(key).is_some())
}

impl State {
    /// Queues a new version for replication, if there is a rule for it.
    pub(crate) fn begin_replication(&mut self, file_id: &str, now: i64) {
        let wanted = self.version(file_id).is_some_and(|(bucket, version)| {
            wants_replication(version) && !destinations(bucket, &version.name, false).is_empty()
        });
        if wanted {
            self.replicate_later(file_id, now);
        }
    }

    /// Queues the versions that a bucket has already, where its rules include them.
    pub(crate) fn replicate_existing(&mut self, bucket_id: &str, now: i64) {
        let Some(bucket) = self.buckets.get(bucket_id) else {
            return;
        };
        let included = |version: &&Version| {
            version.replication.is_none()
                && wants_replication(version)
                && !destinations(bucket, &version.name, true).is_empty()
        };
        let ids: Vec<_> =
            bucket.files.values().flatten().filter(included).map(|version| Arc::clone(&version.id)).collect();
        for id in ids {
            self.replicate_later(&id, now);
        }
    }

    fn replicate_later(&mut self, file_id: &str, now: i64) {
        if let Some(version) = self.version_mut(file_id) {
            version.replication = Some(Replication::Pending);
            let file_id = Arc::clone(&version.id);
            self.replicating.push(Waiting { file_id, due: now + WAIT });
        }
    }

    /// Carries out the replications that are due.
    pub(crate) fn replicate(&mut self, now: i64) {
        let due = self.replicating.extract_if(.., |waiting| waiting.due <= now).collect::<Vec<_>>();
        for Waiting { file_id, .. } in due {
            let outcome =
                if self.send_replicas(&file_id) { Replication::Completed } else { Replication::Failed };
            if let Some(version) = self.version_mut(&file_id) {
                version.replication = Some(outcome);
            }
        }
    }

    fn send_replicas(&mut self, file_id: &str) -> bool {
        let Some((bucket, version)) = self.version(file_id) else {
            return false;
        };
        let targets = destinations(bucket, &version.name, false);
        let takes = |id: &String| self.buckets.get(id).is_some_and(|target| accepts(target, bucket));
        if targets.is_empty() || !targets.iter().all(takes) {
            return false;
        }
        let original = version.clone();
        for target in targets {
            let uploaded = original.uploaded;
            let id = self.new_file_id(&target, uploaded, false);
            let replica = Version { id, replication: Some(Replication::Replica), ..original.clone() };
            if self.insert(&target, replica).is_err() {
                return false;
            }
        }
        true
    }
}

/// Neither unfinished files nor those with a customer key are replicated, nor replicas once more.
fn wants_replication(version: &Version) -> bool {
    !matches!(version.kind, Kind::Start(_))
        && !matches!(version.encryption, Encryption::Customer(_))
        && version.replication != Some(Replication::Replica)
}
