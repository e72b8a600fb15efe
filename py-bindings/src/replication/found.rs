//! What is so on both ends, what will be done, and what came of it.

use std::collections::BTreeMap;

use dtc_provision::phases::StepKind;
use dtc_provision::replication::{
    Observed as Seen, ReplicationItem, ReplicationPlan, ReplicationReport, UnlockReport as Unlocked,
};
use pyo3::prelude::*;

use crate::provision::consents::Question;
use crate::provision::failure::Failure;
use crate::provision::plan::{Finding, Step};
use crate::provision::report::name_of;
use crate::values::{Dictionary, Time, value_class};
use crate::{errors, json};

/// Both ends of a replication and the vault as they are now, read and never written.
#[pyclass(frozen, eq, from_py_object, module = "dtc.replication")]
#[derive(Clone, PartialEq)]
pub(crate) struct Observed(pub(super) Seen);

#[pymethods]
impl Observed {
    #[expect(clippy::unused_self, reason = "Python calls it on what is too large to be shown")]
    fn __repr__(&self) -> &'static str {
        "<Observed>"
    }
}

value_class! {
    in "dtc.replication";
    /// How many snapshots of the sources a naming schema takes along.
    Eligible {
        /// How many there are.
        total: u64,
        /// How many are taken along.
        eligible: u64,
    }
}

/// What will be done, in order. A plan holds no secret: print it, compare it.
#[pyclass(frozen, eq, from_py_object, module = "dtc.replication")]
#[derive(Clone, PartialEq)]
pub(crate) struct Plan(pub(super) ReplicationPlan);

#[pymethods]
impl Plan {
    /// The replication's name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Every step, in the order it is applied; what is kept among them.
    #[getter]
    fn steps(&self) -> Vec<Step> {
        self.0.steps.iter().map(Step::from).collect()
    }

    /// What is not as it should be, and that nothing is done about.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.0.findings.iter().map(Finding::from).collect()
    }

    /// How many snapshots of the sources are taken along.
    #[getter]
    fn snapshots(&self) -> Eligible {
        Eligible { total: self.0.snapshots.total, eligible: self.0.snapshots.eligible }
    }

    /// Whether there is nothing to do.
    #[getter]
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is asked before it is applied: whether to trust a host key, and whether to let the other appliance log in.
    fn questions(&self) -> Vec<Question> {
        self.0.questions().into_iter().map(Question).collect()
    }

    /// Raises ``Refused`` if a plan made now differs from this one. ``Ends.apply`` looks for itself.
    fn against(&self, now: &Self) -> PyResult<()> {
        Ok(self.0.against(&now.0).map_err(Failure::from)?)
    }

    /// The plan as ``dtc replication plan --json`` has it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &self.0)
    }

    fn __repr__(&self) -> String {
        let doing = self.0.steps.iter().filter(|step| step.kind != StepKind::Keep).count();
        format!("<Plan of {:?}, steps to do: {doing}>", errors::shown(&self.0.name))
    }
}

value_class! {
    in "dtc.replication";
    /// One item of a verification, with its evidence.
    Item {
        /// Which item: ``"task"``, ``"last_run"``, ``"arrived"``, ``"age"``, ``"retention"``, ``"opens"``, ``"source_keys"``, ``"files"``, ``"device_guid"``,
        /// ``"left_open"``
        id: String,
        /// ``"pass"``, ``"fail"``, ``"not_checkable"`` (never a success) or ``"not_applicable"``.
        verdict: String,
        /// What shows it.
        evidence: String,
    }
}

value_class! {
    in "dtc.replication";
    /// What a verification of a replication has found.
    Report {
        /// The replication.
        name: String,
        /// When it was looked.
        at: Time,
        /// What it comes to: ``"as_it_should_be"``, ``"differs"``, ``"data_at_risk"`` or ``"incomplete"``. What was not proven is never a success.
        outcome: String,
        /// Item by item.
        items: Vec<Item>,
        /// Encryption roots of sources whose passphrase nobody has given: their proof is not checkable.
        unknown_keys: Vec<String>,
    }
    /// Whether every item that applies was looked at and is as it should be.
    #[getter]
    fn passed(&self) -> bool {
        self.outcome == "as_it_should_be"
    }

    /// The item of this id; ``None`` if there is none.
    fn item(&self, id: &str) -> Option<Item> {
        self.items.iter().find(|item| item.id == id).cloned()
    }
}

value_class! {
    in "dtc.replication";
    /// What became of the destination's datasets.
    UnlockReport {
        /// What it comes to: ``"as_it_should_be"``, or ``"incomplete"`` where something is still locked.
        outcome: String,
        /// Those that are open now.
        unlocked: Vec<String>,
        /// Those that were open before.
        open_before: Vec<String>,
        /// Those that are not open, and why.
        failed: BTreeMap<String, String>,
    }
}

impl From<ReplicationReport> for Report {
    fn from(report: ReplicationReport) -> Self {
        let item = |item: &ReplicationItem| Item {
            id: name_of(&item.id),
            verdict: name_of(&item.verdict),
            evidence: errors::shown(&item.evidence),
        };
        Self {
            outcome: name_of(&report.outcome()),
            at: Time(report.at.as_millisecond()),
            items: report.items.iter().map(item).collect(),
            name: report.name,
            unknown_keys: report.unknown_keys,
        }
    }
}

impl From<Unlocked> for UnlockReport {
    fn from(report: Unlocked) -> Self {
        let outcome = name_of(&report.outcome());
        let failed = report.failed.into_iter().map(|(name, why)| (name, errors::shown(&why))).collect();
        Self { outcome, unlocked: report.unlocked, open_before: report.open_before, failed }
    }
}
