//! `dtc.simulator`: simulated services in this process, so that scripts can be tried and tested without accounts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors;
use crate::rt::{self, Access, Home, Limits, locked};
use crate::values::value_class;

/// Simulated services in this process: Backblaze B2, a TrueNAS appliance, NinjaOne and IT Glue, over real sockets of this machine.
#[pymodule(name = "simulator", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::{AddressOfB2, AddressOfItGlue, AddressOfNinja, AddressOfTrueNas, Fault, Mark, Simulator};
}

value_class! {
    in "dtc.simulator";
    /// Where the simulated B2 answers, and a key that may do everything.
    AddressOfB2 {
        /// The URL to log in at.
        url: String,
        /// The id of the key.
        key_id: String,
        /// The key itself: a test value, which opens nothing else.
        application_key: String,
    }
}

value_class! {
    in "dtc.simulator";
    /// Where the simulated appliance answers.
    AddressOfTrueNas {
        /// ``wss://127.0.0.1:…``.
        url: String,
        /// SHA-256 of its certificate: 64 hexadecimal digits.
        fingerprint: String,
        /// An API key that may do everything.
        api_key: String,
        /// An API key that may only read.
        read_only_api_key: String,
    }
}

value_class! {
    in "dtc.simulator";
    /// Where the simulated NinjaOne answers.
    AddressOfNinja {
        /// The base URL.
        url: String,
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: String,
    }
}

value_class! {
    in "dtc.simulator";
    /// Where the simulated IT Glue answers.
    AddressOfItGlue {
        /// The base URL.
        url: String,
        /// The API key.
        api_key: String,
    }
}

/// Something that goes wrong with a request.
///
/// >>> Fault.refuse(503, "service_unavailable", "busy")
/// Fault(Refuse { status: 503, code: "service_unavailable", message: "busy", retry_after: None })
#[pyclass(frozen, eq, module = "dtc.simulator")]
#[derive(PartialEq)]
pub(crate) struct Fault(::simulator::Fault);

#[pymethods]
impl Fault {
    /// The connection is cut, and no byte of an answer is sent.
    #[staticmethod]
    fn drop_connection() -> Self {
        Self(::simulator::Fault::DropConnection)
    }

    /// The service answers with an error of its own shape.
    #[staticmethod]
    #[pyo3(signature = (status, code, message = "", *, retry_after = None))]
    fn refuse(status: u16, code: String, message: &str, retry_after: Option<String>) -> Self {
        Self(::simulator::Fault::Refuse { status, code, message: message.to_owned(), retry_after })
    }

    /// The token that the request shows is no longer valid.
    #[staticmethod]
    fn expire_token() -> Self {
        Self(::simulator::Fault::ExpireToken)
    }

    /// Nothing happens for this long; then the request goes on.
    #[staticmethod]
    fn stall(duration: Duration) -> Self {
        Self(::simulator::Fault::Stall(duration))
    }

    /// A proxy in front of the service answers with a page and this status.
    #[staticmethod]
    fn html(status: u16) -> Self {
        Self(::simulator::Fault::Html(status))
    }

    /// The answer is announced whole and ends in the middle.
    #[staticmethod]
    fn truncate_body() -> Self {
        Self(::simulator::Fault::TruncateBody)
    }

    /// The service takes in another value, given as JSON, at this JSON pointer of the request.
    #[staticmethod]
    fn alter(pointer: &str, json: &str) -> PyResult<Self> {
        let value: serde_json::Value = serde_json::from_str(json)
            .map_err(|_| errors::argument("value", json, "is no JSON", "use json.dumps"))?;
        Ok(Self(::simulator::Fault::alter(pointer, value)))
    }

    /// The service does not take in the member at this JSON pointer of the request.
    #[staticmethod]
    fn leave_out(pointer: &str) -> Self {
        Self(::simulator::Fault::leave_out(pointer))
    }

    fn __repr__(&self) -> String {
        format!("Fault({:?})", self.0)
    }
}

/// A place in the transcript.
#[pyclass(frozen, module = "dtc.simulator")]
pub(crate) struct Mark(::simulator::Mark);

struct Failure(::simulator::Error);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        PyRuntimeError::new_err(errors::shown(&failure.0))
    }
}

const START: Limits = Limits { operation: "the start of the simulator", access: Access::Read, timeout: None };

/// Simulated services in this process. Dropping it, or leaving its ``with``, ends it. HaloPSA and 1Password Connect run too, but have no address here.
///
/// >>> with Simulator(seed=7) as sim:
/// ...     sim.fail("b2", "b2_list_buckets", Fault.refuse(503, "service_unavailable"))
/// ...     sim.b2.url.startswith("http://127.0.0.1:"), sim.requests
/// (True, 0)
#[pyclass(frozen, module = "dtc.simulator")]
pub(crate) struct Simulator {
    running: Mutex<Option<::simulator::Simulator>>,
    home: Home,
}

#[pymethods]
impl Simulator {
    #[new]
    #[pyo3(signature = (*, seed = 0, transcript_file = None))]
    fn new(py: Python<'_>, seed: u64, transcript_file: Option<PathBuf>) -> PyResult<Self> {
        let mut builder = ::simulator::Simulator::builder().seed(seed);
        if let Some(file) = transcript_file {
            builder = builder.transcript_file(file);
        }
        let started = rt::block(py, &START, async move { builder.start().await.map_err(Failure) })?;
        Ok(Self { running: Mutex::new(Some(started)), home: Home::here() })
    }

    /// Where B2 answers.
    #[getter]
    fn b2(&self) -> PyResult<AddressOfB2> {
        self.with(|sim| {
            let at = sim.addresses().b2.clone();
            AddressOfB2 { url: at.url, key_id: at.key_id, application_key: at.application_key }
        })
    }

    /// Where the appliance answers.
    #[getter]
    fn truenas(&self) -> PyResult<AddressOfTrueNas> {
        self.with(|sim| {
            let at = sim.addresses().truenas.clone();
            AddressOfTrueNas {
                url: at.url,
                fingerprint: at.fingerprint,
                api_key: at.api_key,
                read_only_api_key: at.read_only_api_key,
            }
        })
    }

    /// Where NinjaOne answers.
    #[getter]
    fn ninja(&self) -> PyResult<AddressOfNinja> {
        self.with(|sim| {
            let at = sim.addresses().ninja.clone();
            AddressOfNinja { url: at.url, client_id: at.client_id, client_secret: at.client_secret }
        })
    }

    /// Where IT Glue answers.
    #[getter]
    fn itglue(&self) -> PyResult<AddressOfItGlue> {
        self.with(|sim| {
            let at = sim.addresses().itglue.clone();
            AddressOfItGlue { url: at.url, api_key: at.api_key }
        })
    }

    /// Lets requests for an operation go wrong: from the ``nth`` on, counted from now, as many ``times``. Services are ``b2``, ``truenas``,
    /// ``ninja`` and ``itglue``; ``"*"`` stands for every service or operation.
    ///
    /// With ``after_effect`` the request has its effect, and the fault happens instead of the answer.
    #[pyo3(signature = (service, operation, fault, *, nth = 1, times = 1, after_effect = false))]
    fn fail(
        &self,
        service: &str,
        operation: &str,
        fault: &Fault,
        nth: u64,
        times: u64,
        after_effect: bool,
    ) -> PyResult<()> {
        self.with(|sim| {
            let rule = sim.faults().on(service, operation).nth(nth).times(times);
            if after_effect {
                rule.after_effect(fault.0.clone());
            } else {
                rule.before_effect(fault.0.clone());
            }
        })
    }

    /// Delays every request by this much.
    fn latency(&self, each: Duration) -> PyResult<()> {
        self.with(|sim| sim.faults().latency(each))
    }

    /// Forgets every fault and latency.
    fn clear_faults(&self) -> PyResult<()> {
        self.with(|sim| sim.faults().clear())
    }

    /// How many requests came since the start or the last ``clear_faults``, those that a fault cut among them.
    #[getter]
    fn requests(&self) -> PyResult<u64> {
        self.with(|sim| sim.faults().requests())
    }

    /// The present place in the transcript, from which ``calls`` and ``transcript`` can begin.
    fn mark(&self) -> PyResult<Mark> {
        self.with(|sim| Mark(sim.transcript().mark()))
    }

    /// How often each operation was called, by service and operation; requests that had no effect are not counted.
    #[pyo3(signature = (since = None))]
    fn calls(&self, since: Option<&Mark>) -> PyResult<BTreeMap<(String, String), usize>> {
        self.with(|sim| {
            let mut table = BTreeMap::new();
            let lines = since.map_or_else(|| sim.transcript().lines(), |mark| sim.transcript().since(mark.0));
            for line in lines {
                *table.entry((line.service.to_owned(), line.operation.clone())).or_default() += 1;
            }
            table
        })
    }

    /// Every request that had an effect, and its answer, as one JSON text each.
    #[pyo3(signature = (since = None))]
    fn transcript(&self, since: Option<&Mark>) -> PyResult<Vec<String>> {
        self.with(|sim| {
            let lines = since.map_or_else(|| sim.transcript().lines(), |mark| sim.transcript().since(mark.0));
            lines.iter().map(|line| line.text.clone()).collect()
        })
    }

    /// Puts the clock of all services forward.
    fn advance(&self, by: Duration) -> PyResult<()> {
        self.with(|sim| sim.clock().advance(by))
    }

    /// Puts a file into a bucket of B2 without its API, and returns the version's id.
    fn put(&self, bucket: &str, name: &str, content: &[u8]) -> PyResult<String> {
        self.with(|sim| sim.b2().put(bucket, name, content))?
            .map_err(|refused| PyRuntimeError::new_err(errors::shown(&refused)))
    }

    /// Reads the newest version of a file in B2 without its API; ``None`` if there is none.
    fn read(&self, bucket: &str, name: &str) -> PyResult<Option<std::borrow::Cow<'static, [u8]>>> {
        self.with(|sim| sim.b2().read(bucket, name).map(Into::into))
    }

    /// Ends everything after the requests that are being served, within two seconds.
    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        self.home.check()?;
        let Some(sim) = locked(&self.running).take() else { return Ok(()) };
        rt::block(py, &START, async move {
            sim.stop().await;
            Ok::<_, PyErr>(())
        })
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
    fn __exit__(
        &self,
        py: Python<'_>,
        _kind: Option<Py<PyAny>>,
        _error: Option<Py<PyAny>>,
        _trace: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        self.stop(py)
    }

    fn __repr__(&self) -> &'static str {
        if locked(&self.running).is_some() { "<Simulator, running>" } else { "<Simulator, stopped>" }
    }
}

impl Simulator {
    fn with<T>(&self, look: impl FnOnce(&::simulator::Simulator) -> T) -> PyResult<T> {
        self.home.check()?;
        match &*locked(&self.running) {
            Some(sim) => Ok(look(sim)),
            None => Err(PyRuntimeError::new_err("the simulator was stopped")),
        }
    }
}
