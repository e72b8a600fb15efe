//! Local groups (TrueNAS middleware 13.3 to 26, `plugins/account.py`).

use serde_json::{Value, json};

use super::accounts::{check_name, check_sudo};
use super::call::{Call, Method};
use super::events::{Event, What};
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::roles;
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

/// The rows of the groups that a new appliance has.
pub(super) const WHEEL: i64 = 1;
pub(super) const ADMINISTRATORS: i64 = 40;
/// The group of everybody who may use shares of SMB.
pub(super) const USERS: i64 = 41;
pub(super) const READERS: i64 = 42;
pub(super) const OF_ADMINISTRATOR: i64 = 43;
pub(super) const OF_MONITOR: i64 = 44;

/// The greatest number that a user or group may have.
pub(super) const LAST_ID: i64 = 90_000_000;
const ID_RANGE: Kind = Kind::Int(0, LAST_ID);
const COMMANDS: Kind = Kind::List(&Kind::Filled);
const IDS: Kind = Kind::List(&INT);
/// How a user or group is known within a container.
pub(super) const ID_MAP: Kind = Kind::Nullable(&Kind::Either(&[
    ("literal['DIRECT']", &Kind::OneOf(&["DIRECT"])),
    ("constrained-int", &Kind::Int(1, 4_294_967_294)),
]));
const ID: Field = Field::required("id", INT);
const CREATE: &str = "group_create";
const UPDATE: &str = "group_update";
const CORE_FIELDS: &[Field] = &[
    Field::optional("gid", INT),
    Field::required("name", Kind::Text),
    Field::or("smb", Kind::Bool, "true"),
    Field::or("sudo", Kind::Bool, "false"),
    Field::or("sudo_nopasswd", Kind::Bool, "false"),
    Field::or("sudo_commands", COMMANDS, "[]"),
    Field::or("allow_duplicate_gid", Kind::Bool, "false"),
    Field::optional("users", IDS),
];
const OLD_FIELDS: &[Field] = &[
    Field::optional("gid", ID_RANGE),
    Field::required("name", Kind::Text),
    Field::or("smb", Kind::Bool, "true"),
    Field::or("sudo_commands", COMMANDS, "[]"),
    Field::or("sudo_commands_nopasswd", COMMANDS, "[]"),
    Field::or("allow_duplicate_gid", Kind::Bool, "false"),
    Field::or("users", IDS, "[]"),
];
const FIELDS: &[Field] = &[
    Field::or("gid", Kind::Nullable(&ID_RANGE), "null"),
    Field::required("name", Kind::Text),
    Field::or("smb", Kind::Bool, "true"),
    Field::or("sudo_commands", COMMANDS, "[]"),
    Field::or("sudo_commands_nopasswd", COMMANDS, "[]"),
    Field::or("userns_idmap", ID_MAP, "null"),
    Field::or("users", IDS, "[]"),
];
const CHANGES: &[Field] = &[
    Field::optional("name", Kind::Text),
    Field::optional("smb", Kind::Bool),
    Field::optional("sudo_commands", COMMANDS),
    Field::optional("sudo_commands_nopasswd", COMMANDS),
    Field::optional("userns_idmap", ID_MAP),
    Field::optional("users", IDS),
];
const REMOVAL: Field =
    Field::or("options", Kind::Object(&[Field::or("delete_users", Kind::Bool, "false")]), "{}");

pub(super) const METHODS: &[Method] = &[
    Method::read("group.query", QUERY, |call| call.query(entries(call))),
    Method::read("group.get_instance", &[ID, QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        entry(&state, call.rules.models, call.id(0)).ok_or_else(|| missing(call.id(0)))
    })
    .since(Release::Scale24_10),
    Method::read("group.get_next_gid", &[], |call| Ok(next(&call.nas.state(), call.nas.release).into()))
        .since(Release::Scale24_10),
    Method::write("group.create", &[Field::required(CREATE, Kind::Object(CORE_FIELDS))], create)
        .until(Release::Core13_3),
    Method::write("group.create", &[Field::required(CREATE, Kind::Object(OLD_FIELDS))], create)
        .since(Release::Scale24_10)
        .until(Release::Scale24_10),
    Method::write("group.create", &[Field::required(CREATE, Kind::Object(FIELDS))], create)
        .since(Release::Scale25_04),
    Method::write("group.update", &[ID, Field::or(UPDATE, Kind::Partial(CORE_FIELDS), "{}")], update)
        .until(Release::Core13_3),
    Method::write("group.update", &[ID, Field::or(UPDATE, Kind::Partial(OLD_FIELDS), "{}")], update)
        .since(Release::Scale24_10)
        .until(Release::Scale24_10),
    Method::write("group.update", &[ID, Field::required(UPDATE, Kind::Partial(CHANGES))], update)
        .since(Release::Scale25_04),
    Method::write("group.delete", &[ID, REMOVAL], delete),
];

/// The groups of a new appliance.
pub(super) fn factory(release: Release) -> Vec<(i64, Row)> {
    let is_core = release == Release::Core13_3;
    let mut groups = vec![
        (WHEEL, 0, if is_core { "wheel" } else { "root" }, true),
        (ADMINISTRATORS, 544, "builtin_administrators", true),
        (USERS, 545, "builtin_users", true),
    ];
    if !is_core {
        groups.extend([
            (READERS, 951, "truenas_readonly_administrators", true),
            (OF_ADMINISTRATOR, 950, "truenas_admin", true),
            (OF_MONITOR, 3000, "monitor", false),
        ]);
    }
    groups
        .into_iter()
        .map(|(id, gid, name, is_builtin)| (id, factory_row(release, gid, name, is_builtin)))
        .collect()
}

fn factory_row(release: Release, gid: i64, name: &str, is_builtin: bool) -> Row {
    let mut row = json!({"gid": gid, "name": name, "builtin": is_builtin, "smb": false, "sudo_commands": []});
    if release == Release::Core13_3 {
        (row["sudo"], row["sudo_nopasswd"]) = (false.into(), false.into());
    } else {
        row["sudo_commands_nopasswd"] = json!([]);
    }
    if release >= Release::Scale25_04 {
        row["userns_idmap"] = Value::Null;
    }
    row.as_object().cloned().unwrap_or_default()
}

fn missing(id: i64) -> Refusal {
    Refusal::no_row("Group", &id.into())
}

/// What the members of a group may do by being in it.
pub(super) fn roles_of(group: i64) -> &'static [&'static str] {
    match group {
        ADMINISTRATORS => &[roles::FULL_ADMIN],
        READERS => &[roles::READONLY_ADMIN],
        _ => &[],
    }
}

/// The group within a user's row, as the database has it.
pub(super) fn within_user(state: &State, id: i64) -> Value {
    let mut group = json!({"id": id});
    for (name, value) in state.groups.get(id).into_iter().flatten() {
        match name.as_str() {
            "id" | "userns_idmap" => {}
            "name" => group["bsdgrp_group"] = value.clone(),
            name => group[format!("bsdgrp_{name}")] = value.clone(),
        }
    }
    group
}

fn members(state: &State, id: i64) -> Vec<i64> {
    let is_in = |user: &&super::users::User| user.group == id || user.groups.contains(&id);
    let mut members: Vec<i64> = state.users.iter().filter(is_in).map(|user| user.id).collect();
    members.sort_unstable();
    members
}

fn entry(state: &State, models: Release, id: i64) -> Option<Value> {
    let mut row = Value::Object(state.groups.get(id)?.clone());
    row["group"] = row["name"].clone();
    row["users"] = json!(members(state, id));
    row["local"] = true.into();
    if models <= Release::Scale25_04 {
        row["id_type_both"] = false.into();
    } else {
        row["immutable"] = row["builtin"].clone();
    }
    if models > Release::Core13_3 {
        row["roles"] = json!(roles_of(id));
        row["sid"] = Value::Null;
    }
    Some(row)
}

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    let ids: Vec<i64> = state.groups.rows().map(|(id, _)| id).collect();
    ids.into_iter().filter_map(|id| entry(&state, call.rules.models, id)).collect()
}

/// The first number that is free.
fn next(state: &State, release: Release) -> i64 {
    let first = if release == Release::Core13_3 { 1000 } else { 3000 };
    let is_free = |gid: &i64| state.groups.find("gid", &(*gid).into()).is_none();
    (first..=LAST_ID).find(is_free).unwrap_or(first)
}

/// Makes the group of a new user's name.
pub(super) fn of_new_user(state: &mut State, release: Release, name: &str) -> i64 {
    if let Some(id) = state.groups.find("name", &name.into()) {
        return id;
    }
    let gid = next(state, release);
    state.groups.add(factory_row(release, gid, name, false))
}

fn check(state: &State, param: &str, id: Option<i64>, data: &Row) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if let Some(name) = data.get("name").and_then(Value::as_str) {
        check_name(&mut complaints, &format!("{param}.name"), name);
        if state.groups.find("name", &name.into()).is_some_and(|found| Some(found) != id) {
            let text = format!("A Group with the name \"{name}\" already exists.");
            complaints.push(Complaint::with(format!("{param}.name"), text, Errno::EXISTS));
        }
    }
    let is_given = |gid: &&Value| gid.is_i64() && data.get("allow_duplicate_gid") != Some(&Value::Bool(true));
    if let Some(gid) = data.get("gid").filter(is_given)
        && let Some(found) = state.groups.find("gid", gid).filter(|found| Some(*found) != id)
    {
        let name = state.groups.get(found).map(|row| row["name"].clone()).unwrap_or_default();
        let name = name.as_str().unwrap_or_default().to_owned();
        let text = format!("Gid {gid} is already used (group {name} has it)");
        complaints.push(Complaint::with(format!("{param}.gid"), text, Errno::EXISTS));
    }
    for (index, user) in data.get("users").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if !state.users.iter().any(|known| *user == known.id) {
            complaints.push(Complaint::new(format!("{param}.users.{index}"), "This user does not exist"));
        }
    }
    for name in ["sudo_commands", "sudo_commands_nopasswd"] {
        check_sudo(&mut complaints, &format!("{param}.{name}"), data.get(name));
    }
    complaints
}

/// Puts exactly these users into the group, and takes the others out.
fn set_members(state: &mut State, id: i64, users: &Value) {
    let wanted: Vec<i64> = users.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    for user in &mut state.users {
        user.groups.retain(|group| *group != id);
        if wanted.contains(&user.id) && user.group != id {
            user.groups.push(id);
        }
    }
    state.refresh_rights();
}

fn create(call: &Call) -> Outcome {
    let mut row = call.object(0);
    let mut state = call.nas.state();
    let complaints = check(&state, CREATE, None, &row);
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    let users = row.remove("users");
    row.remove("allow_duplicate_gid");
    row.insert("builtin".to_owned(), false.into());
    if !row.get("gid").is_some_and(Value::is_i64) {
        row.insert("gid".to_owned(), next(&state, call.nas.release).into());
    }
    let id = state.groups.add(row);
    if let Some(users) = users {
        set_members(&mut state, id, &users);
    }
    drop(state);
    announce(call, What::Added, id);
    Ok(id.into())
}

fn update(call: &Call) -> Outcome {
    let (id, mut changes) = (call.id(0), call.object(1));
    let mut state = call.nas.state();
    let row = state.groups.get(id).cloned().ok_or_else(|| missing(id))?;
    let mut complaints = check(&state, UPDATE, Some(id), &changes);
    if row["builtin"] == true && changes.get("name").is_some_and(|name| *name != row["name"]) {
        complaints.push(Complaint::new(format!("{UPDATE}.name"), "This attribute cannot be changed"));
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    changes.remove("allow_duplicate_gid");
    let users = changes.remove("users");
    if let Some(kept) = state.groups.get_mut(id) {
        kept.extend(changes);
    }
    if let Some(users) = users {
        set_members(&mut state, id, &users);
    }
    drop(state);
    announce(call, What::Changed, id);
    Ok(id.into())
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut state = call.nas.state();
    let row = state.groups.get(id).ok_or_else(|| missing(id))?;
    if row["builtin"] == true {
        return Err(Refusal::failed(Errno::INVALID, "A built-in group cannot be deleted."));
    }
    let primary: Vec<i64> = state.users.iter().filter(|user| user.group == id).map(|user| user.id).collect();
    if call.params[1]["delete_users"] == true {
        state.users.retain(|user| !primary.contains(&user.id));
    } else {
        // Whoever had it as its first group has none of its own then.
        state.users.iter_mut().filter(|user| user.group == id).for_each(|user| user.group = USERS);
    }
    state.users.iter_mut().for_each(|user| user.groups.retain(|group| *group != id));
    state.groups.remove(id);
    state.refresh_rights();
    drop(state);
    call.nas.events.publish(&Event::new(What::Removed, "group.query", id, Value::Null));
    Ok(id.into())
}

fn announce(call: &Call, what: What, id: i64) {
    call.nas.announce(what, "group.query", id, |view| entry(&call.nas.state(), view.models, id));
}
