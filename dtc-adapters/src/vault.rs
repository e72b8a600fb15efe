//! IT Glue.

mod copies;
pub(crate) mod layout;

use async_trait::async_trait;
use dtc_provision::ids::{DeviceId, RecordId, RecordRef, VaultOrganizationId};
use dtc_provision::ports::{
    NewRecord, Record, RecordContext, RecordNote, Vault, VaultOrganization, VaultSecrets, VaultView,
};
use dtc_provision::proofs::{StoredSecret, ValueCheck};
use dtc_provision::{PortError, PortErrorKind};
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream};
use itglue_client::{
    Client, ConfigurationId, CreatePassword, OrganizationId, Password, PasswordCategoryId, PasswordId,
    PasswordValue, RmmDevice, UpdatePassword,
};
use safe_text::SecretString;

use self::layout::Notes;
pub(crate) use self::layout::{Saved, saved};
pub use self::layout::{noted, record_of};
use crate::error::{Attempt as _, not_understood, parsed, refused};

/// Records whose notes are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// IT Glue as a vault.
pub(crate) struct ItGlueVault {
    pub(crate) client: Client,
    /// The name of the category that new records are filed in (E1a).
    pub(crate) category: String,
}

/// Where IT Glue has the configuration that stands for a device.
enum Filed {
    /// In the organisation, once.
    Here(ConfigurationId),
    /// In another organisation, and not in this one (E6).
    Elsewhere(OrganizationId),
    /// Nowhere, or several times in the organisation.
    Nowhere,
}

fn organization_id(id: &VaultOrganizationId) -> Result<OrganizationId, PortError> {
    parsed(id.as_str(), "an organisation in IT Glue").map(OrganizationId::new)
}

fn password_id(id: &RecordId) -> Result<PasswordId, PortError> {
    parsed(id.as_str(), "a password in IT Glue").map(PasswordId::new)
}

fn reference(password: &Password) -> RecordRef {
    let id = RecordId::new(password.id.to_string());
    let url = password.page.clone().unwrap_or_else(|| format!("IT Glue password {id}"));
    RecordRef { id, url }
}

/// Whether a password is live and labelled as ours (N8).
fn is_labelled(password: &Password) -> bool {
    !password.archived && layout::is_ours(&password.name)
}

fn user_name(password: &Password) -> Option<String> {
    password.username.clone().filter(|name| !name.is_empty())
}

fn record(password: &Password, notes: &str) -> Option<Record> {
    layout::record(reference(password), &password.name, user_name(password), notes)
}

impl ItGlueVault {
    /// The record with its notes, which a list may lack; `None` when it is not ours, or went away since it was listed.
    async fn noted(&self, listed: Password) -> Result<Option<Record>, PortError> {
        if let Some(notes) = listed.notes.text() {
            return Ok(record(&listed, notes));
        }
        match self.client.passwords().get(listed.id).await {
            Ok(shown) if is_labelled(&shown) => Ok(record(&shown, shown.notes.text().unwrap_or_default())),
            Ok(_) => Ok(None),
            // Another refusal, such as a 401, does not say whose it is: if it were passed over, a second one would be made beside it.
            Err(error) if error.is_not_found() && error.status() == Some(404) => Ok(None),
            Err(error) => Err(error).attempting(format_args!("read the notes of {:?}", listed.name)),
        }
    }

    async fn category(&self) -> Result<PasswordCategoryId, PortError> {
        let wanted = &self.category;
        let attempted = format!("look for the password category {wanted:?} in IT Glue");
        let all = self.client.password_categories().list().await.attempting(&attempted)?;
        let mut found = all.iter().filter(|category| category.name == *wanted);
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only.id),
            (Some(_), Some(_)) => Err(refused(attempted, "several have this name; rename all but one")),
            (None, _) => {
                let names: Vec<&str> = all.iter().map(|category| category.name.as_str()).collect();
                Err(refused(attempted, format!("there is none; there are {}", names.join(", "))))
            }
        }
    }

    /// Where the device's configuration stands.
    async fn filed(&self, organization: OrganizationId, device: &DeviceId) -> Result<Filed, PortError> {
        let wanted = RmmDevice::ninja_one(parsed(device.as_str(), "a device in NinjaOne")?);
        let found = self.client.configurations().of_device(&wanted).await;
        let found = found.attempting(format_args!("look for the configuration of device {device}"))?;
        let live = || found.iter().filter(|configuration| !configuration.archived);
        let mut ours = live().filter(|configuration| configuration.organization_id == organization);
        Ok(match (ours.next(), ours.next(), live().next()) {
            (Some(only), None, _) => Filed::Here(only.id),
            (None, _, Some(other)) => Filed::Elsewhere(other.organization_id),
            _ => Filed::Nowhere,
        })
    }
}

#[async_trait]
impl VaultView for ItGlueVault {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        let found = self.client.organizations().find(name).await;
        let found = found.attempting(format_args!("look for the organisation {name:?} in IT Glue"))?;
        let organization = |found: itglue_client::Organization| VaultOrganization {
            id: VaultOrganizationId::new(found.id.to_string()),
            name: found.name,
        };
        Ok(found.into_iter().map(organization).collect())
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        let listed = self.client.passwords().list(organization_id(organization)?);
        let ours = listed.try_filter(|password| future::ready(is_labelled(password)));
        let ours: Result<Vec<Password>, _> = ours.try_collect().await;
        let ours = ours.attempting(format_args!("list the passwords of organisation {organization}"))?;
        let records = stream::iter(ours).map(|password| self.noted(password)).buffered(SIDE_BY_SIDE);
        Ok(records.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }

    /// Labels, category and the device's configuration; whether the key may write values shows only when it does.
    async fn refuses(
        &self,
        organization: &VaultOrganizationId,
        context: &RecordContext,
    ) -> Result<Option<String>, PortError> {
        if let Some(why) = layout::too_long(context) {
            return Ok(Some(why));
        }
        if let Some(device) = &context.device
            && let Filed::Elsewhere(other) = self.filed(organization_id(organization)?, device).await?
        {
            return Ok(Some(format!(
                "IT Glue has device {device} of NinjaOne as a configuration of organisation {other}, not of {organization}: \
                 one of the two is another client's, or the device was moved and IT Glue does not show it yet"
            )));
        }
        match self.category().await {
            Ok(_) => Ok(None),
            Err(error) if error.kind() == PortErrorKind::Refused => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        }
    }
}

/// A record of another organisation is not there for this one (E6).
fn of(organization: &VaultOrganizationId, found: &Password, attempted: &str) -> Result<(), PortError> {
    if found.organization_id == organization_id(organization)? {
        return Ok(());
    }
    let answer = format!("it is a record of another organisation than {organization}");
    Err(PortError::new(PortErrorKind::NotFound, attempted, answer))
}

/// The notes that are about to be written again. Of an answer without them nothing is written: its identity would be lost (E5).
fn held_notes(found: &Password, attempted: &str) -> Result<Notes, PortError> {
    let text = found.notes.text();
    text.map(Notes::parse).ok_or_else(|| not_understood(attempted, "the record is shown without its notes"))
}

#[async_trait]
impl VaultSecrets for ItGlueVault {
    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        let attempted = format!("read the value of record {record} in IT Glue");
        let revealed = self.client.passwords().reveal(password_id(record)?).await.attempting(&attempted)?;
        of(organization, &revealed.record, &attempted)?;
        let value = SecretString::from(revealed.value.expose().to_owned());
        Ok(StoredSecret::new(user_name(&revealed.record), value))
    }
}

#[async_trait]
impl Vault for ItGlueVault {
    async fn create(
        &self,
        organization: &VaultOrganizationId,
        record: &NewRecord,
        value: &SecretString,
    ) -> Result<RecordRef, PortError> {
        let (client, label) = (organization_id(organization)?, layout::label(record));
        let request = CreatePassword::new(client, &label)
            .notes(layout::notes(record)?.to_string())
            .category(self.category().await?);
        let request = match &record.user_name {
            Some(name) => request.username(name),
            None => request,
        };
        let filed = match &record.context.device {
            Some(device) => self.filed(client, device).await?,
            None => Filed::Nowhere,
        };
        let request = match filed {
            Filed::Here(configuration) => request.embedded_in(configuration),
            Filed::Elsewhere(_) | Filed::Nowhere => request,
        };
        let value = PasswordValue::new(value.expose_secret());
        let created = self.client.passwords().create(&request, &value).await;
        Ok(reference(&created.attempting(format_args!("create the record {label:?}"))?))
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
        let id = password_id(record)?;
        let found = self.client.passwords().get(id).await.attempting(&attempted)?;
        of(organization, &found, &attempted)?;
        let mut notes = held_notes(&found, &attempted)?;
        notes.check(check)?;
        let request = UpdatePassword::new().notes(notes.to_string());
        let request = match user_name {
            Some(name) => request.username(name),
            None => request,
        };
        let value = PasswordValue::new(value.expose_secret());
        self.client.passwords().replace_value(id, &request, &value).await.attempting(attempted).map(drop)
    }

    async fn note(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
        note: &RecordNote,
    ) -> Result<(), PortError> {
        let attempted = format!("change the notes of record {record}");
        let id = password_id(record)?;
        let found = self.client.passwords().get(id).await.attempting(&attempted)?;
        of(organization, &found, &attempted)?;
        let held = held_notes(&found, &attempted)?;
        let mut notes = held.clone();
        notes.apply(note)?;
        if notes == held {
            return Ok(());
        }
        let request = UpdatePassword::new().notes(notes.to_string());
        self.client.passwords().update(id, &request).await.attempting(attempted).map(drop)
    }
}
