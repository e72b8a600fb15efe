//! TrueNAS: pools, datasets and the Device GUID property.

use dtc_naming::PoolName;
use dtc_provision::PortErrorKind;
use dtc_provision::ports::{Dataset, DatasetKind, Pool, Ports};
use dtc_provision::proofs::consent::{RemoveProperty, RewriteDeviceGuid, Term};

use super::outside::Outside;
use super::{consent, device, kind, other_device, pool};

contract!(
    c5_a_pool_comes_with_its_datasets,
    c5_a_dataset_that_is_locked_or_not_mounted_shows_so,
    i3_a_device_guid_is_set_where_there_is_none,
    i5_a_different_device_guid_is_replaced_with_consent_only,
    i6_a_device_guid_is_removed,
    x1b_a_consent_to_another_guid_or_pool_sends_nothing,
    i3_a_pool_that_is_not_there_is_not_found,
);

async fn read(ports: &Ports) -> Pool {
    let pools = ports.appliance.pools().await.unwrap();
    let names: Vec<&str> = pools.iter().map(|found| found.name.as_str()).collect();
    assert!(names.len() >= 2 && names.is_sorted(), "{names:?}");
    pools.into_iter().find(|found| found.name == pool()).unwrap()
}

async fn dataset(ports: &Ports, name: &str) -> Dataset {
    read(ports).await.datasets.into_iter().find(|found| found.name == name).unwrap()
}

async fn c5_a_pool_comes_with_its_datasets(world: &impl Outside) {
    let read = read(world.ports()).await;
    assert_eq!(read.device_guid, None);
    let usable = |name: &str| Dataset {
        name: name.to_owned(),
        kind: DatasetKind::Filesystem,
        locked: false,
        mounted: true,
    };
    for name in ["pool0", "pool0/docs"] {
        assert!(read.datasets.contains(&usable(name)), "{read:?}");
    }
    let ours = |found: &Dataset| found.name == "pool0" || found.name.starts_with("pool0/");
    assert!(read.datasets.iter().all(ours), "{read:?}");
}

async fn c5_a_dataset_that_is_locked_or_not_mounted_shows_so(world: &impl Outside) {
    world.unmount_dataset("pool0/docs");
    let found = dataset(world.ports(), "pool0/docs").await;
    assert_eq!((found.locked, found.mounted), (false, false));
    world.lock_dataset("pool0/docs");
    let found = dataset(world.ports(), "pool0/docs").await;
    assert_eq!((found.locked, found.mounted), (true, false));
    let root = dataset(world.ports(), "pool0").await;
    assert_eq!((root.locked, root.mounted), (false, true));
}

async fn i3_a_device_guid_is_set_where_there_is_none(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    for _ in ["set", "already set"] {
        appliance.set_device_guid(&pool(), device()).await.unwrap();
        assert_eq!(read(world.ports()).await.device_guid, Some(device().to_string()));
    }
    assert_eq!(kind(appliance.set_device_guid(&pool(), other_device()).await), PortErrorKind::Refused);
    assert_eq!(read(world.ports()).await.device_guid, Some(device().to_string()));
}

async fn i5_a_different_device_guid_is_replaced_with_consent_only(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    appliance.set_device_guid(&pool(), device()).await.unwrap();
    let permit = consent::<RewriteDeviceGuid>(&other_device(), of(&pool()));
    appliance.rewrite_device_guid(&pool(), other_device(), permit).await.unwrap();
    assert_eq!(read(world.ports()).await.device_guid, Some(other_device().to_string()));
}

fn of(pool: &PoolName) -> [Term; 1] {
    [("pool", pool.to_string())]
}

async fn i6_a_device_guid_is_removed(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    appliance.set_device_guid(&pool(), device()).await.unwrap();
    appliance.remove_device_guid(&pool(), consent::<RemoveProperty>(&pool(), [])).await.unwrap();
    assert_eq!(read(world.ports()).await.device_guid, None);
}

async fn x1b_a_consent_to_another_guid_or_pool_sends_nothing(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    appliance.set_device_guid(&pool(), device()).await.unwrap();
    let sent = world.sent();
    let permit = consent::<RewriteDeviceGuid>(&device(), of(&pool()));
    let rewritten = appliance.rewrite_device_guid(&pool(), other_device(), permit).await;
    assert_eq!(kind(rewritten), PortErrorKind::Refused);
    let permit = consent::<RewriteDeviceGuid>(&other_device(), of(&"pool1".parse().unwrap()));
    let rewritten = appliance.rewrite_device_guid(&pool(), other_device(), permit).await;
    assert_eq!(kind(rewritten), PortErrorKind::Refused);
    let removed = appliance.remove_device_guid(&pool(), consent::<RemoveProperty>(&"pool1", [])).await;
    assert_eq!(kind(removed), PortErrorKind::Refused);
    assert_eq!(world.sent(), sent);
    assert_eq!(read(world.ports()).await.device_guid, Some(device().to_string()));
}

async fn i3_a_pool_that_is_not_there_is_not_found(world: &impl Outside) {
    let (appliance, nowhere): (_, PoolName) = (&world.ports().appliance, "pool7".parse().unwrap());
    assert_eq!(kind(appliance.set_device_guid(&nowhere, device()).await), PortErrorKind::NotFound);
    let permit = consent::<RewriteDeviceGuid>(&device(), of(&nowhere));
    assert_eq!(
        kind(appliance.rewrite_device_guid(&nowhere, device(), permit).await),
        PortErrorKind::NotFound
    );
    let permit = consent::<RemoveProperty>(&nowhere, []);
    assert_eq!(kind(appliance.remove_device_guid(&nowhere, permit).await), PortErrorKind::NotFound);
}
