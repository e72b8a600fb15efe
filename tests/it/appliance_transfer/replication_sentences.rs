//! Every rule of a new replication task, and every reason for which a run fails, one row each: the field that the appliance blames, or what its
//! sentence says. A list at each end holds that none lacks.
//!
//! The role for tasks that fetch is held in memory (`r1_a_pull_needs_the_role_for_it`): the simulated appliance's users are administrators or readers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use simulator::truenas::Release;
use truenas_client::keychain::SshTarget;
use truenas_client::replications::{
    CreateReplication, DestinationKey, Direction, EncryptionKey, KeyLocation, ReadOnly, Retention, Transport,
    UpdateReplication,
};
use truenas_client::users::{CreateUser, UpdateUser, UserPassword};
use truenas_client::{DatasetId, Method, SshConnectionId, Switch, TaskState};

use super::{LIMIT, World, assert_unsupported, failure, refused, snapshot};

const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";

/// What a task is bound to.
struct Bound {
    connection: i64,
    key_pair: i64,
    whole: i64,
    disabled: i64,
    without_child: i64,
    alone: i64,
}

impl Bound {
    async fn of(world: &World) -> Self {
        let keychain = world.client.keychain();
        let made = keychain.generate().await.unwrap();
        let pair = keychain.create_key_pair("pair", &made.private_key).await.unwrap().id;
        let host_key = world.other.ssh().config().await.unwrap().host_keys().next().unwrap().clone();
        let target = SshTarget::new(world.two().address(), pair, &host_key);
        let connection = keychain.create_connection("to nas02", &target).await.unwrap().id;
        let task = |fields: Value| {
            let mut whole = json!({
                "dataset": "pool0/docs", "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK", "enabled": true,
                "exclude": [], "naming_schema": SCHEMA, "allow_empty": true, "vmware_sync": false,
                "schedule": {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59"},
                "state": {"state": "PENDING"},
            });
            whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            world.one().add_snapshot_task(&whole)
        };
        Self {
            connection: connection.get(),
            key_pair: pair.get(),
            whole: task(json!({})),
            disabled: task(json!({"enabled": false})),
            without_child: task(json!({"exclude": ["pool0/docs/contracts"]})),
            alone: task(json!({"recursive": false})),
        }
    }
}

/// Rules: the way that each is about, what breaks it, the field that is blamed, and on which releases: all, or those after CORE.
/// `$whole` and the like are what a task is bound to.
const RULES: &str = r#"
    PUSH | {"naming_schema": ["$schema"]} | naming_schema | all
    PUSH | {"also_include_naming_schema": []} | periodic_snapshot_tasks | all
    PUSH | {"auto": true} | auto | all
    PUSH | {"periodic_snapshot_tasks": [99]} | periodic_snapshot_tasks.0 | all
    PUSH | {"periodic_snapshot_tasks": [$disabled]} | periodic_snapshot_tasks.0 | all
    PUSH | {"periodic_snapshot_tasks": [$without_child], "recursive": true} | exclude | all
    PUSH | {"periodic_snapshot_tasks": [$without_child], "source_datasets": ["$child"]} | source_datasets.0 | all
    PULL | {"naming_schema": []} | naming_schema | all
    PULL | {"periodic_snapshot_tasks": [$whole]} | periodic_snapshot_tasks | all
    PULL | {"also_include_naming_schema": ["$schema"]} | also_include_naming_schema | all
    PULL | {"hold_pending_snapshots": true} | hold_pending_snapshots | all
    PULL | {"auto": true} | auto | all
    PUSH | {"schedule": {"minute": "0"}} | schedule | all
    PUSH | {"only_matching_schedule": true} | only_matching_schedule | all
    PUSH | {"name_regex": "auto-.*"} | name_regex | SCALE
    PUSH | {"name_regex": "a", "also_include_naming_schema": [], "periodic_snapshot_tasks": [$whole]} | name_regex | SCALE
    PUSH | {"name_regex": "(", "also_include_naming_schema": []} | name_regex | SCALE
    PUSH | {"name_regex": "a", "also_include_naming_schema": [], $custom} | retention_policy | SCALE
    PULL | {"ssh_credentials": null} | ssh_credentials | all
    PULL | {"ssh_credentials": 99} | ssh_credentials | all
    PULL | {"ssh_credentials": $key_pair} | ssh_credentials | all
    PUSH | {"ssh_credentials": $connection} | ssh_credentials | all
    PUSH | {"compression": "LZ4"} | compression | all
    PUSH | {"speed_limit": 1} | speed_limit | all
    PUSH | {"netcat_active_side": "LOCAL"} | netcat_active_side | all
    PUSH | {"netcat_active_side_listen_address": "192.0.2.1"} | netcat_active_side_listen_address | all
    PUSH | {"netcat_active_side_port_min": 9000} | netcat_active_side_port_min | all
    PUSH | {"netcat_active_side_port_max": 9000} | netcat_active_side_port_max | all
    PUSH | {"netcat_passive_side_connect_address": "192.0.2.1"} | netcat_passive_side_connect_address | all
    PULL | {"transport": "SSH+NETCAT"} | netcat_active_side | all
    PULL | {$netcat, "netcat_active_side_port_min": 2, "netcat_active_side_port_max": 1} | netcat_active_side_port_max | all
    PULL | {$netcat, "compression": "LZ4"} | compression | all
    PULL | {$netcat, "speed_limit": 1} | speed_limit | all
    PUSH | {"name": "taken"} | name | all
    PUSH | {"exclude": ["$child"]} | exclude | all
    PUSH | {"recursive": true, "exclude": ["pool0/other"]} | exclude.0 | all
    PUSH | {$equal, "recursive": false} | recursive | all
    PUSH | {$equal, "properties": false} | properties | all
    PUSH | {$equal, "exclude": ["$child"]} | exclude | all
    PUSH | {$equal, "retention_policy": "NONE"} | retention_policy | all
    PUSH | {$equal, "source_datasets": ["pool0/docs", "$child"]} | source_datasets.1 | all
    PUSH | {$equal, "periodic_snapshot_tasks": [$alone]} | periodic_snapshot_tasks.0 | all
    PUSH | {"retention_policy": "CUSTOM", "lifetime_unit": "DAY"} | lifetime_value | all
    PUSH | {"retention_policy": "CUSTOM", "lifetime_value": 1} | $unit | all
    PUSH | {"lifetime_value": 1} | lifetime_value | all
    PUSH | {"lifetime_unit": "DAY"} | lifetime_unit | all
    PUSH | {"lifetimes": [{"lifetime_value": 1, "lifetime_unit": "DAY"}]} | lifetimes | SCALE
    PUSH | {$encrypted, "encryption_key": null} | encryption_key | all
    PUSH | {$encrypted, "encryption_key_format": null} | encryption_key_format | all
    PUSH | {$encrypted, "encryption_key_location": null} | encryption_key_location | all
"#;
/// Encryption by a key whose length nobody looks at.
const ENCRYPTED: &str = r#""encryption": true, "encryption_key": "0a", "encryption_key_format": "HEX", "encryption_key_location": "$TrueNAS""#;

/// One rule: the way, the fields, the blamed field, and whether CORE has it.
fn rule(line: &str, bound: &Bound, release: Release) -> (String, Map<String, Value>, String, bool) {
    // Up to 25.10 the complaint about the unit names the value.
    let unit = if release >= Release::Community26 { "lifetime_unit" } else { "lifetime_value" };
    let named = [
        ("$schema", SCHEMA.to_owned()),
        ("$child", "pool0/docs/contracts".to_owned()),
        ("$unit", unit.to_owned()),
        ("$whole", bound.whole.to_string()),
        ("$disabled", bound.disabled.to_string()),
        ("$without_child", bound.without_child.to_string()),
        ("$alone", bound.alone.to_string()),
        ("$key_pair", bound.key_pair.to_string()),
        ("$connection", bound.connection.to_string()),
        ("$netcat", r#""transport": "SSH+NETCAT", "netcat_active_side": "LOCAL""#.to_owned()),
        ("$equal", r#""replicate": true, "recursive": true, "retention_policy": "SOURCE""#.to_owned()),
        (
            "$custom",
            r#""retention_policy": "CUSTOM", "lifetime_value": 1, "lifetime_unit": "DAY""#.to_owned(),
        ),
        ("$encrypted", ENCRYPTED.to_owned()),
    ];
    let whole = named.iter().fold(line.to_owned(), |line, (name, value)| line.replace(name, value));
    let parts: Vec<&str> = whole.split(" | ").map(str::trim).collect();
    let [way, fields, blamed, releases] = parts.as_slice() else { panic!("{whole}") };
    let fields: Map<String, Value> = later_wins(fields);
    ((*way).to_owned(), fields, (*blamed).to_owned(), *releases == "all")
}

/// Of two values for one field the later one holds.
fn later_wins(fields: &str) -> Map<String, Value> {
    serde_json::from_str(fields).unwrap_or_else(|error| panic!("{fields}: {error}"))
}

/// A task that the appliance takes.
fn base(way: &str, bound: &Bound) -> Map<String, Value> {
    let mut body = json!({
        "name": "x", "direction": way, "source_datasets": ["pool0/docs"], "target_dataset": "pool1/x", "recursive": false,
        "auto": false, "retention_policy": "NONE",
    });
    let more = if way == "PUSH" {
        json!({"transport": "LOCAL", "also_include_naming_schema": [SCHEMA]})
    } else {
        json!({"transport": "SSH", "ssh_credentials": bound.connection, "naming_schema": [SCHEMA]})
    };
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.as_object().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_each_rule_of_a_task_is_refused_with_its_field_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let bound = Bound::of(&world).await;
        let create = async |fields: Map<String, Value>| {
            world.client.call::<Value>(Method::changes("replication.create"), &json!([fields])).await
        };
        let mut taken = base("PUSH", &bound);
        taken.insert("name".to_owned(), "taken".into());
        create(taken).await.unwrap();
        for line in RULES.lines().filter(|line| !line.trim().is_empty()) {
            let (way, fields, blamed, on_core) = rule(line, &bound, release);
            let mut body = base(&way, &bound);
            body.extend(fields);
            if on_core || !world.is_core() {
                let found = refused(create(body).await);
                assert_eq!(found, [format!("replication_create.{blamed}")], "{release}: {line}");
            } else {
                // Our client says what to do in its place, and sends nothing.
                assert_unsupported(create(body).await);
            }
        }
        // What the appliance takes although it cannot run: lengths of keys, and where it goes.
        let mut short = base("PUSH", &bound);
        short.extend(later_wins(&format!("{{{ENCRYPTED}}}")));
        short.insert("target_dataset".to_owned(), "nowhere/x".into());
        create(short).await.unwrap();
    }
}

/// What a run's sentences say, of which each has to have failed one.
const SENTENCES: [&str; 16] = [
    "passwordless sudo",
    "any matching snapshots",
    "No incremental base",
    "has data and replication from scratch is not allowed",
    "is its own encryption root",
    "has to be encrypted",
    "parent is not encrypted",
    "is a filesystem, but target",
    "readonly=on",
    "permission to mount file systems",
    "cannot be sent to the existing dataset",
    "Re-encrypting already encrypted source",
    "it already exists and is not encrypted",
    "key must be loaded",
    "key was not stored",
    "already running",
];

fn id(name: &str) -> DatasetId {
    DatasetId::new(name)
}

fn own_key() -> DestinationKey {
    DestinationKey::hex(EncryptionKey::new("0a".repeat(32)), KeyLocation::TrueNas).unwrap()
}

/// Tasks of one world, each of another name.
struct Runs {
    world: World,
    said: BTreeSet<String>,
    made: u32,
}

impl Runs {
    fn task(&mut self, source: &str, target: &str) -> CreateReplication {
        self.task_by(Transport::Local, source, target)
    }

    fn task_by(&mut self, transport: Transport, source: &str, target: &str) -> CreateReplication {
        self.made += 1;
        let (name, sources) = (format!("run {}", self.made), [id(source)]);
        CreateReplication::new(name, Direction::Push, transport, sources, id(target), Retention::Forever)
            .also_include([SCHEMA])
    }

    /// Saves a task, runs it, and keeps what its failure says.
    async fn fails(&mut self, task: CreateReplication, key: Option<&DestinationKey>) {
        let tasks = self.world.client.replications();
        let made = tasks.create(&task, key).await.unwrap();
        self.said.insert(failure(tasks.run(made.id).await.unwrap().wait(LIMIT).await));
        assert_eq!(tasks.get(made.id).await.unwrap().state.state, TaskState::Error);
    }

    /// A connection that logs in to the other appliance as a user who is not root and may not run `zfs` by sudo.
    async fn as_another_user(&self) -> SshConnectionId {
        let (keychain, users) = (self.world.client.keychain(), self.world.other.users());
        let made = keychain.generate().await.unwrap();
        let pair = keychain.create_key_pair("repl key", &made.private_key).await.unwrap();
        users.create(&CreateUser::new("repl", "Replication"), &UserPassword::None).await.unwrap();
        let user = users.named("repl").await.unwrap();
        let key = UpdateUser::new().home_within("/mnt/pool0").ssh_public_key(Some(&pair.public_key.unwrap()));
        users.update(user.id, &key).await.unwrap();
        self.world.other.services().start(&truenas_client::services::ServiceName::Ssh, LIMIT).await.unwrap();
        let host_key = self.world.other.ssh().config().await.unwrap().host_keys().next().unwrap().clone();
        let target = SshTarget::new(self.world.two().address(), pair.id, &host_key).username("repl");
        keychain.create_connection("repl", &target).await.unwrap().id
    }

    async fn of_the_target(&mut self) {
        let one = |runs: &Self, name: &str| runs.world.one().add_dataset(name).unwrap();
        let none = self.task("pool0/docs", "pool1/none");
        self.fails(none, None).await;
        snapshot(self.world.one(), "pool0/docs", SCHEMA);
        one(self, "pool1/data");
        self.world.one().write_file("/mnt/pool1/data/theirs.txt", b"keep").unwrap();
        let data = self.task("pool0/docs", "pool1/data");
        self.fails(data, None).await;
        snapshot(self.world.one(), "pool1/data", "other-%Y-%m-%d_%H-%M");
        let other = self.task("pool0/docs", "pool1/data");
        self.fails(other, None).await;
        let read_only = self.task("pool0/docs", "pool1/data").readonly(ReadOnly::Require);
        self.fails(read_only, None).await;
        let volume = self.task("pool0/docs", "pool0/vm-disk");
        self.fails(volume, None).await;
        let clear = self.task("pool0/docs", "pool1/data");
        self.fails(clear, Some(&own_key())).await;
    }

    async fn of_encryption(&mut self) {
        let one = |runs: &Self, name: &str| runs.world.one().add_dataset(name).unwrap();
        one(self, "pool1/sealed");
        self.world.one().encrypt_dataset_by_key("pool1/sealed", &"0b".repeat(32)).unwrap();
        let below = self.task("pool0/docs", "pool1/sealed/docs");
        self.fails(below, None).await;
        let root = self.task("pool0/docs", "pool1/sealed");
        self.fails(root, None).await;
        if !self.world.is_core() {
            let inherits = self.task("pool0/docs", "pool1/plain/docs").inherits_encryption(Switch::On);
            self.fails(inherits, None).await;
        }
        self.world.one().encrypt_dataset_by_key("pool0/docs", &"0c".repeat(32)).unwrap();
        one(self, "pool1/empty");
        let raw = self.task("pool0/docs", "pool1/empty");
        self.fails(raw, None).await;
        let again = self.task("pool0/docs", "pool1/twice");
        self.fails(again, Some(&own_key())).await;
        self.world.one().lock_dataset("pool0/docs").unwrap();
        let locked = self.task("pool0/docs", "pool1/clear").properties(Switch::Off);
        self.fails(locked, None).await;
        self.world.one().restore_dataset("pool0/docs").unwrap();
    }

    async fn of_the_remote_user(&mut self) {
        let connection = self.as_another_user().await;
        let ssh = || Transport::Ssh(connection);
        let no_sudo = self.task_by(ssh(), "pool0/docs", "pool1/remote");
        self.fails(no_sudo, None).await;
        if self.world.is_core() {
            return;
        }
        let sudo = self.task_by(ssh(), "pool0/docs", "pool1/remote").sudo(Switch::On);
        self.fails(sudo, None).await;
        let users = self.world.other.users();
        let user = users.named("repl").await.unwrap();
        users.update(user.id, &UpdateUser::new().sudo_without_password(&["/usr/sbin/zfs"])).await.unwrap();
        let kept = self.task_by(ssh(), "pool0/docs", "pool1/kept").sudo(Switch::On).properties(Switch::Off);
        self.fails(kept, Some(&own_key())).await;
        let arrived = self.world.two().snapshots();
        assert!(
            arrived.iter().any(|name| name.starts_with("pool1/kept@")),
            "the data has arrived: {arrived:?}"
        );
    }

    /// A second run beside the first, and a run of a task that is disabled.
    async fn of_the_task(&mut self) {
        let task = self.task("pool0/docs", "pool1/long");
        let tasks = self.world.client.replications();
        let made = tasks.create(&task, None).await.unwrap();
        self.world.one().delay_runs(std::time::Duration::from_hours(1));
        let first = tasks.run(made.id).await.unwrap();
        while tasks.get(made.id).await.unwrap().state.state != TaskState::Running {
            tokio::task::yield_now().await;
        }
        let second = tasks.run(made.id).await.unwrap();
        self.said.insert(failure(second.wait(LIMIT).await));
        self.world.sim.clock().advance(std::time::Duration::from_hours(2));
        first.wait(LIMIT).await.unwrap();
        self.world.one().delay_runs(std::time::Duration::ZERO);
        tasks.update(made.id, &UpdateReplication::new().enabled(Switch::Off), None).await.unwrap();
        let disabled = tasks.run(made.id).await.unwrap().wait(LIMIT).await;
        // From 26 on a disabled task may be run.
        if self.world.release >= Release::Community26 {
            disabled.unwrap();
        } else {
            assert!(failure(disabled).contains("Task is not enabled"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_each_reason_for_which_a_run_fails_is_said_on_every_release() {
    for release in Release::ALL {
        let mut runs = Runs { world: World::of(release).await, said: BTreeSet::new(), made: 0 };
        runs.of_the_target().await;
        runs.of_encryption().await;
        runs.of_the_remote_user().await;
        runs.of_the_task().await;
        // CORE has neither sudo nor an inherited encryption, and so none of their sentences.
        let of_scale = ["passwordless sudo", "parent is not encrypted", "key was not stored"];
        let expected = SENTENCES.iter().filter(|words| !(runs.world.is_core() && of_scale.contains(words)));
        let lacking: Vec<_> =
            expected.filter(|words| !runs.said.iter().any(|said| said.contains(**words))).collect();
        assert!(lacking.is_empty(), "{release}: nothing said {lacking:?} in {:#?}", runs.said);
    }
}

/// Keys can be exported with a task that sends something encrypted by a key, and whoever asks for it is answered.
#[tokio::test(flavor = "multi_thread")]
async fn r5_whether_keys_go_with_a_task_is_answered_where_it_is_asked() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let mut runs = Runs { world, said: BTreeSet::new(), made: 0 };
        let task = runs.task("pool0/docs", "pool1/copy").recursive(Switch::On);
        let tasks = runs.world.client.replications();
        let id = tasks.create(&task, None).await.unwrap().id;
        let has_keys = async || tasks.list_with_keys().await.unwrap().remove(0).has_encrypted_dataset_keys;
        assert!(!has_keys().await, "{release}: nothing is encrypted");
        runs.world.one().encrypt_dataset_by_key("pool0/docs", &"0c".repeat(32)).unwrap();
        assert_eq!(has_keys().await, !runs.world.is_core(), "{release}");
        assert!(!tasks.list().await.unwrap()[0].has_encrypted_dataset_keys, "{release}: nobody asked");
        if runs.world.is_core() {
            continue;
        }
        let keys = runs.world.client.datasets().export_keys_for_replication(id.get(), LIMIT).await.unwrap();
        let names: Vec<String> = keys.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(
            names,
            ["pool1/copy", "pool1/copy/contracts"],
            "{release}: each child is a root at the target"
        );
        runs.world.one().encrypt_dataset("pool0/docs", "correct horse battery").unwrap();
        assert!(!has_keys().await, "{release}: a passphrase is kept nowhere");
    }
}
