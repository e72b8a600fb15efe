//! The bucket.

use dtc_naming::{BucketName, ParsedBucketName};

use super::found::Found;
use super::judged_by;
use crate::facts::{BucketFacts, TaskFacts};
use crate::standard::{self, Compare, retention};
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;

pub(super) fn bucket_name(evidence: &Evidence<'_>) -> Found {
    let (place, store) = match (evidence.seen.place.read(), evidence.seen.store.read()) {
        (Ok(place), Ok(store)) => (place, store),
        (Err(unread), _) | (_, Err(unread)) => return Found::unread(unread),
    };
    let name = &place.bucket_name;
    if store.bucket.is_none() {
        return Found::fail(format!("there is no {name}, the name of location {}", place.location_uuid));
    }
    let stray = evidence.tasks().into_iter().find(|task| task.settings.target.bucket != name.as_str());
    match stray {
        Some(task) => Found::fail(format!(
            "a task writes to {}, not {name}{}",
            task.settings.target.bucket,
            legacy(task)
        )),
        None => settings(evidence, ItemId::BucketName),
    }
}

/// Says where a bucket's name is of the older scheme (N10).
fn legacy(task: &TaskFacts) -> &'static str {
    match BucketName::parse(&task.settings.target.bucket) {
        Ok(ParsedBucketName::Legacy(_)) => " (a name of the older scheme)",
        _ => "",
    }
}

/// Judges the bucket, where there is one.
pub(super) fn of_bucket(evidence: &Evidence<'_>, judge: impl Fn(&BucketFacts) -> Found) -> Found {
    match evidence.seen.store.read() {
        Ok(store) => store.bucket.as_ref().map_or(Found::RestsOn(ItemId::BucketName), judge),
        Err(unread) => Found::unread(unread),
    }
}

/// Judges the bucket's settings that this item is about.
pub(super) fn settings(evidence: &Evidence<'_>, id: ItemId) -> Found {
    of_bucket(evidence, |seen| {
        let wanted = standard::bucket::settings();
        let differences = judged_by(id, seen.bucket.settings.differences(&wanted));
        if !differences.is_empty() {
            return Found::fail(standard::listed(&differences));
        }
        Found::pass(match id {
            ItemId::Lifecycle => standard::list(&seen.bucket.settings.lifecycle),
            ItemId::DefaultEncryption => "SSE-B2, AES256".to_owned(),
            _ => seen.bucket.name.to_string(),
        })
    })
}

pub(super) fn retention(evidence: &Evidence<'_>) -> Found {
    of_bucket(evidence, |seen| {
        let (lock, held) = (seen.bucket.settings.object_lock, seen.bucket.retention);
        let said = retention::describe(held);
        if !lock || held.is_none() {
            return Found::fail(format!("object lock {}, {said}", standard::on_off(lock)));
        }
        let differences = retention::differences(held);
        if differences.is_empty() { Found::pass(said) } else { Found::fail(standard::listed(&differences)) }
    })
}
