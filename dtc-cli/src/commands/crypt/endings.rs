//! How the commands of `dtc crypt` end where not all is as it should be: each with its code.

use crate::exit::Exit;
use crate::failure::Failure;

/// Something is damaged or does not open.
pub(super) fn data_at_risk(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::DataAtRisk, sentence).code("DTC-CRYPT-DATA-AT-RISK").remedy(
        "check password and salt first, if nothing opens; else fetch the objects that are named again, or an older version of them",
    )
}

/// What is stored is not what its source is.
pub(super) fn differs(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Differs, sentence).code("DTC-CRYPT-DIFFERS")
}

/// Part of it was not done.
pub(super) fn incomplete(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Incomplete, sentence).code("DTC-CRYPT-INCOMPLETE")
}

/// A folder of which no file is one of this remote.
pub(super) fn foreign_only() -> Failure {
    Failure::error("no name in the folder is one of this remote")
        .code("DTC-CRYPT-FOREIGN")
        .remedy("check --names, the password and the salt, and whether it is the right folder")
}
