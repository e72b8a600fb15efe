//! What a procedure is about: one appliance, one location of one client, one bucket.

use dtc_naming::{BucketName, DeviceGuid, LocationName, LocationUuid};
use serde::{Deserialize, Serialize};

use crate::facts::Known;
use crate::ports::{Location, Organization, VaultOrganization};
use crate::proofs::Backup;

/// One appliance, one location of one client, one bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scope {
    /// The client.
    pub organization: Organization,
    /// The location.
    pub location: Location,
    /// The location's name, as vault labels bear it (N8).
    pub location_name: LocationName,
    /// The location's UUID.
    pub location_uuid: LocationUuid,
    /// The bucket's name, and the key's, and the credential's (N7).
    pub bucket_name: BucketName,
    /// The appliance's Device GUID.
    pub device_guid: DeviceGuid,
    /// The appliance's host name.
    pub host_name: String,
    /// The appliance's management address.
    pub management_address: String,
    /// The client's organisation in the vault.
    pub vault_organization: VaultOrganization,
}

impl Scope {
    pub(crate) fn of(seen: Known<'_>, device_guid: DeviceGuid) -> Self {
        Self {
            organization: seen.place.organization.clone(),
            location: seen.place.location.clone(),
            location_name: seen.place.location_name.clone(),
            location_uuid: seen.place.location_uuid,
            bucket_name: seen.place.bucket_name.clone(),
            device_guid,
            host_name: seen.system.host_name.clone(),
            management_address: seen.system.management_address.clone(),
            vault_organization: seen.vault.organization.clone(),
        }
    }

    /// The backup that this is about.
    pub fn backup(&self) -> Backup {
        Backup { bucket: self.bucket_name.clone(), device: self.device_guid }
    }

    /// Whether another scope reaches the same appliance, bucket and records; names for people may differ.
    pub(crate) fn reaches_the_same_as(&self, other: &Self) -> bool {
        let reached = |scope: &Self| {
            (
                scope.organization.id.clone(),
                scope.location.id.clone(),
                scope.location_uuid,
                scope.bucket_name.clone(),
                scope.device_guid,
                scope.vault_organization.id.clone(),
            )
        };
        reached(self) == reached(other)
    }
}
