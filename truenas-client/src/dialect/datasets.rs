//! Datasets on CORE, which keeps user properties apart from them.

use serde_json::{Map, Value, json};

use super::{Feature, Wire};

const PROPERTIES: &str = "user_properties";

/// The parameters of a query of datasets without what CORE does not know, and whether user properties were asked for.
pub(super) fn without_properties(params: &[Value]) -> (Vec<Value>, bool) {
    let mut params = params.to_vec();
    let selected =
        params.get_mut(1).and_then(|options| options.get_mut("select")).and_then(Value::as_array_mut);
    let asked = match selected {
        Some(fields) => {
            let before = fields.len();
            fields.retain(|field| field != PROPERTIES);
            fields.len() < before
        }
        None => true,
    };
    (params, asked)
}

/// Those filters of a query of datasets that hold for their user properties as well.
pub(super) fn filters_on_id(params: &[Value]) -> Value {
    let filters = params.first().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Value::Array(filters.iter().filter(|filter| filter[0] == "id").cloned().collect())
}

/// Datasets, flat or as a tree, with their user properties.
pub(super) fn joined(mut rows: Value, properties: &Value) -> Value {
    let all = properties.as_array().map(Vec::as_slice).unwrap_or_default();
    join(&mut rows, all);
    rows
}

fn join(rows: &mut Value, all: &[Value]) {
    match rows {
        Value::Array(rows) => rows.iter_mut().for_each(|row| join(row, all)),
        Value::Object(row) => {
            let own = all.iter().find(|entry| Some(&entry["id"]) == row.get("id"));
            let own = own.map_or_else(|| json!({}), |entry| entry["properties"].clone());
            row.insert(PROPERTIES.into(), own);
            if let Some(children) = row.get_mut("children") {
                join(children, all);
            }
        }
        _ => {}
    }
}

/// Unlocking on CORE, which opens what is named and nothing else
/// (TrueNAS middleware 13.3, the schema of `pool.dataset.unlock`).
pub(super) fn translate_unlock(wire: &mut Wire) -> Result<(), Feature> {
    let Some(options) = wire.params.get_mut(1).and_then(Value::as_object_mut) else { return Ok(()) };
    if options.remove("force").is_some_and(|force| force == true) {
        return Err(Feature::RenamedObstacles);
    }
    for row in options.get_mut("datasets").and_then(Value::as_array_mut).into_iter().flatten() {
        let recursive = row.as_object_mut().and_then(|row| row.remove("recursive"));
        if recursive.is_some_and(|recursive| recursive == true) {
            return Err(Feature::KeyForChildren);
        }
    }
    Ok(())
}

/// A new dataset's settings in CORE's words, and its user properties, which are set afterwards
/// (TrueNAS middleware 13.3, the schema of `pool.dataset.create`).
pub(super) fn made_on_core(params: &[Value]) -> Result<(Map<String, Value>, Vec<Value>), Feature> {
    let mut settings = params.first().and_then(Value::as_object).cloned().unwrap_or_default();
    if settings.remove("create_ancestors").is_some_and(|it| it == true) {
        return Err(Feature::Ancestors);
    }
    let properties = settings.remove("user_properties");
    Ok((settings, properties.and_then(|it| it.as_array().cloned()).unwrap_or_default()))
}

/// The parameters of an update: which dataset, its settings, and the changes of its user properties.
pub(super) fn parted(params: &[Value]) -> (Value, Map<String, Value>, Vec<Value>) {
    let id = params.first().cloned().unwrap_or_default();
    let mut settings = params.get(1).and_then(Value::as_object).cloned().unwrap_or_default();
    let changes = settings.remove("user_properties_update");
    (id, settings, changes.and_then(|it| it.as_array().cloned()).unwrap_or_default())
}

/// Whether a dataset has a user property, its own or inherited: then it is changed, else created (TrueNAS middleware 13.3,
/// `plugins/pool.py`).
pub(super) fn holds(properties: &Value, key: &Value) -> bool {
    let name = key.as_str().unwrap_or_default();
    properties.get(0).and_then(|entry| entry["properties"].get(name)).is_some()
}

/// A dataset as 25.10 describes it, with whether it is mounted and nothing else; none for what cannot be.
pub(super) fn resource(row: &Value, mounted: Option<bool>) -> Value {
    let raw = mounted.map(|mounted| json!({"raw": if mounted { "yes" } else { "no" }}));
    json!({"name": row["id"], "type": row["type"], "properties": {"mounted": raw}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_properties_are_joined_to_their_datasets_at_any_depth() {
        let tree = json!([{"id": "tank", "children": [{"id": "tank/a", "children": []}]}]);
        let value = |v: &str| json!({"com.example:tag": {"value": v, "source": "LOCAL"}});
        let properties =
            json!([{"id": "tank/a", "properties": value("2")}, {"id": "tank", "properties": value("1")}]);
        let joined = joined(tree, &properties);
        assert_eq!(joined[0]["user_properties"], value("1"));
        assert_eq!(joined[0]["children"][0]["user_properties"], value("2"));
        assert_eq!(super::joined(json!([{"id": "x"}]), &Value::Null)[0]["user_properties"], json!({}));
    }

    #[test]
    fn only_what_was_asked_for_is_asked_for() {
        let asked = |params: &Value| without_properties(params.as_array().unwrap());
        let (params, wants) = asked(&json!([[["id", "=", "tank"]], {"select": ["id", "user_properties"]}]));
        assert_eq!((json!(params), wants), (json!([[["id", "=", "tank"]], {"select": ["id"]}]), true));
        assert!(!asked(&json!([[], {"select": ["id"]}])).1);
        assert!(asked(&json!([[], {}])).1 && asked(&json!([])).1);
        let filters = json!([[["pool", "in", ["tank"]], ["id", "=", "tank"]], {}]);
        assert_eq!(filters_on_id(filters.as_array().unwrap()), json!([["id", "=", "tank"]]));
    }

    #[test]
    fn core_is_asked_to_open_what_is_named_and_nothing_else() {
        let sent = |options: Value| {
            let mut wire = Wire { method: "pool.dataset.unlock", params: vec![json!("tank/a"), options] };
            translate_unlock(&mut wire).map(|()| wire.params[1].clone())
        };
        let row = json!({"name": "tank/a", "passphrase": "p"});
        let plain = json!({"datasets": [row], "recursive": true, "toggle_attachments": true});
        assert_eq!(sent(plain.clone()), Ok(plain));
        assert_eq!(sent(json!({"force": true})), Err(Feature::RenamedObstacles));
        let wide = json!({"datasets": [{"name": "tank/a", "key": "k", "recursive": true}]});
        assert_eq!(sent(wide), Err(Feature::KeyForChildren));
    }

    #[test]
    fn core_makes_a_dataset_first_and_its_user_properties_after() {
        let body = json!({"name": "tank/a", "user_properties": [{"key": "a:b", "value": "1"}]});
        let (settings, properties) = made_on_core(&[body]).unwrap();
        assert_eq!(json!(settings), json!({"name": "tank/a"}));
        assert_eq!(properties, [json!({"key": "a:b", "value": "1"})]);
        let deep = json!({"name": "tank/a/b", "create_ancestors": true});
        assert_eq!(made_on_core(&[deep]), Err(Feature::Ancestors));
    }

    #[test]
    fn a_property_is_held_where_it_is_listed() {
        let listed = json!([{"id": "tank/a", "properties": {"a:b": {"value": "1", "source": "INHERITED"}}}]);
        assert!(holds(&listed, &json!("a:b")) && !holds(&listed, &json!("a:c")));
        assert!(!holds(&json!([]), &json!("a:b")) && !holds(&Value::Null, &json!("a:b")));
    }
}
