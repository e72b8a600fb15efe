//! Logging in, roles, and what strangers may do.

use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use simulator::Simulator;

use crate::socket::{Socket, start, tls};

#[tokio::test]
async fn nothing_is_answered_before_the_login() {
    let sim = start("nothing_is_answered_before_the_login").await;
    let mut socket = Socket::open(&sim).await;
    assert_eq!(socket.ok("core.ping", json!([])).await, "pong");
    let error = socket.refused("pool.query", json!([])).await;
    assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(207)));
    assert_eq!(error["data"]["errname"], "ENOTAUTHENTICATED");
    assert_eq!(socket.ok("auth.login_with_api_key", json!(["1-wrong"])).await, false);
    let key = sim.truenas().api_key();
    let login = |user: &str| json!([{"mechanism": "API_KEY_PLAIN", "username": user, "api_key": key}]);
    assert_eq!(socket.ok("auth.login_ex", login("root")).await["response_type"], "AUTH_ERR");
    let said = socket.ok("auth.login_ex", login("truenas_admin")).await;
    assert_eq!(
        (&said["response_type"], &said["user_info"]["pw_name"]),
        (&json!("SUCCESS"), &json!("truenas_admin"))
    );
    assert_eq!(socket.ok("auth.me", json!([])).await["pw_name"], "truenas_admin");
    assert_eq!(socket.ok("auth.logout", json!([])).await, true);
    assert_eq!(socket.refused("pool.query", json!([])).await["data"]["error"], 207);
}

#[tokio::test]
async fn a_reader_sees_no_secret_and_writes_nothing() {
    let sim = start("a_reader_sees_no_secret_and_writes_nothing").await;
    let mut admin = Socket::admin(&sim).await;
    let provider = json!({"type": "B2", "account": "id", "key": "secret"});
    let made = admin.ok("cloudsync.credentials.create", json!([{"name": "b", "provider": provider}])).await;
    assert_eq!(made["provider"]["key"], "secret");
    let mut reader = Socket::open(&sim).await;
    reader.ok("auth.login_with_api_key", json!([sim.truenas().read_only_api_key()])).await;
    let seen = reader.ok("cloudsync.credentials.query", json!([])).await;
    assert_eq!(seen[0]["provider"], json!({"type": "B2", "account": "********", "key": "********"}));
    let error = reader.refused("cloudsync.credentials.delete", json!([made["id"]])).await;
    assert_eq!((&error["code"], &error["data"]["errname"]), (&json!(-32001), &json!("EACCES")));
    assert_eq!(sim.truenas().credentials().len(), 1);
}

#[tokio::test]
async fn a_stranger_who_knocks_too_often_is_turned_away() {
    let sim = start("a_stranger_who_knocks_too_often_is_turned_away").await;
    let mut socket = Socket::open(&sim).await;
    for _ in 0..20 {
        assert_eq!(socket.ok("auth.login_with_api_key", json!(["1-wrong"])).await, false);
    }
    let error = socket.refused("auth.login_with_api_key", json!([sim.truenas().api_key()])).await;
    assert_eq!((&error["code"], &error["data"]["errname"]), (&json!(-32001), &json!("EBUSY")));
    sim.truenas().reset_login_limit();
    assert_eq!(socket.ok("auth.login_with_api_key", json!([sim.truenas().api_key()])).await, true);
    sim.truenas().revoke_api_keys();
    let mut late = Socket::open(&sim).await;
    assert_eq!(late.ok("auth.login_with_api_key", json!([sim.truenas().api_key()])).await, false);
}

#[tokio::test]
async fn another_certificate_shows_at_the_next_connection() {
    let sim = start("another_certificate_shows_at_the_next_connection").await;
    let pinned = sim.addresses().truenas.fingerprint.clone();
    let shown = async |sim: &Simulator| {
        let stream = tls(sim).await;
        let (_, session) = stream.get_ref();
        HEXLOWER.encode(&Sha256::digest(&session.peer_certificates().unwrap()[0]))
    };
    assert_eq!(shown(&sim).await, pinned);
    let mut socket = Socket::admin(&sim).await;
    let new = sim.truenas().change_certificate().unwrap();
    assert_ne!(new, pinned);
    assert_eq!(shown(&sim).await, new);
    assert_eq!(socket.ok("core.ping", json!([])).await, "pong");
}
