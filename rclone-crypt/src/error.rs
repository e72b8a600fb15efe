//! The error type of this crate.

use std::error::Error as StdError;
use std::fmt;

/// The error of all operations of this crate. It contains no secrets.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The object is shorter than the 32-byte header: it was truncated or is not encrypted.
    #[error("the object holds {len} bytes, fewer than the 32 of an encrypted file's header")]
    TooShort {
        /// The length of the object in bytes.
        len: u64,
    },
    /// The object does not begin with rclone's magic bytes: it is not encrypted, or has another format.
    #[error("the object does not begin with rclone's magic bytes: it is not encrypted in this format")]
    BadMagic,
    /// The object ends within the tag of a block, or directly after it.
    #[error(
        "block {block} has only {len} bytes, less than a tag and one byte of data: the object was truncated"
    )]
    TruncatedBlock {
        /// The number of the block, counted from 0.
        block: u64,
        /// The stored bytes of the block, 1 to 16.
        len: usize,
    },
    /// The tag of a block does not authenticate its data with these keys.
    ///
    /// If it is block 0 of every object: the password or the salt is wrong. If it is only some objects, or a later block: the data is
    /// damaged.
    #[error("block {block} does not authenticate: the password or the salt is wrong, or the data is damaged")]
    FailedBlock {
        /// The number of the block, counted from 0.
        block: u64,
    },
    /// Every block is authentic, but the file does not have the expected length.
    #[error(
        "the file decrypts to {found} bytes where {expected} were expected: it was truncated at a block boundary, or is another file"
    )]
    WrongLength {
        /// The plain length that the caller expects.
        expected: u64,
        /// The plain length found.
        found: u64,
    },
    /// The object is not the encrypted form of its source: the source has changed, the keys are wrong, or the object is damaged.
    #[error("the object is not its source encrypted with these keys{}", at.map(|at| format!(": byte {at} differs")).unwrap_or_default())]
    Differs {
        /// The position of the first plain byte that differs, if contents were compared.
        at: Option<u64>,
    },
    /// No encrypted file of a catalogue opens: the password or the salt is wrong, or all files are damaged.
    #[error(
        "the password or the salt is wrong, or everything is damaged: of {tried} encrypted files none opens, the first of them {}",
        first.display()
    )]
    WrongKeys {
        /// How many files were tried.
        tried: usize,
        /// The first of them, by its path in the catalogue.
        first: std::path::PathBuf,
    },
    /// Something else is where a file should be written. It was not replaced.
    #[error("{what} is there already, with another content or of another kind; it was not replaced")]
    Occupied {
        /// What is there, such as `a file`.
        what: &'static str,
    },
    /// Another file of the same operation has the same name on this disk. The first of them was written.
    #[error("{} has the same name on this disk, and was written first", other.display())]
    SameName {
        /// The other file, by its path in the catalogue.
        other: std::path::PathBuf,
    },
    /// Another file of the catalogue decodes to the same plain path, so only one of them can be the file of that path.
    #[error("{} decodes to the same plain path, so only one of the two can be that file", other.display())]
    SamePath {
        /// The other file, by its path in the catalogue.
        other: std::path::PathBuf,
    },
    /// A range begins after the end of the file.
    #[error("offset {offset} is after the end of the file at {len}")]
    BeyondEnd {
        /// The requested plain offset.
        offset: u64,
        /// The plain length of the file.
        len: u64,
    },
    /// The given bytes are not a block: more than 65552 stored bytes, or none.
    #[error("a block has 17 to 65552 stored bytes, not {len}")]
    NotABlock {
        /// The number of bytes that were given.
        len: usize,
    },
    /// The password is empty. rclone would use a key of zeros for it.
    #[error("the encryption password is empty, which would mean a key of zeros: give the real one")]
    EmptyPassword,
    /// A text that should be obscured is not.
    #[error("the text is not an obscured one: {reason}")]
    NotObscured {
        /// Why it cannot be revealed.
        reason: &'static str,
    },
    /// rclone's configuration does not say where a remote encrypts to, and with what.
    #[error("{0}")]
    Config(ConfigProblem),
    /// A name cannot be encoded or decoded.
    #[error("the name {name:?} {reason}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: NameProblem,
    },
    /// rclone would refuse a filter rule.
    #[error("the filter rule {rule:?} {reason}")]
    Filter {
        /// The rule or its pattern.
        rule: String,
        /// What is wrong with it.
        reason: FilterProblem,
    },
    /// A file or folder of a catalogue could not be accessed.
    #[error("could not {action} {}", path.display())]
    File {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file or folder.
        path: std::path::PathBuf,
    },
    /// The underlying reader failed.
    #[error("reading the {what} failed")]
    Read {
        /// What was being read.
        what: &'static str,
    },
    /// The underlying writer failed.
    #[error("writing the {what} failed")]
    Write {
        /// What was being written.
        what: &'static str,
    },
    /// The progress callback stopped the operation.
    #[error("the operation was stopped before its end, as requested")]
    Stopped,
    /// The operating system returned no random bytes.
    #[error("the operating system returned no random bytes for a nonce")]
    NoRandomness,
}

/// Why a name cannot be encoded or decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameProblem {
    /// Mode *off*: the stored name does not end with the suffix, or consists of the suffix only.
    #[error("does not end with the suffix of encrypted files, or consists of it only")]
    NoSuffix,
    /// The text has characters or a length that the name encoding does not produce.
    #[error("is not text of the chosen name encoding")]
    BadEncoding,
    /// The encrypted bytes are not a whole number of AES blocks, or none, or more than 2048 bytes.
    #[error("is not a whole number of cipher blocks, up to 2048 bytes")]
    BadLength,
    /// The padding is wrong: the password or the salt is wrong, or the name is not one of this remote.
    #[error("does not decrypt with these keys")]
    BadPadding,
    /// Mode *obfuscate*: the number or a quoted character is malformed.
    #[error("is not an obfuscated name")]
    NotObfuscated,
    /// There is no name.
    #[error("is empty")]
    Empty,
    /// A segment of the path is empty: it begins or ends with `/`, or has two of them in a row.
    #[error("has a segment that is empty: it begins or ends with `/`, or has `//` in it")]
    EmptySegment,
    /// A segment of the path is `.` or `..`.
    #[error("has a segment that is `.` or `..`")]
    DotSegment,
    /// The decrypted name is not UTF-8. Use the methods on bytes.
    #[error("is not UTF-8 after decoding")]
    NotUtf8,
}

/// Why rclone's configuration does not say where a remote encrypts to, and with what. No text of it repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// It is encrypted, and no password was given.
    #[error("rclone's configuration is encrypted, and its password is not given")]
    PasswordMissing,
    /// It is encrypted, and does not open.
    #[error("rclone's configuration does not open with the password that is given, or is damaged")]
    WrongPassword,
    /// It is encrypted, and not whole.
    #[error("rclone's configuration is marked as encrypted and is cut off or damaged")]
    Damaged,
    /// A line that is neither a section nor an option of one.
    #[error("line {line} of rclone's configuration is neither `[remote]` nor `option = value`")]
    Line {
        /// The line, counted from one; of an encrypted configuration, in its clear text.
        line: usize,
    },
    /// A text that names no remote.
    #[error("{text:?} names no remote: its name ends with a colon, as in `secret:`")]
    NoRemote {
        /// The text.
        text: String,
    },
    /// There is no such remote.
    #[error("rclone's configuration has no remote {remote:?}; it has {}", known.join(", "))]
    Unknown {
        /// The name.
        remote: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The remote encrypts nothing.
    #[error("the remote {remote:?} is of type {kind:?}, not `crypt`")]
    NotCrypt {
        /// Its name.
        remote: String,
        /// Its type.
        kind: String,
    },
    /// The remote below does not lead to a folder of this system.
    #[error(
        "the remote {remote:?} below it is of type {kind:?}: the encrypted folder must be on a disk here, by a path, `local` or `alias`"
    )]
    NotLocal {
        /// Its name.
        remote: String,
        /// Its type.
        kind: String,
    },
    /// A path that depends on where a program is started.
    #[error(
        "{text:?} is not an absolute path, so it would be another folder wherever the program is started"
    )]
    Relative {
        /// The text.
        text: String,
    },
    /// An option without which nothing is encrypted.
    #[error("the remote {remote:?} has no `{option}`")]
    OptionMissing {
        /// The remote.
        remote: String,
        /// The option.
        option: &'static str,
    },
    /// An option with a value that rclone does not have.
    #[error("the remote {remote:?} has a value of `{option}` that is not one of rclone's")]
    Value {
        /// The remote.
        remote: String,
        /// The option.
        option: &'static str,
    },
    /// An option that changes what is stored, and that is not known here.
    #[error("the remote {remote:?} sets `{option}`, which changes what is stored and is not read here")]
    Unsupported {
        /// The remote.
        remote: String,
        /// The option.
        option: String,
    },
    /// A password that stands there in clear text. rclone would refuse it, or take it for another one.
    #[error("the `{option}` of the remote {remote:?} is not obscured: rclone would not read it")]
    NotObscured {
        /// The remote.
        remote: String,
        /// The option.
        option: &'static str,
    },
}

/// Why rclone would refuse a filter rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterProblem {
    /// The line is neither a rule nor a comment.
    #[error("begins with neither `+ ` nor `- `")]
    NotARule,
    /// More than two stars in a row.
    #[error("has more than two stars in a row")]
    TooManyStars,
    /// Brackets that do not match.
    #[error("has brackets that do not match")]
    UnbalancedBrackets,
    /// Braces that do not match.
    #[error("has braces that do not match")]
    UnbalancedBraces,
    /// A character class or a regular expression is malformed.
    #[error("has a malformed character class or regular expression")]
    BadExpression,
}

impl Error {
    pub(crate) fn with_source(kind: ErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Inner { kind, source: Some(source.into()) }))
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Whether the object's content is the reason: it is truncated, damaged, not encrypted, encrypted with other keys, or not equal to its
    /// source. `false` for failures to read or write it.
    pub fn is_content_error(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::TooShort { .. }
                | ErrorKind::BadMagic
                | ErrorKind::TruncatedBlock { .. }
                | ErrorKind::FailedBlock { .. }
                | ErrorKind::WrongLength { .. }
                | ErrorKind::Differs { .. }
                | ErrorKind::WrongKeys { .. }
        )
    }

    /// The code by which scripts and support know it, in every language; it stays the same when the text changes.
    pub fn code(&self) -> &'static str {
        match self.kind() {
            _ if self.is_content_error() => "DTC-CRYPT-DATA-AT-RISK",
            ErrorKind::Name { .. } => "DTC-CRYPT-NAME",
            ErrorKind::Filter { .. } => "DTC-CRYPT-FILTER",
            ErrorKind::BeyondEnd { .. } => "DTC-CRYPT-RANGE",
            ErrorKind::EmptyPassword => "DTC-CRYPT-PASSWORD",
            ErrorKind::Config(_) => "DTC-CRYPT-CONFIG",
            _ => "DTC-CRYPT-FAILED",
        }
    }
}

impl Error {
    /// Whether an operation on many files ends with this error instead of going on with the next file.
    pub(crate) fn ends_all(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Stopped | ErrorKind::NoRandomness | ErrorKind::WrongKeys { .. })
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, source: None }))
    }
}

/// `Read` and `Write` return the error inside an [`std::io::Error`]; `get_ref` and a downcast recover it.
impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.0.kind).field("source", &self.0.source).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
