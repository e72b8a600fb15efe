//! An apply, and who is told what happens meanwhile.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex as StdMutex};

use dtc_provision::jiff::Timestamp;
use dtc_provision::journal::{Entry, Journal};
use dtc_provision::observe;
use dtc_provision::ports::Ports;
use dtc_provision::proofs::consent;
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};

use super::consents;
use super::event::Event;
use super::failure::Failure;
use super::report::Completion;
use crate::listener::Listener;
use crate::rt::{self, Access, Awaitable, Home, Limits, locked};

/// Who is told.
pub(crate) enum Recipient {
    Nobody,
    Callback(Listener<Event>),
    Channel(UnboundedSender<Event>),
}

/// A journal that tells; what a callback raises ends the apply.
pub(crate) struct Telling {
    recipient: Recipient,
    raised: Option<oneshot::Sender<PyErr>>,
}

impl Telling {
    /// The journal, and where it says what was raised.
    pub(crate) fn new(recipient: Recipient) -> (Self, oneshot::Receiver<PyErr>) {
        let (sender, raised) = oneshot::channel();
        (Self { recipient, raised: Some(sender) }, raised)
    }
}

impl From<Option<Listener<Event>>> for Recipient {
    fn from(listener: Option<Listener<Event>>) -> Self {
        listener.map_or(Self::Nobody, Self::Callback)
    }
}

impl Journal for Telling {
    fn record(&mut self, at: Timestamp, entry: &Entry) {
        let event = Event::of(at, entry);
        match &self.recipient {
            Recipient::Nobody => {}
            // Nobody listening any more is no reason to stop: whoever iterates is also who drives the apply.
            Recipient::Channel(events) => drop(events.send(event)),
            Recipient::Callback(callback) => {
                let Some(raised) = self.raised.take() else { return };
                match callback.call(event) {
                    Ok(()) => self.raised = Some(raised),
                    Err(error) => drop(raised.send(error)),
                }
            }
        }
    }
}

/// Looks once more, and carries the plan out.
pub(super) async fn apply(
    plan: dtc_provision::Plan,
    given: Vec<consent::RecordedConsent>,
    ports: Ports,
    recipient: Recipient,
) -> Result<Completion, Failure> {
    let consents = consents::gather(plan.questions(), &given, ports.clock.now())?;
    let seen = observe(&plan.site, &ports.views()).await;
    let current = plan.against(&seen)?;
    let (mut journal, raised) = Telling::new(recipient);
    let applied = dtc_provision::apply(current, consents, &ports, &mut journal);
    Ok(Box::pin(unless_raised(raised, applied)).await?.into())
}

/// What a call comes to, unless a callback raises meanwhile, which ends it.
pub(crate) async fn unless_raised<T>(
    mut raised: oneshot::Receiver<PyErr>,
    work: impl Future<Output = Result<T, dtc_provision::Error>>,
) -> Result<T, Failure> {
    let done = {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            Ok(raised) = &mut raised => return Err(Failure::Python(raised)),
            done = &mut work => done,
        }
    };
    // It may have raised at the last event of all.
    if let Ok(raised) = raised.try_recv() {
        return Err(Failure::Python(raised));
    }
    Ok(done?)
}

type Work = Pin<Box<dyn Future<Output = Result<Completion, Failure>> + Send>>;

/// An apply that goes on while it is iterated.
struct Running {
    /// `None` after its end.
    work: Option<Work>,
    events: UnboundedReceiver<Event>,
    /// How it failed, until that was raised.
    failed: Option<Failure>,
}

/// The apply, and what came of it.
#[derive(Clone)]
pub(super) struct Shared {
    running: Arc<Mutex<Running>>,
    done: Arc<StdMutex<Option<Completion>>>,
    home: Home,
}

const LIMITS: Limits = Limits { operation: "apply", access: Access::Write, timeout: None };

impl Shared {
    pub(super) fn new(plan: dtc_provision::Plan, given: Vec<consent::RecordedConsent>, ports: Ports) -> Self {
        let (sender, events) = unbounded_channel();
        let work: Work = Box::pin(apply(plan, given, ports, Recipient::Channel(sender)));
        let running = Running { work: Some(work), events, failed: None };
        Self { running: Arc::new(Mutex::new(running)), done: Arc::default(), home: Home::here() }
    }

    /// The next event; `None` after the end.
    async fn next(self) -> Result<Option<Event>, Failure> {
        let mut running = self.running.lock().await;
        let Running { work, events, failed } = &mut *running;
        if let Some(applying) = work {
            tokio::select! {
                biased;
                Some(event) = events.recv() => return Ok(Some(event)),
                applied = applying => {
                    *work = None;
                    match applied {
                        Ok(done) => *locked(&self.done) = Some(done),
                        Err(failure) => *failed = Some(failure),
                    }
                }
            }
        }
        match events.try_recv() {
            Ok(event) => Ok(Some(event)),
            Err(_) => failed.take().map_or(Ok(None), Err),
        }
    }

    fn completion(&self) -> Option<Completion> {
        locked(&self.done).clone()
    }
}

/// An apply as an iterator of its events. It goes on while it is iterated, and only then: who stops iterating stops it, which is safe at any
/// event; what is done stays done, and a new apply does the rest.
#[pyclass(frozen, module = "dtc.provision")]
pub(crate) struct Applying(pub(super) Shared);

#[pymethods]
impl Applying {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        self.0.home.check()?;
        rt::block(py, &LIMITS, self.0.clone().next())
    }

    /// What came of it, after the last event; ``None`` before.
    #[getter]
    fn completion(&self) -> Option<Completion> {
        self.0.completion()
    }
}

/// An apply as an asynchronous iterator of its events. It goes on while it is iterated, and only then.
#[pyclass(frozen, name = "Applying", module = "dtc.provision.aio")]
pub(crate) struct AioApplying(pub(super) Shared);

#[pymethods]
impl AioApplying {
    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__(&self) -> PyResult<Awaitable<Event>> {
        self.0.home.check()?;
        let shared = self.0.clone();
        Ok(rt::awaitable(LIMITS, async move {
            match shared.next().await? {
                Some(event) => Ok(event),
                None => Err(Failure::Python(PyStopAsyncIteration::new_err(()))),
            }
        }))
    }

    /// What came of it, after the last event; ``None`` before.
    #[getter]
    fn completion(&self) -> Option<Completion> {
        self.0.completion()
    }
}
