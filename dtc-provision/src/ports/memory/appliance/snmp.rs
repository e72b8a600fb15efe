//! The SNMP service.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::port_error::PortError;
use crate::ports::memory::{Handed, World};
use crate::ports::{Snmp, SnmpService, SnmpSettings, SnmpSpec, SnmpView};
use crate::proofs::Bound;
use crate::secret::{SnmpPassphrase, SnmpPassword, SnmpSecrets};

/// The SNMP service.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the service, as its API has them")]
pub struct SnmpState {
    /// Whether v3 is on.
    pub v3: bool,
    /// The community.
    pub community: String,
    /// Whether further lines of its configuration let others in.
    pub further_access: bool,
    /// The v3 user.
    pub user: String,
    /// Whether authentication is SHA.
    pub sha: bool,
    /// Whether privacy is AES.
    pub aes: bool,
    /// The v3 password, in the clear.
    pub password: String,
    /// The v3 passphrase, in the clear.
    pub passphrase: String,
    /// Whether it starts by itself.
    pub starts_automatically: bool,
    /// Whether it runs.
    pub running: bool,
}

impl fmt::Debug for SnmpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnmpState").field("v3", &self.v3).finish_non_exhaustive()
    }
}

impl SnmpState {
    fn settings(&self) -> SnmpSettings {
        SnmpSettings {
            version_3: self.v3,
            community: !self.community.is_empty(),
            further_access: self.further_access,
            sha: self.sha,
            aes: self.aes,
            starts_automatically: self.starts_automatically,
            running: self.running,
        }
    }

    fn secrets(&self) -> SnmpSecrets {
        SnmpSecrets {
            user: self.user.clone(),
            password: SnmpPassword::new(self.password.clone()),
            passphrase: SnmpPassphrase::new(self.passphrase.clone()),
        }
    }
}

#[async_trait]
impl SnmpView for World {
    async fn snmp(&self) -> Result<Arc<SnmpService>, PortError> {
        self.read("appliance.snmp", |state| {
            let snmp = &state.appliance.snmp;
            let there = !snmp.password.is_empty() && !snmp.passphrase.is_empty();
            let secrets = state.appliance.shown(there, || snmp.secrets());
            Ok(Arc::new(SnmpService { settings: snmp.settings(), secrets }))
        })
        .await
    }
}

#[async_trait]
impl Snmp for World {
    async fn put_snmp(&self, snmp: Bound<'_, SnmpSpec>) -> Result<(), PortError> {
        self.write("appliance.put_snmp", |state| {
            let given = snmp.expose();
            let (password, passphrase) = (given.password.expose(), given.passphrase.expose());
            state.handed.extend([password, passphrase].map(|text| Handed::ToAppliance(text.to_owned())));
            state.appliance.snmp = SnmpState {
                v3: true,
                community: String::new(),
                further_access: state.appliance.snmp.further_access,
                user: given.user.clone(),
                sha: true,
                aes: true,
                password: password.to_owned(),
                passphrase: passphrase.to_owned(),
                starts_automatically: state.appliance.snmp.starts_automatically,
                running: state.appliance.snmp.running,
            };
            Ok(())
        })
        .await
    }

    async fn start_snmp(&self) -> Result<(), PortError> {
        self.write("appliance.start_snmp", |state| {
            (state.appliance.snmp.running, state.appliance.snmp.starts_automatically) = (true, true);
            Ok(())
        })
        .await
    }
}
