//! What each tenant sets up for itself: statuses of tickets, and outcomes.

use http_core::{Call, Method, ServiceClient};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::Error;
use crate::ids::{OutcomeId, StatusId, TicketId};
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Record, lenient};

/// A status that tickets can have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Status {
    /// Its number; 9 is *Closed* where nobody has changed it.
    pub id: StatusId,
    /// Its name; empty where it has none.
    #[serde(default, deserialize_with = "name")]
    pub name: String,
}

/// A name that may be missing, null, or something else than a text: then it is empty.
fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(lenient(from)?.unwrap_or_default())
}

impl Record for Status {
    type Id = StatusId;

    fn id(&self) -> StatusId {
        self.id
    }
}

/// Reads statuses; from [`crate::Client::statuses`].
#[derive(Clone, Copy, Debug)]
pub struct Statuses<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Statuses<'_> {
    /// Every status that the tenant knows.
    ///
    /// # Errors
    /// [`ErrorKind::NotUnderstood`](crate::ErrorKind::NotUnderstood) when HaloPSA says that there are more, else any kind that a read can end in.
    pub async fn list(&self) -> Result<Vec<Status>, Error> {
        let operation = operations::LIST_STATUSES;
        let call = Call::new(operation, Method::Get, "api/Status");
        wire::whole(self.service, call, operation, "statuses").await
    }
}

/// A kind of action that the agent may run on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Its number; 7 is *Internal Note* where nobody has changed it.
    pub id: OutcomeId,
    /// Its name.
    pub name: String,
}

impl<'de> Deserialize<'de> for Outcome {
    /// The name is in `outcome`, and in `name` where that is missing.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            id: OutcomeId,
            #[serde(default)]
            outcome: Value,
            #[serde(default)]
            name: Value,
        }
        let Row { id, outcome, name } = Row::deserialize(from)?;
        let name = outcome.as_str().or(name.as_str()).unwrap_or_default().to_owned();
        Ok(Self { id, name })
    }
}

impl Record for Outcome {
    type Id = OutcomeId;

    fn id(&self) -> OutcomeId {
        self.id
    }
}

/// Reads outcomes; from [`crate::Client::outcomes`].
#[derive(Clone, Copy, Debug)]
pub struct Outcomes<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Outcomes<'_> {
    /// The outcomes that the agent may run on this ticket. The rows do not name the ticket, so that it cannot be checked whether HaloPSA
    /// heeded it.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn of(&self, ticket: TicketId) -> Result<Vec<Outcome>, Error> {
        let operation = operations::LIST_OUTCOMES;
        let call = Call::new(operation, Method::Get, "api/Outcome").query("ticket_id", ticket);
        let call = call.subject(format!("ticket {ticket}"));
        wire::whole(self.service, call, operation, "outcomes").await
    }
}
