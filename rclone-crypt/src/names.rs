//! Names of files and directories, as a crypt remote stores them.

mod base32768;
mod eme;
mod obfuscate;
mod version;

use std::fmt;

use eme::Eme;

use crate::error::{Error, ErrorKind, NameFault};
use crate::key::Keys;
use crate::radix::{BASE32_HEX, BASE64_URL};

const AES_BLOCK: usize = 16;
/// The longest encrypted segment in bytes, before it is written as text.
const LONGEST: usize = 2048;

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
///
/// Paths are relative to the remote, with `/` between their segments. Names need not be UTF-8: the same methods exist for
/// bytes. A stored name that cannot be decoded is foreign; rclone skips such a one (or ends, with `strict_names`).
pub struct Names {
    segments: Segments,
    directories: DirectoryNames,
}

/// rclone's option `filename_encryption`, with the options that only one mode reads.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameEncryption {
    /// Names stay as they are; each file's gets a suffix.
    Off(Suffix),
    /// Names are encrypted segment by segment, and written in an encoding.
    Standard(NameEncoding),
    /// Characters are rotated: a disguise, not encryption.
    Obfuscate,
}

/// rclone's option `filename_encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameEncoding {
    /// Letters and digits whose case does not matter: rclone's default.
    Base32,
    /// Letters and digits of both cases, `-` and `_`.
    Base64,
    /// Fifteen bits to a character, for stores that count characters and not bytes.
    Base32768,
}

/// rclone's option `directory_name_encryption`; mode *off* pays no regard to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryNames {
    /// As files' names: rclone's default.
    Encrypted,
    /// As they are.
    Plain,
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

enum Segments {
    Off(Suffix),
    Standard { encoding: NameEncoding, eme: Box<Eme> },
    Obfuscate { key_sum: i64 },
}

/// What a path names.
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

    /// Mode *off* with the suffix `.bin`: what TrueNAS writes when filename encryption is not ticked. Needs no keys.
    pub fn off() -> Self {
        Self::off_with(Suffix::bin())
    }

    /// Mode *off* with another suffix.
    pub fn off_with(suffix: Suffix) -> Self {
        Self { segments: Segments::Off(suffix), directories: DirectoryNames::Plain }
    }

    /// The stored path of a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a segment of more than 2047 bytes in mode *standard*; none in the others.
    pub fn encode(&self, path: &str) -> Result<String, Error> {
        self.encode_bytes(path.as_bytes()).and_then(into_text)
    }

    /// The plain path of a stored file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for what rclone would skip as undecryptable: in mode *off*, a name without the suffix.
    pub fn decode(&self, stored: &str) -> Result<String, Error> {
        self.decode_bytes(stored.as_bytes()).and_then(into_text)
    }

    /// The stored path of a directory.
    ///
    /// # Errors
    ///
    /// As [`Names::encode`].
    pub fn encode_directory(&self, path: &str) -> Result<String, Error> {
        self.convert(path.as_bytes(), Target::Directory, Self::encode_segment).and_then(into_text)
    }

    /// The plain path of a stored directory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`].
    pub fn decode_directory(&self, stored: &str) -> Result<String, Error> {
        self.convert(stored.as_bytes(), Target::Directory, Self::decode_segment).and_then(into_text)
    }

    /// The stored path of a file whose path need not be UTF-8.
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

    /// The plain path of a stored file, which need not be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Names::decode`].
    pub fn decode_bytes(&self, stored: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Off(suffix) => match stored.strip_suffix(suffix.as_str().as_bytes()) {
                Some(plain) if is_file_name(plain) => Ok(plain.to_vec()),
                _ => Err(fault(stored, NameFault::NoSuffix)),
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
        // Only the last segment may carry the marker of an old version, which stays readable.
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
                    return Err(fault(plain, NameFault::BadLength));
                }
                let mut blocks = pad(plain);
                eme.encrypt(&mut blocks);
                Ok(encoding.encode(blocks.as_flattened()).into_bytes())
            }
            Segments::Obfuscate { key_sum } if !plain.is_empty() => Ok(obfuscate::encode(plain, *key_sum)),
            _ => Ok(plain.to_vec()),
        }
    }

    fn decode_segment(&self, stored: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.segments {
            Segments::Standard { encoding, eme } if !stored.is_empty() => {
                let text = str::from_utf8(stored).ok();
                let bytes = text.and_then(|text| encoding.decode(text));
                let bytes = bytes.ok_or_else(|| fault(stored, NameFault::BadEncoding))?;
                let (blocks, rest) = bytes.as_chunks::<AES_BLOCK>();
                if blocks.is_empty() || !rest.is_empty() || bytes.len() > LONGEST {
                    return Err(fault(stored, NameFault::BadLength));
                }
                let mut blocks = blocks.to_vec();
                eme.decrypt(&mut blocks);
                unpad(&blocks).ok_or_else(|| fault(stored, NameFault::BadPadding))
            }
            Segments::Obfuscate { key_sum } if !stored.is_empty() => {
                obfuscate::decode(stored, *key_sum).ok_or_else(|| fault(stored, NameFault::NotObfuscated))
            }
            _ => Ok(stored.to_vec()),
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

/// Whether a plain path without its suffix names a file: rclone refuses an empty one, and a mere version marker.
fn is_file_name(path: &[u8]) -> bool {
    let only_marker = version::take(path).is_some_and(|versioned| versioned.name.is_empty());
    !path.is_empty() && !path.ends_with(b"/") && !only_marker
}

/// PKCS#7: 1 to 16 bytes, each saying how many.
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
    String::from_utf8(name).map_err(|e| fault(e.as_bytes(), NameFault::NotUtf8))
}

fn fault(name: &[u8], reason: NameFault) -> Error {
    ErrorKind::Name { name: String::from_utf8_lossy(name).into_owned(), reason }.into()
}
