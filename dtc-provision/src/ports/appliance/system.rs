//! The appliance itself.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::port_error::PortError;

/// What the appliance is, and by which addresses others know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Its host name.
    pub host_name: String,
    /// Its release, as it states it.
    pub version: String,
    /// The address it is managed at.
    pub management_address: String,
    /// Its own IP addresses.
    pub addresses: Vec<String>,
    /// Its MAC addresses, lower case, colons.
    pub macs: Vec<String>,
    /// Its time zone, an IANA name; schedules and limits run in it (C3).
    pub time_zone: String,
}

/// What the API key's user may do on the appliance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Everything.
    Full,
    /// What these roles allow, in the appliance's words.
    Roles(Vec<String>),
    /// The appliance's release does not say.
    Unknown,
}

/// Reads what the appliance is.
#[async_trait]
pub trait SystemView: Send + Sync {
    /// The appliance itself.
    async fn system(&self) -> Result<System, PortError>;
    /// What the API key's user may do (X1c).
    async fn rights(&self) -> Result<Rights, PortError>;
}
