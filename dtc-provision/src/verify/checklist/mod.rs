//! The procedure's checklist: one row for each item, by id.

mod found;
mod identity;
mod proof;
mod secrets;
mod store;
mod tasks;

use serde::Serialize;

use self::found::Found;
use super::evidence::Evidence;
use super::report::{Item, Verdict};
use crate::ports::CloudSyncSettings;
use crate::standard::Setting;

/// An item of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is what its row in the checklist says")]
pub enum ItemId {
    Monitored,
    GuidOnPool,
    GuidInInventory,
    BucketName,
    Retention,
    DefaultEncryption,
    Lifecycle,
    KeyScope,
    KeyEscrowed,
    SecretsEscrowed,
    TaskDirection,
    TaskPath,
    TaskFolder,
    TaskSchedule,
    TaskSnapshot,
    TaskExclude,
    TaskChunkSize,
    TaskFastList,
    TaskEncryption,
    TaskFilenameEncryption,
    TaskBandwidth,
    Snapshots,
    FirstRun,
    NoArchives,
    Recoverable,
    TicketUpdated,
}

/// One row of the checklist.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// Which item.
    pub id: ItemId,
    /// Its number in the procedure's checklist.
    pub number: u8,
    /// The rule of the standard it is about.
    pub rule: &'static str,
    /// What should be so.
    pub title: &'static str,
    judge: Judge,
}

/// How an item is judged.
#[derive(Debug)]
enum Judge {
    /// By a function of its own.
    By(fn(&Evidence<'_>) -> Found),
    /// By settings of the bucket.
    Bucket(Setting),
    /// By settings of every pool's task; the second shows them where they are right.
    Task(&'static [Setting], fn(&CloudSyncSettings) -> String),
}

/// The checklist, in the procedure's order.
pub fn checklist() -> &'static [Check] {
    &CHECKLIST
}

macro_rules! checklist {
    ($($number:literal $id:ident $rule:literal $title:literal $judge:expr;)+) => {
        [$(Check {
            id: ItemId::$id,
            number: $number,
            rule: $rule,
            title: $title,
            judge: $judge,
        }),+]
    };
}

use Judge::{Bucket, By, Task};
use Setting as S;

static CHECKLIST: [Check; 26] = checklist! {
    1 Monitored "S1" "In NinjaOne, SNMPv3 only" By(identity::monitored);
    2 GuidOnPool "I3" "Device GUID on the identity pool, and on no other" By(identity::guid_on_pool);
    3 GuidInInventory "I5" "Device GUID in NinjaOne" By(identity::guid_in_inventory);
    4 BucketName "N1" "Bucket has the location's name" By(store::bucket_name);
    5 Retention "B2" "Object lock in compliance mode, 14 days" By(store::retention);
    6 DefaultEncryption "B1" "SSE-B2 is the default encryption" Bucket(S::DefaultEncryption);
    7 Lifecycle "B1" "One lifecycle rule: hidden versions go after 30 days" Bucket(S::Lifecycle);
    8 KeyScope "K1" "The key reaches this bucket only" By(secrets::key_scope);
    9 KeyEscrowed "E1" "Key id and application key in the vault" By(secrets::key_escrowed);
    10 SecretsEscrowed "E1" "Encryption password and salt in the vault" By(secrets::pair_escrowed);
    11 TaskDirection "C2" "Task: PUSH and SYNC" Task(&[S::Direction, S::TransferMode], tasks::modes);
    12 TaskPath "C2" "Task reads the pool" By(tasks::reads_pool);
    13 TaskFolder "N4" "Task writes to the pool's folder" By(tasks::folder);
    14 TaskSchedule "C2" "Task runs daily at 00:00, enabled" By(tasks::scheduled);
    15 TaskSnapshot "C2" "Task takes no snapshot" Task(&[S::SnapshotBeforeRun], tasks::snapshot);
    16 TaskExclude "C2" "Task leaves out /Archive/** and /archive/**" Task(&[S::Exclude], tasks::exclude);
    17 TaskChunkSize "C2" "Upload chunk size 96 MiB" Task(&[S::ChunkSize], tasks::chunk);
    18 TaskFastList "C2" "--fast-list" Task(&[S::FastList], tasks::fast_list);
    19 TaskEncryption "C2" "Remote encryption on" Task(&[S::Encryption], tasks::encryption);
    20 TaskFilenameEncryption "C2" "Filename encryption off"
        Task(&[S::FilenameEncryption], tasks::filename_encryption);
    21 TaskBandwidth "C3" "Bandwidth: 20 % of the uplink in business hours, 80 % outside"
        Task(&[S::Bandwidth], tasks::bandwidth);
    22 Snapshots "Z1" "Snapshots hourly, recursive, kept 14 days" By(tasks::snapshots);
    23 FirstRun "V1" "First run succeeded" By(tasks::first_run);
    24 NoArchives "V2" "No Archive directory at the top of the pool" By(proof::archives);
    25 Recoverable "V3" "Objects open with the vault's secrets and are their sources"
        By(proof::recoverable);
    26 TicketUpdated "V6" "Ticket updated" By(proof::ticket);
};

/// Judges every item by itself. One that cannot be judged because another failed says so, so that one broken fact is one
/// failure.
pub(super) fn evaluate(evidence: &Evidence<'_>) -> Vec<Item> {
    let items = CHECKLIST.iter().map(|check| {
        let (verdict, evidence) = check.judge.apply(evidence).verdict();
        Item { id: check.id, number: check.number, rule: check.rule, title: check.title, verdict, evidence }
    });
    items.collect()
}

impl Judge {
    fn apply(&self, evidence: &Evidence<'_>) -> Found {
        match self {
            Self::By(judge) => judge(evidence),
            Self::Bucket(setting) => store::setting(evidence, *setting),
            Self::Task(settings, shown) => tasks::settings(evidence, settings, *shown),
        }
    }
}

impl Found {
    /// The verdict, and what is said about it.
    fn verdict(&self) -> (Verdict, String) {
        match self {
            Self::Pass(said) => (Verdict::Pass, said.clone()),
            Self::Fail(said) => (Verdict::Fail, said.clone()),
            Self::NotCheckable(why) => (Verdict::NotCheckable, why.clone()),
            Self::NotApplicable(why) => (Verdict::NotApplicable, why.clone()),
            Self::RestsOn(id) => (Verdict::NotCheckable, format!("rests on {:?}", id.title())),
        }
    }
}

impl ItemId {
    /// What should be so.
    pub fn title(self) -> &'static str {
        CHECKLIST.iter().find(|check| check.id == self).map_or("", |check| check.title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn v5_every_item_has_one_row_and_its_number() {
        let ids: BTreeSet<ItemId> = CHECKLIST.iter().map(|check| check.id).collect();
        let numbers: Vec<u8> = CHECKLIST.iter().map(|check| check.number).collect();
        assert_eq!(ids.len(), 26);
        assert_eq!(numbers, (1..=26).collect::<Vec<u8>>());
    }
}
