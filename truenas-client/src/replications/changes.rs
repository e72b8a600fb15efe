//! What is asked for beside a new task: a run without one, and changes of one.

use serde::Serialize;
use serde_json::{Value, json};

use super::request::{CreateReplication, DestinationKey, Retention, retention_fields};
use super::rules;
use crate::call::Changes;
use crate::error::{Error, ErrorKind};
use crate::snapshot_tasks::SnapshotSchedule;
use crate::{DatasetId, Switch};

/// A replication that is no task.
#[derive(Clone, Debug, PartialEq)]
pub struct RunReplication {
    task: CreateReplication,
    only_from_scratch: bool,
    mount: bool,
    exclude_mountpoint: bool,
}

impl RunReplication {
    /// What a task of these settings would do; its name, its schedule and whether it runs by itself do not count.
    pub fn like(task: CreateReplication) -> Self {
        Self { task, only_from_scratch: false, mount: true, exclude_mountpoint: true }
    }

    /// Whether it fails when there is a target already; off by default.
    pub fn only_from_scratch(mut self, only: Switch) -> Self {
        self.only_from_scratch = only.is_on();
        self
    }

    /// Whether what arrives is mounted; on by default. Before 25.10 always.
    pub fn mount(mut self, mount: Switch) -> Self {
        self.mount = mount.is_on();
        self
    }

    /// Whether the property `mountpoint` stays behind; on by default.
    pub fn exclude_mountpoint(mut self, exclude: Switch) -> Self {
        self.exclude_mountpoint = exclude.is_on();
        self
    }

    pub(super) fn task(&self) -> &CreateReplication {
        &self.task
    }

    pub(super) fn body(&self, key: Option<&DestinationKey>) -> Value {
        let mut body = self.task.body(key);
        if let Some(fields) = body.as_object_mut() {
            for not_of_a_run in ["name", "auto", "schedule", "only_matching_schedule", "enabled"] {
                fields.remove(not_of_a_run);
            }
        }
        body["only_from_scratch"] = self.only_from_scratch.into();
        body["mount"] = self.mount.into();
        body["exclude_mountpoint_property"] = self.exclude_mountpoint.into();
        body
    }
}

/// What to change about a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateReplication(Changes);

impl UpdateReplication {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything but the key of the target, so that the task becomes what this request would create. The encryption of the target stays as it is
    /// unless a key comes along.
    ///
    /// # Errors
    /// `InvalidRequest` when the task breaks a rule.
    pub fn matching(task: &CreateReplication) -> Result<Self, Error> {
        rules::check(task, None)
            .map_err(|reason| Error::new("replication.update", "", ErrorKind::InvalidRequest { reason }))?;
        let mut body = task.body(None);
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|name, _| !name.starts_with("encryption"));
        }
        Ok(Self(Changes::all_of(&body)))
    }

    /// Its name.
    pub fn name(self, name: &str) -> Self {
        Self(self.0.set("name", name))
    }

    /// Whether it may run.
    pub fn enabled(self, enabled: Switch) -> Self {
        Self(self.0.set("enabled", enabled.is_on()))
    }

    /// When it runs by itself; none means that it does not, unless it is bound to snapshot tasks.
    pub fn schedule(self, schedule: Option<&SnapshotSchedule>) -> Self {
        Self(self.0.set("schedule", json!(schedule)).set("auto", schedule.is_some()))
    }

    /// The target is encrypted by nothing of the task's own.
    pub fn without_encryption(self) -> Self {
        self.encryption(false)
    }

    /// The target takes its parent's encryption. Not on CORE.
    pub fn inherits_encryption(self) -> Self {
        self.encryption(true)
    }

    fn encryption(self, inherits: bool) -> Self {
        let nothing = ["encryption_key", "encryption_key_format", "encryption_key_location"];
        let inherit = if inherits { Value::from(true) } else { Value::Null };
        let changes = self.0.set("encryption", inherits).set("encryption_inherit", inherit);
        Self(nothing.into_iter().fold(changes, |all, name| all.set(name, Value::Null)))
    }

    /// Children to leave out, all of them.
    pub fn exclude(self, children: impl IntoIterator<Item = DatasetId>) -> Self {
        let names: Vec<String> = children.into_iter().map(|name| name.as_str().to_owned()).collect();
        Self(self.0.set("exclude", names))
    }

    /// Properties that are not sent, all of them.
    pub fn properties_exclude<T: Into<String>>(self, names: impl IntoIterator<Item = T>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        Self(self.0.set("properties_exclude", names))
    }

    /// What becomes of snapshots on the target.
    pub fn retention(self, retention: &Retention) -> Self {
        Self(
            retention_fields(retention, &[])
                .into_iter()
                .fold(self.0, |all, (name, value)| all.set(&name, value)),
        )
    }

    /// Bytes per second at most; none lifts the limit.
    pub fn speed_limit(self, bytes_per_second: Option<u64>) -> Self {
        Self(self.0.set("speed_limit", bytes_per_second))
    }

    pub(super) fn check(&self, key: Option<&DestinationKey>) -> Result<(), &'static str> {
        rules::check_changes(&self.body(key))
    }

    pub(super) fn body(&self, key: Option<&DestinationKey>) -> Value {
        let fields = key.map(DestinationKey::fields).into_iter().flatten();
        fields.fold(self.0.clone(), |all, (name, value)| all.set(name, value)).body()
    }
}
