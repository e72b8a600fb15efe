//! Two appliances of one location, with one account of B2 between them.

use serde_json::{Value, json};
use simulator::truenas::{ApplianceSize, Release, Settings};
use simulator::{Fault, Simulator};

use crate::socket::Socket;
use crate::tasks::{credential, task};

async fn two() -> (Simulator, Socket, Socket) {
    let tiny = |number| Settings { size: ApplianceSize::Tiny, ..Settings::numbered(number) };
    let builder = Simulator::builder().seed(7).truenas("nas01", Release::Scale25_10, tiny(1)).truenas(
        "nas02",
        Release::Scale25_10,
        tiny(2),
    );
    let sim = builder.start().await.unwrap();
    let first = Socket::admin_of(&sim, "nas01").await;
    let second = Socket::admin_of(&sim, "nas02").await;
    (sim, first, second)
}

#[tokio::test]
async fn appliances_share_an_account_and_see_nothing_of_each_other() {
    let (sim, mut first, mut second) = two().await;
    let bucket = json!({"bucketName": "backup-bucket", "bucketType": "allPrivate"});
    sim.b2().call("b2_create_bucket", bucket).unwrap();
    for (guid, socket) in [("one", &mut first), ("two", &mut second)] {
        let credential = credential(&sim, socket).await;
        let mut task = task(credential, "backup-bucket");
        task["attributes"]["folder"] = format!("/{guid}/pool0").into();
        let task = socket.ok("cloudsync.create", json!([task])).await["id"].clone();
        let job = socket.ok("cloudsync.sync", json!([task])).await;
        assert_eq!(socket.finished(&job).await["state"], "SUCCESS");
        let tasks = socket.ok("cloudsync.query", json!([])).await;
        assert_eq!(tasks.as_array().unwrap().len(), 1);
        assert_eq!(tasks[0]["attributes"]["folder"], format!("/{guid}/pool0"));
        let jobs = socket.ok("core.get_jobs", json!([[["method", "=", "cloudsync.sync"]]])).await;
        assert_eq!(jobs.as_array().unwrap().len(), 1);
    }
    let names: Vec<Value> =
        sim.b2().versions("backup-bucket").iter().map(|it| it["fileName"].clone()).collect();
    for guid in ["one", "two"] {
        assert!(names.iter().any(|name| name.as_str().unwrap().starts_with(&format!("{guid}/pool0/"))));
    }
    first
        .ok(
            "pool.dataset.update",
            json!(["pool0", {"user_properties_update": [{"key": "a:b", "value": "1"}]}]),
        )
        .await;
    assert_eq!(sim.appliance("nas02").unwrap().user_property("pool0", "a:b"), None);
}

#[tokio::test]
async fn appliances_differ_in_what_the_network_shows_and_in_their_keys() {
    let (sim, mut first, mut second) = two().await;
    let mut hosts = Vec::new();
    for socket in [&mut first, &mut second] {
        let info = socket.ok("system.info", json!([])).await;
        let interface = socket.ok("interface.query", json!([])).await[0].clone();
        hosts.push((info["hostname"].clone(), interface["aliases"][0]["address"].clone()));
    }
    assert_eq!(hosts[0], (json!("nas01"), json!("192.0.2.10")));
    assert_eq!(hosts[1], (json!("nas02"), json!("192.0.2.19")));
    let key = &sim.addresses().appliance("nas02").unwrap().api_key;
    assert_eq!(first.ok("auth.login_with_api_key", json!([key])).await, false);
}

#[tokio::test]
async fn a_fault_at_one_appliance_leaves_the_other_alone() {
    let (sim, mut first, mut second) = two().await;
    let busy = || Fault::refuse(503, "EBUSY", "try later");
    sim.faults().on("truenas", "pool.query").at("nas02").before_effect(busy());
    first.ok("pool.query", json!([])).await;
    second.refused("pool.query", json!([])).await;
    sim.faults().on("truenas", "pool.query").times(2).before_effect(busy());
    first.refused("pool.query", json!([])).await;
    second.refused("pool.query", json!([])).await;
    let lines = sim.transcript().lines();
    let last = lines.last().unwrap();
    assert_eq!((last.service, last.instance.as_deref()), ("truenas", Some("nas02")));
    assert_eq!((&last.json()["instance"], &last.json()["release"]), (&json!("nas02"), &json!("25.10")));
}
