//! Logging in and out.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::refusal::{Outcome, Refusal};
use super::session::Role;
use super::shape::{Field, Kind};
use super::state::ApiKey;

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
