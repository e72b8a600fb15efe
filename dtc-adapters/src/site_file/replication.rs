//! The tables `[[replication]]`: what is replicated between two appliances, or within one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dtc_naming::DatasetName;
use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::ports::{Kept, SentSnapshots, Way};
use dtc_provision::replication::{Encryption, IN_DATABASE, Passphrases, Replication, SCHEMA};
use dtc_provision::schedule::Schedule;
use dtc_provision::secret::DatasetSecret;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::part_of_tables;
use crate::checks;
use crate::connection_error::{Error, ErrorKind, Place};
use crate::connections::Connections;
use crate::secret_source::{SecretReader, SecretSource};

/// A replication, and where its passphrases come from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SiteReplication {
    /// What is wanted.
    pub wanted: Replication,
    /// The passphrase of the destination, where it gets one of its own that people chose.
    pub passphrase: Option<SecretSource>,
    /// The destination's own key, 64 hexadecimal digits, where people have it already.
    pub key: Option<SecretSource>,
    /// Passphrases of the sources, by their encryption roots.
    pub passphrases: Vec<(DatasetName, SecretSource)>,
}

impl From<Replication> for SiteReplication {
    /// Without passphrases.
    fn from(wanted: Replication) -> Self {
        Self { wanted, passphrase: None, key: None, passphrases: Vec::new() }
    }
}

impl SiteReplication {
    /// Takes a table `[[replication]]` from a program's own settings, as JSON has it. Whether there are such appliances shows when they are
    /// connected to. Relative paths are taken from the working directory.
    ///
    /// # Errors
    /// [`ErrorKind::SiteFileInvalid`], with the field and no position.
    pub fn from_table(table: &Value) -> Result<Self, Error> {
        let Single { replication } = part_of_tables(&json!({ "replication": table }))?;
        replication.wanted().map_err(|(field, problem)| {
            let place =
                Place { file: "site".into(), position: None, field: Some(format!("replication.{field}")) };
            ErrorKind::SiteFileInvalid { place, problem }.into()
        })
    }

    /// The table as a site file has it, with every choice in it and without passphrases.
    pub fn table(&self) -> Value {
        let wanted = &self.wanted;
        let (word, location) = match &wanted.encryption {
            Encryption::AsSource => ("source", None),
            Encryption::Clear => ("clear", None),
            Encryption::Inherit => ("inherit", None),
            Encryption::Key { location } => ("key", Some(location)),
            Encryption::Passphrase { location } => ("passphrase", Some(location)),
        };
        let keep = match wanted.kept {
            Kept::LikeSource => "source".to_owned(),
            Kept::Forever => "forever".to_owned(),
            Kept::Days(days) => format!("{days} days"),
        };
        let (schema, tasks) = match &wanted.snapshots {
            SentSnapshots::Named(schema) => (Some(schema), None),
            SentSnapshots::OfTasks(ids) => (None, Some(ids.iter().map(number).collect::<Value>())),
        };
        let mut table = json!({
            "name": wanted.name, "from": wanted.from, "to": wanted.to, "direction": wanted.way,
            "sources": wanted.sources, "destination": wanted.destination, "recursive": wanted.recursive,
            "host": wanted.host, "remote_user": wanted.remote_user, "host_key": wanted.host_key,
            "schema": schema, "snapshot_tasks": tasks, "schedule": wanted.schedule, "keep": keep,
            "properties": wanted.properties, "encryption": word, "key_location": location,
        });
        // What is left out is null, which a table of TOML does not have.
        if let Some(members) = table.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        table
    }

    /// Reads the passphrases.
    ///
    /// # Errors
    /// As [`SecretSource::read`].
    pub async fn read_passphrases(&self, reader: &SecretReader) -> Result<Passphrases, Error> {
        let mut read = Passphrases::default();
        let own = self.passphrase.iter().map(|source| (source, "passphrase"));
        if let Some((source, kind)) = own.chain(self.key.iter().map(|source| (source, "key"))).next() {
            let name = format!("the {kind} of {}", self.wanted.destination);
            let [secret] = reader.read_all([(source, name.as_str())]).await?;
            read.destination = Some(DatasetSecret::new(secret.expose_secret()));
        }
        for (root, source) in &self.passphrases {
            let name = format!("the passphrase of {root}");
            let [secret] = reader.read_all([(source, name.as_str())]).await?;
            read.sources.push((root.clone(), DatasetSecret::new(secret.expose_secret())));
        }
        Ok(read)
    }

    pub(super) fn in_folder(self, folder: &Path) -> Self {
        let passphrases = self.passphrases.into_iter();
        Self {
            passphrase: self.passphrase.map(|source| source.in_folder(folder)),
            key: self.key.map(|source| source.in_folder(folder)),
            passphrases: passphrases.map(|(root, source)| (root, source.in_folder(folder))).collect(),
            ..self
        }
    }
}

/// The tables of a site file.
#[derive(Deserialize)]
pub(super) struct Tables {
    #[serde(default)]
    replication: Vec<Table>,
}

/// One table alone.
#[derive(Deserialize)]
struct Single {
    replication: Table,
}

/// Why a table is refused: the field, and what is wrong with it.
type Refused = (String, String);

impl Tables {
    pub(super) fn read(self, connections: &Connections) -> Result<Vec<SiteReplication>, Refused> {
        let mut all: Vec<SiteReplication> = Vec::new();
        for (index, table) in self.replication.into_iter().enumerate() {
            let at = |(field, problem): (&str, String)| (format!("replication[{index}].{field}"), problem);
            let read = table.read(connections).map_err(at)?;
            if all.iter().any(|known| known.wanted.name == read.wanted.name) {
                return Err(at(("name", format!("two replications are called {:?}", read.wanted.name))));
            }
            all.push(read);
        }
        Ok(all)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default, deserialize_with = "checks::some_label")]
    name: Option<String>,
    from: String,
    to: String,
    direction: Way,
    sources: Vec<DatasetName>,
    destination: DatasetName,
    #[serde(default = "yes")]
    recursive: bool,
    #[serde(default, deserialize_with = "checks::some_label")]
    host: Option<String>,
    #[serde(default = "root", deserialize_with = "checks::label")]
    remote_user: String,
    #[serde(default, deserialize_with = "host_key")]
    host_key: Option<String>,
    #[serde(default, deserialize_with = "schema")]
    schema: Option<String>,
    #[serde(default)]
    snapshot_tasks: Option<BTreeSet<u32>>,
    schedule: Option<Schedule>,
    #[serde(default = "forever", deserialize_with = "keep")]
    keep: Kept,
    #[serde(default = "yes")]
    properties: bool,
    #[serde(default)]
    encryption: Word,
    #[serde(default, deserialize_with = "location")]
    key_location: Option<String>,
    passphrase: Option<SecretSource>,
    key: Option<SecretSource>,
    #[serde(default)]
    passphrases: BTreeMap<DatasetName, SecretSource>,
}

/// How the destination is encrypted.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    /// As the source is.
    #[default]
    Source,
    Clear,
    Inherit,
    Key,
    Passphrase,
}

fn yes() -> bool {
    true
}

fn root() -> String {
    "root".to_owned()
}

fn forever() -> Kept {
    Kept::Forever
}

/// The appliance's number of a snapshot task.
fn number(id: &SnapshotTaskId) -> Value {
    id.as_str().parse::<u32>().map_or_else(|_| id.as_str().into(), Value::from)
}

impl Table {
    fn read(self, connections: &Connections) -> Result<SiteReplication, (&'static str, String)> {
        for (field, name) in [("from", &self.from), ("to", &self.to)] {
            if connections.appliance_named(name).is_none() {
                let known: Vec<&str> = connections.appliance_names().collect();
                let problem = format!("no appliance is called {name:?}; there are {}", known.join(", "));
                return Err((field, problem));
            }
        }
        self.wanted()
    }

    /// What is wanted, whichever appliances there are.
    fn wanted(self) -> Result<SiteReplication, (&'static str, String)> {
        self.check()?;
        let location = self.key_location.unwrap_or_else(|| IN_DATABASE.to_owned());
        let name = self.name.unwrap_or_else(|| Replication::default_name(&self.sources, &self.destination));
        let mut wanted = Replication::new(name, self.direction, self.sources, self.destination);
        (wanted.from, wanted.to) = (self.from, self.to);
        (wanted.recursive, wanted.properties) = (self.recursive, self.properties);
        (wanted.host, wanted.remote_user, wanted.host_key) = (self.host, self.remote_user, self.host_key);
        (wanted.schedule, wanted.kept) = (self.schedule, self.keep);
        wanted.snapshots = match self.snapshot_tasks {
            Some(ids) => {
                SentSnapshots::OfTasks(ids.iter().map(|id| SnapshotTaskId::new(id.to_string())).collect())
            }
            None => SentSnapshots::Named(self.schema.unwrap_or_else(|| SCHEMA.to_owned())),
        };
        wanted.encryption = match self.encryption {
            Word::Source => Encryption::AsSource,
            Word::Clear => Encryption::Clear,
            Word::Inherit => Encryption::Inherit,
            Word::Key => Encryption::Key { location },
            Word::Passphrase => Encryption::Passphrase { location },
        };
        let passphrases = self.passphrases.into_iter().collect();
        Ok(SiteReplication { wanted, passphrase: self.passphrase, key: self.key, passphrases })
    }

    /// What no single value shows.
    fn check(&self) -> Result<(), (&'static str, String)> {
        let refused = |field, problem: &str| Err((field, problem.to_owned()));
        let is_local = self.direction == Way::Local;
        if self.sources.is_empty() {
            return refused("sources", "name one dataset at least");
        }
        if is_local != (self.from == self.to) {
            return refused(
                "direction",
                "\"local\" is within one appliance, \"push\" and \"pull\" are between two: see from and to",
            );
        }
        if is_local && (self.host.is_some() || self.host_key.is_some()) {
            return refused("host", "a local replication logs in nowhere; leave host and host_key out");
        }
        let has_key = matches!(self.encryption, Word::Key | Word::Passphrase);
        if self.key_location.is_some() && !has_key {
            return refused("key_location", "it goes with encryption = \"key\" or \"passphrase\" only");
        }
        if let Some(tasks) = &self.snapshot_tasks {
            if tasks.is_empty() {
                return refused("snapshot_tasks", "name one at least, or leave it out");
            }
            if self.direction == Way::Pull {
                let problem = "a replication that fetches is bound to no snapshot tasks of the appliance that sends; give a schema";
                return refused("snapshot_tasks", problem);
            }
            if self.schema.is_some() {
                return refused(
                    "schema",
                    "the snapshots are those of snapshot_tasks; leave one of the two out",
                );
            }
        }
        if self.key.is_some() && self.encryption != Word::Key {
            return refused("key", "it goes with encryption = \"key\" only");
        }
        if self.passphrase.is_some() && self.encryption != Word::Passphrase {
            return refused("passphrase", "it goes with encryption = \"passphrase\" only");
        }
        Ok(())
    }
}

fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
    is_right: impl Fn(&str) -> bool,
    problem: &str,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_right(&text) { Ok(text) } else { Err(de::Error::custom(format!("{text:?} {problem}"))) }
}

/// A fingerprint as OpenSSH writes it.
fn host_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_right = |text: &str| {
        let digest = text.strip_prefix("SHA256:").unwrap_or_default();
        digest.len() == 43 && digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
    };
    let problem =
        "is no fingerprint of a host key; write SHA256: and 43 characters, as ssh-keygen -l shows it";
    checked(deserializer, is_right, problem).map(Some)
}

/// All parts of a moment, or the seconds since 1970 alone; else a name does not tell when its snapshot was taken.
fn schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_right = |text: &str| {
        let has_all = ["%Y", "%m", "%d", "%H", "%M"].iter().all(|part| text.contains(part));
        has_all || text.contains("%s")
    };
    checked(deserializer, is_right, "does not name a moment; it needs %Y, %m, %d, %H and %M, or %s").map(Some)
}

/// `source`, `forever`, or a number of days.
fn keep<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kept, D::Error> {
    let text = String::deserialize(deserializer)?;
    let days = text.strip_suffix(" days").or_else(|| text.strip_suffix(" day"));
    match (text.as_str(), days.and_then(|days| days.parse().ok())) {
        ("source", _) => Ok(Kept::LikeSource),
        ("forever", _) => Ok(Kept::Forever),
        (_, Some(days)) if days > 0 => Ok(Kept::Days(days)),
        _ => Err(de::Error::custom(format!(
            "{text:?} is no time to keep snapshots; write \"source\", \"forever\" or, for example, \"90 days\""
        ))),
    }
}

/// TrueNAS's own word, or a path.
fn location<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_right = |text: &str| text == IN_DATABASE || (text.starts_with('/') && text.len() > 1);
    let problem = "is no place for a key; write \"$TrueNAS\" for the appliance's own database, or a path at the destination";
    checked(deserializer, is_right, problem).map(Some)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::SiteFile;

    const TABLES: &str = "\n[[appliance]]\nname = \"offsite\"\nurl = \"nas2.example.net\"\napi_key = \"file:nas2.key\"\n\
        [[replication]]\nname = \"offsite copy\"\nfrom = \"main\"\nto = \"offsite\"\ndirection = \"pull\"\n\
        sources = [\"tank/data\"]\ndestination = \"vault/site/data\"\n";

    fn parse(more: &str) -> Result<SiteFile, Error> {
        SiteFile::parse(&format!("{}{TABLES}{more}", SiteFile::TEMPLATE), Path::new("clients/site.toml"))
    }

    fn problem(text: &str) -> (String, String) {
        match SiteFile::parse(text, Path::new("site.toml")).unwrap_err().into_kind() {
            ErrorKind::SiteFileInvalid { place, problem } => (place.field.unwrap_or_default(), problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn r3_what_is_left_out_is_the_standards() {
        let file = parse("").unwrap();
        let found = &file.replication(None).unwrap().wanted;
        assert_eq!((found.way, found.recursive, found.properties), (Way::Pull, true, true));
        assert_eq!((found.kept, found.remote_user.as_str(), &found.schedule), (Kept::Forever, "root", &None));
        let schema = SentSnapshots::Named(SCHEMA.to_owned());
        assert_eq!((&found.encryption, &found.snapshots), (&Encryption::AsSource, &schema));
        assert_eq!(file.connections.appliance_named("offsite").unwrap().url, "nas2.example.net");
        assert!(file.replication(Some("offsite copy")).is_ok());
        let error = file.replication(Some("ofsite copy")).unwrap_err();
        assert!(error.to_string().contains("offsite copy"), "{error}");
    }

    #[tokio::test]
    async fn r5_passphrases_come_from_outside_the_file() {
        let file = parse(
            "encryption = \"passphrase\"\npassphrase = \"file:own.txt\"\nkeep = \"90 days\"\nschedule = \"0 2 * * *\"\n\
             host_key = \"SHA256:uNiVztksCsDhcc0u9e8BrMLkFRNTQBYOtHtYcmqMdYA\"\n\
             [replication.passphrases]\n\"tank/data\" = \"env:DTC_TEST_UNSET\"\n",
        )
        .unwrap();
        let found = file.replication(None).unwrap();
        assert_eq!(found.passphrase.as_ref().unwrap().to_string(), "file:clients/own.txt");
        assert_eq!(found.wanted.kept, Kept::Days(90));
        let Encryption::Passphrase { location } = &found.wanted.encryption else { panic!("{found:?}") };
        assert_eq!(location, IN_DATABASE);
        assert!(found.read_passphrases(&SecretReader::default()).await.is_err());
    }

    #[test]
    fn r3_a_table_of_a_program_is_read_and_written_back() {
        for more in [
            "",
            "encryption = \"key\"\nkeep = \"90 days\"\nschedule = \"0 2 * * *\"\nhost = \"192.0.2.10\"\n",
            "encryption = \"passphrase\"\nkey_location = \"/mnt/keys\"\nkeep = \"source\"\nproperties = false\n",
            "schema = \"%s\"\n",
        ] {
            let file = parse(more).unwrap();
            let found = file.replication(None).unwrap();
            let again = SiteReplication::from_table(&found.table()).unwrap();
            assert_eq!(again.wanted, found.wanted, "{more}");
        }
        let given = "encryption = \"passphrase\"\npassphrase = \"env:OWN\"\n";
        let file = parse(given).unwrap();
        let wanted = file.replication(None).unwrap().wanted.clone();
        assert_eq!(file.with_passphrases(wanted.clone()).passphrase.unwrap().to_string(), "env:OWN");
        let mut another = wanted;
        another.name = "another".to_owned();
        assert!(file.with_passphrases(another).passphrase.is_none());
        for (table, field) in [
            (json!({ "name": "a" }), "replication"),
            (
                json!({ "name": "a", "from": "x", "to": "y", "direction": "push", "sources": [], "destination": "b/c" }),
                "replication.sources",
            ),
        ] {
            match SiteReplication::from_table(&table).unwrap_err().into_kind() {
                ErrorKind::SiteFileInvalid { place, .. } => assert_eq!(place.field.as_deref(), Some(field)),
                other => panic!("{other:?}"),
            }
        }
    }

    /// R3: a push bound to snapshot tasks; the wizard's name; R5: a key that is there already.
    #[test]
    fn r3_a_push_is_bound_to_snapshot_tasks_and_is_called_as_the_wizard_would() {
        let push = TABLES.replace("\"pull\"", "\"push\"").replace("name = \"offsite copy\"\n", "");
        let read = |more: &str| {
            SiteFile::parse(&format!("{}{push}{more}", SiteFile::TEMPLATE), Path::new("site.toml")).unwrap()
        };
        let file = read("snapshot_tasks = [3, 12]\nencryption = \"key\"\nkey = \"file:own.key\"\n");
        let found = file.replication(None).unwrap();
        let ids = ["3", "12"].map(SnapshotTaskId::new);
        assert_eq!(found.wanted.snapshots, SentSnapshots::OfTasks(ids.into()));
        assert_eq!(found.wanted.name, "tank/data - vault/site/data");
        assert_eq!(found.key.as_ref().unwrap().to_string(), "file:own.key");
        let table = found.table();
        assert_eq!((&table["snapshot_tasks"], table.get("schema")), (&json!([12, 3]), None));
        assert_eq!(SiteReplication::from_table(&table).unwrap().wanted, found.wanted);
        for (more, field, says) in [
            ("snapshot_tasks = []\n", "snapshot_tasks", "one at least"),
            ("snapshot_tasks = [3]\nschema = \"%s\"\n", "schema", "leave one of the two out"),
        ] {
            let (place, problem) = problem(&format!("{}{push}{more}", SiteFile::TEMPLATE));
            assert!(place.contains(field) && problem.contains(says), "{more}: {place}: {problem}");
        }
    }

    #[test]
    fn r3_each_wrong_value_is_refused_at_its_field() {
        for (more, field, says) in [
            ("remote_user = \"\"\n", "remote_user", "empty"),
            ("host_key = \"SHA256:short\"\n", "host_key", "ssh-keygen -l"),
            ("schema = \"daily\"\n", "schema", "%Y"),
            ("keep = \"0 days\"\n", "keep", "90 days"),
            ("keep = \"a while\"\n", "keep", "forever"),
            ("schedule = \"daily\"\n", "schedule", "five cron fields"),
            ("encryption = \"aes\"\n", "encryption", "unknown variant"),
            ("key_location = \"/mnt/k\"\n", "key_location", "goes with"),
            ("encryption = \"key\"\nkey_location = \"k\"\n", "key_location", "a path at the destination"),
            ("passphrase = \"env:X\"\n", "passphrase", "goes with"),
            ("key = \"env:X\"\n", "key", "goes with"),
            ("snapshot_tasks = [3]\n", "snapshot_tasks", "fetches"),
            ("snapshot_tasks = [\"x\"]\n", "snapshot_tasks", "invalid type"),
            ("encryption = \"passphrase\"\npassphrase = \"hunter2hunter2\"\n", "passphrase", "env:NAME"),
            ("allow_from_scratch = true\n", "", "unknown field"),
            ("[replication.passphrases]\n\"tank/\" = \"env:X\"\n", "passphrases", "dataset name"),
        ] {
            let text = format!("{}{TABLES}{more}", SiteFile::TEMPLATE);
            let (place, problem) = problem(&text);
            assert!(place.contains(field) && problem.contains(says), "{more}: {place}: {problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn r3_ends_that_do_not_fit_are_refused() {
        for (from, to, says) in [
            ("from = \"main\"", "from = \"man\"", "no appliance is called"),
            ("to = \"offsite\"", "to = \"main\"", "between two"),
            ("direction = \"pull\"", "direction = \"local\"", "between two"),
            ("direction = \"pull\"", "direction = \"sideways\"", "unknown variant"),
            ("sources = [\"tank/data\"]", "sources = []", "one dataset"),
            ("sources = [\"tank/data\"]", "sources = [\"tank/data@x\"]", "dataset name"),
        ] {
            let text = format!("{}{}", SiteFile::TEMPLATE, TABLES.replace(from, to));
            let (_, problem) = problem(&text);
            assert!(problem.contains(says), "{to}: {problem}");
        }
        let twice = TABLES.split_at(TABLES.find("[[replication]]").unwrap()).1;
        let (_, problem) = problem(&format!("{}{TABLES}{twice}", SiteFile::TEMPLATE));
        assert!(problem.contains("two replications"), "{problem}");
    }
}
