//! `auth.login_ex`: every way to log in from 25.04 on. A login that fails is a result, not an error.

use std::time::Duration;

use serde_json::{Value, json};

use super::auth::{self, Barred};
use super::call::{Call, Method};
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::scram::{self, Exchange};
use super::session::{Attempt, Role};
use super::shape::{Field, Kind};
use super::users::{By, Login};

const OPTIONS: Field = Field::or(
    "login_options",
    Kind::Object(&[
        Field::or("user_info", Kind::Bool, "true"),
        Field::or("reconnect_token", Kind::Bool, "false").since(Release::Community26),
    ]),
    "{}",
);
const API_KEY: &[Field] =
    &[Field::required("username", Kind::LongText), Field::required("api_key", Kind::LongText), OPTIONS];
const PASSWORD: &[Field] =
    &[Field::required("username", Kind::LongText), Field::required("password", Kind::LongText), OPTIONS];
const TOKEN: &[Field] = &[Field::required("token", Kind::LongText), OPTIONS];
const OTP: &[Field] = &[Field::required("otp_token", Kind::LongText), OPTIONS];
const SCRAM: &[Field] = &[
    Field::required("scram_type", Kind::OneOf(&["CLIENT_FIRST_MESSAGE", "CLIENT_FINAL_MESSAGE"])),
    Field::required("rfc_str", Kind::LongText),
];
const MECHANISMS: Kind = Kind::Tagged(
    "mechanism",
    &[("API_KEY_PLAIN", API_KEY), ("PASSWORD_PLAIN", PASSWORD), ("TOKEN_PLAIN", TOKEN), ("OTP_TOKEN", OTP)],
);
const MECHANISMS_OF_26: Kind = Kind::Tagged(
    "mechanism",
    &[
        ("API_KEY_PLAIN", API_KEY),
        ("PASSWORD_PLAIN", PASSWORD),
        ("TOKEN_PLAIN", TOKEN),
        ("OTP_TOKEN", OTP),
        ("SCRAM", SCRAM),
    ],
);

pub(super) const METHODS: &[Method] = &[
    Method::read("auth.login_ex", &[Field::required("login_data", MECHANISMS)], login_ex)
        .by(Role::Anyone)
        .since(Release::Scale25_04)
        .until(Release::Scale25_10),
    Method::read("auth.login_ex", &[Field::required("login_data", MECHANISMS_OF_26)], login_ex)
        .by(Role::Anyone)
        .since(Release::Community26),
    Method::read("auth.mechanism_choices", &[], mechanisms).by(Role::Anyone).since(Release::Scale25_04),
];

fn mechanisms(call: &Call) -> Outcome {
    let mut choices = vec!["API_KEY_PLAIN", "TOKEN_PLAIN", "PASSWORD_PLAIN"];
    if call.nas.release >= Release::Community26 {
        choices.push("SCRAM");
    }
    Ok(json!(choices))
}

fn answer(response: &str) -> Value {
    json!({"response_type": response})
}

fn login_ex(call: &Call) -> Outcome {
    let data = &call.params[0];
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    let mechanism = text("mechanism");
    let attempt = std::mem::take(&mut *call.session.attempt());
    let redirects = call.nas.state().redirects.clone();
    if !redirects.is_empty() {
        return Ok(json!({"response_type": "REDIRECT", "urls": redirects}));
    }
    // On 25.04 a connection on which a login has failed lets nobody in any more (reported by users).
    let is_spent = matches!(attempt, Attempt::Failed) && call.nas.release == Release::Scale25_04;
    let is_elsewhere = matches!(attempt, Attempt::Otp(_)) && mechanism != "OTP_TOKEN";
    let is_early = mechanism == "OTP_TOKEN" && !matches!(attempt, Attempt::Otp(_));
    if is_spent || is_elsewhere || is_early {
        *call.session.attempt() = attempt;
        let reason = format!("{mechanism}: unexpected authenticator run state");
        return Err(Refusal::failed(Errno::BUSY, reason));
    }
    let found = match (mechanism, attempt) {
        ("API_KEY_PLAIN", _) => auth::by_api_key(call, text("api_key"), Some(text("username"))),
        ("TOKEN_PLAIN", _) => auth::by_token(&call.nas, &call.session, text("token")),
        ("SCRAM", attempt) => return Ok(scram(call, attempt)),
        ("OTP_TOKEN", Attempt::Otp(login)) => {
            let is_right = login.user.otp.as_deref() == Some(text("otp_token"));
            if is_right { Ok(login) } else { Err(Barred::Wrong) }
        }
        _ => match auth::by_password(&call.nas, text("username"), text("password")) {
            Some(user) => {
                let login = Login { user, by: By::Password, at: call.nas.now() };
                if login.user.otp.is_some() {
                    let user = login.user.name.clone();
                    *call.session.attempt() = Attempt::Otp(login);
                    return Ok(json!({"response_type": "OTP_REQUIRED", "username": user}));
                }
                Ok(login)
            }
            None => Err(Barred::Wrong),
        },
    };
    Ok(admit(call, found))
}

/// Lets somebody in whose proof was right, or says why not.
fn admit(call: &Call, found: Result<Login, Barred>) -> Value {
    let response = match found {
        Ok(login) if login.user.has_access => return success(call, login),
        Ok(_) if call.rules.models >= Release::Community26 => "DENIED",
        Ok(_) | Err(Barred::Wrong) => "AUTH_ERR",
        Err(Barred::Void) => "EXPIRED",
    };
    *call.session.attempt() = Attempt::Failed;
    answer(response)
}

fn success(call: &Call, login: Login) -> Value {
    let options = &call.params[0]["login_options"];
    let mut said = answer("SUCCESS");
    said["authenticator"] = "LEVEL_1".into();
    said["user_info"] = Value::Null;
    if options["user_info"] == true {
        said["user_info"] = login.user_info(call.rules.models);
    }
    if call.rules.models >= Release::Community26 {
        said["reconnect_token"] = Value::Null;
        if options["reconnect_token"] == true {
            let ttl = Duration::from_mins(10);
            said["reconnect_token"] =
                auth::make_token(&call.nas, &call.session, login.clone(), ttl, true, &true.into());
        }
    }
    *call.session.login() = Some(login);
    said
}

/// Both messages of SCRAM: the key itself never passes, so that none is revoked for passing in the clear.
fn scram(call: &Call, attempt: Attempt) -> Value {
    let data = &call.params[0];
    let message = data["rfc_str"].as_str().unwrap_or_default();
    let is_first = data["scram_type"] == "CLIENT_FIRST_MESSAGE";
    match (is_first, attempt) {
        (true, _) => match begin(call, message) {
            Some(said) => scram_answer("SERVER_FIRST_RESPONSE", &said, &Value::Null),
            None => admit(call, Err(Barred::Wrong)),
        },
        (false, Attempt::Scram(exchange)) => finish(call, &exchange, message),
        (false, _) => admit(call, Err(Barred::Wrong)),
    }
}

fn scram_answer(kind: &str, message: &str, user_info: &Value) -> Value {
    json!({"response_type": "SCRAM_RESPONSE", "scram_type": kind, "rfc_str": message, "user_info": user_info})
}

fn begin(call: &Call, message: &str) -> Option<String> {
    let first = scram::read_first(message)?;
    let keys = call.nas.state().keys.clone();
    let is_meant = |id: i64| first.key.is_none_or(|key| key == id);
    let key = keys.into_iter().find(|key| key.user == first.user && is_meant(key.id))?;
    let (exchange, said) = Exchange::begin(first, key, &call.nas.random);
    *call.session.attempt() = Attempt::Scram(exchange);
    Some(said)
}

fn finish(call: &Call, exchange: &Exchange, message: &str) -> Value {
    let Some(said) = exchange.finish(message, &call.session.channel.end_point) else {
        return admit(call, Err(Barred::Wrong));
    };
    let (key, user) = {
        let state = call.nas.state();
        let key = state.keys.iter().find(|key| key.id == exchange.key.id).cloned();
        (key, state.users.iter().find(|user| user.id == exchange.key.user_id).cloned())
    };
    let Some((key, user)) = key.zip(user) else { return admit(call, Err(Barred::Wrong)) };
    let now = call.nas.now();
    let is_void = key.is_void(now);
    let login = Login { user, by: By::ApiKey { id: key.id, name: key.name }, at: now };
    if is_void {
        return admit(call, Err(Barred::Void));
    }
    if !login.user.has_access {
        return admit(call, Ok(login));
    }
    let info = login.user_info(call.rules.models);
    *call.session.login() = Some(login);
    scram_answer("SERVER_FINAL_RESPONSE", &said, &info)
}
