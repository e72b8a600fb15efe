//! Where a secret comes from: the environment, a file, 1Password, or the program itself; never the site file (E7).

mod reader;

use std::fmt;
use std::path::{Path, PathBuf};

use safe_text::SecretString;
use serde::{Deserialize, Deserializer, de};

pub use reader::SecretReader;

use crate::connection_error::{Error, ErrorKind};
use crate::one_password::{InvalidReference, SecretReference};

/// Where a secret is read from.
///
/// As text it is `env:NAME`, `file:PATH`, or a secret reference of 1Password such as `op://vault/item/field`. Any other text is refused
/// and not repeated, since it may be the secret itself.
///
/// ```
/// use dtc_adapters::SecretSource;
///
/// let source: SecretSource = "env:DTC_B2_APPLICATION_KEY".parse()?;
/// assert_eq!(source.to_string(), "env:DTC_B2_APPLICATION_KEY");
/// assert!("op://MSP Infrastructure/Backblaze B2/application key".parse::<SecretSource>().is_ok());
/// assert!("K0051x7…".parse::<SecretSource>().is_err());
/// # Ok::<(), dtc_adapters::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SecretSource {
    /// The environment variable of this name.
    Environment(String),
    /// The file at this path, or on Unix the pipe, such as `/dev/stdin`; there it must be readable by its owner only. Elsewhere access lists are not looked at: see
    /// [`files`](crate::files).
    File(PathBuf),
    /// This field in 1Password, read as [`OnePassword`](crate::OnePassword) says.
    OnePassword(Box<SecretReference>),
    /// The secret itself, for programs that have it already. No text parses to this.
    Value(SecretString),
}

const INLINE: &str = "a secret stands in the file itself; write \"env:NAME\", \"file:PATH\" or \
    \"op://vault/item/field\" here, and consider the secret known to everybody who has read the file";

impl SecretSource {
    /// The secret itself, for programs that have it already.
    pub fn value(secret: impl Into<SecretString>) -> Self {
        Self::Value(secret.into())
    }

    /// Reads the secret; `secret` names it in errors, such as "the API key of IT Glue". A byte-order mark and line ends at
    /// the end are not part of a secret that comes from a variable or a file, spaces within it are. What 1Password holds is taken as
    /// it stands. Who reads several uses a [`SecretReader`].
    ///
    /// # Errors
    /// [`ErrorKind::SecretMissing`] when there is none, it is empty or it cannot be read;
    /// [`ErrorKind::SecretExposed`] when it is in a file that others can read;
    /// [`ErrorKind::SecretUnusable`] when others can replace the file, or when it begins or ends with a space, or has
    /// characters that nobody sees; [`ErrorKind::OnePassword`] when 1Password does not give it out.
    ///
    /// A pipe is waited for, as long as nobody writes to it; on a thread of its own.
    pub async fn read(&self, secret: &str) -> Result<SecretString, Error> {
        let [read] = SecretReader::default().read_all([(self, secret)]).await?;
        Ok(read)
    }

    /// The same source, with a relative path taken from this folder.
    pub(crate) fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            source => source,
        }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::OnePassword(reference) => write!(f, "{reference}"),
            Self::Value(_) => f.write_str("a value of the program"),
        }
    }
}

/// Why a text is no source, and what to write instead where that is not always the same.
struct NoSource {
    problem: String,
    remedy: Option<&'static str>,
}

fn parse(text: &str) -> Result<SecretSource, NoSource> {
    let refuse = |problem: &str| Err(NoSource { problem: problem.to_owned(), remedy: None });
    match text.split_once(':') {
        Some(("env", name)) if is_name(name) => Ok(SecretSource::Environment(name.to_owned())),
        Some(("file", path)) if !path.is_empty() => Ok(SecretSource::File(path.into())),
        Some(("op", _)) => {
            text.parse().map(Box::new).map(SecretSource::OnePassword).map_err(|refused: InvalidReference| {
                NoSource { problem: refused.to_string(), remedy: Some(refused.remedy()) }
            })
        }
        Some(("env", _)) => refuse("no environment variable has a name like the one after \"env:\""),
        Some(("file", _)) => refuse("\"file:\" is followed by no path"),
        _ => refuse(INLINE),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl std::str::FromStr for SecretSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text)
            .map_err(|NoSource { problem, remedy }| ErrorKind::NotASecretSource { problem, remedy }.into())
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

/// Refuses whatever is no source, without repeating it.
struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = SecretSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"env:NAME\", \"file:PATH\" or \"op://vault/item/field\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretSource, E> {
        parse(text).map_err(|refused| match refused.remedy {
            Some(remedy) => E::custom(format!("{}: {remedy}", refused.problem)),
            None => E::custom(refused.problem),
        })
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<SecretSource, E> {
        Err(E::custom(INLINE))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<SecretSource, A::Error> {
        Err(de::Error::custom(INLINE))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, _: A) -> Result<SecretSource, A::Error> {
        Err(de::Error::custom(INLINE))
    }
}

#[cfg(test)]
mod tests;
