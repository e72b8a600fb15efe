//! What a cloud sync task must be like before the appliance accepts it.
//!
//! From TrueNAS middleware 25.10, `plugins/cloud_sync.py`, `plugins/cloud/crud.py` and `rclone/remote/b2.py`.

use serde_json::{Map, Value};

use super::refusal::{Complaint, Refusal};
use super::release::Release;
use super::schedule::{SCHEDULE, TIME};
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

pub(super) const ATTRIBUTES: Kind = Kind::Partial(&[
    Field::optional("bucket", Kind::Filled),
    Field::optional("folder", Kind::Text),
    Field::optional("fast_list", Kind::Bool),
    Field::optional("bucket_policy_only", Kind::Bool),
    Field::optional("chunk_size", INT),
    Field::optional("acknowledge_abuse", Kind::Bool),
    Field::optional("region", Kind::Text),
    Field::optional("encryption", Kind::Nullable(&Kind::OneOf(&["AES256"]))),
    Field::optional("storage_class", Kind::Text),
]);
const BANDWIDTH_SLOT: Kind = Kind::Object(&[
    Field::required("time", TIME),
    Field::required("bandwidth", Kind::Nullable(&Kind::Int(1, i64::MAX))),
]);

/// The fields of a task as it is created before 25.10, which looks into the attributes only by the provider's rules.
pub(super) const OLD_FIELDS: &[Field] = &[
    Field::or("description", Kind::Text, "\"\""),
    Field::required("path", Kind::Text),
    Field::required("credentials", INT),
    Field::or("attributes", Kind::AnyObject, "{}"),
    Field::or("schedule", SCHEDULE, "{}"),
    Field::or("pre_script", Kind::LongText, "\"\""),
    Field::or("post_script", Kind::LongText, "\"\""),
    Field::or("snapshot", Kind::Bool, "false"),
    Field::or("include", Kind::List(&Kind::Filled), "[]").since(Release::Scale24_10),
    Field::or("exclude", Kind::List(&Kind::Filled), "[]"),
    Field::or("args", Kind::LongText, "\"\""),
    Field::or("enabled", Kind::Bool, "true"),
    Field::or("bwlimit", Kind::List(&BANDWIDTH_SLOT), "[]"),
    Field::or("transfers", Kind::Nullable(&Kind::Int(1, i64::MAX)), "null"),
    Field::required("direction", Kind::OneOf(&["PUSH", "PULL"])),
    Field::required("transfer_mode", Kind::OneOf(&["SYNC", "COPY", "MOVE"])),
    Field::or("encryption", Kind::Bool, "false"),
    Field::or("filename_encryption", Kind::Bool, "false"),
    Field::or("encryption_password", Kind::Text, "\"\""),
    Field::or("encryption_salt", Kind::Text, "\"\""),
    Field::or("create_empty_src_dirs", Kind::Bool, "false").since(Release::Scale24_10),
    Field::or("follow_symlinks", Kind::Bool, "false"),
];

/// The fields of a task as it is created; an update takes the same ones, each optional.
pub(super) const FIELDS: &[Field] = &[
    Field::or("description", Kind::Text, "\"\""),
    Field::required("path", Kind::Text),
    Field::required("credentials", INT),
    Field::required("attributes", ATTRIBUTES),
    Field::or("schedule", SCHEDULE, "{}"),
    Field::or("pre_script", Kind::LongText, "\"\""),
    Field::or("post_script", Kind::LongText, "\"\""),
    Field::or("snapshot", Kind::Bool, "false"),
    Field::or("include", Kind::List(&Kind::Filled), "[]"),
    Field::or("exclude", Kind::List(&Kind::Filled), "[]"),
    Field::or("args", Kind::LongText, "\"\""),
    Field::or("enabled", Kind::Bool, "true"),
    Field::or("bwlimit", Kind::List(&BANDWIDTH_SLOT), "[]"),
    Field::or("transfers", Kind::Nullable(&Kind::Int(1, i64::MAX)), "null"),
    Field::required("direction", Kind::OneOf(&["PUSH", "PULL"])),
    Field::required("transfer_mode", Kind::OneOf(&["SYNC", "COPY", "MOVE"])),
    Field::or("encryption", Kind::Bool, "false"),
    Field::or("filename_encryption", Kind::Bool, "false"),
    Field::or("encryption_password", Kind::Text, "\"\""),
    Field::or("encryption_salt", Kind::Text, "\"\""),
    Field::or("create_empty_src_dirs", Kind::Bool, "false"),
    Field::or("follow_symlinks", Kind::Bool, "false"),
];

/// What B2 takes of the attributes.
const B2_ATTRIBUTES: [&str; 4] = ["bucket", "folder", "fast_list", "chunk_size"];

/// Checks a whole task and fills in what B2's attributes leave out.
pub(super) fn check(state: &State, row: &mut Row, param: &str, release: Release) -> Result<(), Refusal> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, text: &str| {
        complaints.push(Complaint::new(format!("{param}.{field}"), text));
    };
    let is = |field: &str| row[field] == true;
    let text = |field: &str| row[field].as_str().unwrap_or_default();
    if is("encryption") && text("encryption_password").is_empty() {
        complain("encryption_password", "This field is required when encryption is enabled");
    }
    if row["credentials"].as_i64().is_none_or(|id| state.credentials.get(id).is_none()) {
        complain("credentials", "Invalid credentials");
    }
    if let Err(reason) = split_arguments(text("args")) {
        complain("args", &format!("Parse error: {reason}"));
    }
    let slots = row["bwlimit"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (index, pair) in slots.windows(2).enumerate() {
        let time = |slot: &Value| slot["time"].as_str().unwrap_or_default().to_owned();
        let (first, second) = (time(&pair[0]), time(&pair[1]));
        if first >= second {
            let text = format!("Invalid time order: {first}, {second}");
            complain(&format!("bwlimit.{}.time", index + 1), &text);
        }
    }
    check_path(state, text("path"), &mut complain);
    if is("snapshot") {
        check_snapshot(state, row, &mut complain);
    }
    if let Some(attributes) = row.get_mut("attributes").and_then(Value::as_object_mut) {
        check_attributes(attributes, param, release, &mut complaints);
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}

fn check_path(state: &State, path: &str, complain: &mut impl FnMut(&str, &str)) {
    let parts: Vec<&str> = path.split('/').collect();
    if parts.contains(&".zfs") {
        complain("path", "Path must not be a ZFS control directory");
    } else if parts.contains(&"..") || state.dataset_of(path).is_none() {
        complain("path", "The path must reside within a pool mount point");
    }
}

fn check_snapshot(state: &State, row: &Row, complain: &mut impl FnMut(&str, &str)) {
    if row["direction"] != "PUSH" {
        complain("snapshot", "This option can only be enabled for PUSH tasks");
    }
    if row["transfer_mode"] == "MOVE" {
        complain("snapshot", "This option can not be used for MOVE transfer mode");
    }
    let dataset = state.dataset_of(row["path"].as_str().unwrap_or_default());
    let inside = |name: &String| dataset.is_some_and(|d| name.starts_with(&format!("{d}/")));
    if state.datasets.iter().any(|(name, dataset)| !dataset.is_volume && inside(name)) {
        complain("snapshot", "This option is only available for datasets that have no further nesting");
    }
}

/// Checks what B2 takes of the attributes. CORE lets others be; every later release refuses them.
fn check_attributes(
    attributes: &mut Map<String, Value>,
    param: &str,
    release: Release,
    complaints: &mut Vec<Complaint>,
) {
    let at = |name: &str| format!("{param}.attributes.{name}");
    let is_unknown = |name: &&String| !B2_ATTRIBUTES.contains(&name.as_str());
    if release > Release::Core13_3 {
        for name in attributes.keys().filter(is_unknown) {
            complaints.push(Complaint::new(at(name), "Extra inputs are not permitted"));
        }
    }
    for name in ["bucket", "folder"].into_iter().filter(|name| !attributes.contains_key(*name)) {
        complaints.push(Complaint::new(at(name), "Field required"));
    }
    attributes.entry("fast_list").or_insert(false.into());
    attributes.entry("chunk_size").or_insert(96.into());
    for (name, value) in &*attributes {
        let is_right = match name.as_str() {
            "bucket" => value.as_str().is_some_and(|bucket| !bucket.is_empty()),
            "folder" => value.is_string(),
            "fast_list" => value.is_boolean(),
            "chunk_size" => value.is_i64(),
            _ => true,
        };
        if !is_right {
            complaints.push(Complaint::new(at(name), "Input should be of another type"));
        }
    }
    if attributes["chunk_size"].as_i64().is_some_and(|mebibytes| mebibytes < 5) {
        // The appliance names this one without its parents.
        complaints.push(Complaint::new("chunk_size", "Input should be greater than or equal to 5"));
    }
}

/// Splits extra arguments as a shell would.
pub(super) fn split_arguments(text: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None | Some('"'), '\\') => {
                word.get_or_insert_default().push(rest.next().ok_or("No escaped character")?);
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("No closing quotation");
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_split_as_in_a_shell() {
        let split = |text| split_arguments(text);
        assert_eq!(
            split("--max-delete 100  'a b' c\\ d \"\"").unwrap(),
            ["--max-delete", "100", "a b", "c d", ""]
        );
        assert!(split("--x 'a").is_err());
        assert!(split("a\\").is_err());
    }
}
