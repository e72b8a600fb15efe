//! `dtc.simulator`: simulated services in this process, so that scripts can be tried and tested without accounts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use ::simulator::DEFAULT_ID;
use ::simulator::halo::{CLIENT_GUID_FIELD, Kind};
use ::simulator::ninja::Entity;
use ::simulator::truenas::{Release, Settings};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::crypt::Secret;
use crate::errors;
use crate::rt::{self, Access, Home, Limits, locked};
use crate::values::{Dictionary, value_class};

/// The client and its location, as the simulators have them.
const ORGANIZATION: &str = "Harbour Dental Group";
const LOCATION: &str = "Main Office";

/// Simulated services in this process: Backblaze B2, a TrueNAS appliance, NinjaOne, IT Glue and HaloPSA, over real sockets of this machine.
#[pymodule(name = "simulator", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::{
        AddressOfB2, AddressOfHalo, AddressOfItGlue, AddressOfNinja, AddressOfTrueNas, Appliance, Fault,
        Mark, Simulator,
    };
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

value_class! {
    in "dtc.simulator";
    /// Where the simulated HaloPSA answers.
    AddressOfHalo {
        /// The base URL.
        url: String,
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: String,
        /// The tenant to name when asking for a token, where it wants one.
        tenant: Option<String> = None,
        /// The number of a ticket of the client that is backed up.
        ticket: i64,
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

fn simulated(release: &str) -> PyResult<Release> {
    let remedy = "use 13.3, 24.10, 25.04, 25.10 or 26.0";
    release.parse().map_err(|_| errors::argument("release", release, "is not simulated", remedy))
}

/// One simulated appliance, to be prepared as a person would at it.
#[pyclass(frozen, module = "dtc.simulator")]
pub(crate) struct Appliance(::simulator::truenas::Handle);

#[pymethods]
impl Appliance {
    /// The address that it says it has: the ``host`` of a replication.
    #[getter]
    fn address(&self) -> String {
        self.0.address()
    }

    /// Adds a dataset with an empty file system.
    fn add_dataset(&self, name: &str) -> PyResult<()> {
        Ok(self.0.add_dataset(name).map_err(Failure)?)
    }

    /// Writes a file, by its path below ``/mnt``.
    fn write_file(&self, path: &str, contents: &[u8]) -> PyResult<()> {
        Ok(self.0.write_file(path, contents).map_err(Failure)?)
    }

    /// Encrypts a dataset, as if it had been made so: with a ``passphrase``, or with a ``key`` of 64 hexadecimal digits, which the appliance keeps.
    #[pyo3(signature = (name, *, passphrase = None, key = None))]
    fn encrypt_dataset(&self, name: &str, passphrase: Option<&str>, key: Option<&str>) -> PyResult<()> {
        let encrypted = match (passphrase, key) {
            (Some(passphrase), None) => self.0.encrypt_dataset(name, passphrase),
            (None, Some(key)) => self.0.encrypt_dataset_by_key(name, key),
            _ => return Err(errors::argument("dataset", name, "gets one key", "give a passphrase or a key")),
        };
        Ok(encrypted.map_err(Failure)?)
    }

    /// Locks a dataset.
    fn lock_dataset(&self, name: &str) -> PyResult<()> {
        Ok(self.0.lock_dataset(name).map_err(Failure)?)
    }

    /// Sets a user property of a dataset, or of a pool.
    fn set_user_property(&self, dataset: &str, name: &str, value: &str) -> PyResult<()> {
        Ok(self.0.set_user_property(dataset, name, value).map_err(Failure)?)
    }

    /// Has an hourly snapshot task take snapshots of a dataset and those below it, an hour from now by the simulation's clock.
    fn take_snapshots(&self, dataset: &str, schema: &str) {
        self.0.take_snapshots(dataset, schema);
    }
}

struct Failure(::simulator::Error);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        PyRuntimeError::new_err(errors::shown(&failure.0))
    }
}

const START: Limits = Limits { operation: "the start of the simulator", access: Access::Read, timeout: None };

/// Simulated services in this process. Dropping it, or leaving its ``with``, ends it. 1Password Connect runs too, but
/// has no address here. ``release`` is the appliance's TrueNAS: ``"13.3"`` (CORE), ``"24.10"``, ``"25.04"``,
/// ``"25.10"`` or ``"26.0"``; its backups run with ``rclone``, or an engine of the simulator's own. ``appliances`` are further ones: the release of
/// each by its name.
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
    #[pyo3(signature = (*, seed = 0, transcript_file = None, release = "25.10", rclone = None, appliances = BTreeMap::new()))]
    fn new(
        py: Python<'_>,
        seed: u64,
        transcript_file: Option<PathBuf>,
        release: &str,
        rclone: Option<PathBuf>,
        appliances: BTreeMap<String, String>,
    ) -> PyResult<Self> {
        let builder = ::simulator::Simulator::builder().seed(seed).rclone(rclone);
        let mut builder = builder.truenas(DEFAULT_ID, simulated(release)?, Settings::default());
        for (number, (name, release)) in (2..).zip(&appliances) {
            builder = builder.truenas(name, simulated(release)?, Settings::numbered(number));
        }
        if let Some(file) = transcript_file {
            builder = builder.transcript_file(file);
        }
        let started = rt::block(py, &START, async move { builder.start().await.map_err(Failure) })?;
        Ok(Self { running: Mutex::new(Some(started)), home: Home::here() })
    }

    /// An appliance, to be prepared as a person would at it: the first one, or one of ``appliances`` by its name.
    #[pyo3(signature = (name = None))]
    fn appliance(&self, name: Option<&str>) -> PyResult<Appliance> {
        self.with(|sim| name.map_or_else(|| Some(sim.truenas()), |name| sim.appliance(name)).cloned())?
            .map(Appliance)
            .ok_or_else(|| {
                errors::argument(
                    "appliance",
                    name.unwrap_or_default(),
                    "is not simulated",
                    "name it to Simulator",
                )
            })
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

    /// Where HaloPSA answers.
    #[getter]
    fn halo(&self) -> PyResult<AddressOfHalo> {
        self.with(|sim| {
            let at = sim.addresses().halo.clone();
            AddressOfHalo {
                url: at.url,
                client_id: at.client_id,
                client_secret: at.client_secret,
                tenant: at.tenant,
                ticket: at.ticket,
            }
        })
    }

    /// Adds a client to HaloPSA, as a person would there, and returns its number; its name need not be its own.
    fn add_halo_client(&self, name: &str) -> PyResult<i64> {
        self.with(|sim| sim.halo().add_client(name))
    }

    /// Adds a type of configurations to IT Glue, as a person would there, and returns its id.
    fn add_itglue_configuration_type(&self, name: &str) -> PyResult<u64> {
        self.with(|sim| sim.itglue().add_configuration_type(name))
    }

    /// The tables of a site file for what is simulated, with its secrets as :class:`dtc.crypt.Secret`: what ``SiteFile.from_dict`` takes. The
    /// simulated client has a ticket in HaloPSA, which the site names.
    fn site_tables<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        let at = self.with(|sim| {
            let (ninja, halo) = (sim.ninja(), sim.halo());
            // As after a synchronisation: HaloPSA has the client's UUID.
            if let Some(uuid) = ninja.field(Entity::Organization(ninja.organization_id()), "dtcOrgGuid") {
                halo.set_field(Kind::Client, halo.client_id(), CLIENT_GUID_FIELD, uuid);
            }
            sim.addresses().clone()
        })?;
        let tables = PyDict::new(py);
        let table = |name: &str, members: &[(&str, &str)], secret: (&str, &str)| {
            let table = PyDict::new(py);
            for (name, value) in members {
                table.set_item(name, value)?;
            }
            table.set_item(secret.0, Secret::of(secret.1))?;
            tables.set_item(name, &table).map(|()| table)
        };
        table(
            "b2",
            &[("url", &at.b2.url), ("key_id", &at.b2.key_id)],
            ("application_key", &at.b2.application_key),
        )?;
        let nas = [("url", at.truenas.url.as_str()), ("fingerprint", &at.truenas.fingerprint)];
        table("truenas", &nas, ("api_key", &at.truenas.api_key))?;
        let ninja = [("url", at.ninja.url.as_str()), ("client_id", &at.ninja.client_id)];
        table("ninjaone", &ninja, ("client_secret", &at.ninja.client_secret))?;
        table("itglue", &[("url", &at.itglue.url)], ("api_key", &at.itglue.api_key))?;
        let halo = [
            ("url", at.halo.url.as_str()),
            ("client_id", &at.halo.client_id),
            ("client_field", CLIENT_GUID_FIELD),
        ];
        let halo = table("tickets", &halo, ("client_secret", &at.halo.client_secret))?;
        let (tickets, site, waits) = (PyDict::new(py), PyDict::new(py), PyDict::new(py));
        tickets.set_item("halo", halo)?;
        tables.set_item("tickets", tickets)?;
        site.set_item("organization", ORGANIZATION)?;
        site.set_item("location", LOCATION)?;
        site.set_item("uplink_mbit", 10_000)?;
        site.set_item("identity_pool", "pool0")?;
        site.set_item("ticket", at.halo.ticket.to_string())?;
        tables.set_item("site", site)?;
        waits.set_item("poll_interval", "20ms")?;
        waits.set_item("vault_read_back", "5s")?;
        tables.set_item("waits", waits)?;
        let others = PyList::empty(py);
        for (name, at) in at.other_appliances() {
            let table = PyDict::new(py);
            for (key, value) in [("name", name), ("url", &at.url), ("fingerprint", &at.fingerprint)] {
                table.set_item(key, value)?;
            }
            table.set_item("api_key", Secret::of(&at.api_key))?;
            others.append(table)?;
        }
        if !others.is_empty() {
            tables.set_item("appliance", others)?;
        }
        Ok(Dictionary(tables))
    }

    /// Lets requests for an operation go wrong: from the ``nth`` on, counted from now, as many ``times``. Services are ``b2``, ``truenas``,
    /// ``ninja``, ``itglue`` and ``halo``; ``"*"`` stands for every service or operation.
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
