//! What the vault holds of this appliance.

use dtc_naming::{BucketName, FolderPath, Parsed};

use super::identity::Place;
use super::{Agreement, VaultSeen};
use crate::error::{Error, Refusal};
use crate::escrow::{self, Escrowed, KEYS_BEFORE_MINT, ORPHANED_KEYS, RecordKey, STATUS, Slot, Subject};
use crate::ports::{
    CloudSync, KeyId, Record, RecordRef, Seen, VaultOrganization, VaultOrganizationId, Views,
};
use crate::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};
use crate::site::Site;

/// The client's organisation and this appliance's records in it. Without a GUID there can be none yet.
pub(super) async fn observe(
    site: &Site,
    views: &Views,
    place: &Place,
    subject: Option<&Subject>,
) -> Result<VaultSeen, Error> {
    let organization = organization(site, views, place).await?;
    let records = views.vault.records(&organization.id).await?;
    let record = |slot| match subject {
        Some(subject) => escrow::find(&records, slot, subject),
        None => Ok(None),
    };
    let reference = |slot| Ok::<_, Refusal>(record(slot)?.map(|record| record.reference.clone()));
    let password = record(Slot::EncryptionPassword)?;
    let key = record(Slot::ApplicationKey)?;
    let operational = key.and_then(|record| record.notes.get(STATUS)) == Some("operational");
    let bucket = place.bucket_name.as_str();
    let mut referenced: Vec<KeyId> = escrow::escrowed_keys(&records, bucket).map(KeyId::new).collect();
    referenced.sort();
    Ok(VaultSeen {
        key: key.and_then(key_id),
        password: password.map(|record| record.reference.clone()),
        salt: reference(Slot::EncryptionSalt)?,
        snmp_password: reference(Slot::SnmpPassword)?,
        snmp_passphrase: reference(Slot::SnmpPassphrase)?,
        keys_before_mint: password.and_then(|record| listed(record, KEYS_BEFORE_MINT)),
        orphans: password.and_then(|record| listed(record, ORPHANED_KEYS)).unwrap_or_default(),
        referenced,
        operational,
        misnamed: misnamed(&records, place, subject)?,
        organization,
    })
}

/// Labels that still bear the name the location had: a finding, and never a reason to file a second record (E5).
fn misnamed(records: &[Record], place: &Place, subject: Option<&Subject>) -> Result<Vec<String>, Refusal> {
    let Some(subject) = subject else { return Ok(Vec::new()) };
    let mut labels = Vec::new();
    for slot in [Slot::ApplicationKey, Slot::EncryptionPassword, Slot::EncryptionSalt] {
        let Some(record) = escrow::find(records, slot, subject)? else { continue };
        if record.label != slot.label(&place.location_name).to_string() {
            labels.push(record.label.clone());
        }
    }
    Ok(labels)
}

/// The client's one organisation, by its exact name (E6).
pub(crate) async fn organization(
    site: &Site,
    views: &Views,
    place: &Place,
) -> Result<VaultOrganization, Error> {
    let wanted = site.vault_organization.as_deref().unwrap_or(&place.organization.name);
    Ok(only(wanted, views.vault.organizations(wanted).await?)?)
}

fn only(wanted: &str, mut found: Vec<VaultOrganization>) -> Result<VaultOrganization, Refusal> {
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Refusal::precondition(
            "E6",
            format!("IT Glue has no organisation called {wanted:?}"),
            "Name it as `vault_organization` in the site file, exactly as IT Glue writes it",
        )),
        (Some(last), others) => Err(Refusal::precondition(
            "E6",
            format!("IT Glue has {} organisations called {wanted:?}, one of them {}", others + 1, last.id),
            "Rename or archive the wrong ones; secrets are never filed by guess",
        )),
    }
}

fn key_id(record: &Record) -> Option<(RecordRef, KeyId)> {
    Some((record.reference.clone(), KeyId::new(record.user_name.clone()?)))
}

/// The ids that a note lists.
fn listed(record: &Record, name: &str) -> Option<Vec<KeyId>> {
    let text = record.notes.get(name)?;
    Some(text.split(", ").filter(|id| !id.is_empty() && *id != "none").map(KeyId::new).collect())
}

/// What the vault holds, for comparing with what the box holds; dropped when the observation ends.
pub(super) struct Held {
    organization: VaultOrganizationId,
    subject: Option<Subject>,
    records: Vec<Record>,
    key: Option<Escrowed<ApplicationKey>>,
    encryption: Option<Escrowed<EncryptionSecrets>>,
    snmp: Option<Escrowed<SnmpSecrets>>,
}

impl Held {
    pub(super) async fn recall(
        views: &Views,
        organization: &VaultOrganizationId,
        subject: Option<Subject>,
    ) -> Result<Self, Error> {
        let records = views.vault.records(organization).await?;
        let mut held = Self {
            organization: organization.clone(),
            subject: subject.clone(),
            records,
            key: None,
            encryption: None,
            snmp: None,
        };
        let Some(subject) = subject else { return Ok(held) };
        let key = RecordKey { organization: organization.clone(), subject };
        let vault = views.vault.as_ref();
        held.key = escrow::recall_from(vault, &key, &held.records).await?;
        held.encryption = escrow::recall_from(vault, &key, &held.records).await?;
        held.snmp = escrow::recall_from(vault, &key, &held.records).await?;
        Ok(held)
    }

    pub(super) fn key(&self, seen: &Seen<ApplicationKey>) -> Agreement {
        agreement(seen, self.key.as_ref(), ApplicationKey::same_as)
    }

    pub(super) fn snmp(&self, seen: &Seen<SnmpSecrets>) -> Agreement {
        agreement(seen, self.snmp.as_ref(), SnmpSecrets::same_as)
    }

    /// Whether a task's secrets are the vault's: those of the folder it writes to, which may be another appliance's
    /// or an earlier GUID's.
    pub(super) async fn encryption(&self, views: &Views, task: &CloudSync) -> Result<Agreement, Error> {
        let target = writes_to(task);
        if target.is_none() || target == self.subject {
            return Ok(agreement(&task.secrets, self.encryption.as_ref(), EncryptionSecrets::same_as));
        }
        let Some(subject) = target else { return Ok(Agreement::NotEscrowed) };
        let key = RecordKey { organization: self.organization.clone(), subject };
        let other = escrow::recall_from(views.vault.as_ref(), &key, &self.records).await?;
        Ok(agreement(&task.secrets, other.as_ref(), EncryptionSecrets::same_as))
    }
}

/// Whose folder a task writes to, if its bucket and folder are of the standard's form.
fn writes_to(task: &CloudSync) -> Option<Subject> {
    let Parsed::Standard(bucket) = BucketName::parse(&task.settings.bucket).ok()? else { return None };
    let folder: FolderPath = task.settings.folder.parse().ok()?;
    Some(Subject { bucket, device: folder.device() })
}

fn agreement<T>(seen: &Seen<T>, held: Option<&Escrowed<T>>, same: impl Fn(&T, &T) -> bool) -> Agreement {
    match (seen, held) {
        (Seen::Absent, _) => Agreement::Absent,
        (_, None) => Agreement::NotEscrowed,
        (Seen::Redacted, Some(_)) => Agreement::Unknowable,
        (Seen::Clear(seen), Some(held)) if held.matches(seen, same) => Agreement::Same,
        (Seen::Clear(_), Some(_)) => Agreement::Different,
    }
}
