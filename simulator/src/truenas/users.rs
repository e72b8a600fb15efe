//! Who may log in to the appliance, and what it has handed out for that: API keys and tokens.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::release::Release;
use super::state;
use crate::random::Random;

/// Somebody who may log in.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) password: String,
    /// The one-time password that is wanted beside the password.
    pub(super) otp: Option<String>,
    /// A full administrator; otherwise somebody who may only read.
    pub(super) is_full: bool,
    /// May use the API at all.
    pub(super) has_access: bool,
}

/// An API key and whose it is.
#[derive(Debug, Clone)]
pub(super) struct ApiKey {
    pub(super) id: i64,
    pub(super) name: String,
    /// The user's name and id.
    pub(super) user: String,
    pub(super) user_id: i64,
    /// The whole text that a client shows: the id, a dash, 64 characters.
    pub(super) text: String,
    /// It was revoked, or has expired.
    pub(super) is_void: bool,
}

/// What `auth.generate_token` has handed out.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) login: Login,
    pub(super) until: Timestamp,
    /// The only address that may use it.
    pub(super) origin: Option<IpAddr>,
    pub(super) is_single_use: bool,
}

/// Somebody who has logged in, and how.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) user: User,
    pub(super) by: By,
    pub(super) at: Timestamp,
}

/// What somebody has logged in with.
#[derive(Debug, Clone)]
pub(super) enum By {
    ApiKey { id: i64, name: String },
    Password,
    Token,
}

/// The users of a new appliance: an administrator and a reader; on CORE, where an API key is root's, root twice.
pub(super) fn factory(release: Release, random: &Random) -> (Vec<User>, Vec<ApiKey>) {
    let names = match release {
        Release::Core13_3 => ["root", "root"],
        _ => ["truenas_admin", "monitor"],
    };
    let key = |id: i64, name: &str, user: &str| ApiKey {
        id,
        name: name.to_owned(),
        user: user.to_owned(),
        user_id: 949 + id,
        text: format!("{id}-{}", random.alphanumeric(64)),
        is_void: false,
    };
    let keys = vec![key(1, "provisioning", names[0]), key(2, "monitoring", names[1])];
    let user = |id: i64, name: &str| User {
        id,
        name: name.to_owned(),
        password: random.alphanumeric(16),
        otp: None,
        is_full: id == 950 || release == Release::Core13_3,
        has_access: true,
    };
    (vec![user(950, names[0]), user(951, names[1])], keys)
}

impl Login {
    /// Whoever started a job, as the job shows it (TrueNAS middleware 13.3 to 26, `auth.py`).
    pub(super) fn job_credentials(&self, release: Release) -> Value {
        let mut data = json!({});
        if release > Release::Core13_3 {
            data["username"] = self.user.name.as_str().into();
        }
        if release >= Release::Scale25_04 {
            data["login_at"] = state::date(self.at);
        }
        let kind = match &self.by {
            By::ApiKey { id, name } => {
                data["api_key"] = json!({"id": id, "name": name});
                "API_KEY"
            }
            By::Password => "LOGIN_PASSWORD",
            By::Token => "TOKEN",
        };
        json!({"type": kind, "data": data})
    }

    /// The user as `auth.me` shows it.
    pub(super) fn user_info(&self, models: Release) -> Value {
        let User { id, name, is_full, .. } = &self.user;
        let roles = if *is_full { ["FULL_ADMIN"] } else { ["READONLY_ADMIN"] };
        let mut info = json!({
            "pw_name": name, "pw_gecos": "", "pw_dir": "/var/empty", "pw_shell": "/usr/sbin/nologin",
            "pw_uid": id, "pw_gid": id, "grouplist": [id], "sid": null, "source": "LOCAL", "local": true,
            "attributes": {},
            "two_factor_config": {
                "provisioning_uri": null, "secret_configured": self.user.otp.is_some(), "interval": 30, "otp_digits": 6,
            },
        });
        if models >= Release::Scale25_04 {
            let method = match self.by {
                By::ApiKey { .. } => json!(["LOCAL", "API_KEY"]),
                By::Password | By::Token => json!(["LOCAL"]),
            };
            info["account_attributes"] = method;
            info["privilege"] = json!({
                "allowlist": [], "roles": {"$set": roles}, "web_shell": false, "webui_access": true,
            });
        }
        info
    }
}
