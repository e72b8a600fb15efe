//! Which device the appliance is, and which GUID it has (I3–I9).

use dtc_naming::{DeviceGuid, PoolName};
use serde::Serialize;

use super::fact::{Fact, Unread};
use super::place::{Field, Place};
use crate::error::Refusal;
use crate::ids::{DeviceId, LocationId, OrganizationId};
use crate::ports::{Device, Pool, System, Views};
use crate::site::Site;

/// The Device GUID and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Identity {
    /// The pool that keeps it (I4).
    pub pool: PoolName,
    /// Every data pool that has it, with its value and whether that is in its normal form (I3, I6).
    pub on_pools: Vec<PoolGuid>,
    /// The device in the inventory, once a person has added it (I9, S3).
    pub device: Option<DeviceFacts>,
}

/// A Device GUID property on a pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PoolGuid {
    /// The pool.
    pub pool: PoolName,
    /// Its value.
    pub guid: DeviceGuid,
    /// Whether its text is the normal one.
    pub normalised: bool,
}

/// The inventory's device.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeviceFacts {
    /// The device.
    pub device: Device,
    /// Its Device GUID field.
    pub guid: Option<DeviceGuid>,
    /// Whether the field's text is the normal one.
    pub normalised: bool,
}

impl Identity {
    /// The property on the identity pool.
    pub fn on_pool(&self) -> Option<&PoolGuid> {
        self.on_pools.iter().find(|found| found.pool == self.pool)
    }

    /// The GUID that holds: NinjaOne's, else the pool's (I5).
    pub fn guid(&self) -> Option<DeviceGuid> {
        let in_inventory = self.device.as_ref().and_then(|device| device.guid);
        in_inventory.or_else(|| self.on_pool().map(|found| found.guid))
    }
}

/// Asks for the location's devices before the appliance is known.
pub(super) async fn ask_early(views: &Views, place: &Fact<Place>) {
    if let Some(place) = place.ok() {
        // What fails is reported by whoever needs it.
        drop(views.inventory.devices(&place.organization.id, &place.location.id).await);
    }
}

/// Finds the device, the identity pool, and every place a GUID stands.
pub(super) async fn read(
    site: &Site,
    views: &Views,
    place: &Fact<Place>,
    system: &Fact<System>,
    pools: &Fact<Vec<Pool>>,
) -> Result<Identity, Unread> {
    let place = place.needed("the client and its location")?;
    let system = system.needed("what the appliance is")?;
    let pools = pools.needed("the appliance's pools")?;
    let device = find_device(site, views, &place.organization.id, &place.location.id, system).await?;
    let on_pools = guids(site, pools)?;
    let in_inventory = device.as_ref().and_then(|device| device.guid);
    let pool = identity_pool(site, pools, &on_pools, in_inventory)?;
    let identity = Identity { pool, on_pools, device };
    if let Some(guid) = identity.guid() {
        nobody_elses(site, views, &identity, guid).await?;
    }
    Ok(identity)
}

/// The device of the location that this appliance is, with its GUID field; `None` while nobody has added it (S3).
pub(crate) async fn find_device(
    site: &Site,
    views: &Views,
    organization: &OrganizationId,
    location: &LocationId,
    system: &System,
) -> Result<Option<DeviceFacts>, Unread> {
    let Some(device) = device_here(site, views, organization, location, system).await? else {
        return Ok(None);
    };
    let values = views.inventory.field_values(&site.fields).await?;
    let text = values.devices.get(&device.id).filter(|text| !text.trim().is_empty());
    let Some(text) = text else { return Ok(Some(DeviceFacts { device, guid: None, normalised: true })) };
    let field = Field { name: &site.fields.device, what: "device", of: &device.display_name };
    let guid = text
        .parse::<DeviceGuid>()
        .and_then(|guid| guid.accept(&site.uuid_versions))
        .map_err(|error| field.unusable(&error, text))?
        .into_inner();
    Ok(Some(DeviceFacts { guid: Some(guid), normalised: guid.to_string() == *text, device }))
}

/// The device of the location that this appliance is, without its field; `None` while nobody has added it (S3).
pub(crate) async fn device_here(
    site: &Site,
    views: &Views,
    organization: &OrganizationId,
    location: &LocationId,
    system: &System,
) -> Result<Option<Device>, Unread> {
    let devices = views.inventory.devices(organization, location).await?;
    Ok(this_appliance(site, devices, system)?)
}

/// Which device of the location this appliance is (I9); `None` while nobody has added it (S3).
fn this_appliance(site: &Site, devices: Vec<Device>, system: &System) -> Result<Option<Device>, Refusal> {
    if let Some(wanted) = &site.device {
        let found = devices.into_iter().find(|device| device.id == *wanted);
        return found.map(Some).ok_or_else(|| {
            Refusal::precondition(
                "I9",
                format!("the location has no device with the id {wanted}"),
                "Correct the device in the site file, or leave it out to match by address, MAC or name",
            )
        });
    }
    let mut matching: Vec<Device> = devices.into_iter().filter(|device| resembles(device, system)).collect();
    if matching.len() < 2 {
        return Ok(matching.pop());
    }
    let listed: Vec<String> =
        matching.iter().map(|device| format!("{} (id {})", device.display_name, device.id)).collect();
    Err(Refusal::precondition(
        "I9",
        format!("several devices match {} by address, MAC or name: {}", system.host_name, listed.join(", ")),
        "Name the right one by its id as `device` in the site file, or remove the others in NinjaOne",
    ))
}

/// Whether a device has an address, MAC or name of the appliance.
fn resembles(device: &Device, system: &System) -> bool {
    let address = device
        .addresses
        .iter()
        .any(|address| system.addresses.contains(address) || *address == system.management_address);
    let mac = device.macs.iter().any(|mac| {
        let mac = mac.to_ascii_lowercase().replace('-', ":");
        system.macs.contains(&mac)
    });
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let name = device.names.iter().any(|name| !name.is_empty() && short(name) == short(&system.host_name));
    address || mac || name
}

/// The GUID property of every data pool that has it (I3).
fn guids(site: &Site, pools: &[Pool]) -> Result<Vec<PoolGuid>, Refusal> {
    let mut found = Vec::new();
    for pool in pools {
        let Some(text) = &pool.device_guid else { continue };
        let accepted = text.parse::<DeviceGuid>().and_then(|guid| guid.accept(&site.uuid_versions));
        let guid = accepted.map_err(|error| {
            Refusal::precondition(
                "I3",
                format!(
                    "the property {} of pool {} holds {text:?}: {}",
                    crate::standard::DEVICE_GUID_PROPERTY,
                    pool.name,
                    error.problem()
                ),
                "Find out which GUID the appliance had, and set or remove the property",
            )
        })?;
        let guid = guid.into_inner();
        found.push(PoolGuid { pool: pool.name.clone(), guid, normalised: guid.to_string() == *text });
    }
    Ok(found)
}

/// The pool that keeps the GUID (I4).
fn identity_pool(
    site: &Site,
    pools: &[Pool],
    on_pools: &[PoolGuid],
    in_inventory: Option<DeviceGuid>,
) -> Result<PoolName, Refusal> {
    if let Some(named) = &site.identity_pool {
        if !pools.iter().any(|pool| pool.name == *named) {
            return Err(no_such_pool(named, pools));
        }
        if on_pools.is_empty() || on_pools.iter().any(|found| found.pool == *named) {
            return Ok(named.clone());
        }
    }
    let holders: Vec<&PoolGuid> = match on_pools {
        [] | [_] => on_pools.iter().collect(),
        several => several.iter().filter(|found| Some(found.guid) == in_inventory).collect(),
    };
    match (holders.as_slice(), pools) {
        ([only], _) => Ok(only.pool.clone()),
        ([], [only]) => Ok(only.name.clone()),
        _ => Err(Refusal::precondition(
            "I4",
            format!("the Device GUID could stand on any of the pools {}", names(pools)),
            "Name one as `identity_pool` in the site file",
        )),
    }
}

/// The pools to back up: those the site names, else every data pool.
pub(super) fn backed_up(site: &Site, pools: &[Pool]) -> Result<Vec<PoolName>, Refusal> {
    if let Some(missing) = site.pools.iter().find(|named| pools.iter().all(|pool| pool.name != **named)) {
        return Err(no_such_pool(missing, pools));
    }
    let chosen: Vec<PoolName> = pools
        .iter()
        .map(|pool| pool.name.clone())
        .filter(|name| site.pools.is_empty() || site.pools.contains(name))
        .collect();
    if chosen.is_empty() {
        let what = "the appliance has no data pool".to_owned();
        return Err(Refusal::precondition("I4", what, "Create a pool first"));
    }
    Ok(chosen)
}

fn no_such_pool(wanted: &PoolName, pools: &[Pool]) -> Refusal {
    Refusal::precondition(
        "I4",
        format!("the appliance has no pool {wanted}; it has {}", names(pools)),
        "Correct the pool in the site file",
    )
}

fn names(pools: &[Pool]) -> String {
    let names: Vec<&str> = pools.iter().map(|pool| pool.name.as_str()).collect();
    names.join(", ")
}

/// A GUID that another device holds is a hard stop: two appliances would share a folder (I8).
async fn nobody_elses(
    site: &Site,
    views: &Views,
    identity: &Identity,
    guid: DeviceGuid,
) -> Result<(), Unread> {
    let ours = identity.device.as_ref().map(|device| &device.device.id);
    let values = views.inventory.field_values(&site.fields).await?;
    let other: Option<&DeviceId> = values.holders(guid).find(|holder| Some(*holder) != ours);
    match other {
        None => Ok(()),
        Some(other) => Err(Refusal::blocked(
            "I8",
            format!("the Device GUID {guid} is held by another device in NinjaOne, id {other}"),
            "Find out which appliance it belongs to; two must never share a folder",
        )
        .into()),
    }
}
