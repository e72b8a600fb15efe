//! Clients for keys that are read back from the vault: one login per key, not one per object.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use b2_client::Client;
use dtc_provision::PortError;
use dtc_provision::ids::KeyId;
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};

use crate::b2_clients::B2Clients;

/// A client for each key id that was asked for, kept as long as the store.
pub(crate) struct EscrowedClients {
    clients: B2Clients,
    made: Mutex<BTreeMap<KeyId, Made>>,
}

struct Made {
    secret: ApplicationKeySecret,
    client: Client,
}

impl EscrowedClients {
    pub(crate) fn new(clients: B2Clients) -> Self {
        Self { clients, made: Mutex::default() }
    }

    /// The client that logs in with this key; a new one where the id was used with another secret.
    pub(crate) fn client(&self, key: &ApplicationKey) -> Result<Client, PortError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = made.get(&key.id).filter(|found| found.secret.same_as(&key.secret)) {
            return Ok(found.client.clone());
        }
        let text = key.secret.expose();
        let client = self.clients.client(key.id.as_str(), b2_client::ApplicationKey::new(text))?;
        let secret = ApplicationKeySecret::new(text);
        made.insert(key.id.clone(), Made { secret, client: client.clone() });
        Ok(client)
    }
}
