//! The settings of datasets that are shown as properties: what they are when nobody has set them, and what inherits them.

use serde_json::{Value, json};

use super::state::{State, upwards};

/// A setting of a dataset.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its name in the API.
    pub(super) name: &'static str,
    default: Option<&'static str>,
    of: Of,
    form: Form,
}

/// Which datasets have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Both,
    FileSystems,
    Volumes,
}

/// What its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A word, which children inherit.
    Word,
    /// A text, which children inherit.
    Text,
    /// A number, which children inherit.
    Number,
    /// Bytes, of this dataset alone; none is shown as null.
    Bytes,
    /// A word of this dataset alone.
    OwnWord,
}

const fn setting(name: &'static str, default: Option<&'static str>, of: Of, form: Form) -> Setting {
    Setting { name, default, of, form }
}

/// With the defaults of `OpenZFS` 2.3 and of the appliance's pools.
pub(super) const SETTINGS: &[Setting] = &[
    setting("comments", None, Of::Both, Form::Text),
    setting("managedby", None, Of::Both, Form::Text),
    setting("quota_warning", None, Of::Both, Form::Text),
    setting("quota_critical", None, Of::Both, Form::Text),
    setting("refquota_warning", None, Of::Both, Form::Text),
    setting("refquota_critical", None, Of::Both, Form::Text),
    setting("compression", Some("LZ4"), Of::Both, Form::Word),
    setting("checksum", Some("ON"), Of::Both, Form::Word),
    setting("deduplication", Some("OFF"), Of::Both, Form::Word),
    setting("sync", Some("STANDARD"), Of::Both, Form::Word),
    setting("readonly", Some("OFF"), Of::Both, Form::Word),
    setting("snapdev", Some("HIDDEN"), Of::Both, Form::Word),
    setting("copies", Some("1"), Of::Both, Form::Number),
    setting("special_small_block_size", Some("0"), Of::Both, Form::Number),
    setting("reservation", None, Of::Both, Form::Bytes),
    setting("refreservation", None, Of::Both, Form::Bytes),
    setting("exec", Some("ON"), Of::FileSystems, Form::Word),
    setting("atime", Some("OFF"), Of::FileSystems, Form::Word),
    setting("snapdir", Some("HIDDEN"), Of::FileSystems, Form::Word),
    setting("aclmode", Some("DISCARD"), Of::FileSystems, Form::Word),
    setting("acltype", Some("POSIX"), Of::FileSystems, Form::Word),
    setting("xattr", Some("SA"), Of::FileSystems, Form::Word),
    setting("casesensitivity", Some("SENSITIVE"), Of::FileSystems, Form::OwnWord),
    setting("recordsize", Some("128K"), Of::FileSystems, Form::Word),
    setting("quota", None, Of::FileSystems, Form::Bytes),
    setting("refquota", None, Of::FileSystems, Form::Bytes),
    setting("volblocksize", Some("16K"), Of::Volumes, Form::OwnWord),
];

impl Setting {
    pub(super) fn is_of(&self, is_volume: bool) -> bool {
        match self.of {
            Of::Both => true,
            Of::FileSystems => !is_volume,
            Of::Volumes => is_volume,
        }
    }

    fn is_inherited(&self) -> bool {
        matches!(self.form, Form::Word | Form::Text | Form::Number)
    }
}

/// A setting as a dataset shows it: its own, the nearest parent's, or the default.
pub(super) fn shown(state: &State, name: &str, setting: &Setting) -> Value {
    let reach = if setting.is_inherited() { usize::MAX } else { 1 };
    let set = upwards(name)
        .take(reach)
        .find_map(|at| Some((at, state.datasets.get(at)?.settings.get(setting.name)?)))
        .filter(|(_, value)| !value.is_null());
    let source = |at: &str| if at == name { "LOCAL" } else { "INHERITED" };
    match (set, setting.default) {
        (Some((at, value)), _) => {
            let mut found = property(setting.form, value, source(at));
            if at != name {
                found["source_info"] = at.into();
            }
            found
        }
        (None, Some(default)) => property(setting.form, &default.into(), "DEFAULT"),
        (None, None) => {
            json!({"value": null, "rawvalue": "none", "parsed": null, "source": "NONE", "source_info": null})
        }
    }
}

fn property(form: Form, value: &Value, source: &str) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match form {
        Form::Word | Form::OwnWord => text_property(&text, source),
        Form::Text => {
            let mut shown = text_property(&text, source);
            shown["rawvalue"] = text.into();
            shown
        }
        Form::Number => {
            let parsed = text.parse::<u64>().unwrap_or_default();
            json!({"value": text, "rawvalue": text, "parsed": parsed, "source": source, "source_info": null})
        }
        Form::Bytes => match value.as_u64().unwrap_or_default() {
            0 => {
                json!({"value": null, "rawvalue": "0", "parsed": null, "source": source, "source_info": null})
            }
            bytes => {
                let mut shown = of_a_size(bytes);
                shown["source"] = source.into();
                shown
            }
        },
    }
}

/// A property whose value is a word.
pub(super) fn text_property(value: &str, source: &str) -> Value {
    json!({"value": value, "rawvalue": value.to_lowercase(), "parsed": value, "source": source, "source_info": null})
}

/// A property whose value is a number of bytes.
pub(super) fn of_a_size(bytes: u64) -> Value {
    let text = bytes.to_string();
    json!({"value": text, "rawvalue": text, "parsed": bytes, "source": "NONE", "source_info": null})
}
