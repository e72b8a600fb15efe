//! Locations: the sites of an organisation.

use http_core::{Call, Method, ServiceClient};
use serde::Deserialize;

use crate::custom_fields::{self, CustomFields, FieldPatch};
use crate::error::Error;
use crate::ids::{LocationId, OrganizationId};
use crate::operations;
use crate::service::Ninja;

/// A site of a client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// Its name; unique not even within its organisation.
    pub name: String,
    /// Its address, where there is one.
    #[serde(default)]
    pub address: Option<String>,
    /// A description, where there is one.
    #[serde(default)]
    pub description: Option<String>,
}

/// Reads locations and their custom fields; from [`crate::Client::locations`].
#[derive(Clone, Copy, Debug)]
pub struct Locations<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

impl Locations<'_> {
    /// Every location of an organisation; NinjaOne gives them in one answer.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such organisation, else any kind that a read can end in.
    pub async fn list(&self, organization: OrganizationId) -> Result<Vec<Location>, Error> {
        let path = format!("v2/organization/{organization}/locations");
        let call = Call::new(operations::LIST_LOCATIONS, Method::Get, path);
        Ok(self.service.send(call.subject(format!("organisation {organization}"))).await?)
    }

    /// The values of a location's own custom fields that the API may read; nothing is inherited.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such location in this organisation, else any kind that a read can end in.
    pub async fn custom_fields(
        &self,
        organization: OrganizationId,
        location: LocationId,
    ) -> Result<CustomFields, Error> {
        let path = format!("{}?withInheritance=false", path(organization, location));
        custom_fields::read(self.service, operations::GET_LOCATION_CUSTOM_FIELDS, path, subject(location))
            .await
    }

    /// Sets custom fields; those that the patch does not name stay. Success does not prove that the values were stored: read them again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(
        &self,
        organization: OrganizationId,
        location: LocationId,
        patch: &FieldPatch,
    ) -> Result<(), Error> {
        let target = path(organization, location);
        custom_fields::write(
            self.service,
            operations::SET_LOCATION_CUSTOM_FIELDS,
            target,
            subject(location),
            patch,
        )
        .await
    }
}

/// Singular `location` here, where other calls say `locations`.
fn path(organization: OrganizationId, location: LocationId) -> String {
    format!("v2/organization/{organization}/location/{location}/custom-fields")
}

fn subject(location: LocationId) -> String {
    format!("location {location}")
}
