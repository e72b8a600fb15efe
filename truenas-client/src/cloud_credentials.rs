//! Stored credentials for clouds.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::redactable::Redactable;
use crate::{Client, CloudCredentialId, Error, ErrorKind};

http_core::secret_types! {
    /// The secret half of a B2 application key.
    ApplicationKey;
}

impl Client {
    /// The appliance's stored cloud credentials.
    pub fn cloud_credentials(&self) -> CloudCredentials<'_> {
        CloudCredentials { client: self }
    }
}

/// Calls about cloud credentials.
#[derive(Clone, Copy, Debug)]
pub struct CloudCredentials<'a> {
    client: &'a Client,
}

impl CloudCredentials<'_> {
    /// Every stored credential.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<CloudCredential>, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_CREDENTIALS_QUERY, Query::new().params())).await
    }

    /// One stored credential.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: CloudCredentialId) -> Result<CloudCredential, Error> {
        let operation = operations::CLOUDSYNC_CREDENTIALS_QUERY;
        let query = Query::new().equals("id", id.get());
        let found: Vec<CloudCredential> = self.client.carry_out(Call::new(operation, query.params())).await?;
        let missing = || Error::new(operation.name(), format!("credential {id}"), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }

    /// The buckets that a stored credential opens.
    ///
    /// # Errors
    /// `NotFound`; `Rejected` with rclone's words when the cloud refuses the credential; those of every reading call; `Unauthorized` for
    /// who may only read.
    pub async fn list_buckets(&self, id: CloudCredentialId) -> Result<Vec<CloudBucket>, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_LIST_BUCKETS, [id.get().into()])).await
    }

    /// Makes a bucket with a stored credential. Backblaze B2 is not among the clouds that the appliance can do this at.
    ///
    /// # Errors
    /// `Rejected` when the cloud cannot, or refuses; `NotFound`; `Unsupported` on CORE; `OutcomeUnknown` when the answer is lost;
    /// `Unauthorized`.
    pub async fn create_bucket(&self, id: CloudCredentialId, name: &str) -> Result<(), Error> {
        let call = Call::new(operations::CLOUDSYNC_CREATE_BUCKET, [id.get().into(), name.into()]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// Refuses what would break out of its line in rclone's configuration, which the appliance writes (before 25.10.7 as it is: TrueNAS
    /// middleware 25.10, `rclone/base.py`), or would be trimmed there.
    fn checked(self, call: &Call, account: &str, key: &ApplicationKey) -> Result<(), Error> {
        let is_plain = |text: &str| {
            let is_trimmed = text.trim() == text && !text.is_empty();
            is_trimmed && !text.starts_with(['`', '"', '\'']) && !text.contains(char::is_control)
        };
        if is_plain(account) && is_plain(key.expose()) {
            return Ok(());
        }
        let reason = "an application key and its id are single words: no line ends, no blanks around them, no quotes before them";
        Err(Error::new(call.method(), self.client.subject(), ErrorKind::InvalidRequest { reason }))
    }

    /// Stores a B2 credential. The appliance does not try it: [`verify`](Self::verify) first.
    ///
    /// # Errors
    /// `InvalidRequest` when the key or its id would not survive in rclone's configuration; `OutcomeUnknown` when the answer is lost: look before
    /// creating again; `Validation` (a name that is taken), `Unauthorized`.
    pub async fn create(
        &self,
        credential: &B2Credential,
        key: &ApplicationKey,
    ) -> Result<CloudCredential, Error> {
        let call = Call::new(operations::CLOUDSYNC_CREDENTIALS_CREATE, [credential.body(key)]);
        self.checked(&call, &credential.account, key)?;
        self.client.carry_out(call).await
    }

    /// Replaces a stored credential, its name and provider included.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(
        &self,
        id: CloudCredentialId,
        credential: &B2Credential,
        key: &ApplicationKey,
    ) -> Result<CloudCredential, Error> {
        let params = [id.get().into(), credential.body(key)];
        let call = Call::new(operations::CLOUDSYNC_CREDENTIALS_UPDATE, params);
        self.checked(&call, &credential.account, key)?;
        self.client.carry_out(call).await
    }

    /// Has the appliance log in with a key and list buckets, without storing anything. On a dead network this takes most of a minute.
    ///
    /// # Errors
    /// Those of every reading call. A key that B2 refuses is no error but an answer.
    pub async fn verify(&self, account: &str, key: &ApplicationKey) -> Result<Verification, Error> {
        let call = Call::new(operations::CLOUDSYNC_CREDENTIALS_VERIFY, [provider(account, key)]);
        self.checked(&call, account, key)?;
        let said: Verification = self.client.carry_out(call).await?;
        let hide = |text: Option<String>| text.map(|t| safe_text::lines(&t).into_owned());
        Ok(Verification { error: hide(said.error), excerpt: hide(said.excerpt), ..said })
    }

    /// Deletes a stored credential; refused while a task uses it.
    ///
    /// # Errors
    /// `Rejected` while in use; `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: CloudCredentialId) -> Result<(), Error> {
        self.client
            .carry_out::<Value>(Call::new(operations::CLOUDSYNC_CREDENTIALS_DELETE, [id.get().into()]))
            .await
            .map(drop)
    }
}

/// The provider's object, as 25.04 and newer want it (TrueNAS middleware 25.10, `api/v25_10_0/cloud_sync_providers.py`).
fn provider(account: &str, key: &ApplicationKey) -> Value {
    json!({"type": "B2", "account": account, "key": key.expose()})
}

/// A B2 credential to store, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct B2Credential {
    name: String,
    account: String,
}

impl B2Credential {
    /// A name, unique on the appliance, and the id of the application key (the middleware calls it the account).
    pub fn new(name: impl Into<String>, account: impl Into<String>) -> Self {
        Self { name: name.into(), account: account.into() }
    }

    fn body(&self, key: &ApplicationKey) -> Value {
        json!({"name": self.name, "provider": provider(&self.account, key)})
    }
}

/// A stored credential.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct CloudCredential {
    /// Its number.
    pub id: CloudCredentialId,
    /// Its name.
    pub name: String,
    /// Which cloud, and how to log in there.
    pub provider: Provider,
}

/// Which cloud a credential is for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Provider {
    /// Backblaze B2.
    B2 {
        /// The id of the application key; none when the appliance hides it.
        account: Option<String>,
        /// The secret half of the key.
        key: Redactable<ApplicationKey>,
    },
    /// Another cloud, by the middleware's name of it.
    Other(String),
}

impl<'de> Deserialize<'de> for Provider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            account: Redactable<String>,
            #[serde(default)]
            key: Redactable<ApplicationKey>,
        }
        // Read through a value, since the other providers' `key` may be no text at all.
        let value = Value::deserialize(deserializer)?;
        match value["type"].as_str() {
            Some("B2") => {
                let wire: Wire =
                    serde_json::from_value(value).map_err(|_| serde::de::Error::custom("no B2 provider"))?;
                let account = match wire.account {
                    Redactable::Clear(account) => Some(account),
                    Redactable::Redacted | Redactable::Absent => None,
                };
                Ok(Self::B2 { account, key: wire.key })
            }
            Some(other) => Ok(Self::Other(other.to_owned())),
            None => Err(serde::de::Error::custom("a provider without a type")),
        }
    }
}

/// A bucket that a credential opens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CloudBucket {
    /// Its name.
    #[serde(rename = "Name")]
    pub name: String,
    /// Whether the appliance lets a task use it.
    #[serde(default = "yes", rename = "Enabled")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// What the appliance found when it tried a credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Verification {
    /// Whether it could log in and list buckets.
    pub valid: bool,
    /// Why not, in short.
    #[serde(default)]
    pub error: Option<String>,
    /// The last lines of what rclone said.
    #[serde(default)]
    pub excerpt: Option<String>,
}
