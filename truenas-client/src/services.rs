//! Services of the appliance: whether they run, and whether they start with it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, Job, Switch};

impl Client {
    /// The appliance's services.
    pub fn services(&self) -> Services<'_> {
        Services { client: self }
    }
}

/// Calls about services.
#[derive(Clone, Copy, Debug)]
pub struct Services<'a> {
    client: &'a Client,
}

impl Services<'_> {
    /// Every service that the appliance knows.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Service>, Error> {
        self.client.call(Call::new(operations::SERVICE_QUERY, Query::new().params())).await
    }

    /// Sets whether a service starts with the appliance. It neither starts nor stops it now.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (setting it again is harmless); `Unauthorized`, `Validation`.
    pub async fn set_autostart(&self, service: &ServiceName, autostart: Switch) -> Result<(), Error> {
        let params = [service.value(), json!({"enable": autostart.is_on()})];
        self.client.call::<Value>(Call::new(operations::SERVICE_UPDATE, params)).await.map(drop)
    }

    /// Starts a service now. The job fails when the service does not come up.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (starting again is harmless); `Unauthorized`, `Validation`.
    pub async fn start(&self, service: &ServiceName) -> Result<Job<bool>, Error> {
        // Not silent: else a service that does not come up is a success with the answer false.
        let params = ["START".into(), service.value(), json!({"silent": false})];
        let id = self.client.call(Call::new(operations::SERVICE_CONTROL, params)).await?;
        Ok(self.client.jobs().attach(id))
    }
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Service {
    /// Which one.
    #[serde(rename = "service")]
    pub name: ServiceName,
    /// Whether it starts with the appliance.
    #[serde(rename = "enable")]
    pub autostart: bool,
    /// Whether it runs now.
    pub state: ServiceState,
}

/// The services that this crate names; others are kept as the appliance writes them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ServiceName {
    /// Monitoring by SNMP.
    Snmp,
    /// Remote shells.
    Ssh,
    /// Any other.
    #[serde(untagged)]
    Unknown(String),
}

impl ServiceName {
    fn value(&self) -> Value {
        match self {
            Self::Snmp => "snmp".into(),
            Self::Ssh => "ssh".into(),
            Self::Unknown(name) => name.as_str().into(),
        }
    }
}

/// Whether a service runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ServiceState {
    /// It runs.
    Running,
    /// It does not.
    Stopped,
    /// A state of a newer release.
    #[serde(untagged)]
    Unknown(String),
}
