//! The TrueNAS appliance.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, PoolName};
use jiff::Timestamp;

use super::{Handed, World, missing, refused};
use crate::consent::{Consent, RemoveProperty, RewriteDeviceGuid};
use crate::escrow::Escrowed;
use crate::ports::{
    Appliance, ApplianceView, CloudCredential, CloudSync, CloudSyncId, CloudSyncSettings, CloudSyncSpec,
    CredentialId, CredentialSpec, CredentialVerdict, Dataset, JobId, JobProgress, JobState, KeyId, LastRun,
    Pool, PortError, Seen, Snapshot, SnapshotTask, SnapshotTaskId, SnapshotTaskSettings, Snmp, SnmpSpec,
    System,
};
use crate::secret::{
    ApplicationKey, ApplicationKeySecret, EncryptionPassword, EncryptionSalt, EncryptionSecrets,
    SnmpPassphrase, SnmpPassword, SnmpSecrets,
};

/// The appliance.
#[derive(Clone, Debug)]
pub struct BoxState {
    /// The box itself.
    pub system: System,
    /// Its data pools.
    pub pools: Vec<PoolState>,
    /// The SNMP service.
    pub snmp: SnmpState,
    /// Its cloud credentials.
    pub credentials: Vec<CredentialState>,
    /// Its Cloud Sync tasks.
    pub tasks: Vec<TaskState>,
    /// Its periodic snapshot tasks.
    pub snapshot_tasks: Vec<SnapshotTask>,
    /// Every job it remembers.
    pub jobs: Vec<JobRecord>,
    /// Whether it shows secrets as `********`.
    pub hides_secrets: bool,
    /// How often a job is looked at before it has ended.
    pub looks_per_job: u32,
    /// How the next jobs end, if not well.
    pub jobs_end: Option<JobState>,
    /// What it says of every key it is to try, if it does not try it.
    pub refuses_keys: Option<String>,
    /// How many trials of a key from now fail because it is too new.
    pub unsettled_keys: u32,
    /// What it does to a task's settings while saving them.
    pub saves_wrongly: Option<fn(&mut CloudSyncSettings)>,
    /// How many objects it ever made, for their ids.
    pub made: u32,
}

/// A data pool.
#[derive(Clone, Debug)]
pub struct PoolState {
    /// The pool and its property.
    pub pool: Pool,
    /// Its datasets.
    pub datasets: Vec<Dataset>,
    /// Its files, by their path below the pool.
    pub files: BTreeMap<String, FileState>,
    /// Its snapshots.
    pub snapshots: Vec<Snapshot>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// What is in it.
    pub content: Vec<u8>,
    /// When it was last modified.
    pub modified: Timestamp,
}

/// The SNMP service.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the service, as its API has them")]
pub struct SnmpState {
    /// Whether v3 is on.
    pub v3: bool,
    /// The community.
    pub community: String,
    /// The v3 user.
    pub user: String,
    /// Whether authentication is SHA.
    pub sha: bool,
    /// Whether privacy is AES.
    pub aes: bool,
    /// The v3 password, in the clear.
    pub password: String,
    /// The v3 passphrase, in the clear.
    pub passphrase: String,
    /// Whether it starts by itself.
    pub starts_automatically: bool,
    /// Whether it runs.
    pub running: bool,
}

/// A cloud credential.
#[derive(Clone)]
pub struct CredentialState {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// The application key's id.
    pub key_id: String,
    /// The application key, in the clear.
    pub key: String,
}

/// A Cloud Sync task.
#[derive(Clone)]
pub struct TaskState {
    /// Its id.
    pub id: CloudSyncId,
    /// Whether its schedule starts it.
    pub enabled: bool,
    /// Which credential it uses.
    pub credential: CredentialId,
    /// Its settings.
    pub settings: CloudSyncSettings,
    /// Its encryption password, in the clear; empty for none.
    pub password: String,
    /// Its encryption salt, in the clear.
    pub salt: String,
    /// Its last job.
    pub last_job: Option<JobId>,
}

/// A job.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// How often it is looked at before it has ended.
    pub looks_left: u32,
    /// How it ends.
    pub end: JobState,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// The box's words.
    pub description: String,
}

impl std::fmt::Debug for SnmpState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnmpState").field("v3", &self.v3).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for CredentialState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialState").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TaskState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskState")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl JobRecord {
    fn state(&self) -> JobState {
        if self.looks_left > 0 { JobState::Running } else { self.end.clone() }
    }
}

impl BoxState {
    /// The file at a path on the box.
    pub fn file(&self, path: &str) -> Option<&FileState> {
        let (pool, path) = path.strip_prefix("/mnt/")?.split_once('/')?;
        self.pools.iter().find(|found| found.pool.name.as_str() == pool)?.files.get(path)
    }

    /// The pool of this name, to be changed.
    pub fn pool_mut(&mut self, name: &str) -> Option<&mut PoolState> {
        self.pools.iter_mut().find(|found| found.pool.name.as_str() == name)
    }

    fn pool(&mut self, name: &PoolName) -> Result<&mut PoolState, PortError> {
        self.pool_mut(name.as_str()).ok_or_else(|| missing("appliance", name))
    }

    fn next_id(&mut self) -> String {
        self.made += 1;
        self.made.to_string()
    }

    fn seen<T>(&self, there: bool, clear: impl FnOnce() -> T) -> Seen<T> {
        match (there, self.hides_secrets) {
            (false, _) => Seen::Absent,
            (true, true) => Seen::Redacted,
            (true, false) => Seen::Clear(clear()),
        }
    }

    fn last_run(&self, task: &TaskState) -> Option<LastRun> {
        let job = self.jobs.iter().find(|job| Some(&job.id) == task.last_job.as_ref())?;
        Some(LastRun { job: job.id.clone(), state: job.state(), finished: job.finished })
    }
}

#[async_trait]
impl ApplianceView for World {
    async fn system(&self) -> Result<System, PortError> {
        self.read("appliance.system", |state| Ok(state.appliance.system.clone()))
    }

    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.read("appliance.pools", |state| {
            Ok(state.appliance.pools.iter().map(|found| found.pool.clone()).collect())
        })
    }

    async fn datasets(&self, pool: &PoolName) -> Result<Vec<Dataset>, PortError> {
        self.read("appliance.datasets", |state| Ok(state.appliance.pool(pool)?.datasets.clone()))
    }

    async fn snmp(&self) -> Result<Snmp, PortError> {
        self.read("appliance.snmp", |state| {
            let snmp = &state.appliance.snmp;
            let secrets = || SnmpSecrets {
                user: snmp.user.clone(),
                password: SnmpPassword::new(snmp.password.clone().into()),
                passphrase: SnmpPassphrase::new(snmp.passphrase.clone().into()),
            };
            Ok(Snmp {
                v3: snmp.v3,
                community: snmp.community.clone(),
                user: snmp.user.clone(),
                sha: snmp.sha,
                aes: snmp.aes,
                secrets: state.appliance.seen(!snmp.password.is_empty(), secrets),
                starts_automatically: snmp.starts_automatically,
                running: snmp.running,
            })
        })
    }

    async fn cloud_credentials(&self) -> Result<Vec<CloudCredential>, PortError> {
        self.read("appliance.cloud_credentials", |state| {
            let shown = |found: &CredentialState| {
                let id = KeyId::new(found.key_id.clone());
                let secret = || ApplicationKeySecret::new(found.key.clone().into());
                CloudCredential {
                    id: found.id.clone(),
                    name: found.name.clone(),
                    b2: true,
                    key_id: Some(id.clone()),
                    key: state.appliance.seen(true, || ApplicationKey { id, secret: secret() }),
                }
            };
            Ok(state.appliance.credentials.iter().map(shown).collect())
        })
    }

    async fn cloud_syncs(&self) -> Result<Vec<CloudSync>, PortError> {
        self.read("appliance.cloud_syncs", |state| {
            let appliance = &state.appliance;
            let shown = |found: &TaskState| CloudSync {
                id: found.id.clone(),
                enabled: found.enabled,
                credential: found.credential.clone(),
                settings: found.settings.clone(),
                secrets: appliance.seen(!found.password.is_empty(), || EncryptionSecrets {
                    password: EncryptionPassword::new(found.password.clone().into()),
                    salt: EncryptionSalt::new(found.salt.clone().into()),
                }),
                last_run: appliance.last_run(found),
            };
            Ok(appliance.tasks.iter().map(shown).collect())
        })
    }

    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.read("appliance.snapshot_tasks", |state| Ok(state.appliance.snapshot_tasks.clone()))
    }

    async fn snapshots(&self, dataset: &str) -> Result<Vec<Snapshot>, PortError> {
        self.read("appliance.snapshots", |state| {
            let all = state.appliance.pools.iter().flat_map(|pool| &pool.snapshots);
            Ok(all.filter(|snapshot| snapshot.dataset == dataset).cloned().collect())
        })
    }

    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.read("appliance.job", |state| {
            let now = state.now;
            let Some(found) = state.appliance.jobs.iter_mut().find(|found| found.id == *job) else {
                return Ok(None);
            };
            found.looks_left = found.looks_left.saturating_sub(1);
            if found.looks_left == 0 {
                found.finished.get_or_insert(now);
            }
            Ok(Some(JobProgress {
                state: found.state(),
                percent: if found.looks_left == 0 { 100.0 } else { 50.0 },
                description: found.description.clone(),
                started: Some(found.started),
                finished: found.finished,
            }))
        })
    }
}

#[async_trait]
impl Appliance for World {
    async fn set_device_guid(&self, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError> {
        self.write("appliance.set_device_guid", |state| {
            let held = &mut state.appliance.pool(pool)?.pool.device_guid;
            if held.as_ref().is_some_and(|held| held.parse() != Ok(guid)) {
                return Err(refused("appliance.set_device_guid", "another GUID is there"));
            }
            *held = Some(guid.to_string());
            Ok(())
        })
    }

    async fn rewrite_device_guid(
        &self,
        pool: &PoolName,
        guid: DeviceGuid,
        consent: Consent<RewriteDeviceGuid>,
    ) -> Result<(), PortError> {
        self.write("appliance.rewrite_device_guid", |state| {
            if consent.act().subject != guid.to_string() {
                return Err(refused("appliance.rewrite_device_guid", "the consent is to another GUID"));
            }
            state.appliance.pool(pool)?.pool.device_guid = Some(guid.to_string());
            Ok(())
        })
    }

    async fn remove_device_guid(
        &self,
        pool: &PoolName,
        consent: Consent<RemoveProperty>,
    ) -> Result<(), PortError> {
        self.write("appliance.remove_device_guid", |state| {
            if consent.act().subject != pool.as_str() {
                return Err(refused("appliance.remove_device_guid", "the consent is to another pool"));
            }
            state.appliance.pool(pool)?.pool.device_guid = None;
            Ok(())
        })
    }

    async fn put_snmp(&self, _spec: &SnmpSpec, secrets: &Escrowed<SnmpSecrets>) -> Result<(), PortError> {
        self.write("appliance.put_snmp", |state| {
            let given = secrets.expose();
            let (password, passphrase) = (given.password.expose(), given.passphrase.expose());
            state.handed.extend([password, passphrase].map(|text| Handed::ToBox(text.to_owned())));
            let (running, starts) = (state.appliance.snmp.running, state.appliance.snmp.starts_automatically);
            state.appliance.snmp = SnmpState {
                v3: true,
                community: String::new(),
                user: given.user.clone(),
                sha: true,
                aes: true,
                password: password.to_owned(),
                passphrase: passphrase.to_owned(),
                starts_automatically: starts,
                running,
            };
            Ok(())
        })
    }

    async fn start_snmp(&self) -> Result<(), PortError> {
        self.write("appliance.start_snmp", |state| {
            (state.appliance.snmp.running, state.appliance.snmp.starts_automatically) = (true, true);
            Ok(())
        })
    }

    async fn verify_cloud_credential(
        &self,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialVerdict, PortError> {
        self.read("appliance.verify_cloud_credential", |state| {
            let given = key.expose();
            if let Some(words) = &state.appliance.refuses_keys {
                return Ok(CredentialVerdict::Invalid(words.clone()));
            }
            let unsettled = state.appliance.unsettled_keys > 0;
            state.appliance.unsettled_keys = state.appliance.unsettled_keys.saturating_sub(1);
            let known = state.store.login(given.id.as_str(), given.secret.expose()).is_some();
            Ok(if known && !unsettled {
                CredentialVerdict::Valid
            } else {
                CredentialVerdict::Invalid("unauthorized (401)".to_owned())
            })
        })
    }

    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        spec: &CredentialSpec,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialId, PortError> {
        self.write("appliance.put_cloud_credential", |state| {
            let (given, name) = (key.expose(), spec.name.clone());
            let (key_id, key) = (given.id.to_string(), given.secret.expose().to_owned());
            state.handed.push(Handed::ToBox(key.clone()));
            let appliance = &mut state.appliance;
            let others_name =
                appliance.credentials.iter().any(|found| found.name == name && Some(&found.id) != existing);
            if others_name {
                return Err(refused("appliance.put_cloud_credential", "the name is taken"));
            }
            let id = existing.cloned().unwrap_or_else(|| CredentialId::new(appliance.next_id()));
            appliance.credentials.retain(|found| found.id != id);
            appliance.credentials.push(CredentialState { id: id.clone(), name, key_id, key });
            Ok(id)
        })
    }

    async fn put_cloud_sync(
        &self,
        existing: Option<&CloudSyncId>,
        spec: &CloudSyncSpec,
        via: &CredentialId,
        crypt: &Escrowed<EncryptionSecrets>,
    ) -> Result<CloudSyncId, PortError> {
        self.write("appliance.put_cloud_sync", |state| {
            let given = crypt.expose();
            let (password, salt) = (given.password.expose().to_owned(), given.salt.expose().to_owned());
            state.handed.extend([&password, &salt].map(|text| Handed::ToBox(text.clone())));
            let appliance = &mut state.appliance;
            let mut settings = spec.settings.clone();
            if let Some(spoil) = appliance.saves_wrongly {
                spoil(&mut settings);
            }
            let id = existing.cloned().unwrap_or_else(|| CloudSyncId::new(appliance.next_id()));
            let before = appliance.tasks.iter().position(|found| found.id == id);
            let last_job = before.and_then(|at| appliance.tasks.remove(at).last_job);
            let credential = via.clone();
            let saved =
                TaskState { id: id.clone(), enabled: false, credential, settings, password, salt, last_job };
            appliance.tasks.push(saved);
            Ok(id)
        })
    }

    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError> {
        self.write("appliance.enable_cloud_sync", |state| {
            let found = state.appliance.tasks.iter_mut().find(|found| found.id == *task);
            found.ok_or_else(|| missing("appliance.enable_cloud_sync", task))?.enabled = true;
            Ok(())
        })
    }

    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError> {
        self.write("appliance.start_cloud_sync", |state| {
            let found = state.appliance.tasks.iter().find(|found| found.id == *task);
            let found = found.ok_or_else(|| missing("appliance.start_cloud_sync", task))?;
            if let Some(run) = state.appliance.last_run(found).filter(|run| run.state == JobState::Running) {
                return Ok(run.job);
            }
            let (end, description) = match (state.appliance.jobs_end.clone(), state.sync(task)) {
                (Some(end), _) => (end, "ended as told".to_owned()),
                (None, Ok((files, bytes))) => (JobState::Succeeded, format!("{files} files, {bytes} bytes")),
                (None, Err(reason)) => (JobState::Failed(reason.clone()), reason),
            };
            let id = JobId::new(state.appliance.next_id());
            let (looks_left, started) = (state.appliance.looks_per_job, state.now);
            let job = JobRecord { id: id.clone(), looks_left, end, started, finished: None, description };
            state.appliance.jobs.push(job);
            if let Some(found) = state.appliance.tasks.iter_mut().find(|found| found.id == *task) {
                found.last_job = Some(id.clone());
            }
            Ok(id)
        })
    }

    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError> {
        self.write("appliance.put_snapshot_task", |state| {
            let appliance = &mut state.appliance;
            let id = existing.cloned().unwrap_or_else(|| SnapshotTaskId::new(appliance.next_id()));
            appliance.snapshot_tasks.retain(|found| found.id != id);
            appliance.snapshot_tasks.push(SnapshotTask {
                id: id.clone(),
                enabled: true,
                settings: settings.clone(),
            });
            Ok(id)
        })
    }
}
