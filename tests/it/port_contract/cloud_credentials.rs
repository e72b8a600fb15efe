//! TrueNAS: cloud credentials.

use dtc_provision::PortErrorKind;
use dtc_provision::ids::CredentialId;
use dtc_provision::ports::{CloudCredential, CredentialSpec, CredentialVerdict, Ports, Redactable};
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};

use super::outside::Outside;
use super::{backup, bucket_name, device, held, kind, make_bucket, make_key, other_bucket_name};

contract!(
    c1_a_key_is_tried_before_it_is_saved,
    c1_a_credential_reads_back_as_it_was_saved,
    c1_a_replaced_credential_keeps_its_id,
    c2a_a_hidden_key_is_unknown,
    c1_another_buckets_key_is_not_bound,
    x1c_a_key_that_exists_nowhere_shows_the_way_to_b2,
);

fn spec() -> CredentialSpec {
    CredentialSpec { bucket: bucket_name(), device: device() }
}

async fn listed(ports: &Ports, id: &CredentialId, look: impl FnOnce(&CloudCredential)) {
    let all = ports.appliance.cloud_credentials().await.unwrap();
    look(all.iter().find(|found| found.id == *id).unwrap());
}

async fn c1_a_key_is_tried_before_it_is_saved(world: &impl Outside) {
    let ports = world.ports();
    let (bucket, spec) = (make_bucket(ports).await, spec());
    let right = make_key(ports, &bucket).await;
    let wrong = ApplicationKeySecret::new("K000000000000000000000000000000");
    let wrong = held(ApplicationKey { id: right.key_id().clone(), secret: wrong }, backup());
    let verdict = |key| ports.appliance.verify_cloud_credential(key);
    assert_eq!(verdict(right.for_use(&spec).unwrap()).await.unwrap(), CredentialVerdict::Valid);
    let refused = verdict(wrong.for_use(&spec).unwrap()).await.unwrap();
    assert!(matches!(&refused, CredentialVerdict::Invalid(words) if !words.is_empty()), "{refused:?}");
    assert!(ports.appliance.cloud_credentials().await.unwrap().is_empty());
}

async fn c1_a_credential_reads_back_as_it_was_saved(world: &impl Outside) {
    let ports = world.ports();
    let (bucket, spec) = (make_bucket(ports).await, spec());
    let key = make_key(ports, &bucket).await;
    let id = ports.appliance.put_cloud_credential(None, key.for_use(&spec).unwrap()).await.unwrap();
    listed(ports, &id, |found| {
        assert_eq!(
            (found.name.as_str(), found.key_id.as_ref()),
            (bucket_name().as_str(), Some(key.key_id()))
        );
        assert!(matches!(&found.key, Redactable::Clear(shown) if key.is(shown)));
    })
    .await;
    let again = ports.appliance.put_cloud_credential(None, key.for_use(&spec).unwrap()).await;
    assert_eq!(kind(again), PortErrorKind::Refused, "two credentials of one name");
    assert_eq!(ports.appliance.cloud_credentials().await.unwrap().len(), 1);
}

async fn c1_a_replaced_credential_keeps_its_id(world: &impl Outside) {
    let ports = world.ports();
    let (bucket, spec) = (make_bucket(ports).await, spec());
    let (first, second) = (make_key(ports, &bucket).await, make_key(ports, &bucket).await);
    let id = ports.appliance.put_cloud_credential(None, first.for_use(&spec).unwrap()).await.unwrap();
    let bound = second.for_use(&spec).unwrap();
    for _ in ["replaced", "replaced by an equal one"] {
        assert_eq!(ports.appliance.put_cloud_credential(Some(&id), bound).await.unwrap(), id);
        listed(ports, &id, |found| {
            assert_eq!(found.key_id.as_ref(), Some(second.key_id()));
            assert!(matches!(&found.key, Redactable::Clear(shown) if second.is(shown) && !first.is(shown)));
        })
        .await;
    }
    let nowhere = CredentialId::new("999999");
    let saved = ports.appliance.put_cloud_credential(Some(&nowhere), bound).await;
    assert_eq!(kind(saved), PortErrorKind::NotFound);
}

async fn c2a_a_hidden_key_is_unknown(world: &impl Outside) {
    let ports = world.ports();
    let (bucket, spec) = (make_bucket(ports).await, spec());
    let key = make_key(ports, &bucket).await;
    let id = ports.appliance.put_cloud_credential(None, key.for_use(&spec).unwrap()).await.unwrap();
    listed(&world.ports_without_secrets().await, &id, |found| {
        assert!(matches!(found.key, Redactable::Redacted));
    })
    .await;
}

async fn c1_another_buckets_key_is_not_bound(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let key = make_key(ports, &bucket).await;
    let sent = world.sent();
    let elsewhere = CredentialSpec { bucket: other_bucket_name(), device: device() };
    let error = key.for_use(&elsewhere).unwrap_err().to_string();
    assert!(error.contains(other_bucket_name().as_str()), "{error}");
    assert_eq!(world.sent(), sent);
}

async fn x1c_a_key_that_exists_nowhere_shows_the_way_to_b2(world: &impl Outside) {
    let (appliance, written) = (&world.ports().appliance, world.written());
    let refused = appliance.try_no_key().await.unwrap();
    assert!(matches!(&refused, CredentialVerdict::Invalid(words) if words.contains("401")), "{refused:?}");
    assert!(appliance.cloud_credentials().await.unwrap().is_empty());
    assert_eq!(world.written(), written);
}
