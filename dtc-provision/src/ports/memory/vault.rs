//! IT Glue, which may be slow to show what it was given, and may spoil a byte.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::{Handed, World, missing};
use crate::ports::{
    DeviceId, NewRecord, Notes, PortError, Record, RecordId, RecordRef, StoredSecret, Vault,
    VaultOrganization, VaultOrganizationId, VaultView,
};

/// For how long a write may not be seen.
const LATELY: SignedDuration = SignedDuration::from_secs(20);

/// IT Glue.
#[derive(Clone, Debug)]
pub struct VaultState {
    /// Every client.
    pub organizations: Vec<VaultOrganization>,
    /// Every live record.
    pub records: Vec<RecordState>,
    /// How many records it ever had, for their ids.
    pub made: u32,
    /// How many reads from now still show what was there before a write just made.
    pub stale_reads: u32,
    /// How many writes of a masked value from now lose a bit.
    pub spoiled_writes: u32,
    /// How many reads of a masked value from now lose a bit.
    pub spoiled_reads: u32,
}

/// A record.
#[derive(Clone, Debug)]
pub struct RecordState {
    /// Whose it is.
    pub organization: VaultOrganizationId,
    /// Its reference, label and notes; the user name is the last version's.
    pub record: Record,
    /// Every masked value it had, the last being the one it has.
    pub versions: Vec<Version>,
    /// When it was last written.
    pub written: Timestamp,
    /// The category it is filed in.
    pub category: String,
    /// The device it is embedded on.
    pub device: Option<DeviceId>,
}

/// A masked value with its user name.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// The user name.
    pub user_name: Option<String>,
    /// The value, in the clear.
    pub value: String,
}

impl std::fmt::Debug for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Version")
    }
}

impl RecordState {
    /// The value it has.
    pub fn value(&self) -> &str {
        self.versions.last().map_or("", |version| version.value.as_str())
    }
}

impl VaultState {
    /// A version as it is kept, which is not always as it was given.
    fn kept(&mut self, user_name: Option<&str>, value: &SecretString) -> Version {
        let mut value = value.expose_secret().to_owned();
        if self.spoiled_writes > 0 {
            self.spoiled_writes -= 1;
            value = spoiled(&value);
        }
        Version { user_name: user_name.map(str::to_owned), value }
    }

    fn record(
        &mut self,
        organization: &VaultOrganizationId,
        id: &RecordId,
    ) -> Result<&mut RecordState, PortError> {
        let ours = |found: &&mut RecordState| {
            found.organization == *organization && found.record.reference.id == *id
        };
        self.records.iter_mut().find(ours).ok_or_else(|| missing("vault", id))
    }

    /// Whether this is one of the reads that go wrong, and one fewer to come.
    fn next_of(reads: &mut u32) -> bool {
        let now = *reads > 0;
        *reads = reads.saturating_sub(1);
        now
    }
}

/// The same text with one bit of its last character turned.
fn spoiled(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[async_trait]
impl VaultView for World {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        self.read("vault.organizations", |state| {
            Ok(state.vault.organizations.iter().filter(|found| found.name == name).cloned().collect())
        })
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        self.read("vault.records", |state| {
            let ours = state.vault.records.iter().filter(|found| found.organization == *organization);
            Ok(ours.map(|found| found.record.clone()).collect())
        })
    }

    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        World::read(self, "vault.read", |state| {
            let now = state.now;
            let lately = |found: &RecordState| found.written + LATELY > now;
            let stale = lately(state.vault.record(organization, record)?)
                && VaultState::next_of(&mut state.vault.stale_reads);
            let spoils = VaultState::next_of(&mut state.vault.spoiled_reads);
            let versions = &state.vault.record(organization, record)?.versions;
            let shown = &versions[..versions.len() - usize::from(stale)];
            let mut version = shown.last().cloned().ok_or_else(|| missing("vault.read", record))?;
            if spoils {
                version.value = spoiled(&version.value);
            }
            state.handed.push(Handed::ByVault(version.value.clone()));
            Ok(StoredSecret { user_name: version.user_name, value: version.value.into() })
        })
    }
}

#[async_trait]
impl Vault for World {
    async fn create(
        &self,
        organization: &VaultOrganizationId,
        record: &NewRecord,
        value: &SecretString,
    ) -> Result<RecordRef, PortError> {
        self.write("vault.create", |state| {
            state.vault.made += 1;
            let id = (9000 + state.vault.made).to_string();
            let reference =
                RecordRef { url: format!("https://vault.example/passwords/{id}"), id: RecordId::new(id) };
            let version = state.vault.kept(record.user_name.as_deref(), value);
            state.vault.records.push(RecordState {
                organization: organization.clone(),
                record: Record {
                    reference: reference.clone(),
                    label: record.label.clone(),
                    user_name: record.user_name.clone(),
                    notes: record.notes.clone(),
                },
                versions: vec![version],
                written: state.now,
                category: record.category.clone(),
                device: record.device.clone(),
            });
            Ok(reference)
        })
    }

    async fn replace(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
    ) -> Result<(), PortError> {
        self.write("vault.replace", |state| {
            let (version, now) = (state.vault.kept(user_name, value), state.now);
            let found = state.vault.record(organization, record)?;
            found.written = now;
            found.record.user_name.clone_from(&version.user_name);
            found.versions.push(version);
            Ok(())
        })
    }

    async fn annotate(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        notes: &Notes,
    ) -> Result<(), PortError> {
        self.write("vault.annotate", |state| {
            // What a service keeps is text.
            state.vault.record(organization, record)?.record.notes = Notes::parse(&notes.to_string());
            Ok(())
        })
    }
}
