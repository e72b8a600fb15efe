//! The tenant as a test reads and changes it, without the API.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::behaviour::{Alteration, ListNotes, Meanwhile, PasswordAccess};
use super::kind::Kind;
use super::state::{Account, File, Password};
use super::wire::Shared;

/// Changes and shows the account without its API; clones share it.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    place: Place,
    key: String,
}

/// The client's organisation, and the category of its backup credentials.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) organization: u64,
    pub(super) category: u64,
}

/// A password as it is stored, its value in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The record's id.
    pub id: u64,
    /// The organisation it is filed in.
    pub organization: u64,
    /// Its label.
    pub name: String,
    /// Its user name, or nothing.
    pub username: String,
    /// Its value.
    pub value: String,
    /// Its notes, or nothing.
    pub notes: String,
    /// Its URL, or nothing.
    pub url: String,
    /// Its category.
    pub category: Option<u64>,
    /// The configuration it is embedded in.
    pub configuration: Option<u64>,
    /// Whether it is archived.
    pub archived: bool,
    /// The ids of its earlier versions, oldest first.
    pub versions: Vec<u64>,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, place: Place, key: String) -> Self {
        Self { shared, place, key }
    }

    /// Returns the id of the client's organisation.
    pub fn organization_id(&self) -> u64 {
        self.place.organization
    }

    /// Returns the id of the category `Backup Credentials`.
    pub fn backup_category_id(&self) -> u64 {
        self.place.category
    }

    /// Adds an organisation and returns its id; its name need not be its own.
    pub fn add_organization(&self, name: &str) -> u64 {
        self.with(|account| account.add_organization(name))
    }

    /// Gives an organisation another name.
    pub fn rename_organization(&self, id: u64, name: &str) {
        self.with(|account| {
            if let Some(organization) = account.item_mut(Kind::Organizations, id) {
                organization.attributes.insert("name".to_owned(), name.into());
            }
        });
    }

    /// Copies a NinjaOne device of the client into its configurations, as the sync does, and returns the
    /// configuration's id.
    pub fn sync_device(&self, device: i32, name: &str) -> u64 {
        let organization = self.place.organization;
        self.with(|account| account.add_configuration(organization, name, Some(device.to_string())))
    }

    /// Returns every file that is attached to a record.
    pub fn files(&self) -> Vec<File> {
        self.with(|account| account.files.clone())
    }

    /// Returns every record of the account.
    pub fn records(&self) -> Vec<Record> {
        self.with(|account| account.passwords.values().map(Record::of).collect())
    }

    /// Returns the records of the client's organisation that are not archived.
    pub fn client_records(&self) -> Vec<Record> {
        let mut records = self.records();
        records.retain(|it| it.organization == self.place.organization && !it.archived);
        records
    }

    /// Returns one record.
    pub fn record(&self, id: u64) -> Option<Record> {
        self.with(|account| account.passwords.get(&id).map(Record::of))
    }

    /// Files a record by hand and returns its id.
    pub fn add_record(&self, organization: u64, name: &str, username: &str, value: &str, notes: &str) -> u64 {
        let now = self.shared.clock.now();
        self.with(|account| account.file(organization, name, username, value, notes, now))
    }

    /// Changes a record's value by hand.
    pub fn set_value(&self, id: u64, value: &str) {
        self.change(id, |password| value.clone_into(&mut password.value));
    }

    /// Changes an attribute of a record by hand: `name`, `username`, `notes`, `url`, `archived` …
    pub fn set_attribute(&self, id: u64, attribute: &str, value: impl Into<Value>) {
        let value = value.into();
        self.change(id, |password| drop(password.attributes.insert(attribute.to_owned(), value)));
    }

    /// Deletes a record, which the API cannot.
    pub fn remove_record(&self, id: u64) {
        self.with(|account| drop(account.passwords.remove(&id)));
    }

    /// Changes one character of each of the next `writes` values on its way into the store.
    pub fn corrupt_writes(&self, writes: u32) {
        self.alter_writes(Alteration::OneCharacter, writes);
    }

    /// Alters each of the next `writes` values on its way into the store.
    pub fn alter_writes(&self, alteration: Alteration, writes: u32) {
        self.with(|account| {
            account.behaviour.alteration = alteration;
            account.behaviour.altered_writes = writes;
        });
    }

    /// Lets somebody else do something while a program works, once.
    pub fn meanwhile(&self, what: Meanwhile) {
        self.with(|account| account.behaviour.meanwhile = Some(what));
    }

    /// Answers the next requests with a redirect to a page where people log in.
    pub fn redirect_requests(&self, requests: u32) {
        self.with(|account| account.behaviour.redirects = requests);
    }

    /// Chooses what a refusal at the limit says of the time to wait, in seconds (default nothing).
    pub fn retry_after(&self, seconds: Option<u64>) {
        self.with(|account| account.behaviour.retry_after = seconds);
    }

    /// After the next write, shows the state before it for this many reads of passwords.
    pub fn stale_reads(&self, reads: u32) {
        self.with(|account| {
            account.stale.reads = reads;
            account.stale.snapshot = None;
        });
    }

    /// Grants or withholds the key's access to values.
    pub fn password_access(&self, access: PasswordAccess) {
        self.with(|account| account.behaviour.password_access = access);
    }

    /// Chooses whether a list carries notes.
    pub fn list_notes(&self, behaviour: ListNotes) {
        self.with(|account| account.behaviour.list_notes = behaviour);
    }

    /// Limits the requests per five minutes (default 3000), and forgets those made so far.
    pub fn limit_requests(&self, limit: usize) {
        let mut api = self.shared.api();
        api.account.behaviour.limit = limit;
        api.recent.clear();
    }

    /// Revokes the key, as ninety days without use do.
    pub fn revoke_key(&self) {
        self.shared.api().key = None;
    }

    /// Makes the key valid again.
    pub fn restore_key(&self) {
        self.shared.api().key = Some(self.key.clone());
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> T {
        work(&mut self.shared.api().account)
    }

    fn change(&self, id: u64, work: impl FnOnce(&mut Password)) {
        self.with(|account| {
            if let Some(password) = account.passwords.get_mut(&id) {
                work(password);
            }
        });
    }
}

impl Account {
    /// Files a password without the API.
    pub(super) fn file(
        &mut self,
        organization: u64,
        name: &str,
        username: &str,
        value: &str,
        notes: &str,
        now: Timestamp,
    ) -> u64 {
        let id = self.next_id();
        let mut attributes = Map::new();
        for (key, text) in [("name", name), ("username", username), ("notes", notes)] {
            attributes.insert(key.to_owned(), json!(text));
        }
        let value = value.to_owned();
        let password = Password {
            id,
            organization,
            attributes,
            value,
            created: now,
            updated: now,
            value_updated: now,
            versions: vec![],
        };
        self.passwords.insert(id, password);
        id
    }
}

impl Record {
    fn of(password: &Password) -> Self {
        let text =
            |name: &str| password.attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |name: &str| password.attributes.get(name).and_then(Value::as_u64);
        Self {
            id: password.id,
            organization: password.organization,
            name: text("name"),
            username: text("username"),
            value: password.value.clone(),
            notes: text("notes"),
            url: text("url"),
            category: number("password-category-id"),
            configuration: number("resource-id"),
            archived: password.attributes.get("archived").and_then(Value::as_bool).unwrap_or(false),
            versions: password.versions.iter().map(|it| it.id).collect(),
        }
    }
}
