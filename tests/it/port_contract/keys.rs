//! Backblaze B2: application keys.

use std::collections::BTreeSet;

use dtc_provision::PortErrorKind;
use dtc_provision::ids::KeyId;
use dtc_provision::ports::{Key, KeySpec, Ports};
use dtc_provision::proofs::consent::DeleteOrphanKey;
use dtc_provision::standard;

use super::outside::Outside;
use super::{bucket_name, consent, key_spec, kind, make_bucket, make_key};

contract!(
    k1_a_key_that_is_minted_is_listed,
    k2_what_the_service_refuses_is_not_minted,
    k3_a_key_is_deleted_by_its_id,
    x1b_a_consent_to_another_key_sends_nothing,
);

async fn listed(ports: &Ports, id: &KeyId) -> Option<Key> {
    ports.object_store.keys().await.unwrap().into_iter().find(|key| key.id == *id)
}

async fn k1_a_key_that_is_minted_is_listed(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let before = ports.object_store.keys().await.unwrap().len();
    let (first, second) = (make_key(ports, &bucket).await, make_key(ports, &bucket).await);
    assert_ne!(first.key_id(), second.key_id());
    for key in [&first, &second] {
        let found = listed(ports, key.key_id()).await.unwrap();
        assert_eq!((found.name.as_str(), &found.buckets), (bucket_name().as_str(), &vec![bucket.id.clone()]));
        let capabilities: BTreeSet<String> = found.capabilities.into_iter().collect();
        assert_eq!(capabilities, key_spec().capabilities.into_iter().collect());
    }
    assert_eq!(ports.object_store.keys().await.unwrap().len(), before + 2);
}

async fn k2_what_the_service_refuses_is_not_minted(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let before = ports.object_store.keys().await.unwrap();
    for refused in standard::key::REFUSED_CAPABILITIES {
        let mut spec: KeySpec = key_spec();
        spec.capabilities.push(refused.to_owned());
        let minted = ports.object_store.create_key(&bucket, &spec).await;
        assert_eq!(kind(minted), PortErrorKind::Refused, "{refused}");
    }
    assert_eq!(ports.object_store.keys().await.unwrap(), before);
}

async fn k3_a_key_is_deleted_by_its_id(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let (kept, gone) = (make_key(ports, &bucket).await, make_key(ports, &bucket).await);
    let permit = || consent::<DeleteOrphanKey>(&gone.key_id(), []);
    ports.object_store.delete_key(gone.key_id(), permit()).await.unwrap();
    assert_eq!(listed(ports, gone.key_id()).await, None);
    assert!(listed(ports, kept.key_id()).await.is_some());
    assert_eq!(kind(ports.object_store.delete_key(gone.key_id(), permit()).await), PortErrorKind::NotFound);
}

async fn x1b_a_consent_to_another_key_sends_nothing(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let (kept, other) = (make_key(ports, &bucket).await, make_key(ports, &bucket).await);
    let sent = world.sent();
    let permit = consent::<DeleteOrphanKey>(&other.key_id(), []);
    assert_eq!(kind(ports.object_store.delete_key(kept.key_id(), permit).await), PortErrorKind::Refused);
    assert_eq!(world.sent(), sent);
    assert!(listed(ports, kept.key_id()).await.is_some());
}
