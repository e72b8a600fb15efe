//! The simulated Backblaze B2.

use serde::Serialize;

use crate::error::Error;
use crate::simulator::Core;

/// Where it answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The URL to authorise at.
    pub url: String,
    /// Id of a key that may do everything.
    pub key_id: String,
    /// The key itself.
    pub application_key: String,
}

/// What to simulate.
#[derive(Debug, Clone, Default)]
pub struct Settings {}

/// Looks at the state, and changes it, as an outsider would.
#[derive(Debug, Clone)]
pub struct Handle {}

#[expect(clippy::unused_async, reason = "binds a port once it is written")]
pub(crate) async fn start(_core: &Core, _settings: Settings) -> Result<(Handle, Address), Error> {
    let address = Address { url: String::new(), key_id: String::new(), application_key: String::new() };
    Ok((Handle {}, address))
}
