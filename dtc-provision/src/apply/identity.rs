//! The Device GUID on the pool, then in NinjaOne (I5, S3).

use std::time::Duration;

use dtc_naming::DeviceGuid;

use super::secrets::SnmpUp;
use super::{Run, missing, take};
use crate::consent::{Consent, RemoveProperty, RewriteDeviceGuid};
use crate::error::{Error, ErrorKind, Refusal};
use crate::journal::Entry;
use crate::observe;
use crate::plan::{InInventory, OnPool};
use crate::ports::Device;

/// The GUID stands on the pool, read back.
pub(super) struct GuidOnPool(pub(super) DeviceGuid);

/// A device in the inventory holds the GUID, read back.
pub(super) struct Registered;

pub(super) async fn on_pool(
    run: &mut Run<'_>,
    consent: Option<Consent<RewriteDeviceGuid>>,
) -> Result<GuidOnPool, Error> {
    let phase = &run.plan.identity;
    let step = format!("Device GUID on pool {}", phase.pool);
    let appliance = &run.ports.appliance;
    match &phase.on_pool {
        OnPool::Keep => {
            run.unchanged(&step);
            return Ok(GuidOnPool(phase.guid));
        }
        OnPool::Set => appliance.set_device_guid(&phase.pool, phase.guid).await?,
        OnPool::Rewrite { act, .. } => {
            let consent = consent.ok_or_else(|| missing(act, "the Device GUID would be replaced"))?;
            appliance.rewrite_device_guid(&phase.pool, phase.guid, consent).await?;
        }
    }
    let pools = appliance.pools().await?;
    let written =
        pools.iter().find(|pool| pool.name == phase.pool).and_then(|pool| pool.device_guid.as_deref());
    if written != Some(phase.guid.to_string().as_str()) {
        let difference = format!("{written:?}, not {}", phase.guid);
        return Err(ErrorKind::ReadBack { what: step, difference }.into());
    }
    run.done(&step, phase.guid.to_string());
    Ok(GuidOnPool(phase.guid))
}

/// Removes the property from every other pool that has it, where that was consented to (I6).
pub(super) async fn remove_elsewhere(
    run: &mut Run<'_>,
    mut consents: Vec<Consent<RemoveProperty>>,
    withheld: &mut Vec<String>,
) -> Result<(), Error> {
    for removal in &run.plan.identity.remove_from {
        let step = format!("Device GUID property on pool {}", removal.pool);
        match take(&mut consents, &removal.act, run.ports.clock.now()) {
            Some(consent) => {
                run.ports.appliance.remove_device_guid(&removal.pool, consent).await?;
                run.done(&step, "removed");
            }
            None => withheld.push(step),
        }
    }
    Ok(())
}

/// The GUID in NinjaOne, once a person has added the device: no API can (S3).
pub(super) async fn in_inventory(
    run: &mut Run<'_>,
    guid: &GuidOnPool,
    snmp: SnmpUp,
) -> Result<Registered, Error> {
    let field = run.plan.site.fields.device.clone();
    let step = format!("Device GUID in NinjaOne ({field})");
    let device = match &run.plan.identity.in_inventory {
        InInventory::Keep { .. } => {
            run.unchanged(&step);
            return Ok(Registered);
        }
        InInventory::Set { device } => device.clone(),
        InInventory::Await => awaited(run, guid, &snmp).await?.id,
    };
    let inventory = &run.ports.inventory;
    inventory.set_device_guid(&device, &field, guid.0).await?;
    let written = inventory.device_field(&device, &field).await?;
    if written.as_deref() != Some(guid.0.to_string().as_str()) {
        let difference = format!("{written:?}, not {}", guid.0);
        return Err(ErrorKind::ReadBack { what: step, difference }.into());
    }
    run.done(&step, format!("{} on device {device}", guid.0));
    run.device = Some(device);
    Ok(Registered)
}

/// Waits for the device, as long as there is patience. A device that appears with another GUID in its field is a fact
/// the plan did not know.
async fn awaited(run: &mut Run<'_>, guid: &GuidOnPool, snmp: &SnmpUp) -> Result<Device, Error> {
    let patience = run.ports.patience;
    run.record(&Entry::Waiting { on: what_to_enter(run, snmp) });
    let views = run.ports.views();
    let system = views.appliance.system().await?;
    let (organization, location) = (&run.plan.organization.id, &run.plan.location.id);
    let mut waited = Duration::ZERO;
    loop {
        match observe::find_device(&run.plan.site, &views, organization, location, &system).await? {
            Some(found) if found.guid.is_none_or(|held| held == guid.0) => return Ok(found.device),
            Some(found) => {
                let what = format!("the device {} was added with another Device GUID", found.device.id);
                return Err(Refusal::blocked(
                    "I5",
                    what,
                    "Run again: the plan will say what follows from it",
                )
                .into());
            }
            None if waited >= patience.device => {
                return Err(ErrorKind::DeviceAwaited { mend: what_to_enter(run, snmp) }.into());
            }
            None => tokio::time::sleep(patience.interval).await,
        }
        waited += patience.interval;
    }
}

/// What a person enters in NinjaOne's console, without a secret in it.
fn what_to_enter(run: &Run<'_>, snmp: &SnmpUp) -> String {
    format!(
        "In NinjaOne, add {} ({}) to NMS at {} / {} with SNMPv3, SHA and AES; its credentials are in the vault: {}",
        run.plan.host_name,
        run.plan.management_address,
        run.plan.organization.name,
        run.plan.location.name,
        snmp.record.url
    )
}
