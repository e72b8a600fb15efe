//! Whose secret it is: what a vault record is filed under, and what a proof is bound to (E5).

use std::fmt;

use dtc_naming::{BucketName, DeviceGuid};
use serde::{Deserialize, Serialize};

/// The backup of one appliance in one bucket: what an encryption pair and an application key belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The bucket.
    pub bucket: BucketName,
    /// The appliance.
    pub device: DeviceGuid,
}

/// What a kind of secret belongs to.
pub trait SecretIdentity: Clone + fmt::Debug + fmt::Display + PartialEq + Send + Sync {
    /// The appliance.
    fn device(&self) -> DeviceGuid;
    /// The bucket, where the secret is one bucket's.
    fn bucket(&self) -> Option<&BucketName>;
}

impl SecretIdentity for Backup {
    fn device(&self) -> DeviceGuid {
        self.device
    }

    fn bucket(&self) -> Option<&BucketName> {
        Some(&self.bucket)
    }
}

/// An appliance's SNMP credentials are its own, wherever it backs up to.
impl SecretIdentity for DeviceGuid {
    fn device(&self) -> DeviceGuid {
        *self
    }

    fn bucket(&self) -> Option<&BucketName> {
        None
    }
}

impl fmt::Display for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "appliance {} in bucket {}", self.device, self.bucket)
    }
}
