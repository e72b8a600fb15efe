//! Periodic snapshot tasks.

use serde::{Deserialize, Serialize};

use crate::call::{Call, Changes, body};
use crate::operations;
use crate::query::Query;
use crate::{Client, DatasetId, Error, Schedule, SnapshotTaskId, Switch, TimeOfDay};

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

    /// Sets up a task.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost: look before creating again; `Validation`, `Unauthorized`.
    pub async fn create(&self, task: &CreateSnapshotTask) -> Result<SnapshotTask, Error> {
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOTTASK_CREATE, [body(task, &[])])).await
    }

    /// Changes a task.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(
        &self,
        id: SnapshotTaskId,
        changes: &UpdateSnapshotTask,
    ) -> Result<SnapshotTask, Error> {
        self.client
            .carry_out(Call::new(operations::POOL_SNAPSHOTTASK_UPDATE, [id.get().into(), changes.0.body()]))
            .await
    }
}

/// A periodic snapshot task.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
