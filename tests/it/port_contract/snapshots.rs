//! TrueNAS: snapshot tasks and the snapshots they take.

use dtc_provision::PortErrorKind;
use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::ports::{Snapshot, SnapshotTask, SnapshotTaskSettings};
use dtc_provision::standard;

use super::outside::Outside;
use super::{kind, pool};

contract!(
    z1_a_snapshot_task_reads_back_as_it_was_saved,
    z2_snapshots_are_listed_of_the_root_and_its_children,
);

async fn z1_a_snapshot_task_reads_back_as_it_was_saved(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    assert_eq!(appliance.snapshot_tasks().await.unwrap(), []);
    let wanted = standard::snapshot_task::settings(&pool());
    let id = appliance.put_snapshot_task(None, &wanted).await.unwrap();
    let saved = |settings| SnapshotTask { id: id.clone(), enabled: true, settings };
    assert_eq!(appliance.snapshot_tasks().await.unwrap(), [saved(wanted.clone())]);
    let longer = SnapshotTaskSettings { lifetime_hours: 25, ..wanted };
    for _ in ["replaced", "replaced by an equal one"] {
        assert_eq!(appliance.put_snapshot_task(Some(&id), &longer).await.unwrap(), id);
        assert_eq!(appliance.snapshot_tasks().await.unwrap(), [saved(longer.clone())]);
    }
    let nowhere = SnapshotTaskId::new("999999");
    assert_eq!(kind(appliance.put_snapshot_task(Some(&nowhere), &longer).await), PortErrorKind::NotFound);
}

async fn z2_snapshots_are_listed_of_the_root_and_its_children(world: &impl Outside) {
    let appliance = &world.ports().appliance;
    let settings = standard::snapshot_task::settings(&pool());
    let wanted = SnapshotTaskSettings { allow_empty: true, ..settings };
    appliance.put_snapshot_task(None, &wanted).await.unwrap();
    world.take_snapshots();
    let taken = appliance.snapshots(&pool()).await.unwrap();
    for dataset in ["pool0", "pool0/docs"] {
        let of_dataset = |found: &&Snapshot| found.dataset == dataset;
        assert!(taken.iter().filter(of_dataset).any(standard::snapshot_task::is_by_schema), "{taken:?}");
    }
    let ours = |found: &Snapshot| found.dataset == "pool0" || found.dataset.starts_with("pool0/");
    assert!(taken.iter().all(ours), "{taken:?}");
    assert_eq!(appliance.snapshots(&"pool7".parse().unwrap()).await.unwrap(), []);
}
