//! Who the appliance is, and whether it is monitored.

use super::found::Found;
use crate::facts::Agreement;
use crate::standard::{self, Compare};
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;

pub(super) fn monitored(evidence: &Evidence<'_>) -> Found {
    let (identity, system) = match (evidence.seen.identity.read(), evidence.seen.system.read()) {
        (Ok(identity), Ok(system)) => (identity, system),
        (Err(unread), _) | (_, Err(unread)) => return Found::unread(unread),
    };
    let Some(seen) = &identity.device else {
        return Found::fail(format!("NinjaOne has no device for {}", system.host_name));
    };
    let snmp = match evidence.seen.snmp.read() {
        Ok(snmp) => snmp,
        Err(unread) => return Found::unread(unread),
    };
    let differences = snmp.settings.differences(&standard::snmp::SETTINGS);
    let device = &seen.device.id;
    match (differences.is_empty(), secrets(snmp.secrets)) {
        (true, Ok(())) => {
            Found::pass(format!("device {device}; v3 on, community empty, service running, at boot too"))
        }
        (true, Err(found)) => found,
        (false, Err(Found::Fail(why))) => {
            Found::fail(format!("device {device}; {}; {why}", standard::listed(&differences)))
        }
        (false, _) => Found::fail(format!("device {device}; {}", standard::listed(&differences))),
    }
}

/// User, password and passphrase on the appliance are those that the vault holds, and so those that the monitoring knows (S2).
fn secrets(agreement: Agreement) -> Result<(), Found> {
    Err(match agreement {
        Agreement::Same => return Ok(()),
        Agreement::Different => Found::fail("SNMP user, password or passphrase is not the vault's"),
        Agreement::NotEscrowed => Found::fail("the vault lacks the SNMP user, password or passphrase"),
        Agreement::Absent => Found::fail("the appliance has no SNMP user, password or passphrase"),
        Agreement::Unknowable => Found::NotCheckable(
            "the appliance hides its SNMP secrets from this API key: use the key of a full administrator"
                .to_owned(),
        ),
        Agreement::Unread => {
            Found::NotCheckable("the vault's records of the SNMP secrets could not be read".to_owned())
        }
    })
}

pub(super) fn guid_on_pool(evidence: &Evidence<'_>) -> Found {
    let identity = match evidence.seen.identity.read() {
        Ok(identity) => identity,
        Err(unread) => return Found::unread(unread),
    };
    let elsewhere: Vec<&str> = identity
        .on_pools
        .iter()
        .filter(|found| found.pool != identity.pool)
        .map(|found| found.pool.as_str())
        .collect();
    match identity.on_pool() {
        Some(found) if Some(found.guid) == identity.guid() && elsewhere.is_empty() => {
            Found::judged(found.normalised, format!("{} on {}", found.guid, found.pool))
        }
        Some(found) if elsewhere.is_empty() => {
            Found::fail(format!("{} on {} is not NinjaOne's", found.guid, found.pool))
        }
        Some(_) => Found::fail(format!("also on {}", elsewhere.join(", "))),
        None => Found::fail(format!("none on {}", identity.pool)),
    }
}

pub(super) fn guid_in_inventory(evidence: &Evidence<'_>) -> Found {
    let identity = match evidence.seen.identity.read() {
        Ok(identity) => identity,
        Err(unread) => return Found::unread(unread),
    };
    let field = &evidence.site.fields.device;
    match &identity.device {
        None => Found::RestsOn(ItemId::Monitored),
        Some(seen) => match seen.guid {
            Some(guid) => Found::judged(seen.normalised, format!("{field} = {guid}")),
            None => Found::fail(format!("{field} of device {} is empty", seen.device.id)),
        },
    }
}
