//! IT Glue.

use async_trait::async_trait;
use dtc_naming::VaultLabel;
use dtc_provision::PortError;
use dtc_provision::ports::{
    DeviceId, NewRecord, Notes, Record, RecordId, RecordRef, StoredSecret, Vault, VaultOrganization,
    VaultOrganizationId, VaultView,
};
use futures_util::{TryStreamExt as _, future};
use itglue_client::{
    Client, ConfigurationId, CreatePassword, OrganizationId, Password, PasswordCategoryId, PasswordId,
    PasswordValue, RmmDevice, UpdatePassword,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{Attempt as _, parsed, refused};

/// IT Glue as a vault.
pub(crate) struct ItGlueVault(pub(crate) Client);

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

/// Whether a password is a live record of ours, by its label (N8).
fn is_ours(password: &Password) -> bool {
    !password.archived && password.name.parse::<VaultLabel>().is_ok()
}

fn record(password: &Password, notes: &str) -> Record {
    Record {
        reference: reference(password),
        label: password.name.clone(),
        user_name: password.username.clone().filter(|name| !name.is_empty()),
        notes: Notes::parse(notes),
    }
}

impl ItGlueVault {
    /// The record with its notes, which a list may lack; `None` when it went away since it was listed.
    async fn noted(&self, listed: Password) -> Result<Option<Record>, PortError> {
        if let Some(notes) = listed.notes.text() {
            return Ok(Some(record(&listed, notes)));
        }
        match self.0.passwords().get(listed.id).await {
            Ok(shown) if is_ours(&shown) => Ok(Some(record(&shown, shown.notes.text().unwrap_or_default()))),
            Ok(_) => Ok(None),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error).attempting(format_args!("read the notes of {:?}", listed.name)),
        }
    }

    async fn category(&self, wanted: &str) -> Result<PasswordCategoryId, PortError> {
        let attempted = format!("look for the password category {wanted:?} in IT Glue");
        let all = self.0.password_categories().list().await.attempting(&attempted)?;
        let mut found = all.iter().filter(|category| category.name == wanted);
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only.id),
            (Some(_), Some(_)) => Err(refused(attempted, "several are called so; rename all but one")),
            (None, _) => {
                let names: Vec<&str> = all.iter().map(|category| category.name.as_str()).collect();
                Err(refused(attempted, format!("there is none; there are {}", names.join(", "))))
            }
        }
    }

    /// The one configuration of the organisation that stands for the device, where IT Glue knows it.
    async fn configuration(
        &self,
        organization: OrganizationId,
        device: &DeviceId,
    ) -> Result<Option<ConfigurationId>, PortError> {
        let wanted = RmmDevice::ninja_one(parsed(device.as_str(), "a device in NinjaOne")?);
        let found = self.0.configurations().of_device(&wanted).await;
        let found = found.attempting(format_args!("look for the configuration of device {device}"))?;
        let mut ours = found
            .iter()
            .filter(|configuration| configuration.organization_id == organization && !configuration.archived);
        Ok(match (ours.next(), ours.next()) {
            (Some(only), None) => Some(only.id),
            _ => None,
        })
    }
}

#[async_trait]
impl VaultView for ItGlueVault {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        let found = self.0.organizations().find(name).await;
        let found = found.attempting(format_args!("look for the organisation {name:?} in IT Glue"))?;
        let organization = |found: itglue_client::Organization| VaultOrganization {
            id: VaultOrganizationId::new(found.id.to_string()),
            name: found.name,
        };
        Ok(found.into_iter().map(organization).collect())
    }

    async fn records(&self, organization: &VaultOrganizationId) -> Result<Vec<Record>, PortError> {
        let listed = self.0.passwords().list(organization_id(organization)?);
        let ours = listed.try_filter(|password| future::ready(is_ours(password)));
        let ours: Result<Vec<Password>, _> = ours.try_collect().await;
        let ours = ours.attempting(format_args!("list the passwords of organisation {organization}"))?;
        let mut records = Vec::new();
        for password in ours {
            records.extend(self.noted(password).await?);
        }
        Ok(records)
    }

    async fn read(
        &self,
        organization: &VaultOrganizationId,
        record: &RecordId,
    ) -> Result<StoredSecret, PortError> {
        let attempted = format!("read the value of record {record} in IT Glue");
        let revealed = self.0.passwords().reveal(password_id(record)?).await.attempting(&attempted)?;
        if revealed.record.organization_id != organization_id(organization)? {
            return Err(refused(attempted, format!("it is not organisation {organization}'s")));
        }
        Ok(StoredSecret {
            user_name: revealed.record.username.filter(|name| !name.is_empty()),
            value: SecretString::from(revealed.value.expose().to_owned()),
        })
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
        let client = organization_id(organization)?;
        let request = CreatePassword::new(client, &record.label)
            .notes(record.notes.to_string())
            .category(self.category(&record.category).await?);
        let request = match &record.user_name {
            Some(name) => request.username(name),
            None => request,
        };
        let configuration = match &record.device {
            Some(device) => self.configuration(client, device).await?,
            None => None,
        };
        let request = match configuration {
            Some(configuration) => request.embedded_in(configuration),
            None => request,
        };
        let value = PasswordValue::new(value.expose_secret());
        let created = self.0.passwords().create(&request, &value).await;
        Ok(reference(&created.attempting(format_args!("create the record {:?}", record.label))?))
    }

    async fn replace(
        &self,
        _organization: &VaultOrganizationId,
        record: &RecordId,
        user_name: Option<&str>,
        value: &SecretString,
    ) -> Result<(), PortError> {
        let request = UpdatePassword::new();
        let request = match user_name {
            Some(name) => request.username(name),
            None => request,
        };
        let value = PasswordValue::new(value.expose_secret());
        let replaced = self.0.passwords().replace_value(password_id(record)?, &request, &value).await;
        replaced.attempting(format_args!("replace the value of record {record}")).map(drop)
    }

    async fn annotate(
        &self,
        _organization: &VaultOrganizationId,
        record: &RecordId,
        notes: &Notes,
    ) -> Result<(), PortError> {
        let request = UpdatePassword::new().notes(notes.to_string());
        let updated = self.0.passwords().update(password_id(record)?, &request).await;
        updated.attempting(format_args!("change the notes of record {record}")).map(drop)
    }
}
