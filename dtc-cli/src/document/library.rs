//! The types of the libraries that stand in documents. Each member is held against the type's own by the compiler.

use std::path::{Path, PathBuf};

use dtc_naming::PoolName;
use dtc_provision::copy::{Encryption, Engine, FailedPath, StepFailure, StepFailureKind, Transfer};
use dtc_provision::ids::ObjectId;
use dtc_provision::jiff::Timestamp;
use dtc_provision::journal::Entry;
use dtc_provision::locks::{FailedExtension, FolderLocks, Forecast};
use dtc_provision::phases::{Finding, FirstRunResult, Step, StepKind};
use dtc_provision::procedures::provision::PLAN_FORMAT;
use dtc_provision::proofs::consent::Act;
use dtc_provision::replication::{ReplicationItem, ReplicationItemId};
use dtc_provision::restore::{
    Burst, FailedFile, Failure, FileVersion, FileVersionKind, GetReport, LockedUntil, OlderVersion,
    RenamedFile,
};
use dtc_provision::verify::{Item, ItemId, PoolProof, Proof, Report, Sample, Verdict};
use dtc_provision::{Plan, PortError, PortErrorKind, Service};
use serde_json::{Value, json};

use super::described::{Described, Member, Types, closed, one_of, variants};

/// Describes structs of a library: the members have the names and the types that they have there.
macro_rules! library {
    ($(
        $(#[doc = $doc:literal])+
        $type:ty as $name:literal {
            $(
                $(#[doc = $member_doc:literal])+
                $(#[serde($($serde:tt)+)])?
                $member:ident: $member_type:ty,
            )+
        }
    )+) => {
        $(impl Described for $type {
            fn describe(types: &mut Types) -> Value {
                types.named($name, |types| {
                    let members = [$({
                        let _: fn(&$type) -> &$member_type = |value| &value.$member;
                        Member::new(
                            stringify!($member),
                            &[$($member_doc),+],
                            concat!("" $(, stringify!($($serde)+))?),
                            <$member_type as Described>::describe(types),
                        )
                    }),+];
                    closed(&[$($doc),+], &members, types)
                })
            }
        })+
    };
}

/// Describes enums of a library whose variants are words.
macro_rules! words {
    ($($type:ident: $($variant:ident)+;)+) => {
        $(impl Described for $type {
            fn describe(_: &mut Types) -> Value {
                json!({ "enum": [$($type::$variant),+] })
            }
        })+
    };
}

words! {
    Failure: DataAtRisk Damaged NotFetched Occupied NotWritten NotBegun;
    FileVersionKind: Content Deleted Unfinished;
    StepFailureKind: NotStarted Unreachable WrongHost Partial Killed;
    Engine: Rclone Own;
    StepKind: Keep Create Change Irreversible Secret Run;
    Verdict: Pass Fail NotCheckable NotApplicable;
    ReplicationItemId: Task LastRun Arrived Age Retention Opens SourceKeys Files DeviceGuid LeftOpen;
    Service: ObjectStore Appliance Inventory Vault Tickets;
    ItemId: Monitored GuidOnPool GuidInInventory BucketName Retention DefaultEncryption Lifecycle KeyScope KeyEscrowed SecretsEscrowed
        TaskDirection TaskPath TaskFolder TaskSchedule TaskSnapshot TaskExclude TaskChunkSize TaskFastList TaskEncryption
        TaskFilenameEncryption TaskBandwidth Snapshots FirstRun NoArchives Recoverable TicketUpdated;
}

impl Described for PortErrorKind {
    fn describe(_: &mut Types) -> Value {
        json!({ "enum": Self::ALL })
    }
}

impl Described for PoolName {
    fn describe(types: &mut Types) -> Value {
        String::describe(types)
    }
}

impl Described for ObjectId {
    fn describe(types: &mut Types) -> Value {
        String::describe(types)
    }
}

impl Described for LockedUntil {
    fn describe(types: &mut Types) -> Value {
        let moment = Timestamp::describe(types);
        let until = [Member::of("until", "The moment.", moment)];
        let until = closed(&["It cannot be deleted before that moment."], &until, types);
        let words = json!({ "enum": [Self::NotShown, Self::Free, Self::Held] });
        one_of("Until when it cannot be deleted.", &[words, until])
    }
}

impl Described for PathBuf {
    fn describe(types: &mut Types) -> Value {
        Path::describe(types)
    }
}

impl Described for Path {
    fn describe(types: &mut Types) -> Value {
        String::describe(types)
    }
}

library! {
    /// One step of a plan.
    Step as "Step" {
        /// The rule of the standard that it follows.
        rule: &'static str,
        /// What it does.
        kind: StepKind,
        /// To what.
        subject: String,
        /// How, a line each.
        details: Vec<String>,
    }

    /// Something that is not as it should be, and that nothing is done about.
    Finding as "Finding" {
        /// The rule it is about.
        rule: String,
        /// What is so.
        what: String,
        /// True where somebody must decide about it; absent elsewhere.
        #[serde(skip_serializing_if)]
        to_decide: bool,
    }

    /// One item of a verification of a replication.
    ReplicationItem as "ReplicationItem" {
        /// Which.
        id: ReplicationItemId,
        /// Whether it is so.
        verdict: Verdict,
        /// What shows it.
        evidence: String,
    }

    /// The locks of the current versions in one folder of the bucket.
    FolderLocks as "FolderLocks" {
        /// The folder, `{Device GUID}/{pool}`; null for objects in no such folder.
        folder: Option<String>,
        /// How many current versions there are.
        versions: u64,
        /// Their size, in bytes.
        bytes: u64,
        /// How many of them have a lock that is due to be extended.
        due: u64,
        /// The size of those, in bytes.
        due_bytes: u64,
        /// How many could be destroyed now, as far as retention goes.
        unlocked: u64,
        /// Of how many the key may not see the lock.
        not_shown: u64,
        /// When the first lock in compliance mode ends; null where there is none.
        first_end: Option<Timestamp>,
    }

    /// What extending the locks that are due costs.
    Forecast as "Forecast" {
        /// Locks to extend: one call each.
        locks: u64,
        /// The bytes of their versions, which stay stored for as long as they are locked.
        bytes: u64,
        /// Pages to list again, each a call.
        pages: u64,
        /// So many days a file stays stored at most that is deleted now, without the extension.
        deleted_data_days_without: u32,
        /// So many days it stays stored at most with the extension.
        deleted_data_days_with: u32,
    }

    /// A lock that could not be extended.
    FailedExtension as "FailedExtension" {
        /// The object's name.
        object: String,
        /// Why.
        reason: String,
    }

    /// One act, described so exactly that consenting to it consents to nothing else.
    Act as "Act" {
        /// Its kind.
        kind: String,
        /// What it is done to; what a person types to consent.
        subject: String,
        /// Its terms, such as bucket, mode, days, location, account.
        terms: std::collections::BTreeMap<String, String>,
    }

    /// A first run that ended well.
    FirstRunResult as "FirstRun" {
        /// The pool.
        pool: PoolName,
        /// When it ended, as far as the appliance says.
        finished: Option<Timestamp>,
        /// What it did, as far as the appliance says: bytes, files, and how long it took.
        summary: String,
    }

    /// One item of the checklist, with its evidence.
    Item as "Item" {
        /// Which item.
        id: ItemId,
        /// Its number in the procedure's checklist.
        number: u8,
        /// The rule of the standard it is about.
        rule: &'static str,
        /// What should be so.
        title: &'static str,
        /// What was found.
        verdict: Verdict,
        /// Where and how.
        evidence: String,
    }

    /// What a pool's part of the bucket holds, and what of it was opened.
    PoolProof as "PoolProof" {
        /// The pool.
        pool: PoolName,
        /// How many objects stand under its prefix.
        objects: u64,
        /// How many of them are longer than an encrypted empty file, and can be opened and compared.
        with_content: u64,
        /// Their size in the bucket, in bytes.
        bytes: u64,
        /// Objects in an excluded directory at the top of the pool, which must not be there.
        excluded: Vec<String>,
        /// Directories whose names look excluded and that the filters do not reach.
        unreached: Vec<String>,
        /// What was fetched and opened.
        samples: Vec<Sample>,
        /// Why its listing is not whole; everything above is then of the part that was read.
        unlisted: Option<String>,
    }

    /// The whole checklist, and the proof of recoverability beneath it.
    Report as "Report" {
        /// The items, in order.
        items: Vec<Item>,
        /// What was fetched and opened, pool by pool.
        proofs: Vec<PoolProof>,
        /// What is on the appliance and cannot be in the backup, a line each.
        coverage: Vec<String>,
        /// Why services left something unread: the first failed call of each service and kind.
        unread: Vec<PortError>,
    }

    /// What a restore did.
    GetReport as "RestoreReport" {
        /// Files that were written.
        written: u64,
        /// Files that were there already, complete and equal.
        unchanged: u64,
        /// The length of the written files, in bytes.
        bytes: u64,
        /// Files that could not be restored.
        failed: Vec<FailedFile>,
        /// Files whose paths this system cannot hold, and where they are instead.
        renamed: Vec<RenamedFile>,
        /// Objects that are none of the backup's, by their names.
        foreign: Vec<String>,
        /// Rows of the listing that were not understood.
        not_understood: Vec<String>,
        /// Of what was wanted, that under which nothing stood.
        absent: Vec<String>,
        /// From when on all files are there, where the bucket's lifecycle may have removed some.
        complete_since: Option<Timestamp>,
        /// The SHA-256 of the list of restored files: of each a line of its length, its version's id and its path.
        list_sha256: String,
    }

    /// What the first step of a copy did. After a dry run, what it would do.
    Encryption as "Encryption" {
        /// Files that were encrypted.
        written: u64,
        /// Their plain length in bytes.
        bytes: u64,
        /// Files of the catalogue that were deleted, since their source is gone.
        removed: u64,
        /// Files that could not be encrypted, and why.
        failed: Vec<FailedPath>,
        /// Links, pipes, sockets and devices, which no copy has.
        skipped: Vec<String>,
        /// Why the step did not end as it should; null where it did.
        failure: Option<StepFailure>,
    }

    /// What rsync carried. After a dry run, what it would carry.
    Transfer as "Transfer" {
        /// Files that were carried.
        files: u64,
        /// Their length in bytes.
        bytes: u64,
        /// Files that were deleted at the destination, since the catalogue no longer has them.
        removed: u64,
        /// The first of the files that are not there, by their stored paths.
        missing: Vec<String>,
        /// Why the step did not end as it should; null where it did.
        failure: Option<StepFailure>,
    }

    /// A file or folder that a step of a copy could not process.
    FailedPath as "FailedPath" {
        /// Its plain path.
        path: String,
        /// Why.
        reason: String,
    }

    /// Why a step of a copy did not end as it should.
    StepFailure as "StepFailure" {
        /// What kind of failure it is.
        kind: StepFailureKind,
        /// What was attempted, and what came back.
        reason: String,
        /// What to do.
        remedy: String,
    }

    /// A file that could not be restored.
    FailedFile as "NotRestored" {
        /// The pool.
        pool: String,
        /// The path in the pool; what is not UTF-8 is replaced.
        path: String,
        /// The object's name.
        object: String,
        /// The version that was to be restored.
        version: ObjectId,
        /// What kind of failure it is.
        failure: Failure,
        /// Why.
        reason: String,
        /// The newest older version that opens, of an object that does not come out.
        older: Option<OlderVersion>,
    }

    /// A version that opens.
    OlderVersion as "OlderVersion" {
        /// Its id.
        version: ObjectId,
        /// When it was uploaded: restoring as of then brings it back.
        uploaded: Timestamp,
    }

    /// A file that was restored under another path than its own.
    RenamedFile as "RestoredElsewhere" {
        /// The path in the pool.
        path: String,
        /// The path below the target.
        written: String,
    }

    /// A version of a file, or a mark that it was deleted.
    FileVersion as "FileVersion" {
        /// Its id.
        id: ObjectId,
        /// What it is.
        kind: FileVersionKind,
        /// Its plain length in bytes, of content that can be an encrypted file's.
        size: Option<u64>,
        /// When it was uploaded.
        uploaded: Timestamp,
        /// When the file was modified that it is of, as the uploader noted it.
        modified: Option<Timestamp>,
        /// When another version, or a mark, took its place; null for the one that stands.
        replaced: Option<Timestamp>,
        /// Until when it cannot be deleted.
        locked: LockedUntil,
        /// When the bucket's lifecycle deletes it at the earliest; null for one that stands, and where nothing deletes.
        goes: Option<Timestamp>,
    }

    /// A run of the backup that carried off changes which people do not make.
    Burst as "Burst" {
        /// When its first change was uploaded.
        began: Timestamp,
        /// When its last change was uploaded.
        ended: Timestamp,
        /// The last moment before it: what stood then is the proposal for a restore.
        before: Timestamp,
        /// How many files stood before it.
        files: usize,
        /// How many of them it rewrote that are not rewritten all the time.
        rewritten: usize,
        /// How many it removed that did not turn up elsewhere.
        removed: usize,
        /// How many it removed that turned up beside themselves with something added to their names.
        renamed: usize,
        /// The ending that most of its new files have, where no file had it before.
        new_ending: Option<String>,
    }
}

impl Described for Sample {
    fn describe(types: &mut Types) -> Value {
        types.named("Sample", |types| {
            let shared = sample(types);
            let text = String::describe(types);
            let (number, kind) = (u64::describe(types), PortErrorKind::describe(types));
            let reason = |doc| vec![Member::of("reason", doc, text.clone())];
            let proofs = [
                (
                    "content",
                    "It was fetched whole, opens with the vault's secrets, and is its source, to the byte.",
                    vec![],
                ),
                (
                    "hash",
                    "Its beginning opens, and B2 holds the SHA-1 that its source has when encrypted again.",
                    vec![],
                ),
                (
                    "keys",
                    "Password and salt are the object's. Not shown: that it is its source.",
                    vec![
                        Member::of(
                            "authenticated",
                            "How many of its plain bytes were decrypted and are authentic.",
                            number,
                        ),
                        Member::of("but", "Why its source was not held against it.", text.clone()),
                    ],
                ),
                (
                    "failed",
                    "It arrived whole and is not what it must be: data is at risk.",
                    reason("What it is."),
                ),
                ("damaged", "It did not arrive whole, twice.", reason("How it arrives.")),
                (
                    "not_checkable",
                    "It could not be fetched, which shows nothing about it.",
                    [reason("Why."), vec![Member::of("kind", "What kind of failure it was.", kind)]].concat(),
                ),
            ];
            variants("An object that was opened, and what was proven.", "proof", &shared, &proofs, types)
        })
    }
}

/// What a sample has whatever was proven; the compiler holds it against the type.
fn sample(types: &mut Types) -> [Member; 3] {
    let _: fn(&Sample) -> (&String, &String, &u64, &Proof) =
        |sample| (&sample.object, &sample.source, &sample.size, &sample.proof);
    [
        Member::of("object", "The object's name.", String::describe(types)),
        Member::of("source", "The source it was held against.", String::describe(types)),
        Member::of("size", "Its plain size, in bytes; 0 if it did not open.", u64::describe(types)),
    ]
}

impl Described for PortError {
    fn describe(types: &mut Types) -> Value {
        types.named("ServiceError", |types| {
            let members = [
                Member::of("kind", "Why it failed.", PortErrorKind::describe(types)),
                Member::of("code", "The code of `docs/errors.md`.", String::describe(types)),
                Member::of(
                    "service",
                    "Whose answer it is, where that is known.",
                    Option::<Service>::describe(types),
                ),
                Member::of("attempted", "What was attempted.", String::describe(types)),
                Member::of("answer", "What came back.", String::describe(types)),
            ];
            closed(&["A failed call: what was attempted, on what, and what came back."], &members, types)
        })
    }
}

/// A saved plan is for the program itself: nothing but its format is published.
impl Described for Plan {
    fn describe(types: &mut Types) -> Value {
        types.named("SavedPlan", |_| {
            json!({
                "description": "The plan as `dtc plan --out` saves it, for `dtc apply --plan`. Only its format is published: what a script reads \
                    stands in the members beside it.",
                "type": "object",
                "properties": { "format": { "description": "The format it is saved in.", "const": PLAN_FORMAT } },
                "required": ["format"],
            })
        })
    }
}

/// What the events of a run hold. A new variant does not compile until it is described.
pub(crate) fn entries(types: &mut Types) -> Vec<(&'static str, &'static str, Vec<Member>)> {
    let known = |entry: &Entry| match entry {
        Entry::Started { .. }
        | Entry::Done { .. }
        | Entry::Unchanged { .. }
        | Entry::Failed { .. }
        | Entry::Waiting { .. }
        | Entry::Progress { .. } => (),
    };
    let _: fn(&Entry) = known;
    let text = String::describe(types);
    let (of, number) = (Member::of, f64::describe(types));
    let step = || of("step", "The step.", text.clone());
    vec![
        ("started", "A step begins.", vec![step()]),
        ("done", "A step changed something.", vec![step(), of("result", "What is so now.", text.clone())]),
        ("unchanged", "A step had nothing to do.", vec![step()]),
        (
            "failed",
            "A step failed, and the run ends.",
            vec![step(), of("reason", "Why, and what to do.", text.clone())],
        ),
        ("waiting", "Something takes its time.", vec![of("on", "For what.", text.clone())]),
        (
            "progress",
            "A first run proceeds.",
            vec![
                of("pool", "The pool.", text.clone()),
                of("percent", "0 to 100; may go backwards.", number),
                of("description", "The appliance's words.", text),
            ],
        ),
    ]
}

#[cfg(feature = "demo")]
mod simulators;
