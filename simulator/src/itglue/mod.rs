//! IT Glue: any number of tenants, each an account with the client's organisation and two others.
//!
//! Offered: organisations, configurations and their types, password categories, passwords with their versions, locations, contacts,
//! documents, flexible assets with their types and fields, and attachments. A list never shows a value; a record by itself does
//! unless asked not to; an answer to a write does only if asked. A change of a flexible asset's traits replaces all of them.

mod answer;
mod api;
mod behaviour;
mod envelope;
mod furnish;
mod handle;
mod item;
mod kind;
mod query;
mod route;
mod state;
mod wire;
mod write;
mod write_items;

use std::collections::VecDeque;
use std::sync::Arc;

use serde::Serialize;

pub use self::behaviour::{Alteration, ListNotes, Meanwhile, PasswordAccess};
pub use self::handle::{Handle, Record};
pub use self::state::File;

use self::kind::Kind;
use crate::core::{Core, Started};
use crate::error::Error;
use crate::http;
use crate::ninja::DEFAULT_ORGANIZATION;

/// Where the account answers, and the key it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The base URL, without a path.
    pub url: String,
    /// The API key.
    pub api_key: String,
}

/// What the account holds when it starts.
#[derive(Debug, Clone)]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    organization: String,
    list_notes: ListNotes,
    fleet: (u32, u32),
    first_id: u64,
}

impl Default for Settings {
    /// The same client as in NinjaOne; lists carry no notes, the harder case.
    fn default() -> Self {
        Self {
            organization: DEFAULT_ORGANIZATION.to_owned(),
            list_notes: ListNotes::Absent,
            fleet: (0, 0),
            first_id: 0,
        }
    }
}

impl Settings {
    /// Sets the name of the client's organisation.
    pub fn organization(mut self, name: &str) -> Self {
        name.clone_into(&mut self.organization);
        self
    }

    /// Sets whether a list of passwords carries their notes.
    pub fn list_notes(mut self, behaviour: ListNotes) -> Self {
        self.list_notes = behaviour;
        self
    }

    /// Adds so many further organisations and so many configurations, which they share evenly. Configuration number `n`, from 0, stands
    /// for the NinjaOne device `100000 + n`.
    pub fn fleet(mut self, organizations: u32, configurations: u32) -> Self {
        self.fleet = (organizations, configurations);
        self
    }

    /// Issues ids above this one only, such as some that no float holds exactly.
    pub fn ids_above(mut self, id: u64) -> Self {
        self.first_id = id;
        self
    }
}

/// Starts the account on a port of its own.
pub(crate) async fn start(
    core: &Core,
    id: Arc<str>,
    settings: Settings,
) -> Result<Started<Handle, Address>, Error> {
    let (listener, at) = http::listen().await?;
    let random = core.random("itglue", &id);
    let key = format!("ITG.simulated-{}", random.hex(32));
    let mut account = state::Account::new(random);
    account.behaviour.list_notes = settings.list_notes;
    account.begin_ids_at(settings.first_id);
    let place = populate(&mut account, &settings.organization, core.clock.now());
    add_fleet(&mut account, settings.fleet);
    let api = api::Api { account, key: Some(key.clone()), recent: VecDeque::new() };
    let shared = Arc::new(wire::Shared::new(api, core.clock.clone(), Arc::clone(&id)));
    http::serve(core, listener, Arc::clone(&shared), wire::router(Arc::clone(&shared)));
    let handle = Handle::new(shared, place, key.clone());
    Ok(Started { id, handle, address: Address { url: format!("http://{at}"), api_key: key } })
}

/// Adds organisations, and configurations that they share evenly.
fn add_fleet(account: &mut state::Account, (organizations, configurations): (u32, u32)) {
    let ids: Vec<u64> =
        (0..organizations).map(|n| account.add_organization(&format!("Client {n:04}"))).collect();
    for (n, organization) in (0..configurations).zip(ids.iter().cycle()) {
        let device = (100_000 + n).to_string();
        account.add_configuration(*organization, &format!("device-{n:05}"), Some(device));
    }
}

/// Fills the account: the client between two other organisations, categories, and unrelated passwords.
fn populate(account: &mut state::Account, organization: &str, now: jiff::Timestamp) -> handle::Place {
    let before = account.add_organization("Quarry Street Veterinary");
    let organization = account.add_organization(organization);
    let after = account.add_organization("Harbour Dental Laboratory");
    let categories = ["Active Directory", "Backup Credentials", "Email Account"]
        .map(|name| account.add_named(Kind::PasswordCategories, name));
    account.add_configuration(organization, "DENTAL-DC01", None);
    account.add_configuration(after, "lab-nas", None);
    for (organization, name, notes) in [
        (before, "Domain Administrator", "rotated quarterly"),
        (organization, "Practice Management — service account", "asked for by the vendor"),
        (after, "TrueNAS Cloud Backup — Main Office", "Device GUID: 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083"),
    ] {
        account.file(organization, name, "someone", "not yours to read", notes, now);
    }
    handle::Place { organization, category: categories[1] }
}
