//! Snapshots: what CORE does not know of them, and the way of 26 to read names without properties.

use serde_json::{Value, json};

use super::{Feature, Wire};

/// What CORE does not know of an option: what it means to leave it out, and what cannot be had without it (TrueNAS middleware 13.3, the schemas of
/// `zfs.snapshot.*`).
fn without(wire: &mut Wire, name: &str, nothing: &Value, feature: Feature) -> Result<(), Feature> {
    let options = wire.params.last_mut().and_then(Value::as_object_mut);
    match options.and_then(|options| options.remove(name)) {
        Some(value) if value != *nothing => Err(feature),
        _ => Ok(()),
    }
}

pub(super) fn translate_create(wire: &mut Wire) -> Result<(), Feature> {
    wire.method = "zfs.snapshot.create";
    without(wire, "exclude", &json!([]), Feature::SnapshotExclusions)
}

pub(super) fn translate_delete(wire: &mut Wire) -> Result<(), Feature> {
    wire.method = "zfs.snapshot.delete";
    without(wire, "recursive", &json!(false), Feature::SnapshotsOfChildren)
}

/// Snapshot tasks on CORE, which keeps no moments of removal.
pub(super) fn translate_task(wire: &mut Wire) -> Result<(), Feature> {
    without(wire, "fixate_removal_date", &json!(false), Feature::RemovalDates)
}

/// CORE takes the number of the task and nothing else.
pub(super) fn translate_task_removal(wire: &mut Wire) -> Result<(), Feature> {
    translate_task(wire)?;
    wire.params.truncate(1);
    Ok(())
}

/// CORE counts by a query.
#[expect(clippy::unnecessary_wraps, reason = "the type of every translation")]
pub(super) fn translate_count(wire: &mut Wire) -> Result<(), Feature> {
    wire.method = "zfs.snapshot.query";
    let dataset = wire.params.first().cloned().unwrap_or_default();
    wire.params = vec![json!([["dataset", "=", dataset]]), json!({"count": true})];
    Ok(())
}

/// A listing by name, as 26 is asked for it.
#[derive(Debug, PartialEq)]
pub(super) struct ByName {
    paths: Vec<Value>,
    is_deep: bool,
    within: Option<String>,
    limit: usize,
}

/// What a query of snapshots asks for, when it is for names alone and by the filters that this crate writes; else it is no listing by name.
pub(super) fn by_name(params: &[Value]) -> Option<ByName> {
    let options = params.get(1)?;
    let is_plain = options.as_object()?.keys().all(|key| ["select", "order_by", "limit"].contains(&&**key));
    if !is_plain || options["select"] != json!(["name"]) || options["order_by"] != json!(["-name"]) {
        return None;
    }
    let limit = options["limit"].as_u64().and_then(|limit| usize::try_from(limit).ok())?;
    let mut listing = ByName { paths: Vec::new(), is_deep: false, within: None, limit };
    for filter in params.first()?.as_array()? {
        match (filter[0].as_str()?, filter[1].as_str()?, &filter[2]) {
            ("dataset", "=", dataset) if listing.paths.is_empty() => listing.paths.push(dataset.clone()),
            ("pool", "in", Value::Array(pools)) if listing.paths.is_empty() && !pools.is_empty() => {
                listing.paths.clone_from(pools);
                listing.is_deep = true;
            }
            ("name", "rin", Value::String(text)) if listing.within.is_none() => {
                listing.within = Some(text.clone());
            }
            _ => return None,
        }
    }
    (!listing.paths.is_empty()).then_some(listing)
}

impl ByName {
    /// The parameters of `zfs.resource.snapshot.query`: null asks for no property at all.
    pub(super) fn params(&self) -> [Value; 1] {
        [json!({"paths": self.paths, "properties": null, "recursive": self.is_deep})]
    }

    /// The rows that the query asked for, in its order.
    pub(super) fn rows(&self, found: &Value) -> Value {
        let all = found.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_wanted =
            |name: &&str| self.within.as_ref().is_none_or(|within| name.contains(within.as_str()));
        let mut names: Vec<&str> =
            all.iter().filter_map(|row| row["name"].as_str()).filter(is_wanted).collect();
        names.sort_unstable_by(|a, b| b.cmp(a));
        names.into_iter().take(self.limit).map(|name| json!({"name": name})).collect()
    }
}

/// The tags of the holds in an answer of `pool.snapshot.query`: the object's names.
pub(super) fn tags(rows: &Value) -> Option<Value> {
    let row = rows.get(0)?;
    let tags = row.get("holds").and_then(Value::as_object);
    Some(tags.map_or_else(|| json!([]), |tags| tags.keys().cloned().map(Value::from).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "a JSON literal is given")]
    fn wire(method: &'static str, params: Value) -> Wire {
        Wire { method, params: params.as_array().cloned().unwrap_or_default() }
    }

    #[test]
    fn what_core_does_not_know_is_left_out_when_it_asks_for_nothing() {
        let mut delete = wire("pool.snapshot.delete", json!(["a@b", {"defer": false, "recursive": false}]));
        assert_eq!(translate_delete(&mut delete), Ok(()));
        assert_eq!(
            (delete.method, json!(delete.params)),
            ("zfs.snapshot.delete", json!(["a@b", {"defer": false}]))
        );
        let mut delete = wire("pool.snapshot.delete", json!(["a@b", {"recursive": true}]));
        assert_eq!(translate_delete(&mut delete), Err(Feature::SnapshotsOfChildren));
        let mut create = wire("pool.snapshot.create", json!([{"dataset": "a", "exclude": ["a/b"]}]));
        assert_eq!(translate_create(&mut create), Err(Feature::SnapshotExclusions));
        let mut removal = wire("pool.snapshottask.delete", json!([3, {"fixate_removal_date": false}]));
        assert_eq!(translate_task_removal(&mut removal), Ok(()));
        assert_eq!(json!(removal.params), json!([3]));
        let mut removal = wire("pool.snapshottask.delete", json!([3, {"fixate_removal_date": true}]));
        assert_eq!(translate_task_removal(&mut removal), Err(Feature::RemovalDates));
        let mut count = wire("pool.dataset.snapshot_count", json!(["tank"]));
        assert_eq!(translate_count(&mut count), Ok(()));
        let counted = json!([[["dataset", "=", "tank"]], {"count": true}]);
        assert_eq!((count.method, json!(count.params)), ("zfs.snapshot.query", counted));
    }

    #[test]
    fn a_listing_by_name_becomes_paths_and_its_filter_is_applied_here() {
        let options = json!({"select": ["name"], "order_by": ["-name"], "limit": 2});
        let listing = |filters: Value| by_name(&[filters, options.clone()]);
        let one = listing(json!([["dataset", "=", "tank/a"], ["name", "rin", "@auto-"]])).unwrap();
        assert_eq!(one.params(), [json!({"paths": ["tank/a"], "properties": null, "recursive": false})]);
        let rows = json!([{"name": "tank/a@x"}, {"name": "tank/a@auto-1"}, {"name": "tank/a@auto-3"}, {"name": "tank/a@auto-2"}]);
        assert_eq!(one.rows(&rows), json!([{"name": "tank/a@auto-3"}, {"name": "tank/a@auto-2"}]));
        let many = listing(json!([["pool", "in", ["tank", "b"]]])).unwrap();
        assert_eq!(many.params(), [json!({"paths": ["tank", "b"], "properties": null, "recursive": true})]);
        for other in
            [json!([]), json!([["id", "=", "a@b"]]), json!([["pool", "in", []]]), json!([["pool", "=", "a"]])]
        {
            assert_eq!(listing(other.clone()), None, "{other}");
        }
        assert_eq!(by_name(&[json!([["dataset", "=", "a"]]), json!({"select": ["name", "id"]})]), None);
        assert_eq!(by_name(&[]), None);
    }

    #[test]
    fn holds_are_the_tags_of_the_row_that_was_found() {
        assert_eq!(tags(&json!([{"holds": {"truenas": 1}}])), Some(json!(["truenas"])));
        assert_eq!(tags(&json!([{"holds": {}}])), Some(json!([])));
        assert_eq!(tags(&json!([])), None);
    }
}
