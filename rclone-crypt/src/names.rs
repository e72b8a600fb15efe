//! Encryption of the names of files and directories.

mod base32768;
mod eme;
mod obfuscate;
mod version;

use std::fmt;

use eme::Eme;

use crate::error::{Error, ErrorKind, NameProblem};
use crate::key::Keys;
use crate::radix::{BASE32_HEX, BASE64_URL};

const AES_BLOCK: usize = 16;
/// The maximum length of an encrypted segment in bytes, before it is encoded as text.
const LONGEST: usize = 2048;

/// Converts plain paths to stored paths as a crypt remote does, and back.
///
/// ```
/// use rclone_crypt::Names;
///
/// let names = Names::off();
/// assert_eq!(names.encode("photos/image.bin")?, "photos/image.bin.bin");
/// assert_eq!(names.decode("photos/image.bin.bin")?, "photos/image.bin");
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
///
/// Paths are relative to the remote, with `/` between segments. For names that are not UTF-8 there are methods on bytes. rclone skips
/// files whose stored names cannot be decoded (with `strict_names` it fails).
pub struct Names {
    segments: Segments,
    directories: DirectoryNames,
}

/// rclone's option `filename_encryption`, with the options of each mode.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameEncryption {
    /// Mode *off*: names are not encrypted; a suffix is added to the names of files.
    Off(Suffix),
    /// Mode *standard*: each segment is encrypted and encoded as text.
    Standard(NameEncoding),
    /// Mode *obfuscate*: characters are rotated. This is not encryption.
    Obfuscate,
}

/// How the names of a remote are made: rclone's options together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameForm {
    /// How names of files are encrypted.
    pub encryption: NameEncryption,
    /// Whether the names of directories are encrypted, too.
    pub directories: DirectoryNames,
}

impl NameForm {
    /// Mode *off* with the suffix `.bin`, which TrueNAS uses for tasks without filename encryption.
    pub fn off() -> Self {
        Self { encryption: NameEncryption::Off(Suffix::bin()), directories: DirectoryNames::Encrypted }
    }
}

/// rclone's option `filename_encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameEncoding {
    /// Lower-case letters and digits, read case-insensitively. rclone's default.
    Base32,
    /// Letters of both cases, digits, `-` and `_`.
    Base64,
    /// 15 bits per character, for stores that limit the number of characters and not of bytes.
    Base32768,
}

/// rclone's option `directory_name_encryption`. It has no effect in mode *off*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryNames {
    /// Encrypted like the names of files. rclone's default.
    Encrypted,
    /// Not encrypted.
    Plain,
}

/// The suffix that mode *off* adds to the names of files, not of directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suffix(String);

impl Suffix {
    /// `.bin`: rclone's default, and the one that TrueNAS always uses.
    pub fn bin() -> Self {
        Self(".bin".to_owned())
    }

    /// The suffix for a value of rclone's option `suffix`: `none` means no suffix; a missing dot is added.
    pub fn new(option: &str) -> Self {
        if option.eq_ignore_ascii_case("none") {
            Self(String::new())
        } else if option.starts_with('.') {
            Self(option.to_owned())
        } else {
            Self(format!(".{option}"))
        }
    }

    /// Returns the suffix with its dot; empty for no suffix.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

enum Segments {
    Off(Suffix),
    Standard { encoding: NameEncoding, eme: Box<Eme> },
    Obfuscate { key_sum: i64 },
}

/// Whether a path is that of a file or a directory.
#[derive(Clone, Copy)]
enum Target {
    File,
    Directory,
}

impl Names {
    /// The names of a remote with these keys and options.
    pub fn new(keys: &Keys, encryption: NameEncryption, directories: DirectoryNames) -> Self {
        let segments = match encryption {
            NameEncryption::Off(suffix) => Segments::Off(suffix),
            NameEncryption::Standard(encoding) => {
                Segments::Standard { encoding, eme: Box::new(Eme::new(keys.name(), *keys.tweak())) }
            }
            NameEncryption::Obfuscate => {
                Segments::Obfuscate { key_sum: keys.name().iter().copied().map(i64::from).sum() }
            }
        };
        Self { segments, directories }
    }

    /// Mode *off* with the suffix `.bin`, which TrueNAS uses for tasks without filename encryption. Needs no keys.
    pub fn off() -> Self {
        Self::off_with(Suffix::bin())
    }

    /// Mode *off* with another suffix.
    pub fn off_with(suffix: Suffix) -> Self {
        Self { segments: Segments::Off(suffix), directories: DirectoryNames::Plain }
    }

    /// Checks that a file or a directory below the remote can have this path, plain or stored.
    ///
    /// The other methods convert any path, as rclone's `backend encode` does (seen with 1.75.2). But rclone never lists or copies one that is empty
    /// or has a segment that is empty, `.` or `..`, so what comes out of such a path names nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] with [`NameProblem::Empty`], [`NameProblem::EmptySegment`] or [`NameProblem::DotSegment`].
    pub fn check_path(path: &[u8]) -> Result<(), Error> {
        if path.is_empty() {
            return Err(fault(path, NameProblem::Empty));
        }
        let problem = path.split(|byte| *byte == b'/').find_map(|segment| match segment {
            b"" => Some(NameProblem::EmptySegment),
            b"." | b".." => Some(NameProblem::DotSegment),
            _ => None,
        });
        problem.map_or(Ok(()), |problem| Err(fault(path, problem)))
    }

    /// Returns the stored path of a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a segment of more than 2047 bytes in mode *standard*.
    pub fn encode(&self, path: &str) -> Result<String, Error> {
        self.encode_bytes(path.as_bytes()).and_then(into_text)
    }

    /// Returns the plain path of a stored file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a name that rclone would skip because it cannot be decoded, such as a name without the suffix in mode *off*.
    pub fn decode(&self, stored: &str) -> Result<String, Error> {
        self.decode_bytes(stored.as_bytes()).and_then(into_text)
    }

    /// Returns the stored path of a directory.
    ///
    /// # Errors
    ///
    /// As [`Names::encode`].
    pub fn encode_directory(&self, path: &str) -> Result<String, Error> {
        self.convert(path.as_bytes(), Target::Directory, Self::encode_segment).and_then(into_text)
    }

    /// Returns the plain path of a stored directory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`].
    pub fn decode_directory(&self, stored: &str) -> Result<String, Error> {
        self.convert(stored.as_bytes(), Target::Directory, Self::decode_segment).and_then(into_text)
    }

    /// Returns the stored path of a file. The path need not be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Names::encode`].
    pub fn encode_bytes(&self, path: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Off(suffix) => Ok([path, suffix.as_str().as_bytes()].concat()),
            _ => self.convert(path, Target::File, Self::encode_segment),
        }
    }

    /// Returns the plain path of a stored file. The path need not be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Names::decode`].
    pub fn decode_bytes(&self, stored: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Off(suffix) => match stored.strip_suffix(suffix.as_str().as_bytes()) {
                Some(plain) if is_file_name(plain) => Ok(plain.to_vec()),
                _ => Err(fault(stored, NameProblem::NoSuffix)),
            },
            _ => self.convert(stored, Target::File, Self::decode_segment),
        }
    }

    fn convert(
        &self,
        path: &[u8],
        target: Target,
        segment: fn(&Self, &[u8]) -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        match (&self.segments, target, self.directories) {
            (Segments::Off(_), ..) | (_, Target::Directory, DirectoryNames::Plain) => {
                return Ok(path.to_vec());
            }
            _ => {}
        }
        let (parents, last) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => path.split_at(slash + 1),
            None => (&[][..], path),
        };
        let mut converted = Vec::with_capacity(2 * path.len());
        match self.directories {
            DirectoryNames::Plain => converted.extend_from_slice(parents),
            DirectoryNames::Encrypted => {
                for parent in parents.split_inclusive(|byte| *byte == b'/') {
                    converted.extend(segment(self, &parent[..parent.len() - 1])?);
                    converted.push(b'/');
                }
            }
        }
        // Only the last segment can have the marker of an old version, which is not encrypted.
        converted.extend(match version::take(last) {
            Some(versioned) => version::put(&segment(self, &versioned.name)?, &versioned.marker),
            None => segment(self, last)?,
        });
        Ok(converted)
    }

    fn encode_segment(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Standard { encoding, eme } if !plain.is_empty() => {
                if plain.len() >= LONGEST {
                    return Err(fault(plain, NameProblem::BadLength));
                }
                let mut blocks = pad(plain);
                eme.encrypt(&mut blocks);
                Ok(encoding.encode(blocks.as_flattened()).into_bytes())
            }
            Segments::Obfuscate { key_sum } if !plain.is_empty() => Ok(obfuscate::encode(plain, *key_sum)),
            Segments::Off(_) | Segments::Standard { .. } | Segments::Obfuscate { .. } => Ok(plain.to_vec()),
        }
    }

    fn decode_segment(&self, stored: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Standard { encoding, eme } if !stored.is_empty() => {
                let text = str::from_utf8(stored).ok();
                let bytes = text.and_then(|text| encoding.decode(text));
                let bytes = bytes.ok_or_else(|| fault(stored, NameProblem::BadEncoding))?;
                let (blocks, rest) = bytes.as_chunks::<AES_BLOCK>();
                if blocks.is_empty() || !rest.is_empty() || bytes.len() > LONGEST {
                    return Err(fault(stored, NameProblem::BadLength));
                }
                let mut blocks = blocks.to_vec();
                eme.decrypt(&mut blocks);
                unpad(&blocks).ok_or_else(|| fault(stored, NameProblem::BadPadding))
            }
            Segments::Obfuscate { key_sum } if !stored.is_empty() => {
                obfuscate::decode(stored, *key_sum).ok_or_else(|| fault(stored, NameProblem::NotObfuscated))
            }
            Segments::Off(_) | Segments::Standard { .. } | Segments::Obfuscate { .. } => Ok(stored.to_vec()),
        }
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encryption = match &self.segments {
            Segments::Off(suffix) => NameEncryption::Off(suffix.clone()),
            Segments::Standard { encoding, .. } => NameEncryption::Standard(*encoding),
            Segments::Obfuscate { .. } => NameEncryption::Obfuscate,
        };
        f.debug_struct("Names")
            .field("encryption", &encryption)
            .field("directories", &self.directories)
            .finish()
    }
}

impl NameEncoding {
    fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Base32 => BASE32_HEX.encode(bytes),
            Self::Base64 => BASE64_URL.encode(bytes),
            Self::Base32768 => base32768::encode(bytes),
        }
    }

    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base32 => BASE32_HEX.decode(text),
            Self::Base64 => BASE64_URL.decode(text),
            Self::Base32768 => base32768::decode(text),
        }
    }
}

/// Whether a plain path without its suffix is the name of a file. rclone refuses an empty name and one that is only a version marker.
fn is_file_name(path: &[u8]) -> bool {
    let only_marker = version::take(path).is_some_and(|versioned| versioned.name.is_empty());
    !path.is_empty() && !path.ends_with(b"/") && !only_marker
}

/// Applies PKCS#7 padding: 1 to 16 bytes whose value is their number.
fn pad(plain: &[u8]) -> Vec<[u8; AES_BLOCK]> {
    let (blocks, rest) = plain.as_chunks::<AES_BLOCK>();
    let missing = AES_BLOCK - rest.len();
    let mut last = [missing.to_le_bytes()[0]; AES_BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    [blocks, &[last]].concat()
}

fn unpad(blocks: &[[u8; AES_BLOCK]]) -> Option<Vec<u8>> {
    let padded = blocks.as_flattened();
    let count = usize::from(*padded.last()?);
    let (plain, padding) = padded.split_at_checked(padded.len().checked_sub(count)?)?;
    let whole = (1..=AES_BLOCK).contains(&count) && padding.iter().all(|byte| usize::from(*byte) == count);
    whole.then(|| plain.to_vec())
}

fn into_text(name: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(name).map_err(|e| fault(e.as_bytes(), NameProblem::NotUtf8))
}

fn fault(name: &[u8], reason: NameProblem) -> Error {
    ErrorKind::Name { name: String::from_utf8_lossy(name).into_owned(), reason }.into()
}
