//! What each call about moving data becomes on each release: the lines of `releases/transfer.txt`, which stand for the interface of five
//! releases and change only on purpose.

use std::fmt::Write as _;
use std::pin::Pin;
use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::cloud_credentials::{ApplicationKey, B2Credential};
use truenas_client::cloud_syncs::{
    CloudFolder, CloudSyncSecrets, CreateCloudSync, EncryptionPassword, EncryptionSalt, RestoreCloudSync,
    Target, UpdateCloudSync,
};
use truenas_client::filesystem::{Permissions, PutOptions, UploadContent};
use truenas_client::keychain::{
    HostKey, InUse, KeyChoice, NewConnection, PeerLogin, PrivateKey, SemiAutomatic, SshTarget,
};
use truenas_client::replications::{
    CountSnapshots, CreateReplication, Direction, Retention, RunReplication, Side, Transport,
    UpdateReplication,
};
use truenas_client::services::ServiceName;
use truenas_client::snmp::UpdateSnmp;
use truenas_client::ssh::UpdateSsh;
use truenas_client::{
    Client, CloudCredentialId, CloudSyncId, DatasetId, Error, ErrorKind, KeyPairId, ReplicationId,
    SshConnectionId, Switch, Token,
};

use crate::nas::{CORE_13_3, Nas, SCALE_24_10, Say};

const RELEASES: [(&str, &str); 5] = [
    ("13.3", CORE_13_3),
    ("24.10", SCALE_24_10),
    ("25.04", "v25.04.2"),
    ("25.10", "v25.10.5"),
    ("26.0", "v26.0.0"),
];
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfsqvEEMMSAqlhjBgoeFJoa1yFO2zSeoxo2gkGZFDrF";
const LIMIT: Duration = Duration::from_secs(5);

type Asked = Pin<Box<dyn Future<Output = Result<(), Error>>>>;
type Function = (&'static str, fn(Client) -> Asked);

/// Each function of the client by its name.
macro_rules! functions {
    ($client:ident: $($name:literal => $call:expr;)*) => {
        &[$(($name, |$client: Client| Box::pin(async move { $call.await.map(drop) }))),*]
    };
}

fn host_key() -> HostKey {
    KEY.parse().unwrap()
}

fn target() -> SshTarget {
    SshTarget::new("nas02", KeyPairId::new(1), &host_key())
}

fn token() -> Token {
    Token::from("t".to_owned())
}

fn peer() -> SemiAutomatic {
    SemiAutomatic::new("https://nas02").verify_certificate(Switch::Off)
}

fn id(name: &str) -> DatasetId {
    DatasetId::new(name)
}

fn replication() -> CreateReplication {
    let (transport, sources) = (Transport::Local, [id("tank/a")]);
    CreateReplication::new("x", Direction::Push, transport, sources, id("tank/b"), Retention::Forever)
        .also_include(["auto-%Y-%m-%d_%H-%M"])
}

fn cloud_sync() -> CreateCloudSync {
    let target = Target::new("bucket", "/folder");
    CreateCloudSync::new("/mnt/tank", CloudCredentialId::new(5), target, "0 0 * * *".parse().unwrap())
}

fn secrets() -> CloudSyncSecrets {
    CloudSyncSecrets::new(EncryptionPassword::new("p"), EncryptionSalt::new("s"))
}

fn b2() -> (B2Credential, ApplicationKey) {
    (B2Credential::new("x", "0051"), ApplicationKey::new("K005"))
}

fn content() -> UploadContent {
    UploadContent::bytes(&b"x"[..])
}

const FUNCTIONS: &[Function] = functions! { client:
    "cloud_credentials.list" => client.cloud_credentials().list();
    "cloud_credentials.get" => client.cloud_credentials().get(CloudCredentialId::new(5));
    "cloud_credentials.create" => client.cloud_credentials().create(&b2().0, &b2().1);
    "cloud_credentials.update" => client.cloud_credentials().update(CloudCredentialId::new(5), &b2().0, &b2().1);
    "cloud_credentials.verify" => client.cloud_credentials().verify("0051", &b2().1);
    "cloud_credentials.delete" => client.cloud_credentials().delete(CloudCredentialId::new(5));
    "cloud_credentials.list_buckets" => client.cloud_credentials().list_buckets(CloudCredentialId::new(5));
    "cloud_credentials.create_bucket" => client.cloud_credentials().create_bucket(CloudCredentialId::new(5), "x");
    "cloud_syncs.list" => client.cloud_syncs().list();
    "cloud_syncs.get" => client.cloud_syncs().get(CloudSyncId::new(9));
    "cloud_syncs.create" => client.cloud_syncs().create(&cloud_sync(), &secrets());
    "cloud_syncs.update" => client.cloud_syncs().update(CloudSyncId::new(9), &UpdateCloudSync::new().enabled(Switch::Off), None);
    "cloud_syncs.delete" => client.cloud_syncs().delete(CloudSyncId::new(9));
    "cloud_syncs.run" => client.cloud_syncs().run(CloudSyncId::new(9));
    "cloud_syncs.run_dry" => client.cloud_syncs().run_dry(CloudSyncId::new(9));
    "cloud_syncs.run_once" => client.cloud_syncs().run_once(&cloud_sync(), &secrets(), Switch::Off);
    "cloud_syncs.abort" => client.cloud_syncs().abort(CloudSyncId::new(9));
    "cloud_syncs.restore" => client.cloud_syncs().restore(CloudSyncId::new(9), &RestoreCloudSync::new("x", "/mnt/tank/back"));
    "cloud_syncs.list_directory" => client.cloud_syncs().list_directory(&CloudFolder::new(CloudCredentialId::new(5), "bucket", "/"), None);
    "cloud_syncs.providers" => client.cloud_syncs().providers();
    "filesystem.stat" => client.filesystem().stat("/mnt/tank/a");
    "filesystem.stat_fs" => client.filesystem().stat_fs("/mnt/tank/a");
    "filesystem.list_dir" => client.filesystem().list_dir("/mnt/tank");
    "filesystem.make_directory" => client.filesystem().make_directory("/mnt/tank/a");
    "filesystem.set_permissions" => client.filesystem().set_permissions("/mnt/tank/a", &Permissions::new().mode(0o700));
    "filesystem.get" => client.filesystem().get("/mnt/tank/a", 1);
    "filesystem.put" => client.filesystem().put("/mnt/tank/a", content(), PutOptions::new());
    "keychain.list" => client.keychain().list();
    "keychain.key_pair" => client.keychain().key_pair(KeyPairId::new(1));
    "keychain.connection" => client.keychain().connection(SshConnectionId::new(2));
    "keychain.generate" => client.keychain().generate();
    "keychain.create_key_pair" => client.keychain().create_key_pair("x", &PrivateKey::new("k"));
    "keychain.rename_key_pair" => client.keychain().rename_key_pair(KeyPairId::new(1), "y");
    "keychain.replace_key" => client.keychain().replace_key(KeyPairId::new(1), &PrivateKey::new("k"));
    "keychain.create_connection" => client.keychain().create_connection("x", &target());
    "keychain.rename_connection" => client.keychain().rename_connection(SshConnectionId::new(2), "y");
    "keychain.redirect" => client.keychain().redirect(SshConnectionId::new(2), &target());
    "keychain.delete" => client.keychain().delete(KeyPairId::new(1), InUse::Refuse);
    "keychain.used_by" => client.keychain().used_by(KeyPairId::new(1));
    "keychain.scan_host_keys" => client.keychain().scan_host_keys("nas02", 22, 10);
    "keychain.set_up_semi_automatically" => client.keychain().set_up_semi_automatically("x", KeyPairId::new(1), &peer(), &PeerLogin::Token(&token()));
    "keychain.set_up" => client.keychain().set_up(&NewConnection::manual("x", KeyChoice::Generate("y".into()), &target()));
    "replications.list" => client.replications().list();
    "replications.get" => client.replications().get(ReplicationId::new(3));
    "replications.create" => client.replications().create(&replication(), None);
    "replications.update" => client.replications().update(ReplicationId::new(3), &UpdateReplication::matching(&replication()).unwrap(), None);
    "replications.delete" => client.replications().delete(ReplicationId::new(3));
    "replications.run" => client.replications().run(ReplicationId::new(3));
    "replications.run_once" => client.replications().run_once(&RunReplication::like(replication()), None);
    "replications.restore" => client.replications().restore(ReplicationId::new(3), "back", &id("tank/back"));
    "replications.list_datasets" => client.replications().list_datasets(Side::Local);
    "replications.create_dataset" => client.replications().create_dataset(&id("tank/c"), Side::Local);
    "replications.list_naming_schemas" => client.replications().list_naming_schemas();
    "replications.list_with_keys" => client.replications().list_with_keys();
    "replications.count_eligible_manual_snapshots" => client.replications().count_eligible_manual_snapshots(&CountSnapshots::by_schema([id("tank/a")], ["x"], Side::Local));
    "replications.target_unmatched_snapshots" => client.replications().target_unmatched_snapshots(&Direction::Push, &[id("tank/a")], &id("tank/b"), Side::Local);
    "replications.config" => client.replications().config();
    "replications.limit_at_once" => client.replications().limit_at_once(Some(2));
    "services.list" => client.services().list();
    "services.get" => client.services().get(&ServiceName::Ssh);
    "services.set_autostart" => client.services().set_autostart(&ServiceName::Ssh, Switch::On);
    "services.start" => client.services().start(&ServiceName::Ssh, LIMIT);
    "services.stop" => client.services().stop(&ServiceName::Ssh, LIMIT);
    "services.restart" => client.services().restart(&ServiceName::Ssh, LIMIT);
    "services.reload" => client.services().reload(&ServiceName::Ssh, LIMIT);
    "snmp.config" => client.snmp().config();
    "snmp.update" => client.snmp().update(&UpdateSnmp::new().location("rack 4"), None);
    "ssh.config" => client.ssh().config();
    "ssh.update" => client.ssh().update(&UpdateSsh::new().tcpport(22));
    "ssh.interface_choices" => client.ssh().interface_choices();
};

/// An appliance that answers each of these in a shape that can be read, or not: what was sent is what counts.
async fn of(text: &str) -> Nas {
    let nas = if text.starts_with('v') { Nas::with_versions(&[text]).await } else { Nas::older(text).await };
    let pair = json!({"id": 1, "name": "x", "type": "SSH_KEY_PAIR", "attributes": {"public_key": KEY, "private_key": null}});
    nas.answers("keychaincredential.query", json!([pair]));
    nas.answers("auth.generate_token", json!("t"));
    nas.answers("core.download", json!([7, "/_download/7?auth_token=t"]));
    for (methods, answer) in
        [(&["start", "stop", "restart", "reload"][..], json!(true)), (&["control"], json!(7))]
    {
        for method in methods {
            nas.answers(&format!("service.{method}"), answer.clone());
        }
    }
    for started in ["cloudsync.sync", "replication.run"] {
        nas.answers(started, json!(7));
    }
    let done = json!([{"id": 7, "state": "SUCCESS", "result": true, "arguments": [9]}]);
    nas.answers("core.get_jobs", done);
    for method in OTHERS {
        nas.on(method, [Say::Nonsense(Value::Null)]);
    }
    nas
}

/// Methods whose answer does not matter here.
const OTHERS: &[&str] = &[
    "cloudsync.abort",
    "cloudsync.create",
    "cloudsync.create_bucket",
    "cloudsync.credentials.create",
    "cloudsync.credentials.delete",
    "cloudsync.credentials.query",
    "cloudsync.credentials.update",
    "cloudsync.credentials.verify",
    "cloudsync.delete",
    "cloudsync.list_buckets",
    "cloudsync.list_directory",
    "cloudsync.providers",
    "cloudsync.query",
    "cloudsync.restore",
    "cloudsync.sync_onetime",
    "cloudsync.update",
    "filesystem.listdir",
    "filesystem.mkdir",
    "filesystem.setperm",
    "filesystem.stat",
    "filesystem.statfs",
    "keychaincredential.create",
    "keychaincredential.delete",
    "keychaincredential.generate_ssh_key_pair",
    "keychaincredential.remote_ssh_host_key_scan",
    "keychaincredential.remote_ssh_semiautomatic_setup",
    "keychaincredential.setup_ssh_connection",
    "keychaincredential.update",
    "keychaincredential.used_by",
    "replication.config.config",
    "replication.config.update",
    "replication.count_eligible_manual_snapshots",
    "replication.create",
    "replication.create_dataset",
    "replication.delete",
    "replication.list_datasets",
    "replication.list_naming_schemas",
    "replication.query",
    "replication.restore",
    "replication.run_onetime",
    "replication.target_unmatched_snapshots",
    "replication.update",
    "service.query",
    "service.update",
    "snmp.config",
    "snmp.update",
    "ssh.bindiface_choices",
    "ssh.config",
    "ssh.update",
];

/// What one function sends, once somebody is logged in.
async fn sent(nas: &Nas, client: &Client, function: fn(Client) -> Asked) -> String {
    let (calls, paths) = (nas.methods().len(), nas.paths().len());
    let outcome = function(client.clone()).await;
    let mut sent: Vec<String> = nas.methods().split_off(calls);
    sent.retain(|method| method != "core.subscribe");
    let fetched = nas.paths().split_off(paths);
    let path = |path: &str| path.split('?').next().unwrap_or_default().trim_end_matches("/7").to_owned();
    sent.extend(fetched.iter().filter(|path| path.starts_with("/_")).map(|it| path(it)));
    match outcome.as_ref().map_err(Error::kind) {
        Err(ErrorKind::Unsupported { instead: Some(_), .. }) if sent.is_empty() => "unsupported".to_owned(),
        Err(kind @ (ErrorKind::Unsupported { .. } | ErrorKind::InvalidRequest { .. })) => {
            unreachable!("{kind:?}")
        }
        _ if sent.len() == 1 => sent.remove(0),
        _ => format!("steps({})", sent.join(",")),
    }
}

#[tokio::test]
async fn every_call_is_sent_in_the_words_of_each_release() {
    let mut table: Vec<String> = FUNCTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for (release, text) in RELEASES {
        let nas = of(text).await;
        let client = nas.client().await;
        for ((_, function), line) in FUNCTIONS.iter().zip(&mut table) {
            write!(line, "  {release}={}", sent(&nas, &client, *function).await).unwrap();
        }
    }
    let table = table.join("\n") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/releases/transfer.txt");
    if std::env::var_os("DTC_UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (line, expected) in table.lines().zip(expected.lines()) {
        assert_eq!(line, expected);
    }
    assert_eq!(table.lines().count(), expected.lines().count());
}
