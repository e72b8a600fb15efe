//! The error type: the input, the broken rule, the position, and the remedy.

use std::fmt;
use std::ops::Range;

/// The number of characters of a long input that an error message quotes.
const QUOTED: usize = 80;

/// A rule of the provisioning standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RuleId {
    /// Organisation and location identifiers are UUIDs of an accepted version.
    I2,
    /// The Device GUID is a UUID in lower case with dashes.
    I3,
    /// A bucket is named after its workload and its location.
    N1,
    /// A bucket name obeys B2's rules and has at most 50 characters.
    N2,
    /// The folder of a pool is `/{device guid}/{pool}`.
    N4,
    /// A pool name obeys ZFS's rules.
    N5,
    /// The description of a task is `{Pool} Cloud Backup`.
    N6,
    /// The labels of vault records contain the location.
    N8,
    /// Only text that formatting produces can be parsed.
    N9,
    /// The legacy form of bucket names is recognised but never created.
    N10,
    /// The encryption password and the salt have vault records of their own.
    E1a,
}

impl RuleId {
    /// Returns the id of the rule in the standard, such as `"N2"` or `"E1a"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::I2 => "I2",
            Self::I3 => "I3",
            Self::N1 => "N1",
            Self::N2 => "N2",
            Self::N4 => "N4",
            Self::N5 => "N5",
            Self::N6 => "N6",
            Self::N8 => "N8",
            Self::N9 => "N9",
            Self::N10 => "N10",
            Self::E1a => "E1a",
        }
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kinds of [`Error`]: how an input breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is empty, for example an unset field.
    Empty,
    /// The input is too short or too long.
    Length,
    /// A character is not allowed at its position.
    Character,
    /// The input does not have the expected structure: a part is missing or is not the expected one.
    Shape,
    /// The nil UUID, which identifies nothing.
    Nil,
    /// The max UUID, which identifies nothing.
    Max,
    /// A UUID with a variant other than that of RFC 9562.
    Variant,
    /// A UUID with a version that is unknown or not accepted.
    Version,
    /// A word that ZFS or B2 reserves, or that would be parsed as something else.
    Reserved,
    /// A bucket name of the legacy form where only the current form is allowed.
    Legacy,
}

impl ErrorKind {
    /// Returns the kind as a lower-case word, for logs and for bindings to other languages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length => "length",
            Self::Character => "character",
            Self::Shape => "shape",
            Self::Nil => "nil",
            Self::Max => "max",
            Self::Variant => "variant",
            Self::Version => "version",
            Self::Reserved => "reserved",
            Self::Legacy => "legacy",
        }
    }
}

/// The error of parsing or checking a name.
///
/// It contains the whole input, the rule of the standard that it breaks, the position, and the remedy.
///
/// ```
/// use dtc_naming::{BucketName, ErrorKind, RuleId};
///
/// let error = BucketName::parse("truenas-a1b2c3d4e5f670718293a4b5c6d7e8fG").unwrap_err();
/// assert_eq!(error.rule(), RuleId::N1);
/// assert_eq!(error.kind(), ErrorKind::Character);
/// assert_eq!(&error.input()[error.span()], "G");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    subject: &'static str,
    input: String,
    breach: Breach,
}

impl Error {
    /// Returns what the input was parsed as, such as `"bucket name"` or `"location UUID"`.
    pub fn subject(&self) -> &'static str {
        self.0.subject
    }

    /// Returns the whole input, unchanged.
    pub fn input(&self) -> &str {
        &self.0.input
    }

    /// Returns the rule that the input breaks.
    pub fn rule(&self) -> RuleId {
        self.0.breach.rule
    }

    /// Returns how the input breaks the rule.
    pub fn kind(&self) -> ErrorKind {
        self.0.breach.kind
    }

    /// Returns the position in the input, in bytes; empty where something is missing. The input can always be sliced with it.
    pub fn span(&self) -> Range<usize> {
        self.0.breach.span.clone()
    }

    /// Returns the position in the input, in characters counted from 0.
    pub fn char_span(&self) -> Range<usize> {
        let characters_before = |byte: usize| self.0.input[..byte].chars().count();
        characters_before(self.0.breach.span.start)..characters_before(self.0.breach.span.end)
    }

    /// Returns what is wrong at this position.
    pub fn problem(&self) -> &str {
        &self.0.breach.problem
    }

    /// Returns what a person can do about it.
    pub fn remedy(&self) -> &'static str {
        self.0.breach.remedy
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { subject, input, breach } = &*self.0;
        let quoted: String = input.chars().take(QUOTED).collect();
        let more = if quoted.len() < input.len() { "…" } else { "" };
        write!(f, "the {subject} {quoted:?}{more} breaks rule {}", breach.rule)?;
        let at = self.char_span();
        match at.len() {
            _ if input.is_empty() || at == (0..input.chars().count()) => {}
            0 if breach.span.start == input.len() => write!(f, " at its end")?,
            0 | 1 => write!(f, " at character {}", at.start + 1)?,
            _ => write!(f, " at characters {} to {}", at.start + 1, at.end)?,
        }
        write!(f, ": {}; {}", breach.problem, breach.remedy)
    }
}

impl std::error::Error for Error {}

/// A broken rule at a position of a text, which may be part of a longer input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) rule: RuleId,
    pub(crate) kind: ErrorKind,
    pub(crate) span: Range<usize>,
    pub(crate) problem: String,
    pub(crate) remedy: &'static str,
}

impl Breach {
    /// The same breach in an input in which the text begins at byte `offset`.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.start + offset..self.span.end + offset;
        self
    }

    /// Converts the breach to an error.
    pub(crate) fn of(self, subject: &'static str, input: &str) -> Error {
        Error(Box::new(Inner { subject, input: input.to_owned(), breach: self }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breach(span: Range<usize>) -> Breach {
        Breach {
            rule: RuleId::N4,
            kind: ErrorKind::Shape,
            span,
            problem: "it is odd".to_owned(),
            remedy: "correct it",
        }
    }

    #[test]
    fn positions_are_characters_counted_from_one() {
        let text = |span| breach(span).of("folder path", "é/b").to_string();
        assert_eq!(
            text(2..3),
            "the folder path \"é/b\" breaks rule N4 at character 2: it is odd; correct it"
        );
        assert!(text(2..4).contains("at characters 2 to 3"));
        assert!(text(4..4).contains("at its end"));
        assert!(text(0..4).contains("rule N4: it is odd"));
        assert_eq!(breach(2..4).of("folder path", "é/b").char_span(), 1..3);
    }

    #[test]
    fn long_and_unprintable_inputs_stay_one_short_line() {
        let text = breach(0..1).of("pool name", &"\n".repeat(5000)).to_string();
        assert!(text.len() < 300 && !text.contains('\n') && text.contains('…'), "{text}");
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
