//! Datasets: made, changed, locked, unlocked and removed, on each release.

use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::Release;

use crate::socket::{Socket, get, start, start_of};

const PASSPHRASE: &str = "eight characters";
const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

#[expect(clippy::needless_pass_by_value, reason = "a JSON literal is given")]
fn encrypted(name: &str, options: Value) -> Value {
    json!([{"name": name, "encryption": true, "inherit_encryption": false, "encryption_options": options}])
}

async fn job(socket: &mut Socket, method: &str, params: Value) -> Value {
    let job = socket.ok(method, params).await;
    socket.finished(&job).await
}

fn write(sim: &Simulator, path: &str) {
    sim.truenas().write_file(path, b"content").unwrap();
}

#[tokio::test]
async fn a_file_system_and_a_volume_are_made_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("dataset_create", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let new = json!([{"name": "pool0/new", "compression": "ZSTD", "quota": 2_u64 << 30}]);
        let made = socket.ok("pool.dataset.create", new).await;
        assert_eq!((&made["id"], &made["type"]), (&json!("pool0/new"), &json!("FILESYSTEM")), "{release}");
        assert_eq!(made["compression"]["value"], "ZSTD");
        assert_eq!((&made["quota"]["parsed"], &made["encrypted"]), (&json!(2_u64 << 30), &json!(false)));
        write(&sim, "/mnt/pool0/new/a.txt");
        let child = socket.ok("pool.dataset.create", json!([{"name": "pool0/new/child"}])).await;
        assert_eq!(
            (&child["compression"]["value"], &child["compression"]["source"]),
            (&json!("ZSTD"), &json!("INHERITED"))
        );
        let volume = json!([{"name": "pool0/disk", "type": "VOLUME", "volsize": 1 << 30}]);
        let volume = socket.ok("pool.dataset.create", volume).await;
        assert_eq!((&volume["volsize"]["parsed"], &volume["mountpoint"]), (&json!(1 << 30), &Value::Null));
        let changed =
            socket.ok("pool.dataset.update", json!(["pool0/new/child", {"compression": "OFF"}])).await;
        assert_eq!(changed["compression"]["source"], "LOCAL");
        let changed =
            socket.ok("pool.dataset.update", json!(["pool0/new/child", {"compression": "INHERIT"}])).await;
        assert_eq!(changed["compression"]["value"], "ZSTD");
        let refused = socket.refused("pool.dataset.delete", json!(["pool0/new"])).await.to_string();
        assert!(refused.contains("filesystem has children"), "{refused}");
        assert_eq!(socket.ok("pool.dataset.delete", json!(["pool0/new", {"recursive": true}])).await, true);
        assert!(!sim.truenas().real_path("/mnt/pool0/new").unwrap().exists());
        let left = socket.ok("pool.dataset.query", json!([[["id", "^", "pool0/new"]]])).await;
        assert_eq!(left, json!([]), "{release}");
    }
}

#[tokio::test]
async fn a_dataset_that_cannot_be_is_refused_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("dataset_refused", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok("pool.dataset.create", encrypted("pool0/secret", json!({"passphrase": PASSPHRASE}))).await;
        for (body, attribute) in [
            (json!({"name": "pool9"}), "name"),
            (json!({"name": "pool0/a@b"}), "name"),
            (json!({"name": "pool0/none/child"}), "name"),
            (json!({"name": "pool0/docs"}), "name"),
            (json!({"name": "pool0/vm-disk/child"}), "name"),
            (json!({"name": "pool0/secret/open", "inherit_encryption": false}), "encryption"),
            (
                json!({"name": "pool0/x", "encryption": true, "encryption_options": {"generate_key": true}}),
                "inherit_encryption",
            ),
            (
                json!({"name": "pool0/x", "encryption": true, "inherit_encryption": false}),
                "encryption_options.key",
            ),
            (
                json!({"name": "pool0/secret/x", "encryption": true, "inherit_encryption": false,
                    "encryption_options": {"generate_key": true}}),
                "encryption",
            ),
            (json!({"name": "pool0/x", "type": "VOLUME", "volsize": 1000}), "volsize"),
        ] {
            let found = socket.complaints("pool.dataset.create", json!([body])).await;
            assert_eq!(found, [format!("pool_dataset_create.{attribute}")], "{release} {body}");
        }
        let short = json!([{"name": "pool0/x", "encryption": true, "inherit_encryption": false,
            "encryption_options": {"passphrase": "short"}}]);
        let taken = socket.call("pool.dataset.create", short).await.is_ok();
        assert_eq!(taken, release == Release::Core13_3, "{release}: eight characters from 24.10 on");
        // From 25.10 on a quota is none, or at least 1 GiB.
        let small = socket.call("pool.dataset.update", json!(["pool0/docs", {"quota": 1000}])).await;
        assert_eq!(small.is_ok(), release < Release::Scale25_10, "{release}");
        let algorithm = json!({"generate_key": true, "algorithm": "AES-256-GCM"});
        let made = socket.call("pool.dataset.create", encrypted("pool0/algorithm", algorithm)).await;
        assert_eq!(made.is_ok(), release < Release::Community26, "{release}: 26 takes no algorithm");
    }
}

/// Without a discriminator every form complains, by its class's name.
#[tokio::test]
async fn a_bad_passphrase_is_blamed_on_both_forms_of_a_dataset() {
    let sim = start("a_bad_passphrase_is_blamed_on_both_forms").await;
    let mut socket = Socket::admin(&sim).await;
    let body = encrypted("pool0/x", json!({"passphrase": "short"}));
    let found = socket.complaints("pool.dataset.create", body).await;
    for attribute in [
        "data.PoolDatasetCreateFilesystem.encryption_options.passphrase",
        "data.PoolDatasetCreateVolume.encryption_options.passphrase",
        "data.PoolDatasetCreateVolume.volsize",
    ] {
        assert!(found.iter().any(|name| name == attribute), "{found:?}");
    }
}

#[tokio::test]
async fn a_locked_dataset_hides_its_files_and_an_unlock_that_succeeds_may_hold_failures() {
    for release in Release::ALL {
        let sim = start_of("dataset_lock", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        for name in ["pool0/secret", "pool0/secret/own"] {
            socket.ok("pool.dataset.create", encrypted(name, json!({"passphrase": PASSPHRASE}))).await;
        }
        socket.ok("pool.dataset.create", json!([{"name": "pool0/secret/same"}])).await;
        write(&sim, "/mnt/pool0/secret/own/a.txt");
        let locked = job(&mut socket, "pool.dataset.lock", json!(["pool0/secret"])).await;
        assert_eq!(locked["result"], true, "{release}");
        assert!(!sim.truenas().real_path("/mnt/pool0/secret/own/a.txt").unwrap().exists());
        let rows = json!([[["id", "^", "pool0/secret"]], {"select": ["id", "locked", "encryption_root"]}]);
        let rows = socket.ok("pool.dataset.query", rows).await;
        let shown: Vec<(&Value, &Value)> =
            rows.as_array().unwrap().iter().map(|row| (&row["locked"], &row["encryption_root"])).collect();
        let (yes, root) = (json!(true), json!("pool0/secret"));
        assert_eq!(shown, [(&yes, &root), (&yes, &json!("pool0/secret/own")), (&yes, &root)]);
        // The child's key is not its parent's: the job succeeds, and says that the child failed.
        let keys = json!([{"name": "pool0/secret", "passphrase": PASSPHRASE},
            {"name": "pool0/secret/own", "passphrase": "another one"}]);
        let ask = json!(["pool0/secret", {"recursive": true, "datasets": keys}]);
        let ended = job(&mut socket, "pool.dataset.unlock", ask).await;
        assert_eq!(ended["state"], "SUCCESS");
        assert_eq!(ended["result"]["unlocked"], json!(["pool0/secret", "pool0/secret/same"]), "{release}");
        assert_eq!(ended["result"]["failed"]["pool0/secret/own"]["error"], "Invalid Key");
        let ask = json!(["pool0/secret/own", {"datasets": [{"name": "pool0/secret/own", "passphrase": PASSPHRASE}]}]);
        let ended = job(&mut socket, "pool.dataset.unlock", ask.clone()).await;
        assert_eq!(ended["result"]["unlocked"], json!(["pool0/secret/own"]));
        assert!(sim.truenas().real_path("/mnt/pool0/secret/own/a.txt").unwrap().exists());
        let again = job(&mut socket, "pool.dataset.unlock", ask).await;
        assert_eq!(again["state"], "FAILED", "{release}: it is not locked");
        assert_eq!(again["exc_info"]["extra"][0][0], "id");
    }
}

#[tokio::test]
async fn a_child_cannot_be_unlocked_under_a_locked_parent() {
    for release in Release::ALL {
        let sim = start_of("dataset_parent", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        for name in ["pool0/secret", "pool0/secret/own"] {
            socket.ok("pool.dataset.create", encrypted(name, json!({"passphrase": PASSPHRASE}))).await;
        }
        job(&mut socket, "pool.dataset.lock", json!(["pool0/secret"])).await;
        let row = json!({"name": "pool0/secret/own", "passphrase": PASSPHRASE});
        let ended =
            job(&mut socket, "pool.dataset.unlock", json!(["pool0/secret/own", {"datasets": [row]}])).await;
        assert_eq!(ended["state"], "FAILED", "{release}");
        assert!(ended["error"].as_str().unwrap().contains("locked parents pool0/secret"), "{ended}");
        let summary =
            job(&mut socket, "pool.dataset.encryption_summary", json!(["pool0/secret", {"datasets": [row]}]))
                .await;
        let child = &summary["result"][1];
        assert_eq!(
            (&child["valid_key"], &child["unlock_successful"]),
            (&json!(true), &json!(false)),
            "{release}"
        );
        assert!(child["unlock_error"].as_str().unwrap().starts_with("Child cannot be unlocked"), "{child}");
    }
}

#[tokio::test]
async fn only_a_passphrases_own_dataset_can_be_locked() {
    for release in Release::ALL {
        let sim = start_of("dataset_lock_refused", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok("pool.dataset.create", encrypted("pool0/key", json!({"key": HEX}))).await;
        socket.ok("pool.dataset.create", encrypted("pool0/phrase", json!({"passphrase": PASSPHRASE}))).await;
        socket.ok("pool.dataset.create", json!([{"name": "pool0/phrase/child"}])).await;
        for (name, why) in [
            ("pool0/docs", "is not encrypted"),
            ("pool0/key", "passphrase can be locked"),
            ("pool0/phrase/child", "Only encryption roots"),
        ] {
            let ended = job(&mut socket, "pool.dataset.lock", json!([name])).await;
            assert!(ended["error"].as_str().unwrap().contains(why), "{release}: {ended}");
        }
    }
}

/// A key is kept and can be exported; a passphrase is known to its owner only.
#[tokio::test]
async fn keys_are_changed_inherited_and_exported() {
    for release in Release::ALL {
        let sim = start_of("dataset_keys", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok("pool.dataset.create", encrypted("pool0/key", json!({"key": HEX}))).await;
        socket.ok("pool.dataset.create", encrypted("pool0/key/own", json!({"generate_key": true}))).await;
        let exported = job(&mut socket, "pool.dataset.export_key", json!(["pool0/key"])).await;
        assert_eq!(exported["result"], HEX.to_lowercase(), "{release}");
        let download = json!(["pool.dataset.export_keys", ["pool0"], "keys.json"]);
        let said = socket.ok("core.download", download).await;
        let (_, body) = get(&sim, said[1].as_str().unwrap()).await;
        let keys: Value = serde_json::from_slice(&body).unwrap();
        let names: Vec<&String> = keys.as_object().unwrap().keys().collect();
        assert_eq!(names, ["pool0/key", "pool0/key/own"]);
        assert_eq!(socket.finished(&said[0]).await["state"], "SUCCESS");
        assert_eq!(
            socket.ok("pool.dataset.inherit_parent_encryption_properties", json!(["pool0/key/own"])).await,
            Value::Null
        );
        let own =
            socket.ok("pool.dataset.query", json!([[["id", "=", "pool0/key/own"]], {"get": true}])).await;
        assert_eq!(own["encryption_root"], "pool0/key");
        let changed =
            job(&mut socket, "pool.dataset.change_key", json!(["pool0/key", {"passphrase": PASSPHRASE}]))
                .await;
        assert_eq!((&changed["state"], &changed["result"]), (&json!("SUCCESS"), &Value::Null));
        let none = job(&mut socket, "pool.dataset.export_key", json!(["pool0/key"])).await;
        assert!(none["error"].as_str().unwrap().contains("own encryption key"), "{none}");
        let summary = job(&mut socket, "pool.dataset.encryption_summary", json!(["pool0"])).await;
        assert_eq!(summary["result"][0]["key_format"], "PASSPHRASE");
        for options in [json!({}), json!({"passphrase": PASSPHRASE, "generate_key": true})] {
            let refused = job(&mut socket, "pool.dataset.change_key", json!(["pool0/key", options])).await;
            assert_eq!(refused["exc_info"]["type"], "VALIDATION", "{release}");
        }
    }
}

#[tokio::test]
async fn what_hangs_on_a_dataset_is_described() {
    for release in Release::ALL {
        let sim = start_of("dataset_attachments", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let task = json!([{"dataset": "pool0/docs", "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": true}]);
        socket.ok("pool.snapshottask.create", task).await;
        let attachments = socket.ok("pool.dataset.attachments", json!(["pool0"])).await;
        assert_eq!(
            attachments,
            json!([{"type": "Snapshot Task", "service": null, "attachments": ["pool0/docs"]}])
        );
        let details = socket.call("pool.dataset.details", json!([])).await;
        let count = socket.call("pool.dataset.snapshot_count", json!(["pool0/docs"])).await;
        assert_eq!(
            (details.is_ok(), count.is_ok()),
            (release > Release::Core13_3, release > Release::Core13_3)
        );
        if let Ok(details) = details {
            let docs = &details[0]["children"][0];
            assert_eq!(
                (&docs["id"], &docs["snapshot_tasks_count"]),
                (&json!("pool0/docs"), &json!(1)),
                "{release}"
            );
        }
        socket.ok("pool.dataset.delete", json!(["pool0/docs", {"recursive": true}])).await;
        assert_eq!(socket.ok("pool.snapshottask.query", json!([])).await, json!([]), "the task goes with it");
    }
}

#[tokio::test]
async fn changes_of_datasets_are_announced() {
    let sim = start("changes_of_datasets_are_announced").await;
    let mut socket = Socket::admin(&sim).await;
    socket.subscribe("pool.dataset.query").await;
    socket.ok("pool.dataset.create", json!([{"name": "pool0/new"}])).await;
    socket.ok("pool.dataset.update", json!(["pool0/new", {"comments": "x"}])).await;
    socket.ok("pool.dataset.delete", json!(["pool0/new"])).await;
    let words: Vec<Value> = socket.notes.iter().map(|note| Socket::event(note)["msg"].clone()).collect();
    assert_eq!(words, ["added", "changed", "removed"]);
}
