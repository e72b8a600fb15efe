//! `dtc name`: the naming rules at the prompt, both directions.

use clap::{Args, Subcommand, ValueEnum};
use dtc_naming::{
    BucketName, DeviceGuid, FolderPath, LocationName, LocationUuid, ObjectPrefix, ParsedBucketName, PoolName,
    RuleId, TaskDescription, UuidVersions, VaultLabel, Workload,
};
use serde_json::{Value, json};

use crate::document::document;
#[cfg(test)]
use crate::document::{Described, Member, Types, variants};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printable::printable;
use crate::screen::{CHANGED, Line, QUIET, Screen};

/// Compute a name, or read one back.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    name: Name,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// The bucket of a location; its key and its credential have the same name.
    Bucket {
        /// The location's UUID, in any spelling.
        #[arg(allow_hyphen_values = true)]
        location: String,
    },
    /// The folder of a pool, as a Cloud Sync task wants it.
    Folder(DeviceAndPool),
    /// The prefix of a pool's objects in the bucket.
    Object(DeviceAndPool),
    /// The description of a pool's Cloud Sync task.
    Task {
        /// The pool's name.
        #[arg(allow_hyphen_values = true)]
        pool: String,
    },
    /// The label of a vault record.
    Label {
        /// What the record holds.
        record: Record,
        /// The location's name; not for monitoring.
        #[arg(allow_hyphen_values = true, required_if_eq_any = [
            ("record", "application-key"), ("record", "encryption-password"), ("record", "encryption-salt")])]
        location: Option<String>,
    },
    /// What a name says: a bucket, a folder, an object prefix, a task, a label or a UUID.
    Parse {
        /// The name, as it stands in the service.
        #[arg(allow_hyphen_values = true)]
        name: String,
    },
}

#[derive(Debug, Args)]
struct DeviceAndPool {
    /// The Device GUID, in any spelling.
    #[arg(allow_hyphen_values = true)]
    device: String,
    /// The pool's name.
    #[arg(allow_hyphen_values = true)]
    pool: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Record {
    /// Key id and application key.
    ApplicationKey,
    /// The encryption password.
    EncryptionPassword,
    /// The encryption salt.
    EncryptionSalt,
    /// SNMP user name and password, for monitoring.
    Nms,
    /// SNMP privacy passphrase, for monitoring.
    NmsPrivacy,
}

document! {
    /// What the commands of `dtc name` that compute a name print.
    pub(crate) struct Computed {
        /// The name.
        name: String,
    }
}

/// Computes or reads a name.
pub(crate) fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    match arguments.name {
        Name::Parse { name } => parse(&name, screen),
        computed => compute(computed, screen),
    }
}

fn compute(name: Name, screen: &Screen) -> Result<Exit, Failure> {
    let text = match name {
        Name::Bucket { location } => {
            let location: LocationUuid = read(&location)?;
            if let Err(error) = location.accept(&UuidVersions::default()) {
                let note = format!("{}; provisioning would stop here (I2)", error.problem());
                screen.note(Line::new().styled(CHANGED, "note: ").plain(note));
            }
            BucketName::compute(Workload::TrueNas, location).to_string()
        }
        Name::Folder(of) => folder(&of)?.to_string(),
        Name::Object(of) => folder(&of)?.object_prefix().to_string(),
        Name::Task { pool } => TaskDescription::compute(&read::<PoolName>(&pool)?).to_string(),
        Name::Label { record, location } => label(record, location.as_deref())?.to_string(),
        Name::Parse { .. } => return Ok(Exit::Done),
    };
    screen.say(text.as_str());
    Ok(screen.done(&Computed { name: text }))
}

fn folder(of: &DeviceAndPool) -> Result<FolderPath, Failure> {
    Ok(FolderPath::compute(read::<DeviceGuid>(&of.device)?, &read::<PoolName>(&of.pool)?))
}

fn label(record: Record, location: Option<&str>) -> Result<VaultLabel, Failure> {
    let location = location.map(read::<LocationName>).transpose()?;
    match (record, location) {
        (Record::ApplicationKey, Some(location)) => Ok(VaultLabel::ApplicationKey(location)),
        (Record::EncryptionPassword, Some(location)) => Ok(VaultLabel::EncryptionPassword(location)),
        (Record::EncryptionSalt, Some(location)) => Ok(VaultLabel::EncryptionSalt(location)),
        (Record::Nms, None) => Ok(VaultLabel::NmsCredentials),
        (Record::NmsPrivacy, None) => Ok(VaultLabel::NmsPrivacyPassphrase),
        (_, Some(_)) => {
            Err(Failure::usage("records for monitoring belong to an appliance, and name no location"))
        }
        (_, None) => Err(Failure::usage("this label names the location; give its name after the record")),
    }
}

fn parse(text: &str, screen: &Screen) -> Result<Exit, Failure> {
    let description = describe_name(text)?;
    for (field, value) in &description {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let values: Vec<String> = values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect();
        let field = format!("{:<17}", format!("{field}:"));
        screen.say(Line::new().styled(QUIET, field).plain(values.join(" or ")));
    }
    let fields: serde_json::Map<String, Value> =
        description.into_iter().map(|(field, value)| (field.replace(' ', "_"), value)).collect();
    Ok(screen.done(&fields))
}

type Description = Vec<(&'static str, Value)>;

/// What a name says. Which kind of name it is meant to be shows in its shape, so that an error is about that kind.
fn describe_name(text: &str) -> Result<Description, Failure> {
    if let Ok(location) = text.parse::<LocationUuid>() {
        let version = location.version();
        let accepted = location.accept(&UuidVersions::default()).is_ok();
        return Ok(vec![
            ("kind", json!("UUID")),
            ("uuid", json!(location.to_string())),
            ("uuid version", json!(version)),
            ("provisioning", json!(if accepted { "accepts it" } else { "refuses it (I2)" })),
        ]);
    }
    if text.starts_with('/') {
        let folder: FolderPath = read(text)?;
        return Ok(describe_folder("folder", &folder));
    }
    if text.starts_with("TrueNAS") || text.contains('—') {
        return Ok(describe_label(&read(text)?));
    }
    if text.ends_with(" Cloud Backup") {
        let description: TaskDescription = read(text)?;
        let pools: Vec<String> = description.candidates().iter().map(ToString::to_string).collect();
        return Ok(vec![("kind", json!("task description")), ("pool", json!(pools))]);
    }
    if text.contains('/') {
        let prefix: ObjectPrefix = read(text)?;
        return Ok(describe_folder("object prefix", prefix.folder_path()));
    }
    describe_bucket(text)
}

fn describe_folder(kind: &str, folder: &FolderPath) -> Description {
    vec![
        ("kind", json!(kind)),
        ("device", json!(folder.device().to_string())),
        ("pool", json!(folder.pool().to_string())),
    ]
}

fn describe_label(label: &VaultLabel) -> Description {
    let holds = match label {
        VaultLabel::ApplicationKey(_) => "key id and application key",
        VaultLabel::EncryptionPassword(_) => "encryption password",
        VaultLabel::EncryptionSalt(_) => "encryption salt",
        VaultLabel::NmsCredentials => "SNMP user name and password",
        VaultLabel::NmsPrivacyPassphrase => "SNMP privacy passphrase",
    };
    let location = label.location().map(|location| ("location", json!(location.to_string())));
    [("kind", json!("vault label")), ("holds", json!(holds))].into_iter().chain(location).collect()
}

fn describe_bucket(text: &str) -> Result<Description, Failure> {
    match BucketName::parse(text).map_err(|error| refused(&error))? {
        ParsedBucketName::Standard(name) => Ok(vec![
            ("kind", json!("bucket")),
            ("workload", json!(name.workload().to_string())),
            ("location", json!(name.location().to_string())),
        ]),
        ParsedBucketName::Legacy(name) => Ok(vec![
            (
                "kind",
                json!(format!("bucket of the older scheme, recognised and never created ({})", RuleId::N10)),
            ),
            ("workload", json!(name.workload().to_string())),
            ("organisation", json!(name.organisation().to_string())),
            ("location begins", json!(name.location_digits())),
        ]),
    }
}

fn read<T: std::str::FromStr<Err = dtc_naming::Error>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| refused(&error))
}

/// The error, with a caret under the place.
fn refused(error: &dtc_naming::Error) -> Failure {
    let shown: String = error.input().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let span = error.char_span();
    let failure =
        Failure::usage(error.to_string()).code(format!("DTC-RULE-{}", error.rule().as_str().to_uppercase()));
    // A caret would stand in the wrong place under a text that is printed otherwise, or that fills several lines.
    if shown.is_empty() || printable(&shown) != shown || shown.chars().count() > 90 {
        return failure;
    }
    let caret = format!("{}{}", " ".repeat(span.start), "^".repeat(span.len().max(1)));
    failure.showing([shown, caret])
}

/// What `dtc name parse` prints, a form for each kind of name.
#[cfg(test)]
pub(crate) fn parsed(types: &mut Types) -> Value {
    let text = String::describe(types);
    let of = |name, doc| Member::of(name, doc, json!({ "type": "string" }));
    let folder = || vec![of("device", "The Device GUID."), of("pool", "The pool.")];
    let uuid = vec![
        of("uuid", "The UUID, as the standard writes it."),
        Member::of("uuid_version", "Its version.", u8::describe(types)),
        of("provisioning", "Whether provisioning accepts it."),
    ];
    let pools = Member::of("pool", "The pools that it may be of.", json!({ "type": "array", "items": text }));
    let label =
        vec![of("holds", "What the record holds."), of("location", "The location's name.").optional()];
    let bucket = vec![
        of("workload", "What is backed up."),
        of("location", "The location's UUID, as the name has it."),
    ];
    let legacy = vec![
        of("workload", "What is backed up."),
        of("organisation", "The organisation, as the name has it."),
        of("location_begins", "How the location's UUID begins."),
    ];
    let kinds = [
        ("UUID", "A UUID.", uuid),
        ("folder", "A pool's folder.", folder()),
        ("object prefix", "The prefix of a pool's objects.", folder()),
        ("task description", "The description of a Cloud Sync task.", vec![pools]),
        ("vault label", "The label of a vault record.", label),
        ("bucket", "A bucket's name.", bucket),
        (
            "bucket of the older scheme, recognised and never created (N10)",
            "A bucket's name of the older scheme.",
            legacy,
        ),
    ];
    variants("What a name says.", "kind", &[], &kinds, types)
}
