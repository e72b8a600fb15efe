//! Credentials for clouds on the box (C1).

use dtc_provision::PortError;
use dtc_provision::ports::{CloudCredential, CredentialId, CredentialSpec, CredentialVerdict, KeyId, Seen};
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};
use truenas_client::cloud_credentials::{
    ApplicationKey as Key, B2Credential, CloudCredential as Found, Provider, Verification,
};
use truenas_client::{Client, CloudCredentialId, Redactable};

use crate::error::{Attempt as _, parsed};

pub(super) fn id(id: &CredentialId) -> Result<CloudCredentialId, PortError> {
    parsed(id.as_str(), "a cloud credential").map(CloudCredentialId::new)
}

pub(super) async fn list(nas: &Client) -> Result<Vec<CloudCredential>, PortError> {
    let found = nas.cloud_credentials().list().await.attempting("list the box's cloud credentials")?;
    Ok(found.into_iter().map(seen).collect())
}

fn seen(found: Found) -> CloudCredential {
    let (b2, key_id, key) = match found.provider {
        Provider::B2 { account, key } => {
            let id = account.map(KeyId::new);
            let key = match (&id, key) {
                (Some(id), Redactable::Clear(secret)) => Seen::Clear(ApplicationKey {
                    id: id.clone(),
                    secret: ApplicationKeySecret::new(secret.expose().to_owned().into()),
                }),
                (_, Redactable::Absent) => Seen::Absent,
                _ => Seen::Redacted,
            };
            (true, id, key)
        }
        _ => (false, None, Seen::Absent),
    };
    CloudCredential { id: CredentialId::new(found.id.to_string()), name: found.name, b2, key_id, key }
}

pub(super) async fn verify(nas: &Client, key: &ApplicationKey) -> Result<CredentialVerdict, PortError> {
    let secret = Key::new(key.secret.expose());
    let said = nas.cloud_credentials().verify(key.id.as_str(), &secret).await;
    Ok(verdict(said.attempting(format_args!("have the box try the key {}", key.id))?))
}

fn verdict(said: Verification) -> CredentialVerdict {
    if said.valid {
        return CredentialVerdict::Valid;
    }
    let words: Vec<String> = [said.error, said.excerpt].into_iter().flatten().collect();
    CredentialVerdict::Invalid(words.join(": "))
}

pub(super) async fn put(
    nas: &Client,
    existing: Option<&CredentialId>,
    spec: &CredentialSpec,
    key: &ApplicationKey,
) -> Result<CredentialId, PortError> {
    let credential = B2Credential::new(&spec.name, key.id.as_str());
    let secret = Key::new(key.secret.expose());
    let saved = match existing {
        Some(existing) => nas.cloud_credentials().update(id(existing)?, &credential, &secret).await,
        None => nas.cloud_credentials().create(&credential, &secret).await,
    };
    let saved = saved.attempting(format_args!("save the cloud credential {}", spec.name))?;
    Ok(CredentialId::new(saved.id.to_string()))
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
        assert!(matches!(&clear.key, Seen::Clear(key) if key.id.as_str() == "005"));
        let hidden = read_as(&json!({"type": "B2", "account": "005", "key": "********"}));
        assert!(hidden.b2 && hidden.key_id.is_some() && matches!(hidden.key, Seen::Redacted));
        let whole = read_as(&json!({"type": "B2", "account": "********", "key": "K005"}));
        assert!(whole.key_id.is_none() && matches!(whole.key, Seen::Redacted));
        let other = read_as(&json!({"type": "S3", "access_key_id": "a"}));
        assert!(!other.b2 && matches!(other.key, Seen::Absent));
    }

    #[test]
    fn c1_the_boxs_words_come_with_its_no() {
        let said = serde_json::from_value(json!({"valid": false, "error": "401", "excerpt": "unauthorized"}));
        assert_eq!(verdict(said.unwrap()), CredentialVerdict::Invalid("401: unauthorized".to_owned()));
    }
}
