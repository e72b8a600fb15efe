//! Why a file was not read or not written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::text::TextProblem;

/// Why a file was not read or not written. Its text names the file, and never repeats what is in it.
#[derive(Debug)]
pub struct FileError {
    path: PathBuf,
    kind: Box<FileErrorKind>,
}

/// The reasons, by what a person does about them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// The operating system refuses.
    #[error("{attempted}")]
    Io {
        /// What was attempted, such as `cannot be opened`.
        attempted: &'static str,
        /// The operating system's answer.
        source: io::Error,
    },
    /// It is something else than a file.
    #[error("is {is}, not a regular file")]
    NotAFile {
        /// What it is: `a folder`, `a pipe`, …
        is: &'static str,
    },
    /// It is a symbolic link, and what is written follows none.
    #[error("is a symbolic link, which is not followed when a file is written")]
    Link,
    /// It is larger than any file of its kind.
    #[error("is larger than {limit} bytes, which no file of its kind is")]
    TooLarge {
        /// The largest size that is read.
        limit: u64,
    },
    /// Others than its owner may read it, and it holds a secret.
    #[error("can be read by others than its owner (mode {mode:04o})")]
    Exposed {
        /// Its mode.
        mode: u32,
    },
    /// Everybody may change it.
    #[error("can be changed by everybody (mode {mode:04o})")]
    Alterable {
        /// Its mode.
        mode: u32,
    },
    /// Everybody may put another file in its place.
    #[error("can be replaced by everybody, through the folder {} (mode {mode:04o})", folder.display())]
    Replaceable {
        /// The folder that everybody may write to.
        folder: PathBuf,
        /// The folder's mode.
        mode: u32,
    },
    /// It belongs to another user, who may change it at any time.
    #[error("belongs to another user (user id {owner})")]
    OthersFile {
        /// The owner's user id.
        owner: u32,
    },
    /// What is in it is not text as a person writes it.
    #[error("{0}")]
    NotText(TextProblem),
    /// A new file was to be written, and there is one.
    #[error("exists already, and is left as it is")]
    Exists,
    /// A file of one kind was to be replaced or continued, and what stands there is of another.
    #[error("exists and is not {wanted}: it is left as it is")]
    AnotherKind {
        /// The kind that would be replaced, such as `a saved plan`.
        wanted: &'static str,
    },
}

impl FileError {
    pub(super) fn new(path: &Path, kind: impl Into<FileErrorKind>) -> Self {
        Self { path: path.to_owned(), kind: Box::new(kind.into()) }
    }

    /// Why, taken out of the error.
    pub fn into_kind(self) -> FileErrorKind {
        *self.kind
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why.
    pub fn kind(&self) -> &FileErrorKind {
        &self.kind
    }

    /// Whether owner or mode are the reason: something outside the file's text must be put right.
    pub fn is_access(&self) -> bool {
        use FileErrorKind::{Alterable, Exposed, OthersFile, Replaceable};
        matches!(*self.kind, Exposed { .. } | Alterable { .. } | Replaceable { .. } | OthersFile { .. })
    }

    /// Whether a file stands where one was to be written, and is left as it is.
    pub fn is_in_the_way(&self) -> bool {
        use FileErrorKind::{AnotherKind, Exists, Link, NotAFile};
        matches!(*self.kind, Exists | AnotherKind { .. } | Link | NotAFile { .. })
    }

    /// Whether there is no such file.
    pub fn is_not_found(&self) -> bool {
        matches!(&*self.kind, FileErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether no file can stand at its path: a folder of it is not there or is none, or no file can have such a name.
    pub fn is_no_place(&self) -> bool {
        use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
        let FileErrorKind::Io { source, .. } = &*self.kind else { return false };
        matches!(source.kind(), NotFound | NotADirectory | InvalidFilename)
    }

    /// What a person can do about it, where that is known.
    pub fn remedy(&self) -> Option<String> {
        let path = self.path.display();
        match &*self.kind {
            FileErrorKind::Exposed { .. } => Some(format!("run: chmod 600 {path}")),
            FileErrorKind::Alterable { .. } => {
                Some(format!("make sure that nobody has changed it, then run: chmod go-w {path}"))
            }
            FileErrorKind::Replaceable { folder, .. } => Some(format!(
                "move it into a folder that only you can write to, or run: chmod o-w {}",
                folder.display()
            )),
            FileErrorKind::OthersFile { .. } => Some(format!("run: chown \"$(id -u)\" {path}, or copy it")),
            FileErrorKind::NotText(problem) => problem.remedy().map(str::to_owned),
            FileErrorKind::Exists | FileErrorKind::AnotherKind { .. } | FileErrorKind::Link => {
                Some("name another file, or move that one away".to_owned())
            }
            _ => None,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path.display(), self.kind)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl From<TextProblem> for FileErrorKind {
    fn from(problem: TextProblem) -> Self {
        Self::NotText(problem)
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        let kind = match &*error.kind {
            FileErrorKind::Io { source, .. } => source.kind(),
            FileErrorKind::Exists => io::ErrorKind::AlreadyExists,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
