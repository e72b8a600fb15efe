//! The SNMP service.

use std::time::Duration;

use dtc_provision::PortError;
use dtc_provision::ports::{Seen, Snmp};
use dtc_provision::secret::{SnmpPassphrase, SnmpPassword, SnmpSecrets};
use truenas_client::services::{Service, ServiceName, ServiceState};
use truenas_client::snmp::{
    Authentication, AuthenticationPassword, Privacy, PrivacyPassphrase, SnmpConfig, UpdateSnmp,
};
use truenas_client::{Client, Redactable, Switch};

use crate::error::{Attempt as _, not_understood};

/// How long the service may take to come up.
const START: Duration = Duration::from_mins(2);

pub(super) async fn read(nas: &Client) -> Result<Snmp, PortError> {
    let config = nas.snmp().config().await.attempting("read the SNMP settings")?;
    let services = nas.services().list().await.attempting("read whether SNMP runs")?;
    let service = services.iter().find(|service| service.name == ServiceName::Snmp);
    let service =
        service.ok_or_else(|| not_understood("read whether SNMP runs", "the box names no such service"))?;
    Ok(seen(config, service))
}

fn seen(config: SnmpConfig, service: &Service) -> Snmp {
    Snmp {
        v3: config.v3,
        // A community is a secret, and all that matters is whether there is one.
        community: if config.community.is_absent() { String::new() } else { "(set)".to_owned() },
        user: config.v3_username.clone(),
        sha: config.v3_authentication == Some(Authentication::Sha),
        aes: config.v3_privacy == Some(Privacy::Aes),
        secrets: secrets(config.v3_username, &config.v3_password, &config.v3_privpassphrase),
        starts_automatically: service.autostart,
        running: service.state == ServiceState::Running,
    }
}

/// Both, or nothing that could be compared: one that is missing leaves no pair, one that is hidden an unknown one.
fn secrets(
    user: String,
    password: &Redactable<AuthenticationPassword>,
    passphrase: &Redactable<PrivacyPassphrase>,
) -> Seen<SnmpSecrets> {
    match (password, passphrase) {
        (Redactable::Absent, _) | (_, Redactable::Absent) => Seen::Absent,
        (Redactable::Clear(password), Redactable::Clear(passphrase)) => Seen::Clear(SnmpSecrets {
            user,
            password: SnmpPassword::new(password.expose().to_owned().into()),
            passphrase: SnmpPassphrase::new(passphrase.expose().to_owned().into()),
        }),
        _ => Seen::Redacted,
    }
}

pub(super) async fn put(nas: &Client, secrets: &SnmpSecrets) -> Result<(), PortError> {
    let changes = UpdateSnmp::new().v3_only(&secrets.user, &Authentication::Sha, &Privacy::Aes);
    let hidden = truenas_client::snmp::SnmpSecrets::new(
        AuthenticationPassword::new(secrets.password.expose()),
        PrivacyPassphrase::new(secrets.passphrase.expose()),
    );
    nas.snmp().update(&changes, Some(&hidden)).await.attempting("configure SNMPv3").map(drop)
}

pub(super) async fn start(nas: &Client) -> Result<(), PortError> {
    let services = nas.services();
    let automatic = services.set_autostart(&ServiceName::Snmp, Switch::On).await;
    automatic.attempting("let SNMP start with the box")?;
    let job = services.start(&ServiceName::Snmp).await.attempting("start SNMP")?;
    job.wait(START).await.attempting("start SNMP").map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_as(password: &str, passphrase: &str, community: &str) -> Snmp {
        let config = json!({
            "location": "", "contact": "", "traps": false, "v3": true, "community": community,
            "v3_username": "abcdefghijkl", "v3_authtype": "SHA", "v3_password": password,
            "v3_privproto": "AES", "v3_privpassphrase": passphrase,
        });
        let service = json!({"service": "snmp", "enable": true, "state": "RUNNING"});
        seen(serde_json::from_value(config).unwrap(), &serde_json::from_value(service).unwrap())
    }

    #[test]
    fn s1_what_the_box_shows_hides_or_lacks_is_told_apart() {
        let shown = read_as("p", "q", "");
        assert!(matches!(&shown.secrets, Seen::Clear(clear) if clear.passphrase.expose() == "q"));
        assert!(shown.v3 && shown.sha && shown.aes && shown.running && shown.community.is_empty());
        assert!(matches!(read_as("********", "q", "").secrets, Seen::Redacted));
        assert!(matches!(read_as("p", "", "").secrets, Seen::Absent));
        assert!(matches!(read_as("", "********", "").secrets, Seen::Absent));
    }

    #[test]
    fn e8_a_community_is_seen_and_not_shown() {
        let shown = format!("{:?}", read_as("p", "q", "public-secret"));
        assert!(shown.contains("(set)") && !shown.contains("public-secret"), "{shown}");
        assert!(!read_as("p", "q", "********").community.is_empty());
    }
}
