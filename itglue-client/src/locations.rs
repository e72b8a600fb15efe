//! Locations of organisations.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};

use crate::error::Error;
use crate::ids::{LocationId, OrganizationId};
use crate::json_api;
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A place of an organisation.
    Location, LocationId;
    {
        /// The organisation that it belongs to.
        organization_id = "organization-id": OrganizationId,
        /// Its name.
        name = "name": String,
    }
    {
        /// Whether it is the organisation's main one.
        primary = "primary": bool,
        /// The first line of its address.
        address_1 = "address-1": Option<String>,
        /// The second line of its address.
        address_2 = "address-2": Option<String>,
        /// Its town.
        city = "city": Option<String>,
        /// Its postal code.
        postal_code = "postal-code": Option<String>,
        /// Its country.
        country_name = "country-name": Option<String>,
        /// The page that shows it to people.
        page = "resource-url": Option<String>,
    }
}

/// Reads locations; from [`crate::Client::locations`].
#[derive(Clone, Copy, Debug)]
pub struct Locations<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Locations<'_> {
    /// Every location of an organisation, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Location, Error>> + Send + use<> {
        let filters = vec![("filter[organization_id]", organization.to_string())];
        json_api::list(self.service, operations::LIST_LOCATIONS, "locations", filters)
            // A filter that a server ignores would show every client's.
            .try_filter(move |found: &Location| std::future::ready(found.organization_id == organization))
    }

    /// The location of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: LocationId) -> Result<Location, Error> {
        let call = Call::new(operations::GET_LOCATION, Method::Get, format!("locations/{id}"));
        let call = call.subject(format_args!("location {id}"));
        json_api::this(self.service, operations::GET_LOCATION, id, call).await
    }
}
