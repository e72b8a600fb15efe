//! Waiting for the network: with the interpreter released and Ctrl-C heeded, or as a coroutine of asyncio.
//!
//! A runtime belongs to one process. A child that was forked makes a runtime of its own, because the threads of its parent's are not there.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};
use pyo3::{Borrowed, IntoPyObjectExt as _, intern};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, interval_at, sleep_until};

#[cfg(feature = "stubs")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use crate::errors;

/// How long Ctrl-C may go unnoticed.
const TICK: Duration = Duration::from_millis(50);
/// Threads that drive connections; whoever waits drives its own call.
const WORKERS: usize = 2;

/// Only taken while the interpreter is held, so that no child is forked while another thread holds it.
static RUNTIME: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

/// Locks what no panic leaves half done.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This process's runtime.
fn runtime(_: Python<'_>) -> PyResult<&'static Runtime> {
    let (process, mut current) = (std::process::id(), locked(&RUNTIME));
    if let Some((owner, runtime)) = *current
        && owner == process
    {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread().worker_threads(WORKERS).thread_name("dtc").enable_all().build();
    let made =
        made.map_err(|error| PyRuntimeError::new_err(format!("no threads can be started: {error}")))?;
    // It lives as long as the process; in a forked child, the parent's cannot even be dropped.
    let runtime: &'static Runtime = Box::leak(Box::new(made));
    *current = Some((process, runtime));
    Ok(runtime)
}

/// Polls once, with the interpreter held: for what most often is there already.
pub(crate) fn poll_once<T>(
    py: Python<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
) -> PyResult<Poll<T>> {
    let _entered = runtime(py)?.enter();
    RAISED.sync_scope(Cell::new(None), || {
        let polled = poll(&mut Context::from_waker(Waker::noop()));
        RAISED.with(Cell::take).map_or(Ok(polled), Err)
    })
}

/// The process that something was made in, and alone may use it.
#[derive(Clone, Copy)]
pub(crate) struct Home(u32);

impl Home {
    pub(crate) fn here() -> Self {
        Self(std::process::id())
    }

    pub(crate) fn check(self) -> PyResult<()> {
        if self.0 == std::process::id() {
            return Ok(());
        }
        Err(PyRuntimeError::new_err(
            "it was made before this process was forked, and its connections are the parent's: make one here, or start processes by \
             spawn or forkserver",
        ))
    }
}

/// How long a call may take, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Timeout(Duration);

impl Timeout {
    pub(crate) fn get(self) -> Duration {
        self.0
    }
}

impl FromPyObject<'_, '_> for Timeout {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("builtins", "float");

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let seconds: f64 = object.extract()?;
        match Duration::try_from_secs_f64(seconds) {
            Ok(limit) if !limit.is_zero() => Ok(Self(limit)),
            _ => Err(errors::argument("timeout", &seconds.to_string(), "is no time to wait", "give seconds")),
        }
    }
}

/// What a call may do to the service: after a time-out, a read has changed nothing.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    Read,
    Write,
}

/// One call, and what may end it.
pub(crate) struct Limits {
    pub(crate) operation: &'static str,
    pub(crate) access: Access,
    pub(crate) timeout: Option<Timeout>,
}

impl Limits {
    fn over(&self) -> PyErr {
        let seconds = self.timeout.map_or(0.0, |timeout| timeout.0.as_secs_f64());
        errors::timed_out(self.operation, seconds, matches!(self.access, Access::Write))
    }

    /// Resolves when the time is over.
    async fn end(&self) {
        let end = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout.0));
        match end {
            Some(end) => sleep_until(end).await,
            None => std::future::pending().await,
        }
    }
}

/// Calls Python from within a future: other futures of the thread go on elsewhere meanwhile, so that it may call this package again.
pub(crate) fn call_python<T>(call: impl FnOnce(Python<'_>) -> PyResult<T>) -> PyResult<T> {
    tokio::task::block_in_place(|| {
        let ended = || Err(PyRuntimeError::new_err("the interpreter is shutting down"));
        Python::try_attach(call).unwrap_or_else(ended)
    })
}

tokio::task_local! {
    /// What a callback has raised within the call that is under way, until that ends of it.
    static RAISED: Cell<Option<PyErr>>;
}

/// Ends the call that is under way with what a callback has raised.
pub(crate) fn end_call(raised: PyErr) {
    let mut raised = Some(raised);
    // Outside of any call there is none to end.
    if RAISED.try_with(|slot| slot.set(raised.take())).is_err()
        && let Some(raised) = raised
    {
        Python::attach(|py| raised.write_unraisable(py, None));
    }
}

/// The work of a call, until it is done or a callback has raised.
async fn until_raised<T>(mut work: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> PyResult<T> {
    let polled = poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        match RAISED.with(Cell::take) {
            Some(raised) => Poll::Ready(Err(raised)),
            None => polled.map(Ok),
        }
    });
    RAISED.scope(Cell::new(None), polled).await
}

/// Waits for a call with the interpreter released.
pub(crate) fn block<T, E, F>(py: Python<'_>, limits: &Limits, work: F) -> PyResult<T>
where
    T: Send,
    E: Into<PyErr> + Send,
    F: Future<Output = Result<T, E>> + Send,
{
    let runtime = runtime(py)?;
    let done = py.detach(|| runtime.block_on(interruptible(limits, Box::pin(work))))?;
    done.map_err(Into::into)
}

async fn interruptible<T, E>(
    limits: &Limits,
    work: Pin<Box<dyn Future<Output = Result<T, E>> + Send + '_>>,
) -> PyResult<Result<T, E>> {
    let mut work = pin!(until_raised(work));
    let mut end = pin!(limits.end());
    let mut ticks = interval_at(Instant::now() + TICK, TICK);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = &mut end => return Err(limits.over()),
            _ = ticks.tick() => Python::try_attach(heed_signals).unwrap_or(Ok(()))?,
        }
    }
}

fn heed_signals(py: Python<'_>) -> PyResult<()> {
    py.check_signals()
}

/// A call that waits in an event loop of asyncio: to Python a coroutine, which starts when it is first awaited.
pub(crate) struct Awaitable<T>(Call, PhantomData<fn() -> T>);

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Awaitable<T> {
    type Target = Call;
    type Output = Bound<'py, Call>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Coroutine"),
        type_hint_identifier!("typing", "Any"),
        type_hint_identifier!("typing", "Any"),
        T::OUTPUT_TYPE
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Bound::new(py, self.0)
    }
}

/// Makes a coroutine of a call.
pub(crate) fn awaitable<T, E, F>(limits: Limits, work: F) -> Awaitable<T>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
    F: Future<Output = Result<T, E>> + Send + 'static,
{
    let work = async move {
        let mut end = pin!(limits.end());
        let done = tokio::select! {
            biased;
            done = until_raised(Box::pin(work)) => done.and_then(|done| done.map_err(Into::into)),
            () = &mut end => Err(limits.over()),
        };
        // Nobody waits any more where the interpreter has ended.
        Python::try_attach(|py| done.and_then(|value| value.into_py_any(py)))
    };
    Awaitable(Call { state: Mutex::new(State::New(Box::pin(work))), home: Home::here() }, PhantomData)
}

type Work = Pin<Box<dyn Future<Output = Option<PyResult<Py<PyAny>>>> + Send>>;

enum State {
    New(Work),
    /// The future that the event loop waits for, and its iterator.
    Started(Py<PyAny>, Py<PyAny>),
    Ended,
}

/// A coroutine around a call to a service.
#[pyclass(frozen, module = "dtc._dtc")]
pub(crate) struct Call {
    state: Mutex<State>,
    home: Home,
}

#[pymethods]
impl Call {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let stepped = self.step(py)?.call_method0(py, intern!(py, "__next__"));
        self.noted(stepped)
    }

    fn send(&self, py: Python<'_>, value: Py<PyAny>) -> PyResult<Py<PyAny>> {
        let stepped = self.step(py)?.call_method1(py, intern!(py, "send"), (value,));
        self.noted(stepped)
    }

    #[pyo3(signature = (*error))]
    fn throw(&self, py: Python<'_>, error: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
        let mut state = locked(&self.state);
        if let State::New(_) = *state {
            // Cancelled before it began: nothing is sent.
            *state = State::Ended;
            return Err(PyErr::from_value(error.get_item(0)?));
        }
        drop(state);
        let stepped = self.step(py)?.call_method1(py, intern!(py, "throw"), error);
        self.noted(stepped)
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let state = std::mem::replace(&mut *locked(&self.state), State::Ended);
        match state {
            State::Started(future, iterator) => {
                future.call_method0(py, intern!(py, "cancel"))?;
                iterator.call_method0(py, intern!(py, "close")).map(drop)
            }
            State::New(_) | State::Ended => Ok(()),
        }
    }
}

impl Call {
    /// What a step gave; one that raises, a result's `StopIteration` too, was the last.
    fn noted(&self, stepped: PyResult<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        if stepped.is_err() {
            *locked(&self.state) = State::Ended;
        }
        stepped
    }

    /// The iterator to go on with; starts the call at the first step.
    fn step(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.home.check()?;
        let mut state = locked(&self.state);
        match std::mem::replace(&mut *state, State::Ended) {
            State::New(work) => {
                let (future, iterator) = started(py, work)?;
                *state = State::Started(future, iterator.clone_ref(py));
                Ok(iterator)
            }
            State::Started(future, iterator) => {
                *state = State::Started(future, iterator.clone_ref(py));
                Ok(iterator)
            }
            State::Ended => Err(PyRuntimeError::new_err("cannot reuse already awaited coroutine")),
        }
    }
}

/// Starts the work on the runtime, and returns the future of the running event loop that its end settles, with its iterator.
fn started(py: Python<'_>, work: Work) -> PyResult<(Py<PyAny>, Py<PyAny>)> {
    let events = py.import(intern!(py, "asyncio"))?.call_method0(intern!(py, "get_running_loop"))?;
    let future = events.call_method0(intern!(py, "create_future"))?;
    let (waiting, events) = (future.clone().unbind(), events.unbind());
    let task = runtime(py)?.spawn(async move {
        if let Some(done) = work.await {
            // A loop that has been closed takes nothing any more, and nobody waits.
            let _ = Python::try_attach(|py| settle(py, events.bind(py), waiting, done));
        }
    });
    let abort = task.abort_handle();
    let cancelled = PyCFunction::new_closure(
        py,
        None,
        None,
        move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| -> PyResult<()> {
            let future = arguments.get_item(0)?;
            if future.call_method0(intern!(future.py(), "cancelled"))?.is_truthy()? {
                abort.abort();
            }
            Ok(())
        },
    )?;
    future.call_method1(intern!(py, "add_done_callback"), (cancelled,))?;
    let iterator = future.call_method0(intern!(py, "__await__"))?.unbind();
    Ok((future.unbind(), iterator))
}

/// Gives the loop's future its result, in the loop's own thread.
fn settle(
    py: Python<'_>,
    events: &Bound<'_, PyAny>,
    waiting: Py<PyAny>,
    done: PyResult<Py<PyAny>>,
) -> PyResult<()> {
    let (method, value) = match done {
        Ok(value) => ("set_result", value),
        Err(error) => ("set_exception", error.into_value(py).into_any()),
    };
    let set = PyCFunction::new_closure(
        py,
        None,
        None,
        move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| -> PyResult<()> {
            let waiting = waiting.bind(arguments.py());
            if !waiting.call_method0(intern!(arguments.py(), "done"))?.is_truthy()? {
                waiting.call_method1(method, (&value,))?;
            }
            Ok(())
        },
    )?;
    events.call_method1(intern!(py, "call_soon_threadsafe"), (set,)).map(drop)
}
