//! The labels of records in the password vault.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::text_form::text_form;

// The dash is U+2014 and the dot U+00B7, each between spaces (N8, E1a).
const BACKUP: &str = "TrueNAS Cloud Backup — ";
const PASSWORD: &str = " · Encryption Password";
const SALT: &str = " · Encryption Salt";
const NMS: &str = "TrueNAS — NMS Credentials";
const NMS_PRIVACY: &str = "TrueNAS — NMS Credentials · Privacy Passphrase";

/// The name of a location, which labels contain (N8).
///
/// Parsing removes white space around the name, because people type it. A name that ends like one of the sibling labels of E1a is
/// refused, because its label would be read as that of the sibling.
///
/// ```
/// use dtc_naming::LocationName;
///
/// assert_eq!(" Main Office ".parse::<LocationName>()?.as_str(), "Main Office");
/// assert!("Main Office · Encryption Salt".parse::<LocationName>().is_err());
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocationName(String);

impl LocationName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Result<Self, Breach> {
        const REMEDY: &str = "correct the name of the location at its source";
        let name = text.trim();
        let offset = text.len() - text.trim_start().len();
        let breach = |rule, kind, span, problem| Err(Breach { rule, kind, span, problem, remedy: REMEDY });
        if name.is_empty() {
            return breach(RuleId::N8, ErrorKind::Empty, 0..text.len(), "it is empty".to_owned());
        }
        if let Some((at, character)) = name.char_indices().find(|(_, character)| breaks_a_line(*character)) {
            let at = at + offset;
            let problem = format!("{character:?} is not allowed in a label, which is a single line");
            return breach(RuleId::N8, ErrorKind::Character, at..at + character.len_utf8(), problem);
        }
        if let Some(suffix) = [PASSWORD, SALT].into_iter().find(|suffix| name.ends_with(suffix)) {
            let end = offset + name.len();
            let problem = format!("with the ending {suffix:?}, its label would be read as another one");
            return breach(RuleId::E1a, ErrorKind::Reserved, end - suffix.len()..end, problem);
        }
        Ok(Self(name.to_owned()))
    }
}

pub(crate) fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// The label of a vault record (N8, E1a). Labels are for people: the identity of a record is in its notes.
///
/// ```
/// use dtc_naming::VaultLabel;
///
/// let label = VaultLabel::EncryptionSalt("Main Office".parse()?);
/// assert_eq!(label.to_string(), "TrueNAS Cloud Backup — Main Office · Encryption Salt");
/// assert_eq!(label.to_string().parse::<VaultLabel>()?, label);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VaultLabel {
    /// `TrueNAS Cloud Backup — {Location Name}`: key id and application key.
    ApplicationKey(LocationName),
    /// `TrueNAS Cloud Backup — {Location Name} · Encryption Password`.
    EncryptionPassword(LocationName),
    /// `TrueNAS Cloud Backup — {Location Name} · Encryption Salt`.
    EncryptionSalt(LocationName),
    /// `TrueNAS — NMS Credentials`: SNMP user name and authentication password.
    NmsCredentials,
    /// `TrueNAS — NMS Credentials · Privacy Passphrase`.
    NmsPrivacyPassphrase,
}

impl VaultLabel {
    /// Returns the location in the label; `None` for the labels of monitoring credentials.
    pub fn location(&self) -> Option<&LocationName> {
        match self {
            Self::ApplicationKey(name) | Self::EncryptionPassword(name) | Self::EncryptionSalt(name) => {
                Some(name)
            }
            Self::NmsCredentials | Self::NmsPrivacyPassphrase => None,
        }
    }

    fn read(text: &str) -> Result<Self, Breach> {
        match text {
            NMS => return Ok(Self::NmsCredentials),
            NMS_PRIVACY => return Ok(Self::NmsPrivacyPassphrase),
            _ => {}
        }
        let rest = text.strip_prefix(BACKUP).ok_or_else(|| Breach {
            rule: RuleId::N8,
            kind: if text.is_empty() { ErrorKind::Empty } else { ErrorKind::Shape },
            span: 0..0,
            problem: format!("it does not begin with {BACKUP:?}, and is not {NMS:?}"),
            remedy: "the dash is an em dash (U+2014) and the dot a middle dot (U+00B7), each between spaces",
        })?;
        let (name, label): (&str, fn(LocationName) -> Self) = if let Some(name) = rest.strip_suffix(PASSWORD)
        {
            (name, Self::EncryptionPassword)
        } else if let Some(name) = rest.strip_suffix(SALT) {
            (name, Self::EncryptionSalt)
        } else {
            (rest, Self::ApplicationKey)
        };
        let location = LocationName::read(name).map_err(|breach| breach.shifted(BACKUP.len()))?;
        if location.as_str() == name {
            return Ok(label(location));
        }
        Err(Breach {
            rule: RuleId::N9,
            kind: ErrorKind::Character,
            span: BACKUP.len()..BACKUP.len() + name.len(),
            problem: "there is white space around the location's name".to_owned(),
            remedy: "remove it",
        })
    }
}

impl fmt::Display for VaultLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApplicationKey(name) => write!(f, "{BACKUP}{name}"),
            Self::EncryptionPassword(name) => write!(f, "{BACKUP}{name}{PASSWORD}"),
            Self::EncryptionSalt(name) => write!(f, "{BACKUP}{name}{SALT}"),
            Self::NmsCredentials => f.write_str(NMS),
            Self::NmsPrivacyPassphrase => f.write_str(NMS_PRIVACY),
        }
    }
}

impl FromStr for VaultLabel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("vault label", text))
    }
}

impl fmt::Display for LocationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for LocationName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("location name", text))
    }
}

text_form!(LocationName, VaultLabel);
