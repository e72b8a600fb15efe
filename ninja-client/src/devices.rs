//! Devices.

use std::collections::BTreeSet;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, future, stream};
use http_core::ServiceClient;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::api_operation::ApiOperation;
use crate::ask::Ask;
use crate::custom_fields::FieldPatch;
use crate::device_filter::DeviceFilter;
use crate::error::Error;
use crate::field_value::CustomFields;
use crate::ids::{DeviceId, OrganizationId};
use crate::operations;
use crate::pages::{self, Rows};
use crate::parameters::Parameters;
use crate::service::Ninja;
use crate::shapes::{Activity, ApprovalStatus, Device, DeviceDetail, DeviceMatch};

impl Device {
    /// Every name that it has.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&self.display_name, &self.system_name, &self.dns_name, &self.netbios_name];
        names.into_iter().filter_map(Option::as_deref)
    }
}

/// Devices and their custom fields; from [`crate::Client::devices`].
#[derive(Clone, Copy, Debug)]
pub struct Devices<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    devices: Option<Rows<DeviceMatch>>,
}

impl Devices<'_> {
    /// Every device of an organisation, pending ones after the others. Both lists are read to their ends, the pending ones first,
    /// before the first item.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Device, Error>> + Send + use<> {
        self.listed(operations::LIST_DEVICES, organization, |device| device)
    }

    /// As [`list`](Self::list), with addresses.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_detailed(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<DeviceDetail, Error>> + Send + use<> {
        self.listed(operations::LIST_DEVICES_DETAILED, organization, |detail: &DeviceDetail| &detail.device)
    }

    /// NinjaOne hides pending devices from a filter that does not name the status. Each half keeps only what is its own, so
    /// that an instance that ignores the filter doubles nothing and shows no other client's devices. The pending ones are read first: a
    /// device that is approved meanwhile is then in both lists, and would else be in neither.
    fn listed<T: DeserializeOwned + Send + 'static>(
        self,
        operation: ApiOperation,
        organization: OrganizationId,
        device: fn(&T) -> &Device,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let half = |filter: DeviceFilter, pending: bool| {
            self.matching(operation, &filter, device).try_filter(move |row| {
                let device = device(row);
                let own = device.organization_id == organization;
                future::ready(own && (device.approval_status == ApprovalStatus::Pending) == pending)
            })
        };
        let own = || DeviceFilter::new().organizations(&[organization]);
        let shown = half(own(), false);
        let pending = half(own().approval(&ApprovalStatus::Pending), true);
        stream::once(Box::pin(async move {
            let pending: Vec<Result<T, Error>> = pending.collect().await;
            let mut all: Vec<Result<T, Error>> = shown.collect().await;
            let ids: BTreeSet<DeviceId> = all.iter().flatten().map(|row| device(row).id).collect();
            let is_new =
                |row: &Result<T, Error>| row.as_ref().map_or(true, |row| !ids.contains(&device(row).id));
            all.extend(pending.into_iter().filter(is_new));
            stream::iter(all)
        }))
        .flatten()
    }

    /// Every device that the filter lets through, in all organisations.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_where(
        &self,
        filter: &DeviceFilter,
    ) -> impl Stream<Item = Result<Device, Error>> + Send + use<> {
        self.matching(operations::LIST_DEVICES, filter, |device| device)
    }

    /// As [`list_where`](Self::list_where), with addresses, hardware and software.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_detailed_where(
        &self,
        filter: &DeviceFilter,
    ) -> impl Stream<Item = Result<DeviceDetail, Error>> + Send + use<> {
        self.matching(operations::LIST_DEVICES_DETAILED, filter, |detail: &DeviceDetail| &detail.device)
    }

    fn matching<T: DeserializeOwned + Send + 'static>(
        self,
        operation: ApiOperation,
        filter: &DeviceFilter,
        device: fn(&T) -> &Device,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let (service, filter) = (self.service.clone(), Parameters::new().devices(filter));
        let ask = move || Ask::new(&service, operation).parameters(&filter);
        pages::after(ask, move |row: &T| device(row).id.get(), pages::DEVICE_BYTES)
    }

    /// What happened to a device, from the newest to the oldest.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn activities(
        &self,
        id: DeviceId,
        query: &Parameters,
    ) -> impl Stream<Item = Result<Activity, Error>> + Send + use<> {
        let (service, query) = (self.service.clone(), query.clone());
        pages::activities(move || {
            Ask::new(&service, operations::LIST_DEVICE_ACTIVITIES).at(id).parameters(&query)
        })
    }

    /// The device of this id, with its addresses.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: DeviceId) -> Result<DeviceDetail, Error> {
        Ask::new(self.service, operations::GET_DEVICE).at(id).send().await
    }

    /// What NinjaOne finds for a text among names, users and addresses: its best hits, not all, and no pending ones. A hit without an id is left out.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn search(&self, text: &str) -> Result<Vec<Device>, Error> {
        let found = self.matches(text).await?;
        Ok(found.into_iter().map(|found| found.device).collect())
    }

    /// As [`search`](Self::search), with what each was found by.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn matches(&self, text: &str) -> Result<Vec<DeviceMatch>, Error> {
        let found: Found = Ask::new(self.service, operations::SEARCH_DEVICES).query("q", text).send().await?;
        Ok(found.devices.map(|Rows(found)| found).unwrap_or_default())
    }

    /// The values of a device's own custom fields that the API may read; nothing is inherited.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such device, else any kind that a read can end in.
    pub async fn custom_fields(&self, id: DeviceId) -> Result<CustomFields, Error> {
        let ask = Ask::new(self.service, operations::GET_DEVICE_CUSTOM_FIELDS).at(id);
        ask.query("withInheritance", false).send().await
    }

    /// As [`custom_fields`](Self::custom_fields), where a value that the device lacks is its location's, or else its organisation's.
    ///
    /// # Errors
    /// As [`custom_fields`](Self::custom_fields).
    pub async fn inherited_custom_fields(&self, id: DeviceId) -> Result<CustomFields, Error> {
        let ask = Ask::new(self.service, operations::GET_DEVICE_CUSTOM_FIELDS).at(id);
        ask.query("withInheritance", true).send().await
    }

    /// Sets custom fields; those that the patch does not name stay. Success does not prove that the values were stored: read them again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(&self, id: DeviceId, patch: &FieldPatch) -> Result<(), Error> {
        Ask::new(self.service, operations::SET_DEVICE_CUSTOM_FIELDS).at(id).json(patch).done().await
    }
}
