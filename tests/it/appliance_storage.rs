//! Every call about pools, datasets, snapshots and their tasks, through the client, on the simulated appliance of every release: it does what it says,
//! or the release lacks it and the error names a way out.

use std::collections::BTreeSet;
use std::time::Duration;

use dtc_tests::recorded;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::Value;
use simulator::truenas::{ApplianceSize, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};
use truenas_client::datasets::{
    CreateDataset, DatasetKey, DatasetKind, KeyFormat, KeyOf, NewKey, Passphrase, PropertySource,
    UnlockDatasets, UpdateDataset, UserPropertyName,
};
use truenas_client::snapshot_tasks::{
    CreateSnapshotTask, Lifetime, LifetimeUnit, RemovalDates, SnapshotSchedule, UpdateSnapshotTask,
};
use truenas_client::snapshots::{CreateSnapshot, ListSnapshots, Newer, Snapshot};
use truenas_client::{
    ApiKey, ChangeKind, Client, Config, Credentials, DatasetId, Error, ErrorKind, Filter, Method, Order,
    Query, Seen, Switch, Trust,
};

const LIMIT: Duration = Duration::from_secs(20);
const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";

/// One appliance of a release and its client.
struct Appliance {
    release: Release,
    sim: Simulator,
    client: Client,
}

impl Appliance {
    async fn start(release: Release) -> Self {
        let settings = Settings { size: ApplianceSize::Tiny, ..Settings::default() };
        let sim = recorded(Simulator::builder().seed(7).truenas(DEFAULT_ID, release, settings));
        let sim = sim.start().await.unwrap();
        let at = &sim.addresses().truenas;
        let key = Credentials::api_key(ApiKey::new(at.api_key.as_str()));
        let config = Config::new(at.url.parse().unwrap(), key)
            .trust(Trust::Fingerprint(at.fingerprint.parse().unwrap()));
        let client = Client::connect(config).await.unwrap();
        Self { release, sim, client }
    }

    /// What a call gave, where the release has it; elsewhere it is refused without having been sent, and with a way out.
    #[track_caller]
    fn since<T>(&self, first: Release, outcome: Result<T, Error>) -> Option<T> {
        let release = self.release;
        if release >= first {
            return Some(outcome.unwrap_or_else(|error| panic!("{release}: {error}")));
        }
        let Err(error) = outcome else { panic!("{release} has it") };
        let ErrorKind::Unsupported { instead: Some(way), .. } = error.kind() else {
            panic!("{release}: {error}")
        };
        assert!(way.len() > 20, "{release}: {error}");
        None
    }

    fn files(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.sim.truenas().real_path(path).unwrap()).ok()
    }
}

fn id(text: &str) -> DatasetId {
    DatasetId::new(text)
}

fn phrase() -> Passphrase {
    Passphrase::new("eight characters")
}

const SCALE: Release = Release::Scale24_10;

#[tokio::test(flavor = "multi_thread")]
async fn pools_and_datasets_are_read_made_changed_and_removed_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let (pools, datasets) = (it.client.pools(), it.client.datasets());
        let listed = pools.list().await.unwrap();
        let pool = pools.get(listed[0].id).await.unwrap();
        assert_eq!(
            (pool.name.as_str(), pool.healthy, pool.autotrim),
            ("pool0", true, Some(false)),
            "{release}"
        );
        assert_eq!(pool.topology.unwrap().data[0].children.len(), 2);
        let new = CreateDataset::file_system(id("pool0/new"))
            .compression("ZSTD")
            .quota(2 << 30)
            .readonly(Switch::Off);
        let made = datasets.create(&new).await.unwrap();
        assert_eq!(
            (made.kind, made.encrypted, made.locked),
            (DatasetKind::Filesystem, false, false),
            "{release}"
        );
        datasets.create(&CreateDataset::volume(id("pool0/disk"), 1 << 30).sparse()).await.unwrap();
        let deep = datasets.create(&CreateDataset::file_system(id("pool0/a/b")).with_ancestors()).await;
        it.since(SCALE, deep);
        let settings = datasets.settings(&id("pool0/new")).await.unwrap();
        assert_eq!(settings.compression.value.as_deref(), Some("ZSTD"), "{release}");
        assert_eq!(
            (settings.compression.source, settings.quota.number()),
            (PropertySource::Local, Some(2 << 30))
        );
        let changes = UpdateDataset::new().compression(None).quota(0).comments("a text");
        datasets.update(&id("pool0/new"), &changes).await.unwrap();
        let settings = datasets.settings(&id("pool0/new")).await.unwrap();
        assert_eq!((settings.quota.number(), settings.comments.value.as_deref()), (None, Some("a text")));
        let mounts = datasets.mounts(&["pool0"]).await.unwrap();
        assert!(mounts.iter().any(|mount| mount.dataset == id("pool0/new") && mount.mounted), "{release}");
        let refused = datasets.delete(&id("pool0/docs"), Switch::Off).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Rejected { .. }), "{release}: {refused}");
        datasets.delete(&id("pool0/new"), Switch::Off).await.unwrap();
        assert!(datasets.get(&id("pool0/new")).await.unwrap_err().is_not_found(), "{release}");
        assert!(
            datasets.delete(&id("pool0/new"), Switch::Off).await.unwrap_err().is_not_found(),
            "{release}"
        );
        let twice = datasets.create(&CreateDataset::file_system(id("pool0/docs"))).await.unwrap_err();
        let ErrorKind::Validation { fields } = twice.kind() else { panic!("{release}: {twice}") };
        assert_eq!(fields[0].attribute.rsplit('.').next(), Some("name"), "{release}: {twice}");
        it.sim.stop().await;
    }
}

/// §6: user properties are inherited; where they come from is told before 25.10 only.
#[tokio::test(flavor = "multi_thread")]
async fn i3_user_properties_have_a_source_and_are_inherited_on_every_release() {
    let (tag, guid) = (
        UserPropertyName::new("com.example:tag").unwrap(),
        UserPropertyName::new("com.dtctoday:device-guid").unwrap(),
    );
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let datasets = it.client.datasets();
        let made = datasets
            .create(&CreateDataset::file_system(id("pool0/new")).user_property(&tag, "own"))
            .await
            .unwrap();
        assert_eq!(made.user_properties[&tag].value, "own", "{release}");
        datasets.set_user_property(&id("pool0"), &guid, "abc").await.unwrap();
        let child = datasets.get(&id("pool0/new")).await.unwrap();
        let shown = &child.user_properties[&guid];
        let source =
            if release < Release::Scale25_10 { PropertySource::Inherited } else { PropertySource::Local };
        assert_eq!((shown.value.as_str(), &shown.source), ("abc", &source), "{release}");
        assert_eq!(child.user_properties[&tag].source, PropertySource::Local);
        let refused = datasets.set_user_property(&id("pool0/new"), &guid, "abc").await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{release}: {refused}");
        let both = UpdateDataset::new().user_property(&tag, "changed").comments("x");
        datasets.update(&id("pool0/new"), &both).await.unwrap();
        datasets.remove_user_property(&id("pool0"), &guid).await.unwrap();
        let child = datasets.get(&id("pool0/new")).await.unwrap();
        assert_eq!(child.user_properties.len(), 1, "{release}");
        assert_eq!(child.user_properties[&tag].value, "changed");
        it.sim.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_datasets_are_locked_and_unlocked_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let (datasets, secret, own) = (it.client.datasets(), id("pool0/secret"), id("pool0/secret/own"));
        for name in [&secret, &own] {
            let new = CreateDataset::file_system(name.clone()).encrypted(NewKey::Passphrase(phrase()));
            assert!(datasets.create(&new).await.unwrap().encrypted, "{release}");
        }
        it.sim.truenas().write_file("/mnt/pool0/secret/own/a.txt", b"kept").unwrap();
        assert!(datasets.lock(&secret, Switch::Off).await.unwrap().wait(LIMIT).await.unwrap());
        let locked = datasets.get(&own).await.unwrap();
        assert_eq!(
            (locked.locked, locked.key_loaded, locked.encryption_root.as_ref()),
            (true, Some(false), Some(&own))
        );
        assert_eq!(it.files("/mnt/pool0/secret/own/a.txt"), None, "{release}");
        let wrong = || KeyOf::passphrase(id("pool0/secret/own"), Passphrase::new("not that one"));
        let right = || KeyOf::passphrase(id("pool0/secret"), phrase());
        let summary = datasets.encryption_summary(&secret, &[right(), wrong()], LIMIT).await.unwrap();
        let valid: Vec<bool> = summary.iter().map(|it| it.valid_key).collect();
        assert_eq!((valid, &summary[0].key_format), (vec![true, false], &KeyFormat::Passphrase), "{release}");
        assert!(datasets.get(&secret).await.unwrap().locked, "a summary unlocks nothing");
        let how = UnlockDatasets::new().with(right()).with(wrong()).recursive();
        let unlocked = datasets.unlock(&secret, &how).await.unwrap().wait(LIMIT).await.unwrap();
        assert!(!unlocked.is_complete() && unlocked.unlocked == [secret.clone()], "{release}: {unlocked:?}");
        assert_eq!(unlocked.failed[&own].error.as_deref(), Some("Invalid Key"), "{release}");
        let how =
            UnlockDatasets::new().with(KeyOf::passphrase(own.clone(), phrase())).leave_attachments_off();
        assert!(datasets.unlock(&own, &how).await.unwrap().wait(LIMIT).await.unwrap().is_complete());
        assert_eq!(it.files("/mnt/pool0/secret/own/a.txt").as_deref(), Some(&b"kept"[..]), "{release}");
        let again = datasets.unlock(&own, &how).await.unwrap().wait(LIMIT).await.unwrap_err();
        assert!(matches!(again.kind(), ErrorKind::JobFailed { .. }), "{release}: {again}");
        // One phrase for both, and whatever is in the way at the mount point.
        assert!(datasets.lock(&secret, Switch::On).await.unwrap().wait(LIMIT).await.unwrap());
        let wide = UnlockDatasets::new().with(right().for_children()).recursive();
        if let Some(job) = it.since(SCALE, datasets.unlock(&secret, &wide.rename_obstacles()).await) {
            assert_eq!(job.wait(LIMIT).await.unwrap().unlocked.len(), 2, "{release}");
        }
        let open =
            datasets.lock(&id("pool0/docs"), Switch::Off).await.unwrap().wait(LIMIT).await.unwrap_err();
        assert!(open.to_string().contains("not encrypted"), "{release}: {open}");
        it.sim.stop().await;
    }
}

/// Findings 3 H: keys are kept and can be fetched, passphrases are not.
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_generated_exported_changed_and_inherited_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let (datasets, top, below) = (it.client.datasets(), id("pool0/key"), id("pool0/key/below"));
        let hex = "0123456789abcdef".repeat(4);
        let given = CreateDataset::file_system(top.clone()).encrypted(NewKey::Hex(DatasetKey::new(&hex)));
        datasets.create(&given).await.unwrap();
        datasets
            .create(&CreateDataset::file_system(below.clone()).encrypted(NewKey::Generated))
            .await
            .unwrap();
        assert_eq!(datasets.export_key(&top, LIMIT).await.unwrap().expose(), hex, "{release}");
        let keys = datasets.export_keys(&id("pool0"), LIMIT).await.unwrap();
        assert_eq!(
            (keys.len(), keys.get(&top).map(DatasetKey::expose)),
            (2, Some(hex.as_str())),
            "{release}"
        );
        assert_eq!(keys.get(&below).unwrap().expose().len(), 64);
        datasets.inherit_encryption(&below).await.unwrap();
        assert_eq!(datasets.get(&below).await.unwrap().encryption_root, Some(top.clone()), "{release}");
        let refused = datasets.inherit_encryption(&below).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Rejected { .. }), "{release}: {refused}");
        let job = datasets.change_key(&top, &NewKey::Passphrase(phrase())).await.unwrap();
        job.wait(LIMIT).await.unwrap();
        assert!(datasets.export_keys(&id("pool0"), LIMIT).await.unwrap().is_empty(), "{release}");
        let none = datasets.export_key(&top, LIMIT).await.unwrap_err();
        assert!(matches!(none.kind(), ErrorKind::JobFailed { .. }), "{release}: {none}");
        let absent = datasets.export_keys_for_replication(99, LIMIT).await;
        if release < SCALE {
            it.since(SCALE, absent);
        } else {
            assert!(absent.unwrap_err().to_string().contains("does not exist"), "{release}");
        }
        it.sim.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_datasets_is_described_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let datasets = it.client.datasets();
        it.client.snapshot_tasks().create(&hourly("pool0/docs")).await.unwrap();
        it.client.snapshots().create(&CreateSnapshot::named(id("pool0/docs"), "one")).await.unwrap();
        let attachments = datasets.attachments(&id("pool0")).await.unwrap();
        assert_eq!((attachments.len(), attachments[0].names.as_slice()), (1, &["pool0/docs".to_owned()][..]));
        let least = datasets.snapshot_count(&id("pool0/docs")).await.unwrap();
        assert!(least >= 1, "{release}");
        if let Some(overview) = it.since(SCALE, datasets.overview().await) {
            let docs = overview[0].children.iter().find(|child| child.id == id("pool0/docs")).unwrap();
            assert_eq!((docs.snapshot_tasks_count, docs.locked), (1, false), "{release}");
        }
        it.sim.stop().await;
    }
}

fn hourly(dataset: &str) -> CreateSnapshotTask {
    let schedule = SnapshotSchedule::new("0 * * * *".parse().unwrap());
    CreateSnapshotTask::new(id(dataset), SCHEMA, Lifetime::new(3, LifetimeUnit::Hour), schedule)
        .recursive(Switch::On)
        .allow_empty(Switch::On)
}

#[tokio::test(flavor = "multi_thread")]
async fn z2_snapshots_are_taken_listed_described_and_removed_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let snapshots = it.client.snapshots();
        let one =
            snapshots.create(&CreateSnapshot::named(id("pool0/docs"), "one").recursive()).await.unwrap();
        assert_eq!(one.id(), "pool0/docs@one", "{release}");
        let by_schema = snapshots.create(&CreateSnapshot::by_schema(id("pool0/docs"), SCHEMA)).await.unwrap();
        assert!(by_schema.name.starts_with("auto-20"), "{release}");
        let without = CreateSnapshot::named(id("pool0"), "two").recursive_without([id("pool0/docs")]);
        if it.since(SCALE, snapshots.create(&without).await).is_some() {
            assert!(
                !it.sim.truenas().snapshots().contains(&"pool0/docs/contracts@two".to_owned()),
                "{release}"
            );
        }
        let of_docs = snapshots.list(&ListSnapshots::new(id("pool0/docs"))).await.unwrap();
        assert_eq!(of_docs, [one.clone(), by_schema.clone()], "{release}: by name, from last to first");
        let of_pools = ListSnapshots::in_pools(["pool0", "pool1"]).name_prefix("one");
        let of_pools: BTreeSet<Snapshot> = snapshots.list(&of_pools).await.unwrap().into_iter().collect();
        assert_eq!(of_pools.len(), 2, "{release}");
        assert_eq!(snapshots.list(&ListSnapshots::new(id("pool0/none"))).await.unwrap(), [], "{release}");
        let described = snapshots.describe(&ListSnapshots::new(id("pool0/docs")).limit(5)).await.unwrap();
        assert!(
            described.iter().all(|it| it.created.is_some() && it.transaction_group.is_some()),
            "{release}"
        );
        let got = snapshots.get(&one).await.unwrap();
        assert_eq!((&got.snapshot, got.retention), (&one, None), "{release}: no task keeps it");
        assert!(snapshots.get(&Snapshot::new(id("pool0"), "none")).await.unwrap_err().is_not_found());
        if it.since(SCALE, snapshots.hold(&one, Switch::On).await).is_some() {
            assert_eq!(snapshots.get(&one).await.unwrap().is_held, Some(true), "{release}");
            assert_eq!(snapshots.holds(&one).await.unwrap(), ["truenas"]);
            let busy = snapshots.delete(&one, Switch::Off).await.unwrap_err();
            assert!(busy.to_string().contains("busy"), "{release}: {busy}");
        } else {
            it.since(SCALE, snapshots.holds(&one).await);
        }
        it.since(SCALE, snapshots.release(&one, Switch::On).await);
        it.since(SCALE, snapshots.delete(&one, Switch::On).await);
        snapshots.delete(&by_schema, Switch::Off).await.unwrap();
        let gone = snapshots.delete(&by_schema, Switch::Off).await.unwrap_err();
        assert!(gone.is_not_found() || release == Release::Core13_3, "{release}: {gone}");
        it.sim.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_are_renamed_cloned_and_gone_back_to_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let (snapshots, nas) = (it.client.snapshots(), it.sim.truenas());
        nas.write_file("/mnt/pool0/docs/a.txt", b"one").unwrap();
        let one = snapshots.create(&CreateSnapshot::named(id("pool0/docs"), "one")).await.unwrap();
        nas.write_file("/mnt/pool0/docs/a.txt", b"two").unwrap();
        let two = snapshots.create(&CreateSnapshot::named(id("pool0/docs"), "two")).await.unwrap();
        snapshots.clone_to(&one, &id("pool0/copy")).await.unwrap();
        assert_eq!(it.files("/mnt/pool0/copy/a.txt").as_deref(), Some(&b"one"[..]), "{release}");
        let twice = snapshots.clone_to(&one, &id("pool0/copy")).await.unwrap_err();
        assert!(matches!(twice.kind(), ErrorKind::Rejected { .. }), "{release}: {twice}");
        let newer = snapshots.roll_back(&one, Newer::Keep).await.unwrap_err();
        assert!(newer.to_string().contains("more recent"), "{release}: {newer}");
        snapshots.roll_back(&one, Newer::Remove).await.unwrap();
        assert_eq!(it.files("/mnt/pool0/docs/a.txt").as_deref(), Some(&b"one"[..]), "{release}");
        assert!(snapshots.get(&two).await.unwrap_err().is_not_found(), "{release}");
        if let Some(renamed) = it.since(Release::Scale25_10, snapshots.rename(&one, "first").await) {
            assert_eq!(nas.snapshots(), [renamed.id()], "{release}");
            assert!(snapshots.rename(&one, "again").await.unwrap_err().is_not_found(), "{release}");
        }
        it.sim.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn z1_snapshot_tasks_are_set_up_changed_run_and_removed_on_every_release() {
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let (tasks, nas) = (it.client.snapshot_tasks(), it.sim.truenas());
        let made = tasks.create(&hourly("pool0/docs")).await.unwrap();
        assert_eq!(tasks.list().await.unwrap().len(), 1, "{release}");
        tasks.run(made.id).await.unwrap();
        let found = tasks.get(made.id).await.unwrap();
        assert!(found.state.is_some_and(|state| state.last_snapshot.is_some()), "{release}");
        let narrower = UpdateSnapshotTask::new().recursive(Switch::Off);
        if let Some(lost) = it.since(SCALE, tasks.update_will_change_retention_for(made.id, &narrower).await)
        {
            assert_eq!(lost.keys().collect::<Vec<_>>(), [&id("pool0/docs/contracts")], "{release}");
        }
        if let Some(lost) = it.since(SCALE, tasks.delete_will_change_retention_for(made.id).await) {
            assert_eq!(lost.len(), 2, "{release}");
        }
        it.since(SCALE, tasks.update(made.id, &narrower.clone().removal_dates(RemovalDates::Keep)).await);
        assert_eq!(it.since(SCALE, tasks.max_count().await).unwrap_or(512), 512);
        assert_eq!(it.since(SCALE, tasks.max_total_count().await).unwrap_or(10_000), 10_000);
        let longer = UpdateSnapshotTask::new().lifetime(&Lifetime::new(2, LifetimeUnit::Week)).exclude(&[]);
        let longer = longer.schedule(&SnapshotSchedule::new("30 */2 * * *".parse().unwrap()));
        let changed =
            tasks.update(made.id, &longer.allow_empty(Switch::Off).naming_schema(SCHEMA)).await.unwrap();
        assert_eq!((changed.lifetime.hours(), changed.allow_empty), (Some(336), false), "{release}");
        tasks.update(made.id, &UpdateSnapshotTask::new().enabled(Switch::Off)).await.unwrap();
        let disabled = tasks.run(made.id).await.unwrap_err();
        assert!(disabled.to_string().contains("not enabled"), "{release}: {disabled}");
        if it.since(SCALE, tasks.delete(made.id, RemovalDates::Keep).await).is_none() {
            tasks.delete(made.id, RemovalDates::Forget).await.unwrap();
        }
        assert!(tasks.get(made.id).await.unwrap_err().is_not_found(), "{release}");
        let before = nas.snapshots().len();
        assert!(before >= 2, "{release}: what the task took stays");
        it.sim.stop().await;
    }
}

/// §1.6 and §1.12: rows page by page, counted, and as they change; zettarepl tells of a task's state alone.
#[tokio::test(flavor = "multi_thread")]
async fn rows_are_paged_counted_and_watched_on_every_release() {
    const TASKS: Method = Method::reads("pool.snapshottask.query");
    for release in Release::ALL {
        let it = Appliance::start(release).await;
        let tasks = it.client.snapshot_tasks();
        let mut changes = std::pin::pin!(it.client.changes(TASKS));
        assert_eq!(changes.next().await.unwrap().unwrap(), Seen::ReadAnew, "{release}");
        let mut made = Vec::new();
        for dataset in ["pool0", "pool0/docs", "pool0/media"] {
            made.push(tasks.create(&hourly(dataset)).await.unwrap().id);
        }
        let Seen::Change(added) = changes.next().await.unwrap().unwrap() else { panic!("{release}") };
        assert_eq!((added.kind, added.id.as_i64()), (ChangeKind::Added, Some(made[0].get())), "{release}");
        let whole = added.row::<truenas_client::snapshot_tasks::SnapshotTask>();
        assert_eq!(whole.map(|task| task.dataset), Some(id("pool0")), "{release}");
        tasks.run(made[0]).await.unwrap();
        let is_part = |seen: &Seen| {
            matches!(seen, Seen::Change(change) if change.kind == ChangeKind::Changed
                && change.fields.as_ref().is_some_and(|fields| fields.keys().eq(["state"])))
        };
        while !is_part(&changes.next().await.unwrap().unwrap()) {}
        let rows = it.client.rows::<Value>(TASKS, Query::new().limit(2));
        let rows: Vec<Value> = rows.try_collect().await.unwrap();
        assert_eq!(rows.len(), 3, "{release}: pages of two, and the stream ends");
        let docs = Query::new().filter(Filter::any([
            Filter::equals("dataset", "pool0/docs"),
            Filter::all([Filter::starts_with("dataset", "pool0/m"), Filter::equals("enabled", true)]),
        ]));
        assert_eq!(it.client.count(TASKS, &docs).await.unwrap(), 2, "{release}");
        let last: Value =
            it.client.first(TASKS, &docs.clone().order_by(Order::descending("id"))).await.unwrap();
        assert_eq!(last["dataset"], "pool0/media", "{release}");
        let any_case = Query::new().filter(Filter::equals("dataset", "POOL0").any_case());
        it.since(SCALE, it.client.count(TASKS, &any_case).await);
        tasks.delete(made[2], RemovalDates::Forget).await.unwrap();
        let is_gone =
            |seen: &Seen| matches!(seen, Seen::Change(change) if change.kind == ChangeKind::Removed);
        while !is_gone(&changes.next().await.unwrap().unwrap()) {}
        it.sim.stop().await;
    }
}
