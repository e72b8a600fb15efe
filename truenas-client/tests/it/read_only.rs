//! A read-only client sends the operations declared as reads and no other. The rows are walked by the crate's own list of
//! operations, so that a new one without a row fails the test.

mod transfer;

use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::json;
use truenas_client::api_keys::{CreateApiKey, UpdateApiKey};
use truenas_client::cloud_credentials::{ApplicationKey, B2Credential};
use truenas_client::cloud_syncs::{
    CloudSyncSecrets, CreateCloudSync, EncryptionPassword, EncryptionSalt, Target, UpdateCloudSync,
};
use truenas_client::datasets::{CreateDataset, NewKey, UnlockDatasets, UserPropertyName};
use truenas_client::groups::{CreateGroup, Members, UpdateGroup};
use truenas_client::services::ServiceName;
use truenas_client::sessions::NewToken;
use truenas_client::snapshot_tasks::{
    CreateSnapshotTask, Lifetime, LifetimeUnit, RemovalDates, SnapshotSchedule, UpdateSnapshotTask,
};
use truenas_client::snapshots::{CreateSnapshot, ListSnapshots, Newer, Snapshot};
use truenas_client::snmp::UpdateSnmp;
use truenas_client::users::{CreateUser, Leftover, UpdateUser, UserPassword};
use truenas_client::{
    ApiKey, ApiKeyId, Client, CloudCredentialId, CloudSyncId, Credentials, DatasetId, Error, ErrorKind,
    GroupId, JobId, Method, Password, SnapshotTaskId, Switch, Token, UserId, operations,
};

use crate::nas::{CORE_13_3, KEY, Nas, SCALE_24_10, legacy_refusal};

/// A call that sends the operation.
async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    match operation {
        transfer if transfer::is_here(transfer) => transfer::call(client, transfer).await,
        // Sent by connecting already.
        "auth.me" => client.system().me().await.map(drop),
        "api/versions" | "auth.login_with_api_key" | "system.info" => client.system().info().await.map(drop),
        "auth.sessions" => client.sessions().list().await.map(drop),
        "auth.generate_token" => client.sessions().make_token(&NewToken::for_any_address()).await.map(drop),
        log_in if log_in.starts_with("auth.log") || log_in == "auth.token" => logging_in(log_in).await,
        "auth.mechanism_choices" | "system.version" => logging_in(operation).await,
        "system.general.config" => client.system().general().await.map(drop),
        "interface.query" => client.interfaces().list().await.map(drop),
        "pool.query" => client.pools().list().await.map(drop),
        "zfs.resource.query" => client.datasets().mounts(&["tank"]).await.map(drop),
        "zfs.resource.snapshot.holds" => client.snapshots().holds(&snapshot()).await.map(drop),
        dataset if dataset.starts_with("pool.dataset.") => datasets(client, dataset).await,
        "filesystem.stat" => client.filesystem().stat("/mnt/tank").await.map(drop),
        "filesystem.listdir" => client.filesystem().list_dir("/mnt/tank").await.map(drop),
        "core.download" | "filesystem.get" => {
            let download = client.filesystem().get("/mnt/tank/x", 1).await?;
            download.try_collect::<Vec<_>>().await.map(drop)
        }
        "service.query" => client.services().list().await.map(drop),
        "service.update" => client.services().set_autostart(&ServiceName::Snmp, Switch::On).await,
        "service.control" => client.services().start(&ServiceName::Snmp, Duration::from_secs(9)).await,
        "filesystem.mkdir" => client.filesystem().make_directory("/mnt/tank/x").await,
        "snmp.config" => client.snmp().config().await.map(drop),
        "snmp.update" => client.snmp().update(&UpdateSnmp::new().location("x"), None).await.map(drop),
        snapshot if snapshot.starts_with("pool.snapshot") => snapshots(client, snapshot).await,
        "core.job_download_logs" => {
            let log = client.jobs().attach::<()>(JobId::new(4)).log().await?;
            log.try_collect::<Vec<_>>().await.map(drop)
        }
        "core.ping" => client.ping().await,
        "core.bulk" => {
            client.bulk::<()>(Method::reads("core.ping"), &[vec![]], Duration::from_secs(9)).await.map(drop)
        }
        job if job.starts_with("core.") => jobs(client, job).await,
        system if system.starts_with("system.") => about_the_system(client, system).await,
        account if is_of_accounts(account) => accounts(client, account).await,
        cloud => cloud_sync(client, cloud).await,
    }
}

fn snapshot() -> Snapshot {
    Snapshot::new(DatasetId::new("tank"), "one")
}

async fn datasets(client: &Client, operation: &str) -> Result<(), Error> {
    let (datasets, tank) = (client.datasets(), DatasetId::new("tank"));
    let limit = Duration::from_secs(9);
    // Of a job's result this appliance knows nothing.
    let started = |outcome: Result<(), Error>| match outcome {
        Err(error) if matches!(error.kind(), ErrorKind::NotUnderstood { .. }) => Ok(()),
        outcome => outcome,
    };
    match operation {
        "pool.dataset.query" => datasets.list().await.map(drop),
        "pool.dataset.attachments" => datasets.attachments(&tank).await.map(drop),
        "pool.dataset.details" => datasets.overview().await.map(drop),
        "pool.dataset.snapshot_count" => datasets.snapshot_count(&tank).await.map(drop),
        "pool.dataset.encryption_summary" => {
            started(datasets.encryption_summary(&tank, &[], limit).await.map(drop))
        }
        "pool.dataset.export_key" => started(datasets.export_key(&tank, limit).await.map(drop)),
        "pool.dataset.export_keys" => started(datasets.export_keys(&tank, limit).await.map(drop)),
        "pool.dataset.export_keys_for_replication" => {
            started(datasets.export_keys_for_replication(4, limit).await.map(drop))
        }
        "pool.dataset.change_key" => datasets.change_key(&tank, &NewKey::Generated).await.map(drop),
        "pool.dataset.create" => {
            datasets.create(&CreateDataset::file_system(DatasetId::new("tank/a"))).await.map(drop)
        }
        "pool.dataset.delete" => datasets.delete(&tank, Switch::Off).await,
        "pool.dataset.inherit_parent_encryption_properties" => datasets.inherit_encryption(&tank).await,
        "pool.dataset.lock" => datasets.lock(&tank, Switch::Off).await.map(drop),
        "pool.dataset.unlock" => datasets.unlock(&tank, &UnlockDatasets::new()).await.map(drop),
        "pool.dataset.update" => {
            let name = UserPropertyName::new("com.example:tag")?;
            datasets.set_user_property(&tank, &name, "1").await
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

/// What is sent by logging in, by which release and credentials it is: an appliance of its own for each.
async fn logging_in(operation: &str) -> Result<(), Error> {
    let nas = match operation {
        "auth.login_ex" => Nas::start().await,
        "auth.mechanism_choices" => Nas::with_versions(&["v26.0.0"]).await,
        "auth.token" => Nas::older(CORE_13_3).await,
        _ => Nas::older(SCALE_24_10).await,
    };
    nas.answers("auth.mechanism_choices", json!(["API_KEY_PLAIN"]));
    for (method, answer) in [("auth.login", true), ("auth.login_with_token", true), ("auth.token", true)] {
        nas.answers(method, json!(answer));
    }
    if operation == "auth.token" {
        nas.on("auth.login_with_token", [legacy_refusal(201, "Method not found")]);
    }
    let credentials = match operation {
        "auth.login" => {
            Credentials::Password { user: "root".into(), password: Password::new("p"), one_time_code: None }
        }
        "auth.login_with_token" | "auth.token" => Credentials::Token(Token::new("t")),
        _ => Credentials::api_key_of("root", ApiKey::new(KEY)),
    };
    Client::connect(nas.config_with(credentials).read_only()).await?;
    nas.asked_once(operation);
    Ok(())
}

async fn snapshots(client: &Client, operation: &str) -> Result<(), Error> {
    let (dataset, tasks) = (DatasetId::new("tank"), client.snapshot_tasks());
    match operation {
        "pool.snapshot.query" => client.snapshots().list(&ListSnapshots::new(dataset)).await.map(drop),
        "pool.snapshot.clone" => client.snapshots().clone_to(&snapshot(), &DatasetId::new("tank/b")).await,
        "pool.snapshot.create" => {
            client.snapshots().create(&CreateSnapshot::named(dataset, "one")).await.map(drop)
        }
        "pool.snapshot.delete" => client.snapshots().delete(&snapshot(), Switch::Off).await,
        "pool.snapshot.hold" => client.snapshots().hold(&snapshot(), Switch::Off).await,
        "pool.snapshot.release" => client.snapshots().release(&snapshot(), Switch::Off).await,
        "pool.snapshot.rename" => client.snapshots().rename(&snapshot(), "two").await.map(drop),
        "pool.snapshot.rollback" => client.snapshots().roll_back(&snapshot(), Newer::Keep).await,
        "pool.snapshottask.delete" => tasks.delete(SnapshotTaskId::new(1), RemovalDates::Forget).await,
        "pool.snapshottask.run" => tasks.run(SnapshotTaskId::new(1)).await,
        "pool.snapshottask.max_count" => tasks.max_count().await.map(drop),
        "pool.snapshottask.max_total_count" => tasks.max_total_count().await.map(drop),
        "pool.snapshottask.delete_will_change_retention_for" => {
            tasks.delete_will_change_retention_for(SnapshotTaskId::new(1)).await.map(drop)
        }
        "pool.snapshottask.update_will_change_retention_for" => {
            let changes = UpdateSnapshotTask::new().enabled(Switch::On);
            tasks.update_will_change_retention_for(SnapshotTaskId::new(1), &changes).await.map(drop)
        }
        "pool.snapshottask.query" => tasks.list().await.map(drop),
        "pool.snapshottask.create" => {
            let schedule = SnapshotSchedule::new("0 * * * *".parse()?);
            let lifetime = Lifetime::new(2, LifetimeUnit::Week);
            tasks
                .create(&CreateSnapshotTask::new(dataset, "auto-%Y-%m-%d_%H-%M", lifetime, schedule))
                .await
                .map(drop)
        }
        "pool.snapshottask.update" => {
            let changes = UpdateSnapshotTask::new().enabled(Switch::On);
            tasks.update(SnapshotTaskId::new(1), &changes).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn about_the_system(client: &Client, operation: &str) -> Result<(), Error> {
    let system = client.system();
    match operation {
        "system.boot_id" => system.boot_id().await.map(drop),
        "system.host_id" => system.host_id().await.map(drop),
        "system.product_type" => system.product_type().await.map(drop),
        "system.ready" => system.is_ready().await.map(drop),
        "system.reboot" => system.reboot("a test", Duration::from_secs(1)).await,
        "system.state" => system.state().await.map(drop),
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

fn is_of_accounts(operation: &str) -> bool {
    ["alert.", "api_key.", "group.", "user."].iter().any(|start| operation.starts_with(start))
}

async fn accounts(client: &Client, operation: &str) -> Result<(), Error> {
    let (users, groups, keys, alerts) = (client.users(), client.groups(), client.api_keys(), client.alerts());
    let (user, group, key) = (UserId::new(7), GroupId::new(7), ApiKeyId::new(7));
    match operation {
        "alert.list" => alerts.list().await.map(drop),
        "alert.list_categories" => alerts.categories().await.map(drop),
        "alert.dismiss" => alerts.dismiss("u").await,
        "alert.restore" => alerts.restore("u").await,
        "api_key.query" => keys.list().await.map(drop),
        "api_key.my_keys" => keys.mine().await.map(drop),
        "api_key.create" => keys.create(&CreateApiKey::of_user("k", "root")).await.map(drop),
        "api_key.update" => keys.update(key, &UpdateApiKey::new().name("k")).await.map(drop),
        "api_key.delete" => keys.delete(key).await,
        "api_key.convert_raw_key" => converted().await,
        "group.query" => groups.list().await.map(drop),
        "group.create" => groups.create(&CreateGroup::new("g")).await.map(drop),
        "group.update" => groups.update(group, &UpdateGroup::new().name("g")).await,
        "group.delete" => groups.delete(group, Members::Keep).await,
        "user.query" => users.list().await.map(drop),
        "user.get_next_uid" => users.next_uid().await.map(drop),
        "user.shell_choices" => users.shell_choices(&[group]).await.map(drop),
        "user.create" => users.create(&CreateUser::new("u", "U"), &UserPassword::None).await.map(drop),
        "user.update" => users.update(user, &UpdateUser::new().shell("/bin/sh")).await.map(drop),
        "user.delete" => users.delete(user, Leftover::Keep).await,
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

/// Only 26 has it: an appliance of its own.
async fn converted() -> Result<(), Error> {
    let nas = Nas::with_versions(&["v26.0.0"]).await;
    nas.answers("auth.mechanism_choices", json!(["API_KEY_PLAIN"]));
    nas.answers(
        "api_key.convert_raw_key",
        json!({"api_key_id": 1, "iterations": 1, "salt": "s", "client_key": "c",
        "stored_key": "s", "server_key": "s"}),
    );
    let client = Client::connect(nas.config().read_only()).await?;
    client.api_keys().convert(&ApiKey::new(KEY)).await?;
    nas.asked_once("api_key.convert_raw_key");
    Ok(())
}

async fn jobs(client: &Client, operation: &str) -> Result<(), Error> {
    let job = client.jobs().attach::<()>(JobId::new(4));
    match operation {
        "core.subscribe" => job.wait(Duration::from_secs(9)).await,
        "core.get_jobs" => job.status().await.map(drop),
        "core.job_abort" => job.abort().await,
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn cloud_sync(client: &Client, operation: &str) -> Result<(), Error> {
    let (tasks, credentials, id) = (client.cloud_syncs(), client.cloud_credentials(), CloudSyncId::new(1));
    let (key, stored) = (ApplicationKey::new("k"), CloudCredentialId::new(5));
    let credential = B2Credential::new("backup", "0051");
    match operation {
        "cloudsync.query" => tasks.list().await.map(drop),
        "cloudsync.create" => {
            let target = Target::new("bucket", "/folder");
            let task = CreateCloudSync::new("/mnt/tank", stored, target, "0 0 * * *".parse()?);
            let crypt = CloudSyncSecrets::new(EncryptionPassword::new("p"), EncryptionSalt::new("s"));
            tasks.create(&task, &crypt).await.map(drop)
        }
        "cloudsync.update" => {
            tasks.update(id, &UpdateCloudSync::new().enabled(Switch::On), None).await.map(drop)
        }
        "cloudsync.sync" => tasks.run(id).await.map(drop),
        "cloudsync.abort" => tasks.abort(id).await.map(drop),
        "cloudsync.credentials.query" => credentials.list().await.map(drop),
        "cloudsync.credentials.verify" => credentials.verify("0051", &key).await.map(drop),
        "cloudsync.credentials.create" => credentials.create(&credential, &key).await.map(drop),
        "cloudsync.credentials.update" => credentials.update(stored, &credential, &key).await.map(drop),
        "cloudsync.credentials.delete" => credentials.delete(stored).await,
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

/// Reads that are answered by rows.
const LISTS: [&str; 18] = [
    "interface.query",
    "pool.query",
    "pool.dataset.attachments",
    "pool.dataset.details",
    "pool.dataset.query",
    "pool.snapshottask.query",
    "service.query",
    "cloudsync.query",
    "cloudsync.credentials.query",
    "filesystem.listdir",
    "zfs.resource.query",
    "alert.list",
    "alert.list_categories",
    "api_key.query",
    "api_key.my_keys",
    "auth.sessions",
    "group.query",
    "user.query",
];

/// An appliance that answers every read; whatever else is asked of it, it refuses and keeps on record.
async fn reading() -> Nas {
    let nas = Nas::start_plain().await;
    for list in LISTS {
        nas.answers(list, json!([]));
    }
    transfer::answers(&nas);
    nas.answers("auth.me", json!({"pw_name": "dtc", "privilege": {"roles": {"$set": []}}}));
    nas.answers("system.info", json!({"version": "25.10.1", "hostname": "nas", "timezone": "UTC"}));
    nas.answers("system.general.config", json!({"timezone": "UTC"}));
    nas.answers("cloudsync.credentials.verify", json!({"valid": true}));
    nas.answers(
        "filesystem.stat",
        json!({"realpath": "/", "type": "FILE", "size": 1, "mtime": 1.0, "is_mountpoint": false}),
    );
    nas.answers("core.ping", json!("pong")).answers("user.get_next_uid", json!(3000));
    nas.answers("user.shell_choices", json!({"/usr/bin/sh": "sh"})).answers("system.ready", json!(true));
    nas.answers("system.boot_id", json!("a")).answers("system.host_id", json!("b"));
    nas.answers("system.product_type", json!("COMMUNITY_EDITION")).answers("system.state", json!("READY"));
    nas.answers(
        "core.get_jobs",
        json!([{"id": 4, "state": "SUCCESS", "result": null, "arguments": ["tank"]}]),
    );
    for job in ["pool.dataset.encryption_summary", "pool.dataset.export_key"] {
        nas.answers(job, json!(4));
    }
    for count in
        ["pool.dataset.snapshot_count", "pool.snapshottask.max_count", "pool.snapshottask.max_total_count"]
    {
        nas.answers(count, json!(3));
    }
    for preview in ["delete", "update"] {
        nas.answers(&format!("pool.snapshottask.{preview}_will_change_retention_for"), json!({}));
    }
    // What has no such method tells holds with the snapshot.
    nas.answers("pool.snapshot.query", json!([{"name": "tank@one", "holds": {}}]));
    nas.answers("core.download", json!([7, "/_download/7"]));
    nas.answers("core.job_download_logs", json!("/_download/7"));
    nas.script.page("/_download/7", "x");
    nas.answers(
        "snmp.config",
        json!({"location": "", "contact": "", "traps": false, "v3": false, "v3_username": "", "v3_authtype": "",
            "v3_privproto": null}),
    );
    nas
}

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    let nas = reading().await;
    let client = Client::connect(nas.config().read_only()).await.unwrap();
    for operation in operations::READS {
        call(&client, operation).await.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
    }
    for operation in operations::WRITES {
        let error = call(&client, operation).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (&ErrorKind::ReadOnly, *operation));
        assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
    }
    let mut asked = nas.methods();
    // By HTTP, and to appliances of other releases.
    asked.extend(
        ["api/versions", "api_key.convert_raw_key", "filesystem.get", "system.version"].map(str::to_owned),
    );
    asked.extend(["zfs.resource.snapshot.holds".to_owned()]);
    let downloads = ["pool.dataset.export_keys", "pool.dataset.export_keys_for_replication"];
    asked.extend(downloads.map(str::to_owned));
    let log_ins = ["login", "login_with_token", "token", "login_ex", "mechanism_choices"];
    asked.extend(log_ins.map(|name| format!("auth.{name}")));
    asked.sort_unstable();
    asked.dedup();
    let mut reads = operations::READS.to_vec();
    reads.sort_unstable();
    assert_eq!(asked, reads, "every read reached the appliance, and nothing else did");
    assert!(
        nas.paths().contains(&"/api/versions".to_owned()) && nas.paths().contains(&"/_download/7".to_owned())
    );
}

/// The rows are rows of the operations that they stand for.
#[tokio::test]
async fn a_client_with_full_access_sends_the_writes() {
    let nas = reading().await;
    let client = nas.client().await;
    // Its content goes by HTTP, with a token that is asked for first.
    let (by_http, first) = ("filesystem.put", "auth.generate_token");
    nas.answers(first, json!("t"));
    call(&client, by_http).await.unwrap_err();
    assert!(nas.paths().contains(&"/_upload".to_owned()));
    assert_eq!(nas.asked(first).len(), 1);
    for operation in operations::WRITES.iter().filter(|operation| ![by_http, first].contains(operation)) {
        let error = call(&client, operation).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported { .. }), "{operation}: {error}");
        assert_eq!(nas.asked(operation).len(), 1, "{operation}");
    }
}
