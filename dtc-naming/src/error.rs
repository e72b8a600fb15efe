//! What is wrong with a name: the input, the rule, the place, and what to do about it.

use std::fmt;
use std::ops::Range;

/// How much of a long input an error message quotes, in characters.
const QUOTED: usize = 80;

/// A rule of the provisioning standard, as reports and tests cite it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RuleId {
    /// Organisation and location identifiers are UUIDs of an accepted version.
    I2,
    /// The Device GUID is a UUID, lower case, dashed.
    I3,
    /// A bucket is named after its workload and its location.
    N1,
    /// A bucket name obeys B2 and has at most 50 characters.
    N2,
    /// The folder of a pool is `/{device guid}/{pool}`.
    N4,
    /// A pool name obeys ZFS.
    N5,
    /// A task is described as `{Pool} Cloud Backup`.
    N6,
    /// Vault records are labelled after the location.
    N8,
    /// Nothing parses but what was formatted.
    N9,
    /// The older naming scheme is recognised and never created.
    N10,
    /// The encryption password and the salt have sibling records of their own.
    E1a,
}

impl RuleId {
    /// The rule's id as the standard writes it: `"N2"`, `"E1a"`.
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

/// The way in which an input breaks its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is nothing there: an unset field, usually.
    Empty,
    /// It is too short or too long.
    Length,
    /// A character that may not stand where it stands.
    Character,
    /// It is put together differently from what is expected: a part is missing, or not the one expected.
    Shape,
    /// The nil UUID, which identifies nothing.
    Nil,
    /// The max UUID, which identifies nothing.
    Max,
    /// A UUID of a layout that RFC 9562 does not define.
    Variant,
    /// A UUID of a version that is unknown or not accepted.
    Version,
    /// A word that ZFS or B2 keeps for itself, or that would be read as something else.
    Reserved,
    /// A bucket name of the older scheme, where only today's may stand.
    Legacy,
}

impl ErrorKind {
    /// The kind as one lower-case word, for logs and for other languages.
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

/// An input that is not the name it was taken for.
///
/// It keeps the whole input, says which rule of the standard is broken and where, and what to do.
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
    /// What the input was taken for: `"bucket name"`, `"location UUID"`.
    pub fn subject(&self) -> &'static str {
        self.0.subject
    }

    /// The input, whole and as it came.
    pub fn input(&self) -> &str {
        &self.0.input
    }

    /// The rule that the input breaks.
    pub fn rule(&self) -> RuleId {
        self.0.breach.rule
    }

    /// How the input breaks it.
    pub fn kind(&self) -> ErrorKind {
        self.0.breach.kind
    }

    /// Where in the input, in bytes; empty where something is missing. Always a valid range to slice the input with.
    pub fn span(&self) -> Range<usize> {
        self.0.breach.span.clone()
    }

    /// Where in the input, in characters, counted from 0.
    pub fn char_span(&self) -> Range<usize> {
        let characters_before = |byte: usize| self.0.input[..byte].chars().count();
        characters_before(self.0.breach.span.start)..characters_before(self.0.breach.span.end)
    }

    /// What is wrong there.
    pub fn problem(&self) -> &str {
        &self.0.breach.problem
    }

    /// What a person can do about it.
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

/// A broken rule at a place of some text, before it is known what larger input the text is a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) rule: RuleId,
    pub(crate) kind: ErrorKind,
    pub(crate) span: Range<usize>,
    pub(crate) problem: String,
    pub(crate) remedy: &'static str,
}

impl Breach {
    /// The same breach, seen from an input in which its text begins at byte `offset`.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.start + offset..self.span.end + offset;
        self
    }

    /// The error that a caller sees.
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
            remedy: "mend it",
        }
    }

    #[test]
    fn places_are_told_in_characters_counted_from_one() {
        let text = |span| breach(span).of("folder path", "é/b").to_string();
        assert_eq!(text(2..3), "the folder path \"é/b\" breaks rule N4 at character 2: it is odd; mend it");
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
