//! What happens during an apply, as it happens.

use dtc_provision::jiff::Timestamp;
use dtc_provision::journal::Entry;
use pyo3::prelude::*;
use serde::Serialize;

use crate::errors;
use crate::json;
use crate::values::{Dictionary, Time};

/// One thing that happened. It has what a line of the journal has, and holds no secret: ``event`` is ``"started"``, ``"done"``, ``"unchanged"``,
/// ``"failed"``, ``"waiting"`` or ``"progress"``.
#[pyclass(frozen, eq, module = "dtc.provision")]
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct Event {
    at: Timestamp,
    #[serde(flatten)]
    entry: Entry,
}

#[pymethods]
impl Event {
    /// When it happened.
    #[getter]
    fn at(&self) -> Time {
        Time(self.at.as_millisecond())
    }

    /// What kind of event it is.
    #[getter]
    fn event(&self) -> &'static str {
        match &self.entry {
            Entry::Started { .. } => "started",
            Entry::Done { .. } => "done",
            Entry::Unchanged { .. } => "unchanged",
            Entry::Failed { .. } => "failed",
            Entry::Waiting { .. } => "waiting",
            Entry::Progress { .. } => "progress",
        }
    }

    /// The step, the pool, or what is waited for.
    #[getter]
    fn subject(&self) -> &str {
        match &self.entry {
            Entry::Started { step }
            | Entry::Done { step, .. }
            | Entry::Unchanged { step }
            | Entry::Failed { step, .. } => step,
            Entry::Waiting { on } => on,
            Entry::Progress { pool, .. } => pool,
        }
    }

    /// What is so now, why it failed, or the appliance's words; empty where the event has none.
    #[getter]
    fn text(&self) -> &str {
        match &self.entry {
            Entry::Done { result, .. } => result,
            Entry::Failed { reason, .. } => reason,
            Entry::Progress { description, .. } => description,
            Entry::Started { .. } | Entry::Unchanged { .. } | Entry::Waiting { .. } => "",
        }
    }

    /// How far a first run is, from 0 to 100; it may go backwards.
    #[getter]
    fn percent(&self) -> Option<f64> {
        match &self.entry {
            Entry::Progress { percent, .. } => Some(*percent),
            _ => None,
        }
    }

    /// The members of its line in a journal.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, self)
    }

    fn __str__(&self) -> String {
        let text = match self.percent() {
            Some(percent) => format!("{} {}: {percent:.0} % {}", self.event(), self.subject(), self.text()),
            None if self.text().is_empty() => format!("{} {}", self.event(), self.subject()),
            None => format!("{} {}: {}", self.event(), self.subject(), self.text()),
        };
        errors::shown(&text)
    }

    fn __repr__(&self) -> String {
        format!("<Event {}>", self.__str__())
    }
}

impl Event {
    pub(super) fn of(at: Timestamp, entry: &Entry) -> Self {
        Self { at, entry: entry.clone() }
    }
}
