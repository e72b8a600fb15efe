//! What IT Glue says: organisations, locations, configurations, documents, categories.

use itglue_client as itglue;

use super::failure::Failure;
use crate::json::Members;
use crate::rows::listings;
use crate::values::value_class;

value_class! {
    in "dtc.itglue";
    /// A client.
    Organization {
        /// Its id.
        id: u64,
        /// Its name; neither unique nor stable.
        name: String,
        /// Its short name, by which people look it up.
        short_name: Option<String> = None,
        /// What kind of organisation it is, such as ``"Customer"``; each account has its own kinds.
        organization_type_name: Option<String> = None,
        /// Its status, such as ``"Active"``; each account has its own.
        organization_status_name: Option<String> = None,
        /// Whether and how it is synchronised with a PSA.
        psa_integration: Option<String> = None,
        /// When it was last changed, as IT Glue writes it.
        updated_at: Option<String> = None,
        /// The page that shows it to people.
        page: Option<String> = None,
        /// What else IT Glue says of it, by its names on the wire.
        more: Members = { Members::default() },
    }
}

impl From<itglue::Organization> for Organization {
    fn from(found: itglue::Organization) -> Self {
        Self {
            id: found.id.get(),
            name: found.name,
            short_name: found.short_name,
            organization_type_name: found.organization_type_name,
            organization_status_name: found.organization_status_name,
            psa_integration: found.psa_integration,
            updated_at: found.updated_at,
            page: found.page,
            more: Members(found.more),
        }
    }
}

value_class! {
    in "dtc.itglue";
    /// A place of an organisation.
    Location {
        /// Its id.
        id: u64,
        /// The id of the organisation that it belongs to.
        organization_id: u64,
        /// Its name.
        name: String,
        /// Whether it is the organisation's main one.
        primary: bool = false,
        /// The first line of its address.
        address_1: Option<String> = None,
        /// The second line of its address.
        address_2: Option<String> = None,
        /// Its town.
        city: Option<String> = None,
        /// Its postal code.
        postal_code: Option<String> = None,
        /// Its country.
        country_name: Option<String> = None,
        /// The page that shows it to people.
        page: Option<String> = None,
        /// What else IT Glue says of it, by its names on the wire.
        more: Members = { Members::default() },
    }
}

impl From<itglue::Location> for Location {
    fn from(found: itglue::Location) -> Self {
        Self {
            id: found.id.get(),
            organization_id: found.organization_id.get(),
            name: found.name,
            primary: found.primary,
            address_1: found.address_1,
            address_2: found.address_2,
            city: found.city,
            postal_code: found.postal_code,
            country_name: found.country_name,
            page: found.page,
            more: Members(found.more),
        }
    }
}

value_class! {
    in "dtc.itglue";
    /// A device, as IT Glue knows it.
    Configuration {
        /// Its id.
        id: u64,
        /// The id of the organisation that it belongs to.
        organization_id: u64,
        /// Its name.
        name: String,
        /// Its name on the network.
        hostname: Option<String> = None,
        /// Its serial number.
        serial_number: Option<String> = None,
        /// Its MAC address, as it was entered.
        mac_address: Option<String> = None,
        /// The number on its sticker.
        asset_tag: Option<String> = None,
        /// Its address on the network.
        primary_ip: Option<String> = None,
        /// The id of its type.
        configuration_type_id: Option<u64> = None,
        /// Its type's name.
        configuration_type_name: Option<String> = None,
        /// Its status, such as ``"Active"``; each account has its own.
        configuration_status_name: Option<String> = None,
        /// The id of the location where it stands.
        location_id: Option<u64> = None,
        /// Its notes.
        notes: Option<String> = None,
        /// Whether it is archived.
        archived: bool = false,
        /// When it was last changed, as IT Glue writes it.
        updated_at: Option<String> = None,
        /// The page that shows it to people.
        page: Option<String> = None,
        /// What else IT Glue says of it, by its names on the wire.
        more: Members = { Members::default() },
    }
}

impl From<itglue::Configuration> for Configuration {
    fn from(found: itglue::Configuration) -> Self {
        Self {
            id: found.id.get(),
            organization_id: found.organization_id.get(),
            name: found.name,
            hostname: found.hostname,
            serial_number: found.serial_number,
            mac_address: found.mac_address,
            asset_tag: found.asset_tag,
            primary_ip: found.primary_ip,
            configuration_type_id: found.configuration_type_id.map(itglue::ConfigurationTypeId::get),
            configuration_type_name: found.configuration_type_name,
            configuration_status_name: found.configuration_status_name,
            location_id: found.location_id.map(itglue::LocationId::get),
            notes: found.notes,
            archived: found.archived,
            updated_at: found.updated_at,
            page: found.page,
            more: Members(found.more),
        }
    }
}

value_class! {
    in "dtc.itglue";
    /// A type of configurations; each account has its own beside those that IT Glue brings.
    ConfigurationType {
        /// Its id.
        id: u64,
        /// Its name, such as ``"Managed Server"``.
        name: String,
    }
}

impl From<itglue::ConfigurationType> for ConfigurationType {
    fn from(found: itglue::ConfigurationType) -> Self {
        Self { id: found.id.get(), name: found.name }
    }
}

value_class! {
    in "dtc.itglue";
    /// What passwords are filed under; each account has its own.
    PasswordCategory {
        /// Its id.
        id: u64,
        /// Its name.
        name: String,
    }
}

impl From<itglue::PasswordCategory> for PasswordCategory {
    fn from(found: itglue::PasswordCategory) -> Self {
        Self { id: found.id.get(), name: found.name }
    }
}

value_class! {
    in "dtc.itglue";
    /// A document of an organisation.
    Document {
        /// Its id.
        id: u64,
        /// The id of the organisation that it belongs to.
        organization_id: u64,
        /// Its name.
        name: String,
        /// Whether only some people may see it.
        restricted: bool = false,
        /// Whether it is archived.
        archived: bool = false,
        /// When it was last changed, as IT Glue writes it.
        updated_at: Option<String> = None,
        /// The page that shows it to people.
        page: Option<String> = None,
        /// What else IT Glue says of it, by its names on the wire.
        more: Members = { Members::default() },
    }
}

impl From<itglue::Document> for Document {
    fn from(found: itglue::Document) -> Self {
        Self {
            id: found.id.get(),
            organization_id: found.organization_id.get(),
            name: found.name,
            restricted: found.restricted,
            archived: found.archived,
            updated_at: found.updated_at,
            page: found.page,
            more: Members(found.more),
        }
    }
}

listings! {
    in "dtc.itglue" and "dtc.itglue.aio", Failure;
    /// Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "ListedOrganizations": ListedOrganizations / AioListedOrganizations of itglue::Organization => Organization;
    /// Locations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "ListedLocations": ListedLocations / AioListedLocations of itglue::Location => Location;
    /// Configurations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "ListedConfigurations": ListedConfigurations / AioListedConfigurations of itglue::Configuration => Configuration;
}
