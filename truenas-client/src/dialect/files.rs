//! Files on CORE and before 25.04: what an entry is has to be read from its mode.

use serde_json::{Value, json};

/// The kinds of a mode, as every Unix numbers them (`sys/stat.h`, `S_IFMT`).
const KIND: u64 = 0o170_000;
const DIRECTORY: u64 = 0o040_000;
const REGULAR: u64 = 0o100_000;
const SYMLINK: u64 = 0o120_000;

/// Adds the kind where the release leaves it out (TrueNAS middleware 24.10, the result of `filesystem.stat`).
pub(super) fn restore_stat(mut answer: Value) -> Value {
    if let Some(fields) = answer.as_object_mut()
        && !fields.contains_key("type")
        && let Some(mode) = fields.get("mode").and_then(Value::as_u64)
    {
        let kind = match mode & KIND {
            DIRECTORY => "DIRECTORY",
            REGULAR => "FILE",
            SYMLINK => "SYMLINK",
            _ => "OTHER",
        };
        fields.insert("type".into(), json!(kind));
    }
    answer
}

/// CORE does not know the size of an entry that vanished meanwhile (TrueNAS middleware 13.3, `plugins/filesystem.py`): such an entry is left out.
pub(super) fn restore_list(answer: Value) -> Value {
    match answer {
        Value::Array(entries) => Value::Array(
            entries.into_iter().filter(|entry| entry.get("size") != Some(&Value::Null)).collect(),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_read_from_the_mode_where_it_is_not_said() {
        for (mode, kind) in
            [(0o040_755, "DIRECTORY"), (0o100_644, "FILE"), (0o120_777, "SYMLINK"), (0o020_666, "OTHER")]
        {
            assert_eq!(restore_stat(json!({"mode": mode}))["type"], kind);
        }
        assert_eq!(restore_stat(json!({"mode": 0o100_644, "type": "SYMLINK"}))["type"], "SYMLINK");
        assert_eq!(restore_stat(json!({"size": 1})), json!({"size": 1}));
    }

    #[test]
    fn an_entry_that_vanished_is_left_out() {
        let listed =
            json!([{"name": "a", "size": 3}, {"name": "gone", "size": null}, {"name": "b", "size": 0}]);
        let names: Vec<Value> =
            restore_list(listed).as_array().unwrap().iter().map(|e| e["name"].clone()).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
