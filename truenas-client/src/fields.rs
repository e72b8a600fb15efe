//! The fields of a request that an appliance refuses, as a person knows them.

use std::collections::BTreeMap;

use safe_text::{lines, safe};
use serde_json::Value;

/// One field that the appliance refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field's path, such as `cloud_sync_create.path`, without the names that only the appliance's program knows.
    pub attribute: String,
    /// What is wrong with it, in the appliance's words.
    pub message: String,
    /// The middleware's error number.
    pub errno: i64,
}

impl FieldError {
    /// With what the appliance says, less the secrets in it.
    pub(crate) fn new(attribute: &str, message: &str, errno: i64) -> Self {
        Self { attribute: safe(attribute).into_owned(), message: lines(message).into_owned(), errno }
    }
}

/// `[[attribute, message, errno], …]`; without that list the reason is taken for the whole request.
pub(crate) fn fields(extra: &Value, reason: Option<String>) -> Vec<FieldError> {
    let text = |row: &Value, place: usize| row[place].as_str().unwrap_or_default().to_owned();
    match extra.as_array() {
        Some(rows) if !rows.is_empty() => {
            let said = rows.iter().map(|row| Said {
                path: parts(&text(row, 0)),
                message: text(row, 1),
                errno: row[2].as_i64().unwrap_or_default(),
            });
            as_a_person_knows(said.collect())
        }
        _ => vec![FieldError::new("request", &reason.unwrap_or_default(), 22)],
    }
}

#[derive(Clone, PartialEq)]
struct Said {
    path: Vec<String>,
    message: String,
    errno: i64,
}

/// A value that may be of several forms is checked against each, and what is wrong with it as each of them is reported, with the
/// form's name in the path: a class, a tag or a type (pydantic 2, as the middleware uses it from 25.04). Only what is wrong with it as the form
/// that it comes closest to is kept, and the names are dropped.
fn as_a_person_knows(mut said: Vec<Said>) -> Vec<FieldError> {
    // The innermost first: a form whose own parts fit is nearer than one whose parts do not.
    let innermost = |said: &[Said]| {
        said.iter().filter_map(|it| it.path.iter().skip(1).rposition(|part| is_form(part))).max()
    };
    while let Some(depth) = innermost(&said) {
        let form = depth + 1;
        let mut misfits: BTreeMap<(Vec<String>, String), usize> = BTreeMap::new();
        let key = |it: &Said| {
            let name = it.path.get(form).filter(|part| is_form(part))?;
            Some((it.path[..form].to_vec(), name.clone()))
        };
        for it in &said {
            if let Some(key) = key(it) {
                *misfits.entry(key).or_default() += usize::from(is_misfit(&it.message));
            }
        }
        let is_meant = |it: &Said| {
            key(it).is_none_or(|(before, name)| {
                let least =
                    misfits.iter().filter(|((of, _), _)| *of == before).map(|(_, count)| *count).min();
                misfits.get(&(before, name)).copied() == least
            })
        };
        said.retain(is_meant);
        for it in &mut said {
            if it.path.get(form).is_some_and(|part| is_form(part)) {
                it.path.remove(form);
            }
        }
    }
    let mut known: Vec<FieldError> = Vec::new();
    for it in said {
        let field = FieldError::new(&it.path.join("."), &it.message, it.errno);
        if !known.contains(&field) {
            known.push(field);
        }
    }
    known
}

/// The parts of a path. Points in brackets part nothing: `function-after[a.b(), str]` is one name.
fn parts(attribute: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let split = attribute.split(|c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    });
    split.map(str::to_owned).collect()
}

/// Whether a part of a path names a form and no field: the middleware's fields are in lower case, with underscores.
fn is_form(part: &str) -> bool {
    let is_type = matches!(
        part,
        "int" | "str" | "bool" | "float" | "none" | "bytes" | "constrained-str" | "constrained-int"
    );
    let is_composed = part.contains('[') && part.ends_with(']');
    let is_name = part.starts_with(|c: char| c.is_ascii_uppercase())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_type || is_composed || is_name
}

/// Whether a message says that the value is not of this form at all, rather than that it is a bad one of this form.
fn is_misfit(message: &str) -> bool {
    [
        "Field required",
        "Extra inputs are not permitted",
        "Input should be a valid ",
        "Input should be '",
        "Input should be None",
    ]
    .iter()
    .any(|start| message.starts_with(start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn named(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        let extra: Vec<Value> =
            rows.iter().map(|(attribute, message)| json!([attribute, message, 22])).collect();
        fields(&json!(extra), None).into_iter().map(|field| (field.attribute, field.message)).collect()
    }

    #[test]
    fn tags_classes_and_types_are_dropped_from_the_names_of_fields() {
        for (attribute, shown) in [
            ("cloud_sync_create.path", "cloud_sync_create.path"),
            ("bwlimit.1.time", "bwlimit.1.time"),
            ("chunk_size", "chunk_size"),
            ("cloud_sync_credentials_create.provider.B2.key", "cloud_sync_credentials_create.provider.key"),
            ("x.provider.GOOGLE_CLOUD_STORAGE.token", "x.provider.token"),
            (
                "keychain_credential_create.KeychainCredentialCreateSSHCredentialsEntry.attributes.host",
                "keychain_credential_create.attributes.host",
            ),
            (
                "data.PoolDatasetCreateFilesystem.encryption_options.passphrase",
                "data.encryption_options.passphrase",
            ),
            ("id_or_name.int", "id_or_name"),
            ("user_properties_update.0.value.constrained-str", "user_properties_update.0.value"),
            ("snmp_update.contact.function-after[validate.email(), str]", "snmp_update.contact"),
            ("snmp_update.contact.list[str].0", "snmp_update.contact.0"),
            ("a.Some.B2.key.int", "a.key"),
            // The first part is the parameter's own name.
            ("B2", "B2"),
            ("", ""),
        ] {
            assert_eq!(named(&[(attribute, "no")]), [(shown.to_owned(), "no".to_owned())], "{attribute}");
        }
    }

    #[test]
    fn of_a_value_of_several_forms_only_the_one_that_was_meant_is_named() {
        let only = |attribute: &str, message: &str| vec![(attribute.to_owned(), message.to_owned())];
        let short = "String should have at least 8 characters";
        for (rows, expected) in [
            (
                &[
                    ("data.PoolDatasetCreateFilesystem.encryption_options.passphrase", short),
                    ("data.PoolDatasetCreateVolume.encryption_options.passphrase", short),
                    ("data.PoolDatasetCreateVolume.type", "Input should be 'VOLUME'"),
                    ("data.PoolDatasetCreateVolume.volsize", "Field required"),
                ][..],
                only("data.encryption_options.passphrase", short),
            ),
            (
                &[
                    ("id_or_name.int", "Input should be a valid integer"),
                    ("id_or_name.str", "String should have at most 1024 characters"),
                ],
                only("id_or_name", "String should have at most 1024 characters"),
            ),
            (
                &[
                    ("id_or_name.int", "Input should be greater than 0"),
                    ("id_or_name.str", "Input should be a valid string"),
                ],
                only("id_or_name", "Input should be greater than 0"),
            ),
            (
                &[
                    ("contact.function-after[a(), str]", "not an address"),
                    ("contact.constrained-str", "not an address"),
                ],
                only("contact", "not an address"),
            ),
            (
                &[
                    ("a.X.b.int", "Input should be a valid integer"),
                    ("a.X.b.str", "too long"),
                    ("a.Y.c", "Field required"),
                ],
                only("a.b", "too long"),
            ),
        ] {
            assert_eq!(named(rows), expected);
        }
        // Which was meant cannot be told: both are shown.
        let both = named(&[("a.X.b", "no"), ("a.Y.c", "no"), ("a.d", "no")]);
        assert_eq!(both.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a.b", "a.c", "a.d"]);
    }

    #[test]
    fn without_a_list_the_whole_request_is_refused() {
        assert_eq!(fields(&Value::Null, Some("no".into())), [FieldError::new("request", "no", 22)]);
        assert_eq!(fields(&json!([]), None), [FieldError::new("request", "", 22)]);
    }

    proptest! {
        /// Something is always said, whatever the paths look like, and what is said names no form.
        #[test]
        fn a_refusal_always_names_something(
            paths in proptest::collection::vec("[a-z]{1,4}(\\.([a-z_]{1,6}|[A-Z][A-Za-z0-9]{0,5}|int|str|[0-9]|f\\[a\\.b\\])){0,5}", 1..6)
        ) {
            let rows: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "Field required")).collect();
            let found = named(&rows);
            prop_assert!(!found.is_empty());
            for (name, _) in &found {
                prop_assert!(!parts(name).iter().skip(1).any(|part| is_form(part)), "{name}");
            }
        }
    }
}
