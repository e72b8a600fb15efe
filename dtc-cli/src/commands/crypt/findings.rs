//! How what was found is shown to people, and to scripts.

use std::path::PathBuf;

use anstyle::Style;
use rclone_crypt::{Error, Skipped};

use crate::document::document;
use crate::screen::{Line, Screen};
use crate::view::{ExactPath, exact};

/// An error, and what is beneath it.
pub(crate) fn reason(error: &Error) -> String {
    let beneath = std::iter::successors(std::error::Error::source(error), |&cause| cause.source());
    beneath.fold(error.to_string(), |reason, cause| format!("{reason}: {cause}"))
}

/// A line of its own, with a mark.
pub(crate) fn finding(screen: &Screen, style: Style, mark: &str, text: &str) {
    screen.paragraph(Line::from("  ").styled(style, mark).plain(" "), 7, Style::new(), text);
}

/// Paths, each exactly.
pub(crate) fn listed(paths: &[PathBuf]) -> Vec<ExactPath> {
    paths.iter().map(|path| exact(path)).collect()
}

document! {
    /// What no backup has.
    pub(crate) struct SkippedPath {
        /// The path relative to the folder.
        path: ExactPath,
        /// What it is, such as a symbolic link.
        what: &'static str,
    }
}

document! {
    /// A file or a folder that could not be read, or is not what it must be.
    pub(crate) struct UnreadPath {
        /// The path relative to the folder.
        pub(crate) path: ExactPath,
        /// Why.
        pub(crate) reason: String,
    }
}

/// What no backup has, and why.
pub(crate) fn skipped(skipped: &[Skipped]) -> Vec<SkippedPath> {
    let one = |skipped: &Skipped| SkippedPath { path: exact(&skipped.path), what: skipped.what };
    skipped.iter().map(one).collect()
}
