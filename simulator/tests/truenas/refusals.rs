//! Every method that writes, given one wrong payload per rule: which code refuses it, and which argument it names.

mod resources;

use serde_json::{Value, json};
use simulator::Simulator;

use crate::socket::{Socket, start};
use crate::tasks::{credential, task};

/// Refused as arguments (-32602), naming exactly this argument.
struct Wrong {
    method: &'static str,
    params: Value,
    attribute: &'static str,
}

const fn wrong(method: &'static str, params: Value, attribute: &'static str) -> Wrong {
    Wrong { method, params, attribute }
}

/// An appliance with a credential, a cloud sync task and a snapshot task, each of the id 1, and an administrator.
async fn furnished(test: &str) -> (Simulator, Socket) {
    let sim = start(test).await;
    let mut socket = Socket::admin(&sim).await;
    assert_eq!(credential(&sim, &mut socket).await, 1);
    assert_eq!(socket.ok("cloudsync.create", json!([task(1, "bucket")])).await["id"], 1);
    let tasks = json!([{"dataset": "pool0", "enabled": false}]);
    assert_eq!(socket.ok("pool.snapshottask.create", tasks).await["id"], 1);
    (sim, socket)
}

fn contents(sim: &Simulator) -> Value {
    let nas = sim.truenas();
    json!([nas.credentials(), nas.cloud_syncs(), nas.snapshot_tasks(), nas.user_property("pool0", "a:b")])
}

async fn refuses(test: &str, cases: Vec<Wrong>) {
    let (sim, mut socket) = furnished(test).await;
    let before = (contents(&sim), socket.ok("snmp.config", json!([])).await);
    for Wrong { method, params, attribute } in cases {
        let found = socket.complaints(method, params.clone()).await;
        assert_eq!(found, [attribute], "{method} {params}");
    }
    assert_eq!((contents(&sim), socket.ok("snmp.config", json!([])).await), before, "nothing has changed");
}

/// A task with one field changed, or taken out where the value is nothing.
fn changed(field: &str, value: impl Into<Option<Value>>) -> Value {
    let mut task = task(1, "bucket");
    let (parent, name) = field.split_once('.').unwrap_or(("", field));
    let fields = if parent.is_empty() { &mut task } else { &mut task[parent] };
    match value.into() {
        Some(value) => fields[name] = value,
        None => drop(fields.as_object_mut().unwrap().remove(name)),
    }
    json!([task])
}

/// A value of a wrong type for each field of a task, and one that is out of its range.
#[tokio::test]
async fn c2_a_cloud_sync_is_created_of_the_right_types_only() {
    let of_type = |field: &str, value: Value| changed(field, value);
    let slot = |time: &str, rate: Value| json!([{"time": time, "bandwidth": rate}]);
    let method = "cloudsync.create";
    refuses(
        "refusals_of_cloud_sync_types",
        vec![
            wrong(method, of_type("description", json!(1)), "cloud_sync_create.description"),
            wrong(method, of_type("description", json!("x".repeat(1025))), "cloud_sync_create.description"),
            wrong(method, of_type("path", json!(null)), "cloud_sync_create.path"),
            wrong(method, of_type("credentials", json!("1")), "cloud_sync_create.credentials"),
            wrong(method, of_type("credentials", json!({"id": 1})), "cloud_sync_create.credentials"),
            wrong(method, of_type("attributes", json!([])), "cloud_sync_create.attributes"),
            wrong(method, of_type("schedule", json!("0 0 * * *")), "cloud_sync_create.schedule"),
            wrong(method, of_type("schedule.minute", json!(0)), "cloud_sync_create.schedule.minute"),
            wrong(method, of_type("direction", json!("push")), "cloud_sync_create.direction"),
            wrong(method, of_type("transfer_mode", json!("MIRROR")), "cloud_sync_create.transfer_mode"),
            wrong(method, of_type("encryption", json!("true")), "cloud_sync_create.encryption"),
            wrong(method, of_type("filename_encryption", json!(0)), "cloud_sync_create.filename_encryption"),
            wrong(method, of_type("encryption_salt", json!(null)), "cloud_sync_create.encryption_salt"),
            wrong(method, of_type("exclude", json!("/Archive/**")), "cloud_sync_create.exclude"),
            wrong(method, of_type("exclude", json!(["a", 1])), "cloud_sync_create.exclude.1"),
            wrong(method, of_type("follow_symlinks", json!(null)), "cloud_sync_create.follow_symlinks"),
            wrong(method, of_type("snapshot", json!("no")), "cloud_sync_create.snapshot"),
            wrong(method, of_type("transfers", json!(4.0)), "cloud_sync_create.transfers"),
            wrong(method, of_type("transfers", json!(-1)), "cloud_sync_create.transfers"),
            wrong(method, of_type("bwlimit", json!({})), "cloud_sync_create.bwlimit"),
            wrong(method, of_type("bwlimit", slot("24:00", json!(1))), "cloud_sync_create.bwlimit.0.time"),
            wrong(
                method,
                of_type("bwlimit", slot("08:00", json!("1M"))),
                "cloud_sync_create.bwlimit.0.bandwidth",
            ),
            wrong(
                method,
                of_type("bwlimit", json!([{"time": "08:00"}])),
                "cloud_sync_create.bwlimit.0.bandwidth",
            ),
            wrong(method, of_type("pre_script", json!(null)), "cloud_sync_create.pre_script"),
            wrong(method, of_type("args", json!(["--max-delete"])), "cloud_sync_create.args"),
            wrong(method, of_type("enabled", json!(1)), "cloud_sync_create.enabled"),
            wrong(method, of_type("attributes.bucket", json!(7)), "cloud_sync_create.attributes.bucket"),
            wrong(method, of_type("attributes.folder", json!(null)), "cloud_sync_create.attributes.folder"),
            wrong(
                method,
                of_type("attributes.fast_list", json!("yes")),
                "cloud_sync_create.attributes.fast_list",
            ),
            wrong(
                method,
                of_type("attributes.chunk_size", json!("96M")),
                "cloud_sync_create.attributes.chunk_size",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn c2_a_cloud_sync_is_created_by_the_rules_only() {
    let method = "cloudsync.create";
    let two = json!([{"time": "20:00", "bandwidth": 1}, {"time": "06:00", "bandwidth": null}]);
    refuses(
        "refusals_of_cloud_sync_rules",
        vec![
            wrong(method, changed("path", None), "cloud_sync_create.path"),
            wrong(method, changed("credentials", None), "cloud_sync_create.credentials"),
            wrong(method, changed("attributes", None), "cloud_sync_create.attributes"),
            wrong(method, changed("direction", None), "cloud_sync_create.direction"),
            wrong(method, changed("transfer_mode", None), "cloud_sync_create.transfer_mode"),
            wrong(method, changed("id", json!(1)), "cloud_sync_create.id"),
            wrong(method, changed("locked", json!(false)), "cloud_sync_create.locked"),
            wrong(method, changed("schedule.second", json!("0")), "cloud_sync_create.schedule.second"),
            wrong(method, changed("schedule.minute", json!("60")), "cloud_sync_create.schedule"),
            wrong(method, changed("schedule.hour", json!("nightly")), "cloud_sync_create.schedule"),
            wrong(method, changed("attributes.bucket", None), "cloud_sync_create.attributes.bucket"),
            wrong(method, changed("attributes.folder", None), "cloud_sync_create.attributes.folder"),
            wrong(
                method,
                changed("attributes.hard_delete", json!(true)),
                "cloud_sync_create.attributes.hard_delete",
            ),
            wrong(
                method,
                changed("attributes.storage_class", json!("")),
                "cloud_sync_create.attributes.storage_class",
            ),
            wrong(method, changed("attributes.chunk_size", json!(4)), "chunk_size"),
            wrong(method, changed("credentials", json!(2)), "cloud_sync_create.credentials"),
            wrong(method, changed("encryption_password", json!("")), "cloud_sync_create.encryption_password"),
            wrong(method, changed("args", json!("--x \"y")), "cloud_sync_create.args"),
            wrong(method, changed("bwlimit", two), "cloud_sync_create.bwlimit.1.time"),
            wrong(method, changed("path", json!("/mnt")), "cloud_sync_create.path"),
            wrong(method, changed("path", json!("pool0")), "cloud_sync_create.path"),
            wrong(method, changed("path", json!("/mnt/pool0/../../etc")), "cloud_sync_create.path"),
            wrong(method, changed("path", json!("/mnt/pool0/.zfs")), "cloud_sync_create.path"),
            wrong(method, changed("snapshot", json!(true)), "cloud_sync_create.snapshot"),
            wrong(method, json!([]), "cloud_sync_create"),
            wrong(method, json!([null]), "cloud_sync_create"),
            wrong(method, json!([task(1, "bucket"), {}]), ""),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_cloud_sync_is_changed_run_and_deleted_by_the_same_rules() {
    let method = "cloudsync.update";
    refuses(
        "refusals_of_cloud_sync_changes",
        vec![
            wrong(method, json!(["1", {}]), "id"),
            wrong(method, json!([1]), "cloud_sync_update"),
            wrong(method, json!([1, {"job": null}]), "cloud_sync_update.job"),
            wrong(method, json!([1, {"enabled": "no"}]), "cloud_sync_update.enabled"),
            wrong(method, json!([1, {"schedule": {"hour": "25"}}]), "cloud_sync_update.schedule"),
            wrong(method, json!([1, {"encryption_password": ""}]), "cloud_sync_update.encryption_password"),
            wrong(method, json!([1, {"credentials": 9}]), "cloud_sync_update.credentials"),
            wrong(method, json!([1, {"path": "/mnt/none"}]), "cloud_sync_update.path"),
            // Attributes come whole.
            wrong(method, json!([1, {"attributes": {"folder": "a"}}]), "cloud_sync_update.attributes.bucket"),
            wrong("cloudsync.delete", json!([]), "id"),
            wrong("cloudsync.delete", json!([true]), "id"),
            wrong("cloudsync.delete", json!([1, {"force": true}]), ""),
            wrong("cloudsync.sync", json!([1.5]), "id"),
            wrong("cloudsync.sync", json!([1, {"dry": true}]), "cloud_sync_sync_options.dry"),
            wrong("cloudsync.sync", json!([1, {"dry_run": "true"}]), "cloud_sync_sync_options.dry_run"),
            wrong("cloudsync.abort", json!(["1"]), "id"),
        ],
    )
    .await;
}

#[tokio::test]
async fn c1_a_credential_has_a_name_a_provider_and_nothing_else() {
    let create = "cloudsync.credentials.create";
    let b2 = || json!({"type": "B2", "account": "a", "key": "b"});
    let with = |field: &str, value: Value| {
        let mut provider = b2();
        provider[field] = value;
        json!([{"name": "n", "provider": provider}])
    };
    let update = "cloudsync.credentials.update";
    refuses(
        "refusals_of_credentials",
        vec![
            wrong(create, json!([{"provider": b2()}]), "cloud_sync_credentials_create.name"),
            wrong(create, json!([{"name": "", "provider": b2()}]), "cloud_sync_credentials_create.name"),
            wrong(
                create,
                json!([{"name": "bucket", "provider": b2()}]),
                "cloud_sync_credentials_create.name",
            ),
            wrong(create, json!([{"name": "n"}]), "cloud_sync_credentials_create.provider"),
            wrong(create, json!([{"name": "n", "provider": "B2"}]), "cloud_sync_credentials_create.provider"),
            wrong(create, with("account", json!("")), "cloud_sync_credentials_create.provider.B2.account"),
            wrong(create, with("key", json!(7)), "cloud_sync_credentials_create.provider.B2.key"),
            wrong(
                create,
                with("key", json!("k".repeat(1025))),
                "cloud_sync_credentials_create.provider.B2.key",
            ),
            wrong(create, with("bucket", json!("b")), "cloud_sync_credentials_create.provider.B2.bucket"),
            wrong(
                create,
                json!([{"name": "n", "provider": {"account": "a", "key": "b"}}]),
                "cloud_sync_credentials_create.provider.type",
            ),
            wrong(create, with("type", json!("b2")), "cloud_sync_credentials_create.provider"),
            wrong(
                create,
                json!([{"name": "n", "provider": b2(), "id": 7}]),
                "cloud_sync_credentials_create.id",
            ),
            wrong(update, json!([1, {"name": null}]), "cloud_sync_credentials_update.name"),
            wrong(update, json!([1, {"key": "b"}]), "cloud_sync_credentials_update.key"),
            wrong(
                update,
                json!([1, {"provider": {"type": "B2", "key": "b"}}]),
                "cloud_sync_credentials_update.provider.B2.account",
            ),
            wrong(update, json!(["1", {}]), "id"),
            wrong("cloudsync.credentials.delete", json!([null]), "id"),
        ],
    )
    .await;
}

#[tokio::test]
async fn c1_a_provider_is_verified_by_the_same_rules() {
    let verify = "cloudsync.credentials.verify";
    refuses(
        "refusals_of_verification",
        vec![
            wrong(verify, json!([{"type": "B2", "account": "a"}]), "cloud_sync_credentials_create.B2.key"),
            wrong(
                verify,
                json!([{"type": "B2", "account": "a", "key": "b", "name": "n"}]),
                "cloud_sync_credentials_create.B2.name",
            ),
            wrong(verify, json!([{"account": "a", "key": "b"}]), "cloud_sync_credentials_create.type"),
            wrong(verify, json!([{"type": "S4", "key": "b"}]), "cloud_sync_credentials_create"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_row_that_is_not_there_is_no_argument_s_fault() {
    let (_sim, mut socket) = furnished("a_row_that_is_not_there").await;
    for (method, params) in [
        ("cloudsync.get_instance", json!([9])),
        ("cloudsync.update", json!([9, {}])),
        ("cloudsync.delete", json!([9])),
        ("cloudsync.abort", json!([9])),
        ("cloudsync.credentials.update", json!([9, {}])),
        ("pool.snapshottask.update", json!([9, {}])),
        ("pool.snapshottask.run", json!([9])),
        ("pool.dataset.get_instance", json!(["pool9"])),
    ] {
        let error = socket.refused(method, params).await;
        let first = &error["data"]["extra"][0];
        assert_eq!(
            (&error["code"], &error["data"]["error"], &first[0], &first[2]),
            (&json!(-32602), &json!(22), &Value::Null, &json!(2)),
            "{method}: {error}"
        );
    }
    let job = socket.ok("cloudsync.sync", json!([9])).await;
    let ended = socket.finished(&job).await;
    assert_eq!((&ended["state"], &ended["exc_info"]["type"]), (&json!("FAILED"), &json!("VALIDATION")));
    assert_eq!(ended["exc_info"]["errno"], 2, "{ended}");
    let nothing = json!([[["id", "=", 9]], {"get": true}]);
    let error = socket.refused("cloudsync.query", nothing).await;
    assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(22)), "{error}");
    assert!(error["data"]["reason"].as_str().unwrap().contains("MatchNotFound()"));
}

#[tokio::test]
async fn a_call_that_fails_says_so_by_its_errno() {
    let (_sim, mut socket) = furnished("a_call_that_fails").await;
    for (method, params, errno) in [
        ("cloudsync.credentials.delete", json!([1]), 14),
        ("pool.snapshottask.run", json!([1]), 14),
        ("filesystem.stat", json!(["/mnt/none"]), 2),
    ] {
        let error = socket.refused(method, params).await;
        assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(errno)), "{method}");
    }
    for (method, params) in [
        ("pool.query", json!([["id", "=", 1]])),
        ("pool.query", json!([[["id", "==", 1]]])),
        ("core.get_jobs", json!([[["OR", [["id", "is", 1]]]]])),
    ] {
        assert_eq!(socket.complaints(method, params).await, ["filters"]);
    }
    let list = json!(["/mnt/pool0", [["name", "?", "a"]]]);
    assert_eq!(socket.complaints("filesystem.listdir", list).await, ["query_filters"]);
}

#[tokio::test]
async fn a_reader_sees_jobs_of_his_own_and_those_for_readers() {
    let (sim, mut admin) = furnished("a_reader_sees_jobs_of_his_own").await;
    let hidden = admin.ok("service.control", json!(["START", "snmp"])).await;
    let shown = admin.ok("cloudsync.sync", json!([9])).await;
    admin.finished(&hidden).await;
    let mut reader = Socket::open(&sim).await;
    reader.ok("auth.login_with_api_key", json!([sim.truenas().read_only_api_key()])).await;
    let seen = reader.ok("core.get_jobs", json!([[], {"select": ["id"]}])).await;
    assert_eq!(seen, json!([{"id": shown}]));
    for (method, params) in [
        ("cloudsync.sync", json!([1])),
        ("snmp.update", json!([{}])),
        ("service.control", json!(["START", "snmp"])),
        ("pool.dataset.update", json!(["pool0", {}])),
        ("pool.snapshottask.create", json!([{"dataset": "pool0"}])),
    ] {
        let error = reader.refused(method, params).await;
        assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(13)), "{method}");
    }
}
