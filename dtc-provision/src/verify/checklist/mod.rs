//! The procedure's checklist: one row for each item, by id.

mod found;
mod identity;
mod proof;
mod secrets;
mod store;
mod tasks;

use self::found::Found;
use super::evidence::Evidence;
use super::item::{Item, ItemId, Verdict};
use crate::facts::TaskFacts;
use crate::standard::{Difference, Setting};

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
    /// By the bucket's settings that this item judges.
    Bucket,
    /// By the settings of every pool's task that this item judges; it shows them where they are right.
    Task(fn(&TaskFacts) -> String),
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

static CHECKLIST: [Check; 26] = checklist! {
    1 Monitored "S1" "In NinjaOne, SNMPv3 only, its secrets in the vault" By(identity::monitored);
    2 GuidOnPool "I3" "Device GUID on the identity pool, and on no other" By(identity::guid_on_pool);
    3 GuidInInventory "I5" "Device GUID in NinjaOne" By(identity::guid_in_inventory);
    4 BucketName "N1" "Bucket has the location's name, and is private" By(store::bucket_name);
    5 Retention "B2" "Object lock in compliance mode, 14 days" By(store::retention);
    6 DefaultEncryption "B1" "SSE-B2 is the default encryption" Bucket;
    7 Lifecycle "B1" "One lifecycle rule: hidden versions go after 30 days" Bucket;
    8 KeyScope "K1" "The key reaches this bucket only" By(secrets::key_scope);
    9 KeyEscrowed "E1" "Key id and application key in the vault and in use" By(secrets::key_escrowed);
    10 SecretsEscrowed "E1" "Encryption password and salt in the vault and in use" By(secrets::pair_escrowed);
    11 TaskDirection "C2" "Task: PUSH and SYNC, no scripts, no further arguments" Task(tasks::modes);
    12 TaskPath "C2" "Task reads the pool" By(tasks::reads_pool);
    13 TaskFolder "N4" "Task writes to the pool's folder, and no other does" By(tasks::folder);
    14 TaskSchedule "C2" "Task runs daily at 00:00, enabled" Task(tasks::scheduled);
    15 TaskSnapshot "C2" "Task takes no snapshot" Task(tasks::snapshot);
    16 TaskExclude "C2" "Task leaves out /Archive/** and /archive/**, nothing else" Task(tasks::exclude);
    17 TaskChunkSize "C2" "Upload chunk size 96 MiB, transfers not set" Task(tasks::chunk);
    18 TaskFastList "C2" "--fast-list" Task(tasks::fast_list);
    19 TaskEncryption "C2" "Remote encryption on" Task(tasks::encryption);
    20 TaskFilenameEncryption "C2" "Filename encryption off" Task(tasks::filename_encryption);
    21 TaskBandwidth "C3" "Bandwidth: 20 % of the uplink in business hours, 80 % outside"
        Task(tasks::bandwidth);
    22 Snapshots "Z1" "Snapshots hourly, recursive, kept 14 days" By(tasks::snapshots);
    23 FirstRun "V1" "First run succeeded" By(tasks::first_run);
    24 NoArchives "V2" "No Archive directory at the top of the pool" By(proof::archives);
    25 Recoverable "V3" "Objects open with the vault's secrets and are their sources"
        By(proof::recoverable);
    26 TicketUpdated "V6" "Vault record and ticket say operational" By(proof::documented);
};

/// Judges every item by itself. One that cannot be judged because another failed says so, so that one broken fact is one
/// failure.
pub(super) fn evaluate(evidence: &Evidence<'_>) -> Vec<Item> {
    let items = CHECKLIST.iter().map(|check| {
        let (verdict, evidence) = check.judge.apply(check.id, evidence).verdict();
        Item { id: check.id, number: check.number, rule: check.rule, title: check.title, verdict, evidence }
    });
    items.collect()
}

impl Judge {
    fn apply(&self, id: ItemId, evidence: &Evidence<'_>) -> Found {
        match self {
            Self::By(judge) => judge(evidence),
            Self::Bucket => store::settings(evidence, id),
            Self::Task(shown) => tasks::settings(evidence, id, *shown),
        }
    }
}

/// The item that judges a setting: whatever a plan would change fails one.
fn judges(setting: Setting) -> ItemId {
    use Setting as S;
    match setting {
        S::Visibility | S::Bucket => ItemId::BucketName,
        S::ObjectLock | S::Retention => ItemId::Retention,
        S::DefaultEncryption => ItemId::DefaultEncryption,
        S::Lifecycle => ItemId::Lifecycle,
        S::KeyReach | S::KeyCapabilities => ItemId::KeyScope,
        S::Credential => ItemId::KeyEscrowed,
        S::EncryptionSecrets => ItemId::SecretsEscrowed,
        S::Description | S::Direction | S::TransferMode | S::PreScript | S::PostScript | S::Arguments => {
            ItemId::TaskDirection
        }
        S::Path | S::FollowSymlinks => ItemId::TaskPath,
        S::Folder => ItemId::TaskFolder,
        S::Schedule | S::Enabled => ItemId::TaskSchedule,
        S::SnapshotBeforeRun => ItemId::TaskSnapshot,
        S::Exclude | S::Include | S::EmptyDirectories => ItemId::TaskExclude,
        S::ChunkSize | S::Transfers => ItemId::TaskChunkSize,
        S::FastList => ItemId::TaskFastList,
        S::Encryption => ItemId::TaskEncryption,
        S::FilenameEncryption => ItemId::TaskFilenameEncryption,
        S::Bandwidth => ItemId::TaskBandwidth,
        S::Dataset | S::Recursive | S::Lifetime | S::NamingSchema | S::HoursOfDay | S::EmptySnapshots => {
            ItemId::Snapshots
        }
        S::SnmpVersion3
        | S::SnmpCommunity
        | S::SnmpFurtherAccess
        | S::SnmpAuthentication
        | S::SnmpPrivacy
        | S::StartsAutomatically
        | S::Running => ItemId::Monitored,
    }
}

/// Those of some differences that an item judges.
fn judged_by(id: ItemId, mut differences: Vec<Difference>) -> Vec<Difference> {
    differences.retain(|difference| judges(difference.setting) == id);
    differences
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

    /// Titles are texts of their own, and state values; those are the standard's.
    #[test]
    fn v5_titles_state_the_values_of_the_standard() {
        use crate::standard::{bucket, cloud_sync, retention, snapshot_task};
        let pool = "pool0".parse().unwrap();
        let excluded = cloud_sync::EXCLUDE.join(" and ");
        assert_eq!(crate::schedule::Schedule::daily_at_midnight().as_str(), "0 0 * * *");
        for (id, value) in [
            (ItemId::Retention, format!("{} mode, {} days", retention::RETENTION.mode, retention::DAYS)),
            (ItemId::Lifecycle, format!("after {} days", bucket::HIDING_TO_DELETING_DAYS)),
            (ItemId::TaskSchedule, "daily at 00:00".to_owned()),
            (ItemId::TaskExclude, excluded),
            (ItemId::TaskChunkSize, format!("{} MiB", cloud_sync::CHUNK_MEBIBYTES)),
            (ItemId::Snapshots, snapshot_task::words(&snapshot_task::settings(&pool))),
        ] {
            assert!(id.title().contains(&value), "{}: {value}", id.title());
        }
    }
}
