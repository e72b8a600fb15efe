//! Cloud sync tasks that run: by the appliance's own engine, and by the real rclone where there is one on the PATH.

use std::path::PathBuf;
use std::time::Duration;

use rclone_crypt::{Keys, Password, Salt, decrypt_all};
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::{ApplianceSize, Settings};

use crate::socket::{Socket, start, start_with};
use crate::tasks::{credential, task};

fn make_bucket(sim: &Simulator) -> String {
    let bucket = json!({"bucketName": "backup-bucket", "bucketType": "allPrivate"});
    let made = sim.b2().call("b2_create_bucket", bucket).unwrap();
    made["bucketId"].as_str().unwrap().to_owned()
}

async fn make_task(sim: &Simulator, socket: &mut Socket) -> Value {
    make_bucket(sim);
    let credential = credential(sim, socket).await;
    socket.ok("cloudsync.create", json!([task(credential, "backup-bucket")])).await["id"].clone()
}

async fn sync(socket: &mut Socket, task: &Value) -> Value {
    let job = socket.ok("cloudsync.sync", json!([task])).await;
    socket.finished(&job).await
}

fn names(sim: &Simulator) -> Vec<String> {
    let request =
        json!({"bucketId": sim.b2().bucket("backup-bucket").unwrap()["bucketId"], "maxFileCount": 1000});
    let listed = sim.b2().call("b2_list_file_names", request).unwrap();
    let files = listed["files"].as_array().unwrap();
    files.iter().map(|file| file["fileName"].as_str().unwrap().to_owned()).collect()
}

/// Every file of the pool that the task copies, against its object: name, size, content.
fn compare(sim: &Simulator) {
    let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple")).unwrap();
    let names = names(sim);
    let mut files = Vec::new();
    walk(&sim.truenas().real_path("/mnt/pool0").unwrap(), "", &mut files);
    let is_copied = |path: &&String| !path.starts_with("Archive/") && !path.starts_with("archive/");
    let copied: Vec<&String> = files.iter().filter(is_copied).collect();
    assert_eq!(names.len(), copied.len(), "{names:#?}");
    for path in copied {
        let object = format!("guid/pool0/{path}.bin");
        let stored = sim.b2().read("backup-bucket", &object).unwrap_or_else(|| panic!("{object} is missing"));
        let plain = std::fs::read(sim.truenas().real_path(&format!("/mnt/pool0/{path}")).unwrap()).unwrap();
        assert!(decrypt_all(&keys, &stored).unwrap() == plain, "{object}");
    }
}

fn walk(dir: &std::path::Path, below: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), &format!("{path}/"), found);
        } else {
            found.push(path);
        }
    }
}

fn rclone() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join("rclone")).find(|program| program.is_file())
}

#[tokio::test]
async fn the_own_engine_backs_up_what_rclone_would() {
    let sim = start("the_own_engine_backs_up").await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    backs_up(&sim, &mut socket, &task).await;
}

#[tokio::test]
async fn rclone_backs_up() {
    let Some(program) = rclone() else { return };
    let settings = Settings { size: ApplianceSize::Tiny, ..Settings::default() };
    let sim = start_with("rclone_backs_up", settings, Some(program)).await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    backs_up(&sim, &mut socket, &task).await;
}

/// What a task asks of rclone beyond the transfer itself never reaches a program of this machine.
#[cfg(unix)]
#[tokio::test]
async fn a_task_whose_arguments_open_a_port_or_name_a_file_fails_before_rclone_starts() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (program, started) = (folder.path().join("rclone"), folder.path().join("started"));
    let script = format!("#!/bin/sh\necho \"$@\" >> '{}'\n", started.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let settings = Settings { size: ApplianceSize::Tiny, ..Settings::default() };
    let sim = start_with("a_task_whose_arguments_open_a_port", settings, Some(program)).await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    for arguments in ["--rc --rc-no-auth", "--log-file=/srv/x", "--max-delete 0 --config /srv/x"] {
        let changed = json!([task, {"args": arguments}]);
        assert_eq!(
            socket.ok("cloudsync.update", changed).await["args"],
            arguments,
            "the appliance takes any"
        );
        let job = sync(&mut socket, &task).await;
        assert_eq!(job["state"], "FAILED", "{arguments}: {job}");
        assert!(job["error"].as_str().unwrap().contains("the simulator hands no"), "{job}");
        assert!(!started.exists(), "{arguments}: {:?}", std::fs::read_to_string(&started));
    }
    socket.ok("cloudsync.update", json!([task, {"args": "--max-delete 0"}])).await;
    sync(&mut socket, &task).await;
    assert!(std::fs::read_to_string(&started).unwrap().contains("--max-delete 0"));
}

async fn backs_up(sim: &Simulator, socket: &mut Socket, task: &Value) {
    let job = sync(socket, task).await;
    assert_eq!((&job["state"], &job["result"]), (&json!("SUCCESS"), &Value::Null), "{job:#}");
    compare(sim);
    let entry = socket.ok("cloudsync.get_instance", json!([task])).await;
    assert_eq!(entry["job"]["id"], job["id"]);
    let progress = entry["job"]["progress"]["description"].as_str().unwrap();
    assert!(
        progress.contains("100%") && progress.contains(" / ") && progress.contains("/s, ETA"),
        "{progress}"
    );
    // A second run finds everything there.
    let versions = sim.b2().versions("backup-bucket").len();
    assert_eq!(sync(socket, task).await["state"], "SUCCESS");
    assert_eq!(sim.b2().versions("backup-bucket").len(), versions);
    // What is gone here is hidden there; what is new is added.
    sim.truenas().remove_file("/mnt/pool0/docs/.hidden").unwrap();
    sim.truenas().write_file("/mnt/pool0/docs/new \\ name.txt", b"new").unwrap();
    assert_eq!(sync(socket, task).await["state"], "SUCCESS");
    let names = names(sim);
    assert!(!names.contains(&"guid/pool0/docs/.hidden.bin".to_owned()));
    assert!(names.contains(&"guid/pool0/docs/new \u{FF3C} name.txt.bin".to_owned()), "{names:#?}");
    assert_eq!(sim.b2().versions("backup-bucket").len(), versions + 2);
    // A dry run changes nothing.
    sim.truenas().write_file("/mnt/pool0/docs/later.txt", b"later").unwrap();
    let job = socket.ok("cloudsync.sync", json!([task, {"dry_run": true}])).await;
    assert_eq!(socket.finished(&job).await["state"], "SUCCESS");
    assert_eq!(sim.b2().versions("backup-bucket").len(), versions + 2);
}

#[tokio::test]
async fn c5_a_locked_child_is_hidden_in_the_bucket() {
    let sim = start("c5_a_locked_child_is_hidden_in_the_bucket").await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    sync(&mut socket, &task).await;
    sim.truenas().lock_dataset("pool0/media").unwrap();
    assert_eq!(sync(&mut socket, &task).await["state"], "SUCCESS");
    assert!(!names(&sim).iter().any(|name| name.starts_with("guid/pool0/media/")));
    socket.ok("cloudsync.update", json!([task, {"args": "--max-delete 0"}])).await;
    sim.truenas().lock_dataset("pool0/docs").unwrap();
    let job = sync(&mut socket, &task).await;
    assert_eq!(job["state"], "FAILED");
    assert!(names(&sim).iter().any(|name| name.starts_with("guid/pool0/docs/")));
    sim.truenas().lock_dataset("pool0").unwrap();
    let job = sync(&mut socket, &task).await;
    assert!(job["error"].as_str().unwrap().contains("Dataset is locked"), "{job}");
    assert_eq!(socket.ok("cloudsync.get_instance", json!([task])).await["locked"], true);
}

#[tokio::test]
async fn a_job_is_reported_by_events_and_can_be_waited_for() {
    let sim = start("a_job_is_reported_by_events").await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    let subscription = socket.ok("core.subscribe", json!(["core.get_jobs"])).await;
    let job = sync(&mut socket, &task).await;
    // What was told before this answer has come by now.
    socket.ok("core.ping", json!([])).await;
    let events: Vec<Value> = socket.notes.drain(..).map(|note| note["params"].clone()).collect();
    assert!(events.iter().all(|event| event["collection"] == "core.get_jobs" && event["id"] == job["id"]));
    assert_eq!(events[0]["msg"], "added");
    let percents: Vec<u64> =
        events.iter().map(|e| e["fields"]["progress"]["percent"].as_u64().unwrap()).collect();
    assert!(percents.iter().any(|percent| (1..100).contains(percent)), "{percents:?}");
    let states: Vec<&Value> = events.iter().map(|event| &event["fields"]["state"]).collect();
    assert_eq!(states.last().unwrap(), &"SUCCESS");
    assert_eq!(job["message_ids"].as_array().unwrap().len(), 1);
    socket.ok("core.unsubscribe", json!([subscription])).await;
    socket.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
    assert_eq!(socket.ok("cloudsync.sync", json!([task])).await, Value::Null);
    assert!(socket.notes.is_empty());
}

#[tokio::test]
async fn a_failed_run_says_why_and_a_third_run_joins_the_second() {
    let sim = start("a_failed_run_says_why").await;
    let mut socket = Socket::admin(&sim).await;
    let credential = credential(&sim, &mut socket).await;
    let made = socket.ok("cloudsync.create", json!([task(credential, "backup-bucket")])).await;
    let job = sync(&mut socket, &made["id"]).await;
    assert_eq!((&job["state"], &job["exc_info"]["type"]), (&json!("FAILED"), &json!("CallError")));
    assert!(job["error"].as_str().unwrap().contains("not found"), "{job}");
    make_bucket(&sim);
    sim.truenas().delay_runs(Duration::from_hours(1));
    sim.truenas().fail_runs(Some("directory not found"));
    let failing = socket.ok("cloudsync.sync", json!([made["id"]])).await;
    sim.clock().advance(Duration::from_hours(1));
    let job = socket.finished(&failing).await;
    assert_eq!(job["error"], "[EFAULT] directory not found");
    sim.truenas().fail_runs(None);
    let first = socket.ok("cloudsync.sync", json!([made["id"]])).await;
    let second = socket.ok("cloudsync.sync", json!([made["id"]])).await;
    let third = socket.ok("cloudsync.sync", json!([made["id"]])).await;
    assert_ne!(first, second);
    assert_eq!(second, third);
    assert_eq!(socket.ok("core.job_abort", json!([second])).await, Value::Null);
    assert_eq!(socket.finished(&second).await["state"], "ABORTED");
    sim.clock().advance(Duration::from_hours(1));
    assert_eq!(socket.finished(&first).await["state"], "SUCCESS");
}

#[tokio::test]
async fn k2a_a_bucket_key_of_version_four_is_refused_by_the_appliance() {
    let sim = start("k2a_a_bucket_key_of_version_four").await;
    let mut socket = Socket::admin(&sim).await;
    let bucket = make_bucket(&sim);
    let capabilities = json!(["listBuckets", "listFiles", "readFiles", "writeFiles"]);
    let request = |buckets: &str, value: Value| {
        let mut request = json!({"capabilities": capabilities, "keyName": "key"});
        request[buckets] = value;
        request
    };
    let four = sim.b2().call_version(4, "b2_create_key", request("bucketIds", json!([bucket]))).unwrap();
    let three = sim.b2().call_version(3, "b2_create_key", request("bucketId", json!(bucket))).unwrap();
    let verify = |key: &Value| json!([{"type": "B2", "account": key["applicationKeyId"], "key": key["applicationKey"]}]);
    let said = socket.ok("cloudsync.credentials.verify", verify(&four)).await;
    assert_eq!(said["valid"], false);
    assert!(said["error"].as_str().unwrap().contains("version number 1"), "{said}");
    assert_eq!(socket.ok("cloudsync.credentials.verify", verify(&three)).await["valid"], true);
}

/// What rclone does through a key of one bucket: it lists buckets and files, reads, writes and hides.
#[tokio::test]
async fn a_key_that_may_not_list_or_write_fails_the_run() {
    let sim = start("a_key_that_may_not_list_or_write").await;
    let mut socket = Socket::admin(&sim).await;
    let bucket = make_bucket(&sim);
    for (name, capabilities, ends) in [
        ("whole", &["listBuckets", "listFiles", "readFiles", "writeFiles"][..], "SUCCESS"),
        ("no buckets", &["listFiles", "readFiles", "writeFiles"], "FAILED"),
        ("no files", &["listBuckets", "readFiles", "writeFiles"], "FAILED"),
        ("no writing", &["listBuckets", "listFiles", "readFiles"], "FAILED"),
    ] {
        let key =
            json!({"capabilities": capabilities, "keyName": name.replace(' ', "-"), "bucketId": bucket});
        let key = sim.b2().call_version(3, "b2_create_key", key).unwrap();
        let provider =
            json!({"type": "B2", "account": key["applicationKeyId"], "key": key["applicationKey"]});
        let made = json!([{"name": name, "provider": provider}]);
        let credential = socket.ok("cloudsync.credentials.create", made).await["id"].as_i64().unwrap();
        let mut task = task(credential, "backup-bucket");
        task["attributes"]["folder"] = format!("/guid/{credential}").into();
        let made = socket.ok("cloudsync.create", json!([task])).await;
        let job = sync(&mut socket, &made["id"]).await;
        assert_eq!(job["state"], ends, "{name}: {job:#}");
    }
}

#[tokio::test]
async fn a_full_appliance_is_backed_up() {
    let sim = start_with("a_full_appliance_is_backed_up", Settings::default(), rclone()).await;
    let mut socket = Socket::admin(&sim).await;
    let task = make_task(&sim, &mut socket).await;
    // At this pace the limit would bind for an hour.
    let fast = json!([{"time": "00:00", "bandwidth": 1_000_000_000}]);
    socket.ok("cloudsync.update", json!([task, {"bwlimit": fast}])).await;
    let job = sync(&mut socket, &task).await;
    assert_eq!(job["state"], "SUCCESS", "{job:#}");
    compare(&sim);
}
