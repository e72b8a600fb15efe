//! Organisations.

use ninja_client::{Client as Ninja, OrganizationId};
use pyo3::prelude::*;

use super::failure::Failure;
use super::fields::{patch, values};
use super::found::{
    AioListedDevices, AioListedOrganizations, ListedDevices, ListedOrganizations, Organization,
};
use crate::held::Held;
use crate::json::Members;
use crate::rows::Rows;
use crate::twins::twins;
use crate::values::{Many, Nothing};

type Handle = Held<Ninja>;

twins! {
    /// Organisations: the clients of the managed service provider.
    "Organizations" in "dtc.ninjaone" and "dtc.ninjaone.aio", Failure: Organizations / AioOrganizations(Handle) {
        both {}
        blocking {
            /// Lists every organisation of the tenant.
            fn list(&self) -> PyResult<ListedOrganizations> {
                let rows = self.0.ready()?.organizations().list();
                Ok(ListedOrganizations(Rows::new("list_organizations", rows)))
            }

            /// Lists an organisation's devices, without the pending ones.
            fn devices(&self, id: i32) -> PyResult<ListedDevices> {
                let rows = self.0.ready()?.organizations().devices(OrganizationId::new(id));
                Ok(ListedDevices(Rows::new("list_organization_devices", rows)))
            }
        }
        asyncio {
            /// Lists every organisation of the tenant.
            fn list(&self) -> PyResult<AioListedOrganizations> {
                let rows = self.0.ready()?.organizations().list();
                Ok(AioListedOrganizations(Rows::new("list_organizations", rows)))
            }

            /// Lists an organisation's devices, without the pending ones.
            fn devices(&self, id: i32) -> PyResult<AioListedDevices> {
                let rows = self.0.ready()?.organizations().devices(OrganizationId::new(id));
                Ok(AioListedDevices(Rows::new("list_organization_devices", rows)))
            }
        }

        /// Returns every organisation of exactly this name; there may be none, or several. An application that may see no organisation gets an
        /// empty list without a refusal.
        #[pyo3(signature = (name, *, timeout = None))]
        Read "list_organizations"
        fn find(name: String) -> Many<Organization> = |ninja| {
            let found = ninja.organizations().find(&name).await?;
            Ok(Many(found.into_iter().map(Organization::from).collect()))
        }

        /// Returns the organisation of this id. ``NotFound`` when there is none.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_organization"
        fn get(id: i32) -> Organization = |ninja| {
            Ok(ninja.organizations().get(OrganizationId::new(id)).await?.into())
        }

        /// Returns the values of its custom fields that the API may read, by the fields' names.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_organization_custom_fields"
        fn custom_fields(id: i32) -> Members = |ninja| {
            Ok(values(&ninja.organizations().custom_fields(OrganizationId::new(id)).await?))
        }

        /// Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        /// ``Client.write_fields`` reads them back.
        #[pyo3(signature = (id, fields, *, timeout = None))]
        Write "set_organization_custom_fields"
        fn set_custom_fields(id: i32, fields: Members) -> Nothing = |ninja| {
            ninja.organizations().set_custom_fields(OrganizationId::new(id), &patch(fields)?).await?;
            Ok(Nothing)
        }
    }
}
