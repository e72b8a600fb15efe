//! The adapters, over sockets to the simulator.

use dtc_adapters::SecretSource;
use dtc_provision::ids::{DeviceId, RecordId};
use dtc_provision::ports::{FieldNames, Ports};
use dtc_tests::TestBed;
use simulator::itglue::Record;
use simulator::ninja::{Entity, NewDevice};

use super::outside::Outside;

/// A simulator and connections to it.
pub(super) struct Simulated(TestBed);

impl Simulated {
    pub(super) async fn new() -> Self {
        Self(TestBed::new(1).await)
    }

    fn record(&self, id: &RecordId) -> Record {
        self.0.sim.itglue().record(id.as_str().parse().unwrap()).unwrap()
    }
}

impl Outside for Simulated {
    fn ports(&self) -> &Ports {
        &self.0.ports
    }

    async fn ports_without_secrets(&self) -> Ports {
        let mut connections = self.0.connections();
        connections.appliance.api_key = SecretSource::value(self.0.sim.truenas().read_only_api_key());
        dtc_adapters::connect(&connections, self.0.ports.waits).await.unwrap()
    }

    fn client(&self) -> &'static str {
        "Harbour Dental Group"
    }

    fn location(&self) -> &'static str {
        "Main Office"
    }

    fn other_client(&self) -> &'static str {
        "Harbour Dental Laboratory"
    }

    fn sent(&self) -> usize {
        self.0.sim.transcript().lines().len()
    }

    fn written(&self) -> usize {
        self.0.sim.transcript().writes().len()
    }

    fn add_device(&self, name: &str) -> DeviceId {
        let ninja = self.0.sim.ninja();
        let device = NewDevice::new(ninja.organization_id(), ninja.location_id(), name);
        DeviceId::new(ninja.add_device(device).to_string())
    }

    fn set_device_field(&self, device: &DeviceId, text: &str) {
        let entity = Entity::Device(device.as_str().parse().unwrap());
        self.0.sim.ninja().set_field(entity, FieldNames::default().device.as_str(), text);
    }

    fn take_bucket_name(&self, name: &str) {
        self.0.sim.b2().reserve_bucket_name(name);
    }

    fn put_object(&self, bucket: &str, name: &str, bytes: &[u8]) {
        self.0.sim.b2().put(bucket, name, bytes).unwrap();
    }

    fn mark(&self, record: &RecordId, owner: &str) {
        let found = self.record(record);
        self.0.sim.itglue().set_attribute(found.id, "notes", format!("{}\nOwner: {owner}", found.notes));
    }

    fn marked(&self, record: &RecordId) -> Option<String> {
        let notes = self.record(record).notes;
        notes.lines().find_map(|line| line.strip_prefix("Owner: ")).map(str::to_owned)
    }

    fn earlier_versions(&self, record: &RecordId) -> usize {
        self.record(record).versions.len()
    }

    fn lock_dataset(&self, name: &str) {
        self.0.sim.truenas().lock_dataset(name).unwrap();
    }

    fn unmount_dataset(&self, name: &str) {
        self.0.sim.truenas().unmount_dataset(name).unwrap();
    }

    fn write_file(&self, path: &str, content: &[u8]) {
        self.0.sim.truenas().write_file(path, content).unwrap();
    }

    fn take_snapshots(&self) {
        self.0.sim.truenas().pass_hour();
    }
}
