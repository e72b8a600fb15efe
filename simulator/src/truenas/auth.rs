//! Logging in, and what a connection may do afterwards.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::methods::{Call, Method, Role};
use super::refusal::{Errno, Outcome, Refusal};
use super::shape::{Field, Kind};
use super::state::ApiKey;

/// Calls of one method that an address may make before it logs in, in [`WINDOW`]
/// (TrueNAS middleware 25.10, `utils/rate_limit/cache.py`).
const UNKNOWN_CALLERS_CALLS: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);

const LOGIN_OPTIONS: Kind = Kind::Object(&[Field::or("user_info", Kind::Bool, "true")]);
const BY_API_KEY: Kind = Kind::Object(&[
    Field::required("mechanism", Kind::OneOf(&["API_KEY_PLAIN"])),
    Field::required("username", Kind::Text),
    Field::required("api_key", Kind::Text),
    Field::or("login_options", LOGIN_OPTIONS, "{}"),
]);
const BY_PASSWORD: Kind = Kind::Object(&[
    Field::required("mechanism", Kind::OneOf(&["PASSWORD_PLAIN"])),
    Field::required("username", Kind::Text),
    Field::required("password", Kind::Text),
    Field::or("login_options", LOGIN_OPTIONS, "{}"),
]);
const LOGIN: Field = Field::required("login_data", Kind::Either(&BY_PASSWORD, &BY_API_KEY));
const SESSION_OPTIONS: Kind = Kind::Partial(&[
    Field::optional("private_methods", Kind::Bool),
    Field::optional("py_exceptions", Kind::Bool),
    Field::optional("legacy_jobs", Kind::Bool),
]);

pub(super) const METHODS: &[Method] = &[
    Method::read("auth.login_with_api_key", &[Field::required("api_key", Kind::Text)], login_with_api_key)
        .by(Role::Anyone),
    Method::read("auth.login_ex", &[LOGIN], login_ex).by(Role::Anyone),
    Method::read("auth.mechanism_choices", &[], |_| Ok(json!(["API_KEY_PLAIN"]))).by(Role::Anyone),
    Method::read("auth.me", &[], me),
    Method::read("auth.logout", &[], logout),
    Method::read("core.ping", &[], |_| Ok("pong".into())).by(Role::Anyone),
    Method::read("core.set_options", &[Field::required("options", SESSION_OPTIONS)], set_options)
        .by(Role::Anyone),
];

/// One connection's standing: who is logged in, and what it listens to.
#[derive(Debug, Default)]
pub(super) struct Session {
    user: Mutex<Option<ApiKey>>,
    /// Names of events by the id of their subscription.
    pub(super) subscriptions: Mutex<HashMap<String, String>>,
    /// Calls of jobs answer when the job ends, not with its number.
    pub(super) waits_for_jobs: AtomicBool,
}

impl Session {
    fn user(&self) -> MutexGuard<'_, Option<ApiKey>> {
        self.user.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether the caller has this role.
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

    /// Tells whether the caller is shown a job: a full administrator each one, others their own and those whose method has a
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
            "username": key.user, "login_at": super::state::date(now),
            "api_key": {"id": key.id, "name": key.name},
        }})
    }
}

fn login_with_api_key(call: &Call) -> Outcome {
    Ok(log_in(call, call.text(0), None).is_some().into())
}

fn login_ex(call: &Call) -> Outcome {
    let data = &call.params[0];
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    if data["mechanism"] == "PASSWORD_PLAIN" {
        return Ok(json!({"response_type": "AUTH_ERR"}));
    }
    let Some(key) = log_in(call, &text("api_key"), Some(&text("username"))) else {
        return Ok(json!({"response_type": "AUTH_ERR"}));
    };
    if key.is_revoked {
        return Ok(json!({"response_type": "EXPIRED"}));
    }
    let wants_info = data["login_options"]["user_info"] == true;
    let user_info = if wants_info { user_info(&key) } else { Value::Null };
    Ok(json!({"response_type": "SUCCESS", "user_info": user_info, "authenticator": "LEVEL_1"}))
}

/// Finds the key and, unless it is revoked, lets the caller in.
fn log_in(call: &Call, text: &str, user: Option<&str>) -> Option<ApiKey> {
    let keys = call.nas.state().keys.clone();
    let mut fitting = keys.into_iter().filter(|key| key.text == text && user.is_none_or(|u| u == key.user));
    let key = fitting.next()?;
    if key.is_revoked {
        return user.map(|_| key);
    }
    *call.session.user() = Some(key.clone());
    Some(key)
}

fn user_info(key: &ApiKey) -> Value {
    let roles = if key.is_full { ["FULL_ADMIN"] } else { ["READONLY_ADMIN"] };
    let id = 949 + key.id;
    json!({
        "pw_name": key.user, "pw_gecos": "", "pw_dir": "/var/empty", "pw_shell": "/usr/sbin/nologin",
        "pw_uid": id, "pw_gid": id, "grouplist": [id], "sid": null, "source": "LOCAL", "local": true,
        "attributes": {}, "account_attributes": ["LOCAL", "API_KEY"],
        "two_factor_config": {"provisioning_uri": null, "secret_configured": false, "interval": 30, "otp_digits": 6},
        "privilege": {"allowlist": [], "roles": {"$set": roles}, "web_shell": false, "webui_access": true},
    })
}

fn me(call: &Call) -> Outcome {
    let user = call.session.user();
    user.as_ref().map(user_info).ok_or_else(Refusal::not_authenticated)
}

fn logout(call: &Call) -> Outcome {
    call.session.forget();
    Ok(true.into())
}

fn set_options(call: &Call) -> Outcome {
    let options = call.object(0);
    if let Some(legacy) = options.get("legacy_jobs").and_then(Value::as_bool) {
        call.session.waits_for_jobs.store(!legacy, Ordering::Relaxed);
    }
    Ok(options.into())
}

/// Counts what callers do before they log in.
#[derive(Debug, Default)]
pub(super) struct Patience {
    calls: Mutex<BTreeMap<&'static str, Vec<Instant>>>,
}

impl Patience {
    /// Refuses a caller that is not logged in and has called this method too often. The box makes such a caller
    /// wait up to ten seconds as well; here it does not.
    pub(super) fn check(&self, session: &Session, method: &'static Method) -> Result<(), Refusal> {
        if session.may(Role::Reader) || method.name == "core.set_options" {
            return Ok(());
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let times = calls.entry(method.name).or_default();
        times.retain(|time| time.elapsed() < WINDOW);
        if times.len() >= UNKNOWN_CALLERS_CALLS {
            return Err(Refusal::failed(Errno::BUSY, "Rate Limit Exceeded"));
        }
        times.push(Instant::now());
        Ok(())
    }

    /// Forgets every call.
    pub(super) fn restore(&self) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
