//! The job file: what is copied, and where its secrets are.

use std::path::{Path, PathBuf, absolute};

use dtc_naming::JobName;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::copy::{CopyJob, Destination, Engine, EscrowPlace, HostKey};
use dtc_provision::ports::NoteText;
use dtc_provision::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use rclone_crypt::{
    Config, ConfigPassword, CryptRemote, DirectoryNames, NameEncoding, NameEncryption, Suffix,
};
use serde::{Deserialize, Deserializer, de};

use super::programs::Programs;
use crate::connection_error::{Error, ErrorKind, Place};
use crate::connections::ItGlueConnection;
use crate::files::{self, Guard, Limit};
use crate::secret_source::{SecretReader, SecretSource};
use crate::toml_file;

/// A job file: TOML with what a copy is made of.
///
/// ```
/// use dtc_adapters::copy::JobFile;
/// use std::path::Path;
///
/// let text = r#"
/// name = "Documents"
/// source = "/home/anna/documents"
/// catalogue = "/srv/catalogue"
/// to = "backup@nas.example:/mnt/backup/documents"
/// host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxhdGVyIGlzIG5ldmVyIGFuZCBub3cgaXMgYSBrZXk="
/// [crypt]
/// password = "env:COPY_PASSWORD"
/// salt = "env:COPY_SALT"
/// "#;
/// let file = JobFile::parse(text, Path::new("/etc/copies/documents.toml"))?;
/// assert_eq!(file.log, Path::new("/etc/copies/documents.log"));
/// # Ok::<(), dtc_adapters::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobFile {
    /// The vault, where the job names an organisation.
    pub vault: Option<ItGlueConnection>,
    /// The programs to use, where they are not those on the `PATH`.
    pub programs: Programs,
    /// Where a run's log is appended.
    pub log: PathBuf,
    job: CopyJob,
    pair: Pair,
}

/// Where the pair is.
#[derive(Clone, Debug)]
enum Pair {
    Sources { password: SecretSource, salt: Option<SecretSource> },
    Rclone { remote: String, config: PathBuf, password: SecretSource, has_catalogue: bool },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(deserialize_with = "job_name")]
    name: JobName,
    source: PathBuf,
    catalogue: Option<PathBuf>,
    to: Option<String>,
    #[serde(default, deserialize_with = "host_key")]
    host_key: Option<HostKey>,
    port: Option<u16>,
    identity: Option<PathBuf>,
    #[serde(default)]
    engine: Engine,
    #[serde(default)]
    delete: bool,
    bandwidth_mbit: Option<MegabitsPerSecond>,
    log: Option<PathBuf>,
    remote: Option<String>,
    config: Option<PathBuf>,
    config_password: Option<SecretSource>,
    crypt: Option<CryptTable>,
    organization: Option<String>,
    host: Option<NoteText>,
    itglue: Option<ItGlueConnection>,
    #[serde(default)]
    programs: Programs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CryptTable {
    password: SecretSource,
    salt: Salted,
    #[serde(default)]
    names: Mode,
    #[serde(default)]
    encoding: Encoding,
    suffix: Option<String>,
    #[serde(default)]
    plain_directories: bool,
}

/// A salt's source, or `none`.
struct Salted(Option<SecretSource>);

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Standard,
    Off,
    Obfuscate,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encoding {
    #[default]
    Base32,
    Base64,
    Base32768,
}

impl<'de> Deserialize<'de> for Salted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What is no source may be the salt itself, and is not repeated.
        let text = String::deserialize(deserializer).map_err(|_| de::Error::custom(NO_SALT))?;
        if text == "none" {
            return Ok(Self(None));
        }
        text.parse().map(|source| Self(Some(source))).map_err(de::Error::custom)
    }
}

const NO_SALT: &str =
    "the salt is given by \"env:NAME\", \"file:PATH\" or \"op://vault/item/field\", or is \"none\"";

fn job_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JobName, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

fn host_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<HostKey>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(de::Error::custom)
}

impl JobFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`ErrorKind::FileRefused`] for a file that cannot be read or that everybody may change, and as [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            files::read_text(path, Guard::Settings, Limit::SETTINGS).map_err(ErrorKind::FileRefused)?;
        Self::parse(&text, path)
    }

    /// Reads a file's text. `path` names the file in errors, and its folder is where relative paths are taken from.
    ///
    /// # Errors
    /// [`ErrorKind::JobFileInvalid`], with the line, the column and the field.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let table: Table = toml_file::part(text, path)
            .map_err(|(place, problem)| ErrorKind::JobFileInvalid { place, problem })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        table.checked(folder, path).map_err(|(field, problem)| {
            let place = Place { file: path.to_owned(), position: None, field: Some(field.to_owned()) };
            ErrorKind::JobFileInvalid { place, problem }.into()
        })
    }

    /// The job, and its pair, read from where the file says: from its sources, or from rclone's configuration.
    ///
    /// # Errors
    /// A secret that is missing or that others can read, and [`ErrorKind::RcloneConfig`].
    pub async fn open(&self) -> Result<(CopyJob, EncryptionSecrets), Error> {
        let mut job = self.job.clone();
        match &self.pair {
            Pair::Sources { password, salt } => Ok((job, read(password, salt.as_ref()).await?)),
            Pair::Rclone { remote, config, password, has_catalogue } => {
                let found = of_config(remote, config, password).await?;
                if *has_catalogue && !same_folder(&found.folder, &job.catalogue) {
                    let problem = format!(
                        "`catalogue` is {}, and the remote {remote} encrypts into {}",
                        job.catalogue.display(),
                        found.folder.display()
                    );
                    let place =
                        Place { file: config.clone(), position: None, field: Some("catalogue".to_owned()) };
                    return Err(ErrorKind::JobFileInvalid { place, problem }.into());
                }
                (job.catalogue, job.names, job.directories) = (found.folder, found.names, found.directories);
                let (password, salt) = (found.password.expose(), found.salt.expose());
                let secrets = EncryptionSecrets {
                    password: EncryptionPassword::new(password.to_owned()),
                    salt: EncryptionSalt::new(salt.to_owned()),
                };
                Ok((job, secrets))
            }
        }
    }
}

async fn read(password: &SecretSource, salt: Option<&SecretSource>) -> Result<EncryptionSecrets, Error> {
    let reader = SecretReader::default();
    let (password, salt) = if let Some(salt) = salt {
        let wanted = [(password, "the encryption password"), (salt, "the encryption salt")];
        let [password, salt] = reader.read_all(wanted).await?;
        (password, salt)
    } else {
        let [password] = reader.read_all([(password, "the encryption password")]).await?;
        (password, "".into())
    };
    Ok(EncryptionSecrets {
        password: EncryptionPassword::new(password.expose_secret()),
        salt: EncryptionSalt::new(salt.expose_secret()),
    })
}

/// The remote of rclone's configuration. It holds passwords that anybody can reveal: nobody but its owner may read it.
async fn of_config(remote: &str, config: &Path, password: &SecretSource) -> Result<CryptRemote, Error> {
    let text = files::read_text(config, Guard::Secret, Limit::SETTINGS).map_err(ErrorKind::FileRefused)?;
    let password = if Config::is_encrypted(&text) {
        let password = password.read("the password of rclone's configuration").await?;
        Some(ConfigPassword::new(password.expose_secret()))
    } else {
        None
    };
    let found = Config::parse(&text, password.as_ref()).and_then(|config| config.crypt_remote(remote));
    Ok(found.map_err(|source| ErrorKind::RcloneConfig { path: config.to_owned(), source })?)
}

fn same_folder(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

/// What is wrong with a field.
type Wrong = (&'static str, String);

impl Table {
    /// The job file, if its fields go together.
    fn checked(self, folder: &Path, file: &Path) -> Result<JobFile, Wrong> {
        let here = |path: &Path| absolute(folder.join(path)).unwrap_or_else(|_| folder.join(path));
        let (names, directories, pair) = self.pair(&here)?;
        let catalogue = match (&self.catalogue, &pair) {
            (Some(catalogue), _) => here(catalogue),
            (None, Pair::Rclone { .. }) => PathBuf::new(),
            (None, Pair::Sources { .. }) => {
                return Err(("catalogue", "missing field `catalogue`".to_owned()));
            }
        };
        let mut job = CopyJob::new(self.name.clone(), here(&self.source), catalogue);
        (job.names, job.directories, job.engine, job.delete) = (names, directories, self.engine, self.delete);
        job.bandwidth = self.bandwidth_mbit;
        job.to = self.destination(&here)?;
        job.escrow = self.escrow()?;
        let log = self.log.as_deref().map_or_else(|| here(&file_name(file)).with_extension("log"), here);
        let vault = self.itglue.map(|vault| {
            let api_key = located(&vault.api_key, &here);
            ItGlueConnection { api_key, ..vault }
        });
        Ok(JobFile { vault, programs: self.programs, log, job, pair })
    }

    fn pair(&self, here: &dyn Fn(&Path) -> PathBuf) -> Result<(NameEncryption, DirectoryNames, Pair), Wrong> {
        match (&self.crypt, &self.remote, &self.config) {
            (Some(crypt), None, None) if self.config_password.is_none() => {
                let pair = Pair::Sources {
                    password: located(&crypt.password, here),
                    salt: crypt.salt.0.as_ref().map(|salt| located(salt, here)),
                };
                Ok((crypt.mode(), crypt.directories(), pair))
            }
            (None, Some(remote), Some(config)) => {
                let password = self.config_password.as_ref().map(|source| located(source, here));
                let password =
                    password.unwrap_or_else(|| SecretSource::Environment("RCLONE_CONFIG_PASS".to_owned()));
                let (remote, config) = (remote.clone(), here(config));
                let pair = Pair::Rclone { remote, config, password, has_catalogue: self.catalogue.is_some() };
                Ok((NameEncryption::Standard(NameEncoding::Base32), DirectoryNames::Encrypted, pair))
            }
            _ => {
                let problem =
                    "a job has either the table [crypt], or `remote` and `config` of rclone's configuration";
                Err(("crypt", problem.to_owned()))
            }
        }
    }

    fn destination(&self, here: &dyn Fn(&Path) -> PathBuf) -> Result<Option<Destination>, Wrong> {
        let Some(to) = &self.to else {
            return match (&self.host_key, self.port, &self.identity) {
                (None, None, None) => Ok(None),
                _ => Err(("to", "a server is described, and `to` does not name one".to_owned())),
            };
        };
        let identity = self.identity.as_deref().map(here);
        let found = Destination::new(to, self.host_key.clone(), self.port, identity);
        let found = found.map_err(|error| match error {
            dtc_provision::copy::NotADestination::HostKey => ("host_key", error.to_string()),
            _ => ("to", error.to_string()),
        })?;
        if matches!(found, Destination::Folder(_))
            && (self.host_key.is_some() || self.port.is_some() || self.identity.is_some())
        {
            return Err(("to", "a server is described, and `to` is a path here".to_owned()));
        }
        Ok(Some(found))
    }

    fn escrow(&self) -> Result<Option<EscrowPlace>, Wrong> {
        match (&self.organization, &self.host, &self.itglue) {
            (None, None, None) => Ok(None),
            (Some(organization), Some(host), Some(_)) => {
                Ok(Some(EscrowPlace { organization: organization.clone(), host: host.clone() }))
            }
            _ => {
                let problem = "the pair is escrowed by `organization`, `host` (this system's name) and the table [itglue] together";
                Err(("organization", problem.to_owned()))
            }
        }
    }
}

impl CryptTable {
    fn mode(&self) -> NameEncryption {
        match self.names {
            Mode::Off => NameEncryption::Off(self.suffix.as_deref().map_or_else(Suffix::bin, Suffix::new)),
            Mode::Obfuscate => NameEncryption::Obfuscate,
            Mode::Standard => NameEncryption::Standard(match self.encoding {
                Encoding::Base32 => NameEncoding::Base32,
                Encoding::Base64 => NameEncoding::Base64,
                Encoding::Base32768 => NameEncoding::Base32768,
            }),
        }
    }

    fn directories(&self) -> DirectoryNames {
        if self.plain_directories { DirectoryNames::Plain } else { DirectoryNames::Encrypted }
    }
}

fn located(source: &SecretSource, here: &dyn Fn(&Path) -> PathBuf) -> SecretSource {
    source.clone().in_folder(&here(Path::new("")))
}

fn file_name(file: &Path) -> PathBuf {
    file.file_name().map_or_else(|| PathBuf::from("job"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = "name = \"Documents\"\nsource = \"documents\"\ncatalogue = \"/srv/catalogue\"\n";
    const CRYPT: &str = "[crypt]\npassword = \"env:P\"\nsalt = \"none\"\n";

    fn parse(text: &str) -> Result<JobFile, Error> {
        JobFile::parse(text, Path::new("/etc/copies/documents.toml"))
    }

    fn refused(text: &str) -> (Option<String>, String) {
        match parse(text).unwrap_err().into_kind() {
            ErrorKind::JobFileInvalid { place, problem } => (place.field, problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn y2_a_job_file_is_read_with_its_defaults() {
        let file = parse(&format!("{JOB}{CRYPT}")).unwrap();
        let CopyJob { source, engine, delete, to, escrow, .. } = &file.job;
        assert_eq!(source, Path::new("/etc/copies/documents"));
        assert_eq!((*engine, *delete, to.is_none(), escrow.is_none()), (Engine::Rclone, false, true, true));
        assert_eq!(file.log, Path::new("/etc/copies/documents.log"));
    }

    #[test]
    fn y2_fields_that_do_not_go_together_are_refused_with_their_names() {
        let key = "host_key = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\"\n";
        for (text, field) in [
            (format!("{JOB}to = \"me@nas:/b\"\n{CRYPT}"), "host_key"),
            (format!("{JOB}{key}{CRYPT}"), "to"),
            (format!("{JOB}to = \"/mnt/usb\"\n{key}{CRYPT}"), "to"),
            (format!("{JOB}to = \"rsync://nas/b\"\n{CRYPT}"), "to"),
            (format!("{JOB}to = \"usb\"\n{CRYPT}"), "to"),
            (format!("{JOB}organization = \"Contoso\"\n{CRYPT}"), "organization"),
            (format!("{JOB}remote = \"s:\"\n{CRYPT}"), "crypt"),
            (JOB.to_owned(), "crypt"),
            (format!("name = \"a\"\nsource = \"b\"\n{CRYPT}"), "catalogue"),
            (format!("{JOB}bandwidth_mbit = 0\n{CRYPT}"), "bandwidth_mbit"),
            (format!("{JOB}bandwidth_mbit = \"20M\"\n{CRYPT}"), "bandwidth_mbit"),
            (format!("{JOB}host_key = \"nas ssh-ed25519 AAAA\"\n{CRYPT}"), "host_key"),
            (format!("{JOB}engine = \"restic\"\n{CRYPT}"), "engine"),
        ] {
            assert_eq!(refused(&text).0.as_deref(), Some(field), "{text}");
        }
        let (_, problem) = refused(&format!("{JOB}catalog = \"x\"\n{CRYPT}"));
        assert!(problem.contains("did you mean `catalogue`"), "{problem}");
    }

    #[test]
    fn e7_a_secret_in_the_file_itself_is_refused_and_not_repeated() {
        for (wanted, given) in [("\"env:P\"", "\"hunter2hunter2\""), ("\"none\"", "\"hunter2hunter2\"")] {
            let (_, problem) = refused(&format!("{JOB}{}", CRYPT.replace(wanted, given)));
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}
