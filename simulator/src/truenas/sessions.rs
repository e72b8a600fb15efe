//! Who is logged in to the appliance (TrueNAS middleware 13.3 to 26, `plugins/auth.py`).

use std::sync::{Mutex, PoisonError, Weak};

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::query::QUERY;
use super::release::Release;
use super::session::Session;
use super::state::date;
use super::users::By;

pub(super) const METHODS: &[Method] =
    &[Method::read("auth.sessions", QUERY, |call| call.query(entries(call)))];

/// The connections that are open, logged in or not.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Vec<Weak<Session>>>);

impl Sessions {
    pub(super) fn join(&self, session: Weak<Session>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|session| session.strong_count() > 0);
        all.push(session);
    }

    fn all(&self) -> Vec<std::sync::Arc<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect()
    }
}

fn entries(call: &Call) -> Vec<Value> {
    let all = call.nas.sessions.all();
    all.iter().filter_map(|session| entry(session, &call.session.id, call.rules.models)).collect()
}

/// The session as it is listed, once somebody has logged in over it.
fn entry(session: &Session, current: &str, models: Release) -> Option<Value> {
    let login = session.login().clone()?;
    let mut data = login.job_credentials(models)["data"].take();
    if models >= Release::Scale25_10 {
        data["login_id"] = session.id.as_str().into();
    }
    if matches!(login.by, By::Token) && models >= Release::Scale25_04 {
        // Whoever made the token, by the name of the user alone.
        let name = &login.user.name;
        let mut parent = json!({"username": name, "login_at": date(login.at)});
        if models >= Release::Scale25_10 {
            parent["login_id"] = data["login_id"].clone();
        }
        if let Some(data) = data.as_object_mut() {
            data.remove("login_at");
        }
        data["parent"] = json!({"credentials": "LOGIN_PASSWORD", "credentials_data": parent});
    }
    let mut row = json!({
        "id": session.id, "current": session.id == current, "internal": false,
        "origin": format!("{}:{}", session.channel.address, 40_000), "credentials": login.kind(),
        "credentials_data": data, "created_at": date(login.at),
    });
    if models >= Release::Scale25_04 {
        row["secure_transport"] = session.channel.is_secure.into();
    }
    Some(row)
}
