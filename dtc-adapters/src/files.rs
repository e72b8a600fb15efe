//! The one reader for text that people write, and the one writer for files that the program writes.
//!
//! What an editor, a shell or a mail program does to a text on its way into a file or a variable is undone or refused here,
//! so that the same text is the same value however it was saved. What is written is written whole or not at all, for
//! nobody but its owner, and never over a file of another kind.
//!
//! ```no_run
//! use dtc_adapters::files::{self, Guard, Limit};
//! use std::path::Path;
//!
//! let text = files::read_text(Path::new("consents.json"), Guard::Settings, Limit::SETTINGS)?;
//! # Ok::<(), dtc_adapters::files::FileError>(())
//! ```
//!
//! # What is checked of owner and mode
//!
//! On Unix: a file with a secret may be opened by its owner only; no file that is trusted may be changed by everybody,
//! nor stand below a folder in which everybody may replace it; its owner is whoever runs the program, or root. Elsewhere, Windows
//! included, there is no mode, and access lists are not read: there it is checked that it is a regular file of a
//! permitted size and of well-formed text, and nothing else. Keep secrets in a folder of your own profile there.
//!
//! On Unix a secret may also come through a pipe, which is waited for and read up to the size that a secret may have: a named pipe,
//! to which the same rules apply as to a file, standard input, or one that a shell hands over (`<(…)`), which others cannot reach.

mod access;
mod error;
#[cfg(unix)]
mod pipe;
mod read;
mod text;
mod writable;
mod write;

pub use access::Guard;
pub use error::{FileError, FileErrorKind};
pub use read::{Limit, read_text};
pub use text::{TextProblem, one_line, unmarked};
pub(crate) use text::{is_invisible, position_after};
pub(crate) use writable::check_writable;
pub use write::{Appended, Kind, Replacement, check_new, create_folder, write_new};
