//! Tickets.

use halo_client::{Client as Halo, CustomerId, StatusId, TicketFilter, TicketId, TicketPatch};
use pyo3::prelude::*;

use super::customers::patch;
use super::failure::Failure;
use super::found::{AioListedTickets, ListedTickets, Ticket};
use crate::held::Held;
use crate::json::Members;
use crate::rows::Rows;
use crate::twins::twins;

type Handle = Held<Halo>;

fn filter(customer: Option<i64>, open_only: bool, search: Option<String>) -> TicketFilter {
    let mut filter = TicketFilter::all();
    if let Some(customer) = customer {
        filter = filter.customer(CustomerId::new(customer));
    }
    if open_only {
        filter = filter.open_only();
    }
    match search {
        Some(text) => filter.search(text),
        None => filter,
    }
}

twins! {
    /// Tickets.
    "Tickets" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Tickets / AioTickets(Handle) {
        both {}
        blocking {
            /// Lists tickets: of one customer, only open ones, those in which HaloPSA finds a text. None may mean that the agent may see none. A
            /// ticket that a filter excludes ends the list with ``ApiError``, since HaloPSA then ignored the filter.
            #[pyo3(signature = (*, customer = None, open_only = false, search = None))]
            fn list(&self, customer: Option<i64>, open_only: bool, search: Option<String>) -> PyResult<ListedTickets> {
                let rows = self.0.ready()?.tickets().list(filter(customer, open_only, search));
                Ok(ListedTickets(Rows::new("list_tickets", rows)))
            }
        }
        asyncio {
            /// Lists tickets: of one customer, only open ones, those in which HaloPSA finds a text. None may mean that the agent may see none. A
            /// ticket that a filter excludes ends the list with ``ApiError``, since HaloPSA then ignored the filter.
            #[pyo3(signature = (*, customer = None, open_only = false, search = None))]
            fn list(&self, customer: Option<i64>, open_only: bool, search: Option<String>) -> PyResult<AioListedTickets> {
                let rows = self.0.ready()?.tickets().list(filter(customer, open_only, search));
                Ok(AioListedTickets(Rows::new("list_tickets", rows)))
            }
        }

        /// Returns the ticket of this number, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_ticket"
        fn get(id: u64) -> Ticket = |halo| {
            Ok(halo.tickets().get(TicketId::new(id)).await?.into())
        }

        /// Changes a ticket's status, its custom fields or both, reads it back, and returns it as it is then. Fields as ``Customers.update`` takes
        /// them. ``ApiError`` of the kind ``not_stored`` where the change does not show afterwards.
        #[pyo3(signature = (id, *, status = None, fields = None, timeout = None))]
        Write "update_ticket"
        fn update(id: u64, status: Option<i64>, fields: Option<Members>) -> Ticket = |halo| {
            let mut change = TicketPatch::new().custom_fields(patch(fields.unwrap_or_default())?);
            if let Some(status) = status {
                change = change.status(StatusId::new(status));
            }
            Ok(halo.tickets().update(TicketId::new(id), &change).await?.into())
        }
    }
}
