//! The desired state: the standard's values in one place, and the one comparison that plan, read-back, checklist and
//! audit share. A change of the standard is a change here.

pub mod bucket;
pub mod cloud_sync;
mod difference;
pub mod key;
pub(crate) mod pool;
pub mod retention;
pub mod secrets;
pub mod snapshot_task;
pub mod snmp;
pub(crate) mod target;

pub use difference::{Compare, Difference, Setting};
pub(crate) use difference::{list, listed, on_off};

/// The ZFS user property that holds the Device GUID (I3).
pub const DEVICE_GUID_PROPERTY: &str = "com.dtctoday:device-guid";
/// The ZFS user property that says of an encryption root that a proof has opened it and is to lock it again (R6). Its value is the root's own name,
/// since datasets below inherit it.
pub const OPENED_BY_PROOF_PROPERTY: &str = "com.dtctoday:opened-by-proof";
pub use crate::site::BUCKET_LIMIT;
