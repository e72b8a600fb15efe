//! What an IT Glue account holds: passwords, and resources of every other kind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::behaviour::{Behaviour, ListNotes, PasswordAccess};
use super::item::{Item, place, plain, resource};
use super::kind::Kind;
use crate::random::Random;

/// The contents of an account.
#[derive(Debug)]
pub(super) struct Account {
    items: BTreeMap<Kind, BTreeMap<u64, Item>>,
    pub(super) passwords: BTreeMap<u64, Password>,
    pub(super) files: Vec<File>,
    pub(super) behaviour: Behaviour,
    /// The passwords as they were before the last writes, and for how many reads they are still shown.
    pub(super) stale: Stale,
    random: Random,
    last_id: u64,
}

/// A file at a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The attachment's id.
    pub id: u64,
    /// The record it is at.
    pub record: u64,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// A read replica that lags.
#[derive(Debug, Default)]
pub(super) struct Stale {
    pub(super) reads: u32,
    pub(super) snapshot: Option<BTreeMap<u64, Password>>,
}

/// A password: its attributes as they were written, its value apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Password {
    pub(super) id: u64,
    pub(super) organization: u64,
    pub(super) attributes: Map<String, Value>,
    pub(super) value: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    /// When the value itself last changed.
    pub(super) value_updated: Timestamp,
    pub(super) versions: Vec<Version>,
}

/// An earlier state of a password.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Version {
    pub(super) id: u64,
    pub(super) made: Timestamp,
    pub(super) attributes: Map<String, Value>,
    pub(super) value: String,
}

impl Account {
    pub(super) fn new(random: Random) -> Self {
        Self {
            items: BTreeMap::new(),
            passwords: BTreeMap::new(),
            files: Vec::new(),
            behaviour: Behaviour::default(),
            stale: Stale::default(),
            random,
            last_id: 4_107_000_000_000_000,
        }
    }

    /// Ids have sixteen digits, as the real ones do.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1 + self.random.next() % 1000;
        self.last_id
    }

    /// Lets the ids that follow be beyond what a float holds exactly.
    pub(super) fn begin_ids_at(&mut self, id: u64) {
        self.last_id = self.last_id.max(id);
    }

    pub(super) fn items(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.items.get(&kind).into_iter().flat_map(BTreeMap::values)
    }

    pub(super) fn item(&self, kind: Kind, id: u64) -> Option<&Item> {
        self.items.get(&kind)?.get(&id)
    }

    pub(super) fn item_mut(&mut self, kind: Kind, id: u64) -> Option<&mut Item> {
        self.items.get_mut(&kind)?.get_mut(&id)
    }

    /// Files a resource that shows these attributes, and returns its id.
    pub(super) fn add(&mut self, kind: Kind, organization: Option<u64>, attributes: &Value) -> u64 {
        let id = self.next_id();
        self.items.entry(kind).or_default().insert(id, Item::new(id, organization, attributes));
        id
    }

    pub(super) fn add_organization(&mut self, name: &str) -> u64 {
        let short: String = name.chars().take(6).collect();
        let shown = json!({
            "name": name,
            "alert": null,
            "description": null,
            "organization-type-name": "Customer",
            "organization-status-name": "Active",
            "my-glue": false,
            "primary": false,
            "quick-notes": null,
            "short-name": short,
        });
        self.add(Kind::Organizations, None, &shown)
    }

    pub(super) fn add_configuration(&mut self, organization: u64, name: &str, rmm_id: Option<String>) -> u64 {
        let shown = json!({
            "name": name,
            "hostname": name,
            "archived": false,
            "serial-number": null,
            "mac-address": null,
            "configuration-type-name": "Managed Network NAS",
            "configuration-status-name": "Active",
        });
        let id = self.add(Kind::Configurations, Some(organization), &shown);
        if let (Some(rmm_id), Some(item)) = (rmm_id, self.item_mut(Kind::Configurations, id)) {
            item.hidden.insert("rmm-id".to_owned(), rmm_id.into());
            item.hidden.insert("rmm-integration-type".to_owned(), "ninja-rmm".into());
        }
        id
    }

    pub(super) fn add_named(&mut self, kind: Kind, name: &str) -> u64 {
        self.add(kind, None, &json!({ "name": name }))
    }

    /// Keeps what readers go on seeing for a while, before a write changes it.
    pub(super) fn about_to_write(&mut self) {
        if self.stale.reads > 0 && self.stale.snapshot.is_none() {
            self.stale.snapshot = Some(self.passwords.clone());
        }
    }

    /// The passwords that a read sees; a stale read is used up by it.
    pub(super) fn readable(&mut self) -> &BTreeMap<u64, Password> {
        if self.stale.reads == 0 {
            self.stale.snapshot = None;
        } else if self.stale.snapshot.is_some() {
            self.stale.reads -= 1;
        }
        self.seen()
    }

    /// The passwords that the read which goes on sees.
    pub(super) fn seen(&self) -> &BTreeMap<u64, Password> {
        self.stale.snapshot.as_ref().unwrap_or(&self.passwords)
    }

    /// Stores a value as this account does: exactly, unless a test asked for an alteration.
    pub(super) fn stored(&mut self, value: &str) -> String {
        if self.behaviour.altered_writes == 0 || value.is_empty() {
            return value.to_owned();
        }
        self.behaviour.altered_writes -= 1;
        self.behaviour.alteration.of(value)
    }

    pub(super) fn organization_name(&self, id: u64) -> Option<&str> {
        self.item(Kind::Organizations, id).map(Item::name)
    }

    /// What a document shows of a resource.
    pub(super) fn shown(&self, kind: Kind, item: &Item) -> Value {
        item.to_json(kind, item.organization.and_then(|id| self.organization_name(id)))
    }

    /// The files at a record, as they stand beside it.
    pub(super) fn files_at(&self, record: u64) -> impl Iterator<Item = Value> {
        self.files.iter().filter(move |file| file.record == record).map(File::to_json)
    }
}

impl File {
    pub(super) fn to_json(&self) -> Value {
        resource(
            "attachments",
            self.id,
            json!({
                "name": self.name,
                "attachment-file-name": self.name,
                "attachment-file-size": self.content.len(),
                "attachment-content-type": "application/octet-stream",
            }),
        )
    }
}

/// How much of a password an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// A row of a list.
    Row,
    /// The record without its value.
    Record,
    /// The record with its value, if the key may see it.
    Value,
}

impl Password {
    pub(super) fn to_json(&self, account: &Account, detail: Detail) -> Value {
        let attribute = |name: &str| self.attributes.get(name).cloned().unwrap_or(Value::Null);
        let category = attribute("password-category-id");
        let embedded =
            attribute("resource-id").as_u64().and_then(|id| account.item(Kind::Configurations, id));
        let mut shown = json!({
            "organization-id": self.organization,
            "organization-name": account.organization_name(self.organization),
            "resource-url": place(self.organization, "passwords", self.id),
            "parent-url": embedded.map(|it| place(self.organization, "configurations", it.id)),
            "cached-resource-name": embedded.map(Item::name),
            "cached-resource-type-name": embedded.map(|_| "Configuration"),
            "password-category-name": category.as_u64().and_then(|id| Some(account.item(Kind::PasswordCategories, id)?.name())),
            "restricted": attribute("restricted").as_bool().unwrap_or(false),
            "archived": attribute("archived").as_bool().unwrap_or(false),
            "my-glue": false,
            "autofill-selectors": attribute("autofill-selectors"),
            "password-updated-at": self.value_updated.to_string(),
            "updated-by": null,
            "created-at": self.created.to_string(),
            "updated-at": self.updated.to_string(),
        });
        for name in
            ["name", "username", "url", "notes", "resource-id", "resource-type", "password-category-id"]
        {
            shown[name] = attribute(name);
        }
        if let Some(shown) = shown.as_object_mut() {
            match account.behaviour.list_notes {
                ListNotes::Absent if detail == Detail::Row => {
                    shown.remove("notes");
                }
                ListNotes::Null if detail == Detail::Row => {
                    shown.insert("notes".to_owned(), Value::Null);
                }
                _ => {}
            }
            if detail == Detail::Value && account.behaviour.password_access == PasswordAccess::Granted {
                shown.insert("password".to_owned(), self.value.as_str().into());
            }
        }
        resource("passwords", self.id, shown)
    }

    /// An attribute as filters and orders see it.
    pub(super) fn text(&self, account: &Account, attribute: &str) -> Option<String> {
        match attribute {
            "id" => Some(self.id.to_string()),
            "organization-id" => Some(self.organization.to_string()),
            "archived" => Some(self.is_archived().to_string()),
            "created-at" => Some(self.created.to_string()),
            "updated-at" => Some(self.updated.to_string()),
            "cached-resource-name" => {
                let id = self.attributes.get("resource-id")?.as_u64()?;
                account.item(Kind::Configurations, id).map(|it| it.name().to_owned())
            }
            name => self.attributes.get(name).map(plain),
        }
    }

    pub(super) fn is_archived(&self) -> bool {
        self.attributes.get("archived").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Its versions as they stand beside it, the newest first, without values.
    pub(super) fn versions_shown(&self) -> impl Iterator<Item = Value> {
        let shown = |it: &Version| resource("versions", it.id, json!({ "created-at": it.made.to_string() }));
        self.versions.iter().rev().map(shown)
    }

    /// The record as it was at a version.
    pub(super) fn at(&self, version: u64) -> Option<Self> {
        let version = self.versions.iter().find(|it| it.id == version)?;
        Some(Self { attributes: version.attributes.clone(), value: version.value.clone(), ..self.clone() })
    }
}
