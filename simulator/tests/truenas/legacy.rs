//! The legacy socket, message by message.

use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::socket::{Socket, start_of};

const HELLO: &str = r#"{"msg":"connect","version":"1","support":["1"],"features":[]}"#;

#[tokio::test]
async fn the_legacy_socket_wants_a_hello_of_version_one() {
    for release in Release::ALL {
        let sim = start_of("legacy_hello", release).await;
        let mut socket = Socket::open_at(&sim, "/websocket").await.unwrap();
        let failed = json!({"msg": "failed", "version": "1"});
        assert_eq!(socket.exchange(json!({"msg": "ping", "id": "p"})).await, failed);
        assert_eq!(
            socket.exchange(json!({"msg": "connect", "version": "2", "support": ["2"]})).await,
            failed
        );
        let said = socket.exchange(serde_json::from_str(HELLO).unwrap()).await;
        assert_eq!(said["msg"], "connected");
        assert_eq!(said["session"].as_str().map(str::len), Some(36));
        assert_eq!(
            socket.exchange(json!({"msg": "ping", "id": "p"})).await,
            json!({"msg": "pong", "id": "p"})
        );
        assert_eq!(socket.exchange(json!({"msg": "ping"})).await, json!({"msg": "pong"}));
    }
}

/// A message in, the answer out: each error has its number, its type and its details.
#[tokio::test]
async fn errors_of_the_legacy_socket_have_numbers_and_types() {
    for release in Release::ALL {
        let sim = start_of("legacy_errors", release).await;
        let mut socket = Socket::legacy(&sim).await;
        let call = |method: &str, params: Value| json!({"msg": "method", "id": "a", "method": method, "params": params});
        let is_new = release > Release::Core13_3;
        let check = |said: &Value, errno: i64, errname: &str, kind: Value, extra: Value| {
            assert_eq!((&said["msg"], &said["id"]), (&json!("result"), &json!("a")));
            let error = &said["error"];
            assert_eq!((&error["error"], &error["type"]), (&json!(errno), &kind), "{release}: {error}");
            assert_eq!(error["extra"], extra, "{release}");
            assert_eq!(error.get("errname"), is_new.then(|| json!(errname)).as_ref(), "{release}");
            assert!(error["reason"].is_string());
        };
        let said = socket.exchange(call("pool.query", json!([]))).await;
        check(&said, 207, "ENOTAUTHENTICATED", Value::Null, Value::Null);
        let key = json!([sim.truenas().api_key()]);
        let said = socket.exchange(call("auth.login_with_api_key", key)).await;
        assert_eq!(said, json!({"msg": "result", "id": "a", "result": true}));
        let said = socket.exchange(call("pool.nonsense", json!([]))).await;
        check(&said, 201, "ENOMETHOD", Value::Null, Value::Null);
        let said = socket.exchange(call("cloudsync.delete", json!([9]))).await;
        let absent = json!([[null, "CloudSync 9 does not exist", 2]]);
        check(&said, 2, "ENOENT", Value::Null, absent);
        // CORE runs on FreeBSD, whose EAGAIN is another number.
        let again = if is_new { 11 } else { 35 };
        let said = socket.exchange(call("snmp.update", json!([{"unheard_of": 1}]))).await;
        let text = match release {
            Release::Core13_3 | Release::Scale24_10 => "Field was not expected",
            _ => "Extra inputs are not permitted",
        };
        check(&said, again, "EAGAIN", json!("VALIDATION"), json!([["snmp_update.unheard_of", text, 22]]));
        let said = socket.exchange(call("filesystem.stat", json!(["/mnt/none"]))).await;
        check(&said, 2, "ENOENT", Value::Null, Value::Null);
        let said = socket.exchange(json!({"msg": "method", "id": "a"})).await;
        check(&said, 22, "EINVAL", Value::Null, Value::Null);
    }
}

#[tokio::test]
async fn subscriptions_of_the_legacy_socket_are_ready_and_end() {
    for release in Release::ALL {
        let sim = start_of("legacy_subscriptions", release).await;
        let mut socket = Socket::legacy(&sim).await;
        let sub = json!({"msg": "sub", "id": "s", "name": "pool.snapshottask.query"});
        assert_eq!(socket.exchange(sub.clone()).await["error"]["error"], 207);
        let mut socket = socket.logged_in(&sim.truenas().api_key()).await;
        assert_eq!(socket.exchange(sub).await, json!({"msg": "ready", "subs": ["s"]}));
        let task = json!([{"dataset": "pool0", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": false}]);
        let made = socket.ok("pool.snapshottask.create", task).await;
        let expected =
            json!({"msg": "added", "collection": "pool.snapshottask.query", "id": 1, "fields": made});
        assert_eq!(socket.notes, [expected], "{release}");
        socket.notes.clear();
        sim.truenas().end_subscriptions();
        assert_eq!(socket.note().await, json!({"msg": "nosub", "id": "s"}));
        let sub = json!({"msg": "sub", "id": "t", "name": "*"});
        assert_eq!(socket.exchange(sub).await["msg"], "ready");
        socket.send_text(json!({"msg": "unsub", "id": "t"}).to_string()).await;
        assert_eq!(socket.ok("pool.snapshottask.delete", json!([1])).await, true);
        assert!(socket.notes.is_empty());
    }
}

#[tokio::test]
async fn the_legacy_socket_of_an_old_release_takes_long_messages() {
    for release in Release::ALL {
        let sim = start_of("legacy_lengths", release).await;
        let mut socket = Socket::legacy(&sim).await.logged_in(&sim.truenas().api_key()).await;
        let ping = json!({"msg": "ping", "id": "x".repeat(65_536)});
        socket.send_text(ping.to_string()).await;
        let is_closed = socket.receive().await.unwrap().is_close();
        assert_eq!(is_closed, release >= Release::Scale25_04, "{release}");
    }
}

#[tokio::test]
async fn the_twenty_first_call_at_once_is_refused_by_the_legacy_socket_too() {
    let sim = start_of("legacy_too_many", Release::Scale24_10).await;
    let mut socket = Socket::native_admin(&sim).await;
    let stall = simulator::Fault::Stall(std::time::Duration::from_hours(1));
    sim.faults().on("truenas", "system.version").times(20).before_effect(stall);
    for _ in 0..20 {
        socket.ask("system.version", json!([])).await;
    }
    let last = socket.ask("system.version", json!([])).await;
    let error = socket.answer(last).await.unwrap().unwrap_err();
    assert_eq!((&error["error"], &error["errname"]), (&json!(109), &json!("ETOOMANYREFS")));
}
