//! What a copy would do, and what came of it.

use std::path::PathBuf;

use dtc_provision::copy::{self, CopyJob, CopyPlan, EscrowState, RunReport};
use pyo3::prelude::*;

use crate::crypt::{RestoreTestReport, WriteReport};
use crate::errors;
use crate::provision::report::name_of;
use crate::values::value_class;

value_class! {
    in "dtc.copy";
    /// Why a step did not end as it should.
    StepFailure {
        /// ``"not_started"``, ``"unreachable"``, ``"wrong_host"``, ``"partial"`` or ``"killed"``.
        kind: String,
        /// What was attempted, and what came back.
        reason: String,
        /// What to do.
        remedy: String,
    }
}

value_class! {
    in "dtc.copy";
    /// What the first step did; after a dry run, what it would do.
    Encryption {
        /// Files that were encrypted.
        written: u64,
        /// Their plain length in bytes.
        plain_bytes: u64,
        /// Files of the catalogue that were deleted, since their source is gone.
        removed: u64,
        /// Files that could not be encrypted, by their plain paths, each with why.
        failed: Vec<(String, String)>,
        /// Links, pipes, sockets and devices, which no copy has.
        skipped: Vec<String>,
        /// Why the step did not end as it should; ``None`` where it did.
        failure: Option<StepFailure>,
    }
}

value_class! {
    in "dtc.copy";
    /// What rsync did; after a dry run, what it would do.
    Transfer {
        /// Files that were carried.
        files: u64,
        /// Their length in bytes.
        stored_bytes: u64,
        /// Files that were deleted at the destination.
        removed: u64,
        /// The first of the files that are not there after a failure, by their stored paths; of a dry run, those that would be carried.
        missing: Vec<String>,
        /// Why the step did not end as it should; ``None`` where it did.
        failure: Option<StepFailure>,
    }
}

value_class! {
    in "dtc.copy";
    /// How a pair stands in the vault.
    Escrow {
        /// The addresses of the records that hold it.
        records: Vec<String>,
        /// The halves that a run would write first.
        missing: Vec<String>,
    }
}

value_class! {
    in "dtc.copy";
    /// What a run would do, told from names, lengths and times.
    Plan {
        /// The job's name.
        job: String,
        /// What is encrypted.
        source: PathBuf,
        /// Into which folder.
        catalogue: PathBuf,
        /// Where that is carried; ``None`` where it stays.
        to: Option<String>,
        /// Files that are new or have changed.
        changed: Vec<PathBuf>,
        /// Their length in bytes.
        plain_bytes: u64,
        /// Those of them that this program encrypts itself, since their names are too long for rclone.
        taken_over: Vec<PathBuf>,
        /// How many files are in the catalogue already as they are.
        unchanged: usize,
        /// Files of the catalogue whose source is gone, by their stored paths.
        stale: Vec<PathBuf>,
        /// Whether the run deletes them.
        delete: bool,
        /// Files that would fail, such as a name that becomes too long, each with why.
        failed: Vec<(PathBuf, String)>,
        /// Links, pipes, sockets and devices, which no copy has.
        skipped: Vec<PathBuf>,
        /// Files of the catalogue that are none of this remote's.
        foreign: Vec<PathBuf>,
        /// How the pair stands in the vault; ``None`` where it is the operator's own to keep.
        escrow: Option<Escrow>,
    }
}

value_class! {
    in "dtc.copy";
    /// What a run did; of a dry run, what it would do.
    Run {
        /// ``"as_it_should_be"`` of a run that did all. A run that did not is the ``report`` of an exception.
        outcome: String,
        /// The first step.
        encryption: Encryption,
        /// The second step; ``None`` where it did not begin.
        transfer: Option<Transfer>,
        /// Whether the second step did not begin, although the job names a destination.
        transfer_withheld: bool,
        /// The addresses of the vault's records that hold the pair; empty where it is the operator's own to keep, and after a dry run.
        records: Vec<String>,
        /// Where the log is; ``None`` after a dry run.
        log: Option<PathBuf>,
    }
}

value_class! {
    in "dtc.copy";
    /// What a restore would do.
    Foreseen {
        /// What would be fetched first; ``None`` where the catalogue is here.
        fetched: Option<Transfer>,
        /// How many files would be decrypted; ``None`` for a catalogue that is not here.
        files: Option<usize>,
        /// How many plain bytes they have; ``None`` for a catalogue that is not here.
        plain_bytes: Option<u64>,
    }
}

/// What a check found.
#[pyclass(frozen, get_all, module = "dtc.copy")]
pub(crate) struct Check {
    /// What it comes to: ``"as_it_should_be"``, ``"differs"``, ``"data_at_risk"``, ``"blocked"`` or ``"incomplete"``.
    pub(super) outcome: String,
    /// What came back of the catalogue.
    pub(super) test: Py<RestoreTestReport>,
    /// What the destination lacks, or has otherwise; ``None`` where it was not looked at.
    pub(super) destination: Option<Transfer>,
}

#[pymethods]
impl Check {
    /// Whether every file came back, and the destination holds what the catalogue holds.
    #[getter]
    fn passed(&self) -> bool {
        self.outcome == "as_it_should_be"
    }

    fn __repr__(&self) -> String {
        format!("<Check: {}>", self.outcome)
    }
}

/// What a restore did.
#[pyclass(frozen, get_all, module = "dtc.copy")]
pub(crate) struct Restore {
    /// What was fetched first; ``None`` where the catalogue was here.
    pub(super) fetched: Option<Transfer>,
    /// What was decrypted.
    pub(super) restored: Py<WriteReport>,
}

#[pymethods]
impl Restore {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<Restore: {}>", self.restored.bind(py).repr()?))
    }
}

impl From<copy::StepFailure> for StepFailure {
    fn from(failure: copy::StepFailure) -> Self {
        Self {
            kind: name_of(&failure.kind),
            reason: errors::shown(&failure.reason),
            remedy: errors::shown(&failure.remedy),
        }
    }
}

impl From<copy::Encryption> for Encryption {
    fn from(step: copy::Encryption) -> Self {
        Self {
            written: step.written,
            plain_bytes: step.bytes,
            removed: step.removed,
            failed: step
                .failed
                .into_iter()
                .map(|failed| (failed.path, errors::shown(&failed.reason)))
                .collect(),
            skipped: step.skipped,
            failure: step.failure.map(Into::into),
        }
    }
}

impl From<copy::Transfer> for Transfer {
    fn from(step: copy::Transfer) -> Self {
        Self {
            files: step.files,
            stored_bytes: step.bytes,
            removed: step.removed,
            missing: step.missing,
            failure: step.failure.map(Into::into),
        }
    }
}

impl From<EscrowState> for Escrow {
    fn from(state: EscrowState) -> Self {
        Self {
            records: state.records.into_iter().map(|record| record.url).collect(),
            missing: state.missing.iter().map(|slot| slot.name().to_owned()).collect(),
        }
    }
}

impl Plan {
    pub(super) fn of(job: &CopyJob, plan: CopyPlan, escrow: Option<EscrowState>) -> Self {
        let update = plan.update;
        let failed = update.failed.into_iter().map(|failed| (failed.plain, errors::chain(&failed.error)));
        Self {
            job: job.name.to_string(),
            source: job.source.clone(),
            catalogue: job.catalogue.clone(),
            to: job.to.as_ref().map(ToString::to_string),
            changed: update.changed,
            plain_bytes: update.bytes,
            taken_over: plan.taken_over,
            unchanged: update.unchanged,
            stale: update.stale,
            delete: job.delete,
            failed: failed.collect(),
            skipped: update.skipped.into_iter().map(|skipped| skipped.path).collect(),
            foreign: update.foreign,
            escrow: escrow.map(Into::into),
        }
    }
}

impl Run {
    pub(super) fn of(report: RunReport, records: Vec<String>, log: Option<PathBuf>) -> Self {
        Self {
            outcome: name_of(&report.outcome()),
            encryption: report.encryption.into(),
            transfer: report.transfer.map(Into::into),
            transfer_withheld: report.transfer_withheld,
            records,
            log,
        }
    }
}
