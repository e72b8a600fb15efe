use std::fs;

use serde_json::json;
use simulator::truenas::{Handle, Release};
use truenas_client::keychain::{InUse, PeerLogin, SemiAutomatic, SshTarget, Unbind};
use truenas_client::replications::{
    CountSnapshots, CreateReplication, DestinationKey, Direction, EncryptionKey, KeyLocation, ReadOnly,
    Retention, RetentionPolicy, RunReplication, Side, Transport, UpdateReplication,
};
use truenas_client::snapshot_tasks::{Lifetime, LifetimeUnit, SnapshotSchedule};
use truenas_client::{
    DatasetId, ErrorKind, ReplicationId, SnapshotTaskId, SshConnectionId, Switch, TaskState,
};

use super::{
    LIMIT, World, asked, assert_invalid, assert_rejected, assert_unsupported, failure, refused, snapshot,
};

const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";
const GUID: &str = "com.dtctoday:device-guid";

fn id(name: &str) -> DatasetId {
    DatasetId::new(name)
}

/// Sends a dataset to another of the same appliance.
fn local(name: &str, target: &str) -> CreateReplication {
    let retention = Retention::For(Lifetime::new(90, LifetimeUnit::Day));
    let sources = [id("pool0/docs")];
    CreateReplication::new(name, Direction::Push, Transport::Local, sources, id(target), retention)
        .also_include([SCHEMA])
        .recursive(Switch::On)
        .properties_exclude([GUID])
}

fn fetched(name: &str, connection: SshConnectionId, target: &str) -> CreateReplication {
    let transport = Transport::Ssh(connection);
    let sources = [id("pool0/docs")];
    CreateReplication::new(name, Direction::Pull, transport, sources, id(target), Retention::Forever)
        .naming_schema([SCHEMA])
        .recursive(Switch::On)
        .properties_exclude([GUID])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_created_read_changed_and_deleted_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        let bound = snapshot(world.one(), "pool0/docs", SCHEMA);
        let nightly = SnapshotSchedule::new("0 2 * * *".parse().unwrap());
        let task = local("nightly", "pool1/copy").snapshot_tasks([SnapshotTaskId::new(bound)]);
        let task = task.auto(Switch::On).schedule(nightly).exclude([id("pool0/docs/contracts")]);
        let made = tasks.create(&task, None).await.unwrap();
        assert_eq!((made.name.as_str(), &made.direction), ("nightly", &Direction::Push), "{release}");
        assert_eq!(made.periodic_snapshot_tasks, [SnapshotTaskId::new(bound)], "{release}");
        assert_eq!((made.retention_policy, made.lifetime_value), (RetentionPolicy::Custom, Some(90)));
        assert_eq!((&made.readonly, made.retries, made.state.state), (&ReadOnly::Set, 5, TaskState::Pending));
        assert_eq!(made.properties_exclude, [GUID], "{release}");
        assert!(made.auto && made.enabled && made.properties && !made.allow_from_scratch, "{release}");
        assert_eq!(made.schedule.unwrap().schedule().to_string(), "0 2 * * *", "{release}");
        let taken = refused(tasks.create(&task, None).await);
        assert_eq!(taken, ["replication_create.name"], "{release}");
        let changes =
            UpdateReplication::new().enabled(Switch::Off).schedule(None).retention(&Retention::Forever);
        let held = tasks.update(made.id, &changes, None).await.unwrap();
        assert!(!held.enabled && held.schedule.is_none(), "{release}");
        assert_eq!(held.retention_policy, RetentionPolicy::None, "{release}");
        let back = UpdateReplication::matching(&task).unwrap();
        assert_eq!(tasks.update(made.id, &back, None).await.unwrap().lifetime_value, Some(90), "{release}");
        assert_eq!(tasks.list().await.unwrap().len(), 1);
        assert_eq!(tasks.get(made.id).await.unwrap().target_dataset, id("pool1/copy"));
        assert_eq!(tasks.list_naming_schemas().await.unwrap(), [SCHEMA], "{release}");
        tasks.delete(made.id).await.unwrap();
        assert!(tasks.get(made.id).await.unwrap_err().is_not_found(), "{release}");
        assert!(tasks.delete(made.id).await.unwrap_err().is_not_found(), "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn core_lacks_options_and_names_the_way_out() {
    let world = World::of(Release::Core13_3).await;
    let tasks = world.client.replications();
    for task in [
        local("x", "pool1/copy").sudo(Switch::On),
        local("x", "pool1/copy").property("compression", "lz4"),
        local("x", "pool1/copy").inherits_encryption(Switch::On),
    ] {
        assert_unsupported(tasks.create(&task, None).await);
    }
    let once = RunReplication::like(local("x", "pool1/copy"));
    assert_unsupported(tasks.run_once(&once, None).await);
    let by_regex = CountSnapshots::by_regex([id("pool0/docs")], "auto-.*", Side::Local);
    assert_unsupported(tasks.count_eligible_manual_snapshots(&by_regex).await);
}

fn file(appliance: &Handle, path: &str) -> Vec<u8> {
    fs::read(appliance.real_path(path).unwrap()).unwrap()
}

/// Files, snapshots and user properties arrive; the one that identifies the appliance stays behind, and the target becomes read-only.
#[tokio::test(flavor = "multi_thread")]
async fn i5_a_run_brings_files_and_snapshots_and_leaves_the_device_guid_behind() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        world.one().set_user_property("pool0/docs", GUID, "ours").unwrap();
        world.one().set_user_property("pool0/docs", "a:b", "travels").unwrap();
        snapshot(world.one(), "pool0/docs", SCHEMA);
        let made = tasks.create(&local("copy", "pool1/copy"), None).await.unwrap();
        let job = tasks.run(made.id).await.unwrap();
        job.wait(LIMIT).await.unwrap();
        let name = "docs/.hidden";
        let (from, to) = (format!("/mnt/pool0/{name}"), "/mnt/pool1/copy/.hidden");
        assert_eq!(file(world.one(), to), file(world.one(), &from), "{release}");
        let deep = "contracts/one block.bin";
        let copied = file(world.one(), &format!("/mnt/pool1/copy/{deep}"));
        assert_eq!(copied, file(world.one(), &format!("/mnt/pool0/docs/{deep}")), "{release}");
        assert_eq!(world.one().user_property("pool1/copy", GUID), None, "{release}");
        assert_eq!(world.one().user_property("pool1/copy", "a:b").as_deref(), Some("travels"), "{release}");
        let arrived = world.one().snapshots();
        let arrived = arrived.iter().filter(|name| name.starts_with("pool1/copy"));
        assert_eq!(arrived.count(), 2, "{release}: the dataset's and its child's");
        let ran = tasks.get(made.id).await.unwrap();
        assert_eq!(ran.state.state, TaskState::Finished, "{release}");
        assert!(ran.state.last_snapshot.unwrap().starts_with("pool0/docs"), "{release}");
        assert_eq!(ran.job.unwrap().id, job.id(), "{release}");
        let unmatched = tasks
            .target_unmatched_snapshots(&Direction::Push, &[id("pool0/docs")], &id("pool1/copy"), Side::Local)
            .await;
        assert!(unmatched.unwrap().is_empty(), "{release}");
        tasks.run(made.id).await.unwrap().wait(LIMIT).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_are_looked_at_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        snapshot(world.one(), "pool0/docs", SCHEMA);
        let count = CountSnapshots::by_schema([id("pool0/docs")], [SCHEMA], Side::Local);
        let found = tasks.count_eligible_manual_snapshots(&count).await.unwrap();
        assert_eq!((found.total, found.eligible), (1, 1), "{release}");
        let other = CountSnapshots::by_schema([id("pool0/docs")], ["manual-%Y%m%d%H%M"], Side::Local);
        let found = tasks.count_eligible_manual_snapshots(&other).await.unwrap();
        assert_eq!((found.total, found.eligible), (1, 0), "{release}");
        let none = CountSnapshots::by_schema([], [SCHEMA], Side::Local);
        assert_invalid(tasks.count_eligible_manual_snapshots(&none).await);
        if !world.is_core() {
            let by_regex = CountSnapshots::by_regex([id("pool0/docs")], "auto-.*", Side::Local);
            assert_eq!(
                tasks.count_eligible_manual_snapshots(&by_regex).await.unwrap().eligible,
                1,
                "{release}"
            );
        }
        tasks.create_dataset(&id("pool1/made"), Side::Local).await.unwrap();
        let datasets = tasks.list_datasets(Side::Local).await.unwrap();
        assert!(datasets.contains(&id("pool1/made")), "{release}");
        assert_rejected(tasks.create_dataset(&id("pool1/made"), Side::Local).await, "already exists");
        // A snapshot that the source does not have.
        snapshot(world.one(), "pool1/made", SCHEMA);
        snapshot(world.one(), "pool1/made", "other-%Y-%m-%d_%H-%M");
        let found = tasks
            .target_unmatched_snapshots(&Direction::Push, &[id("pool0/docs")], &id("pool1/made"), Side::Local)
            .await
            .unwrap();
        let names = &found.by_dataset["pool1/made"];
        assert!(names.iter().any(|name| name.starts_with("other-")), "{release}: {names:?}");
        assert_eq!(tasks.config().await.unwrap().at_once, Some(5), "{release}");
        assert_eq!(tasks.limit_at_once(Some(2)).await.unwrap().at_once, Some(2), "{release}");
        assert_eq!(tasks.limit_at_once(None).await.unwrap().at_once, None, "{release}");
        assert_invalid(tasks.limit_at_once(Some(0)).await);
        let gone = SshConnectionId::new(99);
        assert!(tasks.list_datasets(Side::Ssh(gone)).await.unwrap_err().is_not_found(), "{release}");
    }
}

/// What the appliance finds out only when a task runs ends its job, with a sentence.
#[tokio::test(flavor = "multi_thread")]
async fn what_speaks_against_a_run_fails_its_job_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        let made = tasks.create(&local("copy", "pool1/copy"), None).await.unwrap();
        let run = || async { tasks.run(made.id).await.unwrap().wait(LIMIT).await };
        assert!(failure(run().await).contains("any matching snapshots"), "{release}");
        assert_eq!(tasks.get(made.id).await.unwrap().state.state, TaskState::Error, "{release}");
        snapshot(world.one(), "pool0/docs", SCHEMA);
        world.one().add_dataset("pool1/copy").unwrap();
        world.one().write_file("/mnt/pool1/copy/theirs.txt", b"keep").unwrap();
        assert!(
            failure(run().await).contains("has data and replication from scratch is not allowed"),
            "{release}"
        );
        assert_eq!(file(world.one(), "/mnt/pool1/copy/theirs.txt"), b"keep", "{release}");
        snapshot(world.one(), "pool1/copy", "other-%Y-%m-%d_%H-%M");
        assert!(failure(run().await).contains("No incremental base"), "{release}");
        let required = UpdateReplication::matching(&local("copy", "pool1/copy").readonly(ReadOnly::Require));
        tasks.update(made.id, &required.unwrap(), None).await.unwrap();
        assert!(failure(run().await).contains("readonly=on"), "{release}");
        let disabled = UpdateReplication::new().enabled(Switch::Off);
        tasks.update(made.id, &disabled, None).await.unwrap();
        let says = failure(run().await);
        // From 26 on a disabled task may be run.
        let expected = if release >= Release::Community26 { "readonly=on" } else { "Task is not enabled" };
        assert!(says.contains(expected), "{release}: {says}");
        let missing = tasks.run(ReplicationId::new(99)).await.unwrap();
        assert!(failure(missing.wait(LIMIT).await).contains("does not exist"), "{release}");
    }
}

/// The table of findings: an encrypted source goes as it is; a target that is to be encrypted besides fails at run time, not before.
#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_source_goes_raw_and_re_encrypting_it_fails_only_at_run_time() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        snapshot(world.one(), "pool0/docs", SCHEMA);
        world.one().lock_dataset("pool0/docs").unwrap();
        let key = EncryptionKey::new("0a".repeat(32));
        let key = DestinationKey::hex(key, KeyLocation::TrueNas).unwrap();
        let both = tasks.create(&local("both", "pool1/both"), Some(&key)).await.unwrap();
        let shown = both.encryption_key.clear().unwrap().expose();
        assert_eq!((both.encryption, shown), (true, "0a".repeat(32).as_str()), "{release}");
        assert_eq!(both.encryption_key_location.as_deref(), Some("$TrueNAS"), "{release}");
        let says = failure(tasks.run(both.id).await.unwrap().wait(LIMIT).await);
        assert!(says.contains("Re-encrypting already encrypted source"), "{release}: {says}");
        let raw = tasks.create(&local("raw", "pool1/raw"), None).await.unwrap();
        tasks.run(raw.id).await.unwrap().wait(LIMIT).await.unwrap();
        let clear = local("clear", "pool1/clear").properties(Switch::Off);
        let clear = tasks.create(&clear, None).await.unwrap();
        let says = failure(tasks.run(clear.id).await.unwrap().wait(LIMIT).await);
        assert!(says.contains("key must be loaded"), "{release}: {says}");
        if !world.is_core() {
            let inherits = local("inherits", "pool1/inherits").properties(Switch::Off);
            let inherits = inherits.inherits_encryption(Switch::On);
            world.one().restore_dataset("pool0/docs").unwrap();
            let inherits = tasks.create(&inherits, None).await.unwrap();
            let says = failure(tasks.run(inherits.id).await.unwrap().wait(LIMIT).await);
            assert!(says.contains("parent is not encrypted"), "{release}: {says}");
        }
    }
}

async fn connected(world: &World) -> SshConnectionId {
    let keychain = world.client.keychain();
    let made = keychain.generate().await.unwrap();
    let pair = keychain.create_key_pair("pair", &made.private_key).await.unwrap().id;
    let token = world.token_of_other().await;
    let peer = SemiAutomatic::new(world.url_of_other()).verify_certificate(Switch::Off);
    let login = PeerLogin::Token(&token);
    keychain.set_up_semi_automatically("to nas02", pair, &peer, &login).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_fetches_from_another_appliance_and_fails_when_that_is_gone() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        let connection = connected(&world).await;
        snapshot(world.two(), "pool0/docs", SCHEMA);
        let made = tasks.create(&fetched("fetch", connection, "pool1/site"), None).await.unwrap();
        assert_eq!(made.ssh_credentials.unwrap().id, connection, "{release}");
        tasks.run(made.id).await.unwrap().wait(LIMIT).await.unwrap();
        let name = "docs/.hidden";
        let here = file(world.one(), "/mnt/pool1/site/.hidden");
        assert_eq!(here, file(world.two(), &format!("/mnt/pool0/{name}")), "{release}");
        let used = world.client.keychain().used_by(connection).await.unwrap();
        assert_eq!((used.len(), &used[0].unbind_method), (1, &Unbind::Disable), "{release}");
        world.other.services().stop(&truenas_client::services::ServiceName::Ssh, LIMIT).await.unwrap();
        let says = failure(tasks.run(made.id).await.unwrap().wait(LIMIT).await);
        assert!(says.contains("Unable to connect to port 22"), "{release}: {says}");
        let error = tasks.list_datasets(Side::Ssh(connection)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Rejected { .. }), "{release}: {error:?}");
        world.client.keychain().delete(connection, InUse::Cascade).await.unwrap();
        let left = tasks.get(made.id).await.unwrap();
        assert!(!left.enabled && left.ssh_credentials.is_none(), "{release}");
    }
}

/// A host key that is not the other one's, and a user that has no key there.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_the_other_side_does_not_accept_differs_from_one_that_nobody_answers() {
    let world = World::of(Release::default()).await;
    let (keychain, tasks) = (world.client.keychain(), world.client.replications());
    let connection = connected(&world).await;
    let target = keychain.connection(connection).await.unwrap().target.unwrap();
    let own = world.client.ssh().config().await.unwrap().host_keys().next().unwrap().clone();
    let wrong = SshTarget::new(world.two().address(), target.private_key, &own);
    keychain.redirect(connection, &wrong).await.unwrap();
    assert_rejected(tasks.list_datasets(Side::Ssh(connection)).await, "Host key");
    keychain.redirect(connection, &target.username("truenas_admin")).await.unwrap();
    assert_rejected(tasks.list_datasets(Side::Ssh(connection)).await, "Authentication failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_is_a_disabled_task_of_the_other_direction() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        snapshot(world.one(), "pool0/docs", SCHEMA);
        let made = tasks.create(&local("copy", "pool1/copy"), None).await.unwrap();
        tasks.run(made.id).await.unwrap().wait(LIMIT).await.unwrap();
        let back = tasks.restore(made.id, "back", &id("pool0/back")).await.unwrap();
        assert_eq!((back.direction, back.enabled, back.auto), (Direction::Pull, false, false), "{release}");
        assert_eq!(
            (&back.source_datasets[..], &back.target_dataset),
            (&[id("pool1/copy")][..], &id("pool0/back"))
        );
        assert_eq!(back.naming_schema, [SCHEMA], "{release}");
        tasks.update(back.id, &UpdateReplication::new().enabled(Switch::On), None).await.unwrap();
        tasks.run(back.id).await.unwrap().wait(LIMIT).await.unwrap();
        let restored = file(world.one(), "/mnt/pool0/back/.hidden");
        assert_eq!(restored, file(world.one(), "/mnt/pool0/docs/.hidden"), "{release}");
        let taken = refused(tasks.restore(made.id, "back", &id("pool0/again")).await);
        assert_eq!(taken, ["replication_create.name"], "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replication_without_a_task_runs_once_and_its_refusal_is_the_jobs() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        snapshot(world.one(), "pool0/docs", SCHEMA);
        let once = RunReplication::like(local("x", "pool1/once"));
        let run = tasks.run_once(&once, None).await;
        if world.is_core() {
            assert_unsupported(run);
            continue;
        }
        run.unwrap().wait(LIMIT).await.unwrap();
        assert!(world.one().real_path("/mnt/pool1/once/.hidden").unwrap().exists(), "{release}");
        let nowhere = RunReplication::like(fetched("x", SshConnectionId::new(99), "pool1/y"));
        let job = tasks.run_once(&nowhere, None).await.unwrap();
        assert_eq!(refused(job.wait(LIMIT).await), ["replication_run_onetime.ssh_credentials"], "{release}");
        let unmounted = tasks.run_once(&once.mount(Switch::Off), None).await;
        if release < Release::Scale25_10 {
            assert_unsupported(unmounted);
        } else {
            unmounted.unwrap().wait(LIMIT).await.unwrap();
        }
    }
}

/// What breaks a rule is not sent, and what a task of another way would look like is refused by the appliance, field by field.
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_held_before_anything_is_sent_and_by_the_appliance_as_well() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let tasks = world.client.replications();
        let mark = world.sim.transcript().mark();
        assert_invalid(tasks.create(&local("x", "pool1/x").naming_schema(["y"]), None).await);
        let zero = local("x", "pool1/x");
        let zero = CreateReplication::clone(&zero).retries(0);
        assert_invalid(tasks.create(&zero, None).await);
        assert_eq!(asked(&world.sim, mark), [""; 0], "{release}");
        let fields = refused(tasks.create(&fetched("x", SshConnectionId::new(99), "pool1/x"), None).await);
        assert_eq!(fields, ["replication_create.ssh_credentials"], "{release}");
        let bound = local("x", "pool1/x").snapshot_tasks([SnapshotTaskId::new(99)]);
        let fields = refused(tasks.create(&bound, None).await);
        assert_eq!(fields, ["replication_create.periodic_snapshot_tasks.0"], "{release}");
        let raw = json!([{"name": "x", "direction": "PUSH", "transport": "LOCAL", "source_datasets": ["pool0/docs"],
            "target_dataset": "pool1/x", "recursive": true, "auto": false, "retention_policy": "CUSTOM",
            "also_include_naming_schema": [SCHEMA], "lifetime_value": 1, "encryption": true}]);
        let method = truenas_client::Method::changes("replication.create");
        let fields = refused(world.client.call::<serde_json::Value>(method, &raw).await);
        let unit = if release >= Release::Community26 { "lifetime_unit" } else { "lifetime_value" };
        let expected = ["encryption_key", "encryption_key_format", "encryption_key_location", unit];
        assert_eq!(fields, expected.map(|field| format!("replication_create.{field}")), "{release}");
    }
}

/// Findings: a job is given up at once, whatever it is; what replicates goes on to its end.
#[tokio::test(flavor = "multi_thread")]
async fn aborting_a_run_gives_its_job_up_and_does_not_stop_the_transfer() {
    let world = World::of(Release::default()).await;
    let tasks = world.client.replications();
    snapshot(world.one(), "pool0/docs", SCHEMA);
    let made = tasks.create(&local("copy", "pool1/copy"), None).await.unwrap();
    world.one().delay_runs(std::time::Duration::from_hours(1));
    let job = tasks.run(made.id).await.unwrap();
    job.abort().await.unwrap();
    let error = job.wait(LIMIT).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::JobAborted { .. }), "{error:?}");
    assert_eq!(tasks.get(made.id).await.unwrap().state.state, TaskState::Running);
    world.sim.clock().advance(std::time::Duration::from_hours(2));
    while tasks.get(made.id).await.unwrap().state.state == TaskState::Running {
        tokio::task::yield_now().await;
    }
    assert_eq!(tasks.get(made.id).await.unwrap().state.state, TaskState::Finished);
    assert!(world.one().real_path("/mnt/pool1/copy/.hidden").unwrap().exists());
}
