//! What a NinjaOne tenant holds: organisations, their locations, devices, and the values of custom fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::device::Assigned;
use super::fields::{Definition, Entity};
use super::filter::{self, Groups};
use super::records::{self, Records};
use crate::random::Random;

/// The contents of a tenant. Every rule about them is in the files beside this one.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) organizations: BTreeMap<i32, Organization>,
    pub(super) locations: BTreeMap<i32, Location>,
    pub(super) devices: BTreeMap<i32, Device>,
    pub(super) definitions: BTreeMap<String, Definition>,
    pub(super) values: BTreeMap<(Entity, String), Value>,
    pub(super) records: Records,
    pub(super) groups: Groups,
    pub(super) behaviour: Behaviour,
    random: Random,
    last_id: i32,
}

/// What differs between instances, or is not documented, and what a test may therefore set.
#[derive(Debug)]
pub(super) struct Behaviour {
    /// The most rows of a page, whatever the caller asks for.
    pub(super) page_cap: usize,
    pub(super) unknown_fields: UnknownFields,
    pub(super) clearing: Clearing,
    /// Whether the application may see nothing: lists are empty then.
    pub(super) blind: bool,
}

/// What a PATCH of a custom field that does not exist, or that the API may not write, gets: the documentation does not say,
/// so both are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownFields {
    /// 400, and nothing of the PATCH is stored.
    Refused,
    /// 204, and these names are dropped.
    Ignored,
}

/// What a PATCH to null or to the empty text does (homotechsual/NinjaOne issue 29 saw the old value stay).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clearing {
    /// The value is gone.
    Honoured,
    /// 204, and the old value stays.
    Ignored,
}

#[derive(Clone, Debug)]
pub(super) struct Organization {
    pub(super) id: i32,
    pub(super) name: String,
    /// What was set of it over the API.
    pub(super) set: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) id: i32,
    pub(super) organization: i32,
    pub(super) name: String,
    pub(super) address: String,
    /// What was set of it over the API.
    pub(super) set: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) id: i32,
    pub(super) uid: String,
    pub(super) created: f64,
    pub(super) about: NewDevice,
    pub(super) set: Assigned,
}

/// A device to be added to the tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDevice {
    pub(super) organization: i32,
    pub(super) location: i32,
    pub(super) node_class: String,
    pub(super) approval: Approval,
    pub(super) display_name: String,
    pub(super) system_name: String,
    pub(super) ip_addresses: Vec<String>,
    pub(super) mac_addresses: Vec<String>,
}

/// How far a device has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Approval {
    /// Waiting: hidden from lists that do not ask for it.
    Pending,
    /// Approved by a technician.
    Approved,
    /// A placeholder that nothing monitors.
    Staged,
    /// Taken out of service. That such a device is still listed is not documented; a client has to bear it.
    Decommissioned,
}

impl Approval {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Staged => "STAGED",
            Self::Decommissioned => "DECOMMISSIONED",
        }
    }
}

impl NewDevice {
    /// An approved network device (`NMS_SERVER`) of this name, at this organisation and location.
    pub fn new(organization: i32, location: i32, system_name: &str) -> Self {
        Self {
            organization,
            location,
            node_class: "NMS_SERVER".to_owned(),
            approval: Approval::Approved,
            display_name: system_name.to_owned(),
            system_name: system_name.to_owned(),
            ip_addresses: Vec::new(),
            mac_addresses: Vec::new(),
        }
    }

    /// Returns the name that discovery saw.
    pub fn system_name(&self) -> &str {
        &self.system_name
    }

    /// The name people gave it in the console.
    pub fn display_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.display_name);
        self
    }

    /// One of NinjaOne's node classes.
    pub fn node_class(mut self, class: &str) -> Self {
        class.clone_into(&mut self.node_class);
        self
    }

    /// Makes the device a placeholder.
    pub(super) fn staged(mut self) -> Self {
        self.approval = Approval::Staged;
        self
    }

    /// Makes the device one that awaits approval.
    pub fn pending(mut self) -> Self {
        self.approval = Approval::Pending;
        self
    }

    /// The addresses that discovery saw.
    pub fn ip_addresses<T: Into<String>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        self.ip_addresses = addresses.into_iter().map(Into::into).collect();
        self
    }

    /// The network cards that discovery saw.
    pub fn mac_addresses<T: Into<String>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        self.mac_addresses = addresses.into_iter().map(Into::into).collect();
        self
    }
}

impl Tenant {
    pub(super) fn new(random: Random, definitions: BTreeMap<String, Definition>) -> Self {
        Self {
            organizations: BTreeMap::new(),
            locations: BTreeMap::new(),
            devices: BTreeMap::new(),
            definitions,
            values: BTreeMap::new(),
            records: records::seeds(),
            groups: filter::groups(),
            behaviour: Behaviour {
                page_cap: 1000,
                unknown_fields: UnknownFields::Refused,
                clearing: Clearing::Honoured,
                blind: false,
            },
            random,
            last_id: 0,
        }
    }

    /// Ids of every kind come from one sequence, so that an id of the wrong kind finds nothing.
    pub(super) fn next_id(&mut self) -> i32 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn add_organization(&mut self, name: &str) -> i32 {
        let id = self.next_id();
        self.organizations.insert(id, Organization { id, name: name.to_owned(), set: Map::new() });
        id
    }

    pub(super) fn add_location(&mut self, organization: i32, name: &str) -> i32 {
        let id = self.next_id();
        let address = format!("{id} Harbour Road");
        let (name, set) = (name.to_owned(), Map::new());
        self.locations.insert(id, Location { id, organization, name, address, set });
        id
    }

    pub(super) fn add_device(&mut self, about: NewDevice, now: f64) -> i32 {
        let id = self.next_id();
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        let uid = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
        self.devices.insert(id, Device { id, uid, created: now, about, set: Assigned::default() });
        id
    }

    pub(super) fn exists(&self, entity: Entity) -> bool {
        match entity {
            Entity::Organization(id) => self.organizations.contains_key(&id),
            Entity::Location(id) => self.locations.contains_key(&id),
            Entity::Device(id) => self.devices.contains_key(&id),
        }
    }

    /// The locations of one organisation, in the order of their ids.
    pub(super) fn locations_of(&self, organization: i32) -> impl Iterator<Item = &Location> {
        self.locations.values().filter(move |location| location.organization == organization)
    }
}

impl Organization {
    pub(super) fn to_json(&self) -> Value {
        let shown =
            json!({ "id": self.id, "description": "", "userData": {}, "nodeApprovalMode": "AUTOMATIC" });
        with(shown, &self.set, &[("name", &self.name)])
    }

    pub(super) fn change(&mut self, change: &Value) {
        take(&mut self.set, change, &mut [("name", &mut self.name)]);
    }
}

impl Location {
    pub(super) fn to_json(&self) -> Value {
        let shown = json!({ "id": self.id, "description": "", "userData": {} });
        with(shown, &self.set, &[("name", &self.name), ("address", &self.address)])
    }

    pub(super) fn change(&mut self, change: &Value) {
        take(&mut self.set, change, &mut [("name", &mut self.name), ("address", &mut self.address)]);
    }

    /// As the list over all organisations shows it.
    pub(super) fn to_json_with_organization(&self) -> Value {
        let mut shown = self.to_json();
        shown["organizationId"] = self.organization.into();
        shown
    }
}

/// A record with what was set of it, and its texts.
fn with(mut shown: Value, set: &Map<String, Value>, texts: &[(&str, &str)]) -> Value {
    for (name, value) in set {
        shown[name] = value.clone();
    }
    for (name, text) in texts {
        shown[*name] = (*text).into();
    }
    shown
}

/// Takes a change: into the texts by their names, and else among what was set. Null changes nothing.
fn take(set: &mut Map<String, Value>, change: &Value, texts: &mut [(&str, &mut String)]) {
    for (name, value) in change.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        match (texts.iter_mut().find(|(text, _)| text == name), value.as_str()) {
            (Some((_, text)), Some(new)) => new.clone_into(text),
            _ => drop(set.insert(name.clone(), value.clone())),
        }
    }
}

/// NinjaOne's timestamps: seconds since 1970 with a fraction.
pub(super) fn seconds(at: jiff::Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}
