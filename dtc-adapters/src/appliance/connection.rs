//! The connection to an appliance, opened by the first call that needs it.

use dtc_provision::PortError;
use tokio::sync::OnceCell;
use truenas_client::{Client, Config};

use crate::error::Attempt as _;

/// A connection that is opened once. Calls that need it meanwhile wait for it, and share its failure.
pub(crate) struct Connection {
    config: Config,
    attempted: String,
    client: OnceCell<Result<Client, PortError>>,
}

impl Connection {
    pub(crate) fn new(config: Config, attempted: String) -> Self {
        Self { config, attempted, client: OnceCell::new() }
    }

    /// Whether its client only reads.
    #[cfg(test)]
    pub(crate) fn is_read_only(&self) -> bool {
        self.config.is_read_only()
    }

    /// The client, logged in.
    ///
    /// # Errors
    /// An appliance that is not the one expected, does not take the key, or does not answer. It is not tried again.
    pub(crate) async fn client(&self) -> Result<&Client, PortError> {
        let connect = || async { Client::connect(self.config.clone()).await.attempting(&self.attempted) };
        self.client.get_or_init(connect).await.as_ref().map_err(Clone::clone)
    }
}
