//! Setting up SSH connections to another appliance: looking at its host keys, and having it let this one in.
//!
//! From TrueNAS middleware 13.3 to 26, `plugins/keychain.py`.

use serde_json::{Value, json};
use url::Url;

use super::call::{Call, Pending};
use super::keychain::{self, CONNECTION as CONNECTION_TYPE, PAIR};
use super::neighbours::{self, Conversation};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, INT, Kind};
use super::ssh;
use super::state::Row;

const TEXT: Kind = Kind::Nullable(&Kind::Text);
const URL: Field = Field::required("url", Kind::Valid(&Kind::Text, check_url));
const OLD_URL: Field = Field::required("url", Kind::Text);
const VERIFY: Field = Field::or("verify_ssl", Kind::Bool, "true");
const ADMIN: Field = Field::or("admin_username", Kind::Text, "\"root\"");
const USER: Field = Field::or("username", Kind::Text, "\"root\"");
const TIMEOUT: Field = Field::or("connect_timeout", INT, "10");
const SUDO: Field = Field::or("sudo", Kind::Bool, "false");

const TOKEN: Field = Field::or("token", TEXT, "null");
const PASSWORD: Field = Field::or("password", TEXT, "null");
const CODE: Field = Field::or("otp_token", TEXT, "null");
const OLD_TOKEN: Field = Field::optional("token", Kind::Text);
const OLD_PASSWORD: Field = Field::optional("password", Kind::Text);
const OLD_CODE: Field = Field::optional("otp_token", Kind::Text);

/// The fields of a log-in to another appliance, after those that a call has of its own.
macro_rules! login {
    ($($own:expr),*) => { &[$($own,)* URL, VERIFY, TOKEN, ADMIN, PASSWORD, CODE, USER, TIMEOUT, SUDO] };
}
/// The same before 25.10. CORE has fewer.
macro_rules! old_login {
    ($($own:expr),*) => {
        &[
            $($own,)*
            OLD_URL,
            VERIFY.since(Release::Scale24_10),
            OLD_TOKEN,
            ADMIN.since(Release::Scale24_10),
            OLD_PASSWORD,
            OLD_CODE.since(Release::Scale24_10),
            USER,
            TIMEOUT,
            SUDO.since(Release::Scale24_10)
        ]
    };
}

pub(super) const SEMI_AUTOMATIC: &[Field] =
    login!(Field::required("name", Kind::Filled), Field::required("private_key", INT));
pub(super) const OLD_SEMI_AUTOMATIC: &[Field] = old_login!(
    Field::required("name", Kind::Text),
    Field::required("private_key", INT),
    Field::or("cipher", Kind::OneOf(&["STANDARD", "FAST", "DISABLED"]), "\"STANDARD\"")
        .until(Release::Core13_3)
);

const MANUAL: Kind = Kind::Object(&[
    Field::required("host", Kind::Text),
    Field::or("port", INT, "22"),
    Field::or("username", Kind::Text, "\"root\""),
    Field::required("remote_host_key", Kind::Text),
    Field::or("connect_timeout", INT, "10"),
]);
const SEMI: Kind = Kind::Object(login!());
const OLD_SEMI: Kind = Kind::Object(old_login!());
const NEW_KEY: Kind = Kind::Object(&[
    Field::or("generate_key", Kind::Valid(&Kind::Bool, is_true), "true"),
    Field::required("name", Kind::Filled),
]);
const EXISTING_KEY: Kind = Kind::Object(&[
    Field::or("generate_key", Kind::Valid(&Kind::Bool, is_false), "false"),
    Field::required("existing_key_id", INT),
]);
const KEY: Field = Field::required(
    "private_key",
    Kind::Either(&[
        ("KeychainCredentialSetupSSHConnectionKeyNew", &NEW_KEY),
        ("KeychainCredentialSetupSSHConnectionKeyExisting", &EXISTING_KEY),
    ]),
);
const NAME: Field = Field::required("connection_name", Kind::Filled);
pub(super) const CONNECTION: Kind = Kind::Tagged(
    "setup_type",
    &[
        ("MANUAL", &[KEY, NAME, Field::required("manual_setup", MANUAL)]),
        ("SEMI-AUTOMATIC", &[KEY, NAME, Field::required("semi_automatic_setup", SEMI)]),
    ],
);
pub(super) const OLD_CONNECTION: Kind = Kind::Object(&[
    Field::or(
        "private_key",
        Kind::Object(&[
            Field::or("generate_key", Kind::Bool, "true"),
            Field::optional("existing_key_id", INT),
            Field::optional("name", Kind::Filled),
        ]),
        "{}",
    ),
    Field::required("connection_name", Kind::Text),
    Field::or("setup_type", Kind::OneOf(&["SEMI-AUTOMATIC", "MANUAL"]), "\"MANUAL\""),
    Field::optional("semi_automatic_setup", OLD_SEMI),
    Field::optional("manual_setup", Kind::AnyObject),
]);

fn is_true(value: &Value) -> Result<(), String> {
    if *value == true { Ok(()) } else { Err("Input should be True".to_owned()) }
}

fn is_false(value: &Value) -> Result<(), String> {
    if *value == false { Ok(()) } else { Err("Input should be False".to_owned()) }
}

fn check_url(value: &Value) -> Result<(), String> {
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    let is_http = url.is_some_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_http { Ok(()) } else { Err("Input should be a valid URL".to_owned()) }
}

/// What ssh-keyscan finds, without the host's name before each line.
pub(super) fn scan(call: &Call) -> Outcome {
    let wanted = &call.params[0];
    let host = wanted["host"].as_str().unwrap_or_default();
    let port = &wanted["port"];
    let port = port.as_i64().or_else(|| port.as_str()?.parse().ok()).unwrap_or_default();
    match neighbours::at_port(&call.nas, host, port) {
        Some(peer) => Ok(peer.host_keys.join("\n").into()),
        // An ssh-keyscan that nobody answers says nothing and succeeds.
        None => Err(Refusal::failed(Errno::FAULT, "SSH timeout")),
    }
}

pub(super) fn semi_automatic(call: Call) -> Pending {
    Box::pin(async move {
        let wanted = call.object(0);
        let made = set_up(&call, &wanted).await?;
        Ok(keychain::add(&call.nas, call.view(), made))
    })
}

/// Has the other appliance let this one in, and gives the connection that leads there. What has been changed there stays when a
/// later step fails.
async fn set_up(call: &Call, wanted: &Row) -> Result<Row, Refusal> {
    let failed = |why: String| Refusal::failed(Errno::FAULT, why);
    let text = |name: &str| wanted.get(name).and_then(Value::as_str).unwrap_or_default();
    let pair = {
        let state = call.nas.state();
        let pair = wanted["private_key"].as_i64().and_then(|id| state.keychain.get(id));
        pair.filter(|row| row["type"] == PAIR).cloned()
    };
    let pair = pair.ok_or_else(|| failed("Specified key pair not found".to_owned()))?;
    let url = Url::parse(text("url")).map_err(|why| unreachable(&why.to_string()))?;
    let peer = neighbours::at_url(&call.nas, &url).ok_or_else(|| {
        unreachable(&format!("[Errno 111] Connection refused ({})", url.host_str().unwrap_or_default()))
    })?;
    // The other appliance's certificate is signed by itself.
    if wanted.get("verify_ssl") == Some(&Value::Bool(true)) && url.scheme() == "https" {
        let text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate";
        return Err(Refusal::failed(Errno::CERTIFICATE, text));
    }
    let conversation = Conversation::begin(&call.nas, &peer);
    log_in(&conversation, call.nas.release, wanted).await?;
    let user = text("username");
    let key = pair["attributes"]["public_key"].as_str().unwrap_or_default();
    let (port, host_key) = ssh::pair(&peer, user, key)
        .map_err(|why| failed(format!("Semi-automatic SSH connection setup failed: {}", why.text())))?;
    if let Some(login) = peer.state().logins.get_mut(user) {
        login.has_shell = true;
        login.has_sudo |= wanted.get("sudo") == Some(&Value::Bool(true));
    }
    let attributes = json!({
        "host": url.host_str(), "port": port, "username": user, "private_key": wanted["private_key"],
        "remote_host_key": host_key, "connect_timeout": wanted["connect_timeout"],
        "cipher": wanted.get("cipher"),
    });
    connection(call, text("name"), attributes)
}

fn unreachable(why: &str) -> Refusal {
    Refusal::failed(Errno::FAULT, format!("Unable to connect to remote system: {why}"))
}

async fn log_in(conversation: &Conversation, own: Release, wanted: &Row) -> Result<(), Refusal> {
    let failed = |why: &str| Refusal::failed(Errno::FAULT, why);
    let given = |name: &str| wanted.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (params, method, wrong) = if let Some(token) = given("token") {
        let method = if own == Release::Core13_3 { "auth.token" } else { "auth.login_with_token" };
        (vec![json!(token)], method, "Invalid token")
    } else if let Some(password) = given("password") {
        let name = given("admin_username").unwrap_or("root");
        let mut params = vec![json!(name), json!(password)];
        params.extend(given("otp_token").map(Value::from));
        (params, "auth.login", "Invalid username or password")
    } else {
        let text = "You should specify either remote system password or temporary authentication token";
        return Err(failed(text));
    };
    let answer = conversation.call(method, &params).await;
    let answer =
        answer.map_err(|why| failed(&format!("Unable to connect to remote system: {}", why.text())))?;
    if answer == true { Ok(()) } else { Err(failed(wrong)) }
}

/// A connection, checked like one that somebody creates.
fn connection(call: &Call, name: &str, attributes: Value) -> Result<Row, Refusal> {
    let mut attributes = attributes;
    if let Some(members) = attributes.as_object_mut() {
        members.retain(|name, value| {
            !value.is_null() && (name != "cipher" || call.nas.release == Release::Core13_3)
        });
    }
    let row = json!({"name": name, "type": CONNECTION_TYPE, "attributes": attributes});
    keychain::checked(call, row.as_object().cloned().unwrap_or_default(), "keychain_credential_create", None)
}

/// Pair and connection in one call. A pair that was made for it goes again when the connection fails.
pub(super) fn connection_setup(call: Call) -> Pending {
    Box::pin(async move {
        let wanted = call.object(0);
        check_setup(&call, &wanted)?;
        let key = &wanted["private_key"];
        let made = if key["generate_key"] == true {
            let attributes = keychain::pair(&call.nas).await?;
            let row = json!({"name": key["name"], "type": PAIR, "attributes": attributes});
            let row = row.as_object().cloned().unwrap_or_default();
            let row = keychain::checked(&call, row, "keychain_credential_create", None)?;
            keychain::add(&call.nas, call.view(), row)["id"].as_i64()
        } else {
            None
        };
        let pair = made.or_else(|| key["existing_key_id"].as_i64());
        let outcome = connect(&call, &wanted, pair).await;
        if let (Err(_), Some(made)) = (&outcome, made) {
            keychain::remove(&call.nas, made);
        }
        outcome
    })
}

async fn connect(call: &Call, wanted: &Row, pair: Option<i64>) -> Outcome {
    let name = wanted["connection_name"].as_str().unwrap_or_default();
    let part = if wanted["setup_type"] == "MANUAL" { "manual_setup" } else { "semi_automatic_setup" };
    let mut rest = wanted.get(part).and_then(Value::as_object).cloned().unwrap_or_default();
    rest.insert("private_key".to_owned(), pair.into());
    let row = if part == "manual_setup" {
        connection(call, name, rest.into())?
    } else {
        rest.insert("name".to_owned(), name.into());
        set_up(call, &rest).await?
    };
    Ok(keychain::add(&call.nas, call.view(), row))
}

fn check_setup(call: &Call, wanted: &Row) -> Result<(), Refusal> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, text: &str| {
        complaints.push(Complaint::new(format!("setup_ssh_connection.{field}"), text));
    };
    let key = &wanted["private_key"];
    let state = call.nas.state();
    if key["generate_key"] == true {
        match key.get("name") {
            None => complain("private_key.name", "This field is required"),
            Some(name) if state.keychain.find("name", name).is_some() => {
                complain("private_key.name", "Is already in use by another SSH Key pair");
            }
            Some(_) => {}
        }
    } else {
        let pair = key["existing_key_id"].as_i64().and_then(|id| state.keychain.get(id));
        if pair.is_none_or(|row| row["type"] != PAIR) {
            complain("private_key.existing_key_id", "SSH Key Pair not found");
        }
    }
    if state.keychain.find("name", &wanted["connection_name"]).is_some() {
        complain("connection_name", "Is already in use by another SSH connection");
    }
    let part = if wanted["setup_type"] == "MANUAL" { "manual_setup" } else { "semi_automatic_setup" };
    if wanted.get(part).is_none() {
        complain(part, "This field is required");
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}
