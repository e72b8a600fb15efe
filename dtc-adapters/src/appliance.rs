//! The TrueNAS appliance, resource by resource.

mod cloud_credentials;
mod cloud_syncs;
mod connection;
mod datasets;
mod jobs;
mod snapshots;
mod snmp;
mod system;

use std::sync::Arc;

use dtc_provision::PortError;
use truenas_client::Client;

pub(crate) use self::connection::Connection;
pub(crate) use self::jobs::job_of;

/// An appliance, and the host it is managed at.
pub(crate) struct TrueNas {
    pub(crate) connection: Arc<Connection>,
    pub(crate) management_address: String,
}

impl TrueNas {
    async fn client(&self) -> Result<&Client, PortError> {
        self.connection.client().await
    }
}
