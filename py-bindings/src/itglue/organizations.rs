//! Organisations, and the locations of each.

use itglue_client::{Client as ItGlue, OrganizationId};
use pyo3::prelude::*;

use super::failure::Failure;
use super::found::{
    AioListedLocations, AioListedOrganizations, ListedLocations, ListedOrganizations, Organization,
};
use crate::held::Held;
use crate::rows::Rows;
use crate::twins::twins;
use crate::values::Many;

type Handle = Held<ItGlue>;

twins! {
    /// Organisations: the clients of the managed service provider.
    "Organizations" in "dtc.itglue" and "dtc.itglue.aio", Failure: Organizations / AioOrganizations(Handle) {
        both {}
        blocking {
            /// Lists every organisation.
            fn list(&self) -> PyResult<ListedOrganizations> {
                Ok(ListedOrganizations(Rows::new("list_organizations", self.0.ready()?.organizations().list())))
            }

            /// Lists the locations of an organisation.
            fn locations(&self, id: u64) -> PyResult<ListedLocations> {
                let rows = self.0.ready()?.locations().list(OrganizationId::new(id));
                Ok(ListedLocations(Rows::new("list_locations", rows)))
            }
        }
        asyncio {
            /// Lists every organisation.
            fn list(&self) -> PyResult<AioListedOrganizations> {
                Ok(AioListedOrganizations(Rows::new("list_organizations", self.0.ready()?.organizations().list())))
            }

            /// Lists the locations of an organisation.
            fn locations(&self, id: u64) -> PyResult<AioListedLocations> {
                let rows = self.0.ready()?.locations().list(OrganizationId::new(id));
                Ok(AioListedLocations(Rows::new("list_locations", rows)))
            }
        }

        /// Returns every organisation of exactly this name; there may be none, or several.
        #[pyo3(signature = (name, *, timeout = None))]
        Read "list_organizations"
        fn find(name: String) -> Many<Organization> = |itglue| {
            let found = itglue.organizations().find(&name).await?;
            Ok(Many(found.into_iter().map(Organization::from).collect()))
        }

        /// Returns the organisation of this id. ``NotFound`` when there is none.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_organization"
        fn get(id: u64) -> Organization = |itglue| {
            Ok(itglue.organizations().get(OrganizationId::new(id)).await?.into())
        }
    }
}
