//! Cloud Sync tasks.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{ApplianceState, JobRecord};
use crate::ids::{CloudSyncId, CredentialId, JobId};
use crate::port_error::PortError;
use crate::ports::memory::{Handed, World, missing};
use crate::ports::{
    CloudSync, CloudSyncSave, CloudSyncSettings, CloudSyncs, CloudSyncsView, JobState, LastRun,
};
use crate::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};

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

impl fmt::Debug for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskState")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl TaskState {
    fn secrets(&self) -> EncryptionSecrets {
        EncryptionSecrets {
            password: EncryptionPassword::new(self.password.clone()),
            salt: EncryptionSalt::new(self.salt.clone()),
        }
    }
}

impl ApplianceState {
    fn last_run(&self, task: &TaskState) -> Option<LastRun> {
        let job = self.jobs.iter().find(|job| Some(&job.id) == task.last_job.as_ref())?;
        Some(LastRun { job: job.id.clone(), state: job.state(), finished: job.finished })
    }

    fn task(&mut self, attempted: &str, id: &CloudSyncId) -> Result<&mut TaskState, PortError> {
        self.tasks.iter_mut().find(|found| found.id == *id).ok_or_else(|| missing(attempted, id))
    }
}

#[async_trait]
impl CloudSyncsView for World {
    async fn cloud_syncs(&self) -> Result<Arc<[CloudSync]>, PortError> {
        self.read("appliance.cloud_syncs", |state| {
            let appliance = &state.appliance;
            let shown = |found: &TaskState| CloudSync {
                id: found.id.clone(),
                enabled: found.enabled,
                credential: found.credential.clone(),
                settings: found.settings.clone(),
                secrets: appliance.shown(!found.password.is_empty(), || found.secrets()),
                last_run: appliance.last_run(found),
            };
            Ok(appliance.tasks.iter().map(shown).collect())
        })
        .await
    }
}

#[async_trait]
impl CloudSyncs for World {
    async fn put_cloud_sync(
        &self,
        save: CloudSyncSave<'_>,
        via: &CredentialId,
    ) -> Result<CloudSyncId, PortError> {
        self.write("appliance.put_cloud_sync", |state| {
            let (task, given) = (save.task(), save.task().expose());
            let (password, salt) = (given.password.expose().to_owned(), given.salt.expose().to_owned());
            state.handed.extend([&password, &salt].map(|text| Handed::ToAppliance(text.clone())));
            let appliance = &mut state.appliance;
            let mut settings = task.spec().settings.clone();
            if let Some(spoil) = appliance.saves_wrongly {
                spoil(&mut settings);
            }
            let credential = via.clone();
            let saved = |id, last_job| TaskState {
                id,
                enabled: false,
                credential,
                settings,
                password,
                salt,
                last_job,
            };
            match save.replaces() {
                None => {
                    let id = CloudSyncId::new(appliance.next_id());
                    appliance.tasks.push(saved(id.clone(), None));
                    Ok(id)
                }
                Some(id) => {
                    let found = appliance.task("appliance.put_cloud_sync", id)?;
                    *found = saved(id.clone(), found.last_job.clone());
                    Ok(id.clone())
                }
            }
        })
        .await
    }

    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError> {
        self.write("appliance.enable_cloud_sync", |state| {
            state.appliance.task("appliance.enable_cloud_sync", task)?.enabled = true;
            Ok(())
        })
        .await
    }

    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError> {
        self.write("appliance.start_cloud_sync", |state| {
            let found = state.appliance.task("appliance.start_cloud_sync", task)?.clone();
            if let Some(run) = state.appliance.last_run(&found).filter(|run| run.state == JobState::Running) {
                return Ok(run.job);
            }
            let (end, description) = match (state.appliance.jobs_end.clone(), state.sync(task)) {
                (Some(end), _) => (end, "it ended as the test says".to_owned()),
                (None, Ok((files, bytes))) => (JobState::Succeeded, format!("{files} files, {bytes} bytes")),
                (None, Err(reason)) => (JobState::Failed(reason.clone()), reason),
            };
            let id = JobId::new(state.appliance.next_id());
            let (looks_left, started) = (state.appliance.looks_per_job, state.now);
            let job = JobRecord { id: id.clone(), looks_left, end, started, finished: None, description };
            state.appliance.jobs.push(job);
            state.appliance.task("appliance.start_cloud_sync", task)?.last_job = Some(id.clone());
            Ok(id)
        })
        .await
    }
}
