//! 1Password Connect: any number of servers, each with vaults, items and tokens of its own.
//!
//! Offered: vaults, items and their fields, read. A list of items never shows a field; an item by itself shows them all. A token
//! sees the vaults that it was made for, and what is in another is forbidden, not missing. There is no published schema: what the
//! documentation leaves open is a setting, or done the harder way.

mod answer;
mod api;
mod filter;
mod handle;
mod item;
mod route;
mod state;
mod wire;

use std::sync::Arc;

use serde::Serialize;

pub use self::filter::Filters;
pub use self::handle::Handle;
pub use self::item::Item;

use crate::core::{Core, Started};
use crate::error::Error;
use crate::http;

/// The name of the vault that is there from the beginning.
pub const DEFAULT_VAULT: &str = "MSP Infrastructure";

/// Where the server answers, and a token it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The base URL, without a path.
    pub url: String,
    /// An access token for every vault that is there from the beginning.
    pub token: String,
}

/// What the server holds when it starts.
#[derive(Debug, Clone, Default)]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    filters: Filters,
}

impl Settings {
    /// Sets whether filters see the difference between capitals and small letters.
    pub fn filters(mut self, behaviour: Filters) -> Self {
        self.filters = behaviour;
        self
    }
}

/// Starts the server on a port of its own.
pub(crate) async fn start(
    core: &Core,
    id: Arc<str>,
    settings: Settings,
) -> Result<Started<Handle, Address>, Error> {
    let (listener, at) = http::listen().await?;
    let mut server = state::Server::new(core.random("connect", &id), settings.filters);
    let vault = populate(&mut server, core.clock.now());
    let token = server.add_token(std::slice::from_ref(&vault));
    let shared = Arc::new(wire::Shared::new(server, core.clock.clone(), Arc::clone(&id)));
    http::serve(core, listener, Arc::clone(&shared), wire::router(Arc::clone(&shared)));
    let handle = Handle::new(shared, vault);
    Ok(Started { id, handle, address: Address { url: format!("http://{at}"), token } })
}

/// Makes the vault that is there from the beginning, with one login in it that nothing asks for.
fn populate(server: &mut state::Server, now: jiff::Timestamp) -> String {
    let vault = server.add_vault(DEFAULT_VAULT);
    server.add_item(&vault, &Item::login("Router of the office", "admin", "not yours to read"), now);
    vault
}
