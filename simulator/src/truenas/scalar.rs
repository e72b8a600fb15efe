//! Single values, held against what they must be: in pydantic's words and in those of the older schemas.

use serde_json::Value;

use super::shape::Kind;

/// The most characters of a plain string (TrueNAS middleware 25.10, `api/base/types/string.py`).
const PLAIN: usize = 1024;

/// What pydantic says of a value that is not of this kind.
pub(super) fn strict_complaint(kind: &Kind, value: &Value) -> Option<String> {
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
        Kind::Object(_) | Kind::Partial(_) | Kind::Tagged(..) => {
            text(false, "Input should be a valid dictionary")
        }
        Kind::AnyObject => text(value.is_object(), "Input should be a valid dictionary"),
        Kind::Any
        | Kind::Nullable(_)
        | Kind::Either(_)
        | Kind::That(..)
        | Kind::Valid(..)
        | Kind::ValidBy(..)
        | Kind::ValidSince(..) => None,
    }
}

/// A number from its digits, and a text from a number, as the older schemas read them.
pub(super) fn coerced(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Int(..), Value::String(digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        (Kind::Text | Kind::Filled | Kind::LongText, Value::Number(number)) if number.is_i64() => {
            number.to_string().into()
        }
        _ => value.clone(),
    }
}

/// What the older schemas say of a value that is not of this kind.
pub(super) fn lenient_complaint(kind: &Kind, value: &Value) -> Option<String> {
    if value.is_null() && !matches!(kind, Kind::Any) {
        return Some("null not allowed".to_owned());
    }
    let text = |ok: bool, text: &str| (!ok).then(|| text.to_owned());
    match kind {
        Kind::Text | Kind::Filled | Kind::LongText => {
            let Some(string) = value.as_str() else { return Some("Not a string".to_owned()) };
            let length = string.chars().count();
            if length > PLAIN && !matches!(kind, Kind::LongText) {
                return Some(format!("The value may not be longer than {PLAIN} characters"));
            }
            let filled = length > 0 || !matches!(kind, Kind::Filled);
            text(filled, "Empty value not allowed")
        }
        Kind::Bool => text(value.is_boolean(), "Not a boolean"),
        Kind::Int(low, high) => match value.as_i64() {
            None => Some("Not an integer".to_owned()),
            Some(n) if n < *low => Some(format!("Should be greater or equal than {low}")),
            Some(n) if n > *high => Some(format!("Should be less or equal than {high}")),
            Some(_) => None,
        },
        Kind::OneOf(choices) => {
            let known = value.as_str().is_some_and(|s| choices.contains(&s));
            (!known).then(|| format!("Invalid choice: {}", value.as_str().unwrap_or_default()))
        }
        Kind::List(_) => text(false, "Not a list"),
        Kind::Object(_) | Kind::Partial(_) | Kind::Tagged(..) => text(false, "A dict was expected"),
        Kind::AnyObject => text(value.is_object(), "A dict was expected"),
        Kind::Any
        | Kind::Nullable(_)
        | Kind::Either(_)
        | Kind::That(..)
        | Kind::Valid(..)
        | Kind::ValidBy(..)
        | Kind::ValidSince(..) => None,
    }
}
