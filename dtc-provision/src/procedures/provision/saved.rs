//! A plan that was saved as JSON.

use serde_json::Value;

use super::format::PLAN_FORMAT;
use super::plan::Plan;

/// Why a text is no plan that was saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPlan {
    /// It is no JSON, or not of a plan's form.
    #[error("{0}")]
    Unreadable(String),
    /// It says more or other than a plan does: a field that is not understood could be one that somebody relies on.
    #[error("{0} is nothing that this program has saved")]
    NotUnderstood(String),
    /// It was saved by another version: anything else in it may differ.
    #[error("it has format {0}, and this program reads format {PLAN_FORMAT}")]
    OtherFormat(u64),
    /// It does not say which format it has.
    #[error("it does not say which format it has")]
    NoFormat,
}

impl From<serde_json::Error> for InvalidPlan {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl Plan {
    /// Reads a plan that was saved as JSON.
    ///
    /// # Errors
    /// What is no plan, was saved in another format, or says more than a plan does.
    pub fn from_json(text: &str) -> Result<Self, InvalidPlan> {
        let saved: Value = serde_json::from_str(text)?;
        // A plan of another format may differ in anything else: that is said, and nothing about a field.
        match saved["format"].as_u64() {
            Some(format) if format == u64::from(PLAN_FORMAT) => {}
            Some(format) => return Err(InvalidPlan::OtherFormat(format)),
            None => return Err(InvalidPlan::NoFormat),
        }
        let plan: Self = serde_json::from_value(saved.clone())?;
        match difference(&saved, &serde_json::to_value(&plan)?) {
            None => Ok(plan),
            Some(at) => Err(InvalidPlan::NotUnderstood(at)),
        }
    }
}

/// The first place where a saved value is not what was understood of it.
fn difference(saved: &Value, understood: &Value) -> Option<String> {
    let within = |at: &str, saved: &Value, understood: &Value| {
        let inner = difference(saved, understood)?;
        Some(if inner.is_empty() { at.to_owned() } else { format!("{at}.{inner}") })
    };
    match (saved, understood) {
        (Value::Object(saved), Value::Object(understood)) => {
            let mut names = saved.keys().chain(understood.keys());
            names.find_map(|name| match (saved.get(name), understood.get(name)) {
                (Some(saved), Some(understood)) => within(name, saved, understood),
                _ => Some(name.clone()),
            })
        }
        (Value::Array(saved), Value::Array(understood)) if saved.len() == understood.len() => {
            let mut pairs = saved.iter().zip(understood).enumerate();
            pairs.find_map(|(number, (saved, understood))| within(&number.to_string(), saved, understood))
        }
        _ => (saved != understood).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn x1_what_was_saved_and_is_not_understood_is_named() {
        let understood = json!({ "a": { "b": [1, { "c": null }] }, "d": "x" });
        assert_eq!(difference(&understood, &understood), None);
        for (saved, at) in [
            (json!({ "a": { "b": [1, { "c": null }] }, "d": "x", "e": 1 }), "e"),
            (json!({ "a": { "b": [1, { "c": null, "C": 1 }] }, "d": "x" }), "a.b.1.C"),
            (json!({ "a": { "b": [1, { "c": null }], "f": null }, "d": "x" }), "a.f"),
            (json!({ "a": { "b": [1, { "c": null }, 2] }, "d": "x" }), "a.b"),
            (json!({ "a": { "b": [1, { "c": null }] }, "d": "X" }), "d"),
            (json!({ "a": { "b": [1, { "c": null }] } }), "d"),
        ] {
            assert_eq!(difference(&saved, &understood).as_deref(), Some(at), "{saved}");
        }
    }

    #[test]
    fn x1_a_text_that_is_no_saved_plan_says_why() {
        assert!(matches!(Plan::from_json("{"), Err(InvalidPlan::Unreadable(_))));
        assert_eq!(Plan::from_json("{}").unwrap_err(), InvalidPlan::NoFormat);
        assert_eq!(Plan::from_json("{\"format\": 99}").unwrap_err(), InvalidPlan::OtherFormat(99));
    }
}
