//! The world as an outsider sees it, held against what must be so: at any instant, and at the end.

use std::collections::BTreeMap;

use dtc_naming::{PoolName, VaultLabel};
use dtc_provision::Plan;
use dtc_provision::phases::{Step, StepKind};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use dtc_tests::TestBed;
use serde_json::{Value, json};
use simulator::itglue::Record;
use simulator::ninja::Entity;

/// The bucket of the location of the simulated world.
pub(crate) const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";

/// What must be so and is not, a line each.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }

    pub(crate) fn extend(&mut self, faults: Vec<String>) {
        self.0.extend(faults);
    }

    /// Nothing, or everything that is wrong.
    pub(crate) fn into_result(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.join("; ")) }
    }
}

/// The client's records of ours, by the name of what they hold.
pub(crate) fn records(bed: &TestBed) -> BTreeMap<String, Vec<Record>> {
    let mut ours: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in bed.sim.itglue().client_records() {
        if record.name.parse::<VaultLabel>().is_ok() {
            ours.entry(record.name.clone()).or_default().push(record);
        }
    }
    ours
}

/// Values of the vault that never change once they are written (E4): all but the application key's.
pub(crate) fn written(bed: &TestBed) -> BTreeMap<String, String> {
    let lasting = records(bed).into_iter().filter(|(name, _)| *name != key_label());
    lasting.filter_map(|(name, records)| Some((name, records.first()?.value.clone()))).collect()
}

pub(crate) fn key_label() -> String {
    "TrueNAS Cloud Backup — Main Office".to_owned()
}

/// What the vault holds of this appliance, as far as it is there.
struct Held {
    records: BTreeMap<String, Vec<Record>>,
}

impl Held {
    fn first(&self, name: &str) -> Option<&Record> {
        self.records.get(name)?.first()
    }

    fn value(&self, name: &str) -> Value {
        self.first(name).map_or(Value::Null, |record| record.value.clone().into())
    }

    fn password(&self) -> Value {
        self.value(&format!("{} · Encryption Password", key_label()))
    }

    fn salt(&self) -> Value {
        self.value(&format!("{} · Encryption Salt", key_label()))
    }
}

/// What holds wherever a process died (X3, E2): no secret on the appliance that the vault does not hold equal, no key on it
/// before retention, nothing twice.
pub(crate) fn at_any_instant(bed: &TestBed) -> Faults {
    let mut faults = Faults::default();
    let held = Held { records: records(bed) };
    for (name, records) in &held.records {
        faults.unless(records.len() == 1, || format!("the vault has {} records {name:?}", records.len()));
    }
    let nas = bed.sim.truenas();
    let credentials = nas.credentials();
    for credential in &credentials {
        let record = held.first(&key_label());
        let escrowed = record
            .map(|record| json!({"type": "B2", "account": record.username, "key": record.value}))
            .unwrap_or_default();
        faults.unless(credential["provider"] == escrowed, || {
            "the appliance holds a key that the vault does not".to_owned()
        });
    }
    faults.unless(credentials.is_empty() || is_locked(bed), || {
        "the appliance holds a key although the bucket has no retention".to_owned()
    });
    for task in nas.cloud_syncs() {
        let same = task["encryption"] == true
            && task["encryption_password"] == held.password()
            && task["encryption_salt"] == held.salt();
        faults.unless(same, || {
            format!("the task of {} encrypts with what the vault does not hold", task["path"])
        });
    }
    snmp_is_escrowed(bed, &held, &mut faults);
    faults.unless(bed.sim.b2().buckets().len() <= 1, || "there are several buckets".to_owned());
    let (on_pool, in_ninja) = guids(bed);
    faults.unless(in_ninja.iter().all(|guid| on_pool.as_ref() == Some(guid)), || {
        format!("NinjaOne has {in_ninja:?}, the pool {on_pool:?}")
    });
    faults
}

fn snmp_is_escrowed(bed: &TestBed, held: &Held, faults: &mut Faults) {
    let snmp = bed.sim.truenas().snmp();
    if snmp["v3_password"] == "" {
        return;
    }
    let user = held.first("TrueNAS — NMS Credentials").map(|record| record.username.clone());
    let same = snmp["v3_password"] == held.value("TrueNAS — NMS Credentials")
        && snmp["v3_privpassphrase"] == held.value("TrueNAS — NMS Credentials · Privacy Passphrase")
        && snmp["v3_username"].as_str().map(str::to_owned) == user;
    faults.unless(same, || "the appliance answers SNMP with what the vault does not hold".to_owned());
}

/// The bucket's default retention is the standard's.
fn is_locked(bed: &TestBed) -> bool {
    let retention = json!({"mode": "compliance", "period": {"duration": 14, "unit": "days"}});
    bed.sim
        .b2()
        .bucket(BUCKET)
        .is_some_and(|bucket| bucket["fileLockConfiguration"]["value"]["defaultRetention"] == retention)
}

/// A device of another client, which has a Device GUID of its own.
const BYSTANDER: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";

/// The Device GUID on the identity pool, and in the field of every device but the bystander.
fn guids(bed: &TestBed) -> (Option<String>, Vec<String>) {
    let ninja = bed.sim.ninja();
    let fields =
        ninja.devices().into_iter().filter_map(|(id, _)| ninja.field(Entity::Device(id), "deviceGuid"));
    let fields =
        fields.filter_map(|value| value.as_str().map(str::to_owned)).filter(|guid| guid != BYSTANDER);
    (bed.sim.truenas().user_property("pool0", DEVICE_GUID_PROPERTY), fields.collect())
}

/// What holds at the end, beyond what always does: everything there, once, and in use.
pub(crate) fn at_the_end(bed: &TestBed, before: &BTreeMap<String, String>) -> Faults {
    let mut faults = at_any_instant(bed);
    let (nas, b2) = (bed.sim.truenas(), bed.sim.b2());
    faults
        .unless(b2.buckets().len() == 1 && is_locked(bed), || "the bucket is not as it should be".to_owned());
    for (name, value) in before {
        faults.unless(written(bed).get(name) == Some(value), || format!("{name:?} was changed"));
    }
    faults.unless(records(bed).len() == 5, || format!("the vault has {:?}", records(bed).keys()));
    faults.unless(nas.credentials().len() == 1, || format!("{} credentials", nas.credentials().len()));
    let (tasks, snapshots) = (nas.cloud_syncs(), nas.snapshot_tasks());
    for pool in pools() {
        let path = format!("/mnt/{pool}");
        let of_pool: Vec<_> = tasks.iter().filter(|task| task["path"] == path.as_str()).collect();
        let once = matches!(of_pool[..], [task] if task["enabled"] == true);
        faults.unless(once, || format!("{} tasks push {path}, or one that is not enabled", of_pool.len()));
        let of_root = snapshots.iter().filter(|task| task["dataset"] == pool.as_str()).count();
        faults.unless(of_root == 1, || format!("{of_root} snapshot tasks on {pool}"));
    }
    let runs = nas.jobs().iter().filter(|job| job.method == "cloudsync.sync").count();
    faults.unless(runs == pools().len(), || format!("{runs} first runs"));
    let (on_pool, in_ninja) = guids(bed);
    faults.unless(on_pool.is_some() && in_ninja.len() == 1, || format!("{on_pool:?} against {in_ninja:?}"));
    let elsewhere = nas.user_property("pool1", DEVICE_GUID_PROPERTY);
    faults.unless(elsewhere.is_none(), || format!("pool1 has {elsewhere:?}"));
    let notes = bed.ticket().matches("[dtc backup").count();
    faults.unless(notes == 1, || format!("the ticket has {notes} notes"));
    let halo = bed.sim.halo();
    let others: Vec<i64> = halo.tickets().into_iter().filter(|ticket| *ticket != halo.ticket_id()).collect();
    faults.unless(others.iter().all(|ticket| halo.notes(*ticket).is_empty()), || {
        "another client's ticket has a note".to_owned()
    });
    let seen = halo.notes(halo.ticket_id()).iter().filter(|note| !note.is_private).count();
    faults.unless((seen, halo.mails()) == (0, 0), || format!("customers see {seen} notes, and got mails"));
    faults
}

fn pools() -> [PoolName; 2] {
    ["pool0", "pool1"].map(|name| name.parse().expect("it is a pool's name"))
}

/// What is wrong with a plan of a provisioned appliance (X2): it is empty, but for so many orphaned keys, all of which it
/// offers.
pub(crate) fn nothing_left(bed: &TestBed, plan: &Plan, orphans: usize) -> Vec<String> {
    let mut faults = Faults::default();
    let idle = |step: &&Step| step.kind == StepKind::Keep || step.subject.starts_with("orphaned key");
    let left: Vec<_> =
        plan.steps().iter().filter(|step| !idle(step)).map(|step| format!("{step:?}")).collect();
    faults.unless(left.is_empty(), || format!("the second plan still has {}", left.join(", ")));
    let escrowed = records(bed).get(&key_label()).and_then(|all| Some(all.first()?.username.clone()));
    let ours = [escrowed, Some(bed.sim.addresses().b2.key_id.clone())];
    let mut lost: Vec<String> = bed.sim.b2().keys().iter().map(id).collect();
    lost.retain(|id| !ours.iter().flatten().any(|ours| ours == id));
    lost.sort();
    let mut offered: Vec<&str> = plan.orphans.iter().map(|orphan| orphan.key.as_str()).collect();
    offered.sort_unstable();
    faults.unless(lost == offered, || format!("the keys {lost:?} are lost, and {offered:?} are offered"));
    faults.unless(lost.len() <= orphans, || format!("{} orphaned keys", lost.len()));
    faults.0
}

fn id(key: &Value) -> String {
    key["applicationKeyId"].as_str().unwrap_or_default().to_owned()
}
