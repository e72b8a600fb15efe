//! The appliance itself.

use async_trait::async_trait;

use crate::port_error::PortError;
use crate::ports::memory::World;
use crate::ports::{Rights, System, SystemView};

#[async_trait]
impl SystemView for World {
    async fn system(&self) -> Result<System, PortError> {
        self.read("appliance.system", |state| Ok(state.appliance.system.clone())).await
    }

    async fn rights(&self) -> Result<Rights, PortError> {
        self.read("appliance.rights", |state| Ok(state.appliance.rights.clone())).await
    }
}
