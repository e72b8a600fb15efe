//! Python face of the DTC backup toolkit: the native module `dtc._dtc` behind the package `dtc`.
//!
//! Nothing is decided here. A method extracts its arguments, calls the Rust crate, and converts what comes back;
//! errors become the exceptions that `dtc/exceptions.py` defines. A Rust file per wrapped crate.
//!
//! ```python
//! from dtc.naming import BucketName, LocationUuid
//!
//! location = LocationUuid("A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9").accept()
//! assert str(BucketName.compute(location)) == "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9"
//! ```
//!
//! # What it does not do
//!
//! It holds no rule and no retry of its own. Users import `dtc.naming` and its like, never `dtc._dtc`.
//!
//! # Invariants
//!
//! - Every class is frozen, and its `module` is its public one, so that it can be pickled.
//! - Nothing panics: a panic would pass through `except Exception`.
//! - Whatever waits for a service releases the interpreter, heeds Ctrl-C, and refuses to work in a forked child.
//! - The stubs under `python/dtc/_dtc` are generated from this crate and committed; the tests compare them.

#![expect(
    clippy::doc_link_with_quotes,
    clippy::large_enum_variant,
    clippy::let_and_return,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "docstrings are Python's; PyO3 hands over owned values, and the macros of the classes ask for one form of all"
)]

mod b2;
mod content;
mod copy;
mod crypt;
mod errors;
mod halopsa;
mod held;
mod itglue;
mod json;
mod listener;
mod locks;
mod naming;
mod ninjaone;
mod pieces;
mod provision;
mod replication;
mod restore;
mod rows;
mod rt;
mod secret;
mod service;
mod simulator;
mod truenas;
mod twins;
mod values;

#[pyo3::pymodule]
mod _dtc {
    #[pymodule_export]
    use crate::b2::module as b2;
    #[pymodule_export]
    use crate::copy::module as copy;
    #[pymodule_export]
    use crate::crypt::module as crypt;
    #[pymodule_export]
    use crate::halopsa::module as halopsa;
    #[pymodule_export]
    use crate::itglue::module as itglue;
    #[pymodule_export]
    use crate::locks::module as locks;
    #[pymodule_export]
    use crate::naming::module as naming;
    #[pymodule_export]
    use crate::ninjaone::module as ninjaone;
    #[pymodule_export]
    use crate::provision::module as provision;
    #[pymodule_export]
    use crate::replication::module as replication;
    #[pymodule_export]
    use crate::restore::module as restore;
    #[pymodule_export]
    use crate::simulator::module as simulator;
    #[pymodule_export]
    use crate::truenas::module as truenas;

    /// The package's version.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
