//! The SNMP service (S1).

use std::sync::Arc;

use async_trait::async_trait;
use dtc_naming::DeviceGuid;
use serde::{Deserialize, Serialize};

use super::redactable::Redactable;
use crate::port_error::PortError;
use crate::proofs::{Bound, SealedUse, Use};
use crate::secret::SnmpSecrets;

/// Every setting of the SNMP service that the standard states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the service, as its API has them")]
pub struct SnmpSettings {
    /// Whether SNMPv3 is on.
    pub version_3: bool,
    /// Whether a v1/v2c community is set; without one both versions are off.
    pub community: bool,
    /// Whether further lines of the daemon's configuration, which a person wrote, let others in beside the user.
    pub further_access: bool,
    /// Whether authentication is SHA.
    pub sha: bool,
    /// Whether privacy is AES.
    pub aes: bool,
    /// Whether the service starts with the appliance.
    pub starts_automatically: bool,
    /// Whether the service runs now.
    pub running: bool,
}

/// The SNMP service and its secrets.
#[derive(Debug)]
pub struct SnmpService {
    /// Its settings.
    pub settings: SnmpSettings,
    /// The v3 user, password and passphrase.
    pub secrets: Redactable<SnmpSecrets>,
}

/// The appliance whose SNMP service is configured: always as S1 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnmpSpec {
    /// The appliance.
    pub device: DeviceGuid,
}

impl SealedUse for SnmpSpec {}
impl Use for SnmpSpec {
    type Secret = SnmpSecrets;

    fn describe(&self) -> String {
        format!("the SNMP service of appliance {}", self.device)
    }

    fn identity(&self) -> Option<DeviceGuid> {
        Some(self.device)
    }
}

/// Reads the SNMP service.
#[async_trait]
pub trait SnmpView: Send + Sync {
    /// The service.
    async fn snmp(&self) -> Result<Arc<SnmpService>, PortError>;
}

/// Writes the SNMP service.
#[async_trait]
pub trait Snmp: SnmpView {
    /// Configures SNMPv3 (S1).
    async fn put_snmp(&self, snmp: Bound<'_, SnmpSpec>) -> Result<(), PortError>;
    /// Starts the service, now and at every boot.
    async fn start_snmp(&self) -> Result<(), PortError>;
}
