//! Names and identities of DTC backups that can only exist when valid.
//!
//! A backup's bucket is named after the client's location, its folders after the appliance and its pools, its
//! tasks and vault records after fixed patterns. This crate computes every one of those names and reads every one
//! of them back. The rules it keeps (`I2`, `N1` …) are those of the provisioning standard; an [`Error`] cites them.
//!
//! ```
//! use dtc_naming::{BucketName, DeviceGuid, FolderPath, LocationUuid, Parsed, UuidVersions, Workload};
//!
//! let location: LocationUuid = "A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9".parse()?;   // any spelling of a UUID
//! let location = location.accept(&UuidVersions::default())?;                      // version 4 or 7 (I2)
//! let bucket = BucketName::compute(Workload::TrueNas, location);                  // cannot fail
//! assert_eq!(bucket.as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
//! assert_eq!(BucketName::parse(bucket.as_str())?, Parsed::Standard(bucket));      // and back (N9)
//!
//! let device: DeviceGuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301".parse()?;
//! let folder = FolderPath::compute(device, &"pool0".parse()?);
//! assert_eq!(folder.as_str(), "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0");
//! # Ok::<(), dtc_naming::Error>(())
//! ```
//!
//! # What it does not do
//!
//! No input or output, no clock, no randomness: [`DeviceGuid::from_random_bytes`] takes its bytes from the caller.
//! It knows no service and no wire format, and it does not decide: whether a location's UUID is one that may be
//! provisioned is asked with [`LocationUuid::accept`] by whoever provisions.
//!
//! # Invariants
//!
//! - A value exists only when valid, and is normalised: equal values have equal text.
//! - Computing a name cannot fail; only reading text can.
//! - What was formatted parses back to what went in; nothing else parses (N9). Only a UUID that stands alone, as in
//!   a custom field, may be spelled in any of the usual ways (N1).
//! - No input makes it panic.

mod bucket;
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

pub use bucket::{BucketName, LegacyBucketName, Parsed};
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
