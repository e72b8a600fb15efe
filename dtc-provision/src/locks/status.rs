//! Until when the current versions of a bucket are locked.

use std::collections::BTreeMap;

use dtc_naming::ObjectPrefix;
use jiff::Timestamp;
use serde::Serialize;

use super::{LockTerms, Progress};
use crate::error::{Error, Refusal};
use crate::facts::{Fact, Unread, place};
use crate::ports::{Account, Bucket, CurrentVersion, Retained, Views};
use crate::proofs::consent::{Act, ExtendLocks, Question};
use crate::site::Site;

/// What the provisioning key needs to look.
const TO_LOOK: [&str; 2] = ["listFiles", "readFileRetentions"];
/// What it needs to extend a lock.
pub(super) const TO_EXTEND: &str = "writeFileRetentions";
/// So many rows that are not understood are shown.
const SHOWN: usize = 20;

/// The locks of the current versions in one folder of the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FolderLocks {
    /// The folder, `{Device GUID}/{pool}`; none for objects in no such folder.
    pub folder: Option<String>,
    /// How many current versions there are.
    pub versions: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// How many of them have a lock that is due to be extended.
    pub due: u64,
    /// The size of those, in bytes.
    pub due_bytes: u64,
    /// How many could be destroyed now, as far as retention goes.
    pub unlocked: u64,
    /// Of how many the key may not see the lock.
    pub not_shown: u64,
    /// When the first lock in compliance mode ends.
    pub first_end: Option<Timestamp>,
}

/// Until when the current versions of a bucket are locked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LockStatus {
    /// When it was looked.
    pub now: Timestamp,
    /// What is to be kept.
    pub terms: LockTerms,
    /// Folder by folder.
    pub folders: Vec<FolderLocks>,
    /// Rows of the listing that are not understood, at most twenty.
    pub not_understood: Vec<String>,
    /// How many there were.
    pub not_understood_rows: u64,
    /// How many pages the listing had.
    pub pages: u64,
    pub(super) bucket: Bucket,
    pub(super) may_extend: bool,
}

/// What extending the locks that are due costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Forecast {
    /// Locks to extend: one call each.
    pub locks: u64,
    /// The bytes of their versions, which stay stored for as long as they are locked.
    pub bytes: u64,
    /// Pages to list again, each a call.
    pub pages: u64,
    /// So many days a file stays stored at most that is deleted today, after a day without any extension.
    pub deleted_data_days_without: u32,
    /// So many days it stays stored at most with the extension.
    pub deleted_data_days_with: u32,
}

impl LockStatus {
    /// The bucket.
    pub fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    /// The sums over all folders; [`FolderLocks::folder`] is none.
    pub fn total(&self) -> FolderLocks {
        self.folders.iter().fold(FolderLocks::of(None), FolderLocks::with)
    }

    /// What extending costs.
    pub fn forecast(&self) -> Forecast {
        let total = self.total();
        let hiding = self.bucket.settings.lifecycle.iter().filter_map(|rule| rule.hiding_to_deleting).min();
        let without = self.bucket.retention.map_or(0, |retention| retention.days);
        let days = |locked: u32| hiding.map_or(locked, |hiding| hiding.max(locked));
        Forecast {
            locks: total.due,
            bytes: total.due_bytes,
            pages: self.pages,
            deleted_data_days_without: days(without),
            deleted_data_days_with: days(self.terms.extend_days()),
        }
    }

    /// Whether each current version is locked for as long as it is to be kept, and each row was understood.
    pub fn is_kept(&self) -> bool {
        let total = self.total();
        total.due == 0 && total.not_shown == 0 && self.not_understood_rows == 0
    }

    /// What has to be consented to before a lock is extended; none where none is due.
    pub fn question(&self) -> Option<Question> {
        (self.total().due > 0).then(|| Question::of::<ExtendLocks>(&self.act()))
    }

    pub(super) fn act(&self) -> Act {
        Act::of::<ExtendLocks>(self.bucket.name.as_str(), self.terms.terms())
    }
}

impl FolderLocks {
    fn of(folder: Option<String>) -> Self {
        Self {
            folder,
            versions: 0,
            bytes: 0,
            due: 0,
            due_bytes: 0,
            unlocked: 0,
            not_shown: 0,
            first_end: None,
        }
    }

    fn with(mut self, other: &Self) -> Self {
        self.versions += other.versions;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.due += other.due;
        self.due_bytes = self.due_bytes.saturating_add(other.due_bytes);
        self.unlocked += other.unlocked;
        self.not_shown += other.not_shown;
        self.first_end = [self.first_end, other.first_end].into_iter().flatten().min();
        self
    }

    fn take(&mut self, version: &CurrentVersion, terms: LockTerms, now: Timestamp) {
        let size = version.object.size;
        self.versions += 1;
        self.bytes = self.bytes.saturating_add(size);
        match terms.is_due(version.retained, now) {
            None => self.not_shown += 1,
            Some(true) => {
                self.due += 1;
                self.due_bytes = self.due_bytes.saturating_add(size);
            }
            Some(false) => {}
        }
        match version.retained {
            Retained::Compliance(until) if until > now => {
                self.first_end = Some(self.first_end.map_or(until, |first| first.min(until)));
            }
            Retained::Compliance(_) | Retained::Not => self.unlocked += 1,
            Retained::Governance(until) if until <= now => self.unlocked += 1,
            Retained::Governance(_) | Retained::NotShown => {}
        }
    }
}

/// Lists the current versions of the location's bucket, and until when each is locked. Writes nothing; holds a page at a time.
///
/// # Errors
/// NinjaOne or B2 does not answer; there is no such bucket, or it has no object lock; or the provisioning key may not see locks.
pub async fn status(
    site: &Site,
    views: &Views,
    terms: LockTerms,
    now: Timestamp,
    on: &(dyn Fn(Progress) + Sync),
) -> Result<LockStatus, Error> {
    let place: Fact<_> = place(site, views).await.into();
    let name = &place.read().map_err(Unread::error)?.bucket_name;
    let found = views.object_store.holdings(name).await?;
    let bucket = found.bucket.ok_or_else(|| {
        Refusal::precondition(
            "B4",
            format!("the account has no bucket {name}, which is that of the site's location"),
            "Provision it first, or name another location in the site file",
        )
    })?;
    require_lock(&bucket)?;
    require(&found.account)?;
    let mut status = LockStatus {
        now,
        terms,
        folders: Vec::new(),
        not_understood: Vec::new(),
        not_understood_rows: 0,
        pages: 0,
        may_extend: has(&found.account, TO_EXTEND),
        bucket,
    };
    let mut folders: BTreeMap<Option<String>, FolderLocks> = BTreeMap::new();
    let (mut from, mut listed): (Option<String>, u64) = (None, 0);
    loop {
        let page = views.object_store.current_versions(&status.bucket, from.as_deref()).await?;
        status.pages += 1;
        listed += page.versions.len() as u64;
        for version in &page.versions {
            let folder = folder(&version.object.name);
            let locks = folders.entry(folder.clone()).or_insert_with(|| FolderLocks::of(folder));
            locks.take(version, terms, now);
        }
        status.not_understood_rows += page.not_understood.len() as u64;
        let room = SHOWN.saturating_sub(status.not_understood.len());
        status.not_understood.extend(page.not_understood.into_iter().take(room));
        on(Progress { listed, extended: 0 });
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    status.folders = folders.into_values().collect();
    Ok(status)
}

/// The folder that an object is in, if it is one of a pool.
fn folder(name: &str) -> Option<String> {
    let (at, _) = name.match_indices('/').nth(1)?;
    let folder = name.get(..at)?;
    folder.parse::<ObjectPrefix>().is_ok().then(|| folder.to_owned())
}

fn require_lock(bucket: &Bucket) -> Result<(), Refusal> {
    if bucket.settings.object_lock {
        return Ok(());
    }
    Err(Refusal::precondition(
        "B1",
        format!("the bucket {} has no object lock: nothing in it can be locked", bucket.name),
        "Plan and apply the site: the bucket is brought to the standard, with consent",
    ))
}

fn has(account: &Account, capability: &str) -> bool {
    account.capabilities.iter().any(|has| has == capability)
}

fn require(account: &Account) -> Result<(), Refusal> {
    let missing: Vec<&str> = TO_LOOK.into_iter().filter(|capability| !has(account, capability)).collect();
    if missing.is_empty() { Ok(()) } else { Err(lacking(&missing.join(" and "))) }
}

/// The provisioning key may not do what is asked.
pub(super) fn lacking(capabilities: &str) -> Refusal {
    Refusal::precondition(
        "X1c",
        format!("the provisioning key lacks {capabilities}"),
        "Give the site file a key of the MSP's own that has it. An appliance's key must not",
    )
}
