//! One call of a method: who may make it, what it takes, and what runs it.

use std::pin::Pin;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::jobs::{Abort, Job, NewJob};
use super::nas::Nas;
use super::query;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::{Interface, Release};
use super::secret_arguments;
use super::session::{Role, Session};
use super::shape::{self, Field, Rules};
use crate::request::Access;

/// An answer that is waited for.
pub(super) type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Debug, Clone, Copy)]
enum Run {
    Now(fn(&Call) -> Outcome),
    Later(fn(Call) -> Pending),
}

/// One method of the middleware.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) access: Access,
    pub(super) role: Role,
    /// It answers with the number of a job.
    pub(super) is_job: bool,
    /// The releases that have it, with these parameters.
    pub(super) since: Release,
    pub(super) until: Release,
    params: &'static [Field],
    run: Run,
}

impl Method {
    const fn new(
        name: &'static str,
        params: &'static [Field],
        (access, role): (Access, Role),
        run: Run,
    ) -> Self {
        let (since, until) = (Release::Core13_3, Release::Community26);
        Self { name, access, role, is_job: false, since, until, params, run }
    }

    pub(super) const fn read(
        name: &'static str,
        params: &'static [Field],
        run: fn(&Call) -> Outcome,
    ) -> Self {
        Self::new(name, params, (Access::Read, Role::Reader), Run::Now(run))
    }

    pub(super) const fn write(
        name: &'static str,
        params: &'static [Field],
        run: fn(&Call) -> Outcome,
    ) -> Self {
        Self::new(name, params, (Access::Write, Role::Writer), Run::Now(run))
    }

    /// A method that waits for something else before it answers.
    pub(super) const fn later(
        name: &'static str,
        params: &'static [Field],
        run: fn(Call) -> Pending,
    ) -> Self {
        Self::new(name, params, (Access::Write, Role::Writer), Run::Later(run))
    }

    /// It changes nothing, though only an administrator may call it.
    pub(super) const fn harmless(mut self) -> Self {
        self.access = Access::Read;
        self
    }

    pub(super) const fn by(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    pub(super) const fn job(mut self) -> Self {
        self.is_job = true;
        self
    }

    /// It is absent before this release, or has other parameters there.
    pub(super) const fn since(mut self, release: Release) -> Self {
        self.since = release;
        self
    }

    /// It is absent after this release, or has other parameters there.
    pub(super) const fn until(mut self, release: Release) -> Self {
        self.until = release;
        self
    }
}

/// One call: who calls what with which arguments, on which appliance.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) nas: Arc<Nas>,
    pub(super) session: Arc<Session>,
    pub(super) method: &'static Method,
    /// The checks that its arguments have passed, and the release whose shapes it speaks.
    pub(super) rules: Rules,
    /// The request's `id`, by which a job remembers who asked for it.
    pub(super) message: Value,
    /// The arguments as they came.
    pub(super) given: Vec<Value>,
    /// One value per parameter, defaults filled in.
    pub(super) params: Vec<Value>,
}

impl Call {
    /// Returns the text at this place, or nothing where the shape let something else through.
    pub(super) fn text(&self, index: usize) -> &str {
        self.params[index].as_str().unwrap_or_default()
    }

    pub(super) fn id(&self, index: usize) -> i64 {
        self.params[index].as_i64().unwrap_or_default()
    }

    pub(super) fn object(&self, index: usize) -> Map<String, Value> {
        self.params[index].as_object().cloned().unwrap_or_default()
    }

    /// Enters a job of this call that waits to be started.
    pub(super) fn enter_job(&self, description: &str, abort: Abort, lock: Option<String>) -> Arc<Job> {
        let now = self.nas.now();
        self.nas.jobs.enter(NewJob {
            message: &self.message,
            method: self.method.name,
            arguments: &secret_arguments::shown(self.method.name, &self.arguments()),
            description,
            credentials: self.session.job_credentials(),
            abort,
            lock,
            now,
        })
    }

    /// The arguments as they reach the method: a call in an older version of the API has the defaults filled in by then.
    fn arguments(&self) -> Vec<Value> {
        match self.session.interface {
            Interface::Older(_) => {
                let count = shape::count(self.method.params, self.rules);
                self.params.iter().take(count).cloned().collect()
            }
            Interface::Legacy | Interface::Newest => self.given.clone(),
        }
    }

    /// Answers a query over `entries` with the filters and options of the first two parameters.
    pub(super) fn query(&self, entries: Vec<Value>) -> Outcome {
        query::answer(entries, &self.params[0], &self.params[1])
    }

    /// How this caller sees the appliance's rows.
    pub(super) fn view(&self) -> View {
        let sight = if self.session.sees_secrets() { Sight::Whole } else { Sight::Redacted };
        View { models: self.rules.models, sight }
    }
}

/// How rows are shown to somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// The release whose shapes they have.
    pub(super) models: Release,
    pub(super) sight: Sight,
}

/// Whether secrets are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    Whole,
    Redacted,
}

impl View {
    /// Replaces a secret by asterisks for whoever may not see it: one that is null as well
    /// (TrueNAS middleware 25.10, `api/base/model.py`).
    pub(super) fn redact(self, secret: &mut Value) {
        if self.sight == Sight::Redacted {
            *secret = "********".into();
        }
    }
}

/// Looks at the log-in once: another call of the session may end it meanwhile.
fn permit(nas: &Nas, session: &Session, role: Role) -> Result<(), Refusal> {
    if role == Role::Anyone {
        return Ok(());
    }
    let login = session.login().clone().ok_or_else(Refusal::not_authenticated)?;
    if nas.is_expired(&login) {
        return Err(Refusal::failed(Errno::FORBIDDEN, "Session is expired"));
    }
    if role.is_had_by(&login) { Ok(()) } else { Err(Refusal::not_authorized()) }
}

/// Checks role and arguments, then runs the method.
pub(super) async fn run(
    nas: &Arc<Nas>,
    session: &Arc<Session>,
    method: &'static Method,
    rules: Rules,
    message: &Value,
    params: &[Value],
) -> Outcome {
    permit(nas, session, method.role)?;
    let call = Call {
        nas: Arc::clone(nas),
        session: Arc::clone(session),
        method,
        rules,
        message: message.clone(),
        given: params.to_vec(),
        params: shape::check_params(method.params, params, rules).map_err(Refusal::Invalid)?,
    };
    match method.run {
        Run::Now(run) => run(&call),
        Run::Later(run) => run(call).await,
    }
}
