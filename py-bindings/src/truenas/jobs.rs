//! Jobs: long work of the appliance, followed to its end.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt as _};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use serde_json::Value;
use truenas_client::datasets::Unlocked as UnlockedThere;
use truenas_client::jobs::{JobLog as LogThere, JobState, StoredJob as StoredThere};
use truenas_client::{Client as Nas, Error, Job as JobThere, JobId, JobStatus as StatusThere};

#[cfg(feature = "stubs")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier};

use super::failure::Failure;
use super::fetched::Fetched;
use super::query::Query;
use super::shown::{Float, Shown, found, of_json, of_word, words};
use super::unlocked::Unlocked;
use crate::held::Held;
use crate::json::{Json, to_python};
use crate::pieces::reading_twins;
use crate::rows::{Rows, listings};
use crate::rt::Timeout;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

words!(JobState);

found! {
    /// The state of a job.
    JobStatus of StatusThere {
        /// Its number.
        id: i64,
        /// The method it carries out.
        method: String,
        /// Waiting, running or ended.
        state: String,
        /// How far it is, 0 to 100. It can go back: rclone learns of more files while it runs.
        percent: Option<Float> = None,
        /// What it is doing, in words.
        description: Option<String> = None,
        /// Why it failed, in the appliance's words.
        error: Option<String> = None,
        /// The last lines of its log.
        logs_excerpt: Option<String> = None,
        /// When it began.
        started: Option<Time> = None,
        /// When it ended.
        finished: Option<Time> = None,
        /// What it is about, such as the name of a task.
        about: Option<String> = None,
        /// Whether it says that it can be aborted. Aborting does not look at it.
        is_abortable: Option<bool> = None,
        /// Whether it is one that the appliance starts again and again, for its own purposes.
        is_transient: bool,
        /// The user that started it, where the release says.
        started_by: Option<String> = None,
        /// Whether it has a log of its own.
        has_log: bool,
    }

    /// Whether nothing more will happen.
    fn is_final(&self) -> PyResult<bool> {
        Ok(of_word::<JobState>("state", &self.state)?.is_final())
    }
}

impl From<StatusThere> for JobStatus {
    fn from(status: StatusThere) -> Self {
        status.shown()
    }
}

value_class! {
    in "dtc.truenas";
    /// What finds a job again after this program has ended: pickle it, or keep ``to_dict()``. The appliance begins to count anew when it restarts, so
    /// a number alone may be another job's by then.
    StoredJob {
        /// Its number.
        id: i64,
        /// The method that it carries out.
        method: String,
        /// When it was made; whole milliseconds.
        started: Option<Time> = None,
        /// What it works on, the first of its arguments: the number of a task, or the name of a dataset where this program started the job. Other
        /// arguments are not kept: they can hold secrets.
        task: Option<Json> = None,
    }
}

impl Shown<StoredJob> for StoredThere {
    fn shown(self) -> StoredJob {
        StoredJob {
            id: self.id.get(),
            method: self.method,
            started: self.started.shown(),
            task: self.task.map(Json),
        }
    }
}

impl StoredJob {
    fn given(&self) -> PyResult<StoredThere> {
        let task = self.task.as_ref().map(|task| task.0.clone());
        let stored = serde_json::json!({
            "id": self.id, "method": self.method, "started": self.started.map(|at| at.0), "task": task,
        });
        of_json("stored job", &self.id.to_string(), stored)
    }
}

/// A job with a result of one of the kinds that there are.
#[derive(Clone)]
pub(crate) enum AnyJob {
    Nothing(Arc<JobThere<()>>),
    Truth(Arc<JobThere<bool>>),
    Unlocked(Arc<JobThere<UnlockedThere>>),
    Any(Arc<JobThere<Value>>),
}

/// The same of a job, whatever its result is.
macro_rules! of_any {
    ($any:expr, $job:ident => $work:expr) => {
        match $any {
            AnyJob::Nothing($job) => $work,
            AnyJob::Truth($job) => $work,
            AnyJob::Unlocked($job) => $work,
            AnyJob::Any($job) => $work,
        }
    };
}

impl AnyJob {
    async fn wait(&self, limit: Duration) -> Result<Ended, Error> {
        Ok(match self {
            Self::Nothing(job) => job.wait(limit).await.map(|()| Ended::Nothing)?,
            Self::Truth(job) => Ended::Truth(job.wait(limit).await?),
            Self::Unlocked(job) => Ended::Unlocked(job.wait(limit).await?.shown()),
            Self::Any(job) => Ended::Any(job.wait(limit).await?),
        })
    }

    fn progress(&self) -> BoxStream<'static, Result<StatusThere, Error>> {
        of_any!(self, job => job.progress().boxed())
    }
}

/// What a job has come to.
pub(crate) enum Ended {
    Nothing,
    Truth(bool),
    Unlocked(Unlocked),
    Any(Value),
}

impl<'py> IntoPyObject<'py> for Ended {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Nothing => Ok(py.None().into_bound(py)),
            Self::Truth(value) => value.into_bound_py_any(py),
            Self::Unlocked(value) => value.into_bound_py_any(py),
            Self::Any(value) => to_python(py, &value),
        }
    }
}

/// Jobs with results of these types, as both faces.
macro_rules! jobs_of {
    ($($result:ty => $variant:ident),*) => {
        $(impl Shown<Job> for JobThere<$result> {
            fn shown(self) -> Job {
                Job(Held::new("job", AnyJob::$variant(Arc::new(self))))
            }
        }

        impl Shown<AioJob> for JobThere<$result> {
            fn shown(self) -> AioJob {
                AioJob(Held::new("job", AnyJob::$variant(Arc::new(self))))
            }
        })*
    };
}

jobs_of!(() => Nothing, bool => Truth, UnlockedThere => Unlocked, Value => Any);

twins! {
    /// A job, started or attached to. Dropping it leaves the job alone.
    ///
    /// It stays the job that it was when it was started, stored or first looked at. After a restart of the appliance another job may have its number:
    /// whatever is asked of it then raises ``NotFound``, and nothing is done to the other one.
    "Job" in "dtc.truenas" and "dtc.truenas.aio", Failure: Job / AioJob(Held<AnyJob>) {
        both {
            /// Its number. It means nothing after a restart of the appliance: to find the job after that, keep what ``store()`` gives.
            #[getter]
            fn id(&self) -> PyResult<i64> {
                Ok(of_any!(&self.0.ready()?, job => job.id().get()))
            }

            fn __repr__(&self) -> PyResult<String> {
                Ok(format!("Job(id={})", self.id()?))
            }
        }
        blocking {
            /// Iterates over every change of its state, from now to its end, which comes last. Lost connections are opened again; only when that
            /// fails for five minutes on end is the error raised.
            fn progress(&self) -> PyResult<ListedJobs> {
                Ok(ListedJobs(Rows::new("core.get_jobs", self.0.ready()?.progress())))
            }
        }
        asyncio {
            /// Iterates over every change of its state, from now to its end, which comes last. Lost connections are opened again; only when that
            /// fails for five minutes on end is the error raised.
            fn progress(&self) -> PyResult<AioListedJobs> {
                Ok(AioListedJobs(Rows::new("core.get_jobs", self.0.ready()?.progress())))
            }
        }

        /// Follows it to its end, for at most ``limit`` seconds, and returns its result. Raises ``ApiError`` of the kinds ``job_failed`` and
        /// ``job_aborted``; ``OutcomeUnknown`` of the kind ``job_unfinished`` when it is still under way; ``NotFound`` when the appliance forgot it.
        #[pyo3(signature = (limit, *, timeout = None))]
        Read "core.get_jobs"
        fn wait(limit: Timeout) -> Ended = |job| {
            Ok(job.wait(limit.get()).await?)
        }

        /// Returns its state now. ``NotFound`` when the appliance no longer knows it: it restarted, or has run a thousand jobs since.
        #[pyo3(signature = (*, timeout = None))]
        Read "core.get_jobs"
        fn status() -> JobStatus = |job| {
            Ok(of_any!(&job, job => job.status().await?.shown()))
        }

        /// Returns what finds it again, and no other job, as long as the appliance knows it.
        #[pyo3(signature = (*, timeout = None))]
        Read "core.get_jobs"
        fn store() -> StoredJob = |job| {
            Ok(of_any!(&job, job => job.store().await?.shown()))
        }

        /// Asks the appliance to abort it, and does not wait until it has. Its state becomes ``ABORTED`` at once; what runs as a program of its own,
        /// such as a cloud sync, ends, and what runs within the middleware or as a replication goes on to its end.
        #[pyo3(signature = (*, timeout = None))]
        Write "core.job_abort"
        fn abort() -> Nothing = |job| {
            Ok(of_any!(&job, job => job.abort().await?.shown()))
        }

        /// Opens the log of a job that writes one, such as a cloud sync: as far as it has come, when the job is under way. Not on CORE.
        #[pyo3(signature = (*, timeout = None))]
        Read "core.job_download_logs"
        fn log() -> JobLog | AioJobLog = |job| {
            Ok(of_any!(&job, job => job.log().await?.shown()))
        }
    }
}

impl Shown<JobLog> for LogThere {
    fn shown(self) -> JobLog {
        JobLog(fetched(self))
    }
}

impl Shown<AioJobLog> for LogThere {
    fn shown(self) -> AioJobLog {
        AioJobLog(fetched(self))
    }
}

fn fetched(log: LogThere) -> Fetched {
    Fetched::new(None, log)
}

reading_twins! {
    /// A job's log while it is fetched, to be read once.
    "JobLog" in "dtc.truenas" and "dtc.truenas.aio", Failure, "core.job_download_logs": JobLog / AioJobLog(Fetched) {
        both {
            /// Ends the download.
            fn close(&self) {
                self.0.close();
            }
        }
    }
}

listings! {
    in "dtc.truenas" and "dtc.truenas.aio", Failure;
    /// States of jobs, as they change.
    "ListedJobs": ListedJobs / AioListedJobs of StatusThere => JobStatus;
}

twins! {
    /// The appliance's jobs.
    "Jobs" in "dtc.truenas" and "dtc.truenas.aio", Failure: Jobs / AioJobs(Held<Nas>) {
        both {}
        blocking {
            /// Iterates over every change of every job from now on, without end. Lost connections are opened again.
            fn changes(&self) -> PyResult<ListedJobs> {
                Ok(ListedJobs(Rows::new("core.subscribe", self.0.ready()?.jobs().changes())))
            }

            /// Attaches to a job by its number, such as ``call`` answers with; nothing is sent yet. After a restart of the appliance the number may
            /// be another job's: ``attach_stored`` sees that.
            fn attach(&self, id: i64) -> PyResult<Job> {
                Ok(self.0.ready()?.jobs().attach::<Value>(JobId::new(id)).shown())
            }

            /// Attaches to a job that was stored, days or restarts of the appliance ago; nothing is sent yet.
            fn attach_stored(&self, stored: &StoredJob) -> PyResult<Job> {
                Ok(self.0.ready()?.jobs().attach_stored::<Value>(&stored.given()?).shown())
            }
        }
        asyncio {
            /// Iterates over every change of every job from now on, without end. Lost connections are opened again.
            fn changes(&self) -> PyResult<AioListedJobs> {
                Ok(AioListedJobs(Rows::new("core.subscribe", self.0.ready()?.jobs().changes())))
            }

            /// Attaches to a job by its number, such as ``call`` answers with; nothing is sent yet. After a restart of the appliance the number may
            /// be another job's: ``attach_stored`` sees that.
            fn attach(&self, id: i64) -> PyResult<AioJob> {
                Ok(self.0.ready()?.jobs().attach::<Value>(JobId::new(id)).shown())
            }

            /// Attaches to a job that was stored, days or restarts of the appliance ago; nothing is sent yet.
            fn attach_stored(&self, stored: &StoredJob) -> PyResult<AioJob> {
                Ok(self.0.ready()?.jobs().attach_stored::<Value>(&stored.given()?).shown())
            }
        }

        /// Returns the jobs that a query finds, all of them without one.
        #[pyo3(signature = (query = None, *, timeout = None))]
        Read "core.get_jobs"
        fn list(query: Option<Query>) -> Many<JobStatus> = |nas| {
            Ok(nas.jobs().list(&Query::given_or_all(query.as_ref())?).await?.shown())
        }
    }
}
