//! The crate's one error: what was attempted, on what, and what came back.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong in one operation of this crate; one word wide, never a secret in it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a caller can tell apart.
///
/// The first four are the verdicts on an object's contents, in the order in which they are reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The object is shorter than the 32-byte header: cut, or never encrypted.
    #[error("the object holds {len} bytes, fewer than the 32 of an encrypted file's header")]
    TooShort {
        /// How many bytes there were.
        len: u64,
    },
    /// The object does not begin with rclone's magic: plaintext, or another format.
    #[error("the object does not begin with rclone's magic bytes: it is not encrypted in this format")]
    BadMagic,
    /// The object ends inside a block's tag, or directly after it.
    #[error("block {block} holds only {len} bytes, not even a tag and one byte: the object was cut")]
    TruncatedBlock {
        /// The block's number, from 0.
        block: u64,
        /// How many stored bytes of it there were, 1 to 16.
        len: usize,
    },
    /// A block's tag does not match its bytes under these keys.
    ///
    /// In block 0 of every object: another password or salt. In some objects only, or in a later block: damage.
    #[error("block {block} does not authenticate: another password or salt, or damage")]
    FailedBlock {
        /// The block's number, from 0.
        block: u64,
    },
    /// Every block was good, but the file is not as long as it is known to be from elsewhere.
    #[error(
        "the file decrypts to {found} bytes where {expected} were expected: cut at a block boundary, or another file"
    )]
    WrongLength {
        /// The plain length stated by the caller.
        expected: u64,
        /// The plain length found.
        found: u64,
    },
    /// An object is not what its source encrypts to: the source changed, the keys are others, or the object is damaged.
    #[error("the object is not its source encrypted under these keys{}", at.map(|at| format!(": byte {at} differs")).unwrap_or_default())]
    Differs {
        /// The first plain byte that differs, where contents were compared.
        at: Option<u64>,
    },
    /// A range begins behind the end of the file.
    #[error("offset {offset} lies behind the file's end at {len}")]
    BeyondEnd {
        /// The plain offset that was asked for.
        offset: u64,
        /// The plain length of the file.
        len: u64,
    },
    /// A block was given that is no whole block: more than 65552 stored bytes, or nothing at all.
    #[error("{len} bytes were given as one block; a block is 17 to 65552 bytes as stored")]
    NotABlock {
        /// How many bytes were given.
        len: usize,
    },
    /// The password is empty; rclone would take it for an all-zero key.
    #[error("the encryption password is empty, which would mean a key of zeros: give the real one")]
    EmptyPassword,
    /// A text given as obscured is not.
    #[error("the text is not an obscured one: {reason}")]
    NotObscured {
        /// Why it cannot be revealed.
        reason: &'static str,
    },
    /// A name cannot be encoded or decoded.
    #[error("the name {name:?} {reason}")]
    Name {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: NameFault,
    },
    /// A filter rule is one that rclone refuses.
    #[error("the filter rule {rule:?} {reason}")]
    Filter {
        /// The rule or its pattern, as given.
        rule: String,
        /// What is wrong with it.
        reason: FilterFault,
    },
    /// A file or folder of a catalogue could not be used.
    #[error("could not {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// On which file.
        path: std::path::PathBuf,
    },
    /// The reader underneath failed.
    #[error("reading the {what} failed")]
    Read {
        /// Which input was read.
        what: &'static str,
    },
    /// The writer underneath failed.
    #[error("writing the {what} failed")]
    Write {
        /// Which output was written.
        what: &'static str,
    },
    /// Work on a catalogue was stopped by whoever was told of its progress.
    #[error("stopped before the end, as asked")]
    Stopped,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes for a nonce")]
    NoRandomness,
}

/// Why a name is not one that rclone would read or write in the mode at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameFault {
    /// Mode off: the stored name does not end in the suffix, or is nothing but the suffix.
    #[error("does not end in the suffix of encrypted files, or is nothing else")]
    NoSuffix,
    /// The text is not of the name encoding's alphabet or length.
    #[error("is not text of the chosen name encoding")]
    BadEncoding,
    /// The encrypted bytes are not a whole number of AES blocks, or none, or more than 2048 bytes.
    #[error("is not a whole number of cipher blocks, up to 2048 bytes")]
    BadLength,
    /// The padding is wrong: another password or salt, or not a name of this remote.
    #[error("does not decrypt under these keys")]
    BadPadding,
    /// Mode obfuscate: the rotation's number or a quoted character is malformed.
    #[error("is not an obfuscated name")]
    NotObfuscated,
    /// The decrypted name is not UTF-8; ask for it as bytes.
    #[error("is not UTF-8 once decoded")]
    NotUtf8,
}

/// Why a filter rule is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterFault {
    /// The line is neither a rule nor a comment.
    #[error("begins with neither `+ ` nor `- `")]
    NoRule,
    /// More than two stars in a row.
    #[error("has more than two stars in a row")]
    Stars,
    /// Brackets that do not match.
    #[error("has brackets that do not match")]
    Brackets,
    /// Braces that do not match.
    #[error("has braces that do not match")]
    Braces,
    /// No regular expression comes of it.
    #[error("holds a malformed class or expression")]
    BadExpression,
}

impl Error {
    pub(crate) fn with_source(kind: ErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Inner { kind, source: Some(source.into()) }))
    }

    /// What went wrong, as something to act on.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Whether the verdict is on the object's bytes (cut, foreign, wrong keys or damaged), not on the way to them.
    pub fn is_verdict(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::TooShort { .. }
                | ErrorKind::BadMagic
                | ErrorKind::TruncatedBlock { .. }
                | ErrorKind::FailedBlock { .. }
                | ErrorKind::WrongLength { .. }
                | ErrorKind::Differs { .. }
        )
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, source: None }))
    }
}

/// The error travels through `Read` and `Write` inside an `io::Error`; `get_ref` and a downcast bring it back.
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
