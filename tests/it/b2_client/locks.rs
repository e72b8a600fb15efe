//! Retention and legal hold.

use b2_client::files::{FileRetention, Governance, LegalHold};
use b2_client::{ErrorKind, UnixMillis};

use super::{World, id};

#[tokio::test]
async fn b2_update_file_retention_lengthens_compliance_and_never_shortens_it() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, "file", b"x").await;
    let until = |hours: i64| UnixMillis::new(version.uploaded.get() + hours * 3_600_000);
    let (files, id) = (world.client.files(), id(&version));
    let update = async |retention: FileRetention, governance| {
        files.update_retention(&version.name, &id, &retention, governance).await
    };
    update(FileRetention::governance(until(5)), Governance::Respect).await.unwrap();
    update(FileRetention::governance(until(1)), Governance::Respect).await.unwrap_err();
    update(FileRetention::governance(until(1)), Governance::Bypass).await.unwrap();
    update(FileRetention::compliance(until(2)), Governance::Respect).await.unwrap();
    let longer = FileRetention::compliance(until(3));
    assert_eq!(update(longer.clone(), Governance::Respect).await.unwrap(), longer);
    let shorter = update(FileRetention::compliance(until(2)), Governance::Bypass).await.unwrap_err();
    assert_eq!(*shorter.kind(), ErrorKind::Locked);
    let kept = files.delete_version(&version.name, &id, Governance::Bypass).await.unwrap_err();
    assert_eq!(*kept.kind(), ErrorKind::Locked);
    assert_eq!(files.get(&id).await.unwrap().retention.known(), Some(&longer));
}

#[tokio::test]
async fn b2_update_file_legal_hold_holds_until_it_is_lifted() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, "file", b"x").await;
    let (files, id) = (world.client.files(), id(&version));
    files.update_legal_hold(&version.name, &id, &LegalHold::On).await.unwrap();
    let held = files.delete_version(&version.name, &id, Governance::Bypass).await.unwrap_err();
    assert_eq!(*held.kind(), ErrorKind::Locked);
    assert_eq!(files.get(&id).await.unwrap().legal_hold.known(), Some(&LegalHold::On));
    files.update_legal_hold(&version.name, &id, &LegalHold::Off).await.unwrap();
    files.delete_version(&version.name, &id, Governance::Bypass).await.unwrap();
}
