//! Views that remember what they have read within one observation, so that nothing is asked twice.
//!
//! Only views are wrapped: a read-back after a write goes to the port itself. A failure is remembered, too: the client has
//! asked as often as it makes sense, and whoever needs the answer next should not wait for the same silence again.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use dtc_naming::{BucketName, ObjectPrefix, OrgUuid, PoolName};
use tokio::sync::OnceCell;

use crate::ids::{
    BucketId, DeviceId, FieldName, JobId, LocationId, OrganizationId, TicketId, VaultOrganizationId,
};
use crate::port_error::PortError;
use crate::ports::{
    ApplianceView, Body, Bucket, BucketAccess, CloudCredential, CloudCredentialsView, CloudSync,
    CloudSyncsView, CurrentPage, DatasetsView, Device, FieldNames, FieldValues, Holdings, InventoryView,
    JobProgress, JobsView, Key, Object, ObjectPage, ObjectStoreView, OrganizationWithLocations, Part, Pool,
    Record, RecordContext, Rights, Snapshot, SnapshotTask, SnapshotsView, SnmpService, SnmpView, System,
    SystemView, TicketsView, VaultOrganization, VaultView, Views,
};
use crate::proofs::Bound;

/// The same views, remembering from now on.
pub(crate) fn remembering(views: &Views) -> Views {
    Views {
        inventory: Arc::new(Inventory::new(views)),
        object_store: Arc::new(ObjectStore::new(views)),
        vault: Arc::new(Vault::new(views)),
        appliance: Arc::new(Appliance::new(views)),
        source: views.source.clone(),
        tickets: Arc::new(Tickets { inner: views.tickets.clone(), notes: Memo::default() }),
        secrets: views.secrets.clone(),
        versions: views.versions.clone(),
    }
}

/// The answers to one question, by what it was asked about. Whoever asks while an answer is under way waits for it.
struct Memo<K, V>(Mutex<HashMap<K, Answer<V>>>);

type Answer<V> = Arc<OnceCell<Result<V, PortError>>>;

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    async fn get(&self, key: K, ask: impl Future<Output = Result<V, PortError>>) -> Result<V, PortError> {
        let cell = {
            let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            answers.entry(key).or_default().clone()
        };
        cell.get_or_init(|| ask).await.clone()
    }
}

struct Inventory {
    inner: Arc<dyn InventoryView>,
    organizations: Memo<(), Vec<OrganizationWithLocations>>,
    devices: Memo<(OrganizationId, LocationId), Vec<Device>>,
    field_values: Memo<[FieldName; 3], FieldValues>,
}

impl Inventory {
    fn new(views: &Views) -> Self {
        Self {
            inner: views.inventory.clone(),
            organizations: Memo::default(),
            devices: Memo::default(),
            field_values: Memo::default(),
        }
    }
}

#[async_trait]
impl InventoryView for Inventory {
    async fn organizations(&self) -> Result<Vec<OrganizationWithLocations>, PortError> {
        self.organizations.get((), self.inner.organizations()).await
    }

    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError> {
        let key = (organization.clone(), location.clone());
        self.devices.get(key, self.inner.devices(organization, location)).await
    }

    async fn field_values(&self, fields: &FieldNames) -> Result<FieldValues, PortError> {
        let key = [&fields.organization, &fields.location, &fields.device].map(Clone::clone);
        self.field_values.get(key, self.inner.field_values(fields)).await
    }

    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError> {
        self.inner.location_field(organization, location, field).await
    }

    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError> {
        self.inner.device_field(device, field).await
    }
}

struct ObjectStore {
    inner: Arc<dyn ObjectStoreView>,
    holdings: Memo<BucketName, Holdings>,
    keys: Memo<(), Vec<Key>>,
    objects: Memo<(BucketId, String), ObjectPage>,
}

impl ObjectStore {
    fn new(views: &Views) -> Self {
        Self {
            inner: views.object_store.clone(),
            holdings: Memo::default(),
            keys: Memo::default(),
            objects: Memo::default(),
        }
    }
}

#[async_trait]
impl ObjectStoreView for ObjectStore {
    async fn holdings(&self, wanted: &BucketName) -> Result<Holdings, PortError> {
        self.holdings.get(wanted.clone(), self.inner.holdings(wanted)).await
    }

    async fn bucket(&self, name: &BucketName) -> Result<Option<Bucket>, PortError> {
        self.inner.bucket(name).await
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        self.keys.get((), self.inner.keys()).await
    }

    /// The first page of a listing is remembered; those behind it are read once by whoever reads them all.
    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError> {
        if from.is_some() {
            return self.inner.objects(bucket, prefix, from).await;
        }
        let key = (bucket.id.clone(), prefix.to_string());
        self.objects.get(key, self.inner.objects(bucket, prefix, None)).await
    }

    async fn current_versions(&self, bucket: &Bucket, from: Option<&str>) -> Result<CurrentPage, PortError> {
        self.inner.current_versions(bucket, from).await
    }

    async fn fetch(
        &self,
        access: Bound<'_, BucketAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        self.inner.fetch(access, object, part).await
    }
}

struct Vault {
    inner: Arc<dyn VaultView>,
    organizations: Memo<String, Vec<VaultOrganization>>,
    records: Memo<VaultOrganizationId, Vec<Record>>,
}

impl Vault {
    fn new(views: &Views) -> Self {
        Self { inner: views.vault.clone(), organizations: Memo::default(), records: Memo::default() }
    }
}

#[async_trait]
impl VaultView for Vault {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        self.organizations.get(name.to_owned(), self.inner.organizations(name)).await
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        self.records.get(organization.clone(), self.inner.records(organization)).await
    }

    /// Asked once in an observation, and so not remembered.
    async fn refuses(
        &self,
        organization: &VaultOrganizationId,
        context: &RecordContext,
    ) -> Result<Option<String>, PortError> {
        self.inner.refuses(organization, context).await
    }
}

struct Tickets {
    inner: Arc<dyn TicketsView>,
    notes: Memo<(TicketId, String), Option<String>>,
}

#[async_trait]
impl TicketsView for Tickets {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        self.notes.get((ticket.clone(), marker.to_owned()), self.inner.note(ticket, marker)).await
    }

    async fn refuses(&self, ticket: &TicketId, organization: OrgUuid) -> Result<Option<String>, PortError> {
        self.inner.refuses(ticket, organization).await
    }
}

struct Appliance {
    inner: Arc<dyn ApplianceView>,
    system: Memo<(), System>,
    pools: Memo<(), Vec<Pool>>,
    snmp: Memo<(), Arc<SnmpService>>,
    cloud_credentials: Memo<(), Arc<[CloudCredential]>>,
    cloud_syncs: Memo<(), Arc<[CloudSync]>>,
    snapshot_tasks: Memo<(), Vec<SnapshotTask>>,
    snapshots: Memo<PoolName, Vec<Snapshot>>,
}

impl Appliance {
    fn new(views: &Views) -> Self {
        Self {
            inner: views.appliance.clone(),
            system: Memo::default(),
            pools: Memo::default(),
            snmp: Memo::default(),
            cloud_credentials: Memo::default(),
            cloud_syncs: Memo::default(),
            snapshot_tasks: Memo::default(),
            snapshots: Memo::default(),
        }
    }
}

#[async_trait]
impl SystemView for Appliance {
    async fn system(&self) -> Result<System, PortError> {
        self.system.get((), self.inner.system()).await
    }

    async fn rights(&self) -> Result<Rights, PortError> {
        self.inner.rights().await
    }
}

#[async_trait]
impl DatasetsView for Appliance {
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.pools.get((), self.inner.pools()).await
    }
}

#[async_trait]
impl SnmpView for Appliance {
    async fn snmp(&self) -> Result<Arc<SnmpService>, PortError> {
        self.snmp.get((), self.inner.snmp()).await
    }
}

#[async_trait]
impl CloudCredentialsView for Appliance {
    async fn cloud_credentials(&self) -> Result<Arc<[CloudCredential]>, PortError> {
        self.cloud_credentials.get((), self.inner.cloud_credentials()).await
    }
}

#[async_trait]
impl CloudSyncsView for Appliance {
    async fn cloud_syncs(&self) -> Result<Arc<[CloudSync]>, PortError> {
        self.cloud_syncs.get((), self.inner.cloud_syncs()).await
    }
}

#[async_trait]
impl SnapshotsView for Appliance {
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.snapshot_tasks.get((), self.inner.snapshot_tasks()).await
    }

    async fn snapshots(&self, pool: &PoolName) -> Result<Vec<Snapshot>, PortError> {
        self.snapshots.get(pool.clone(), self.inner.snapshots(pool)).await
    }
}

/// A job proceeds: it is never remembered.
#[async_trait]
impl JobsView for Appliance {
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.inner.job(job).await
    }
}
