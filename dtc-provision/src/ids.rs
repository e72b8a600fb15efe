//! Identifiers that services issue, and where a vault record is: the vocabulary below the ports.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares identifiers that a service issues: opaque text, compared and shown, never parsed.
macro_rules! id_types {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps what the service calls it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id_types! {
    /// An organisation in the inventory (NinjaOne).
    OrganizationId;
    /// A location in the inventory.
    LocationId;
    /// A device in the inventory.
    DeviceId;
    /// A custom field's machine name in the inventory.
    FieldName;
    /// An account of the object store.
    AccountId;
    /// A bucket of the object store.
    BucketId;
    /// An application key of the object store; the key's public half.
    KeyId;
    /// An object version of the object store.
    ObjectId;
    /// An organisation in the vault (IT Glue).
    VaultOrganizationId;
    /// A record in the vault.
    RecordId;
    /// A cloud credential on the appliance.
    CredentialId;
    /// A Cloud Sync task on the appliance.
    CloudSyncId;
    /// A periodic snapshot task on the appliance.
    SnapshotTaskId;
    /// A job on the appliance.
    JobId;
    /// A user on the appliance.
    UserId;
    /// An SSH key pair on the appliance.
    KeyPairId;
    /// An SSH connection on the appliance.
    SshConnectionId;
    /// A replication task on the appliance.
    ReplicationId;
    /// A ticket.
    TicketId;
}

/// Where a vault record is, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRef {
    /// Its id.
    pub id: RecordId,
    /// The page that shows it; what tickets and reports cite (E8).
    pub url: String,
}

/// The custom fields that hold UUIDs, by machine name (I1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct FieldNames {
    /// The organisation's UUID.
    pub organization: FieldName,
    /// The location's UUID.
    pub location: FieldName,
    /// The Device GUID.
    pub device: FieldName,
}

impl Default for FieldNames {
    /// The names that the MSP's published scripts use.
    fn default() -> Self {
        Self {
            organization: FieldName::new("dtcOrgGuid"),
            location: FieldName::new("dtcLocationGuid"),
            device: FieldName::new("deviceGuid"),
        }
    }
}
