//! Whether a replication does what it is for: the snapshots arrive in time, and the vault's keys open them (R6, X4).

use dtc_naming::DatasetName;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::facts::{Observed, PairFacts, observe};
use super::keys::{self, Root};
use super::plan::differs;
use super::schema;
use super::snapshot_tasks;
use super::wanted::{EndViews, Replication};
use crate::error::Error;
use crate::outcome::Outcome;
use crate::ports::{
    DatasetKind, EndDataset, Kept, KeyCheck, LastReplication, ReplicationEndView, SnapshotTask, Views,
};
use crate::proofs::DatasetOf;
use crate::schedule::TimeOfDay;
use crate::site::Site;
use crate::standard::DEVICE_GUID_PROPERTY;
use crate::verify::Verdict;

use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};

/// Files of each dataset that are compared.
const SAMPLE: usize = 5;
/// Files that are listed to choose from.
const LISTED: usize = 200;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplicationItemId {
    /// The task is there, enabled, and as it should be (R3).
    Task,
    /// Its last run ended well.
    LastRun,
    /// The source's newest snapshot is at the destination, under its name and from its moment (R6).
    Arrived,
    /// It is not older than the schedule allows.
    Age,
    /// Snapshots at the destination are kept as long as they should be, and not longer.
    Retention,
    /// The vault holds the key that opens the destination, and it opens it (R6).
    Opens,
    /// The vault's keys still open the sources: one that was given another key would arrive with it.
    SourceKeys,
    /// Sampled files are equal (R6).
    Files,
    /// The Device GUID has not travelled (R5a).
    DeviceGuid,
    /// Nothing is open that a proof has opened and, being cut off, has not locked again (R6).
    LeftOpen,
}

impl ReplicationItemId {
    /// Every item, in the order of a report.
    pub const ALL: [Self; 10] = [
        Self::Task,
        Self::LastRun,
        Self::Arrived,
        Self::Age,
        Self::Retention,
        Self::Opens,
        Self::SourceKeys,
        Self::Files,
        Self::DeviceGuid,
        Self::LeftOpen,
    ];
}

/// One item, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReplicationItem {
    /// Which.
    pub id: ReplicationItemId,
    /// Whether it is so.
    pub verdict: Verdict,
    /// What shows it.
    pub evidence: String,
}

/// What a verification of a replication has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReplicationReport {
    /// The replication.
    pub name: String,
    /// When it was looked.
    pub at: Timestamp,
    /// Item by item.
    pub items: Vec<ReplicationItem>,
    /// Encryption roots of sources whose passphrase nobody has given: their proof is not checkable.
    pub unknown_keys: Vec<String>,
}

impl ReplicationReport {
    /// The items of a verdict.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &ReplicationItem> {
        self.items.iter().filter(move |item| item.verdict == verdict)
    }

    /// What it comes to (X6). A key that does not open the destination is data at risk.
    pub fn outcome(&self) -> Outcome {
        let fails = |id| self.with(Verdict::Fail).any(|item| item.id == id);
        if fails(ReplicationItemId::Opens) || fails(ReplicationItemId::Files) {
            Outcome::DataAtRisk
        } else if self.with(Verdict::Fail).next().is_some() {
            Outcome::Differs
        } else if self.with(Verdict::NotCheckable).next().is_some() {
            Outcome::Incomplete
        } else {
            Outcome::AsItShouldBe
        }
    }
}

/// Judges a replication by both ends and the vault. Writes nothing, and unlocks nothing.
///
/// # Errors
/// An appliance, NinjaOne or the vault does not answer.
pub async fn verify(
    site: &Site,
    wanted: &Replication,
    views: &Views,
    ends: &EndViews,
    now: Timestamp,
) -> Result<ReplicationReport, Error> {
    judged(site, wanted, (views, ends), (now, &[])).await
}

/// The same, while a proof has these roots open itself.
pub(super) async fn judged(
    site: &Site,
    wanted: &Replication,
    (views, ends): (&Views, &EndViews),
    (now, opened): (Timestamp, &[DatasetName]),
) -> Result<ReplicationReport, Error> {
    let seen = observe(site, wanted, views, ends).await?;
    let mut items = vec![task(wanted, &seen), last_run(&seen), arrived(wanted, &seen)];
    items.push(age(wanted, &seen, now));
    items.push(retention(wanted, &seen, now));
    items.push(opens(wanted, &seen, views, ends).await?);
    items.push(source_keys(wanted, &seen, views, ends).await?);
    items.push(files(wanted, &seen, ends).await);
    items.push(device_guid(&seen));
    items.push(left_open(wanted, &seen, opened));
    Ok(ReplicationReport { name: wanted.name.clone(), at: now, items, unknown_keys: Vec::new() })
}

fn item(id: ReplicationItemId, (verdict, evidence): (Verdict, String)) -> ReplicationItem {
    ReplicationItem { id, verdict, evidence }
}

fn task(wanted: &Replication, seen: &Observed) -> ReplicationItem {
    let connection = seen.link.as_ref().and_then(|link| Some(link.connection.as_ref()?.id.clone()));
    let judged = match &seen.task {
        None => (Verdict::Fail, format!("there is no task {:?}", wanted.name)),
        Some(held) => match differs(held, &wanted.settings(connection)) {
            Some(what) => (Verdict::Fail, what),
            // The snapshot tasks that it is bound to may have become others.
            None => match snapshot_tasks::check(wanted, seen).first() {
                Some(refusal) => (Verdict::Fail, refusal.to_string()),
                None => (Verdict::Pass, format!("task {} is enabled and as it should be", held.id)),
            },
        },
    };
    item(ReplicationItemId::Task, judged)
}

fn last_run(seen: &Observed) -> ReplicationItem {
    let judged = match seen.task.as_ref().map(|task| &task.last) {
        Some(LastReplication::Succeeded(snapshot)) => {
            (Verdict::Pass, format!("it ended well, with {}", snapshot.as_deref().unwrap_or("its snapshots")))
        }
        Some(LastReplication::Running(_)) => (Verdict::NotCheckable, "it runs now".to_owned()),
        Some(LastReplication::Failed(reason)) => (Verdict::Fail, format!("it failed: {reason}")),
        Some(LastReplication::OnHold(reason)) => (Verdict::Fail, format!("it is on hold: {reason}")),
        Some(LastReplication::Never) | None => (Verdict::Fail, "it has never run".to_owned()),
    };
    item(ReplicationItemId::LastRun, judged)
}

/// The newest snapshot of each dataset, by name and, where the release tells them, by its GUID and the moment it was taken.
fn arrived(wanted: &Replication, seen: &Observed) -> ReplicationItem {
    let gone = wanted.sources.iter().filter(|source| seen.from.dataset(source).is_none());
    let gone =
        gone.map(|source| format!("{} has no dataset {source}: it was renamed or deleted", wanted.from));
    let mut missing: Vec<String> = gone.collect();
    let (mut shown, mut unsent) = (Vec::new(), Vec::new());
    for pair in &seen.pairs {
        let Some(newest) = pair.newest() else {
            unsent.push(format!("{} has no snapshot of the schema, so nothing of it is sent", pair.source));
            continue;
        };
        let held = pair.arrived.iter().flatten().find(|held| held.name == newest.name);
        match held {
            None => missing.push(format!("{} lacks {}@{}", pair.target, pair.source, newest.name)),
            Some(held) if !held.is(newest) => {
                missing.push(format!("{}@{} is another snapshot than the source's", pair.target, held.name));
            }
            Some(held) => shown.push(format!("{}@{}", pair.target, held.name)),
        }
    }
    let judged = match (missing.is_empty(), shown.is_empty()) {
        (true, false) if !unsent.is_empty() => (Verdict::NotCheckable, unsent.join("; ")),
        (true, false) => (Verdict::Pass, shown.join(", ")),
        (true, true) => (Verdict::Fail, "no source has a snapshot of the schema".to_owned()),
        (false, _) => (Verdict::Fail, missing.join("; ")),
    };
    item(ReplicationItemId::Arrived, judged)
}

/// Two runs may pass, and an hour, before a snapshot is late.
fn age(wanted: &Replication, seen: &Observed, now: Timestamp) -> ReplicationItem {
    let Some(runs) = rhythm(wanted, seen) else {
        let evidence = "it is run by hand".to_owned();
        return item(ReplicationItemId::Age, (Verdict::NotApplicable, evidence));
    };
    let allowed = runs.period.saturating_mul(2).saturating_add(SignedDuration::from_hours(1));
    let newest = |of: fn(&PairFacts) -> Option<Timestamp>| seen.pairs.iter().filter_map(of).min();
    let sent = newest(|pair| pair.newest()?.created);
    let held = newest(|pair| pair.newest_arrived()?.created);
    // Where nothing is taken while nothing changes, the destination is held against the source.
    let until = if runs.always { now } else { sent.unwrap_or(now) };
    let (sent, held) = (sent.map(|at| until.duration_since(at)), held.map(|at| until.duration_since(at)));
    let hours = |age: SignedDuration| age.as_hours();
    let judged = match (sent, held) {
        (Some(sent), _) if sent > allowed => {
            (Verdict::Fail, format!("the source's newest snapshot is {} hours old", hours(sent)))
        }
        (_, Some(held)) if held > allowed && runs.always => {
            (Verdict::Fail, format!("the destination's newest snapshot is {} hours old", hours(held)))
        }
        (_, Some(held)) if held > allowed => {
            (Verdict::Fail, format!("the destination is {} hours behind the source", hours(held)))
        }
        (Some(_), Some(held)) if runs.always => {
            (Verdict::Pass, format!("{} hours at the destination, {} allowed", hours(held), hours(allowed)))
        }
        (Some(_), Some(held)) => {
            (Verdict::Pass, format!("{} hours behind the source, {} allowed", hours(held), hours(allowed)))
        }
        _ => (Verdict::NotCheckable, "the release does not tell when snapshots were taken".to_owned()),
    };
    item(ReplicationItemId::Age, judged)
}

/// How often something new is to arrive.
struct Rhythm {
    /// The longest time between two runs.
    period: SignedDuration,
    /// Whether a snapshot is taken each time, also where nothing has changed.
    always: bool,
}

/// The replication's own schedule, or the one of its snapshot tasks; `None` where it is run by hand.
fn rhythm(wanted: &Replication, seen: &Observed) -> Option<Rhythm> {
    let tasks: Vec<&SnapshotTask> = seen.bound_tasks(wanted).collect();
    let always = tasks.iter().all(|task| task.settings.allow_empty);
    let of_task = |task: &&SnapshotTask| {
        let period = schema::period(&task.settings.schedule);
        let is_all_day =
            (task.settings.begin, task.settings.end) == (TimeOfDay::MIDNIGHT, TimeOfDay::LAST_MINUTE);
        if is_all_day { period } else { period.max(SignedDuration::from_hours(24)) }
    };
    let period = match &wanted.schedule {
        Some(schedule) => schema::period(schedule),
        None => tasks.iter().map(of_task).max()?,
    };
    Some(Rhythm { period, always })
}

fn retention(wanted: &Replication, seen: &Observed, now: Timestamp) -> ReplicationItem {
    let schemas = seen.schemas(wanted);
    let held = || {
        let all =
            seen.pairs.iter().flat_map(|pair| pair.arrived.iter().flatten().map(move |held| (pair, held)));
        all.filter(|(_, held)| schema::is_of(&schemas, &held.name))
    };
    let judged = match wanted.kept {
        Kept::Forever => (Verdict::NotApplicable, "snapshots are kept for ever".to_owned()),
        Kept::Days(days) => {
            // What is too old goes with the next run.
            let slack = rhythm(wanted, seen).map_or(SignedDuration::from_hours(24), |runs| runs.period);
            let allowed = SignedDuration::from_hours(24 * i64::from(days)).saturating_add(slack);
            let old =
                held().filter(|(_, held)| held.created.is_some_and(|at| now.duration_since(at) > allowed));
            match old.count() {
                0 => (Verdict::Pass, format!("none is older than {days} days")),
                count => (Verdict::Fail, format!("{count} snapshots are older than {days} days")),
            }
        }
        Kept::LikeSource => {
            let extra = held().filter(|(pair, held)| !pair.sent.iter().any(|sent| sent.is(held)));
            match extra.count() {
                0 => (Verdict::Pass, "none that the source does not have".to_owned()),
                count => (Verdict::Fail, format!("{count} snapshots that the source does not have")),
            }
        }
    };
    item(ReplicationItemId::Retention, judged)
}

/// Every encryption root at the destination, tried with what the vault holds. Nothing is unlocked by it.
async fn opens(
    wanted: &Replication,
    seen: &Observed,
    views: &Views,
    ends: &EndViews,
) -> Result<ReplicationItem, Error> {
    let roots = keys::destination_roots(wanted, seen)?;
    if roots.is_empty() {
        let nothing = seen.pairs.iter().all(|pair| pair.arrived.is_none());
        let judged = if seen.pairs.is_empty() {
            (Verdict::NotCheckable, "no source is there to say what has arrived".to_owned())
        } else if nothing {
            (Verdict::Fail, "nothing is at the destination".to_owned())
        } else {
            (Verdict::NotApplicable, "the destination is not encrypted".to_owned())
        };
        return Ok(item(ReplicationItemId::Opens, judged));
    }
    let Tried { open, closed, unknown } = tried(&roots, seen, views, ends.to.as_ref()).await?;
    let judged = match (closed.is_empty(), unknown.is_empty()) {
        (false, _) => (Verdict::Fail, closed.join("; ")),
        (true, false) => (Verdict::NotCheckable, unknown.join("; ")),
        (true, true) => (Verdict::Pass, format!("the vault's keys open {}", open.join(", "))),
    };
    Ok(item(ReplicationItemId::Opens, judged))
}

/// The keys of the sources, tried at the sources. Nothing is unlocked by it.
async fn source_keys(
    wanted: &Replication,
    seen: &Observed,
    views: &Views,
    ends: &EndViews,
) -> Result<ReplicationItem, Error> {
    let mut roots = Vec::new();
    for root in keys::source_roots(wanted, seen) {
        let of = Some(DatasetOf { device: seen.from.guid(&wanted.from)?, dataset: root.clone() });
        roots.push(Root { root, of });
    }
    let judged = match tried(&roots, seen, views, ends.from.as_ref()).await? {
        _ if roots.is_empty() => (Verdict::NotApplicable, "no source is encrypted".to_owned()),
        Tried { closed, .. } if !closed.is_empty() => (Verdict::Fail, closed.join("; ")),
        Tried { unknown, .. } if !unknown.is_empty() => (Verdict::NotCheckable, unknown.join("; ")),
        Tried { open, .. } => (Verdict::Pass, format!("the vault's keys open {}", open.join(", "))),
    };
    Ok(item(ReplicationItemId::SourceKeys, judged))
}

/// Roots by what the vault's keys do to them.
#[derive(Default)]
struct Tried {
    open: Vec<String>,
    closed: Vec<String>,
    unknown: Vec<String>,
}

async fn tried(
    roots: &[Root],
    seen: &Observed,
    views: &Views,
    end: &dyn ReplicationEndView,
) -> Result<Tried, Error> {
    let mut tried = Tried::default();
    for root in roots {
        let Some((opening, key)) = keys::held(views, seen, root).await? else {
            tried.unknown.push(not_held(root));
            continue;
        };
        let checks = end.check_keys(&root.root, &[key.for_use(&opening)?]).await?;
        match checks.iter().find(|check: &&KeyCheck| check.root == root.root) {
            Some(check) if check.opens => tried.open.push(root.root.to_string()),
            Some(_) => tried.closed.push(format!("{} does not open with {}", root.root, key.record().url)),
            None => tried.unknown.push(format!("the appliance says nothing of {}", root.root)),
        }
    }
    Ok(tried)
}

fn not_held(root: &Root) -> String {
    match &root.of {
        Some(of) => format!("the vault holds no key of {of}: give the passphrase, and apply again"),
        None => {
            format!("{} opens with the key of a dataset above, which is not this replication's", root.root)
        }
    }
}

/// Some files of each dataset that is open on both sides, compared byte by byte.
async fn files(wanted: &Replication, seen: &Observed, ends: &EndViews) -> ReplicationItem {
    let (mut equal, mut differ, mut unread) = (0, Vec::new(), Vec::new());
    for pair in &seen.pairs {
        let (from, to) = (seen.from.dataset(&pair.source), seen.to.dataset(&pair.target));
        let (Some(from), Some(to)) = (readable(from), readable(to)) else {
            unread.extend(unreadable(wanted, pair, (from, to)));
            continue;
        };
        match sampled(ends, (from, to), &mounted_below(seen, pair)).await {
            Ok(Sampled { same, other }) => {
                equal += same;
                differ.extend(other);
            }
            Err(error) => unread.push(error.to_string()),
        }
    }
    let judged = match (differ.is_empty(), unread.is_empty(), equal) {
        (false, _, _) => (Verdict::Fail, format!("not equal: {}", differ.join(", "))),
        (true, false, _) => (Verdict::NotCheckable, unread.join("; ")),
        (true, true, 0) => (Verdict::NotCheckable, "no file can be read on both sides".to_owned()),
        (true, true, _) => (Verdict::Pass, format!("{equal} files are equal, byte by byte")),
    };
    item(ReplicationItemId::Files, judged)
}

/// Why files of a pair are not compared; `None` for a volume, which has none, and for what has not arrived, which another item says.
fn unreadable(
    wanted: &Replication,
    pair: &PairFacts,
    (from, to): (Option<&EndDataset>, Option<&EndDataset>),
) -> Option<String> {
    let (from, to) = (from?, to?);
    if from.kind == DatasetKind::Volume {
        return None;
    }
    Some(if to.locked {
        format!("{} is locked: dtc replication unlock {:?}, then verify", pair.target, wanted.name)
    } else if from.locked {
        format!("the source {} is locked: unlock it, then verify", pair.source)
    } else {
        let side = if readable(Some(to)).is_none() { &pair.target } else { &pair.source };
        format!("{side} is not mounted: mount it, then verify")
    })
}

/// Where the files of a dataset are that can be read.
fn readable(found: Option<&EndDataset>) -> Option<&str> {
    found.filter(|found| found.mounted && !found.locked)?.mount_point.as_deref()
}

struct Sampled {
    same: usize,
    other: Vec<String>,
}

/// Where the datasets below a source are mounted.
fn mounted_below(seen: &Observed, pair: &PairFacts) -> Vec<String> {
    let below = seen.from.datasets.iter().filter(|found| found.name.is_below(&pair.source));
    below.filter_map(|found| found.mount_point.clone()).collect()
}

/// The paths that lie in none of these directories.
fn without(directories: &[String], mut paths: Vec<String>) -> Vec<String> {
    let is_in =
        |path: &str, directory: &str| path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'));
    paths.retain(|path| !directories.iter().any(|directory| is_in(path, directory)));
    paths
}

/// Files of one dataset: those of the datasets `below` it are compared with theirs.
async fn sampled(ends: &EndViews, (from, to): (&str, &str), below: &[String]) -> Result<Sampled, Error> {
    let listed = without(below, ends.from.files(from, LISTED).await?);
    let step = (listed.len() / SAMPLE).max(1);
    let mut sampled = Sampled { same: 0, other: Vec::new() };
    for path in listed.iter().step_by(step).take(SAMPLE) {
        let Some(rest) = path.strip_prefix(from) else { continue };
        let there = format!("{to}{rest}");
        let before = ends.from.stat(path).await?;
        let (one, other) = (digest(ends.from.as_ref(), path).await?, digest(ends.to.as_ref(), &there).await?);
        match (one, other) {
            (None, _) => {}
            (Some(one), Some(other)) if one == other => sampled.same += 1,
            // The destination shows a snapshot; a file that was changed since is none of it.
            (Some(_), Some(_))
                if ends.from.stat(path).await? != before || is_newer(ends, path, &there).await? => {}
            (Some(_), _) if is_new(ends, path, to).await? => {}
            _ => sampled.other.push(there),
        }
    }
    Ok(sampled)
}

async fn digest(end: &dyn ReplicationEndView, path: &str) -> Result<Option<[u8; 32]>, Error> {
    let Some(facts) = end.stat(path).await? else { return Ok(None) };
    let mut body = end.read(path, &facts).await?;
    let mut digest = Sha256::new();
    while let Some(piece) = body.next().await {
        digest.update(&piece?);
    }
    Ok(Some(digest.finalize().into()))
}

/// Whether the source's file was changed after the destination's.
async fn is_newer(ends: &EndViews, path: &str, there: &str) -> Result<bool, Error> {
    let (source, copy) = (ends.from.stat(path).await?, ends.to.stat(there).await?);
    Ok(source.zip(copy).is_some_and(|(source, copy)| source.modified > copy.modified))
}

/// Whether the source's file came after anything that stands at the destination.
async fn is_new(ends: &EndViews, path: &str, to: &str) -> Result<bool, Error> {
    let Some(source) = ends.from.stat(path).await? else { return Ok(true) };
    let mut newest = None;
    for copy in ends.to.files(to, SAMPLE).await? {
        newest = newest.max(ends.to.stat(&copy).await?.map(|facts| facts.modified));
    }
    Ok(newest.is_none_or(|newest| source.modified > newest))
}

fn device_guid(seen: &Observed) -> ReplicationItem {
    let is_local = seen.from == seen.to;
    let bears = |pair: &&PairFacts| {
        let guid = seen.to.dataset(&pair.target).and_then(|found| found.device_guid.as_ref());
        !is_local && guid.is_some_and(|guid| seen.from.guids.contains(guid))
    };
    let travelled: Vec<&str> = seen.pairs.iter().filter(bears).map(|pair| pair.target.as_str()).collect();
    let judged = if travelled.is_empty() {
        (Verdict::Pass, format!("{DEVICE_GUID_PROPERTY} stayed behind"))
    } else {
        let evidence = format!("{DEVICE_GUID_PROPERTY} of the sender is on {}", travelled.join(", "));
        (Verdict::Fail, evidence)
    };
    item(ReplicationItemId::DeviceGuid, judged)
}

/// A proof locks again what it has opened. One that was cut off has left its mark.
fn left_open(wanted: &Replication, seen: &Observed, opened: &[DatasetName]) -> ReplicationItem {
    let marked = seen.to.marked(&wanted.destination).into_iter();
    let open = marked.filter(|found| !found.locked && !opened.contains(&found.name));
    let open: Vec<&str> = open.map(|found| found.name.as_str()).collect();
    let judged = if open.is_empty() {
        (Verdict::Pass, "no proof has left a dataset open".to_owned())
    } else {
        let evidence = format!(
            "{} was locked; a proof that was cut off has left it open, and dtc replication apply locks it again",
            open.join(", ")
        );
        (Verdict::Fail, evidence)
    };
    item(ReplicationItemId::LeftOpen, judged)
}
