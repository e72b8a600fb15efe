//! Periodic snapshot tasks.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::snapshot_tasks as there;
use truenas_client::{Client as Nas, DatasetId, SnapshotTaskId, TaskState, TaskStatus as StatusThere};

use super::failure::Failure;
use super::shown::{Shown, choices, datasets, found, of_word, schedule, time_of_day, with, words};
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

words!(there::LifetimeUnit, TaskState);

choices! {
    removal_dates, "choice for removal dates": there::RemovalDates { "keep" => Keep, "forget" => Forget }
}

found! {
    /// How a snapshot task or a replication stands, or how it ended the last time.
    TaskStatus of StatusThere {
        /// In one word.
        state: String,
        /// Since when.
        since: Option<Time> = None,
        /// Why it failed, in the appliance's words.
        error: Option<String> = None,
        /// Why it is on hold, in the appliance's words.
        reason: Option<String> = None,
        /// What was odd about a replication, in the appliance's words.
        warnings: Vec<String>,
        /// The last snapshot that was taken, or that arrived.
        last_snapshot: Option<String> = None,
    }
}

found! {
    /// A periodic snapshot task.
    SnapshotTask of there::SnapshotTask {
        /// Its number.
        id: i64,
        /// Which dataset it snapshots.
        dataset: String,
        /// Whether the children are snapshot with it.
        recursive: bool,
        /// How long its snapshots are kept.
        lifetime: Lifetime,
        /// The names of its snapshots, in the manner of strftime. Retention goes by this name: two tasks of one schema on one
        /// dataset decide over each other's snapshots (zettarepl, ``snapshot/destroy.py``).
        naming_schema: String,
        /// When it runs.
        schedule: SnapshotSchedule,
        /// Children left out.
        exclude: Vec<String>,
        /// Whether a snapshot is made when nothing has changed.
        allow_empty: bool,
        /// Whether it runs at all.
        enabled: bool,
        /// Whether virtual machines of ``VMware`` are brought to rest for it.
        vmware_sync: bool,
        /// What it is doing, or how it ended.
        state: Option<TaskStatus> = None,
    }
}

found! {
    /// How long a snapshot is kept.
    Lifetime of there::Lifetime {
        /// How many units.
        value: u32,
        /// Of which length.
        unit: String,
    }

    /// How many hours that are; ``None`` for a unit of a newer release.
    fn hours(&self) -> PyResult<Option<u64>> {
        Ok(self.given()?.hours())
    }
}

impl Lifetime {
    pub(crate) fn given(&self) -> PyResult<there::Lifetime> {
        Ok(there::Lifetime::new(self.value, of_word("unit of time", &self.unit)?))
    }
}

value_class! {
    in "dtc.truenas";
    /// When snapshots are taken: a schedule, and between which times of day.
    SnapshotSchedule {
        /// Five fields, as cron has them.
        schedule: String,
        /// Not before this time of day, such as ``08:30``.
        begin: String = ("00:00".to_owned()),
        /// Not after this time of day.
        end: String = ("23:59".to_owned()),
    }
}

impl Shown<SnapshotSchedule> for there::SnapshotSchedule {
    fn shown(self) -> SnapshotSchedule {
        SnapshotSchedule {
            schedule: self.schedule().to_string(),
            begin: self.begin().to_string(),
            end: self.end().to_string(),
        }
    }
}

impl SnapshotSchedule {
    pub(crate) fn given(&self) -> PyResult<there::SnapshotSchedule> {
        let schedule = there::SnapshotSchedule::new(schedule(&self.schedule)?);
        Ok(schedule.between(time_of_day(&self.begin)?, time_of_day(&self.end)?))
    }
}

value_class! {
    in "dtc.truenas";
    /// A new periodic snapshot task. Every field is sent, since the middleware's defaults differ by release.
    CreateSnapshotTask {
        /// Which dataset is snapshot.
        dataset: String,
        /// How the snapshots are named, by the codes of ``strftime``: ``auto-%Y-%m-%d_%H-%M``.
        naming_schema: String,
        /// How long snapshots are kept.
        lifetime: Lifetime,
        /// When they are taken.
        schedule: SnapshotSchedule,
        /// Whether the children are snapshot too; off by default.
        recursive: Option<bool> = None,
        /// Children to leave out; none by default.
        exclude: Option<Vec<String>> = None,
        /// Whether a snapshot is made when nothing has changed; off by default.
        allow_empty: Option<bool> = None,
        /// Whether it runs at all; on by default.
        enabled: Option<bool> = None,
    }
}

impl CreateSnapshotTask {
    pub(crate) fn given(&self) -> PyResult<there::CreateSnapshotTask> {
        let request = there::CreateSnapshotTask::new(
            DatasetId::new(&self.dataset),
            &self.naming_schema,
            self.lifetime.given()?,
            self.schedule.given()?,
        );
        let request = with! { request, self;
            recursive as it => recursive((*it).into()),
            exclude as it => exclude(datasets(it)),
            allow_empty as it => allow_empty((*it).into()),
            enabled as it => enabled((*it).into()),
        };
        Ok(request)
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a task.
    UpdateSnapshotTask {
        /// Whether it runs at all.
        enabled: Option<bool> = None,
        /// Which dataset it snapshots.
        dataset: Option<String> = None,
        /// Whether the children are snapshot too.
        recursive: Option<bool> = None,
        /// Children left out, all of them.
        exclude: Option<Vec<String>> = None,
        /// How long its snapshots are kept: those that there are, too.
        lifetime: Option<Lifetime> = None,
        /// The names of its snapshots. Those that have another name are no longer its own.
        naming_schema: Option<String> = None,
        /// When it runs.
        schedule: Option<SnapshotSchedule> = None,
        /// Whether a snapshot is made when nothing has changed.
        allow_empty: Option<bool> = None,
        /// What becomes of snapshots that are no longer its own after this change.
        removal_dates: Option<String> = None,
        /// Everything becomes as this request would create it.
        matching: Option<CreateSnapshotTask> = None,
    }
}

impl UpdateSnapshotTask {
    pub(crate) fn given(&self) -> PyResult<there::UpdateSnapshotTask> {
        let request = match &self.matching {
            Some(task) => there::UpdateSnapshotTask::matching(&task.given()?),
            None => there::UpdateSnapshotTask::new(),
        };
        let request = with! { request, self;
            enabled as it => enabled((*it).into()),
            dataset as it => dataset(&DatasetId::new(it)),
            recursive as it => recursive((*it).into()),
            exclude as it => exclude(&datasets(it).collect::<Vec<_>>()),
            lifetime as it => lifetime(&it.given()?),
            naming_schema as it => naming_schema(it),
            schedule as it => schedule(&it.given()?),
            allow_empty as it => allow_empty((*it).into()),
            removal_dates as it => removal_dates(removal_dates(it)?),
        };
        Ok(request)
    }
}

twins! {
    /// Periodic snapshot tasks.
    "SnapshotTasks" in "dtc.truenas" and "dtc.truenas.aio", Failure: SnapshotTasks / AioSnapshotTasks(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every periodic snapshot task.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.snapshottask.query"
        fn list() -> Many<SnapshotTask> = |nas| {
            Ok(nas.snapshot_tasks().list().await?.shown())
        }

        /// One task.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.snapshottask.query"
        fn get(id: i64) -> SnapshotTask = |nas| {
            Ok(nas.snapshot_tasks().get(SnapshotTaskId::new(id)).await?.shown())
        }

        /// Sets up a task.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a lifetime of nothing or a schema that cannot be read back, which the appliance takes:
        /// nothing was sent; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``.
        #[pyo3(signature = (task, *, timeout = None))]
        Write "pool.snapshottask.create"
        fn create(task: CreateSnapshotTask) -> SnapshotTask = |nas| {
            Ok(nas.snapshot_tasks().create(&task.given()?).await?.shown())
        }

        /// Changes a task.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``; ``unsupported`` on CORE for removal dates that are to be kept.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Write "pool.snapshottask.update"
        fn update(id: i64, changes: UpdateSnapshotTask) -> SnapshotTask = |nas| {
            Ok(nas.snapshot_tasks().update(SnapshotTaskId::new(id), &changes.given()?).await?.shown())
        }

        /// Removes a task. The snapshots that no other task claims stay for good, unless the moments are kept at which they would have been
        /// removed.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``validation`` when it is the last
        /// one of an enabled replication; ``unsupported`` on CORE for moments that are to be kept.
        #[pyo3(signature = (id, removal, *, timeout = None))]
        Write "pool.snapshottask.delete"
        fn delete(id: i64, removal: String) -> Nothing = |nas| {
            Ok(nas.snapshot_tasks().delete(SnapshotTaskId::new(id), removal_dates(&removal)?).await?.shown())
        }

        /// Runs an enabled task now, and does not wait for it: ``state`` shows how it ends. Its snapshot is named by the minute at which
        /// it is taken; where that is none of the task's schedule, nothing ever removes it (zettarepl, ``snapshot/task/snapshot_owner.py``).
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when it is not enabled; ``not_found``,
        /// ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "pool.snapshottask.run"
        fn run(id: i64) -> Nothing = |nas| {
            Ok(nas.snapshot_tasks().run(SnapshotTaskId::new(id)).await?.shown())
        }

        /// The snapshots, by dataset, that would no longer be this task's after a change, and would stay for good. Whether the task is enabled
        /// does not count, though a disabled one removes nothing.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Read "pool.snapshottask.update_will_change_retention_for"
        fn update_will_change_retention_for(
            id: i64,
            changes: UpdateSnapshotTask,
        ) -> BTreeMap<String, Many<String>> = |nas| {
            let found = nas.snapshot_tasks().update_will_change_retention_for(
                SnapshotTaskId::new(id),
                &changes.given()?,
            ).await?;
            Ok(found.shown())
        }

        /// The snapshots, by dataset, that would stay for good without this task.
        ///
        /// Errors by their ``kind``: As ``update_will_change_retention_for``.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.snapshottask.delete_will_change_retention_for"
        fn delete_will_change_retention_for(id: i64) -> BTreeMap<String, Many<String>> = |nas| {
            Ok(nas.snapshot_tasks().delete_will_change_retention_for(SnapshotTaskId::new(id)).await?.shown())
        }

        /// How many snapshots of one dataset an appliance copes with.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.snapshottask.max_count"
        fn max_count() -> u64 = |nas| {
            Ok(nas.snapshot_tasks().max_count().await?.shown())
        }

        /// How many snapshots in all an appliance copes with.
        ///
        /// Errors by their ``kind``: As ``max_count``.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.snapshottask.max_total_count"
        fn max_total_count() -> u64 = |nas| {
            Ok(nas.snapshot_tasks().max_total_count().await?.shown())
        }
    }
}
