//! Cloud credentials (C1).

use std::sync::Arc;

use async_trait::async_trait;
use dtc_naming::{BucketName, DeviceGuid};

use super::redactable::Redactable;
use crate::ids::{CredentialId, KeyId};
use crate::port_error::PortError;
use crate::proofs::{Backup, Bound, SealedUse, Use};
use crate::secret::ApplicationKey;

/// A cloud credential on the appliance.
#[derive(Debug)]
pub struct CloudCredential {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// The application key's id, for a Backblaze B2 credential.
    pub key_id: Option<KeyId>,
    /// The application key.
    pub key: Redactable<ApplicationKey>,
}

/// The credential to keep on an appliance: the scoped key of its bucket, under the bucket's name (C1, N7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSpec {
    /// The bucket, whose name the credential bears.
    pub bucket: BucketName,
    /// The appliance.
    pub device: DeviceGuid,
}

impl SealedUse for CredentialSpec {}
impl Use for CredentialSpec {
    type Secret = ApplicationKey;

    fn describe(&self) -> String {
        format!("the cloud credential {}", self.bucket)
    }

    fn identity(&self) -> Option<Backup> {
        Some(Backup { bucket: self.bucket.clone(), device: self.device })
    }
}

/// What the appliance says after trying a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialVerdict {
    /// It logged in and listed the bucket.
    Valid,
    /// It could not, for this reason in the appliance's words.
    Invalid(String),
}

/// Reads cloud credentials.
#[async_trait]
pub trait CloudCredentialsView: Send + Sync {
    /// Every cloud credential.
    async fn cloud_credentials(&self) -> Result<Arc<[CloudCredential]>, PortError>;
}

/// Writes cloud credentials.
#[async_trait]
pub trait CloudCredentials: CloudCredentialsView {
    /// Has the appliance try a key before it is saved (C1).
    async fn verify_cloud_credential(
        &self,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialVerdict, PortError>;
    /// Has the appliance try a key that exists nowhere: being refused by the store shows that it reaches it (X1c).
    async fn try_no_key(&self) -> Result<CredentialVerdict, PortError>;
    /// Saves a cloud credential: a new one, or `existing` replaced.
    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        credential: Bound<'_, CredentialSpec>,
    ) -> Result<CredentialId, PortError>;
}
