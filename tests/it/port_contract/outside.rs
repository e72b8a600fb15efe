//! What others do to a world while ports are open to it, and what can be counted there.

use dtc_provision::ids::{DeviceId, RecordId};
use dtc_provision::ports::Ports;

/// The world behind a set of ports.
pub(super) trait Outside {
    /// The ports.
    fn ports(&self) -> &Ports;
    /// The same ports, to which the appliance shows no secret.
    async fn ports_without_secrets(&self) -> Ports;

    /// The client's name in the inventory and in the vault.
    fn client(&self) -> &'static str;
    /// The name of the client's location.
    fn location(&self) -> &'static str;
    /// The name of another organisation in the vault.
    fn other_client(&self) -> &'static str;

    /// How many requests were sent.
    fn sent(&self) -> usize;
    /// How many of them could change something.
    fn written(&self) -> usize;

    /// Adds a device to the client's location.
    fn add_device(&self, name: &str) -> DeviceId;
    /// Fills the Device GUID field of a device.
    fn set_device_field(&self, device: &DeviceId, text: &str);

    /// Gives a bucket name to another account.
    fn take_bucket_name(&self, name: &str);
    /// Uploads an object.
    fn put_object(&self, bucket: &str, name: &str, bytes: &[u8]);

    /// Marks a record as somebody's, in a way that no note of ours uses.
    fn mark(&self, record: &RecordId, owner: &str);
    /// The mark of a record.
    fn marked(&self, record: &RecordId) -> Option<String>;
    /// How many earlier values of a record the vault keeps.
    fn earlier_versions(&self, record: &RecordId) -> usize;

    /// Locks a dataset.
    fn lock_dataset(&self, name: &str);
    /// Unmounts a dataset.
    fn unmount_dataset(&self, name: &str);
    /// Writes a file on the appliance.
    fn write_file(&self, path: &str, content: &[u8]);
    /// Lets every snapshot task run once.
    fn take_snapshots(&self);
}
