//! How the program ends: what it says to scripts, and what it says to people.

use std::error::Error as StdError;
use std::process::ExitCode;

use dtc_provision::{ErrorKind, PortErrorKind};

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Something went wrong.
    Error,
    /// There is something to do.
    ChangesPending,
    /// The arguments, or a file that they name, are not understood.
    Usage,
    /// Something outside must be put right first.
    Precondition,
    /// Somebody must decide first.
    Blocked,
    /// What was backed up cannot be recovered, or could be lost.
    DataAtRisk,
    /// Interrupted by Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::ChangesPending => 2,
            Self::Usage => 3,
            Self::Precondition => 4,
            Self::Blocked => 5,
            Self::DataAtRisk => 6,
            Self::Interrupted => 130,
        }
    }

    /// The exit for a code that `dtc-provision` gives.
    pub(crate) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            2 => Self::ChangesPending,
            4 => Self::Precondition,
            5 => Self::Blocked,
            6 => Self::DataAtRisk,
            _ => Self::Error,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command ended early: a sentence, what lies beneath it, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the program ends.
    pub(crate) exit: Exit,
    /// What went wrong, in a sentence.
    pub(crate) sentence: String,
    /// What lies beneath, outermost first.
    pub(crate) causes: Vec<String>,
    /// Lines shown under the sentence as they are: a place in a text, the contents of a file to write.
    pub(crate) shown: Vec<String>,
    /// What to do.
    pub(crate) mend: Option<String>,
}

impl Failure {
    /// A failure that ends like this.
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentence: sentence.into(), causes: Vec::new(), shown: Vec::new(), mend: None }
    }

    /// Something that went wrong.
    pub(crate) fn error(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Error, sentence)
    }

    /// Arguments, or a file, that are not understood.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// With the error beneath it, and those beneath that.
    pub(crate) fn caused_by(mut self, cause: impl StdError) -> Self {
        self.causes.push(cause.to_string());
        self.causes.extend(beneath(&cause));
        self
    }

    /// With lines to show as they are.
    pub(crate) fn showing(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.shown.extend(lines);
        self
    }

    /// With what to do.
    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}

/// Every error under this one; one that says what the one above it says already is left out.
fn beneath(error: &dyn StdError) -> Vec<String> {
    let mut above = error.to_string();
    let mut causes = Vec::new();
    for cause in std::iter::successors(error.source(), |&cause| cause.source()) {
        let told = cause.to_string();
        if !above.contains(&told) {
            causes.push(told.clone());
        }
        above = told;
    }
    causes
}

impl From<dtc_provision::Error> for Failure {
    fn from(error: dtc_provision::Error) -> Self {
        let mut failure = Self::new(Exit::from_code(error.exit_code()), error.to_string());
        failure.causes = beneath(&error);
        failure.mend = to_do(&error).map(str::to_owned);
        failure
    }
}

/// What to do about a service's failure; other errors say it themselves.
fn to_do(error: &dtc_provision::Error) -> Option<&'static str> {
    let ErrorKind::Port(error) = error.kind() else { return None };
    match error.kind() {
        PortErrorKind::Unreachable => Some("check the address and the line to it, then run again"),
        PortErrorKind::Unauthorized => Some("check the key in the site file, and what it may do"),
        PortErrorKind::OutcomeUnknown => {
            Some("run again: it looks at what has happened before it does anything")
        }
        PortErrorKind::Conflict => Some("run again: somebody else has changed it meanwhile"),
        PortErrorKind::WrongMachine => {
            Some("make sure that it is the right box; only then put its certificate into the site file")
        }
        _ => None,
    }
}

impl From<dtc_provision::Refusal> for Failure {
    fn from(refusal: dtc_provision::Refusal) -> Self {
        dtc_provision::Error::from(dtc_provision::ErrorKind::from(refusal)).into()
    }
}

impl From<simulator::Error> for Failure {
    fn from(error: simulator::Error) -> Self {
        let mut failure = Self::error(error.to_string());
        failure.causes = beneath(&error);
        failure
    }
}
