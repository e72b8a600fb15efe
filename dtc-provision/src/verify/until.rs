//! Views that are asked until the time is over: a call that has not been answered then fails, and so does every later one.
//!
//! A verification over such views ends by itself, with what it has learned until then.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use dtc_naming::{BucketName, ObjectPrefix, OrgUuid, PoolName};
use futures_util::future::{BoxFuture, Shared};
use futures_util::{StreamExt as _, stream};

use crate::ids::{
    DeviceId, FieldName, JobId, LocationId, OrganizationId, RecordId, TicketId, VaultOrganizationId,
};
use crate::port_error::{PortError, PortErrorKind, Service};
use crate::ports::{
    ApplianceView, Body, Bucket, BucketAccess, CloudCredential, CloudCredentialsView, CloudSync,
    CloudSyncsView, CurrentPage, DatasetsView, Device, FieldNames, FieldValues, FileFacts, Holdings,
    InventoryView, JobProgress, JobsView, Key, Object, ObjectPage, ObjectStoreView,
    OrganizationWithLocations, Part, Pool, Record, RecordContext, Rights, Snapshot, SnapshotTask,
    SnapshotsView, SnmpService, SnmpView, Source, System, SystemView, TicketsView, VaultOrganization,
    VaultSecrets, VaultView, Views,
};
use crate::proofs::{Bound, StoredSecret};

/// Resolves when the time is over.
pub(super) type Over = Shared<BoxFuture<'static, ()>>;

/// The same views, asked until then.
pub(super) fn until(views: &Views, over: &Over) -> Views {
    let (inventory, vault) = (views.inventory.clone(), views.vault.clone());
    let (appliance, source) = (views.appliance.clone(), views.source.clone());
    Views {
        inventory: Arc::new(Until { inner: inventory, over: over.clone(), service: Service::Inventory }),
        object_store: Arc::new(Until {
            inner: views.object_store.clone(),
            over: over.clone(),
            service: Service::ObjectStore,
        }),
        vault: Arc::new(Until { inner: vault, over: over.clone(), service: Service::Vault }),
        appliance: Arc::new(Until { inner: appliance, over: over.clone(), service: Service::Appliance }),
        source: Arc::new(Until { inner: source, over: over.clone(), service: Service::Appliance }),
        tickets: Arc::new(Until {
            inner: views.tickets.clone(),
            over: over.clone(),
            service: Service::Tickets,
        }),
        secrets: Arc::new(Until {
            inner: views.secrets.clone(),
            over: over.clone(),
            service: Service::Vault,
        }),
        // No verification asks it.
        versions: views.versions.clone(),
    }
}

/// A view of a service, asked until the time is over.
struct Until<V: ?Sized> {
    inner: Arc<V>,
    over: Over,
    service: Service,
}

impl<V: ?Sized> Until<V> {
    /// The answer, if it comes in time. Nothing is asked any more when the time is over.
    async fn answer<T>(&self, ask: impl Future<Output = Result<T, PortError>>) -> Result<T, PortError> {
        tokio::select! {
            biased;
            () = self.over.clone() => Err(not_in_time(self.service)),
            answer = ask => answer,
        }
    }

    /// The bytes that come in time, and then an error: what is missing is not an end.
    fn body(&self, body: Body) -> Body {
        let (over, service) = (self.over.clone(), self.service);
        let pieces = stream::unfold(Some(body), move |body| {
            let over = over.clone();
            async move {
                let mut body = body?;
                tokio::select! {
                    biased;
                    () = over => Some((Err(not_in_time(service)), None)),
                    piece = body.next() => piece.map(|piece| (piece, Some(body))),
                }
            }
        });
        pieces.boxed()
    }
}

fn not_in_time(service: Service) -> PortError {
    let whom = match service {
        Service::ObjectStore => "ask the object store",
        Service::Appliance => "ask the appliance",
        Service::Inventory => "ask the inventory",
        Service::Vault => "ask the vault",
        Service::Tickets => "ask the tickets",
    };
    let answer = "not answered before the time was over that the verification may take";
    PortError::new(PortErrorKind::Unreachable, whom, answer).from_service(service)
}

#[async_trait]
impl InventoryView for Until<dyn InventoryView> {
    async fn organizations(&self) -> Result<Vec<OrganizationWithLocations>, PortError> {
        self.answer(self.inner.organizations()).await
    }

    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError> {
        self.answer(self.inner.devices(organization, location)).await
    }

    async fn field_values(&self, fields: &FieldNames) -> Result<FieldValues, PortError> {
        self.answer(self.inner.field_values(fields)).await
    }

    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError> {
        self.answer(self.inner.location_field(organization, location, field)).await
    }

    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError> {
        self.answer(self.inner.device_field(device, field)).await
    }
}

#[async_trait]
impl ObjectStoreView for Until<dyn ObjectStoreView> {
    async fn holdings(&self, wanted: &BucketName) -> Result<Holdings, PortError> {
        self.answer(self.inner.holdings(wanted)).await
    }

    async fn bucket(&self, name: &BucketName) -> Result<Option<Bucket>, PortError> {
        self.answer(self.inner.bucket(name)).await
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        self.answer(self.inner.keys()).await
    }

    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError> {
        self.answer(self.inner.objects(bucket, prefix, from)).await
    }

    async fn current_versions(&self, bucket: &Bucket, from: Option<&str>) -> Result<CurrentPage, PortError> {
        self.answer(self.inner.current_versions(bucket, from)).await
    }

    async fn fetch(
        &self,
        access: Bound<'_, BucketAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        Ok(self.body(self.answer(self.inner.fetch(access, object, part)).await?))
    }
}

#[async_trait]
impl VaultView for Until<dyn VaultView> {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        self.answer(self.inner.organizations(name)).await
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        self.answer(self.inner.records(organization)).await
    }

    async fn refuses(
        &self,
        organization: &VaultOrganizationId,
        context: &RecordContext,
    ) -> Result<Option<String>, PortError> {
        self.answer(self.inner.refuses(organization, context)).await
    }
}

#[async_trait]
impl VaultSecrets for Until<dyn VaultSecrets> {
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        self.answer(self.inner.read(organization, record)).await
    }
}

#[async_trait]
impl TicketsView for Until<dyn TicketsView> {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        self.answer(self.inner.note(ticket, marker)).await
    }

    async fn refuses(&self, ticket: &TicketId, organization: OrgUuid) -> Result<Option<String>, PortError> {
        self.answer(self.inner.refuses(ticket, organization)).await
    }
}

#[async_trait]
impl Source for Until<dyn Source> {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        self.answer(self.inner.stat(path)).await
    }

    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError> {
        Ok(self.body(self.answer(self.inner.read(path, facts)).await?))
    }
}

#[async_trait]
impl SystemView for Until<dyn ApplianceView> {
    async fn system(&self) -> Result<System, PortError> {
        self.answer(self.inner.system()).await
    }

    async fn rights(&self) -> Result<Rights, PortError> {
        self.answer(self.inner.rights()).await
    }
}

#[async_trait]
impl DatasetsView for Until<dyn ApplianceView> {
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.answer(self.inner.pools()).await
    }
}

#[async_trait]
impl SnmpView for Until<dyn ApplianceView> {
    async fn snmp(&self) -> Result<Arc<SnmpService>, PortError> {
        self.answer(self.inner.snmp()).await
    }
}

#[async_trait]
impl CloudCredentialsView for Until<dyn ApplianceView> {
    async fn cloud_credentials(&self) -> Result<Arc<[CloudCredential]>, PortError> {
        self.answer(self.inner.cloud_credentials()).await
    }
}

#[async_trait]
impl CloudSyncsView for Until<dyn ApplianceView> {
    async fn cloud_syncs(&self) -> Result<Arc<[CloudSync]>, PortError> {
        self.answer(self.inner.cloud_syncs()).await
    }
}

#[async_trait]
impl SnapshotsView for Until<dyn ApplianceView> {
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.answer(self.inner.snapshot_tasks()).await
    }

    async fn snapshots(&self, pool: &PoolName) -> Result<Vec<Snapshot>, PortError> {
        self.answer(self.inner.snapshots(pool)).await
    }
}

#[async_trait]
impl JobsView for Until<dyn ApplianceView> {
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.answer(self.inner.job(job)).await
    }
}
