//! Why a site file was not read, or why no connection was made.

use std::fmt;
use std::path::PathBuf;

use dtc_provision::PortError;

use crate::files::FileError;
use crate::one_password::{OnePasswordFailure, SecretReference};

/// Why a site file was not read, a secret was not found, or a service was not reached.
///
/// Its text is one sentence; what lies beneath is its [`source`](std::error::Error::source), and what a person can do
/// about it is [`remedy`](Error::remedy). No text holds a secret.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The reasons, by what the caller does about them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The site file cannot be opened or read.
    #[error("cannot read the site file {}", path.display())]
    SiteFileUnreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// The site file is not written as it should be.
    #[error("{place}: {problem}")]
    SiteFileInvalid {
        /// Where.
        place: Place,
        /// What is wrong there. The line itself is not repeated: it may hold a secret.
        problem: String,
    },
    /// The job file of a copy is not written as it should be.
    #[error("{place}: {problem}")]
    JobFileInvalid {
        /// Where.
        place: Place,
        /// What is wrong there. The line itself is not repeated: it may hold a secret.
        problem: String,
    },
    /// rclone's configuration, which a job file names, does not say what the job needs.
    #[error("{}: {source}", path.display())]
    RcloneConfig {
        /// The configuration.
        path: PathBuf,
        /// Why not.
        source: rclone_crypt::Error,
    },
    /// A text is none of `env:NAME`, `file:PATH` and `op://vault/item/field`. It is not repeated: it may be the secret itself.
    #[error("{problem}")]
    NotASecretSource {
        /// What is wrong with it.
        problem: String,
        /// What to do, where that is not always the same.
        remedy: Option<&'static str>,
    },
    /// A secret is not where it should be, or is empty there.
    #[error("{problem}")]
    SecretMissing {
        /// Which secret, and where it should be.
        problem: String,
        /// What to do.
        remedy: Option<String>,
        /// The operating system's answer, for a file that cannot be read.
        source: Option<std::io::Error>,
    },
    /// A secret is where it should be, and cannot be used as it is there.
    #[error("{problem}")]
    SecretUnusable {
        /// Which secret, where it is, and why not.
        problem: String,
        /// What to do.
        remedy: Option<String>,
    },
    /// 1Password does not give a secret out.
    #[error("{secret} cannot be read from {reference}: {failure}")]
    OnePassword {
        /// Which secret.
        secret: String,
        /// Where it should be.
        reference: SecretReference,
        /// Why not.
        failure: OnePasswordFailure,
    },
    /// Several secrets are missing or cannot be used: each with its own reason.
    #[error("{} secrets are missing or cannot be used: {}", .0.len(), sentences(.0))]
    Secrets(Vec<Error>),
    /// A file that a person wrote is refused: for what it is, for what is in it, or for who may change it.
    #[error(transparent)]
    FileRefused(#[from] FileError),
    /// A record that somebody saved does not say all that a restore needs.
    #[error("the saved record {} has no line {}, with a value of its form", path.display(), missing.join(", and none "))]
    SavedRecordIncomplete {
        /// The file.
        path: PathBuf,
        /// The names of the lines that are missing.
        missing: Vec<&'static str>,
    },
    /// A secret is in a file that others than its owner can read.
    #[error("{secret} is in {}, which others can read (mode {mode:04o})", path.display())]
    SecretExposed {
        /// Which secret.
        secret: String,
        /// The file.
        path: PathBuf,
        /// The file's mode.
        mode: u32,
    },
    /// The file with the appliance's certificate cannot be read.
    #[error("cannot read the appliance's certificate from {}", path.display())]
    CertificateUnreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// No appliance of the site file is called so.
    #[error("no appliance is called {name:?}; there are {}", known.join(", "))]
    NoSuchAppliance {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The site file has no such replication.
    #[error("{}", no_such_replication(name.as_deref(), known))]
    NoSuchReplication {
        /// What was asked for; `None` where no name was given.
        name: Option<String>,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A service was not reached or refused the connection, or an address cannot be used.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A place in a site file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line and column, both counted from one, where the parser knows them.
    pub position: Option<(usize, usize)>,
    /// The field, such as `b2.application_key`, where the problem lies in one.
    pub field: Option<String>,
}

impl fmt::Display for Place {
    /// `site.toml:7:1`; the field follows where the position is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match (self.position, &self.field) {
            (Some((line, column)), _) => write!(f, ":{line}:{column}"),
            (None, Some(field)) => write!(f, ": {field}"),
            (None, None) => Ok(()),
        }
    }
}

impl Error {
    /// Why.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Why, taken out of the error.
    pub fn into_kind(self) -> ErrorKind {
        *self.0
    }

    /// The code by which scripts and support know it.
    pub fn code(&self) -> &'static str {
        match &*self.0 {
            ErrorKind::SiteFileUnreadable { .. } => "DTC-SITE-UNREADABLE",
            ErrorKind::SiteFileInvalid { .. } => "DTC-SITE-INVALID",
            ErrorKind::JobFileInvalid { .. } => "DTC-COPY-JOB",
            ErrorKind::RcloneConfig { source, .. } => source.code(),
            ErrorKind::NotASecretSource { .. } => "DTC-SECRET-SOURCE",
            ErrorKind::SecretMissing { .. } | ErrorKind::Secrets(_) => "DTC-SECRET-MISSING",
            ErrorKind::OnePassword { .. } => "DTC-SECRET-STORE",
            ErrorKind::SecretUnusable { .. } => "DTC-SECRET-UNUSABLE",
            ErrorKind::SavedRecordIncomplete { .. } => "DTC-RESTORE-RECORD",
            ErrorKind::SecretExposed { .. } => "DTC-SECRET-EXPOSED",
            ErrorKind::FileRefused(error) if error.is_access() => "DTC-FILE-ACCESS",
            ErrorKind::FileRefused(_) => "DTC-FILE-WRONG",
            ErrorKind::CertificateUnreadable { .. } => "DTC-CERTIFICATE-UNREADABLE",
            ErrorKind::NoSuchAppliance { .. } => "DTC-SITE-APPLIANCE",
            ErrorKind::NoSuchReplication { .. } => "DTC-SITE-REPLICATION",
            ErrorKind::Port(error) => error.kind().code(),
        }
    }

    /// What a person can do about it, where that is known.
    pub fn remedy(&self) -> Option<String> {
        match &*self.0 {
            ErrorKind::SiteFileInvalid { place: Place { field: Some(field), .. }, .. } => {
                Some(format!("correct `{field}` in the site file"))
            }
            ErrorKind::SiteFileInvalid { .. } => Some("correct the site file".to_owned()),
            ErrorKind::JobFileInvalid { place: Place { field: Some(field), .. }, .. } => {
                Some(format!("correct `{field}` in the job file"))
            }
            ErrorKind::JobFileInvalid { .. } => Some("correct the job file".to_owned()),
            ErrorKind::RcloneConfig { source, .. } => config_remedy(source).map(str::to_owned),
            ErrorKind::NotASecretSource { remedy: Some(remedy), .. } => Some((*remedy).to_owned()),
            ErrorKind::NotASecretSource { .. } => Some(
                "write env:NAME for an environment variable, file:PATH for a file, or op://vault/item/field for 1Password"
                    .to_owned(),
            ),
            ErrorKind::OnePassword { failure, .. } => failure.remedy(),
            ErrorKind::SecretMissing { remedy, .. } | ErrorKind::SecretUnusable { remedy, .. } => {
                remedy.clone()
            }
            ErrorKind::Secrets(errors) => {
                let mut remedies: Vec<String> = errors.iter().filter_map(Error::remedy).collect();
                let mut said = std::collections::HashSet::new();
                remedies.retain(|remedy| said.insert(remedy.clone()));
                (!remedies.is_empty()).then(|| remedies.join("; "))
            }
            ErrorKind::FileRefused(error) => error.remedy(),
            ErrorKind::SavedRecordIncomplete { .. } => {
                Some("write the lines as the vault's record has them, the key's id as `Username`".to_owned())
            }
            ErrorKind::NoSuchAppliance { .. } => {
                Some("add a table [[appliance]] of that name, or correct the name".to_owned())
            }
            ErrorKind::NoSuchReplication { known, .. } if known.is_empty() => {
                Some("add a table [[replication]] to the site file".to_owned())
            }
            ErrorKind::NoSuchReplication { .. } => Some("give one of the names that there are".to_owned()),
            ErrorKind::SecretExposed { path, .. } => Some(format!("run: chmod 600 {}", path.display())),
            _ => None,
        }
    }
}

fn no_such_replication(name: Option<&str>, known: &[String]) -> String {
    match (name, known) {
        (_, []) => "the site file has no replication".to_owned(),
        (None, known) => format!("the site file has several replications: {}", known.join(", ")),
        (Some(name), known) => format!("no replication is called {name:?}; there are {}", known.join(", ")),
    }
}

fn config_remedy(error: &rclone_crypt::Error) -> Option<&'static str> {
    use rclone_crypt::ConfigProblem::{NotObscured, PasswordMissing, WrongPassword};
    let rclone_crypt::ErrorKind::Config(problem) = error.kind() else { return None };
    match problem {
        PasswordMissing => Some("set RCLONE_CONFIG_PASS, or name another source as `config_password`"),
        WrongPassword => Some("give the password that rclone asks for when it reads this file"),
        NotObscured { .. } => {
            Some("set it by rclone config, which obscures it; or give the pair under [crypt] instead")
        }
        _ => Some("correct `remote` or `config` in the job file, or the remote by rclone config"),
    }
}

fn sentences(errors: &[Error]) -> String {
    errors.iter().map(Error::to_string).collect::<Vec<_>>().join("; ")
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(kind: E) -> Self {
        Self(Box::new(kind.into()))
    }
}
