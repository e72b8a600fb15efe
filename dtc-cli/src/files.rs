//! The files that the program reads and writes for people: which kinds there are, and what is said of one that cannot be used.

use dtc_adapters::files::{FileError, Kind};
use dtc_provision::proofs::consent::RecordedConsent;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;

/// What `dtc plan --out` saves.
pub(crate) const PLAN: Kind = Kind {
    name: "a saved plan",
    is: |text| {
        let plan: Value = serde_json::from_str(text).unwrap_or_default();
        plan["format"].is_u64() && plan["site"].is_object() && plan["fresh"].is_object()
    },
};

/// What `dtc apply --record-consent` writes.
pub(crate) const CONSENTS: Kind = Kind {
    name: "a file of consents",
    is: |text| serde_json::from_str::<Vec<RecordedConsent>>(text).is_ok(),
};

/// What `dtc apply --journal` appends to.
pub(crate) const JOURNAL: Kind = Kind {
    name: "a journal",
    is: |line| {
        let entry: Value = serde_json::from_str(line).unwrap_or_default();
        entry["at"].is_string() && entry["event"].is_string()
    },
};

/// What `--events` appends to.
pub(crate) const EVENTS: Kind = Kind { name: "a file of events", is: JOURNAL.is };

/// What `--transcript` writes.
#[cfg(feature = "demo")]
pub(crate) const TRANSCRIPT: Kind = Kind {
    name: "a transcript",
    is: |line| {
        let exchange: Value = serde_json::from_str(line).unwrap_or_default();
        exchange["service"].is_string() && (exchange["method"].is_string() || exchange["verb"].is_string())
    },
};

/// A file cannot be read; `what` is what was to be read from it.
pub(crate) fn unread(what: &str, error: &FileError) -> Failure {
    let sentence = format!("cannot read {what} from {}", error.path().display());
    let failure = about(Failure::new(Exit::from(error), sentence), error);
    if error.is_no_place() { failure.remedy("correct the path") } else { failure }
}

/// A file cannot be written; `what` is what was to be written to it.
pub(crate) fn unwritten(what: &str, error: &FileError) -> Failure {
    let sentence = format!("cannot write {what} to {}", error.path().display());
    // Another file was meant, or another folder; what the disk refuses is not the arguments' fault.
    let exit = if error.is_in_the_way() || error.is_no_place() { Exit::Usage } else { Exit::Error };
    let failure = about(Failure::new(exit, sentence), error);
    if error.is_no_place() {
        return failure.remedy("make the folder first, or name a file in another one");
    }
    failure
}

fn about(failure: Failure, error: &FileError) -> Failure {
    let failure = failure.caused_by(error);
    match error.remedy() {
        Some(remedy) => failure.remedy(remedy),
        None => failure,
    }
}
