//! What is in the cloud, and which clouds there are.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{CloudSyncSecrets, Target};
use crate::{CloudCredentialId, Switch};

/// A folder of a bucket that is to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudFolder {
    credential: CloudCredentialId,
    target: Target,
    filename_encryption: Switch,
}

impl CloudFolder {
    /// A folder of a bucket that this credential opens. Names are read as they are.
    pub fn new(credential: CloudCredentialId, bucket: impl Into<String>, folder: impl Into<String>) -> Self {
        Self { credential, target: Target::new(bucket, folder), filename_encryption: Switch::Off }
    }

    /// Whether names in it are encrypted: with the secrets of its task, each then comes with what it stands for.
    pub fn filename_encryption(mut self, encrypted: Switch) -> Self {
        self.filename_encryption = encrypted;
        self
    }

    pub(super) fn body(&self, crypt: Option<&CloudSyncSecrets>) -> Value {
        let mut body = json!({"credentials": self.credential.get(), "attributes": self.target});
        if let Some(crypt) = crypt {
            body["encryption"] = true.into();
            body["filename_encryption"] = self.filename_encryption.is_on().into();
            for (name, secret) in crypt.fields() {
                body[name] = secret.into();
            }
        }
        body
    }
}

/// An entry of a folder in the cloud.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "PascalCase")]
pub struct CloudFile {
    /// Its name in the folder, as it is in the cloud.
    pub name: String,
    /// Its path from the folder on.
    pub path: String,
    /// Its length there in bytes; negative for a folder.
    #[serde(default)]
    pub size: i64,
    /// When it was last changed, as rclone writes it.
    #[serde(default, rename = "ModTime")]
    pub changed: Option<String>,
    /// Whether it is a folder.
    #[serde(default)]
    pub is_dir: bool,
    /// What its name stands for, where names are encrypted.
    #[serde(default)]
    pub decrypted: Option<String>,
}

/// A cloud that the appliance knows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CloudProvider {
    /// The middleware's name of it, such as `B2`.
    pub name: String,
    /// Its own name.
    pub title: String,
    /// Whether it has buckets.
    #[serde(default)]
    pub buckets: bool,
    /// What it calls one.
    #[serde(default)]
    pub bucket_title: Option<String>,
    /// The settings of a task that are its own.
    #[serde(default, rename = "task_schema")]
    pub settings: Vec<ProviderSetting>,
}

/// A setting of a task that is one cloud's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ProviderSetting {
    /// Its name.
    pub property: String,
}
