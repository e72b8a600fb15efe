//! What an appliance has before anybody has set anything.

use serde_json::{Map, Value, json};

use super::release::Release;

/// Services, and the first release that has them.
const NAMES: [(&str, Release); 8] = [
    ("cifs", Release::Core13_3),
    ("ftp", Release::Core13_3),
    ("iscsitarget", Release::Core13_3),
    ("nfs", Release::Core13_3),
    ("nvmet", Release::Scale25_10),
    ("snmp", Release::Core13_3),
    ("ssh", Release::Core13_3),
    ("ups", Release::Core13_3),
];

/// One service.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) id: i64,
    pub(super) name: &'static str,
    /// It starts with the appliance.
    pub(super) is_enabled: bool,
    pub(super) is_running: bool,
}

impl Service {
    pub(super) fn all(release: Release) -> Vec<Self> {
        let numbered = (1..).zip(NAMES).filter(|(_, (_, since))| *since <= release);
        numbered.map(|(id, (name, _))| Self { id, name, is_enabled: false, is_running: false }).collect()
    }

    pub(super) fn entry(&self) -> Value {
        let state = if self.is_running { "RUNNING" } else { "STOPPED" };
        let pids: Vec<i64> = self.is_running.then_some(4_000 + self.id).into_iter().collect();
        json!({"id": self.id, "service": self.name, "enable": self.is_enabled, "state": state, "pids": pids})
    }
}

/// The SNMP service's settings.
pub(super) fn snmp_settings() -> Map<String, Value> {
    let settings = json!({
        "id": 1, "location": "", "contact": "", "traps": false, "v3": false, "community": "public",
        "v3_username": "", "v3_authtype": "SHA", "v3_password": "", "v3_privproto": null,
        "v3_privpassphrase": null, "options": "", "loglevel": 3, "zilstat": false,
    });
    settings.as_object().cloned().unwrap_or_default()
}
