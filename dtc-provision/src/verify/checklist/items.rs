//! Judges the items, in the procedure's order. An item that rests on another one that failed is not checkable, so that
//! one broken fact is one failure.

use super::facts::{Facts, PoolFacts};
use crate::bandwidth;
use crate::observe::{self, BucketSeen};
use crate::ports::{CloudSync, CloudSyncSettings, JobState, RetentionMode, Seen};
use crate::secret::EncryptionSecrets;
use crate::site::Site;
use crate::standard;
use crate::verify::recover::{PoolProof, Proof};
use crate::verify::{Item, PROOF_ITEM, TICKET_ITEM, Verdict};

/// What was found: a pass, a failure or a reason why neither, each with its evidence.
type Found = (Verdict, String);

fn pass(evidence: impl Into<String>) -> Found {
    (Verdict::Pass, evidence.into())
}

fn fail(evidence: impl Into<String>) -> Found {
    (Verdict::Fail, evidence.into())
}

fn not_checkable(reason: impl Into<String>) -> Found {
    (Verdict::NotCheckable, reason.into())
}

fn judged(holds: bool, evidence: impl Into<String>) -> Found {
    if holds { pass(evidence) } else { fail(evidence) }
}

/// What an item is about, what should be so, and what was found.
type Judged = (&'static str, &'static str, Found);

/// Every item, 1 to 26.
pub(super) fn judge(site: &Site, facts: &Facts) -> Vec<Item> {
    let found = identity_and_bucket(site, facts)
        .into_iter()
        .chain(task_items(facts))
        .chain(limits_and_snapshots(site, facts))
        .chain(proven(facts));
    found
        .zip(1..)
        .map(|((rule, title, (verdict, evidence)), number)| Item { number, rule, title, verdict, evidence })
        .collect()
}

/// Items 1 to 10: who the box is, the bucket, the key, the vault.
fn identity_and_bucket(site: &Site, facts: &Facts) -> [Judged; 10] {
    let encrypted = |seen: &BucketSeen| {
        let right = seen.bucket.settings.sse_b2;
        judged(right, if right { "SSE-B2, AES256" } else { "no default encryption, or another one" })
    };
    [
        ("S1", "In NinjaOne, SNMPv3 only", monitored(facts)),
        ("I3", "Device GUID on the identity pool, and on no other", guid_on_pool(facts)),
        ("I5", "Device GUID in NinjaOne", guid_in_inventory(site, facts)),
        ("N1", "Bucket has the location's name", bucket_name(facts)),
        ("B2", "Object lock in compliance mode, 14 days", bucket(facts, retention)),
        ("B1", "SSE-B2 is the default encryption", bucket(facts, encrypted)),
        ("B1", "One lifecycle rule: hidden versions go after 30 days", bucket(facts, lifecycle)),
        ("K1", "The key reaches this bucket only", key_scope(facts)),
        ("E1", "Key id and application key in the vault", key_escrowed(facts)),
        ("E1", "Encryption password and salt in the vault", secrets_escrowed(facts)),
    ]
}

/// Items 11 to 20: each pool's task, setting by setting.
fn task_items(facts: &Facts) -> [Judged; 10] {
    let task = |holds: fn(&CloudSyncSettings) -> bool, shown: fn(&CloudSyncSettings) -> String| {
        of_tasks(facts, |_, task| judged(holds(&task.settings), shown(&task.settings)))
    };
    [
        (
            "C2",
            "Task: PUSH and SYNC",
            task(
                |s| s.direction == "PUSH" && s.transfer_mode == "SYNC",
                |s| format!("{} {}", s.direction, s.transfer_mode),
            ),
        ),
        ("C2", "Task reads the pool", of_tasks(facts, reads_pool)),
        ("N4", "Task writes to the pool's folder", of_tasks(facts, |pool, task| folder(facts, pool, task))),
        ("C2", "Task runs daily at 00:00, enabled", of_tasks(facts, scheduled)),
        ("C2", "Task takes no snapshot", task(|s| !s.snapshot, |s| format!("snapshot {}", s.snapshot))),
        (
            "C2",
            "Task leaves out /Archive/** and /archive/**",
            task(|s| s.exclude == standard::EXCLUDE, |s| s.exclude.join(", ")),
        ),
        (
            "C2",
            "Upload chunk size 96 MiB",
            task(|s| s.chunk_mebibytes == Some(standard::CHUNK_MEBIBYTES), chunk),
        ),
        ("C2", "--fast-list", task(|s| s.fast_list, |s| format!("fast-list {}", s.fast_list))),
        ("C2", "Remote encryption on", task(|s| s.encryption, |s| format!("encryption {}", s.encryption))),
        (
            "C2",
            "Filename encryption off",
            task(|s| !s.filename_encryption, |s| format!("filename encryption {}", s.filename_encryption)),
        ),
    ]
}

/// Items 21 and 22.
fn limits_and_snapshots(site: &Site, facts: &Facts) -> [Judged; 2] {
    let limits = bandwidth::schedule(site.uplink_mbit, site.business_hours, facts.pools.len());
    let limited = |_: &PoolFacts, task: &CloudSync| {
        judged(task.settings.bandwidth == limits, shown_limits(&task.settings))
    };
    [
        ("C3", "Bandwidth: 20 % of the uplink in business hours, 80 % outside", of_tasks(facts, limited)),
        ("Z1", "Snapshots hourly, recursive, kept 14 days", of_pools(facts, snapshots)),
    ]
}

/// Items 23 to 26: what ran, what it left, what opens, what was told.
fn proven(facts: &Facts) -> [Judged; 4] {
    [
        ("V1", "First run succeeded", of_tasks(facts, |_, task| first_run(task))),
        ("V2", "No Archive directory at the top of the pool", archives(facts)),
        ("V3", "Objects open with the vault's secrets and are their sources", proofs(facts)),
        ("V6", "Ticket told", ticket(facts)),
    ]
}

/// It reads the pool, and finds all of it: a child that looks empty is one whose tree the next run would hide (C5).
fn reads_pool(pool: &PoolFacts, task: &CloudSync) -> Found {
    match observe::everything_readable(&pool.datasets) {
        Ok(()) => judged(task.settings.path == format!("/mnt/{}", pool.name), task.settings.path.clone()),
        Err(refusal) => fail(refusal.what),
    }
}

fn scheduled(_: &PoolFacts, task: &CloudSync) -> Found {
    let state = if task.enabled { "enabled" } else { "disabled" };
    let right = task.enabled && task.settings.schedule == standard::BACKUP_SCHEDULE;
    judged(right, format!("{} ({state})", task.settings.schedule))
}

fn chunk(settings: &CloudSyncSettings) -> String {
    settings.chunk_mebibytes.map_or("the default".to_owned(), |size| format!("{size} MiB"))
}

fn monitored(facts: &Facts) -> Found {
    let Some(seen) = &facts.identity.device else {
        return fail(format!("NinjaOne has no device for {}", facts.system.host_name));
    };
    let snmp = &facts.snmp;
    let v3_only = snmp.v3 && snmp.community.is_empty() && snmp.sha && snmp.aes;
    let running = snmp.running && snmp.starts_automatically;
    judged(
        v3_only && running,
        format!(
            "device {}; v3 {}, community {}, service {}",
            seen.device.id,
            if snmp.v3 { "on" } else { "off" },
            if snmp.community.is_empty() { "empty" } else { "set" },
            if running { "running, at boot too" } else { "not running, or not at boot" }
        ),
    )
}

fn guid_on_pool(facts: &Facts) -> Found {
    let identity = &facts.identity;
    let elsewhere: Vec<&str> = identity
        .on_pools
        .iter()
        .filter(|found| found.pool != identity.pool)
        .map(|found| found.pool.as_str())
        .collect();
    match identity.on_pool() {
        Some(found) if Some(found.guid) == identity.guid() && elsewhere.is_empty() => {
            judged(found.normalised, format!("{} on {}", found.guid, found.pool))
        }
        Some(found) if elsewhere.is_empty() => {
            fail(format!("{} on {} is not NinjaOne's", found.guid, found.pool))
        }
        Some(_) => fail(format!("also on {}", elsewhere.join(", "))),
        None => fail(format!("none on {}", identity.pool)),
    }
}

fn guid_in_inventory(site: &Site, facts: &Facts) -> Found {
    match &facts.identity.device {
        None => not_checkable("item 1: there is no device"),
        Some(seen) => match seen.guid {
            Some(guid) => judged(seen.normalised, format!("{} = {guid}", site.fields.device)),
            None => fail(format!("{} of device {} is empty", site.fields.device, seen.device.id)),
        },
    }
}

fn bucket_name(facts: &Facts) -> Found {
    let name = &facts.place.bucket_name;
    match &facts.bucket {
        Err(unread) => not_checkable(unread.clone()),
        Ok(None) => fail(format!("there is no {name}, the name of location {}", facts.place.location_uuid)),
        Ok(Some(_)) => {
            let stray = facts
                .pools
                .iter()
                .flat_map(|pool| &pool.tasks)
                .find(|task| task.settings.bucket != name.as_str());
            match stray {
                Some(task) => {
                    fail(format!("a task writes to {}, not {name}{}", task.settings.bucket, legacy(task)))
                }
                None => pass(name.to_string()),
            }
        }
    }
}

/// Says where a bucket's name is of the older scheme (N10).
fn legacy(task: &CloudSync) -> &'static str {
    match dtc_naming::BucketName::parse(&task.settings.bucket) {
        Ok(dtc_naming::Parsed::Legacy(_)) => " (a name of the older scheme)",
        _ => "",
    }
}

/// Judges the bucket, where there is one.
fn bucket(facts: &Facts, judge: impl Fn(&BucketSeen) -> Found) -> Found {
    match &facts.bucket {
        Ok(Some(seen)) => judge(seen),
        Ok(None) => not_checkable("item 4: there is no such bucket"),
        Err(unread) => not_checkable(unread.clone()),
    }
}

fn retention(seen: &BucketSeen) -> Found {
    let settings = &seen.bucket.settings;
    match settings.retention {
        Some(held) if settings.object_lock => judged(
            held.mode == RetentionMode::Compliance && held.days >= standard::RETENTION_DAYS,
            format!("{}, {} days", held.mode, held.days),
        ),
        _ => fail(format!("object lock {}, no default retention", settings.object_lock)),
    }
}

fn lifecycle(seen: &BucketSeen) -> Found {
    let rules = &seen.bucket.settings.lifecycle;
    let told = if rules.is_empty() {
        "no rule".to_owned()
    } else {
        rules.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    judged(*rules == standard::bucket_settings().lifecycle, told)
}

fn key_scope(facts: &Facts) -> Found {
    let Ok(Some(key)) = &facts.key else { return not_checkable("item 9: no key is escrowed") };
    bucket(facts, |seen| match seen.keys.iter().find(|found| found.id == *key.key_id()) {
        Some(found) => {
            let reach = match found.buckets.as_slice() {
                [] => "the whole account".to_owned(),
                [only] if *only == seen.bucket.id => "this bucket".to_owned(),
                several => format!("{} buckets", several.len()),
            };
            let right = found.buckets == [seen.bucket.id.clone()];
            judged(right, format!("{} reaches {reach}; {}", found.id, destroys(&found.capabilities)))
        }
        None => fail(format!("B2 does not know the key {}", key.key_id())),
    })
}

/// What a key could destroy, and from when (K2).
fn destroys(capabilities: &[String]) -> String {
    let may = |name: &str| capabilities.iter().any(|held| held == name);
    if may("deleteFiles") {
        let day = standard::RETENTION_DAYS + 1;
        return format!(
            "with deleteFiles, whoever holds it destroys versions from day {day} after their upload"
        );
    }
    let days = standard::HIDING_TO_DELETING_DAYS;
    format!("append-only: what whoever holds it hides stays {days} days")
}

/// Whether B2 still has the escrowed key, as far as can be read.
fn known_to_b2(facts: &Facts) -> bool {
    match (&facts.key, &facts.bucket) {
        (Ok(Some(key)), Ok(Some(seen))) => seen.keys.iter().any(|found| found.id == *key.key_id()),
        _ => true,
    }
}

fn key_escrowed(facts: &Facts) -> Found {
    match &facts.key {
        Err(unread) => not_checkable(unread.clone()),
        Ok(None) => fail("the vault has no such record"),
        Ok(Some(key)) => {
            let used = facts.credentials.iter().find(|credential| {
                facts.pools.iter().flat_map(|pool| &pool.tasks).any(|task| task.credential == credential.id)
            });
            let same = used.is_none_or(|used| match &used.key {
                Seen::Clear(seen) => key.matches(seen, crate::secret::ApplicationKey::same_as),
                _ => used.key_id.as_ref() == Some(key.key_id()),
            });
            let record = &key.record().url;
            judged(same, if same { record.clone() } else { format!("{record} is not the key the box uses") })
        }
    }
}

fn secrets_escrowed(facts: &Facts) -> Found {
    match &facts.secrets {
        Err(unread) => not_checkable(unread.clone()),
        Ok(None) => fail("the vault lacks the password, the salt, or both"),
        Ok(Some(secrets)) => {
            let differs = |task: &&CloudSync| match &task.secrets {
                Seen::Clear(seen) => !secrets.matches(seen, EncryptionSecrets::same_as),
                _ => false,
            };
            match facts.pools.iter().flat_map(|pool| &pool.tasks).find(differs) {
                Some(task) => fail(format!("the task {} uses another pair", task.id)),
                None => pass(secrets.record().url.clone()),
            }
        }
    }
}

/// Judges every pool, and keeps the worst.
fn of_pools(facts: &Facts, judge: impl Fn(&PoolFacts) -> Found) -> Found {
    let found = facts.pools.iter().map(|pool| (pool, judge(pool)));
    let (mut worst, mut evidence) = (Verdict::Pass, Vec::new());
    for (pool, (verdict, said)) in found {
        evidence.push(format!("{}: {said}", pool.name));
        worst = match (worst, verdict) {
            (Verdict::Fail, _) | (_, Verdict::Fail) => Verdict::Fail,
            (Verdict::NotCheckable, _) | (_, Verdict::NotCheckable) => Verdict::NotCheckable,
            _ => Verdict::Pass,
        };
    }
    (worst, evidence.join("; "))
}

/// Judges every pool's one task.
fn of_tasks(facts: &Facts, judge: impl Fn(&PoolFacts, &CloudSync) -> Found) -> Found {
    of_pools(facts, |pool| match pool.tasks.as_slice() {
        [only] => judge(pool, only),
        [] => fail("no task"),
        several => fail(format!("{} tasks", several.len())),
    })
}

fn folder(facts: &Facts, pool: &PoolFacts, task: &CloudSync) -> Found {
    match facts.folder(&pool.name) {
        Some(folder) => judged(task.settings.folder == folder.as_str(), task.settings.folder.clone()),
        None => not_checkable("item 2: the box has no Device GUID"),
    }
}

fn shown_limits(settings: &CloudSyncSettings) -> String {
    let limit = |limit: &crate::ports::TimedLimit| {
        format!("{} {}", limit.from, limit.limit.map_or("off".to_owned(), |bytes| bytes.to_string()))
    };
    settings.bandwidth.iter().map(limit).collect::<Vec<_>>().join(", ")
}

fn snapshots(pool: &PoolFacts) -> Found {
    let ours: Vec<_> =
        pool.snapshot_tasks.iter().filter(|task| task.settings.schema == standard::SNAPSHOT_SCHEMA).collect();
    let [task] = ours.as_slice() else {
        return fail(format!("{} tasks with the standard's schema", ours.len()));
    };
    let settings = &task.settings;
    let right = task.enabled
        && settings.recursive
        && settings.exclude.is_empty()
        && settings.lifetime_hours == standard::SNAPSHOT_LIFETIME_HOURS
        && settings.schedule == standard::SNAPSHOT_SCHEDULE
        && (settings.begin.as_str(), settings.end.as_str()) == ("00:00", "23:59")
        && !settings.allow_empty;
    let (covered, children) = pool.children;
    let taken = match pool.snapshots.iter().map(|snapshot| &snapshot.name).max() {
        Some(last) => {
            let count = pool.snapshots.len();
            format!("{count} so far, last {last}; on {covered} of {children} children looked at too")
        }
        None => "none taken yet; the first is due within the hour".to_owned(),
    };
    let shape = format!("{} kept {} h, {taken}", settings.schedule, settings.lifetime_hours);
    judged(right, if task.enabled { shape } else { format!("disabled; {shape}") })
}

fn first_run(task: &CloudSync) -> Found {
    match &task.last_run {
        Some(run) => match &run.state {
            JobState::Succeeded => pass(
                run.finished
                    .map_or("succeeded".to_owned(), |at| format!("succeeded at {}", at.strftime("%FT%TZ"))),
            ),
            other => fail(format!("{other:?}")),
        },
        None => fail("never ran"),
    }
}

fn archives(facts: &Facts) -> Found {
    match &facts.proofs {
        Err(unread) => not_checkable(unread.clone()),
        Ok(proofs) => {
            let excluded: Vec<&String> = proofs.iter().flat_map(|proof| &proof.excluded).collect();
            let unreached: Vec<&str> =
                proofs.iter().flat_map(|proof| &proof.unreached).map(String::as_str).collect();
            let objects: u64 = proofs.iter().map(|proof| proof.objects).sum();
            match excluded.first() {
                Some(first) => fail(format!("{} objects, first {first}", excluded.len())),
                None if unreached.is_empty() => pass(format!("{objects} objects")),
                None => pass(format!("{objects} objects; the filters do not reach {}", unreached.join(", "))),
            }
        }
    }
}

fn proofs(facts: &Facts) -> Found {
    debug_assert_eq!(PROOF_ITEM, 25);
    if !matches!((&facts.key, &facts.secrets), (Ok(Some(_)), Ok(Some(_)))) {
        return not_checkable("items 9 and 10: the vault does not hold what opening takes");
    }
    if key_escrowed(facts).0 == Verdict::Fail {
        return not_checkable("item 9: the escrowed key is not the one in use");
    }
    if !known_to_b2(facts) {
        return not_checkable("item 8: B2 does not know the escrowed key");
    }
    let proofs = match &facts.proofs {
        Err(unread) => return not_checkable(unread.clone()),
        Ok(proofs) => proofs,
    };
    let failed: Vec<String> = proofs
        .iter()
        .flat_map(PoolProof::failures)
        .map(|sample| match &sample.proof {
            Proof::Failed { reason } => format!("{}: {reason}", sample.object),
            _ => sample.object.clone(),
        })
        .collect();
    if !failed.is_empty() {
        return fail(failed.join("; "));
    }
    let samples: Vec<_> = proofs.iter().flat_map(|proof| &proof.samples).collect();
    if samples.is_empty() {
        return not_checkable("the bucket holds no object with content");
    }
    let of = |wanted: fn(&Proof) -> bool| samples.iter().filter(|sample| wanted(&sample.proof)).count();
    pass(format!(
        "{} objects opened of {}: {} equal to their sources, {} by B2's hash of their sources, {} by their keys alone",
        samples.len(),
        proofs.iter().map(|proof| proof.with_content).sum::<u64>(),
        of(|proof| *proof == Proof::Content),
        of(|proof| *proof == Proof::Hash),
        of(|proof| matches!(proof, Proof::Keys { .. })),
    ))
}

fn ticket(facts: &Facts) -> Found {
    debug_assert_eq!(TICKET_ITEM, 26);
    match &facts.ticket {
        None => not_checkable("the site names no ticket"),
        Some(Err(unread)) => not_checkable(unread.clone()),
        Some(Ok(told)) => judged(*told, if *told { "the note is there" } else { "the note is missing" }),
    }
}
