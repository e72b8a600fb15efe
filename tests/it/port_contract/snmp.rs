//! TrueNAS: the SNMP service.

use dtc_provision::ports::{Redactable, SnmpSpec};
use dtc_provision::proofs::Escrowed;
use dtc_provision::secret::{SnmpPassphrase, SnmpPassword, SnmpSecrets};
use dtc_provision::standard;

use super::outside::Outside;
use super::{device, held, other_device};

contract!(
    s1_the_service_ends_as_the_standard_says,
    c2a_hidden_snmp_secrets_are_unknown,
    s2_another_appliances_snmp_secrets_are_not_bound,
);

fn secrets() -> Escrowed<SnmpSecrets> {
    let secrets = SnmpSecrets {
        user: "abcdefghijkl".to_owned(),
        password: SnmpPassword::new("a password of some length"),
        passphrase: SnmpPassphrase::new("a passphrase of some length"),
    };
    held(secrets, device())
}

async fn configure(world: &impl Outside, secrets: &Escrowed<SnmpSecrets>) {
    let spec = SnmpSpec { device: device() };
    world.ports().appliance.put_snmp(secrets.for_use(&spec).unwrap()).await.unwrap();
}

async fn s1_the_service_ends_as_the_standard_says(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    let before = appliance.snmp().await.unwrap();
    assert!(before.settings.community && !before.settings.version_3 && !before.settings.running);
    assert!(matches!(before.secrets, Redactable::Absent));
    let secrets = secrets();
    for _ in ["from nothing", "once more"] {
        configure(world, &secrets).await;
        appliance.start_snmp().await.unwrap();
        let now = appliance.snmp().await.unwrap();
        assert_eq!(now.settings, standard::snmp::SETTINGS);
        assert!(matches!(&now.secrets, Redactable::Clear(shown) if secrets.is(shown)));
    }
}

async fn c2a_hidden_snmp_secrets_are_unknown(world: &impl Outside) {
    configure(world, &secrets()).await;
    let shown = world.ports_without_secrets().await.appliance.snmp().await.unwrap();
    assert!(shown.settings.version_3);
    assert!(matches!(shown.secrets, Redactable::Redacted));
}

async fn s2_another_appliances_snmp_secrets_are_not_bound(world: &impl Outside) {
    let sent = world.sent();
    let (secrets, spec) = (secrets(), SnmpSpec { device: other_device() });
    let error = secrets.for_use(&spec).unwrap_err().to_string();
    assert!(error.contains(&device().to_string()) && error.contains(&other_device().to_string()), "{error}");
    assert_eq!(world.sent(), sent);
}
