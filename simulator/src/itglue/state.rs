//! What an IT Glue account holds: organisations, configurations, password categories and passwords.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::random::Random;

/// The contents of an account.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) organizations: BTreeMap<u64, Organization>,
    pub(super) configurations: BTreeMap<u64, Configuration>,
    pub(super) categories: BTreeMap<u64, String>,
    pub(super) passwords: BTreeMap<u64, Password>,
    pub(super) behaviour: Behaviour,
    /// The passwords as they were before the last writes, and for how many reads they are still shown.
    pub(super) stale: Stale,
    random: Random,
    last_id: u64,
}

/// Behaviour that a test may choose.
#[derive(Debug)]
pub(super) struct Behaviour {
    pub(super) password_access: PasswordAccess,
    pub(super) list_notes: ListNotes,
    pub(super) corrupt_writes: u32,
    /// Requests per five minutes.
    pub(super) limit: usize,
}

/// The checkbox of the API key by that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordAccess {
    /// Values are taken and shown.
    Granted,
    /// Values are neither taken nor shown.
    Withheld,
}

/// Whether a list of passwords carries their notes: the documentation does not say, so both are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListNotes {
    /// The attribute is there.
    Shown,
    /// The attribute is absent; a record by itself has it.
    Absent,
}

/// A read replica that lags.
#[derive(Debug, Default)]
pub(super) struct Stale {
    pub(super) reads: u32,
    pub(super) snapshot: Option<BTreeMap<u64, Password>>,
}

#[derive(Clone, Debug)]
pub(super) struct Organization {
    pub(super) id: u64,
    pub(super) name: String,
}

#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub(super) id: u64,
    pub(super) organization: u64,
    pub(super) name: String,
    /// The device's id in the remote monitoring that syncs it, always NinjaOne here.
    pub(super) rmm_id: Option<String>,
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
    pub(super) attributes: Map<String, Value>,
    pub(super) value: String,
}

impl Account {
    pub(super) fn new(random: Random) -> Self {
        Self {
            organizations: BTreeMap::new(),
            configurations: BTreeMap::new(),
            categories: BTreeMap::new(),
            passwords: BTreeMap::new(),
            behaviour: Behaviour {
                password_access: PasswordAccess::Granted,
                list_notes: ListNotes::Absent,
                corrupt_writes: 0,
                limit: 3000,
            },
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

    pub(super) fn add_organization(&mut self, name: &str) -> u64 {
        let id = self.next_id();
        self.organizations.insert(id, Organization { id, name: name.to_owned() });
        id
    }

    pub(super) fn add_configuration(&mut self, organization: u64, name: &str, rmm_id: Option<String>) -> u64 {
        let id = self.next_id();
        self.configurations.insert(id, Configuration { id, organization, name: name.to_owned(), rmm_id });
        id
    }

    pub(super) fn add_category(&mut self, name: &str) -> u64 {
        let id = self.next_id();
        self.categories.insert(id, name.to_owned());
        id
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
        self.stale.snapshot.as_ref().unwrap_or(&self.passwords)
    }

    /// Stores a value as this account does: exactly, unless a test asked for a fault.
    pub(super) fn stored(&mut self, value: &str) -> String {
        if self.behaviour.corrupt_writes == 0 || value.is_empty() {
            return value.to_owned();
        }
        self.behaviour.corrupt_writes -= 1;
        let at = value.char_indices().nth(value.chars().count() / 2).map_or(0, |(at, _)| at);
        let old = value[at..].chars().next().unwrap_or('a');
        let other = if old == 'x' { 'y' } else { 'x' };
        format!("{}{other}{}", &value[..at], &value[at + old.len_utf8()..])
    }

    pub(super) fn organization_name(&self, id: u64) -> Option<&str> {
        self.organizations.get(&id).map(|it| it.name.as_str())
    }
}

fn resource(kind: &str, id: u64, attributes: Value) -> Value {
    let mut shown = json!({ "id": id.to_string(), "type": kind });
    shown["attributes"] = attributes;
    shown
}

fn place(organization: u64, kind: &str, id: u64) -> String {
    format!("https://itglue.example/{organization}/{kind}/{id}")
}

impl Organization {
    pub(super) fn to_json(&self) -> Value {
        resource(
            "organizations",
            self.id,
            json!({
                "name": self.name,
                "alert": null,
                "description": null,
                "organization-type-name": "Customer",
                "organization-status-name": "Active",
                "my-glue": false,
                "primary": false,
                "quick-notes": null,
                "short-name": self.name.chars().take(6).collect::<String>(),
            }),
        )
    }
}

impl Configuration {
    pub(super) fn to_json(&self, account: &Account) -> Value {
        resource(
            "configurations",
            self.id,
            json!({
                "organization-id": self.organization,
                "organization-name": account.organization_name(self.organization),
                "resource-url": place(self.organization, "configurations", self.id),
                "name": self.name,
                "hostname": self.name,
                "archived": false,
                "serial-number": null,
                "mac-address": null,
                "configuration-type-name": "Managed Network NAS",
                "configuration-status-name": "Active",
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
        let embedded = attribute("resource-id").as_u64().and_then(|id| account.configurations.get(&id));
        let mut shown = json!({
            "organization-id": self.organization,
            "organization-name": account.organization_name(self.organization),
            "resource-url": place(self.organization, "passwords", self.id),
            "parent-url": embedded.map(|it| place(it.organization, "configurations", it.id)),
            "cached-resource-name": embedded.map(|it| it.name.clone()),
            "cached-resource-type-name": embedded.map(|_| "Configuration"),
            "password-category-name": category.as_u64().and_then(|id| account.categories.get(&id)),
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
            if detail == Detail::Row && account.behaviour.list_notes == ListNotes::Absent {
                shown.remove("notes");
            }
            if detail == Detail::Value && account.behaviour.password_access == PasswordAccess::Granted {
                shown.insert("password".to_owned(), self.value.as_str().into());
            }
        }
        resource("passwords", self.id, shown)
    }

    /// The record as it was at a version.
    pub(super) fn at(&self, version: u64) -> Option<Self> {
        let version = self.versions.iter().find(|it| it.id == version)?;
        Some(Self { attributes: version.attributes.clone(), value: version.value.clone(), ..self.clone() })
    }
}
