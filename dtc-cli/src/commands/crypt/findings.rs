//! How what was found is shown to people, and to scripts.

use std::path::PathBuf;

use anstyle::Style;
use rclone_crypt::{Error, Skipped};
use serde_json::{Value, json};

use crate::screen::{Line, Screen};
use crate::view::exact;

/// An error, and what is beneath it.
pub(super) fn reason(error: &Error) -> String {
    let beneath = std::iter::successors(std::error::Error::source(error), |&cause| cause.source());
    beneath.fold(error.to_string(), |reason, cause| format!("{reason}: {cause}"))
}

/// A line of its own, with a mark.
pub(super) fn finding(screen: &Screen, style: Style, mark: &str, text: &str) {
    screen.paragraph(Line::from("  ").styled(style, mark).plain(" "), 7, Style::new(), text);
}

/// Paths, each exactly.
pub(super) fn listed(paths: &[PathBuf]) -> Vec<Value> {
    paths.iter().map(|path| exact(path)).collect()
}

/// What no backup has, and why.
pub(super) fn skipped(skipped: &[Skipped]) -> Vec<Value> {
    let one = |skipped: &Skipped| json!({ "path": exact(&skipped.path), "what": skipped.what });
    skipped.iter().map(one).collect()
}
