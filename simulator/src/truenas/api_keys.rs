//! API keys: listing, making, changing and deleting them, and what 26 keeps of one
//! (TrueNAS middleware 13.3 to 26, `plugins/api_key.py` and `plugins/api_key/crud.py`).

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

use super::call::{Call, Method, View};
use super::events::{Event, What};
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::scram::{ITERATIONS, Stored};
use super::session::Role;
use super::shape::{Field, INT, Kind};
use super::state::{State, date};
use super::users::User;
use crate::random::Random;

/// The allow list of a key of 24.10 that may do anything.
pub(super) const EVERYTHING: &[(&str, &str)] = &[("*", "*")];
/// The allow list of one that may look.
pub(super) const READING: &[(&str, &str)] =
    &[("CALL", "*.query"), ("CALL", "*.config"), ("CALL", "*.list"), ("SUBSCRIBE", "*")];

/// An API key and whose it is.
#[derive(Debug, Clone)]
pub(super) struct ApiKey {
    pub(super) id: i64,
    pub(super) name: String,
    /// The user's name and the number of its row.
    pub(super) user: String,
    pub(super) user_id: i64,
    /// The whole text that a client shows: the id, a dash, 64 characters.
    pub(super) text: String,
    created: Timestamp,
    expires: Option<Timestamp>,
    /// Why it was revoked, if it was.
    revoked: Option<String>,
    /// 24.10: which calls it may make.
    allowlist: Value,
    pub(super) salt: [u8; 16],
    /// What 26 keeps of it: computed when it is first asked for, since that takes a while.
    stored: Arc<OnceLock<Stored>>,
}

impl ApiKey {
    pub(super) fn new(id: i64, name: &str, user: &User, text: String, allowlist: &[(&str, &str)]) -> Self {
        let allowed = allowlist.iter().map(|(method, name)| json!({"method": method, "resource": name}));
        Self {
            id,
            name: name.to_owned(),
            user: user.name.clone(),
            user_id: user.id,
            salt: salt_of(&text),
            text,
            created: Timestamp::UNIX_EPOCH,
            expires: None,
            revoked: None,
            allowlist: allowed.collect(),
            stored: Arc::default(),
        }
    }

    /// The part that is secret.
    fn secret(&self) -> &str {
        self.text.split_once('-').map_or(self.text.as_str(), |(_, rest)| rest)
    }

    /// What 26 keeps of it.
    pub(super) fn stored(&self) -> &Stored {
        self.stored.get_or_init(|| Stored::of(self.secret(), &self.salt))
    }

    /// It was revoked, or has expired.
    pub(super) fn is_void(&self, now: Timestamp) -> bool {
        self.revoked.is_some() || self.expires.is_some_and(|moment| moment <= now)
    }

    pub(super) fn revoke(&mut self, why: &str) {
        self.revoked = Some(why.to_owned());
        self.expires = None;
    }

    pub(super) fn expire_at(&mut self, moment: Timestamp) {
        self.expires = Some(moment);
    }

    /// Gives it another secret, and lets it be used again.
    fn reset(&mut self, random: &Random) {
        self.text = format!("{}-{}", self.id, random.alphanumeric(64));
        self.salt = salt_of(&self.text);
        self.stored = Arc::default();
        self.revoked = None;
    }

    /// The row as a release shows it, secrets only to whoever may write it.
    fn entry(&self, view: View) -> Value {
        let mut row = json!({"id": self.id, "name": self.name, "created_at": date(self.created)});
        if view.models == Release::Scale24_10 {
            row["allowlist"] = self.allowlist.clone();
        }
        if view.models < Release::Scale25_04 {
            return row;
        }
        row["username"] = self.user.as_str().into();
        row["user_identifier"] = self.user_id.into();
        row["local"] = true.into();
        row["expires_at"] = self.expires.map_or(Value::Null, date);
        row["revoked"] = self.revoked.is_some().into();
        if view.models >= Release::Scale25_10 {
            row["revoked_reason"] = self.revoked.as_deref().into();
        }
        let secrets = if view.models < Release::Community26 {
            row["keyhash"] = format!("$pbkdf2-sha512${ITERATIONS}${}", self.hash()).into();
            &["keyhash"][..]
        } else {
            row["iterations"] = ITERATIONS.into();
            row["salt"] = super::scram::base64(&self.salt).into();
            row["stored_key"] = self.stored().stored_key().into();
            row["server_key"] = self.stored().server_key().into();
            &["salt", "stored_key", "server_key"]
        };
        for name in secrets {
            view.redact(&mut row[*name]);
        }
        row
    }

    /// Something that no key can be told from, and that differs from key to key.
    fn hash(&self) -> String {
        super::scram::base64(&Sha512::new().chain_update(self.salt).chain_update(&self.text).finalize())
    }

    /// The row with the key in it, which is shown this once.
    fn entry_with_key(&self, view: View) -> Value {
        let mut row = self.entry(view);
        row["key"] = self.text.as_str().into();
        if view.models >= Release::Community26 {
            row["client_key"] = self.stored().client_key().into();
        }
        row
    }
}

/// A salt of the key's own that is not drawn, so that nothing else of the simulation shifts.
fn salt_of(text: &str) -> [u8; 16] {
    let digest = Sha512::new().chain_update("salt of ").chain_update(text).finalize();
    std::array::from_fn(|index| digest[index])
}

const NAME: Kind = Kind::That(&Kind::Filled, is_short, "String should have at most 200 characters");
const EXPIRY: Kind = Kind::Nullable(&Kind::Object(&[Field::required("$date", INT)]));
const ALLOWED: Kind = Kind::List(&Kind::Object(&[
    Field::required("method", Kind::OneOf(&["GET", "POST", "PUT", "DELETE", "CALL", "SUBSCRIBE", "*"])),
    Field::required("resource", Kind::Filled),
]));
const ID: Field = Field::required("id", INT);
const CREATE: &str = "api_key_create";
const UPDATE: &str = "api_key_update";
const RESET: Field = Field::optional("reset", Kind::Bool);

pub(super) const METHODS: &[Method] = &[
    Method::read("api_key.query", QUERY, |call| call.query(entries(call, |_| true))),
    Method::read("api_key.get_instance", &[ID, QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        find(&state, call.id(0)).map(|key| key.entry(call.view()))
    })
    .since(Release::Scale24_10),
    Method::read("api_key.my_keys", &[], my_keys).since(Release::Scale25_04),
    Method::write(
        "api_key.create",
        &[Field::required(CREATE, Kind::Object(&[Field::required("name", Kind::Filled)]))],
        create,
    )
    .until(Release::Core13_3),
    Method::write(
        "api_key.create",
        &[Field::required(
            CREATE,
            Kind::Object(&[Field::required("name", NAME), Field::required("allowlist", ALLOWED)]),
        )],
        create,
    )
    .since(Release::Scale24_10)
    .until(Release::Scale24_10),
    Method::write(
        "api_key.create",
        &[Field::required(
            CREATE,
            Kind::Object(&[
                Field::required("name", NAME),
                Field::required("username", Kind::Filled),
                Field::or("expires_at", EXPIRY, "null"),
            ]),
        )],
        create,
    )
    .by(Role::Reader)
    .since(Release::Scale25_04),
    Method::write(
        "api_key.update",
        &[ID, Field::required(UPDATE, Kind::Partial(&[Field::optional("name", Kind::Filled), RESET]))],
        update,
    )
    .until(Release::Core13_3),
    Method::write(
        "api_key.update",
        &[
            ID,
            Field::required(
                UPDATE,
                Kind::Partial(&[Field::optional("name", NAME), Field::optional("allowlist", ALLOWED), RESET]),
            ),
        ],
        update,
    )
    .since(Release::Scale24_10)
    .until(Release::Scale24_10),
    Method::write(
        "api_key.update",
        &[
            ID,
            Field::required(
                UPDATE,
                Kind::Partial(&[Field::optional("name", NAME), Field::optional("expires_at", EXPIRY), RESET]),
            ),
        ],
        update,
    )
    .by(Role::Reader)
    .since(Release::Scale25_04),
    Method::write("api_key.delete", &[ID], delete).until(Release::Scale24_10),
    Method::write("api_key.delete", &[ID], delete).by(Role::Reader).since(Release::Scale25_04),
    Method::read("api_key.convert_raw_key", &[Field::required("raw_key", Kind::Filled)], convert)
        .since(Release::Community26),
];

fn is_short(name: &str) -> bool {
    name.chars().count() <= 200
}

fn missing(id: i64) -> Refusal {
    Refusal::no_row("ApiKey", &id.into())
}

fn find(state: &State, id: i64) -> Result<&ApiKey, Refusal> {
    state.keys.iter().find(|key| key.id == id).ok_or_else(|| missing(id))
}

fn entries(call: &Call, wanted: impl Fn(&ApiKey) -> bool) -> Vec<Value> {
    let view = call.view();
    call.nas.state().keys.iter().filter(|key| wanted(key)).map(|key| key.entry(view)).collect()
}

/// The name of whoever calls.
fn caller(call: &Call) -> String {
    call.session.login().as_ref().map(|login| login.user.name.clone()).unwrap_or_default()
}

fn my_keys(call: &Call) -> Outcome {
    let name = caller(call);
    Ok(Value::Array(entries(call, |key| key.user == name)))
}

/// Whoever is no full administrator has a say in its own keys only.
fn check_privilege(call: &Call, owner: &str) -> Result<(), Refusal> {
    let name = caller(call);
    if call.session.may(Role::Writer) || name == owner {
        return Ok(());
    }
    let text =
        format!("{name}: authenticated user lacks privileges to create or modify API keys of other users.");
    Err(Refusal::failed(Errno::FORBIDDEN, text))
}

/// The moment that a request names.
fn moment(value: Option<&Value>) -> Option<Timestamp> {
    value?["$date"].as_i64().and_then(|millis| Timestamp::from_millisecond(millis).ok())
}

fn check(
    call: &Call,
    state: &State,
    param: &str,
    id: Option<i64>,
    data: &Map<String, Value>,
) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let is_taken =
        |name: &Value| state.keys.iter().any(|key| Some(key.id) != id && *name == key.name.as_str());
    if data.get("name").is_some_and(is_taken) {
        complaints.push(if call.rules.models < Release::Scale25_04 {
            Complaint::new(format!("{param}.name"), "Object with this name already exists")
        } else {
            Complaint::new(param, "name must be unique")
        });
    }
    if moment(data.get("expires_at")).is_some_and(|moment| moment < call.nas.now()) {
        complaints.push(Complaint::new(param, "Expiration date is in the past"));
    }
    complaints
}

fn create(call: &Call) -> Outcome {
    let data = call.object(0);
    let named = data.get("username").and_then(Value::as_str);
    if let Some(owner) = named {
        check_privilege(call, owner)?;
    }
    let mut state = call.nas.state();
    let mut complaints = check(call, &state, CREATE, None, &data);
    // Before 25.04 a key is nobody's, and root's in effect.
    let owner = match named {
        Some(name) => state.users.iter().find(|user| user.name == name),
        None => state.users.first(),
    };
    let owner = owner.cloned();
    match &owner {
        None => complaints.push(Complaint::new(CREATE, "User does not exist.")),
        Some(user) if !user.has_access => {
            complaints.push(Complaint::new(CREATE, "User lacks privilege role membership."));
        }
        Some(_) => {}
    }
    let Some(owner) = owner.filter(|_| complaints.is_empty()) else {
        return Err(Refusal::Invalid(complaints));
    };
    let id = state.keys.iter().map(|key| key.id).max().unwrap_or_default() + 1;
    let text = format!("{id}-{}", call.nas.random.alphanumeric(64));
    let name = data["name"].as_str().unwrap_or_default();
    let mut key = ApiKey::new(id, name, &owner, text, &[]);
    key.created = call.nas.now();
    key.expires = moment(data.get("expires_at"));
    key.allowlist = data.get("allowlist").cloned().unwrap_or_default();
    state.keys.push(key.clone());
    drop(state);
    announce(call, What::Added, &key);
    Ok(key.entry_with_key(call.view()))
}

fn update(call: &Call) -> Outcome {
    let (id, mut data) = (call.id(0), call.object(1));
    let is_reset = data.remove("reset") == Some(Value::Bool(true));
    let mut state = call.nas.state();
    let owner = find(&state, id)?.user.clone();
    if call.rules.models >= Release::Scale25_04 {
        check_privilege(call, &owner)?;
    }
    let complaints = check(call, &state, UPDATE, Some(id), &data);
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    let key = state.keys.iter_mut().find(|key| key.id == id).ok_or_else(|| missing(id))?;
    if let Some(Value::String(name)) = data.remove("name") {
        key.name = name;
    }
    if let Some(allowlist) = data.remove("allowlist") {
        key.allowlist = allowlist;
    }
    if data.contains_key("expires_at") {
        key.expires = moment(data.get("expires_at"));
    }
    if is_reset {
        key.reset(&call.nas.random);
    }
    let key = key.clone();
    drop(state);
    announce(call, What::Changed, &key);
    Ok(if is_reset { key.entry_with_key(call.view()) } else { key.entry(call.view()) })
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut state = call.nas.state();
    let owner = find(&state, id)?.user.clone();
    if call.rules.models >= Release::Scale25_04 {
        check_privilege(call, &owner)?;
    }
    state.keys.retain(|key| key.id != id);
    drop(state);
    call.nas.events.publish(&Event::new(What::Removed, "api_key.query", id, Value::Null));
    Ok(true.into())
}

fn announce(call: &Call, what: What, key: &ApiKey) {
    // What 26 computes of a key takes a while; nobody who listens to this needs it.
    let models = call.nas.release.min(Release::Scale25_10);
    call.nas.announce(what, "api_key.query", key.id, |view| Some(key.entry(View { models, ..view })));
}

/// What a client keeps in the place of a key, so that it never needs the key again.
fn convert(call: &Call) -> Outcome {
    let wrong = |text: &str| Refusal::invalid("api_key_convert_raw_key", text);
    let given = call.text(0).trim();
    let parts = given.split_once('-').and_then(|(id, secret)| Some((id.parse::<i64>().ok()?, secret)));
    let (id, secret) = parts.ok_or_else(|| wrong("Not a valid raw API key"))?;
    if secret.chars().count() != 64 {
        return Err(wrong("Unexpected key size."));
    }
    let state = call.nas.state();
    let key = find(&state, id).map_err(|_| wrong("Key does not exist."))?.clone();
    drop(state);
    if key.revoked.is_some() {
        return Err(wrong("Key is revoked."));
    }
    let of_given;
    let stored = if key.secret() == secret {
        key.stored()
    } else {
        // It is converted with this key's salt, and lets nobody in.
        of_given = Stored::of(secret, &key.salt);
        &of_given
    };
    Ok(json!({
        "api_key_id": id, "iterations": ITERATIONS, "salt": super::scram::base64(&key.salt),
        "client_key": stored.client_key(), "stored_key": stored.stored_key(), "server_key": stored.server_key(),
    }))
}
