//! Cloud credentials on the appliance (C1).

use std::sync::Arc;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ids::{CredentialId, KeyId};
use dtc_provision::ports::{
    CloudCredential, CloudCredentials, CloudCredentialsView, CredentialSpec, CredentialVerdict, Redactable,
};
use dtc_provision::proofs::{Bound, Minted};
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};
use truenas_client::cloud_credentials::{
    ApplicationKey as Key, B2Credential, CloudCredential as Found, Provider, Verification,
};
use truenas_client::{CloudCredentialId, Redactable as Shown};

use super::TrueNas;
use crate::error::{Attempt as _, parsed};

/// A key's id and secret in B2's form, which B2 never issues: ids begin with the digits of a cluster.
const NO_KEY: (&str, &str) = ("0000000000000000000000000", "K000000000000000000000000000000");

pub(super) fn id(id: &CredentialId) -> Result<CloudCredentialId, PortError> {
    parsed(id.as_str(), "a cloud credential").map(CloudCredentialId::new)
}

#[async_trait]
impl CloudCredentialsView for TrueNas {
    async fn cloud_credentials(&self) -> Result<Arc<[CloudCredential]>, PortError> {
        let found = self.client().await?.cloud_credentials().list().await;
        let found = found.attempting("list the appliance's cloud credentials")?;
        Ok(found.into_iter().map(seen).collect())
    }
}

fn seen(found: Found) -> CloudCredential {
    let (key_id, key) = match found.provider {
        Provider::B2 { account, key } => {
            let id = account.map(KeyId::new);
            let key = match (&id, key) {
                (Some(id), Shown::Clear(secret)) => Redactable::Clear(Minted::new(ApplicationKey {
                    id: id.clone(),
                    secret: ApplicationKeySecret::new(secret.expose()),
                })),
                (_, Shown::Absent) => Redactable::Absent,
                _ => Redactable::Redacted,
            };
            (id, key)
        }
        _ => (None, Redactable::Absent),
    };
    CloudCredential { id: CredentialId::new(found.id.to_string()), name: found.name, key_id, key }
}

#[async_trait]
impl CloudCredentials for TrueNas {
    async fn verify_cloud_credential(
        &self,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialVerdict, PortError> {
        let key = credential.expose();
        let secret = Key::new(key.secret.expose());
        let answer = self.client().await?.cloud_credentials().verify(key.id.as_str(), &secret).await;
        Ok(verdict(answer.attempting(format_args!("have the appliance try the key {}", key.id))?))
    }

    async fn try_no_key(&self) -> Result<CredentialVerdict, PortError> {
        let answer = self.client().await?.cloud_credentials().verify(NO_KEY.0, &Key::new(NO_KEY.1)).await;
        Ok(verdict(answer.attempting("have the appliance log in to Backblaze without a key")?))
    }

    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialId, PortError> {
        let (name, key) = (credential.spec().bucket.as_str(), credential.expose());
        let request = B2Credential::new(name, key.id.as_str());
        let secret = Key::new(key.secret.expose());
        let saved = match existing {
            Some(existing) => {
                self.client().await?.cloud_credentials().update(id(existing)?, &request, &secret).await
            }
            None => self.client().await?.cloud_credentials().create(&request, &secret).await,
        };
        let saved = saved.attempting(format_args!("save the cloud credential {name}"))?;
        Ok(CredentialId::new(saved.id.to_string()))
    }
}

fn verdict(answer: Verification) -> CredentialVerdict {
    if answer.valid {
        return CredentialVerdict::Valid;
    }
    let words: Vec<String> = [answer.error, answer.excerpt].into_iter().flatten().collect();
    CredentialVerdict::Invalid(words.join(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read_as(provider: &Value) -> CloudCredential {
        seen(serde_json::from_value(json!({"id": 3, "name": "n", "provider": provider})).unwrap())
    }

    #[test]
    fn c2a_a_hidden_key_is_unknown_and_never_a_value() {
        let clear = read_as(&json!({"type": "B2", "account": "005", "key": "K005"}));
        assert!(matches!(&clear.key, Redactable::Clear(_)));
        assert_eq!(clear.key_id.unwrap().as_str(), "005");
        let hidden = read_as(&json!({"type": "B2", "account": "005", "key": "********"}));
        assert!(hidden.key_id.is_some() && matches!(hidden.key, Redactable::Redacted));
        let whole = read_as(&json!({"type": "B2", "account": "********", "key": "K005"}));
        assert!(whole.key_id.is_none() && matches!(whole.key, Redactable::Redacted));
        let other = read_as(&json!({"type": "S3", "access_key_id": "a"}));
        assert!(other.key_id.is_none() && matches!(other.key, Redactable::Absent));
    }

    #[test]
    fn c1_the_appliances_words_come_with_its_refusal() {
        let answer =
            serde_json::from_value(json!({"valid": false, "error": "401", "excerpt": "unauthorized"}));
        assert_eq!(verdict(answer.unwrap()), CredentialVerdict::Invalid("401: unauthorized".to_owned()));
    }
}
