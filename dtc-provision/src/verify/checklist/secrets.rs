//! The application key and the encryption pair: what the vault holds, and whether it is what is used.

use super::ItemId;
use super::found::Found;
use super::store::of_bucket;
use crate::facts::{Agreement, CredentialFacts};
use crate::standard;
use crate::verify::evidence::Evidence;

pub(super) fn key_scope(evidence: &Evidence<'_>) -> Found {
    let Some(key) = evidence.key() else { return Found::RestsOn(ItemId::KeyEscrowed) };
    of_bucket(evidence, |seen| match seen.keys.iter().find(|found| found.id == *key.key_id()) {
        Some(found) => {
            let reach = match found.buckets.as_slice() {
                [] => "the whole account".to_owned(),
                [only] if *only == seen.bucket.id => "this bucket".to_owned(),
                several => format!("{} buckets", several.len()),
            };
            let right = found.buckets == [seen.bucket.id.clone()];
            Found::judged(right, format!("{} reaches {reach}; {}", found.id, destroys(&found.capabilities)))
        }
        None => Found::fail(format!("B2 does not know the key {}", key.key_id())),
    })
}

/// What a key could destroy, and from when (K2).
fn destroys(capabilities: &[String]) -> String {
    if capabilities.iter().any(|held| held == "deleteFiles") {
        let day = standard::retention::DAYS + 1;
        return format!(
            "with deleteFiles, whoever holds it destroys versions from day {day} after their upload"
        );
    }
    let days = standard::bucket::HIDING_TO_DELETING_DAYS;
    format!("append-only: what whoever holds it hides stays {days} days")
}

pub(super) fn key_escrowed(evidence: &Evidence<'_>) -> Found {
    if let Err(unread) = evidence.held.key.read() {
        return Found::unread(unread);
    }
    let Some(key) = evidence.key() else { return Found::fail("the vault has no such record") };
    let credentials = match evidence.seen.credentials.read() {
        Ok(credentials) => credentials,
        Err(unread) => return Found::unread(unread),
    };
    let tasks = evidence.tasks();
    let is_used = |found: &&CredentialFacts| tasks.iter().any(|task| task.credential == found.id);
    let same = credentials.iter().find(is_used).is_none_or(|used| match used.key {
        Agreement::Same => true,
        Agreement::Different | Agreement::NotEscrowed => false,
        Agreement::Unknowable | Agreement::Absent => used.key_id.as_ref() == Some(key.key_id()),
    });
    let record = &key.record().url;
    Found::judged(
        same,
        if same { record.clone() } else { format!("{record} is not the key the appliance uses") },
    )
}

pub(super) fn pair_escrowed(evidence: &Evidence<'_>) -> Found {
    if let Err(unread) = evidence.held.encryption.read() {
        return Found::unread(unread);
    }
    let Some(pair) = evidence.pair() else {
        return Found::fail("the vault lacks the password, the salt, or both");
    };
    if let Err(unread) = evidence.seen.tasks.read() {
        return Found::unread(unread);
    }
    let differs = |agreement| matches!(agreement, Agreement::Different | Agreement::NotEscrowed);
    match evidence.tasks().into_iter().find(|task| differs(task.secrets)) {
        Some(task) => Found::fail(format!("the task {} uses another pair", task.id)),
        None => Found::pass(pair.record().url.clone()),
    }
}

/// Whether B2 still has the escrowed key, as far as can be read.
pub(super) fn key_is_known(evidence: &Evidence<'_>) -> bool {
    let bucket = evidence.seen.store.ok().and_then(|store| store.bucket.as_ref());
    match (evidence.key(), bucket) {
        (Some(key), Some(seen)) => seen.keys.iter().any(|found| found.id == *key.key_id()),
        _ => true,
    }
}
