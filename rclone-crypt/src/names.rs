//! Names of files and directories, as a crypt remote stores them.

use crate::error::{Error, ErrorKind, NameFault};

/// How a remote turns a plain path into a stored one, and back.
///
/// ```
/// use rclone_crypt::Names;
///
/// let names = Names::off();
/// assert_eq!(names.encode("photos/image.bin")?, "photos/image.bin.bin");
/// assert_eq!(names.decode("photos/image.bin.bin")?, "photos/image.bin");
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug)]
pub struct Names {
    suffix: Suffix,
}

/// What mode *off* appends to the name of each file, never of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suffix(String);

impl Suffix {
    /// rclone's default, and what TrueNAS always uses: `.bin`.
    pub fn bin() -> Self {
        Self(".bin".to_owned())
    }

    /// Takes the value of rclone's option `suffix`: `none` means no suffix, and a missing dot is added.
    pub fn new(option: &str) -> Self {
        if option.eq_ignore_ascii_case("none") {
            Self(String::new())
        } else if option.starts_with('.') {
            Self(option.to_owned())
        } else {
            Self(format!(".{option}"))
        }
    }

    /// The suffix with its dot; empty for none.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Names {
    /// Mode *off* with the suffix `.bin`: what TrueNAS writes when filename encryption is not ticked.
    pub fn off() -> Self {
        Self::off_with(Suffix::bin())
    }

    /// Mode *off* with another suffix.
    pub fn off_with(suffix: Suffix) -> Self {
        Self { suffix }
    }

    /// The stored path of a file.
    ///
    /// # Errors
    ///
    /// None in mode *off*.
    pub fn encode(&self, path: &str) -> Result<String, Error> {
        Ok(format!("{path}{}", self.suffix.as_str()))
    }

    /// The plain path of a stored file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for what rclone would skip as undecryptable: in mode *off*, a name without the suffix.
    pub fn decode(&self, stored: &str) -> Result<String, Error> {
        let plain = stored.strip_suffix(self.suffix.as_str());
        match plain {
            Some(plain) if !plain.is_empty() && !plain.ends_with('/') => Ok(plain.to_owned()),
            _ => Err(ErrorKind::Name { name: stored.to_owned(), reason: NameFault::NoSuffix }.into()),
        }
    }
}
