//! IT Glue: records with one masked value each, and notes (E1a).

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{DeviceId, PortError, RecordId, VaultOrganizationId};

/// A client as the vault knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultOrganization {
    /// Its id in the vault.
    pub id: VaultOrganizationId,
    /// Its name.
    pub name: String,
}

/// Where a record is, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRef {
    /// Its id.
    pub id: RecordId,
    /// The page that shows it; what tickets and reports cite (E8).
    pub url: String,
}

/// A record without its masked value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Where it is.
    pub reference: RecordRef,
    /// Its name (N8); for people.
    pub label: String,
    /// The user name beside the masked value.
    pub user_name: Option<String>,
    /// Its notes, which carry its identity (E5).
    pub notes: Notes,
}

/// A record to create; the masked value goes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Its name (N8).
    pub label: String,
    /// The user name beside the masked value.
    pub user_name: Option<String>,
    /// Its notes.
    pub notes: Notes,
    /// The category it is filed in.
    pub category: String,
    /// The device it is embedded on, where the vault knows it.
    pub device: Option<DeviceId>,
}

/// A record's masked value, with what stands beside it.
#[derive(Debug)]
pub struct StoredSecret {
    /// The user name beside the masked value.
    pub user_name: Option<String>,
    /// The masked value.
    pub value: SecretString,
}

/// Notes of `Name: value` lines; lines of any other form are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(Vec<String>);

impl Notes {
    /// Takes a note text apart.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().map(|line| line.trim_end().to_owned()).collect())
    }

    /// The value of a name, if a line gives it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }

    /// Sets the value of a name, in its line or in a new one.
    pub fn set(&mut self, name: &str, value: &str) {
        let line = format!("{name}: {value}");
        match self.0.iter_mut().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))
        {
            Some(found) => *found = line,
            None => self.0.push(line),
        }
    }

    /// The same notes with one more value.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Removes a name's line.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|line| !line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// Reads the vault.
#[async_trait]
pub trait VaultView: Send + Sync {
    /// Every organisation of exactly this name (E6).
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError>;
    /// Every live record of an organisation whose label is one of ours (N8), with its notes.
    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError>;
    /// A record's masked value. A vault that withholds it is an error that says why, never an empty value.
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError>;
}

/// Writes the vault.
#[async_trait]
pub trait Vault: VaultView {
    /// Creates a record. Never tried twice: after a lost answer the caller looks for it.
    async fn create(
        &self,
        organization: &VaultOrganizationId,
        record: &NewRecord,
        value: &SecretString,
    ) -> Result<RecordRef, PortError>;
    /// Replaces a record's masked value and user name; the vault keeps the version before.
    async fn replace(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
    ) -> Result<(), PortError>;
    /// Replaces a record's notes.
    async fn annotate(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        notes: &Notes,
    ) -> Result<(), PortError>;
}
