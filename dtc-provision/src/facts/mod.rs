//! What is so now: one observation of an appliance and its services, read and never written.
//!
//! Every fact is read, or unread with its reason. A [`plan`](crate::plan()) needs all of them and says what is missing;
//! a verification judges by those that are there.

mod appliance;
mod fact;
mod held;
mod identity;
mod observe;
mod opening;
mod place;
mod reach;
mod remembering;
mod store;
mod vault;

use dtc_naming::PoolName;
use serde::Serialize;

use crate::error::{Error, ErrorKind};
use crate::ports::{Pool, SnapshotTask, System};

pub use appliance::{CredentialFacts, SnmpFacts, TaskFacts};
pub use fact::{Fact, Unread};
pub use held::Agreement;
pub use identity::{DeviceFacts, Identity, PoolGuid};
pub use observe::observe;
pub use opening::Opening;
pub use place::Place;
pub use store::{BucketFacts, StoreFacts};
pub use vault::VaultFacts;

pub(crate) use held::{Held, ROLE_TO_SEE_SECRETS};
pub(crate) use identity::{device_here, find_device};
pub(crate) use observe::{completion_marker, look};
pub(crate) use place::{location_uuid, read as place};
pub(crate) use reach::{Reach, Surroundings};
pub(crate) use remembering::remembering;
pub(crate) use vault::records as vault_records;

/// Everything observed, without a secret in it. Two observations of one state are equal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Observation {
    /// The client, the location, and the bucket's name that follows from them.
    pub place: Fact<Place>,
    /// The appliance itself.
    pub system: Fact<System>,
    /// Every data pool.
    pub pools: Fact<Vec<Pool>>,
    /// The pools to back up: those the site names, else every data pool.
    pub backed_up: Fact<Vec<PoolName>>,
    /// The Device GUID and where it stands (I3–I9).
    pub identity: Fact<Identity>,
    /// The account, the bucket and its keys.
    pub store: Fact<StoreFacts>,
    /// The vault's records of this appliance.
    pub vault: Fact<VaultFacts>,
    /// SNMP on the appliance.
    pub snmp: Fact<SnmpFacts>,
    /// The cloud credentials on the appliance.
    pub credentials: Fact<Vec<CredentialFacts>>,
    /// The Cloud Sync tasks on the appliance.
    pub tasks: Fact<Vec<TaskFacts>>,
    /// The periodic snapshot tasks on the appliance.
    pub snapshot_tasks: Fact<Vec<SnapshotTask>>,
    /// The pools of which anything stands in the bucket, under the GUID that holds (N4).
    pub in_bucket: Fact<Vec<PoolName>>,
    /// Whether the ticket says that the backup is operational; `None` without a ticket.
    pub ticket: Option<Fact<bool>>,
}

/// An observation of which every fact was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) place: &'a Place,
    pub(crate) system: &'a System,
    pub(crate) pools: &'a [Pool],
    pub(crate) backed_up: &'a [PoolName],
    pub(crate) identity: &'a Identity,
    pub(crate) store: &'a StoreFacts,
    pub(crate) vault: &'a VaultFacts,
    pub(crate) snmp: &'a SnmpFacts,
    pub(crate) credentials: &'a [CredentialFacts],
    pub(crate) tasks: &'a [TaskFacts],
    pub(crate) snapshot_tasks: &'a [SnapshotTask],
    pub(crate) in_bucket: &'a [PoolName],
    pub(crate) ticket: Option<bool>,
}

impl Observation {
    /// Why facts are unread, in the order they are needed; what is unread only because another fact is, is left out.
    pub fn unread(&self) -> Vec<&Unread> {
        let facts = [
            self.place.unread(),
            self.system.unread(),
            self.pools.unread(),
            self.identity.unread(),
            self.backed_up.unread(),
            self.store.unread(),
            self.store.ok().and_then(StoreFacts::keys_unread),
            self.vault.unread(),
            self.tasks.unread(),
            self.snmp.unread(),
            self.credentials.unread(),
            self.snapshot_tasks.unread(),
            self.in_bucket.unread(),
            self.ticket.as_ref().and_then(Fact::unread),
        ];
        facts.into_iter().flatten().filter(|unread| !matches!(unread, Unread::Needs { .. })).collect()
    }

    /// Every fact, if all were read.
    pub(crate) fn known(&self) -> Result<Known<'_>, Error> {
        self.all_read().ok_or_else(|| {
            let mut unread = self.unread().into_iter();
            let first: ErrorKind = unread.next().map_or_else(
                || ErrorKind::Stale { changed: "the observation is not complete".to_owned() },
                Unread::error,
            );
            // Several facts can be unread for one reason.
            let mut reasons = std::collections::BTreeSet::from([first.to_string()]);
            let also = unread.map(ToString::to_string).filter(|reason| reasons.insert(reason.clone()));
            let also = also.collect();
            Error::from(first).with_also(also)
        })
    }

    fn all_read(&self) -> Option<Known<'_>> {
        Some(Known {
            place: self.place.ok()?,
            system: self.system.ok()?,
            pools: self.pools.ok()?,
            backed_up: self.backed_up.ok()?,
            identity: self.identity.ok()?,
            store: self.store.ok().filter(|store| store.keys_unread().is_none())?,
            vault: self.vault.ok()?,
            snmp: self.snmp.ok()?,
            credentials: self.credentials.ok()?,
            tasks: self.tasks.ok()?,
            snapshot_tasks: self.snapshot_tasks.ok()?,
            in_bucket: self.in_bucket.ok()?,
            ticket: match &self.ticket {
                Some(fact) => Some(*fact.ok()?),
                None => None,
            },
        })
    }
}

impl<'a> Known<'a> {
    /// The credential that bears the bucket's name (N7).
    pub(crate) fn credential(&self) -> Option<&'a CredentialFacts> {
        self.credentials.iter().find(|found| found.name == self.place.bucket_name.as_str())
    }
}
