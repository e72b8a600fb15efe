use truenas_client::{Client, ErrorKind, Sha256Fingerprint, Trust};

use crate::nas::{Nas, Say};

#[tokio::test]
async fn another_certificate_than_the_pinned_one_gets_no_byte() {
    let nas = Nas::start().await;
    let expected = Sha256Fingerprint::new([7; 32]);
    let error = Client::connect(nas.config().trust(Trust::Fingerprint(expected))).await.unwrap_err();
    let found = nas.fingerprint.unwrap();
    assert_eq!(*error.kind(), ErrorKind::PinMismatch { expected, found });
    assert!(
        error.to_string().contains(&expected.to_string()) && error.to_string().contains(&found.to_string())
    );
    assert_eq!(nas.handshakes(), 0, "not even a request line");
}

#[tokio::test]
async fn a_certificate_that_changes_later_stops_the_reconnect() {
    let mut nas = Nas::start().await;
    nas.on("system.info", [Say::HangUp]);
    let client = nas.client().await;
    nas.renew_certificate();
    let error = client.system().info().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::PinMismatch { found, .. } if *found == nas.fingerprint.unwrap())
    );
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 1, "the key went to the first certificate only");
}

#[tokio::test]
async fn a_trusted_certificate_is_accepted_for_its_own_name() {
    let nas = Nas::start().await;
    let trusting = |address: &str| {
        let address = format!("{address}:{}", nas.port).parse().unwrap();
        let key = truenas_client::Credentials::api_key(truenas_client::ApiKey::new("1-x"));
        truenas_client::Config::new(address, key).trust(Trust::Certificate(nas.pem.clone()))
    };
    Client::connect(trusting("wss://localhost")).await.unwrap();
    let error = Client::connect(trusting("wss://127.0.0.1")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Untrusted);
}

#[tokio::test]
async fn a_self_signed_appliance_is_not_trusted_by_itself() {
    let nas = Nas::start().await;
    let error = Client::connect(nas.config().trust(Trust::System)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Untrusted);
    assert_eq!(nas.handshakes(), 0);
}
