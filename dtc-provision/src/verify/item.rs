//! An item of the checklist, and what was found about it.

use serde::Serialize;

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

/// What was found about one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// It should be looked at and could not be, and the evidence says why. Never a success.
    NotCheckable,
    /// There is nothing to look at, on purpose: no ticket is named, or nothing is in the bucket yet.
    NotApplicable,
}

/// One item of the checklist, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Item {
    /// Which item.
    pub id: ItemId,
    /// Its number in the procedure's checklist.
    pub number: u8,
    /// The rule of the standard it is about.
    pub rule: &'static str,
    /// What should be so.
    pub title: &'static str,
    /// What was found.
    pub verdict: Verdict,
    /// Where and how.
    pub evidence: String,
}
