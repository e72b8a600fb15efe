//! Logging in by the calls that every release has, logging out, and tokens.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;

use super::alerts;
use super::api_keys::ApiKey;
use super::call::{Call, Method};
use super::nas::Nas;
use super::refusal::{Outcome, Refusal};
use super::release::Release;
use super::session::{Role, Session};
use super::shape::{Field, INT, Kind};
use super::users::{By, Login, Token, User};

const TEXT: Kind = Kind::LongText;
const TTL: Field = Field::or("ttl", Kind::Nullable(&INT), "600");
const SESSION_OPTIONS: Kind = Kind::Partial(&[
    Field::optional("private_methods", Kind::Bool).since(Release::Scale25_10),
    Field::optional("py_exceptions", Kind::Bool),
    Field::optional("legacy_jobs", Kind::Bool).since(Release::Scale25_10),
]);

pub(super) const METHODS: &[Method] = &[
    Method::read("auth.login_with_api_key", &[Field::required("api_key", TEXT)], login_with_api_key)
        .by(Role::Anyone),
    Method::read(
        "auth.login",
        &[
            Field::required("username", TEXT),
            Field::required("password", TEXT),
            Field::or("otp_token", Kind::Nullable(&TEXT), "null"),
        ],
        login,
    )
    .by(Role::Anyone),
    Method::read("auth.token", &[Field::required("token", TEXT)], login_with_token)
        .by(Role::Anyone)
        .until(Release::Core13_3),
    Method::read("auth.login_with_token", &[Field::required("token", TEXT)], login_with_token)
        .by(Role::Anyone)
        .since(Release::Scale24_10),
    Method::read(
        "auth.generate_token",
        &[
            TTL,
            Field::or("attrs", Kind::AnyObject, "{}"),
            Field::or("match_origin", Kind::Bool, "true").since(Release::Scale24_10),
            Field::or("single_use", Kind::Bool, "false").since(Release::Scale25_04),
        ],
        generate_token,
    ),
    Method::read("auth.me", &[], me).since(Release::Scale24_10),
    Method::read("auth.logout", &[], logout),
    Method::read("core.ping", &[], |_| Ok("pong".into())).until(Release::Scale25_04),
    Method::read("core.ping", &[], |_| Ok("pong".into())).by(Role::Anyone).since(Release::Scale25_10),
    Method::read("core.set_options", &[Field::required("options", SESSION_OPTIONS)], set_options)
        .by(Role::Anyone)
        .since(Release::Scale25_04),
];

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barred {
    /// No such user, password, key or token.
    Wrong,
    /// The key was revoked, or has expired.
    Void,
}

/// How long the answer to a login that fails is held back.
pub(super) const FAILURE: Duration = Duration::from_secs(1);

/// Whether this answer lets somebody in nowhere.
pub(super) fn is_failure(method: &str, said: &Value) -> bool {
    match method {
        "auth.login" | "auth.login_with_api_key" | "auth.token" | "auth.login_with_token" => *said == false,
        "auth.login_ex" => {
            matches!(said["response_type"].as_str(), Some("AUTH_ERR" | "DENIED" | "EXPIRED"))
        }
        _ => false,
    }
}

fn login_with_api_key(call: &Call) -> Outcome {
    Ok(let_in(call, by_api_key(call, call.text(0), None)))
}

fn login(call: &Call) -> Outcome {
    let user = by_password(&call.nas, call.text(0), call.text(1));
    let user = user.filter(|user| user.otp.is_none() || user.otp.as_deref() == call.params[2].as_str());
    let login = user.map(|user| Login { user, by: By::Password, at: call.nas.now() });
    Ok(let_in(call, login.ok_or(Barred::Wrong)))
}

fn login_with_token(call: &Call) -> Outcome {
    Ok(let_in(call, by_token(&call.nas, &call.session, call.text(0))))
}

fn let_in(call: &Call, login: Result<Login, Barred>) -> Value {
    let is_standby = !call.nas.state().redirects.is_empty();
    match login {
        Ok(login) if login.user.has_access && !is_standby => {
            *call.session.login() = Some(login);
            true.into()
        }
        _ => false.into(),
    }
}

/// Finds the key. One that arrives in the clear from elsewhere is revoked on the spot, however right it is
/// (TrueNAS middleware 25.04 to 26, `plugins/auth.py`).
pub(super) fn by_api_key(call: &Call, text: &str, user: Option<&str>) -> Result<Login, Barred> {
    let channel = &call.session.channel;
    let is_exposed = !channel.is_secure && !channel.address.is_loopback();
    let mut state = call.nas.state();
    let fits = |key: &&mut ApiKey| key.text == text && user.is_none_or(|user| user == key.user);
    let key = state.keys.iter_mut().find(fits).ok_or(Barred::Wrong)?;
    let was_void = key.is_void(call.nas.now());
    if !was_void && is_exposed && call.nas.release >= Release::Scale25_04 {
        key.revoke("Attempt to use over an insecure transport");
        let name = key.name.clone();
        drop(state);
        let text = format!("API key {name} was used over a transport that is not encrypted, and is revoked.");
        alerts::raise(&call.nas, "ApiKeyRevoked", text);
        return Err(Barred::Void);
    }
    if was_void {
        return Err(Barred::Void);
    }
    let key = key.clone();
    let user = state.users.iter().find(|user| user.id == key.user_id && !user.is("locked")).cloned();
    let by = By::ApiKey { id: key.id, name: key.name };
    let at = call.nas.now();
    user.map(|user| Login { user, by, at }).ok_or(Barred::Wrong)
}

pub(super) fn by_password(nas: &Nas, name: &str, password: &str) -> Option<User> {
    let state = nas.state();
    state.users.iter().find(|user| user.name == name && user.is_let_in_by(password)).cloned()
}

pub(super) fn by_token(nas: &Nas, session: &Session, text: &str) -> Result<Login, Barred> {
    let now = nas.now();
    let mut state = nas.state();
    state.tokens.retain(|token| token.until > now);
    let address = session.channel.address;
    let fits = |token: &Token| token.text == text && token.origin.is_none_or(|origin| origin == address);
    let place = state.tokens.iter().position(fits).ok_or(Barred::Wrong)?;
    let is_used_up = state.tokens[place].is_single_use;
    let login = if is_used_up { state.tokens.remove(place).login } else { state.tokens[place].login.clone() };
    Ok(Login { by: By::Token, at: now, ..login })
}

fn generate_token(call: &Call) -> Outcome {
    let login = call.session.login().clone().ok_or_else(Refusal::not_authenticated)?;
    let ttl = call.params[0].as_u64().unwrap_or(600);
    // Not on CORE, and single use from 25.04 on.
    let matches_origin = call.params[2] == true;
    Ok(make_token(&call.nas, &call.session, login, Duration::from_secs(ttl), matches_origin, &call.params[3]))
}

pub(super) fn make_token(
    nas: &Nas,
    session: &Session,
    login: Login,
    ttl: Duration,
    matches_origin: bool,
    single_use: &Value,
) -> Value {
    let text = nas.random.alphanumeric(64);
    let token = Token {
        text: text.clone(),
        login,
        until: nas.now().checked_add(ttl).unwrap_or(jiff::Timestamp::MAX),
        origin: matches_origin.then_some(session.channel.address),
        is_single_use: *single_use == true,
    };
    nas.state().tokens.push(token);
    text.into()
}

fn me(call: &Call) -> Outcome {
    let login = call.session.login();
    login.as_ref().map(|login| login.user_info(call.rules.models)).ok_or_else(Refusal::not_authenticated)
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
    let kept = call.session.keep_options(&options);
    // The answer is all of them from 25.10 on.
    Ok(if call.rules.models >= Release::Scale25_10 { kept } else { Value::Null })
}
