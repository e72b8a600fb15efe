//! Every call about pools, datasets and snapshots, on every release: by which method of that release it is made, or that it cannot be.
//!
//! The table stands in `releases/storage.txt`; `DTC_UPDATE=1` writes it anew.

use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::datasets::{
    CreateDataset, DatasetKey, KeyOf, NewKey, Passphrase, UnlockDatasets, UpdateDataset, UserPropertyName,
};
use truenas_client::snapshot_tasks::{
    CreateSnapshotTask, Lifetime, LifetimeUnit, RemovalDates, SnapshotSchedule, UpdateSnapshotTask,
};
use truenas_client::snapshots::{CreateSnapshot, ListSnapshots, Newer, Snapshot};
use truenas_client::{Client, DatasetId, Error, ErrorKind, PoolId, SnapshotTaskId, Switch};

use crate::nas::{CORE_13_3, Nas, SCALE_24_10};

const RELEASES: [(&str, &str); 5] = [
    ("13.3", CORE_13_3),
    ("24.10", SCALE_24_10),
    ("25.04", "v25.04.2"),
    ("25.10", "v25.10.5"),
    ("26.0", "v26.0.0"),
];
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/releases/storage.txt");
const SHORT: Duration = Duration::from_millis(20);

const CALLS: &[&str] = &[
    "pools.list",
    "pools.get",
    "datasets.list",
    "datasets.get",
    "datasets.settings",
    "datasets.mounts",
    "datasets.create",
    "datasets.create volume",
    "datasets.create with key",
    "datasets.create with user property",
    "datasets.create with ancestors",
    "datasets.update",
    "datasets.set_user_property",
    "datasets.remove_user_property",
    "datasets.delete",
    "datasets.lock",
    "datasets.unlock",
    "datasets.unlock for children",
    "datasets.unlock renaming obstacles",
    "datasets.encryption_summary",
    "datasets.change_key",
    "datasets.inherit_encryption",
    "datasets.export_key",
    "datasets.export_keys",
    "datasets.export_keys_for_replication",
    "datasets.attachments",
    "datasets.overview",
    "datasets.snapshot_count",
    "snapshots.list",
    "snapshots.describe",
    "snapshots.get",
    "snapshots.create",
    "snapshots.create without children",
    "snapshots.clone_to",
    "snapshots.rename",
    "snapshots.roll_back",
    "snapshots.hold",
    "snapshots.release",
    "snapshots.holds",
    "snapshots.delete",
    "snapshots.delete with children",
    "snapshot_tasks.list",
    "snapshot_tasks.get",
    "snapshot_tasks.create",
    "snapshot_tasks.update",
    "snapshot_tasks.update keeping removal dates",
    "snapshot_tasks.delete",
    "snapshot_tasks.delete keeping removal dates",
    "snapshot_tasks.run",
    "snapshot_tasks.update_will_change_retention_for",
    "snapshot_tasks.delete_will_change_retention_for",
    "snapshot_tasks.max_count",
    "snapshot_tasks.max_total_count",
];

fn id(text: &str) -> DatasetId {
    DatasetId::new(text)
}

fn tag() -> UserPropertyName {
    UserPropertyName::new("com.example:tag").unwrap()
}

fn key() -> DatasetKey {
    DatasetKey::new("ab".repeat(32))
}

fn passphrase() -> Passphrase {
    Passphrase::new("eight characters")
}

fn snapshot() -> Snapshot {
    Snapshot::new(id("tank/a"), "one")
}

async fn pools_and_datasets(client: &Client, name: &str) -> Result<(), Error> {
    let (pools, datasets, a) = (client.pools(), client.datasets(), id("tank/a"));
    let plain = || CreateDataset::file_system(id("tank/a"));
    match name {
        "pools.list" => pools.list().await.map(drop),
        "pools.get" => pools.get(PoolId::new(1)).await.map(drop),
        "datasets.list" => datasets.list().await.map(drop),
        "datasets.get" => datasets.get(&a).await.map(drop),
        "datasets.settings" => datasets.settings(&a).await.map(drop),
        "datasets.mounts" => datasets.mounts(&["tank"]).await.map(drop),
        "datasets.create" => datasets.create(&plain()).await.map(drop),
        "datasets.create volume" => datasets.create(&CreateDataset::volume(a, 1 << 30)).await.map(drop),
        "datasets.create with key" => datasets.create(&plain().encrypted(NewKey::Generated)).await.map(drop),
        "datasets.create with user property" => {
            datasets.create(&plain().user_property(&tag(), "1")).await.map(drop)
        }
        "datasets.create with ancestors" => datasets.create(&plain().with_ancestors()).await.map(drop),
        "datasets.update" => datasets.update(&a, &UpdateDataset::new().compression(Some("ZSTD"))).await,
        "datasets.set_user_property" => datasets.set_user_property(&a, &tag(), "1").await,
        "datasets.remove_user_property" => datasets.remove_user_property(&a, &tag()).await,
        "datasets.delete" => datasets.delete(&a, Switch::On).await,
        "datasets.attachments" => datasets.attachments(&a).await.map(drop),
        "datasets.overview" => datasets.overview().await.map(drop),
        "datasets.snapshot_count" => datasets.snapshot_count(&a).await.map(drop),
        name => keys(client, name).await,
    }
}

async fn keys(client: &Client, name: &str) -> Result<(), Error> {
    let (datasets, a) = (client.datasets(), id("tank/a"));
    let with = |key: KeyOf| UnlockDatasets::new().with(key);
    match name {
        "datasets.lock" => datasets.lock(&a, Switch::Off).await.map(drop),
        "datasets.unlock" => {
            datasets.unlock(&a, &with(KeyOf::passphrase(id("tank/a"), passphrase()))).await.map(drop)
        }
        "datasets.unlock for children" => {
            datasets.unlock(&a, &with(KeyOf::key(id("tank/a"), key()).for_children())).await.map(drop)
        }
        "datasets.unlock renaming obstacles" => {
            datasets.unlock(&a, &UnlockDatasets::new().recursive().rename_obstacles()).await.map(drop)
        }
        "datasets.encryption_summary" => {
            datasets.encryption_summary(&a, &[KeyOf::key(id("tank/a"), key())], SHORT).await.map(drop)
        }
        "datasets.change_key" => datasets.change_key(&a, &NewKey::Hex(key())).await.map(drop),
        "datasets.inherit_encryption" => datasets.inherit_encryption(&a).await,
        "datasets.export_key" => datasets.export_key(&a, SHORT).await.map(drop),
        "datasets.export_keys" => datasets.export_keys(&a, SHORT).await.map(drop),
        "datasets.export_keys_for_replication" => {
            datasets.export_keys_for_replication(4, SHORT).await.map(drop)
        }
        name => snapshots(client, name).await,
    }
}

async fn snapshots(client: &Client, name: &str) -> Result<(), Error> {
    let (snapshots, one) = (client.snapshots(), snapshot());
    let of_one = || ListSnapshots::new(id("tank/a"));
    match name {
        "snapshots.list" => snapshots.list(&of_one()).await.map(drop),
        "snapshots.describe" => snapshots.describe(&of_one().limit(5)).await.map(drop),
        "snapshots.get" => snapshots.get(&one).await.map(drop),
        "snapshots.create" => snapshots.create(&CreateSnapshot::named(id("tank/a"), "one")).await.map(drop),
        "snapshots.create without children" => {
            let request = CreateSnapshot::named(id("tank"), "one").recursive_without([id("tank/a")]);
            snapshots.create(&request).await.map(drop)
        }
        "snapshots.clone_to" => snapshots.clone_to(&one, &id("tank/copy")).await,
        "snapshots.rename" => snapshots.rename(&one, "two").await.map(drop),
        "snapshots.roll_back" => snapshots.roll_back(&one, Newer::Remove).await,
        "snapshots.hold" => snapshots.hold(&one, Switch::Off).await,
        "snapshots.release" => snapshots.release(&one, Switch::Off).await,
        "snapshots.holds" => snapshots.holds(&one).await.map(drop),
        "snapshots.delete" => snapshots.delete(&one, Switch::Off).await,
        "snapshots.delete with children" => snapshots.delete(&one, Switch::On).await,
        name => tasks(client, name).await,
    }
}

async fn tasks(client: &Client, name: &str) -> Result<(), Error> {
    let (tasks, seven) = (client.snapshot_tasks(), SnapshotTaskId::new(7));
    let schedule = SnapshotSchedule::new("0 * * * *".parse().unwrap());
    let lifetime = Lifetime::new(14, LifetimeUnit::Day);
    let new = CreateSnapshotTask::new(id("tank"), "auto-%Y-%m-%d_%H-%M", lifetime, schedule);
    let off = UpdateSnapshotTask::new().enabled(Switch::Off);
    match name {
        "snapshot_tasks.list" => tasks.list().await.map(drop),
        "snapshot_tasks.get" => tasks.get(seven).await.map(drop),
        "snapshot_tasks.create" => tasks.create(&new).await.map(drop),
        "snapshot_tasks.update" => tasks.update(seven, &off).await.map(drop),
        "snapshot_tasks.update keeping removal dates" => {
            tasks.update(seven, &off.removal_dates(RemovalDates::Keep)).await.map(drop)
        }
        "snapshot_tasks.delete" => tasks.delete(seven, RemovalDates::Forget).await,
        "snapshot_tasks.delete keeping removal dates" => tasks.delete(seven, RemovalDates::Keep).await,
        "snapshot_tasks.run" => tasks.run(seven).await,
        "snapshot_tasks.update_will_change_retention_for" => {
            tasks.update_will_change_retention_for(seven, &off).await.map(drop)
        }
        "snapshot_tasks.delete_will_change_retention_for" => {
            tasks.delete_will_change_retention_for(seven).await.map(drop)
        }
        "snapshot_tasks.max_count" => tasks.max_count().await.map(drop),
        "snapshot_tasks.max_total_count" => tasks.max_total_count().await.map(drop),
        other => unreachable!("{other} is called nowhere"),
    }
}

/// What calls are made with besides their own method.
const BESIDES: [&str; 6] = [
    "auth.login_with_api_key",
    "auth.login_ex",
    "auth.mechanism_choices",
    "core.get_jobs",
    "core.subscribe",
    "system.version",
];

async fn release(version: &str) -> Nas {
    let nas = if version.starts_with('v') {
        Nas::with_versions(&[version]).await
    } else {
        Nas::older(version).await
    };
    let made =
        json!({"id": "tank/a", "name": "tank/a@one", "pool": "tank", "type": "FILESYSTEM", "holds": {}});
    for method in
        ["pool.dataset.create", "pool.dataset.update", "zfs.snapshot.create", "pool.snapshot.create"]
    {
        nas.answers(method, made.clone());
    }
    let rows = ["pool.query", "pool.dataset.query", "pool.snapshottask.query", "zfs.resource.query"];
    for method in rows {
        nas.answers(method, json!([]));
    }
    for method in ["zfs.snapshot.query", "pool.snapshot.query", "zfs.resource.snapshot.query"] {
        nas.answers(method, json!([made]));
    }
    nas.answers("pool.dataset.userprop.query", json!([]));
    nas.answers("pool.dataset.userprop.create", json!(true));
    nas.answers("core.get_jobs", json!([]));
    nas.answers("zfs.resource.snapshot.holds", json!([]));
    nas
}

/// The methods of the calls that were made, or that none was.
async fn made_by(client: &Client, nas: &Nas, name: &str) -> String {
    let before = nas.methods().len();
    let outcome = pools_and_datasets(client, name).await;
    let all = nas.methods();
    let sent: Vec<&String> =
        all[before..].iter().filter(|method| !BESIDES.contains(&method.as_str())).collect();
    if let Err(error) = &outcome
        && let ErrorKind::Unsupported { instead, .. } = error.kind()
        && sent.is_empty()
    {
        assert!(instead.is_some_and(|way| way.len() > 20), "{name}: {error}");
        return "unsupported".to_owned();
    }
    match sent.as_slice() {
        [] => unreachable!("{name} sent nothing: {outcome:?}"),
        [one] if one.as_str() == "core.download" => {
            let asked: Value = nas.asked("core.download").pop().unwrap();
            format!("core.download:{}", asked[0].as_str().unwrap())
        }
        [one] => (*one).clone(),
        _ => "steps".to_owned(),
    }
}

#[tokio::test]
async fn every_call_about_storage_is_made_by_the_method_of_its_release() {
    let mut columns = Vec::new();
    for (short, version) in RELEASES {
        let nas = release(version).await;
        let client = nas.client().await;
        let mut column = Vec::new();
        for name in CALLS {
            column.push(format!("{short}={}", made_by(&client, &nas, name).await));
        }
        columns.push(column);
    }
    let line = |(at, name): (usize, &&str)| {
        let cells: Vec<&str> = columns.iter().map(|column| column[at].as_str()).collect();
        format!("{name}  {}\n", cells.join(" "))
    };
    let found: String = CALLS.iter().enumerate().map(line).collect();
    if std::env::var_os("DTC_UPDATE").is_some() {
        std::fs::write(TABLE, &found).unwrap();
    }
    let expected = std::fs::read_to_string(TABLE).unwrap();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}
