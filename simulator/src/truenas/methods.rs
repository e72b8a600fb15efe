//! Which methods this release offers, who may call them, and what they take.

use std::pin::Pin;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::auth::Session;
use super::nas::Nas;
use super::refusal::{Outcome, Refusal};
use super::shape::Field;
use super::{
    auth, cloudsync, credentials, datasets, filesystem, jobs, network, pools, query, services,
    snapshot_tasks, snapshots, snmp, system,
};
use crate::transcript::Access;

/// An answer that takes its time.
pub(super) type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Everybody, before the login too.
    Anyone,
    /// Whoever is logged in.
    Reader,
    /// A full administrator.
    Writer,
}

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
    params: &'static [Field],
    run: Run,
}

impl Method {
    pub(super) const fn read(
        name: &'static str,
        params: &'static [Field],
        run: fn(&Call) -> Outcome,
    ) -> Self {
        let (access, role, run) = (Access::Read, Role::Reader, Run::Now(run));
        Self { name, access, role, is_job: false, params, run }
    }

    pub(super) const fn write(
        name: &'static str,
        params: &'static [Field],
        run: fn(&Call) -> Outcome,
    ) -> Self {
        let (access, role, run) = (Access::Write, Role::Writer, Run::Now(run));
        Self { name, access, role, is_job: false, params, run }
    }

    /// A method that waits for something else before it answers.
    pub(super) const fn later(
        name: &'static str,
        params: &'static [Field],
        run: fn(Call) -> Pending,
    ) -> Self {
        let (access, role, run) = (Access::Write, Role::Writer, Run::Later(run));
        Self { name, access, role, is_job: false, params, run }
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
}

const TABLES: &[&[Method]] = &[
    auth::METHODS,
    jobs::METHODS,
    pools::METHODS,
    datasets::METHODS,
    credentials::METHODS,
    cloudsync::METHODS,
    snapshot_tasks::METHODS,
    snapshots::METHODS,
    snmp::METHODS,
    services::METHODS,
    system::METHODS,
    network::METHODS,
    filesystem::METHODS,
];

/// Finds a method by its name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    TABLES.iter().copied().flatten().find(|method| method.name == name)
}

/// One call: who calls what with which arguments, on which box.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) nas: Arc<Nas>,
    pub(super) session: Arc<Session>,
    pub(super) method: &'static Method,
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

    /// Answers a query over `entries` with the filters and options of the first two parameters.
    pub(super) fn query(&self, entries: Vec<Value>) -> Outcome {
        query::answer(entries, &self.params[0], &self.params[1])
    }

    /// Hides a secret from whoever may not write the thing that it belongs to.
    pub(super) fn veil(&self, secret: &mut Value) {
        if secret.is_string() && !self.session.may(Role::Writer) {
            *secret = "********".into();
        }
    }
}

/// Checks role and arguments, then runs the method.
pub(super) async fn run(
    nas: &Arc<Nas>,
    session: &Arc<Session>,
    method: &'static Method,
    message: &Value,
    params: &[Value],
) -> Outcome {
    if method.role != Role::Anyone && !session.may(Role::Reader) {
        return Err(Refusal::not_authenticated());
    }
    if !session.may(method.role) {
        return Err(Refusal::not_authorized());
    }
    let call = Call {
        nas: Arc::clone(nas),
        session: Arc::clone(session),
        method,
        message: message.clone(),
        given: params.to_vec(),
        params: super::shape::check_params(method.params, params).map_err(Refusal::Invalid)?,
    };
    match method.run {
        Run::Now(run) => run(&call),
        Run::Later(run) => run(call).await,
    }
}
