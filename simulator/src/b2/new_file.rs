//! A file before it is stored: what the headers of an upload, or a JSON request, say of it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, header};

use super::encryption::Encryption;
use super::file_name::{check, decode};
use super::lock::{Mode, Retention, parse_hold};
use super::refusal::{Refusal, Result};
use super::settings::strings;
use super::state::Call;

/// A new version, before it has an id and a time.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) info: BTreeMap<String, String>,
    pub(crate) encryption: Option<Encryption>,
    pub(crate) retention: Option<Retention>,
    pub(crate) hold: Option<bool>,
    pub(crate) custom_time: Option<i64>,
}

impl NewFile {
    /// A file of bytes, about which nothing is said.
    pub(crate) fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            content_type: content_type_of("b2/x-auto", name),
            info: BTreeMap::new(),
            encryption: None,
            retention: None,
            hold: None,
            custom_time: None,
        }
    }

    pub(crate) fn of_headers(headers: &HeaderMap, now: i64) -> Result<Self> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let missing = |name: &str| Refusal::bad_request(format!("Missing header: {name}"));
        let name = decode(text("x-bz-file-name").ok_or_else(|| missing("X-Bz-File-Name"))?)?;
        check(&name)?;
        if let Some(foreign) = FOREIGN_HEADERS.iter().find(|name| headers.contains_key(*name)) {
            return Err(Refusal::bad_request(format!("header not allowed for uploads: {foreign}")));
        }
        let content_type = text("content-type").ok_or_else(|| missing("Content-Type"))?;
        let until = text("x-bz-file-retention-retain-until-timestamp");
        let retention = match (text("x-bz-file-retention-mode"), until) {
            (None, None) => None,
            (Some(mode), Some(until)) => {
                let until = until.parse().map_err(|_| Refusal::bad_request("bad retain-until timestamp"))?;
                Some(Retention::new(Mode::parse(mode)?, until, now)?)
            }
            _ => return Err(Refusal::bad_request("retention needs both its mode and its timestamp")),
        };
        let custom_time =
            text("x-bz-custom-upload-timestamp").map(|time| parse_custom_time(time, now)).transpose()?;
        Ok(Self {
            content_type: content_type_of(content_type, &name),
            name,
            info: info_of(headers)?,
            encryption: Encryption::of_headers(headers)?,
            retention,
            hold: text("x-bz-file-legal-hold").map(parse_hold).transpose()?,
            custom_time,
        })
    }
}

/// Reads a custom upload time, which must have passed.
pub(crate) fn parse_custom_time(text: &str, now: i64) -> Result<i64> {
    match text.parse::<i64>() {
        Ok(time) if time <= now => Ok(time),
        _ => Err(Refusal::bad_request(format!("bad custom upload timestamp: {text}"))),
    }
}

/// Resolves `b2/x-auto` by the name's ending.
pub(crate) fn content_type_of(asked: &str, name: &str) -> String {
    if asked != "b2/x-auto" {
        return asked.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = match ending.as_deref() {
        Some("txt" | "log") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    };
    known.to_owned()
}

/// Headers of a later download: an upload sets them by `X-Bz-Info-b2-…`, never directly.
const FOREIGN_HEADERS: [HeaderName; 6] = [
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::EXPIRES,
];

/// Info names that begin with `b2-` are the service's own; it knows these.
pub(crate) const OWN_INFO: [&str; 5] = [
    "b2-content-disposition",
    "b2-content-language",
    "b2-expires",
    "b2-cache-control",
    "b2-content-encoding",
];

/// The most entries of a file's info.
const MOST_INFO: usize = 10;

/// Refuses what no name in a file's info is: of a header and of JSON alike, up to 50 letters, digits and what may else stand in the
/// name of a header (vendor's documentation, "Add File Information with the Native API").
fn check_info_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.`~!#$%^&*'|+".contains(c);
    if name.is_empty() || name.len() > 50 || !name.chars().all(plain) {
        return Err(Refusal::bad_request(format!("bad file info name: {name}")));
    }
    Ok(())
}

/// Reads a file's info from JSON; names are lowered as the header names of an upload are.
pub(crate) fn read_info(call: &Call<'_>) -> Result<BTreeMap<String, String>> {
    let Some(info) = call.fields.value("fileInfo") else {
        return Ok(BTreeMap::new());
    };
    let info = strings(info, "fileInfo", MOST_INFO)?;
    info.iter().try_for_each(|(name, _)| check_info_name(name))?;
    Ok(info.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
}

fn info_of(headers: &HeaderMap) -> Result<BTreeMap<String, String>> {
    let named = |header: &HeaderName| header.as_str().strip_prefix("x-bz-info-").map(str::to_owned);
    let mut info = BTreeMap::new();
    for (header, value) in headers {
        let Some(name) = named(header) else { continue };
        check_info_name(&name)?;
        info.insert(name, decode(value.to_str().unwrap_or_default())?);
    }
    if info.len() > MOST_INFO {
        return Err(Refusal::bad_request("more than 10 X-Bz-Info headers"));
    }
    Ok(info)
}
