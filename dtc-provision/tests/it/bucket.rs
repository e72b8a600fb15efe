//! The bucket and its retention (B1–B5).

use dtc_provision::plan::{BucketPhase, Consents, RetentionPhase};
use dtc_provision::ports::memory::BUCKET;
use dtc_provision::ports::{BucketSettings, Lifecycle, PortErrorKind, Retention, RetentionMode};
use dtc_provision::{ErrorKind, Stop, standard};

use crate::scene::{Scene, block_on, refusal};

/// A bucket of that name is there already.
fn with_bucket(settings: BucketSettings) -> Scene {
    let scene = Scene::new();
    scene.world.change(|state| state.add_bucket(BUCKET.parse().unwrap(), settings));
    scene
}

fn settings(scene: &Scene) -> BucketSettings {
    scene.world.look(|state| state.store.bucket(BUCKET).unwrap().bucket.settings.clone())
}

/// What a bucket's settings say of a retention.
fn held(mode: RetentionMode, days: u32) -> BucketSettings {
    BucketSettings { retention: Some(Retention { mode, days }), ..standard::bucket_settings() }
}

#[test]
fn b1_a_bucket_is_private_locked_encrypted_and_has_one_rule() {
    let scene = Scene::provisioned();
    let settings = settings(&scene);
    assert!(settings.private && settings.object_lock && settings.sse_b2);
    let rule = Lifecycle { prefix: String::new(), hiding_to_deleting: Some(30), uploading_to_hiding: None };
    assert_eq!(settings.lifecycle, [rule]);
}

#[test]
fn b2_fourteen_days_of_compliance_with_consent_that_names_the_bucket() {
    let scene = Scene::new();
    let plan = scene.plan().unwrap();
    let question = plan.questions().compliance_lock.unwrap();
    assert_eq!(question.subject(), BUCKET);
    assert_eq!(question.act().terms["days"], "14");
    assert_eq!(question.act().terms["location"], plan.location_uuid.to_string());

    let consents = Consents { compliance_lock: None, ..scene.consents(&plan) };
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { subject, .. } if subject == BUCKET));
    assert_eq!((error.exit_code(), scene.world.writes()), (5, 0));

    scene.provision();
    assert_eq!(settings(&scene), held(RetentionMode::Compliance, 14));
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
        standard::bucket_settings(),
        held(RetentionMode::Governance, 90),
        held(RetentionMode::Compliance, 13),
    ];
    for before in weaker {
        let scene = with_bucket(before.clone());
        assert!(matches!(scene.plan().unwrap().retention, RetentionPhase::Set { .. }), "{before:?}");
        scene.provision();
        assert_eq!(settings(&scene), held(RetentionMode::Compliance, 14));
    }
    let longer = held(RetentionMode::Compliance, 30);
    let scene = with_bucket(longer.clone());
    assert_eq!(scene.findings("B2").len(), 1);
    scene.provision();
    assert_eq!(settings(&scene), longer);
}

#[test]
fn b3_a_bucket_as_it_should_be_is_adopted_silently() {
    let scene = with_bucket(held(RetentionMode::Compliance, 14));
    let plan = scene.plan().unwrap();
    assert!(matches!(plan.bucket, BucketPhase::Keep { .. }) && plan.questions().is_empty());
    scene.provision();
}

#[test]
fn b3_a_bucket_that_differs_is_changed_with_consent_and_every_difference_shown() {
    let rule =
        Lifecycle { prefix: "a/".to_owned(), hiding_to_deleting: Some(1), uploading_to_hiding: Some(1) };
    let differing = BucketSettings {
        private: false,
        object_lock: false,
        sse_b2: false,
        lifecycle: vec![rule],
        retention: None,
    };
    let scene = with_bucket(differing.clone());
    assert_eq!(scene.findings("B3").len(), 3);
    let plan = scene.plan().unwrap();
    let BucketPhase::Change { differences, .. } = &plan.bucket else { panic!("{:?}", plan.bucket) };
    let fields: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
    assert_eq!(fields, ["lifecycle", "object_lock", "private", "sse_b2"]);

    let consents = Consents { change_bucket: None, ..scene.consents(&plan) };
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }));
    assert_eq!(settings(&scene), differing);

    scene.provision();
    assert_eq!(settings(&scene), held(RetentionMode::Compliance, 14));
}

#[test]
fn b3_a_bucket_of_another_account_stops_the_run_with_the_inputs_of_its_name() {
    let scene = Scene::new();
    scene.world.change(|state| state.store.elsewhere.push(BUCKET.to_owned()));
    let refusal = refusal(&scene.run().result.unwrap_err());
    assert_eq!((refusal.rule, refusal.stop), ("B3", Stop::Precondition));
    assert!(refusal.what.contains("Main Street") && refusal.what.contains("a1b2c3d4-e5f6-7071"), "{refusal}");
    scene.world.look(|state| assert!(state.vault.records.is_empty() && state.appliance.tasks.is_empty()));
}

#[test]
fn b4_a_bucket_that_somebody_changed_meanwhile_is_not_overwritten() {
    let scene = with_bucket(standard::bucket_settings());
    let plan = scene.plan().unwrap();
    let consents = scene.consents(&plan);
    let touch = || scene.world.change(|state| state.store.bucket_mut(BUCKET).unwrap().bucket.revision += 1);

    let planned_before = scene.plan().unwrap();
    touch();
    let stale = planned_before.against(&scene.observe().unwrap()).unwrap_err();
    assert!(matches!(stale.kind(), ErrorKind::Stale { .. }));

    // Even between the last look and the update.
    let plan = scene.plan().unwrap().against(&scene.observe().unwrap()).unwrap();
    touch();
    let ports = scene.world.ports();
    let error = block_on(dtc_provision::apply(plan, consents, &ports, &mut Vec::new())).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Port(port) if port.kind() == PortErrorKind::Conflict),
        "{error}"
    );
    assert_eq!(settings(&scene).retention, None);
}

#[test]
fn b5_a_full_account_is_known_before_anything_is_created() {
    let mut scene = Scene::new();
    scene.world.change(|state| state.store.other_buckets = 100);
    let refusal = scene.refusal();
    assert_eq!((refusal.rule, scene.world.writes()), ("B5", 0));
    assert!(refusal.what.contains("100 buckets of 100"), "{refusal}");
    scene.site.bucket_limit = 101;
    scene.provision();
    scene.site.bucket_limit = 1;
    assert!(scene.plan().is_ok(), "a bucket that exists needs no room");
}
