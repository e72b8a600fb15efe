//! A copy's pair in the vault (E2): records of their own, known by the job, the catalogue and the system in their notes (E5).

use async_trait::async_trait;
use dtc_naming::JobName;
use safe_text::SecretString;

use super::job::CopyJob;
use super::kept::Kept;
use crate::error::{Error, Refusal};
use crate::ids::{RecordId, RecordRef, VaultOrganizationId};
use crate::port_error::PortError;
use crate::ports::{NoteText, VaultOrganization};
use crate::secret::EncryptionSecrets;

/// Which half of a pair a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopySlot {
    /// The encryption password.
    Password,
    /// The encryption salt.
    Salt,
}

/// Whose record it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyIdentity {
    /// The job.
    pub job: JobName,
    /// The catalogue's path.
    pub catalogue: NoteText,
    /// The system that it is on.
    pub host: NoteText,
}

/// A live record of an encrypted copy, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRecord {
    /// Where it is.
    pub reference: RecordRef,
    /// Which half it holds.
    pub slot: CopySlot,
    /// Whose it is; `None` where its notes do not say it.
    pub identity: Option<CopyIdentity>,
}

/// Reads the vault's records of copies.
#[async_trait]
pub trait CopyVaultView: Send + Sync {
    /// Every organisation of exactly this name (E6).
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError>;
    /// Every live record of a copy in an organisation.
    async fn copy_records(&self, organization: &VaultOrganizationId) -> Result<Vec<CopyRecord>, PortError>;
    /// A record's value. A vault that withholds it is an error, never an empty value.
    async fn read_copy(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<SecretString, PortError>;
}

/// Writes them.
#[async_trait]
pub trait CopyVault: CopyVaultView {
    /// Creates a record. Never tried twice: after a lost answer the next run looks for it.
    async fn create_copy(
        &self,
        organization: &VaultOrganizationId,
        slot: CopySlot,
        identity: &CopyIdentity,
        value: &SecretString,
    ) -> Result<RecordRef, PortError>;
}

/// How a job's pair stands in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscrowState {
    /// The records that hold it, each read and equal.
    pub records: Vec<RecordRef>,
    /// The halves that are not there yet.
    pub missing: Vec<CopySlot>,
}

/// Looks whether the vault holds the pair, and writes nothing.
///
/// # Errors
/// A job without a place in the vault, doubt about the organisation (E6), two records of one identity (E5), and a record that holds another
/// value.
pub async fn escrowed(
    job: &CopyJob,
    secrets: &EncryptionSecrets,
    vault: &dyn CopyVaultView,
) -> Result<EscrowState, Error> {
    let (organization, identity) = place(job, vault).await?;
    state(&organization, &identity, secrets, vault).await
}

/// Writes the pair into the vault as far as it is not there, and finds it there as the next run will (E2).
///
/// # Errors
/// As [`escrowed`]; and a vault that does not give back what it was given: then the pair is not used.
pub async fn escrow(job: &CopyJob, secrets: EncryptionSecrets, vault: &dyn CopyVault) -> Result<Kept, Error> {
    let (organization, identity) = place(job, vault).await?;
    let found = state(&organization, &identity, &secrets, vault).await?;
    for slot in &found.missing {
        let value = SecretString::from(half(*slot, &secrets));
        vault.create_copy(&organization, *slot, &identity, &value).await?;
    }
    if found.missing.is_empty() {
        return Ok(Kept::by_vault(secrets, found.records));
    }
    let now = state(&organization, &identity, &secrets, vault).await?;
    if now.missing.is_empty() {
        return Ok(Kept::by_vault(secrets, now.records));
    }
    let what =
        format!("the vault does not give back what it was given for the copy {:?}", identity.job.as_str());
    Err(Refusal::precondition(
        "E2",
        what,
        "Look at its records in the vault, put it right, run again. The pair was not used",
    )
    .into())
}

async fn place(
    job: &CopyJob,
    vault: &dyn CopyVaultView,
) -> Result<(VaultOrganizationId, CopyIdentity), Error> {
    let none = || Refusal::blocked("E2", "the job names no vault organisation", "Name one as `organization`");
    let place = job.escrow.as_ref().ok_or_else(none)?;
    let name = &place.organization;
    let found = vault.organizations(name).await?;
    let organization = match found.as_slice() {
        [only] => only.id.clone(),
        [] => {
            let what = format!("the vault has no organisation {name:?}");
            return Err(Refusal::precondition("E6", what, "Correct `organization`").into());
        }
        several => {
            let what = format!("the vault has {} organisations {name:?}", several.len());
            return Err(Refusal::blocked("E6", what, "Rename all but one").into());
        }
    };
    let catalogue = NoteText::new(job.catalogue.display().to_string());
    let catalogue = catalogue
        .map_err(|error| Refusal::precondition("E5", error.to_string(), "Give the catalogue another path"))?;
    Ok((organization, CopyIdentity { job: job.name.clone(), catalogue, host: place.host.clone() }))
}

async fn state(
    organization: &VaultOrganizationId,
    identity: &CopyIdentity,
    secrets: &EncryptionSecrets,
    vault: &dyn CopyVaultView,
) -> Result<EscrowState, Error> {
    let records = vault.copy_records(organization).await?;
    let mut state = EscrowState { records: Vec::new(), missing: Vec::new() };
    for slot in [CopySlot::Password, CopySlot::Salt] {
        let ours: Vec<&CopyRecord> = records
            .iter()
            .filter(|record| record.slot == slot && record.identity.as_ref() == Some(identity))
            .collect();
        // Without a salt there is none to keep.
        let wanted = slot == CopySlot::Password || !half(slot, secrets).is_empty();
        match (ours.as_slice(), wanted) {
            ([], false) => {}
            ([], true) => state.missing.push(slot),
            ([only], _) => {
                let held = vault.read_copy(organization, &only.reference.id).await?;
                if !safe_text::same_text(held.expose_secret(), half(slot, secrets)) {
                    let what = format!(
                        "the vault holds another {} for the copy {:?}: {}",
                        slot.name(),
                        identity.job.as_str(),
                        only.reference.url
                    );
                    let remedy =
                        "Decide which is right: what is encrypted under the other one does not open with it";
                    return Err(Refusal::blocked("E4", what, remedy).into());
                }
                state.records.push(only.reference.clone());
            }
            (several, _) => {
                let urls: Vec<&str> = several.iter().map(|record| record.reference.url.as_str()).collect();
                let what = format!(
                    "the vault has {} records of one {}: {}",
                    several.len(),
                    slot.name(),
                    urls.join(", ")
                );
                return Err(Refusal::blocked("E5", what, "Archive all but the right one").into());
            }
        }
    }
    Ok(state)
}

fn half(slot: CopySlot, secrets: &EncryptionSecrets) -> &str {
    match slot {
        CopySlot::Password => secrets.password.expose(),
        CopySlot::Salt => secrets.salt.expose(),
    }
}

impl CopySlot {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "encryption password",
            Self::Salt => "encryption salt",
        }
    }
}
