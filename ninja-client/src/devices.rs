//! Devices.

use futures_util::{Stream, TryStreamExt as _, future, stream};
use http_core::{Call, Method, Operation, ServiceClient};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::custom_fields::{self, CustomFields, FieldPatch};
use crate::error::Error;
use crate::ids::{DeviceId, LocationId, OrganizationId};
use crate::operations;
use crate::pages;
use crate::service::Ninja;

/// A device, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// The organisation that it belongs to.
    pub organization_id: OrganizationId,
    /// The location that it belongs to.
    pub location_id: LocationId,
    /// What kind of device NinjaOne regards it as; for an appliance, whatever the technician chose.
    #[serde(default)]
    pub node_class: NodeClass,
    /// Whether a technician has approved it.
    #[serde(default)]
    pub approval_status: ApprovalStatus,
    /// The name that people see.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The host name that it reports.
    #[serde(default)]
    pub system_name: Option<String>,
    /// Its DNS name.
    #[serde(default)]
    pub dns_name: Option<String>,
    /// Its `NetBIOS` name.
    #[serde(default)]
    pub netbios_name: Option<String>,
}

impl Device {
    /// Every name that it has.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&self.display_name, &self.system_name, &self.dns_name, &self.netbios_name];
        names.into_iter().filter_map(Option::as_deref)
    }
}

/// A device with its addresses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceDetail {
    /// The device.
    #[serde(flatten)]
    pub device: Device,
    /// Its IP addresses, as reported.
    #[serde(default)]
    pub ip_addresses: Vec<String>,
    /// Its MAC addresses, as reported.
    #[serde(default)]
    pub mac_addresses: Vec<String>,
}

/// Whether a technician has approved a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[expect(missing_docs, reason = "NinjaOne's own names")]
pub enum ApprovalStatus {
    Pending,
    Staged,
    Approved,
    Decommissioned,
    /// A value that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for ApprovalStatus {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

/// What kind of device NinjaOne regards it as (public API 2.0.9-draft); there is none for storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
#[expect(missing_docs, reason = "NinjaOne's own names")]
pub enum NodeClass {
    WindowsServer,
    WindowsWorkstation,
    LinuxServer,
    LinuxWorkstation,
    Mac,
    MacServer,
    Android,
    Aosp,
    AppleIos,
    AppleIpados,
    VmwareVmHost,
    VmwareVmGuest,
    HypervVmmHost,
    HypervVmmGuest,
    CloudMonitorTarget,
    UnmanagedDevice,
    ManagedDevice,
    NmsSwitch,
    NmsRouter,
    NmsFirewall,
    NmsPrivateNetworkGateway,
    NmsPrinter,
    NmsScanner,
    NmsDialManager,
    NmsWap,
    NmsIpsla,
    NmsComputer,
    NmsVmHost,
    NmsAppliance,
    NmsOther,
    NmsServer,
    NmsPhone,
    NmsVirtualMachine,
    NmsNetworkManagementAgent,
    /// A value that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for NodeClass {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

/// Reads devices and their custom fields; from [`crate::Client::devices`].
#[derive(Clone, Copy, Debug)]
pub struct Devices<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    devices: Vec<Device>,
}

impl Devices<'_> {
    /// Every device of an organisation, pending ones after the others. Both lists are read to their ends, at the same time,
    /// before the first item.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. After an error it is over.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Device, Error>> + Send + use<> {
        self.listed(operations::LIST_DEVICES, "devices", organization, |device| device)
    }

    /// As [`list`](Self::list), with addresses.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_detailed(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<DeviceDetail, Error>> + Send + use<> {
        self.listed(
            operations::LIST_DEVICES_DETAILED,
            "devices-detailed",
            organization,
            |detail: &DeviceDetail| &detail.device,
        )
    }

    /// NinjaOne hides pending devices from a filter that does not name the status. Each half keeps only what is its own, so
    /// that an instance that ignores the filter doubles nothing and shows no other client's devices.
    fn listed<T: DeserializeOwned + Send + 'static>(
        self,
        operation: Operation,
        collection: &str,
        organization: OrganizationId,
        device: fn(&T) -> &Device,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        let half = |filter: String, pending: bool| {
            let filter = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
            let service = self.service.clone();
            pages::after(&service, operation, format!("v2/{collection}?df={filter}"), move |row: &T| {
                device(row).id.get()
            })
            .try_filter(move |row| {
                let device = device(row);
                let own = device.organization_id == organization;
                future::ready(own && (device.approval_status == ApprovalStatus::Pending) == pending)
            })
        };
        let shown = half(format!("org = {organization}"), false);
        let pending = half(format!("org = {organization} AND status = PENDING"), true);
        stream::once(Box::pin(async {
            let (mut all, pending): (Vec<T>, Vec<T>) =
                future::try_join(shown.try_collect(), pending.try_collect()).await?;
            all.extend(pending);
            Ok::<_, Error>(stream::iter(all.into_iter().map(Ok)))
        }))
        .try_flatten()
    }

    /// The device of this id, with its addresses.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: DeviceId) -> Result<DeviceDetail, Error> {
        let call = Call::new(operations::GET_DEVICE, Method::Get, format!("v2/device/{id}"));
        Ok(self.service.send(call.subject(subject(id))).await?)
    }

    /// What NinjaOne finds for a text among names, users and addresses: its best hits, not all, and no pending ones.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn search(&self, text: &str) -> Result<Vec<Device>, Error> {
        let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
        let target = format!("v2/devices/search?q={text}");
        let found: Found =
            self.service.send(Call::new(operations::SEARCH_DEVICES, Method::Get, target)).await?;
        Ok(found.devices)
    }

    /// The values of a device's own custom fields that the API may read; nothing is inherited.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such device, else any kind that a read can end in.
    pub async fn custom_fields(&self, id: DeviceId) -> Result<CustomFields, Error> {
        let path = format!("{}?withInheritance=false", path(id));
        custom_fields::read(self.service, operations::GET_DEVICE_CUSTOM_FIELDS, path, subject(id)).await
    }

    /// Sets custom fields; those that the patch does not name stay. Success does not prove that the values were stored: read them again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(&self, id: DeviceId, patch: &FieldPatch) -> Result<(), Error> {
        custom_fields::write(self.service, operations::SET_DEVICE_CUSTOM_FIELDS, path(id), subject(id), patch)
            .await
    }
}

fn path(id: DeviceId) -> String {
    format!("v2/device/{id}/custom-fields")
}

fn subject(id: DeviceId) -> String {
    format!("device {id}")
}
