//! An account of 500 organisations and 10 000 configurations, whose ids no float holds exactly.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use itglue_client::{Configuration, ConfigurationFilter, Organization, RmmDevice};
use simulator::itglue::Settings;

use super::Desk;

#[tokio::test]
async fn a_fleet_is_listed_whole_and_each_device_is_found() {
    let desk = Desk::of(Settings::default().fleet(500, 10_000).ids_above(1 << 53)).await;
    let organizations: Vec<Organization> = desk.client.organizations().list().try_collect().await.unwrap();
    assert_eq!(organizations.len(), 503);
    let all = desk.client.configurations().list(&ConfigurationFilter::new());
    let all: Vec<Configuration> = all.try_collect().await.unwrap();
    let ids: BTreeSet<u64> = all.iter().map(|it| it.id.get()).collect();
    assert_eq!((all.len(), ids.len()), (10_002, 10_002));
    assert!(ids.iter().all(|id| *id > 1 << 53), "as floats, neighbours would be one");
    assert_eq!((desk.count("list_organizations"), desk.count("list_configurations")), (2, 21));

    for device in [100_000, 104_711, 109_999] {
        let found = desk.client.configurations().of_device(&RmmDevice::ninja_one(device)).await.unwrap();
        let name = format!("device-{:05}", device - 100_000);
        assert_eq!((found.len(), found[0].name.as_str()), (1, name.as_str()));
        let owner = desk.client.organizations().get(found[0].organization_id).await.unwrap();
        assert_eq!(owner.name, format!("Client {:04}", (device - 100_000) % 500));
    }
    let one = organizations.iter().find(|it| it.name == "Client 0042").unwrap();
    let theirs = ConfigurationFilter::new().organization(one.id);
    let theirs: Vec<Configuration> = desk.client.configurations().list(&theirs).try_collect().await.unwrap();
    assert_eq!(theirs.len(), 20);
    assert_eq!(desk.client.budget().remaining(), 3000 - 2 - 21 - 6 - 1);
}
