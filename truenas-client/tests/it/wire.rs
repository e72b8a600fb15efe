//! What each resource says on the wire, and what it makes of the answer. The shapes are those of the published 25.10 models.

use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::datasets::{DatasetKind, UserPropertyName};
use truenas_client::pools::PoolStatus;
use truenas_client::services::{ServiceName, ServiceState};
use truenas_client::snapshot_tasks::{
    CreateSnapshotTask, Lifetime, LifetimeUnit, SnapshotSchedule, UpdateSnapshotTask,
};
use truenas_client::snapshots::ListSnapshots;
use truenas_client::snmp::{
    Authentication, AuthenticationPassword, Privacy, PrivacyPassphrase, SnmpSecrets, UpdateSnmp,
};
use truenas_client::{DatasetId, SnapshotTaskId, Switch};

use crate::nas::{Nas, Say};

#[tokio::test]
async fn system() {
    let nas = Nas::start().await;
    let date = json!({"$date": 1_700_000_000_000_u64});
    nas.answers("system.info", json!({"version": "25.10.1", "buildtime": date, "hostname": "nas-01", "physmem": 1, "model": "x",
        "cores": 4, "physical_cores": 2, "loadavg": [0.1, 0.2, 0.3], "uptime": "1 day", "uptime_seconds": 86400.5,
        "system_serial": "A1-23", "system_product": null, "system_product_version": null, "license": null, "boottime": date,
        "datetime": date, "timezone": "Europe/Berlin", "system_manufacturer": null, "ecc_memory": true}));
    nas.answers("system.general.config", json!({"id": 1, "ui_certificate": null, "ui_httpsport": 443, "ui_httpsredirect": true,
        "ui_httpsprotocols": ["TLSv1.3"], "ui_port": 80, "ui_address": ["0.0.0.0"], "ui_v6address": ["::"], "ui_allowlist": [],
        "ui_consolemsg": false, "ui_x_frame_options": "SAMEORIGIN", "kbdmap": "us", "timezone": "Europe/Berlin",
        "usage_collection": null, "wizardshown": true, "usage_collection_is_set": false, "ds_auth": false}));
    let client = nas.client().await;
    let info = client.system().info().await.unwrap();
    assert_eq!((info.hostname.as_str(), info.system_serial.as_deref()), ("nas-01", Some("A1-23")));
    assert_eq!(client.system().general().await.unwrap().timezone, info.timezone);
    assert_eq!(info.timezone, "Europe/Berlin");
    assert_eq!(nas.asked_once("system.info"), json!([]));
}

#[tokio::test]
async fn interfaces() {
    let nas = Nas::start().await;
    let configured = json!([{"type": "INET", "address": "10.0.0.5", "netmask": 24}]);
    let now = json!([{"type": "LINK", "address": "00:25:90:aa:bb:cc"}, {"type": "INET", "address": "10.0.0.5", "netmask": 24},
        {"type": "INET6", "address": "2001:db8::5", "netmask": 64}]);
    let state = json!({"name": "enp1s0", "orig_name": "enp1s0", "description": "", "mtu": 1500, "cloned": false, "flags": [],
        "nd6_flags": [], "capabilities": [], "link_state": "LINK_STATE_UP", "media_type": "", "media_subtype": "",
        "active_media_type": "", "active_media_subtype": "", "supported_media": [], "media_options": null,
        "link_address": "00:25:90:aa:bb:cc", "permanent_link_address": null, "hardware_link_address": "00:25:90:aa:bb:cc",
        "aliases": now});
    nas.answers(
        "interface.query",
        json!([{"id": "enp1s0", "name": "enp1s0", "fake": false, "type": "PHYSICAL", "state": state,
        "aliases": configured, "ipv4_dhcp": false, "ipv6_auto": true, "description": ""}]),
    );
    let interface = nas.client().await.interfaces().list().await.unwrap().remove(0);
    assert_eq!(interface.mac.as_deref(), Some("00:25:90:aa:bb:cc"));
    assert_eq!(
        interface.addresses,
        ["10.0.0.5".parse::<std::net::IpAddr>().unwrap(), "2001:db8::5".parse().unwrap()]
    );
    assert_eq!(nas.asked_once("interface.query"), json!([[], {}]));
}

#[tokio::test]
async fn pools() {
    let nas = Nas::start().await;
    nas.answers("pool.query", json!([
        {"id": 1, "name": "tank", "guid": "123", "path": "/mnt/tank", "status": "ONLINE", "healthy": true, "warning": false,
            "size": 100, "allocated": 40, "free": 60},
        {"id": 2, "name": "old", "guid": "124", "path": "/mnt/old", "status": "SUSPENDED", "healthy": false, "warning": true,
            "size": null, "allocated": null, "free": null}]));
    let pools = nas.client().await.pools().list().await.unwrap();
    assert_eq!((&pools[0].status, pools[0].free), (&PoolStatus::Online, Some(60)));
    assert_eq!((pools[1].status.to_string().as_str(), pools[1].size), ("SUSPENDED", None));
}

#[tokio::test]
async fn datasets() {
    let nas = Nas::start().await;
    let property =
        |v: &str| json!({"value": v, "rawvalue": v, "parsed": v, "source": "LOCAL", "source_info": null});
    nas.answers("pool.dataset.query", json!([
        {"id": "tank", "name": "tank", "pool": "tank", "type": "FILESYSTEM", "mountpoint": "/mnt/tank", "encrypted": false,
            "encryption_root": null, "key_loaded": false, "locked": false, "user_properties": {"com.example:tag": property("1")}},
        {"id": "tank/safe", "name": "tank/safe", "pool": "tank", "type": "FILESYSTEM", "mountpoint": "/mnt/tank/safe",
            "encrypted": true, "encryption_root": "tank/safe", "key_loaded": false, "locked": true, "user_properties": {}},
        {"id": "tank/disk", "name": "tank/disk", "pool": "tank", "type": "VOLUME", "mountpoint": null, "encrypted": false,
            "encryption_root": null, "key_loaded": null, "locked": false, "user_properties": {}}]));
    let client = nas.client().await;
    let found = client.datasets().list().await.unwrap();
    let tag = UserPropertyName::new("com.example:tag").unwrap();
    assert_eq!(found[0].user_properties[&tag].value, "1");
    assert!(found[0].id.is_root() && !found[1].id.is_root());
    assert_eq!((found[1].locked, &found[1].encryption_root), (true, &Some(found[1].id.clone())));
    assert_eq!((&found[2].kind, &found[2].mountpoint), (&DatasetKind::Volume, &None));
    let select = json!([
        "id",
        "name",
        "pool",
        "type",
        "mountpoint",
        "encrypted",
        "encryption_root",
        "key_loaded",
        "locked",
        "user_properties"
    ]);
    assert_eq!(
        nas.asked_once("pool.dataset.query"),
        json!([[], {"select": select, "extra": {"flat": true}}])
    );

    client.datasets().get(&found[0].id).await.unwrap();
    let extra = json!({"flat": true, "retrieve_children": false});
    assert_eq!(
        nas.asked("pool.dataset.query")[1],
        json!([[["id", "=", "tank"]], {"select": select, "extra": extra}])
    );
    nas.answers("pool.dataset.query", json!([]));
    assert!(client.datasets().get(&DatasetId::new("gone")).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_user_property_is_set_and_removed_without_touching_others() {
    let nas = Nas::start().await;
    nas.answers(
        "pool.dataset.update",
        json!({"id": "tank", "name": "tank", "pool": "tank", "type": "FILESYSTEM"}),
    );
    let client = nas.client().await;
    let (tank, tag) = (DatasetId::new("tank"), UserPropertyName::new("com.example:tag").unwrap());
    client.datasets().set_user_property(&tank, &tag, "1").await.unwrap();
    client.datasets().remove_user_property(&tank, &tag).await.unwrap();
    let change = |c: Value| json!(["tank", {"user_properties_update": [c]}]);
    let set = change(json!({"key": "com.example:tag", "value": "1"}));
    assert_eq!(
        nas.asked("pool.dataset.update"),
        [set, change(json!({"key": "com.example:tag", "remove": true}))]
    );
    for wrong in ["tag", "com.example:Tag", "com.example:t ag", "-a:b", ""] {
        assert!(UserPropertyName::new(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn snapshot_tasks() {
    let nas = Nas::start().await;
    let schedule = json!({"minute": "0", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59"});
    let sent = json!({"dataset": "tank", "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK",
        "naming_schema": "auto-%Y-%m-%d_%H-%M", "schedule": schedule, "exclude": [], "allow_empty": false, "enabled": true});
    let mut answer = sent.clone();
    answer["schedule"]["minute"] = "00".into();
    (answer["id"], answer["state"], answer["vmware_sync"]) =
        (json!(3), json!({"state": "PENDING"}), json!(false));
    nas.answers("pool.snapshottask.create", answer.clone())
        .answers("pool.snapshottask.update", answer.clone());
    nas.answers("pool.snapshottask.query", json!([answer]));
    let client = nas.client().await;

    let hourly = SnapshotSchedule::new("0 * * * *".parse().unwrap());
    let lifetime = Lifetime::new(2, LifetimeUnit::Week);
    let task =
        CreateSnapshotTask::new(DatasetId::new("tank"), "auto-%Y-%m-%d_%H-%M", lifetime, hourly.clone());
    let task = task.recursive(Switch::On);
    let made = client.snapshot_tasks().create(&task).await.unwrap();
    assert_eq!(nas.asked_once("pool.snapshottask.create"), json!([sent]));
    assert_eq!(
        (made.id, &made.schedule, made.lifetime.hours()),
        (SnapshotTaskId::new(3), &hourly, Some(336))
    );
    assert_eq!(client.snapshot_tasks().list().await.unwrap(), [made]);

    let tasks = client.snapshot_tasks();
    tasks.update(SnapshotTaskId::new(3), &UpdateSnapshotTask::matching(&task)).await.unwrap();
    tasks.update(SnapshotTaskId::new(3), &UpdateSnapshotTask::new().enabled(Switch::Off)).await.unwrap();
    assert_eq!(nas.asked("pool.snapshottask.update"), [json!([3, sent]), json!([3, {"enabled": false}])]);
}

#[tokio::test]
async fn z2_snapshots_of_a_dataset_and_of_whole_pools_are_listed_by_name_in_one_request() {
    let nas = Nas::start().await;
    let name = "auto-2026-01-01_00-00";
    let rows = json!([{"name": format!("tank/a b@{name}")}, {"name": format!("tank@{name}")}]);
    nas.answers("pool.snapshot.query", rows);
    let client = nas.client().await;
    let of_one = ListSnapshots::new(DatasetId::new("tank")).name_prefix("auto-").limit(5);
    client.snapshots().list(&of_one).await.unwrap();
    let found = client.snapshots().list(&ListSnapshots::in_pools(["tank", "pool1"])).await.unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.dataset.as_str(), it.name.as_str())).collect();
    assert_eq!(found, [("tank/a b", name), ("tank", name)]);
    // With any other selection or filter the appliance reads every property of every snapshot first.
    let options = |limit: u32| json!({"select": ["name"], "order_by": ["-name"], "limit": limit});
    let asked = nas.asked("pool.snapshot.query");
    assert_eq!(asked[0], json!([[["dataset", "=", "tank"], ["name", "rin", "@auto-"]], options(5)]));
    assert_eq!(asked[1], json!([[["pool", "in", ["tank", "pool1"]]], options(10_000)]));
    nas.on("pool.snapshot.query", [Say::Nonsense(json!([{"name": "tank"}]))]);
    assert!(client.snapshots().list(&of_one).await.is_err(), "a name without an @ is no snapshot's");
}

#[tokio::test]
async fn c5_what_is_mounted_is_read_for_whole_pools_in_one_request() {
    let nas = Nas::start().await;
    let row = |name: &str, kind: &str, mounted: Value| {
        json!({"name": name, "pool": "tank", "type": kind, "guid": 1, "createtxg": 2, "user_properties": null, "children": null,
            "properties": {"mounted": mounted}})
    };
    let value = |raw: &str| json!({"raw": raw, "value": raw == "yes", "source": null});
    nas.answers(
        "zfs.resource.query",
        json!([
            row("tank", "FILESYSTEM", value("yes")),
            row("tank/safe", "FILESYSTEM", value("no")),
            row("tank/disk", "VOLUME", Value::Null)
        ]),
    );
    let client = nas.client().await;
    let found = client.datasets().mounts(&["tank", "pool1"]).await.unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.dataset.as_str(), it.mounted)).collect();
    assert_eq!(found, [("tank", true), ("tank/safe", false)]);
    let asked = json!([{"paths": ["tank", "pool1"], "properties": ["mounted"], "get_children": true}]);
    assert_eq!(nas.asked_once("zfs.resource.query"), asked);
    assert_eq!(client.datasets().mounts(&[]).await.unwrap(), [], "no pool is not every pool");
    nas.asked_once("zfs.resource.query");
}

#[tokio::test]
async fn snmp() {
    let nas = Nas::start().await;
    let config = |password: &str, passphrase: Value| {
        json!({"id": 1, "location": "", "contact": "", "community": "", "traps": false, "v3": true, "v3_username": "abcdefghijkl",
            "v3_authtype": "SHA", "v3_password": password, "v3_privproto": "AES", "v3_privpassphrase": passphrase, "loglevel": 3,
            "options": "", "zilstat": false})
    };
    nas.answers("snmp.update", config("auth-password", json!("priv-passphrase")));
    nas.answers("snmp.config", config("********", Value::Null));
    let client = nas.client().await;
    let changes =
        UpdateSnmp::new().v3_only("abcdefghijkl", &Authentication::Sha, &Privacy::Aes).traps(Switch::Off);
    let secrets = SnmpSecrets::new(
        AuthenticationPassword::new("auth-password"),
        PrivacyPassphrase::new("priv-passphrase"),
    );
    let said = client.snmp().update(&changes, Some(&secrets)).await.unwrap();
    assert_eq!(said.v3_password.clear().unwrap().expose(), "auth-password");
    assert!(!format!("{said:?} {secrets:?} {changes:?}").contains("auth-password"));
    let sent = json!({"community": "", "v3": true, "v3_username": "abcdefghijkl", "v3_authtype": "SHA", "v3_privproto": "AES",
        "v3_password": "auth-password", "v3_privpassphrase": "priv-passphrase", "traps": false});
    assert_eq!(nas.asked_once("snmp.update"), json!([sent]));

    let read = client.snmp().config().await.unwrap();
    assert!(
        read.v3_password.is_redacted() && read.v3_privpassphrase.is_absent() && read.community.is_absent()
    );
    assert_eq!((read.v3_authentication, read.v3_privacy), (Some(Authentication::Sha), Some(Privacy::Aes)));

    let hidden =
        SnmpSecrets::new(AuthenticationPassword::new("********"), PrivacyPassphrase::new("********"));
    client.snmp().update(&UpdateSnmp::new().location("rack 4"), Some(&hidden)).await.unwrap();
    assert_eq!(
        nas.asked("snmp.update")[1],
        json!([{"location": "rack 4"}]),
        "a placeholder is never written back"
    );
}

#[tokio::test]
async fn services() {
    let nas = Nas::start().await;
    nas.answers(
        "service.query",
        json!([
        {"id": 1, "service": "snmp", "enable": false, "state": "STOPPED", "pids": []},
        {"id": 2, "service": "cifs", "enable": true, "state": "RUNNING", "pids": [7]}]),
    );
    nas.answers("service.update", json!(1)).answers("service.control", json!(4));
    nas.on(
        "core.get_jobs",
        [Say::Result(json!([{"id": 4, "method": "service.control", "state": "SUCCESS", "result": true}]))],
    );
    let client = nas.client().await;
    let services = client.services().list().await.unwrap();
    assert_eq!((&services[0].name, &services[0].state), (&ServiceName::Snmp, &ServiceState::Stopped));
    assert_eq!(services[1].name, ServiceName::Unknown("cifs".into()));
    client.services().set_autostart(&ServiceName::Snmp, Switch::On).await.unwrap();
    assert_eq!(nas.asked_once("service.update"), json!(["snmp", {"enable": true}]));
    client.services().start(&ServiceName::Snmp, Duration::from_mins(1)).await.unwrap();
    assert_eq!(nas.asked_once("service.control"), json!(["START", "snmp", {"silent": false}]));
}

/// A set of roles is written as `{"$set": [...]}`; a user of no privilege has none, and 24.10 does not say.
#[tokio::test]
async fn the_roles_of_the_keys_user_are_read_however_they_are_written() {
    let answers = [
        (
            json!({"pw_name": "dtc", "privilege": {"roles": {"$set": ["FULL_ADMIN", "A"]}}}),
            Some(vec!["FULL_ADMIN", "A"]),
        ),
        (json!({"pw_name": "dtc", "privilege": {"roles": ["READONLY_ADMIN"]}}), Some(vec!["READONLY_ADMIN"])),
        (json!({"pw_name": "dtc", "privilege": {"roles": null}}), Some(vec![])),
        (json!({"pw_name": "dtc", "privilege": null}), Some(vec![])),
        (json!({"pw_name": "dtc"}), None),
    ];
    for (answer, roles) in answers {
        let nas = Nas::start().await;
        nas.answers("auth.me", answer);
        let me = nas.client().await.system().me().await.unwrap();
        let roles = roles.map(|roles: Vec<&str>| roles.into_iter().map(str::to_owned).collect());
        assert_eq!((me.user.as_str(), me.roles), ("dtc", roles));
        assert_eq!(nas.asked_once("auth.me"), json!([]));
    }
}
