//! Snapshots: taken, held, renamed, gone back to and removed, in the words of each release.

use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::socket::{Socket, start, start_of};

fn family(release: Release) -> &'static str {
    if release < Release::Scale25_10 { "zfs.snapshot" } else { "pool.snapshot" }
}

#[tokio::test]
async fn a_snapshot_is_taken_held_and_removed_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("snapshot", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let of = |method: &str| format!("{}.{method}", family(release));
        let new = json!([{"dataset": "pool0/docs", "name": "before", "recursive": true, "properties": {"a:b": "c"}}]);
        let made = socket.ok(&of("create"), new.clone()).await;
        assert_eq!(made["id"], "pool0/docs@before", "{release}");
        assert_eq!(sim.truenas().snapshots(), ["pool0/docs@before", "pool0/docs/contracts@before"]);
        let again = socket.refused(&of("create"), new).await.to_string();
        assert!(again.contains("already exists"), "{release}: {again}");
        let by_schema = json!([{"dataset": "pool0", "naming_schema": "auto-%Y-%m-%d_%H-%M"}]);
        let made = socket.ok(&of("create"), by_schema).await;
        assert!(made["snapshot_name"].as_str().unwrap().starts_with("auto-20"), "{made}");
        let held = socket.call(&of("hold"), json!(["pool0/docs@before", {"recursive": true}])).await;
        assert_eq!(held.is_ok(), release > Release::Core13_3, "{release}");
        if held.is_ok() {
            let busy = socket.refused(&of("delete"), json!(["pool0/docs@before"])).await.to_string();
            assert!(busy.contains("dataset is busy"), "{release}: {busy}");
            let shown = json!([[["id", "=", "pool0/docs@before"]], {"extra": {"holds": true}, "get": true}]);
            assert_eq!(socket.ok(&of("query"), shown).await["holds"], json!({"truenas": 1}));
            socket.ok(&of("release"), json!(["pool0/docs@before", {"recursive": true}])).await;
        }
        let deep = socket.call(&of("delete"), json!(["pool0/docs@before", {"recursive": true}])).await;
        if release == Release::Core13_3 {
            assert!(deep.is_err(), "CORE knows no such option");
            socket.ok(&of("delete"), json!(["pool0/docs@before"])).await;
        } else {
            assert_eq!(deep, Ok(json!(true)), "{release}");
            assert_eq!(sim.truenas().snapshots().len(), 1);
        }
        assert!(socket.call(&of("delete"), json!(["pool0/docs@before"])).await.is_err());
    }
}

#[tokio::test]
async fn going_back_and_cloning_bring_the_files_as_they_were() {
    for release in Release::ALL {
        let sim = start_of("rollback", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let of = |method: &str| format!("{}.{method}", family(release));
        let nas = sim.truenas();
        nas.write_file("/mnt/pool0/docs/a.txt", b"one").unwrap();
        socket.ok(&of("create"), json!([{"dataset": "pool0/docs", "name": "one"}])).await;
        nas.write_file("/mnt/pool0/docs/a.txt", b"two").unwrap();
        nas.write_file("/mnt/pool0/docs/new/b.txt", b"two").unwrap();
        nas.write_file("/mnt/pool0/docs/contracts/c.txt", b"stays").unwrap();
        socket.ok(&of("create"), json!([{"dataset": "pool0/docs", "name": "two"}])).await;
        let clone = json!([{"snapshot": "pool0/docs@one", "dataset_dst": "pool0/copy"}]);
        assert_eq!(socket.ok(&of("clone"), clone).await, true);
        let read = |path: &str| std::fs::read(nas.real_path(path).unwrap()).ok();
        assert_eq!(read("/mnt/pool0/copy/a.txt"), Some(b"one".to_vec()), "{release}");
        let refused = socket.refused(&of("rollback"), json!(["pool0/docs@one"])).await.to_string();
        assert!(refused.contains("more recent snapshots"), "{release}: {refused}");
        assert_eq!(
            socket.ok(&of("rollback"), json!(["pool0/docs@one", {"recursive": true}])).await,
            Value::Null
        );
        assert_eq!(
            (read("/mnt/pool0/docs/a.txt"), read("/mnt/pool0/docs/new/b.txt")),
            (Some(b"one".to_vec()), None)
        );
        assert_eq!(read("/mnt/pool0/docs/contracts/c.txt"), Some(b"stays".to_vec()), "a dataset of its own");
        assert_eq!(nas.snapshots(), ["pool0/docs@one"]);
        let cloned = socket.refused(&of("delete"), json!(["pool0/docs@one"])).await.to_string();
        assert!(cloned.contains("dependent clones"), "{release}: {cloned}");
    }
}

/// A snapshot of a task or of a call has its files below `.zfs`, where they are listed and downloaded, and nothing is written.
#[tokio::test]
async fn the_files_of_a_snapshot_are_seen_as_they_were_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("snapshot_files", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let (nas, of) = (sim.truenas(), |method: &str| format!("{}.{method}", family(release)));
        let task = json!({"dataset": "pool0/docs", "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "schedule": {"minute": "0"}, "enabled": true});
        let task = socket.ok("pool.snapshottask.create", json!([task])).await["id"].clone();
        for text in ["one", "one", "two"] {
            nas.write_file("/mnt/pool0/docs/a.txt", text.as_bytes()).unwrap();
            socket.ok("pool.snapshottask.run", json!([task])).await;
            sim.clock().advance(std::time::Duration::from_mins(1));
        }
        nas.write_file("/mnt/pool0/docs/a.txt", b"three").unwrap();
        socket.ok(&of("create"), json!([{"dataset": "pool0/docs", "name": "by-hand"}])).await;
        nas.write_file("/mnt/pool0/docs/a.txt", b"four").unwrap();
        let names = listed(&mut socket, "/mnt/pool0/docs/.zfs/snapshot").await;
        assert_eq!(names.len(), 4, "{release}: {names:?}");
        for (name, text) in names.iter().zip(["one", "one", "two", "three"]) {
            let path = format!("/mnt/pool0/docs/.zfs/snapshot/{name}/a.txt");
            let size = socket.ok("filesystem.stat", json!([path])).await["size"].clone();
            assert_eq!(size, json!(text.len()), "{release} {name}");
            let said = socket.ok("core.download", json!(["filesystem.get", [path], "a.txt"])).await;
            let (_, body) = crate::socket::get(&sim, said[1].as_str().unwrap()).await;
            assert_eq!(body, text.as_bytes(), "{release} {name}");
        }
        let last = format!("/mnt/pool0/docs/.zfs/snapshot/{}", names[3]);
        assert_eq!(listed(&mut socket, &format!("{last}/contracts")).await, [""; 0], "a dataset of its own");
        assert_eq!(listed(&mut socket, "/mnt/pool0/docs/.zfs").await, ["shares", "snapshot"], "{release}");
        assert!(!listed(&mut socket, "/mnt/pool0/docs").await.contains(&".zfs".to_owned()), "{release}");
        let shown = socket.ok("filesystem.stat", json!([last])).await;
        let is_said = release > Release::Core13_3;
        assert_eq!(shown["is_ctldir"] == true && shown["is_mountpoint"] == true, is_said, "{release}");
        let mounted = socket.ok("filesystem.statfs", json!([last])).await;
        assert_eq!((&mounted["source"], &mounted["dest"]), (&json!("pool0/docs@by-hand"), &json!(last)));
        for gone in
            ["/mnt/pool0/docs/.zfs/snapshot/none/a.txt", "/mnt/pool0/.zfs/snapshot/by-hand", "/mnt/.zfs"]
        {
            socket.refused("filesystem.stat", json!([gone])).await;
        }
        // What a task has kept is gone back to and cloned like the rest.
        let back = json!([format!("pool0/docs@{}", names[1]), {"recursive": true}]);
        socket.ok(&of("rollback"), back).await;
        assert_eq!(std::fs::read(nas.real_path("/mnt/pool0/docs/a.txt").unwrap()).unwrap(), b"one");
        let made = json!([{"path": "/mnt/pool0/media/.zfs/snapshot/new"}]);
        socket.refused("filesystem.mkdir", made).await;
        nas.lock_dataset("pool0/docs").unwrap();
        socket.refused("filesystem.stat", json!(["/mnt/pool0/docs/.zfs/snapshot"])).await;
    }
}

/// The names in a directory.
async fn listed(socket: &mut Socket, path: &str) -> Vec<String> {
    let entries = socket.ok("filesystem.listdir", json!([path])).await;
    entries.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_snapshot_is_renamed_from_25_10_on_and_only_by_force() {
    for release in Release::ALL {
        let sim = start_of("snapshot_rename", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        socket.ok(&format!("{}.create", family(release)), json!([{"dataset": "pool0", "name": "a"}])).await;
        let rename = |force: bool| json!(["pool0@a", {"new_name": "pool0@b", "force": force}]);
        let renamed = socket.call(&format!("{}.rename", family(release)), rename(true)).await;
        assert_eq!(renamed.is_ok(), release >= Release::Scale25_10, "{release}");
        if renamed.is_ok() {
            assert_eq!(sim.truenas().snapshots(), ["pool0@b"]);
            let refused = socket.complaints("pool.snapshot.rename", rename(false)).await;
            assert_eq!(refused, ["pool.snapshot.rename.force"]);
            let elsewhere = json!(["pool0@b", {"new_name": "pool1@b", "force": true}]);
            assert_eq!(
                socket.complaints("pool.snapshot.rename", elsewhere).await,
                ["pool.snapshot.rename.new_name"]
            );
        }
    }
}

/// The family of 26: paths in the place of filters, and complaints that name the method.
#[tokio::test]
async fn the_resources_of_26_name_their_method_when_they_refuse() {
    let sim = start_of("snapshot_resources", Release::Community26).await;
    let mut socket = Socket::native_admin(&sim).await;
    let made = socket
        .ok(
            "zfs.resource.snapshot.create",
            json!([{"dataset": "pool0/docs", "name": "a", "recursive": true}]),
        )
        .await;
    assert_eq!((&made["name"], &made["snapshot_name"]), (&json!("pool0/docs@a"), &json!("a")));
    socket.ok("zfs.resource.snapshot.hold", json!([{"path": "pool0/docs@a", "tag": "mine"}])).await;
    assert_eq!(
        socket.ok("zfs.resource.snapshot.holds", json!([{"path": "pool0/docs@a"}])).await,
        json!(["mine"])
    );
    let path = json!([{"path": "pool0/docs@a"}]);
    assert_eq!(
        socket.complaints("zfs.resource.snapshot.destroy", path.clone()).await,
        ["zfs.resource.snapshot.destroy"]
    );
    socket.ok("zfs.resource.snapshot.release", path.clone()).await;
    let counted =
        socket.ok("zfs.resource.snapshot.count", json!([{"paths": ["pool0"], "recursive": true}])).await;
    assert_eq!((&counted["pool0"], &counted["pool0/docs"]), (&json!(0), &json!(1)));
    let rename = json!([{"current_name": "pool0/docs@a", "new_name": "pool0/docs@b", "recursive": true}]);
    assert_eq!(socket.ok("zfs.resource.snapshot.rename", rename).await, Value::Null);
    assert_eq!(sim.truenas().snapshots(), ["pool0/docs@b", "pool0/docs/contracts@b"]);
    for (method, params) in [
        ("query", json!([{"paths": ["pool0/none"]}])),
        ("query", json!([{"paths": ["pool0", "pool0/docs"], "recursive": true}])),
        ("destroy", json!([{"path": "pool0/docs@none"}])),
        ("destroy", json!([{"path": "pool0/docs"}])),
        ("rollback", json!([{"path": "pool0/docs@none"}])),
    ] {
        let method = format!("zfs.resource.snapshot.{method}");
        assert_eq!(socket.complaints(&method, params).await, std::slice::from_ref(&method));
    }
    assert_eq!(
        socket
            .ok(
                "zfs.resource.snapshot.destroy",
                json!([{"path": "pool0", "all_snapshots": true, "recursive": true}])
            )
            .await,
        Value::Null
    );
    assert!(sim.truenas().snapshots().is_empty());
}

/// Who changes or removes a task can have the snapshots that it loses go when they would have gone with it.
#[tokio::test]
async fn z1_a_change_of_retention_is_foreseen_and_a_removal_date_can_be_kept() {
    for release in Release::ALL {
        let sim = start_of("retention_change", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let task = json!([{"dataset": "pool0/docs", "recursive": true, "lifetime_value": 3, "lifetime_unit": "HOUR",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "enabled": true}]);
        socket.ok("pool.snapshottask.create", task).await;
        socket.ok("pool.snapshottask.run", json!([1])).await;
        let will = "pool.snapshottask.update_will_change_retention_for";
        let lost = socket.call(will, json!([1, {"recursive": false}])).await;
        assert_eq!(lost.is_ok(), release > Release::Core13_3, "{release}");
        let Ok(lost) = lost else {
            let fixed =
                socket.call("pool.snapshottask.delete", json!([1, {"fixate_removal_date": true}])).await;
            assert!(fixed.is_err(), "CORE knows no such option");
            continue;
        };
        let names: Vec<&String> = lost.as_object().unwrap().keys().collect();
        assert_eq!(names, ["pool0/docs/contracts"], "{release}");
        assert_eq!(socket.ok(will, json!([1, {"lifetime_value": 9, "enabled": false}])).await, json!({}));
        let all = socket.ok("pool.snapshottask.delete_will_change_retention_for", json!([1])).await;
        assert_eq!(all.as_object().unwrap().len(), 2);
        assert_eq!(socket.ok("pool.snapshottask.max_count", json!([])).await, 512);
        assert_eq!(socket.ok("pool.snapshottask.max_total_count", json!([])).await, 10_000);
        socket.ok("pool.snapshottask.delete", json!([1, {"fixate_removal_date": true}])).await;
        for _ in 0..2 {
            sim.truenas().pass_hour();
        }
        assert_eq!(sim.truenas().snapshots().len(), 2, "{release}");
        sim.truenas().pass_hour();
        assert!(sim.truenas().snapshots().is_empty(), "{release}");
    }
}

/// The same box shows properties by itself up to 25.10; 26 shows those that are asked for by name, and fails over null.
#[tokio::test]
async fn properties_of_snapshots_are_shown_as_the_release_shows_them() {
    for release in Release::ALL {
        let sim = start_of("snapshot_properties", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let of = |method: &str| format!("{}.{method}", family(release));
        socket.ok(&of("create"), json!([{"dataset": "pool0", "name": "a"}])).await;
        let is_new = release >= Release::Community26;
        let ask = |extra: Value| json!([[["id", "=", "pool0@a"]], {"extra": extra, "get": true}]);
        let plain = socket.ok(&of("query"), ask(json!({}))).await;
        assert_eq!(plain.get("properties").is_none(), is_new, "{release}");
        let named = socket.ok(&of("query"), ask(json!({"properties": ["creation"]}))).await;
        assert_eq!(named["properties"].as_object().unwrap().len(), 1, "{release}");
        let null = socket.call(&of("query"), ask(json!({"properties": null}))).await;
        assert_eq!(null.is_err(), is_new, "{release}");
    }
}

#[tokio::test]
async fn a_held_snapshot_outlives_its_task() {
    let sim = start("a_held_snapshot_outlives_its_task").await;
    let mut socket = Socket::admin(&sim).await;
    let task = json!([{"dataset": "pool0", "lifetime_value": 1, "lifetime_unit": "HOUR"}]);
    socket.ok("pool.snapshottask.create", task).await;
    socket.ok("pool.snapshottask.run", json!([1])).await;
    let first = sim.truenas().snapshots()[0].clone();
    socket.ok("pool.snapshot.hold", json!([first])).await;
    sim.truenas().pass_hour();
    sim.truenas().pass_hour();
    assert!(sim.truenas().snapshots().contains(&first));
    socket.ok("pool.snapshot.release", json!([first])).await;
    sim.truenas().pass_hour();
    assert!(!sim.truenas().snapshots().contains(&first));
}

/// Not when it is made and not when it is changed: at the moments of its schedule, and when it is told to.
#[tokio::test]
async fn z1_a_snapshot_task_takes_a_snapshot_when_its_schedule_says_so() {
    for release in Release::ALL {
        let sim = start_of("snapshot_schedule", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let minute = (sim.clock().now_millis() / 60_000 + 30) % 60;
        let schedule =
            json!({"minute": minute.to_string(), "hour": "*", "dom": "*", "month": "*", "dow": "*"});
        let task = json!({"dataset": "pool0/docs", "recursive": false, "lifetime_value": 2, "lifetime_unit": "WEEK",
            "naming_schema": "auto-%Y-%m-%d_%H-%M", "schedule": schedule});
        let task = socket.ok("pool.snapshottask.create", json!([task])).await;
        let update = json!([task["id"], {"lifetime_value": 3}]);
        let changed = socket.ok("pool.snapshottask.update", update).await;
        assert_eq!(changed["state"], json!({"state": "PENDING"}), "{release}");
        assert_eq!(sim.truenas().snapshots(), [""; 0], "{release}");
        socket.subscribe("pool.snapshottask.query").await;
        sim.clock().advance(std::time::Duration::from_hours(1));
        // Nobody runs it: the appliance tells of it by itself.
        let note = socket.note().await;
        assert_eq!(Socket::event(&note)["fields"]["state"]["state"], "FINISHED", "{release}");
        let taken = sim.truenas().snapshots();
        assert!(taken.len() == 1 && taken[0].ends_with(&format!("-{minute:02}")), "{release}: {taken:?}");
        socket.ok("pool.snapshottask.run", json!([task["id"]])).await;
        let by_hand = sim.truenas().snapshots().len();
        assert!(by_hand <= 2 && sim.truenas().snapshots()[0] == taken[0], "{release}");
    }
}
