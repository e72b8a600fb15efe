//! The bucket.

use dtc_naming::{BucketName, ParsedBucketName};

use super::ItemId;
use super::found::Found;
use crate::facts::{BucketFacts, TaskFacts};
use crate::standard::retention::{self, Judgement};
use crate::standard::{self, Compare, Setting};
use crate::verify::evidence::Evidence;

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
        None => Found::pass(name.to_string()),
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

/// Judges one setting of the bucket.
pub(super) fn setting(evidence: &Evidence<'_>, setting: Setting) -> Found {
    of_bucket(evidence, |seen| {
        let wanted = standard::bucket::settings();
        let differences = seen.bucket.settings.differences(&wanted);
        match differences.iter().find(|difference| difference.setting == setting) {
            Some(difference) => Found::fail(difference.to_string()),
            None => Found::pass(match setting {
                Setting::Lifecycle => standard::list(&seen.bucket.settings.lifecycle),
                Setting::DefaultEncryption => "SSE-B2, AES256".to_owned(),
                other => format!("{} as it should be", other.name()),
            }),
        }
    })
}

pub(super) fn retention(evidence: &Evidence<'_>) -> Found {
    of_bucket(evidence, |seen| {
        let (lock, held) = (seen.bucket.settings.object_lock, seen.bucket.retention);
        let said = retention::describe(held);
        if !lock || held.is_none() {
            return Found::fail(format!("object lock {}, {said}", standard::on_off(lock)));
        }
        Found::judged(retention::judge(held) != Judgement::Weaker, said)
    })
}
