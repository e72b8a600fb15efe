//! Bucket names: `{workload}-{location}`, and the legacy form, which is parsed but never created.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::identity::{LocationUuid, OrgUuid};
use crate::text_form::text_form;
use crate::uuid_text::{self, Spelling};
use crate::workload::{self, Workload};

const SUBJECT: &str = "bucket name";

/// The standard's limit (N2). B2's own limit is 63 characters, and was 50 earlier (B2 documentation, "Buckets").
const MAX_CHARACTERS: usize = 50;
/// B2's minimum (B2 documentation, "Buckets").
const MIN_CHARACTERS: usize = 6;
/// The prefix that is reserved for Backblaze (B2 documentation, "Buckets").
const RESERVED_PREFIX: &str = "b2-";

/// The length of a UUID without dashes.
const UUID_DIGITS: usize = 32;
/// The number of digits of the location in the legacy form (N10).
const LEGACY_DIGITS: usize = 8;

// Every name of the form N1 obeys N2, so computing a name cannot fail.
const _: () = {
    let mut at = 0;
    while at < Workload::ALL.len() {
        assert!(Workload::ALL[at].token().len() + 1 + UUID_DIGITS <= MAX_CHARACTERS);
        at += 1;
    }
};

/// The name of the bucket of a location (N1).
///
/// ```
/// use dtc_naming::{BucketName, LocationUuid, Workload};
///
/// let location: LocationUuid = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9".parse()?;
/// let bucket = BucketName::compute(Workload::TrueNas, location);
/// assert_eq!(bucket.as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
/// assert_eq!(bucket.location(), location);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketName {
    text: String,
    workload: Workload,
    location: LocationUuid,
}

impl BucketName {
    /// Computes the name of the bucket for this workload and location. The name does not contain the organisation (N3).
    pub fn compute(workload: Workload, location: impl Into<LocationUuid>) -> Self {
        let location = location.into();
        let mut digits = [0; UUID_DIGITS];
        let digits: &str = location.uuid().as_simple().encode_lower(&mut digits);
        let mut text = String::with_capacity(MAX_CHARACTERS);
        text.push_str(workload.token());
        text.push('-');
        text.push_str(digits);
        Self { text, workload, location }
    }

    /// Parses a bucket name of the current or the legacy form.
    ///
    /// ```
    /// use dtc_naming::{BucketName, ParsedBucketName};
    ///
    /// let found = BucketName::parse("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")?;
    /// let ParsedBucketName::Legacy(legacy) = found else { unreachable!() };
    /// assert_eq!(legacy.location_digits(), "a1b2c3d4");
    /// # Ok::<(), dtc_naming::Error>(())
    /// ```
    ///
    /// # Errors
    /// An error that cites N2 for a name that exceeds the limit or breaks B2's rules, N10 for one that resembles the legacy form,
    /// and N1 for any other.
    pub fn parse(text: &str) -> Result<ParsedBucketName, Error> {
        read(text).map_err(|breach| breach.of(SUBJECT, text))
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the kind of system whose backups are in the bucket.
    pub fn workload(&self) -> Workload {
        self.workload
    }

    /// Returns the location that the bucket is named after (N9).
    pub fn location(&self) -> LocationUuid {
        self.location
    }
}

/// The result of [`BucketName::parse`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParsedBucketName {
    /// A name of the current form (N1).
    Standard(BucketName),
    /// A name of the legacy form (N10).
    Legacy(LegacyBucketName),
}

impl fmt::Display for ParsedBucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(name) => name.fmt(f),
            Self::Legacy(name) => name.fmt(f),
        }
    }
}

/// A bucket name of the legacy form, `{workload}-{organisation}-{first 8 digits of the location}` (N10).
///
/// Audits recognise and report it. This crate cannot compute one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegacyBucketName {
    text: String,
    workload: Workload,
    organisation: OrgUuid,
}

impl LegacyBucketName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the kind of system whose backups are in the bucket.
    pub fn workload(&self) -> Workload {
        self.workload
    }

    /// Returns the organisation that the bucket was created for.
    pub fn organisation(&self) -> OrgUuid {
        self.organisation
    }

    /// Returns the first eight digits of the location's UUID. The name does not contain the others.
    pub fn location_digits(&self) -> &str {
        &self.text[self.text.len() - LEGACY_DIGITS..]
    }

    /// Whether the bucket may belong to this location, because its UUID begins with the digits in the name.
    pub fn may_belong_to(&self, location: LocationUuid) -> bool {
        location.to_string().starts_with(self.location_digits())
    }
}

fn read(text: &str) -> Result<ParsedBucketName, Breach> {
    check_b2(text)?;
    let (token, rest) = text.split_once('-').ok_or_else(|| workload::unknown(text))?;
    let workload = Workload::from_token(token).ok_or_else(|| workload::unknown(token))?;
    let offset = token.len() + 1;
    if let Some((organisation, location)) = rest.split_once('-')
        && organisation.len() == UUID_DIGITS
    {
        let organisation = uuid_text::read(organisation, Spelling::Bare, RuleId::N10)
            .map_err(|breach| breach.shifted(offset))?;
        check_legacy_digits(location).map_err(|breach| breach.shifted(offset + UUID_DIGITS + 1))?;
        let organisation = OrgUuid::from_uuid(organisation);
        return Ok(ParsedBucketName::Legacy(LegacyBucketName {
            text: text.to_owned(),
            workload,
            organisation,
        }));
    }
    let location =
        uuid_text::read(rest, Spelling::Bare, RuleId::N1).map_err(|breach| breach.shifted(offset))?;
    let location = LocationUuid::from_uuid(location);
    Ok(ParsedBucketName::Standard(BucketName { text: text.to_owned(), workload, location }))
}

/// Checks B2's rules for bucket names and the standard's limit (N2).
fn check_b2(text: &str) -> Result<(), Breach> {
    const REMEDY: &str = "compute the name from the location's UUID instead of typing it";
    let breach = |kind, span, problem| Err(Breach { rule: RuleId::N2, kind, span, problem, remedy: REMEDY });
    let count = text.chars().count();
    if count == 0 {
        return breach(ErrorKind::Empty, 0..0, "it is empty".to_owned());
    }
    if let Some((at, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        let problem = format!("it has {count} characters; the maximum is {MAX_CHARACTERS}");
        return breach(ErrorKind::Length, at..text.len(), problem);
    }
    let illegal = text
        .char_indices()
        .find(|(_, character)| !matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-'));
    if let Some((at, character)) = illegal {
        let problem = format!("{character:?} is not a letter, digit or dash");
        return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
    }
    if count < MIN_CHARACTERS {
        let problem = format!("it has {count} characters; B2's minimum is {MIN_CHARACTERS}");
        return breach(ErrorKind::Length, 0..text.len(), problem);
    }
    if text[..RESERVED_PREFIX.len()].eq_ignore_ascii_case(RESERVED_PREFIX) {
        let problem = format!("names that begin with {RESERVED_PREFIX:?} are reserved for Backblaze");
        return breach(ErrorKind::Reserved, 0..RESERVED_PREFIX.len(), problem);
    }
    Ok(())
}

fn check_legacy_digits(text: &str) -> Result<(), Breach> {
    const REMEDY: &str = "compare it with the bucket as B2 lists it";
    let breach = |kind, span, problem| Err(Breach { rule: RuleId::N10, kind, span, problem, remedy: REMEDY });
    if let Some((at, character)) =
        text.char_indices().find(|(_, character)| !matches!(character, '0'..='9' | 'a'..='f'))
    {
        let problem = format!("{character:?} is not a lower-case hexadecimal digit");
        return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
    }
    if text.len() != LEGACY_DIGITS {
        let problem =
            format!("the legacy form ends with {LEGACY_DIGITS} digits of the location, not {}", text.len());
        return breach(ErrorKind::Length, 0..text.len(), problem);
    }
    Ok(())
}

impl FromStr for BucketName {
    type Err = Error;

    /// Parses a bucket name of the current form. A name of the legacy form is an error that cites N10.
    fn from_str(text: &str) -> Result<Self, Error> {
        match Self::parse(text)? {
            ParsedBucketName::Standard(name) => Ok(name),
            ParsedBucketName::Legacy(_) => {
                let breach = Breach {
                    rule: RuleId::N10,
                    kind: ErrorKind::Legacy,
                    span: 0..text.len(),
                    problem: "it has the legacy form, which must not be created any more".to_owned(),
                    remedy: "use the bucket that is named after the location",
                };
                Err(breach.of(SUBJECT, text))
            }
        }
    }
}

impl FromStr for LegacyBucketName {
    type Err = Error;

    /// Parses a bucket name of the legacy form. A name of the current form is an error that cites N10.
    fn from_str(text: &str) -> Result<Self, Error> {
        match BucketName::parse(text)? {
            ParsedBucketName::Legacy(name) => Ok(name),
            ParsedBucketName::Standard(_) => {
                let breach = Breach {
                    rule: RuleId::N10,
                    kind: ErrorKind::Shape,
                    span: 0..text.len(),
                    problem: "it has the current form, not the legacy form".to_owned(),
                    remedy: "parse it as a bucket name",
                };
                Err(breach.of(SUBJECT, text))
            }
        }
    }
}

macro_rules! shown_as_text {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.text).finish()
            }
        }
    )+};
}
shown_as_text!(BucketName, LegacyBucketName);
text_form!(BucketName, LegacyBucketName);
