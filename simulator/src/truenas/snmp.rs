//! The SNMP service's settings.

use serde_json::Value;

use super::call::{Call, Method};
use super::refusal::{Complaint, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::Row;

const COMMUNITY: Kind = Kind::That(&Kind::Text, is_community, "String should match pattern of a community");
const NARROW_COMMUNITY: Kind =
    Kind::That(&Kind::Text, is_plain, "String should match pattern '^[-_a-zA-Z0-9\\s]*$'");
const EMAIL: Kind = Kind::That(&Kind::Text, is_email, "Value error, Not a valid E-Mail address.");
const PLAIN: Kind = Kind::That(&Kind::Text, is_plain, "String should match pattern '^[-_a-zA-Z0-9\\s]*$'");
const CONTACT: Kind =
    Kind::Either(&[("function-after[validate_email(), str]", &EMAIL), ("constrained-str", &PLAIN)]);
/// 13.3 and 24.10 take any text and look at it afterwards.
const OLD_CONTACT: Kind = Kind::That(&Kind::Text, is_contact, "Not a valid E-Mail address");
const USER_NAME: Kind =
    Kind::That(&Kind::Text, |name| name.chars().count() <= 20, "String should have at most 20 characters");
const OLD_FIELDS: &[Field] = &[
    Field::optional("contact", OLD_CONTACT),
    Field::optional("community", Kind::Text),
    Field::optional("location", Kind::Text),
    Field::optional("traps", Kind::Bool),
    Field::optional("v3", Kind::Bool),
    Field::optional("v3_username", USER_NAME),
    Field::optional("v3_authtype", Kind::OneOf(&["", "MD5", "SHA"])),
    Field::optional("v3_password", Kind::Text),
    Field::optional("v3_privproto", Kind::Nullable(&Kind::OneOf(&["AES", "DES"]))),
    Field::optional("v3_privpassphrase", Kind::Nullable(&Kind::Text)),
    Field::optional("options", Kind::LongText),
    Field::optional("loglevel", Kind::Int(0, 7)),
    Field::optional("zilstat", Kind::Bool),
];
/// 25.04 takes fewer signs in a community than later releases.
const FIELDS_OF_25_04: &[Field] = &[
    Field::optional("contact", CONTACT),
    Field::optional("community", NARROW_COMMUNITY),
    Field::optional("location", Kind::Text),
    Field::optional("traps", Kind::Bool),
    Field::optional("v3", Kind::Bool),
    Field::optional("v3_username", USER_NAME),
    Field::optional("v3_authtype", Kind::OneOf(&["", "MD5", "SHA"])),
    Field::optional("v3_password", Kind::Text),
    Field::optional("v3_privproto", Kind::Nullable(&Kind::OneOf(&["AES", "DES"]))),
    Field::optional("v3_privpassphrase", Kind::Nullable(&Kind::Text)),
    Field::optional("options", Kind::LongText),
    Field::optional("loglevel", Kind::Int(0, 7)),
    Field::optional("zilstat", Kind::Bool),
];
const FIELDS: &[Field] = &[
    Field::optional("contact", CONTACT),
    Field::optional("community", COMMUNITY),
    Field::optional("location", Kind::Text),
    Field::optional("traps", Kind::Bool),
    Field::optional("v3", Kind::Bool),
    Field::optional("v3_username", USER_NAME),
    Field::optional("v3_authtype", Kind::OneOf(&["", "MD5", "SHA"])),
    Field::optional("v3_password", Kind::Text),
    Field::optional("v3_privproto", Kind::Nullable(&Kind::OneOf(&["AES", "DES"]))),
    Field::optional("v3_privpassphrase", Kind::Nullable(&Kind::Text)),
    Field::optional("options", Kind::LongText),
    Field::optional("loglevel", Kind::Int(0, 7)),
    Field::optional("zilstat", Kind::Bool),
];

pub(super) const METHODS: &[Method] = &[
    Method::read("snmp.config", &[], |call| Ok(shown(call, call.nas.state().snmp.clone()))),
    Method::write("snmp.update", &[Field::required("snmp_update", Kind::Partial(OLD_FIELDS))], update)
        .until(Release::Scale24_10),
    Method::write("snmp.update", &[Field::required("snmp_update", Kind::Partial(FIELDS_OF_25_04))], update)
        .since(Release::Scale25_04)
        .until(Release::Scale25_04),
    Method::write("snmp.update", &[Field::required("snmp_update", Kind::Partial(FIELDS))], update)
        .since(Release::Scale25_10),
];

fn is_community(text: &str) -> bool {
    let allowed =
        |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || r"!$%&()+-_={}[]<>,.?".contains(c);
    text.chars().all(allowed)
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || "-_".contains(c))
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|_| !text.contains(char::is_whitespace));
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn is_contact(text: &str) -> bool {
    is_email(text) || is_plain(text)
}

fn shown(call: &Call, settings: Row) -> Value {
    let mut settings = Value::Object(settings);
    for secret in ["v3_password", "v3_privpassphrase"] {
        call.view().redact(&mut settings[secret]);
    }
    settings
}

/// TrueNAS middleware 25.10, `plugins/snmp.py`.
fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let mut new = state.snmp.clone();
    new.extend(call.object(0));
    let is_empty = |field: &str| new[field].as_str().unwrap_or_default().is_empty();
    let mut complaints = Vec::new();
    let mut complain = |field: &str, text: &str| {
        complaints.push(Complaint::new(format!("snmp_update.{field}"), text));
    };
    if new["v3"] == true {
        if is_empty("v3_username") {
            complain("v3_username", "This field is required when SNMPv3 is enabled");
        }
        if is_empty("v3_authtype") {
            complain("v3_authtype", "This field is required when SNMPv3 is enabled");
        }
        if is_empty("v3_password") {
            complain("v3_password", "This field is required when SNMPv3 is enabled");
        }
    } else if is_empty("community") {
        complain("community", "This field is required when SNMPv3 is disabled");
    }
    // What is missing is reported first, and alone.
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    let mut complain = |field: &str, text: &str| {
        complaints.push(Complaint::new(format!("snmp_update.{field}"), text));
    };
    let password = new["v3_password"].as_str().unwrap_or_default();
    if !password.is_empty() && password.chars().count() < 8 {
        complain("v3_password", "Password must contain at least 8 characters");
    }
    if !is_empty("v3_privproto") && is_empty("v3_privpassphrase") {
        complain("v3_privpassphrase", "This field is required when SNMPv3 private protocol is specified");
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    state.snmp.clone_from(&new);
    drop(state);
    call.nas.update_snmp();
    Ok(shown(call, new))
}
