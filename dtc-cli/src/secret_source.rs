//! Where a secret comes from: the environment or a file, never the site file itself (E7).

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};

use crate::exit::{Exit, Failure};

/// `env:NAME` or `file:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// The environment variable of this name.
    Environment(String),
    /// The file at this path, seen from the site file.
    File(PathBuf),
}

const INLINE: &str = "a secret stands in the file itself; write \"env:NAME\" or \"file:PATH\" here, \
    and take it for known to whoever has read the file";

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

impl std::str::FromStr for SecretSource {
    type Err = de::value::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        de::Visitor::visit_str(Visitor, text)
    }
}

/// Refuses whatever is no source, without repeating it: it may be the secret.
struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = SecretSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"env:NAME\" or \"file:PATH\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretSource, E> {
        match text.split_once(':') {
            Some(("env", name)) if is_name(name) => Ok(SecretSource::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(SecretSource::File(path.into())),
            Some(("env", _)) => {
                Err(E::custom("no environment variable has a name like the one after \"env:\""))
            }
            Some(("file", _)) => Err(E::custom("\"file:\" is followed by no path")),
            _ => Err(E::custom(INLINE)),
        }
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<SecretSource, A::Error> {
        Err(de::Error::custom(INLINE))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, _: A) -> Result<SecretSource, A::Error> {
        Err(de::Error::custom(INLINE))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl SecretSource {
    /// The secret, for what `purpose` says.
    ///
    /// # Errors
    /// Where there is none, or where others can read it.
    pub(crate) fn read(&self, purpose: &str, folder: &Path) -> Result<SecretString, Failure> {
        let secret = match self {
            Self::Environment(name) => std::env::var(name).map_err(|_| {
                missing(format!(
                    "{purpose} is to come from the environment variable {name}, which is not set"
                ))
                .mend(format!("set {name}, and run again"))
            })?,
            Self::File(path) => read_file(&folder.join(path), purpose)?,
        };
        // Files end with a line end, and so does much that is pasted.
        match secret.trim_end_matches(['\r', '\n']) {
            "" => Err(missing(format!("{purpose} is empty at {self}"))),
            secret => Ok(secret.into()),
        }
    }
}

fn missing(sentence: String) -> Failure {
    Failure::new(Exit::Precondition, sentence)
}

fn read_file(path: &Path, purpose: &str) -> Result<String, Failure> {
    let shown = path.display();
    private(path).map_err(|refused| match refused {
        Refused::Io(error) => missing(format!("{purpose} cannot be read from {shown}")).caused_by(error),
        Refused::Open(mode) => {
            missing(format!("{purpose} is in {shown}, which others can read (mode {mode:04o})"))
                .mend(format!("run: chmod 600 {shown}"))
        }
    })?;
    std::fs::read_to_string(path)
        .map_err(|error| missing(format!("{purpose} cannot be read from {shown}")).caused_by(error))
}

enum Refused {
    Io(std::io::Error),
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix tells by a file's mode who reads it"))]
    Open(u32),
}

#[cfg(unix)]
fn private(path: &Path) -> Result<(), Refused> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = std::fs::metadata(path).map_err(Refused::Io)?.mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 { Ok(()) } else { Err(Refused::Open(mode)) }
}

#[cfg(not(unix))]
fn private(path: &Path) -> Result<(), Refused> {
    std::fs::metadata(path).map(drop).map_err(Refused::Io)
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}
