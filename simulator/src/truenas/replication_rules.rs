//! What a replication task must be like before the appliance accepts it.
//!
//! From TrueNAS middleware 13.3 to 26, `plugins/replication.py`.

use regex::Regex;
use serde_json::Value;

use super::keychain::CONNECTION;
use super::release::Release;
use super::schedule::{SCHEDULE_OF_DAY, SCHEDULE_OF_LIFETIME, SNAPSHOT_NAME};
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

const SCHEDULE: Kind = Kind::Nullable(&SCHEDULE_OF_DAY);
const AMOUNT: Kind = Kind::Int(1, i64::MAX);
const UNIT: Kind = Kind::OneOf(&["HOUR", "DAY", "WEEK", "MONTH", "YEAR"]);
const LIFETIME: Kind = Kind::Object(&[
    Field::or("schedule", SCHEDULE_OF_LIFETIME, "{}"),
    Field::required("lifetime_value", AMOUNT),
    Field::required("lifetime_unit", UNIT),
]);
const NAMES: Kind = Kind::List(&SNAPSHOT_NAME);
const FILLED: Kind = Kind::List(&Kind::Filled);
const TEXT: Kind = Kind::Nullable(&Kind::Text);
/// The older schemas take an empty one.
const NAME: Kind = Kind::ValidSince(Release::Scale25_10, &Kind::Text, is_filled);
const PORT: Kind = Kind::Nullable(&Kind::Int(1, 65_535));
const SOME: Release = Release::Scale24_10;
pub(super) const TRANSPORT: Kind = Kind::OneOf(&["SSH", "SSH+NETCAT", "LOCAL"]);
pub(super) const DIRECTION: Kind = Kind::OneOf(&["PUSH", "PULL"]);
const COMPRESSION: Kind = Kind::Nullable(&Kind::OneOf(&["LZ4", "PIGZ", "PLZIP"]));
const LEVEL: Kind = Kind::Nullable(&Kind::OneOf(&["DEBUG", "INFO", "WARNING", "ERROR"]));
const READONLY: Kind = Kind::OneOf(&["SET", "REQUIRE", "IGNORE"]);
const RETENTION: Kind = Kind::OneOf(&["SOURCE", "CUSTOM", "NONE"]);
const FORMAT: Kind = Kind::Nullable(&Kind::OneOf(&["HEX", "PASSPHRASE"]));
const SIDE: Kind = Kind::Nullable(&Kind::OneOf(&["LOCAL", "REMOTE"]));

/// Every field, once as a task is created and once as it is changed. `[name, kind, how it is in a new task, first release]`.
macro_rules! fields {
    ($($name:literal $kind:expr, $how:ident $(($default:literal))?, $since:expr;)*) => {
        /// The fields of a new task.
        pub(super) const FIELDS: &[Field] =
            &[$(Field::$how($name, $kind $(, $default)?).since($since)),*];
        /// The fields of a change, none of which has to be there.
        pub(super) const CHANGES: &[Field] = &[$(Field::optional($name, $kind).since($since)),*];
        /// The fields of a run that is no task, with those that a task has and it has not.
        const NAMED: &[(&str, Option<&str>, Release)] =
            &[$(($name, fields!(@default $($default)?), $since)),*];
    };
    (@default $default:literal) => { Some($default) };
    (@default) => { None };
}

fields! {
    "name" NAME, required, Release::Core13_3;
    "direction" DIRECTION, required, Release::Core13_3;
    "transport" TRANSPORT, required, Release::Core13_3;
    "ssh_credentials" Kind::Nullable(&INT), or("null"), Release::Core13_3;
    "netcat_active_side" SIDE, or("null"), Release::Core13_3;
    "netcat_active_side_listen_address" TEXT, or("null"), Release::Core13_3;
    "netcat_active_side_port_min" PORT, or("null"), Release::Core13_3;
    "netcat_active_side_port_max" PORT, or("null"), Release::Core13_3;
    "netcat_passive_side_connect_address" TEXT, or("null"), Release::Core13_3;
    "sudo" Kind::Bool, or("false"), SOME;
    "source_datasets" FILLED, required, Release::Core13_3;
    "target_dataset" Kind::Filled, required, Release::Core13_3;
    "recursive" Kind::Bool, required, Release::Core13_3;
    "exclude" FILLED, or("[]"), Release::Core13_3;
    "properties" Kind::Bool, or("true"), Release::Core13_3;
    "properties_exclude" FILLED, or("[]"), Release::Core13_3;
    "properties_override" Kind::AnyObject, or("{}"), SOME;
    "replicate" Kind::Bool, or("false"), Release::Core13_3;
    "encryption" Kind::Bool, or("false"), Release::Core13_3;
    "encryption_inherit" Kind::Nullable(&Kind::Bool), or("null"), SOME;
    "encryption_key" TEXT, or("null"), Release::Core13_3;
    "encryption_key_format" FORMAT, or("null"), Release::Core13_3;
    "encryption_key_location" TEXT, or("null"), Release::Core13_3;
    "periodic_snapshot_tasks" Kind::List(&INT), or("[]"), Release::Core13_3;
    "naming_schema" NAMES, or("[]"), Release::Core13_3;
    "also_include_naming_schema" NAMES, or("[]"), Release::Core13_3;
    "name_regex" Kind::Nullable(&Kind::Filled), or("null"), SOME;
    "auto" Kind::Bool, required, Release::Core13_3;
    "schedule" SCHEDULE, or("null"), Release::Core13_3;
    "restrict_schedule" SCHEDULE, or("null"), Release::Core13_3;
    "only_matching_schedule" Kind::Bool, or("false"), Release::Core13_3;
    "allow_from_scratch" Kind::Bool, or("false"), Release::Core13_3;
    "readonly" READONLY, or("\"SET\""), Release::Core13_3;
    "hold_pending_snapshots" Kind::Bool, or("false"), Release::Core13_3;
    "retention_policy" RETENTION, required, Release::Core13_3;
    "lifetime_value" Kind::Nullable(&AMOUNT), or("null"), Release::Core13_3;
    "lifetime_unit" Kind::Nullable(&UNIT), or("null"), Release::Core13_3;
    "lifetimes" Kind::List(&LIFETIME), or("[]"), SOME;
    "compression" COMPRESSION, or("null"), Release::Core13_3;
    "speed_limit" Kind::Nullable(&AMOUNT), or("null"), Release::Core13_3;
    "large_block" Kind::Bool, or("true"), Release::Core13_3;
    "embed" Kind::Bool, or("false"), Release::Core13_3;
    "compressed" Kind::Bool, or("true"), Release::Core13_3;
    "retries" AMOUNT, or("5"), Release::Core13_3;
    "logging_level" LEVEL, or("null"), Release::Core13_3;
    "enabled" Kind::Bool, or("true"), Release::Core13_3;
}

/// The fields of a run that is no task.
pub(super) const ONETIME: &[Field] = &[
    Field::required("direction", DIRECTION),
    Field::required("transport", TRANSPORT),
    Field::or("ssh_credentials", Kind::Nullable(&INT), "null"),
    Field::or("netcat_active_side", SIDE, "null"),
    Field::or("netcat_active_side_listen_address", TEXT, "null"),
    Field::or("netcat_active_side_port_min", PORT, "null"),
    Field::or("netcat_active_side_port_max", PORT, "null"),
    Field::or("netcat_passive_side_connect_address", TEXT, "null"),
    Field::or("sudo", Kind::Bool, "false"),
    Field::required("source_datasets", FILLED),
    Field::required("target_dataset", Kind::Filled),
    Field::required("recursive", Kind::Bool),
    Field::or("exclude", FILLED, "[]"),
    Field::or("properties", Kind::Bool, "true"),
    Field::or("properties_exclude", FILLED, "[]"),
    Field::or("properties_override", Kind::AnyObject, "{}"),
    Field::or("replicate", Kind::Bool, "false"),
    Field::or("encryption", Kind::Bool, "false"),
    Field::or("encryption_inherit", Kind::Nullable(&Kind::Bool), "null"),
    Field::or("encryption_key", TEXT, "null"),
    Field::or("encryption_key_format", FORMAT, "null"),
    Field::or("encryption_key_location", TEXT, "null"),
    Field::or("periodic_snapshot_tasks", Kind::List(&INT), "[]"),
    Field::or("naming_schema", NAMES, "[]"),
    Field::or("also_include_naming_schema", NAMES, "[]"),
    Field::or("name_regex", Kind::Nullable(&Kind::Filled), "null"),
    Field::or("restrict_schedule", SCHEDULE, "null"),
    Field::or("allow_from_scratch", Kind::Bool, "false"),
    Field::or("readonly", READONLY, "\"SET\""),
    Field::or("hold_pending_snapshots", Kind::Bool, "false"),
    Field::required("retention_policy", RETENTION),
    Field::or("lifetime_value", Kind::Nullable(&AMOUNT), "null"),
    Field::or("lifetime_unit", Kind::Nullable(&UNIT), "null"),
    Field::or("lifetimes", Kind::List(&LIFETIME), "[]"),
    Field::or("compression", COMPRESSION, "null"),
    Field::or("speed_limit", Kind::Nullable(&AMOUNT), "null"),
    Field::or("large_block", Kind::Bool, "true"),
    Field::or("embed", Kind::Bool, "false"),
    Field::or("compressed", Kind::Bool, "true"),
    Field::or("retries", AMOUNT, "5"),
    Field::or("logging_level", LEVEL, "null"),
    Field::or("exclude_mountpoint_property", Kind::Bool, "true"),
    Field::or("only_from_scratch", Kind::Bool, "false"),
    Field::or("mount", Kind::Bool, "true").since(Release::Scale25_10),
];

fn is_filled(value: &Value) -> Result<(), String> {
    let is_empty = value.as_str().is_some_and(str::is_empty);
    if is_empty { Err("String should have at least 1 character".to_owned()) } else { Ok(()) }
}

/// What the task that brings everything back has in common with the task that took it away.
pub(super) const KEPT_BY_RESTORE: &[&str] = &[
    "transport",
    "ssh_credentials",
    "netcat_active_side",
    "netcat_active_side_listen_address",
    "netcat_active_side_port_min",
    "netcat_active_side_port_max",
    "netcat_passive_side_connect_address",
    "sudo",
    "recursive",
    "properties",
    "replicate",
    "compression",
    "large_block",
    "embed",
    "compressed",
    "retries",
];

/// A task of which nothing has been said.
pub(super) fn defaults(models: Release) -> Row {
    let known = NAMED.iter().filter(|(_, _, since)| *since <= models);
    let values = known.filter_map(|(name, default, _)| {
        Some(((*name).to_owned(), serde_json::from_str((*default)?).unwrap_or_default()))
    });
    values.collect()
}

/// The datasets that the sources become on the other side: the target itself for one, else one below it for each.
pub(super) fn targets(row: &Row, target: &str) -> Vec<String> {
    let sources = texts(row, "source_datasets");
    let [_, _, ..] = sources.as_slice() else { return vec![target.to_owned()] };
    let parts: Vec<Vec<&str>> = sources.iter().map(|name| name.split('/').collect()).collect();
    let shortest = parts.iter().map(Vec::len).min().unwrap_or_default();
    let common = (0..shortest.saturating_sub(1))
        .take_while(|at| parts.iter().all(|part| part[*at] == parts[0][*at]))
        .count();
    parts.iter().map(|part| format!("{target}/{}", part[common..].join("/"))).collect()
}

pub(super) fn texts(row: &Row, field: &str) -> Vec<String> {
    let items = row.get(field).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A whole task that is to be checked.
pub(super) struct Task<'a> {
    pub(super) row: &'a Row,
    pub(super) state: &'a State,
    /// Its own number, where it is one already.
    pub(super) own: Option<i64>,
    pub(super) models: Release,
}

/// What is wrong with a task, by field.
pub(super) fn complaints(task: &Task<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut complain = |field: &str, text: &str| found.push((field.to_owned(), text.to_owned()));
    let taken = task.state.replications.find("name", task.value("name"));
    if taken.is_some() && taken != task.own {
        complain("name", "Object with this name already exists");
    }
    let bound = task.bound(&mut complain);
    if task.is("direction", "PUSH") {
        task.check_push(&bound, &mut complain);
    } else {
        task.check_pull(&mut complain);
    }
    task.check_transport(&mut complain);
    task.check_datasets(&bound, &mut complain);
    if task.has("replicate") {
        task.check_replicate(&bound, &mut complain);
    }
    task.check_encryption(&mut complain);
    task.check_schedule(&mut complain);
    task.check_retention(&mut complain);
    if task.has("enabled") {
        for (index, _) in bound.iter().enumerate().filter(|(_, bound)| bound["enabled"] != true) {
            let text = "You can't bind disabled periodic snapshot task to enabled replication task";
            complain(&format!("periodic_snapshot_tasks.{index}"), text);
        }
    }
    found
}

impl<'a> Task<'a> {
    fn value(&self, field: &str) -> &'a Value {
        self.row.get(field).unwrap_or(&Value::Null)
    }

    fn is(&self, field: &str, text: &str) -> bool {
        *self.value(field) == text
    }

    /// Whether a switch is on, or something is given at all.
    fn has(&self, field: &str) -> bool {
        match self.value(field) {
            Value::Null | Value::Bool(false) => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            Value::String(text) => !text.is_empty(),
            _ => true,
        }
    }

    /// The periodic snapshot tasks that it is bound to.
    fn bound(&self, complain: &mut impl FnMut(&str, &str)) -> Vec<&'a Row> {
        if !self.is("direction", "PUSH") {
            return Vec::new();
        }
        let ids = self.value("periodic_snapshot_tasks").as_array().into_iter().flatten();
        let mut bound = Vec::new();
        for (index, id) in ids.enumerate() {
            if let Some(row) = id.as_i64().and_then(|id| self.state.snapshot_tasks.get(id)) {
                bound.push(row);
            } else {
                let at = format!("periodic_snapshot_tasks.{index}");
                complain(&at, "This periodic snapshot task does not exist");
            }
        }
        bound
    }

    fn check_push(&self, bound: &[&Row], complain: &mut impl FnMut(&str, &str)) {
        if self.has("naming_schema") {
            complain("naming_schema", "This field has no sense for push replication");
        }
        if bound.is_empty() && !self.has("also_include_naming_schema") && !self.has("name_regex") {
            let text = if self.models == Release::Core13_3 {
                "You must at least either bind a periodic snapshot task or provide \"Also Include Naming Schema\" for push replication task"
            } else {
                "You must at least either bind a periodic snapshot task or provide \"Also Include Naming Schema\" or \"Name Regex\" for push replication task"
            };
            complain("periodic_snapshot_tasks", text);
        }
        if self.has("auto") && !self.has("schedule") && !self.has("periodic_snapshot_tasks") {
            let text = "Push replication that runs automatically must be either bound to a periodic snapshot task or have a schedule";
            complain("auto", text);
        }
    }

    fn check_pull(&self, complain: &mut impl FnMut(&str, &str)) {
        if self.has("auto") && !self.has("schedule") {
            complain("auto", "Pull replication that runs automatically must have a schedule");
        }
        if self.has("periodic_snapshot_tasks") {
            complain(
                "periodic_snapshot_tasks",
                "Pull replication can't be bound to a periodic snapshot task",
            );
        }
        if !self.has("naming_schema") && !self.has("name_regex") {
            complain("naming_schema", "Naming schema is required for pull replication");
        }
        if self.has("also_include_naming_schema") {
            complain("also_include_naming_schema", "This field has no sense for pull replication");
        }
        if self.has("hold_pending_snapshots") {
            let text =
                "Pull replication tasks can't hold pending snapshots because they don't do source retention";
            complain("hold_pending_snapshots", text);
        }
    }

    fn check_transport(&self, complain: &mut impl FnMut(&str, &str)) {
        const NETCAT: [&str; 4] = [
            "netcat_active_side_listen_address",
            "netcat_active_side_port_min",
            "netcat_active_side_port_max",
            "netcat_passive_side_connect_address",
        ];
        if self.is("transport", "SSH+NETCAT") {
            if !self.has("netcat_active_side") {
                complain("netcat_active_side", "You must choose active side for SSH+netcat replication");
            }
            let port = |field| self.value(field).as_i64();
            let (least, most) = (port("netcat_active_side_port_min"), port("netcat_active_side_port_max"));
            if least.zip(most).is_some_and(|(least, most)| least > most) {
                let text = "Please specify value greater or equal than netcat_active_side_port_min";
                complain("netcat_active_side_port_max", text);
            }
            for field in ["compression", "speed_limit"].into_iter().filter(|field| self.has(field)) {
                complain(field, "This option is not supported for SSH+netcat replication");
            }
        } else {
            let given = ["netcat_active_side"].into_iter().chain(NETCAT).filter(|field| self.has(field));
            for field in given {
                complain(field, "This field only has sense for SSH+netcat replication");
            }
        }
        if self.is("transport", "LOCAL") {
            let given = ["ssh_credentials", "compression", "speed_limit"].into_iter();
            for field in given.filter(|field| self.has(field)) {
                complain(field, "This field has no sense for local replication");
            }
        } else {
            match self.value("ssh_credentials").as_i64() {
                None => complain("ssh_credentials", "SSH Credentials are required for non-local replication"),
                Some(id) => match self.state.keychain.get(id) {
                    None => complain("ssh_credentials", "[ENOENT] Credential does not exist"),
                    Some(row) if row["type"] != CONNECTION => {
                        let text = format!("[EINVAL] Credential is not of type {CONNECTION}");
                        complain("ssh_credentials", &text);
                    }
                    Some(_) => {}
                },
            }
        }
    }

    fn check_datasets(&self, bound: &[&Row], complain: &mut impl FnMut(&str, &str)) {
        let (sources, excluded) = (texts(self.row, "source_datasets"), texts(self.row, "exclude"));
        for (index, source) in sources.iter().enumerate() {
            for task in bound {
                let dataset = task["dataset"].as_str().unwrap_or_default();
                for left_out in texts(task, "exclude").iter().filter(|_| is_at(source, dataset)) {
                    if self.has("recursive") {
                        if is_at(left_out, source) && !excluded.contains(left_out) {
                            let text = format!(
                                "You should exclude '{left_out}' as bound periodic snapshot task dataset '{dataset}' does"
                            );
                            complain("exclude", &text);
                        }
                    } else if source == left_out {
                        let text = format!(
                            "Dataset '{source}' is excluded by bound periodic snapshot task for dataset '{dataset}'"
                        );
                        complain(&format!("source_datasets.{index}"), &text);
                    }
                }
            }
        }
        if sources.is_empty() {
            complain("source_datasets", "At least one source dataset is required");
        }
        if !self.has("recursive") && !excluded.is_empty() {
            let text = "Excluding child datasets is only supported for recursive replication";
            complain("exclude", text);
        }
        for (index, left_out) in excluded.iter().enumerate() {
            if !sources.iter().any(|source| left_out != source && is_at(left_out, source)) {
                complain(
                    &format!("exclude.{index}"),
                    "This dataset is not a child of any of source datasets",
                );
            }
        }
    }

    fn check_replicate(&self, bound: &[&Row], complain: &mut impl FnMut(&str, &str)) {
        let is_required = "This option is required for full filesystem replication";
        for field in ["recursive", "properties"].into_iter().filter(|field| !self.has(field)) {
            complain(field, is_required);
        }
        if self.has("exclude") {
            complain("exclude", "This option is not supported for full filesystem replication");
        }
        if !self.is("retention_policy", "SOURCE") {
            let text = "Only \"Same as Source\" retention policy can be used for full filesystem replication";
            complain("retention_policy", text);
        }
        let sources = texts(self.row, "source_datasets");
        for (index, source) in sources.iter().enumerate() {
            if sources.iter().any(|other| other != source && is_at(source, other)) {
                let text = "Replication task that replicates the entire filesystem can't replicate both a dataset and its child";
                complain(&format!("source_datasets.{index}"), text);
            }
        }
        for (index, task) in bound.iter().enumerate() {
            let dataset = task["dataset"].as_str().unwrap_or_default();
            let covers = sources.iter().any(|source| is_at(source, dataset));
            if task["recursive"] != true || !covers {
                let text = "Replication tasks that replicate the entire filesystem can only use periodic snapshot tasks that take recursive snapshots of the dataset being replicated";
                complain(&format!("periodic_snapshot_tasks.{index}"), text);
            }
        }
    }

    fn check_encryption(&self, complain: &mut impl FnMut(&str, &str)) {
        if !self.has("encryption") || self.has("encryption_inherit") {
            return;
        }
        let needed = ["encryption_key", "encryption_key_format", "encryption_key_location"];
        for field in needed.into_iter().filter(|field| self.value(field).is_null()) {
            complain(field, "This property is required when remote dataset encryption is enabled");
        }
    }

    fn check_schedule(&self, complain: &mut impl FnMut(&str, &str)) {
        if self.has("schedule") {
            if !self.has("auto") {
                let text = "You can't have schedule for replication that does not run automatically";
                complain("schedule", text);
            }
        } else if self.has("only_matching_schedule") {
            complain("only_matching_schedule", "You can't have only-matching-schedule without schedule");
        }
        let Some(regex) = self.value("name_regex").as_str() else { return };
        if let Err(why) = Regex::new(&format!("({regex})$")) {
            complain("name_regex", &format!("Invalid regex: {why}"));
        }
        for field in ["naming_schema", "also_include_naming_schema", "periodic_snapshot_tasks"] {
            if self.has(field) {
                complain(
                    "name_regex",
                    "Naming regex can't be used together with other ways to name snapshots",
                );
                break;
            }
        }
        if self.is("retention_policy", "CUSTOM") {
            let text =
                "Only `Same as Source` and `None` retention policies can be used when specifying name regex";
            complain("retention_policy", text);
        }
    }

    fn check_retention(&self, complain: &mut impl FnMut(&str, &str)) {
        if self.is("retention_policy", "CUSTOM") {
            let text = "This field is required for custom retention policy";
            if !self.has("lifetime_value") {
                complain("lifetime_value", text);
            }
            if !self.has("lifetime_unit") {
                // Up to 25.10 the complaint names the other field.
                let is_named = self.models >= Release::Community26;
                complain(if is_named { "lifetime_unit" } else { "lifetime_value" }, text);
            }
            return;
        }
        let given = ["lifetime_value", "lifetime_unit", "lifetimes"].into_iter();
        for field in given.filter(|field| self.has(field)) {
            complain(field, "This field has no sense for specified retention policy");
        }
    }
}

/// Whether a dataset is another one, or below it.
pub(super) fn is_at(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
