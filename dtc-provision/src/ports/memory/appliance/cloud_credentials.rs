//! Cloud credentials.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::ids::{CredentialId, KeyId};
use crate::port_error::PortError;
use crate::ports::memory::{Handed, World, missing, refused};
use crate::ports::{
    CloudCredential, CloudCredentials, CloudCredentialsView, CredentialSpec, CredentialVerdict,
};
use crate::proofs::Bound;
use crate::secret::{ApplicationKey, ApplicationKeySecret};

/// A cloud credential.
#[derive(Clone)]
pub struct CredentialState {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// The application key's id.
    pub key_id: String,
    /// The application key, in the clear.
    pub key: String,
}

impl fmt::Debug for CredentialState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialState").field("id", &self.id).finish_non_exhaustive()
    }
}

#[async_trait]
impl CloudCredentialsView for World {
    async fn cloud_credentials(&self) -> Result<Arc<[CloudCredential]>, PortError> {
        self.read("appliance.cloud_credentials", |state| {
            let shown = |found: &CredentialState| {
                let id = KeyId::new(found.key_id.clone());
                let secret = || ApplicationKeySecret::new(found.key.clone());
                CloudCredential {
                    id: found.id.clone(),
                    name: found.name.clone(),
                    key_id: Some(id.clone()),
                    key: state.appliance.shown(true, || ApplicationKey { id, secret: secret() }),
                }
            };
            Ok(state.appliance.credentials.iter().map(shown).collect())
        })
        .await
    }
}

#[async_trait]
impl CloudCredentials for World {
    async fn verify_cloud_credential(
        &self,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialVerdict, PortError> {
        self.read("appliance.verify_cloud_credential", |state| {
            let given = credential.expose();
            if let Some(words) = &state.appliance.refuses_keys {
                return Ok(CredentialVerdict::Invalid(words.clone()));
            }
            let unsettled = state.appliance.unsettled_keys > 0;
            state.appliance.unsettled_keys = state.appliance.unsettled_keys.saturating_sub(1);
            let known = state.store.login(given.id.as_str(), given.secret.expose()).is_some();
            Ok(if known && !unsettled {
                CredentialVerdict::Valid
            } else {
                CredentialVerdict::Invalid("unauthorized (401)".to_owned())
            })
        })
        .await
    }

    async fn try_no_key(&self) -> Result<CredentialVerdict, PortError> {
        self.read("appliance.try_no_key", |state| {
            let words = state.appliance.refuses_keys.clone();
            Ok(CredentialVerdict::Invalid(words.unwrap_or_else(|| "unauthorized (401)".to_owned())))
        })
        .await
    }

    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialId, PortError> {
        self.write("appliance.put_cloud_credential", |state| {
            let (given, name) = (credential.expose(), credential.spec().bucket.to_string());
            let (key_id, key) = (given.id.to_string(), given.secret.expose().to_owned());
            state.handed.push(Handed::ToAppliance(key.clone()));
            let appliance = &mut state.appliance;
            if let Some(id) =
                existing.filter(|id| !appliance.credentials.iter().any(|found| found.id == **id))
            {
                return Err(missing("appliance.put_cloud_credential", id));
            }
            let mut others = appliance.credentials.iter().filter(|found| Some(&found.id) != existing);
            if others.any(|found| found.name == name) {
                return Err(refused("appliance.put_cloud_credential", "the name is taken"));
            }
            let saved = |id| CredentialState { id, name, key_id, key };
            if let Some(found) = appliance.credentials.iter_mut().find(|found| Some(&found.id) == existing) {
                *found = saved(found.id.clone());
                return Ok(found.id.clone());
            }
            let id = CredentialId::new(appliance.next_id());
            appliance.credentials.push(saved(id.clone()));
            Ok(id)
        })
        .await
    }
}
