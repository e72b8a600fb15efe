//! The application key (K1–K4, N7).

use dtc_provision::ids::KeyId;
use dtc_provision::phases::key::KeyPhase;
use dtc_provision::ports::Bucket;
use dtc_provision::ports::memory::{BUCKET, State};
use dtc_provision::proofs::Slot;
use dtc_provision::site::KeyProfile;
use dtc_provision::standard;
use dtc_provision::verify::ItemId;

use crate::oracle::orphans;
use crate::scene::{Scene, item, record};

fn bucket(state: &State) -> Bucket {
    state.store.bucket(BUCKET).unwrap().bucket.clone()
}

fn stranger(scene: &Scene) -> KeyId {
    scene.world.change(|state| {
        let bucket = bucket(state);
        state.add_key(&bucket, &["listFiles"])
    })
}

#[test]
fn n7_key_and_credential_bear_the_buckets_name() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        assert_eq!(state.store.keys[0].key.name, BUCKET);
        assert_eq!(state.appliance.credentials[0].name, BUCKET);
    });
}

#[test]
fn k1_an_appliance_has_one_key_that_reaches_one_bucket() {
    let scene = Scene::provisioned();
    scene.world.look(|state| {
        assert_eq!(state.store.keys.len(), 1);
        assert_eq!(state.store.keys[0].key.buckets, [bucket(state).id]);
        assert_eq!(state.appliance.credentials[0].key_id, state.store.keys[0].key.id.as_str());
    });
}

#[test]
fn k1_a_key_that_reaches_further_is_replaced() {
    let scene = Scene::provisioned();
    scene.world.change(|state| state.store.keys[0].key.buckets.clear());
    assert_eq!(scene.findings("K1").len(), 1);
    scene.provision();
    scene.world.look(|state| {
        let used = &state.appliance.credentials[0].key_id;
        let key = &state.store.keys.iter().find(|found| found.key.id.as_str() == used).unwrap().key;
        assert_eq!(key.buckets, [bucket(state).id]);
    });
}

#[test]
fn k2_the_procedures_capabilities_less_what_the_service_refuses() {
    let scene = Scene::new();
    let KeyPhase::Mint { spec, dropped, .. } = scene.plan().unwrap().key else { panic!("no key is minted") };
    assert_eq!(dropped, ["writeBuckets", "deleteBuckets"]);
    assert!(spec.capabilities.iter().any(|name| name == "deleteFiles"));
    assert!(!spec.capabilities.iter().any(|name| dropped.contains(name)));
    let shown = scene.plan().unwrap().steps().into_iter().find(|step| step.rule == "K1").unwrap();
    assert!(shown.details.iter().any(|line| line.contains("without writeBuckets, deleteBuckets")));
}

#[test]
fn k2_append_only_destroys_nothing_and_a_run_needs_no_more() {
    let mut scene = Scene::new();
    scene.site.key_profile = KeyProfile::AppendOnly;
    scene.provision();
    scene.world.look(|state| {
        let held = &state.store.keys[0].key.capabilities;
        assert_eq!(*held, standard::key::APPEND_ONLY_CAPABILITIES.map(str::to_owned));
        assert!(
            !held
                .iter()
                .any(|name| name.starts_with("delete") || name.starts_with("write") && name != "writeFiles")
        );
    });
    let audit = scene.verify();
    assert!(item(&audit, ItemId::KeyScope).contains("append-only"), "{:?}", item(&audit, ItemId::KeyScope));
    // The other profile is a finding, and nothing is minted unasked.
    scene.site.key_profile = KeyProfile::Procedure;
    let plan = scene.plan().unwrap();
    assert!(matches!(plan.key, KeyPhase::Keep { .. }) && plan.is_empty());
    assert!(scene.findings("K2")[0].contains("may not"));
}

#[test]
fn k2_an_audit_says_what_the_key_could_destroy_and_when() {
    let audit = Scene::provisioned().verify();
    assert!(item(&audit, ItemId::KeyScope).contains("from day 15"), "{:?}", item(&audit, ItemId::KeyScope));
}

#[test]
fn k3_the_intent_stands_in_the_vault_before_a_key_is_minted() {
    let scene = Scene::new();
    scene.world.watch(|state, call| {
        let intent = state.vault.records.iter().find_map(|found| found.record.mints.keys_before_mint.clone());
        assert!(call.name != "store.create_key" || intent == Some(Vec::new()));
    });
    scene.provision();
}

#[test]
fn k3_an_unknown_key_is_reported_and_never_offered() {
    let scene = Scene::provisioned();
    let id = stranger(&scene);
    let plan = scene.plan().unwrap();
    assert!(plan.orphans.is_empty() && plan.is_empty());
    assert!(scene.findings("K3")[0].contains(id.as_str()));
}

#[test]
fn k3_a_key_from_before_the_mint_is_no_orphan_of_ours() {
    let scene = Scene::new();
    // The call that notes the intent before the first mint.
    let position = {
        let log = Scene::provisioned().world.log();
        let minted = log.iter().position(|call| call.name == "store.create_key").unwrap();
        log[..minted].iter().rposition(|call| call.name == "vault.note").unwrap()
    };
    // Somebody's key is there before ours, whose secret is lost.
    scene.world.kill_at(position - 1, dtc_provision::ports::memory::Moment::BeforeEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();
    let theirs = stranger(&scene);
    let again = {
        let copy = Scene::new();
        copy.world.change(|state| *state = scene.world.look(State::clone));
        let from = copy.world.calls();
        copy.provision();
        copy.world.log()[from..].iter().position(|call| call.name == "store.create_key").unwrap()
    };
    scene.world.kill_at(again, dtc_provision::ports::memory::Moment::AfterEffect);
    scene.run().result.unwrap_err();
    scene.world.revive();
    let plan = scene.plan().unwrap();
    let ours: Vec<&str> = plan.orphans.iter().map(|orphan| orphan.key.as_str()).collect();
    assert_eq!(ours.len(), 1, "one of the two keys is ours");
    assert_ne!(ours[0], theirs.as_str());
    scene.provision();
    assert_eq!(scene.world.look(orphans), [theirs.as_str()]);
}

#[test]
fn k3_an_intent_that_outlived_its_mint_is_removed() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        let password = Slot::EncryptionPassword;
        let record = state.vault.records.iter_mut().find(|found| found.record.slot == password);
        record.unwrap().record.mints.keys_before_mint = Some(Vec::new());
    });
    let plan = scene.plan().unwrap();
    assert!(matches!(plan.key, KeyPhase::ClearIntent { .. }) && !plan.is_empty());
    scene.provision();
    assert!(scene.plan().unwrap().is_empty());
    // Otherwise this key, made by somebody years later, would pass for one of ours.
    stranger(&scene);
    assert!(scene.plan().unwrap().orphans.is_empty());
}

#[test]
fn k3_a_key_deleted_out_of_band_is_minted_again_and_the_pair_stays() {
    let scene = Scene::provisioned();
    let pair =
        |state: &State| (state.appliance.tasks[0].password.clone(), state.appliance.tasks[0].salt.clone());
    let before = scene.world.look(pair);
    scene.world.change(|state| state.store.keys.clear());
    assert!(scene.findings("K3")[0].contains("gone from B2"));
    scene.provision();
    assert_eq!(scene.world.look(pair), before);
    scene.world.look(|state| {
        let record = record(state, Slot::ApplicationKey);
        assert_eq!(record.versions.len(), 2, "the old key stays as a version");
    });
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn k4_two_appliances_share_a_bucket_and_neither_touches_the_others_key() {
    let scene = Scene::provisioned();
    let first = scene.world.look(|state| (state.store.keys[0].key.id.clone(), state.appliance.clone()));
    scene.second_appliance();
    scene.provision();
    scene.world.look(|state| {
        assert_eq!(
            (state.store.keys.len(), state.store.buckets.len(), state.vault.records.len()),
            (2, 1, 10)
        );
        assert_eq!(state.store.keys[0].key.name, state.store.keys[1].key.name);
        assert_ne!(state.appliance.credentials[0].key_id, first.0.as_str());
    });
    let plan = scene.plan().unwrap();
    assert!(plan.is_empty() && plan.orphans.is_empty() && scene.findings("K3").is_empty());
    scene.world.change(|state| state.appliance = first.1);
    assert!(scene.plan().unwrap().is_empty(), "the first is as it was");
}
