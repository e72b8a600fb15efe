//! Long work on the appliance. A job goes on whether or not anybody follows it.

mod bulk;
mod follow;
mod identity;
mod log;
mod start;
mod stored;

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use futures_util::Stream;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, FieldError, JobId};
pub use bulk::Member;
use follow::Follower;
use identity::Identity;
pub use log::JobLog;
pub use stored::StoredJob;

impl Client {
    /// The appliance's jobs.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { client: self }
    }
}

/// Calls about jobs.
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'a> {
    client: &'a Client,
}

impl Jobs<'_> {
    /// The jobs that a query finds: those that the appliance still remembers, at most a thousand. Whoever is no full administrator sees its own,
    /// and those that it may read. What they were asked for is not read, since it can hold secrets.
    ///
    /// # Errors
    /// Those of every reading call; `InvalidRequest` when the query breaks a rule.
    pub async fn list(&self, query: &Query) -> Result<Vec<JobStatus>, Error> {
        let entries: Vec<Entry> = self.client.select(operations::CORE_GET_JOBS, query).await?;
        Ok(entries.into_iter().map(Entry::status).collect())
    }

    /// Every change of every job from now on, whoever started it, until the stream is dropped. Nothing is kept of a job that was shown. When more
    /// happens than is read, some changes are left out: the state after them is in what is shown next of the job, or in a [`list`](Self::list).
    /// A connection that is lost is opened again, and what happened meanwhile is not shown.
    pub fn changes(&self) -> impl Stream<Item = Result<JobStatus, Error>> + Send + use<> {
        follow::changes(self.client.clone())
    }

    /// Attaches to a job by its number; nothing is sent yet. `T` is the type of the job's result. The first look takes whatever job has the
    /// number, and every later one holds to that job. After a restart of the appliance the number may be another job's before the first look:
    /// [`attach_stored`](Self::attach_stored) sees that.
    pub fn attach<T>(&self, id: JobId) -> Job<T> {
        self.job(Identity::of_number(id))
    }

    /// Attaches to a job that was stored, days or restarts of the appliance ago; nothing is sent yet.
    pub fn attach_stored<T>(&self, stored: &StoredJob) -> Job<T> {
        self.job(Identity::of_stored(stored.clone()))
    }

    /// Attaches to a job that this program started by a method.
    pub(crate) fn attach_started<T>(self, id: JobId, method: &'static str) -> Job<T> {
        self.job(Identity::of_method(id, method))
    }

    fn job<T>(self, identity: Identity) -> Job<T> {
        Job { client: self.client.clone(), identity, result: PhantomData }
    }
}

/// A job, started or attached to. Dropping it leaves the job alone.
///
/// It stays the job that it was when it was started, stored or first looked at. After a restart of the appliance another job may have its number:
/// whatever is asked of it then fails with `JobVanished`, and nothing is done to the other one.
pub struct Job<T> {
    client: Client,
    identity: Identity,
    result: PhantomData<fn() -> T>,
}

impl<T> Job<T> {
    /// Its number. It means nothing after a restart of the appliance: to find the job after that, store what [`store`](Self::store) gives.
    pub fn id(&self) -> JobId {
        self.identity.id
    }

    /// What finds it again, and no other job, as long as the appliance knows it: what was seen of it when it was started or first looked at.
    /// Of a job that was attached to by its number alone, and not looked at since, that is the job which has the number now.
    ///
    /// # Errors
    /// `JobVanished`, and those of every reading call.
    pub async fn store(&self) -> Result<StoredJob, Error> {
        let entry = self.identity.look(&self.client).await?;
        Ok(self.identity.known().cloned().unwrap_or_else(|| entry.seen(self.identity.id)))
    }

    /// Its state now.
    ///
    /// # Errors
    /// `JobVanished` when the appliance no longer knows it: it restarted, or has run a thousand jobs since.
    pub async fn status(&self) -> Result<JobStatus, Error> {
        Ok(self.identity.look(&self.client).await?.status())
    }

    /// Every change of its state, from now to its end, which is the last item. Lost connections are opened again; only when
    /// that fails for five minutes on end does the stream end with the error.
    pub fn progress(&self) -> impl Stream<Item = Result<JobStatus, Error>> + Send + use<T> {
        self.follower().statuses()
    }

    fn follower(&self) -> Follower {
        Follower::new(self.client.clone(), self.identity.clone())
    }

    /// Asks the appliance to abort it, and does not wait until it has.
    ///
    /// The appliance gives the job up, and its state becomes [`Aborted`](JobState::Aborted), whatever its kind; whether its work stops is another
    /// matter. What runs as a program of its own, such as a cloud sync, ends. What runs in a thread of the middleware, or in the replication
    /// service, goes on to its end while the job is aborted already (TrueNAS middleware 13.3 to 27, `core.job_abort`).
    ///
    /// The job is looked at first: another one that has its number by now is left alone.
    ///
    /// # Errors
    /// `JobVanished` when the appliance no longer knows it, and nothing is aborted; `OutcomeUnknown` when the answer is lost (aborting again is
    /// harmless); `Unauthorized`, and those of every reading call.
    pub async fn abort(&self) -> Result<(), Error> {
        let call = Call::new(operations::CORE_JOB_ABORT, [self.id().get().into()]);
        self.client.permit(&call)?;
        self.identity.look(&self.client).await?;
        self.client.carry_out::<Value>(call).await.map(drop)
    }
}

impl<T: DeserializeOwned> Job<T> {
    /// Follows it to its end and gives its result.
    ///
    /// # Errors
    /// `JobFailed` and `JobAborted`; `JobUnfinished` when it is still under way after `limit`; `JobVanished` when the appliance forgot it;
    /// what kept failing for five minutes on end, when the appliance cannot be reached.
    pub async fn wait(&self, limit: Duration) -> Result<T, Error> {
        let mut follower = self.follower();
        let fail = |kind| Error::new("job", self.client.subject(), kind);
        let ended = tokio::time::timeout(limit, follower.last()).await;
        let entry = ended.map_err(|_| fail(ErrorKind::JobUnfinished { job: self.id() }))??;
        match entry.state {
            JobState::Aborted => Err(fail(ErrorKind::JobAborted { job: self.id() })),
            JobState::Failed => Err(fail(entry.failure())),
            _ => serde_path_to_error::deserialize(entry.result)
                .map_err(|e| fail(ErrorKind::NotUnderstood { path: format!("result.{}", e.path()) })),
        }
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// The state of a job.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobStatus {
    /// Its number.
    pub id: JobId,
    /// The method it carries out.
    pub method: String,
    /// Waiting, running or ended.
    pub state: JobState,
    /// How far it is, 0 to 100. It can go back: rclone learns of more files while it runs.
    pub percent: Option<f64>,
    /// What it is doing, in words.
    pub description: Option<String>,
    /// Why it failed, in the appliance's words.
    pub error: Option<String>,
    /// The last lines of its log.
    pub logs_excerpt: Option<String>,
    /// When it began.
    pub started: Option<SystemTime>,
    /// When it ended.
    pub finished: Option<SystemTime>,
    /// What it is about, such as the name of a task.
    pub about: Option<String>,
    /// Whether it says that it can be aborted. Aborting does not look at it.
    pub is_abortable: Option<bool>,
    /// Whether it is one that the appliance starts again and again, for its own purposes.
    pub is_transient: bool,
    /// The user that started it, where the release says.
    pub started_by: Option<String>,
    /// Whether it has a log of its own.
    pub has_log: bool,
}

/// Waiting, running or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum JobState {
    /// Another job holds what it needs.
    Waiting,
    /// It is under way.
    Running,
    /// It ended well.
    Success,
    /// It ended badly.
    Failed,
    /// Somebody ended it.
    Aborted,
    /// A state of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

impl JobState {
    /// Whether nothing more will happen.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Aborted)
    }
}

/// A job as the appliance describes it. Of its arguments, which can hold secrets, at most the first is kept. It has no `Debug`: the result may be a key.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct Entry {
    id: JobId,
    #[serde(default)]
    method: String,
    #[serde(default, rename = "arguments", deserialize_with = "stored::first")]
    first_argument: Option<Value>,
    state: JobState,
    #[serde(default)]
    progress: Progress,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    exc_info: Option<Exception>,
    #[serde(default)]
    logs_excerpt: Option<String>,
    #[serde(default)]
    result: Value,
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    time_started: Option<SystemTime>,
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    time_finished: Option<SystemTime>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    abortable: Option<bool>,
    #[serde(default)]
    transient: Option<bool>,
    #[serde(default)]
    credentials: Option<StartedBy>,
    #[serde(default)]
    logs_path: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct StartedBy {
    data: Option<StarterData>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct StarterData {
    username: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Progress {
    percent: Option<f64>,
    description: Option<String>,
}

#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Exception {
    #[serde(rename = "type")]
    kind: Option<String>,
    extra: Value,
}

impl Entry {
    pub(crate) fn status(self) -> JobStatus {
        JobStatus {
            id: self.id,
            method: self.method,
            state: self.state,
            percent: self.progress.percent,
            description: said(self.progress.description).filter(|text| !text.is_empty()),
            error: said(self.error),
            logs_excerpt: said(self.logs_excerpt),
            started: self.time_started,
            finished: self.time_finished,
            about: said(self.description),
            is_abortable: self.abortable,
            is_transient: self.transient.unwrap_or_default(),
            started_by: self.credentials.and_then(|by| by.data).and_then(|data| data.username),
            has_log: self.logs_path.is_some(),
        }
    }

    fn failure(self) -> ErrorKind {
        let refused = self.exc_info.filter(|e| e.kind.as_deref() == Some("VALIDATION"));
        let fields: Vec<FieldError> =
            refused.map(|e| crate::error::fields(&e.extra, None)).unwrap_or_default();
        ErrorKind::JobFailed { job: self.id, reason: said(self.error).unwrap_or_default(), fields }
    }
}

/// The appliance's words, less the secrets in them.
fn said(words: Option<String>) -> Option<String> {
    words.map(|words| safe_text::lines(&words).into_owned())
}
