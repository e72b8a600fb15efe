//! Clients of Backblaze B2: one for the provisioning key, others for keys that are read back from the vault.

use b2_client::{ApplicationKey, Client, Config, KeyId};
use dtc_provision::PortError;

use crate::calls::{Calls, configured};
use crate::error::Attempt as _;

/// Makes clients of one B2 service. Nothing is sent before a client's first call.
#[derive(Clone, Debug)]
pub(crate) struct B2Clients {
    pub(crate) url: Option<String>,
    pub(crate) calls: Calls,
}

impl B2Clients {
    /// A client that logs in with this key.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub(crate) fn client(&self, key_id: &str, key: ApplicationKey) -> Result<Client, PortError> {
        let mut config = configured!(Config::new(KeyId::new(key_id), key), &self.calls);
        if let Some(url) = &self.url {
            config = config.realm(url.as_str());
        }
        Client::new(config).attempting("set up a client of Backblaze B2")
    }
}
