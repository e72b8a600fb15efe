//! What HaloPSA says: tickets, actions, customers, sites, assets.

use halo_client as halo;
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::json::Members;
use crate::rows::listings;
use crate::values::value_class;

/// Custom fields by their names; what a tenant has twice is there once.
fn fields(shown: &halo::CustomFields) -> Members {
    let named = shown.iter().map(|(name, value)| (name.to_owned(), value.clone()));
    Members(named.collect::<Map<String, Value>>())
}

value_class! {
    in "dtc.halopsa";
    /// A customer. A list shows less of it than ``Customers.get``.
    Customer {
        /// Its id.
        id: i64,
        /// Its name; neither unique nor stable.
        name: Option<String> = None,
        /// Whether it is no customer any more.
        is_inactive: Option<bool> = None,
        /// Its custom fields by their names; lists show none.
        custom_fields: Members = { Members::default() },
        /// Whatever else HaloPSA shows of it.
        others: Members = { Members::default() },
    }
}

impl From<halo::Customer> for Customer {
    fn from(found: halo::Customer) -> Self {
        Self {
            id: found.id.get(),
            name: found.name,
            is_inactive: found.is_inactive,
            custom_fields: fields(&found.custom_fields),
            others: Members(found.others),
        }
    }
}

value_class! {
    in "dtc.halopsa";
    /// A site of a customer. A list shows less of it than ``Sites.get``.
    Site {
        /// Its id.
        id: i64,
        /// Its name.
        name: Option<String> = None,
        /// The id of the customer that it belongs to.
        customer: Option<i64> = None,
        /// Its custom fields by their names; lists show none.
        custom_fields: Members = { Members::default() },
        /// Whatever else HaloPSA shows of it.
        others: Members = { Members::default() },
    }
}

impl From<halo::Site> for Site {
    fn from(found: halo::Site) -> Self {
        Self {
            id: found.id.get(),
            name: found.name,
            customer: found.customer.map(halo::CustomerId::get),
            custom_fields: fields(&found.custom_fields),
            others: Members(found.others),
        }
    }
}

value_class! {
    in "dtc.halopsa";
    /// An asset: a device of a customer. A list shows less of it than ``Assets.get``.
    Asset {
        /// Its id.
        id: u64,
        /// What people know it by: its tag.
        tag: Option<String> = None,
        /// The id of the customer that it belongs to.
        customer: Option<i64> = None,
        /// The id of the site that it stands at.
        site: Option<i64> = None,
        /// Its custom fields by their names; lists show none.
        custom_fields: Members = { Members::default() },
        /// Whatever else HaloPSA shows of it.
        others: Members = { Members::default() },
    }
}

impl From<halo::Asset> for Asset {
    fn from(found: halo::Asset) -> Self {
        Self {
            id: found.id.get(),
            tag: found.tag,
            customer: found.customer.map(halo::CustomerId::get),
            site: found.site.map(halo::SiteId::get),
            custom_fields: fields(&found.custom_fields),
            others: Members(found.others),
        }
    }
}

value_class! {
    in "dtc.halopsa";
    /// A ticket. A list shows less of it than ``Tickets.get``.
    Ticket {
        /// Its number.
        id: u64,
        /// Its title.
        summary: Option<String> = None,
        /// The id of the customer that it is for.
        customer: Option<i64> = None,
        /// That customer's name.
        customer_name: Option<String> = None,
        /// The id of the customer's site.
        site: Option<i64> = None,
        /// The number of its status; what it means is the tenant's own, see ``Client.statuses``.
        status: Option<i64> = None,
        /// Whether it has been closed. A note on a closed ticket is refused, or opens it again, as the tenant is set up.
        has_been_closed: Option<bool> = None,
        /// Its custom fields by their names; lists show none.
        custom_fields: Members = { Members::default() },
        /// Whatever else HaloPSA shows of it.
        others: Members = { Members::default() },
    }
}

impl From<halo::Ticket> for Ticket {
    fn from(found: halo::Ticket) -> Self {
        Self {
            id: found.id.get(),
            summary: found.summary,
            customer: found.customer.map(halo::CustomerId::get),
            customer_name: found.customer_name,
            site: found.site.map(halo::SiteId::get),
            status: found.status.map(halo::StatusId::get),
            has_been_closed: found.has_been_closed,
            custom_fields: fields(&found.custom_fields),
            others: Members(found.others),
        }
    }
}

value_class! {
    in "dtc.halopsa";
    /// An action of a ticket, such as a note.
    Action {
        /// Its id, counted within the ticket.
        id: u64,
        /// The number of the ticket.
        ticket: Option<u64> = None,
        /// Its text.
        note: Option<String> = None,
        /// Its text as HTML.
        note_html: Option<String> = None,
        /// The name of its outcome.
        outcome: Option<String> = None,
        /// Who took it.
        who: Option<String> = None,
        /// Whether it is hidden from the customer.
        is_private: Option<bool> = None,
        /// When it was taken, as HaloPSA writes it.
        created: Option<String> = None,
        /// Whatever else HaloPSA shows of it.
        others: Members = { Members::default() },
    }
}

impl From<halo::Action> for Action {
    fn from(found: halo::Action) -> Self {
        Self {
            id: found.id.get(),
            ticket: found.ticket.map(halo::TicketId::get),
            note: found.note,
            note_html: found.note_html,
            outcome: found.outcome,
            who: found.who,
            is_private: found.is_private,
            created: found.created,
            others: Members(found.others),
        }
    }
}

value_class! {
    in "dtc.halopsa";
    /// What became of a note that is to be there once.
    Noted {
        /// The action that holds it.
        action: Action,
        /// Whether it was added now; else it was there before.
        is_new: bool,
    }
}

value_class! {
    in "dtc.halopsa";
    /// A status that tickets can have.
    Status {
        /// Its number; 9 is *Closed* where nobody has changed it.
        id: i64,
        /// Its name; empty where it has none.
        name: String,
    }
}

impl From<halo::Status> for Status {
    fn from(found: halo::Status) -> Self {
        Self { id: found.id.get(), name: found.name }
    }
}

value_class! {
    in "dtc.halopsa";
    /// A kind of action that the agent may run on a ticket.
    Outcome {
        /// Its number; 7 is *Internal Note* where nobody has changed it.
        id: i64,
        /// Its name.
        name: String,
    }
}

impl From<halo::Outcome> for Outcome {
    fn from(found: halo::Outcome) -> Self {
        Self { id: found.id.get(), name: found.name }
    }
}

listings! {
    in "dtc.halopsa" and "dtc.halopsa.aio", Failure;
    /// Customers, page after page as they are asked for.
    "ListedCustomers": ListedCustomers / AioListedCustomers of halo::Customer => Customer;
    /// Sites, page after page as they are asked for.
    "ListedSites": ListedSites / AioListedSites of halo::Site => Site;
    /// Assets, page after page as they are asked for.
    "ListedAssets": ListedAssets / AioListedAssets of halo::Asset => Asset;
    /// Tickets, page after page as they are asked for.
    "ListedTickets": ListedTickets / AioListedTickets of halo::Ticket => Ticket;
}
