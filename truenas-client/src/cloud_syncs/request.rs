use serde::Serialize;
use serde_json::{Value, json};

use super::{BandwidthLimit, CloudSync, CloudSyncSecrets, Direction, Target, TransferMode};
use crate::call::Changes;
use crate::cloud_credentials::Provider;
use crate::{CloudCredentialId, Schedule, Switch};

/// A new cloud sync task, without its secrets. It has no scripts and no further arguments for rclone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreateCloudSync {
    description: String,
    direction: Direction,
    transfer_mode: TransferMode,
    path: String,
    credentials: CloudCredentialId,
    attributes: Target,
    schedule: Schedule,
    encryption: bool,
    filename_encryption: Switch,
    exclude: Vec<String>,
    follow_symlinks: Switch,
    snapshot: Switch,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfers: Option<u32>,
    bwlimit: Vec<BandwidthLimit>,
    pre_script: &'static str,
    post_script: &'static str,
    args: &'static str,
    enabled: Switch,
}

impl CreateCloudSync {
    /// A task that sends a directory of the appliance to a folder of a bucket, so that the folder equals the directory.
    pub fn new(
        path: impl Into<String>,
        credential: CloudCredentialId,
        target: Target,
        schedule: Schedule,
    ) -> Self {
        Self {
            description: String::new(),
            direction: Direction::Push,
            transfer_mode: TransferMode::Sync,
            path: path.into(),
            credentials: credential,
            attributes: target,
            schedule,
            encryption: true,
            filename_encryption: Switch::Off,
            exclude: Vec::new(),
            follow_symlinks: Switch::Off,
            snapshot: Switch::Off,
            transfers: None,
            bwlimit: Vec::new(),
            pre_script: "",
            post_script: "",
            args: "",
            enabled: Switch::On,
        }
    }

    /// What it is for, in words; empty by default.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// To the cloud or from it; to it by default.
    pub fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// What it does with what is only on one side; makes equal by default.
    pub fn transfer_mode(mut self, mode: TransferMode) -> Self {
        self.transfer_mode = mode;
        self
    }

    /// Whether names are encrypted too; off by default. Changing it later leaves what was sent under its old names.
    pub fn filename_encryption(mut self, filename_encryption: Switch) -> Self {
        self.filename_encryption = filename_encryption;
        self
    }

    /// Filters for what is left out, each an entry of its own; none by default.
    pub fn exclude<T: Into<String>>(mut self, filters: impl IntoIterator<Item = T>) -> Self {
        self.exclude = filters.into_iter().map(Into::into).collect();
        self
    }

    /// Whether symbolic links are followed; off by default.
    pub fn follow_symlinks(mut self, follow_symlinks: Switch) -> Self {
        self.follow_symlinks = follow_symlinks;
        self
    }

    /// Whether each run sends a snapshot of its own; off by default, and refused where datasets are nested.
    pub fn snapshot(mut self, snapshot: Switch) -> Self {
        self.snapshot = snapshot;
        self
    }

    /// How many files are sent at once; unset by default, which leaves it to rclone.
    pub fn transfers(mut self, transfers: u32) -> Self {
        self.transfers = Some(transfers);
        self
    }

    /// How fast it may send, by time of day, in rising order; without limit by default.
    pub fn bandwidth_limits(mut self, limits: impl IntoIterator<Item = BandwidthLimit>) -> Self {
        self.bwlimit = limits.into_iter().collect();
        self
    }

    /// Whether it runs on schedule; on by default.
    pub fn enabled(mut self, enabled: Switch) -> Self {
        self.enabled = enabled;
        self
    }
}

/// Where what a task has sent is brought back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoreCloudSync {
    description: String,
    path: String,
    transfer_mode: TransferMode,
}

impl RestoreCloudSync {
    /// A directory of the appliance that gets what is in the cloud. Nothing in it is deleted: made equal, it would lose what is only there.
    pub fn new(description: impl Into<String>, path: impl Into<String>) -> Self {
        Self { description: description.into(), path: path.into(), transfer_mode: TransferMode::Copy }
    }

    /// What is done with files that are only in the directory: left alone by default. Moving is no choice.
    pub fn transfer_mode(mut self, mode: TransferMode) -> Self {
        self.transfer_mode = mode;
        self
    }
}

/// What to change about a cloud sync task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateCloudSync(Changes);

impl UpdateCloudSync {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything but the secrets, so that the task as it was found becomes what this request would create. Settings of its target that
    /// this crate does not know stay, unless they are another provider's, which B2 does not take.
    pub fn matching(task: &CreateCloudSync, found: &CloudSync) -> Self {
        let all = Changes::all_of(task).set("transfers", task.transfers);
        let all = match found.credential.provider {
            Provider::B2 { .. } => {
                all.set("attributes", json!(task.attributes.clone().keeping_unknown(&found.target)))
            }
            Provider::Other(_) => all,
        };
        Self(all.set("include", json!([])).set("create_empty_src_dirs", false))
    }

    /// Whether it runs on schedule.
    pub fn enabled(self, enabled: Switch) -> Self {
        Self(self.0.set("enabled", enabled.is_on()))
    }

    /// What it is for, in words.
    pub fn description(self, description: &str) -> Self {
        Self(self.0.set("description", description))
    }

    /// How it logs in.
    pub fn credential(self, credential: CloudCredentialId) -> Self {
        Self(self.0.set("credentials", credential.get()))
    }

    /// Where in the cloud, all of it: the appliance replaces the whole object. A target that was read keeps what this crate does not know.
    pub fn target(self, target: &Target) -> Self {
        Self(self.0.set("attributes", json!(target)))
    }

    /// When it runs on schedule.
    pub fn schedule(self, schedule: &Schedule) -> Self {
        Self(self.0.set("schedule", json!(schedule)))
    }

    /// Filters for what is left out, all of them.
    pub fn exclude<T: Into<String>>(self, filters: impl IntoIterator<Item = T>) -> Self {
        let filters: Vec<String> = filters.into_iter().map(Into::into).collect();
        Self(self.0.set("exclude", filters))
    }

    /// How fast it may send, by time of day, in rising order; an empty list lifts every limit.
    pub fn bandwidth_limits(self, limits: impl IntoIterator<Item = BandwidthLimit>) -> Self {
        let limits: Vec<BandwidthLimit> = limits.into_iter().collect();
        Self(self.0.set("bwlimit", json!(limits)))
    }

    pub(super) fn body(&self, crypt: Option<&CloudSyncSecrets>) -> Value {
        let with_secrets = |changes: Changes, crypt: &CloudSyncSecrets| {
            crypt.fields().into_iter().fold(changes.set("encryption", true), |body, (k, v)| body.set(k, v))
        };
        match crypt {
            Some(crypt) => with_secrets(self.0.clone(), crypt).body(),
            None => self.0.body(),
        }
    }
}
