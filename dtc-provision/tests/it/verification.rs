//! First runs, the proof of recoverability, the checklist and what is written down (V1–V6).

use dtc_provision::jiff::SignedDuration;
use dtc_provision::journal::Entry;
use dtc_provision::phases::Step;
use dtc_provision::phases::first_run::FirstRunPhase;
use dtc_provision::ports::memory::{BUCKET, Moment, ObjectState, State};
use dtc_provision::ports::{BucketSettings, CloudSyncSettings, JobState, TransferMode};
use dtc_provision::proofs::Slot;
use dtc_provision::site::FirstRun;
use dtc_provision::verify::{ItemId, Proof, Report, Sample, Verdict, checklist};
use dtc_provision::{ErrorKind, Outcome, Stop};

use crate::scene::{Change, Scene, block_on, failed, item, record};

fn samples(report: &Report) -> Vec<&Sample> {
    report.proofs.iter().flat_map(|pool| &pool.samples).collect()
}

fn objects(state: &mut State) -> impl Iterator<Item = &mut ObjectState> {
    state.store.bucket_mut(BUCKET).unwrap().objects.values_mut()
}

#[test]
fn v1_first_runs_are_followed_to_their_end_with_time_and_bytes() {
    let scene = Scene::new();
    scene.world.change(|state| state.appliance.looks_per_job = 5);
    let ran = scene.run();
    let completion = ran.result.unwrap();
    assert_eq!(completion.first_runs.len(), 2);
    assert!(
        completion.first_runs.iter().all(|run| run.finished.is_some() && run.summary.contains("5 files"))
    );
    assert!(ran.journal.iter().any(|(_, entry)| matches!(entry, Entry::Progress { .. })));
}

#[test]
fn v1_a_run_under_way_is_joined_and_not_started_twice() {
    let scene = Scene::new();
    scene.world.change(|state| state.appliance.looks_per_job = 9);
    let start = {
        let copy = Scene::new();
        copy.provision();
        copy.world.log().iter().position(|call| call.name == "appliance.job").unwrap()
    };
    scene.world.kill_at(start + 2, Moment::AfterEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();
    assert_eq!(scene.world.look(|state| state.appliance.jobs.len()), 2);
    scene.provision();
    assert_eq!(scene.world.look(|state| state.appliance.jobs.len()), 2);
}

#[test]
fn v1_a_run_into_the_old_place_ends_before_the_task_is_pointed_elsewhere_and_is_no_first_run() {
    let scene = Scene::new();
    let started = {
        let copy = Scene::new();
        copy.provision();
        copy.world.log().iter().rposition(|call| call.name == "appliance.start_cloud_sync").unwrap()
    };
    scene.world.kill_at(started, Moment::AfterEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();
    scene.world.change(|state| {
        state.appliance.jobs.iter_mut().for_each(|job| job.looks_left = 40);
        let fields = &mut state.inventory.organizations[0].locations[0].fields;
        fields.insert("dtcLocationGuid".to_owned(), "7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned());
    });
    let plan = scene.plan().unwrap();
    let ends_first =
        |step: &Step| step.details.iter().any(|detail| detail.starts_with("a run under way ends first"));
    assert_eq!(plan.steps().iter().filter(|step| ends_first(step)).count(), 2);
    let ran = scene.run();
    let report = ran.result.unwrap().report.unwrap();
    assert!(report.proofs.iter().all(|pool| pool.objects > 0), "{:?}", report.proofs);
    scene.world.look(|state| {
        assert!(
            state.appliance.jobs.len() == 4 && state.appliance.jobs.iter().all(|job| job.looks_left == 0)
        );
    });
    assert!(scene.plan().unwrap().is_empty());
    scene.provision();
}

#[test]
fn v1_a_run_that_failed_is_said_and_started_again() {
    for (end, said) in
        [(JobState::Failed("disk full".to_owned()), "disk full"), (JobState::Aborted, "aborted")]
    {
        let scene = Scene::new();
        scene.world.change(|state| {
            (state.appliance.jobs_end, state.appliance.looks_per_job) = (Some(end), 0);
        });
        let error = scene.run().result.unwrap_err();
        let ErrorKind::FirstRunFailed { reason, .. } = error.kind() else { panic!("{error}") };
        assert!(reason.contains(said), "{reason}");
        scene.world.change(|state| state.appliance.jobs_end = None);
        scene.provision();
    }
}

/// The appliance gives an aborted job up at once; what it had started may not have ended, and no call tells.
#[test]
fn v1_nothing_is_started_beside_what_an_aborted_run_may_have_left_running() {
    let hours = |count| Some(SignedDuration::from_hours(count));
    // The world's own time passes with each call, so that of two minutes a part is over when the run is due.
    for (what, end, ago, seconds) in [
        ("just now", JobState::Aborted, hours(0), 1..120),
        ("by a clock that is ahead", JobState::Aborted, hours(-1), 120..130),
        ("nobody knows when", JobState::Aborted, None, 120..130),
        ("an hour ago", JobState::Aborted, hours(1), 0..1),
        ("failed just now", JobState::Failed("disk full".to_owned()), hours(0), 0..1),
    ] {
        let scene = Scene::new();
        scene.world.change(|state| {
            (state.appliance.jobs_end, state.appliance.looks_per_job) = (Some(end.clone()), 0);
        });
        let error = scene.run().result.unwrap_err();
        assert_eq!(
            error.to_string().contains("its rclone may still run"),
            end == JobState::Aborted,
            "{error}"
        );
        scene.world.change(|state| {
            state.appliance.jobs_end = None;
            let finished = ago.map(|ago| state.now - ago);
            state.appliance.jobs.iter_mut().for_each(|job| job.finished = finished);
        });
        let last = scene.verify().item(ItemId::FirstRun).unwrap().evidence.clone();
        assert_eq!(last.contains("its rclone may still run"), end == JobState::Aborted, "{last}");
        let (took, ran) = block_on(async {
            let began = tokio::time::Instant::now();
            let ran = scene.runs().await;
            (began.elapsed().as_secs(), ran)
        });
        ran.result.unwrap();
        assert!(seconds.contains(&took), "{what}: {took} s");
        let is_said =
            |(_, entry): &(_, Entry)| matches!(entry, Entry::Waiting { on } if on.contains("rclone"));
        assert_eq!(ran.journal.iter().any(is_said), seconds.start > 0, "{what}: {:?}", ran.journal);
        let planned = ran.plan.unwrap().pools[0].first_run.clone();
        assert_eq!(matches!(planned, FirstRunPhase::Again { .. }), end == JobState::Aborted, "{what}");
    }
}

#[test]
fn v1_a_first_run_can_be_left_to_the_schedule() {
    let mut scene = Scene::new();
    scene.site.first_run = FirstRun::Scheduled;
    let completion = scene.provision();
    assert!(completion.report.is_none() && completion.first_runs.is_empty());
    scene
        .world
        .look(|state| assert!(state.appliance.jobs.is_empty() && state.tickets.values().all(Vec::is_empty)));
    assert!(scene.plan().unwrap().pools.iter().all(|pool| pool.first_run == FirstRunPhase::Scheduled));
    assert!(!scene.plan().unwrap().documentation.record);
}

#[test]
fn v1_a_run_into_another_folder_proves_nothing_about_this_one() {
    let scene = Scene::provisioned();
    // NinjaOne wins, the tasks point elsewhere, and the run is killed before it starts them.
    scene.world.change(|state| {
        let device = state.inventory.devices_mut().find(|device| device.device.id.as_str() == "71").unwrap();
        device.fields.insert("deviceGuid".to_owned(), "7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned());
    });
    let ahead = {
        let copy = Scene::new();
        copy.world.change(|state| *state = scene.world.look(State::clone));
        let from = copy.world.calls();
        copy.provision();
        copy.world.log()[from..].iter().position(|call| call.name == "appliance.start_cloud_sync").unwrap()
    };
    scene.world.kill_at(ahead, Moment::BeforeEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();
    assert!(scene.plan().unwrap().pools.iter().all(|pool| pool.first_run == FirstRunPhase::Run));
    scene.provision();
    assert!(samples(&scene.verify()).iter().all(|sample| sample.object.starts_with("7c9e6679")));
}

#[test]
fn v2_archives_at_the_top_fail_and_others_are_reported() {
    let scene = Scene::provisioned();
    let report = scene.verify();
    assert!(failed(&report).is_empty());
    let said = item(&report, ItemId::NoArchives);
    assert!(said.contains("ARCHIVE") && said.contains("docs/Archive"), "{said}");
    scene.world.change(|state| {
        let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
        let (name, object) = objects.iter().find(|(name, _)| name.contains("letter")).unwrap();
        let (name, mut object) = (name.replace("docs/letter", "archive/letter"), object.clone());
        object.object.name.clone_from(&name);
        objects.insert(name, object);
    });
    assert_eq!(failed(&scene.verify()), [ItemId::NoArchives]);
}

#[test]
fn v3_objects_open_with_the_vaults_secrets_and_are_their_sources() {
    let scene = Scene::provisioned();
    let report = scene.verify();
    for pool in &report.proofs {
        assert!(pool.samples.len() > 1, "several of each pool");
        assert!(
            pool.samples.iter().all(|sample| sample.proof == Proof::Content && sample.size > 0),
            "{pool:?}"
        );
    }
    let sizes: Vec<u64> = samples(&report).iter().map(|sample| sample.size).collect();
    assert!(sizes.contains(&70_000), "the largest spans two blocks: {sizes:?}");
}

#[test]
fn v3_what_the_escrowed_secrets_do_not_open_is_data_at_risk() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        objects(state).for_each(|held| held.store(|body| *body.last_mut().unwrap() ^= 1));
    });
    let report = scene.verify();
    assert_eq!((failed(&report), report.data_at_risk()), (vec![ItemId::Recoverable], true));
}

#[test]
fn v3_plaintext_in_the_bucket_fails() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        objects(state)
            .filter(|held| held.object.size > 100)
            .for_each(|held| held.store(|body| body.fill(b'x')));
    });
    let report = scene.verify();
    assert_eq!((failed(&report), report.data_at_risk()), (vec![ItemId::Recoverable], true));
    assert!(item(&report, ItemId::Recoverable).contains(".bin"));
}

#[test]
fn v3_a_source_that_changed_or_went_leaves_a_proof_of_the_key() {
    let changes: [(Change<State>, &str); 2] = [
        (|state| state.appliance.pools.iter_mut().for_each(|pool| pool.files.clear()), "gone"),
        (
            |state| {
                let later = state.now;
                let files = state.appliance.pools.iter_mut().flat_map(|pool| pool.files.values_mut());
                files.for_each(|file| file.modified = later);
            },
            "changed",
        ),
    ];
    for (change, said) in changes {
        let scene = Scene::provisioned();
        scene.world.change(change);
        let report = scene.verify();
        assert!(report.passed(), "{said}: {:?}", report.items);
        for sample in samples(&report) {
            let Proof::Keys { but, .. } = &sample.proof else { panic!("{sample:?}") };
            assert!(but.contains(said), "{but}");
        }
    }
}

#[test]
fn v3_content_that_is_not_its_sources_fails() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        let files = state.appliance.pools.iter_mut().flat_map(|pool| pool.files.values_mut());
        files.filter(|file| !file.content.is_empty()).for_each(|file| file.content[0] ^= 1);
    });
    assert_eq!(failed(&scene.verify()), [ItemId::Recoverable]);
}

/// What B2 does not take is not the key: that is a failure of the escrow, and shows nothing about the data.
#[test]
fn e1_a_key_that_the_store_refuses_is_a_failure_and_not_a_gap() {
    let scene = Scene::provisioned();
    // The appliance hides its key, so that only fetching tells that the vault's is spoiled.
    scene.world.change(|state| {
        state.appliance.hides_secrets = true;
        let key = Slot::ApplicationKey;
        let record = state.vault.records.iter_mut().find(|found| found.record.slot == key);
        let record = record.unwrap();
        record.versions[0].value.push('x');
        record.record.check = None;
    });
    let report = scene.verify();
    assert_eq!((failed(&report), report.outcome()), (vec![ItemId::KeyEscrowed], Outcome::Differs));
    assert!(item(&report, ItemId::KeyEscrowed).contains("B2 does not accept"), "{:?}", report.items);
    assert_eq!(report.item(ItemId::Recoverable).unwrap().verdict, Verdict::NotCheckable);
}

/// A value that does not fit the check in its notes is told as such, before anything is tried with it.
#[test]
fn e3a_a_verification_finds_a_secret_that_is_not_what_was_written() {
    let (key, pair) = (ItemId::KeyEscrowed, ItemId::SecretsEscrowed);
    let slots = [(Slot::ApplicationKey, key), (Slot::EncryptionPassword, pair), (Slot::EncryptionSalt, pair)];
    for (slot, id) in slots {
        for changed in ["", ";", "a value of 32 characters it was !"] {
            let scene = Scene::provisioned();
            scene.world.change(|state| {
                let found = state.vault.records.iter_mut().find(|found| found.record.slot == slot).unwrap();
                changed.clone_into(&mut found.versions[0].value);
            });
            let report = scene.verify();
            assert_eq!(failed(&report), [id], "{slot} {changed:?}");
            assert!(item(&report, id).contains("E3a"), "{}", item(&report, id));
            assert!(report.unproven().is_some(), "{slot} {changed:?}");
        }
    }
}

#[test]
fn v5_all_26_items_with_evidence() {
    let scene = Scene::provisioned();
    let report = scene.verify();
    assert_eq!(report.items.iter().map(|item| item.number).collect::<Vec<_>>(), (1..=26).collect::<Vec<_>>());
    assert!(report.items.iter().all(|item| item.verdict == Verdict::Pass && !item.evidence.is_empty()));
    assert_eq!(report.summary(), "26 passed, 0 failed, 0 not checkable");
}

/// Something that is no longer so.
type Break = Box<dyn Fn(&mut State)>;

/// Each of these breaks one fact; the items after it are its own and no other's.
#[test]
fn v5_one_broken_fact_is_one_failed_item() {
    let tasks = |state: &mut State, change: Change<CloudSyncSettings>| {
        state.appliance.tasks.iter_mut().for_each(|task| change(&mut task.settings));
    };
    let task = |change: Change<CloudSyncSettings>| -> Break { Box::new(move |state| tasks(state, change)) };
    let bucket = |change: Change<BucketSettings>| -> Break {
        Box::new(move |state| change(&mut state.store.bucket_mut(BUCKET).unwrap().bucket.settings))
    };
    let broken: Vec<(ItemId, Break)> = vec![
        (ItemId::Monitored, Box::new(|state| state.appliance.snmp.running = false)),
        (ItemId::GuidOnPool, Box::new(|state| state.appliance.pools[0].pool.device_guid = None)),
        (
            ItemId::GuidInInventory,
            Box::new(|state| {
                state.inventory.devices_mut().for_each(|device| drop(device.fields.remove("deviceGuid")));
            }),
        ),
        (
            ItemId::Retention,
            Box::new(|state| state.store.bucket_mut(BUCKET).unwrap().bucket.retention = None),
        ),
        (ItemId::DefaultEncryption, bucket(|settings| settings.sse_b2 = false)),
        (ItemId::Lifecycle, bucket(|settings| settings.lifecycle.clear())),
        (ItemId::KeyScope, Box::new(|state| state.store.keys[0].key.buckets.clear())),
        (ItemId::KeyEscrowed, Box::new(|state| state.appliance.credentials[0].key = "another".to_owned())),
        (ItemId::SecretsEscrowed, Box::new(|state| state.appliance.tasks[0].password = "another".to_owned())),
        (ItemId::TaskDirection, task(|settings| settings.transfer_mode = TransferMode::Copy)),
        (ItemId::TaskPath, task(|settings| settings.path = "/mnt".to_owned())),
        (ItemId::TaskFolder, task(|settings| settings.target.folder = "/".to_owned())),
        (ItemId::TaskSchedule, task(|settings| settings.schedule = "0 0 * * 7".parse().unwrap())),
        (ItemId::TaskSnapshot, task(|settings| settings.snapshot = true)),
        (ItemId::TaskExclude, task(|settings| settings.exclude.truncate(1))),
        (ItemId::TaskChunkSize, task(|settings| settings.chunk_mebibytes = None)),
        (ItemId::TaskFastList, task(|settings| settings.fast_list = false)),
        (ItemId::TaskEncryption, task(|settings| settings.encryption = false)),
        (ItemId::TaskFilenameEncryption, task(|settings| settings.filename_encryption = true)),
        (ItemId::TaskBandwidth, task(|settings| settings.bandwidth.clear())),
        (ItemId::Snapshots, Box::new(|state| state.appliance.snapshot_tasks[0].settings.lifetime_hours = 24)),
        (
            ItemId::FirstRun,
            Box::new(|state| state.appliance.jobs.iter_mut().for_each(|job| job.end = JobState::Aborted)),
        ),
        (ItemId::TicketUpdated, Box::new(|state| state.tickets.values_mut().for_each(Vec::clear))),
    ];
    let not_broken_here = [ItemId::BucketName, ItemId::NoArchives, ItemId::Recoverable];
    for check in checklist().iter().filter(|check| !not_broken_here.contains(&check.id)) {
        assert!(broken.iter().any(|(id, _)| *id == check.id), "nothing breaks {:?}", check.id);
    }
    for (id, change) in broken {
        let scene = Scene::provisioned();
        scene.world.change(change);
        let report = scene.verify();
        assert_eq!(failed(&report), [id], "{:?}", report.items);
    }
}

#[test]
fn v6_completion_is_in_the_vault_and_in_the_ticket() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        let found = record(state, Slot::ApplicationKey);
        assert!(found.record.operational);
        let noted = found.operational.as_ref().unwrap();
        assert_eq!(noted.since.strftime("%F").to_string(), "2026-11-01");
        assert!(
            noted
                .first_backups
                .iter()
                .any(|(pool, run)| pool.as_str() == "pool0" && run.as_str().contains("bytes"))
        );
        let (_, note) = &state.tickets.values().next().unwrap()[0];
        let guid = state.appliance.pools[0].pool.device_guid.clone().unwrap();
        for said in [
            BUCKET,
            &guid,
            "First backup of tank: 2026-11-01T",
            "5 files",
            &found.record.reference.url,
            "SOP",
        ] {
            assert!(note.contains(said), "{said}: {note}");
        }
    });
}

#[test]
fn v6_nothing_is_called_operational_that_is_not_proven() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        if call.name == "appliance.start_cloud_sync" {
            objects(state).for_each(|held| held.store(|body| *body.last_mut().unwrap() = 0));
        }
    });
    let error = scene.run().result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::VerificationFailed { data_at_risk: true, .. }), "{error}");
    assert_eq!(error.stop(), Some(Stop::DataAtRisk));
    scene.world.look(|state| {
        assert!(state.vault.records.iter().all(|found| !found.record.operational));
        assert!(state.tickets.values().all(Vec::is_empty));
    });
}

#[test]
fn v6_a_proof_that_could_not_be_made_is_none() {
    let scene = Scene::new();
    // The store is away once the runs are over.
    scene.world.watch(|state, call| state.store.away |= call.name == "appliance.job");
    let error = scene.run().result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unproven { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Incomplete);
    assert!(scene.world.look(|state| state.tickets.values().all(Vec::is_empty)));
    scene.world.change(|state| state.store.away = false);
    scene.world.watch(|_, _| ());
    scene.provision();
}

#[test]
fn v6_without_a_ticket_the_last_item_does_not_apply() {
    let mut scene = Scene::new();
    scene.site.ticket = None;
    let report = scene.provision().report.unwrap();
    assert_eq!(report.item(ItemId::TicketUpdated).unwrap().verdict, Verdict::NotApplicable);
    assert_eq!(report.outcome(), Outcome::AsItShouldBe);
    assert_eq!(report.summary(), "25 passed, 0 failed, 0 not checkable, 1 not applicable");
    assert!(scene.plan().unwrap().is_empty());
}
