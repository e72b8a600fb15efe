//! The site file: what the operator wants, where the services answer, and where their secrets are kept.

use std::ops::Range;
use std::path::{Path, PathBuf};

use dtc_provision::Site;
use serde::Deserialize;

use crate::exit::Failure;
use crate::secret_source::SecretSource;

/// A site file, read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteFile {
    /// What is wanted.
    pub(crate) site: Site,
    /// Backblaze B2.
    pub(crate) b2: B2,
    /// The box.
    pub(crate) truenas: TrueNas,
    /// NinjaOne.
    pub(crate) ninjaone: NinjaOne,
    /// IT Glue.
    pub(crate) itglue: ItGlue,
    /// Tickets.
    #[serde(default)]
    pub(crate) tickets: Tickets,
    /// The folder that its paths are seen from.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// Backblaze B2, with the provisioning key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct B2 {
    #[serde(default)]
    pub(crate) url: Option<String>,
    pub(crate) key_id: String,
    pub(crate) application_key: SecretSource,
}

/// The TrueNAS box.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrueNas {
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) fingerprint: Option<String>,
    #[serde(default)]
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) api_key: SecretSource,
}

/// NinjaOne, as a machine-to-machine application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NinjaOne {
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretSource,
}

/// IT Glue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItGlue {
    pub(crate) url: String,
    pub(crate) api_key: SecretSource,
}

/// Tickets, as files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tickets {
    pub(crate) directory: PathBuf,
}

impl Default for Tickets {
    fn default() -> Self {
        Self { directory: "tickets".into() }
    }
}

impl SiteFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// What is wrong with it, by file, line and column.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let failure = Failure::usage(format!("cannot read the site file {}", path.display()));
            let failure = match error.kind() {
                std::io::ErrorKind::NotFound => failure.mend("run dtc init, and fill in what it writes"),
                _ => failure,
            };
            failure.caused_by(error)
        })?;
        let mut file = Self::parse(&text)
            .map_err(|(place, message)| Failure::usage(format!("{}{place}: {message}", path.display())))?;
        path.parent().unwrap_or(Path::new("")).clone_into(&mut file.folder);
        Ok(file)
    }

    /// Reads a file's text; else where it is wrong and how. The line itself is not repeated: it may hold a secret.
    fn parse(text: &str) -> Result<Self, (String, String)> {
        toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| place(text, &span)).unwrap_or_default();
            (place, error.message().trim_end().replace('\n', "; "))
        })
    }
}

/// `:line:column`, both counted from one.
fn place(text: &str, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(":{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::init::TEMPLATE;

    fn refusal(text: &str) -> (String, String) {
        SiteFile::parse(text).unwrap_err()
    }

    #[test]
    fn what_init_writes_is_a_site_file() {
        let file = SiteFile::parse(TEMPLATE).unwrap();
        assert_eq!(file.b2.application_key, SecretSource::Environment("DTC_B2_APPLICATION_KEY".into()));
        assert_eq!(file.tickets.directory, Path::new("tickets"));
    }

    #[test]
    fn e7_an_inline_secret_is_refused_with_its_line_and_not_repeated() {
        for inline in ["\"K001secret\"", "12345678901", "1.5", "[\"K001secret\"]", "{ x = \"K001secret\" }"] {
            let text = TEMPLATE.replace("\"env:DTC_B2_APPLICATION_KEY\"", inline);
            let (place, message) = refusal(&text);
            let line = text.lines().position(|line| line.starts_with("application_key")).unwrap() + 1;
            assert!(place.starts_with(&format!(":{line}:")), "{place} {message}");
            assert!(message.contains("env:NAME"), "{message}");
            assert!(!message.contains("K001secret") && !message.contains("123456789"), "{message}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        for (section, line) in
            [("[site]\n", "bussiness_hours = 1\n"), ("[b2]\n", "aplication_key = \"K001\"\n")]
        {
            let text = TEMPLATE.replace(section, &format!("{section}{line}"));
            let (place, message) = refusal(&text);
            let expected = text.lines().position(|found| found == line.trim_end()).unwrap() + 1;
            assert_eq!(place, format!(":{expected}:1"), "{message}");
            assert!(message.contains(line.split(' ').next().unwrap()), "{message}");
            assert!(!message.contains("K001"), "{message}");
        }
    }

    #[test]
    fn a_value_that_is_wrong_is_refused_with_its_place() {
        let (place, message) = refusal(&TEMPLATE.replace("uplink_mbit = 100", "uplink_mbit = \"fast\""));
        assert!(place.ends_with(":15") && message.contains("invalid type"), "{place} {message}");
        let (place, message) = refusal("[site");
        assert!(place.starts_with(":1:"), "{place} {message}");
    }
}
