//! When snapshot tasks run: at the moments of their schedules, by the simulation's clock.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::Notify;

use super::nas::Nas;
use super::retention;
use super::schedule::last_due;

/// How far each snapshot task has come: the moment from which on it may be due again.
#[derive(Debug, Default)]
pub(super) struct Schedules {
    since: Mutex<BTreeMap<i64, Timestamp>>,
    /// A task has been made or changed.
    changed: Notify,
}

impl Schedules {
    /// A task has been made or changed: it is next due by its schedule from now on.
    pub(super) fn begin(&self, task: i64, now: Timestamp) {
        self.since.lock().unwrap_or_else(PoisonError::into_inner).insert(task, now);
        self.changed.notify_one();
    }
}

/// Runs every enabled task that has been due, once and at the last such moment, as if it had run then.
pub(super) fn run_due(nas: &Nas) {
    // Held to the end, so that whoever comes next finds the snapshots taken.
    let mut since = nas.schedules.since.lock().unwrap_or_else(PoisonError::into_inner);
    let (tasks, zone) = {
        let state = nas.state();
        let tasks: Vec<_> =
            state.snapshot_tasks.rows().map(|(id, row)| (id, row["schedule"].clone())).collect();
        (tasks, TimeZone::get(&state.time_zone).unwrap_or(TimeZone::UTC))
    };
    let now = nas.now();
    for (task, schedule) in tasks {
        let before = since.insert(task, now).unwrap_or(nas.started).to_zoned(zone.clone());
        if let Some(due) = last_due(&schedule, &before, &now.to_zoned(zone.clone())) {
            retention::take(nas, task, &due);
        }
    }
}

/// Runs tasks when they are due, until the simulator stops.
pub(super) async fn follow(nas: Arc<Nas>) {
    let tasks = nas.core.tasks.clone();
    loop {
        // Without a task there is nothing to wake up for.
        let has_tasks = nas.state().snapshot_tasks.rows().next().is_some();
        let left = 60 - nas.now().as_second().rem_euclid(60);
        let next = Duration::from_secs(left.unsigned_abs());
        tokio::select! {
            () = nas.core.clock.sleep(next), if has_tasks => {}
            () = nas.schedules.changed.notified() => continue,
            () = tasks.stopping() => return,
        }
        run_due(&nas);
    }
}
