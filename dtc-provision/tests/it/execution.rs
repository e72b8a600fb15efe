//! Observe, plan, apply, verify: stale plans, the order, consents, dry runs (X1–X2), and the linter's teeth.

use std::collections::BTreeSet;

use dtc_provision::jiff::SignedDuration;
use dtc_provision::phases::bucket::BucketPhase;
use dtc_provision::phases::first_run::FirstRunPhase;
use dtc_provision::phases::key::KeyPhase;
use dtc_provision::phases::retention::RetentionPhase;
use dtc_provision::ports::memory::{Access, BUCKET, Moment, State};
use dtc_provision::ports::{Clock, Dataset, DatasetKind};
use dtc_provision::procedures::provision::PLAN_FORMAT;
use dtc_provision::proofs::consent::{Act, Answer, Consents, RecordedConsent};
use dtc_provision::{ErrorKind, Plan, Stop, lint};

use crate::scene::{Change, Scene, block_on};

#[test]
fn x1_a_plan_is_data_that_is_the_same_after_it_was_saved() {
    let scene = Scene::new();
    let plan = scene.plan().unwrap();
    let saved = serde_json::to_string(&plan).unwrap();
    let read: Plan = serde_json::from_str(&saved).unwrap();
    assert_eq!(read, plan);
    let now = scene.observe();
    assert_eq!(now, scene.observe(), "two observations of one state are equal");
    assert!(read.against(&now).is_ok());
}

#[test]
fn x1_a_plan_is_stale_once_a_fact_it_acts_on_has_changed() {
    let changes: [(Change<State>, &str); 6] = [
        (|state| state.appliance.snmp.running = false, "SNMPv3"),
        (|state| state.store.keys.clear(), "application key"),
        (|state| state.appliance.tasks.clear(), "Cloud Sync task"),
        (|state| state.appliance.snapshot_tasks.clear(), "snapshots"),
        (|state| state.appliance.credentials.clear(), "cloud credential"),
        (|state| state.store.bucket_mut(BUCKET).unwrap().bucket.settings.private = false, "bucket"),
    ];
    for (change, said) in changes {
        let scene = Scene::provisioned();
        let plan = scene.plan().unwrap();
        let writes = scene.world.writes();
        scene.world.change(change);
        let error = block_on(scene.apply(plan, Consents::default(), &mut Vec::new())).unwrap_err();
        let ErrorKind::Stale { changed } = error.kind() else { panic!("{error}") };
        assert!(changed.contains(said), "{changed}");
        assert_eq!((error.stop(), scene.world.writes()), (Some(Stop::Blocked), writes));
    }
}

#[test]
fn x1_what_no_step_acts_on_makes_no_plan_stale() {
    let scene = Scene::provisioned();
    let plan = scene.plan().unwrap();
    scene.world.change(|state| {
        state.now += SignedDuration::from_hours(24);
        state.store.other_buckets += 1;
        state.appliance.system.version = "25.10.4".to_owned();
        // A new finding, too, changes no step.
        state.appliance.pools[0].datasets.push(Dataset {
            name: "pool0/vm2".to_owned(),
            kind: DatasetKind::Volume,
            locked: false,
            mounted: false,
        });
    });
    assert_eq!(scene.findings("C6").len(), 2);
    block_on(scene.apply(plan, Consents::default(), &mut Vec::new())).unwrap();
}

#[test]
fn x1_a_plan_of_another_format_is_refused() {
    let mut saved = serde_json::to_value(Scene::new().plan().unwrap()).unwrap();
    assert_eq!(saved["format"], PLAN_FORMAT);
    saved["format"] = (PLAN_FORMAT + 1).into();
    let error = serde_json::from_value::<Plan>(saved.clone()).unwrap_err();
    assert!(error.to_string().contains("plan again"), "{error}");
    saved.as_object_mut().unwrap().remove("format");
    assert!(serde_json::from_value::<Plan>(saved).is_err());
}

/// Everything that stops the work is said at once.
#[test]
fn x1_refusals_are_collected() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        state.appliance.pools[0].datasets[1].locked = true;
        state.appliance.tasks[0].password = "another".to_owned();
    });
    let error = scene.plan().unwrap_err();
    assert!(error.to_string().starts_with("C5"), "{error}");
    assert!(error.also().iter().any(|also| also.starts_with("E4")), "{:?}", error.also());
    let scene = Scene::new();
    scene.world.change(|state| {
        state.store.away = true;
        state.vault.organizations.clear();
    });
    let error = scene.plan().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Port(_)), "{error}");
    assert!(error.also().iter().any(|also| also.starts_with("E6")), "{:?}", error.also());
}

/// X1: where no service answers, each is asked each question once, and every reason is named once.
#[test]
fn x1_what_is_not_answered_is_not_asked_again_in_the_same_look() {
    let scene = Scene::provisioned();
    let before = scene.world.calls();
    scene.world.kill_at(0, Moment::BeforeEffect);
    let error = scene.plan().unwrap_err();
    let mut asked: Vec<&str> = scene.world.log()[before..].iter().map(|call| call.name).collect();
    let all = asked.len();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), all, "something was asked twice: {asked:?}");
    let reasons: BTreeSet<String> = error.also().iter().cloned().chain([error.to_string()]).collect();
    assert_eq!(reasons.len(), error.also().len() + 1, "{reasons:?}");
}

#[test]
fn x1_a_device_that_comes_while_the_plan_is_read_makes_it_no_staler() {
    let scene = Scene::new();
    let plan = scene.plan().unwrap();
    scene.world.change(|state| state.add_device("71"));
    let consents = scene.consents(&plan);
    block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap();
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn x1_a_run_that_ends_while_the_plan_is_read_is_not_started_again() {
    let scene = Scene::provisioned();
    let jobs_have_to_go = |looks| {
        scene.world.change(|state| state.appliance.jobs.iter_mut().for_each(|job| job.looks_left = looks));
    };
    jobs_have_to_go(3);
    let plan = scene.plan().unwrap();
    assert!(matches!(plan.pools[0].first_run, FirstRunPhase::Join { .. }), "{plan:?}");
    jobs_have_to_go(0);
    let (jobs, writes) = (scene.world.look(|state| state.appliance.jobs.len()), scene.world.writes());
    let done = block_on(scene.apply(plan, Consents::default(), &mut Vec::new())).unwrap();
    assert_eq!(done.first_runs.len(), jobs);
    assert_eq!(scene.world.look(|state| state.appliance.jobs.len()), jobs, "a run was started again");
    assert_eq!(scene.world.writes(), writes);
}

/// X1: a plan that was edited to follow another job is stale; a job that is not the task's proves no run of it.
#[test]
fn x1_a_job_that_is_not_of_the_task_is_not_joined() {
    let scene = Scene::new();
    let mut saved = serde_json::to_value(scene.plan().unwrap()).unwrap();
    for pool in saved["pools"].as_array_mut().unwrap() {
        pool["first_run"] = serde_json::json!({"do": "join", "job": "1"});
    }
    let edited: dtc_provision::Plan = serde_json::from_value(saved).unwrap();
    let error = edited.against(&scene.observe()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Stale { .. }), "{error}");
}

#[test]
fn x1a_writes_come_in_their_order() {
    let scene = Scene::provisioned();
    let log = scene.world.log();
    let mut written: Vec<&str> =
        log.iter().filter(|call| call.access == Access::Write).map(|call| call.name).collect();
    written.dedup();
    let expected = [
        "store.create_bucket",
        "store.lock_bucket",
        "appliance.set_device_guid",
        "vault.create", // SNMP
        "appliance.put_snmp",
        "appliance.start_snmp",
        "inventory.set_device_guid",
        "vault.create", // password and salt
        "vault.note",   // the intent
        "store.create_key",
        "vault.create",
        "vault.note",
        "appliance.put_cloud_credential",
        "appliance.put_cloud_sync",
        "appliance.enable_cloud_sync",
        "appliance.put_cloud_sync",
        "appliance.enable_cloud_sync",
        "appliance.put_snapshot_task",
        "appliance.start_cloud_sync",
        "tickets.add_note",
        "vault.note", // operational, once everything else is said
    ];
    assert_eq!(written, expected);
}

#[test]
fn x1b_a_consent_survives_a_crash_and_a_plan_made_anew() {
    let scene = Scene::new();
    let now = scene.world.now();
    let until = now + SignedDuration::from_hours(2);
    let question = scene.plan().unwrap().questions().remove(0);
    let recorded = vec![question.answer(BUCKET, until).unwrap()];
    let saved = serde_json::to_string(&recorded).unwrap();

    let at =
        Scene::provisioned().world.log().iter().position(|call| call.name == "store.create_bucket").unwrap();
    scene.world.kill_at(at, dtc_provision::ports::memory::Moment::AfterEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();

    let recorded: Vec<RecordedConsent> = serde_json::from_str(&saved).unwrap();
    let plan = scene.plan().unwrap();
    let ask = |plan: &Plan, now| {
        Consents::gather(plan.questions(), now, now, |_| Answer::Recorded(recorded.clone()))
    };
    let consents = ask(&plan, scene.world.now()).unwrap();
    assert!(ask(&plan, until + SignedDuration::from_secs(1)).is_err(), "it has run out");
    block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap();
}

#[test]
fn x1b_a_consent_that_ran_out_before_the_run_is_none() {
    let scene = Scene::new();
    let plan = scene.plan().unwrap();
    let consents = scene.consents(&plan);
    scene.world.change(|state| state.now += SignedDuration::from_hours(48));
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }));
    assert_eq!(scene.world.writes(), 0);
}

#[test]
fn x1b_another_locations_consent_is_none() {
    let (scene, other) = (Scene::new(), Scene::new());
    other.world.change(|state| {
        let fields = &mut state.inventory.organizations[0].locations[0].fields;
        fields.insert("dtcLocationGuid".to_owned(), "d1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9".to_owned());
    });
    let consents = other.consents(&other.plan().unwrap());
    let error = block_on(scene.apply(scene.plan().unwrap(), consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { subject, .. } if subject == BUCKET));
}

#[test]
fn x2_a_provisioned_box_has_an_empty_plan_and_a_second_apply_writes_nothing() {
    let scene = Scene::provisioned();
    let plan = scene.plan().unwrap();
    assert!(plan.is_empty() && plan.questions().is_empty(), "{:?}", plan.steps());
    let writes = scene.world.writes();
    let completion = scene.provision();
    assert_eq!((completion.first_runs.len(), scene.world.writes()), (2, writes));
    assert!(completion.report.unwrap().passed());
}

#[test]
fn x2_observing_planning_and_verifying_write_nothing() {
    for scene in [Scene::new(), Scene::provisioned()] {
        let writes = scene.world.writes();
        let plan = scene.plan().unwrap();
        assert!(lint(&plan).is_empty());
        drop(scene.verify());
        assert_eq!(scene.world.writes(), writes);
    }
}

/// A linter that passes everything proves nothing.
#[test]
fn x1_a_bad_plan_does_not_lint_clean() {
    let spoils: [(Change<Plan>, &str); 12] = [
        (|plan| plan.scope.bucket_name = "truenas-b1b2c3d4e5f640718293a4b5c6d7e8f9".parse().unwrap(), "N1"),
        (|plan| plan.retention = RetentionPhase::Keep, "B2"),
        (|plan| spec_of(plan).private = false, "B1"),
        (|plan| lock_of(plan).0.days = 13, "B2"),
        (|plan| BUCKET[1..].clone_into(&mut lock_of(plan).1.subject), "X1b"),
        (|plan| capabilities_of(plan).push("writeKeys".to_owned()), "K2"),
        (|plan| plan.pools[0].spec.settings.target.folder.push('x'), "N4"),
        (|plan| "/mnt".clone_into(&mut plan.pools[0].spec.settings.path), "C2"),
        (|plan| plan.pools[0].spec.settings.encryption = false, "C2"),
        (|plan| "--b2-hard-delete".clone_into(&mut plan.pools[0].spec.settings.arguments), "C2"),
        (|plan| plan.pools[0].spec.settings.bandwidth.reverse(), "C3"),
        (
            |plan| {
                plan.pools[1].spec.settings.target.folder = plan.pools[0].spec.settings.target.folder.clone();
            },
            "C2",
        ),
    ];
    for (spoil, rule) in spoils {
        let mut plan = Scene::new().plan().unwrap();
        assert!(lint(&plan).is_empty());
        spoil(&mut plan);
        assert!(lint(&plan).iter().any(|fault| fault.starts_with(rule)), "{rule}: {:?}", lint(&plan));
    }
}

fn spec_of(plan: &mut Plan) -> &mut dtc_provision::ports::BucketSettings {
    match &mut plan.bucket {
        BucketPhase::Create { spec } => &mut spec.settings,
        other => panic!("{other:?}"),
    }
}

fn lock_of(plan: &mut Plan) -> (&mut dtc_provision::ports::Retention, &mut Act) {
    match &mut plan.retention {
        RetentionPhase::Set { retention, act } => (retention, act),
        other => panic!("{other:?}"),
    }
}

fn capabilities_of(plan: &mut Plan) -> &mut Vec<String> {
    match &mut plan.key {
        KeyPhase::Mint { spec, .. } => &mut spec.capabilities,
        other => panic!("{other:?}"),
    }
}
