//! SNMP and services, as someone at the web interface changes them.

use serde_json::Value;

use super::{Handle, change};
use crate::truenas::factory::Service;

/// Whether a service is to run, or to start with the appliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceState {
    /// It is.
    On,
    /// It is not.
    Off,
}

impl Handle {
    /// Returns the SNMP settings as the appliance keeps them, secrets included.
    pub fn snmp(&self) -> Value {
        self.nas.state().snmp.clone().into()
    }

    /// Changes SNMP settings, unchecked.
    pub fn change_snmp(&self, fields: &Value) {
        change(Some(&mut self.nas.state().snmp), fields);
        self.nas.update_snmp();
    }

    /// Returns whether SNMP runs and answers version 3, which is when monitoring can add the appliance.
    pub fn answers_snmp(&self) -> bool {
        *self.nas.answers_snmp.borrow()
    }

    /// Resolves once SNMP runs and answers version 3.
    pub(crate) async fn snmp_answers(&self) {
        // The sender lives as long as the handle.
        let _ = self.nas.answers_snmp.subscribe().wait_for(|answers| *answers).await;
    }

    /// Starts or stops a service: `snmp`, `ssh`.
    pub fn run_service(&self, name: &str, state: ServiceState) {
        self.service(name, |service| service.is_running = state == ServiceState::On);
    }

    /// Lets a service start with the appliance, or not.
    pub fn enable_service(&self, name: &str, state: ServiceState) {
        self.service(name, |service| service.is_enabled = state == ServiceState::On);
    }

    fn service(&self, name: &str, change: impl Fn(&mut Service)) {
        let mut state = self.nas.state();
        state.services.iter_mut().filter(|service| service.name == name).for_each(change);
        drop(state);
        self.nas.update_snmp();
    }
}
