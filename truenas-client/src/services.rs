//! Services of the appliance: whether they run, and whether they start with it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, JobId, Switch};

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
        self.client.carry_out(Call::new(operations::SERVICE_QUERY, Query::new().params())).await
    }

    /// One service.
    ///
    /// # Errors
    /// `NotFound` when the appliance has no such service; those of every reading call.
    pub async fn get(&self, service: &ServiceName) -> Result<Service, Error> {
        let operation = operations::SERVICE_QUERY;
        let name = service.value();
        let query = Query::new().equals("service", name.as_str().unwrap_or_default());
        let found: Vec<Service> = self.client.carry_out(Call::new(operation, query.params())).await?;
        let missing = || Error::new(operation.name(), format!("service {name}"), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }

    /// Sets whether a service starts with the appliance. It neither starts nor stops it now.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (setting it again is harmless); `Unauthorized`, `Validation`.
    pub async fn set_autostart(&self, service: &ServiceName, autostart: Switch) -> Result<(), Error> {
        let params = [service.value(), json!({"enable": autostart.is_on()})];
        self.client.carry_out::<Value>(Call::new(operations::SERVICE_UPDATE, params)).await.map(drop)
    }

    /// Starts a service now, and waits until it is up.
    ///
    /// # Errors
    /// As [`control`](Self::control).
    pub async fn start(&self, service: &ServiceName, limit: Duration) -> Result<(), Error> {
        self.control(Verb::Start, service, limit).await
    }

    /// Stops a service now, and waits until it is down.
    ///
    /// # Errors
    /// As [`control`](Self::control).
    pub async fn stop(&self, service: &ServiceName, limit: Duration) -> Result<(), Error> {
        self.control(Verb::Stop, service, limit).await
    }

    /// Stops a service and starts it, and waits until it is up.
    ///
    /// # Errors
    /// As [`control`](Self::control).
    pub async fn restart(&self, service: &ServiceName, limit: Duration) -> Result<(), Error> {
        self.control(Verb::Restart, service, limit).await
    }

    /// Has a service read its settings anew.
    ///
    /// # Errors
    /// As [`control`](Self::control).
    pub async fn reload(&self, service: &ServiceName, limit: Duration) -> Result<(), Error> {
        self.control(Verb::Reload, service, limit).await
    }

    /// Starts, stops, restarts or reloads a service, and waits for it, at most for `limit`. From 25.10 this is a job; before, a call that
    /// answers when it is done.
    ///
    /// # Errors
    /// `JobFailed`, or `Rejected` where it is no job, when the service does not come up or down; `JobUnfinished` after `limit`;
    /// `OutcomeUnknown` when an answer is lost (doing it again is harmless); `Unauthorized`, `Validation`.
    pub async fn control(&self, verb: Verb, service: &ServiceName, limit: Duration) -> Result<(), Error> {
        // Not silent: else a service that does not come up is a success with the answer false.
        let params = [json!(verb), service.value(), json!({"silent": false})];
        let answer = self.client.carry_out(Call::new(operations::SERVICE_CONTROL, params)).await?;
        let is_as_wanted = match answer {
            Controlled::Job(id) => {
                let job = self.client.jobs().attach_started::<bool>(id, operations::SERVICE_CONTROL.name());
                let said = job.wait(limit).await?;
                // What stopping answers is not documented: whether it worked, or whether the service runs.
                if verb == Verb::Stop {
                    self.get(service).await?.state != ServiceState::Running
                } else {
                    said
                }
            }
            // Whether it runs.
            Controlled::Done(runs) => runs != (verb == Verb::Stop),
        };
        if is_as_wanted {
            return Ok(());
        }
        let reason = format!("{} is not as asked for: its log on the appliance says why", service.value());
        let kind = ErrorKind::Rejected { errno: 202, errname: "ESERVICESTARTFAILURE".into(), reason };
        Err(Error::new(operations::SERVICE_CONTROL.name(), self.client.subject(), kind))
    }
}

/// What to do with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Verb {
    /// Start it.
    Start,
    /// Stop it.
    Stop,
    /// Stop it and start it.
    Restart,
    /// Have it read its settings anew.
    Reload,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Controlled {
    Job(JobId),
    Done(bool),
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
    /// Its processes.
    #[serde(default)]
    pub pids: Vec<i64>,
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
