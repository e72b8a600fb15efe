//! Why a command ended early: what people read of it, and what scripts do.

use std::error::Error as StdError;

use dtc_adapters::{Connections, ErrorKind as ConnectionErrorKind};
use dtc_provision::proofs::consent::Act;
use dtc_provision::{ErrorKind, PortError, PortErrorKind, Service};
use rclone_crypt::ErrorKind as CryptErrorKind;

use crate::document::document;
use crate::exit::Exit;
use crate::printable::printable;
use crate::remedies::{self, Remedies};

/// Why a command ended early: a sentence, what lies beneath it, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the program ends.
    pub(crate) exit: Exit,
    /// What went wrong, in a sentence.
    pub(crate) sentence: String,
    /// What lies beneath, outermost first.
    pub(crate) causes: Vec<String>,
    /// What else stops the work, a sentence each.
    pub(crate) also: Box<[String]>,
    /// Lines shown under the sentence as they are: a place in a text, the contents of a file to write.
    pub(crate) shown: Box<[String]>,
    /// What a person does about it.
    pub(crate) remedy: Option<String>,
    /// What scripts do about it.
    pub(crate) scripts: Box<ForScripts>,
}

/// What scripts are told of a failure beside its text.
#[derive(Debug)]
pub(crate) struct ForScripts {
    /// By which it is found in `docs/errors.md`.
    pub(crate) code: String,
    /// Whose failure it is, where it is a service's.
    pub(crate) service: Option<(Service, PortErrorKind)>,
    /// Consents that are missing, as a file for `--consent` holds them.
    pub(crate) required_consents: Vec<RequiredConsent>,
}

document! {
    /// A consent that is wanted, as a file for `--consent` holds it.
    pub(crate) struct RequiredConsent {
        /// The act.
        pub(crate) act: Act,
        /// Until when it may be done, in UTC.
        pub(crate) valid_until: String,
    }
}

document! {
    /// What went wrong, or was left out.
    pub(crate) struct Problem<'a> {
        /// The code of `docs/errors.md`.
        code: &'a str,
        /// Whose failure it is, where it is a service's.
        service: Option<Service>,
        /// What went wrong, in a sentence.
        message: &'a str,
        /// What lies beneath, outermost first.
        causes: &'a [String],
        /// What else stops the work, a sentence each.
        also: &'a [String],
        /// Lines to look at: a place in a text, the contents of a file to write.
        shown: &'a [String],
        /// What a person does about it.
        remedy: Option<&'a str>,
        /// Consents that are missing, as a file for `--consent` holds them.
        required_consents: &'a [RequiredConsent],
    }
}

impl Failure {
    /// The failure of a command that was interrupted.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted")
    }

    /// A failure that ends like this.
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            // Here, while the secrets are still known: they may be gone when it is printed.
            sentence: printable(&sentence.into()),
            causes: Vec::new(),
            also: Box::default(),
            shown: Box::default(),
            remedy: None,
            scripts: Box::new(ForScripts {
                code: exit.error_code().to_owned(),
                service: None,
                required_consents: Vec::new(),
            }),
        }
    }

    /// Something that went wrong.
    pub(crate) fn error(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Error, sentence)
    }

    /// Arguments, or a file, that are not understood.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// Standard output did not take what was printed.
    pub(crate) fn lost_output() -> Self {
        Self::error("standard output could not be written")
            .code("DTC-COMMAND-OUTPUT")
            .remedy("look at where it goes, such as a full disk, then run again")
    }

    /// With a code of its own.
    pub(crate) fn code(mut self, code: impl Into<String>) -> Self {
        self.scripts.code = code.into();
        self
    }

    /// With the site file's fields that it is about, where a service of this site failed.
    pub(crate) fn at(mut self, connections: &Connections) -> Self {
        if let Some((service, kind)) = self.scripts.service {
            self.remedy = Remedies::of(connections, service).for_kind(kind).or(self.remedy);
        }
        self
    }

    /// With the file that it is about, in front of its sentence.
    pub(crate) fn about(mut self, path: &std::path::Path) -> Self {
        self.sentence = format!("{}: {}", printable(&path.to_string_lossy()), self.sentence);
        self
    }

    /// With the error beneath it, and those beneath that.
    pub(crate) fn caused_by(mut self, cause: impl StdError) -> Self {
        self.causes.push(printable(&cause.to_string()));
        self.causes.extend(causes(&cause));
        self
    }

    /// With lines to show as they are.
    pub(crate) fn showing(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.shown = self.shown.into_iter().chain(lines).collect();
        self
    }

    /// With what a person does about it.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What scripts read of it, in a document's `error`.
    pub(crate) fn document(&self) -> Problem<'_> {
        Problem {
            code: &self.scripts.code,
            service: self.scripts.service.map(|(service, _)| service),
            message: &self.sentence,
            causes: &self.causes,
            also: &self.also,
            shown: &self.shown,
            remedy: self.remedy.as_deref(),
            required_consents: &self.scripts.required_consents,
        }
    }

    /// An error of a library, which ends like this.
    fn of(exit: Exit, error: &dyn StdError, remedy: Option<String>) -> Self {
        Self { causes: causes(error), remedy, ..Self::new(exit, error.to_string()) }
    }

    /// A service's failure, beneath this error.
    fn of_port(port: &PortError, error: &dyn StdError) -> Self {
        let exit = port.kind().outcome().into();
        let remedy = remedies::anywhere(port.kind()).map(str::to_owned);
        let mut failure = Self::of(exit, error, remedy);
        failure.scripts.service = port.service().map(|service| (service, port.kind()));
        // Of the links between a client's sentence and what really happened, people can use none.
        let innermost = failure.causes.split_off(failure.causes.len().min(1)).pop();
        failure.causes.extend(innermost);
        failure.causes.retain(|cause| !is_for_programmers(cause));
        failure
    }
}

/// Whether a cause is the notation of a programming language rather than a sentence, such as
/// `invalid peer certificate: Other(OtherError(Mismatch { .. }))`.
fn is_for_programmers(cause: &str) -> bool {
    ["Other(", "OtherError(", "Custom {", "Os {", "{ kind:"].iter().any(|notation| cause.contains(notation))
}

/// Every error under this one. One whose text the error above it repeats is left out.
fn causes(error: &dyn StdError) -> Vec<String> {
    let mut above = printable(&error.to_string());
    let mut causes = Vec::new();
    for cause in std::iter::successors(error.source(), |&cause| cause.source()) {
        let text = printable(&cause.to_string());
        if !above.contains(&text) {
            causes.push(text.clone());
        }
        above = text;
    }
    causes
}

impl From<dtc_provision::Error> for Failure {
    fn from(error: dtc_provision::Error) -> Self {
        // Other errors say in their own text what to do.
        let mut failure = match error.kind() {
            ErrorKind::Port(port) => Self::of_port(port, &error),
            _ => Self::of(Exit::from(&error), &error, None),
        };
        failure.also = error.also().iter().map(|also| printable(also)).collect();
        failure.code(error.code())
    }
}

impl From<dtc_adapters::Error> for Failure {
    fn from(error: dtc_adapters::Error) -> Self {
        use std::io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
        let code = error.code();
        let remedy = match error.kind() {
            ConnectionErrorKind::SiteFileUnreadable { source, .. }
                if matches!(source.kind(), NotFound | NotADirectory | InvalidFilename) =>
            {
                Some("run dtc init, and fill in the file that it writes".to_owned())
            }
            ConnectionErrorKind::Port(port) => return Self::of_port(port, &error).code(code),
            _ => error.remedy(),
        };
        Self::of(Exit::from(&error), &error, remedy).code(code)
    }
}

impl From<rclone_crypt::Error> for Failure {
    fn from(error: rclone_crypt::Error) -> Self {
        match Exit::from(&error) {
            Exit::Interrupted => Self::interrupted(),
            exit => {
                let remedy = remedy_for_crypt(error.kind()).map(str::to_owned);
                Self::of(exit, &error, remedy).code(error.code())
            }
        }
    }
}

/// Arguments that the parser refuses. Its first paragraph says why; the others show what it takes.
impl From<&clap::Error> for Failure {
    fn from(error: &clap::Error) -> Self {
        use clap::error::ErrorKind::{DisplayHelpOnMissingArgumentOrSubcommand, MissingSubcommand};
        if matches!(error.kind(), DisplayHelpOnMissingArgumentOrSubcommand | MissingSubcommand) {
            return Self::usage("a command is missing").remedy("name one of those that --help lists");
        }
        let text = error.to_string();
        let (first, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
        let first: Vec<&str> = first.split_whitespace().collect();
        let sentence = first.join(" ");
        let lines = rest.lines().map(str::trim).filter(|line| !line.is_empty());
        Self::usage(sentence.trim_start_matches("error: ")).showing(lines.map(printable))
    }
}

#[cfg(feature = "demo")]
impl From<simulator::Error> for Failure {
    fn from(error: simulator::Error) -> Self {
        Self::of(Exit::Error, &error, None)
    }
}

fn remedy_for_crypt(kind: &CryptErrorKind) -> Option<&'static str> {
    match kind {
        CryptErrorKind::WrongKeys { .. } => {
            Some("give the encryption password and the salt that the vault holds for this backup")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_provision::PortError;

    #[test]
    fn a_cause_is_shown_once() {
        let beneath = PortError::new(PortErrorKind::Unreachable, "resolve", "no such host");
        let middle = PortError::new(PortErrorKind::Unreachable, "connect", "resolve: no such host");
        let error = PortError::new(PortErrorKind::Unreachable, "ask", "no answer");
        let failure = Failure::from(dtc_provision::Error::from(error.caused_by(middle.caused_by(beneath))));
        assert_eq!(failure.sentence, "ask: no answer");
        assert_eq!(failure.causes, ["connect: resolve: no such host"]);
        assert!(failure.remedy.unwrap().contains("network"));
        assert_eq!(failure.scripts.code, "DTC-SERVICE-UNREACHABLE");
    }

    /// A chain as http-core, reqwest and hyper make it: what happened is the innermost, and the links before it say nothing.
    #[test]
    fn the_innermost_cause_is_shown_and_not_the_links_before_it() {
        let chain = |texts: &[&str]| {
            texts.iter().rev().fold(None, |beneath: Option<PortError>, text| {
                let error = PortError::new(PortErrorKind::Unreachable, *text, "no");
                Some(match beneath {
                    Some(beneath) => error.caused_by(beneath),
                    None => error,
                })
            })
        };
        let links = [
            "ask",
            "Backblaze B2 got no answer",
            "error sending request",
            "client error (Connect)",
            "refused",
        ];
        let failure = Failure::from(dtc_provision::Error::from(chain(&links).unwrap()));
        assert_eq!(failure.causes, ["Backblaze B2 got no answer: no", "refused: no"]);
        let links = ["ask", "invalid peer certificate: Other(OtherError(Mismatch))"];
        assert!(Failure::from(dtc_provision::Error::from(chain(&links).unwrap())).causes.is_empty());
    }
}
