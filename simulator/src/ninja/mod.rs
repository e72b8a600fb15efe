//! The simulated NinjaOne.

use serde::Serialize;

use crate::error::Error;
use crate::simulator::Core;

/// Where it answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// Base URL.
    pub url: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
}

/// What to simulate.
#[derive(Debug, Clone, Default)]
pub struct Settings {}

/// Looks at the state, and changes it, as an outsider would.
#[derive(Debug, Clone)]
pub struct Handle {}

#[expect(clippy::unused_async, reason = "binds a port once it is written")]
pub(crate) async fn start(_core: &Core, _settings: Settings) -> Result<(Handle, Address), Error> {
    let address = Address { url: String::new(), client_id: String::new(), client_secret: String::new() };
    Ok((Handle {}, address))
}
