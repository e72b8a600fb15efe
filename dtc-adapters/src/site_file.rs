//! The site file: what the operator wants, where the services answer, and where their secrets are kept.

mod names;
mod replication;

use std::path::Path;

use dtc_provision::Site;
use dtc_provision::ports::Waits;
use dtc_provision::replication::Replication;
use rclone_crypt::NameForm;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::connection_error::{Error, ErrorKind, Place};
use crate::connections::{Connections, Tickets};
use crate::files::{self, FileErrorKind, Guard, Limit};
use crate::timing::WaitsTable;
use crate::{checks, nearest, toml_file};

pub use replication::SiteReplication;

/// A site file: TOML with the table `[site]` and a table for each service.
///
/// ```
/// use dtc_adapters::SiteFile;
/// use std::path::Path;
///
/// let file = SiteFile::parse(SiteFile::TEMPLATE, Path::new("clients/contoso/site.toml"))?;
/// assert_eq!(file.site.organization, "Contoso Dental");
/// assert_eq!(file.connections.object_store.application_key.to_string(), "env:DTC_B2_APPLICATION_KEY");
/// # Ok::<(), dtc_adapters::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SiteFile {
    /// What is wanted.
    pub site: Site,
    /// Where the services answer. Relative paths are taken from the file's folder.
    pub connections: Connections,
    /// How long to wait for what services do in their own time: the table `[waits]`. Never for a person.
    pub waits: Waits,
    /// What is replicated between appliances: the tables `[[replication]]`.
    pub replications: Vec<SiteReplication>,
    /// How the names of the backup's objects are made, for restores: the table `[names]`.
    pub names: NameForm,
}

/// What a site file says beside its connections.
#[derive(Deserialize)]
struct Wanted {
    site: Site,
    #[serde(default)]
    waits: WaitsTable,
    #[serde(default = "NameForm::off", deserialize_with = "names::form")]
    names: NameForm,
}

impl SiteFile {
    /// A commented site file to fill in, with every key there is.
    pub const TEMPLATE: &str = include_str!("site_file/template.toml");

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`ErrorKind::SiteFileUnreadable`], [`ErrorKind::FileRefused`] for a file that everybody may change, among others, and as
    /// [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = files::read_text(path, Guard::Settings, Limit::SETTINGS).map_err(|error| {
            if matches!(error.kind(), FileErrorKind::Io { .. }) {
                ErrorKind::SiteFileUnreadable { path: path.to_owned(), source: error.into() }
            } else {
                ErrorKind::FileRefused(error)
            }
        })?;
        Self::parse(&text, path)
    }

    /// Reads a file's text. `path` names the file in errors, and its folder is where relative paths are taken from.
    ///
    /// # Errors
    /// [`ErrorKind::SiteFileInvalid`], with the line, the column and the field.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let wanted = part(text, path)?;
        let connections: Connections = part(text, path)?;
        part::<checks::Checked>(text, path)?;
        if let Tickets::Halo(_) = connections.tickets {
            part::<checks::Numbered>(text, path)?;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::of_parts(wanted, connections, part(text, path)?, path, folder)
    }

    fn of_parts(
        wanted: Wanted,
        connections: Connections,
        tables: replication::Tables,
        file: &Path,
        folder: &Path,
    ) -> Result<Self, Error> {
        let replications = tables.read(&connections).map_err(|(field, problem)| {
            let place = Place { file: file.to_owned(), position: None, field: Some(field) };
            ErrorKind::SiteFileInvalid { place, problem }
        })?;
        let replications = replications.into_iter().map(|it| it.in_folder(folder)).collect();
        let connections = connections.in_folder(folder);
        let Wanted { site, waits, names } = wanted;
        Ok(Self { site, connections, waits: waits.into(), replications, names })
    }
}

impl SiteFile {
    /// The replication of this name; where there is one only, its name may be left out.
    ///
    /// # Errors
    /// [`ErrorKind::NoSuchReplication`], with the names that there are.
    pub fn replication(&self, name: Option<&str>) -> Result<&SiteReplication, Error> {
        let found = match (name, self.replications.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(name), all) => all.iter().find(|it| it.wanted.name == name),
        };
        found.ok_or_else(|| {
            let known = self.replications.iter().map(|it| it.wanted.name.clone()).collect();
            ErrorKind::NoSuchReplication { name: name.map(str::to_owned), known }.into()
        })
    }

    /// This replication, with the passphrases that the file names for one of its name.
    pub fn with_passphrases(&self, wanted: Replication) -> SiteReplication {
        let known = self.replications.iter().find(|known| known.wanted.name == wanted.name);
        match known {
            Some(known) => SiteReplication { wanted, ..known.clone() },
            None => wanted.into(),
        }
    }

    /// Takes the same tables from a program's own settings, as JSON has them. Relative paths are taken from `folder`.
    ///
    /// # Errors
    /// [`ErrorKind::SiteFileInvalid`], with the field and no position.
    pub fn from_tables(tables: &serde_json::Value, folder: &Path) -> Result<Self, Error> {
        let wanted = part_of_tables(tables)?;
        let connections: Connections = part_of_tables(tables)?;
        part_of_tables::<checks::Checked>(tables)?;
        if let Tickets::Halo(_) = connections.tickets {
            part_of_tables::<checks::Numbered>(tables)?;
        }
        Self::of_parts(wanted, connections, part_of_tables(tables)?, Path::new("site"), folder)
    }

    /// Takes `[site]` alone from a program's own settings.
    ///
    /// # Errors
    /// As [`from_tables`](Self::from_tables).
    pub fn site_from_table(site: &serde_json::Value) -> Result<Site, Error> {
        let tables = serde_json::json!({ "site": site });
        part_of_tables::<checks::Checked>(&tables)?;
        Ok(part_of_tables::<Wanted>(&tables)?.site)
    }
}

/// The part of the tables that `T` stands for.
fn part_of_tables<T: DeserializeOwned>(tables: &serde_json::Value) -> Result<T, Error> {
    Ok(serde_path_to_error::deserialize(tables.clone()).map_err(|error| {
        let field = Some(error.path().to_string()).filter(|path| path != ".");
        let place = Place { file: "site".into(), position: None, field };
        ErrorKind::SiteFileInvalid { place, problem: nearest::decoding_problem(&error.inner().to_string()) }
    })?)
}

/// The part of the text that `T` stands for. What else is in it is another part's to judge.
fn part<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, Error> {
    Ok(toml_file::part(text, path)
        .map_err(|(place, problem)| ErrorKind::SiteFileInvalid { place, problem })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection_error::Place;
    use crate::connections::{Inventory, TicketDirectory, Trust, Vault};
    use std::time::Duration;

    fn parse(text: &str) -> Result<SiteFile, Error> {
        SiteFile::parse(text, Path::new("clients/site.toml"))
    }

    fn refusal(text: &str) -> (Place, String) {
        match parse(text).unwrap_err().into_kind() {
            ErrorKind::SiteFileInvalid { place, problem } => (place, problem),
            other => panic!("{other:?}"),
        }
    }

    fn line_of(text: &str, wanted: &str) -> usize {
        text.lines().position(|line| line.starts_with(wanted)).unwrap() + 1
    }

    #[test]
    fn the_template_is_a_site_file() {
        let file = parse(SiteFile::TEMPLATE).unwrap();
        let (Inventory::NinjaOne(ninja), Vault::ItGlue(itglue)) =
            (&file.connections.inventory, &file.connections.vault);
        assert_eq!(file.connections.object_store.application_key.to_string(), "env:DTC_B2_APPLICATION_KEY");
        assert_eq!(ninja.client_secret.to_string(), "env:DTC_NINJAONE_CLIENT_SECRET");
        assert_eq!(itglue.api_key.to_string(), "env:DTC_ITGLUE_API_KEY");
        assert_eq!(file.connections.appliance.trust, Trust::System);
        let Tickets::Files(tickets) = file.connections.tickets else { panic!("tickets are files") };
        assert_eq!(tickets, TicketDirectory::new("clients/tickets"));
    }

    /// Every line that is commented out is a key that may stand there, with a value of its kind.
    #[test]
    fn every_key_that_the_template_explains_is_accepted() {
        let is_example = |line: &str| {
            let rest = line.strip_prefix("# ").unwrap_or_default();
            rest.starts_with('[')
                || rest.split(" = ").next().is_some_and(|key| !key.contains(' ') && key != rest)
        };
        let lines: Vec<&str> = SiteFile::TEMPLATE.lines().collect();
        let examples = lines.iter().filter(|line| is_example(line)).count();
        assert!(examples >= 20, "only {examples} examples were found");
        // A fingerprint and a certificate exclude each other, and so do the two places of tickets, a schema and snapshot tasks, and a
        // passphrase and a key of digits.
        let excluded = ["# fingerprint", "directory", "# snapshot_tasks", "# key = "];
        let all: Vec<&str> = lines
            .iter()
            .filter(|line| !excluded.iter().any(|excluded| line.starts_with(excluded)))
            .map(|line| if is_example(line) { &line[2..] } else { line })
            .collect();
        let file = parse(&all.join("\n")).unwrap();
        assert_eq!(file.waits.poll_interval, Waits::default().poll_interval);
        assert_eq!(file.names, NameForm::off());
        let encrypted =
            all.join("\n").replace("filename_encryption = \"off\"", "filename_encryption = \"standard\"");
        assert_ne!(parse(&encrypted).unwrap().names, NameForm::off());
        let (place, problem) = refusal(&encrypted.replace("\"base32\"", "\"base33\""));
        assert!(problem.contains("filename_encoding"), "{place} {problem}");
        let Tickets::Halo(halo) = file.connections.tickets else { panic!("tickets are in HaloPSA") };
        assert_eq!(halo.close_status.as_deref(), Some("Closed"));
        // HaloPSA knows a ticket by its number alone, which is seen before anything is asked.
        let named = all.join("\n").replace("\"1001\"", "\"T-1001\"");
        let (place, problem) = refusal(&named);
        assert!(problem.contains("by number"), "{problem}");
        assert_eq!(place.field.as_deref(), Some("site.ticket"));
        assert_eq!(file.connections.appliance.trust, Trust::CertificateFile("clients/nas.pem".into()));
    }

    #[test]
    fn e7_an_inline_secret_is_refused_with_its_line_and_not_repeated() {
        for inline in ["\"K001secret\"", "12345678901", "1.5", "[\"K001secret\"]", "{ x = \"K001secret\" }"] {
            let text = SiteFile::TEMPLATE.replace("\"env:DTC_B2_APPLICATION_KEY\"", inline);
            let (place, problem) = refusal(&text);
            let line = line_of(&text, "application_key");
            assert_eq!(place.position.map(|(line, _)| line), Some(line), "{place} {problem}");
            assert_eq!(place.field.as_deref(), Some("b2.application_key"));
            assert!(problem.contains("env:NAME"), "{problem}");
            let shown = format!("{:?}", parse(&text).unwrap_err());
            assert!(!shown.contains("K001secret") && !shown.contains("123456789"), "{shown}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        for (section, line) in [
            ("[site]\n", "bussiness_hours = 1\n"),
            ("[b2]\n", "aplication_key = \"K001\"\n"),
            ("[b2]\n", "[b22]\nkey_id = \"K001\"\n[b2]\n"),
        ] {
            let text = SiteFile::TEMPLATE.replace(section, &format!("{section}{line}"));
            let text = text.replace("[b2]\n[b22]", "[b22]");
            let (place, problem) = refusal(&text);
            let first = line.lines().next().unwrap();
            let name = first.trim_matches(['[', ']']).split(' ').next().unwrap();
            assert_eq!(
                place.position.map(|(line, _)| line),
                Some(line_of(&text, first)),
                "{place} {problem}"
            );
            assert!(problem.contains(name) && !problem.contains("K001"), "{problem}");
        }
    }

    #[test]
    fn a_value_that_is_wrong_is_refused_with_its_place_and_field() {
        let text = SiteFile::TEMPLATE.replace("uplink_mbit = 100", "uplink_mbit = \"fast\"");
        let (place, problem) = refusal(&text);
        assert_eq!(place.position, Some((line_of(&text, "uplink_mbit"), 15)), "{place} {problem}");
        assert_eq!(place.field.as_deref(), Some("site.uplink_mbit"));
        assert!(problem.contains("expected a whole number") && !problem.contains("u32"), "{problem}");
        let (place, _) = refusal("[site");
        assert_eq!(place.position.map(|(line, _)| line), Some(1), "{place}");
        let (place, problem) = refusal(&SiteFile::TEMPLATE.replace("[itglue]", "[[itglue]]"));
        assert!(place.position.is_some(), "{place} {problem}");
    }

    #[test]
    fn a_table_that_is_missing_is_named() {
        for table in ["site", "b2", "truenas", "ninjaone", "itglue"] {
            let begins = SiteFile::TEMPLATE.find(&format!("[{table}]")).unwrap();
            let length =
                SiteFile::TEMPLATE[begins..].find("\n[").map_or(SiteFile::TEMPLATE.len() - begins, |n| n + 1);
            let mut text = SiteFile::TEMPLATE.to_owned();
            text.replace_range(begins..begins + length, "");
            let (_, problem) = refusal(&text);
            assert!(problem.contains(&format!("missing field `{table}`")), "{problem}");
        }
    }

    #[test]
    fn waits_and_timing_can_be_shortened() {
        let text = format!(
            "{}\n[waits]\npoll_interval = \"20ms\"\n[backoff]\nfirst = \"5ms\"\nlongest = \"50ms\"\n[timeouts]\ncall = \"1s\"\n",
            SiteFile::TEMPLATE
        );
        let file = parse(&text).unwrap();
        assert_eq!(file.waits.poll_interval, Duration::from_millis(20));
        assert_eq!(file.connections.backoff.map(|backoff| backoff.longest), Some(Duration::from_millis(50)));
        assert_eq!(file.connections.timeouts.call, Some(Duration::from_secs(1)));
        let (place, problem) = refusal(&text.replace("\"20ms\"", "\"soon\""));
        assert!(problem.contains("\"soon\" is no duration"), "{place} {problem}");
    }

    #[test]
    fn a_file_that_is_not_there_says_which() {
        let error = SiteFile::read(Path::new("nowhere/site.toml")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SiteFileUnreadable { .. }));
        assert!(error.to_string().contains("nowhere/site.toml"), "{error}");
    }
}
