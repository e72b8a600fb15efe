//! Logging in, roles, and what strangers may do.

use std::time::Duration;

use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use simulator::Simulator;
use simulator::truenas::{ApplianceSize, Release, Settings};

use crate::socket::{Socket, start, start_of, start_with, tls};

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

/// Whether something that is asked later is answered first.
async fn is_held_back(socket: &mut Socket, id: i64) -> bool {
    socket.ok("core.set_options", json!([{}])).await;
    socket.notes.is_empty() || socket.notes.drain(..).all(|note| note["id"] != id)
}

/// By the simulation's clock: nobody waits here.
#[tokio::test]
async fn whoever_is_refused_at_the_door_waits_where_the_setting_says_so() {
    let settings = Settings { size: ApplianceSize::Tiny, login_penalty: true, ..Settings::default() };
    let sim = start_with("login_penalty", settings, None).await;
    let mut socket = Socket::open(&sim).await;
    let id = socket.ask("auth.login_with_api_key", json!(["1-wrong"])).await;
    assert!(is_held_back(&mut socket, id).await, "for a second");
    sim.clock().advance(Duration::from_secs(1));
    assert_eq!(socket.answer(id).await, Some(Ok(json!(false))));
    for _ in 0..20 {
        socket.ok("auth.mechanism_choices", json!([])).await;
    }
    let id = socket.ask("auth.mechanism_choices", json!([])).await;
    assert!(is_held_back(&mut socket, id).await, "for 1 to 10 seconds");
    sim.clock().advance(Duration::from_secs(10));
    let error = socket.answer(id).await.unwrap().unwrap_err();
    assert_eq!(error["data"]["reason"], "[EBUSY] Rate Limit Exceeded");
}

/// What 207 says to those who never logged in, these are told otherwise (TrueNAS middleware 25.04 to 26, `main.py`).
#[tokio::test]
async fn a_session_ends_with_its_api_key_and_after_thirty_days() {
    type Ending = fn(&Simulator);
    let endings: [Ending; 3] = [
        |sim| sim.truenas().revoke_api_keys(),
        |sim| sim.truenas().expire_api_keys(),
        |sim| sim.clock().advance(Duration::from_hours(30 * 24)),
    ];
    for release in Release::ALL {
        for end in endings {
            let sim = start_of("session_end", release).await;
            let mut socket = Socket::native_admin(&sim).await;
            socket.ok("cloudsync.query", json!([])).await;
            end(&sim);
            if release < Release::Scale25_04 {
                socket.ok("cloudsync.query", json!([])).await;
                continue;
            }
            for _ in 0..2 {
                let error = socket.refused("cloudsync.query", json!([])).await;
                assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(13)));
                assert_eq!(error["data"]["reason"], "[EACCES] Session is expired", "{release}");
            }
        }
    }
    let sim = start_of("session_key_deleted", Release::Scale25_10).await;
    let mut reader = Socket::native(&sim).await.logged_in(&sim.truenas().read_only_api_key()).await;
    Socket::native_admin(&sim).await.ok("api_key.delete", json!([2])).await;
    assert_eq!(reader.refused("cloudsync.query", json!([])).await["data"]["errname"], "EACCES");
    assert_eq!(reader.ok("auth.login_with_api_key", json!([sim.truenas().api_key()])).await, true);
    reader.ok("cloudsync.query", json!([])).await;
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
