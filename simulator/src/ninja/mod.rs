//! NinjaOne's public API v2: any number of tenants, each with the client's organisation and two others.
//!
//! Offered with rules of their own: the token endpoint, organisations, locations, devices with their filter and paging, search, device
//! PATCH, custom-field values of all three, their definitions, and the report over them. The other operations that scripts use stand in a
//! catalogue made from the specification: bodies are held to their shapes, records are kept, reports have a row for every device.
//! Where the vendor's documentation leaves open what happens, a test chooses: see [`UnknownFields`] and [`Clearing`].

mod answer;
mod api;
mod catalogue;
mod device;
mod fields;
mod filter;
mod handle;
mod log_in;
mod oauth;
mod query;
mod records;
mod report;
mod route;
mod state;
mod wire;

use std::sync::Arc;

use serde::Serialize;

pub use self::fields::{ApiPermission, Entity, FieldType};
pub use self::handle::{DiscoveredAppliance, Handle};
pub use self::state::{Approval, Clearing, NewDevice, UnknownFields};

use crate::core::{Core, Started};
use crate::error::Error;
use crate::http;

/// Where the tenant answers, and the machine-to-machine application it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The base URL, without a path.
    pub url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: String,
}

/// What the tenant holds when it starts.
#[derive(Debug, Clone)]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    pub(crate) organization: String,
    organization_guid: String,
    location: String,
    location_guid: String,
    fleet: (u32, u32),
}

impl Default for Settings {
    /// One dental practice with one location; its identifiers are those of the naming rules' worked example.
    fn default() -> Self {
        Self {
            organization: DEFAULT_ORGANIZATION.to_owned(),
            organization_guid: "0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9".to_owned(),
            location: "Main Office".to_owned(),
            location_guid: "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9".to_owned(),
            fleet: (0, 0),
        }
    }
}

/// The default name of the client, in every service.
pub(crate) const DEFAULT_ORGANIZATION: &str = "Harbour Dental Group";

impl Settings {
    /// Sets the client's organisation: its name, and the value of its field `dtcOrgGuid`.
    pub fn organization(mut self, name: &str, guid: &str) -> Self {
        name.clone_into(&mut self.organization);
        guid.clone_into(&mut self.organization_guid);
        self
    }

    /// Adds so many organisations, each with one location and so many devices there, every device with a `deviceGuid` of its own. All
    /// locations have one name, and every organisation shares its name with another.
    pub fn fleet(mut self, organizations: u32, devices_each: u32) -> Self {
        self.fleet = (organizations, devices_each);
        self
    }

    /// Sets the client's location: its name, and the value of its field `dtcLocationGuid`.
    pub fn location(mut self, name: &str, guid: &str) -> Self {
        name.clone_into(&mut self.location);
        guid.clone_into(&mut self.location_guid);
        self
    }
}

/// Starts the tenant on a port of its own.
pub(crate) async fn start(
    core: &Core,
    id: Arc<str>,
    settings: Settings,
) -> Result<Started<Handle, Address>, Error> {
    let (listener, at) = http::listen().await?;
    let mut api = api::Api {
        tenant: state::Tenant::new(core.random("ninja devices", &id), fields::definitions()),
        application: oauth::Application::new(core.random("ninja tokens", &id)),
        reports: report::Reports::default(),
    };
    let place = populate(&mut api.tenant, &settings, core.clock.now());
    let address = Address {
        url: format!("http://{at}"),
        client_id: api.application.client_id.clone(),
        client_secret: api.application.client_secret.clone(),
    };
    let shared = Arc::new(wire::Shared::new(api, core.clock.clone(), Arc::clone(&id)));
    http::serve(core, listener, Arc::clone(&shared), wire::router(Arc::clone(&shared)));
    Ok(Started { id, handle: Handle::new(shared, place), address })
}

/// Fills the tenant: other organisations before and after the client, so that no id and no position is special.
fn populate(tenant: &mut state::Tenant, settings: &Settings, now: jiff::Timestamp) -> handle::Place {
    let now = state::seconds(now);
    let before = tenant.add_organization("Quarry Street Veterinary");
    let clinic = tenant.add_location(before, "Clinic");
    let organization = tenant.add_organization(&settings.organization);
    let location = tenant.add_location(organization, &settings.location);
    let storage_room = tenant.add_location(organization, "Records Annexe");
    let after = tenant.add_organization("Harbour Dental Laboratory");
    let same_name = tenant.add_location(after, &settings.location);

    let mut set = |entity, name: &str, value: serde_json::Value| {
        tenant.values.insert((entity, name.to_owned()), value);
    };
    set(Entity::Organization(organization), "dtcOrgGuid", settings.organization_guid.as_str().into());
    set(Entity::Location(location), "dtcLocationGuid", settings.location_guid.as_str().into());
    set(Entity::Organization(organization), "managedBackup", true.into());
    set(Entity::Organization(organization), "seats", 41.into());
    set(Entity::Organization(before), "dtcOrgGuid", "0d6b3a0e-31f7-4a86-8a55-7e0b6c1d2f94".into());
    set(Entity::Location(clinic), "dtcLocationGuid", "7f3c9a12-5b6d-4e8f-9a0b-1c2d3e4f5a6b".into());
    set(Entity::Location(storage_room), "dtcLocationGuid", "0195f3a2-8d10-7b44-a6c3-2e9f10b7d845".into());
    set(Entity::Organization(after), "dtcOrgGuid", "0195f3a2-9e07-71aa-b8d2-64c50f3a1e78".into());
    set(Entity::Location(same_name), "dtcLocationGuid", "0195f3a2-9e55-7c12-83f1-d07b92ae6c34".into());

    for (index, (organization, location, name, class)) in [
        (before, clinic, "VET-SRV01", "WINDOWS_SERVER"),
        (organization, location, "DENTAL-DC01", "WINDOWS_SERVER"),
        (organization, location, "core-switch", "NMS_SWITCH"),
        (organization, storage_room, "annexe-ap", "NMS_WAP"),
        (after, same_name, "lab-nas", "NMS_APPLIANCE"),
    ]
    .into_iter()
    .enumerate()
    {
        let device = NewDevice::new(organization, location, name)
            .node_class(class)
            .ip_addresses([format!("192.0.2.{}", 10 + index)])
            .mac_addresses([format!("00:00:5E:00:53:{:02X}", 10 + index)]);
        let id = tenant.add_device(device, now);
        if name == "lab-nas" {
            let guid = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
            tenant.values.insert((Entity::Device(id), "deviceGuid".to_owned()), guid.into());
        }
    }
    add_fleet(tenant, settings.fleet, now);
    handle::Place { organization, location }
}

fn add_fleet(tenant: &mut state::Tenant, (organizations, devices_each): (u32, u32), now: f64) {
    for number in 0..organizations {
        let organization = tenant.add_organization(&format!("Practice {}", number / 2));
        let location = tenant.add_location(organization, "Main Office");
        for device in 0..devices_each {
            let id =
                tenant.add_device(NewDevice::new(organization, location, &format!("truenas-{device}")), now);
            let guid = format!("00000000-0000-4000-8000-{id:012x}");
            tenant.values.insert((Entity::Device(id), "deviceGuid".to_owned()), guid.into());
        }
    }
}
