//! Whether a value has the form that a schema asks for. It knows the words that the published schemas use, and no others.

use serde_json::{Map, Value};

/// Words that say something to people and ask for nothing.
const ANNOTATIONS: [&str; 6] = ["$schema", "$id", "$defs", "title", "description", "format"];

/// What of the value is not as the schema, a part of `root`, says.
pub(super) fn problems(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = schema.as_object().unwrap_or_else(|| panic!("{at}: {schema} is no schema"));
    let asked = schema.iter().filter(|(word, _)| !ANNOTATIONS.contains(&word.as_str()));
    asked.flat_map(|(word, asked)| of_word(root, schema, (word, asked), value, at)).collect()
}

fn of_word(
    root: &Value,
    schema: &Map<String, Value>,
    (word, asked): (&str, &Value),
    value: &Value,
    at: &str,
) -> Vec<String> {
    let unless = |holds: bool| if holds { vec![] } else { vec![format!("{at}: {word} {asked}: {value}")] };
    match word {
        "$ref" => {
            let name = asked.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
            problems(root, &root["$defs"][name], value, at)
        }
        "const" => unless(asked == value),
        "enum" => unless(asked.as_array().unwrap().contains(value)),
        "type" => unless(is_of(asked.as_str().unwrap(), value)),
        "minimum" => unless(value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap())),
        "required" => {
            let Some(object) = value.as_object() else { return vec![] };
            let names = asked.as_array().unwrap().iter().filter_map(Value::as_str);
            let missing = names.filter(|name| !object.contains_key(*name));
            missing.map(|name| format!("{at}: {name} is missing")).collect()
        }
        "items" => {
            let items = value.as_array().into_iter().flatten().enumerate();
            items.flat_map(|(number, item)| problems(root, asked, item, &format!("{at}/{number}"))).collect()
        }
        "additionalProperties" if schema.contains_key("properties") => vec![],
        "properties" | "additionalProperties" => members(root, schema, value, at),
        "oneOf" | "anyOf" => of_forms(root, word, asked.as_array().unwrap(), value, at),
        _ => panic!("{at}: the word {word} is not understood"),
    }
}

/// Each member by its own schema, and one without any by that of all others.
fn members(root: &Value, schema: &Map<String, Value>, value: &Value, at: &str) -> Vec<String> {
    let object = value.as_object().into_iter().flatten();
    let of_member = |(name, value): (&String, &Value)| {
        let at = format!("{at}/{name}");
        let own = schema.get("properties").and_then(|properties| properties.get(name));
        match own.or_else(|| schema.get("additionalProperties")) {
            Some(Value::Bool(false)) => vec![format!("{at}: is not in the schema")],
            None | Some(Value::Bool(true)) => vec![],
            Some(asked) => problems(root, asked, value, &at),
        }
    };
    object.flat_map(of_member).collect()
}

/// How many forms it has, and, if it is the wrong number, what keeps it from each.
fn of_forms(root: &Value, word: &str, forms: &[Value], value: &Value, at: &str) -> Vec<String> {
    let found: Vec<Vec<String>> = forms.iter().map(|form| problems(root, form, value, at)).collect();
    let fitting = found.iter().filter(|found| found.is_empty()).count();
    if fitting == 1 || (fitting > 1 && word == "anyOf") {
        return vec![];
    }
    let head = format!("{at}: has {fitting} of {} forms", forms.len());
    std::iter::once(head).chain(found.into_iter().flatten()).collect()
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => panic!("there is no type {kind}"),
    }
}
