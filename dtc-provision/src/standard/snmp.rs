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
    /// It is taken apart without a rest, so that a setting that is added later cannot be left out.
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        let Self { version_3, community, further_access, sha, aes, starts_automatically, running } = *self;
        let either = |words: [&'static str; 2]| move |on: bool| words[usize::from(on)];
        Comparison::default()
            .switch(Setting::SnmpVersion3, version_3, should_be.version_3, on_off)
            .switch(Setting::SnmpCommunity, community, should_be.community, either(["empty", "set"]))
            .switch(
                Setting::SnmpFurtherAccess,
                further_access,
                should_be.further_access,
                either(["none", "given by auxiliary parameters"]),
            )
            .switch(Setting::SnmpAuthentication, sha, should_be.sha, either(["another one", "SHA"]))
            .switch(Setting::SnmpPrivacy, aes, should_be.aes, either(["another one", "AES"]))
            .switch(
                Setting::StartsAutomatically,
                starts_automatically,
                should_be.starts_automatically,
                yes_no,
            )
            .switch(Setting::Running, running, should_be.running, either(["not running", "running"]))
            .end()
    }
}

/// Whether a difference is about the service being up, and not about how it is configured.
pub fn is_about_running(difference: &Difference) -> bool {
    matches!(difference.setting, Setting::StartsAutomatically | Setting::Running)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::difference::tests::{Row, assert_each_is_named};

    #[test]
    fn s1_each_setting_of_the_service_that_differs_alone_is_named_alone() {
        let rows: [Row<SnmpSettings>; 7] = [
            (Setting::SnmpVersion3, |snmp| snmp.version_3 = false),
            (Setting::SnmpCommunity, |snmp| snmp.community = true),
            (Setting::SnmpFurtherAccess, |snmp| snmp.further_access = true),
            (Setting::SnmpAuthentication, |snmp| snmp.sha = false),
            (Setting::SnmpPrivacy, |snmp| snmp.aes = false),
            (Setting::StartsAutomatically, |snmp| snmp.starts_automatically = false),
            (Setting::Running, |snmp| snmp.running = false),
        ];
        assert_each_is_named(&SETTINGS, &rows);
    }
}
