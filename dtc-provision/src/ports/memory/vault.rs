//! IT Glue, which may be slow to show what it was given, and may spoil a byte.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::{LocationName, PoolName, VaultLabel};
use jiff::{SignedDuration, Timestamp};
use safe_text::SecretString;

use super::{Handed, State, World, missing, refused};
use crate::ids::{DeviceId, RecordId, RecordRef, VaultOrganizationId};
use crate::port_error::PortError;
use crate::ports::memory::Access;
use crate::ports::{
    MintAccount, NewRecord, NoteText, Record, RecordContext, RecordNote, Vault, VaultOrganization,
    VaultSecrets, VaultView,
};
use crate::proofs::{StoredSecret, ValueCheck};

/// Characters of a label.
const LONGEST: usize = 255;
/// For how long a write may not be seen.
const LATELY: SignedDuration = SignedDuration::from_secs(20);

/// IT Glue.
#[derive(Clone, Debug)]
pub struct VaultState {
    /// Every client.
    pub organizations: Vec<VaultOrganization>,
    /// Devices that it knows, and whose each is.
    pub devices: BTreeMap<DeviceId, VaultOrganizationId>,
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

impl VaultState {
    /// Why a device is not the organisation's (E6).
    fn misfiled(&self, organization: &VaultOrganizationId, device: &DeviceId) -> Option<String> {
        let whose = self.devices.get(device).filter(|whose| *whose != organization)?;
        Some(format!("device {device} is a configuration of organisation {whose}, not of {organization}"))
    }
}

/// A record.
#[derive(Clone, Debug)]
pub struct RecordState {
    /// Whose it is.
    pub organization: VaultOrganizationId,
    /// What a listing shows of it; the user name is the last version's.
    pub record: Record,
    /// What else it was created with.
    pub context: RecordContext,
    /// Every masked value it had, the last being the one it has.
    pub versions: Vec<Version>,
    /// When it was last written.
    pub written: Timestamp,
    /// What it says of an operational backup (V6).
    pub operational: Option<Operational>,
    /// Somebody's mark on it, of no meaning to the ports.
    pub owner: Option<String>,
    /// Whether it is archived, and so not listed.
    pub archived: bool,
}

/// What a record says of an operational backup (V6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operational {
    /// Since when.
    pub since: Timestamp,
    /// Each pool's first run, in words.
    pub first_backups: Vec<(PoolName, NoteText)>,
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

    /// Writes a note in place of what it says already. Runs of pools that the note does not name stay.
    fn take(&mut self, note: &RecordNote) {
        match note {
            RecordNote::Mints(account) => self.record.mints = account.clone(),
            RecordNote::Operational { since, first_backups } => {
                let mut runs = self.operational.take().map(|held| held.first_backups).unwrap_or_default();
                for (pool, words) in first_backups {
                    match runs.iter_mut().find(|(held, _)| held == pool) {
                        Some((_, held)) => *held = words.clone(),
                        None => runs.push((pool.clone(), words.clone())),
                    }
                }
                self.record.operational = true;
                self.operational = Some(Operational { since: *since, first_backups: runs });
            }
        }
    }

    /// Whether a note would leave it as it is.
    fn says(&self, note: &RecordNote) -> bool {
        let mut noted = self.clone();
        noted.take(note);
        (&noted.record, &noted.operational) == (&self.record, &self.operational)
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

impl State {
    /// A record's masked value as it is shown now, which is not always as it is.
    fn shown(&mut self, organization: &VaultOrganizationId, record: &RecordId) -> Result<Version, PortError> {
        let now = self.now;
        let lately = self.vault.record(organization, record)?.written + LATELY > now;
        let stale = lately && VaultState::next_of(&mut self.vault.stale_reads);
        let spoils = VaultState::next_of(&mut self.vault.spoiled_reads);
        let versions = &self.vault.record(organization, record)?.versions;
        let shown = &versions[..versions.len().saturating_sub(usize::from(stale))];
        let mut version = shown.last().cloned().ok_or_else(|| missing("vault.read", record))?;
        if spoils {
            version.value = spoiled(&version.value);
        }
        Ok(version)
    }
}

#[async_trait]
impl VaultView for World {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        self.read("vault.organizations", |state| {
            Ok(state.vault.organizations.iter().filter(|found| found.name == name).cloned().collect())
        })
        .await
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        self.read("vault.records", |state| {
            let ours = |found: &&RecordState| found.organization == *organization && !found.archived;
            let ours = state.vault.records.iter().filter(ours);
            Ok(ours.map(|found| found.record.clone()).collect())
        })
        .await
    }

    /// Labels of more than 255 characters are refused, as IT Glue does.
    async fn refuses(
        &self,
        organization: &VaultOrganizationId,
        context: &RecordContext,
    ) -> Result<Option<String>, PortError> {
        self.read("vault.refuses", |state| {
            let misfiled =
                context.device.as_ref().and_then(|device| state.vault.misfiled(organization, device));
            Ok(too_long(&context.location).or(misfiled))
        })
        .await
    }
}

/// Why the longest label of a location cannot be written.
fn too_long(location: &LocationName) -> Option<String> {
    let label = VaultLabel::EncryptionPassword(location.clone()).to_string();
    let characters = label.chars().count();
    (characters > LONGEST).then(|| format!("a label of {characters} characters: {label}"))
}

#[async_trait]
impl VaultSecrets for World {
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        World::read(self, "vault.read", |state| {
            let version = state.shown(organization, record)?;
            state.handed.push(Handed::ByVault(version.value.clone()));
            Ok(StoredSecret::new(version.user_name, version.value.into()))
        })
        .await
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
            if !state.vault.organizations.iter().any(|found| found.id == *organization) {
                return Err(missing("vault.create", organization));
            }
            if let Some(why) = too_long(&record.context.location) {
                return Err(refused("vault.create", why));
            }
            state.vault.made += 1;
            let id = (9000 + state.vault.made).to_string();
            let reference =
                RecordRef { url: format!("https://vault.example/passwords/{id}"), id: RecordId::new(id) };
            let version = state.vault.kept(record.user_name.as_deref(), value);
            let location = record.identity.slot.is_of_a_bucket().then(|| record.context.location.clone());
            state.vault.records.push(RecordState {
                organization: organization.clone(),
                record: Record {
                    reference: reference.clone(),
                    slot: record.identity.slot,
                    device: Some(record.identity.device),
                    bucket: record.identity.bucket.clone(),
                    dataset: record.identity.dataset.clone(),
                    user_name: record.user_name.clone(),
                    check: record.check.clone(),
                    location,
                    mints: MintAccount::default(),
                    operational: false,
                },
                context: record.context.clone(),
                versions: vec![version],
                written: state.now,
                operational: None,
                owner: None,
                archived: false,
            });
            Ok(reference)
        })
        .await
    }

    /// Without a user name, the record keeps the one it has.
    async fn replace(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
        check: Option<&ValueCheck>,
    ) -> Result<(), PortError> {
        self.write("vault.replace", |state| {
            let held = state.vault.record(organization, record)?.record.user_name.clone();
            let (version, now) = (state.vault.kept(user_name.or(held.as_deref()), value), state.now);
            let found = state.vault.record(organization, record)?;
            found.written = now;
            found.record.user_name.clone_from(&version.user_name);
            found.record.check = check.cloned();
            found.versions.push(version);
            Ok(())
        })
        .await
    }

    /// A note that changes nothing is a call that writes nothing, as in a vault that reads the record first.
    async fn note(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        note: &RecordNote,
    ) -> Result<(), PortError> {
        let said =
            self.change(|state| Ok::<_, PortError>(state.vault.record(organization, record)?.says(note)));
        let access = if said.unwrap_or(false) { Access::Read } else { Access::Write };
        self.call("vault.note", access, |state| {
            state.vault.record(organization, record)?.take(note);
            Ok(())
        })
        .await
    }
}
