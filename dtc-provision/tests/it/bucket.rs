//! The bucket and its retention (B1–B5).

use dtc_provision::phases::StepKind;
use dtc_provision::phases::bucket::BucketPhase;
use dtc_provision::phases::retention::RetentionPhase;
use dtc_provision::ports::memory::BUCKET;
use dtc_provision::ports::{BucketSettings, Lifecycle, Retention, RetentionMode};
use dtc_provision::standard::{self, Setting};
use dtc_provision::{ErrorKind, PortErrorKind, Stop};

use crate::scene::{Scene, block_on, refusal};

/// A bucket of that name is there already.
fn with_bucket(settings: BucketSettings, retention: Option<Retention>) -> Scene {
    let scene = Scene::new();
    scene.world.change(|state| {
        state.add_bucket(BUCKET.parse().unwrap(), settings);
        state.store.bucket_mut(BUCKET).unwrap().bucket.retention = retention;
    });
    scene
}

fn settings(scene: &Scene) -> BucketSettings {
    scene.world.look(|state| state.store.bucket(BUCKET).unwrap().bucket.settings.clone())
}

fn retention(scene: &Scene) -> Option<Retention> {
    scene.world.look(|state| state.store.bucket(BUCKET).unwrap().bucket.retention)
}

const FOURTEEN_DAYS: Option<Retention> = Some(Retention { mode: RetentionMode::Compliance, days: 14 });

#[test]
fn b1_a_bucket_is_private_locked_encrypted_and_has_one_rule() {
    let scene = Scene::provisioned();
    let settings = settings(&scene);
    assert!(settings.private && settings.object_lock && settings.sse_b2);
    let rule = Lifecycle { hiding_to_deleting: Some(30), ..Lifecycle::default() };
    assert_eq!(settings.lifecycle, [rule]);
}

#[test]
fn b2_fourteen_days_of_compliance_with_consent_that_names_the_bucket() {
    let scene = Scene::new();
    let plan = scene.plan().unwrap();
    let question = plan.questions().remove(0);
    assert_eq!(question.subject(), BUCKET);
    assert_eq!(question.act().terms["days"], "14");
    assert_eq!(question.act().terms["location"], plan.scope.location_uuid.to_string());

    let consents = scene.consents_without(&plan, "compliance-lock");
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { subject, .. } if subject == BUCKET));
    assert_eq!((error.stop(), scene.world.writes()), (Some(Stop::Blocked), 0));

    scene.provision();
    assert_eq!(settings(&scene), standard::bucket::settings());
    assert_eq!(retention(&scene), FOURTEEN_DAYS);
}

/// The report that the plan was made from may be older than the location's own field.
#[test]
fn b2_a_location_whose_uuid_changed_is_not_locked() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        if call.name == "store.create_bucket" {
            let fields = &mut state.inventory.organizations[0].locations[0].fields;
            fields.insert("dtcLocationGuid".to_owned(), "b1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9".to_owned());
        }
    });
    let error = scene.run().result.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Stale { changed } if changed.contains("dtcLocationGuid")),
        "{error}"
    );
    assert_eq!(retention(&scene), None);
}

#[test]
fn b2_retention_that_does_not_read_back_ends_the_run_before_there_is_a_key() {
    let scene = Scene::new();
    scene.world.change(|state| state.store.forgets_retention = true);
    let error = scene.run().result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadBack { .. }), "{error}");
    assert_eq!(scene.world.look(|state| (state.store.keys.len(), state.vault.records.len())), (0, 0));
}

#[test]
fn b2_weaker_retention_is_set_and_longer_is_kept() {
    let weaker = [
        None,
        Some(Retention { mode: RetentionMode::Governance, days: 90 }),
        Some(Retention { mode: RetentionMode::Compliance, days: 13 }),
    ];
    for before in weaker {
        let scene = with_bucket(standard::bucket::settings(), before);
        assert!(matches!(scene.plan().unwrap().retention, RetentionPhase::Set { .. }), "{before:?}");
        scene.provision();
        assert_eq!(retention(&scene), FOURTEEN_DAYS);
    }
    let longer = Some(Retention { mode: RetentionMode::Compliance, days: 30 });
    let scene = with_bucket(standard::bucket::settings(), longer);
    assert_eq!(scene.findings("B2").len(), 1);
    scene.provision();
    assert_eq!(retention(&scene), longer);
}

#[test]
fn b3_a_bucket_as_it_should_be_is_adopted_silently() {
    let scene = with_bucket(standard::bucket::settings(), FOURTEEN_DAYS);
    let plan = scene.plan().unwrap();
    assert!(matches!(plan.bucket, BucketPhase::Keep { .. }) && plan.questions().is_empty());
    scene.provision();
}

#[test]
fn b3_a_bucket_that_differs_is_changed_with_consent_and_every_difference_shown() {
    let rule = Lifecycle {
        prefix: "a/".to_owned(),
        hiding_to_deleting: Some(1),
        uploading_to_hiding: Some(1),
        ..Lifecycle::default()
    };
    let differing =
        BucketSettings { private: false, object_lock: false, sse_b2: false, lifecycle: vec![rule] };
    let scene = with_bucket(differing.clone(), None);
    assert_eq!(scene.findings("B3").len(), 3);
    let plan = scene.plan().unwrap();
    let BucketPhase::Change { differences, .. } = &plan.bucket else { panic!("{:?}", plan.bucket) };
    let settings_that_differ: Vec<Setting> =
        differences.iter().map(|difference| difference.setting).collect();
    let expected = [Setting::Visibility, Setting::ObjectLock, Setting::DefaultEncryption, Setting::Lifecycle];
    assert_eq!(settings_that_differ, expected);

    let consents = scene.consents_without(&plan, "change-bucket-settings");
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }));
    assert_eq!(settings(&scene), differing);

    scene.provision();
    assert_eq!(settings(&scene), standard::bucket::settings());
    assert_eq!(retention(&scene), FOURTEEN_DAYS);
}

/// Object lock stays on for ever; every other setting can be changed back.
#[test]
fn b3_only_enabling_object_lock_is_called_irreversible() {
    let standard = standard::bucket::settings;
    let unlocked = BucketSettings { object_lock: false, ..standard() };
    let mut sooner = standard();
    sooner.lifecycle[0].hiding_to_deleting = Some(7);
    for (settings, irreversible) in [(unlocked, true), (sooner, false)] {
        let scene = with_bucket(settings, FOURTEEN_DAYS);
        let plan = scene.plan().unwrap();
        let step = plan.steps().remove(0);
        assert_eq!(step.kind == StepKind::Irreversible, irreversible, "{step:?}");
        assert_eq!(plan.questions()[0].is_irreversible(), irreversible);
    }
}

#[test]
fn b3_differences_are_described_in_words() {
    let mut settings = standard::bucket::settings();
    settings.lifecycle[0].hiding_to_deleting = Some(7);
    let scene = with_bucket(settings, FOURTEEN_DAYS);
    let details = scene.plan().unwrap().steps().remove(0).details;
    let expected = "lifecycle: all names: hidden versions deleted after 7 days, \
                    should be all names: hidden versions deleted after 30 days";
    assert_eq!(details, [expected]);
}

#[test]
fn b3_a_bucket_of_another_account_stops_the_run_with_the_inputs_of_its_name() {
    let scene = Scene::new();
    scene.world.change(|state| state.store.elsewhere.push(BUCKET.to_owned()));
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert_eq!((refusal.rule.as_str(), refusal.stop), ("B3", Stop::Precondition));
    assert!(refusal.what.contains("Main Street") && refusal.what.contains("a1b2c3d4-e5f6-7071"), "{refusal}");
    scene.world.look(|state| assert!(state.vault.records.is_empty() && state.appliance.tasks.is_empty()));
}

#[test]
fn b4_a_bucket_that_somebody_changed_meanwhile_is_not_overwritten() {
    let scene = with_bucket(standard::bucket::settings(), None);
    let plan = scene.plan().unwrap();
    let consents = scene.consents(&plan);
    let touch = || scene.world.change(|state| state.store.bucket_mut(BUCKET).unwrap().bucket.revision += 1);

    let planned_before = scene.plan().unwrap();
    touch();
    let stale = planned_before.against(&scene.observe()).unwrap_err();
    assert!(matches!(stale.kind(), ErrorKind::Stale { .. }));

    // Even between the last look and the update.
    let plan = scene.plan().unwrap().against(&scene.observe()).unwrap();
    touch();
    let ports = scene.world.ports();
    let error = block_on(dtc_provision::apply(plan, consents, &ports, &mut Vec::new())).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Port(port) if port.kind() == PortErrorKind::Conflict),
        "{error}"
    );
    assert_eq!(retention(&scene), None);
}

#[test]
fn b5_a_full_account_is_known_before_anything_is_created() {
    let mut scene = Scene::new();
    scene.world.change(|state| state.store.other_buckets = 100);
    let refusal = scene.refusal();
    assert_eq!((refusal.rule.as_str(), scene.world.writes()), ("B5", 0));
    assert!(refusal.what.contains("100 buckets of 100"), "{refusal}");
    scene.site.bucket_limit = 101;
    scene.provision();
    scene.site.bucket_limit = 1;
    assert!(scene.plan().is_ok(), "a bucket that exists needs no room");
}

/// Days that cancel unfinished uploads are no part of B1: the plan shows that they go, and takes consent for it.
#[test]
fn b1_days_to_cancel_unfinished_uploads_do_not_conform_and_are_not_lost_unsaid() {
    let mut found = standard::bucket::settings();
    found.lifecycle[0].starting_to_cancelling = Some(7);
    let scene = with_bucket(found.clone(), FOURTEEN_DAYS);
    let plan = scene.plan().unwrap();
    let BucketPhase::Change { differences, .. } = &plan.bucket else { panic!("{:?}", plan.bucket) };
    let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(
        shown.len() == 1 && shown[0].contains("unfinished large uploads cancelled after 7 days"),
        "{shown:?}"
    );
    let consents = scene.consents_without(&plan, "change-bucket-settings");
    block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert_eq!(settings(&scene), found, "nothing is lost without consent");
}
