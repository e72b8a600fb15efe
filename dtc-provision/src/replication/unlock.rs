//! The destination, opened with the keys that the vault holds.

use std::collections::BTreeMap;

use dtc_naming::{DatasetName, DeviceGuid};
use serde::Serialize;

use super::facts::{self, EndFacts};
use super::key_file::KeyFile;
use super::wanted::Replication;
use crate::error::{Error, Refusal};
use crate::escrow;
use crate::facts::{Fact, Place, place, vault_records};
use crate::ids::VaultOrganizationId;
use crate::outcome::Outcome;
use crate::ports::{EndDataset, Opening, Record, ReplicationEnd, Unlocked, Views};
use crate::proofs::{Bound, DatasetOf, Escrowed, Slot};
use crate::secret::DatasetKey;
use crate::site::Site;

/// What became of the destination's datasets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnlockReport {
    /// Those that are open now.
    pub unlocked: Vec<String>,
    /// Those that were open before.
    pub open_before: Vec<String>,
    /// Those that are not open, and why.
    pub failed: BTreeMap<String, String>,
}

impl UnlockReport {
    /// What it comes to (X6): the appliance's job succeeds although datasets stay locked.
    pub fn outcome(&self) -> Outcome {
        if self.failed.is_empty() { Outcome::AsItShouldBe } else { Outcome::Incomplete }
    }
}

/// A root, and the key that opens it.
type Held = (Opening, Escrowed<DatasetKey>);

/// Opens every encryption root of what has arrived with the keys that the vault holds; those that arrived as roots of their own, too. The
/// appliance that sent it is not asked: it may be gone.
///
/// # Errors
/// The receiving appliance, NinjaOne or the vault does not answer.
pub async fn unlock(
    site: &Site,
    wanted: &Replication,
    views: &Views,
    to: &dyn ReplicationEnd,
) -> Result<UnlockReport, Error> {
    let place: Fact<Place> = place(site, views).await.into();
    let records = vault_records(site, views, &place).await.map_err(|unread| unread.error())?;
    let seen = facts::end(to).await?;
    let (mut report, locked) = begun(wanted, &seen)?;
    let mut held: Vec<Held> = Vec::new();
    for root in locked {
        let candidates = candidates(wanted, &seen, &root, &records.records);
        match chosen(views, (&records.organization.id, &records.records), to, (&root, candidates)).await {
            Ok(found) => held.push(found),
            Err(why) => drop(report.failed.insert(root.to_string(), why.to_string())),
        }
    }
    for (top, group) in tops(held, |(opening, _)| &opening.root) {
        let mut bound: Vec<Bound<'_, Opening>> = Vec::new();
        for (opening, key) in &group {
            bound.push(key.for_use(opening)?);
        }
        report.take(to.unlock(&top, &bound).await?);
    }
    ended(wanted, to, report).await
}

/// Opens it with a file of keys that was downloaded from an appliance. Neither the vault nor the appliance that sent it is asked.
///
/// # Errors
/// The receiving appliance does not answer.
pub async fn unlock_by(
    wanted: &Replication,
    keys: &KeyFile,
    to: &dyn ReplicationEnd,
) -> Result<UnlockReport, Error> {
    let seen = facts::end(to).await?;
    let (mut report, locked) = begun(wanted, &seen)?;
    let mut held: Vec<(DatasetName, DatasetKey)> = Vec::new();
    for root in locked {
        match that_opens(to, &root, keys.candidates(wanted, &root)).await? {
            Ok(key) => held.push((root, key)),
            Err(why) => drop(report.failed.insert(root.to_string(), why.to_owned())),
        }
    }
    for (top, group) in tops(held, |(root, _)| root) {
        report.take(to.unlock_by(&top, &group).await?);
    }
    ended(wanted, to, report).await
}

/// The key among these that opens a root, tried without opening it.
async fn that_opens(
    to: &dyn ReplicationEnd,
    root: &DatasetName,
    candidates: Vec<DatasetKey>,
) -> Result<Result<DatasetKey, &'static str>, Error> {
    let is_named = !candidates.is_empty();
    for key in candidates {
        if to.opened_by(root, &key).await? {
            return Ok(Ok(key));
        }
    }
    Ok(Err(if is_named {
        "no key of the file opens it"
    } else {
        "the key file names neither it nor what it was"
    }))
}

/// What is open, and the roots that are locked.
///
/// # Errors
/// Nothing has arrived.
fn begun(wanted: &Replication, seen: &EndFacts) -> Result<(UnlockReport, Vec<DatasetName>), Error> {
    if seen.dataset(&wanted.destination).is_none() {
        let what = format!("{} has no dataset {}: there is nothing to unlock", wanted.to, wanted.destination);
        return Err(Refusal::precondition("R5", what, "Correct the destination, or apply first").into());
    }
    let is_locked = |root: &DatasetName| seen.dataset(root).is_some_and(|found| found.locked);
    let (locked, open): (Vec<DatasetName>, Vec<DatasetName>) =
        roots(wanted, seen).into_iter().partition(is_locked);
    let open_before = open.iter().map(ToString::to_string).collect();
    Ok((UnlockReport { open_before, ..UnlockReport::default() }, locked))
}

impl UnlockReport {
    fn take(&mut self, done: Unlocked) {
        self.unlocked.extend(done.unlocked);
        self.failed.extend(done.failed);
    }
}

/// What is locked in spite of the job's answer. A root of which the job says nothing is none that is open.
fn still_locked(wanted: &Replication, now: &EndFacts, report: &mut UnlockReport) {
    let is_locked =
        |name: &String| now.datasets.iter().any(|found| found.name.as_str() == name && found.locked);
    let (locked, open): (Vec<String>, Vec<String>) = report.unlocked.drain(..).partition(is_locked);
    report.unlocked = open;
    let unsaid = roots(wanted, now).into_iter().map(|root| root.to_string()).filter(is_locked);
    for name in locked.into_iter().chain(unsaid) {
        report.failed.entry(name).or_insert_with(|| "it is still locked after the job".to_owned());
    }
}

/// What the job says is looked at again. What is open now is open because somebody wants it so: a proof's mark goes.
async fn ended(
    wanted: &Replication,
    to: &dyn ReplicationEnd,
    mut report: UnlockReport,
) -> Result<UnlockReport, Error> {
    let now = facts::end(to).await?;
    still_locked(wanted, &now, &mut report);
    for found in now.marked(&wanted.destination).into_iter().filter(|found| !found.locked) {
        to.mark_opened(&found.name, false).await?;
    }
    Ok(report)
}

/// Every encryption root that opens something of what has arrived.
fn roots(wanted: &Replication, to: &EndFacts) -> Vec<DatasetName> {
    let has_arrived =
        |found: &&EndDataset| found.name == wanted.destination || found.name.is_below(&wanted.destination);
    let mut roots: Vec<DatasetName> =
        to.datasets.iter().filter(has_arrived).filter_map(|found| found.encryption_root.clone()).collect();
    roots.sort();
    roots.dedup();
    roots
}

/// Whose keys could open a root, those of it alone first: the receiver's own of it or of the destination, and the sender's of what it was there
/// or of what stands above that.
fn candidates(wanted: &Replication, to: &EndFacts, root: &DatasetName, records: &[Record]) -> Vec<DatasetOf> {
    let is_own = |device: &DeviceGuid| to.guids.iter().any(|guid| guid.parse() == Ok(*device));
    let mut names = vec![(true, root.clone())];
    if root.is_below(&wanted.destination) {
        names.push((true, wanted.destination.clone()));
    }
    for source in &wanted.sources {
        let at_source = root.moved(&wanted.target_of(source), source);
        let upwards = std::iter::successors(at_source, DatasetName::parent);
        names.extend(upwards.map(|name| (false, name)));
    }
    let mut found = Vec::new();
    for (own, name) in names {
        let keys = records.iter().filter(|record| record.slot == Slot::DatasetKey);
        let of =
            keys.filter(|record| record.dataset.as_ref() == Some(&name)).filter_map(|record| record.device);
        for device in of.filter(|device| !own || is_own(device)) {
            let of = DatasetOf { device, dataset: name.clone() };
            if !found.contains(&of) {
                found.push(of);
            }
        }
    }
    found
}

/// The key among these that opens a root; several are tried without opening anything.
async fn chosen(
    views: &Views,
    (organization, records): (&VaultOrganizationId, &[Record]),
    to: &dyn ReplicationEnd,
    (root, candidates): (&DatasetName, Vec<DatasetOf>),
) -> Result<Held, Error> {
    let count = candidates.len();
    let mut tried = Vec::new();
    for of in candidates {
        let secrets = views.secrets.as_ref();
        let Some(key) = escrow::recall_from(secrets, organization, &of, records).await? else {
            continue;
        };
        let opening = Opening { root: root.clone(), of };
        if count == 1 {
            return Ok((opening, key));
        }
        let checks = to.check_keys(root, &[key.for_use(&opening)?]).await?;
        if checks.iter().any(|check| check.root == *root && check.opens) {
            return Ok((opening, key));
        }
        tried.push(key.record().url.clone());
    }
    let what = if tried.is_empty() {
        format!("the vault holds no key of {root}, nor of what it was at the sender")
    } else {
        format!("{root} opens with none of {}", tried.join(", "))
    };
    Err(Refusal::precondition("R5", what, "Restore the vault's record, or unlock it by hand").into())
}

/// Keys by the uppermost of their roots, which the call names.
fn tops<T>(held: Vec<T>, root: fn(&T) -> &DatasetName) -> Vec<(DatasetName, Vec<T>)> {
    let mut groups: Vec<(DatasetName, Vec<T>)> = Vec::new();
    let mut sorted = held;
    sorted.sort_by(|one, other| root(one).cmp(root(other)));
    for one in sorted {
        match groups.iter_mut().find(|(top, _)| root(&one).is_below(top)) {
            Some((_, group)) => group.push(one),
            None => groups.push((root(&one).clone(), vec![one])),
        }
    }
    groups
}
