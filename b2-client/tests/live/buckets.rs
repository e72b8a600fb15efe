//! Settings of a bucket.

use std::collections::BTreeMap;

use b2_client::buckets::{Bucket, DefaultRetention, Encryption, Period, UpdateBucket};
use b2_client::notifications::{EventType, SetNotificationRule};
use b2_client::{Client, ErrorKind};

pub(crate) async fn settings_change_under_their_revision(client: &Client, bucket: &Bucket) {
    let buckets = client.buckets();
    let update = || UpdateBucket::new(bucket.id.clone());
    let now = buckets.get(&bucket.name).await.unwrap().unwrap();
    let day = DefaultRetention::compliance(Period::Days(1));
    let locked = update().if_revision(now.revision).default_retention(day.clone());
    let after = buckets.update(&locked).await.unwrap();
    assert_eq!(after.file_lock.known().unwrap().default_retention, Some(day));
    assert!(after.revision > now.revision);
    let stale = buckets.update(&locked).await.unwrap_err();
    assert_eq!((stale.kind(), stale.status()), (&ErrorKind::RevisionConflict, Some(409)));
    let info = BTreeMap::from([("made-by".to_owned(), "b2-client".to_owned())]);
    let noted = buckets.modify(&bucket.id, |_| Some(update().bucket_info(info.clone()))).await.unwrap();
    assert_eq!(noted.info, info);
    assert_eq!(noted.lifecycle_rules, bucket.lifecycle_rules, "what is not named stays");
    // Encryption is every bucket's default; none can be asked for, and null resets.
    let reset = buckets.update(&update().reset_encryption()).await.unwrap();
    assert_eq!(reset.default_encryption.known(), Some(&Encryption::SseB2));
    let cleared = buckets.update(&update().clear_default_retention()).await.unwrap();
    assert_eq!(cleared.file_lock.known().unwrap().default_retention, None);
    eprintln!("settings: compliance default set and cleared, stale revision refused, info noted");
}

pub(crate) async fn notification_rules_are_replaced(client: &Client, bucket: &Bucket) {
    let rule = SetNotificationRule::new("live-rule", [EventType::ObjectCreated], "https://example.com/hook");
    match client.buckets().set_notification_rules(&bucket.id, &[rule]).await {
        Ok(rules) => {
            assert_eq!(rules[0].event_types, [EventType::ObjectCreated]);
            let read = client.buckets().notification_rules(&bucket.id).await.unwrap();
            assert_eq!((read.len(), &read[0].name), (1, &rules[0].name));
            client.buckets().set_notification_rules(&bucket.id, &[]).await.unwrap();
            eprintln!("notification rules: set, read, removed");
        }
        // Accounts without this feature are refused; anything else is a failure.
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Unauthorized { .. }), "{error:?}");
            eprintln!("skipped: notification rules ({error:?})");
        }
    }
}
