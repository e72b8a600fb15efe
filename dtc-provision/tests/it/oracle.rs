//! Twelve things that hold at every instant, whatever is cut where. The oracle sees each call and what is so after
//! it, and knows nothing of how the crate works.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use dtc_provision::ports::SnapshotTask;
use dtc_provision::ports::memory::{BUCKET, Handed, RecordState, State, World};
use dtc_provision::proofs::Slot;
use dtc_provision::standard::retention::{self, Judgement};

/// Judges a world as it goes.
#[derive(Clone)]
pub(crate) struct Oracle(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    faults: Vec<String>,
    retention_read: bool,
    pairs: BTreeMap<String, String>,
    guids: BTreeSet<String>,
    keys: BTreeSet<String>,
    handed: usize,
    given_by_vault: BTreeSet<String>,
    others: Option<Vec<RecordState>>,
}

impl Oracle {
    /// Watches a world from now on.
    pub(crate) fn watch(world: &World) -> Self {
        let oracle = Self(Arc::default());
        world.look(|state| {
            let mut seen = oracle.0.lock().unwrap();
            seen.handed = state.handed.len();
            seen.retention_read = locked(state);
            seen.keys = keys(state);
            seen.others = Some(records_of_others(state));
        });
        let seen = oracle.clone();
        world.watch(move |state, call| {
            let mut seen = seen.0.lock().unwrap();
            if call.done {
                seen.judge(state, call.name);
            }
        });
        oracle
    }

    /// Everything that did not hold.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.0.lock().unwrap().faults.clone()
    }
}

impl Seen {
    fn judge(&mut self, state: &State, call: &str) {
        self.escrow_before_use(state);
        self.one_task_a_pool(state);
        self.keys_on_the_box(state);
        self.no_key_in_use_goes(state);
        self.locked_before_keys(state, call);
        self.nobody_elses_record(state);
        self.pairs_stay(state);
        self.one_guid(state);
    }

    fn fault(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }

    /// 1: no secret on an appliance that the vault had not given back equal.
    fn escrow_before_use(&mut self, state: &State) {
        for handed in &state.handed[self.handed..] {
            match handed {
                Handed::ByVault(secret) => drop(self.given_by_vault.insert(secret.clone())),
                Handed::ToAppliance(secret) if !self.given_by_vault.contains(secret) => {
                    self.faults.push("1: a secret reached the appliance unescrowed".to_owned());
                }
                Handed::ToAppliance(_) => {}
            }
        }
        self.handed = state.handed.len();
    }

    /// 2: at most one enabled task for each pool.
    fn one_task_a_pool(&mut self, state: &State) {
        let mut paths = BTreeSet::new();
        for task in state.appliance.tasks.iter().filter(|task| task.enabled) {
            if !paths.insert(&task.settings.path) {
                self.fault(format!("2: two enabled tasks push {}", task.settings.path));
            }
        }
    }

    /// 3: every key on the appliance is escrowed.
    fn keys_on_the_box(&mut self, state: &State) {
        for credential in state.appliance.credentials.iter().filter(|found| found.name == BUCKET) {
            let holds = |record: &RecordState| {
                record.versions.iter().any(|version| {
                    version.user_name.as_deref() == Some(&credential.key_id)
                        && version.value == credential.key
                })
            };
            if !state.vault.records.iter().any(holds) {
                self.fault(format!("3: the key {} on the appliance is not escrowed", credential.key_id));
            }
        }
    }

    /// 4: no key that anything refers to is ever deleted.
    fn no_key_in_use_goes(&mut self, state: &State) {
        let now = keys(state);
        for gone in self.keys.difference(&now).cloned().collect::<Vec<_>>() {
            let on_box = state.appliance.credentials.iter().any(|found| found.key_id == gone);
            let escrowed =
                state.vault.records.iter().any(|found| found.record.user_name.as_deref() == Some(&gone));
            if on_box || escrowed {
                self.fault(format!("4: the key {gone} was deleted while in use"));
            }
        }
        self.keys = now;
    }

    /// 5: retention is read back before there is a key or a credential.
    fn locked_before_keys(&mut self, state: &State, call: &str) {
        self.retention_read |= ["store.bucket", "store.holdings"].contains(&call) && locked(state);
        let puts = ["store.create_key", "appliance.put_cloud_credential"].contains(&call);
        if puts && !self.retention_read {
            self.fault(format!("5: {call} before retention was read back"));
        }
    }

    /// 6: no record of another GUID or organisation is written.
    fn nobody_elses_record(&mut self, state: &State) {
        if self.others.as_ref().is_some_and(|before| !same(before, &records_of_others(state))) {
            self.fault("6: somebody else's record was written");
        }
    }

    /// 7: once given back by the vault, the password and salt of a GUID and bucket never change.
    fn pairs_stay(&mut self, state: &State) {
        for record in &state.vault.records {
            let found = &record.record;
            if !matches!(found.slot, Slot::EncryptionPassword | Slot::EncryptionSalt) {
                continue;
            }
            if !self.given_by_vault.contains(record.value()) {
                continue;
            }
            let of = format!("{:?} {:?} {:?}", found.slot, found.device, found.bucket);
            let held = self.pairs.entry(of).or_insert_with(|| record.value().to_owned());
            if held != record.value() {
                self.faults.push("7: an escrowed pair was replaced".to_owned());
            }
        }
    }

    /// 8: an appliance has one GUID at most, and no second is ever minted.
    fn one_guid(&mut self, state: &State) {
        let on_box = state.appliance.pools.iter().filter_map(|pool| pool.pool.device_guid.clone());
        self.guids.extend(on_box);
        if self.guids.len() > 1 {
            self.fault(format!("8: the appliance had the GUIDs {:?}", self.guids));
        }
    }
}

/// Whether the bucket of this location, the one made last, is locked.
fn locked(state: &State) -> bool {
    let held = state.store.buckets.last().and_then(|found| found.bucket.retention);
    retention::judge(held) != Judgement::Weaker
}

fn keys(state: &State) -> BTreeSet<String> {
    state.store.keys.iter().map(|found| found.key.id.to_string()).collect()
}

/// Records that stood there before anybody provisioned: whatever they are, they are left alone.
fn records_of_others(state: &State) -> Vec<RecordState> {
    let is_another = |record: &&RecordState| record.owner.is_some();
    state.vault.records.iter().filter(is_another).cloned().collect()
}

fn same(before: &[RecordState], now: &[RecordState]) -> bool {
    let shown = |record: &RecordState| (record.record.clone(), record.versions.clone());
    before.iter().map(shown).eq(now.iter().map(shown))
}

/// Keys of the bucket whose secret nobody holds.
pub(crate) fn orphans(state: &State) -> Vec<String> {
    let escrowed =
        |id: &str| state.vault.records.iter().any(|found| found.record.user_name.as_deref() == Some(id));
    keys(state).into_iter().filter(|id| !escrowed(id)).collect()
}

/// What stands at the end, without what differs from one good run to another: ids, secrets, GUIDs, times, orphans.
pub(crate) fn end_state(state: &State) -> String {
    let guid =
        state.appliance.pools.iter().find_map(|pool| pool.pool.device_guid.clone()).unwrap_or_default();
    let mut lines = Vec::new();
    let bucket = state.store.bucket(BUCKET).unwrap();
    lines.push(format!("{:?} {:?}", bucket.bucket.settings, bucket.bucket.retention));
    lines.extend(bucket.objects.keys().cloned());
    for pool in &state.appliance.pools {
        lines.push(format!("{} {:?}", pool.pool.name, pool.pool.device_guid));
    }
    let in_inventory =
        |device: &dtc_provision::ports::memory::DeviceState| device.fields.values().any(|v| *v == guid);
    lines
        .push(format!("{} device(s) hold it", state.inventory.devices().filter(|d| in_inventory(d)).count()));
    let snmp = &state.appliance.snmp;
    lines.push(format!("SNMP {} {} {:?}", snmp.running, snmp.starts_automatically, snmp.community));
    for credential in &state.appliance.credentials {
        lines.push(format!("credential {} {}", credential.name, keys(state).contains(&credential.key_id)));
    }
    for task in &state.appliance.tasks {
        lines.push(format!("{} {:?}", task.enabled, task.settings));
    }
    let snapshots = |task: &SnapshotTask| format!("{} {:?}", task.enabled, task.settings);
    lines.extend(state.appliance.snapshot_tasks.iter().map(snapshots));
    for record in &state.vault.records {
        let found = &record.record;
        let intent = found.mints.keys_before_mint.is_some();
        lines.push(format!("{} {} {intent}", found.slot, found.operational));
    }
    lines.push(format!("{} escrowed key(s)", keys(state).len() - orphans(state).len()));
    lines.extend(state.tickets.values().map(|notes| format!("{} note(s)", notes.len())));
    let mut lines: Vec<String> = lines.iter().map(|line| line.replace(&guid, "GUID")).collect();
    lines.sort();
    lines.join("\n")
}

/// An oracle that finds nothing proves nothing: each of these is found.
#[test]
fn what_must_not_be_is_found() {
    let wrongs: [(crate::scene::Change<State>, &str); 7] = [
        (|state| state.handed.push(Handed::ToAppliance("never seen".to_owned())), "1:"),
        (|state| state.appliance.tasks.push(state.appliance.tasks[0].clone()), "2:"),
        (|state| state.appliance.credentials[0].key_id.push('x'), "3:"),
        (|state| state.store.keys.clear(), "4:"),
        (|state| state.vault.records[4].versions.clear(), "6:"),
        (
            |state| {
                let of = |found: &&mut RecordState| found.record.slot == Slot::EncryptionSalt;
                let salt = state.vault.records.iter_mut().find(of).unwrap();
                salt.versions[0].value = "another".to_owned();
                state.handed.push(Handed::ByVault("another".to_owned()));
            },
            "7:",
        ),
        (
            |state| {
                let other = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
                state.appliance.pools[1].pool.device_guid = Some(other.to_owned());
            },
            "8:",
        ),
    ];
    for (wrong, number) in wrongs {
        let scene = crate::scene::Scene::provisioned();
        scene.world.change(|state| state.vault.records[4].owner = Some("somebody".to_owned()));
        let oracle = Oracle::watch(&scene.world);
        drop(scene.observe());
        assert_eq!(oracle.faults(), Vec::<String>::new());
        scene.world.change(wrong);
        drop(scene.observe());
        assert!(
            oracle.faults().iter().any(|fault| fault.starts_with(number)),
            "{number} {:?}",
            oracle.faults()
        );
    }
}
