//! What is so, and what will be done about it.

use dtc_adapters::OsEntropy;
use dtc_naming::DeviceGuid;
use dtc_provision::phases;
use dtc_provision::ports::Entropy as _;
use dtc_provision::procedures::provision::InvalidPlan;
use dtc_provision::{Fresh, PortError};
use pyo3::prelude::*;

use super::consents::Question;
use super::failure::Failure;
use super::site::Site;
use crate::errors::{self, python};
use crate::json;
use crate::values::{Dictionary, value_class};

/// What is so now, read and never written, without a secret in it. Every fact is there, or says why it was not read.
#[pyclass(frozen, eq, module = "dtc.provision")]
#[derive(PartialEq)]
pub(crate) struct Observation(pub(super) dtc_provision::Observation);

#[pymethods]
impl Observation {
    /// Every fact by its name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &self.0)
    }

    #[expect(clippy::unused_self, reason = "Python calls it on what is too large to be shown")]
    fn __repr__(&self) -> &'static str {
        "<Observation>"
    }
}

value_class! {
    in "dtc.provision";
    /// One step of a plan.
    Step {
        /// The rules it follows.
        rule: String,
        /// What it does: ``"keep"`` (nothing), ``"create"``, ``"change"``, ``"irreversible"``, ``"secret"`` or ``"run"``.
        kind: String,
        /// To what.
        subject: String,
        /// How, a line each.
        details: Vec<String>,
    }
}

value_class! {
    in "dtc.provision";
    /// Something that is not as it should be, and that nothing is done about.
    Finding {
        /// The rule it is about.
        rule: String,
        /// What is so.
        what: String,
        /// Whether somebody must decide about it: as long as it stands, a verification fails, and no plan puts it right.
        to_decide: bool,
    }
}

impl From<&phases::Step> for Step {
    fn from(step: &phases::Step) -> Self {
        Self {
            rule: step.rule.to_owned(),
            kind: errors::snake_case(&format!("{:?}", step.kind)),
            subject: errors::shown(&step.subject),
            details: step.details.iter().map(errors::shown).collect(),
        }
    }
}

impl From<&phases::Finding> for Finding {
    fn from(finding: &phases::Finding) -> Self {
        Self { rule: finding.rule.clone(), what: finding.what.clone(), to_decide: finding.to_decide }
    }
}

/// What will be done, in order. A plan holds no secret: print it, save it, compare it, pickle it.
///
/// It is made by :func:`plan` or ``Services.plan``, and by ``from_json`` of what ``to_json`` or ``dtc plan --out`` has saved.
#[pyclass(frozen, eq, from_py_object, module = "dtc.provision")]
#[derive(Clone, PartialEq)]
pub(crate) struct Plan(pub(super) dtc_provision::Plan);

#[pymethods]
impl Plan {
    /// Reads a plan that was saved. A plan of another format, or one that says more than is understood here, raises ``ValidationError``.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        dtc_provision::Plan::from_json(text).map(Self).map_err(|invalid| unreadable(&invalid))
    }

    /// The plan as ``dtc plan --out`` saves it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.0)
            .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))
    }

    /// The plan as it is saved, as a dictionary.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &self.0)
    }

    /// What the operator wants.
    #[getter]
    fn site(&self) -> Site {
        Site(self.0.site.clone())
    }

    /// The name of the bucket.
    #[getter]
    fn bucket_name(&self) -> String {
        self.0.scope.bucket_name.to_string()
    }

    /// The appliance's Device GUID.
    #[getter]
    fn device_guid(&self) -> String {
        self.0.scope.device_guid.to_string()
    }

    /// Whether there is nothing to do.
    #[getter]
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every step, in the order it is applied; what is kept among them.
    #[getter]
    fn steps(&self) -> Vec<Step> {
        self.0.steps().iter().map(Step::from).collect()
    }

    /// What is not as it should be and is left alone.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.0.findings.iter().map(Finding::from).collect()
    }

    /// The findings that somebody must decide about.
    #[getter]
    fn undecided(&self) -> Vec<Finding> {
        self.0.undecided().map(Finding::from).collect()
    }

    /// What is asked before it is applied.
    fn questions(&self) -> Vec<Question> {
        self.0.questions().into_iter().map(Question).collect()
    }

    /// Raises ``Refused`` if a fact that one of the steps acts on has changed: planning again from what is so now must give the same steps.
    /// ``Services.apply`` looks for itself.
    fn against(&self, now: &Observation) -> PyResult<()> {
        self.0.clone().against(&now.0).map(drop).map_err(|error| Failure::from(error).into())
    }

    /// The steps in which another plan differs: ``"- …"`` for those that only this one has, ``"+ …"`` for those that only the other has.
    fn diff(&self, other: &Self) -> Vec<String> {
        self.0.diff(&other.0)
    }

    fn __str__(&self) -> String {
        let text = self.0.to_string();
        text.lines().map(errors::shown).collect::<Vec<_>>().join("\n")
    }

    fn __repr__(&self) -> String {
        let doing = self.0.steps().iter().filter(|step| step.kind != phases::StepKind::Keep).count();
        format!("<Plan for {:?}, steps to do: {doing}>", errors::shown(&self.0.scope.host_name))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,)))
    }
}

fn unreadable(invalid: &InvalidPlan) -> PyErr {
    let problem = errors::shown(invalid);
    let (kind, remedy) = (errors::snake_case(&format!("{invalid:?}")), "plan again, and save that");
    let message = format!("cannot read a plan: {problem}; {remedy}");
    python::ValidationError::new_err((message, kind, "plan", "", "", (0, 0), problem, remedy))
}

/// A Device GUID, should the appliance have none: the given one, or a new one of random bytes.
pub(super) fn fresh(guid: Option<&str>) -> Result<Fresh, Failure> {
    if let Some(guid) = guid {
        let parsed: Result<DeviceGuid, dtc_naming::Error> = guid.parse();
        return Ok(Fresh::new(parsed.map_err(|error| errors::validation(&error))?));
    }
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes).map_err(|error: PortError| Failure::from(error))?;
    Ok(Fresh::new(DeviceGuid::from_random_bytes(bytes)))
}

/// Plans, from what is wanted and what is so. It asks no service. An appliance that has no Device GUID gets ``device_guid``, or a new one.
///
/// A fact that is unread, or a rule that stops the work, raises a :class:`dtc.exceptions.DtcError`; what else stops it stands in its ``also``.
#[pyfunction]
#[pyo3(signature = (site, seen, *, device_guid = None))]
pub(crate) fn plan(
    site: &Site,
    seen: &Observation,
    device_guid: Option<&Bound<'_, PyAny>>,
) -> PyResult<Plan> {
    let guid = device_guid.map(|guid| guid.str().map(|text| text.to_string())).transpose()?;
    let planned = dtc_provision::plan(&site.0, &seen.0, fresh(guid.as_deref())?);
    Ok(Plan(planned.map_err(Failure::from)?))
}
