//! Cloud Sync tasks (C2).

mod settings;

use dtc_provision::PortError;
use dtc_provision::ports::{CloudSync, CloudSyncId, CloudSyncSpec, CredentialId, JobId, LastRun, Seen};
use dtc_provision::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use truenas_client::cloud_syncs::{self as wire, CloudSyncSecrets, UpdateCloudSync};
use truenas_client::jobs::JobState as Found;
use truenas_client::{Client, JobStatus, Redactable, Switch};

use super::{cloud_credentials, jobs};
use crate::error::{Attempt as _, parsed};

fn id(task: &CloudSyncId) -> Result<truenas_client::CloudSyncId, PortError> {
    parsed(task.as_str(), "a Cloud Sync task").map(truenas_client::CloudSyncId::new)
}

pub(super) async fn list(nas: &Client) -> Result<Vec<CloudSync>, PortError> {
    let found = nas.cloud_syncs().list().await.attempting("list the box's Cloud Sync tasks")?;
    found.iter().map(seen).collect()
}

fn seen(found: &wire::CloudSync) -> Result<CloudSync, PortError> {
    Ok(CloudSync {
        id: CloudSyncId::new(found.id.to_string()),
        enabled: found.enabled,
        credential: CredentialId::new(found.credential.id.to_string()),
        settings: settings::seen(found),
        secrets: secrets(found),
        last_run: found.job.as_ref().map(last_run).transpose()?,
    })
}

/// Both, or nothing that could be compared. A task may have a password and no salt, which is a pair of its own.
fn secrets(found: &wire::CloudSync) -> Seen<EncryptionSecrets> {
    let salt = match &found.encryption_salt {
        Redactable::Clear(salt) => Some(salt.expose()),
        Redactable::Absent => Some(""),
        Redactable::Redacted => None,
    };
    match (&found.encryption_password, salt) {
        _ if !found.encryption => Seen::Absent,
        (Redactable::Absent, _) => Seen::Absent,
        (Redactable::Clear(password), Some(salt)) => Seen::Clear(EncryptionSecrets {
            password: EncryptionPassword::new(password.expose().to_owned().into()),
            salt: EncryptionSalt::new(salt.to_owned().into()),
        }),
        _ => Seen::Redacted,
    }
}

fn last_run(job: &JobStatus) -> Result<LastRun, PortError> {
    Ok(LastRun {
        job: JobId::new(job.id.to_string()),
        state: jobs::state(job)?,
        finished: job.finished.and_then(jobs::moment),
    })
}

/// Saves a task, disabled whatever it was before.
pub(super) async fn put(
    nas: &Client,
    existing: Option<&CloudSyncId>,
    spec: &CloudSyncSpec,
    via: &CredentialId,
    crypt: &EncryptionSecrets,
) -> Result<CloudSyncId, PortError> {
    let attempted = format!("save the Cloud Sync task {:?}", spec.settings.description);
    let task = settings::request(&spec.settings, cloud_credentials::id(via)?)?;
    let secrets = CloudSyncSecrets::new(
        wire::EncryptionPassword::new(crypt.password.expose()),
        wire::EncryptionSalt::new(crypt.salt.expose()),
    );
    let tasks = nas.cloud_syncs();
    let saved = match existing {
        Some(existing) => {
            tasks.update(id(existing)?, &UpdateCloudSync::matching(&task), Some(&secrets)).await
        }
        None => tasks.create(&task, &secrets).await,
    };
    Ok(CloudSyncId::new(saved.attempting(attempted)?.id.to_string()))
}

pub(super) async fn enable(nas: &Client, task: &CloudSyncId) -> Result<(), PortError> {
    let enabled = UpdateCloudSync::new().enabled(Switch::On);
    let updated = nas.cloud_syncs().update(id(task)?, &enabled, None).await;
    updated.attempting(format_args!("enable the Cloud Sync task {task}")).map(drop)
}

/// Joins the run under way, since starting once more would queue another one behind it.
pub(super) async fn start(nas: &Client, task: &CloudSyncId) -> Result<JobId, PortError> {
    let attempted = format!("start the Cloud Sync task {task}");
    let found = nas.cloud_syncs().get(id(task)?).await.attempting(&attempted)?;
    let under_way = found.job.filter(|job| matches!(job.state, Found::Waiting | Found::Running));
    let job = match under_way {
        Some(job) => job.id,
        None => nas.cloud_syncs().run(id(task)?).await.attempting(&attempted)?.id(),
    };
    Ok(JobId::new(job.to_string()))
}
