//! Questions of a plan, and what was consented to.

use std::collections::BTreeMap;

use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::proofs::consent::{self, Answer, Consents};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::{self, python};
use crate::json::{self, Members};
use crate::values::{Dictionary, Time};

/// How long a consent is valid that does not say until when.
const VALID: SignedDuration = SignedDuration::from_hours(24);

/// What a plan asks before one act. Whoever answers types the subject, to the letter.
///
/// A question is answered by ``answer``, or by not answering it: an act without consent does not happen, and ``apply`` raises ``Refused``
/// before anything is written unless ``may_be_withheld``.
#[pyclass(frozen, eq, module = "dtc.provision")]
#[derive(Clone, PartialEq)]
pub(crate) struct Question(pub(crate) consent::Question);

#[pymethods]
impl Question {
    /// The kind of the act, such as ``"compliance-lock"``.
    #[getter]
    fn kind(&self) -> &str {
        &self.0.act().kind
    }

    /// What must be typed to consent.
    #[getter]
    fn subject(&self) -> &str {
        self.0.subject()
    }

    /// What fixes the act: bucket, mode, days …
    #[getter]
    fn terms(&self) -> BTreeMap<String, String> {
        self.0.act().terms.clone()
    }

    /// What will be so afterwards.
    #[getter]
    fn consequence(&self) -> &str {
        self.0.consequence()
    }

    /// Whether nothing brings back what was before.
    #[getter]
    fn is_irreversible(&self) -> bool {
        self.0.is_irreversible()
    }

    /// Whether the rest of the plan can be applied without a consent.
    #[getter]
    fn may_be_withheld(&self) -> bool {
        self.0.may_be_withheld()
    }

    /// Consents, if ``typed`` is the subject to the letter; any other text raises ``Refused``. The consent is valid for a day unless
    /// ``valid_until`` says otherwise.
    #[pyo3(signature = (typed, *, valid_until = None))]
    fn answer(&self, typed: &str, valid_until: Option<Time>) -> PyResult<RecordedConsent> {
        let until = match valid_until {
            Some(until) => timestamp(until)?,
            None => Timestamp::now() + VALID,
        };
        self.0.answer(typed, until).map(RecordedConsent).map_err(|declined| declined_as(&declined))
    }

    fn __repr__(&self) -> String {
        format!("<Question {:?} about {:?}>", self.kind(), self.subject())
    }
}

pub(crate) fn timestamp(time: Time) -> PyResult<Timestamp> {
    Timestamp::from_millisecond(time.0).map_err(|_| {
        errors::argument("time", &time.0.to_string(), "is beyond the calendar", "give a time of this century")
    })
}

fn declined_as(declined: &consent::Declined) -> PyErr {
    let raised = python::Refused::new_err((errors::shown(declined), "declined"));
    let coded = Python::attach(|py| raised.value(py).setattr("code", "DTC-CONSENT-DECLINED"));
    coded.err().unwrap_or(raised)
}

/// A consent to one act, written down: ``to_dict`` is what a consent file of the command line holds.
#[pyclass(frozen, eq, from_py_object, module = "dtc.provision")]
#[derive(Clone, PartialEq)]
pub(crate) struct RecordedConsent(pub(crate) consent::RecordedConsent);

#[pymethods]
impl RecordedConsent {
    /// A consent out of a consent file.
    #[staticmethod]
    fn from_dict(table: Members) -> PyResult<Self> {
        serde_json::from_value(table.0.into()).map(Self).map_err(|error| {
            errors::argument(
                "consent",
                "",
                &error.to_string(),
                "take it as to_dict or the command line wrote it",
            )
        })
    }

    /// The kind of the act.
    #[getter]
    fn kind(&self) -> &str {
        &self.0.act.kind
    }

    /// What the act is done to.
    #[getter]
    fn subject(&self) -> &str {
        &self.0.act.subject
    }

    /// Until when it may be done.
    #[getter]
    fn valid_until(&self) -> Time {
        Time(self.0.valid_until.as_millisecond())
    }

    /// The act and its time, as a consent file holds them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &self.0)
    }

    fn __repr__(&self) -> String {
        format!("<RecordedConsent {:?} to {:?} until {}>", self.kind(), self.subject(), self.0.valid_until)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        Ok((slf.get_type().getattr("from_dict")?, (slf.get().to_dict(slf.py())?.0,)))
    }
}

/// The consents that questions find among these; what was not answered is withheld.
pub(crate) fn gather(
    questions: impl IntoIterator<Item = consent::Question>,
    given: &[consent::RecordedConsent],
    now: Timestamp,
) -> PyResult<Consents> {
    let answer = |question: &consent::Question| {
        if given.iter().any(|consent| consent.act == *question.act()) {
            Answer::Recorded(given.to_vec())
        } else {
            Answer::Withheld
        }
    };
    Consents::gather(questions, now, now, answer).map_err(|declined| declined_as(&declined))
}
