//! Snapshot tasks, datasets, SNMP and services.

use serde_json::{Value, json};

use super::{furnished, refuses, wrong};

#[tokio::test]
async fn z1_a_snapshot_task_is_of_the_right_types_and_by_the_rules() {
    let create = "pool.snapshottask.create";
    let with = |field: &str, value: Value| {
        let mut task = json!({"dataset": "pool0"});
        task[field] = value;
        json!([task])
    };
    let update = "pool.snapshottask.update";
    let wide = json!([{"dataset": "pool0", "recursive": true, "exclude": ["pool0/docs", "pool1"]}]);
    refuses(
        "refusals_of_snapshot_tasks",
        vec![
            wrong(create, json!([{}]), "data.dataset"),
            wrong(create, with("dataset", json!(7)), "data.dataset"),
            wrong(create, with("dataset", json!("pool9")), "periodic_snapshot_create.dataset"),
            wrong(create, with("recursive", json!("true")), "data.recursive"),
            wrong(create, with("lifetime_value", json!("14")), "data.lifetime_value"),
            wrong(create, with("lifetime_unit", json!("DAYS")), "data.lifetime_unit"),
            wrong(create, with("naming_schema", json!("auto-%Y-%m-%d_%H")), "data.naming_schema"),
            wrong(create, with("naming_schema", json!("auto/%Y-%m-%d_%H-%M")), "data.naming_schema"),
            wrong(create, with("naming_schema", json!("%Y-%m-%d_%H-%M-%M")), "data.naming_schema"),
            wrong(create, with("schedule", json!({"begin": "9:60"})), "data.schedule.begin"),
            wrong(create, with("schedule", json!({"end": "24:00"})), "data.schedule.end"),
            wrong(create, with("schedule", json!({"minute": "0-60"})), "data.schedule"),
            wrong(create, with("schedule", json!({"every": "hour"})), "data.schedule.every"),
            wrong(create, with("exclude", json!(["pool0/docs"])), "periodic_snapshot_create.exclude"),
            wrong(create, wide, "periodic_snapshot_create.exclude.1"),
            wrong(create, with("allow_empty", json!(0)), "data.allow_empty"),
            wrong(create, with("fixate_removal_date", json!(true)), "data.fixate_removal_date"),
            wrong(create, with("state", json!({})), "data.state"),
            wrong(update, json!([1, {"dataset": "pool9"}]), "periodic_snapshot_update.dataset"),
            wrong(update, json!([1, {"vmware_sync": false}]), "data.vmware_sync"),
            wrong(update, json!([1, {"schedule": {"dow": "8"}}]), "data.schedule"),
            wrong(update, json!([1, {"naming_schema": "hourly"}]), "data.naming_schema"),
            wrong("pool.snapshottask.delete", json!([1, {"force": true}]), "options.force"),
            wrong("pool.snapshottask.delete", json!(["1"]), "id"),
            wrong("pool.snapshottask.run", json!([]), "id"),
        ],
    )
    .await;
}

#[tokio::test]
async fn i5_a_dataset_takes_properties_with_a_colon_and_a_value() {
    let update = "pool.dataset.update";
    let change = |change: Value| json!(["pool0", {"user_properties_update": [change]}]);
    let first = |field: &str| format!("data.user_properties_update.0.{field}");
    let (key, value) = (first("key"), first("value"));
    let (sim, mut socket) = furnished("refusals_of_dataset_changes").await;
    let long = "x".repeat(1025);
    for (params, attribute) in [
        (json!([7, {}]), "id"),
        (json!(["pool9", {}]), "id"),
        (json!(["pool0"]), "data"),
        (json!(["pool0", []]), "data"),
        (json!(["pool0", {"comments": 1}]), "data.comments"),
        (json!(["pool0", {"comments": long}]), "data.comments"),
        (json!(["pool0", {"guid": "x"}]), "data.guid"),
        (json!(["pool0", {"user_properties_update": {}}]), "data.user_properties_update"),
        (change(json!({"value": "1"})), &key),
        (change(json!({"key": "nocolon", "value": "1"})), &key),
        (change(json!({"key": "a:b", "value": 1})), &value),
        (change(json!({"key": "a:b"})), "pool_dataset_update.user_properties_update.0.value"),
        (
            change(json!({"key": "a:b", "value": "1", "remove": true})),
            "pool_dataset_update.user_properties_update.0.remove",
        ),
        (json!(["pool0", {"user_properties": [{"key": "a:b"}]}]), "data.user_properties.0.value"),
        (
            json!(["pool0", {"user_properties": [{"key": "a:b", "value": "1"}],
                "user_properties_update": [{"key": "a:b", "value": "1"}]}]),
            "pool_dataset_update.user_properties_update",
        ),
    ] {
        assert_eq!(socket.complaints(update, params.clone()).await, [attribute], "{params}");
    }
    assert_eq!(sim.truenas().user_property("pool0", "a:b"), None);
    let summary = "pool.dataset.encryption_summary";
    for (params, attribute) in [
        (json!([]), "id"),
        (json!(["pool0", {"recursive": true}]), "options.recursive"),
        (json!(["pool0", {"datasets": [{"name": ""}]}]), "options.datasets.0.name"),
        (json!(["pool0", {"datasets": [{"name": "a", "key": "ff"}]}]), "options.datasets.0.key"),
    ] {
        assert_eq!(socket.complaints(summary, params.clone()).await, [attribute], "{params}");
    }
}

#[tokio::test]
async fn s1_snmp_and_the_services_take_what_is_theirs() {
    let snmp = "snmp.update";
    let options = |options: Value| json!(["START", "snmp", options]);
    refuses(
        "refusals_of_snmp_and_services",
        vec![
            wrong(snmp, json!([{"location": 1}]), "snmp_update.location"),
            wrong(snmp, json!([{"community": "a;b"}]), "snmp_update.community"),
            wrong(snmp, json!([{"community": ""}]), "snmp_update.community"),
            wrong(snmp, json!([{"v3": 1}]), "snmp_update.v3"),
            wrong(snmp, json!([{"v3": true, "v3_password": "12345678"}]), "snmp_update.v3_username"),
            // What is missing is told before what is too short.
            wrong(snmp, json!([{"v3": true, "v3_password": "short"}]), "snmp_update.v3_username"),
            wrong(
                snmp,
                json!([{"v3": true, "v3_username": "a", "v3_authtype": "", "v3_password": "12345678"}]),
                "snmp_update.v3_authtype",
            ),
            wrong(snmp, json!([{"v3_username": "x".repeat(21)}]), "snmp_update.v3_username"),
            wrong(snmp, json!([{"v3_authtype": "SHA256"}]), "snmp_update.v3_authtype"),
            wrong(snmp, json!([{"v3_authtype": null}]), "snmp_update.v3_authtype"),
            wrong(snmp, json!([{"v3_password": "1234567"}]), "snmp_update.v3_password"),
            wrong(snmp, json!([{"v3_privproto": ""}]), "snmp_update.v3_privproto"),
            wrong(snmp, json!([{"v3_privproto": "AES"}]), "snmp_update.v3_privpassphrase"),
            wrong(snmp, json!([{"loglevel": 8}]), "snmp_update.loglevel"),
            wrong(snmp, json!([{"loglevel": "3"}]), "snmp_update.loglevel"),
            wrong(snmp, json!([{"id": 1}]), "snmp_update.id"),
            wrong("service.update", json!(["snmp", {"enable": "yes"}]), "service_update.enable"),
            wrong("service.update", json!(["snmp", {}]), "service_update.enable"),
            wrong("service.update", json!(["snmp", {"enable": true, "state": 1}]), "service_update.state"),
            wrong("service.control", json!(["start", "snmp"]), "verb"),
            wrong("service.control", json!(["START"]), "service"),
            wrong("service.control", options(json!({"wait": true})), "options.wait"),
            wrong("service.control", options(json!({"timeout": "1"})), "options.timeout"),
            wrong("service.start", json!([]), "service"),
            wrong("service.stop", json!(["snmp", {"silent": 0}]), "options.silent"),
            wrong("core.job_abort", json!(["1"]), "id"),
            wrong("core.download", json!(["filesystem.get", "/mnt/pool0", "a"]), "args"),
            wrong("core.set_options", json!([{"legacy_jobs": 0}]), "options.legacy_jobs"),
        ],
    )
    .await;
}
