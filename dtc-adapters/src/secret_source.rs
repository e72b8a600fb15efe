//! Where a secret comes from: the environment, a file, or the program itself; never the site file (E7).

use std::fmt;
use std::path::{Path, PathBuf};

use safe_text::SecretString;
use serde::{Deserialize, Deserializer, de};
use zeroize::Zeroizing;

use crate::connection_error::{Error, ErrorKind};
use crate::files::{self, FileErrorKind, Guard, Limit, TextProblem, one_line};

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
    /// The file at this path, or on Unix the pipe, such as `/dev/stdin`; there it must be readable by its owner only. Elsewhere access lists are not looked at: see
    /// [`files`].
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

    /// Reads the secret; `secret` names it in errors, such as "the API key of IT Glue". A byte-order mark and line ends at
    /// the end are not part of a secret, spaces within it are.
    ///
    /// # Errors
    /// [`ErrorKind::SecretMissing`] when there is none, it is empty or it cannot be read;
    /// [`ErrorKind::SecretExposed`] when it is in a file that others can read;
    /// [`ErrorKind::SecretUnusable`] when others can replace the file, or when it begins or ends with a space, or has
    /// characters that nobody sees.
    ///
    /// A pipe is waited for, as long as nobody writes to it: call this on a thread that may wait.
    pub fn read(&self, secret: &str) -> Result<SecretString, Error> {
        let text = match self {
            Self::Environment(name) => read_variable(name, secret)?,
            Self::File(path) => read_file(path, secret)?,
            Self::Value(value) => return Ok(value.clone()),
        };
        match one_line(&text) {
            Ok(value) => Ok(value.into()),
            Err(TextProblem::Empty) => {
                let problem = format!("{secret} is empty at {self}");
                Err(ErrorKind::SecretMissing { problem, remedy: None, source: None }.into())
            }
            Err(problem) => Err(ErrorKind::SecretUnusable {
                remedy: problem.remedy().map(|remedy| format!("at {self}: {remedy}")),
                problem: format!("{secret} at {self} {problem}"),
            }
            .into()),
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

    #[test]
    fn e7_a_secret_is_the_same_however_its_file_was_saved() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("b2.key");
        let source = SecretSource::File(path.clone());
        let utf16 = "\u{feff}two words\r\n".encode_utf16();
        let (little, big): (Vec<_>, Vec<_>) =
            utf16.map(|unit| (unit.to_le_bytes(), unit.to_be_bytes())).unzip();
        for (bytes, found) in [
            (b"two words".to_vec(), "two words"),
            (b"two words\n\n".to_vec(), "two words"),
            (b"\xef\xbb\xbftwo words\r\n".to_vec(), "two words"),
            (little.concat(), "two words"),
            (big.concat(), "two words"),
            (b" two words".to_vec(), "begins with a space"),
            (b"two words \n".to_vec(), "ends with a space"),
            (b"two\nwords\n".to_vec(), "has 2 lines"),
            (b"two\0words".to_vec(), "NUL"),
            (b"t\0w\0o\0".to_vec(), "UTF-16 without a byte-order mark"),
            (b"M\xfcller".to_vec(), "not UTF-8"),
            (vec![b'x'; 65537], "larger than 65536 bytes"),
            (b"\xef\xbb\xbf\r\n".to_vec(), "is empty"),
        ] {
            private(&path, &bytes);
            match source.read("the key") {
                Ok(secret) => assert_eq!(secret.expose_secret(), found, "{bytes:?}"),
                Err(error) => {
                    let shown = format!("{error} {error:?}");
                    assert!(error.to_string().contains(found), "{error}");
                    assert!(shown.contains("the key") && !shown.contains("words"), "{shown}");
                }
            }
        }
    }

    /// A file that only its owner may read.
    fn private(path: &Path, bytes: &[u8]) {
        let _ = std::fs::remove_file(path);
        std::fs::write(path, bytes).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn e7_a_secret_that_others_can_replace_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("open");
        std::fs::create_dir(&folder).unwrap();
        private(&folder.join("b2.key"), b"K001secret");
        let source = SecretSource::File(folder.join("b2.key"));
        for (mode, taken) in [(0o777, false), (0o1777, true), (0o700, true), (0o755, true)] {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
            let read = source.read("the key");
            assert_eq!(read.is_ok(), taken, "{mode:o}: {read:?}");
            if let Err(error) = read {
                assert!(matches!(error.kind(), ErrorKind::SecretUnusable { .. }), "{error:?}");
                assert!(error.to_string().contains("replaced by everybody"), "{error}");
            }
        }
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
