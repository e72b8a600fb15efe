//! How the program ends: one exit code for every command, and which error ends with which.

use std::process::ExitCode;

use dtc_adapters::ErrorKind as ConnectionErrorKind;
use dtc_provision::{Outcome, Report};
use rclone_crypt::ErrorKind as CryptErrorKind;
use serde::{Serialize, Serializer};

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As it should be: done, or nothing to do.
    Done,
    /// Something went wrong.
    Error,
    /// There is something to do, or something is not as the standard wants it.
    Differs,
    /// The arguments, or a file that they name, are not understood.
    Usage,
    /// Something outside must be put right first.
    Precondition,
    /// Somebody must decide first.
    Blocked,
    /// What was backed up cannot be recovered, or could be lost.
    DataAtRisk,
    /// Part of it could not be done or checked.
    Incomplete,
    /// Interrupted by Ctrl-C.
    Interrupted,
}

/// Every exit with its code, its name for scripts, and what it means: the one table, which the help, the README and the
/// Python package repeat.
pub(crate) const EXITS: [(Exit, u8, &str, &str); 9] = [
    (Exit::Done, 0, "done", "as it should be: done, or nothing to do"),
    (Exit::Error, 1, "error", "error"),
    (Exit::Differs, 2, "differs", "differs from the standard: changes are pending, or an item fails"),
    (Exit::Usage, 3, "usage", "the arguments or a file are not understood; nothing was sent"),
    (
        Exit::Precondition,
        4,
        "precondition",
        "something outside must be put right first: a service is unreachable, a key is refused, a role is missing",
    ),
    (
        Exit::Blocked,
        5,
        "decision",
        "somebody must decide first: a consent, a stale plan, another certificate",
    ),
    (
        Exit::DataAtRisk,
        6,
        "data_at_risk",
        "data is at risk: what was backed up does not open, or could be lost",
    ),
    (
        Exit::Incomplete,
        7,
        "incomplete",
        "part of it could not be done or checked, as where its time was over",
    ),
    (Exit::Interrupted, 130, "interrupted", "interrupted"),
];

/// What the help says of the exit codes.
pub(crate) fn help() -> String {
    let lines = EXITS.iter().map(|(_, code, _, meaning)| format!("\n  {code:>3}  {meaning}"));
    let lines: String = lines.collect();
    format!(
        "Exit codes:{lines}\n\nA run that could not start, or an apply that cannot go on, ends with 3, 4, 5 or 1; any other with the worst of 6, 5, 2, 7, in \
         that order."
    )
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        self.row().0
    }

    /// What scripts call it.
    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (u8, &'static str) {
        let row = EXITS.iter().find(|(exit, ..)| *exit == self);
        row.map_or((1, "error"), |(_, code, name, _)| (*code, name))
    }

    /// The code of an error that ends like this and has none of its own.
    pub(crate) fn error_code(self) -> &'static str {
        match self {
            Self::Usage => "DTC-COMMAND-ARGUMENTS",
            Self::Precondition => "DTC-COMMAND-PRECONDITION",
            Self::Blocked => "DTC-COMMAND-DECISION",
            Self::DataAtRisk => "DTC-COMMAND-DATA-AT-RISK",
            Self::Incomplete => "DTC-COMMAND-INCOMPLETE",
            Self::Interrupted => "DTC-COMMAND-INTERRUPTED",
            Self::Done | Self::Error | Self::Differs => "DTC-COMMAND-FAILED",
        }
    }
}

/// What scripts call it.
impl Serialize for Exit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::AsItShouldBe => Self::Done,
            Outcome::Error => Self::Error,
            Outcome::Differs => Self::Differs,
            Outcome::Precondition => Self::Precondition,
            Outcome::Blocked => Self::Blocked,
            Outcome::DataAtRisk => Self::DataAtRisk,
            Outcome::Incomplete => Self::Incomplete,
        }
    }
}

impl From<&dtc_provision::Error> for Exit {
    fn from(error: &dtc_provision::Error) -> Self {
        error.outcome().into()
    }
}

impl From<&dtc_adapters::Error> for Exit {
    fn from(error: &dtc_adapters::Error) -> Self {
        match error.kind() {
            ConnectionErrorKind::SiteFileUnreadable { .. }
            | ConnectionErrorKind::SiteFileInvalid { .. }
            | ConnectionErrorKind::SavedRecordIncomplete { .. }
            | ConnectionErrorKind::NoSuchAppliance { .. }
            | ConnectionErrorKind::NoSuchReplication { .. }
            | ConnectionErrorKind::JobFileInvalid { .. }
            | ConnectionErrorKind::RcloneConfig { .. }
            | ConnectionErrorKind::NotASecretSource { .. } => Self::Usage,
            ConnectionErrorKind::SecretMissing { .. }
            | ConnectionErrorKind::SecretExposed { .. }
            | ConnectionErrorKind::SecretUnusable { .. }
            | ConnectionErrorKind::OnePassword { .. }
            | ConnectionErrorKind::Secrets(_)
            | ConnectionErrorKind::CertificateUnreadable { .. } => Self::Precondition,
            ConnectionErrorKind::FileRefused(error) => error.into(),
            ConnectionErrorKind::Port(error) => error.kind().outcome().into(),
            _ => Self::Error,
        }
    }
}

impl From<&dtc_adapters::files::FileError> for Exit {
    /// A file that somebody else may change is put right outside; one that is absent, or is no such file, was named by mistake.
    fn from(error: &dtc_adapters::files::FileError) -> Self {
        if error.is_access() { Self::Precondition } else { Self::Usage }
    }
}

impl From<&rclone_crypt::Error> for Exit {
    fn from(error: &rclone_crypt::Error) -> Self {
        match error.kind() {
            _ if error.is_content_error() => Self::DataAtRisk,
            CryptErrorKind::Stopped => Self::Interrupted,
            CryptErrorKind::Name { .. }
            | CryptErrorKind::Filter { .. }
            | CryptErrorKind::BeyondEnd { .. }
            | CryptErrorKind::Config(_)
            | CryptErrorKind::EmptyPassword => Self::Usage,
            _ => Self::Error,
        }
    }
}

impl From<&Report> for Exit {
    fn from(report: &Report) -> Self {
        report.outcome().into()
    }
}

#[cfg(test)]
mod tests;
