//! What differs between releases in the shape of things: credentials, tasks, user properties, snapshots, services.

use serde_json::{Value, json};
use simulator::truenas::{ApplianceSize, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};

use crate::socket::{Socket, start_of};
use crate::tasks::task;

/// A provider as the release takes it: in one object from 25.04 on, in two parts before.
pub(crate) fn credential_of(release: Release, account: &str, key: &str) -> Value {
    match release {
        Release::Core13_3 | Release::Scale24_10 => {
            json!({"provider": "B2", "attributes": {"account": account, "key": key}})
        }
        _ => json!({"provider": {"type": "B2", "account": account, "key": key}}),
    }
}

/// A task that every release takes.
pub(crate) fn task_of_any_release() -> Value {
    task(1, "backup-bucket")
}

async fn start_unrecorded(release: Release) -> Simulator {
    let settings = Settings { size: ApplianceSize::Tiny, ..Settings::default() };
    Simulator::builder().truenas(DEFAULT_ID, release, settings).start().await.unwrap()
}

/// Makes a bucket, a credential for it, and a task; returns the task's id.
pub(crate) async fn bucket_and_task(sim: &Simulator, socket: &mut Socket) -> i64 {
    let bucket = json!({"bucketName": "backup-bucket", "bucketType": "allPrivate"});
    sim.b2().call("b2_create_bucket", bucket).unwrap();
    let release = sim.truenas().release();
    let b2 = &sim.addresses().b2;
    let mut credential = credential_of(release, &b2.key_id, &b2.application_key);
    credential["name"] = "bucket".into();
    assert_eq!(socket.ok("cloudsync.credentials.create", json!([credential])).await["id"], 1);
    let made = socket.ok("cloudsync.create", json!([task_of_any_release()])).await;
    made["id"].as_i64().unwrap()
}

#[tokio::test]
async fn c1_a_credential_has_the_shape_of_its_release() {
    for release in Release::ALL {
        let sim = start_of("credential_shape", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let mut given = credential_of(release, "id", "secret");
        given["name"] = "b".into();
        let made = socket.ok("cloudsync.credentials.create", json!([given.clone()])).await;
        given["id"] = 1.into();
        assert_eq!(made, given, "{release}");
        assert_eq!(socket.ok("cloudsync.credentials.query", json!([])).await, json!([given]));
        let other = if release >= Release::Scale25_04 { Release::Core13_3 } else { Release::Scale25_10 };
        let mut wrong = credential_of(other, "id", "secret");
        wrong["name"] = "c".into();
        assert!(!socket.complaints("cloudsync.credentials.create", json!([wrong])).await.is_empty());
        let mut verified = credential_of(release, "id", "wrong");
        if release >= Release::Scale25_04 {
            verified = verified["provider"].take();
        }
        let said = socket.ok("cloudsync.credentials.verify", json!([verified])).await;
        assert_eq!(said["valid"], false, "{release}");
        let change = credential_of(release, "id", "other");
        let changed = socket.ok("cloudsync.credentials.update", json!([1, change.clone()])).await;
        assert_eq!((&changed["provider"], &changed["name"]), (&change["provider"], &json!("b")));
        assert_eq!(sim.truenas().credentials()[0]["provider"]["key"], "other");
    }
}

/// Over the legacy socket of a release that has JSON-RPC, cloud credentials are those of 24.10; tasks are not.
#[tokio::test]
async fn the_legacy_socket_of_a_new_release_has_credentials_of_24_10() {
    let sim = start_of("legacy_credentials", Release::Scale25_10).await;
    let mut socket = Socket::legacy(&sim).await.logged_in(&sim.truenas().api_key()).await;
    let mut given = credential_of(Release::Scale24_10, "id", "secret");
    given["name"] = "b".into();
    let made = socket.ok("cloudsync.credentials.create", json!([given.clone()])).await;
    given["id"] = 1.into();
    assert_eq!(made, given);
    let made = socket.ok("cloudsync.create", json!([task(1, "bucket")])).await;
    assert_eq!(made["credentials"]["provider"]["type"], "B2");
    let mut socket = Socket::native_admin(&sim).await;
    let seen = socket.ok("cloudsync.credentials.query", json!([])).await;
    assert_eq!(seen[0]["provider"], json!({"type": "B2", "account": "id", "key": "secret"}));
}

#[tokio::test]
async fn c2_a_cloud_sync_has_the_fields_of_its_release() {
    for release in Release::ALL {
        let sim = start_of("cloud_sync_shape", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let id = bucket_and_task(&sim, &mut socket).await;
        let rows = socket.ok("cloudsync.query", json!([])).await;
        let row = &rows[0];
        assert_eq!(row["id"], id);
        for (field, since) in [
            ("include", Release::Scale24_10),
            ("create_empty_src_dirs", Release::Scale24_10),
            ("dataset", Release::Community26),
            ("relative_path", Release::Community26),
            ("exclude", Release::Core13_3),
        ] {
            assert_eq!(row.get(field).is_some(), release >= since, "{release} {field}");
        }
        let with = |field: &str, value: Value| {
            let mut task = task_of_any_release();
            task[field] = value;
            json!([task])
        };
        for field in ["include", "create_empty_src_dirs"] {
            let value = if field == "include" { json!(["/a"]) } else { json!(true) };
            match socket.call("cloudsync.create", with(field, value)).await {
                Ok(_) => assert!(release > Release::Core13_3, "{field}"),
                Err(error) => {
                    let refused =
                        json!([[format!("cloud_sync_create.{field}"), "Field was not expected", 22]]);
                    assert_eq!((release, &error["extra"]), (Release::Core13_3, &refused));
                }
            }
        }
        let mut attributes = task_of_any_release()["attributes"].clone();
        attributes["hard_delete"] = true.into();
        let extra = socket.call("cloudsync.create", with("attributes", attributes)).await;
        assert_eq!(extra.is_ok(), release == Release::Core13_3, "CORE lets unknown attributes be");
    }
}

#[tokio::test]
async fn i3_a_user_property_is_kept_where_the_release_keeps_it() {
    let name = "com.example:guid";
    for release in Release::ALL {
        let sim = start_of("user_properties", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        if release <= Release::Scale24_10 {
            let create = json!([{"id": "pool0", "property": {"name": name, "value": "A"}}]);
            socket.ok("pool.dataset.userprop.create", create.clone()).await;
            let twice = socket.complaints("pool.dataset.userprop.create", create).await;
            assert_eq!(twice, ["dataset_user_prop_create.property.name"]);
            let update = json!(["pool0", {"name": name, "value": "B"}]);
            socket.ok("pool.dataset.userprop.update", update).await;
            let absent = json!(["pool1", {"name": name, "value": "B"}]);
            let absent = socket.complaints("pool.dataset.userprop.update", absent).await;
            assert_eq!(absent, ["dataset_user_prop_update.property.name"]);
            let both = json!([[["id", "in", ["pool0", "pool0/docs"]]]]);
            let seen = socket.ok("pool.dataset.userprop.query", both).await;
            let sources: Vec<_> = (0..2).map(|row| &seen[row]["properties"][name]["source"]).collect();
            assert_eq!(sources, ["LOCAL", "INHERITED"], "{release}");
        } else {
            let update = json!(["pool0", {"user_properties_update": [{"key": name, "value": "B"}]}]);
            socket.ok("pool.dataset.update", update).await;
        }
        assert_eq!(sim.truenas().user_property("pool0", name).as_deref(), Some("B"));
        let child = json!([[["id", "=", "pool0/docs"]], {"get": true}]);
        let child = socket.ok("pool.dataset.query", child).await;
        let expected = match release {
            Release::Core13_3 => None,
            Release::Scale24_10 | Release::Scale25_04 => Some("INHERITED"),
            _ => Some("LOCAL"),
        };
        let source = child.get("user_properties").map(|all| all[name]["source"].as_str().unwrap());
        assert_eq!(source, expected, "{release}");
        if release <= Release::Scale24_10 {
            let delete = json!(["pool0", {"name": name}]);
            assert_eq!(socket.ok("pool.dataset.userprop.delete", delete).await, true);
            assert_eq!(sim.truenas().user_property("pool0", name), None);
        }
    }
}

/// A child is found though the answer is to be trees.
#[tokio::test]
async fn a_dataset_asked_for_by_name_is_found_in_trees_too() {
    let sim = start_of("flat", Release::Scale25_10).await;
    let mut socket = Socket::native_admin(&sim).await;
    let trees = json!({"extra": {"flat": false}});
    let roots = socket.ok("pool.dataset.query", json!([[], trees])).await;
    assert_eq!(roots.as_array().unwrap().len(), 2);
    let child = socket.ok("pool.dataset.query", json!([[["id", "=", "pool0/docs"]], trees])).await;
    assert_eq!(
        (&child[0]["id"], &child[0]["children"][0]["id"]),
        (&json!("pool0/docs"), &json!("pool0/docs/contracts"))
    );
}

fn snapshot_task(lifetime: i64) -> Value {
    json!([{"dataset": "pool0", "recursive": false, "lifetime_value": lifetime, "lifetime_unit": "HOUR",
        "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": true}])
}

#[tokio::test]
async fn z2_snapshots_are_listed_in_the_namespace_of_the_release() {
    for release in Release::ALL {
        let sim = start_of("snapshots", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok("pool.snapshottask.create", snapshot_task(2)).await;
        socket.ok("pool.snapshottask.run", json!([1])).await;
        let old = socket.call("zfs.snapshot.query", json!([[["dataset", "=", "pool0"]]])).await;
        let new = socket.call("pool.snapshot.query", json!([[["dataset", "=", "pool0"]]])).await;
        assert_eq!(
            (old.is_ok(), new.is_ok()),
            (release < Release::Scale25_10, release >= Release::Scale25_10)
        );
        let rows = old.or(new).unwrap();
        let row = &rows[0];
        assert_eq!((&row["dataset"], &row["pool"]), (&json!("pool0"), &json!("pool0")), "{release}");
        let ask = json!([{"paths": ["pool0"]}]);
        let resources = socket.call("zfs.resource.snapshot.query", ask).await;
        assert_eq!(resources.is_ok(), release >= Release::Community26, "{release}");
        if let Ok(resources) = resources {
            assert_eq!((&resources[0]["name"], &resources[0]["holds"]), (&row["id"], &Value::Null));
        }
        let unbounded = json!([[["dataset", "=", "pool0"]], {"extra": {"retention": true}}]);
        let method = if release < Release::Scale25_10 { "zfs.snapshot.query" } else { "pool.snapshot.query" };
        assert!(socket.call(method, unbounded).await.is_err());
    }
}

/// By its name a snapshot belongs to every enabled task that has its schema, and is kept as long as the longest wants it;
/// one that belongs to none is kept for good.
#[tokio::test]
async fn z1_a_snapshot_is_kept_by_its_name() {
    let release = Release::Scale25_10;
    let sim = start_of("retention", release).await;
    let mut socket = Socket::native_admin(&sim).await;
    for lifetime in [1, 3] {
        socket.ok("pool.snapshottask.create", snapshot_task(lifetime)).await;
    }
    socket.ok("pool.snapshottask.run", json!([1])).await;
    let first = sim.truenas().snapshots()[0].clone();
    let bounded = json!([[["id", "=", first]], {"extra": {"retention": true}, "get": true}]);
    let kept = socket.ok("pool.snapshot.query", bounded).await;
    assert_eq!(kept["retention"]["periodic_snapshot_task_id"], 2, "the longer one keeps it");
    sim.truenas().pass_hour();
    sim.truenas().pass_hour();
    assert!(sim.truenas().snapshots().contains(&first), "the second task still wants it");
    sim.truenas().pass_hour();
    assert!(!sim.truenas().snapshots().contains(&first));
    for task in [1, 2] {
        socket.ok("pool.snapshottask.update", json!([task, {"enabled": false}])).await;
    }
    let left = sim.truenas().snapshots();
    for _ in 0..9 {
        sim.truenas().pass_hour();
    }
    assert_eq!(sim.truenas().snapshots(), left, "a disabled task owns nothing");
}

/// What the box does not check: a time with one digit, and a lifetime of nothing.
#[tokio::test]
async fn the_box_takes_a_short_hour_and_a_lifetime_of_nothing() {
    for release in Release::ALL {
        let sim = start_of("unchecked", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        bucket_and_task(&sim, &mut socket).await;
        let slot = json!([{"time": "8:00", "bandwidth": 1000}]);
        let changed = socket.ok("cloudsync.update", json!([1, {"bwlimit": slot}])).await;
        assert_eq!(changed["bwlimit"][0]["time"], "8:00", "{release}");
        let made = socket.ok("pool.snapshottask.create", snapshot_task(0)).await;
        assert_eq!(made["lifetime_value"], 0, "{release}");
    }
}

#[tokio::test]
async fn a_service_starts_by_the_call_of_its_release() {
    for release in Release::ALL {
        let sim = start_of("services", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        assert!(socket.ok("service.update", json!(["snmp", {"enable": true}])).await.is_i64());
        let control = socket.call("service.control", json!(["START", "snmp", {}])).await;
        assert_eq!(control.is_ok(), release >= Release::Scale25_10, "{release}");
        if let Ok(job) = control {
            assert_eq!(socket.finished(&job).await["result"], true);
        }
        let start = socket.call("service.start", json!(["snmp"])).await;
        assert_eq!(start.ok(), (release <= Release::Scale25_10).then_some(json!(true)), "{release}");
        let snmp = json!([[["service", "=", "snmp"]], {"get": true}]);
        let entry = socket.ok("service.query", snmp).await;
        assert_eq!((&entry["state"], &entry["enable"]), (&json!("RUNNING"), &json!(true)));
    }
}

/// Before 25.10 most methods take a number as digits, though their published schemas do not say so.
#[tokio::test]
async fn an_old_release_takes_digits_for_a_number() {
    for release in Release::ALL {
        let sim = start_unrecorded(release).await;
        let mut socket = Socket::native_admin(&sim).await;
        bucket_and_task(&sim, &mut socket).await;
        let changed = socket.call("cloudsync.update", json!(["1", {"transfers": "4"}])).await;
        let transfers = changed.map(|row| row["transfers"].clone()).ok();
        assert_eq!(transfers, (release < Release::Scale25_10).then(|| json!(4)), "{release}");
    }
}

#[tokio::test]
async fn a_path_lies_in_what_is_mounted_at_it_or_above_it() {
    for release in Release::ALL {
        let sim = start_of("file_systems", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        for (path, source, mount_point) in [
            ("/mnt/pool0", "pool0", "/mnt/pool0"),
            ("/mnt/pool0/docs", "pool0/docs", "/mnt/pool0/docs"),
            ("/mnt/pool0/docs/.hidden", "pool0/docs", "/mnt/pool0/docs"),
            ("/mnt/pool0/archive", "pool0", "/mnt/pool0"),
        ] {
            let found = socket.ok("filesystem.statfs", json!([path])).await;
            assert_eq!(
                (&found["source"], &found["dest"]),
                (&json!(source), &json!(mount_point)),
                "{release}"
            );
        }
        sim.truenas().unmount_dataset("pool0/docs").unwrap();
        let found = socket.ok("filesystem.statfs", json!(["/mnt/pool0/docs"])).await;
        assert_eq!((&found["source"], &found["dest"]), (&json!("pool0"), &json!("/mnt/pool0")), "{release}");
        let boot = socket.ok("filesystem.statfs", json!(["/mnt"])).await;
        assert_eq!(boot["dest"], "/", "{release}");
        let missing = socket.call("filesystem.statfs", json!(["/mnt/nowhere"])).await;
        let reason = missing.unwrap_err().to_string();
        assert!(reason.contains("[ENOENT] Path not found."), "{release}: {reason}");
    }
}
