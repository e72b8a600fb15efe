//! Operations that move data, or let it be moved.

use serde_json::json;
use truenas_client::cloud_syncs::{
    CloudFolder, CloudSyncSecrets, CreateCloudSync, EncryptionPassword, EncryptionSalt, RestoreCloudSync,
    Target,
};
use truenas_client::filesystem::{Permissions, PutOptions, UploadContent};
use truenas_client::keychain::{
    InUse, KeyChoice, NewConnection, PeerLogin, PrivateKey, SemiAutomatic, SshTarget,
};
use truenas_client::replications::{
    CountSnapshots, CreateReplication, Direction, Retention, RunReplication, Side, Transport,
    UpdateReplication,
};
use truenas_client::ssh::UpdateSsh;
use truenas_client::{
    Client, CloudCredentialId, CloudSyncId, DatasetId, Error, KeyPairId, ReplicationId, Switch, Token,
};

use crate::nas::Nas;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfsqvEEMMSAqlhjBgoeFJoa1yFO2zSeoxo2gkGZFDrF";

/// Whether the operation is one of these.
pub(super) fn is_here(operation: &str) -> bool {
    let starts = ["keychaincredential.", "replication.", "ssh."];
    let others = [
        "cloudsync.create_bucket",
        "cloudsync.delete",
        "cloudsync.list_buckets",
        "cloudsync.list_directory",
        "cloudsync.providers",
        "cloudsync.restore",
        "cloudsync.sync_onetime",
        "filesystem.put",
        "filesystem.setperm",
        "filesystem.statfs",
    ];
    starts.iter().any(|start| operation.starts_with(start)) || others.contains(&operation)
}

/// A call that sends the operation.
pub(super) async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    match operation {
        "filesystem.statfs" => client.filesystem().stat_fs("/mnt/tank").await.map(drop),
        "filesystem.setperm" => {
            client.filesystem().set_permissions("/mnt/tank/x", &Permissions::new()).await.map(drop)
        }
        "filesystem.put" => {
            let content = UploadContent::bytes(&b"x"[..]);
            client.filesystem().put("/mnt/tank/x", content, PutOptions::new()).await.map(drop)
        }
        "ssh.config" => client.ssh().config().await.map(drop),
        "ssh.bindiface_choices" => client.ssh().interface_choices().await.map(drop),
        "ssh.update" => client.ssh().update(&UpdateSsh::new().tcpport(22)).await.map(drop),
        keychain if keychain.starts_with("keychaincredential.") => self::keychain(client, keychain).await,
        replication if replication.starts_with("replication.") => replications(client, replication).await,
        cloud => cloud_sync(client, cloud).await,
    }
}

async fn keychain(client: &Client, operation: &str) -> Result<(), Error> {
    let (keychain, pair, key) = (client.keychain(), KeyPairId::new(1), PrivateKey::new("k"));
    let target = SshTarget::new("nas02", pair, &KEY.parse()?);
    match operation {
        "keychaincredential.query" => keychain.list().await.map(drop),
        "keychaincredential.generate_ssh_key_pair" => keychain.generate().await.map(drop),
        "keychaincredential.remote_ssh_host_key_scan" => {
            keychain.scan_host_keys("nas02", 22, 1).await.map(drop)
        }
        "keychaincredential.used_by" => keychain.used_by(pair).await.map(drop),
        "keychaincredential.create" => keychain.create_key_pair("x", &key).await.map(drop),
        "keychaincredential.update" => keychain.rename_key_pair(pair, "y").await.map(drop),
        "keychaincredential.delete" => keychain.delete(pair, InUse::Refuse).await,
        "keychaincredential.setup_ssh_connection" => {
            let key = KeyChoice::Generate("y".to_owned());
            keychain.set_up(&NewConnection::manual("x", key, &target)).await.map(drop)
        }
        "keychaincredential.remote_ssh_semiautomatic_setup" => {
            let (peer, token) = (SemiAutomatic::new("https://nas02"), Token::new("t"));
            let login = PeerLogin::Token(&token);
            keychain.set_up_semi_automatically("x", pair, &peer, &login).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn replications(client: &Client, operation: &str) -> Result<(), Error> {
    let (tasks, id, dataset) = (client.replications(), ReplicationId::new(3), DatasetId::new("tank/a"));
    let (way, sources) = (Transport::Local, [dataset.clone()]);
    let target = DatasetId::new("tank/b");
    let task = CreateReplication::new("x", Direction::Push, way, sources, target.clone(), Retention::Forever)
        .also_include(["auto-%Y-%m-%d_%H-%M"]);
    match operation {
        "replication.query" => tasks.list().await.map(drop),
        "replication.config.config" => tasks.config().await.map(drop),
        "replication.list_datasets" => tasks.list_datasets(Side::Local).await.map(drop),
        "replication.list_naming_schemas" => tasks.list_naming_schemas().await.map(drop),
        "replication.count_eligible_manual_snapshots" => {
            let wanted = CountSnapshots::by_schema([dataset], ["auto"], Side::Local);
            tasks.count_eligible_manual_snapshots(&wanted).await.map(drop)
        }
        "replication.target_unmatched_snapshots" => {
            let way = Direction::Push;
            tasks.target_unmatched_snapshots(&way, &[dataset], &target, Side::Local).await.map(drop)
        }
        "replication.create" => tasks.create(&task, None).await.map(drop),
        "replication.update" => {
            tasks.update(id, &UpdateReplication::new().enabled(Switch::On), None).await.map(drop)
        }
        "replication.delete" => tasks.delete(id).await,
        "replication.run" => tasks.run(id).await.map(drop),
        "replication.run_onetime" => tasks.run_once(&RunReplication::like(task), None).await.map(drop),
        "replication.restore" => tasks.restore(id, "back", &target).await.map(drop),
        "replication.create_dataset" => tasks.create_dataset(&dataset, Side::Local).await,
        "replication.config.update" => tasks.limit_at_once(Some(1)).await.map(drop),
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn cloud_sync(client: &Client, operation: &str) -> Result<(), Error> {
    let (tasks, credential, id) = (client.cloud_syncs(), CloudCredentialId::new(5), CloudSyncId::new(9));
    match operation {
        "cloudsync.list_buckets" => client.cloud_credentials().list_buckets(credential).await.map(drop),
        "cloudsync.create_bucket" => client.cloud_credentials().create_bucket(credential, "x").await,
        "cloudsync.list_directory" => {
            tasks.list_directory(&CloudFolder::new(credential, "bucket", "/"), None).await.map(drop)
        }
        "cloudsync.providers" => tasks.providers().await.map(drop),
        "cloudsync.delete" => tasks.delete(id).await,
        "cloudsync.restore" => {
            tasks.restore(id, &RestoreCloudSync::new("x", "/mnt/tank/back")).await.map(drop)
        }
        "cloudsync.sync_onetime" => {
            let target = Target::new("bucket", "/folder");
            let task = CreateCloudSync::new("/mnt/tank", credential, target, "0 0 * * *".parse()?);
            let crypt = CloudSyncSecrets::new(EncryptionPassword::new("p"), EncryptionSalt::new("s"));
            tasks.run_once(&task, &crypt, Switch::Off).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

/// Answers every read.
pub(super) fn answers(nas: &Nas) {
    let pair = json!({"id": 1, "name": "x", "type": "SSH_KEY_PAIR", "attributes": {"private_key": null, "public_key": KEY}});
    nas.answers("keychaincredential.query", json!([pair]));
    nas.answers("keychaincredential.generate_ssh_key_pair", json!({"private_key": "k", "public_key": KEY}));
    nas.answers("keychaincredential.remote_ssh_host_key_scan", json!(KEY));
    nas.answers("replication.config.config", json!({"id": 1, "max_parallel_replication_tasks": null}));
    nas.answers("replication.count_eligible_manual_snapshots", json!({"total": 0, "eligible": 0}));
    nas.answers("replication.target_unmatched_snapshots", json!({}));
    for list in [
        "cloudsync.list_buckets",
        "cloudsync.list_directory",
        "cloudsync.providers",
        "keychaincredential.used_by",
        "replication.list_datasets",
        "replication.list_naming_schemas",
        "replication.query",
    ] {
        nas.answers(list, json!([]));
    }
    let system = json!({"source": "tank", "dest": "/mnt/tank", "fstype": "zfs", "total_bytes": 2, "free_bytes": 1,
        "avail_bytes": 1});
    nas.answers("filesystem.statfs", system);
    nas.answers("ssh.config", json!({"tcpport": 22}));
    nas.answers("ssh.bindiface_choices", json!({}));
}
