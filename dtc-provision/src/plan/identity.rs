//! The Device GUID: minted, copied, or NinjaOne's (I3–I6).

use super::{Finding, Fresh, IdentityPhase, InInventory, OnPool, Removal};
use crate::consent::{Act, RemoveProperty, RewriteDeviceGuid};
use crate::observe::Observation;
use crate::site::Site;

pub(super) fn plan(
    site: &Site,
    seen: &Observation,
    fresh: Fresh,
    findings: &mut Vec<Finding>,
) -> IdentityPhase {
    let identity = &seen.identity;
    let guid = identity.guid().unwrap_or(fresh.device_guid);
    let on_pool = match identity.on_pool() {
        Some(found) if found.guid != guid => OnPool::Rewrite {
            from: found.guid,
            act: Act::of::<RewriteDeviceGuid>(
                guid.to_string(),
                [
                    ("pool", identity.pool.to_string()),
                    ("from", found.guid.to_string()),
                    ("to", guid.to_string()),
                ],
            ),
        },
        Some(found) if found.normalised => OnPool::Keep,
        _ => OnPool::Set,
    };
    let in_inventory = match &identity.device {
        Some(found) if found.guid == Some(guid) && found.normalised => {
            InInventory::Keep { device: found.device.id.clone() }
        }
        Some(found) => InInventory::Set { device: found.device.id.clone() },
        None => InInventory::Await,
    };
    let mut remove_from = Vec::new();
    for other in identity.on_pools.iter().filter(|found| found.pool != identity.pool) {
        findings.push(Finding::new(
            "I6",
            format!(
                "pool {} also has the Device GUID property; it belongs on {} alone",
                other.pool, identity.pool
            ),
        ));
        let terms = [("pool", other.pool.to_string()), ("guid", other.guid.to_string())];
        remove_from.push(Removal {
            pool: other.pool.clone(),
            act: Act::of::<RemoveProperty>(other.pool.as_str(), terms),
        });
    }
    if let Some(zone) = site.time_zone.as_ref().filter(|zone| **zone != seen.system.time_zone) {
        findings.push(Finding::new(
            "C3",
            format!(
                "the box's clock runs in {}, the client works in {zone}: limits and schedules follow the box",
                seen.system.time_zone
            ),
        ));
    }
    IdentityPhase { guid, pool: identity.pool.clone(), on_pool, in_inventory, remove_from }
}
