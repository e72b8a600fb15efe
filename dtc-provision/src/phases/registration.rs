//! The Device GUID in NinjaOne, once the appliance is monitored and a person has added it (I5, S3).

use std::time::Duration;

use super::Run;
use super::identity::{GuidOnPool, IdentityPhase, InInventory, field_subject};
use super::run::reads_back;
use super::snmp::Monitored;
use crate::error::{Error, ErrorKind, Refusal};
use crate::facts::{self, DeviceFacts, Unread};
use crate::ids::DeviceId;
use crate::journal::Entry;
use crate::ports::{Device, System};

/// A device in the inventory holds the GUID, read back.
pub(crate) struct Registered(());

impl IdentityPhase {
    /// The GUID in NinjaOne, once a person has added the device: no API can (S3).
    pub(crate) async fn apply_in_inventory(
        &self,
        run: &mut Run<'_>,
        guid: &GuidOnPool,
        monitored: &Monitored,
    ) -> Result<Registered, Error> {
        let field = &run.site.fields.device;
        let step = field_subject(field);
        let device = match &self.in_inventory {
            InInventory::Keep { device } => {
                run.device = Some(device.clone());
                run.unchanged(&step);
                return Ok(Registered(()));
            }
            InInventory::Set { device } => unmoved(run, guid, device).await?,
            InInventory::Await => awaited(run, guid, monitored).await?.id,
        };
        let inventory = &run.ports.inventory;
        inventory.set_device_guid(&device, field, guid.0).await?;
        let written = inventory.device_field(&device, field).await?;
        if written.as_deref() != Some(guid.0.to_string().as_str()) {
            return Err(reads_back(step, format!("{written:?}, not {}", guid.0)));
        }
        run.done(&step, format!("{} on device {device}", guid.0));
        run.device = Some(device);
        Ok(Registered(()))
    }
}

/// The device of the plan, looked at once more directly before it is written: it may have been moved to another location or
/// client, or given a GUID, since the plan was made.
async fn unmoved(run: &Run<'_>, guid: &GuidOnPool, device: &DeviceId) -> Result<DeviceId, Error> {
    let system = run.ports.views().appliance.system().await?;
    let changed = match here(run, &system).await? {
        Some(found) if found.device.id != *device => {
            format!("the appliance is now the device {} in NinjaOne, not {device}", found.device.id)
        }
        Some(found) => match found.guid.filter(|held| *held != guid.0) {
            None => return Ok(found.device.id),
            Some(held) => format!("the device {device} holds the Device GUID {held} by now"),
        },
        None => {
            let scope = &run.scope;
            let (client, site) = (&scope.organization.name, &scope.location.name);
            format!("the device {device} is no longer in {client} / {site}")
        }
    };
    Err(ErrorKind::Stale { changed }.into())
}

/// The device of the location that this appliance is now (I9).
async fn here(run: &Run<'_>, system: &System) -> Result<Option<DeviceFacts>, Error> {
    let (organization, location) = (&run.scope.organization.id, &run.scope.location.id);
    let found = facts::find_device(run.site, &run.ports.views(), organization, location, system).await;
    found.map_err(|why: Unread| Error::from(why.error()))
}

/// Waits for the device, as long as the time-out allows. A device that appears with another GUID in its field is a fact
/// the plan did not know.
async fn awaited(run: &mut Run<'_>, guid: &GuidOnPool, monitored: &Monitored) -> Result<Device, Error> {
    let waits = run.ports.waits;
    run.record(&Entry::Waiting { on: what_to_enter(run, monitored) });
    let system = run.ports.views().appliance.system().await?;
    let mut waited = Duration::ZERO;
    loop {
        match here(run, &system).await? {
            Some(found) if found.guid.is_none_or(|held| held == guid.0) => return Ok(found.device),
            Some(found) => {
                let what = format!("the device {} was added with another Device GUID", found.device.id);
                let remedy = "Run again: the plan will say what follows from it";
                return Err(Refusal::blocked("I5", what, remedy).into());
            }
            None if waited >= waits.device => {
                return Err(ErrorKind::DeviceAwaited { remedy: what_to_enter(run, monitored) }.into());
            }
            None => tokio::time::sleep(waits.poll_interval).await,
        }
        waited += waits.poll_interval;
    }
}

/// What a person enters in NinjaOne's console, without a secret in it.
fn what_to_enter(run: &Run<'_>, monitored: &Monitored) -> String {
    format!(
        "In NinjaOne, add {} ({}) to NMS at {} / {} with SNMPv3, SHA and AES; its credentials are in the vault: {}",
        run.scope.host_name,
        run.scope.management_address,
        run.scope.organization.name,
        run.scope.location.name,
        monitored.record.url
    )
}
