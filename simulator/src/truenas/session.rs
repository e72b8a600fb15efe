//! A connection's session: who is logged in, what it may do, and how often a caller may try before it logs in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::time::{Duration, Instant};

use super::refusal::{Errno, Refusal};
use super::release::{Interface, Release};
use super::scram::Exchange;
use super::users::{By, Login};

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

impl Role {
    /// Returns whether somebody who has logged in so has this role.
    pub(super) fn is_had_by(self, login: &Login) -> bool {
        match self {
            Self::Anyone | Self::Reader => true,
            Self::Writer => login.user.is_full,
        }
    }
}

/// How a client reached the appliance, as the appliance sees it.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) address: IpAddr,
    /// Over TLS all the way.
    pub(super) is_secure: bool,
    /// SHA-256 of the certificate that the client was shown.
    pub(super) end_point: Vec<u8>,
}

/// How far a login has come that takes several messages.
#[derive(Debug, Default)]
pub(super) enum Attempt {
    #[default]
    None,
    /// The password was right, and a one-time password is wanted.
    Otp(Login),
    /// The first messages of SCRAM were exchanged.
    Scram(Exchange),
    /// The last attempt failed.
    Failed,
}

/// One connection's state: who is logged in, and what it listens to.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) release: Release,
    pub(super) interface: Interface,
    pub(super) channel: Channel,
    login: Mutex<Option<Login>>,
    attempt: Mutex<Attempt>,
    /// Names of events by the id of their subscription.
    subscriptions: Mutex<BTreeMap<String, String>>,
    /// What came along with the call that is made in it.
    upload: Mutex<Option<Bytes>>,
    /// Calls of jobs answer when the job ends, not with its number.
    pub(super) waits_for_jobs: AtomicBool,
    /// What `core.set_options` has set.
    options: Mutex<Value>,
}

impl Session {
    pub(super) fn new(id: String, release: Release, interface: Interface, channel: Channel) -> Self {
        let options = json!({"legacy_jobs": true, "private_methods": false, "py_exceptions": false});
        Self {
            id,
            options: Mutex::new(options),
            release,
            interface,
            channel,
            login: Mutex::default(),
            attempt: Mutex::default(),
            subscriptions: Mutex::default(),
            upload: Mutex::default(),
            waits_for_jobs: AtomicBool::new(false),
        }
    }

    pub(super) fn login(&self) -> MutexGuard<'_, Option<Login>> {
        self.login.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets options; returns all of them.
    pub(super) fn keep_options(&self, given: &Map<String, Value>) -> Value {
        let mut options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().for_each(|(name, value)| options[name.as_str()] = value.clone());
        options.clone()
    }

    pub(super) fn attempt(&self) -> MutexGuard<'_, Attempt> {
        self.attempt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn subscriptions(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came along with a call, for the call to take.
    pub(super) fn keep_upload(&self, content: Bytes) {
        *self.upload.lock().unwrap_or_else(PoisonError::into_inner) = Some(content);
    }

    pub(super) fn take_upload(&self) -> Option<Bytes> {
        self.upload.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns whether the caller has this role.
    pub(super) fn may(&self, role: Role) -> bool {
        role == Role::Anyone || self.login().as_ref().is_some_and(|login| role.is_had_by(login))
    }

    /// Logs the caller out, as an expired session does.
    pub(super) fn forget(&self) {
        *self.login() = None;
        *self.attempt() = Attempt::None;
    }

    /// Returns whether secrets are shown to the caller: from 25.04 on to a full administrator; on 24.10 to every API key,
    /// since it is no user's session there; on CORE to everybody.
    pub(super) fn sees_secrets(&self) -> bool {
        let login = self.login();
        let is_key = matches!(&*login, Some(Login { by: By::ApiKey { .. }, .. }));
        let is_full = login.as_ref().is_some_and(|login| login.user.is_full);
        match self.release {
            Release::Core13_3 => true,
            Release::Scale24_10 => is_key || is_full,
            _ => is_full,
        }
    }

    /// Returns whether the caller is shown a job: a full administrator each one, others their own and those whose method has a
    /// role for readers.
    pub(super) fn sees_job(&self, entry: &Value) -> bool {
        let own = |login: &Login| entry["credentials"]["data"]["username"] == login.user.name;
        self.may(Role::Writer)
            || matches!(entry["method"].as_str(), Some("cloudsync.sync" | "replication.run"))
            || self.login().as_ref().is_some_and(own)
    }

    /// Whoever started a job, as the job shows it.
    pub(super) fn job_credentials(&self) -> Value {
        self.login().as_ref().map(|login| login.job_credentials(self.release)).unwrap_or_default()
    }
}

/// Counts the calls that are made before a login.
#[derive(Debug, Default)]
pub(super) struct AnonymousCalls {
    calls: Mutex<BTreeMap<&'static str, Vec<Instant>>>,
    refused: AtomicU64,
}

impl AnonymousCalls {
    /// Refuses a caller that is not logged in and has called this method too often. CORE has no such limit.
    pub(super) fn check(&self, session: &Session, method: &'static str) -> Result<(), Refusal> {
        let is_exempt = session.release == Release::Core13_3 || method == "core.set_options";
        if is_exempt || session.may(Role::Reader) {
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

    /// How many seconds the next caller waits that is refused: 1 to 10, scattered.
    pub(super) fn wait(&self) -> u64 {
        self.refused.fetch_add(7, Ordering::Relaxed) % 10 + 1
    }

    /// Forgets every call.
    pub(super) fn reset(&self) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
