//! Reads secrets where their sources say, several at once.

use std::path::Path;

use safe_text::SecretString;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::SecretSource;
use crate::connection_error::{Error, ErrorKind};
use crate::files::{self, FileErrorKind, Guard, Limit, TextProblem, one_line};
use crate::one_password::{OnePassword, OpenStore, SecretReference};

/// Reads secrets where their sources say: each once, and those of 1Password one after another, so that a person is asked once.
///
/// ```
/// use dtc_adapters::{SecretReader, SecretSource};
///
/// # async fn example() -> Result<(), dtc_adapters::Error> {
/// let b2: SecretSource = "op://MSP Infrastructure/Backblaze B2/application key".parse()?;
/// let vault: SecretSource = "env:DTC_ITGLUE_API_KEY".parse()?;
/// let wanted = [(&b2, "the application key of B2"), (&vault, "the API key of IT Glue")];
/// let [b2, vault] = SecretReader::default().read_all(wanted).await?;
/// # drop((b2, vault)); Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct SecretReader {
    one_password: OnePassword,
    /// What was opened for the first secret of 1Password.
    opened: Mutex<Option<OpenStore>>,
}

impl SecretReader {
    /// A reader that asks 1Password in this way.
    pub fn new(one_password: OnePassword) -> Self {
        Self { one_password, opened: Mutex::new(None) }
    }

    /// Reads every secret, each with the name that errors give to it. Variables and files are read on a thread of their own, so that a
    /// pipe to which nobody writes keeps nothing else waiting.
    ///
    /// # Errors
    /// As [`SecretSource::read`] for one; for several [`ErrorKind::Secrets`], so that all that are missing are named at once.
    pub async fn read_all<const N: usize>(
        &self,
        wanted: [(&SecretSource, &str); N],
    ) -> Result<[SecretString; N], Error> {
        let owned = wanted.map(|(source, secret)| (source.clone(), secret.to_owned()));
        let here =
            tokio::task::spawn_blocking(move || owned.map(|(source, secret)| read_here(&source, &secret)));
        let there = async {
            let mut read = Vec::with_capacity(N);
            for (source, secret) in wanted {
                read.push(self.read_there(source, secret).await);
            }
            read
        };
        let (here, there) = tokio::join!(here, there);
        let here = here.map_err(|error| {
            let problem = "the secrets were not read, since the program ends".to_owned();
            ErrorKind::SecretMissing { problem, remedy: None, source: Some(error.into()) }
        })?;
        let (mut found, mut missing) = (Vec::with_capacity(N), Vec::new());
        for read in here.into_iter().zip(there).filter_map(|(here, there)| here.or(there)) {
            match read {
                Ok(secret) => found.push(secret),
                Err(error) => missing.push(error),
            }
        }
        <[SecretString; N]>::try_from(found).map_err(|_| together(missing))
    }

    /// Reads a secret of 1Password; `None` for another.
    async fn read_there(&self, source: &SecretSource, secret: &str) -> Option<Result<SecretString, Error>> {
        let SecretSource::OnePassword(reference) = source else { return None };
        Some(self.of_one_password(reference, secret).await.and_then(|text| {
            if text.expose_secret().ends_with(['\r', '\n']) {
                return Err(ErrorKind::SecretUnusable {
                    problem: format!("{secret} at {reference} ends with a line end"),
                    remedy: Some("delete it in 1Password".to_owned()),
                }
                .into());
            }
            checked(text.expose_secret(), source, secret)
        }))
    }

    async fn of_one_password(
        &self,
        reference: &SecretReference,
        secret: &str,
    ) -> Result<SecretString, Error> {
        let mut opened = self.opened.lock().await;
        let store = opened.get_or_insert_with(|| self.one_password.open());
        store.read(reference).await.map_err(|failure| {
            let (secret, reference) = (secret.to_owned(), reference.clone());
            ErrorKind::OnePassword { secret, reference, failure }.into()
        })
    }
}

/// Every error of several secrets as one.
fn together(mut missing: Vec<Error>) -> Error {
    match (missing.len(), missing.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            missing.extend(last);
            ErrorKind::Secrets(missing).into()
        }
    }
}

/// Reads a secret that is on this machine; `None` for one of 1Password.
fn read_here(source: &SecretSource, secret: &str) -> Option<Result<SecretString, Error>> {
    let text = match source {
        SecretSource::Environment(name) => read_variable(name, secret),
        SecretSource::File(path) => read_file(path, secret),
        SecretSource::Value(value) => return Some(Ok(value.clone())),
        SecretSource::OnePassword(_) => return None,
    };
    Some(text.and_then(|text| checked(&text, source, secret)))
}

/// The secret that a text of one line holds.
fn checked(text: &str, source: &SecretSource, secret: &str) -> Result<SecretString, Error> {
    match one_line(text) {
        Ok(value) => Ok(value.into()),
        Err(TextProblem::Empty) => {
            let problem = format!("{secret} is empty at {source}");
            Err(ErrorKind::SecretMissing { problem, remedy: None, source: None }.into())
        }
        Err(problem) => Err(ErrorKind::SecretUnusable {
            remedy: problem.remedy().map(|remedy| format!("at {source}: {remedy}")),
            problem: format!("{secret} at {source} {problem}"),
        }
        .into()),
    }
}

fn read_variable(name: &str, secret: &str) -> Result<Zeroizing<String>, Error> {
    let value = std::env::var_os(name).ok_or_else(|| ErrorKind::SecretMissing {
        problem: format!("{secret} is to come from the environment variable {name}, which is not set"),
        remedy: Some(format!("set {name}")),
        source: None,
    })?;
    let text = value.into_string().map_err(|_| ErrorKind::SecretUnusable {
        problem: format!("{secret} at env:{name} is not UTF-8"),
        remedy: Some(format!("set {name} from a file that is saved as UTF-8")),
    })?;
    Ok(Zeroizing::new(text))
}

fn read_file(path: &Path, secret: &str) -> Result<Zeroizing<String>, Error> {
    files::read_text(path, Guard::Secret, Limit::SECRET).map_err(|error| {
        let (remedy, sentence) = (error.remedy(), format!("{secret} cannot be used: {error}"));
        match error.into_kind() {
            FileErrorKind::Exposed { mode } => {
                ErrorKind::SecretExposed { secret: secret.to_owned(), path: path.to_owned(), mode }
            }
            FileErrorKind::Io { source, .. } => ErrorKind::SecretMissing {
                problem: format!("{secret} cannot be read from {}", path.display()),
                remedy: None,
                source: Some(source),
            },
            _ => ErrorKind::SecretUnusable { problem: sentence, remedy },
        }
        .into()
    })
}
