//! The vault's records of this appliance.

use dtc_naming::LocationName;
use jiff::Timestamp;
use serde::Serialize;

use super::fact::{Fact, Unread};
use super::held::{Held, Records};
use super::identity::Identity;
use super::opening::Opening;
use super::place::Place;
use crate::error::Refusal;
use crate::escrow::{self, find};
use crate::ids::{DeviceId, KeyId, RecordRef, VaultOrganizationId};
use crate::ports::{MintAccount, Record, System, VaultOrganization, Views};
use crate::proofs::{Backup, SecretIdentity, Slot};
use crate::site::Site;

/// The vault's records of this appliance.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VaultFacts {
    /// The client's organisation (E6).
    pub organization: VaultOrganization,
    /// The application key's record, and the key's id.
    pub key: Option<(RecordRef, KeyId)>,
    /// The encryption password's record.
    pub password: Option<RecordRef>,
    /// The encryption salt's record.
    pub salt: Option<RecordRef>,
    /// The SNMP user's and password's record.
    pub snmp_password: Option<RecordRef>,
    /// The SNMP passphrase's record.
    pub snmp_passphrase: Option<RecordRef>,
    /// The account of mints (K3).
    pub mints: MintAccount,
    /// Every key id that a record of this bucket holds (K4).
    pub referenced: Vec<KeyId>,
    /// Whether the record says that the backup is operational (V6).
    pub operational: bool,
    /// Whether the pair opens what is in the bucket, where people chose it (E3a).
    pub pair_by_hand: Option<Opening>,
    /// Whether people chose the SNMP user, password or passphrase (E3a).
    pub snmp_by_hand: bool,
    /// Why no record can be made for this appliance, where one is missing (X1c).
    pub refuses: Option<Refusal>,
    /// Locations that its records' labels name instead of this one (E5).
    pub misnamed: Vec<LocationName>,
}

/// The client's one organisation, by its exact name (E6), and its records.
pub(crate) async fn records(site: &Site, views: &Views, place: &Fact<Place>) -> Result<Records, Unread> {
    let place = place.needed("the client and its location")?;
    let wanted = match &site.vault_organization {
        Some(named) => named,
        None if place.namesakes.is_empty() => &place.organization.name,
        None => return Err(several_of_one_name(place).into()),
    };
    let organization = only(wanted, views.vault.organizations(wanted).await?)?;
    let records = views.vault.records(&organization.id).await?;
    Ok(Records { organization, records })
}

/// Asks for the records of the organisation that is most likely the client's before its place is known.
pub(super) async fn ask_early(site: &Site, views: &Views) {
    let is_id = site.organization.bytes().all(|byte| byte.is_ascii_digit());
    let by_name = (!is_id).then_some(site.organization.as_str());
    let Some(name) = site.vault_organization.as_deref().or(by_name) else { return };
    if let Ok([only]) = views.vault.organizations(name).await.as_deref() {
        // What fails is reported by whoever needs it.
        drop(views.vault.records(&only.id).await);
    }
}

fn several_of_one_name(place: &Place) -> Refusal {
    let others: Vec<String> = place.namesakes.iter().map(ToString::to_string).collect();
    Refusal::precondition(
        "E6",
        format!(
            "NinjaOne has other organisations called {:?} (id {}), and the vault knows clients by their names",
            place.organization.name,
            others.join(", ")
        ),
        "Name the vault's organisation of this client as `vault_organization` in the site file, or give the clients different names",
    )
}

fn only(wanted: &str, mut found: Vec<VaultOrganization>) -> Result<VaultOrganization, Refusal> {
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Refusal::precondition(
            "E6",
            format!("the vault has no organisation called {wanted:?}"),
            "Name it as `vault_organization` in the site file, exactly as the vault writes it",
        )),
        (Some(last), others) => Err(Refusal::precondition(
            "E6",
            format!("the vault has {} organisations called {wanted:?}, one of them {}", others + 1, last.id),
            "Rename or archive the wrong ones; secrets are never filed by guess",
        )),
    }
}

/// This appliance's records among them. Without a GUID there can be none yet. A secret that is not fit for use, or that the
/// vault does not show, stops whoever needs these facts, whether the appliance has it already or not (E3a).
pub(super) async fn facts(
    views: &Views,
    records: &Fact<Records>,
    place: &Fact<Place>,
    system: &Fact<System>,
    identity: &Fact<Identity>,
    held: &Held,
    pair_by_hand: Option<Opening>,
) -> Result<VaultFacts, Unread> {
    let facts = listed(records, place, identity, held, pair_by_hand)?;
    let records = [&facts.password, &facts.salt, &facts.snmp_password, &facts.snmp_passphrase];
    if facts.key.is_some() && records.into_iter().all(Option::is_some) {
        return Ok(facts);
    }
    let (place, system) =
        (place.needed("the client and its location")?, system.needed("the appliance itself")?);
    let device = identity.needed("the Device GUID")?.device.as_ref().map(|found| found.device.id.clone());
    let refuses = refusal(views, &facts.organization.id, place, system, device).await?;
    Ok(VaultFacts { refuses, ..facts })
}

/// Why the vault would not take this appliance's records (X1c).
async fn refusal(
    views: &Views,
    organization: &VaultOrganizationId,
    place: &Place,
    system: &System,
    device: Option<DeviceId>,
) -> Result<Option<Refusal>, Unread> {
    let known_by = [system.host_name.as_str(), system.management_address.as_str()];
    let context = escrow::record_context(&place.location_name, known_by, Timestamp::UNIX_EPOCH, device);
    let why = match context {
        Ok(context) => views.vault.refuses(organization, &context).await?,
        Err(refusal) => return Ok(Some(refusal)),
    };
    Ok(why.map(|why| {
        let what = format!("the vault would not take the records of {:?}: {why}", place.location.name);
        Refusal::precondition("X1c", what, "Put that right in NinjaOne or in the vault; nothing was changed")
    }))
}

fn listed(
    records: &Fact<Records>,
    place: &Fact<Place>,
    identity: &Fact<Identity>,
    held: &Held,
    pair_by_hand: Option<Opening>,
) -> Result<VaultFacts, Unread> {
    let place = place.needed("the client and its location")?;
    let guid = identity.needed("the Device GUID")?.guid();
    let Records { organization, records } = match records.read() {
        Ok(records) => records,
        Err(why) => return Err(why.clone()),
    };
    let backup = guid.map(|device| Backup { bucket: place.bucket_name.clone(), device });
    let unfit = [held.key.unread(), held.encryption.unread(), held.snmp.unread()];
    if let Some(why) = unfit.into_iter().flatten().next() {
        return Err(why.clone());
    }
    let of_backup = |slot| of(records, slot, backup.as_ref());
    let of_device = |slot| of(records, slot, guid.as_ref());
    let key = of_backup(Slot::ApplicationKey)?;
    let password = of_backup(Slot::EncryptionPassword)?;
    let salt = of_backup(Slot::EncryptionSalt)?;
    let reference = |record: Option<&Record>| record.map(|record| record.reference.clone());
    let named = [key, password, salt].into_iter().flatten().filter_map(|record| record.location.as_ref());
    Ok(VaultFacts {
        key: key.and_then(|record| Some((record.reference.clone(), KeyId::new(record.user_name.clone()?)))),
        password: reference(password),
        salt: reference(salt),
        snmp_password: reference(of_device(Slot::SnmpPassword)?),
        snmp_passphrase: reference(of_device(Slot::SnmpPassphrase)?),
        mints: password.map(|record| record.mints.clone()).unwrap_or_default(),
        referenced: escrow::escrowed_keys(records, place.bucket_name.as_str()),
        operational: key.is_some_and(|record| record.operational),
        pair_by_hand,
        snmp_by_hand: held.snmp.ok().and_then(Option::as_ref).is_some_and(escrow::made_by_hand),
        refuses: None,
        misnamed: named.filter(|name| **name != place.location_name).cloned().collect(),
        organization: organization.clone(),
    })
}

fn of<'a, I: SecretIdentity>(
    records: &'a [Record],
    slot: Slot,
    identity: Option<&I>,
) -> Result<Option<&'a Record>, Refusal> {
    identity.map_or(Ok(None), |identity| find(records, slot, identity))
}
