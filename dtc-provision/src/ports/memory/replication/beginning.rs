//! Two appliances that have never heard of each other.

use std::collections::BTreeMap;

use dtc_naming::DatasetName;
use jiff::{SignedDuration, Timestamp};

use super::{DatasetState, EndState, FileState, RootKey, SnapshotState};
use crate::ids::UserId;
use crate::ports::{EndHostKey, EndUser, Rights, SshServer, System};
use crate::secret::DatasetKeyFormat;

/// At which address the sending appliance is reached.
pub const SENDING_ADDRESS: &str = "192.0.2.11";
/// At which address the receiving appliance is reached.
pub const RECEIVING_ADDRESS: &str = "192.0.2.21";
/// The Device GUID of the sending appliance.
pub const SENDING_GUID: &str = "9babab19-acc0-4587-aa05-ccd8103a1148";
/// The Device GUID of the receiving appliance.
pub const RECEIVING_GUID: &str = "605e3b30-d7af-4722-9c0a-935200fb5abc";

/// Both, the sending one first.
pub(in crate::ports::memory) fn ends(now: Timestamp) -> [EndState; 2] {
    let mut sending = end("branch", SENDING_ADDRESS, SENDING_GUID);
    let hex = |digit: &str| key(DatasetKeyFormat::Hex, &digit.repeat(64));
    let phrase = key(DatasetKeyFormat::Passphrase, "correct horse battery");
    sending.datasets = vec![
        dataset("tank"),
        with_files(dataset("tank/data").encrypted_by(hex("a")), now),
        with_files(inheriting("tank/data/offices", "tank/data"), now),
        with_files(dataset("tank/phrase").encrypted_by(phrase), now),
        with_files(dataset("tank/plain"), now),
    ];
    let mut receiving = end("headquarters", RECEIVING_ADDRESS, RECEIVING_GUID);
    receiving.datasets =
        vec![dataset("backup"), dataset("backup/sealed").encrypted_by(hex("b")), dataset("backup/site")];
    for (end, guid) in [(&mut sending, SENDING_GUID), (&mut receiving, RECEIVING_GUID)] {
        end.datasets[0].device_guid = Some(guid.to_owned());
    }
    // The property is on what is sent, too, as ZFS inherits it.
    for dataset in &mut sending.datasets {
        dataset.device_guid = Some(SENDING_GUID.to_owned());
    }
    [sending, receiving]
}

fn name(text: &str) -> DatasetName {
    text.parse().unwrap_or_else(|_| unreachable!("{text} is a dataset's name"))
}

fn dataset(text: &str) -> DatasetState {
    DatasetState::new(name(text))
}

fn inheriting(text: &str, root: &str) -> DatasetState {
    DatasetState { encryption_root: Some(name(root)), ..dataset(text) }
}

fn key(format: DatasetKeyFormat, text: &str) -> RootKey {
    let is_stored = format == DatasetKeyFormat::Hex;
    RootKey { format, text: text.to_owned(), is_loaded: true, is_stored }
}

/// Two files, and two snapshots of the last two midnights: the older one without the second file.
fn with_files(mut dataset: DatasetState, now: Timestamp) -> DatasetState {
    let file = |content: &str, hours: i64| FileState {
        content: format!("{content} of {}", dataset.name).into_bytes(),
        modified: now - SignedDuration::from_hours(hours),
    };
    let old = BTreeMap::from([("letter.txt".to_owned(), file("a letter", 60))]);
    let mut new = old.clone();
    new.insert("sub/report.txt".to_owned(), file("a report", 12));
    let seed =
        dataset.name.as_str().bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_003);
    let snapshot = |days: i64, number: u64, files: &BTreeMap<String, FileState>| {
        let day = now.as_second().div_euclid(86_400) - days;
        let created = Timestamp::from_second(day * 86_400).unwrap_or(now);
        SnapshotState {
            name: created.strftime("auto-%Y-%m-%d_%H-%M").to_string(),
            guid: seed + number,
            created,
            files: files.clone(),
        }
    };
    dataset.snapshots = vec![snapshot(1, 1, &old), snapshot(0, 2, &new)];
    dataset.files = new;
    dataset
}

fn end(host: &str, address: &str, seed: &str) -> EndState {
    let (first, _) = seed.split_once('-').unwrap_or((seed, ""));
    EndState {
        system: System {
            host_name: format!("{host}.contoso.example"),
            version: "25.10.3.1".to_owned(),
            management_address: address.to_owned(),
            addresses: vec![address.to_owned()],
            macs: Vec::new(),
            time_zone: "UTC".to_owned(),
        },
        rights: Rights::Full,
        own_home: Some("/root".to_owned()),
        address: address.to_owned(),
        datasets: Vec::new(),
        users: vec![user("1", "root", "/root"), user("3000", "repl", "/var/empty")],
        ssh: SshServer {
            running: false,
            autostart: false,
            port: 22,
            host_keys: vec![
                host_key("ssh-ed25519", &format!("{first}e")),
                host_key("ssh-rsa", &format!("{first}r")),
            ],
        },
        shown_in_between: None,
        key_pairs: BTreeMap::new(),
        connections: BTreeMap::new(),
        snapshot_tasks: Vec::new(),
        tasks: Vec::new(),
        jobs: Vec::new(),
        looks_per_job: 2,
        runs_fail: None,
        run_breaks: None,
        saves_wrongly: None,
        is_core: false,
        made: 0,
    }
}

fn host_key(kind: &str, text: &str) -> EndHostKey {
    EndHostKey { line: format!("{kind} {text}"), fingerprint: format!("SHA256:{text}") }
}

fn user(id: &str, name: &str, home: &str) -> EndUser {
    EndUser {
        id: UserId::new(id),
        name: name.to_owned(),
        is_root: name == "root",
        locked: false,
        home: home.to_owned(),
        public_keys: Vec::new(),
        sudo: Vec::new(),
    }
}
