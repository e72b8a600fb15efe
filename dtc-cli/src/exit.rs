//! How the program ends: one exit code for every command, and which error ends with which.

use std::process::ExitCode;

use dtc_adapters::ErrorKind as ConnectionErrorKind;
use dtc_provision::{PortErrorKind, Report, Stop};
use rclone_crypt::ErrorKind as CryptErrorKind;

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
    fn of_report(passed: bool, data_at_risk: bool) -> Self {
        match (passed, data_at_risk) {
            (true, _) => Self::Done,
            (false, true) => Self::DataAtRisk,
            (false, false) => Self::Error,
        }
    }

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
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&dtc_provision::Error> for Exit {
    fn from(error: &dtc_provision::Error) -> Self {
        error.stop().map_or(Self::Error, Self::from)
    }
}

impl From<Stop> for Exit {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Precondition => Self::Precondition,
            Stop::Blocked => Self::Blocked,
            Stop::DataAtRisk => Self::DataAtRisk,
        }
    }
}

impl From<PortErrorKind> for Exit {
    fn from(kind: PortErrorKind) -> Self {
        match kind {
            // Somebody must decide whether the machine at the address is the right one.
            PortErrorKind::WrongMachine => Self::Blocked,
            _ => Self::Error,
        }
    }
}

impl From<&dtc_adapters::Error> for Exit {
    fn from(error: &dtc_adapters::Error) -> Self {
        match error.kind() {
            ConnectionErrorKind::SiteFileUnreadable { .. }
            | ConnectionErrorKind::SiteFileInvalid { .. }
            | ConnectionErrorKind::NotASecretSource { .. } => Self::Usage,
            ConnectionErrorKind::SecretMissing { .. }
            | ConnectionErrorKind::SecretExposed { .. }
            | ConnectionErrorKind::CertificateUnreadable { .. } => Self::Precondition,
            ConnectionErrorKind::Port(error) => error.kind().into(),
            _ => Self::Error,
        }
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
            | CryptErrorKind::EmptyPassword => Self::Usage,
            _ => Self::Error,
        }
    }
}

impl From<&Report> for Exit {
    fn from(report: &Report) -> Self {
        Self::of_report(report.passed(), report.data_at_risk())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_provision::{ErrorKind, PortError, Refusal};

    fn code(kind: impl Into<ErrorKind>) -> u8 {
        Exit::from(&dtc_provision::Error::from(kind.into())).code()
    }

    fn port(kind: PortErrorKind) -> PortError {
        PortError::new(kind, "ask", "no")
    }

    #[test]
    fn a_refusal_ends_as_its_stop_says() {
        let codes = [Refusal::precondition("I2", "a", "b"), Refusal::blocked("I8", "a", "b")].map(code);
        assert_eq!(codes, [4, 5]);
        assert_eq!(code(Refusal::data_at_risk("E4", "a", "b")), 6);
    }

    #[test]
    fn an_error_ends_as_whoever_must_act() {
        let text = String::new;
        assert_eq!(code(ErrorKind::Stale { changed: text() }), 5);
        assert_eq!(code(ErrorKind::ConsentMissing { subject: text(), consequence: text() }), 5);
        assert_eq!(code(ErrorKind::ReadBack { what: text(), difference: text() }), 1);
        for (data_at_risk, expected) in [(true, 6), (false, 1)] {
            assert_eq!(code(ErrorKind::VerificationFailed { failed: Vec::new(), data_at_risk }), expected);
        }
    }

    #[test]
    fn a_service_ends_alike_before_and_after_connecting() {
        for (kind, expected) in [
            (PortErrorKind::WrongMachine, 5),
            (PortErrorKind::Unreachable, 1),
            (PortErrorKind::Unauthorized, 1),
            (PortErrorKind::OutcomeUnknown, 1),
        ] {
            assert_eq!(code(port(kind)), expected, "{kind:?}");
            assert_eq!(Exit::from(&dtc_adapters::Error::from(port(kind))).code(), expected, "{kind:?}");
        }
    }

    #[test]
    fn v5_a_report_ends_as_its_worst_item() {
        let codes = [(true, false), (false, false), (false, true)]
            .map(|(passed, at_risk)| Exit::of_report(passed, at_risk).code());
        assert_eq!(codes, [0, 1, 6]);
    }
}
