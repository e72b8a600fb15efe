//! The services of one site, connected.

use dtc_provision::ports::{Ports, Views};
use dtc_provision::{observe, verify, verify_until};
use pyo3::prelude::*;

use super::applying::{self, AioApplying, Applying, Shared};
use super::consents::RecordedConsent;
use super::escrowed::{Escrowed, recall};
use super::failure::Failure;
use super::plan::{Observation, Plan, fresh};
use super::report::{Completion, Report};
use super::site::{Site, SiteFile};
use super::vault::PythonVault;
use crate::errors::python;
use crate::held::Held;
use crate::listener::Listener;
use crate::provision::event::Event;
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::twins::closing_twins;
use crate::values::Many;

/// What services are connected as: to be written, or to be read only.
#[derive(Clone)]
pub(crate) enum Bound {
    Ports(Ports),
    Views(Views),
}

/// Connections that can be closed.
pub(crate) type Connected = Held<Bound>;

impl Bound {
    pub(crate) fn views(&self) -> Views {
        match self {
            Self::Ports(ports) => ports.views(),
            Self::Views(views) => views.clone(),
        }
    }

    pub(crate) fn ports(self) -> PyResult<Ports> {
        match self {
            Self::Ports(ports) => Ok(ports),
            Self::Views(_) => Err(read_only()),
        }
    }
}

/// What a call that writes gets where nothing may be written.
pub(crate) fn read_only() -> PyErr {
    let message = "these services were connected read-only; nothing was sent. Connect without read_only=True";
    python::Refused::new_err((message, "read_only"))
}

impl Services {
    pub(crate) fn bound(&self) -> PyResult<Bound> {
        self.0.ready()
    }
}

impl AioServices {
    pub(crate) fn bound(&self) -> PyResult<Bound> {
        self.0.ready()
    }
}

pub(crate) fn consents(given: Vec<RecordedConsent>) -> Vec<dtc_provision::proofs::consent::RecordedConsent> {
    given.into_iter().map(|consent| consent.0).collect()
}

closing_twins! {
    /// The services of one site, connected by ``connect``: the object store, the appliance, the inventory, the vault and the tickets. They may be
    /// used by several threads, and belong to the process that connected them.
    ///
    /// Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    /// written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    "Services" in "dtc.provision" and "dtc.provision.aio", Failure: Services / AioServices(Connected) {
        both {
            fn __repr__(&self) -> &'static str {
                match self.0.ready() {
                    Ok(Bound::Ports(_)) => "<Services>",
                    Ok(Bound::Views(_)) => "<Services, read-only>",
                    Err(_) => "<Services, closed>",
                }
            }
        }
        blocking {
            /// Carries a plan out as ``apply`` does, event by event: iterate over what it returns.
            #[pyo3(signature = (plan, *, consents = Vec::new()))]
            fn applying(&self, plan: Plan, consents: Vec<RecordedConsent>) -> PyResult<Applying> {
                Ok(Applying(Shared::new(plan.0, self::consents(consents), self.0.ready()?.ports()?)))
            }
        }
        asyncio {
            /// Carries a plan out as ``apply`` does, event by event: iterate over what it returns with ``async for``.
            #[pyo3(signature = (plan, *, consents = Vec::new()))]
            fn applying(&self, plan: Plan, consents: Vec<RecordedConsent>) -> PyResult<AioApplying> {
                Ok(AioApplying(Shared::new(plan.0, self::consents(consents), self.0.ready()?.ports()?)))
            }
        }

        /// Looks at what is so now. Writes nothing; what could not be read says why in the observation.
        #[pyo3(signature = (site, *, timeout = None))]
        Read "observe"
        fn observe(site: Site) -> Observation = |bound| {
            Ok(Observation(observe(&site.0, &bound.views()).await))
        }

        /// Looks, and plans. Writes nothing. An appliance that has no Device GUID gets ``device_guid``, or a new one.
        #[pyo3(signature = (site, *, device_guid = None, timeout = None))]
        Read "plan"
        fn plan(site: Site, device_guid: Option<String>) -> Plan = |bound| {
            let fresh = fresh(device_guid.as_deref())?;
            let seen = observe(&site.0, &bound.views()).await;
            Ok(Plan(dtc_provision::plan(&site.0, &seen, fresh)?))
        }

        /// Carries a plan out, follows the first runs to their ends, and verifies. The plan is held against the world first: a stale one raises
        /// ``Refused``, as does a consent that is missing, before anything is written.
        ///
        /// ``on_event`` is called with every :class:`Event`; what it raises ends the apply and is raised here. Whatever ends it, at whatever
        /// moment: what is done stays done, and a new plan does the rest. To give it up after a time, use ``timeout``.
        #[pyo3(signature = (plan, *, consents = Vec::new(), on_event = None, timeout = None))]
        Write "apply"
        fn apply(plan: Plan, consents: Vec<RecordedConsent>, on_event: Option<Listener<Event>>) -> Completion = |bound| {
            Box::pin(applying::apply(plan.0, self::consents(consents), bound.ports()?, on_event.into())).await
        }

        /// Evaluates the checklist by reading the live systems, and proves that the backup opens. Writes nothing.
        ///
        /// What is not answered ``within`` so many seconds is not checkable in the report; after ``timeout`` there is no report.
        #[pyo3(signature = (site, *, within = None, timeout = None))]
        Read "verify"
        fn verify(site: Site, within: Option<Timeout>) -> Report = |bound| {
            let views = bound.views();
            let report = match within {
                Some(within) => verify_until(&site.0, &views, tokio::time::sleep(within.get())).await?,
                None => verify(&site.0, &views).await?,
            };
            Ok(Report::from(&report))
        }

        /// What the vault holds of the plan's appliance and bucket, as proofs. The vault is read, and the values are held against their checks.
        #[pyo3(signature = (plan, *, timeout = None))]
        Read "recall"
        fn recall(plan: Plan) -> Many<Escrowed> = |bound| {
            Ok(Many(recall(&plan.0, &bound.ports()?).await?))
        }
    }
}

/// Connects what is asked for.
pub(crate) async fn bind(
    connections: &dtc_adapters::Connections,
    waits: dtc_provision::ports::Waits,
    vault: Option<PythonVault>,
    read_only: bool,
) -> Result<Bound, Failure> {
    Ok(match (vault, read_only) {
        (None, false) => Bound::Ports(dtc_adapters::connect(connections, waits).await?),
        (None, true) => Bound::Views(dtc_adapters::connect_views(connections, waits).await?),
        (Some(vault), false) => {
            Bound::Ports(dtc_adapters::with_vault(dtc_adapters::connect(connections, waits).await?, vault))
        }
        (Some(vault), true) => {
            let ports = dtc_adapters::connect_read_only(connections, waits).await?;
            Bound::Views(dtc_adapters::with_vault(ports, vault).views())
        }
    })
}

async fn connected(
    connections: dtc_adapters::Connections,
    waits: dtc_provision::ports::Waits,
    vault: Option<PythonVault>,
    read_only: bool,
) -> Result<Connected, Failure> {
    Ok(Held::new("connection", bind(&connections, waits, vault, read_only).await?))
}

fn limits(timeout: Option<Timeout>) -> Limits {
    Limits { operation: "connect", access: Access::Read, timeout }
}

/// What `connect` is given, taken out of Python's hands.
pub(crate) fn settings(
    file: &SiteFile,
    wait_for_device: Option<Timeout>,
    vault: Option<&pyo3::Bound<'_, PyAny>>,
    vault_timeout: Option<Timeout>,
) -> PyResult<(dtc_adapters::Connections, dtc_provision::ports::Waits, Option<PythonVault>)> {
    let mut waits = file.0.waits;
    if let Some(wait) = wait_for_device {
        waits.device = wait.get();
    }
    let vault = vault.map(|vault| PythonVault::new(vault, vault_timeout.map(Timeout::get))).transpose()?;
    Ok((file.0.connections.clone(), waits, vault))
}

/// Connects to the services of a site. The appliance is logged in to here; the other services are at their first call.
///
/// ``read_only`` services are enough to observe, plan and verify, and send nothing that writes. ``wait_for_device`` is how many seconds an apply
/// waits for a person to add the appliance to NinjaOne (none unless given).
///
/// ``vault`` is an object of one's own in the place of IT Glue, which is not called then; see :class:`Vault`. A method of it that has not come
/// back within ``vault_timeout`` seconds (60) is no longer waited for.
#[pyfunction]
#[pyo3(signature = (file, *, read_only = false, wait_for_device = None, vault = None, vault_timeout = None, timeout = None))]
pub(crate) fn connect(
    py: Python<'_>,
    file: &SiteFile,
    read_only: bool,
    wait_for_device: Option<Timeout>,
    vault: Option<&pyo3::Bound<'_, PyAny>>,
    vault_timeout: Option<Timeout>,
    timeout: Option<Timeout>,
) -> PyResult<Services> {
    let (connections, waits, vault) = settings(file, wait_for_device, vault, vault_timeout)?;
    rt::block(py, &limits(timeout), connected(connections, waits, vault, read_only)).map(Services)
}

/// Connects to the services of a site, as :func:`dtc.provision.connect` does.
#[pyfunction]
#[pyo3(name = "connect", signature = (file, *, read_only = false, wait_for_device = None, vault = None, vault_timeout = None, timeout = None))]
pub(crate) fn connect_async(
    file: &SiteFile,
    read_only: bool,
    wait_for_device: Option<Timeout>,
    vault: Option<&pyo3::Bound<'_, PyAny>>,
    vault_timeout: Option<Timeout>,
    timeout: Option<Timeout>,
) -> PyResult<Awaitable<AioServices>> {
    let (connections, waits, vault) = settings(file, wait_for_device, vault, vault_timeout)?;
    Ok(rt::awaitable(limits(timeout), async move {
        connected(connections, waits, vault, read_only).await.map(AioServices)
    }))
}
