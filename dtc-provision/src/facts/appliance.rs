//! The appliance's SNMP service, credentials and tasks, held against the vault.

use std::sync::Arc;

use serde::Serialize;

use super::fact::{Fact, Unread};
use super::held::{Agreement, Held, Records};
use crate::ids::{CloudSyncId, CredentialId, KeyId};
use crate::port_error::PortError;
use crate::ports::{
    CloudCredential, CloudSync, CloudSyncSettings, CloudSyncSpec, LastRun, Pool, SnapshotTask, SnmpService,
    SnmpSettings, System, Views,
};
use crate::standard::{Compare as _, Difference, Setting};

/// SNMP on the appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SnmpFacts {
    /// Its settings.
    pub settings: SnmpSettings,
    /// Whether its secrets are the vault's.
    pub secrets: Agreement,
}

/// A cloud credential on the appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CredentialFacts {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// Its key's id, for a Backblaze B2 credential.
    pub key_id: Option<KeyId>,
    /// Whether its key is the one that the vault holds for this appliance.
    pub key: Agreement,
}

/// A Cloud Sync task on the appliance.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TaskFacts {
    /// Its id.
    pub id: CloudSyncId,
    /// Whether its schedule starts it.
    pub enabled: bool,
    /// Which credential it uses.
    pub credential: CredentialId,
    /// Its settings.
    pub settings: CloudSyncSettings,
    /// Whether its password and salt are the vault's.
    pub secrets: Agreement,
    /// Its last run.
    pub last_run: Option<LastRun>,
}

impl TaskFacts {
    /// Everything about the task that differs from what it should be: the one comparison that the plan and the checklist share. `ours` is the
    /// credential that it should use, where there is one.
    pub(crate) fn differences(&self, spec: &CloudSyncSpec, ours: Option<&CredentialId>) -> Vec<Difference> {
        let mut differences = self.settings.differences(&spec.settings);
        if ours != Some(&self.credential) {
            let wanted = ours.map_or("the new one", CredentialId::as_str);
            differences.push(Difference::new(Setting::Credential, &self.credential, wanted));
        }
        if self.secrets == Agreement::Absent {
            differences.push(Difference::new(Setting::EncryptionSecrets, "none", "the vault's"));
        }
        if !self.enabled {
            differences.push(Difference::new(Setting::Enabled, "no", "yes"));
        }
        differences
    }
}

/// Everything that the appliance says of itself, read at the same time.
pub(super) struct Shown {
    pub(super) system: Fact<System>,
    pub(super) pools: Fact<Vec<Pool>>,
    pub(super) snapshot_tasks: Fact<Vec<SnapshotTask>>,
    snmp: Result<Arc<SnmpService>, PortError>,
    credentials: Result<Arc<[CloudCredential]>, PortError>,
    tasks: Result<Arc<[CloudSync]>, PortError>,
}

impl Shown {
    pub(super) async fn read(views: &Views) -> Self {
        let appliance = &views.appliance;
        let (system, pools, snapshot_tasks, snmp, credentials, tasks) = tokio::join!(
            appliance.system(),
            appliance.pools(),
            appliance.snapshot_tasks(),
            appliance.snmp(),
            appliance.cloud_credentials(),
            appliance.cloud_syncs(),
        );
        Self {
            system: system.into(),
            pools: pools.into(),
            snapshot_tasks: snapshot_tasks.into(),
            snmp,
            credentials,
            tasks,
        }
    }

    pub(super) fn snmp(&self, held: &Held) -> Result<SnmpFacts, Unread> {
        let found = self.snmp.as_ref().map_err(Clone::clone)?;
        Ok(SnmpFacts { settings: found.settings, secrets: held.snmp(&found.secrets) })
    }

    pub(super) fn credentials(&self, held: &Held) -> Result<Vec<CredentialFacts>, Unread> {
        let found = self.credentials.as_ref().map_err(Clone::clone)?;
        let facts = |found: &CloudCredential| CredentialFacts {
            id: found.id.clone(),
            name: found.name.clone(),
            key_id: found.key_id.clone(),
            key: held.key(&found.key),
        };
        Ok(found.iter().map(facts).collect())
    }

    pub(super) async fn tasks(
        &self,
        views: &Views,
        records: &Fact<Records>,
        held: &Held,
    ) -> Result<Vec<TaskFacts>, Unread> {
        let mut facts = Vec::new();
        for found in self.tasks.as_ref().map_err(Clone::clone)?.iter() {
            facts.push(TaskFacts {
                id: found.id.clone(),
                enabled: found.enabled,
                credential: found.credential.clone(),
                settings: found.settings.clone(),
                secrets: held.encryption(views, records, found).await,
                last_run: found.last_run.clone(),
            });
        }
        Ok(facts)
    }
}
