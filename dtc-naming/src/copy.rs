//! The names of encrypted copies without an appliance, and the labels of their records in the password vault.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::text_form::text_form;
use crate::vault::breaks_a_line;

// The dash is U+2014 and the dot U+00B7, each between spaces, as in the other labels.
const COPY: &str = "Encrypted Copy — ";
const SALT: &str = " · Encryption Salt";

/// The name of a copy job, which labels contain.
///
/// Parsing removes white space around the name. A name that ends like the label of the salt's record is refused, because its label
/// would be read as that one.
///
/// ```
/// use dtc_naming::JobName;
///
/// assert_eq!(" Documents ".parse::<JobName>()?.as_str(), "Documents");
/// assert!("Documents · Encryption Salt".parse::<JobName>().is_err());
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobName(String);

impl JobName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Result<Self, Breach> {
        const REMEDY: &str = "give the job another name";
        let name = text.trim();
        let offset = text.len() - text.trim_start().len();
        let breach =
            |kind, span, problem| Err(Breach { rule: RuleId::N8, kind, span, problem, remedy: REMEDY });
        if name.is_empty() {
            return breach(ErrorKind::Empty, 0..text.len(), "it is empty".to_owned());
        }
        if let Some((at, character)) = name.char_indices().find(|(_, character)| breaks_a_line(*character)) {
            let at = at + offset;
            let problem = format!("{character:?} is not allowed in a label, which is a single line");
            return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
        }
        if name.ends_with(SALT) {
            let end = offset + name.len();
            let problem = format!("with the ending {SALT:?}, its label would be read as another one");
            return breach(ErrorKind::Reserved, end - SALT.len()..end, problem);
        }
        Ok(Self(name.to_owned()))
    }
}

/// The label of a vault record of an encrypted copy. Labels are for people: the identity of a record is in its notes.
///
/// ```
/// use dtc_naming::CopyLabel;
///
/// let label = CopyLabel::Password("Documents".parse()?);
/// assert_eq!(label.to_string(), "Encrypted Copy — Documents");
/// assert_eq!("Encrypted Copy — Documents · Encryption Salt".parse::<CopyLabel>()?.job().as_str(), "Documents");
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyLabel {
    /// `Encrypted Copy — {job name}`: the encryption password.
    Password(JobName),
    /// `Encrypted Copy — {job name} · Encryption Salt`.
    Salt(JobName),
}

impl CopyLabel {
    /// Returns the job in the label.
    pub fn job(&self) -> &JobName {
        match self {
            Self::Password(job) | Self::Salt(job) => job,
        }
    }

    fn read(text: &str) -> Result<Self, Breach> {
        let rest = text.strip_prefix(COPY).ok_or_else(|| Breach {
            rule: RuleId::N8,
            kind: if text.is_empty() { ErrorKind::Empty } else { ErrorKind::Shape },
            span: 0..0,
            problem: format!("it does not begin with {COPY:?}"),
            remedy: "the dash is an em dash (U+2014) and the dot a middle dot (U+00B7), each between spaces",
        })?;
        let (name, label): (&str, fn(JobName) -> Self) = match rest.strip_suffix(SALT) {
            Some(name) => (name, Self::Salt),
            None => (rest, Self::Password),
        };
        let job = JobName::read(name).map_err(|breach| breach.shifted(COPY.len()))?;
        if job.as_str() == name {
            return Ok(label(job));
        }
        Err(Breach {
            rule: RuleId::N9,
            kind: ErrorKind::Character,
            span: COPY.len()..COPY.len() + name.len(),
            problem: "there is white space around the job's name".to_owned(),
            remedy: "remove it",
        })
    }
}

impl fmt::Display for CopyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password(job) => write!(f, "{COPY}{job}"),
            Self::Salt(job) => write!(f, "{COPY}{job}{SALT}"),
        }
    }
}

impl FromStr for CopyLabel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("vault label", text))
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for JobName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("job name", text))
    }
}

text_form!(JobName, CopyLabel);
