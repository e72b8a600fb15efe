//! Credentials, tasks, jobs and snapshots, as someone at the web interface changes them.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Handle, change};
use crate::truenas::state::Row;
use crate::truenas::{retention, schedules};

/// A job, as far as a test asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// The method that it runs.
    pub method: String,
    /// `WAITING`, `RUNNING`, `SUCCESS`, `FAILED` or `ABORTED`.
    pub state: String,
    /// Why it failed.
    pub error: Option<String>,
}

impl Handle {
    /// Returns every cloud credential as the appliance keeps it.
    pub fn credentials(&self) -> Vec<Value> {
        self.nas.state().credentials.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Adds a B2 credential as someone at the web interface would, unverified; returns its id.
    pub fn add_credential(&self, name: &str, key_id: &str, key: &str) -> i64 {
        let provider = json!({"type": "B2", "account": key_id, "key": key});
        let row = Row::from_iter([("name".to_owned(), name.into()), ("provider".to_owned(), provider)]);
        self.nas.state().credentials.add(row)
    }

    /// Changes a credential's fields, `provider` among them; `false` when there is none of this id.
    pub fn change_credential(&self, id: i64, fields: &Value) -> bool {
        change(self.nas.state().credentials.get_mut(id), fields)
    }

    /// Returns every SSH key pair and connection as the appliance keeps it.
    pub fn keychain(&self) -> Vec<Value> {
        self.nas.state().keychain.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Returns every replication task as the appliance keeps it.
    pub fn replications(&self) -> Vec<Value> {
        self.nas.state().replications.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Returns every cloud sync task as the appliance keeps it, secrets included.
    pub fn cloud_syncs(&self) -> Vec<Value> {
        self.nas.state().tasks.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Adds a task as someone at the web interface would, unchecked; returns its id. Fields are those of
    /// `cloudsync.create`; what is left out is as a new task has it.
    pub fn add_cloud_sync(&self, fields: &Value) -> i64 {
        let mut row = factory_task();
        row.extend(fields.as_object().cloned().unwrap_or_default());
        self.nas.state().tasks.add(row)
    }

    /// Changes a task's fields, unchecked; `false` when there is none of this id.
    pub fn change_cloud_sync(&self, id: i64, fields: &Value) -> bool {
        change(self.nas.state().tasks.get_mut(id), fields)
    }

    /// Removes a task; `false` when there is none of this id.
    pub fn remove_cloud_sync(&self, id: i64) -> bool {
        self.nas.state().tasks.remove(id)
    }

    /// Lets every verification of a credential fail with this text; `None` verifies for real again.
    pub fn fail_verification(&self, answer: Option<&str>) {
        self.nas.state().verify_answer = answer.map(str::to_owned);
    }

    /// Lets every run wait this long before it copies anything, as a long run would last.
    pub fn delay_runs(&self, delay: Duration) {
        self.nas.state().run_delay = delay;
    }

    /// Lets every run fail with this text; `None` lets them copy again.
    pub fn fail_runs(&self, answer: Option<&str>) {
        self.nas.state().run_answer = answer.map(str::to_owned);
    }

    /// Returns every job since the start.
    pub fn jobs(&self) -> Vec<Job> {
        let entries = self.nas.jobs.entries();
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let job = |entry: &Value| Job {
            id: entry["id"].as_i64().unwrap_or_default(),
            method: text(entry, "method"),
            state: text(entry, "state"),
            error: entry["error"].as_str().map(str::to_owned),
        };
        entries.iter().map(job).collect()
    }

    /// Returns the names of all snapshots: `pool0/docs@auto-2025-01-01_00-00`.
    pub fn snapshots(&self) -> Vec<String> {
        let state = self.nas.state();
        state.snapshots.iter().map(|s| format!("{}@{}", s.dataset, s.name)).collect()
    }

    /// Forgets every snapshot.
    pub fn remove_snapshots(&self) {
        self.nas.state().snapshots.clear();
    }

    /// Returns every periodic snapshot task as the appliance keeps it.
    pub fn snapshot_tasks(&self) -> Vec<Value> {
        self.nas.state().snapshot_tasks.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Adds a snapshot task as someone at the web interface would, unchecked; returns its id. Fields are those of
    /// `pool.snapshottask.create`; what is left out is as a new task has it.
    pub fn add_snapshot_task(&self, fields: &Value) -> i64 {
        let mut row = factory_snapshot_task();
        row.extend(fields.as_object().cloned().unwrap_or_default());
        let id = self.nas.state().snapshot_tasks.add(row);
        self.nas.schedules.begin(id, self.nas.now());
        id
    }

    /// Removes a snapshot task; `false` when there is none of this id.
    pub fn remove_snapshot_task(&self, id: i64) -> bool {
        self.nas.state().snapshot_tasks.remove(id)
    }

    /// Changes a snapshot task's fields, unchecked; `false` when there is none of this id.
    pub fn change_snapshot_task(&self, id: i64, fields: &Value) -> bool {
        change(self.nas.state().snapshot_tasks.get_mut(id), fields)
    }

    /// Has an hourly snapshot task take snapshots of a dataset and those below it, an hour from now by the simulation's clock, which is
    /// moved on to then.
    pub fn take_snapshots(&self, dataset: &str, schema: &str) {
        self.add_snapshot_task(&json!({
            "dataset": dataset, "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK", "enabled": true,
            "exclude": [], "naming_schema": schema, "allow_empty": true, "vmware_sync": false,
            "schedule": {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59"},
            "state": {"state": "PENDING"},
        }));
        self.pass_hour();
    }

    /// Moves the clock of the whole simulation on by an hour, runs every snapshot task that was due in it and expires what
    /// has outlived its task.
    pub fn pass_hour(&self) {
        self.nas.core.clock.advance(Duration::from_hours(1));
        schedules::run_due(&self.nas);
        retention::expire(&self.nas);
    }
}

/// A task as the web interface makes one when nothing is filled in.
fn factory_task() -> Row {
    let task = json!({
        "description": "", "path": "/mnt", "credentials": 0, "attributes": {"bucket": "", "folder": ""},
        "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}, "pre_script": "",
        "post_script": "", "snapshot": false, "include": [], "exclude": [], "args": "", "enabled": true,
        "bwlimit": [], "transfers": null, "direction": "PUSH", "transfer_mode": "SYNC", "encryption": false,
        "filename_encryption": false, "encryption_password": "", "encryption_salt": "",
        "create_empty_src_dirs": false, "follow_symlinks": false,
    });
    task.as_object().cloned().unwrap_or_default()
}

fn factory_snapshot_task() -> Row {
    let schedule = json!({
        "minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59",
    });
    let task = json!({
        "dataset": "", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK", "enabled": true,
        "exclude": [], "naming_schema": "auto-%Y-%m-%d_%H-%M", "allow_empty": true, "schedule": schedule,
        "vmware_sync": false, "state": {"state": "PENDING"},
    });
    task.as_object().cloned().unwrap_or_default()
}
