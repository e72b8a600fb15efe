//! Locations: the sites of an organisation.

use futures_util::Stream;
use http_core::ServiceClient;

use crate::ask::Ask;
use crate::calls::calls;
use crate::custom_fields::FieldPatch;
use crate::error::Error;
use crate::field_value::CustomFields;
use crate::ids::{LocationId, OrganizationId};
use crate::operations;
use crate::pages::{self, Rows};
use crate::service::Ninja;
use crate::shapes::{Location, LocationProperties, PlacedLocation};

/// Locations and their custom fields; from [`crate::Client::locations`].
#[derive(Clone, Copy, Debug)]
pub struct Locations<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

impl Locations<'_> {
    /// Every location of an organisation; NinjaOne gives them in one answer. What has no id is left out.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such organisation, else any kind that a read can end in.
    pub async fn list(&self, organization: OrganizationId) -> Result<Vec<Location>, Error> {
        let Rows(found) = Ask::new(self.service, operations::LIST_LOCATIONS).at(organization).send().await?;
        Ok(found)
    }

    /// Every location of the tenant, with whose it is, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list_all(&self) -> impl Stream<Item = Result<PlacedLocation, Error>> + Send + use<> {
        let service = self.service.clone();
        let ask = move || Ask::new(&service, operations::LIST_ALL_LOCATIONS);
        pages::after(ask, |row: &PlacedLocation| row.location.id.get(), pages::BYTES)
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
        Ask::new(self.service, operations::GET_LOCATION_CUSTOM_FIELDS)
            .at(organization)
            .at(location)
            .query("withInheritance", false)
            .send()
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
        let ask =
            Ask::new(self.service, operations::SET_LOCATION_CUSTOM_FIELDS).at(organization).at(location);
        ask.json(patch).done().await
    }
}

calls! { Locations:
    /// Adds a location to an organisation. Asked twice, it adds two.
    create = CREATE_LOCATION [organization: OrganizationId] { new: LocationProperties } -> Location;
    /// Changes what `change` names, and nothing else.
    update = UPDATE_LOCATION [organization: OrganizationId, id: LocationId] { change: LocationProperties } -> Location;
}
