//! The clear text: sections of `name = value` lines.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::Options;
use crate::error::{ConfigProblem, Error, ErrorKind};

/// The remotes that a text has. No error repeats a line: it may hold a password.
pub(super) fn remotes(text: &str) -> Result<BTreeMap<String, Options>, Error> {
    let mut remotes: BTreeMap<String, Options> = BTreeMap::new();
    let mut current = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']').ok_or_else(|| unread(number))?.trim();
            remotes.entry(name.to_owned()).or_default();
            current = Some(name.to_owned());
            continue;
        }
        let (name, value) = pair(line).ok_or_else(|| unread(number))?;
        let options = current.as_ref().and_then(|remote| remotes.get_mut(remote));
        let options = options.ok_or_else(|| unread(number))?;
        // Of an option that is given twice, rclone takes the last.
        options.insert(name.to_owned(), Zeroizing::new(unquoted(value).to_owned()));
    }
    Ok(remotes)
}

fn unread(number: usize) -> Error {
    ErrorKind::Config(ConfigProblem::Line { line: number + 1 }).into()
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let at = line.find(['=', ':'])?;
    let (name, value) = (line[..at].trim(), line[at + 1..].trim());
    (!name.is_empty()).then_some((name, value))
}

/// A value in `"""` or backticks stands for what is between them.
fn unquoted(value: &str) -> &str {
    for quote in ["\"\"\"", "`"] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    value
}

/// A boolean as Go reads it.
pub(super) fn boolean(value: &str) -> Option<bool> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
