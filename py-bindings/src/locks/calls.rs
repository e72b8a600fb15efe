//! The two calls, waited for and awaited.

use std::sync::Mutex;

use dtc_provision::jiff::Timestamp;
use dtc_provision::locks;
use pyo3::prelude::*;
use tokio::sync::oneshot;

use super::found::{LockReport, LockStatus, LockTerms, Progress};
use crate::listener::Listener;
use crate::provision::applying::unless_raised;
use crate::provision::consents::{self, RecordedConsent};
use crate::provision::failure::Failure;
use crate::provision::services::{self, AioServices, Bound, Services};
use crate::provision::site::Site;
use crate::rt::{self, Access, Awaitable, Limits, Timeout, locked};

type OnProgress = Option<Listener<Progress>>;

/// What is called at each step, and where it says what the listener raised.
fn relayed(listener: OnProgress) -> (impl Fn(locks::Progress) + Send + Sync, oneshot::Receiver<PyErr>) {
    let (sender, raised) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let tell = move |at: locks::Progress| {
        let Some(listener) = &listener else { return };
        if let Err(error) = listener.call(at.into())
            && let Some(sender) = locked(&sender).take()
        {
            drop(sender.send(error));
        }
    };
    (tell, raised)
}

async fn look(bound: Bound, site: Site, terms: LockTerms, on: OnProgress) -> Result<LockStatus, Failure> {
    let (tell, raised) = relayed(on);
    let views = bound.views();
    let looked = locks::status(&site.0, &views, terms.0, Timestamp::now(), &tell);
    unless_raised(raised, looked).await.map(LockStatus)
}

async fn keep(
    bound: Bound,
    status: LockStatus,
    given: Vec<RecordedConsent>,
    on: OnProgress,
) -> Result<LockReport, Failure> {
    let ports = bound.ports()?;
    let given = services::consents(given);
    let consents = consents::gather(status.0.question(), &given, ports.clock.now())?;
    let (tell, raised) = relayed(on);
    let extended = locks::extend(status.0, consents, &ports, &tell);
    Ok(unless_raised(raised, extended).await?.into())
}

fn looking(timeout: Option<Timeout>) -> Limits {
    Limits { operation: "look at the locks", access: Access::Read, timeout }
}

fn extending(timeout: Option<Timeout>) -> Limits {
    Limits { operation: "extend locks", access: Access::Write, timeout }
}

/// Lists the current versions of the location's bucket, and until when each is locked. Writes nothing; holds a page at a time.
///
/// ``on_progress`` is called after each page; what it raises ends the call and is raised here.
#[pyfunction]
#[pyo3(signature = (services, site, terms, *, on_progress = None, timeout = None))]
pub(crate) fn status(
    py: Python<'_>,
    services: &Services,
    site: Site,
    terms: LockTerms,
    on_progress: Option<Listener<Progress>>,
    timeout: Option<Timeout>,
) -> PyResult<LockStatus> {
    rt::block(py, &looking(timeout), look(services.bound()?, site, terms, on_progress))
}

/// Extends every lock of a current version that is due, as far as the consent goes; never shortens one. One that cannot be extended stops none of
/// the others. Whatever ends it: what was extended stays so, and the next run goes on.
///
/// ``on_progress`` is called after each page; what it raises ends the call and is raised here.
#[pyfunction]
#[pyo3(signature = (services, status, *, consents = Vec::new(), on_progress = None, timeout = None))]
pub(crate) fn extend(
    py: Python<'_>,
    services: &Services,
    status: LockStatus,
    consents: Vec<RecordedConsent>,
    on_progress: Option<Listener<Progress>>,
    timeout: Option<Timeout>,
) -> PyResult<LockReport> {
    rt::block(py, &extending(timeout), keep(services.bound()?, status, consents, on_progress))
}

/// Lists the current versions of the location's bucket, as :func:`dtc.locks.status` does.
#[pyfunction]
#[pyo3(name = "status", signature = (services, site, terms, *, on_progress = None, timeout = None))]
pub(crate) fn status_async(
    services: &AioServices,
    site: Site,
    terms: LockTerms,
    on_progress: Option<Listener<Progress>>,
    timeout: Option<Timeout>,
) -> PyResult<Awaitable<LockStatus>> {
    Ok(rt::awaitable(looking(timeout), look(services.bound()?, site, terms, on_progress)))
}

/// Extends every lock that is due, as :func:`dtc.locks.extend` does.
#[pyfunction]
#[pyo3(name = "extend", signature = (services, status, *, consents = Vec::new(), on_progress = None, timeout = None))]
pub(crate) fn extend_async(
    services: &AioServices,
    status: LockStatus,
    consents: Vec<RecordedConsent>,
    on_progress: Option<Listener<Progress>>,
    timeout: Option<Timeout>,
) -> PyResult<Awaitable<LockReport>> {
    Ok(rt::awaitable(extending(timeout), keep(services.bound()?, status, consents, on_progress)))
}
