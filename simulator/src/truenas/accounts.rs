//! Local users (TrueNAS middleware 13.3 to 26, `plugins/account.py`).

use serde_json::{Value, json};

use super::account_rules::{self, DEFAULT_HOMES};
pub(super) use super::account_rules::{check_name, check_sudo};
use super::call::{Call, Method, View};
use super::events::{Event, What};
use super::groups::{self, ID_MAP, LAST_ID};
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, INT, Kind, Rules, Style};
use super::ssh;
use super::state::{Row, State};
use super::users::User;

const UID: Kind = Kind::Nullable(&Kind::Int(0, 90_000_000));
const GROUP: Kind = Kind::Nullable(&INT);
const COMMANDS: Kind = Kind::List(&Kind::Filled);
const IDS: Kind = Kind::List(&INT);
const EMAIL: Kind = Kind::Nullable(&Kind::ValidBy(&Kind::Text, check_email));
/// From 24.10 to 25.10 an address is checked for its form, by its `@` here.
fn check_email(email: &Value, rules: Rules) -> Result<(), String> {
    let email = email.as_str().unwrap_or_default();
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if is_address || email.is_empty() || !(Release::Scale24_10..=Release::Scale25_10).contains(&rules.models)
    {
        return Ok(());
    }
    Err(match rules.style {
        Style::Strict => "value is not a valid email address",
        Style::Lenient => "Not a valid E-Mail address",
    }
    .to_owned())
}

const PASSWORD: Kind = Kind::Nullable(&Kind::LongText);
const KEY: Kind = Kind::Nullable(&Kind::LongText);
const ID: Field = Field::required("id", INT);
const CREATE: &str = "user_create";
const UPDATE: &str = "user_update";

const CORE_FIELDS: &[Field] = &[
    Field::optional("uid", INT),
    Field::required(
        "username",
        Kind::That(&Kind::Text, is_core_name, "The value may not be longer than 16 characters"),
    ),
    Field::optional("group", INT),
    Field::or("group_create", Kind::Bool, "false"),
    Field::or("home", Kind::Text, "\"/nonexistent\""),
    Field::or("home_mode", Kind::Text, "\"755\""),
    Field::or("shell", Kind::Text, "\"/bin/csh\""),
    Field::required("full_name", Kind::Text),
    Field::or("email", EMAIL, "null"),
    Field::optional("password", Kind::Text),
    Field::or("password_disabled", Kind::Bool, "false"),
    Field::or("locked", Kind::Bool, "false"),
    Field::or("microsoft_account", Kind::Bool, "false"),
    Field::or("smb", Kind::Bool, "true"),
    Field::or("sudo", Kind::Bool, "false"),
    Field::or("sudo_nopasswd", Kind::Bool, "false"),
    Field::or("sudo_commands", COMMANDS, "[]"),
    Field::optional("sshpubkey", KEY),
    Field::or("groups", IDS, "[]"),
    Field::or("attributes", Kind::AnyObject, "{}"),
];
/// What there is from 24.10 on; an update takes no `uid` from 25.04 on, and never `group_create`.
const FIELDS: &[Field] = &[
    Field::or("uid", UID, "null"),
    Field::required("username", Kind::Text),
    Field::or("group", GROUP, "null"),
    Field::or("group_create", Kind::Bool, "false"),
    Field::or("home", Kind::Filled, "\"/var/empty\""),
    Field::or("home_mode", Kind::Text, "\"700\""),
    Field::or("home_create", Kind::Bool, "false"),
    Field::or("shell", Kind::Filled, "\"/usr/bin/zsh\""),
    Field::required("full_name", Kind::Filled),
    Field::or("email", EMAIL, "null"),
    Field::or("password", PASSWORD, "null"),
    Field::or("password_disabled", Kind::Bool, "false"),
    Field::or("random_password", Kind::Bool, "false").since(Release::Scale25_04),
    Field::or("ssh_password_enabled", Kind::Bool, "false"),
    Field::or("locked", Kind::Bool, "false"),
    Field::or("smb", Kind::Bool, "true"),
    Field::or("sudo_commands", COMMANDS, "[]"),
    Field::or("sudo_commands_nopasswd", COMMANDS, "[]"),
    Field::or("sshpubkey", KEY, "null"),
    Field::or("groups", IDS, "[]"),
    Field::or("userns_idmap", ID_MAP, "null").since(Release::Scale25_04),
    Field::or("webshare", Kind::Bool, "false").since(Release::Community26),
];
const CHANGES: &[Field] = &[
    Field::optional("uid", UID).until(Release::Scale24_10),
    Field::optional("username", Kind::Text),
    Field::optional("group", GROUP),
    Field::optional("home", Kind::Filled),
    Field::optional("home_mode", Kind::Text),
    Field::optional("home_create", Kind::Bool),
    Field::optional("shell", Kind::Filled),
    Field::optional("full_name", Kind::Filled),
    Field::optional("email", EMAIL),
    Field::optional("password", PASSWORD),
    Field::optional("password_disabled", Kind::Bool),
    Field::optional("random_password", Kind::Bool).since(Release::Scale25_04),
    Field::optional("ssh_password_enabled", Kind::Bool),
    Field::optional("locked", Kind::Bool),
    Field::optional("smb", Kind::Bool),
    Field::optional("sudo_commands", COMMANDS),
    Field::optional("sudo_commands_nopasswd", COMMANDS),
    Field::optional("sshpubkey", KEY),
    Field::optional("groups", IDS),
    Field::optional("userns_idmap", ID_MAP).since(Release::Scale25_04),
    Field::optional("webshare", Kind::Bool).since(Release::Community26),
];
const REMOVAL: Field =
    Field::or("options", Kind::Object(&[Field::or("delete_group", Kind::Bool, "true")]), "{}");

pub(super) const METHODS: &[Method] = &[
    Method::read("user.query", QUERY, |call| call.query(entries(call))),
    Method::read("user.get_instance", &[ID, QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        find(&state, call.id(0)).map(|user| entry(&state, user, call.view()))
    })
    .since(Release::Scale24_10),
    Method::write("user.create", &[Field::required(CREATE, Kind::Object(CORE_FIELDS))], create)
        .until(Release::Core13_3),
    Method::write("user.create", &[Field::required(CREATE, Kind::Object(FIELDS))], create)
        .since(Release::Scale24_10),
    Method::write("user.update", &[ID, Field::or(UPDATE, Kind::Partial(CORE_FIELDS), "{}")], update)
        .until(Release::Core13_3),
    Method::write("user.update", &[ID, Field::required(UPDATE, Kind::Partial(CHANGES))], update)
        .since(Release::Scale24_10),
    Method::write("user.delete", &[ID, REMOVAL], delete),
    Method::read("user.shell_choices", &[Field::or("user_id", Kind::Nullable(&INT), "null")], shells)
        .until(Release::Core13_3),
    Method::read("user.shell_choices", &[Field::or("group_ids", IDS, "[]")], shells)
        .since(Release::Scale24_10),
    Method::read("user.get_next_uid", &[], |call| Ok(next(&call.nas.state(), call.nas.release).into())),
];

fn is_core_name(name: &str) -> bool {
    name.chars().count() <= 16
}

fn missing(id: i64) -> Refusal {
    Refusal::no_row("User", &id.into())
}

fn find(state: &State, id: i64) -> Result<&User, Refusal> {
    state.users.iter().find(|user| user.id == id).ok_or_else(|| missing(id))
}

fn shells(call: &Call) -> Outcome {
    let of = |paths: &[&str]| {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        paths.iter().map(|path| ((*path).to_owned(), Value::from(name(path)))).collect()
    };
    Ok(Value::Object(of(account_rules::shells(call.nas.release))))
}

/// The first number that is free.
fn next(state: &State, release: Release) -> i64 {
    let first = if release == Release::Core13_3 { 1000 } else { 3000 };
    (first..=LAST_ID).find(|uid| state.users.iter().all(|user| user.uid != *uid)).unwrap_or(first)
}

/// Whether a user's setting is one that the models of this release know.
fn has_setting(models: Release, name: &str) -> bool {
    let since = match name {
        "userns_idmap" => Release::Scale25_04,
        "webshare" => Release::Community26,
        _ => Release::Core13_3,
    };
    since <= models
}

/// The row as a release shows it, secrets only to whoever may write it.
fn entry(state: &State, user: &User, view: View) -> Value {
    let models = view.models;
    let mut row = user.row.clone();
    row.retain(|name, _| has_setting(models, name));
    let mut row = Value::Object(row);
    let hash =
        if user.password.is_empty() { "*".to_owned() } else { format!("$6$rounds=656000${}", user.id) };
    let computed = [
        ("id", json!(user.id)),
        ("uid", json!(user.uid)),
        ("username", json!(user.name)),
        ("group", groups::within_user(state, user.group)),
        ("groups", json!(user.groups)),
        ("builtin", user.is_builtin.into()),
        ("immutable", user.is_builtin.into()),
        ("local", true.into()),
        ("unixhash", hash.into()),
        ("smbhash", "*".into()),
    ];
    for (name, value) in computed {
        row[name] = value;
    }
    if models <= Release::Scale25_04 {
        row["id_type_both"] = false.into();
    }
    if models > Release::Core13_3 {
        let mut roles: Vec<&str> = Vec::new();
        for group in user.groups.iter().chain([&user.group]) {
            roles.extend(groups::roles_of(*group));
        }
        row["roles"] = json!(roles);
        row["sid"] = Value::Null;
        row["twofactor_auth_configured"] = user.otp.is_some().into();
    }
    if models >= Release::Scale25_04 {
        let keys = state.keys.iter().filter(|key| key.user_id == user.id).map(|key| key.id);
        row["api_keys"] = keys.collect();
        row["last_password_change"] = Value::Null;
        row["password_age"] = Value::Null;
        row["password_change_required"] = false.into();
        row["password_history"] = Value::Null;
    }
    for secret in ["unixhash", "smbhash"] {
        view.redact(&mut row[secret]);
    }
    row
}

fn entries(call: &Call) -> Vec<Value> {
    let (state, view) = (call.nas.state(), call.view());
    let mut users: Vec<&User> = state.users.iter().collect();
    users.sort_by_key(|user| user.id);
    users.into_iter().map(|user| entry(&state, user, view)).collect()
}

/// What a call that wrote a user answers: its number up to 24.10, the user itself from 25.04 on, with the password where
/// the appliance has made it.
fn answer(call: &Call, id: i64, made: Option<String>) -> Outcome {
    if call.rules.models <= Release::Scale24_10 {
        return Ok(id.into());
    }
    let state = call.nas.state();
    let mut row = entry(&state, find(&state, id)?, call.view());
    row["password"] = made.into();
    Ok(row)
}

fn create(call: &Call) -> Outcome {
    let mut row = call.object(0);
    let release = call.nas.release;
    let mut state = call.nas.state();
    account_rules::check(call, &state, CREATE, None, &row)?;
    let name = take_text(&mut row, "username");
    let group = match row.remove("group").and_then(|group| group.as_i64()) {
        Some(group) if state.groups.get(group).is_none() => {
            return Err(Refusal::failed(Errno::FAULT, format!("Group {group} not found")));
        }
        Some(group) => group,
        None => groups::of_new_user(&mut state, release, &name),
    };
    let mut groups = take_ids(&mut row);
    if row["smb"] == true {
        groups.push(super::groups::USERS);
    }
    let uid = row.remove("uid").and_then(|uid| uid.as_i64()).unwrap_or_else(|| next(&state, release));
    make_home(call, &mut row, &name)?;
    let made = random_password(call, &mut row);
    let id = state.users.iter().map(|user| user.id).max().unwrap_or_default() + 1;
    let password = take_text(&mut row, "password");
    let user = User {
        id,
        uid,
        name,
        password: made.clone().unwrap_or(password),
        otp: None,
        is_full: false,
        has_access: false,
        is_builtin: false,
        group,
        groups,
        row: settings(row),
    };
    ssh::know(&mut state, &user);
    state.users.push(user);
    state.refresh_rights();
    drop(state);
    announce(call, What::Added, id);
    answer(call, id, made)
}

fn take_text(row: &mut Row, name: &str) -> String {
    row.remove(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn take_ids(row: &mut Row) -> Vec<i64> {
    let ids = row.remove("groups").unwrap_or_default();
    ids.as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

/// What stays of a request as the user's settings.
fn settings(mut row: Row) -> Row {
    for name in ["group_create", "home_create", "home_mode", "random_password", "password"] {
        row.remove(name);
    }
    row.entry("sshpubkey").or_insert(Value::Null);
    row
}

fn random_password(call: &Call, row: &mut Row) -> Option<String> {
    let is_asked = row.remove("random_password") == Some(Value::Bool(true));
    is_asked.then(|| call.nas.random.alphanumeric(16))
}

/// Makes the home's directory: on CORE where it is absent, later below the path that is given, where that is asked for.
fn make_home(call: &Call, row: &mut Row, name: &str) -> Result<(), Refusal> {
    let home = row.get("home").and_then(Value::as_str).unwrap_or_default().to_owned();
    if home.is_empty() || DEFAULT_HOMES.contains(&home.as_str()) {
        return Ok(());
    }
    let home = match row.get("home_create") {
        Some(Value::Bool(true)) => format!("{}/{name}", home.trim_end_matches('/')),
        _ => home,
    };
    let failed = |why: &dyn std::fmt::Display| {
        Refusal::failed(Errno::FAULT, format!("Failed to create the home directory ({home}) for user: {why}"))
    };
    let real = call.nas.disk.real(&home).ok_or_else(|| failed(&"no such path"))?;
    std::fs::create_dir_all(real).map_err(|error| failed(&error))?;
    row.insert("home".to_owned(), home.into());
    Ok(())
}

fn update(call: &Call) -> Outcome {
    let (id, mut changes) = (call.id(0), call.object(1));
    let mut state = call.nas.state();
    let old = find(&state, id)?.clone();
    account_rules::check(call, &state, UPDATE, Some(&old), &changes)?;
    let name = changes.get("username").and_then(Value::as_str).unwrap_or(&old.name).to_owned();
    if changes.contains_key("home") {
        make_home(call, &mut changes, &name)?;
    }
    let made = random_password(call, &mut changes);
    let groups = changes.contains_key("groups").then(|| take_ids(&mut changes));
    let group = changes.remove("group").and_then(|group| group.as_i64());
    let uid = changes.remove("uid").and_then(|uid| uid.as_i64());
    let password = made.clone().or_else(|| {
        let given = take_text(&mut changes, "password");
        (!given.is_empty()).then_some(given)
    });
    changes.remove("username");
    if let Some(user) = state.users.iter_mut().find(|user| user.id == id) {
        user.name.clone_from(&name);
        user.groups = groups.unwrap_or_else(|| user.groups.clone());
        user.group = group.unwrap_or(user.group);
        user.uid = uid.unwrap_or(user.uid);
        user.password = password.unwrap_or_else(|| user.password.clone());
        let keeps_key = !changes.contains_key("sshpubkey");
        let key = user.row.get("sshpubkey").cloned().unwrap_or_default();
        user.row.extend(settings(changes));
        if keeps_key {
            user.row.insert("sshpubkey".to_owned(), key);
        }
        let user = user.clone();
        if old.name != name {
            state.logins.remove(&old.name);
        }
        ssh::know(&mut state, &user);
    }
    state.keys.iter_mut().filter(|key| key.user_id == id).for_each(|key| key.user.clone_from(&name));
    state.refresh_rights();
    drop(state);
    announce(call, What::Changed, id);
    answer(call, id, made)
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut state = call.nas.state();
    let user = find(&state, id)?.clone();
    if user.is_builtin {
        return Err(Refusal::failed(Errno::INVALID, "Cannot delete a built-in user"));
    }
    state.users.retain(|user| user.id != id);
    state.logins.remove(&user.name);
    let is_used =
        state.users.iter().any(|other| other.group == user.group || other.groups.contains(&user.group));
    let is_builtin = state.groups.get(user.group).is_some_and(|group| group["builtin"] == true);
    if call.params[1]["delete_group"] == true && !is_used && !is_builtin {
        state.groups.remove(user.group);
    }
    for key in state.keys.iter_mut().filter(|key| key.user_id == id) {
        key.revoke("User does not exist");
    }
    drop(state);
    call.nas.events.publish(&Event::new(What::Removed, "user.query", id, Value::Null));
    Ok(id.into())
}

fn announce(call: &Call, what: What, id: i64) {
    call.nas.announce(what, "user.query", id, |view| {
        let state = call.nas.state();
        find(&state, id).ok().map(|user| entry(&state, user, view))
    });
}
