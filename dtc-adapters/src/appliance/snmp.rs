//! The SNMP service (S1).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ports::{Redactable, Snmp, SnmpService, SnmpSettings, SnmpSpec, SnmpView};
use dtc_provision::proofs::{Bound, Minted};
use dtc_provision::secret::{SnmpPassphrase, SnmpPassword, SnmpSecrets};
use futures_util::future::try_join;
use truenas_client::services::{Service, ServiceName, ServiceState};
use truenas_client::snmp::{
    Authentication, AuthenticationPassword, Privacy, PrivacyPassphrase, SnmpConfig, UpdateSnmp,
};
use truenas_client::{Redactable as Found, Switch};

use super::TrueNas;
use crate::error::{Attempt as _, not_understood};

/// How long the service may take to come up.
const START: Duration = Duration::from_mins(2);

#[async_trait]
impl SnmpView for TrueNas {
    async fn snmp(&self) -> Result<Arc<SnmpService>, PortError> {
        let attempted = "read the SNMP service";
        let client = self.client().await?;
        let (config, services) = (client.snmp(), client.services());
        let (config, services) = try_join(config.config(), services.list()).await.attempting(attempted)?;
        let service = services.iter().find(|service| service.name == ServiceName::Snmp);
        let service =
            service.ok_or_else(|| not_understood(attempted, "the appliance names no such service"))?;
        Ok(Arc::new(seen(config, service)))
    }
}

fn seen(config: SnmpConfig, service: &Service) -> SnmpService {
    let settings = SnmpSettings {
        version_3: config.v3,
        // A community is a secret, and all that matters is whether there is one.
        community: !config.community.is_absent(),
        further_access: matches!(&config.further, Found::Clear(lines) if lets_in(lines.expose())),
        sha: config.v3_authentication == Some(Authentication::Sha),
        aes: config.v3_privacy == Some(Privacy::Aes),
        starts_automatically: service.autostart,
        running: service.state == ServiceState::Running,
    };
    let secrets = secrets(config.v3_username, &config.v3_password, &config.v3_privpassphrase);
    SnmpService { settings, secrets }
}

/// Whether lines of the daemon's configuration give access to somebody (net-snmp, `snmpd.conf(5)`: the traditional directives, those of
/// VACM, and what makes users).
fn lets_in(lines: &str) -> bool {
    const GIVE_ACCESS: [&str; 14] = [
        "rocommunity",
        "rocommunity6",
        "rwcommunity",
        "rwcommunity6",
        "rouser",
        "rwuser",
        "com2sec",
        "com2sec6",
        "com2secunix",
        "group",
        "access",
        "authcommunity",
        "authuser",
        "createuser",
    ];
    let directives = lines.lines().filter_map(|line| line.split_whitespace().next());
    directives.map(str::to_ascii_lowercase).any(|directive| GIVE_ACCESS.contains(&directive.as_str()))
}

/// Both, or nothing that could be compared: one that is missing leaves no pair, one that is hidden an unknown one.
fn secrets(
    user: String,
    password: &Found<AuthenticationPassword>,
    passphrase: &Found<PrivacyPassphrase>,
) -> Redactable<SnmpSecrets> {
    match (password, passphrase) {
        (Found::Absent, _) | (_, Found::Absent) => Redactable::Absent,
        (Found::Clear(password), Found::Clear(passphrase)) => Redactable::Clear(Minted::new(SnmpSecrets {
            user,
            password: SnmpPassword::new(password.expose()),
            passphrase: SnmpPassphrase::new(passphrase.expose()),
        })),
        _ => Redactable::Redacted,
    }
}

#[async_trait]
impl Snmp for TrueNas {
    async fn put_snmp(&self, snmp: Bound<'_, SnmpSpec>) -> Result<(), PortError> {
        let secrets = snmp.expose();
        let changes = UpdateSnmp::new().v3_only(&secrets.user, &Authentication::Sha, &Privacy::Aes);
        let hidden = truenas_client::snmp::SnmpSecrets::new(
            AuthenticationPassword::new(secrets.password.expose()),
            PrivacyPassphrase::new(secrets.passphrase.expose()),
        );
        self.client()
            .await?
            .snmp()
            .update(&changes, Some(&hidden))
            .await
            .attempting("configure SNMPv3")
            .map(drop)
    }

    async fn start_snmp(&self) -> Result<(), PortError> {
        let services = self.client().await?.services();
        let automatic = services.set_autostart(&ServiceName::Snmp, Switch::On).await;
        automatic.attempting("let SNMP start with the appliance")?;
        services.start(&ServiceName::Snmp, START).await.attempting("start SNMP")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_as(password: &str, passphrase: &str, community: &str) -> SnmpService {
        let config = json!({
            "location": "", "contact": "", "traps": false, "v3": true, "community": community,
            "v3_username": "abcdefghijkl", "v3_authtype": "SHA", "v3_password": password,
            "v3_privproto": "AES", "v3_privpassphrase": passphrase,
        });
        let service = json!({"service": "snmp", "enable": true, "state": "RUNNING"});
        seen(serde_json::from_value(config).unwrap(), &serde_json::from_value(service).unwrap())
    }

    #[test]
    fn s1_what_the_appliance_shows_hides_or_lacks_is_distinguished() {
        let shown = read_as("p", "q", "");
        assert!(matches!(&shown.secrets, Redactable::Clear(_)));
        assert_eq!(shown.settings, dtc_provision::standard::snmp::SETTINGS);
        assert!(matches!(read_as("********", "q", "").secrets, Redactable::Redacted));
        assert!(matches!(read_as("p", "", "").secrets, Redactable::Absent));
        assert!(matches!(read_as("", "********", "").secrets, Redactable::Absent));
    }

    #[test]
    fn s1_lines_that_let_others_in_are_seen() {
        for (lines, expected) in [
            ("", false),
            ("sysServices 72", false),
            ("# rocommunity public", false),
            ("disk / 10%\n\nload 12 14 14", false),
            ("rocommunity public", true),
            ("sysServices 72\n  rwCommunity private 10.0.0.0/8\n", true),
            ("createUser me SHA \"a secret\" AES", true),
            ("com2sec readonly default public", true),
            ("rouser me", true),
        ] {
            assert_eq!(lets_in(lines), expected, "{lines}");
            let config = json!({
                "location": "", "contact": "", "traps": false, "v3": true, "community": "", "options": lines,
                "v3_username": "abcdefghijkl", "v3_authtype": "SHA", "v3_password": "p",
                "v3_privproto": "AES", "v3_privpassphrase": "q",
            });
            let service = json!({"service": "snmp", "enable": true, "state": "RUNNING"});
            let found =
                seen(serde_json::from_value(config).unwrap(), &serde_json::from_value(service).unwrap());
            assert_eq!(found.settings.further_access, expected, "{lines}");
            assert!(!format!("{found:?}").contains("public"));
        }
    }

    #[test]
    fn e8_a_community_is_seen_and_not_shown() {
        let service = read_as("p", "q", "public-secret");
        let shown = format!("{service:?}");
        assert!(service.settings.community && !shown.contains("public-secret"), "{shown}");
        assert!(read_as("p", "q", "********").settings.community);
    }
}
