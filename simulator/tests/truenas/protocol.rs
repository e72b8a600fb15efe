//! Framing, limits, errors, faults.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::truenas::{Release, Settings};
use simulator::{Access, Fault, Mangled, Moment};
use tokio_tungstenite::tungstenite::Message;

use crate::socket::{Socket, get, get_from, start, start_of};

#[tokio::test]
async fn versions_are_listed_and_other_paths_are_not_found() {
    let sim = start("versions_are_listed_and_other_paths_are_not_found").await;
    let (head, body) = get(&sim, "/api/versions").await;
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    let versions: Vec<String> = serde_json::from_slice(&body).unwrap();
    assert!(versions.contains(&"v25.10.0".to_owned()));
    assert!(Socket::open_at(&sim, "/api/current").await.is_some());
    for missing in ["/api/v26.0.0", "/api/v24.10", "/api", "/websockets"] {
        assert!(Socket::open_at(&sim, missing).await.is_none(), "{missing}");
    }
}

#[tokio::test]
async fn long_messages_close_the_connection() {
    let sim = start("long_messages_close_the_connection").await;
    let long =
        |length| json!({"jsonrpc": "2.0", "id": 1, "method": "core.ping", "params": ["x".repeat(length)]});
    let closed = async |socket: &mut Socket| match socket.receive().await {
        Some(Message::Close(Some(frame))) => u16::from(frame.code),
        other => panic!("{other:?}"),
    };
    let mut stranger = Socket::open(&sim).await;
    stranger.send_text(long(8_192).to_string()).await;
    assert_eq!(closed(&mut stranger).await, 1007);
    let mut admin = Socket::admin(&sim).await;
    admin.send_text(long(8_192).to_string()).await;
    assert!(matches!(admin.receive().await, Some(Message::Text(_))));
    admin.send_text(long(65_536).to_string()).await;
    assert_eq!(closed(&mut admin).await, 1009);
}

#[tokio::test]
async fn errors_have_the_middleware_s_codes() {
    let sim = start("errors_have_the_middleware_s_codes").await;
    let mut socket = Socket::admin(&sim).await;
    assert_eq!(socket.refused("pool.nonsense", json!([])).await["code"], -32601);
    let error = socket.refused("pool.query", json!([[], {"prefix": "x"}])).await;
    assert_eq!(error["code"], -32602);
    assert_eq!(error["data"]["extra"][0], json!(["options.prefix", "Extra inputs are not permitted", 22]));
    let error = socket.refused("pool.query", json!([[["id", "=", 99]], {"get": true}])).await;
    assert_eq!((&error["code"], &error["data"]["errname"]), (&json!(-32001), &json!("EINVAL")));
    let query = json!({"jsonrpc": "2.0", "id": 1, "method": "pool.query"});
    let with = |field: &str, value: Value| {
        let mut query = query.clone();
        query[field] = value;
        query.to_string()
    };
    let (array, own) = (Value::Null, json!(1));
    for (text, code, id) in [
        ("{".to_owned(), -32700, &array),
        (json!([query]).to_string(), -32700, &array),
        (with("params", json!({})), -32600, &own),
        (with("jsonrpc", json!("1.0")), -32600, &own),
    ] {
        socket.send_text(text.clone()).await;
        let said = socket.note().await;
        assert_eq!((&said["error"]["code"], said.get("id")), (&json!(code), Some(id)), "{text}");
    }
    // Extra members are ignored, and a bad request without an id is not answered.
    let said = socket.exchange(serde_json::from_str(&with("session", json!("s"))).unwrap()).await;
    assert_eq!(said["result"].as_array().unwrap().len(), 2);
    socket.send_text(json!({"jsonrpc": "2.0", "method": "pool.query", "params": {}}).to_string()).await;
    assert_eq!(socket.ok("core.ping", json!([])).await, "pong");
    assert!(socket.notes.is_empty());
}

#[tokio::test]
async fn the_twenty_first_call_at_once_is_refused() {
    let sim = start("the_twenty_first_call_at_once_is_refused").await;
    let mut socket = Socket::admin(&sim).await;
    let stall = Fault::Stall(Duration::from_hours(1));
    sim.faults().on("truenas", "system.version").times(20).before_effect(stall);
    for _ in 0..20 {
        socket.ask("system.version", json!([])).await;
    }
    let last = socket.ask("system.version", json!([])).await;
    assert_eq!(socket.answer(last).await.unwrap().unwrap_err()["code"], -32000);
}

#[tokio::test]
async fn a_call_cut_before_its_effect_has_none_and_one_cut_after_it_has() {
    let sim = start("a_call_cut_before_its_effect_has_none").await;
    let update = json!(["pool0", {"user_properties_update": [{"key": "a:b", "value": "1"}]}]);
    let faults = sim.faults();
    faults.on("truenas", "pool.dataset.update").before_effect(Fault::DropConnection);
    let mut socket = Socket::admin(&sim).await;
    let id = socket.ask("pool.dataset.update", update.clone()).await;
    assert!(socket.answer(id).await.is_none());
    assert_eq!(sim.truenas().user_property("pool0", "a:b"), None);
    faults.on("truenas", "pool.dataset.update").after_effect(Fault::DropConnection);
    let mut socket = Socket::admin(&sim).await;
    let id = socket.ask("pool.dataset.update", update).await;
    assert!(socket.answer(id).await.is_none());
    assert_eq!(sim.truenas().user_property("pool0", "a:b").as_deref(), Some("1"));
    assert_eq!(sim.transcript().writes().len(), 1);
    assert_eq!(sim.transcript().writes()[0].access, Access::Write);
}

/// Behind TLS nothing between can change an answer: what comes in another form comes so from the appliance.
#[tokio::test]
async fn an_answer_comes_in_the_form_that_a_fault_gives_it() {
    for release in [Release::Scale24_10, Release::Scale25_10] {
        let sim = start_of("an_answer_comes_in_the_form_that_a_fault_gives_it", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let mangled = |how| sim.faults().on("truenas", "core.ping").after_effect(Fault::Mangle(how));
        mangled(Mangled::Garbled);
        socket.ask("core.ping", json!([])).await;
        let Some(Message::Text(text)) = socket.receive().await else { panic!("no answer") };
        assert!(serde_json::from_str::<Value>(&text).is_err() && text.contains("pong"), "{text}");
        assert_eq!(socket.ok("core.ping", json!([])).await, "pong", "the connection goes on");
        mangled(Mangled::Twice);
        let twice = socket.ask("core.ping", json!([])).await;
        for _ in 0..2 {
            assert_eq!(socket.answer(twice).await, Some(Ok(json!("pong"))));
        }
        // Nothing happens before the effect.
        sim.faults().on("truenas", "core.ping").before_effect(Fault::Mangle(Mangled::Garbled));
        assert_eq!(socket.ok("core.ping", json!([])).await, "pong");
        mangled(Mangled::Endless);
        socket.ask("core.ping", json!([])).await;
        assert!(socket.receive().await.is_none(), "it is more than a client takes");
    }
}

/// A page that had its name resolved to this machine gets nothing from an appliance, and leaves no trace.
#[tokio::test]
async fn a_request_for_another_machine_is_not_answered_by_an_appliance() {
    for release in [Release::Core13_3, Release::Scale25_10] {
        let sim = start_of("a_request_for_another_machine_is_not_answered", release).await;
        for path in ["/api/versions", "/websocket", "/_download/1"] {
            let recorded = sim.transcript().lines().len();
            let (head, _) = get_from(&sim, path, "evil.example").await;
            assert!(head.starts_with("HTTP/1.0 421"), "{release} {path}: {head}");
            assert_eq!(sim.transcript().lines().len(), recorded, "{release} {path}");
            let (head, _) = get_from(&sim, path, "127.0.0.1:4000").await;
            assert!(!head.starts_with("HTTP/1.0 421"), "{release} {path}: {head}");
        }
    }
}

#[tokio::test]
async fn a_silent_connection_is_dropped_and_a_ping_keeps_it() {
    let sim = start("a_silent_connection_is_dropped").await;
    let limit = Settings::default().idle_limit;
    let mut silent = Socket::admin(&sim).await;
    let mut lively = Socket::admin(&sim).await;
    for _ in 0..6 {
        sim.truenas().pass_idle_time(limit / 4);
        lively.ping().await;
    }
    assert_eq!(lively.ok("core.ping", json!([])).await, "pong");
    assert!(silent.receive().await.is_none());
    sim.truenas().pass_idle_time(limit);
    assert!(lively.receive().await.is_none());
}

#[tokio::test]
async fn after_a_crash_no_call_is_answered() {
    let sim = start("after_a_crash_no_call_is_answered").await;
    let mut socket = Socket::admin(&sim).await;
    sim.faults().crash_at(sim.faults().requests() + 1, Moment::AfterAnswer);
    assert_eq!(socket.ok("core.ping", json!([])).await, "pong");
    sim.faults().crashed().await;
    let id = socket.ask("core.ping", json!([])).await;
    assert!(socket.answer(id).await.is_none());
    sim.faults().clear();
    Socket::admin(&sim).await;
}

#[tokio::test]
async fn an_expired_session_must_log_in_again() {
    let sim = start("an_expired_session_must_log_in_again").await;
    let mut socket = Socket::admin(&sim).await;
    sim.faults().on("truenas", "pool.query").before_effect(Fault::ExpireToken);
    assert_eq!(socket.refused("pool.query", json!([])).await["data"]["error"], 207);
    assert_eq!(socket.refused("pool.query", json!([])).await["data"]["error"], 207);
    socket.ok("auth.login_with_api_key", json!([sim.truenas().api_key()])).await;
    let busy = Fault::refuse(503, "EBUSY", "try later");
    sim.faults().on("truenas", "pool.query").before_effect(busy);
    let error = socket.refused("pool.query", json!([])).await;
    assert_eq!(
        (&error["data"]["error"], &error["data"]["reason"]),
        (&json!(16), &json!("[EBUSY] try later"))
    );
    assert_eq!(socket.ok("pool.query", json!([])).await.as_array().unwrap().len(), 2);
}
