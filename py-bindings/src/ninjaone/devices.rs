//! Devices.

use ninja_client::{Client as Ninja, DeviceId, OrganizationId};
use pyo3::prelude::*;

use super::failure::Failure;
use super::fields::{patch, values};
use super::found::{AioListedDevices, Device, ListedDevices};
use crate::held::Held;
use crate::json::Members;
use crate::rows::Rows;
use crate::twins::twins;
use crate::values::{Many, Nothing};

type Handle = Held<Ninja>;

twins! {
    /// Devices.
    "Devices" in "dtc.ninjaone" and "dtc.ninjaone.aio", Failure: Devices / AioDevices(Handle) {
        both {}
        blocking {
            /// Lists every device of an organisation, pending ones after the others.
            fn list(&self, organization: i32) -> PyResult<ListedDevices> {
                let rows = self.0.ready()?.devices().list(OrganizationId::new(organization));
                Ok(ListedDevices(Rows::new("list_devices", rows)))
            }
        }
        asyncio {
            /// Lists every device of an organisation, pending ones after the others.
            fn list(&self, organization: i32) -> PyResult<AioListedDevices> {
                let rows = self.0.ready()?.devices().list(OrganizationId::new(organization));
                Ok(AioListedDevices(Rows::new("list_devices", rows)))
            }
        }

        /// Returns the device of this id, with addresses, hardware and software in ``more``. ``NotFound`` when there is none.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_device"
        fn get(id: i32) -> Device = |ninja| {
            Ok(ninja.devices().get(DeviceId::new(id)).await?.into())
        }

        /// Returns what NinjaOne finds for a text among names, users and addresses: its best hits, not all, and no pending ones.
        #[pyo3(signature = (text, *, timeout = None))]
        Read "search_devices"
        fn search(text: String) -> Many<Device> = |ninja| {
            let found = ninja.devices().search(&text).await?;
            Ok(Many(found.into_iter().map(Device::from).collect()))
        }

        /// Returns the values of a device's own custom fields that the API may read, by the fields' names; with ``inherited`` also those that it
        /// has from its location or else its organisation.
        #[pyo3(signature = (id, *, inherited = false, timeout = None))]
        Read "get_device_custom_fields"
        fn custom_fields(id: i32, inherited: bool) -> Members = |ninja| {
            let (devices, id) = (ninja.devices(), DeviceId::new(id));
            let found = if inherited { devices.inherited_custom_fields(id).await } else { devices.custom_fields(id).await };
            Ok(values(&found?))
        }

        /// Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        /// ``Client.write_fields`` reads them back.
        #[pyo3(signature = (id, fields, *, timeout = None))]
        Write "set_device_custom_fields"
        fn set_custom_fields(id: i32, fields: Members) -> Nothing = |ninja| {
            ninja.devices().set_custom_fields(DeviceId::new(id), &patch(fields)?).await?;
            Ok(Nothing)
        }
    }
}
