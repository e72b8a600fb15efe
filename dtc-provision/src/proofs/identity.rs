//! Whose secret it is: what a vault record is filed under, and what a proof is bound to (E5).

use std::fmt;

use dtc_naming::{BucketName, DatasetName, DeviceGuid};
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
    /// The dataset, where the secret is one dataset's.
    fn dataset(&self) -> Option<&DatasetName> {
        None
    }
}

/// A dataset of one appliance: what a dataset's key belongs to. The name is that of the encryption root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetOf {
    /// The appliance.
    pub device: DeviceGuid,
    /// The dataset.
    pub dataset: DatasetName,
}

impl SecretIdentity for DatasetOf {
    fn device(&self) -> DeviceGuid {
        self.device
    }

    fn bucket(&self) -> Option<&BucketName> {
        None
    }

    fn dataset(&self) -> Option<&DatasetName> {
        Some(&self.dataset)
    }
}

impl fmt::Display for DatasetOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dataset {} of appliance {}", self.dataset, self.device)
    }
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
