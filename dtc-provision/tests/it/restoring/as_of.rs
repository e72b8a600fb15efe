//! Which versions stood at an instant, against a model that follows the history as it happens.

use std::collections::BTreeMap;

use dtc_provision::ids::ObjectId;
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::ports::{Lock, Object, ObjectVersion, VersionKind};
use dtc_provision::restore::AsOf;
use proptest::prelude::*;

use super::store::start;

/// What happens to one of a few files.
#[derive(Clone, Copy, Debug)]
enum Event {
    Upload,
    Hide,
    /// A large upload begins, and is not finished.
    Begin,
    /// Nothing, for so many minutes.
    Wait(u8),
}

fn history() -> impl Strategy<Value = Vec<(usize, Event)>> {
    let event = prop_oneof![
        4 => Just(Event::Upload),
        2 => Just(Event::Hide),
        1 => Just(Event::Begin),
        3 => (1..200u8).prop_map(Event::Wait),
    ];
    proptest::collection::vec((0..4usize, event), 0..60)
}

fn version(number: usize, file: usize, kind: VersionKind, at: Timestamp) -> ObjectVersion {
    let object = Object {
        id: ObjectId::new(format!("{number}")),
        name: format!("file{file}"),
        size: 48,
        uploaded: at,
        source_modified: None,
        sha1: None,
    };
    ObjectVersion { object, kind, lock: Lock::Free }
}

/// What a history left behind, and what stood after each of its moments.
struct Left {
    versions: Vec<ObjectVersion>,
    stood: Vec<(Timestamp, BTreeMap<String, String>)>,
}

fn left(history: &[(usize, Event)]) -> Left {
    let (mut now, mut standing) = (start(), BTreeMap::new());
    let mut left = Left { versions: Vec::new(), stood: Vec::new() };
    for (number, &(file, event)) in history.iter().enumerate() {
        let name = format!("file{file}");
        let kind = match event {
            Event::Upload => VersionKind::Content,
            Event::Hide => VersionKind::Hidden,
            Event::Begin => VersionKind::Unfinished,
            Event::Wait(minutes) => {
                left.stood.push((now, standing.clone()));
                now += SignedDuration::from_mins(i64::from(minutes));
                continue;
            }
        };
        match kind {
            VersionKind::Content => drop(standing.insert(name, number.to_string())),
            VersionKind::Hidden => drop(standing.remove(&name)),
            VersionKind::Unfinished => {}
        }
        left.versions.push(version(number, file, kind, now));
    }
    left.stood.push((now, standing));
    left
}

/// B2's order: by name, of one name the newest first, and of one millisecond the last first.
fn listed(versions: &[ObjectVersion]) -> Vec<ObjectVersion> {
    let mut rows: Vec<ObjectVersion> = versions.iter().rev().cloned().collect();
    rows.sort_by(|one, other| {
        let newest = other.object.uploaded.cmp(&one.object.uploaded);
        one.object.name.cmp(&other.object.name).then(newest)
    });
    rows
}

fn picked(rows: Vec<ObjectVersion>, at: Option<Timestamp>) -> BTreeMap<String, String> {
    let mut as_of = AsOf::new(at);
    let mut picked: Vec<Object> = rows.into_iter().filter_map(|row| as_of.push(row)).collect();
    picked.extend(as_of.end());
    picked.into_iter().map(|object| (object.name, object.id.to_string())).collect()
}

proptest! {
    #[test]
    fn y4_what_stood_at_any_moment_is_what_the_history_left_at_it(history in history()) {
        let left = left(&history);
        let rows = listed(&left.versions);
        for (at, stood) in &left.stood {
            prop_assert_eq!(&picked(rows.clone(), Some(*at)), stood, "at {}", at);
        }
        let last = left.stood.last().map(|(_, stood)| stood.clone()).unwrap_or_default();
        prop_assert_eq!(picked(rows, None), last);
    }

    /// What was replaced before an instant is not needed for it: a lifecycle that has deleted it changes nothing.
    #[test]
    fn y4_versions_that_a_lifecycle_took_before_an_instant_are_not_missed(history in history()) {
        let left = left(&history);
        for (at, stood) in &left.stood {
            let mut kept = left.versions.clone();
            // A version goes once another one, or a mark, has taken its place by then.
            let later = |version: &ObjectVersion| left.versions.iter().any(|other| {
                let newer = other.object.uploaded > version.object.uploaded;
                other.object.name == version.object.name && newer && other.object.uploaded <= *at
                    && other.kind != VersionKind::Unfinished
            });
            kept.retain(|version| !later(version));
            prop_assert_eq!(&picked(listed(&kept), Some(*at)), stood, "at {}", at);
        }
    }
}

#[test]
fn y4_a_listing_says_what_it_held() {
    let mut as_of = AsOf::new(Some(start()));
    let later = start() + SignedDuration::from_hours(1);
    for row in [
        version(0, 0, VersionKind::Content, later),
        version(1, 1, VersionKind::Unfinished, later),
        version(2, 2, VersionKind::Content, start()),
    ] {
        assert!(as_of.push(row).is_none());
    }
    assert_eq!(as_of.end().unwrap().name, "file2");
    let seen = as_of.seen();
    assert_eq!((seen.versions, seen.unfinished, seen.younger), (3, 1, 2));
    assert_eq!((seen.first, seen.last), (Some(start()), Some(later)));
}
