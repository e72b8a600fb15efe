//! Credential, tasks, limits and snapshots on the appliance (C1–C6, Z1, Z1a, Z2).

use dtc_provision::ids::{CloudSyncId, SnapshotTaskId};
use dtc_provision::phases::snapshots::SnapshotPhase;
use dtc_provision::phases::tasks::TaskPhase;
use dtc_provision::ports::memory::{BUCKET, State};
use dtc_provision::ports::{CloudSyncSettings, Direction, Script, Snapshot, SnapshotTask, TransferMode};
use dtc_provision::schedule::{Schedule, TimeOfDay};
use dtc_provision::standard::Setting;
use dtc_provision::verify::{ItemId, Verdict};
use dtc_provision::{ErrorKind, Stop};

use crate::scene::{Change, Scene, block_on, failed, item, refusal};

fn first_settings(state: &State) -> CloudSyncSettings {
    state.appliance.tasks.iter().find(|task| task.settings.path == "/mnt/pool0").unwrap().settings.clone()
}

fn change_task(scene: &Scene, change: impl Fn(&mut CloudSyncSettings)) {
    scene.world.change(|state| state.appliance.tasks.iter_mut().for_each(|task| change(&mut task.settings)));
}

#[test]
fn c1_the_box_tries_the_key_before_it_is_saved() {
    let scene = Scene::provisioned();
    let at = |name: &str| scene.world.log().iter().position(|call| call.name == name).unwrap();
    assert!(at("appliance.verify_cloud_credential") < at("appliance.put_cloud_credential"));
}

#[test]
fn c1_a_key_that_is_too_new_to_be_known_is_tried_again() {
    let scene = Scene::new();
    scene.world.change(|state| state.appliance.unsettled_keys = 3);
    scene.provision();
}

#[test]
fn c1_a_key_the_box_cannot_use_is_explained_and_not_saved() {
    let explained = [
        ("unauthorized (401)", "archive its record"),
        ("bad_auth_token", "archive its record"),
        ("API version of the key is newer", "K2a"),
    ];
    for (words, said) in explained {
        let scene = Scene::new();
        scene.world.change(|state| state.appliance.refuses_keys = Some(words.to_owned()));
        let refusal = refusal(&scene.run().result.unwrap_err());
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("C1", Stop::Precondition));
        assert!(refusal.what.contains(words) && refusal.remedy.contains(said), "{refusal}");
        assert!(scene.world.look(|state| state.appliance.credentials.is_empty()));
    }
}

/// A way that closes after it was looked at is told as what it is.
#[test]
fn c1_a_way_to_b2_that_closes_meanwhile_is_explained() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        if call.name == "store.create_key" {
            state.appliance.refuses_keys =
                Some("dial tcp: lookup api.backblazeb2.com: no such host".to_owned());
        }
    });
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert!(refusal.rule == "C1" && refusal.remedy.contains("DNS servers"), "{refusal}");
    assert!(scene.world.look(|state| state.appliance.credentials.is_empty()));
}

/// What shows the appliance's way to B2 to be closed is seen before anything is written, and not when the key is there.
#[test]
fn x1c_an_appliance_that_does_not_reach_b2_stops_before_the_bucket_is_created() {
    for (words, about) in [
        ("dial tcp: lookup api.backblazeb2.com: no such host", "DNS servers"),
        ("[Errno -3] Temporary failure in name resolution", "DNS servers"),
        ("dial tcp 192.0.2.1:443: connect: connection refused", "route"),
        ("Post \"https://api.backblazeb2.com\": context deadline exceeded", "route"),
        ("x509: certificate signed by unknown authority", "inspects TLS"),
        ("x509: certificate has expired or is not yet valid: current time is before", "clock"),
        ("proxyconnect tcp: 407 Proxy Authentication Required", "proxy"),
    ] {
        let scene = Scene::new();
        scene.world.change(|state| state.appliance.refuses_keys = Some(words.to_owned()));
        let refusal = refusal(&scene.run().result.unwrap_err());
        assert_eq!(
            (refusal.rule.as_str(), refusal.stop, scene.world.writes()),
            ("X1c", Stop::Precondition, 0)
        );
        assert!(refusal.what.contains(words) && refusal.remedy.contains(about), "{refusal}");
    }
}

#[test]
fn c1_a_credential_that_drifted_gets_the_vaults_key() {
    let drifts: [fn(&mut State); 3] = [
        |state| state.appliance.credentials[0].key = "another".to_owned(),
        |state| state.appliance.credentials[0].key_id = "005dead".to_owned(),
        |state| state.appliance.credentials.clear(),
    ];
    for drift in drifts {
        let scene = Scene::provisioned();
        scene.world.change(drift);
        scene.provision();
        scene.world.look(|state| {
            assert_eq!(state.appliance.credentials.len(), 1);
            assert_eq!(state.appliance.credentials[0].key, state.store.keys[0].secret);
            assert!(
                state.appliance.tasks.iter().all(|task| task.credential == state.appliance.credentials[0].id)
            );
        });
        assert!(scene.plan().unwrap().is_empty());
    }
}

#[test]
fn c2_one_task_for_each_pool_as_the_standard_has_it() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        let guid = state.appliance.pools[0].pool.device_guid.clone().unwrap();
        assert_eq!(state.appliance.tasks.len(), 2);
        let settings = first_settings(state);
        assert_eq!((&settings.direction, &settings.transfer_mode), (&Direction::Push, &TransferMode::Sync));
        assert_eq!(settings.target.bucket, BUCKET);
        assert_eq!(settings.target.folder, format!("/{guid}/pool0"));
        assert_eq!(settings.description, "Pool0 Cloud Backup");
        assert_eq!(settings.schedule.as_str(), "0 0 * * *");
        assert_eq!(settings.exclude, ["/Archive/**", "/archive/**"]);
        assert_eq!((settings.chunk_mebibytes, settings.transfers), (Some(96), None));
        assert!(settings.fast_list && settings.encryption && !settings.filename_encryption);
        assert!(!settings.snapshot && !settings.follow_symlinks);
        assert_eq!((settings.pre_script, settings.post_script), (Script::None, Script::None));
        assert!(settings.arguments.is_empty());
    });
}

#[test]
fn c2_two_tasks_for_one_pool_stop_everything() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        let mut copy = state.appliance.tasks[0].clone();
        copy.id = CloudSyncId::new("77");
        state.appliance.tasks.push(copy);
    });
    let refusal = scene.refusal();
    assert!(refusal.rule == "C2" && refusal.what.contains("77"), "{refusal}");
}

#[test]
fn c2_only_the_pools_that_are_named_are_backed_up() {
    let mut scene = Scene::new();
    scene.site.pools = vec!["tank".parse().unwrap()];
    scene.provision();
    scene.world.look(|state| assert_eq!(state.appliance.tasks.len(), 1));
    scene.site.pools = vec!["nowhere".parse().unwrap()];
    assert_eq!(scene.refusal().rule, "I4");
}

#[test]
fn c2a_a_task_that_was_not_saved_as_asked_is_never_enabled() {
    let spoils: [fn(&mut CloudSyncSettings); 3] = [
        |settings| settings.exclude = vec!["/Archive/**, /archive/**".to_owned()],
        |settings| settings.encryption = false,
        |settings| settings.chunk_mebibytes = Some(16),
    ];
    for (spoil, field) in spoils.into_iter().zip(["excluded", "remote encryption", "upload chunk size"]) {
        let scene = Scene::new();
        scene.world.change(|state| state.appliance.saves_wrongly = Some(spoil));
        let error = scene.run().result.unwrap_err();
        let ErrorKind::ReadBack { difference, .. } = error.kind() else { panic!("{error}") };
        assert!(difference.contains(field), "{difference}");
        assert!(scene.world.look(|state| state.appliance.tasks.iter().all(|task| !task.enabled)));
    }
}

#[test]
fn c2a_a_task_is_saved_disabled_and_read_back_before_it_is_enabled() {
    let scene = Scene::provisioned();
    let log: Vec<&str> = scene.world.log().iter().map(|call| call.name).collect();
    let at = log.iter().position(|name| *name == "appliance.put_cloud_sync").unwrap();
    let steps = [
        "appliance.put_cloud_sync",
        "appliance.cloud_syncs",
        "appliance.pools",
        "appliance.enable_cloud_sync",
    ];
    assert_eq!(log[at..at + 4], steps);
}

#[test]
fn c2a_hidden_secrets_are_unknown_and_neither_equal_nor_written_back() {
    let scene = Scene::new();
    scene.world.change(|state| state.appliance.hides_secrets = true);
    scene.provision();
    let refusal = scene.refusal();
    assert!(refusal.rule == "E4" && refusal.what.contains("hides"), "{refusal}");
}

#[test]
fn c3_tasks_that_start_together_share_the_line() {
    let scene = Scene::provisioned();
    let limits = scene.world.look(|state| first_settings(state).bandwidth);
    let shown: Vec<String> = limits.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["00:00 5 MB/s", "08:00 1.25 MB/s", "18:00 5 MB/s"]);
}

#[test]
fn c3_another_time_zone_than_the_clients_is_a_finding() {
    let mut scene = Scene::new();
    scene.site.time_zone = Some("America/New_York".to_owned());
    assert!(scene.findings("C3").is_empty());
    scene.site.time_zone = Some("Europe/Berlin".to_owned());
    let found = scene.findings("C3");
    assert!(found[0].contains("America/New_York") && found[0].contains("Europe/Berlin"), "{found:?}");
}

#[test]
fn c4_a_task_that_drifted_is_shown_field_by_field_and_changed_in_place() {
    let drifts: [(Change<CloudSyncSettings>, Setting); 8] = [
        (|task| task.schedule = "0 3 * * *".parse().unwrap(), Setting::Schedule),
        (|task| task.transfer_mode = TransferMode::Copy, Setting::TransferMode),
        (|task| task.exclude.clear(), Setting::Exclude),
        (|task| task.bandwidth.clear(), Setting::Bandwidth),
        (|task| task.fast_list = false, Setting::FastList),
        (|task| task.follow_symlinks = true, Setting::FollowSymlinks),
        (|task| task.pre_script = Script::Present, Setting::PreScript),
        (|task| task.description = "my backup".to_owned(), Setting::Description),
    ];
    for (drift, setting) in drifts {
        let scene = Scene::provisioned();
        let before = scene.world.look(|state| state.appliance.tasks.len());
        change_task(&scene, drift);
        let plan = scene.plan().unwrap();
        let TaskPhase::Change { differences, act: None, .. } = &plan.pools[0].task else {
            panic!("{setting:?}")
        };
        assert_eq!(differences.iter().map(|found| found.setting).collect::<Vec<_>>(), [setting]);
        scene.provision();
        assert_eq!(scene.world.look(|state| state.appliance.tasks.len()), before);
        assert!(scene.plan().unwrap().is_empty(), "{setting:?}");
    }
}

#[test]
fn c4_pointing_a_task_elsewhere_takes_consent() {
    let scene = Scene::provisioned();
    let folder = "/7c9e6679-7425-40de-944b-e07fc1f90ae7/pool0";
    // Its pair is that of the folder it writes to: without a record of it, E4 stops the run.
    change_task(&scene, |task| task.target.folder = folder.to_owned());
    assert_eq!(scene.refusal().rule, "E4");

    let scene = Scene::provisioned();
    scene.world.change(|state| {
        state.appliance.tasks.iter_mut().for_each(|task| {
            task.settings.target.folder = "/somewhere".to_owned();
            (task.password, task.salt) = (String::new(), String::new());
        });
    });
    let plan = scene.plan().unwrap();
    assert_eq!(plan.questions().iter().filter(|question| question.act().kind == "repoint-task").count(), 2);
    let writes = scene.world.writes();
    let consents = scene.consents_without(&plan, "repoint-task");
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }));
    assert_eq!(scene.world.writes(), writes);
    scene.provision();
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn c5_a_child_that_looks_empty_stops_everything() {
    for (locked, mounted, said) in [(true, false, "locked"), (false, false, "not mounted")] {
        let scene = Scene::provisioned();
        scene.world.change(|state| {
            let dataset = &mut state.appliance.pool_mut("pool0").unwrap().datasets[1];
            (dataset.locked, dataset.mounted) = (locked, mounted);
        });
        let refusal = scene.refusal();
        assert_eq!(refusal.rule.as_str(), "C5");
        assert!(refusal.what.contains("pool0/docs is") && refusal.what.contains(said), "{refusal}");
    }
}

#[test]
fn c5_a_child_that_was_locked_since_fails_the_audit() {
    let scene = Scene::provisioned();
    scene.world.change(|state| state.appliance.pool_mut("pool0").unwrap().datasets[1].locked = true);
    let report = scene.verify();
    assert_eq!(failed(&report), [ItemId::TaskPath]);
    let evidence = item(&report, ItemId::TaskPath);
    assert!(evidence.contains("pool0/docs is locked"), "{evidence}");
}

#[test]
fn c5_a_child_locked_meanwhile_keeps_the_task_disabled() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        if call.name == "appliance.put_cloud_sync" {
            state.appliance.pool_mut("pool0").unwrap().datasets[2].locked = true;
        }
    });
    assert_eq!(refusal(&scene.run().result.unwrap_err()).rule, "C5");
    assert!(scene.world.look(|state| state.appliance.tasks.iter().all(|task| !task.enabled)));
}

#[test]
fn c6_what_the_backup_cannot_hold_is_said() {
    let scene = Scene::provisioned();
    assert_eq!(scene.findings("C6"), ["pool0/vm is a zvol: Cloud Sync never copies it"]);
    let coverage = scene.verify().coverage;
    assert!(coverage.iter().any(|line| line.contains("pool0/vm is a zvol")), "{coverage:?}");
    assert!(coverage.iter().any(|line| line.contains("/Archive/**")));
}

#[test]
fn z1_hourly_recursive_two_weeks() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        assert_eq!(state.appliance.snapshot_tasks.len(), 2);
        let SnapshotTask { enabled, settings, .. } = &state.appliance.snapshot_tasks[0];
        assert!(*enabled && settings.recursive && settings.exclude.is_empty() && !settings.allow_empty);
        assert_eq!((settings.lifetime_hours, settings.schema.as_str()), (336, "auto-%Y-%m-%d_%H-%M"));
        assert_eq!(settings.schedule, Schedule::hourly());
        assert_eq!((settings.begin, settings.end), (TimeOfDay::MIDNIGHT, TimeOfDay::LAST_MINUTE));
    });
}

#[test]
fn z1a_a_task_that_differs_in_settings_is_adopted_and_a_second_is_a_finding() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        state.appliance.snapshot_tasks[0].settings.lifetime_hours = 24;
        state.appliance.snapshot_tasks[1].enabled = false;
    });
    let plan = scene.plan().unwrap();
    assert!(plan.pools.iter().all(|pool| matches!(pool.snapshot_task, SnapshotPhase::Change { .. })));
    scene.provision();
    assert_eq!(scene.world.look(|state| state.appliance.snapshot_tasks.len()), 2);

    scene.world.change(|state| {
        let mut second = state.appliance.snapshot_tasks[0].clone();
        (second.id, second.settings.lifetime_hours) = (SnapshotTaskId::new("88"), 2);
        state.appliance.snapshot_tasks.push(second);
    });
    let found = scene.findings("Z1a");
    assert!(found[0].contains("88"), "{found:?}");
    assert!(scene.plan().unwrap().pools.iter().all(|pool| pool.snapshot_task == SnapshotPhase::Keep));
}

#[test]
fn z2_a_snapshot_of_the_schema_is_evidence() {
    let scene = Scene::provisioned();
    let evidence = |scene: &Scene| {
        let item = scene.verify().items.into_iter().find(|item| item.rule == "Z1").unwrap();
        assert_eq!(item.verdict, Verdict::Pass);
        item.evidence
    };
    assert!(evidence(&scene).contains("none taken yet"));
    scene.world.change(|state| {
        let snapshots = &mut state.appliance.pool_mut("pool0").unwrap().snapshots;
        let taken = |name: &str| Snapshot { dataset: "pool0".to_owned(), name: name.to_owned() };
        snapshots.extend([taken("auto-2026-11-01_09-00"), taken("auto-2026-11-01_08-00"), taken("by-hand")]);
        let docs = Snapshot { dataset: "pool0/docs".to_owned(), name: "auto-2026-11-01_09-00".to_owned() };
        snapshots.push(docs);
    });
    let evidence = evidence(&scene);
    assert!(evidence.contains("2 so far, last auto-2026-11-01_09-00; on 1 of 3 children"), "{evidence}");
}
