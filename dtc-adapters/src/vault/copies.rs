//! Records of encrypted copies: their labels, and the lines of their notes that identify them (E5).

use async_trait::async_trait;
use dtc_naming::CopyLabel;
use dtc_provision::PortError;
use dtc_provision::copy::{CopyIdentity, CopyRecord, CopySlot, CopyVault, CopyVaultView};
use dtc_provision::ids::{RecordId, RecordRef, VaultOrganizationId};
use dtc_provision::ports::{NoteText, VaultOrganization};
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream};
use itglue_client::{CreatePassword, Password, PasswordValue};
use safe_text::SecretString;

use super::layout::Notes;
use super::{ItGlueVault, SIDE_BY_SIDE, of, organization_id, password_id, reference};
use crate::error::Attempt as _;

const JOB: &str = "Copy Job";
const CATALOGUE: &str = "Catalogue Path";
const HOST: &str = "Host Name";

fn label(slot: CopySlot, identity: &CopyIdentity) -> CopyLabel {
    match slot {
        CopySlot::Password => CopyLabel::Password(identity.job.clone()),
        CopySlot::Salt => CopyLabel::Salt(identity.job.clone()),
    }
}

fn notes(identity: &CopyIdentity) -> Result<Notes, PortError> {
    let mut notes = Notes::default();
    notes.set(JOB, &identity.job)?;
    notes.set(CATALOGUE, &identity.catalogue)?;
    notes.set(HOST, &identity.host)?;
    Ok(notes)
}

/// A live password as a record of a copy; `None` when its label is none of ours.
fn record(password: &Password, notes: &str) -> Option<CopyRecord> {
    let slot = match password.name.parse().ok()? {
        CopyLabel::Password(_) => CopySlot::Password,
        CopyLabel::Salt(_) => CopySlot::Salt,
    };
    let notes = Notes::parse(notes);
    let note = |name: &str| NoteText::new(notes.get(name)?.to_owned()).ok();
    let identity = || {
        let job = notes.get(JOB)?.parse().ok()?;
        Some(CopyIdentity { job, catalogue: note(CATALOGUE)?, host: note(HOST)? })
    };
    Some(CopyRecord { reference: reference(password), slot, identity: identity() })
}

fn is_labelled(password: &Password) -> bool {
    !password.archived && password.name.parse::<CopyLabel>().is_ok()
}

impl ItGlueVault {
    /// The record with its notes, which a list may lack.
    async fn copy_noted(&self, listed: Password) -> Result<Option<CopyRecord>, PortError> {
        if let Some(notes) = listed.notes.text() {
            return Ok(record(&listed, notes));
        }
        match self.client.passwords().get(listed.id).await {
            Ok(shown) if is_labelled(&shown) => Ok(record(&shown, shown.notes.text().unwrap_or_default())),
            Ok(_) => Ok(None),
            Err(error) if error.is_not_found() && error.status() == Some(404) => Ok(None),
            Err(error) => Err(error).attempting(format_args!("read the notes of {:?}", listed.name)),
        }
    }
}

#[async_trait]
impl CopyVaultView for ItGlueVault {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        dtc_provision::ports::VaultView::organizations(self, name).await
    }

    async fn copy_records(&self, organization: &VaultOrganizationId) -> Result<Vec<CopyRecord>, PortError> {
        let listed = self.client.passwords().list(organization_id(organization)?);
        let ours = listed.try_filter(|password| future::ready(is_labelled(password)));
        let ours: Result<Vec<Password>, _> = ours.try_collect().await;
        let ours = ours.attempting(format_args!("list the passwords of organisation {organization}"))?;
        let records = stream::iter(ours).map(|password| self.copy_noted(password)).buffered(SIDE_BY_SIDE);
        Ok(records.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }

    async fn read_copy(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<SecretString, PortError> {
        let attempted = format!("read the value of record {record} in IT Glue");
        let revealed = self.client.passwords().reveal(password_id(record)?).await.attempting(&attempted)?;
        of(organization, &revealed.record, &attempted)?;
        Ok(SecretString::from(revealed.value.expose().to_owned()))
    }
}

#[async_trait]
impl CopyVault for ItGlueVault {
    async fn create_copy(
        &self,
        organization: &VaultOrganizationId,
        slot: CopySlot,
        identity: &CopyIdentity,
        value: &SecretString,
    ) -> Result<RecordRef, PortError> {
        let label = label(slot, identity).to_string();
        let request = CreatePassword::new(organization_id(organization)?, &label)
            .notes(notes(identity)?.to_string())
            .category(self.category().await?);
        let value = PasswordValue::new(value.expose_secret());
        let created = self.client.passwords().create(&request, &value).await;
        Ok(reference(&created.attempting(format_args!("create the record {label:?}"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e5_a_record_of_a_copy_says_whose_it_is_in_lines_that_are_read_back() {
        let note = |text: &str| NoteText::new(text.to_owned()).unwrap();
        let identity = CopyIdentity {
            job: "Documents".parse().unwrap(),
            catalogue: note("/srv/catalogue"),
            host: note("backup01"),
        };
        let text = notes(&identity).unwrap().to_string();
        assert_eq!(text, "Copy Job: Documents\nCatalogue Path: /srv/catalogue\nHost Name: backup01");
        assert_eq!(label(CopySlot::Password, &identity).to_string(), "Encrypted Copy — Documents");
        assert_eq!(
            label(CopySlot::Salt, &identity).to_string(),
            "Encrypted Copy — Documents · Encryption Salt"
        );
    }
}
