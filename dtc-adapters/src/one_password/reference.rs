//! Secret references of 1Password: `op://vault/item/[section/]field`.

use std::fmt;
use std::str::FromStr;

/// Where a secret is in 1Password: `op://vault/item/field` or `op://vault/item/section/field`, each part a name or an id.
///
/// 1Password takes capitals and small letters for the same. A name may be made of the letters `a` to `z`, digits, `-`, `_`, `.`
/// and spaces; where it has another character, the id stands in its place (1Password's documentation of secret references).
///
/// ```
/// use dtc_adapters::SecretReference;
///
/// let reference: SecretReference = "op://MSP Infrastructure/Backblaze B2/application key".parse()?;
/// assert_eq!((reference.item(), reference.section()), ("Backblaze B2", None));
/// assert_eq!(reference.to_string(), "op://MSP Infrastructure/Backblaze B2/application key");
/// assert!("op://MSP Infrastructure/Müller/password".parse::<SecretReference>().is_err());
/// # Ok::<(), dtc_adapters::InvalidReference>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretReference {
    vault: String,
    item: String,
    section: Option<String>,
    field: String,
    attribute: Option<Attribute>,
}

/// What a reference asks for instead of a field's value. `op` alone knows how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Attribute {
    /// The one-time password of this moment: `?attribute=otp`.
    OneTimePassword,
    /// The field's type: `?attribute=type`.
    Type,
    /// A private key in the format of OpenSSH: `?ssh-format=openssh`.
    OpenSshKey,
}

impl Attribute {
    const ALL: [Self; 3] = [Self::OneTimePassword, Self::Type, Self::OpenSshKey];

    /// The query that stands for it.
    pub fn query(self) -> &'static str {
        match self {
            Self::OneTimePassword => "attribute=otp",
            Self::Type => "attribute=type",
            Self::OpenSshKey => "ssh-format=openssh",
        }
    }
}

/// Why a text is no secret reference. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidReference {
    /// It begins otherwise.
    #[error("a secret reference begins with op://")]
    Scheme,
    /// It has another number of parts.
    #[error("a secret reference has three parts, or four with a section, and this has {0}")]
    Parts(usize),
    /// A part of it is missing.
    #[error("the {part} of the secret reference is empty")]
    Empty {
        /// Which: `vault`, `item`, `section` or `field`.
        part: &'static str,
    },
    /// A part of it begins or ends with a space, which nobody sees.
    #[error("the {part} of the secret reference begins or ends with a space")]
    OuterSpace {
        /// Which: `vault`, `item`, `section` or `field`.
        part: &'static str,
    },
    /// A character that no part may have.
    #[error(
        "the {part} of the secret reference has the character {found:?}; letters from a to z, digits, '-', '_', '.' and spaces are allowed"
    )]
    Character {
        /// Where: `vault`, `item`, `section` or `field`.
        part: &'static str,
        /// The first such character.
        found: char,
    },
    /// A query that 1Password does not know.
    #[error("after the ? of a secret reference stands attribute=otp, attribute=type or ssh-format=openssh")]
    Query,
    /// It is longer than any name in 1Password makes it.
    #[error("the secret reference is longer than {LONGEST} characters")]
    TooLong,
}

/// The longest text that is read as a reference. 1Password documents no limit.
const LONGEST: usize = 1024;

impl InvalidReference {
    /// What a person can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Character { .. } => "write the id instead of the name: op item get shows it",
            Self::Query => "leave the query out, or write one of these",
            _ => {
                "write op://vault/item/field, or op://vault/item/section/field; Copy Secret Reference in 1Password gives it"
            }
        }
    }
}

impl SecretReference {
    /// The vault's name or id.
    pub fn vault(&self) -> &str {
        &self.vault
    }

    /// The item's title or id.
    pub fn item(&self) -> &str {
        &self.item
    }

    /// The section's label or id, where the reference names one.
    pub fn section(&self) -> Option<&str> {
        self.section.as_deref()
    }

    /// The field's label or id.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is asked for instead of the field's value, where that is something else.
    pub fn attribute(&self) -> Option<Attribute> {
        self.attribute
    }
}

impl FromStr for SecretReference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let rest = text.strip_prefix("op://").ok_or(InvalidReference::Scheme)?;
        if text.chars().count() > LONGEST {
            return Err(InvalidReference::TooLong);
        }
        let (path, attribute) = match rest.split_once('?') {
            None => (rest, None),
            Some((path, query)) => {
                let known = Attribute::ALL.into_iter().find(|attribute| attribute.query() == query);
                (path, Some(known.ok_or(InvalidReference::Query)?))
            }
        };
        let parts: Vec<&str> = path.split('/').collect();
        let (vault, item, section, field) = match *parts {
            [vault, item, field] => (vault, item, None, field),
            [vault, item, section, field] => (vault, item, Some(section), field),
            _ => return Err(InvalidReference::Parts(parts.len())),
        };
        Ok(Self {
            vault: checked("vault", vault)?,
            item: checked("item", item)?,
            section: section.map(|section| checked("section", section)).transpose()?,
            field: checked("field", field)?,
            attribute,
        })
    }
}

fn checked(part: &'static str, text: &str) -> Result<String, InvalidReference> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if text.is_empty() {
        return Err(InvalidReference::Empty { part });
    }
    if let Some(found) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(InvalidReference::Character { part, found });
    }
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err(InvalidReference::OuterSpace { part });
    }
    Ok(text.to_owned())
}

impl fmt::Display for SecretReference {
    /// The reference as `op` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "op://{}/{}/", self.vault, self.item)?;
        if let Some(section) = &self.section {
            write!(f, "{section}/")?;
        }
        f.write_str(&self.field)?;
        match self.attribute {
            Some(attribute) => write!(f, "?{}", attribute.query()),
            None => Ok(()),
        }
    }
}

/// Whether a text has the form of an id: 26 small letters and digits.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e7_references_are_parsed_or_refused_for_a_reason() {
        use InvalidReference::{Character, Empty, OuterSpace, Parts, Query, Scheme, TooLong};
        for good in [
            "op://v/i/f",
            "op://MSP Infrastructure/Backblaze B2/test/application key",
            "op://x4kq7ve2m9a1s5d8f3g6h0jk2l/a-b_c.d/0",
            "op://v/i/one-time password?attribute=otp",
            "op://v/i/f?attribute=type",
            "op://v/key/private key?ssh-format=openssh",
        ] {
            assert_eq!(good.parse::<SecretReference>().map(|it| it.to_string()).as_deref(), Ok(good));
        }
        for (wrong, why) in [
            ("", Scheme),
            ("OP://v/i/f", Scheme),
            ("op:/v/i/f", Scheme),
            (" op://v/i/f", Scheme),
            ("op://", Parts(1)),
            ("op://v/i", Parts(2)),
            ("op://v/i/s/f/g", Parts(5)),
            ("op:///i/f", Empty { part: "vault" }),
            ("op://v//f", Empty { part: "item" }),
            ("op://v/i//f", Empty { part: "section" }),
            ("op://v/i/", Empty { part: "field" }),
            ("op://v/i/ f", OuterSpace { part: "field" }),
            ("op://v/i /f", OuterSpace { part: "item" }),
            ("op://v/M\u{fc}ller/f", Character { part: "item", found: '\u{fc}' }),
            ("op://v/i/f\n", Character { part: "field", found: '\n' }),
            ("op://$V/i/f", Character { part: "vault", found: '$' }),
            ("op://v/a%2Fb/f", Character { part: "item", found: '%' }),
            ("op://v/i/f\"", Character { part: "field", found: '"' }),
            ("op://v/i/f?", Query),
            ("op://v/i/f?attribute=value", Query),
            ("op://v/i/f?attribute=otp&attribute=otp", Query),
        ] {
            let error = wrong.parse::<SecretReference>().unwrap_err();
            assert_eq!(error, why, "{wrong:?}");
            assert!(!error.remedy().is_empty());
        }
        assert_eq!(format!("op://v/i/{}", "f".repeat(LONGEST)).parse::<SecretReference>(), Err(TooLong));
    }

    fn part() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9._-]([a-zA-Z0-9._ -]{0,20}[a-zA-Z0-9._-])?"
    }

    proptest! {
        #[test]
        fn e7_a_reference_is_the_parts_that_it_is_made_of(
            vault in part(), item in part(), section in prop::option::of(part()), field in part(),
        ) {
            let between = section.as_ref().map(|section| format!("{section}/")).unwrap_or_default();
            let text = format!("op://{vault}/{item}/{between}{field}");
            let reference: SecretReference = text.parse().unwrap();
            prop_assert_eq!(reference.vault(), vault);
            prop_assert_eq!(reference.item(), item);
            prop_assert_eq!(reference.section(), section.as_deref());
            prop_assert_eq!(reference.field(), field);
            prop_assert_eq!(reference.to_string(), text);
        }

        /// Whatever is taken is written back as it was, and can neither end a quotation nor be an option.
        #[test]
        fn e7_any_text_is_taken_whole_or_refused(text in "(op://)?[ -~é\n]{0,60}") {
            if let Ok(reference) = text.parse::<SecretReference>() {
                prop_assert_eq!(reference.to_string(), &*text);
                prop_assert!(text.starts_with("op://") && !text.contains(['"', '\'', '\\', '\n', '%', '$']));
            }
        }
    }
}
