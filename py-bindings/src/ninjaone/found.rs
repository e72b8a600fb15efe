//! What NinjaOne says: organisations, locations, devices.

use ninja_client::ApiOperation;
use ninja_client::shapes;

use super::failure::Failure;
use crate::json::Members;
use crate::rows::listings;
use crate::service::rest;
use crate::values::value_class;

value_class! {
    in "dtc.ninjaone";
    /// A client. Its name is neither unique nor stable.
    Organization {
        /// Its id.
        id: i32,
        /// Its name.
        name: String,
        /// Its description.
        description: Option<String> = None,
        /// What else NinjaOne says of it, by NinjaOne's names.
        more: Members = { Members::default() },
    }
}

impl From<shapes::Organization> for Organization {
    fn from(found: shapes::Organization) -> Self {
        let more = rest(&found, &["id", "name", "description"]);
        Self { id: found.id.get(), name: found.name, description: found.description, more }
    }
}

value_class! {
    in "dtc.ninjaone";
    /// A site of a client. Its name is unique not even within its organisation.
    Location {
        /// Its id.
        id: i32,
        /// Its name.
        name: String,
        /// Its address.
        address: Option<String> = None,
        /// Its description.
        description: Option<String> = None,
        /// What else NinjaOne says of it, by NinjaOne's names.
        more: Members = { Members::default() },
    }
}

impl From<shapes::Location> for Location {
    fn from(found: shapes::Location) -> Self {
        let more = rest(&found, &["id", "name", "address", "description"]);
        Self {
            id: found.id.get(),
            name: found.name,
            address: found.address,
            description: found.description,
            more,
        }
    }
}

value_class! {
    in "dtc.ninjaone";
    /// A device.
    Device {
        /// Its id.
        id: i32,
        /// Its UUID, which NinjaOne gives.
        uid: Option<String> = None,
        /// The organisation's id.
        organization_id: i32,
        /// The location's id.
        location_id: i32,
        /// What kind of device it is, such as ``"WINDOWS_SERVER"``.
        node_class: String,
        /// Whether it has been approved: ``"APPROVED"``, ``"PENDING"``.
        approval_status: String,
        /// Whether it is offline.
        offline: Option<bool> = None,
        /// Its name as people gave it.
        display_name: Option<String> = None,
        /// Its own name.
        system_name: Option<String> = None,
        /// Its name in the DNS.
        dns_name: Option<String> = None,
        /// What else NinjaOne says of it, by NinjaOne's names; addresses, hardware and software where one device was asked for.
        more: Members = { Members::default() },
    }
}

const KNOWN_OF_DEVICES: [&str; 10] = [
    "id",
    "uid",
    "organizationId",
    "locationId",
    "nodeClass",
    "approvalStatus",
    "offline",
    "displayName",
    "systemName",
    "dnsName",
];

impl From<shapes::Device> for Device {
    fn from(found: shapes::Device) -> Self {
        let more = rest(&found, &KNOWN_OF_DEVICES);
        Self {
            id: found.id.get(),
            uid: found.uid.map(|uid| uid.as_str().to_owned()),
            organization_id: found.organization_id.get(),
            location_id: found.location_id.get(),
            node_class: found.node_class.to_string(),
            approval_status: found.approval_status.to_string(),
            offline: found.offline,
            display_name: found.display_name,
            system_name: found.system_name,
            dns_name: found.dns_name,
            more,
        }
    }
}

impl From<shapes::DeviceDetail> for Device {
    fn from(found: shapes::DeviceDetail) -> Self {
        let more = rest(&found, &KNOWN_OF_DEVICES);
        Self { more, ..Self::from(found.device) }
    }
}

value_class! {
    in "dtc.ninjaone";
    /// An operation of the public API.
    Operation {
        /// Its name here.
        name: String,
        /// The verb that it is sent with.
        method: String,
        /// Its path; what stands in braces is filled in by the caller.
        path: String,
        /// The query parameters that it has.
        query: Vec<String>,
        /// Whether a read-only client sends it.
        is_read: bool,
    }
}

impl From<ApiOperation> for Operation {
    fn from(operation: ApiOperation) -> Self {
        Self {
            name: operation.name().to_owned(),
            method: format!("{:?}", operation.method()).to_uppercase(),
            path: operation.path().to_owned(),
            query: operation.query().iter().map(|name| (*name).to_owned()).collect(),
            is_read: operation.is_read(),
        }
    }
}

listings! {
    in "dtc.ninjaone" and "dtc.ninjaone.aio", Failure;
    /// Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "ListedOrganizations": ListedOrganizations / AioListedOrganizations of shapes::Organization => Organization;
    /// Devices, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "ListedDevices": ListedDevices / AioListedDevices of shapes::Device => Device;
}
