//! Why a command ended early: what people read of it, and what scripts do.

use std::error::Error as StdError;

use dtc_adapters::ErrorKind as ConnectionErrorKind;
use dtc_provision::{ErrorKind, PortErrorKind};

use crate::exit::Exit;

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
    pub(crate) shown: Vec<String>,
    /// What a person does about it.
    pub(crate) remedy: Option<String>,
}

impl Failure {
    /// A failure that ends like this.
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            sentence: sentence.into(),
            causes: Vec::new(),
            also: Box::default(),
            shown: Vec::new(),
            remedy: None,
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

    /// With the error beneath it, and those beneath that.
    pub(crate) fn caused_by(mut self, cause: impl StdError) -> Self {
        self.causes.push(cause.to_string());
        self.causes.extend(causes(&cause));
        self
    }

    /// With lines to show as they are.
    pub(crate) fn showing(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.shown.extend(lines);
        self
    }

    /// With what a person does about it.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// An error of a library, which ends like this.
    fn of(exit: Exit, error: &dyn StdError, remedy: Option<String>) -> Self {
        Self { causes: causes(error), remedy, ..Self::new(exit, error.to_string()) }
    }
}

/// Every error under this one. One whose text the error above it repeats is left out.
fn causes(error: &dyn StdError) -> Vec<String> {
    let mut above = error.to_string();
    let mut causes = Vec::new();
    for cause in std::iter::successors(error.source(), |&cause| cause.source()) {
        let text = cause.to_string();
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
        let remedy = match error.kind() {
            ErrorKind::Port(error) => remedy_for(error.kind()).map(str::to_owned),
            _ => None,
        };
        let mut failure = Self::of(Exit::from(&error), &error, remedy);
        failure.also = error.also().into();
        failure
    }
}

impl From<dtc_adapters::Error> for Failure {
    fn from(error: dtc_adapters::Error) -> Self {
        let remedy = match error.kind() {
            ConnectionErrorKind::SiteFileUnreadable { source, .. }
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                Some("run dtc init, and fill in the file that it writes".to_owned())
            }
            ConnectionErrorKind::Port(error) => remedy_for(error.kind()).map(str::to_owned),
            _ => error.remedy(),
        };
        Self::of(Exit::from(&error), &error, remedy)
    }
}

impl From<rclone_crypt::Error> for Failure {
    fn from(error: rclone_crypt::Error) -> Self {
        match Exit::from(&error) {
            Exit::Interrupted => crate::interrupt::interrupted(),
            exit => Self::of(exit, &error, None),
        }
    }
}

#[cfg(feature = "demo")]
impl From<simulator::Error> for Failure {
    fn from(error: simulator::Error) -> Self {
        Self::of(Exit::Error, &error, None)
    }
}

/// What to do about a service's failure.
fn remedy_for(kind: PortErrorKind) -> Option<&'static str> {
    match kind {
        PortErrorKind::Unreachable => Some("check the address and the network, then run again"),
        PortErrorKind::Unauthorized => Some("check the key in the site file, and what it is allowed to do"),
        PortErrorKind::OutcomeUnknown => {
            Some("run again: it looks at what has happened before it does anything")
        }
        PortErrorKind::Conflict => Some("run again: somebody else has changed it in the meantime"),
        PortErrorKind::WrongMachine => {
            Some("make sure that it is the right appliance; only then put its certificate into the site file")
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
    }
}
