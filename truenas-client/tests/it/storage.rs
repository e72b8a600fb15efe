//! Pools, datasets, snapshots and their tasks: what goes over the wire, and what comes back.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use truenas_client::datasets::{
    CreateDataset, DatasetKey, KeyFormat, KeyOf, NewKey, Passphrase, PropertySource, UnlockDatasets,
    UserPropertyName,
};
use truenas_client::snapshot_tasks::{CreateSnapshotTask, Lifetime, LifetimeUnit, SnapshotSchedule};
use truenas_client::snapshots::{CreateSnapshot, ListSnapshots, Snapshot};
use truenas_client::{
    ChangeKind, DatasetId, ErrorKind, Filter, Method, PoolId, Query, Seen, SnapshotTaskId, Switch, TaskState,
};

use crate::nas::{CORE_13_3, Nas, Say, refusal};

fn id(text: &str) -> DatasetId {
    DatasetId::new(text)
}

const WAIT: Duration = Duration::from_secs(5);

/// A job that has ended well, started by the first parameter.
#[expect(clippy::needless_pass_by_value, reason = "a JSON literal is given")]
fn ended(nas: &Nas, method: &str, argument: &str, result: Value) {
    nas.answers(method, json!(8));
    let entry =
        json!({"id": 8, "method": method, "state": "SUCCESS", "arguments": [argument], "result": result});
    nas.answers("core.get_jobs", json!([entry]));
}

#[tokio::test]
async fn a_pool_is_read_whole_and_an_offline_one_too() {
    let nas = Nas::start().await;
    let whole = json!({
        "id": 1, "name": "tank", "guid": "11", "path": "/mnt/tank", "status": "DEGRADED", "healthy": false, "warning": true,
        "status_code": "FAULTED_DEV_R", "status_detail": "one is gone", "is_upgraded": true, "size": 100, "allocated": 40,
        "free": 60, "freeing": 0, "fragmentation": "3", "dedup_table_quota": "auto", "dedup_table_size": 0,
        "autotrim": {"value": "on", "rawvalue": "on", "parsed": "on", "source": "LOCAL"},
        "scan": {"function": "SCRUB", "state": "FINISHED", "start_time": {"$date": 1000}, "end_time": {"$date": 2000},
            "percentage": 100.0, "errors": 0, "bytes_to_process": 9, "bytes_processed": 9},
        "topology": {"data": [{"name": "mirror-0", "type": "MIRROR", "status": "DEGRADED", "guid": "3", "children": [
            {"name": "sda1", "type": "DISK", "status": "ONLINE", "disk": "sda", "children": []}]}],
            "log": [], "cache": [], "spare": [], "special": [], "dedup": []},
    });
    let offline = json!({
        "id": 2, "name": "old", "guid": "12", "path": "/mnt/old", "status": "OFFLINE", "healthy": false, "warning": false,
        "status_code": null, "status_detail": null, "size": null, "allocated": null, "free": null, "freeing": null,
        "fragmentation": null, "autotrim": {"parsed": "off", "rawvalue": "off"}, "scan": null, "expand": null, "topology": null,
    });
    nas.on("pool.query", [json!([whole]), json!([offline]), json!([])].map(Say::Result));
    let client = nas.client().await;
    let pool = client.pools().get(PoolId::new(1)).await.unwrap();
    let topology = pool.topology.unwrap();
    assert_eq!(topology.data[0].children[0].disk.as_deref(), Some("sda"));
    assert_eq!((pool.fragmentation, pool.autotrim, pool.warning), (Some(3), Some(true), true));
    assert_eq!(pool.scan.unwrap().errors, Some(0));
    let pool = client.pools().get(PoolId::new(2)).await.unwrap();
    assert_eq!((pool.topology, pool.scan, pool.size), (None, None, None));
    assert!(client.pools().get(PoolId::new(3)).await.unwrap_err().is_not_found());
    assert_eq!(nas.asked("pool.query")[0], json!([[["id", "=", 1]], {}]));
}

#[tokio::test]
async fn a_setting_says_where_it_comes_from() {
    let nas = Nas::start().await;
    let row = json!({
        "id": "tank/a", "type": "FILESYSTEM", "compression": {"value": "ZSTD", "rawvalue": "zstd", "source": "INHERITED"},
        "quota": {"value": "2 GiB", "rawvalue": "2147483648", "source": "LOCAL"}, "refquota": {"value": null, "rawvalue": "0"},
        "readonly": {"value": "OFF", "rawvalue": "off", "source": "ANEW"}, "atime": null,
    });
    nas.on("pool.dataset.query", [json!([row]), json!([])].map(Say::Result));
    let client = nas.client().await;
    let settings = client.datasets().settings(&id("tank/a")).await.unwrap();
    assert_eq!(settings.compression.source, PropertySource::Inherited);
    assert_eq!((settings.quota.number(), settings.refquota.number()), (Some(2 << 30), None));
    assert_eq!(settings.readonly.is_on(), Some(false));
    assert_eq!(settings.readonly.source, PropertySource::Unknown("ANEW".into()));
    assert_eq!((settings.atime.value, settings.volsize.value), (None, None));
    assert!(client.datasets().settings(&id("gone")).await.unwrap_err().is_not_found());
}

/// §13, 22 and 26: neither an algorithm nor rounds are ever sent.
#[tokio::test]
async fn a_new_datasets_encryption_is_asked_for_without_algorithm_and_rounds() {
    let nas = Nas::start().await;
    nas.answers("pool.dataset.create", json!({"id": "tank/a", "pool": "tank", "type": "FILESYSTEM"}));
    let client = nas.client().await;
    let hex = "AB".repeat(32);
    for (key, options) in [
        (NewKey::Generated, json!({"generate_key": true})),
        (NewKey::Hex(DatasetKey::new(&hex)), json!({"key": hex})),
        (NewKey::Passphrase(Passphrase::new("eight ch")), json!({"passphrase": "eight ch"})),
    ] {
        client.datasets().create(&CreateDataset::file_system(id("tank/a")).encrypted(key)).await.unwrap();
        let sent = nas.asked("pool.dataset.create").pop().unwrap();
        assert_eq!(sent[0]["encryption_options"], options);
        assert_eq!((&sent[0]["encryption"], &sent[0]["inherit_encryption"]), (&json!(true), &json!(false)));
    }
    client.datasets().create(&CreateDataset::file_system(id("tank/b"))).await.unwrap();
    assert_eq!(
        nas.asked("pool.dataset.create").pop().unwrap(),
        json!([{"name": "tank/b", "type": "FILESYSTEM"}])
    );
}

/// Findings 3 I: a job that succeeds may hold failures.
#[tokio::test]
async fn an_unlock_that_succeeded_names_the_datasets_that_stayed_locked() {
    let nas = Nas::start().await;
    let result = json!({"unlocked": ["tank/a"], "failed": {"tank/a/b": {"error": "Invalid Key", "skipped": ["tank/a/b/c"]}}});
    ended(&nas, "pool.dataset.unlock", "tank/a", result);
    let client = nas.client().await;
    let how = UnlockDatasets::new()
        .with(KeyOf::passphrase(id("tank/a"), Passphrase::new("p")))
        .with(KeyOf::key(id("tank/a/b"), DatasetKey::new("cd".repeat(32))).for_children())
        .recursive();
    let job = client.datasets().unlock(&id("tank/a"), &how).await.unwrap();
    let unlocked = job.wait(WAIT).await.unwrap();
    assert!(!unlocked.is_complete());
    let failed = &unlocked.failed[&id("tank/a/b")];
    assert_eq!(
        (failed.error.as_deref(), failed.skipped.as_slice()),
        (Some("Invalid Key"), &[id("tank/a/b/c")][..])
    );
    let rows = json!([{"name": "tank/a", "passphrase": "p"}, {"name": "tank/a/b", "key": "cd".repeat(32), "recursive": true}]);
    let sent = json!(["tank/a", {"datasets": rows, "recursive": true, "toggle_attachments": true}]);
    assert_eq!(nas.asked_once("pool.dataset.unlock"), sent);
    let short = UnlockDatasets::new().with(KeyOf::key(id("tank/a"), DatasetKey::new("abc")));
    let refused = client.datasets().unlock(&id("tank/a"), &short).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{refused}");
    assert_eq!(nas.asked("pool.dataset.unlock").len(), 1, "nothing was sent");
}

#[tokio::test]
async fn a_summary_says_whether_a_key_is_right_before_anything_is_unlocked() {
    let nas = Nas::start().await;
    let row = |format: &str| {
        json!({"name": "tank/a", "key_format": format, "key_present_in_database": false, "valid_key": true, "locked": true,
        "unlock_error": null, "unlock_successful": true})
    };
    ended(&nas, "pool.dataset.encryption_summary", "tank", json!([row("PASSPHRASE"), row("ANEW")]));
    let client = nas.client().await;
    let keys = [KeyOf::passphrase(id("tank/a"), Passphrase::new("p"))];
    let found = client.datasets().encryption_summary(&id("tank"), &keys, WAIT).await.unwrap();
    assert!(found[0].valid_key && found[0].unlock_successful);
    assert_eq!(
        (&found[0].key_format, &found[1].key_format),
        (&KeyFormat::Passphrase, &KeyFormat::Unknown("ANEW".into()))
    );
    let sent = json!(["tank", {"datasets": [{"name": "tank/a", "passphrase": "p"}]}]);
    assert_eq!(nas.asked_once("pool.dataset.encryption_summary"), sent);
}

#[tokio::test]
async fn exported_keys_are_secrets_and_the_address_of_the_download_is_too() {
    let nas = Nas::start().await;
    nas.answers("core.download", json!([8, "/_download/8?auth_token=hunter2"]));
    nas.script.page("/_download/8?auth_token=hunter2", r#"{"tank/a":"00ff"}"#);
    let client = nas.client().await;
    let keys = client.datasets().export_keys(&id("tank"), WAIT).await.unwrap();
    assert_eq!(keys.get(&id("tank/a")).map(DatasetKey::expose), Some("00ff"));
    assert!(!format!("{keys:?}").contains("00ff"), "{keys:?}");
    let sent = json!(["pool.dataset.export_keys", ["tank"], "keys.json", false]);
    assert_eq!(nas.asked_once("core.download"), sent);
    // A job that fails leaves nothing to fetch, and says why itself.
    nas.script.page("/_download/8?auth_token=hunter2", "");
    let entry = json!({"id": 8, "method": "pool.dataset.export_keys_for_replication", "state": "FAILED", "error": "[EINVAL] no such task"});
    nas.answers("core.get_jobs", json!([entry]));
    let failed = client.datasets().export_keys_for_replication(4, WAIT).await.unwrap_err();
    assert!(
        failed.to_string().contains("no such task") && !failed.to_string().contains("hunter2"),
        "{failed}"
    );
}

/// CORE makes the dataset first: a user property that cannot be set after that is no clean failure.
#[tokio::test]
async fn on_core_a_dataset_that_lacks_its_user_property_is_of_unknown_outcome() {
    let nas = Nas::older(CORE_13_3).await;
    nas.answers("pool.dataset.create", json!({"id": "tank/a", "pool": "tank", "type": "FILESYSTEM"}));
    nas.on("pool.dataset.userprop.create", [Say::HangUp]);
    let client = nas.client().await;
    let tag = UserPropertyName::new("com.example:tag").unwrap();
    let new = CreateDataset::file_system(id("tank/a")).user_property(&tag, "1");
    let error = client.datasets().create(&new).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(nas.asked("pool.dataset.create").len(), 1);
}

/// Findings 1.7: names alone are selected, and the filters are of pool, dataset and name.
#[tokio::test]
async fn names_of_snapshots_are_read_without_properties_on_25_10_and_on_26() {
    let request = ListSnapshots::new(id("tank/a")).name_prefix("auto-").limit(2);
    for version in ["v25.10.5", "v26.0.0"] {
        let nas = Nas::with_versions(&[version]).await;
        let names = json!([{"name": "tank/a@auto-2"}, {"name": "tank/a@auto-3"}, {"name": "tank/a@x"}]);
        nas.answers("pool.snapshot.query", json!([{"name": "tank/a@auto-3"}, {"name": "tank/a@auto-2"}]));
        nas.answers("zfs.resource.snapshot.query", names);
        let client = nas.client().await;
        let found = client.snapshots().list(&request).await.unwrap();
        let ids: Vec<String> = found.iter().map(Snapshot::id).collect();
        assert_eq!(ids, ["tank/a@auto-3", "tank/a@auto-2"], "{version}");
        if version == "v25.10.5" {
            let filters = json!([["dataset", "=", "tank/a"], ["name", "rin", "@auto-"]]);
            let options = json!({"select": ["name"], "order_by": ["-name"], "limit": 2});
            assert_eq!(nas.asked_once("pool.snapshot.query"), json!([filters, options]));
        } else {
            let asked = json!([{"paths": ["tank/a"], "properties": null, "recursive": false}]);
            assert_eq!(nas.asked_once("zfs.resource.snapshot.query"), asked);
        }
    }
    // A dataset that is not there has no snapshots, as the query of the older releases says.
    let nas = Nas::with_versions(&["v26.0.0"]).await;
    let data = json!({"error": 22, "errname": "EINVAL", "reason": "", "trace": null,
        "extra": [["zfs.resource.snapshot.query", "'tank/a' not found", 2]]});
    let error = json!({"code": -32602, "message": "Invalid params", "data": data});
    nas.on("zfs.resource.snapshot.query", [Say::Refuse(error)]);
    assert_eq!(nas.client().await.snapshots().list(&request).await.unwrap(), []);
}

/// Findings 1.7: retention is told of a bounded number, or of one by its id; and never with null for the properties, which fails on 26.
#[tokio::test]
async fn retention_is_asked_for_with_a_limit_or_an_id_and_properties_by_name() {
    let nas = Nas::start().await;
    nas.answers(
        "pool.snapshot.query",
        json!([{"name": "tank/a@x", "holds": {"truenas": 1}, "retention": null}]),
    );
    let client = nas.client().await;
    let described = client.snapshots().describe(&ListSnapshots::new(id("tank/a"))).await.unwrap();
    assert_eq!(described[0].is_held, Some(true));
    client.snapshots().get(&Snapshot::new(id("tank/a"), "x")).await.unwrap();
    let asked = nas.asked("pool.snapshot.query");
    assert_eq!(asked[0][1]["limit"], 1000);
    assert_eq!(asked[1][0], json!([["id", "=", "tank/a@x"]]));
    for asked in asked {
        let extra = &asked[1]["extra"];
        assert_eq!((&extra["retention"], extra["properties"].is_array()), (&json!(true), true), "{asked}");
        assert!(asked[1].get("select").is_none());
    }
}

/// Findings 1.11: what the box does not check is checked here, and nothing is sent.
#[tokio::test]
async fn a_lifetime_of_nothing_and_a_schema_that_cannot_be_read_back_are_not_sent() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let schedule = || SnapshotSchedule::new("0 * * * *".parse().unwrap());
    for (value, schema) in [(0, "auto-%Y-%m-%d_%H-%M"), (1, "auto-%Y-%m-%d_%H"), (1, "auto")] {
        let task =
            CreateSnapshotTask::new(id("tank"), schema, Lifetime::new(value, LifetimeUnit::Day), schedule());
        let refused = client.snapshot_tasks().create(&task).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{refused}");
    }
    let named = CreateSnapshot::named(id("tank"), "a@b");
    assert!(matches!(
        client.snapshots().create(&named).await.unwrap_err().kind(),
        ErrorKind::InvalidRequest { .. }
    ));
    let guid = UserPropertyName::new("com.dtctoday:device-guid").unwrap();
    let refused = client.datasets().set_user_property(&id("tank/a"), &guid, "1").await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{refused}");
    assert_eq!(nas.asked("pool.snapshottask.create").len() + nas.asked("pool.dataset.update").len(), 0);
}

#[tokio::test]
async fn a_tasks_state_is_read_and_a_box_may_hold_a_lifetime_of_nothing() {
    let nas = Nas::start().await;
    let row = |state: Value| {
        json!({"id": 3, "dataset": "tank", "recursive": true, "lifetime_value": 0, "lifetime_unit": "WEEK", "naming_schema": "odd",
            "schedule": {"minute": "0"}, "exclude": [], "allow_empty": true, "enabled": true, "vmware_sync": false, "state": state})
    };
    let error = json!({"state": "ERROR", "datetime": {"$date": 1000}, "error": "pool is full"});
    nas.on(
        "pool.snapshottask.query",
        [json!([row(error)]), json!([row(json!({"state": "ANEW"}))])].map(Say::Result),
    );
    let client = nas.client().await;
    let state = client.snapshot_tasks().get(SnapshotTaskId::new(3)).await.unwrap().state.unwrap();
    assert_eq!((state.state, state.error.as_deref()), (TaskState::Error, Some("pool is full")));
    let state = client.snapshot_tasks().get(SnapshotTaskId::new(3)).await.unwrap().state.unwrap();
    assert_eq!(state.state, TaskState::Unknown("ANEW".into()));
}

#[expect(clippy::needless_pass_by_value, reason = "a JSON literal is given")]
fn event(what: &str, collection: &str, id: Value, fields: Value) -> Value {
    let params = json!({"msg": what, "collection": collection, "id": id, "fields": fields});
    json!({"jsonrpc": "2.0", "method": "collection_update", "params": params})
}

/// Findings 1.12: what zettarepl tells is a part of a row. And what was missed while the connection was lost is said.
#[tokio::test]
async fn changes_of_rows_arrive_and_a_gap_is_marked() {
    const TASKS: &str = "pool.snapshottask.query";
    let nas = Nas::start().await;
    let part = event("changed", TASKS, json!(3), json!({"state": {"state": "RUNNING"}}));
    let gone = event("removed", TASKS, json!(3), Value::Null);
    let other = event("added", "pool.query", json!(1), json!({"id": 1}));
    nas.on(
        "pool.query",
        [Say::Events(vec![other, part, gone], json!([])), Say::HangUp, Say::Result(json!([]))],
    );
    let client = nas.client().await;
    let mut changes = Box::pin(client.changes(Method::reads(TASKS)));
    assert_eq!(changes.next().await.unwrap().unwrap(), Seen::ReadAnew);
    client.pools().list().await.unwrap();
    let Seen::Change(first) = changes.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!((first.kind, &first.id), (ChangeKind::Changed, &json!(3)));
    assert_eq!(first.fields.unwrap()["state"]["state"], "RUNNING");
    let Seen::Change(second) = changes.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!((second.kind, second.fields), (ChangeKind::Removed, None));
    client.pools().list().await.unwrap();
    assert_eq!(changes.next().await.unwrap().unwrap(), Seen::ReadAnew, "the connection was lost");
    assert_eq!(nas.asked("core.subscribe"), [json!([TASKS]), json!([TASKS])]);
}

#[tokio::test]
async fn changes_arrive_over_the_legacy_socket_as_well() {
    const TASKS: &str = "pool.snapshottask.query";
    let nas = Nas::older(CORE_13_3).await;
    let added = event("added", TASKS, json!(3), json!({"id": 3}));
    nas.on("pool.query", [Say::Events(vec![added], json!([]))]);
    let client = nas.client().await;
    let mut changes = Box::pin(client.changes(Method::reads(TASKS)));
    assert_eq!(changes.next().await.unwrap().unwrap(), Seen::ReadAnew);
    client.pools().list().await.unwrap();
    let Seen::Change(first) = changes.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!((first.kind, first.id), (ChangeKind::Added, json!(3)));
}

/// The events of jobs do not come to watchers of rows, and those of all collections bear other names: nothing would ever be heard.
#[tokio::test]
async fn what_would_stay_silent_is_refused_and_not_watched() {
    for release in [None, Some(CORE_13_3)] {
        let nas = match release {
            Some(release) => Nas::older(release).await,
            None => Nas::start().await,
        };
        let client = nas.client().await;
        for name in ["core.get_jobs", "*"] {
            let seen: Vec<_> = client.changes(Method::reads(name)).collect().await;
            let [Err(error)] = &seen[..] else { panic!("{name}: {seen:?}") };
            assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error:?}");
            assert!(name == "*" || error.to_string().contains("jobs().changes()"), "{error}");
        }
        assert!(nas.asked("core.subscribe").is_empty());
    }
}

/// A collection has the name of the method that reads it, which is another one on older releases.
#[tokio::test]
async fn a_collection_is_watched_under_the_name_that_the_release_has_for_it() {
    let nas = Nas::older(CORE_13_3).await;
    let added = event("added", "zfs.snapshot.query", json!("tank@a"), json!({"id": "tank@a"}));
    nas.on("pool.query", [Say::Events(vec![added], json!([]))]);
    let client = nas.client().await;
    let mut changes = Box::pin(client.changes(Method::reads("pool.snapshot.query")));
    assert_eq!(changes.next().await.unwrap().unwrap(), Seen::ReadAnew);
    client.pools().list().await.unwrap();
    let Seen::Change(first) = changes.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!(first.id, json!("tank@a"));
    let lacking: Vec<_> =
        client.changes(Method::reads("replication.list_datasets_of_nobody")).take(1).collect().await;
    assert!(lacking[0].is_ok(), "what is not known to differ is asked for as it is");
}

#[tokio::test]
async fn whoever_may_not_subscribe_gets_an_error_and_the_stream_ends() {
    let nas = Nas::start().await;
    nas.on("core.subscribe", [refusal(13, "EACCES", "Not authorized")]);
    let client = nas.client().await;
    let mut changes = Box::pin(client.changes(Method::reads("pool.query")));
    assert_eq!(*changes.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unauthorized);
    assert!(changes.next().await.is_none());
}

#[tokio::test]
async fn rows_are_counted_and_the_first_is_found() {
    let nas = Nas::start().await;
    nas.on("pool.query", [json!(3), json!([{"id": 1}]), json!([])].map(Say::Result));
    let client = nas.client().await;
    let (method, query) =
        (Method::reads("pool.query"), Query::new().filter(Filter::equals("status", "ONLINE")));
    assert_eq!(client.count(method, &query.clone().limit(5)).await.unwrap(), 3);
    assert_eq!(client.first::<Value>(method, &query).await.unwrap(), json!({"id": 1}));
    assert!(client.first::<Value>(method, &query).await.unwrap_err().is_not_found());
    let refused = client.first::<Value>(method, &query.limit(5)).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{refused}");
    let asked = nas.asked("pool.query");
    assert_eq!(asked[0], json!([[["status", "=", "ONLINE"]], {"count": true}]));
    assert_eq!(asked[1], json!([[["status", "=", "ONLINE"]], {"limit": 1}]));
}

#[tokio::test]
async fn a_query_that_takes_no_notice_of_capitals_is_not_sent_to_core() {
    let nas = Nas::older(CORE_13_3).await;
    let client = nas.client().await;
    let query = Query::new().filter(Filter::equals("name", "Tank").any_case());
    let error = client.query::<Value>(Method::reads("pool.query"), &query).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported { instead: Some(_), .. }), "{error}");
    assert_eq!(nas.asked("pool.query").len(), 0);
}

#[tokio::test]
async fn a_dataset_is_removed_with_what_is_below_it_only_when_that_is_asked_for() {
    let nas = Nas::start().await;
    nas.answers("pool.dataset.delete", json!(true));
    let client = nas.client().await;
    for (switch, recursive) in [(Switch::Off, false), (Switch::On, true)] {
        client.datasets().delete(&id("tank/a"), switch).await.unwrap();
        let sent = nas.asked("pool.dataset.delete").pop().unwrap();
        assert_eq!(sent, json!(["tank/a", {"recursive": recursive, "force": false}]));
    }
}
