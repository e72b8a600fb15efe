//! Replications on CORE, which knows less (TrueNAS middleware 13.3, the schemas of `replication.*`), and runs without a task before 25.10.

use serde_json::{Value, json};

use super::{Feature, Wire};

/// What CORE does not know, and what leaving it out means there.
fn unknown() -> [(&'static str, Value); 5] {
    [
        ("encryption_inherit", Value::Null),
        ("lifetimes", json!([])),
        ("name_regex", Value::Null),
        ("properties_override", json!({})),
        ("sudo", json!(false)),
    ]
}

/// The last parameter is the task, or what changes about it.
pub(super) fn translate(wire: &mut Wire) -> Result<(), Feature> {
    let Some(fields) = wire.params.last_mut().and_then(Value::as_object_mut) else { return Ok(()) };
    for (name, without) in unknown() {
        let is_nothing = |value: Value| value == without || value.is_null() || value == json!(false);
        if fields.remove(name).is_some_and(|value| !is_nothing(value)) {
            return Err(Feature::ReplicationOptions);
        }
    }
    Ok(())
}

/// CORE takes them one after the other.
pub(super) fn translate_count(wire: &mut Wire) -> Result<(), Feature> {
    let Some(fields) = wire.params.first_mut().and_then(Value::as_object_mut) else { return Ok(()) };
    if fields.get("name_regex").is_some_and(|regex| !regex.is_null()) {
        return Err(Feature::ReplicationOptions);
    }
    let names = ["datasets", "naming_schema", "transport", "ssh_credentials"];
    let params = names.map(|name| fields.remove(name).unwrap_or_default());
    wire.params = params.into();
    Ok(())
}

/// Before 25.10 everything is mounted.
pub(super) fn translate_once(wire: &mut Wire) -> Result<(), Feature> {
    let fields = wire.params.first_mut().and_then(Value::as_object_mut);
    match fields.and_then(|fields| fields.remove("mount")) {
        Some(Value::Bool(false)) => Err(Feature::ReplicationUnmounted),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_core_does_not_know_is_left_out_when_it_asks_for_nothing() {
        let nothing = json!({"name": "x", "sudo": false, "name_regex": null, "lifetimes": [], "properties_override": {},
            "encryption_inherit": null});
        for (body, expected) in [
            (nothing, Ok(json!({"name": "x"}))),
            (json!({"encryption_inherit": false}), Ok(json!({}))),
            (json!({"sudo": true}), Err(Feature::ReplicationOptions)),
            (json!({"name_regex": "auto-.*"}), Err(Feature::ReplicationOptions)),
            (json!({"properties_override": {"compression": "lz4"}}), Err(Feature::ReplicationOptions)),
            (json!({"encryption_inherit": true}), Err(Feature::ReplicationOptions)),
        ] {
            let mut wire = Wire { method: "replication.update", params: vec![json!(7), body] };
            assert_eq!(translate(&mut wire).map(|()| wire.params[1].clone()), expected);
        }
    }

    #[test]
    fn core_counts_snapshots_by_arguments_in_a_row() {
        let body = json!({"datasets": ["tank"], "naming_schema": ["a"], "transport": "LOCAL", "ssh_credentials": null});
        let mut wire = Wire { method: "replication.count_eligible_manual_snapshots", params: vec![body] };
        translate_count(&mut wire).unwrap();
        assert_eq!(json!(wire.params), json!([["tank"], ["a"], "LOCAL", null]));
    }

    #[test]
    fn leaving_unmounted_is_refused_where_everything_is_mounted() {
        for (mount, expected) in [(json!(true), Ok(())), (json!(false), Err(Feature::ReplicationUnmounted))] {
            let params = vec![json!({"mount": mount})];
            let mut wire = Wire { method: "replication.run_onetime", params };
            assert_eq!(translate_once(&mut wire), expected);
            assert_eq!(wire.params[0].get("mount"), None);
        }
    }
}
