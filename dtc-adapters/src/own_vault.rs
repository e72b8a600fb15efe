//! A vault of one's own: any store of labelled secrets with notes, of which four calls make a vault.

use std::sync::Arc;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ids::{RecordId, RecordRef, VaultOrganizationId};
use dtc_provision::ports::{
    NewRecord, Ports, Record, RecordContext, RecordNote, Vault, VaultOrganization, VaultSecrets, VaultView,
};
use dtc_provision::proofs::{StoredSecret, ValueCheck};
use safe_text::SecretString;

use crate::error::refused;
use crate::vault::layout::{self, Notes};

/// A record as a store lists it, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSecret {
    /// What the store knows it by.
    pub id: String,
    /// Its label (N8).
    pub label: String,
    /// Its notes, to the letter: what a record is found by (E5).
    pub notes: String,
    /// The user name beside the value.
    pub user_name: Option<String>,
    /// The page that shows it.
    pub url: String,
}

/// A record to make.
#[derive(Debug)]
pub struct NewSecret<'a> {
    /// Its label.
    pub label: &'a str,
    /// Its notes.
    pub notes: &'a str,
    /// The user name beside the value.
    pub user_name: Option<&'a str>,
    /// The value.
    pub value: &'a SecretString,
}

/// What changes in a record; what is `None` stays.
#[derive(Debug)]
pub struct ChangedSecret<'a> {
    /// Its notes.
    pub notes: &'a str,
    /// The user name beside the value.
    pub user_name: Option<&'a str>,
    /// The value.
    pub value: Option<&'a SecretString>,
}

/// A store of labelled secrets with notes. Nothing in it is trusted: what was written is proven by reading it back (E2).
///
/// A failure is of the kind that its caller must act by: after a write whose end is not known, that is
/// [`OutcomeUnknown`](dtc_provision::PortErrorKind::OutcomeUnknown), and the record is looked for.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// Every live record of the organisation of this name; records of other labels may be among them.
    async fn list(&self, organization: &str) -> Result<Vec<ListedSecret>, PortError>;
    /// A record's user name and value.
    async fn read(&self, organization: &str, id: &str) -> Result<(Option<String>, SecretString), PortError>;
    /// Makes a record, and returns its id and the page that shows it.
    async fn create(&self, organization: &str, record: NewSecret<'_>) -> Result<(String, String), PortError>;
    /// Changes a record.
    async fn update(&self, organization: &str, id: &str, change: ChangedSecret<'_>) -> Result<(), PortError>;
}

/// A store as a vault: records have the labels and notes that they have in IT Glue.
struct OwnVault<S>(S);

/// The same ports with this store as the vault; IT Glue is not called then.
pub fn with_vault(ports: Ports, store: impl SecretStore + 'static) -> Ports {
    let vault = Arc::new(OwnVault(store));
    Ports { vault: vault.clone(), secrets: vault, ..ports }
}

impl<S: SecretStore> OwnVault<S> {
    /// The notes of a record that is about to be written again.
    async fn notes(&self, organization: &str, id: &RecordId, attempted: &str) -> Result<Notes, PortError> {
        let listed = self.0.list(organization).await?;
        let mut found = listed.iter().filter(|record| record.id == id.as_str());
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(Notes::parse(&only.notes)),
            (Some(_), Some(_)) => Err(refused(attempted, "the vault lists several records of this id")),
            (None, _) => Err(refused(attempted, "the vault no longer lists the record")),
        }
    }
}

#[async_trait]
impl<S: SecretStore> VaultView for OwnVault<S> {
    /// The store is asked by name: there is one organisation of each.
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        Ok(vec![VaultOrganization { id: VaultOrganizationId::new(name), name: name.to_owned() }])
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        let listed = self.0.list(organization.as_str()).await?;
        let ours = listed.into_iter().filter_map(|listed| {
            if !layout::is_ours(&listed.label) {
                return None;
            }
            let reference = RecordRef { id: RecordId::new(listed.id), url: listed.url };
            let user_name = listed.user_name.filter(|name| !name.is_empty());
            layout::record(reference, &listed.label, user_name, &listed.notes)
        });
        Ok(ours.collect())
    }

    /// Whether the store takes a record shows when it does.
    async fn refuses(
        &self,
        _organization: &VaultOrganizationId,
        _context: &RecordContext,
    ) -> Result<Option<String>, PortError> {
        Ok(None)
    }
}

#[async_trait]
impl<S: SecretStore> VaultSecrets for OwnVault<S> {
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        let (user_name, value) = self.0.read(organization.as_str(), record.as_str()).await?;
        Ok(StoredSecret::new(user_name.filter(|name| !name.is_empty()), value))
    }
}

#[async_trait]
impl<S: SecretStore> Vault for OwnVault<S> {
    async fn create(
        &self,
        organization: &VaultOrganizationId,
        record: &NewRecord,
        value: &SecretString,
    ) -> Result<RecordRef, PortError> {
        let (label, notes) = (layout::label(record), layout::notes(record)?.to_string());
        let user_name = record.user_name.as_deref();
        let new = NewSecret { label: &label, notes: &notes, user_name, value };
        let (id, url) = self.0.create(organization.as_str(), new).await?;
        Ok(RecordRef { id: RecordId::new(id), url })
    }

    async fn replace(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
        check: Option<&ValueCheck>,
    ) -> Result<(), PortError> {
        let attempted = format!("replace the value of record {record}");
        let mut notes = self.notes(organization.as_str(), record, &attempted).await?;
        notes.check(check)?;
        let change = ChangedSecret { notes: &notes.to_string(), user_name, value: Some(value) };
        self.0.update(organization.as_str(), record.as_str(), change).await
    }

    async fn note(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        note: &RecordNote,
    ) -> Result<(), PortError> {
        let attempted = format!("change the notes of record {record}");
        let held = self.notes(organization.as_str(), record, &attempted).await?;
        let mut notes = held.clone();
        notes.apply(note)?;
        if notes == held {
            return Ok(());
        }
        let change = ChangedSecret { notes: &notes.to_string(), user_name: None, value: None };
        self.0.update(organization.as_str(), record.as_str(), change).await
    }
}
