//! The `b2` program sets buckets up: locks, versions, keys, rules.

use serde_json::{Value, json};

use super::cli::B2Cli;
use super::{World, text};

const LIFECYCLE: &str =
    r#"{"daysFromHidingToDeleting": 1, "daysFromUploadingToHiding": null, "fileNamePrefix": "old/"}"#;

/// A bucket with object lock, made by the client.
fn locked(b2: &B2Cli, name: &str) {
    b2.ok(&["bucket", "create", "--file-lock-enabled", name, "allPrivate"]);
}

/// Milliseconds since 1970, some days from the simulation's now.
fn in_days(world: &World, days: i64) -> String {
    (world.sim.clock().now_millis() + days * 86_400_000).to_string()
}

fn uri(version: &Value) -> String {
    format!("b2id://{}", text(&version["fileId"]))
}

#[test]
fn a_bucket_has_lock_encryption_and_lifecycle_from_the_start() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    let sse = ["--default-server-side-encryption", "SSE-B2"];
    let rules =
        ["--file-lock-enabled", "--lifecycle-rule", LIFECYCLE, "--bucket-info", r#"{"made":"by-hand"}"#];
    b2.ok(&[&["bucket", "create"], &sse[..], &rules, &["set-up", "allPrivate"]].concat());
    let shown = b2.json(&["bucket", "get", "set-up"]);
    let bucket = world.sim.b2().bucket("set-up").unwrap();
    assert_eq!(bucket["fileLockConfiguration"]["value"]["isFileLockEnabled"], true);
    assert_eq!(bucket["defaultServerSideEncryption"]["value"]["mode"], "SSE-B2");
    assert_eq!(bucket["lifecycleRules"][0]["fileNamePrefix"], "old/");
    assert_eq!((&shown["bucketId"], &shown["isFileLockEnabled"]), (&bucket["bucketId"], &true.into()));
    assert_eq!(shown["defaultServerSideEncryption"]["mode"], "SSE-B2");
    assert_eq!(shown["bucketInfo"], json!({"made": "by-hand"}));
    assert!(b2.refused(&["bucket", "create", "set-up", "allPrivate"]).contains("already in use"));
    assert!(b2.ok(&["bucket", "list"]).contains("set-up"));
    b2.ok(&["bucket", "delete", "set-up"]);
    assert_eq!(world.sim.b2().buckets(), Vec::<Value>::new());
}

#[test]
fn what_goes_up_under_a_compliance_default_stays_through_hiding_and_deleting() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    locked(&b2, "retained");
    let default = ["--default-retention-mode", "compliance", "--default-retention-period", "14 days"];
    b2.ok(&[&["bucket", "update"], &default[..], &["retained", "allPrivate"]].concat());
    for content in ["first", "second"] {
        b2.ok(&["file", "upload", "retained", &world.file("up", content.as_bytes()), "file"]);
    }
    let version = world.version("retained", "file");
    let until = version["fileRetention"]["value"]["retainUntilTimestamp"].as_i64().unwrap();
    assert_eq!(version["fileRetention"]["value"]["mode"], "compliance");
    assert_eq!(until - version["uploadTimestamp"].as_i64().unwrap(), 14 * 86_400_000);
    b2.ok(&["file", "hide", "b2://retained/file"]);
    assert_eq!(b2.ok(&["ls", "b2://retained"]), "");
    let listed = b2.json(&["ls", "--json", "--versions", "b2://retained"]);
    let actions = listed.as_array().unwrap().iter().map(|row| text(&row["action"])).collect::<Vec<_>>();
    assert_eq!(actions, ["hide", "upload", "upload"]);
    assert!(b2.ok(&["ls", "--long", "--versions", "b2://retained"]).contains("upload"));
    for flag in [&[][..], &["--bypass-governance"]] {
        let refused = b2.refused(&[&["rm", "--versions", "--no-progress"], flag, &[&uri(&version)]].concat());
        assert!(refused.contains("access_denied") || refused.contains("ccess"), "{refused}");
    }
    b2.ok(&["file", "unhide", "b2://retained/file"]);
    assert_eq!(world.rows("retained"), ["upload file", "upload file"]);
    b2.refused(&["bucket", "delete", "retained"]);
}

#[test]
fn compliance_is_lengthened_and_never_shortened() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    locked(&b2, "strict");
    world.sim.b2().put("strict", "file", b"x").unwrap();
    let file = uri(&world.version("strict", "file"));
    let retain = |mode: &'static str, days: i64| {
        let until = ["--retain-until".to_owned(), in_days(&world, days)];
        let fixed =
            ["file", "update", "--bypass-governance", "--file-retention-mode", mode].map(str::to_owned);
        [&fixed[..], &until, std::slice::from_ref(&file)].concat()
    };
    let ok = |arguments: &[String]| b2.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let refused =
        |arguments: &[String]| b2.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    ok(&retain("governance", 5));
    ok(&retain("governance", 2));
    ok(&retain("compliance", 3));
    ok(&retain("compliance", 4));
    let before = world.version("strict", "file")["fileRetention"].clone();
    refused(&retain("compliance", 2));
    refused(&retain("governance", 9));
    b2.refused(&["file", "update", "--bypass-governance", "--file-retention-mode", "none", &file]);
    assert_eq!(world.version("strict", "file")["fileRetention"], before);
}

#[test]
fn a_hold_keeps_a_version_until_it_is_lifted() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    locked(&b2, "on-hold");
    b2.ok(&["file", "upload", "--legal-hold", "on", "on-hold", &world.file("up", b"x"), "file"]);
    let file = uri(&world.version("on-hold", "file"));
    let remove = ["rm", "--versions", "--no-progress", &file];
    b2.refused(&remove);
    b2.ok(&["file", "update", "--legal-hold", "off", &file]);
    b2.ok(&["file", "update", "--legal-hold", "on", &file]);
    b2.refused(&remove);
    b2.ok(&["file", "update", "--legal-hold", "off", &file]);
    b2.ok(&remove);
    assert!(world.rows("on-hold").is_empty());
}

#[test]
fn notification_rules_are_made_changed_and_removed() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    let bucket = world.bucket("watched");
    let rule = |verb: &'static str| ["bucket", "notification-rule", verb, "b2://watched/logs", "on-upload"];
    let made = ["--event-type", "b2:ObjectCreated:*", "--webhook-url", "https://example.com/hook"];
    b2.ok(&[&rule("create")[..], &made, &["--sign-secret", "0123456789abcdef0123456789abcdef"]].concat());
    let rules = || {
        let rules =
            world.sim.b2().call("b2_get_bucket_notification_rules", json!({"bucketId": bucket})).unwrap();
        rules["eventNotificationRules"].clone()
    };
    assert_eq!(rules()[0]["eventTypes"], json!(["b2:ObjectCreated:*"]));
    assert_eq!((&rules()[0]["objectNamePrefix"], &rules()[0]["isEnabled"]), (&"logs".into(), &true.into()));
    b2.refused(&[&rule("create")[..], &made].concat());
    b2.ok(&[&rule("update")[..], &["--event-type", "b2:ObjectDeleted:*"]].concat());
    b2.ok(&rule("disable"));
    let listed = b2.json(&["bucket", "notification-rule", "list", "--json", "b2://watched"]);
    assert_eq!(listed[0]["eventTypes"], json!(["b2:ObjectDeleted:*"]));
    assert_eq!(rules()[0]["isEnabled"], false);
    b2.ok(&rule("delete"));
    assert_eq!(rules(), json!([]));
}

#[test]
fn a_scoped_key_reaches_its_bucket_and_nothing_else() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    for name in ["its-own", "another"] {
        world.bucket(name);
        world.sim.b2().put(name, "in/file", b"x").unwrap();
        world.sim.b2().put(name, "out/file", b"x").unwrap();
    }
    let may = "listBuckets,listFiles,readFiles";
    let scope = ["--bucket", "its-own", "--name-prefix", "in/", "--duration", "3600"];
    let printed = b2.ok(&[&["key", "create"], &scope[..], &["scoped", may]].concat());
    let (id, key) = printed.trim().split_once(' ').unwrap();
    b2.refused(&["key", "create", "--bucket", "its-own", "too-much", "listBuckets,writeBuckets"]);
    assert!(b2.ok(&["key", "list", "--long"]).contains(id));
    let narrow = b2.holding(&world, id.to_owned(), key.to_owned());
    assert_eq!(narrow.json(&["account", "get"])["applicationKeyId"], id);
    assert_eq!(narrow.ok(&["ls", "b2://its-own/in/"]), "in/file\n");
    assert_eq!(narrow.ok(&["file", "cat", "b2://its-own/in/file"]), "x");
    narrow.refused(&["file", "cat", "b2://its-own/out/file"]);
    narrow.refused(&["ls", "b2://its-own"]);
    narrow.refused(&["ls", "b2://another"]);
    narrow.refused(&["file", "upload", "its-own", &world.file("up", b"y"), "in/more"]);
    b2.ok(&["key", "delete", id]);
    assert_eq!(world.sim.b2().keys().iter().filter(|key| key["keyName"] == "scoped").count(), 0);
}

#[test]
fn replication_is_set_up_between_two_buckets() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("source");
    let destination = world.bucket("destination");
    b2.ok(&["replication", "setup", "source", "destination"]);
    let settings = world.sim.b2().bucket("source").unwrap()["replicationConfiguration"]["value"].clone();
    assert_eq!(settings["asReplicationSource"]["replicationRules"][0]["destinationBucketId"], destination);
    b2.ok(&["file", "upload", "source", &world.file("up", b"twice"), "file"]);
    assert!(b2.ok(&["ls", "--replication", "b2://source"]).contains("file"));
}
