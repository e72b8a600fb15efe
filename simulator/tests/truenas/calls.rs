//! What the transcript counts as a request of an appliance's client.

use std::collections::BTreeMap;

use serde_json::json;
use simulator::{Fault, Origin};

use crate::socket::{Socket, get, start};
use crate::tasks::{credential, task};

#[tokio::test]
async fn every_http_exchange_and_every_rpc_is_one_request() {
    let sim = start("every_http_exchange_and_every_rpc_is_one_request").await;
    sim.truenas().write_file("/mnt/pool0/a.txt", b"content").unwrap();
    let mark = sim.transcript().mark();
    get(&sim, "/api/versions").await;
    let mut socket = Socket::admin(&sim).await;
    socket.ok("core.subscribe", json!(["core.get_jobs"])).await;
    socket.ping().await;
    socket.ok("core.ping", json!([])).await;
    let download = socket.ok("core.download", json!(["filesystem.get", ["/mnt/pool0/a.txt"], "a.txt"])).await;
    get(&sim, download[1].as_str().unwrap()).await;
    socket.finished(&download[0]).await;
    get(&sim, "/no/such/path").await;
    let calls = sim.transcript().calls_since(mark);
    let events = calls.count("truenas", "core.get_jobs");
    let expected = BTreeMap::from([
        (("truenas", "versions"), 1),
        (("truenas", "websocket"), 1),
        (("truenas", "auth.login_with_api_key"), 1),
        (("truenas", "core.subscribe"), 2),
        (("truenas", "core.unsubscribe"), 1),
        (("truenas", "core.ping"), 1),
        (("truenas", "core.download"), 1),
        (("truenas", "download"), 1),
        (("truenas", "core.get_jobs"), 1),
    ]);
    assert_eq!((calls.table(), events), (expected, 1));
    // Each waited for the answer to the one before.
    assert_eq!(calls.longest_chain().len(), calls.total());
}

#[tokio::test]
async fn an_appliance_s_own_traffic_is_recorded_and_not_counted() {
    let sim = start("an_appliance_s_own_traffic").await;
    let mut socket = Socket::admin(&sim).await;
    let bucket = json!({"bucketName": "backup-bucket", "bucketType": "allPrivate"});
    sim.b2().call("b2_create_bucket", bucket).unwrap();
    let credential = credential(&sim, &mut socket).await;
    let task = socket.ok("cloudsync.create", json!([task(credential, "backup-bucket")])).await;
    let mark = sim.transcript().mark();
    let job = socket.ok("cloudsync.sync", json!([task["id"]])).await;
    socket.finished(&job).await;
    let lines = sim.transcript().since(mark);
    assert!(lines.iter().any(|line| line.service == "b2" && line.origin == Origin::Appliance));
    let calls = sim.transcript().calls_since(mark);
    assert!(calls.table().keys().all(|(service, _)| *service == "truenas"), "{calls}");
}

#[tokio::test]
async fn calls_that_are_in_hand_together_are_no_chain() {
    let sim = start("calls_that_are_in_hand_together").await;
    let mut socket = Socket::admin(&sim).await;
    let mark = sim.transcript().mark();
    sim.faults().on("truenas", "pool.query").after_effect(Fault::Stall(std::time::Duration::from_hours(1)));
    let slow = socket.ask("pool.query", json!([])).await;
    socket.ok("system.version", json!([])).await;
    socket.ok("system.state", json!([])).await;
    sim.clock().advance(std::time::Duration::from_hours(1));
    socket.answer(slow).await.unwrap().unwrap();
    socket.ok("core.ping", json!([])).await;
    let calls = sim.transcript().calls_since(mark);
    let chain: Vec<String> = calls.longest_chain().iter().map(|line| line.operation.clone()).collect();
    assert_eq!(
        (calls.total(), chain),
        (4, ["system.version", "system.state", "core.ping"].map(str::to_owned).to_vec())
    );
}
