//! The simulated IT Glue.

use serde::Serialize;

use crate::error::Error;
use crate::simulator::Core;

/// Where it answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// Base URL.
    pub url: String,
    /// An API key.
    pub api_key: String,
}

/// What to simulate.
#[derive(Debug, Clone, Default)]
pub struct Settings {}

/// Looks at the state, and changes it, as an outsider would.
#[derive(Debug, Clone)]
pub struct Handle {}

#[expect(clippy::unused_async, reason = "binds a port once it is written")]
pub(crate) async fn start(_core: &Core, _settings: Settings) -> Result<(Handle, Address), Error> {
    let address = Address { url: String::new(), api_key: String::new() };
    Ok((Handle {}, address))
}
