//! The box as someone standing at it sees and changes it, without its API.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::certificate::Certificate;
use super::nas::Nas;
use super::services::Service;
use super::state::{Dataset, Row, State};
use super::{Engine, snapshots};
use crate::error::{Error, ErrorKind};

/// Looks at the box, and changes it, as an outsider would. Clones are the same box.
#[derive(Clone)]
pub struct Handle {
    nas: Arc<Nas>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("truenas::Handle")
    }
}

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
    pub(super) fn new(nas: Arc<Nas>) -> Self {
        Self { nas }
    }

    /// Returns what runs the box's cloud sync tasks: a proof against the box's own engine is not independent.
    pub fn engine(&self) -> Engine {
        self.nas.engine()
    }

    /// Returns the API key of a full administrator.
    pub fn api_key(&self) -> String {
        self.key(true)
    }

    /// Returns an API key that may only read, and to whom secrets show as asterisks.
    pub fn read_only_api_key(&self) -> String {
        self.key(false)
    }

    fn key(&self, is_full: bool) -> String {
        let state = self.nas.state();
        let found = state.keys.iter().find(|key| key.is_full == is_full);
        found.map(|key| key.text.clone()).unwrap_or_default()
    }

    /// Revokes every API key.
    pub fn revoke_api_keys(&self) {
        for key in &mut self.nas.state().keys {
            key.is_revoked = true;
        }
    }

    /// Forgets how often strangers have called, so that tests can log in as often as they like.
    pub fn forget_strangers(&self) {
        self.nas.patience.restore();
    }

    /// Returns the box's host name.
    pub fn host_name(&self) -> String {
        self.nas.state().host_name.clone()
    }

    /// Returns the address that the box says it has.
    pub fn address(&self) -> String {
        self.nas.settings.address.clone()
    }

    /// Returns the box's hardware address.
    pub fn mac_address(&self) -> String {
        self.nas.settings.mac_address.clone()
    }

    /// Moves the box to another time zone, by its IANA name.
    pub fn set_time_zone(&self, name: &str) {
        name.clone_into(&mut self.nas.state().time_zone);
    }

    /// Gives the box another certificate, as a reinstallation does; returns its fingerprint.
    ///
    /// # Errors
    ///
    /// When no certificate can be made.
    pub fn change_certificate(&self) -> Result<String, Error> {
        let new = Certificate::make()?;
        let fingerprint = new.fingerprint().to_owned();
        *self.nas.certificate() = new;
        Ok(fingerprint)
    }

    /// Returns the SHA-256 of the present certificate.
    pub fn fingerprint(&self) -> String {
        self.nas.certificate().fingerprint().to_owned()
    }

    /// Returns the present certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        self.nas.certificate().pem().to_owned()
    }

    // Files and datasets.

    /// Returns the real place of a path on the box, such as `/mnt/pool0/docs`; `None` outside the pools.
    pub fn real_path(&self, path: &str) -> Option<PathBuf> {
        self.nas.disk.real(path)
    }

    /// Writes a file on the box and any directory that it needs.
    ///
    /// # Errors
    ///
    /// When the path is outside the pools or cannot be written.
    pub fn write_file(&self, path: &str, contents: &[u8]) -> Result<(), Error> {
        let failed = || Error::new(ErrorKind::Storage, format!("cannot write {path} on the box"));
        let real = self.nas.disk.real(path).ok_or_else(failed)?;
        let write = || {
            if let Some(parent) = real.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&real, contents)
        };
        write().map_err(|e: std::io::Error| failed().caused_by(e))?;
        let mut state = self.nas.state();
        let dataset = state.dataset_of(path).map(str::to_owned);
        if let Some(dataset) = dataset.and_then(|name| state.datasets.get_mut(&name)) {
            dataset.is_written = true;
        }
        Ok(())
    }

    /// Removes a file from the box.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn remove_file(&self, path: &str) -> Result<(), Error> {
        let failed = || Error::new(ErrorKind::Storage, format!("cannot remove {path} from the box"));
        let real = self.nas.disk.real(path).ok_or_else(failed)?;
        fs::remove_file(real).map_err(|e| failed().caused_by(e))
    }

    /// Adds a child dataset with an empty file system.
    ///
    /// # Errors
    ///
    /// When its directory cannot be made.
    pub fn add_dataset(&self, name: &str) -> Result<(), Error> {
        let failed = |e| Error::new(ErrorKind::Storage, format!("cannot add dataset {name}")).caused_by(e);
        fs::create_dir_all(self.nas.disk.mounts().join(name)).map_err(failed)?;
        let dataset = Dataset { is_written: true, ..Dataset::default() };
        self.nas.state().datasets.insert(name.to_owned(), dataset);
        Ok(())
    }

    /// Encrypts a dataset and locks it: its mount point looks empty.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be put away.
    pub fn lock_dataset(&self, name: &str) -> Result<(), Error> {
        self.put_away(name, |dataset| {
            dataset.is_encrypted = true;
            dataset.is_locked = true;
        })
    }

    /// Unmounts a dataset: its mount point looks empty.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be put away.
    pub fn unmount_dataset(&self, name: &str) -> Result<(), Error> {
        self.put_away(name, |dataset| dataset.is_unmounted = true)
    }

    /// Unlocks and mounts a dataset again.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be brought back.
    pub fn restore_dataset(&self, name: &str) -> Result<(), Error> {
        let mut state = self.nas.state();
        let dataset = find(&mut state, name)?;
        if dataset.is_locked || dataset.is_unmounted {
            let failed = |e| Error::new(ErrorKind::Storage, format!("cannot restore {name}")).caused_by(e);
            self.nas.disk.show(name).map_err(failed)?;
        }
        dataset.is_locked = false;
        dataset.is_unmounted = false;
        Ok(())
    }

    fn put_away(&self, name: &str, change: impl FnOnce(&mut Dataset)) -> Result<(), Error> {
        let mut state = self.nas.state();
        let dataset = find(&mut state, name)?;
        if !dataset.is_locked && !dataset.is_unmounted && !dataset.is_volume {
            let failed = |e| Error::new(ErrorKind::Storage, format!("cannot hide {name}")).caused_by(e);
            self.nas.disk.hide(name).map_err(failed)?;
        }
        change(dataset);
        Ok(())
    }

    /// Sets a user property on a dataset itself.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn set_user_property(&self, dataset: &str, name: &str, value: &str) -> Result<(), Error> {
        let mut state = self.nas.state();
        find(&mut state, dataset)?.user_properties.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Removes a user property from a dataset itself.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn remove_user_property(&self, dataset: &str, name: &str) -> Result<(), Error> {
        find(&mut self.nas.state(), dataset)?.user_properties.remove(name);
        Ok(())
    }

    /// Returns a user property as the dataset shows it, its own or inherited.
    pub fn user_property(&self, dataset: &str, name: &str) -> Option<String> {
        self.nas.state().user_properties(dataset).get(name).map(|value| (*value).to_owned())
    }

    // Cloud sync.

    /// Returns every cloud credential as the box keeps it.
    pub fn credentials(&self) -> Vec<Value> {
        self.nas.state().credentials.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Changes a credential's fields, `provider` among them; `false` when there is none of this id.
    pub fn change_credential(&self, id: i64, fields: &Value) -> bool {
        change(self.nas.state().credentials.get_mut(id), fields)
    }

    /// Returns every cloud sync task as the box keeps it, secrets included.
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

    // Snapshots.

    /// Returns the names of all snapshots: `pool0/docs@auto-2025-01-01_00-00`.
    pub fn snapshots(&self) -> Vec<String> {
        let state = self.nas.state();
        state.snapshots.iter().map(|s| format!("{}@{}", s.dataset, s.name)).collect()
    }

    /// Forgets every snapshot.
    pub fn remove_snapshots(&self) {
        self.nas.state().snapshots.clear();
    }

    /// Returns every periodic snapshot task as the box keeps it.
    pub fn snapshot_tasks(&self) -> Vec<Value> {
        self.nas.state().snapshot_tasks.rows().map(|(_, row)| row.clone().into()).collect()
    }

    /// Changes a snapshot task's fields, unchecked; `false` when there is none of this id.
    pub fn change_snapshot_task(&self, id: i64, fields: &Value) -> bool {
        change(self.nas.state().snapshot_tasks.get_mut(id), fields)
    }

    /// Moves the clock of the whole simulation on by an hour, runs every snapshot task and expires what is due.
    pub fn pass_hour(&self) {
        self.nas.core.clock.advance(Duration::from_secs(3_600));
        snapshots::hour_passes(&self.nas);
    }

    // SNMP and services.

    /// Returns the SNMP settings as the box keeps them, secrets included.
    pub fn snmp(&self) -> Value {
        self.nas.state().snmp.clone().into()
    }

    /// Changes SNMP settings, unchecked.
    pub fn change_snmp(&self, fields: &Value) {
        change(Some(&mut self.nas.state().snmp), fields);
    }

    /// Tells whether SNMP runs and answers version 3, which is when monitoring can add the box.
    pub fn answers_snmp(&self) -> bool {
        let state = self.nas.state();
        let runs = state.services.iter().any(|service| service.name == "snmp" && service.is_running);
        runs && state.snmp["v3"] == true
    }

    /// Starts or stops a service: `snmp`, `ssh`.
    pub fn run_service(&self, name: &str, state: ServiceState) {
        self.service(name, |service| service.is_running = state == ServiceState::On);
    }

    /// Lets a service start with the box, or not.
    pub fn enable_service(&self, name: &str, state: ServiceState) {
        self.service(name, |service| service.is_enabled = state == ServiceState::On);
    }

    fn service(&self, name: &str, change: impl Fn(&mut Service)) {
        let mut state = self.nas.state();
        state.services.iter_mut().filter(|service| service.name == name).for_each(change);
    }
}

/// Whether a service is to run, or to start with the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState {
    /// It is.
    On,
    /// It is not.
    Off,
}

fn find<'a>(state: &'a mut State, name: &str) -> Result<&'a mut Dataset, Error> {
    let missing = || Error::new(ErrorKind::Storage, format!("the box has no dataset {name}"));
    state.datasets.get_mut(name).ok_or_else(missing)
}

fn change(row: Option<&mut Row>, fields: &Value) -> bool {
    let Some((row, fields)) = row.zip(fields.as_object()) else {
        return false;
    };
    row.extend(fields.clone());
    true
}

/// A task as the web interface makes one when nothing is filled in.
fn factory_task() -> Row {
    let task = serde_json::json!({
        "description": "", "path": "/mnt", "credentials": 0, "attributes": {"bucket": "", "folder": ""},
        "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}, "pre_script": "",
        "post_script": "", "snapshot": false, "include": [], "exclude": [], "args": "", "enabled": true,
        "bwlimit": [], "transfers": null, "direction": "PUSH", "transfer_mode": "SYNC", "encryption": false,
        "filename_encryption": false, "encryption_password": "", "encryption_salt": "",
        "create_empty_src_dirs": false, "follow_symlinks": false,
    });
    task.as_object().cloned().unwrap_or_default()
}
