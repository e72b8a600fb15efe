//! Pools, datasets, files, snapshots, SNMP, services.

use serde_json::{Value, json};
use simulator::truenas::ServiceState;

use crate::socket::{Socket, get, start};

#[tokio::test]
async fn the_boot_pool_is_not_listed() {
    let sim = start("the_boot_pool_is_not_listed").await;
    let mut socket = Socket::admin(&sim).await;
    let pools = socket.ok("pool.query", json!([])).await;
    let names: Vec<&str> = pools.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["pool0", "pool1"]);
    let info = socket.ok("system.info", json!([])).await;
    assert_eq!(info["hostname"], sim.truenas().host_name());
    assert!(info["datetime"]["$date"].is_i64());
    for method in ["system.version", "system.product_type", "system.general.config", "interface.query"] {
        socket.ok(method, json!([])).await;
    }
    assert_eq!(socket.ok("interface.ip_in_use", json!([])).await[0]["address"], sim.truenas().address());
}

#[tokio::test]
async fn a_user_property_shows_on_every_child_as_local() {
    let sim = start("a_user_property_shows_on_every_child_as_local").await;
    let mut socket = Socket::admin(&sim).await;
    let set = json!(["pool0", {"user_properties_update": [{"key": "com.example:guid", "value": "Abc"}]}]);
    let entry = socket.ok("pool.dataset.update", set).await;
    assert_eq!(entry["user_properties"]["com.example:guid"]["value"], "Abc");
    let all = socket.ok("pool.dataset.query", json!([[["pool", "=", "pool0"]]])).await;
    for dataset in all.as_array().unwrap() {
        let property = &dataset["user_properties"]["com.example:guid"];
        assert_eq!((&property["rawvalue"], &property["source"]), (&json!("Abc"), &json!("LOCAL")));
    }
    assert!(all.as_array().unwrap().iter().any(|dataset| dataset["type"] == "VOLUME"));
    let root = json!([[["id", "=", "pool1"]], {"extra": {"retrieve_children": false, "flat": true}}]);
    let root = socket.ok("pool.dataset.query", root).await;
    assert_eq!((&root[0]["user_properties"], &root[0]["children"]), (&json!({}), &json!([])));
    let both = json!(["pool0", {"user_properties_update": [{"key": "a:b", "value": "1", "remove": true}]}]);
    assert_eq!(socket.complaints("pool.dataset.update", both).await.len(), 1);
    let nameless = json!(["pool0", {"user_properties_update": [{"key": "ab", "value": "1"}]}]);
    let found = socket.complaints("pool.dataset.update", nameless).await;
    assert_eq!(found, ["data.user_properties_update.0.key"]);
    let remove = json!(["pool0", {"user_properties_update": [{"key": "com.example:guid", "remove": true}]}]);
    assert_eq!(socket.ok("pool.dataset.update", remove).await["user_properties"], json!({}));
}

#[tokio::test]
async fn a_locked_child_looks_empty_and_says_so() {
    let sim = start("a_locked_child_looks_empty_and_says_so").await;
    let mut socket = Socket::admin(&sim).await;
    sim.truenas().lock_dataset("pool0/docs").unwrap();
    let locked = socket.ok("pool.dataset.query", json!([[["locked", "=", true]], {"select": ["id"]}])).await;
    assert_eq!(locked, json!([{"id": "pool0/docs"}, {"id": "pool0/docs/contracts"}]));
    assert_eq!(socket.ok("filesystem.listdir", json!(["/mnt/pool0/docs"])).await, json!([]));
    let stat = socket.ok("filesystem.stat", json!(["/mnt/pool0/docs"])).await;
    assert_eq!((&stat["type"], &stat["is_mountpoint"]), (&json!("DIRECTORY"), &json!(false)));
    let job = socket.ok("pool.dataset.encryption_summary", json!(["pool0"])).await;
    let summary = socket.finished(&job).await["result"].clone();
    assert_eq!((&summary[0]["name"], &summary[0]["locked"]), (&json!("pool0/docs"), &json!(true)));
    assert_eq!(summary[0]["unlock_successful"], false);
    let job = socket.ok("pool.dataset.encryption_summary", json!(["pool9"])).await;
    assert_eq!(socket.finished(&job).await["result"], json!([]), "a name is not looked up");
    sim.truenas().restore_dataset("pool0/docs").unwrap();
    sim.truenas().unmount_dataset("pool0/media").unwrap();
    let ask = json!([{"paths": ["pool0"], "get_children": true, "properties": ["mounted"]}]);
    let resources = socket.ok("zfs.resource.query", ask).await;
    let unmounted = |r: &&Value| r["properties"]["mounted"]["value"] == "no";
    let unmounted: Vec<&Value> = resources.as_array().unwrap().iter().filter(unmounted).collect();
    assert_eq!(unmounted.len(), 1);
    assert_eq!(unmounted[0]["name"], "pool0/media");
}

#[tokio::test]
async fn a_file_is_downloaded_once_and_with_its_token() {
    let sim = start("a_file_is_downloaded_once_and_with_its_token").await;
    let mut socket = Socket::admin(&sim).await;
    let path = "/mnt/pool0/docs/contracts/naïve café 🗄.bin";
    let size = socket.ok("filesystem.stat", json!([path])).await["size"].as_u64().unwrap();
    let said = socket.ok("core.download", json!(["filesystem.get", [path], "a.bin"])).await;
    let url = said[1].as_str().unwrap();
    let (head, _) = get(&sim, url.split('?').next().unwrap()).await;
    assert!(head.starts_with("HTTP/1.0 401"), "{head}");
    let (head, body) = get(&sim, url).await;
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    assert_eq!(body.len() as u64, size);
    assert_eq!(body, std::fs::read(sim.truenas().real_path(path).unwrap()).unwrap());
    assert_eq!(socket.finished(&said[0]).await["state"], "SUCCESS");
    let (head, _) = get(&sim, url).await;
    assert!(head.starts_with("HTTP/1.0 404"), "{head}");
    for missing in ["/mnt/pool0/none", "/etc/passwd", "/mnt/pool0/../../etc/passwd"] {
        socket.refused("core.download", json!(["filesystem.get", [missing], "a"])).await;
        socket.refused("filesystem.stat", json!([missing])).await;
    }
}

#[tokio::test]
async fn z2_snapshots_appear_on_the_pool_and_its_children() {
    let sim = start("z2_snapshots_appear_on_the_pool_and_its_children").await;
    let mut socket = Socket::admin(&sim).await;
    let schedule = json!({"minute": "0", "hour": "*", "dom": "*", "month": "*", "dow": "*"});
    let task = json!({"dataset": "pool0", "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK",
        "naming_schema": "auto-%Y-%m-%d_%H-%M", "schedule": schedule, "allow_empty": false, "enabled": true});
    let task = socket.ok("pool.snapshottask.create", json!([task])).await;
    assert_eq!(task["schedule"]["begin"], "00:00");
    let query = json!([[["dataset", "^", "pool0"]], {"select": ["dataset", "snapshot_name"]}]);
    sim.truenas().pass_hour();
    let found = socket.ok("pool.snapshot.query", query).await;
    assert_eq!(found.as_array().unwrap().len(), 5);
    assert!(found[0]["snapshot_name"].as_str().unwrap().starts_with("auto-2"));
    assert!(socket.ok("pool.snapshot.query", json!([])).await[0]["properties"]["creation"].is_object());
    // The retention of every snapshot is too much to ask for.
    let retention = |options: Value| json!([[["dataset", "=", "pool0"]], options]);
    let refused =
        socket.refused("pool.snapshot.query", retention(json!({"extra": {"retention": true}}))).await;
    assert_eq!(refused["data"]["errname"], "EINVAL");
    let limited = retention(json!({"limit": 1, "extra": {"retention": true}}));
    let limited = socket.ok("pool.snapshot.query", limited).await;
    assert_eq!(limited[0]["retention"]["source"], "periodic_snapshot_task");
    // As a client that has many of them asks.
    let by_name = json!([
        [["pool", "in", ["pool0", "pool1"]], ["name", "rin", "@auto-"]],
        {"select": ["name"], "order_by": ["-name"], "limit": 10_000},
    ]);
    let names = socket.ok("pool.snapshot.query", by_name).await;
    assert_eq!(names.as_array().unwrap().len(), 5);
    assert!(names[0]["name"].as_str().unwrap().starts_with("pool0@auto-2"), "{names}");
    let too_many = json!([[], {"select": ["name"], "limit": 10_001}]);
    assert_eq!(socket.complaints("pool.snapshot.query", too_many).await, ["options"]);
    // Nothing was written since: an empty snapshot is not taken.
    sim.truenas().pass_hour();
    assert_eq!(sim.truenas().snapshots().len(), 5);
    sim.truenas().write_file("/mnt/pool0/new.txt", b"new").unwrap();
    sim.truenas().pass_hour();
    assert_eq!(sim.truenas().snapshots().len(), 10);
    sim.clock().advance(std::time::Duration::from_hours(15 * 24));
    sim.truenas().pass_hour();
    assert_eq!(sim.truenas().snapshots().len(), 0);
    assert_eq!(socket.ok("pool.snapshottask.run", json!([task["id"]])).await, Value::Null);
    assert_eq!(socket.ok("pool.snapshottask.delete", json!([task["id"]])).await, true);
    socket.refused("pool.snapshottask.run", json!([task["id"]])).await;
}

#[tokio::test]
async fn a_snapshot_task_that_cannot_work_is_refused() {
    let sim = start("a_snapshot_task_that_cannot_work_is_refused").await;
    let mut socket = Socket::admin(&sim).await;
    let mut refused = async |task: Value| socket.complaints("pool.snapshottask.create", json!([task])).await;
    assert_eq!(refused(json!({})).await, ["data.dataset"]);
    assert_eq!(refused(json!({"dataset": "none"})).await, ["periodic_snapshot_create.dataset"]);
    let schema = json!({"dataset": "pool0", "naming_schema": "daily-%Y"});
    assert_eq!(refused(schema).await, ["data.naming_schema"]);
    let exclude = json!({"dataset": "pool0", "exclude": ["pool0/docs"]});
    assert_eq!(refused(exclude).await, ["periodic_snapshot_create.exclude"]);
    assert_eq!(refused(json!({"dataset": "pool0", "lifetime_unit": "week"})).await, ["data.lifetime_unit"]);
}

#[tokio::test]
async fn s1_snmp_takes_version_three_and_checks_it() {
    let sim = start("s1_snmp_takes_version_three_and_checks_it").await;
    let mut socket = Socket::admin(&sim).await;
    assert_eq!(socket.ok("snmp.config", json!([])).await["community"], "public");
    let update = |fields: Value| json!([fields]);
    let without = socket.complaints("snmp.update", update(json!({"v3": true}))).await;
    assert_eq!(without, ["snmp_update.v3_username", "snmp_update.v3_password"]);
    assert_eq!(socket.complaints("snmp.update", update(json!({"community": ""}))).await.len(), 1);
    let short = json!({"v3": true, "v3_username": "a", "v3_password": "short"});
    assert_eq!(socket.complaints("snmp.update", update(short)).await, ["snmp_update.v3_password"]);
    let long_name = json!({"v3_username": "x".repeat(21)});
    assert_eq!(socket.complaints("snmp.update", update(long_name)).await, ["snmp_update.v3_username"]);
    let full = json!({"v3": true, "v3_username": "monitoring", "v3_authtype": "SHA", "v3_password": "12345678",
        "v3_privproto": "AES", "v3_privpassphrase": "abcdefgh", "community": ""});
    let said = socket.ok("snmp.update", update(full)).await;
    assert_eq!((&said["v3_password"], &said["community"]), (&json!("12345678"), &json!("")));
    let mut reader = Socket::open(&sim).await;
    reader.ok("auth.login_with_api_key", json!([sim.truenas().read_only_api_key()])).await;
    assert_eq!(reader.ok("snmp.config", json!([])).await["v3_privpassphrase"], "********");
}

#[tokio::test]
async fn services_start_by_a_job_and_by_the_old_call() {
    let sim = start("services_start_by_a_job_and_by_the_old_call").await;
    let mut socket = Socket::admin(&sim).await;
    let snmp = json!([[["service", "=", "snmp"]], {"get": true}]);
    assert_eq!(socket.ok("service.query", snmp.clone()).await["state"], "STOPPED");
    socket.ok("service.update", json!(["snmp", {"enable": true}])).await;
    let job = socket.ok("service.control", json!(["START", "snmp", {}])).await;
    assert_eq!(socket.finished(&job).await["result"], true);
    let entry = socket.ok("service.query", snmp.clone()).await;
    assert_eq!((&entry["state"], &entry["enable"]), (&json!("RUNNING"), &json!(true)));
    sim.truenas().run_service("snmp", ServiceState::Off);
    assert_eq!(socket.ok("service.start", json!(["snmp"])).await, true);
    assert!(!sim.truenas().answers_snmp());
    sim.truenas().change_snmp(&json!({"v3": true}));
    assert!(sim.truenas().answers_snmp());
    assert_eq!(socket.complaints("service.control", json!(["START"])).await, ["service"]);
}
