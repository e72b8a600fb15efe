//! An item by itself, and the one field of it that a reference names.

use safe_text::SecretString;
use serde::{Deserialize, Deserializer};

use crate::one_password::failure::OnePasswordFailure;
use crate::one_password::reference::SecretReference;

/// An item with its fields. Members that are not needed are left aside.
#[derive(Deserialize)]
pub(super) struct Item {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    vault: Option<VaultId>,
    #[serde(default)]
    pub(super) state: Option<String>,
    #[serde(default, deserialize_with = "null_is_empty")]
    sections: Vec<Section>,
    #[serde(default, deserialize_with = "null_is_empty")]
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct VaultId {
    id: String,
}

#[derive(Deserialize)]
struct Section {
    id: String,
    #[serde(default)]
    label: Option<String>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default, deserialize_with = "hidden")]
    value: Option<SecretString>,
    #[serde(default)]
    section: Option<SectionId>,
}

#[derive(Deserialize)]
struct SectionId {
    id: String,
}

/// A list, which may be null where there is nothing in it.
fn null_is_empty<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A value, whose first copy is overwritten.
fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(SecretString::from))
}

/// Whether an id or a label is the name that is looked for; capitals count for small letters.
fn is_named(id: Option<&str>, label: Option<&str>, wanted: &str) -> bool {
    [id, label].into_iter().flatten().any(|name| name.eq_ignore_ascii_case(wanted))
}

impl Item {
    /// Whether it says of itself that it is the item of this id, in this vault; what it does not say is no contradiction.
    pub(super) fn is(&self, id: &str, vault: &str) -> bool {
        let says = |said: Option<&str>, expected: &str| said.is_none_or(|said| said == expected);
        says(self.id.as_deref(), id) && says(self.vault.as_ref().map(|vault| vault.id.as_str()), vault)
    }

    /// The value of the one field that the reference names. Without a section, every field of the item is looked at.
    pub(super) fn value(self, reference: &SecretReference) -> Result<SecretString, OnePasswordFailure> {
        let section = reference.section().map(|wanted| self.section(wanted)).transpose()?;
        let is_in = |field: &Field| {
            section.as_ref().is_none_or(|id| field.section.as_ref().is_some_and(|section| section.id == *id))
        };
        let wanted = reference.field();
        let named = |field: &Field| is_named(field.id.as_deref(), field.label.as_deref(), wanted);
        let found: Vec<Field> =
            self.fields.into_iter().filter(|field| is_in(field) && named(field)).collect();
        match <[Field; 1]>::try_from(found) {
            Ok([Field { value: Some(value), .. }]) if !value.expose_secret().is_empty() => Ok(value),
            Ok(_) => Err(OnePasswordFailure::NoValue),
            Err(none) if none.is_empty() => {
                Err(OnePasswordFailure::NotFound(format!("the item has no field {wanted:?}")))
            }
            Err(several) => Err(OnePasswordFailure::Ambiguous(format!(
                "{} fields of the item have the name {wanted:?}",
                several.len()
            ))),
        }
    }

    /// The id of the one section of this name.
    fn section(&self, wanted: &str) -> Result<String, OnePasswordFailure> {
        let named = |it: &&Section| is_named(Some(&it.id), it.label.as_deref(), wanted);
        let found: Vec<&Section> = self.sections.iter().filter(named).collect();
        match found[..] {
            [section] => Ok(section.id.clone()),
            [] => Err(OnePasswordFailure::NotFound(format!("the item has no section {wanted:?}"))),
            _ => Err(OnePasswordFailure::Ambiguous(format!(
                "{} sections of the item have the name {wanted:?}",
                found.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OnePasswordFailure::{Ambiguous, NoValue, NotFound};

    const ITEM: &str = r#"{"id": "x", "title": "B2", "unknown": [1], "sections": [{"id": "s1", "label": "Test"}, {"id": "s2"},
        {"id": "s3", "label": "twice"}, {"id": "s4", "label": "Twice"}],
        "fields": [{"id": "f1", "label": "Key", "value": "plain", "type": "OF_A_LATER_YEAR"},
            {"id": "f2", "label": "key", "value": "tested", "section": {"id": "s1"}},
            {"id": "password", "label": "pass", "value": "word"}, {"id": "f4", "label": "empty", "value": ""},
            {"id": "f5", "label": "none"}, {"label": "null", "value": null, "section": null},
            {"id": "f6", "label": "F7", "value": "a"}, {"id": "f7", "label": "other", "value": "b"}]}"#;

    fn read(path: &str) -> Result<String, OnePasswordFailure> {
        let item: Item = serde_json::from_str(ITEM).unwrap();
        let reference = format!("op://v/B2/{path}").parse().unwrap();
        item.value(&reference).map(|value| value.expose_secret().to_owned())
    }

    #[test]
    fn e7_the_one_field_is_found_by_label_id_and_section() {
        for (path, value) in [
            ("f1", "plain"),
            ("test/KEY", "tested"),
            ("s1/f2", "tested"),
            ("Pass", "word"),
            ("password", "word"),
        ] {
            assert_eq!(read(path).as_deref(), Ok(value), "{path}");
        }
        for path in ["absent", "s2/key", "absent/key", "x", "s1/f1"] {
            assert!(matches!(read(path), Err(NotFound(_))), "{path}");
        }
        // Nobody knows which of two is meant, by label or by another's id.
        for path in ["key", "twice/key", "f7"] {
            assert!(matches!(read(path), Err(Ambiguous(_))), "{path}");
        }
        for path in ["empty", "none", "null"] {
            assert_eq!(read(path), Err(NoValue), "{path}");
        }
    }
}
