//! Where a secret comes from: the environment, a file, or the program itself; never the site file (E7).

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};

use crate::connection_error::{Error, ErrorKind};

/// Where a secret is read from.
///
/// As text it is `env:NAME` or `file:PATH`. Any other text is refused and not repeated, since it may be the secret
/// itself.
///
/// ```
/// use dtc_adapters::SecretSource;
///
/// let source: SecretSource = "env:DTC_B2_APPLICATION_KEY".parse()?;
/// assert_eq!(source.to_string(), "env:DTC_B2_APPLICATION_KEY");
/// assert!("K0051x7…".parse::<SecretSource>().is_err());
/// # Ok::<(), dtc_adapters::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SecretSource {
    /// The environment variable of this name.
    Environment(String),
    /// The file at this path; on Unix it must be readable by its owner only.
    File(PathBuf),
    /// The secret itself, for programs that have it already. No text parses to this.
    Value(SecretString),
}

const INLINE: &str = "a secret stands in the file itself; write \"env:NAME\" or \"file:PATH\" here, \
    and consider the secret known to everybody who has read the file";

impl SecretSource {
    /// The secret itself, for programs that have it already.
    pub fn value(secret: impl Into<SecretString>) -> Self {
        Self::Value(secret.into())
    }

    /// Reads the secret; `secret` names it in errors, such as "the API key of IT Glue". Line ends at the end are not
    /// part of a secret.
    ///
    /// # Errors
    /// [`ErrorKind::SecretMissing`] when there is none, it is empty or it cannot be read;
    /// [`ErrorKind::SecretExposed`] when it is in a file that others can read.
    pub fn read(&self, secret: &str) -> Result<SecretString, Error> {
        let text = match self {
            Self::Environment(name) => std::env::var(name).map_err(|_| ErrorKind::SecretMissing {
                problem: format!(
                    "{secret} is to come from the environment variable {name}, which is not set"
                ),
                remedy: Some(format!("set {name}, and run again")),
                source: None,
            })?,
            Self::File(path) => read_file(path, secret)?,
            Self::Value(value) => return Ok(value.clone()),
        };
        match text.trim_end_matches(['\r', '\n']) {
            "" => {
                let problem = format!("{secret} is empty at {self}");
                Err(ErrorKind::SecretMissing { problem, remedy: None, source: None }.into())
            }
            text => Ok(text.into()),
        }
    }

    /// The same source, with a relative path taken from this folder.
    pub(crate) fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            source => source,
        }
    }
}

fn read_file(path: &Path, secret: &str) -> Result<String, Error> {
    let unreadable = |error| ErrorKind::SecretMissing {
        problem: format!("{secret} cannot be read from {}", path.display()),
        remedy: None,
        source: Some(error),
    };
    if let Some(mode) = mode_open_to_others(path).map_err(unreadable)? {
        return Err(
            ErrorKind::SecretExposed { secret: secret.to_owned(), path: path.to_owned(), mode }.into()
        );
    }
    Ok(std::fs::read_to_string(path).map_err(unreadable)?)
}

/// The file's mode, when it lets others than its owner in.
#[cfg(unix)]
fn mode_open_to_others(path: &Path) -> std::io::Result<Option<u32>> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = std::fs::metadata(path)?.mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

/// Only Unix says by a file's mode who reads it.
#[cfg(not(unix))]
fn mode_open_to_others(path: &Path) -> std::io::Result<Option<u32>> {
    std::fs::metadata(path).map(|_| None)
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Value(_) => f.write_str("a value of the program"),
        }
    }
}

fn parse(text: &str) -> Result<SecretSource, &'static str> {
    match text.split_once(':') {
        Some(("env", name)) if is_name(name) => Ok(SecretSource::Environment(name.to_owned())),
        Some(("file", path)) if !path.is_empty() => Ok(SecretSource::File(path.into())),
        Some(("env", _)) => Err("no environment variable has a name like the one after \"env:\""),
        Some(("file", _)) => Err("\"file:\" is followed by no path"),
        _ => Err(INLINE),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl std::str::FromStr for SecretSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).map_err(|problem| ErrorKind::NotASecretSource { problem }.into())
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
        f.write_str("\"env:NAME\" or \"file:PATH\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretSource, E> {
        parse(text).map_err(E::custom)
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
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn e7_what_is_no_source_is_refused_and_not_repeated() {
        for wrong in ["K001secret", "env:", "env:a-b", "file:", "vault:K001secret", ""] {
            let error = wrong.parse::<SecretSource>().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::NotASecretSource { .. }), "{wrong:?}");
            assert!(!format!("{error} {error:?}").contains("K001"), "{error:?}");
        }
    }

    #[test]
    fn e8_a_value_is_not_shown() {
        let source = SecretSource::value("K001secret");
        assert!(!format!("{source} {source:?}").contains("K001"));
        assert_eq!(source.read("the key").unwrap().expose_secret(), "K001secret");
    }

    #[test]
    fn e7_a_secret_that_is_missing_says_where_it_should_be() {
        let unset = SecretSource::Environment("DTC_TEST_UNSET".into()).read("the key").unwrap_err();
        assert!(
            unset.to_string().contains("the key") && unset.to_string().contains("DTC_TEST_UNSET"),
            "{unset}"
        );
        assert!(unset.remedy().unwrap().contains("DTC_TEST_UNSET"));
        let scratch = tempfile::tempdir().unwrap();
        let absent = SecretSource::File("absent.key".into()).in_folder(scratch.path());
        let error = absent.read("the key").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SecretMissing { source: Some(_), .. }), "{error:?}");
        assert!(
            error.to_string().contains(&scratch.path().join("absent.key").display().to_string()),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn e7_a_secret_that_others_can_read_is_refused() {
        use std::fs::Permissions;
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("b2.key");
        std::fs::write(&path, "K001secret\r\n").unwrap();
        let source = SecretSource::File(path.clone());
        for open in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
            let error = source.read("the key").unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::SecretExposed { mode, .. } if *mode == open),
                "{error:?}"
            );
            assert!(error.remedy().unwrap().contains("chmod 600"), "{error:?}");
        }
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(source.read("the key").unwrap().expose_secret(), "K001secret");
        std::fs::write(&path, "\n").unwrap();
        assert!(matches!(source.read("the key").unwrap_err().kind(), ErrorKind::SecretMissing { .. }));
    }
}
