//! Events of the services' rows, and whom their secrets are shown to.

use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::shapes::{bucket_and_task, credential_of};
use crate::socket::{Socket, start_of};

/// Collection, what happened, id: what a client that listens to everything hears.
fn heard(events: &[Value]) -> Vec<(String, String, Value)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let jobs = |event: &&Value| event["collection"] != "core.get_jobs";
    events.iter().filter(jobs).map(|e| (text(&e["collection"]), text(&e["msg"]), e["id"].clone())).collect()
}

#[tokio::test]
async fn rows_that_are_made_changed_and_removed_are_announced() {
    for release in Release::ALL {
        let sim = start_of("row_events", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.subscribe("*").await;
        let task = bucket_and_task(&sim, &mut socket).await;
        let changed = socket.ok("cloudsync.update", json!([task, {"description": "other"}])).await;
        let events = socket.events().await;
        let last = events.last().unwrap();
        assert_eq!(last["fields"], changed, "{release}: an event carries the whole row");
        let schedule = json!([{"dataset": "pool0", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": false}]);
        socket.ok("pool.snapshottask.create", schedule).await;
        socket.ok("pool.snapshottask.delete", json!([1])).await;
        socket.ok("cloudsync.delete", json!([task])).await;
        socket.ok("cloudsync.credentials.update", json!([1, credential_of(release, "a", "b")])).await;
        socket.ok("cloudsync.credentials.delete", json!([1])).await;
        let more = socket.events().await;
        let all = heard(&[events, more].concat());
        let row = |collection: &str, what: &str, id: i64| (collection.to_owned(), what.to_owned(), json!(id));
        let expected = [
            row("cloudsync.credentials.query", "added", 1),
            row("cloudsync.query", "added", task),
            row("cloudsync.query", "changed", task),
            row("pool.snapshottask.query", "added", 1),
            row("pool.snapshottask.query", "removed", 1),
            row("cloudsync.query", "removed", task),
            row("cloudsync.credentials.query", "changed", 1),
            row("cloudsync.credentials.query", "removed", 1),
        ];
        assert_eq!(all, expected, "{release}");
    }
}

/// The program that takes snapshots reports their task's state, and nothing else of the task.
#[tokio::test]
async fn a_snapshot_that_is_taken_is_announced_by_a_partial_row() {
    for release in Release::ALL {
        let sim = start_of("partial_rows", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let task = json!([{"dataset": "pool0", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": true}]);
        socket.ok("pool.snapshottask.create", task).await;
        socket.subscribe("pool.snapshottask.query").await;
        socket.ok("pool.snapshottask.run", json!([1])).await;
        let events = socket.events().await;
        let fields = events[0]["fields"].as_object().unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["state"], "{release}");
        assert_eq!((&events[0]["msg"], &fields["state"]["state"]), (&json!("changed"), &json!("FINISHED")));
    }
}

/// Snapshots have no events of their own, whoever takes them.
#[tokio::test]
async fn snapshots_are_not_announced() {
    for release in Release::ALL {
        let sim = start_of("no_snapshot_events", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.subscribe("*").await;
        let family = if release < Release::Scale25_10 { "zfs.snapshot" } else { "pool.snapshot" };
        let new = json!([{"dataset": "pool0", "name": "one"}]);
        socket.ok(&format!("{family}.create"), new).await;
        socket.ok(&format!("{family}.delete"), json!(["pool0@one"])).await;
        let task = json!([{"dataset": "pool0", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": true}]);
        socket.ok("pool.snapshottask.create", task).await;
        socket.ok("pool.snapshottask.run", json!([1])).await;
        assert_eq!(sim.truenas().snapshots().len(), 1, "{release}");
        let all = heard(&socket.events().await);
        let of_tasks = |(collection, ..): &(String, String, Value)| collection == "pool.snapshottask.query";
        assert!(all.len() >= 2 && all.iter().all(of_tasks), "{release}: {all:?}");
    }
}

/// Secrets, those that are null among them, show as asterisks: to a reader from 25.04 on.
#[tokio::test]
async fn secrets_are_hidden_from_readers_by_release() {
    for release in Release::ALL {
        let sim = start_of("secrets", release).await;
        let mut admin = Socket::native_admin(&sim).await;
        let mut reader = Socket::native(&sim).await.logged_in(&sim.truenas().read_only_api_key()).await;
        reader.subscribe("cloudsync.query").await;
        bucket_and_task(&sim, &mut admin).await;
        let is_hidden = release >= Release::Scale25_04;
        let events = reader.events().await;
        let rows = reader.ok("cloudsync.query", json!([])).await;
        for row in [&events[0]["fields"], &rows[0]] {
            assert_eq!(row["encryption_password"] == "********", is_hidden, "{release}");
            let provider = if is_hidden { "provider" } else { "attributes" };
            assert_eq!(row["credentials"][provider]["key"] == "********", is_hidden, "{release}");
        }
        let shown = reader.ok("snmp.config", json!([])).await;
        let expected = if is_hidden { json!("********") } else { Value::Null };
        assert_eq!(shown["v3_privpassphrase"], expected, "{release}: a secret that is not set");
        assert_eq!(admin.ok("snmp.config", json!([])).await["v3_privpassphrase"], Value::Null);
        let write = reader.call("cloudsync.delete", json!([1])).await;
        assert_eq!(write.is_ok(), release == Release::Core13_3, "a key of CORE is root's");
    }
}
