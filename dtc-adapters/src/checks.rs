//! What a site file's values must be, beyond their types: found while the file is read, before any call is made.

use serde::Deserialize;
use serde::de::{self, Deserializer};
use url::{Host, Url};

use crate::files::one_line;
use crate::tickets;

/// The longest name that is taken. The services document no limit; none shows more.
const LONGEST: usize = 255;

/// What a replication calls the appliance of the table `[truenas]`.
pub const OWN_APPLIANCE: &str = "main";

/// The values of `[site]` that are checked here; what they mean is read elsewhere.
#[derive(Deserialize)]
pub(super) struct Checked {
    #[serde(rename = "site")]
    _site: CheckedSite,
}

#[derive(Deserialize)]
struct CheckedSite {
    #[serde(default, rename = "organization", deserialize_with = "checked_label")]
    _organization: (),
    #[serde(default, rename = "location", deserialize_with = "checked_label")]
    _location: (),
    #[serde(default, rename = "vault_organization", deserialize_with = "checked_label")]
    _vault_organization: (),
    #[serde(default, rename = "device", deserialize_with = "checked_label")]
    _device: (),
    #[serde(default, rename = "time_zone", deserialize_with = "checked_time_zone")]
    _time_zone: (),
    #[serde(default, rename = "ticket", deserialize_with = "checked_ticket")]
    _ticket: (),
    #[serde(default, rename = "fields")]
    _fields: CheckedFields,
}

/// The ticket of `[site]`, where tickets are in HaloPSA.
#[derive(Deserialize)]
pub(super) struct Numbered {
    #[serde(rename = "site")]
    _site: NumberedSite,
}

#[derive(Deserialize)]
struct NumberedSite {
    #[serde(default, rename = "ticket", deserialize_with = "numbered_ticket")]
    _ticket: (),
}

fn numbered_ticket<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    let problem = |text: &str| ticket_number(text).is_none().then(|| NO_TICKET_NUMBER.to_owned());
    checked(deserializer, problem).map(drop)
}

/// What is said of a ticket that has no number.
pub(crate) const NO_TICKET_NUMBER: &str = "HaloPSA names its tickets by number, such as 1001";

/// A ticket's number in HaloPSA; people write it with a `#` as well.
pub(crate) fn ticket_number(text: &str) -> Option<u64> {
    text.strip_prefix('#').unwrap_or(text).parse().ok()
}

#[derive(Default, Deserialize)]
struct CheckedFields {
    #[serde(default, rename = "organization", deserialize_with = "checked_label")]
    _organization: (),
    #[serde(default, rename = "location", deserialize_with = "checked_label")]
    _location: (),
    #[serde(default, rename = "device", deserialize_with = "checked_label")]
    _device: (),
}

fn checked_label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    label(deserializer).map(drop)
}

fn checked_time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    checked(deserializer, time_zone_problem).map(drop)
}

fn checked_ticket<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    checked(deserializer, |text| tickets::name_problem(text).map(str::to_owned)).map(drop)
}

/// A name or an id: one line, nothing invisible at its ends, no longer than any service shows.
pub(crate) fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, label_problem)
}

/// As [`label`], where there may be none.
pub(crate) fn some_label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    label(deserializer).map(Some)
}

/// The name of a custom field of HaloPSA, where there is one.
pub(crate) fn some_halo_field<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    checked(deserializer, halo_field_problem).map(Some)
}

/// The address of a service.
pub(crate) fn service<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |text| service_problem(text).map(str::to_owned))
}

/// As [`service`], where there may be none.
pub(crate) fn some_service<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    service(deserializer).map(Some)
}

/// The name of a further appliance, by which replications know it.
pub(crate) fn appliance_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |text| {
        if text == OWN_APPLIANCE {
            return Some(format!("{text:?} is the appliance of [truenas]; give this one another name"));
        }
        label_problem(text)
    })
}

/// The address of an appliance.
pub(crate) fn appliance<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, appliance_problem)
}

/// The fingerprint of a certificate, where there is one.
pub(crate) fn some_fingerprint<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    checked(deserializer, fingerprint_problem).map(Some)
}

fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
    problem: impl Fn(&str) -> Option<String>,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    problem(&text).map_or(Ok(text), |problem| Err(de::Error::custom(problem)))
}

fn label_problem(text: &str) -> Option<String> {
    match one_line(text) {
        Err(problem) => Some(format!("this name {problem}")),
        Ok(name) if name != text => Some("this name ends with a line end".to_owned()),
        Ok(name) if name.chars().count() > LONGEST => {
            Some(format!("this name has more than {LONGEST} characters"))
        }
        Ok(_) => None,
    }
}

fn halo_field_problem(text: &str) -> Option<String> {
    halo_client::FieldName::new(text).is_err().then(|| {
        "this is no name of a custom field in HaloPSA; write CF, then letters, digits and '_'".to_owned()
    })
}

/// A name of the time zone database, spelled as there: it is compared with the appliance's letter by letter.
fn time_zone_problem(text: &str) -> Option<String> {
    let known = jiff::tz::db();
    if known.is_definitively_empty() {
        // Without a database on this machine only the form can be judged.
        let fits = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        return (text.is_empty() || !text.chars().all(fits))
            .then(|| "this is no time zone; write it as America/New_York".to_owned());
    }
    if known.available().any(|name| name.as_str() == text) {
        return None;
    }
    let names: Vec<String> = known.available().map(|name| name.as_str().to_owned()).collect();
    let like = crate::nearest::nearest(text, names.iter().map(String::as_str));
    let like = like.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
    Some(format!("there is no time zone of this name; write it as America/New_York{like}"))
}

/// What is wrong with a service's address. It is not repeated: somebody may have written a password into it.
fn service_problem(text: &str) -> Option<&'static str> {
    if text.chars().any(|c| c.is_whitespace() || crate::files::is_invisible(c) || c == '\\') {
        return Some("this address holds a space, a backslash or an invisible character");
    }
    let Ok(url) = Url::parse(text) else {
        return Some("this is no address; write https://, then the host");
    };
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => {}
        ("http", Some(host)) if is_this_machine(&host) => {}
        ("http", _) => return Some("this address is plain http, over which no secret is sent; use https"),
        _ => return Some("this is no https address; write https://, then the host"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("this address holds a user or a password, which have keys of their own");
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Some("this address has a path, a query or a fragment; give https:// and the host only");
    }
    (url.port() == Some(0)).then_some("this address has the port 0, at which nothing answers")
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

fn appliance_problem(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_whitespace() || crate::files::is_invisible(c) || c == '\\') {
        return Some("this address holds a space, a backslash or an invisible character".to_owned());
    }
    match text.parse::<truenas_client::Address>() {
        Ok(_) if text.ends_with(":0") || text.ends_with(":0/") => {
            Some("this address has the port 0, at which nothing answers".to_owned())
        }
        Ok(_) => None,
        Err(error) => Some(match error.kind() {
            truenas_client::ErrorKind::InvalidRequest { reason } => format!("this is no address: {reason}"),
            _ => "this is no address; write wss://, then the host".to_owned(),
        }),
    }
}

fn fingerprint_problem(text: &str) -> Option<String> {
    let parsed = text.parse::<truenas_client::Sha256Fingerprint>();
    parsed.err().map(|_| {
        let digits = text.chars().filter(|c| *c != ':').count();
        format!(
            "this is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons, are wanted, and it has {digits} \
             characters"
        )
    })
}

#[cfg(test)]
mod tests;
