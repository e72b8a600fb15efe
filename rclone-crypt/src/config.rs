//! rclone's configuration file, as far as it says where a `crypt` remote encrypts to, and with what.

mod sealed;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{ConfigProblem, Error, ErrorKind};
use crate::key::{Keys, Password, Salt};
use crate::names::{DirectoryNames, NameEncoding, NameEncryption, NameForm, Names, Suffix};
use crate::obscure::reveal;

pub use sealed::ConfigPassword;

/// A remote's options. Some of them are passwords.
type Options = BTreeMap<String, Zeroizing<String>>;

/// How many remotes may stand behind each other. rclone has no limit; a remote that leads to itself would never end.
const DEEPEST: usize = 16;

/// Options of a `crypt` remote that change nothing in what is stored, or how it is read.
const NEUTRAL: [&str; 6] =
    ["type", "remote", "description", "show_mapping", "server_side_across_configs", "strict_names"];

/// rclone's configuration: its remotes and their options.
///
/// ```
/// use rclone_crypt::{Config, obscure};
///
/// let password = obscure("correct horse")?;
/// let text = format!("[secret]\ntype = crypt\nremote = /srv/catalogue\npassword = {}\n", password.expose());
/// let remote = Config::parse(&text, None)?.crypt_remote("secret:")?;
/// assert_eq!(remote.folder, std::path::Path::new("/srv/catalogue"));
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
///
/// It is read as rclone 1.75 reads it, with these limits: variables such as `RCLONE_CONFIG_SECRET_TYPE` are not looked at, and the
/// encrypted folder must be on a disk of this system.
pub struct Config {
    remotes: BTreeMap<String, Options>,
}

/// A `crypt` remote over a folder of this system.
///
/// Its password and salt are revealed.
#[non_exhaustive]
pub struct CryptRemote {
    /// The folder that it encrypts into.
    pub folder: PathBuf,
    /// The encryption password (rclone's `password`).
    pub password: Password,
    /// The salt (rclone's `password2`).
    pub salt: Salt,
    /// How names are encrypted.
    pub names: NameEncryption,
    /// Whether the names of directories are encrypted, too.
    pub directories: DirectoryNames,
}

impl Config {
    /// Whether a configuration is encrypted, so that [`Config::parse`] needs its password.
    pub fn is_encrypted(text: &str) -> bool {
        sealed::body(text).is_some()
    }

    /// Reads a configuration; an encrypted one is opened with the password, which rclone takes from `RCLONE_CONFIG_PASS`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for an encrypted one without its password or with another one's, and for lines that rclone would refuse.
    pub fn parse(text: &str, password: Option<&ConfigPassword>) -> Result<Self, Error> {
        let Some(body) = sealed::body(text) else {
            return Ok(Self { remotes: text::remotes(text)? });
        };
        let password = password.ok_or(ErrorKind::Config(ConfigProblem::PasswordMissing))?;
        let clear = sealed::open(body, password)?;
        Ok(Self { remotes: text::remotes(&clear)? })
    }

    /// The `crypt` remote of this name, such as `secret:`, or a folder in one, such as `secret:documents`. Remotes that it stands on are
    /// followed: a path, an `alias` or a `local` remote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for a remote that is not there, is of another type, or does not lead to a folder of this system;
    /// [`ErrorKind::NotObscured`] is among its causes for a password that is not obscured.
    pub fn crypt_remote(&self, remote: &str) -> Result<CryptRemote, Error> {
        let (name, below) =
            split(remote).ok_or_else(|| problem(ConfigProblem::NoRemote { text: remote.to_owned() }))?;
        let options = self.options(name)?;
        let found = || name.to_owned();
        match options.get("type").map(|kind| kind.as_str()) {
            Some("crypt") => {}
            kind => {
                let kind = kind.unwrap_or_default().to_owned();
                return Err(problem(ConfigProblem::NotCrypt { remote: found(), kind }));
            }
        }
        let option =
            |name: &str| options.get(name).map(|value| value.as_str()).filter(|value| !value.is_empty());
        if let Some(unknown) = unsupported(options) {
            return Err(problem(ConfigProblem::Unsupported { remote: found(), option: unknown }));
        }
        let lacks = |option| problem(ConfigProblem::OptionMissing { remote: found(), option });
        let password = revealed(name, "password", option("password").ok_or_else(|| lacks("password"))?)?;
        let salt = option("password2").map(|salt| revealed(name, "password2", salt)).transpose()?;
        let (password, salt) = (Password::new(password), salt.map_or(Salt::none(), Salt::new));
        let (names, directories) = modes(name, options)?;
        let folder = self.folder(option("remote").ok_or_else(|| lacks("remote"))?, DEEPEST)?;
        let folder = if below.is_empty() {
            folder
        } else {
            let keys = Keys::derive(&password, &salt)?;
            folder.join(Names::new(&keys, names.clone(), directories).encode_directory(below)?)
        };
        Ok(CryptRemote { folder, password, salt, names, directories })
    }

    fn options(&self, name: &str) -> Result<&Options, Error> {
        self.remotes.get(name).ok_or_else(|| {
            let known = self.remotes.keys().cloned().collect();
            problem(ConfigProblem::Unknown { remote: name.to_owned(), known })
        })
    }

    /// The folder that a remote, or a path, leads to.
    fn folder(&self, remote: &str, deepest: usize) -> Result<PathBuf, Error> {
        let Some((name, below)) = split(remote) else {
            return absolute(remote, remote);
        };
        if name == ":local" || name == ":alias" {
            return absolute(remote, below);
        }
        let options = self.options(name)?;
        let option = |name: &str| options.get(name).map(|value| value.as_str()).unwrap_or_default();
        match option("type") {
            "local" => absolute(remote, below),
            "alias" if deepest > 0 => {
                let target = self.folder(option("remote"), deepest - 1)?;
                Ok(if below.is_empty() { target } else { target.join(below) })
            }
            kind => {
                let (remote, kind) = (name.to_owned(), kind.to_owned());
                Err(problem(ConfigProblem::NotLocal { remote, kind }))
            }
        }
    }
}

/// A remote's name, and the path in it; `None` for a path of this system.
fn split(remote: &str) -> Option<(&str, &str)> {
    let (connection, local) = match remote.strip_prefix(':') {
        Some(rest) => (1, rest),
        None => (0, remote),
    };
    let colon = local.find(':')?;
    let name = &remote[..colon + connection];
    // A slash before the colon makes it a path, and so does a drive letter on Windows.
    let is_drive = cfg!(windows) && name.len() == 1 && name.starts_with(|c: char| c.is_ascii_alphabetic());
    (!name.contains('/') && !is_drive && colon > 0).then(|| (name, &local[colon + 1..]))
}

fn absolute(remote: &str, path: &str) -> Result<PathBuf, Error> {
    let path = Path::new(path);
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    Err(problem(ConfigProblem::Relative { text: remote.to_owned() }))
}

fn modes(remote: &str, options: &Options) -> Result<(NameEncryption, DirectoryNames), Error> {
    let option = |name: &str| options.get(name).map(|value| value.as_str());
    let form = NameForm::of_options(option);
    let NameForm { encryption, directories } =
        form.map_err(|option| problem(ConfigProblem::Value { remote: remote.to_owned(), option }))?;
    Ok((encryption, directories))
}

impl NameForm {
    /// Reads rclone's options `filename_encryption`, `filename_encoding`, `directory_name_encryption` and `suffix`, as rclone reads them: what is
    /// not given has rclone's default.
    ///
    /// # Errors
    ///
    /// The option with a value that rclone does not have.
    pub fn of_options<'v>(given: impl Fn(&str) -> Option<&'v str>) -> Result<Self, &'static str> {
        let option = |name: &'static str| (name, given(name).unwrap_or_default());
        let lower = |(name, value): (&'static str, &str)| (name, value.to_ascii_lowercase());
        let (name, encoding) = lower(option("filename_encoding"));
        let encoding = match encoding.as_str() {
            "" | "base32" => NameEncoding::Base32,
            "base64" => NameEncoding::Base64,
            "base32768" => NameEncoding::Base32768,
            _ => return Err(name),
        };
        let suffix = match option("suffix").1 {
            "" => Suffix::bin(),
            suffix => Suffix::new(suffix),
        };
        let (name, encryption) = lower(option("filename_encryption"));
        let encryption = match encryption.as_str() {
            "" | "standard" => NameEncryption::Standard(encoding),
            "off" => NameEncryption::Off(suffix),
            "obfuscate" => NameEncryption::Obfuscate,
            _ => return Err(name),
        };
        let (name, directories) = option("directory_name_encryption");
        let directories = match text::boolean(directories) {
            None if directories.is_empty() => DirectoryNames::Encrypted,
            Some(true) => DirectoryNames::Encrypted,
            Some(false) => DirectoryNames::Plain,
            None => return Err(name),
        };
        Ok(Self { encryption, directories })
    }
}

/// An option that changes what is stored in a way that this crate does not have.
fn unsupported(options: &Options) -> Option<String> {
    const READ: [&str; 6] = [
        "password",
        "password2",
        "filename_encryption",
        "filename_encoding",
        "directory_name_encryption",
        "suffix",
    ];
    let unread = options.iter().find(|(name, value)| {
        let name = name.as_str();
        let is_off = value.is_empty() || text::boolean(value) == Some(false);
        !NEUTRAL.contains(&name) && !READ.contains(&name) && !is_off
    });
    unread.map(|(name, _)| name.clone())
}

fn revealed(remote: &str, option: &'static str, value: &str) -> Result<String, Error> {
    match reveal(value) {
        Ok(clear) => Ok(clear.expose().to_owned()),
        Err(error) => {
            let remote = remote.to_owned();
            Err(Error::with_source(ErrorKind::Config(ConfigProblem::NotObscured { remote, option }), error))
        }
    }
}

fn problem(problem: ConfigProblem) -> Error {
    ErrorKind::Config(problem).into()
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.remotes.keys()).finish()
    }
}

impl fmt::Debug for CryptRemote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CryptRemote").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
