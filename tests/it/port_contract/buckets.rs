//! Backblaze B2: the bucket, its settings and its retention.

use dtc_provision::PortErrorKind;
use dtc_provision::ports::{Bucket, BucketSettings, BucketSpec, Lifecycle, Ports, Retention, RetentionMode};
use dtc_provision::proofs::consent::{ChangeBucketSettings, ComplianceLock, Consent};
use dtc_provision::standard;

use super::outside::Outside;
use super::{bucket_name, consent, kind, make_bucket, other_bucket_name};

contract!(
    b5_holdings_count_every_bucket,
    b1_a_bucket_is_created_as_asked_and_without_retention,
    b1_a_bucket_name_is_taken_once,
    b2_retention_is_set_for_the_revision_seen,
    b3_settings_change_and_retention_stays,
    x1b_a_consent_to_another_bucket_or_other_terms_sends_nothing,
);

const RETENTION: Retention = standard::retention::RETENTION;

async fn read(ports: &Ports) -> Bucket {
    ports.object_store.bucket(&bucket_name()).await.unwrap().unwrap()
}

async fn b5_holdings_count_every_bucket(world: &impl Outside) {
    let store = &world.ports().object_store;
    let before = store.holdings(&bucket_name()).await.unwrap();
    assert_eq!(before.bucket, None);
    let made = make_bucket(world.ports()).await;
    let after = store.holdings(&bucket_name()).await.unwrap();
    assert_eq!(after.account.id, before.account.id);
    assert_eq!(after.account.buckets, before.account.buckets + 1);
    assert_eq!(after.bucket.as_ref(), Some(&made));
    assert_eq!(store.holdings(&other_bucket_name()).await.unwrap().bucket, None);
}

async fn b1_a_bucket_is_created_as_asked_and_without_retention(world: &impl Outside) {
    let store = &world.ports().object_store;
    assert_eq!(store.bucket(&bucket_name()).await.unwrap(), None);
    let made = make_bucket(world.ports()).await;
    assert_eq!((made.name.clone(), made.retention), (bucket_name(), None));
    assert_eq!(made.settings, standard::bucket::settings());
    assert_eq!(read(world.ports()).await, made);
}

fn to_lock(retention: Retention) -> Consent<ComplianceLock> {
    consent(&bucket_name(), retention.terms())
}

async fn b1_a_bucket_name_is_taken_once(world: &impl Outside) {
    let store = &world.ports().object_store;
    make_bucket(world.ports()).await;
    let spec = |name| BucketSpec { name, settings: standard::bucket::settings() };
    assert_eq!(kind(store.create_bucket(&spec(bucket_name())).await), PortErrorKind::Conflict);
    world.take_bucket_name(other_bucket_name().as_str());
    assert_eq!(kind(store.create_bucket(&spec(other_bucket_name())).await), PortErrorKind::Conflict);
    assert_eq!(store.bucket(&other_bucket_name()).await.unwrap(), None, "a bucket of another account");
}

async fn b2_retention_is_set_for_the_revision_seen(world: &impl Outside) {
    let store = &world.ports().object_store;
    let made = make_bucket(world.ports()).await;
    let locked = store.lock_bucket(&made, RETENTION, to_lock(RETENTION)).await.unwrap();
    assert_eq!((locked.retention, &locked.settings), (Some(RETENTION), &made.settings));
    assert!(locked.revision > made.revision);
    assert_eq!(read(world.ports()).await, locked);
    let longer = Retention { mode: RetentionMode::Compliance, days: 30 };
    let stale = store.lock_bucket(&made, longer, to_lock(longer)).await;
    assert_eq!(kind(stale), PortErrorKind::Conflict);
    assert_eq!(read(world.ports()).await, locked);
}

async fn b3_settings_change_and_retention_stays(world: &impl Outside) {
    let store = &world.ports().object_store;
    let made = make_bucket(world.ports()).await;
    let locked = store.lock_bucket(&made, RETENTION, to_lock(RETENTION)).await.unwrap();
    let rule =
        Lifecycle { hiding_to_deleting: Some(60), starting_to_cancelling: Some(7), ..Lifecycle::default() };
    let wanted = BucketSettings { lifecycle: vec![rule], ..made.settings.clone() };
    let permit = || consent::<ChangeBucketSettings>(&bucket_name(), []);
    let changed = store.change_bucket(&locked, &wanted, permit()).await.unwrap();
    assert_eq!((&changed.settings, changed.retention), (&wanted, Some(RETENTION)));
    assert_eq!(read(world.ports()).await, changed);
    let stale = store.change_bucket(&locked, &made.settings, permit()).await;
    assert_eq!(kind(stale), PortErrorKind::Conflict);
    assert_eq!(read(world.ports()).await, changed);
}

async fn x1b_a_consent_to_another_bucket_or_other_terms_sends_nothing(world: &impl Outside) {
    let store = &world.ports().object_store;
    let made = make_bucket(world.ports()).await;
    let sent = world.sent();
    let permit = consent::<ComplianceLock>(&other_bucket_name(), RETENTION.terms());
    assert_eq!(kind(store.lock_bucket(&made, RETENTION, permit).await), PortErrorKind::Refused);
    let longer = Retention { days: 3650, ..RETENTION };
    assert_eq!(kind(store.lock_bucket(&made, longer, to_lock(RETENTION)).await), PortErrorKind::Refused);
    let permit = consent::<ChangeBucketSettings>(&other_bucket_name(), []);
    let wanted = BucketSettings { lifecycle: Vec::new(), ..made.settings.clone() };
    assert_eq!(kind(store.change_bucket(&made, &wanted, permit).await), PortErrorKind::Refused);
    // Object lock stays on: a consent to other changes does not enable it.
    let unlocked = BucketSettings { object_lock: false, ..made.settings.clone() };
    let made_otherwise = Bucket { settings: unlocked, ..made.clone() };
    let permit = consent::<ChangeBucketSettings>(&bucket_name(), []);
    assert_eq!(
        kind(store.change_bucket(&made_otherwise, &made.settings, permit).await),
        PortErrorKind::Refused
    );
    assert_eq!(world.sent(), sent);
    assert_eq!(read(world.ports()).await, made);
}
