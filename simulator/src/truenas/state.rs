//! The appliance's state, apart from its files and its jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::alerts::Alert;
use super::api_keys::ApiKey;
use super::disk;
use super::factory::{self, Service};
use super::groups;
use super::release::Release;
use super::settings::Settings;
use super::ssh;
use super::users::{self, Token, User};
use crate::random::Random;

/// A row of one of the appliance's tables.
pub(super) type Row = Map<String, Value>;

/// A file system or a volume.
#[derive(Debug, Clone, Default)]
pub(super) struct Dataset {
    pub(super) is_volume: bool,
    /// Its own key, where it is an encryption root; what lies below inherits it.
    pub(super) key: Option<Key>,
    pub(super) mount_state: MountState,
    /// Properties set on this dataset itself.
    pub(super) user_properties: BTreeMap<String, String>,
    /// Settings made on this dataset itself, by the API's names.
    pub(super) settings: Row,
    /// Something was written since the last snapshot.
    pub(super) is_written: bool,
    /// The snapshot that it is a clone of.
    pub(super) origin: Option<String>,
}

/// The key of an encryption root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) format: KeyFormat,
    pub(super) text: String,
    /// It is kept in the appliance's database: never a passphrase.
    pub(super) is_stored: bool,
}

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFormat {
    Hex,
    Passphrase,
}

impl KeyFormat {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Hex => "HEX",
            Self::Passphrase => "PASSPHRASE",
        }
    }
}

/// Whether a dataset's files can be seen at its mount point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum MountState {
    #[default]
    Mounted,
    Unmounted,
    Locked,
}

impl Dataset {
    pub(super) fn is_locked(&self) -> bool {
        self.mount_state == MountState::Locked
    }
}

/// One snapshot of one dataset.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) dataset: String,
    pub(super) name: String,
    pub(super) taken: Timestamp,
    /// Number of the transaction group that it closed.
    pub(super) transaction: u64,
    /// What tells it from every other snapshot, also of its name; those that were received have that of the one that was sent.
    pub(super) guid: u64,
    /// The tags that hold it.
    pub(super) holds: BTreeSet<String>,
    pub(super) user_properties: BTreeMap<String, String>,
    /// When it is to be removed, whatever the tasks say.
    pub(super) fixed_removal: Option<Timestamp>,
    /// The files as they were; a volume has none.
    pub(super) contents: Option<Arc<TempDir>>,
}

impl Snapshot {
    /// A snapshot that is taken on this appliance.
    pub(super) fn new(nas: &str, dataset: String, name: String, taken: Timestamp, transaction: u64) -> Self {
        let guid = super::pools::number(&format!("{nas} {dataset}@{name} {transaction}")) >> 1;
        let (holds, user_properties) = (BTreeSet::new(), BTreeMap::new());
        Self {
            dataset,
            name,
            taken,
            transaction,
            guid,
            holds,
            user_properties,
            fixed_removal: None,
            contents: None,
        }
    }

    /// Its full name: `pool0/docs@auto-2025-01-01_00-00`.
    pub(super) fn id(&self) -> String {
        format!("{}@{}", self.dataset, self.name)
    }
}

/// A table whose rows are numbered.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: BTreeMap<i64, Row>,
    last: i64,
}

impl Table {
    pub(super) fn add(&mut self, mut row: Row) -> i64 {
        self.last += 1;
        row.insert("id".to_owned(), self.last.into());
        self.rows.insert(self.last, row);
        self.last
    }

    /// Adds a row under a number that it has to have.
    fn add_as(&mut self, id: i64, mut row: Row) {
        self.last = self.last.max(id);
        row.insert("id".to_owned(), id.into());
        self.rows.insert(id, row);
    }

    pub(super) fn get(&self, id: i64) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut Row> {
        self.rows.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: i64) -> bool {
        self.rows.remove(&id).is_some()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (i64, &Row)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    /// Finds the first row whose field has this value.
    pub(super) fn find(&self, field: &str, value: &Value) -> Option<i64> {
        let mut hits = self.rows().filter(|(_, row)| row.get(field) == Some(value));
        hits.next().map(|(id, _)| id)
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct State {
    pub(super) host_name: String,
    pub(super) time_zone: String,
    /// Names of the data pools, in the order of their ids.
    pub(super) pools: Vec<String>,
    /// By full name: `pool0/docs`.
    pub(super) datasets: BTreeMap<String, Dataset>,
    pub(super) users: Vec<User>,
    pub(super) keys: Vec<ApiKey>,
    pub(super) tokens: Vec<Token>,
    /// Where to log in instead, while another controller of a pair is the active one.
    pub(super) redirects: Vec<String>,
    /// The clients' addresses are allowed.
    pub(super) admits: bool,
    pub(super) groups: Table,
    /// What `system.boot_id` says: another one after each restart.
    pub(super) boot_id: String,
    /// How long a restart by the API takes.
    pub(super) boot_time: Duration,
    pub(super) alerts: Vec<Alert>,
    pub(super) credentials: Table,
    pub(super) tasks: Table,
    /// The last job of each cloud sync task.
    pub(super) task_jobs: BTreeMap<i64, i64>,
    /// The last job of each task before the last restart, as it was.
    pub(super) earlier_jobs: BTreeMap<i64, Value>,
    /// SSH key pairs, and connections that use them.
    pub(super) keychain: Table,
    pub(super) replications: Table,
    /// The last job of each replication task.
    pub(super) replication_jobs: BTreeMap<i64, i64>,
    /// So many replications may run at once; no limit where it is none.
    pub(super) parallel_replications: Option<i64>,
    /// Datasets that a replication has made read-only.
    pub(super) read_only: BTreeSet<String>,
    pub(super) ssh: Row,
    /// Who may log in by SSH, by name.
    pub(super) logins: BTreeMap<String, ssh::Login>,
    pub(super) snapshot_tasks: Table,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) snmp: Row,
    pub(super) services: Vec<Service>,
    /// What verifying a credential answers, whatever the credential is.
    pub(super) verify_answer: Option<String>,
    /// How long a run waits before it copies anything.
    pub(super) run_delay: Duration,
    /// What every run ends with, instead of copying anything.
    pub(super) run_answer: Option<String>,
}

impl State {
    pub(super) fn new(release: Release, settings: &Settings, random: &Random) -> Self {
        let mut datasets = BTreeMap::new();
        let written = || Dataset { is_written: true, ..Dataset::default() };
        for (index, pool) in settings.pools.iter().enumerate() {
            datasets.insert(pool.clone(), written());
            for child in disk::datasets(index) {
                datasets.insert(format!("{pool}/{child}"), written());
            }
            if index == 0 {
                let size = Row::from_iter([("volsize".to_owned(), (20_u64 << 30).into())]);
                let volume = Dataset { is_volume: true, settings: size, ..written() };
                datasets.insert(format!("{pool}/vm-disk"), volume);
            }
        }
        let (users, keys) = users::factory(release, random);
        Self {
            host_name: settings.host_name.clone(),
            time_zone: settings.time_zone.clone(),
            pools: settings.pools.clone(),
            datasets,
            users,
            keys,
            tokens: Vec::new(),
            redirects: Vec::new(),
            admits: true,
            groups: groups_of(release),
            boot_id: random.uuid(),
            boot_time: Duration::ZERO,
            alerts: Vec::new(),
            credentials: Table::default(),
            tasks: Table::default(),
            task_jobs: BTreeMap::new(),
            earlier_jobs: BTreeMap::new(),
            keychain: Table::default(),
            replications: Table::default(),
            replication_jobs: BTreeMap::new(),
            parallel_replications: Some(5),
            read_only: BTreeSet::new(),
            ssh: ssh::settings(release),
            logins: ssh::logins(release),
            snapshot_tasks: Table::default(),
            snapshots: Vec::new(),
            snmp: factory::snmp_settings(),
            services: Service::all(release),
            verify_answer: None,
            run_delay: Duration::ZERO,
            run_answer: None,
        }
    }

    /// Works out anew what each user may do: who is in which group decides.
    pub(super) fn refresh_rights(&mut self) {
        for user in self.users.iter_mut().filter(|user| user.id != users::ROOT) {
            let roles: Vec<&str> = user
                .groups
                .iter()
                .chain([&user.group])
                .flat_map(|group| groups::roles_of(*group))
                .copied()
                .collect();
            user.is_full = roles.contains(&super::roles::FULL_ADMIN);
            user.has_access = !roles.is_empty();
        }
    }

    /// The encryption root of a dataset, with its key: itself or the nearest parent that has one.
    pub(super) fn encryption_root<'n>(&self, dataset: &'n str) -> Option<(&'n str, &Key)> {
        upwards(dataset).find_map(|name| Some((name, self.datasets.get(name)?.key.as_ref()?)))
    }

    /// Names of the datasets below this one, and itself.
    pub(super) fn tree<'a>(&'a self, root: &'a str) -> impl Iterator<Item = &'a str> {
        self.datasets.keys().map(String::as_str).filter(move |name| is_at_or_below(name, root))
    }

    /// Number for the next transaction group.
    pub(super) fn next_transaction(&self) -> u64 {
        self.snapshots.iter().map(|snapshot| snapshot.transaction).max().map_or(1_000, |last| last + 1)
    }

    /// Tells whether a dataset or one of its parents is locked.
    pub(super) fn is_locked(&self, dataset: &str) -> bool {
        self.lineage(dataset).any(Dataset::is_locked)
    }

    /// Tells whether a dataset or one of its parents is encrypted.
    pub(super) fn is_encrypted(&self, dataset: &str) -> bool {
        self.encryption_root(dataset).is_some()
    }

    /// Tells whether a dataset's files can be seen at its mount point.
    pub(super) fn is_mounted(&self, dataset: &str) -> bool {
        let seen = |d: &Dataset| !d.is_volume && d.mount_state == MountState::Mounted;
        self.lineage(dataset).all(seen)
    }

    /// A dataset's user properties with those it inherits, its own first: value, and the dataset that it comes from.
    pub(super) fn user_properties<'a>(&'a self, dataset: &'a str) -> BTreeMap<&'a str, (&'a str, &'a str)> {
        let mut all = BTreeMap::new();
        for origin in upwards(dataset) {
            for (name, value) in self.datasets.get(origin).into_iter().flat_map(|d| &d.user_properties) {
                all.entry(name.as_str()).or_insert((value.as_str(), origin));
            }
        }
        all
    }

    /// The dataset and its parents, nearest first.
    fn lineage<'a, 'n>(&'a self, dataset: &'n str) -> impl Iterator<Item = &'a Dataset> + use<'a, 'n> {
        upwards(dataset).filter_map(|name| self.datasets.get(name))
    }

    /// The dataset that a path below `/mnt` lies on.
    pub(super) fn dataset_of<'a>(&'a self, path: &str) -> Option<&'a str> {
        let name = path.strip_prefix("/mnt/")?.trim_end_matches('/');
        upwards(name)
            .find_map(|name| self.datasets.get_key_value(name))
            .filter(|(_, dataset)| !dataset.is_volume)
            .map(|(name, _)| name.as_str())
    }
}

fn groups_of(release: Release) -> Table {
    let mut table = Table::default();
    for (id, row) in groups::factory(release) {
        table.add_as(id, row);
    }
    table
}

/// Tells whether a dataset is this one or lies below it.
pub(super) fn is_at_or_below(name: &str, root: &str) -> bool {
    name.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A dataset's name and its parents' names, nearest first.
pub(super) fn upwards(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('/').map(|(parent, _)| parent))
}

/// A moment as the middleware writes it.
pub(super) fn date(moment: Timestamp) -> Value {
    json!({"$date": moment.as_millisecond()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_properties_are_inherited_and_the_nearest_wins() {
        let mut state = State::new(Release::default(), &Settings::default(), &Random::new(1, "box"));
        let set = |state: &mut State, dataset: &str, value: &str| {
            let dataset = state.datasets.get_mut(dataset).unwrap();
            dataset.user_properties.insert("a:b".to_owned(), value.to_owned());
        };
        set(&mut state, "pool0", "root");
        assert_eq!(state.user_properties("pool0/docs/contracts")["a:b"], ("root", "pool0"));
        set(&mut state, "pool0/docs", "docs");
        assert_eq!(state.user_properties("pool0/docs/contracts")["a:b"], ("docs", "pool0/docs"));
        assert!(state.user_properties("pool1").is_empty());
    }

    #[test]
    fn a_path_lies_on_its_nearest_dataset() {
        let state = State::new(Release::default(), &Settings::default(), &Random::new(1, "box"));
        assert_eq!(state.dataset_of("/mnt/pool0/docs/contracts/x/y"), Some("pool0/docs/contracts"));
        assert_eq!(state.dataset_of("/mnt/pool0/"), Some("pool0"));
        assert_eq!(state.dataset_of("/mnt/nowhere"), None);
        assert_eq!(state.dataset_of("/etc"), None);
    }
}
