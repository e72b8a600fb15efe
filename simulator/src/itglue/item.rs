//! A resource of any kind but passwords.

use serde_json::{Map, Value, json};

use super::kind::Kind;

/// A resource: what it shows, and what only filters and the account know.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) organization: Option<u64>,
    pub(super) attributes: Map<String, Value>,
    /// What lists can be filtered by and nothing shows.
    pub(super) hidden: Map<String, Value>,
    /// Resources that stand beside it when asked for.
    pub(super) beside: Vec<Value>,
}

impl Item {
    /// A resource that shows these attributes, an object.
    pub(super) fn new(id: u64, organization: Option<u64>, attributes: &Value) -> Self {
        let attributes = attributes.as_object().cloned().unwrap_or_default();
        Self { id, organization, attributes, hidden: Map::new(), beside: Vec::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.attributes.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// An attribute as filters and orders see it.
    pub(super) fn text(&self, attribute: &str) -> Option<String> {
        match attribute {
            "id" => Some(self.id.to_string()),
            "organization-id" => self.organization.map(|id| id.to_string()),
            name => self.attributes.get(name).or_else(|| self.hidden.get(name)).map(plain),
        }
    }

    pub(super) fn to_json(&self, kind: Kind, organization: Option<&str>) -> Value {
        let Self { id, attributes, .. } = self;
        let mut shown = attributes.clone();
        if let Some(owner) = self.organization {
            shown.insert("organization-id".to_owned(), owner.into());
            shown.insert("organization-name".to_owned(), organization.into());
            shown.insert("resource-url".to_owned(), place(owner, kind.spelling().path, *id).into());
        }
        resource(kind.spelling().type_name, *id, shown.into())
    }
}

/// A value as a filter is written.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn resource(kind: &str, id: u64, attributes: Value) -> Value {
    let mut shown = json!({ "id": id.to_string(), "type": kind });
    shown["attributes"] = attributes;
    shown
}

pub(super) fn place(organization: u64, kind: &str, id: u64) -> String {
    format!("https://itglue.example/{organization}/{kind}/{id}")
}
