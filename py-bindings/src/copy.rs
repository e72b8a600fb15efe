//! `dtc.copy`: the face of `dtc_provision::copy`, carried out by `dtc_adapters::copy`.

mod found;
mod job;

use pyo3::prelude::*;

/// Encrypted copies without an appliance: a folder is encrypted into a catalogue, and that is carried to a server by rsync.
#[pymodule(name = "copy", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::found::{Check, Encryption, Escrow, Foreseen, Plan, Restore, Run, StepFailure, Transfer};
    #[pymodule_export]
    use super::job::JobFile;
}
