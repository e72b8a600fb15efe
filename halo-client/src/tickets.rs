//! Tickets.

use std::fmt;

use futures_util::Stream;
use http_core::{Call, Method, ServiceClient};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::fields::{CustomFields, FieldPatch};
use crate::ids::{CustomerId, SiteId, StatusId, TicketId};
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Filter, Record, differs, lenient};

/// A ticket. A list shows less of it than [`Tickets::get`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Ticket {
    /// Its number.
    pub id: TicketId,
    /// Its title.
    #[serde(default, deserialize_with = "lenient")]
    pub summary: Option<String>,
    /// The customer that it is for.
    #[serde(default, rename = "client_id", deserialize_with = "lenient")]
    pub customer: Option<CustomerId>,
    /// That customer's name.
    #[serde(default, rename = "client_name", deserialize_with = "lenient")]
    pub customer_name: Option<String>,
    /// The customer's site.
    #[serde(default, rename = "site_id", deserialize_with = "lenient")]
    pub site: Option<SiteId>,
    /// Its status; what a number means is the tenant's own, see [`crate::Statuses`].
    #[serde(default, rename = "status_id", deserialize_with = "lenient")]
    pub status: Option<StatusId>,
    /// Whether it has been closed. A note on a closed ticket is refused, or opens it again, as the tenant is set up.
    #[serde(default, rename = "hasbeenclosed", deserialize_with = "lenient")]
    pub has_been_closed: Option<bool>,
    /// Its custom fields; lists show none.
    #[serde(default, rename = "customfields")]
    pub custom_fields: CustomFields,
    /// Whatever else HaloPSA shows of it.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Record for Ticket {
    type Id = TicketId;

    fn id(&self) -> TicketId {
        self.id
    }
}

/// Which tickets to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    customer: Option<CustomerId>,
    open_only: bool,
    search: Option<String>,
}

impl TicketFilter {
    /// All tickets that the agent may see.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those of this customer.
    pub fn customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    /// Those that are open.
    pub fn open_only(mut self) -> Self {
        self.open_only = true;
        self
    }

    /// Those in which HaloPSA finds this text. Where it looks is its own affair, so that this part cannot be checked on what comes back.
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    fn into_filter(self) -> Filter<Ticket> {
        let Self { customer, open_only, search } = self;
        let customer_id = customer.map(|id| ("client_id", id.to_string()));
        let open = open_only.then(|| ("open_only", "true".to_owned()));
        let search = search.map(|text| ("search", text));
        let broken = move |row: &Ticket| {
            let of_another = customer.and_then(|wanted| differs("client_id", row.customer.as_ref(), &wanted));
            let closed = open_only && row.has_been_closed == Some(true);
            of_another
                .or_else(|| closed.then(|| format!("ticket {} came back, which has been closed", row.id)))
        };
        let parameters = [customer_id, open, search].into_iter().flatten().collect();
        Filter { parameters, broken: Box::new(broken) }
    }
}

/// A change of a ticket: only what it names is touched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TicketPatch {
    status: Option<StatusId>,
    fields: FieldPatch,
}

impl TicketPatch {
    /// A change of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the ticket this status. What a number means is the tenant's own: look it up by [`crate::Statuses`].
    pub fn status(mut self, status: StatusId) -> Self {
        self.status = Some(status);
        self
    }

    /// Changes custom fields.
    pub fn custom_fields(mut self, fields: FieldPatch) -> Self {
        self.fields = fields;
        self
    }
}

#[derive(Serialize)]
struct Update<'a> {
    id: TicketId,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<StatusId>,
    #[serde(skip_serializing_if = "FieldPatch::is_empty")]
    customfields: &'a FieldPatch,
}

/// Reads and changes tickets; from [`crate::Client::tickets`].
#[derive(Clone, Copy, Debug)]
pub struct Tickets<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Tickets<'_> {
    /// Tickets, page by page as the stream is read. None may mean that the agent may see none.
    ///
    /// # Errors
    /// [`ErrorKind::FilterIgnored`] when a ticket comes that the filter excludes, else any kind that a read can end in.
    pub fn list(&self, filter: TicketFilter) -> impl Stream<Item = Result<Ticket, Error>> + Send + use<> {
        wire::list(self.service, operations::LIST_TICKETS, "api/Tickets", "tickets", filter.into_filter())
    }

    /// The ticket of this number, with its custom fields.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: TicketId) -> Result<Ticket, Error> {
        let operation = operations::GET_TICKET;
        let call =
            Call::new(operation, Method::Get, format!("api/Tickets/{id}")).query("includedetails", true);
        wire::one(self.service, call.subject(subject(id)), operation, id).await
    }

    /// Changes a ticket, reads it back, and returns it as it is then.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`] when the change does not show afterwards, as where HaloPSA does not know the field or a rule of the tenant's
    /// overrules it, else any kind.
    pub async fn update(&self, id: TicketId, patch: &TicketPatch) -> Result<Ticket, Error> {
        let operation = operations::UPDATE_TICKET;
        let update = Update { id, status_id: patch.status, customfields: &patch.fields };
        let call = wire::write(operation, "api/Tickets", &update).subject(subject(id));
        self.service.send::<Value>(call).await?;
        let ticket = self.get(id).await?;
        let lost = match (patch.status, patch.fields.not_in(&ticket.custom_fields)) {
            (Some(status), _) if ticket.status != Some(status) => Some(format!("its status is not {status}")),
            (_, Some(field)) => Some(format!("{field} does not hold what was written")),
            _ => None,
        };
        match lost {
            Some(lost) => Err(Error::of_answer(ErrorKind::NotStored, operation.name(), subject(id), lost)),
            None => Ok(ticket),
        }
    }
}

fn subject(id: TicketId) -> impl fmt::Display {
    format!("ticket {id}")
}
