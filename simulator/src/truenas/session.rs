//! A connection's session: who is logged in, what it may do, and how often a caller may try before it logs in.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::refusal::{Errno, Refusal};
use super::state::{self, ApiKey};

/// Calls of one method that an address may make before it logs in, in [`WINDOW`]
/// (TrueNAS middleware 25.10, `utils/rate_limit/cache.py`).
const CALLS_BEFORE_LOGIN: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);

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

/// One connection's state: who is logged in, and what it listens to.
#[derive(Debug, Default)]
pub(super) struct Session {
    user: Mutex<Option<ApiKey>>,
    /// Names of events by the id of their subscription.
    pub(super) subscriptions: Mutex<HashMap<String, String>>,
    /// Calls of jobs answer when the job ends, not with its number.
    pub(super) waits_for_jobs: AtomicBool,
}

impl Session {
    pub(super) fn user(&self) -> MutexGuard<'_, Option<ApiKey>> {
        self.user.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the caller has this role.
    pub(super) fn may(&self, role: Role) -> bool {
        match (role, &*self.user()) {
            (Role::Anyone, _) => true,
            (Role::Reader, user) => user.is_some(),
            (Role::Writer, user) => user.as_ref().is_some_and(|key| key.is_full),
        }
    }

    /// Logs the caller out, as an expired session does.
    pub(super) fn forget(&self) {
        *self.user() = None;
    }

    /// Returns whether the caller is shown a job: a full administrator each one, others their own and those whose method has a
    /// role for readers.
    pub(super) fn sees_job(&self, entry: &Value) -> bool {
        let own = |key: &ApiKey| entry["credentials"]["data"]["username"] == key.user;
        self.may(Role::Writer) || entry["method"] == "cloudsync.sync" || self.user().as_ref().is_some_and(own)
    }

    /// Whoever started a job, as the job shows it.
    pub(super) fn job_credentials(&self, now: Timestamp) -> Value {
        let Some(key) = self.user().clone() else {
            return Value::Null;
        };
        json!({"type": "API_KEY", "data": {
            "username": key.user, "login_at": state::date(now),
            "api_key": {"id": key.id, "name": key.name},
        }})
    }
}

/// Counts the calls that are made before a login.
#[derive(Debug, Default)]
pub(super) struct AnonymousCalls {
    calls: Mutex<BTreeMap<&'static str, Vec<Instant>>>,
}

impl AnonymousCalls {
    /// Refuses a caller that is not logged in and has called this method too often. The appliance makes such a
    /// caller wait up to ten seconds as well; here it does not.
    pub(super) fn check(&self, session: &Session, method: &'static str) -> Result<(), Refusal> {
        if session.may(Role::Reader) || method == "core.set_options" {
            return Ok(());
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let times = calls.entry(method).or_default();
        times.retain(|time| time.elapsed() < WINDOW);
        if times.len() >= CALLS_BEFORE_LOGIN {
            return Err(Refusal::failed(Errno::BUSY, "Rate Limit Exceeded"));
        }
        times.push(Instant::now());
        Ok(())
    }

    /// Forgets every call.
    pub(super) fn reset(&self) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
