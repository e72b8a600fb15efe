//! Programs worth copying: each is one file beside this crate's manifest.
//!
//! - `cargo run -p dtc-examples --example names` — the names of one appliance's backup, computed and read back.
//! - `cargo run -p dtc-examples --example provision` — observe, plan, consent, apply, verify, against the simulators.
//! - `cargo run -p dtc-examples --example replicate` — an encrypted dataset from one appliance to another, against the simulators.
//! - `cargo run -p dtc-examples --example b2_tour` — what b2-client can do, against the simulator or a real account.
//! - `cargo run -p dtc-examples --example identity_tour` — a client in NinjaOne, IT Glue and HaloPSA, against the simulators.
//! - `cargo run -p dtc-examples --example guid_sync` — organisations' UUIDs from NinjaOne to HaloPSA, against the simulators or real tenants.
//!
//! ```
//! // The shortest of them: a location's bucket.
//! use dtc_naming::{BucketName, LocationUuid, Workload};
//!
//! let location: LocationUuid = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9".parse()?;
//! assert_eq!(BucketName::compute(Workload::TrueNas, location).as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
//! # Ok::<(), dtc_naming::Error>(())
//! ```
