//! The keychain: SSH key pairs, and connections that log in with them.

use serde_json::{Value, json};

use super::call::{Call, Method, Pending, View};
use super::events::What;
use super::keychain_setup as setup;
use super::nas::Nas;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::session::Role;
use super::shape::{self, Field, INT, Kind};
use super::ssh_keys::{self, Unreadable};
use super::state::{Row, State};

pub(super) const PAIR: &str = "SSH_KEY_PAIR";
pub(super) const CONNECTION: &str = "SSH_CREDENTIALS";

const KEY: Kind = Kind::Nullable(&Kind::LongText);
const PAIR_FIELDS: &[Field] = &[Field::or("private_key", KEY, "null"), Field::or("public_key", KEY, "null")];
const CIPHER: Kind = Kind::OneOf(&["STANDARD", "FAST", "DISABLED"]);
const CONNECTION_FIELDS: &[Field] = &[
    Field::required("host", Kind::Text),
    Field::or("port", INT, "22"),
    Field::or("username", Kind::Text, "\"root\""),
    Field::required("private_key", INT),
    Field::required("remote_host_key", Kind::Text),
    Field::or("cipher", CIPHER, "\"STANDARD\"").until(Release::Core13_3),
    Field::or("connect_timeout", INT, "10"),
];
const NAME: Field = Field::required("name", Kind::Filled);
const NEW_PAIR: Kind = Kind::Object(&[
    NAME,
    Field::required("type", Kind::OneOf(&[PAIR])),
    Field::required("attributes", Kind::Object(PAIR_FIELDS)),
]);
const NEW_CONNECTION: Kind = Kind::Object(&[
    NAME,
    Field::required("type", Kind::OneOf(&[CONNECTION])),
    Field::required("attributes", Kind::Object(CONNECTION_FIELDS)),
]);
const NEW: Kind = Kind::Either(&[
    ("KeychainCredentialCreateSSHKeyPairEntry", &NEW_PAIR),
    ("KeychainCredentialCreateSSHCredentialsEntry", &NEW_CONNECTION),
]);
const OLD_NEW: Kind = Kind::Object(&[
    NAME,
    Field::required("type", Kind::Text),
    Field::or("attributes", Kind::AnyObject, "{}"),
]);
const OPTIONAL_NAME: Field = Field::optional("name", Kind::Filled);
const CHANGED_PAIR: Kind =
    Kind::Partial(&[OPTIONAL_NAME, Field::optional("attributes", Kind::Object(PAIR_FIELDS))]);
const CHANGED_CONNECTION: Kind =
    Kind::Partial(&[OPTIONAL_NAME, Field::optional("attributes", Kind::Object(CONNECTION_FIELDS))]);
const CHANGES: Kind = Kind::Either(&[
    ("KeychainCredentialUpdateSSHKeyPairEntry", &CHANGED_PAIR),
    ("KeychainCredentialUpdateSSHCredentialsEntry", &CHANGED_CONNECTION),
]);
const OLD_CHANGES: Kind = Kind::Partial(&[OPTIONAL_NAME, Field::optional("attributes", Kind::AnyObject)]);
const ID: Field = Field::required("id", INT);
const CASCADE: Field = Field::or("options", Kind::Object(&[Field::or("cascade", Kind::Bool, "false")]), "{}");
const SCAN: &[Field] = &[
    Field::required("host", Kind::Filled),
    Field::or("port", INT, "22"),
    Field::or("connect_timeout", INT, "10"),
];
/// The port is a text in the older schemas, which take a number for it.
const OLD_SCAN: &[Field] = &[
    Field::required("host", Kind::Filled),
    Field::or("port", Kind::Text, "22"),
    Field::or("connect_timeout", INT, "10"),
];
const CREATE: &str = "keychain_credential_create";
const UPDATE: &str = "keychain_credential_update";
const EVENTS: &str = "keychaincredential.query";
const OLD: Release = Release::Scale24_10;
const TYPED: Release = Release::Scale25_04;

pub(super) const METHODS: &[Method] = &[
    Method::read("keychaincredential.query", QUERY, |call| call.query(entries(call))),
    Method::read("keychaincredential.get_instance", &[ID, QUERY_OPTIONS], |call| {
        entry(call.view(), &call.nas.state(), call.id(0)).ok_or_else(|| missing(call))
    })
    .since(Release::Scale24_10),
    Method::write("keychaincredential.create", &[Field::required(CREATE, OLD_NEW)], create).until(OLD),
    Method::write("keychaincredential.create", &[Field::required(CREATE, NEW)], create).since(TYPED),
    Method::write("keychaincredential.update", &[ID, Field::required(UPDATE, OLD_CHANGES)], update)
        .until(OLD),
    Method::write("keychaincredential.update", &[ID, Field::required(UPDATE, CHANGES)], update).since(TYPED),
    Method::write("keychaincredential.delete", &[ID, CASCADE], delete),
    Method::read("keychaincredential.used_by", &[ID], used_by),
    Method::later("keychaincredential.generate_ssh_key_pair", &[], generate).harmless(),
    Method::read(
        "keychaincredential.remote_ssh_host_key_scan",
        &[Field::required("keychain_remote_ssh_host_key_scan", Kind::Object(OLD_SCAN))],
        setup::scan,
    )
    .by(Role::Writer)
    .until(OLD),
    Method::read(
        "keychaincredential.remote_ssh_host_key_scan",
        &[Field::required("keychain_remote_ssh_host_key_scan", Kind::Object(SCAN))],
        setup::scan,
    )
    .by(Role::Writer)
    .since(TYPED),
    Method::later(
        "keychaincredential.remote_ssh_semiautomatic_setup",
        &[Field::required("data", Kind::Object(setup::OLD_SEMI_AUTOMATIC))
            .formerly("keychain_remote_ssh_semiautomatic_setup")],
        setup::semi_automatic,
    )
    .until(OLD),
    Method::later(
        "keychaincredential.remote_ssh_semiautomatic_setup",
        &[Field::required("data", Kind::Object(setup::SEMI_AUTOMATIC))],
        setup::semi_automatic,
    )
    .since(TYPED),
    Method::later(
        "keychaincredential.setup_ssh_connection",
        &[Field::required("setup_ssh_connection", setup::OLD_CONNECTION)],
        setup::connection_setup,
    )
    .since(OLD)
    .until(OLD),
    Method::later(
        "keychaincredential.setup_ssh_connection",
        &[Field::required("options", setup::CONNECTION)],
        setup::connection_setup,
    )
    .since(TYPED),
];

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("KeychainCredential", &call.params[0])
}

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    state.keychain.rows().filter_map(|(id, _)| entry(call.view(), &state, id)).collect()
}

/// A row as somebody may see it. Before 25.04 its attributes are hidden as a whole.
pub(super) fn entry(view: View, state: &State, id: i64) -> Option<Value> {
    let mut entry = Value::Object(state.keychain.get(id)?.clone());
    if view.models < TYPED {
        view.redact(&mut entry["attributes"]);
    } else if entry["type"] == PAIR {
        view.redact(&mut entry["attributes"]["private_key"]);
    }
    Some(entry)
}

fn create(call: &Call) -> Outcome {
    let row = checked(call, call.object(0), CREATE, None)?;
    Ok(add(&call.nas, call.view(), row))
}

/// Keeps a row that has been checked, and announces it.
pub(super) fn add(nas: &Nas, view: View, row: Row) -> Value {
    let id = nas.state().keychain.add(row);
    let shown = |view| entry(view, &nas.state(), id);
    nas.announce(What::Added, EVENTS, id, shown);
    shown(view).unwrap_or_default()
}

/// Takes a row away, whoever uses it.
pub(super) fn remove(nas: &Nas, id: i64) {
    nas.state().keychain.remove(id);
    nas.announce(What::Removed, EVENTS, id, |_| None);
}

fn update(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut row = call.nas.state().keychain.get(id).cloned().ok_or_else(|| missing(call))?;
    row.extend(call.object(1));
    // Complaints name the parameter in the plural (TrueNAS middleware 25.10, `plugins/keychain.py`).
    let row = checked(call, row, "keychain_credentials_update", Some(id))?;
    if let Some(kept) = call.nas.state().keychain.get_mut(id) {
        *kept = row;
    }
    let shown = |view| entry(view, &call.nas.state(), id);
    call.nas.announce(What::Changed, EVENTS, id, shown);
    shown(call.view()).ok_or_else(|| missing(call))
}

/// Checks a whole row, and completes it: by the rules of its type, which before 25.04 are no part of the schema.
pub(super) fn checked(call: &Call, mut row: Row, param: &str, own: Option<i64>) -> Result<Row, Refusal> {
    let taken = call.nas.state().keychain.find("name", &row["name"]);
    let mut complaints = Vec::new();
    if taken.is_some() && taken != own {
        complaints.push(Complaint::new(format!("{param}.name"), "Object with this name already exists"));
    }
    let fields = match row["type"].as_str() {
        Some(PAIR) => PAIR_ATTRIBUTES,
        Some(CONNECTION) => CONNECTION_ATTRIBUTES,
        _ => return Err(Refusal::invalid(format!("{param}.type"), "Invalid type")),
    };
    match shape::check_params(fields, std::slice::from_ref(&row["attributes"]), call.rules) {
        Ok(mut values) => drop(row.insert("attributes".to_owned(), values.remove(0))),
        Err(found) => complaints.extend(found.into_iter().map(|complaint| Complaint {
            attribute: format!("{param}.{}", complaint.attribute),
            ..complaint
        })),
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    if row["type"] == PAIR {
        check_pair(&mut row["attributes"], &format!("{param}.attributes"))?;
    }
    Ok(row)
}

const PAIR_ATTRIBUTES: &[Field] = &[Field::required("attributes", Kind::Object(PAIR_FIELDS))];
const CONNECTION_ATTRIBUTES: &[Field] = &[Field::required("attributes", Kind::Object(CONNECTION_FIELDS))];

/// Both halves belong together; a private key brings its public one along.
fn check_pair(attributes: &mut Value, param: &str) -> Result<(), Refusal> {
    let text = |name: &str| attributes[name].as_str().map(str::trim).filter(|text| !text.is_empty());
    let (private, mut public) =
        (text("private_key").map(str::to_owned), text("public_key").map(str::to_owned));
    if let Some(private) = private {
        let derived = ssh_keys::public_of(&private).map_err(|why| {
            let text = match why {
                Unreadable::Encrypted => "Encrypted private keys are not allowed",
                Unreadable::Damaged => "Load key \"key\": error in libcrypto",
            };
            Refusal::invalid(format!("{param}.private_key"), text)
        })?;
        attributes["private_key"] = format!("{private}\n").into();
        let fits = public.as_ref().is_none_or(|public| ssh_keys::bare(public) == derived);
        if !fits {
            let text = "Private key and public key do not match";
            return Err(Refusal::invalid(format!("{param}.public_key"), text));
        }
        public = Some(public.unwrap_or(derived));
    }
    let at = format!("{param}.public_key");
    let public = public.ok_or_else(|| Refusal::invalid(at.clone(), "You must specify a key"))?;
    if !ssh_keys::is_public(&public) {
        return Err(Refusal::invalid(at, "Invalid public key"));
    }
    attributes["public_key"] = public.into();
    Ok(())
}

/// What uses a row: its title, and what deleting the row with `cascade` does to it.
enum User {
    Connection(i64, String),
    Replication(i64, String),
}

fn users(state: &State, id: i64) -> Vec<User> {
    let name = |row: &Row| row["name"].as_str().unwrap_or_default().to_owned();
    let connections = state
        .keychain
        .rows()
        .filter(|(_, row)| row["type"] == CONNECTION && row["attributes"]["private_key"] == id);
    let connections = connections.map(|(user, row)| User::Connection(user, name(row)));
    let tasks = state.replications.rows().filter(|(_, row)| row["ssh_credentials"] == id);
    connections.chain(tasks.map(|(user, row)| User::Replication(user, name(row)))).collect()
}

fn used_by(call: &Call) -> Outcome {
    let state = call.nas.state();
    state.keychain.get(call.id(0)).ok_or_else(|| missing(call))?;
    let shown = users(&state, call.id(0)).into_iter().map(|user| match user {
        User::Connection(_, name) => {
            json!({"title": format!("SSH credentials {name}"), "unbind_method": "delete"})
        }
        User::Replication(_, name) => {
            json!({"title": format!("Replication task {name}"), "unbind_method": "disable"})
        }
    });
    Ok(shown.collect())
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    let users = {
        let state = call.nas.state();
        state.keychain.get(id).ok_or_else(|| missing(call))?;
        users(&state, id)
    };
    if !users.is_empty() && call.params[1]["cascade"] != true {
        let text = "This credential is used and no cascade option is specified";
        return Err(Refusal::failed(Errno::FAULT, text));
    }
    unbind(&call.nas, users);
    remove(&call.nas, id);
    Ok(Value::Null)
}

/// A connection goes with its pair; a task stays, disabled.
fn unbind(nas: &Nas, users: Vec<User>) {
    for user in users {
        match user {
            User::Connection(id, _) => {
                let users = users_of(nas, id);
                unbind(nas, users);
                remove(nas, id);
            }
            User::Replication(id, _) => {
                if let Some(row) = nas.state().replications.get_mut(id) {
                    row.insert("enabled".to_owned(), false.into());
                }
                super::replication::announce(nas, What::Changed, id);
            }
        }
    }
}

fn users_of(nas: &Nas, id: i64) -> Vec<User> {
    users(&nas.state(), id)
}

/// A new pair; nothing is kept. It takes a moment, like ssh-keygen's.
fn generate(call: Call) -> Pending {
    Box::pin(async move { pair(&call.nas).await })
}

pub(super) async fn pair(nas: &Nas) -> Outcome {
    let comment = format!("root@{}", nas.state().host_name);
    let made = tokio::task::spawn_blocking(move || ssh_keys::generate(&comment)).await;
    let failed = || Refusal::failed(Errno::FAULT, "Command ssh-keygen failed");
    let pair = made.ok().flatten().ok_or_else(failed)?;
    Ok(json!({"private_key": pair.private, "public_key": pair.public}))
}
