//! Bucket names: `{workload}-{location}`, and the older form that is only ever recognised.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::identity::{LocationUuid, OrgUuid};
use crate::text_form::text_form;
use crate::uuid_text::{self, Spelling};
use crate::workload::{self, Workload};

const SUBJECT: &str = "bucket name";

/// The house limit (N2). B2's own is 63 characters today and was 50 (B2 documentation, "Buckets").
const MAX_CHARACTERS: usize = 50;
/// B2's lower limit (B2 documentation, "Buckets").
const MIN_CHARACTERS: usize = 6;
/// Names that begin so belong to Backblaze (B2 documentation, "Buckets").
const RESERVED_PREFIX: &str = "b2-";

/// A UUID without its dashes.
const UUID_DIGITS: usize = 32;
/// How many digits of the location the older form kept (N10).
const LEGACY_DIGITS: usize = 8;

// N1 always fits N2, so computing a name cannot fail.
const _: () = {
    let mut at = 0;
    while at < Workload::ALL.len() {
        assert!(Workload::ALL[at].token().len() + 1 + UUID_DIGITS <= MAX_CHARACTERS);
        at += 1;
    }
};

/// The name of a location's bucket (N1).
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
    /// The name of the bucket of this workload at this location. The organisation has no part in it (N3).
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

    /// Reads back a bucket's name, of today's form or of the older one.
    ///
    /// ```
    /// use dtc_naming::{BucketName, Parsed};
    ///
    /// let found = BucketName::parse("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")?;
    /// let Parsed::Legacy(legacy) = found else { unreachable!() };
    /// assert_eq!(legacy.location_digits(), "a1b2c3d4");
    /// # Ok::<(), dtc_naming::Error>(())
    /// ```
    ///
    /// # Errors
    /// Citing N2 for a name that breaks the house limit or B2's rules, N10 for one that is nearly of the older
    /// form, N1 for any other.
    pub fn parse(text: &str) -> Result<Parsed, Error> {
        read(text).map_err(|breach| breach.of(SUBJECT, text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is backed up into the bucket.
    pub fn workload(&self) -> Workload {
        self.workload
    }

    /// The location after which the bucket is named (N9).
    pub fn location(&self) -> LocationUuid {
        self.location
    }
}

/// A bucket name that was read back: of today's form, or of the older one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parsed {
    /// Today's form (N1).
    Standard(BucketName),
    /// The older form (N10).
    Legacy(LegacyBucketName),
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(name) => name.fmt(f),
            Self::Legacy(name) => name.fmt(f),
        }
    }
}

/// A bucket name of the older scheme, `{workload}-{organisation}-{first 8 digits of the location}` (N10).
///
/// An audit recognises it and reports it. Nothing can compute one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegacyBucketName {
    text: String,
    workload: Workload,
    organisation: OrgUuid,
}

impl LegacyBucketName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is backed up into the bucket.
    pub fn workload(&self) -> Workload {
        self.workload
    }

    /// The organisation that the bucket was made for.
    pub fn organisation(&self) -> OrgUuid {
        self.organisation
    }

    /// The first eight digits of the location's UUID, all that the name kept of it.
    pub fn location_digits(&self) -> &str {
        &self.text[self.text.len() - LEGACY_DIGITS..]
    }

    /// Whether the bucket may be this location's: the digits that the name kept are equal.
    pub fn may_belong_to(&self, location: LocationUuid) -> bool {
        location.to_string().starts_with(self.location_digits())
    }
}

fn read(text: &str) -> Result<Parsed, Breach> {
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
        return Ok(Parsed::Legacy(LegacyBucketName { text: text.to_owned(), workload, organisation }));
    }
    let location =
        uuid_text::read(rest, Spelling::Bare, RuleId::N1).map_err(|breach| breach.shifted(offset))?;
    let location = LocationUuid::from_uuid(location);
    Ok(Parsed::Standard(BucketName { text: text.to_owned(), workload, location }))
}

/// What B2 asks of every bucket name, and the house limit (N2).
fn check_b2(text: &str) -> Result<(), Breach> {
    const REMEDY: &str = "compute the name from the location's UUID instead of typing it";
    let breach = |kind, span, problem| Err(Breach { rule: RuleId::N2, kind, span, problem, remedy: REMEDY });
    let count = text.chars().count();
    if count == 0 {
        return breach(ErrorKind::Empty, 0..0, "it is empty".to_owned());
    }
    if let Some((at, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        let problem = format!("it has {count} characters, and {MAX_CHARACTERS} are the limit");
        return breach(ErrorKind::Length, at..text.len(), problem);
    }
    let illegal = text
        .char_indices()
        .find(|(_, character)| !matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-'));
    if let Some((at, character)) = illegal {
        let problem = format!("{character:?} is no letter, digit or dash");
        return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
    }
    if count < MIN_CHARACTERS {
        let problem = format!("it has {count} characters, and B2 asks for at least {MIN_CHARACTERS}");
        return breach(ErrorKind::Length, 0..text.len(), problem);
    }
    if text[..RESERVED_PREFIX.len()].eq_ignore_ascii_case(RESERVED_PREFIX) {
        let problem = format!("names that begin with {RESERVED_PREFIX:?} belong to Backblaze");
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
        let problem = format!("{character:?} stands where a lower-case hexadecimal digit belongs");
        return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
    }
    if text.len() != LEGACY_DIGITS {
        let problem =
            format!("the older form ends with {LEGACY_DIGITS} digits of the location, not {}", text.len());
        return breach(ErrorKind::Length, 0..text.len(), problem);
    }
    Ok(())
}

impl FromStr for BucketName {
    type Err = Error;

    /// Reads a bucket name of today's form; one of the older form is an error that cites N10.
    fn from_str(text: &str) -> Result<Self, Error> {
        match Self::parse(text)? {
            Parsed::Standard(name) => Ok(name),
            Parsed::Legacy(_) => {
                let breach = Breach {
                    rule: RuleId::N10,
                    kind: ErrorKind::Legacy,
                    span: 0..text.len(),
                    problem: "it is of the older form, which is recognised and never created".to_owned(),
                    remedy: "use the bucket that is named after the location",
                };
                Err(breach.of(SUBJECT, text))
            }
        }
    }
}

impl FromStr for LegacyBucketName {
    type Err = Error;

    /// Reads a bucket name of the older form; one of today's form is an error that cites N10.
    fn from_str(text: &str) -> Result<Self, Error> {
        match BucketName::parse(text)? {
            Parsed::Legacy(name) => Ok(name),
            Parsed::Standard(_) => {
                let breach = Breach {
                    rule: RuleId::N10,
                    kind: ErrorKind::Shape,
                    span: 0..text.len(),
                    problem: "it is of today's form, not of the older one".to_owned(),
                    remedy: "read it as a bucket name",
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
