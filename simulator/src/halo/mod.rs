//! HaloPSA: any number of tenants, each with tickets and clients of its own.
//!
//! Offered: tickets with their actions, clients, sites, assets, statuses, outcomes, reports, and custom fields. Query parameters and members
//! that HaloPSA does not know are ignored, as it ignores them; a body must be an array. Written from what public clients and reports say,
//! since HaloPSA publishes no schema.

mod answer;
mod api;
mod handle;
mod oauth;
mod query;
mod route;
mod state;
mod wire;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

pub use self::handle::{Handle, Note};
pub use self::state::{ClosedTickets, FieldKind, Kind, Paging};

use crate::core::{Core, Started};
use crate::error::Error;
use crate::http;
use crate::ninja::DEFAULT_ORGANIZATION;

/// Where the tenant answers, and the credentials it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The base URL, without a path.
    pub url: String,
    /// The id of an API application with client credentials.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The tenant to name when asking for a token, where it wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The number of a ticket of the client that is backed up.
    pub ticket: i64,
}

/// What the tenant holds when it starts.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    organization: String,
    tenant: Option<String>,
    more_clients: usize,
    more_tickets: usize,
}

impl Default for Settings {
    /// The same client as in NinjaOne, between two others; no tenant is to be named.
    fn default() -> Self {
        let organization = DEFAULT_ORGANIZATION.to_owned();
        Self { organization, tenant: None, more_clients: 0, more_tickets: 0 }
    }
}

impl Settings {
    /// Sets the name of the client that is backed up.
    pub fn organization(mut self, name: &str) -> Self {
        name.clone_into(&mut self.organization);
        self
    }

    /// Wants this tenant to be named when a token is asked for.
    pub fn tenant(mut self, name: &str) -> Self {
        self.tenant = Some(name.to_owned());
        self
    }

    /// Adds so many clients, and so many tickets spread over them.
    pub fn size(mut self, clients: usize, tickets: usize) -> Self {
        (self.more_clients, self.more_tickets) = (clients, tickets);
        self
    }
}

/// The custom field of clients, tickets and assets that is defined from the start.
pub const CLIENT_GUID_FIELD: &str = "CFDtcClientGuid";

/// The first ticket's number.
const FIRST_TICKET: i64 = 1001;

/// Starts the tenant on a port of its own.
pub(crate) async fn start(
    core: &Core,
    id: Arc<str>,
    settings: Settings,
) -> Result<Started<Handle, Address>, Error> {
    let (listener, at) = http::listen().await?;
    let application = oauth::Application::new(core.random("halo", &id), settings.tenant.clone());
    let (client_id, client_secret) = (application.client_id.clone(), application.client_secret.clone());
    let mut tenant = state::Tenant::default();
    let (client, ticket) = populate(&mut tenant, &settings);
    let base_url = format!("http://{at}");
    let api = api::Api { tenant, application, base_url: base_url.clone(), recent: VecDeque::new() };
    let shared = Arc::new(wire::Shared::new(api, core.clock.clone(), Arc::clone(&id)));
    http::serve(core, listener, Arc::clone(&shared), wire::router(Arc::clone(&shared)));
    let address = Address { url: base_url, client_id, client_secret, tenant: settings.tenant, ticket };
    Ok(Started { id, handle: Handle::new(shared, client, ticket), address })
}

/// Fills the tenant: the client between two others, a site, a ticket and an asset for each, and what a stock system has set up.
fn populate(tenant: &mut state::Tenant, settings: &Settings) -> (i64, i64) {
    let statuses = [(1, "New"), (2, "In Progress"), (9, "Closed"), (21, "Awaiting Backup")];
    tenant.statuses.extend(statuses.map(|(id, name)| (id, name.to_owned())));
    for (id, name, is_allowed) in
        [(4, "Email User", true), (7, "Internal Note", true), (12, "Billing Note", false)]
    {
        tenant.outcomes.insert(id, state::Outcome { name: name.to_owned(), is_allowed, new_status: None });
    }
    for kind in [Kind::Client, Kind::Ticket, Kind::Asset] {
        tenant.fields.insert((kind, CLIENT_GUID_FIELD.to_owned()), FieldKind::Text(200));
    }
    let tier = ("CFBackupTier".to_owned(), FieldKind::Options(vec![1, 2, 3]));
    tenant.fields.insert((Kind::Client, tier.0), tier.1);
    let mut chosen = (0, 0);
    let others = (0..settings.more_clients).map(|number| format!("Client {number:04}"));
    let names = ["Quarry Street Veterinary", &settings.organization, "Harbour Dental Laboratory"];
    for name in names.map(str::to_owned).into_iter().chain(others) {
        let client = tenant.add(Kind::Client, 11, json!({ "name": name, "inactive": false }));
        let site = tenant.add(Kind::Site, 31, json!({ "name": "Main Office", "client_id": client }));
        tenant.add(
            Kind::Asset,
            51,
            json!({ "inventory_number": "nas-01", "client_id": client, "site_id": site }),
        );
        let ticket = add_ticket(tenant, client, site, "Set up the cloud backup");
        if name == settings.organization {
            chosen = (client, ticket);
        }
    }
    let clients: Vec<i64> = tenant.of(Kind::Client).map(|(id, _)| *id).collect();
    for (number, client) in (0..settings.more_tickets).zip(clients.iter().cycle()) {
        let ticket = add_ticket(tenant, *client, 31, &format!("Ticket {number:05}"));
        if number % 3 == 0 {
            tenant.set_status(ticket, state::CLOSED);
        }
    }
    chosen
}

fn add_ticket(tenant: &mut state::Tenant, client: i64, site: i64, summary: &str) -> i64 {
    let members = json!({
        "summary": summary, "client_id": client, "site_id": site, "tickettype_id": 1, "agent_id": 3, "user_id": 1,
        "dateoccurred": "2026-11-02T08:00:00",
    });
    let ticket = tenant.add(Kind::Ticket, FIRST_TICKET, members);
    tenant.set_status(ticket, state::NEW);
    ticket
}
