//! The SSH service's settings and host keys, and who may log in with which key.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::call::{Call, Method, View};
use super::events::What;
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::services;
use super::shape::{Field, Kind};
use super::state::{Row, State};
use super::users::User;

const FACILITY: Kind = Kind::OneOf(&[
    "", "DAEMON", "USER", "AUTH", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6",
    "LOCAL7",
]);
const LEVEL: Kind =
    Kind::OneOf(&["", "QUIET", "FATAL", "ERROR", "INFO", "VERBOSE", "DEBUG", "DEBUG2", "DEBUG3"]);
const CHANGES: Kind = Kind::Partial(&[
    Field::optional("bindiface", Kind::List(&Kind::Text)),
    Field::optional("tcpport", Kind::Int(1, 65_535)),
    Field::optional("rootlogin", Kind::Bool).until(Release::Core13_3),
    Field::optional("password_login_groups", Kind::List(&Kind::Text)).since(Release::Scale24_10),
    Field::optional("passwordauth", Kind::Bool),
    Field::optional("kerberosauth", Kind::Bool),
    Field::optional("tcpfwd", Kind::Bool),
    Field::optional("compression", Kind::Bool),
    Field::optional("sftp_log_level", LEVEL),
    Field::optional("sftp_log_facility", FACILITY),
    Field::optional("weak_ciphers", Kind::List(&Kind::OneOf(&["AES128-CBC", "NONE"]))),
    Field::optional("options", Kind::LongText),
]);

pub(super) const METHODS: &[Method] = &[
    Method::read("ssh.config", &[], |call| Ok(entry(&call.nas, call.view(), &call.nas.state()))),
    Method::write("ssh.update", &[Field::required("data", CHANGES).formerly("ssh_update")], update),
    Method::read("ssh.bindiface_choices", &[], |_| Ok(json!({"eno1": "eno1"}))),
];

/// A user as SSH knows one.
#[derive(Debug, Clone, Default)]
pub(super) struct Login {
    /// The public keys that it may log in with, without comments.
    pub(super) keys: Vec<String>,
    /// It has a shell that takes commands.
    pub(super) has_shell: bool,
    /// It may run `zfs` as root without a password.
    pub(super) has_sudo: bool,
}

/// The service's settings before anybody has set anything.
pub(super) fn settings(release: Release) -> Row {
    let mut settings = json!({
        "id": 1, "bindiface": [], "tcpport": 22, "password_login_groups": [], "passwordauth": false,
        "kerberosauth": false, "tcpfwd": false, "compression": false, "sftp_log_level": "",
        "sftp_log_facility": "", "weak_ciphers": ["AES128-CBC"], "options": "", "privatekey": "",
    });
    if release == Release::Core13_3 {
        settings["rootlogin"] = false.into();
    }
    let mut row = settings.as_object().cloned().unwrap_or_default();
    if release == Release::Core13_3 {
        row.remove("password_login_groups");
    }
    row
}

/// The settings with the host keys, each a whole file in base64. The private halves are not simulated, and read as somebody sees
/// them who may not.
fn entry(nas: &Nas, view: View, state: &State) -> Value {
    let mut entry = Value::Object(state.ssh.clone());
    for kind in ["host_dsa_key", "host_key", "host_ecdsa_key", "host_ed25519_key", "host_rsa_key"] {
        for part in ["", "_pub", "_cert_pub"] {
            entry[format!("{kind}{part}")] = Value::Null;
        }
    }
    if let Some(members) = entry.as_object_mut() {
        members.remove("host_key_cert_pub");
    }
    let names = ["host_rsa_key_pub", "host_ecdsa_key_pub", "host_ed25519_key_pub"];
    for (name, key) in names.into_iter().zip(&nas.host_keys) {
        let line = format!("{key} root@{}\n", state.host_name);
        entry[name] = BASE64.encode(line.as_bytes()).into();
    }
    if view.models >= Release::Scale25_04 {
        view.redact(&mut entry["privatekey"]);
    }
    entry
}

fn update(call: &Call) -> Outcome {
    let changes = call.object(0);
    let mut state = call.nas.state();
    if let Some(named) = changes.get("bindiface").and_then(Value::as_array)
        && let Some(unknown) = named.iter().position(|name| name != "eno1")
    {
        let text = format!("{} is not a valid interface", named[unknown]);
        return Err(Refusal::invalid(format!("ssh_update.bindiface.{unknown}"), text));
    }
    state.ssh.extend(changes);
    drop(state);
    let shown = |view| Some(entry(&call.nas, view, &call.nas.state()));
    call.nas.announce(What::Changed, "ssh.config", 1, shown);
    Ok(entry(&call.nas, call.view(), &call.nas.state()))
}

/// The users of a new appliance that have a home to keep keys in.
pub(super) fn logins(release: Release) -> BTreeMap<String, Login> {
    let names: &[&str] = if release == Release::Core13_3 { &["root"] } else { &["root", "truenas_admin"] };
    let login = |name: &&str| {
        let is_root = **name == *"root";
        ((*name).to_owned(), Login { has_shell: is_root, has_sudo: is_root, ..Login::default() })
    };
    names.iter().map(login).collect()
}

/// Takes over what SSH needs to know about a user that was added or changed: its home is to lie on a pool.
pub(super) fn know(state: &mut State, user: &User) {
    let text = |name: &str| user.row.get(name).and_then(Value::as_str).unwrap_or_default();
    if !user.is_builtin && !text("home").starts_with("/mnt/") {
        state.logins.remove(&user.name);
        return;
    }
    let has_sudo = user.uid == 0 || has_sudo(&user.row);
    let keys: Vec<String> = text("sshpubkey").lines().map(super::ssh_keys::bare).collect();
    let login = state.logins.entry(user.name.clone()).or_default();
    login.has_shell = !text("shell").ends_with("nologin");
    login.has_sudo = has_sudo;
    if user.row.get("sshpubkey").is_some_and(Value::is_string) {
        login.keys = keys;
    }
}

/// Whether `zfs` is run as root and no password is asked for; CORE has one list for both kinds, and an empty one is everything.
fn has_sudo(row: &Row) -> bool {
    let any = |name: &str, of: &dyn Fn(&Value) -> bool| {
        row.get(name).and_then(Value::as_array).is_some_and(|all| all.iter().any(of))
    };
    let is_zfs =
        |command: &Value| *command == "ALL" || command.as_str().is_some_and(|it| it.ends_with("/zfs"));
    if row.get("sudo_nopasswd") == Some(&Value::Bool(true)) {
        let is_everything = !any("sudo_commands", &|_| true);
        return is_everything || any("sudo_commands", &is_zfs);
    }
    any("sudo_commands_nopasswd", &is_zfs)
}

/// Lets a user log in with a key, and the service run, as another appliance asks for it: the port and the host keys come back
/// (TrueNAS middleware 13.3 to 26, the private `keychaincredential.ssh_pair`).
pub(super) fn pair(nas: &Nas, user: &str, public_key: &str) -> Result<(i64, String), Refusal> {
    services::start_with_appliance(nas, "ssh");
    let mut state = nas.state();
    let is_user = user == "root" || state.users.iter().any(|known| known.name == user);
    let Some(login) = state.logins.get_mut(user) else {
        let why = if is_user {
            format!("Home directory of user {user} does not exist")
        } else {
            format!("User {user} does not exist")
        };
        return Err(Refusal::failed(Errno::MISSING, why));
    };
    let key = super::ssh_keys::bare(public_key);
    if !login.keys.contains(&key) {
        login.keys.push(key);
    }
    Ok((state.ssh["tcpport"].as_i64().unwrap_or(22), nas.host_keys.join("\n")))
}
