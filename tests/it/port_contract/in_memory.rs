//! The memory ports.

use dtc_provision::ids::{DeviceId, ObjectId, RecordId};
use dtc_provision::ports::memory::{Access, DeviceState, FileState, ObjectState, RecordState, State, World};
use dtc_provision::ports::{Dataset, Device, FieldNames, Object, Ports, Snapshot};

use super::outside::Outside;

/// A world in memory.
pub(super) struct InMemory {
    world: World,
    ports: Ports,
}

impl InMemory {
    pub(super) fn new() -> Self {
        let world = World::new(1);
        Self { ports: world.ports(), world }
    }

    fn record<T>(&self, id: &RecordId, look: impl FnOnce(&mut RecordState) -> T) -> T {
        self.world.change(|state| {
            look(state.vault.records.iter_mut().find(|found| found.record.reference.id == *id).unwrap())
        })
    }

    fn dataset(&self, name: &str, change: impl FnOnce(&mut Dataset)) {
        self.world.change(|state| {
            let datasets = &mut state.appliance.pool_mut("pool0").unwrap().datasets;
            change(datasets.iter_mut().find(|found| found.name == name).unwrap());
        });
    }
}

impl Outside for InMemory {
    fn ports(&self) -> &Ports {
        &self.ports
    }

    async fn ports_without_secrets(&self) -> Ports {
        self.world.change(|state| state.appliance.hides_secrets = true);
        self.world.ports()
    }

    fn client(&self) -> &'static str {
        "Contoso Dental"
    }

    fn location(&self) -> &'static str {
        "Main Street"
    }

    fn other_client(&self) -> &'static str {
        "Fabrikam"
    }

    fn sent(&self) -> usize {
        self.world.calls()
    }

    fn written(&self) -> usize {
        self.world.log().iter().filter(|call| call.access == Access::Write).count()
    }

    fn add_device(&self, name: &str) -> DeviceId {
        let id = DeviceId::new("404");
        let device = Device {
            id: id.clone(),
            display_name: name.to_owned(),
            names: vec![name.to_owned()],
            addresses: Vec::new(),
            macs: Vec::new(),
        };
        self.world.change(|state| {
            let devices = &mut state.inventory.organizations[0].locations[0].devices;
            devices.push(DeviceState { device, fields: [].into() });
        });
        id
    }

    fn set_device_field(&self, device: &DeviceId, text: &str) {
        self.world.change(|state| {
            let found = state.inventory.devices_mut().find(|found| found.device.id == *device).unwrap();
            found.fields.insert(FieldNames::default().device.to_string(), text.to_owned());
        });
    }

    fn take_bucket_name(&self, name: &str) {
        self.world.change(|state| state.store.elsewhere.push(name.to_owned()));
    }

    fn put_object(&self, bucket: &str, name: &str, bytes: &[u8]) {
        let put = |state: &mut State| {
            let object = Object {
                id: ObjectId::new(format!("4_{name}")),
                name: name.to_owned(),
                size: bytes.len() as u64,
                uploaded: state.now,
                source_modified: None,
                sha1: None,
            };
            let stored = ObjectState::new(object, bytes.to_vec());
            state.store.bucket_mut(bucket).unwrap().objects.insert(name.to_owned(), stored);
        };
        self.world.change(put);
    }

    fn mark(&self, record: &RecordId, owner: &str) {
        self.record(record, |found| found.owner = Some(owner.to_owned()));
    }

    fn marked(&self, record: &RecordId) -> Option<String> {
        self.record(record, |found| found.owner.clone())
    }

    fn earlier_versions(&self, record: &RecordId) -> usize {
        self.record(record, |found| found.versions.len() - 1)
    }

    fn lock_dataset(&self, name: &str) {
        self.dataset(name, |found| (found.locked, found.mounted) = (true, false));
    }

    fn unmount_dataset(&self, name: &str) {
        self.dataset(name, |found| found.mounted = false);
    }

    fn write_file(&self, path: &str, content: &[u8]) {
        self.world.change(|state| {
            let file = FileState { content: content.to_vec(), modified: state.now };
            let below = path.strip_prefix("/mnt/pool0/").unwrap();
            state.appliance.pool_mut("pool0").unwrap().files.insert(below.to_owned(), file);
        });
    }

    fn take_snapshots(&self) {
        self.world.change(|state| {
            let pool = state.appliance.pool_mut("pool0").unwrap();
            let taken = |dataset: &Dataset| Snapshot {
                dataset: dataset.name.clone(),
                name: "auto-2026-11-01_02-00".to_owned(),
            };
            pool.snapshots.extend(pool.datasets.iter().map(taken));
        });
    }
}
