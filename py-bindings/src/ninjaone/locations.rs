//! Locations.

use ninja_client::{Client as Ninja, LocationId, OrganizationId};

use super::failure::Failure;
use super::fields::{patch, values};
use super::found::Location;
use crate::held::Held;
use crate::json::Members;
use crate::twins::twins;
use crate::values::{Many, Nothing};

type Handle = Held<Ninja>;

twins! {
    /// Locations: the sites of clients.
    "Locations" in "dtc.ninjaone" and "dtc.ninjaone.aio", Failure: Locations / AioLocations(Handle) {
        both {}
        blocking {}
        asyncio {}

        /// Returns every location of an organisation; what has no id is left out. ``NotFound`` when there is no such organisation.
        #[pyo3(signature = (organization, *, timeout = None))]
        Read "list_locations"
        fn list(organization: i32) -> Many<Location> = |ninja| {
            let found = ninja.locations().list(OrganizationId::new(organization)).await?;
            Ok(Many(found.into_iter().map(Location::from).collect()))
        }

        /// Returns the values of a location's own custom fields that the API may read, by the fields' names; nothing is inherited.
        #[pyo3(signature = (organization, location, *, timeout = None))]
        Read "get_location_custom_fields"
        fn custom_fields(organization: i32, location: i32) -> Members = |ninja| {
            let (organization, location) = (OrganizationId::new(organization), LocationId::new(location));
            Ok(values(&ninja.locations().custom_fields(organization, location).await?))
        }

        /// Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        /// ``Client.write_fields`` reads them back.
        #[pyo3(signature = (organization, location, fields, *, timeout = None))]
        Write "set_location_custom_fields"
        fn set_custom_fields(organization: i32, location: i32, fields: Members) -> Nothing = |ninja| {
            let (organization, location) = (OrganizationId::new(organization), LocationId::new(location));
            ninja.locations().set_custom_fields(organization, location, &patch(fields)?).await?;
            Ok(Nothing)
        }
    }
}
