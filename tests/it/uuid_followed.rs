//! The location's UUID, followed from its field in NinjaOne to everything that bears the bucket's name.

use dtc_tests::{TestBed, consent};
use serde_json::json;
use simulator::ninja::Entity;

/// The UUID as a person may have entered it, and the one name that follows from it.
const ENTERED: &str = "{0195F3A2-7C41-7D3E-9B20-5A61C8E4F7DA}";
const NAME: &str = "truenas-0195f3a27c417d3e9b205a61c8e4f7da";

/// N1, N7: one value is parsed from the field; bucket, key, credential, tasks, vault records, consent and ticket bear the
/// name computed from it. (`tidy::once` shows that the code has one place for either.)
#[tokio::test(flavor = "multi_thread")]
async fn n1_every_name_follows_from_the_field_of_the_location() {
    let bed = TestBed::new(63).await;
    let ninja = bed.sim.ninja();
    ninja.set_field(Entity::Location(ninja.location_id()), "dtcLocationGuid", ENTERED);
    let plan = bed.plan().await.unwrap();
    assert_eq!(plan.scope.bucket_name.as_str(), NAME);
    assert_eq!(plan.scope.bucket_name.location(), plan.scope.location_uuid);
    let consented: Vec<String> =
        consent(&plan).recorded().iter().map(|consent| consent.act.subject.clone()).collect();
    assert_eq!(consented, [NAME]);
    bed.provision().await;

    let b2 = bed.sim.b2();
    let bucket = b2.bucket(NAME).expect("the bucket bears the name");
    assert_eq!(b2.buckets().len(), 1);
    let keys = b2.keys();
    let key = keys.iter().find(|key| key["keyName"] == NAME).expect("the key bears the name");
    assert!(key.to_string().contains(bucket["bucketId"].as_str().unwrap()), "{key}");

    let appliance = bed.sim.truenas();
    let credentials = appliance.credentials();
    assert_eq!(credentials.iter().map(|found| &found["name"]).collect::<Vec<_>>(), [&json!(NAME)]);
    let tasks = appliance.cloud_syncs();
    assert_eq!(tasks.len(), 2);
    for task in &tasks {
        assert_eq!(task["attributes"]["bucket"], NAME, "{task}");
    }
    let records = bed.sim.itglue().client_records();
    let backup = records.iter().filter(|record| record.name.starts_with("TrueNAS Cloud Backup"));
    let notes: Vec<&str> = backup.map(|record| record.notes.as_str()).collect();
    assert_eq!(notes.len(), 3);
    assert!(notes.iter().all(|notes| notes.contains(&format!("Bucket Name: {NAME}"))), "{notes:?}");
    assert!(bed.ticket().contains(NAME), "{}", bed.ticket());
    // What the person entered stays as it was.
    let field = ninja.field(Entity::Location(ninja.location_id()), "dtcLocationGuid");
    assert_eq!(field, Some(json!(ENTERED)));
}
