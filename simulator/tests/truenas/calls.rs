//! What the transcript counts as a request of an appliance's client.

use std::collections::BTreeMap;

use serde_json::json;
use simulator::truenas::Release;
use simulator::{Fault, Origin};

use crate::socket::{Socket, get, start, start_of};
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

/// What an older release says, it says without the words of pydantic.
#[tokio::test]
async fn a_release_without_pydantic_words_its_complaints_without_it() {
    for release in Release::ALL {
        let sim = start_of("complaints", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let error = socket.refused("cloudsync.query", json!([[["id", "bogus", 1]]])).await.to_string();
        assert!(error.contains("Invalid operation: bogus"), "{release}: {error}");
        assert_eq!(error.contains("Value error, "), release > Release::Scale25_04, "{release}: {error}");
        let task = |begin: &str, end: &str| {
            json!([{"dataset": "pool0", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
                "naming_schema": "auto-%Y-%m-%d_%H-%M", "schedule": {"begin": begin, "end": end}}])
        };
        let error = socket.refused("pool.snapshottask.create", task("10:00", "09:00")).await.to_string();
        assert!(error.contains("Begin time should be less"), "{release}: {error}");
        let error = socket.refused("pool.snapshottask.create", task("10:01", "10:02")).await.to_string();
        assert!(error.contains("does not match specified time interval"), "{release}: {error}");
        let folded = socket.call("cloudsync.query", json!([[["description", "C=", "A"]]])).await;
        assert_eq!(folded.is_err(), release == Release::Core13_3, "{release}: a prefix of SCALE");
    }
}

#[tokio::test]
async fn an_address_is_checked_where_the_schema_says_so() {
    for release in Release::ALL {
        let sim = start_of("email", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let user = json!({"username": "anna", "full_name": "Anna", "password": "secret12", "email": "nomail",
            "group_create": true});
        let made = socket.call("user.create", json!([user])).await;
        let is_checked = (Release::Scale24_10..=Release::Scale25_10).contains(&release);
        assert_eq!(made.is_err(), is_checked, "{release}: {made:?}");
        let (head, _) = get(&sim, "/ui/").await;
        assert!(head.starts_with("HTTP/1.0 200"), "{release}: the web interface is where others are sent");
    }
}
