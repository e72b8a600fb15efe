//! Cloud sync tasks before 25.04, whose credential is of the old shape, and on CORE, which refuses what it does not know.

use serde_json::{Value, json};

use super::{Feature, Wire, credentials};

/// What CORE does not know: what it means to leave it out, and what cannot be had without it (TrueNAS middleware 13.3, the schema of
/// `cloudsync.create`).
fn unknown() -> [(&'static str, Value, Feature); 2] {
    [
        ("create_empty_src_dirs", json!(false), Feature::EmptyDirectories),
        ("include", json!([]), Feature::IncludeFilters),
    ]
}

pub(super) fn translate(wire: &mut Wire) -> Result<(), Feature> {
    leave_out(wire.params.last_mut())
}

/// The first parameter is what would be a task.
pub(super) fn translate_first(wire: &mut Wire) -> Result<(), Feature> {
    leave_out(wire.params.first_mut())
}

fn leave_out(task: Option<&mut Value>) -> Result<(), Feature> {
    let Some(fields) = task.and_then(Value::as_object_mut) else { return Ok(()) };
    for (name, without, feature) in unknown() {
        if fields.remove(name).is_some_and(|value| value != without) {
            return Err(feature);
        }
    }
    Ok(())
}

/// A task, or a list of them: its credential into the canonical shape.
pub(super) fn restore(answer: Value) -> Value {
    match answer {
        Value::Array(rows) => Value::Array(rows.into_iter().map(restore).collect()),
        Value::Object(mut fields) => {
            if let Some(credential) = fields.get_mut("credentials") {
                *credential = credentials::restore(credential.take());
            }
            Value::Object(fields)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_core_does_not_know_is_left_out_when_it_asks_for_nothing() {
        for (body, expected) in [
            (json!({"path": "/mnt/tank"}), Ok(json!({"path": "/mnt/tank"}))),
            (
                json!({"path": "/mnt/tank", "include": [], "create_empty_src_dirs": false}),
                Ok(json!({"path": "/mnt/tank"})),
            ),
            (json!({"include": ["/a/**"]}), Err(Feature::IncludeFilters)),
            (json!({"create_empty_src_dirs": true}), Err(Feature::EmptyDirectories)),
        ] {
            let mut wire = Wire { method: "cloudsync.update", params: vec![json!(7), body] };
            assert_eq!(translate(&mut wire).map(|()| wire.params[1].clone()), expected);
            assert_eq!(wire.params[0], json!(7));
        }
    }

    #[test]
    fn the_credential_in_a_task_is_of_the_canonical_shape() {
        let old = json!({"id": 9, "credentials": {"id": 5, "name": "x", "provider": "B2", "attributes": {"account": "a"}}});
        let restored = json!({"id": 9, "credentials": {"id": 5, "name": "x", "provider": {"type": "B2", "account": "a"}}});
        assert_eq!(restore(json!([old.clone()])), json!([restored.clone()]));
        assert_eq!(restore(old), restored);
    }
}
