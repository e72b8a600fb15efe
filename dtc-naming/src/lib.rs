//! The names and identities of DTC backups, as types whose values are always valid.
//!
//! The bucket of a backup is named after the client's location, its folders after the appliance and the pools, and its tasks
//! and vault records by fixed patterns. This crate computes these names and parses them. The rules (`I2`, `N1` …) are those of
//! the provisioning standard; an [`Error`] cites the rule that an input breaks.
//!
//! ```
//! use dtc_naming::{BucketName, DeviceGuid, FolderPath, LocationUuid, ParsedBucketName, UuidVersions, Workload};
//!
//! let location: LocationUuid = "A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9".parse()?;   // any spelling of a UUID
//! let location = location.accept(&UuidVersions::default())?;                      // version 4 or 7 (I2)
//! let bucket = BucketName::compute(Workload::TrueNas, location);                  // cannot fail
//! assert_eq!(bucket.as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
//! assert_eq!(BucketName::parse(bucket.as_str())?, ParsedBucketName::Standard(bucket)); // parses back (N9)
//!
//! let device: DeviceGuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301".parse()?;
//! let folder = FolderPath::compute(device, &"pool0".parse()?);
//! assert_eq!(folder.as_str(), "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0");
//! # Ok::<(), dtc_naming::Error>(())
//! ```
//!
//! # What it does not do
//!
//! - It performs no I/O, and uses neither a clock nor a random generator: [`DeviceGuid::from_random_bytes`] takes random bytes
//!   from the caller.
//! - It knows no service and no wire format.
//! - It does not restrict which UUID versions are accepted. Provisioning code must call [`LocationUuid::accept`] for that.
//!
//! # Invariants
//!
//! - Every value is valid and normalised: equal values have equal text.
//! - Computing a name cannot fail; only parsing can.
//! - Formatting a value and parsing the text gives an equal value; no other text parses (N9). The exception is a UUID on its own,
//!   for example in a custom field, which may have any usual spelling (N1).
//! - No input causes a panic.

mod bucket;
mod copy;
mod dataset;
mod error;
mod folder;
mod identity;
mod pool;
mod task;
mod text_form;
mod uuid_text;
mod vault;
mod versions;
mod workload;

pub use bucket::{BucketName, LegacyBucketName, ParsedBucketName};
pub use copy::{CopyLabel, JobName};
pub use dataset::{DatasetKeyLabel, DatasetName};
pub use error::{Error, ErrorKind, RuleId};
pub use folder::{FolderPath, ObjectPrefix};
pub use identity::{DeviceGuid, LocationUuid, OrgUuid};
pub use pool::PoolName;
pub use task::TaskDescription;
pub use vault::{LocationName, VaultLabel};
pub use versions::{Accepted, UuidVersions};
pub use workload::Workload;

const _: fn() = || {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<(BucketName, FolderPath, VaultLabel, Accepted<LocationUuid>, Error)>();
};
