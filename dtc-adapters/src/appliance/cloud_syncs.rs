//! Cloud Sync tasks (C2).

mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ids::{CloudSyncId, CredentialId, JobId};
use dtc_provision::ports::{CloudSync, CloudSyncSave, CloudSyncs, CloudSyncsView, LastRun, Redactable};
use dtc_provision::proofs::Minted;
use dtc_provision::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use truenas_client::cloud_syncs::{self as wire, CloudSyncSecrets, UpdateCloudSync};
use truenas_client::jobs::JobState as FoundState;
use truenas_client::{JobStatus, Redactable as Shown, Switch};

use super::{TrueNas, cloud_credentials, jobs};
use crate::error::{Attempt as _, parsed};

fn id(task: &CloudSyncId) -> Result<truenas_client::CloudSyncId, PortError> {
    parsed(task.as_str(), "a Cloud Sync task").map(truenas_client::CloudSyncId::new)
}

#[async_trait]
impl CloudSyncsView for TrueNas {
    async fn cloud_syncs(&self) -> Result<Arc<[CloudSync]>, PortError> {
        let found = self
            .client()
            .await?
            .cloud_syncs()
            .list()
            .await
            .attempting("list the appliance's Cloud Sync tasks")?;
        found.iter().map(seen).collect()
    }
}

fn seen(found: &wire::CloudSync) -> Result<CloudSync, PortError> {
    Ok(CloudSync {
        id: CloudSyncId::new(found.id.to_string()),
        enabled: found.enabled,
        credential: CredentialId::new(found.credential.id.to_string()),
        settings: settings::seen(found)?,
        secrets: secrets(found),
        last_run: found.job.as_ref().map(last_run).transpose()?,
    })
}

/// Both, or nothing that could be compared. A task may have a password and no salt, which is a pair of its own.
fn secrets(found: &wire::CloudSync) -> Redactable<EncryptionSecrets> {
    let salt = match &found.encryption_salt {
        Shown::Clear(salt) => Some(salt.expose()),
        Shown::Absent => Some(""),
        Shown::Redacted => None,
    };
    match (&found.encryption_password, salt) {
        _ if !found.encryption => Redactable::Absent,
        (Shown::Absent, _) => Redactable::Absent,
        (Shown::Clear(password), Some(salt)) => Redactable::Clear(Minted::new(EncryptionSecrets {
            password: EncryptionPassword::new(password.expose()),
            salt: EncryptionSalt::new(salt),
        })),
        _ => Redactable::Redacted,
    }
}

fn last_run(job: &JobStatus) -> Result<LastRun, PortError> {
    Ok(LastRun {
        job: JobId::new(job.id.to_string()),
        state: jobs::state(job)?,
        finished: job.finished.and_then(jobs::moment),
    })
}

#[async_trait]
impl CloudSyncs for TrueNas {
    async fn put_cloud_sync(
        &self,
        save: CloudSyncSave<'_>,
        via: &CredentialId,
    ) -> Result<CloudSyncId, PortError> {
        let task = save.task();
        let (wanted, crypt) = (&task.spec().settings, task.expose());
        let attempted = format!("save the Cloud Sync task {:?}", wanted.description);
        let request = settings::request(wanted, cloud_credentials::id(via)?)?;
        let secrets = CloudSyncSecrets::new(
            wire::EncryptionPassword::new(crypt.password.expose()),
            wire::EncryptionSalt::new(crypt.salt.expose()),
        );
        let tasks = self.client().await?.cloud_syncs();
        let saved = match save.replaces() {
            Some(existing) => {
                let existing = id(existing)?;
                let found = tasks.get(existing).await.attempting(&attempted)?;
                tasks.update(existing, &UpdateCloudSync::matching(&request, &found), Some(&secrets)).await
            }
            None => tasks.create(&request, &secrets).await,
        };
        Ok(CloudSyncId::new(saved.attempting(attempted)?.id.to_string()))
    }

    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError> {
        let enabled = UpdateCloudSync::new().enabled(Switch::On);
        let updated = self.client().await?.cloud_syncs().update(id(task)?, &enabled, None).await;
        updated.attempting(format_args!("enable the Cloud Sync task {task}")).map(drop)
    }

    /// Joins the run under way, since starting once more would queue another one behind it.
    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError> {
        let attempted = format!("start the Cloud Sync task {task}");
        let tasks = self.client().await?.cloud_syncs();
        let found = tasks.get(id(task)?).await.attempting(&attempted)?;
        let under_way =
            found.job.filter(|job| matches!(job.state, FoundState::Waiting | FoundState::Running));
        let job = match under_way {
            Some(job) => job.id,
            None => tasks.run(id(task)?).await.attempting(&attempted)?.id(),
        };
        Ok(JobId::new(job.to_string()))
    }
}
