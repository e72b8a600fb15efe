//! Custom fields: which exist, who may read and write them, and which values they take.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::state::{Clearing, Tenant, UnknownFields};

/// Something that carries custom-field values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// The organisation of this id.
    Organization(i32),
    /// The location of this id.
    Location(i32),
    /// The device of this id.
    Device(i32),
}

/// What the API may do with a field: the definition's `apiPermission`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiPermission {
    /// Neither shown nor written.
    None,
    /// Shown only.
    ReadOnly,
    /// Written only.
    WriteOnly,
    /// Both.
    ReadWrite,
}

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldType {
    /// Text of at most 200 characters.
    Text,
    /// A yes or no.
    Checkbox,
    /// A whole number.
    Numeric,
    /// Milliseconds since 1970.
    Date,
    /// The ids of some options.
    MultiSelect,
    /// Text that is taken and never shown: what people call a secure field.
    Secure,
}

/// The options of the one field that has options: its ids are what is stored, its names what people see.
const OPTIONS: [(&str, &str); 3] = [
    ("5b1f6f0e-2d0a-4c57-9d7e-0f6a3c1b8e24", "Backup"),
    ("c7d92a41-8b3f-4e16-a2c5-71e0d9f4b603", "Network"),
    ("e0463b9c-15f7-49ad-b8d2-36a7c5e1f098", "Telephony"),
];

#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) label: String,
    pub(super) kind: FieldType,
    pub(super) scopes: Vec<&'static str>,
    pub(super) permission: ApiPermission,
}

/// The text fields' limit, by the vendor's default; counted in UTF-16, the stricter way, since the vendor does not say.
const TEXT_LIMIT: usize = 200;

impl Entity {
    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::Organization(_) => "ORGANIZATION",
            Self::Location(_) => "LOCATION",
            Self::Device(_) => "NODE",
        }
    }

    pub(super) fn id(self) -> i32 {
        match self {
            Self::Organization(id) | Self::Location(id) | Self::Device(id) => id,
        }
    }
}

impl FieldType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Checkbox => "CHECKBOX",
            Self::Numeric => "NUMERIC",
            Self::Date => "DATE",
            Self::MultiSelect => "MULTI_SELECT",
            Self::Secure => "TEXT_ENCRYPTED",
        }
    }

    /// The type of this name; those that are not simulated take texts.
    pub(super) fn named(name: &str) -> Self {
        let all = [Self::Checkbox, Self::Numeric, Self::Date, Self::MultiSelect, Self::Secure];
        all.into_iter().find(|kind| kind.as_str() == name).unwrap_or(Self::Text)
    }

    fn takes(self, value: &Value) -> bool {
        match self {
            Self::Text | Self::Secure => {
                value.as_str().is_some_and(|text| text.encode_utf16().count() <= TEXT_LIMIT)
            }
            Self::Checkbox => value.is_boolean(),
            Self::Numeric | Self::Date => value.is_i64(),
            Self::MultiSelect => value.as_array().is_some_and(|chosen| chosen.iter().all(is_option)),
        }
    }
}

fn is_option(value: &Value) -> bool {
    OPTIONS.iter().any(|(id, _)| value == id)
}

impl ApiPermission {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::ReadOnly => "READ_ONLY",
            Self::WriteOnly => "WRITE_ONLY",
            Self::ReadWrite => "READ_WRITE",
        }
    }

    /// The permission of this name; none, unless it is one.
    pub(super) fn named(name: &str) -> Self {
        let all = [Self::ReadOnly, Self::WriteOnly, Self::ReadWrite];
        all.into_iter().find(|permission| permission.as_str() == name).unwrap_or(Self::None)
    }

    pub(super) fn reads(self) -> bool {
        matches!(self, Self::ReadOnly | Self::ReadWrite)
    }

    fn writes(self) -> bool {
        matches!(self, Self::WriteOnly | Self::ReadWrite)
    }
}

/// The fields that the tenant defines from the start: the managed service provider's three, and some of other kinds.
pub(super) fn definitions() -> BTreeMap<String, Definition> {
    let field = |name: &str, label: &str, kind, scopes: &[&'static str]| {
        let label = label.to_owned();
        let permission = ApiPermission::ReadWrite;
        (name.to_owned(), Definition { label, kind, scopes: scopes.to_vec(), permission })
    };
    BTreeMap::from([
        field("dtcOrgGuid", "DTC Org GUID", FieldType::Text, &["ORGANIZATION"]),
        field("dtcLocationGuid", "DTC Location GUID", FieldType::Text, &["LOCATION"]),
        field("deviceGuid", "Device GUID", FieldType::Text, &["NODE"]),
        field("siteContact", "Site Contact", FieldType::Text, &["ORGANIZATION", "LOCATION", "NODE"]),
        field("managedBackup", "Managed Backup", FieldType::Checkbox, &["ORGANIZATION"]),
        field("seats", "Seats", FieldType::Numeric, &["ORGANIZATION", "LOCATION"]),
        field("contractStart", "Contract Start", FieldType::Date, &["ORGANIZATION"]),
        field("vaultPin", "Vault PIN", FieldType::Secure, &["ORGANIZATION", "LOCATION", "NODE"]),
        field("services", "Services", FieldType::MultiSelect, &["ORGANIZATION", "NODE"]),
    ])
}

impl Definition {
    pub(super) fn to_json(&self, name: &str) -> Value {
        let mut content = json!({ "required": false });
        match self.kind {
            FieldType::Text => content["advancedSettings"] = json!({ "maxCharacters": TEXT_LIMIT }),
            FieldType::MultiSelect => {
                let option = |(id, name)| json!({ "id": id, "name": name, "active": true });
                content["values"] = OPTIONS.into_iter().map(option).collect();
            }
            _ => {}
        }
        json!({
            "entityType": "NODE",
            "scope": "NODE_GLOBAL",
            "definitionScope": self.scopes,
            "type": self.kind.as_str(),
            "label": self.label,
            "name": name,
            "technicianPermission": "EDITABLE",
            "scriptPermission": "READ_WRITE",
            "endUserPermission": "HIDDEN",
            "apiPermission": self.permission.as_str(),
            "content": content,
            "system": false,
            "active": true,
        })
    }
}

impl Tenant {
    /// The values that the API shows of one entity; with inheritance, a location's and organisation's shine through.
    pub(super) fn fields(&self, entity: Entity, inherited: Inherit) -> Map<String, Value> {
        let mut shown = Map::new();
        let parent = match (inherited, entity) {
            (Inherit::No, _) | (_, Entity::Organization(_)) => None,
            (Inherit::Yes, Entity::Location(id)) => {
                self.locations.get(&id).map(|location| Entity::Organization(location.organization))
            }
            (Inherit::Yes, Entity::Device(id)) => {
                self.devices.get(&id).map(|device| Entity::Location(device.about.location))
            }
        };
        if let Some(parent) = parent {
            shown.extend(self.fields(parent, inherited).into_iter().filter(|(name, _)| {
                self.definitions.get(name).is_some_and(|field| field.scopes.contains(&entity.scope()))
            }));
        }
        for (name, field) in &self.definitions {
            if let Some(value) = self.values.get(&(entity, name.clone()))
                && field.permission.reads()
                && field.kind != FieldType::Secure
            {
                shown.insert(name.clone(), value.clone());
            }
        }
        shown
    }

    /// Stores a PATCH whole, or nothing of it.
    pub(super) fn patch_fields(&mut self, entity: Entity, patch: &Value) -> Result<(), Answer> {
        let patch =
            patch.as_object().ok_or_else(|| Answer::failure(400, "The body is no map of field names."))?;
        let mut accepted = Vec::new();
        for (name, value) in patch {
            let defined = self.definitions.get(name).filter(|field| field.scopes.contains(&entity.scope()));
            let ignored = self.behaviour.unknown_fields == UnknownFields::Ignored;
            match defined {
                None if ignored => {}
                None => return Err(Answer::failure(400, "INVALID_ATTRIBUTE")),
                Some(field) if !field.permission.writes() && ignored => {}
                Some(field) if !field.permission.writes() => {
                    return Err(Answer::failure(403, "ATTRIBUTE_NOT_WRITABLE"));
                }
                Some(_) if value.is_null() => accepted.push((name, None)),
                Some(field) if field.kind == FieldType::Text && *value == "" => accepted.push((name, None)),
                Some(field) if field.kind.takes(value) => accepted.push((name, Some(value))),
                Some(_) => return Err(Answer::failure(400, "INVALID_ATTRIBUTE_VALUE")),
            }
        }
        for (name, value) in accepted {
            match value {
                Some(value) => drop(self.values.insert((entity, name.clone()), value.clone())),
                None if self.behaviour.clearing == Clearing::Ignored => {}
                None => drop(self.values.remove(&(entity, name.clone()))),
            }
        }
        Ok(())
    }
}

/// Whether an entity without a value of its own shows its parent's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inherit {
    No,
    Yes,
}
