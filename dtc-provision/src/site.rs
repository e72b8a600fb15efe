//! What the operator wants: one appliance at one location of one client.

use dtc_naming::{PoolName, UuidVersions};
use serde::{Deserialize, Serialize};

use crate::bandwidth::{BusinessHours, MegabitsPerSecond};
use crate::ids::{DeviceId, FieldNames, TicketId};

/// Buckets an account may hold, unless the site says otherwise (B5).
pub const BUCKET_LIMIT: usize = 100;

/// One appliance's place in the world, and the few choices the standard leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Site {
    /// The client, by its name or its id in NinjaOne.
    pub organization: String,
    /// The location, by its name or its id in NinjaOne.
    pub location: String,
    /// The client's uplink, in Mbit/s (C3).
    pub uplink_mbit: MegabitsPerSecond,
    /// The device in NinjaOne, where matching by address, MAC or name does not find one (I9).
    #[serde(default)]
    pub device: Option<DeviceId>,
    /// The pools to back up; empty means every data pool.
    #[serde(default)]
    pub pools: Vec<PoolName>,
    /// The pool that keeps the Device GUID, where several could (I4).
    #[serde(default)]
    pub identity_pool: Option<PoolName>,
    /// When the client works, in the appliance's local time (C3).
    #[serde(default)]
    pub business_hours: BusinessHours,
    /// The time zone the client works in; compared with the appliance's (C3).
    #[serde(default)]
    pub time_zone: Option<String>,
    /// What the appliance's key may do (K2).
    #[serde(default)]
    pub key_profile: KeyProfile,
    /// The client's exact name in the vault; its name in NinjaOne unless given (E6).
    #[serde(default)]
    pub vault_organization: Option<String>,
    /// Where the UUIDs stand in NinjaOne (I1).
    #[serde(default)]
    pub fields: FieldNames,
    /// UUID versions that organisation, location and device may have (I2); 4 and 7 unless given.
    #[serde(default)]
    pub uuid_versions: UuidVersions,
    /// Buckets the account may hold (B5).
    #[serde(default = "bucket_limit")]
    pub bucket_limit: usize,
    /// When the first run starts (V1).
    #[serde(default)]
    pub first_run: FirstRun,
    /// The ticket to document completion in (V6).
    #[serde(default)]
    pub ticket: Option<TicketId>,
}

impl Site {
    /// A site with every choice left to the standard.
    pub fn new(
        organization: impl Into<String>,
        location: impl Into<String>,
        uplink: MegabitsPerSecond,
    ) -> Self {
        Self {
            organization: organization.into(),
            location: location.into(),
            uplink_mbit: uplink,
            device: None,
            pools: Vec::new(),
            identity_pool: None,
            business_hours: BusinessHours::default(),
            time_zone: None,
            key_profile: KeyProfile::default(),
            vault_organization: None,
            fields: FieldNames::default(),
            uuid_versions: UuidVersions::default(),
            bucket_limit: BUCKET_LIMIT,
            first_run: FirstRun::default(),
            ticket: None,
        }
    }
}

/// What the appliance's key may do (K2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyProfile {
    /// What the procedure lists, less what B2 refuses on a restricted key. From day 15 whoever holds the appliance can
    /// destroy what never changes.
    #[default]
    Procedure,
    /// Nothing that destroys; sync still works, since its deletions are hides.
    AppendOnly,
}

/// When the first run starts (V1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FirstRun {
    /// At once, followed to its end.
    #[default]
    Now,
    /// With the task's own schedule, at midnight; run again afterwards to verify.
    Scheduled,
}

fn bucket_limit() -> usize {
    BUCKET_LIMIT
}
