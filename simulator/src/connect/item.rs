//! Items: what is in a vault.

use serde_json::{Value, json};

/// An item to be filed in a vault: its title, and its fields in order.
///
/// ```
/// use simulator::connect::Item;
///
/// let item = Item::new("Backblaze B2").field("application key", "K005…").field_in("test", "application key", "K001…");
/// assert_eq!(item, item.clone());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an item is nowhere until a vault has it"]
pub struct Item {
    title: String,
    category: &'static str,
    tags: Vec<String>,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    section: Option<String>,
    /// An id that every login has alike; the server draws the others.
    id: Option<&'static str>,
    purpose: Option<&'static str>,
    label: String,
    value: Option<String>,
}

impl Item {
    /// An item without fields.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), category: "API_CREDENTIAL", tags: Vec::new(), fields: Vec::new() }
    }

    /// A login: its fields have the ids `username` and `password`, as every login's.
    pub fn login(title: &str, username: &str, password: &str) -> Self {
        let field = |id: &'static str, purpose, value: &str| Field {
            section: None,
            id: Some(id),
            purpose: Some(purpose),
            label: id.to_owned(),
            value: Some(value.to_owned()),
        };
        let fields = vec![field("username", "USERNAME", username), field("password", "PASSWORD", password)];
        Self { category: "LOGIN", fields, ..Self::new(title) }
    }

    /// Adds a field that is in no section.
    pub fn field(self, label: &str, value: &str) -> Self {
        self.with(None, label, Some(value))
    }

    /// Adds a field to a section.
    pub fn field_in(self, section: &str, label: &str, value: &str) -> Self {
        self.with(Some(section), label, Some(value))
    }

    /// Adds a field that holds nothing.
    pub fn empty_field(self, label: &str) -> Self {
        self.with(None, label, None)
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: &str) -> Self {
        self.tags.push(tag.to_owned());
        self
    }

    fn with(mut self, section: Option<&str>, label: &str, value: Option<&str>) -> Self {
        self.fields.push(Field {
            section: section.map(str::to_owned),
            id: None,
            purpose: None,
            label: label.to_owned(),
            value: value.map(str::to_owned),
        });
        self
    }
}

/// An item in its vault, with the ids that the server gave to it and to what is in it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    pub(super) title: String,
    category: &'static str,
    pub(super) tags: Vec<String>,
    /// Id and label of each.
    sections: Vec<(String, String)>,
    fields: Vec<StoredField>,
    pub(super) is_archived: bool,
    version: u32,
    created: jiff::Timestamp,
    updated: jiff::Timestamp,
}

#[derive(Clone, Debug)]
struct StoredField {
    id: String,
    section: Option<String>,
    purpose: Option<&'static str>,
    label: String,
    value: Option<String>,
}

impl Stored {
    /// Files an item; `new_id` draws an id.
    pub(super) fn new(item: &Item, new_id: impl Fn() -> String, now: jiff::Timestamp) -> Self {
        let mut sections: Vec<(String, String)> = Vec::new();
        let mut fields = Vec::new();
        for field in &item.fields {
            let section = field.section.as_ref().map(|label| {
                let known = sections.iter().find(|(_, known)| known == label).map(|(id, _)| id.clone());
                known.unwrap_or_else(|| {
                    let id = new_id();
                    sections.push((id.clone(), label.clone()));
                    id
                })
            });
            fields.push(StoredField {
                id: field.id.map_or_else(&new_id, str::to_owned),
                section,
                purpose: field.purpose,
                label: field.label.clone(),
                value: field.value.clone(),
            });
        }
        Self {
            id: new_id(),
            title: item.title.clone(),
            category: item.category,
            tags: item.tags.clone(),
            sections,
            fields,
            is_archived: false,
            version: 1,
            created: now,
            updated: now,
        }
    }

    /// Replaces the value of every field of this label, and says whether there was one.
    pub(super) fn set_value(&mut self, label: &str, value: &str, now: jiff::Timestamp) -> bool {
        let mut is_there = false;
        for field in self.fields.iter_mut().filter(|field| field.label == label) {
            field.value = Some(value.to_owned());
            is_there = true;
        }
        (self.version, self.updated) = (self.version + u32::from(is_there), now);
        is_there
    }

    /// The id of the first field of this label.
    pub(super) fn field_id(&self, label: &str) -> Option<String> {
        self.fields.iter().find(|field| field.label == label).map(|field| field.id.clone())
    }

    /// As a list shows it.
    pub(super) fn summary(&self, vault: &str) -> Value {
        let mut json = json!({
            "id": self.id,
            "title": self.title,
            "vault": { "id": vault },
            "category": self.category,
            "tags": self.tags,
            "version": self.version,
            "createdAt": self.created.to_string(),
            "updatedAt": self.updated.to_string(),
        });
        if self.is_archived {
            json["state"] = "ARCHIVED".into();
        }
        json
    }

    /// As it is shown by itself.
    pub(super) fn whole(&self, vault: &str) -> Value {
        let mut json = self.summary(vault);
        json["sections"] =
            self.sections.iter().map(|(id, label)| json!({ "id": id, "label": label })).collect();
        json["fields"] = self.fields.iter().map(StoredField::to_json).collect();
        json
    }
}

impl StoredField {
    fn to_json(&self) -> Value {
        let is_text = self.purpose == Some("USERNAME");
        let mut json = json!({
            "id": self.id,
            "type": if is_text { "STRING" } else { "CONCEALED" },
            "label": self.label,
        });
        if let Some(purpose) = self.purpose {
            json["purpose"] = purpose.into();
        }
        if let Some(section) = &self.section {
            json["section"] = json!({ "id": section });
        }
        if let Some(value) = &self.value {
            json["value"] = value.as_str().into();
        }
        json
    }
}
