//! Who may log in to the appliance, and what it has handed out for that: API keys and tokens.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::api_keys::{ApiKey, EVERYTHING, READING};
use super::release::Release;
use super::roles;
use super::state::{self, Row};
use crate::random::Random;

/// The row of root, on every release.
pub(super) const ROOT: i64 = 1;
const ADMINISTRATOR: i64 = 70;
const MONITOR: i64 = 71;

/// Somebody who may log in.
#[derive(Debug, Clone)]
pub(super) struct User {
    /// Its row; the number that the system knows it by is `uid`.
    pub(super) id: i64,
    pub(super) uid: i64,
    pub(super) name: String,
    /// Empty where none lets it in.
    pub(super) password: String,
    /// The one-time password that is wanted beside the password.
    pub(super) otp: Option<String>,
    /// A full administrator; otherwise somebody who may only read.
    pub(super) is_full: bool,
    /// May use the API at all.
    pub(super) has_access: bool,
    pub(super) is_builtin: bool,
    /// The row of its primary group.
    pub(super) group: i64,
    /// The rows of the other groups that it is in.
    pub(super) groups: Vec<i64>,
    /// What can be set about it, beside that, as its release names it.
    pub(super) row: Row,
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

/// The users of a new appliance: an administrator, whom a test logs in as, a reader, and root; on CORE, where an API key
/// is root's, root alone.
pub(super) fn factory(release: Release, random: &Random) -> (Vec<User>, Vec<ApiKey>) {
    // First, so that they are the same whatever else an appliance has.
    let texts = [1, 2].map(|id| format!("{id}-{}", random.alphanumeric(64)));
    let user = |id: i64, uid: i64, name: &str, group: i64, groups: &[i64]| User {
        id,
        uid,
        name: name.to_owned(),
        password: random.alphanumeric(16),
        otp: None,
        is_full: id != MONITOR,
        has_access: true,
        is_builtin: id == ROOT,
        group,
        groups: groups.to_vec(),
        row: factory_row(release, id),
    };
    let (admins, readers) = (super::groups::ADMINISTRATORS, super::groups::READERS);
    let mut root = user(ROOT, 0, "root", super::groups::WHEEL, &[]);
    let users = if release == Release::Core13_3 {
        vec![root]
    } else {
        root.groups.push(admins);
        root.password.clear();
        root.row.insert("password_disabled".to_owned(), true.into());
        vec![
            user(ADMINISTRATOR, 950, "truenas_admin", super::groups::OF_ADMINISTRATOR, &[admins]),
            user(MONITOR, 3000, "monitor", super::groups::OF_MONITOR, &[readers]),
            root,
        ]
    };
    let [first, second] = texts;
    let reader = users.get(1).unwrap_or(&users[0]);
    let keys = vec![
        ApiKey::new(1, "provisioning", &users[0], first, EVERYTHING),
        ApiKey::new(2, "monitoring", reader, second, READING),
    ];
    (users, keys)
}

fn factory_row(release: Release, id: i64) -> Row {
    let is_core = release == Release::Core13_3;
    let (home, shell) = match (is_core, id) {
        (true, _) => ("/root", "/usr/local/bin/zsh"),
        (false, ROOT) => ("/root", "/usr/bin/zsh"),
        (false, ADMINISTRATOR) => ("/home/truenas_admin", "/usr/bin/zsh"),
        (false, _) => ("/var/empty", "/usr/sbin/nologin"),
    };
    let mut row = json!({
        "full_name": if id == ROOT { "root" } else { "Local User" }, "email": null, "home": home, "shell": shell,
        "locked": false, "password_disabled": false, "smb": false, "sshpubkey": null, "sudo_commands": [],
    });
    if is_core {
        let more = [("attributes", json!({})), ("microsoft_account", json!(false)), ("sudo", json!(false))];
        for (name, value) in more {
            row[name] = value;
        }
        row["sudo_nopasswd"] = false.into();
    } else {
        row["ssh_password_enabled"] = false.into();
        row["sudo_commands_nopasswd"] = json!([]);
    }
    if release >= Release::Scale25_04 {
        row["userns_idmap"] = Value::Null;
    }
    if release >= Release::Community26 {
        row["webshare"] = false.into();
    }
    row.as_object().cloned().unwrap_or_default()
}

impl User {
    /// A setting that is a text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.row.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether a setting is on.
    pub(super) fn is(&self, name: &str) -> bool {
        self.row.get(name) == Some(&Value::Bool(true))
    }

    /// Whether this password lets it in.
    pub(super) fn is_let_in_by(&self, password: &str) -> bool {
        let may = !self.password.is_empty() && !self.is("password_disabled") && !self.is("locked");
        may && self.password == password
    }
}

impl Login {
    /// The kind of its credentials, in the middleware's word.
    pub(super) fn kind(&self) -> &'static str {
        match self.by {
            By::ApiKey { .. } => "API_KEY",
            By::Password => "LOGIN_PASSWORD",
            By::Token => "TOKEN",
        }
    }

    /// Whoever started a job, as the job shows it (TrueNAS middleware 13.3 to 26, `auth.py`).
    pub(super) fn job_credentials(&self, release: Release) -> Value {
        let mut data = json!({});
        if release > Release::Core13_3 {
            data["username"] = self.user.name.as_str().into();
        }
        if release >= Release::Scale25_04 {
            data["login_at"] = state::date(self.at);
        }
        if let By::ApiKey { id, name } = &self.by {
            data["api_key"] = json!({"id": id, "name": name});
        }
        json!({"type": self.kind(), "data": data})
    }

    /// The user as `auth.me` shows it, with every role that it has.
    pub(super) fn user_info(&self, models: Release) -> Value {
        let User { uid, name, is_full, .. } = &self.user;
        let mut info = json!({
            "pw_name": name, "pw_gecos": self.user.text("full_name"), "pw_dir": self.user.text("home"),
            "pw_shell": self.user.text("shell"), "pw_uid": uid, "pw_gid": uid, "grouplist": [uid], "sid": null,
            "source": "LOCAL", "local": true, "attributes": {},
            "two_factor_config": {
                "provisioning_uri": null, "secret_configured": self.user.otp.is_some(), "interval": 30, "otp_digits": 6,
            },
        });
        if models >= Release::Scale25_04 {
            let method = match self.by {
                By::ApiKey { .. } => json!(["LOCAL", "API_KEY"]),
                By::Password | By::Token => json!(["LOCAL"]),
            };
            let roles = if *is_full { vec![roles::FULL_ADMIN] } else { roles::of_reader(models) };
            info["account_attributes"] = method;
            info["privilege"] = json!({
                "allowlist": [], "roles": {"$set": roles}, "web_shell": false, "webui_access": true,
            });
        }
        info
    }
}
