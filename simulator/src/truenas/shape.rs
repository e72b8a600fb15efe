//! The shapes of arguments, checked as strictly as the appliance checks them: no coercion, no unknown field.
//!
//! Texts of complaints are pydantic's, which 25.10 hands through (TrueNAS middleware 25.10, `api/base/handler/accept.py`).

use serde_json::{Map, Value};

use super::refusal::Complaint;

/// The most characters of a plain string (TrueNAS middleware 25.10, `api/base/types/string.py`).
const PLAIN: usize = 1024;

/// What a value must be.
#[derive(Debug)]
pub(super) enum Kind {
    /// A string of at most 1,024 characters.
    Text,
    /// A string of at most 1,024 characters, at least one.
    Filled,
    /// A string of any length.
    LongText,
    Bool,
    /// An integer within these bounds, inclusive.
    Int(i64, i64),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    List(&'static Kind),
    Object(&'static [Field]),
    /// The fields of an object, each of which may be absent and has no default: what an update takes.
    Partial(&'static [Field]),
    Nullable(&'static Kind),
    /// Either of two.
    Either(&'static Kind, &'static Kind),
    /// A value that another test must accept too; the text says what it should be.
    That(&'static Kind, fn(&str) -> bool, &'static str),
    /// A value that another test must accept too, once it is complete; the test says what is wrong with it.
    Valid(&'static Kind, fn(&Value) -> Result<(), String>),
    AnyObject,
    Any,
}

/// Any integer.
pub(super) const INT: Kind = Kind::Int(i64::MIN, i64::MAX);

/// A field of an object, or a parameter of a method.
#[derive(Debug)]
pub(super) struct Field {
    name: &'static str,
    kind: Kind,
    need: Need,
}

#[derive(Debug)]
enum Need {
    Required,
    Optional,
    /// JSON text of the default.
    Default(&'static str),
}

impl Field {
    pub(super) const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Required }
    }

    pub(super) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Optional }
    }

    pub(super) const fn or(name: &'static str, kind: Kind, default: &'static str) -> Self {
        Self { name, kind, need: Need::Default(default) }
    }
}

/// Checks positional parameters and fills the defaults in; the answer has one value per parameter.
pub(super) fn check_params(fields: &[Field], given: &[Value]) -> Result<Vec<Value>, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut values = Vec::with_capacity(fields.len());
    if given.len() > fields.len() {
        let text = format!("Too many arguments (expected {}, found {})", fields.len(), given.len());
        complaints.push(Complaint::new("", text));
    }
    for (index, field) in fields.iter().enumerate() {
        let value = resolve(field, given.get(index), field.name, &mut complaints);
        values.push(value.unwrap_or(Value::Null));
    }
    if complaints.is_empty() { Ok(values) } else { Err(complaints) }
}

fn resolve(
    field: &Field,
    given: Option<&Value>,
    path: &str,
    complaints: &mut Vec<Complaint>,
) -> Option<Value> {
    match (given, &field.need) {
        (Some(value), _) => Some(check(&field.kind, value, path, complaints)),
        (None, Need::Optional) => None,
        (None, Need::Required) => {
            complaints.push(Complaint::new(path, "Field required"));
            None
        }
        (None, Need::Default(json)) => {
            let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
            Some(check(&field.kind, &value, path, complaints))
        }
    }
}

/// Checks one value; what comes back has defaults filled in and is of use only without complaints.
fn check(kind: &Kind, value: &Value, path: &str, complaints: &mut Vec<Complaint>) -> Value {
    match (kind, value) {
        (Kind::Object(fields), Value::Object(given)) => {
            return object(fields, given, path, Absent::Defaulted, complaints);
        }
        (Kind::Partial(fields), Value::Object(given)) => {
            return object(fields, given, path, Absent::LeftOut, complaints);
        }
        (Kind::List(item), Value::Array(items)) => {
            return items
                .iter()
                .enumerate()
                .map(|(index, value)| check(item, value, &format!("{path}.{index}"), complaints))
                .collect();
        }
        (Kind::Nullable(_), Value::Null) => return Value::Null,
        (Kind::Nullable(inner), _) => return check(inner, value, path, complaints),
        (Kind::Either(first, second), _) => {
            let mut mine = Vec::new();
            let checked = check(first, value, path, &mut mine);
            if mine.is_empty() {
                return checked;
            }
            return check(second, value, path, complaints);
        }
        (Kind::That(inner, accepts, text), _) => {
            let before = complaints.len();
            let checked = check(inner, value, path, complaints);
            let refused = checked.as_str().is_some_and(|s| !accepts(s));
            if complaints.len() == before && refused {
                complaints.push(Complaint::new(path, *text));
            }
            return checked;
        }
        (Kind::Valid(inner, test), _) => {
            let before = complaints.len();
            let checked = check(inner, value, path, complaints);
            if complaints.len() == before
                && let Err(text) = test(&checked)
            {
                complaints.push(Complaint::new(path, text));
            }
            return checked;
        }
        _ => {}
    }
    if let Some(text) = scalar_complaint(kind, value) {
        complaints.push(Complaint::new(path, text));
    }
    value.clone()
}

#[derive(Clone, Copy)]
enum Absent {
    Defaulted,
    LeftOut,
}

fn object(
    fields: &[Field],
    given: &Map<String, Value>,
    path: &str,
    absent: Absent,
    complaints: &mut Vec<Complaint>,
) -> Value {
    let mut checked = Map::new();
    for field in fields {
        let at = format!("{path}.{}", field.name);
        let value = given.get(field.name);
        if value.is_none() && matches!(absent, Absent::LeftOut) {
            continue;
        }
        if let Some(value) = resolve(field, value, &at, complaints) {
            checked.insert(field.name.to_owned(), value);
        }
    }
    for name in given.keys() {
        if !fields.iter().any(|field| field.name == name) {
            let at = format!("{path}.{name}");
            complaints.push(Complaint::new(at, "Extra inputs are not permitted"));
        }
    }
    Value::Object(checked)
}

fn scalar_complaint(kind: &Kind, value: &Value) -> Option<String> {
    let text = |ok: bool, text: &str| (!ok).then(|| text.to_owned());
    match kind {
        Kind::Text | Kind::Filled | Kind::LongText => {
            let Some(string) = value.as_str() else {
                return Some("Input should be a valid string".to_owned());
            };
            let length = string.chars().count();
            if length > PLAIN && !matches!(kind, Kind::LongText) {
                return Some(format!("String should have at most {PLAIN} characters"));
            }
            let filled = length > 0 || !matches!(kind, Kind::Filled);
            text(filled, "String should have at least 1 character")
        }
        Kind::Bool => text(value.is_boolean(), "Input should be a valid boolean"),
        Kind::Int(low, high) => match value.as_i64() {
            None => Some("Input should be a valid integer".to_owned()),
            Some(n) if n < *low => Some(format!("Input should be greater than {}", low - 1)),
            Some(n) if n > *high => Some(format!("Input should be less than or equal to {high}")),
            Some(_) => None,
        },
        Kind::OneOf(choices) => {
            let known = value.as_str().is_some_and(|s| choices.contains(&s));
            (!known).then(|| {
                let quoted: Vec<String> = choices.iter().map(|c| format!("'{c}'")).collect();
                format!("Input should be {}", quoted.join(" or "))
            })
        }
        Kind::List(_) => text(false, "Input should be a valid list"),
        Kind::Object(_) | Kind::Partial(_) => text(false, "Input should be a valid dictionary"),
        Kind::AnyObject => text(value.is_object(), "Input should be a valid dictionary"),
        Kind::Any | Kind::Nullable(_) | Kind::Either(..) | Kind::That(..) | Kind::Valid(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: &[Field] = &[
        Field::required("path", Kind::Filled),
        Field::or("enabled", Kind::Bool, "true"),
        Field::optional("rate", Kind::Nullable(&Kind::Int(1, i64::MAX))),
        Field::or("mode", Kind::OneOf(&["SYNC", "COPY"]), "\"SYNC\""),
    ];
    const PARAMS: &[Field] = &[
        Field::required("thing", Kind::Object(SHAPE)),
        Field::or("options", Kind::Object(&[Field::or("get", Kind::Bool, "false")]), "{}"),
    ];

    fn complaints(given: &Value) -> Vec<String> {
        let found = check_params(PARAMS, std::slice::from_ref(given)).unwrap_err();
        found.into_iter().map(|c| c.attribute).collect()
    }

    #[test]
    fn defaults_are_filled_in() {
        let values = check_params(PARAMS, &[json!({"path": "/mnt/a", "rate": null})]).unwrap();
        let thing = json!({"path": "/mnt/a", "enabled": true, "rate": null, "mode": "SYNC"});
        assert_eq!(values, [thing, json!({"get": false})]);
    }

    #[test]
    fn strings_are_no_numbers_and_unknown_fields_are_refused() {
        assert_eq!(complaints(&json!({})), ["thing.path"]);
        assert_eq!(complaints(&json!({"path": ""})), ["thing.path"]);
        assert_eq!(complaints(&json!({"path": "a", "enabled": 1})), ["thing.enabled"]);
        assert_eq!(complaints(&json!({"path": "a", "rate": "5"})), ["thing.rate"]);
        assert_eq!(complaints(&json!({"path": "a", "rate": 0})), ["thing.rate"]);
        assert_eq!(complaints(&json!({"path": "a", "mode": "MOVE"})), ["thing.mode"]);
        assert_eq!(complaints(&json!({"path": "a", "what": 1})), ["thing.what"]);
        assert!(check_params(PARAMS, &[]).is_err());
        assert!(check_params(PARAMS, &[json!({"path": "a"}), json!({}), json!(1)]).is_err());
    }
}
