//! Jobs: in which order their events and their answers come, how they end, and which share a lock.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::shapes::{bucket_and_task as task, task_of_any_release};
use crate::socket::{Socket, start_of};

/// With the reply at the job's end: `added` before anything else, the reply after every event.
#[tokio::test]
async fn a_job_is_announced_before_it_starts_and_answered_after_it_has_ended() {
    for release in [Release::Scale25_10, Release::Community26] {
        let sim = start_of("job_order", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
        socket.subscribe("core.get_jobs").await;
        let id = socket.ask("service.control", json!(["START", "snmp", {}])).await;
        assert_eq!(socket.answer(id).await, Some(Ok(json!(true))));
        let notes = std::mem::take(&mut socket.notes);
        let events: Vec<&Value> = notes.iter().map(Socket::event).collect();
        assert!(events.iter().all(|event| event["fields"]["message_ids"] == json!([id])), "{events:#?}");
        let seen: Vec<_> = events.iter().map(|event| (&event["msg"], &event["fields"]["state"])).collect();
        let (added, changed) = (json!("added"), json!("changed"));
        let (waiting, running, success) = (json!("WAITING"), json!("RUNNING"), json!("SUCCESS"));
        assert_eq!(seen, [(&added, &waiting), (&changed, &running), (&changed, &success)]);
    }
}

/// With the job's number as the reply: the number comes after `added`, in every release.
#[tokio::test]
async fn a_job_s_number_comes_after_its_announcement() {
    for release in Release::ALL {
        let sim = start_of("job_number", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.subscribe("core.get_jobs").await;
        let job = socket.ok("cloudsync.sync", json!([9])).await;
        let first = Socket::event(&socket.notes[0]).clone();
        assert_eq!((&first["msg"], &first["id"]), (&json!("added"), &job), "{release}");
        let has_ids = first["fields"].get("message_ids").is_some();
        assert_eq!(has_ids, release >= Release::Scale25_10, "{release}");
    }
}

/// The legacy socket always answers with the number.
#[tokio::test]
async fn the_legacy_socket_has_one_way_to_answer_a_job() {
    let sim = start_of("job_legacy_socket", Release::Scale25_10).await;
    let mut socket = Socket::legacy(&sim).await.logged_in(&sim.truenas().api_key()).await;
    socket.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
    assert_eq!(socket.ok("cloudsync.sync", json!([9])).await, 1);
}

#[tokio::test]
async fn a_job_that_fails_keeps_its_error_and_the_reply_is_that_error() {
    for release in Release::ALL {
        let sim = start_of("job_failed", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let task = task(&sim, &mut socket).await;
        sim.truenas().fail_runs(Some("it's \"gone\""));
        let job = socket.ok("cloudsync.sync", json!([task])).await;
        let job = socket.finished(&job).await;
        assert_eq!((&job["state"], &job["error"]), (&json!("FAILED"), &json!("[EFAULT] it's \"gone\"")));
        let info =
            json!({"type": "CallError", "repr": "CallError('it\\'s \"gone\"')", "errno": 14, "extra": null});
        assert_eq!(job["exc_info"], info, "{release}");
        let traceback = job["exception"].as_str().unwrap();
        assert!(traceback.starts_with("Traceback (most recent call last):\n"), "{traceback}");
        let missing = socket.ok("cloudsync.sync", json!([99])).await;
        let missing = socket.finished(&missing).await;
        assert_eq!(missing["exc_info"]["type"], "VALIDATION");
        assert_eq!(missing["exc_info"]["errno"], 2);
        if release < Release::Scale25_10 {
            continue;
        }
        socket.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
        let error = socket.refused("cloudsync.sync", json!([task])).await;
        assert_eq!((&error["code"], &error["data"]["error"]), (&json!(-32001), &json!(14)));
        assert_eq!(error["data"]["reason"], "[EFAULT] it's \"gone\"");
        let error = socket.refused("cloudsync.sync", json!([99])).await;
        assert_eq!((&error["code"], &error["data"]["extra"][0][2]), (&json!(-32602), &json!(2)), "{error}");
    }
}

#[tokio::test]
async fn an_aborted_job_has_no_error_and_its_reply_is_null() {
    for release in Release::ALL {
        let sim = start_of("job_aborted", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let task = task(&sim, &mut socket).await;
        sim.truenas().delay_runs(Duration::from_hours(1));
        let waits = release >= Release::Scale25_10;
        if waits {
            socket.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
        }
        let call = socket.ask("cloudsync.sync", json!([task])).await;
        let mut other = Socket::native_admin(&sim).await;
        let running = json!([[["method", "=", "cloudsync.sync"]], {"get": true}]);
        let job = loop {
            if let Ok(job) = other.call("core.get_jobs", running.clone()).await {
                break job["id"].clone();
            }
        };
        assert_eq!(other.ok("core.job_abort", json!([job])).await, Value::Null);
        let expected = if waits { Value::Null } else { job.clone() };
        assert_eq!(socket.answer(call).await, Some(Ok(expected)), "{release}");
        let job = other.finished(&job).await;
        assert_eq!(job["state"], "ABORTED");
        for field in ["error", "exception", "exc_info", "result"] {
            assert_eq!(job[field], Value::Null, "{release} {field}");
        }
    }
}

/// A job that says that it cannot be aborted is aborted all the same.
#[tokio::test]
async fn abortable_false_keeps_nobody_from_aborting() {
    for release in Release::ALL {
        let sim = start_of("job_not_abortable", release).await;
        sim.truenas().write_file("/mnt/pool0/a.txt", b"content").unwrap();
        let mut socket = Socket::native_admin(&sim).await;
        let download = json!(["filesystem.get", ["/mnt/pool0/a.txt"], "a.txt"]);
        let job = socket.ok("core.download", download).await[0].clone();
        let entry = socket.ok("core.get_jobs", json!([[["id", "=", job]], {"get": true}])).await;
        assert_eq!(entry["abortable"], false);
        assert_eq!(socket.ok("core.job_abort", json!([job])).await, Value::Null);
        assert_eq!(socket.finished(&job).await["state"], "ABORTED", "{release}");
    }
}

/// The lock of a run is made of its last argument. In an older version of the API, or where the options are sent, that is
/// the same for every task: the third task is never started, and its caller follows another's job.
#[tokio::test]
async fn runs_share_a_lock_where_the_options_arrive() {
    let options = json!({"dry_run": false});
    for (release, path, with_options, is_shared) in [
        (Release::Scale25_10, "/api/v25.10.1", false, false),
        (Release::Scale25_10, "/api/current", false, false),
        (Release::Scale25_10, "/api/v25.10.0", false, true),
        (Release::Scale25_10, "/api/current", true, true),
        (Release::Community26, "/api/v26.0.0", false, false),
        (Release::Community26, "/api/v25.10.5", false, true),
        (Release::Scale24_10, "/websocket", false, false),
        (Release::Scale24_10, "/websocket", true, true),
        (Release::Core13_3, "/websocket", true, true),
    ] {
        let sim = start_of("shared_lock", release).await;
        let mut socket = match path {
            "/websocket" => Socket::legacy(&sim).await,
            _ => Socket::open_at(&sim, path).await.unwrap(),
        };
        socket = socket.logged_in(&sim.truenas().api_key()).await;
        let first = task(&sim, &mut socket).await;
        let mut tasks = vec![first];
        for folder in ["/two", "/three"] {
            let mut another = task_of_any_release();
            another["attributes"]["folder"] = folder.into();
            let made = socket.ok("cloudsync.create", json!([another])).await;
            tasks.push(made["id"].as_i64().unwrap());
        }
        sim.truenas().delay_runs(Duration::from_hours(1));
        let mut jobs = Vec::new();
        for task in &tasks {
            let params = if with_options { json!([task, options]) } else { json!([task]) };
            jobs.push(socket.ok("cloudsync.sync", params).await);
        }
        let case = format!("{release} {path} {with_options}");
        assert_eq!(jobs[1] == jobs[2], is_shared, "{case}");
        let third = socket.ok("core.get_jobs", json!([[["id", "=", jobs[2]]], {"get": true}])).await;
        let (task, state) = if is_shared { (tasks[1], "WAITING") } else { (tasks[2], "RUNNING") };
        assert_eq!((&third["arguments"][0], &third["state"]), (&json!(task), &json!(state)), "{case}");
    }
}

#[tokio::test]
async fn after_a_restart_jobs_are_forgotten_and_numbered_anew() {
    let sim = start_of("restart", Release::Scale25_10).await;
    let mut socket = Socket::native_admin(&sim).await;
    let task = task(&sim, &mut socket).await;
    let job = socket.ok("cloudsync.sync", json!([task])).await;
    let job = socket.finished(&job).await;
    sim.truenas().restart();
    assert!(socket.receive().await.is_none());
    let mut socket = Socket::native_admin(&sim).await;
    let booted = socket.ok("core.get_jobs", json!([])).await;
    assert_eq!((&booted[0]["id"], &booted[0]["state"]), (&json!(1), &json!("SUCCESS")));
    assert_ne!(booted[0]["method"], job["method"], "the number is another job's now");
    let shown = socket.ok("cloudsync.get_instance", json!([task])).await;
    assert_eq!(shown["job"], job, "the last job is still shown at its task");
    let next = booted.as_array().unwrap().len() + 1;
    assert_eq!(socket.ok("cloudsync.sync", json!([task])).await, next);
}

/// Whoever asks, a full administrator too.
#[tokio::test]
async fn the_arguments_of_a_job_hide_their_secrets_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("job_secrets", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.subscribe("core.get_jobs").await;
        let unlock = json!(["pool0", {"datasets": [{"name": "pool0", "passphrase": "SECRETPASS1"}]}]);
        let user = json!([{"username": "a", "password": "SECRETPASS2"}]);
        let jobs = [
            socket.ok("pool.dataset.unlock", unlock).await,
            socket.ok("core.bulk", json!(["user.create", [user]])).await,
        ];
        for job in jobs {
            socket.finished(&job).await;
        }
        let entries = socket.ok("core.get_jobs", json!([])).await;
        assert_eq!(entries[0]["arguments"][1]["datasets"][0]["passphrase"], "********", "{release}");
        assert_eq!(entries[1]["arguments"][1][0][0]["password"], "********", "{release}");
        let shown = format!("{entries}{:?}", socket.notes);
        assert!(!shown.contains("SECRETPASS"), "{release}: {shown}");
    }
}

/// A call in an older version of the API has its defaults filled in before it becomes a job.
#[tokio::test]
async fn the_arguments_of_a_job_show_the_defaults_of_an_older_version() {
    for (release, path, expected) in [
        (Release::Scale25_10, "/api/v25.10.0", json!([9, {"dry_run": false}])),
        (Release::Community26, "/api/v25.10.1", json!([9, {"dry_run": false}])),
        (Release::Scale25_10, "/api/current", json!([9])),
        (Release::Scale24_10, "/websocket", json!([9])),
    ] {
        let sim = start_of("job_defaults", release).await;
        let socket = if path == "/websocket" {
            Socket::legacy(&sim).await
        } else {
            Socket::open_at(&sim, path).await.unwrap()
        };
        let mut socket = match path {
            "/api/v25.10.0" | "/api/v25.10.1" => {
                let mut socket = socket;
                let login = json!([{"mechanism": "API_KEY_PLAIN", "username": sim.truenas().user_name(),
                    "api_key": sim.truenas().api_key()}]);
                assert_eq!(socket.ok("auth.login_ex", login).await["response_type"], "SUCCESS");
                socket
            }
            _ => socket.logged_in(&sim.truenas().api_key()).await,
        };
        let job = socket.ok("cloudsync.sync", json!([9])).await;
        assert_eq!(socket.finished(&job).await["arguments"], expected, "{release} {path}");
    }
}

/// The simulator's own engine, a file without a byte, and no encryption: the job succeeds, as with rclone.
#[tokio::test]
async fn an_empty_file_is_uploaded_without_encryption() {
    let sim = start_of("empty_file", Release::Scale25_10).await;
    let mut socket = Socket::native_admin(&sim).await;
    let task = task(&sim, &mut socket).await;
    let plain = json!({"encryption": false, "encryption_password": "", "encryption_salt": ""});
    socket.ok("cloudsync.update", json!([task, plain])).await;
    let job = socket.ok("cloudsync.sync", json!([task])).await;
    let job = socket.finished(&job).await;
    assert_eq!(job["state"], "SUCCESS", "{job:#}");
    assert_eq!(sim.b2().read("backup-bucket", "guid/pool0/docs/empty.dat"), Some(Vec::new()));
}
