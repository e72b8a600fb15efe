//! The SNMP service (S1).

use super::difference::{Compare, Comparison, Difference, Setting, on_off, yes_no};
use crate::ports::SnmpSettings;

/// The settings that every appliance's SNMP service has (S1).
pub const SETTINGS: SnmpSettings = SnmpSettings {
    version_3: true,
    community: false,
    further_access: false,
    sha: true,
    aes: true,
    starts_automatically: true,
    running: true,
};

impl Compare for SnmpSettings {
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        Comparison::default()
            .switch(Setting::SnmpVersion3, self.version_3, should_be.version_3, on_off)
            .switch(Setting::SnmpCommunity, self.community, should_be.community, |set| {
                if set { "set" } else { "empty" }
            })
            .switch(Setting::SnmpFurtherAccess, self.further_access, should_be.further_access, |given| {
                if given { "given by auxiliary parameters" } else { "none" }
            })
            .switch(Setting::SnmpAuthentication, self.sha, should_be.sha, |sha| {
                if sha { "SHA" } else { "another one" }
            })
            .switch(
                Setting::SnmpPrivacy,
                self.aes,
                should_be.aes,
                |aes| {
                    if aes { "AES" } else { "another one" }
                },
            )
            .switch(
                Setting::StartsAutomatically,
                self.starts_automatically,
                should_be.starts_automatically,
                yes_no,
            )
            .switch(Setting::Running, self.running, should_be.running, |running| {
                if running { "running" } else { "not running" }
            })
            .end()
    }
}

/// Whether a difference is about the service being up, and not about how it is configured.
pub fn is_about_running(difference: &Difference) -> bool {
    matches!(difference.setting, Setting::StartsAutomatically | Setting::Running)
}
