//! Whose box this is, which device it is, and which GUID it has (I1–I9).

use dtc_naming::{BucketName, DeviceGuid, LocationName, LocationUuid, OrgUuid, PoolName, Workload};

use super::{DeviceSeen, Identity, PoolGuid};
use crate::error::{Error, Refusal};
use crate::ports::{
    Device, FieldName, Location, LocationId, Organization, OrganizationId, Pool, System, Views,
};
use crate::site::Site;

/// The client, the location, and the bucket's name that follows from them.
pub(crate) struct Place {
    pub(crate) organization: Organization,
    pub(crate) organization_uuid: OrgUuid,
    pub(crate) location: Location,
    pub(crate) location_name: LocationName,
    pub(crate) location_uuid: LocationUuid,
    pub(crate) bucket_name: BucketName,
}

/// Finds the client and the location the site names, and reads their UUIDs.
pub(crate) async fn place(site: &Site, views: &Views) -> Result<Place, Error> {
    let organizations = views.inventory.organizations().await?;
    let organization = pick("organisation", &site.organization, organizations, |organization| {
        (organization.id.as_str(), &organization.name)
    })?;
    let locations = views.inventory.locations(&organization.id).await?;
    let location =
        pick("location", &site.location, locations, |location| (location.id.as_str(), &location.name))?;

    let location_name = label_name(&location)?;
    let field = &site.fields.organization;
    let text = views.inventory.organization_field(&organization.id, field).await?;
    let organization_uuid = filled(text, field, "organisation", &organization.name)?;
    let organization_uuid = organization_uuid
        .parse::<OrgUuid>()
        .and_then(|uuid| uuid.accept(&site.uuid_versions))
        .map_err(|error| unusable(&error, field, "organisation", &organization.name, &organization_uuid))?;

    let field = &site.fields.location;
    let text = views.inventory.location_field(&organization.id, &location.id, field).await?;
    let location_uuid = filled(text, field, "location", &location.name)?;
    let location_uuid = location_uuid
        .parse::<LocationUuid>()
        .and_then(|uuid| uuid.accept(&site.uuid_versions))
        .map_err(|error| unusable(&error, field, "location", &location.name, &location_uuid))?;

    Ok(Place {
        bucket_name: BucketName::compute(Workload::TrueNas, location_uuid),
        organization_uuid: organization_uuid.into_inner(),
        location_uuid: location_uuid.into_inner(),
        organization,
        location,
        location_name,
    })
}

/// A location's name as vault labels bear it (N8).
pub(crate) fn label_name(location: &Location) -> Result<LocationName, Refusal> {
    location.name.parse().map_err(|error: dtc_naming::Error| {
        Refusal::precondition(
            "N8",
            format!("no vault label can bear the location's name {:?}: {}", location.name, error.problem()),
            "Rename the location in NinjaOne",
        )
    })
}

/// The one entity whose id or exact name was given.
fn pick<T>(what: &str, wanted: &str, all: Vec<T>, naming: impl Fn(&T) -> (&str, &str)) -> Result<T, Refusal> {
    let listed = |candidates: &[T]| {
        let names: Vec<String> = candidates
            .iter()
            .map(|candidate| {
                let (id, name) = naming(candidate);
                format!("{name} (id {id})")
            })
            .collect();
        names.join(", ")
    };
    let everything = listed(&all);
    let mut matching: Vec<T> = all
        .into_iter()
        .filter(|candidate| {
            let (id, name) = naming(candidate);
            id == wanted || name == wanted
        })
        .collect();
    match (matching.pop(), matching.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            matching.push(last);
            let what_is_so =
                format!("{} {what}s are called {wanted:?}: {}", matching.len(), listed(&matching));
            Err(Refusal::precondition(
                "I9",
                what_is_so,
                format!("Name the {what} by its id in the site file"),
            ))
        }
        (None, _) => Err(Refusal::precondition(
            "I1",
            format!("NinjaOne has no {what} {wanted:?}; it has {everything}"),
            format!("Correct the {what} in the site file"),
        )),
    }
}

fn filled(text: Option<String>, field: &FieldName, what: &str, name: &str) -> Result<String, Refusal> {
    text.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        Refusal::precondition(
            "I2",
            format!("the custom field {field} of the {what} {name:?} is empty"),
            format!("Enter the {what}'s UUID in NinjaOne"),
        )
    })
}

fn unusable(error: &dtc_naming::Error, field: &FieldName, what: &str, name: &str, value: &str) -> Refusal {
    Refusal::precondition(
        "I2",
        format!("the custom field {field} of the {what} {name:?} holds {value:?}: {}", error.problem()),
        format!("Correct it in NinjaOne: {}", error.remedy()),
    )
}

/// Finds the device, the identity pool, and every place a GUID stands.
pub(crate) async fn identify(
    site: &Site,
    views: &Views,
    place: &Place,
    system: &System,
    pools: &[Pool],
) -> Result<Identity, Error> {
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

/// The device of the location that this box is, with its GUID field; `None` while nobody has added it (S3).
pub(crate) async fn find_device(
    site: &Site,
    views: &Views,
    organization: &OrganizationId,
    location: &LocationId,
    system: &System,
) -> Result<Option<DeviceSeen>, Error> {
    let devices = views.inventory.devices(organization, location).await?;
    match this_box(site, devices, system)? {
        Some(device) => read_device(site, views, device).await.map(Some),
        None => Ok(None),
    }
}

/// Which device of the location this box is (I9); `None` while nobody has added it (S3).
fn this_box(site: &Site, devices: Vec<Device>, system: &System) -> Result<Option<Device>, Refusal> {
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

/// Whether a device goes by an address, MAC or name of the box.
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

async fn read_device(site: &Site, views: &Views, device: Device) -> Result<DeviceSeen, Error> {
    let field = &site.fields.device;
    let text = views.inventory.device_field(&device.id, field).await?;
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(DeviceSeen { device, guid: None, normalised: true });
    };
    let guid = text
        .parse::<DeviceGuid>()
        .and_then(|guid| guid.accept(&site.uuid_versions))
        .map_err(|error| unusable(&error, field, "device", &device.display_name, &text))?
        .into_inner();
    Ok(DeviceSeen { device, guid: Some(guid), normalised: guid.to_string() == text })
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
                "Find out which GUID the box had, and set or remove the property",
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
pub(crate) fn chosen(site: &Site, pools: &[Pool]) -> Result<Vec<PoolName>, Refusal> {
    if let Some(missing) = site.pools.iter().find(|named| pools.iter().all(|pool| pool.name != **named)) {
        return Err(no_such_pool(missing, pools));
    }
    let chosen: Vec<PoolName> = pools
        .iter()
        .map(|pool| pool.name.clone())
        .filter(|name| site.pools.is_empty() || site.pools.contains(name))
        .collect();
    if chosen.is_empty() {
        let what = "the box has no data pool".to_owned();
        return Err(Refusal::precondition("I4", what, "Create a pool first"));
    }
    Ok(chosen)
}

fn no_such_pool(wanted: &PoolName, pools: &[Pool]) -> Refusal {
    Refusal::precondition(
        "I4",
        format!("the box has no pool {wanted}; it has {}", names(pools)),
        "Correct the pool in the site file",
    )
}

fn names(pools: &[Pool]) -> String {
    let names: Vec<&str> = pools.iter().map(|pool| pool.name.as_str()).collect();
    names.join(", ")
}

/// A GUID that another device holds is a hard stop: two boxes would share a folder (I8).
async fn nobody_elses(
    site: &Site,
    views: &Views,
    identity: &Identity,
    guid: DeviceGuid,
) -> Result<(), Error> {
    let ours = identity.device.as_ref().map(|device| &device.device.id);
    let holders = views.inventory.holders(&site.fields.device, guid).await?;
    match holders.iter().find(|holder| Some(*holder) != ours) {
        None => Ok(()),
        Some(other) => Err(Refusal::blocked(
            "I8",
            format!("the Device GUID {guid} is held by another device in NinjaOne, id {other}"),
            "Find out which box it belongs to; two boxes must never share a folder",
        )
        .into()),
    }
}
