//! A snapshot with everything that the appliance tells of it.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::Snapshot;
use crate::datasets::Property;

/// Which properties are asked for by name: on 26 none is told otherwise, and null there fails the query (TrueNAS middleware 26,
/// `plugins/pool_/snapshot.py`).
const PROPERTIES: [&str; 5] = ["creation", "guid", "used", "referenced", "userrefs"];

/// What is to be told.
pub(super) fn wanted() -> Value {
    json!({"holds": true, "retention": true, "properties": PROPERTIES})
}

/// A snapshot with its properties, holds and retention.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SnapshotDetails {
    /// Which one.
    pub snapshot: Snapshot,
    /// The number of the transaction group that it closed: of two snapshots the one with the greater is the newer.
    pub transaction_group: Option<u64>,
    /// What tells it from every other snapshot. One that was received has that of the snapshot that was sent.
    pub guid: Option<u64>,
    /// When it was taken.
    pub created: Option<SystemTime>,
    /// Bytes that would be free without it.
    pub used: Option<u64>,
    /// Bytes that it holds.
    pub referenced: Option<u64>,
    /// Whether the appliance's own hold is on it: `None` where the release does not say, as CORE does not.
    pub is_held: Option<bool>,
    /// Until when it is kept, and by what; none when nothing removes it.
    pub retention: Option<Retention>,
    /// All properties that were told, by name.
    pub properties: BTreeMap<String, Property>,
}

/// Until when a snapshot is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Retention {
    /// Until when.
    #[serde(rename = "datetime", deserialize_with = "crate::ejson::moment")]
    pub until: Option<SystemTime>,
    /// By what: `periodic_snapshot_task`, or `property` where a change of its task fixed the moment.
    pub source: String,
    /// By which task.
    #[serde(default)]
    pub periodic_snapshot_task_id: Option<crate::SnapshotTaskId>,
}

impl<'de> Deserialize<'de> for SnapshotDetails {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(flatten)]
            snapshot: Named,
            #[serde(default)]
            createtxg: Option<Value>,
            #[serde(default)]
            properties: Option<BTreeMap<String, Property>>,
            #[serde(default)]
            holds: Option<Value>,
            #[serde(default)]
            retention: Option<Retention>,
        }
        let row = Row::deserialize(from)?;
        let snapshot = Snapshot::of_id(&row.snapshot.name)
            .ok_or_else(|| serde::de::Error::custom("a name without an @"))?;
        let properties = row.properties.unwrap_or_default();
        let number = |name: &str| properties.get(name).and_then(Property::number);
        let group = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
        let created = number("creation").and_then(crate::ejson::of_seconds);
        Ok(Self {
            snapshot,
            transaction_group: row.createtxg.as_ref().and_then(group),
            guid: number("guid"),
            created,
            used: number("used"),
            referenced: number("referenced"),
            is_held: row.holds.as_ref().map(is_any),
            retention: row.retention,
            properties,
        })
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Holds are an object by tag, on some releases a list.
fn is_any(holds: &Value) -> bool {
    match holds {
        Value::Object(tags) => !tags.is_empty(),
        Value::Array(tags) => !tags.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_snapshot_is_read_in_the_forms_of_every_release() {
        let full = json!({
            "id": "tank@a", "name": "tank@a", "createtxg": "77", "holds": {"truenas": 1},
            "properties": {"creation": {"value": "x", "rawvalue": "1700000000", "source": "NONE", "parsed": null},
                "used": {"value": "4K", "rawvalue": "4096", "source": "NONE"}},
            "retention": {"datetime": {"$date": 1000}, "source": "periodic_snapshot_task", "periodic_snapshot_task_id": 3},
        });
        let read: SnapshotDetails = serde_json::from_value(full).unwrap();
        assert_eq!((read.transaction_group, read.used, read.is_held), (Some(77), Some(4096), Some(true)));
        assert_eq!(read.created, Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
        assert_eq!(read.retention.unwrap().periodic_snapshot_task_id, Some(crate::SnapshotTaskId::new(3)));
        let bare: SnapshotDetails =
            serde_json::from_value(json!({"name": "tank@a", "retention": null})).unwrap();
        assert_eq!((bare.is_held, bare.retention, bare.created), (None, None, None));
        let free: SnapshotDetails =
            serde_json::from_value(json!({"name": "tank@a", "createtxg": 7, "holds": {}})).unwrap();
        assert_eq!((free.transaction_group, free.is_held), (Some(7), Some(false)));
    }
}
