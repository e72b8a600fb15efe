//! The Device GUID in NinjaOne, once the appliance is monitored and a person has added it (I5, S3).

use std::time::Duration;

use super::Run;
use super::identity::{GuidOnPool, IdentityPhase, InInventory, field_subject};
use super::run::reads_back;
use super::snmp::Monitored;
use crate::error::{Error, ErrorKind, Refusal};
use crate::facts::{self, Unread};
use crate::ids::DeviceId;
use crate::journal::Entry;
use crate::ports::Device;

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
            InInventory::Set { device } => device.clone(),
            InInventory::Await => awaited(run, guid, monitored).await?.id,
        };
        unmoved(run, guid, &device).await?;
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

/// The device of the plan, looked at once more directly before it is written: it may have been given a GUID, or moved to another
/// location or client, since it was found. NinjaOne takes no condition with a write, so that a move within the one call
/// that is left would not be seen.
async fn unmoved(run: &Run<'_>, guid: &GuidOnPool, device: &DeviceId) -> Result<(), Error> {
    let (views, scope) = (run.ports.views(), &run.scope);
    let stale = |changed| Err(ErrorKind::Stale { changed }.into());
    let system = views.appliance.system().await?;
    let held = views.inventory.device_field(device, &run.site.fields.device).await?;
    let held = held.filter(|held| !held.trim().is_empty() && held.trim().parse() != Ok(guid.0));
    if let Some(held) = held {
        return stale(format!("the device {device} holds the Device GUID {held:?} by now"));
    }
    let (organization, location) = (&scope.organization.id, &scope.location.id);
    let here = facts::device_here(run.site, &views, organization, location, &system).await;
    match here.map_err(|why: Unread| Error::from(why.error()))? {
        Some(found) if found.id == *device => Ok(()),
        Some(found) => {
            stale(format!("the appliance is now the device {} in NinjaOne, not {device}", found.id))
        }
        None => {
            let (client, site) = (&scope.organization.name, &scope.location.name);
            stale(format!("the device {device} is no longer in {client} / {site}"))
        }
    }
}

/// Waits for the device, as long as the time-out allows. A device that appears with another GUID in its field is a fact
/// the plan did not know.
async fn awaited(run: &mut Run<'_>, guid: &GuidOnPool, monitored: &Monitored) -> Result<Device, Error> {
    let waits = run.ports.waits;
    run.record(&Entry::Waiting { on: what_to_enter(run, monitored) });
    let views = run.ports.views();
    let system = views.appliance.system().await?;
    let (organization, location) = (&run.scope.organization.id, &run.scope.location.id);
    let mut waited = Duration::ZERO;
    loop {
        let found = facts::find_device(run.site, &views, organization, location, &system).await;
        match found.map_err(|why: Unread| Error::from(why.error()))? {
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
