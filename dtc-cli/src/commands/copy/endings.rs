//! How the commands of `dtc copy` end where not all is as it should be: each with its code.

use dtc_provision::copy::{Encryption, StepFailure, StepFailureKind, Transfer};

use crate::commands::crypt::findings::finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, Line, QUIET, Screen};
use crate::view::{bytes, count};

/// A step did not end as it should.
pub(crate) fn step(failure: &StepFailure) -> Failure {
    let code = match failure.kind {
        StepFailureKind::NotStarted => "DTC-COPY-PROGRAM",
        StepFailureKind::Unreachable => "DTC-COPY-UNREACHABLE",
        StepFailureKind::WrongHost => "DTC-COPY-HOST",
        _ => "DTC-COPY-INCOMPLETE",
    };
    let exit = failure.kind.outcome().into();
    Failure::new(exit, &failure.reason).code(code).remedy(&failure.remedy)
}

/// Part of it was not done.
pub(super) fn incomplete(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Incomplete, sentence).code("DTC-COPY-INCOMPLETE")
}

/// The destination is not as the catalogue.
pub(super) fn differs(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Differs, sentence).code("DTC-COPY-DIFFERS")
}

/// What the first step did, for people.
pub(crate) fn show_encryption(screen: &Screen, step: &Encryption, dry: bool) {
    for failed in &step.failed {
        finding(screen, CHANGED, "FAIL", &format!("{}: {}", seen(&failed.path), failed.reason));
    }
    for skipped in &step.skipped {
        finding(screen, QUIET, "note", &format!("{}: no file, which no copy has", seen(skipped)));
    }
    let word = if dry { "Would encrypt: " } else { "Encrypted: " };
    said(
        screen,
        step.failure.is_none() && step.failed.is_empty(),
        word,
        step.written,
        step.bytes,
        step.removed,
    );
}

/// What rsync did, for people: what is said of the whole, and of a file that is not there.
pub(crate) fn show_transfer(screen: &Screen, step: &Transfer, word: &str, of_missing: &str) {
    for missing in &step.missing {
        finding(screen, CHANGED, "?   ", &format!("{}: {of_missing}", seen(missing)));
    }
    said(screen, step.failure.is_none(), word, step.files, step.bytes, step.removed);
}

fn said(screen: &Screen, good: bool, word: &str, files: u64, length: u64, removed: u64) {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let deleted = match removed {
        0 => String::new(),
        removed => format!("; {} deleted", count(number(removed), "file", "files")),
    };
    let what = format!("{}, {}{deleted}", count(number(files), "file", "files"), bytes(length));
    let style = if good { crate::screen::GOOD } else { BAD };
    screen.say(Line::new().styled(style, word).plain(what + "."));
}

/// A path for people.
pub(super) fn seen(text: &str) -> String {
    safe_text::visible(text).into_owned()
}
