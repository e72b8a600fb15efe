//! Users, API keys, alerts and restarts, over the wire: what differs between releases, and what is refused.

use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::socket::{Socket, start_of};

fn new_user(release: Release) -> Value {
    let mut user = json!({"username": "repl", "full_name": "Replication", "group_create": true, "smb": false,
        "password_disabled": true});
    if release == Release::Core13_3 {
        (user["sudo"], user["sudo_nopasswd"], user["sudo_commands"]) = (true.into(), true.into(), json!([]));
    } else {
        user["sudo_commands_nopasswd"] = json!(["/usr/sbin/zfs"]);
    }
    user
}

#[tokio::test]
async fn a_user_that_is_made_is_answered_with_its_number_up_to_24_10_and_whole_after_it() {
    for release in Release::ALL {
        let sim = start_of("user_create", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let made = socket.ok("user.create", json!([new_user(release)])).await;
        let rows = socket.ok("user.query", json!([[["username", "=", "repl"]]])).await;
        let row = &rows[0];
        if release <= Release::Scale24_10 {
            assert_eq!(made, row["id"], "{release}");
        } else {
            assert_eq!((&made["id"], &made["password"]), (&row["id"], &Value::Null), "{release}");
        }
        for (field, is_there) in [
            ("sudo", release == Release::Core13_3),
            ("sudo_commands_nopasswd", release > Release::Core13_3),
            ("roles", release > Release::Core13_3),
            ("id_type_both", release <= Release::Scale25_04),
            ("api_keys", release >= Release::Scale25_04),
            ("webshare", release >= Release::Community26),
        ] {
            assert_eq!(row.get(field).is_some(), is_there, "{release} {field}");
        }
        assert_eq!(row["group"]["bsdgrp_group"], "repl", "{release}");
        let first = if release == Release::Core13_3 { 1000 } else { 3000 };
        assert!(row["uid"].as_i64().unwrap() >= first, "{release}");
        let again = socket.complaints("user.create", json!([new_user(release)])).await;
        assert_eq!(again, ["user_create.username"], "{release}");
        // What belongs to another release is unknown here.
        let mut wrong = new_user(release);
        let other = if release == Release::Core13_3 { "home_create" } else { "sudo" };
        (wrong["username"], wrong[other]) = ("other".into(), true.into());
        assert_eq!(socket.complaints("user.create", json!([wrong])).await, [format!("user_create.{other}")]);
        assert_eq!(socket.ok("user.delete", json!([row["id"], {}])).await, row["id"], "{release}");
    }
}

/// Rows that are made, changed and removed are announced, secrets only to whoever may see them.
#[tokio::test]
async fn users_groups_and_keys_that_change_are_announced() {
    for release in Release::ALL {
        let sim = start_of("account_events", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        for collection in ["user.query", "group.query", "api_key.query"] {
            socket.subscribe(collection).await;
        }
        let made = socket.ok("user.create", json!([new_user(release)])).await;
        let id = if release <= Release::Scale24_10 { made } else { made["id"].clone() };
        socket.ok("user.update", json!([id, {"full_name": "Other"}])).await;
        socket.ok("api_key.update", json!([2, {"name": "other"}])).await;
        socket.ok("user.delete", json!([id, {}])).await;
        let events = socket.events().await;
        let heard: Vec<String> = events
            .iter()
            .map(|event| {
                format!("{} {}", event["collection"].as_str().unwrap(), event["msg"].as_str().unwrap())
            })
            .collect();
        let expected =
            ["user.query added", "user.query changed", "api_key.query changed", "user.query removed"];
        assert_eq!(heard, expected, "{release}");
        assert_eq!(events[1]["fields"]["full_name"], "Other");
        assert_eq!(events[3].get("fields"), None, "{release}");
    }
}

#[tokio::test]
async fn an_api_key_has_the_form_of_its_release_and_is_shown_once() {
    for release in Release::ALL {
        let sim = start_of("key_create", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let request = match release {
            Release::Core13_3 => json!({"name": "a"}),
            Release::Scale24_10 => json!({"name": "a", "allowlist": [{"method": "*", "resource": "*"}]}),
            _ => json!({"name": "a", "username": "root", "expires_at": null}),
        };
        let made = socket.ok("api_key.create", json!([request])).await;
        let key = made["key"].as_str().unwrap().to_owned();
        assert_eq!(
            key.split_once('-').map(|(id, key)| (id.to_owned(), key.len())),
            Some((made["id"].to_string(), 64))
        );
        let rows = socket.ok("api_key.query", json!([[["name", "=", "a"]]])).await;
        assert!(!rows.to_string().contains(&key), "{release}");
        assert_eq!(made.get("client_key").is_some(), release == Release::Community26, "{release}");
        assert_eq!(
            rows[0].get("keyhash").is_some(),
            [Release::Scale25_04, Release::Scale25_10].contains(&release)
        );
        assert_eq!(rows[0].get("salt").is_some(), release == Release::Community26);
        let taken = socket.complaints("api_key.create", json!([request])).await;
        let attribute = if release < Release::Scale25_04 { "api_key_create.name" } else { "api_key_create" };
        assert_eq!(taken, [attribute], "{release}");
        let reset = socket.ok("api_key.update", json!([made["id"], {"reset": true}])).await;
        assert_ne!(reset["key"], made["key"]);
        let renamed = socket.ok("api_key.update", json!([made["id"], {"name": "b"}])).await;
        assert_eq!((&renamed["name"], renamed.get("key")), (&json!("b"), None), "{release}");
        let mut other = Socket::native(&sim).await;
        assert_eq!(other.ok("auth.login_with_api_key", json!([key])).await, false);
        let mut other = Socket::native(&sim).await;
        assert_eq!(other.ok("auth.login_with_api_key", json!([reset["key"]])).await, true);
        assert_eq!(socket.ok("api_key.delete", json!([made["id"]])).await, true);
    }
}

/// 24.04 and 25.10 word what a reader may do otherwise, and neither lets it write.
#[tokio::test]
async fn whoever_may_only_read_has_the_roles_that_its_release_has() {
    for (release, count) in [(Release::Scale25_04, 26), (Release::Scale25_10, 28), (Release::Community26, 28)]
    {
        let sim = start_of("reader_roles", release).await;
        let mut socket = Socket::native(&sim).await.logged_in(&sim.truenas().read_only_api_key()).await;
        let me = socket.ok("auth.me", json!([])).await;
        let roles = me["privilege"]["roles"]["$set"].as_array().unwrap();
        assert_eq!((roles.len(), &roles[0]), (count, &json!("READONLY_ADMIN")), "{release}");
        assert!(roles.iter().all(|role| !role.as_str().unwrap().ends_with("_WRITE")));
        assert_eq!(socket.refused("group.delete", json!([43, {}])).await["data"]["errname"], "EACCES");
        let other = json!([{"name": "a", "username": "root"}]);
        assert_eq!(socket.refused("api_key.create", other).await["data"]["errname"], "EACCES");
    }
}

#[tokio::test]
async fn an_alert_is_announced_and_dismissed_by_whoever_may() {
    for release in Release::ALL {
        let sim = start_of("alerts", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.subscribe("alert.list").await;
        sim.truenas().raise_alert("VolumeStatus", "Pool pool0 is degraded");
        let listed = socket.ok("alert.list", json!([])).await;
        let uuid = listed[0]["uuid"].clone();
        assert_eq!(socket.ok("alert.dismiss", json!([uuid])).await, Value::Null);
        assert_eq!(socket.ok("alert.dismiss", json!(["none"])).await, Value::Null, "one that is not there");
        let events = socket.events().await;
        let what: Vec<&Value> = events.iter().map(|event| &event["msg"]).collect();
        assert_eq!(what, ["added", "changed"], "{release}");
        assert_eq!(events[1]["fields"]["dismissed"], true);
        let categories = socket.ok("alert.list_categories", json!([])).await;
        let class = &categories[0]["classes"][0];
        assert_eq!(class.get("proactive_support").is_some(), release > Release::Core13_3, "{release}");
        assert_eq!(class.get("product_types").is_some(), release == Release::Community26, "{release}");
    }
}

#[tokio::test]
async fn a_restart_cuts_every_socket_and_has_a_name_of_its_own() {
    for release in Release::ALL {
        let sim = start_of("reboot", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let before = socket.ok("system.boot_id", json!([])).await;
        let params = if release < Release::Scale25_04 { json!([{}]) } else { json!(["an update", {}]) };
        let wrong = if release < Release::Scale25_04 { json!(["an update", {}]) } else { json!([]) };
        assert!(!socket.complaints("system.reboot", wrong).await.is_empty(), "{release}");
        assert!(socket.ok("system.reboot", params).await.is_i64(), "{release}: a job");
        while socket.receive().await.is_some() {}
        let mut socket = Socket::native_admin(&sim).await;
        assert_ne!(socket.ok("system.boot_id", json!([])).await, before, "{release}");
        let jobs = socket.ok("core.get_jobs", json!([[["method", "=", "system.reboot"]]])).await;
        assert_eq!(jobs, json!([]), "{release}: what there is, the boot has made");
    }
}

#[tokio::test]
async fn options_of_a_connection_are_all_answered_from_25_10_on() {
    for release in [Release::Scale25_04, Release::Scale25_10, Release::Community26] {
        let sim = start_of("options", release).await;
        let mut socket = Socket::native(&sim).await;
        let said = socket.ok("core.set_options", json!([{"py_exceptions": true}])).await;
        let all = json!({"legacy_jobs": true, "private_methods": false, "py_exceptions": true});
        assert_eq!(said, if release == Release::Scale25_04 { Value::Null } else { all }, "{release}");
    }
}
