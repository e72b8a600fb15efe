//! Which job is meant. The appliance counts anew when it restarts, so a number alone may be another job's at the next look.

use std::sync::{Arc, OnceLock};

use super::{Entry, StoredJob};
use crate::call::Call;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, JobId, operations};

/// A number, and what distinguishes its job from a later one of the same number. Clones share what was seen.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) id: JobId,
    /// The method that it carries out, where this program called it.
    method: Option<&'static str>,
    /// What was stored, or what the first look saw.
    known: Arc<OnceLock<StoredJob>>,
}

impl Identity {
    /// Whatever job has the number when it is looked at first.
    pub(super) fn of_number(id: JobId) -> Self {
        Self { id, method: None, known: Arc::default() }
    }

    /// The job of this number, if it carries out this method.
    pub(super) fn of_method(id: JobId, method: &'static str) -> Self {
        Self { method: Some(method), ..Self::of_number(id) }
    }

    pub(super) fn of_stored(stored: StoredJob) -> Self {
        Self { id: stored.id, method: None, known: Arc::new(stored.into()) }
    }

    /// The job as the appliance describes it now.
    ///
    /// # Errors
    /// `JobVanished` when there is none of the number, or another one than before.
    pub(super) async fn look(&self, client: &Client) -> Result<Entry, Error> {
        let query = Query::new().equals("id", self.id.get());
        let found: Vec<Entry> =
            client.carry_out(Call::new(operations::CORE_GET_JOBS, query.params())).await?;
        found.into_iter().next().filter(|entry| self.is(entry)).ok_or_else(|| {
            let kind = ErrorKind::JobVanished { job: self.id };
            Error::new(operations::CORE_GET_JOBS.name(), client.subject(), kind)
        })
    }

    /// What was stored or seen of it; none before the first look.
    pub(super) fn known(&self) -> Option<&StoredJob> {
        self.known.get()
    }

    /// Whether a job of the same number is this one. The first that may be it is it from then on.
    fn is(&self, entry: &Entry) -> bool {
        let may_be = |method| entry.method.is_empty() || entry.method == method;
        self.method.is_none_or(may_be) && self.known.get_or_init(|| entry.seen(self.id)).is(entry)
    }
}
