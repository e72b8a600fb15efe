//! Periodic snapshot tasks.

pub(crate) mod naming_schema;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, Changes, body};
use crate::operations;
use crate::query::Query;
use crate::{Client, DatasetId, Error, ErrorKind, Schedule, SnapshotTaskId, Switch, TaskStatus, TimeOfDay};

impl Client {
    /// The appliance's periodic snapshot tasks.
    pub fn snapshot_tasks(&self) -> SnapshotTasks<'_> {
        SnapshotTasks { client: self }
    }
}

/// Calls about periodic snapshot tasks.
#[derive(Clone, Copy, Debug)]
pub struct SnapshotTasks<'a> {
    client: &'a Client,
}

impl SnapshotTasks<'_> {
    /// Every periodic snapshot task.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<SnapshotTask>, Error> {
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOTTASK_QUERY, Query::new().params())).await
    }

    /// One task.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: SnapshotTaskId) -> Result<SnapshotTask, Error> {
        let operation = operations::POOL_SNAPSHOTTASK_QUERY;
        let query = Query::new().equals("id", id.get());
        let found: Vec<SnapshotTask> = self.client.carry_out(Call::new(operation, query.params())).await?;
        let missing = || Error::new(operation.name(), format!("task {id}"), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }

    /// Sets up a task.
    ///
    /// # Errors
    /// `InvalidRequest` for a lifetime of nothing or a schema that cannot be read back, which the appliance takes: nothing was sent;
    /// `OutcomeUnknown` when the answer is lost: look before creating again; `Validation`, `Unauthorized`.
    pub async fn create(&self, task: &CreateSnapshotTask) -> Result<SnapshotTask, Error> {
        let operation = operations::POOL_SNAPSHOTTASK_CREATE;
        let refused = |kind| Error::new(operation.name(), task.dataset.as_str(), kind);
        check(Some(task.lifetime.value.into()), Some(&task.naming_schema)).map_err(refused)?;
        self.client.carry_out(Call::new(operation, [body(task, &[])])).await
    }

    /// Changes a task.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`; `Unsupported` on CORE for removal dates that are to be kept.
    pub async fn update(
        &self,
        id: SnapshotTaskId,
        changes: &UpdateSnapshotTask,
    ) -> Result<SnapshotTask, Error> {
        let operation = operations::POOL_SNAPSHOTTASK_UPDATE;
        changes.check().map_err(|kind| Error::new(operation.name(), format!("task {id}"), kind))?;
        self.client.carry_out(Call::new(operation, [id.get().into(), changes.0.body()])).await
    }

    /// Removes a task. The snapshots that no other task claims stay for good, unless the moments are kept at which they would have been
    /// removed.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `NotFound`, `Unauthorized`; `Validation` when it is the last one of an enabled replication;
    /// `Unsupported` on CORE for moments that are to be kept.
    pub async fn delete(&self, id: SnapshotTaskId, removal: RemovalDates) -> Result<(), Error> {
        let params = [id.get().into(), json!({"fixate_removal_date": removal == RemovalDates::Keep})];
        self.client
            .carry_out::<Value>(Call::new(operations::POOL_SNAPSHOTTASK_DELETE, params))
            .await
            .map(drop)
    }

    /// Runs an enabled task now, and does not wait for it: [`SnapshotTask::state`] shows how it ends. Its snapshot is named by the minute at which
    /// it is taken; where that is none of the task's schedule, nothing ever removes it (zettarepl, `snapshot/task/snapshot_owner.py`).
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `Rejected` when it is not enabled; `NotFound`, `Unauthorized`.
    pub async fn run(&self, id: SnapshotTaskId) -> Result<(), Error> {
        let call = Call::new(operations::POOL_SNAPSHOTTASK_RUN, [id.get().into()]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// The snapshots, by dataset, that would no longer be this task's after a change, and would stay for good. Whether the task is enabled
    /// does not count, though a disabled one removes nothing.
    ///
    /// # Errors
    /// `Unsupported` on CORE; `NotFound`, and those of every reading call.
    pub async fn update_will_change_retention_for(
        &self,
        id: SnapshotTaskId,
        changes: &UpdateSnapshotTask,
    ) -> Result<BTreeMap<DatasetId, Vec<String>>, Error> {
        let operation = operations::POOL_SNAPSHOTTASK_UPDATE_WILL_CHANGE_RETENTION_FOR;
        changes.check().map_err(|kind| Error::new(operation.name(), format!("task {id}"), kind))?;
        let mut body = changes.0.body();
        if let Some(fields) = body.as_object_mut() {
            fields.remove(FIXATE);
        }
        self.client.carry_out(Call::new(operation, [id.get().into(), body])).await
    }

    /// The snapshots, by dataset, that would stay for good without this task.
    ///
    /// # Errors
    /// As [`update_will_change_retention_for`](Self::update_will_change_retention_for).
    pub async fn delete_will_change_retention_for(
        &self,
        id: SnapshotTaskId,
    ) -> Result<BTreeMap<DatasetId, Vec<String>>, Error> {
        let operation = operations::POOL_SNAPSHOTTASK_DELETE_WILL_CHANGE_RETENTION_FOR;
        self.client.carry_out(Call::new(operation, [id.get().into()])).await
    }

    /// How many snapshots of one dataset an appliance copes with.
    ///
    /// # Errors
    /// `Unsupported` on CORE; those of every reading call.
    pub async fn max_count(&self) -> Result<u64, Error> {
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOTTASK_MAX_COUNT, [])).await
    }

    /// How many snapshots in all an appliance copes with.
    ///
    /// # Errors
    /// As [`max_count`](Self::max_count).
    pub async fn max_total_count(&self) -> Result<u64, Error> {
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOTTASK_MAX_TOTAL_COUNT, [])).await
    }
}

const FIXATE: &str = "fixate_removal_date";

/// What the appliance takes, and must not be sent.
fn check(lifetime: Option<u64>, schema: Option<&str>) -> Result<(), ErrorKind> {
    if lifetime == Some(0) {
        return Err(ErrorKind::InvalidRequest { reason: "a snapshot is kept for 1 unit of time or more" });
    }
    schema.map_or(Ok(()), naming_schema::check)
}

/// What becomes of the moments at which snapshots are to be removed, when their task lets go of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalDates {
    /// They are kept: each snapshot goes when it would have gone. Not on CORE.
    Keep,
    /// They are forgotten: what no other task claims stays for good.
    Forget,
}

/// A periodic snapshot task.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the appliance's own form")]
#[non_exhaustive]
pub struct SnapshotTask {
    /// Its number.
    pub id: SnapshotTaskId,
    /// Which dataset it snapshots.
    pub dataset: DatasetId,
    /// Whether the children are snapshot with it.
    pub recursive: bool,
    /// How long its snapshots are kept.
    #[serde(flatten)]
    pub lifetime: Lifetime,
    /// The names of its snapshots, in the manner of strftime. Retention goes by this name: two tasks of one schema on one
    /// dataset decide over each other's snapshots (zettarepl, `snapshot/destroy.py`).
    pub naming_schema: String,
    /// When it runs.
    pub schedule: SnapshotSchedule,
    /// Children left out.
    #[serde(default)]
    pub exclude: Vec<DatasetId>,
    /// Whether a snapshot is made when nothing has changed.
    pub allow_empty: bool,
    /// Whether it runs at all.
    pub enabled: bool,
    /// Whether virtual machines of `VMware` are brought to rest for it.
    #[serde(default)]
    pub vmware_sync: bool,
    /// What it is doing, or how it ended.
    #[serde(default)]
    pub state: Option<TaskStatus>,
}

/// A new periodic snapshot task. Every field is sent, since the middleware's defaults differ by release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreateSnapshotTask {
    dataset: DatasetId,
    #[serde(flatten)]
    lifetime: Lifetime,
    naming_schema: String,
    schedule: SnapshotSchedule,
    recursive: Switch,
    exclude: Vec<DatasetId>,
    allow_empty: Switch,
    enabled: Switch,
}

impl CreateSnapshotTask {
    /// A task that runs, of this dataset alone, and that makes no empty snapshots.
    pub fn new(
        dataset: DatasetId,
        naming_schema: impl Into<String>,
        lifetime: Lifetime,
        schedule: SnapshotSchedule,
    ) -> Self {
        Self {
            dataset,
            lifetime,
            naming_schema: naming_schema.into(),
            schedule,
            recursive: Switch::Off,
            exclude: Vec::new(),
            allow_empty: Switch::Off,
            enabled: Switch::On,
        }
    }

    /// Whether the children are snapshot too; off by default.
    pub fn recursive(mut self, recursive: Switch) -> Self {
        self.recursive = recursive;
        self
    }

    /// Children to leave out; none by default.
    pub fn exclude(mut self, children: impl IntoIterator<Item = DatasetId>) -> Self {
        self.exclude = children.into_iter().collect();
        self
    }

    /// Whether a snapshot is made when nothing has changed; off by default.
    pub fn allow_empty(mut self, allow_empty: Switch) -> Self {
        self.allow_empty = allow_empty;
        self
    }

    /// Whether it runs at all; on by default.
    pub fn enabled(mut self, enabled: Switch) -> Self {
        self.enabled = enabled;
        self
    }
}

/// What to change about a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateSnapshotTask(Changes);

impl UpdateSnapshotTask {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything, so that the task becomes what this request would create.
    pub fn matching(task: &CreateSnapshotTask) -> Self {
        Self(Changes::all_of(task))
    }

    /// Whether it runs at all.
    pub fn enabled(self, enabled: Switch) -> Self {
        Self(self.0.set("enabled", enabled.is_on()))
    }

    /// Which dataset it snapshots.
    pub fn dataset(self, dataset: &DatasetId) -> Self {
        Self(self.0.set("dataset", dataset.as_str()))
    }

    /// Whether the children are snapshot too.
    pub fn recursive(self, recursive: Switch) -> Self {
        Self(self.0.set("recursive", recursive.is_on()))
    }

    /// Children left out, all of them.
    pub fn exclude(self, children: &[DatasetId]) -> Self {
        Self(self.0.set("exclude", json!(children)))
    }

    /// How long its snapshots are kept: those that there are, too.
    pub fn lifetime(self, lifetime: &Lifetime) -> Self {
        Self(self.0.set("lifetime_value", lifetime.value).set("lifetime_unit", json!(lifetime.unit)))
    }

    /// The names of its snapshots. Those that have another name are no longer its own.
    pub fn naming_schema(self, schema: &str) -> Self {
        Self(self.0.set("naming_schema", schema))
    }

    /// When it runs.
    pub fn schedule(self, schedule: &SnapshotSchedule) -> Self {
        Self(self.0.set("schedule", json!(schedule)))
    }

    /// Whether a snapshot is made when nothing has changed.
    pub fn allow_empty(self, allow_empty: Switch) -> Self {
        Self(self.0.set("allow_empty", allow_empty.is_on()))
    }

    /// What becomes of snapshots that are no longer its own after this change.
    pub fn removal_dates(self, removal: RemovalDates) -> Self {
        Self(self.0.set(FIXATE, removal == RemovalDates::Keep))
    }

    fn check(&self) -> Result<(), ErrorKind> {
        let lifetime = self.0.get("lifetime_value").and_then(Value::as_u64);
        check(lifetime, self.0.get("naming_schema").and_then(Value::as_str))
    }
}

/// How long a snapshot is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetime {
    /// How many units.
    #[serde(rename = "lifetime_value")]
    pub value: u32,
    /// Of which length.
    #[serde(rename = "lifetime_unit")]
    pub unit: LifetimeUnit,
}

impl Lifetime {
    /// So many of a unit.
    pub fn new(value: u32, unit: LifetimeUnit) -> Self {
        Self { value, unit }
    }

    /// Its length in hours, where the calendar does not matter: two weeks equal fourteen days.
    pub fn hours(&self) -> Option<u64> {
        let hours = match self.unit {
            LifetimeUnit::Hour => 1,
            LifetimeUnit::Day => 24,
            LifetimeUnit::Week => 7 * 24,
            LifetimeUnit::Month | LifetimeUnit::Year | LifetimeUnit::Unknown(_) => return None,
        };
        Some(u64::from(self.value) * hours)
    }
}

/// The unit of a [`Lifetime`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum LifetimeUnit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
    /// A unit of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// When snapshots are taken: a schedule, within a part of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSchedule {
    #[serde(flatten)]
    schedule: Schedule,
    #[serde(default = "first")]
    begin: TimeOfDay,
    #[serde(default = "last")]
    end: TimeOfDay,
}

fn first() -> TimeOfDay {
    TimeOfDay::MIDNIGHT
}

fn last() -> TimeOfDay {
    TimeOfDay::LAST_MINUTE
}

impl SnapshotSchedule {
    /// A schedule for the whole day, 00:00 to 23:59.
    pub fn new(schedule: Schedule) -> Self {
        Self { schedule, begin: first(), end: last() }
    }

    /// Only between these times.
    pub fn between(mut self, begin: TimeOfDay, end: TimeOfDay) -> Self {
        (self.begin, self.end) = (begin, end);
        self
    }

    /// The schedule.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// From when in the day.
    pub fn begin(&self) -> TimeOfDay {
        self.begin
    }

    /// Until when in the day.
    pub fn end(&self) -> TimeOfDay {
        self.end
    }
}
