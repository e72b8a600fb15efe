//! The tenant as a test reads and changes it, without the API.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::fields::{ApiPermission, Entity};
use super::state::{self, Approval, Clearing, NewDevice, Organization, UnknownFields};
use super::wire::Shared;

/// Changes and shows the tenant without its API; clones share it.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    place: Place,
}

/// What the network shows of an appliance whose SNMP service answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveredAppliance {
    /// The appliance's host name.
    pub system_name: String,
    /// Its IP addresses.
    pub ip_addresses: Vec<String>,
    /// The hardware addresses of its network cards.
    pub mac_addresses: Vec<String>,
}

/// The client's organisation and location.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) organization: i32,
    pub(super) location: i32,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, place: Place) -> Self {
        Self { shared, place }
    }

    /// Returns the id of the client's organisation.
    pub fn organization_id(&self) -> i32 {
        self.place.organization
    }

    /// Returns the id of the client's location.
    pub fn location_id(&self) -> i32 {
        self.place.location
    }

    /// Sets a custom field to any value, whether or not the API would take it.
    pub fn set_field(&self, entity: Entity, name: &str, value: impl Into<Value>) {
        self.shared.api().tenant.values.insert((entity, name.to_owned()), value.into());
    }

    /// Empties a custom field.
    pub fn clear_field(&self, entity: Entity, name: &str) {
        self.shared.api().tenant.values.remove(&(entity, name.to_owned()));
    }

    /// Returns what a custom field holds.
    pub fn field(&self, entity: Entity, name: &str) -> Option<Value> {
        self.shared.api().tenant.values.get(&(entity, name.to_owned())).cloned()
    }

    /// Changes what the API may do with a field; a name that is not defined changes nothing.
    pub fn set_api_permission(&self, field: &str, permission: ApiPermission) {
        if let Some(definition) = self.shared.api().tenant.definitions.get_mut(field) {
            definition.permission = permission;
        }
    }

    /// Deletes a field's definition and with it all its values.
    pub fn undefine_field(&self, field: &str) {
        let tenant = &mut self.shared.api().tenant;
        tenant.definitions.remove(field);
        tenant.values.retain(|(_, name), _| name != field);
    }

    /// Adds an organisation and returns its id; its name need not be its own.
    pub fn add_organization(&self, name: &str) -> i32 {
        self.shared.api().tenant.add_organization(name)
    }

    /// Adds a location to an organisation and returns its id.
    pub fn add_location(&self, organization: i32, name: &str) -> i32 {
        self.shared.api().tenant.add_location(organization, name)
    }

    /// Adds an organisation with the name of another, its locations' names and all their custom fields.
    pub fn duplicate_organization(&self, organization: i32) -> Option<i32> {
        let tenant = &mut self.shared.api().tenant;
        let name = tenant.organizations.get(&organization)?.name.clone();
        let copy = tenant.add_organization(&name);
        let mut pairs = vec![(Entity::Organization(organization), Entity::Organization(copy))];
        let locations: Vec<(i32, String)> =
            tenant.locations_of(organization).map(|it| (it.id, it.name.clone())).collect();
        for (id, name) in locations {
            pairs.push((Entity::Location(id), Entity::Location(tenant.add_location(copy, &name))));
        }
        for (from, to) in pairs {
            let values: Vec<_> = tenant.values.range((from, String::new())..).collect();
            let values: Vec<_> = values
                .into_iter()
                .take_while(|((entity, _), _)| *entity == from)
                .map(|((_, name), value)| ((to, name.clone()), value.clone()))
                .collect();
            tenant.values.extend(values);
        }
        Some(copy)
    }

    /// Gives an organisation, a location or a device (there: display and system name) another name.
    pub fn rename(&self, entity: Entity, name: &str) {
        let tenant = &mut self.shared.api().tenant;
        match entity {
            Entity::Organization(id) => {
                if let Some(Organization { name: old, .. }) = tenant.organizations.get_mut(&id) {
                    name.clone_into(old);
                }
            }
            Entity::Location(id) => {
                if let Some(location) = tenant.locations.get_mut(&id) {
                    name.clone_into(&mut location.name);
                }
            }
            Entity::Device(id) => {
                if let Some(device) = tenant.devices.get_mut(&id) {
                    name.clone_into(&mut device.about.display_name);
                    name.clone_into(&mut device.about.system_name);
                }
            }
        }
    }

    /// Adds a device and returns its id.
    pub fn add_device(&self, device: NewDevice) -> i32 {
        let now = state::seconds(self.shared.clock.now());
        self.shared.api().tenant.add_device(device, now)
    }

    /// Removes a device and its custom fields.
    pub fn remove_device(&self, id: i32) {
        let tenant = &mut self.shared.api().tenant;
        tenant.devices.remove(&id);
        tenant.values.retain(|(entity, _), _| *entity != Entity::Device(id));
    }

    /// Returns every device of the tenant, pending ones too.
    pub fn devices(&self) -> Vec<(i32, NewDevice)> {
        self.shared.api().tenant.devices.values().map(|it| (it.id, it.about.clone())).collect()
    }

    /// Approves a pending device.
    pub fn approve_device(&self, id: i32) {
        if let Some(device) = self.shared.api().tenant.devices.get_mut(&id) {
            device.about.approval = Approval::Approved;
        }
    }

    /// Adds the appliance that answers over SNMP to the client's location, unless a device of its name is there; returns
    /// the device's id.
    pub fn discover(&self, seen: &DiscoveredAppliance) -> i32 {
        let now = state::seconds(self.shared.clock.now());
        let tenant = &mut self.shared.api().tenant;
        let there = tenant
            .devices
            .values()
            .find(|it| it.about.location == self.place.location && it.about.system_name == seen.system_name);
        if let Some(there) = there {
            return there.id;
        }
        let device = NewDevice::new(self.place.organization, self.place.location, &seen.system_name)
            .ip_addresses(seen.ip_addresses.iter().cloned())
            .mac_addresses(seen.mac_addresses.iter().cloned());
        tenant.add_device(device, now)
    }

    /// Chooses what a PATCH of unknown fields gets (default [`UnknownFields::Refused`]).
    pub fn unknown_fields(&self, behaviour: UnknownFields) {
        self.shared.api().tenant.behaviour.unknown_fields = behaviour;
    }

    /// Chooses what emptying a field does (default [`Clearing::Honoured`]).
    pub fn clearing(&self, behaviour: Clearing) {
        self.shared.api().tenant.behaviour.clearing = behaviour;
    }

    /// Lets reports begin anew where they end, so that none ever ends.
    pub fn endless_reports(&self) {
        self.shared.api().reports.endless = true;
    }

    /// Caps the rows of a page, so that a small tenant has many pages (default 1000).
    pub fn limit_page_size(&self, rows: usize) {
        self.shared.api().tenant.behaviour.page_cap = rows.max(1);
    }

    /// Chooses how long tokens given from now on live (default one hour).
    pub fn set_token_lifetime(&self, life: Duration) {
        let life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
        self.shared.api().application.token_life = life;
    }

    /// Logs a person in at this address of the authorisation page, as a browser would; returns where that leads back to, or `None` when the
    /// page refuses the application or its challenge.
    pub fn log_in(&self, url: &str) -> Option<String> {
        self.shared.api().application.log_in(url)
    }

    /// Moves a device to another organisation and location, as a technician does in the console.
    pub fn move_device(&self, id: i32, organization: i32, location: i32) {
        if let Some(device) = self.shared.api().tenant.devices.get_mut(&id) {
            (device.about.organization, device.about.location) = (organization, location);
        }
    }

    /// Takes away the application's right to see anything: what it lists is empty, without a refusal. That a role limits an application so is
    /// not documented.
    pub fn hide_everything(&self) {
        self.shared.api().tenant.behaviour.blind = true;
    }

    /// Takes back every token given so far.
    pub fn expire_tokens(&self) {
        self.shared.api().application.expire_tokens();
    }
}
