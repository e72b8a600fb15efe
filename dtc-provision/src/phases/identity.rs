//! The Device GUID: on the pool, and what becomes of it in NinjaOne (I3–I6).

use dtc_naming::{DeviceGuid, PoolName};
use serde::{Deserialize, Serialize};

use super::run::reads_back;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, ErrorKind};
use crate::facts::Known;
use crate::ids::{DeviceId, FieldName};
use crate::proofs::consent::{Act, Question, RemoveProperty, RewriteDeviceGuid};
use crate::site::Site;

/// What happens to the Device GUID.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentityPhase {
    /// The GUID.
    pub guid: DeviceGuid,
    /// The identity pool.
    pub pool: PoolName,
    /// What happens to the property.
    pub on_pool: OnPool,
    /// What happens to the field.
    pub in_inventory: InInventory,
    /// Pools that must not have the property.
    pub remove_from: Vec<Removal>,
}

/// The property on the identity pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnPool {
    /// It is right.
    Keep,
    /// It is missing, or not in its normal form.
    Set,
    /// It is another, and NinjaOne's holds (I5).
    Rewrite {
        /// What it is now.
        from: DeviceGuid,
        /// What is consented to.
        act: Act,
    },
}

/// The field in the inventory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum InInventory {
    /// It is right.
    Keep {
        /// The device.
        device: DeviceId,
    },
    /// It is empty, or not in its normal form.
    Set {
        /// The device.
        device: DeviceId,
    },
    /// A person has to add the device first (S3).
    Await,
}

impl InInventory {
    /// The device, where it is known.
    pub fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::Keep { device } | Self::Set { device } => Some(device),
            Self::Await => None,
        }
    }
}

/// A pool that must not have the property (I6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removal {
    /// The pool.
    pub pool: PoolName,
    /// What is consented to.
    pub act: Act,
}

/// The GUID stands on the pool, read back.
pub(crate) struct GuidOnPool(pub(super) DeviceGuid);

pub(crate) fn plan(
    site: &Site,
    seen: Known<'_>,
    fresh: DeviceGuid,
    findings: &mut Vec<Finding>,
) -> IdentityPhase {
    let identity = seen.identity;
    let guid = identity.guid().unwrap_or(fresh);
    if let Some(zone) = site.time_zone.as_ref().filter(|zone| **zone != seen.system.time_zone) {
        findings.push(Finding::new(
            "C3",
            format!(
                "the appliance's clock runs in {}, the client works in {zone}: limits and schedules follow the appliance",
                seen.system.time_zone
            ),
        ));
    }
    IdentityPhase {
        guid,
        pool: identity.pool.clone(),
        on_pool: on_pool(seen, guid),
        in_inventory: in_inventory(seen, guid),
        remove_from: removals(seen, findings),
    }
}

fn on_pool(seen: Known<'_>, guid: DeviceGuid) -> OnPool {
    match seen.identity.on_pool() {
        Some(found) if found.guid != guid => {
            let terms = [
                ("pool", found.pool.to_string()),
                ("from", found.guid.to_string()),
                ("to", guid.to_string()),
            ];
            OnPool::Rewrite { from: found.guid, act: Act::of::<RewriteDeviceGuid>(guid.to_string(), terms) }
        }
        Some(found) if found.normalised => OnPool::Keep,
        _ => OnPool::Set,
    }
}

fn in_inventory(seen: Known<'_>, guid: DeviceGuid) -> InInventory {
    match &seen.identity.device {
        Some(found) if found.guid == Some(guid) && found.normalised => {
            InInventory::Keep { device: found.device.id.clone() }
        }
        Some(found) => InInventory::Set { device: found.device.id.clone() },
        None => InInventory::Await,
    }
}

fn removals(seen: Known<'_>, findings: &mut Vec<Finding>) -> Vec<Removal> {
    let identity = seen.identity;
    let mut removals = Vec::new();
    for other in identity.on_pools.iter().filter(|found| found.pool != identity.pool) {
        findings.push(Finding::new(
            "I6",
            format!(
                "pool {} also has the Device GUID property; it belongs on {} alone",
                other.pool, identity.pool
            ),
        ));
        let terms = [("pool", other.pool.to_string()), ("guid", other.guid.to_string())];
        let act = Act::of::<RemoveProperty>(other.pool.as_str(), terms);
        removals.push(Removal { pool: other.pool.clone(), act });
    }
    removals
}

impl IdentityPhase {
    pub(crate) fn describe_property(&self) -> Step {
        let name = format!("Device GUID {} on pool {}", self.guid, self.pool);
        match &self.on_pool {
            OnPool::Keep => Step::new("I3", StepKind::Keep, name),
            OnPool::Set => Step::new("I5", StepKind::Create, name),
            OnPool::Rewrite { from, .. } => {
                Step::new("I5", StepKind::Irreversible, name).detail(format!("was {from}; NinjaOne wins"))
            }
        }
    }

    pub(crate) fn describe_removals(&self) -> impl Iterator<Item = Step> {
        self.remove_from.iter().map(|removal| {
            Step::new("I6", StepKind::Change, format!("Device GUID property on {}", removal.pool))
                .detail("removed, if consented to")
        })
    }

    pub(crate) fn describe_field(&self, field: &FieldName) -> Step {
        let name = field_subject(field);
        match &self.in_inventory {
            InInventory::Keep { .. } => Step::new("I5", StepKind::Keep, name),
            InInventory::Set { device } => {
                Step::new("I5", StepKind::Change, name).detail(format!("on device {device}"))
            }
            InInventory::Await => Step::new("S3", StepKind::Change, name)
                .detail("once a person has added the appliance to NMS: no API can"),
        }
    }

    pub(crate) fn questions(&self) -> impl Iterator<Item = Question> {
        let rewrite = match &self.on_pool {
            OnPool::Rewrite { act, .. } => Some(Question::of::<RewriteDeviceGuid>(act)),
            OnPool::Keep | OnPool::Set => None,
        };
        let removals = self.remove_from.iter().map(|removal| Question::of::<RemoveProperty>(&removal.act));
        rewrite.into_iter().chain(removals)
    }

    /// Writes the GUID on the identity pool, and reads it back.
    pub(crate) async fn apply_on_pool(&self, run: &mut Run<'_>) -> Result<GuidOnPool, Error> {
        let step = format!("Device GUID on pool {}", self.pool);
        let appliance = run.ports.appliance.clone();
        match &self.on_pool {
            OnPool::Keep => {
                run.unchanged(&step);
                return Ok(GuidOnPool(self.guid));
            }
            OnPool::Set => appliance.set_device_guid(&self.pool, self.guid).await?,
            OnPool::Rewrite { act, .. } => {
                let consent = run.consent::<RewriteDeviceGuid>(act)?;
                self.is_still_ninjas(run).await?;
                appliance.rewrite_device_guid(&self.pool, self.guid, consent).await?;
            }
        }
        let pools = appliance.pools().await?;
        let pool = pools.iter().find(|pool| pool.name == self.pool);
        let written = pool.and_then(|pool| pool.device_guid.as_deref());
        if written != Some(self.guid.to_string().as_str()) {
            return Err(reads_back(step, format!("{written:?}, not {}", self.guid)));
        }
        run.done(&step, self.guid.to_string());
        Ok(GuidOnPool(self.guid))
    }

    /// The last check before folders move: the device's own field, not a report, still says so (I5).
    async fn is_still_ninjas(&self, run: &Run<'_>) -> Result<(), Error> {
        let Some(device) = self.in_inventory.device() else { return Ok(()) };
        let field = &run.site.fields.device;
        let text = run.ports.inventory.device_field(device, field).await?;
        if text.as_deref().and_then(|text| text.trim().parse().ok()) == Some(self.guid) {
            return Ok(());
        }
        Err(ErrorKind::Stale { changed: field_subject(field) }.into())
    }

    /// Removes the property from every other pool that has it, where that was consented to (I6).
    pub(crate) async fn apply_removals(&self, run: &mut Run<'_>) -> Result<(), Error> {
        for removal in &self.remove_from {
            let step = format!("Device GUID property on pool {}", removal.pool);
            match run.take::<RemoveProperty>(&removal.act) {
                Some(consent) => {
                    run.ports.appliance.remove_device_guid(&removal.pool, consent).await?;
                    run.done(&step, "removed");
                }
                None => run.withheld.push(step),
            }
        }
        Ok(())
    }
}

pub(super) fn field_subject(field: &FieldName) -> String {
    format!("Device GUID in NinjaOne ({field})")
}
