//! Parsing of UUIDs, with errors that point at the wrong character.

use uuid::Uuid;

use crate::error::{Breach, ErrorKind, RuleId};

/// The allowed spellings of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Any case; dashed, undashed, `{dashed}` or `urn:uuid:dashed`. For input of people and services.
    Any,
    /// Lower case with dashes, as in folder paths.
    Dashed,
    /// 32 lower-case hexadecimal digits, as in bucket names.
    Bare,
}

/// The positions of the dashes, counted in digits and dashes.
const DASHES: [usize; 4] = [8, 13, 18, 23];

const URN: &str = "urn:uuid:";

/// Parses `text` as an RFC 9562 UUID, except nil and max, in an allowed spelling.
pub(crate) fn read(text: &str, spelling: Spelling, rule: RuleId) -> Result<Uuid, Breach> {
    if text.is_empty() {
        return Err(Breach {
            rule,
            kind: ErrorKind::Empty,
            span: 0..0,
            problem: "it is empty".to_owned(),
            remedy: "enter the UUID",
        });
    }
    let (offset, body, dashed) = match spelling {
        Spelling::Any => unwrap(text, rule)?,
        Spelling::Dashed => (0, text, true),
        Spelling::Bare => (0, text, false),
    };
    let digits = Digits { dashed, any_case: spelling == Spelling::Any, rule };
    digits.read(body).and_then(|uuid| digits.check(uuid, body.len())).map_err(|breach| breach.shifted(offset))
}

/// Removes braces or the URN prefix. Returns the offset of the rest, the rest, and whether it must have dashes.
fn unwrap(text: &str, rule: RuleId) -> Result<(usize, &str, bool), Breach> {
    if let Some(rest) = text.strip_prefix('{') {
        return rest.strip_suffix('}').map(|body| (1, body, true)).ok_or_else(|| Breach {
            rule,
            kind: ErrorKind::Shape,
            span: text.len()..text.len(),
            problem: "the closing brace is missing".to_owned(),
            remedy: "remove the brace",
        });
    }
    match text.get(..URN.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(URN) => Ok((URN.len(), &text[URN.len()..], true)),
        _ => Ok((0, text, text.contains('-'))),
    }
}

/// How the digits are written, without braces and prefix.
struct Digits {
    dashed: bool,
    any_case: bool,
    rule: RuleId,
}

impl Digits {
    fn length(&self) -> usize {
        if self.dashed { 36 } else { 32 }
    }

    fn read(&self, body: &str) -> Result<Uuid, Breach> {
        let mut value: u128 = 0;
        for (index, (at, character)) in body.char_indices().enumerate() {
            if index == self.length() {
                return Err(self.wrong_length(at..body.len(), body.chars().count()));
            }
            if self.dashed && DASHES.contains(&index) {
                if character != '-' {
                    return Err(self.wrong_character(at, character, "is not a dash"));
                }
                continue;
            }
            match character.to_digit(16) {
                Some(_) if character.is_ascii_uppercase() && !self.any_case => {
                    return Err(self.wrong_character(
                        at,
                        character,
                        "is upper case; only lower case is allowed here",
                    ));
                }
                Some(digit) => value = value << 4 | u128::from(digit),
                None => {
                    return Err(self.wrong_character(at, character, "is not a hexadecimal digit"));
                }
            }
        }
        match body.chars().count() {
            count if count < self.length() => Err(self.wrong_length(body.len()..body.len(), count)),
            _ => Ok(Uuid::from_u128(value)),
        }
    }

    fn check(&self, uuid: Uuid, length: usize) -> Result<Uuid, Breach> {
        let (version_at, variant_at) = if self.dashed { (14, 19) } else { (12, 16) };
        let breach = |kind, span, problem: String, remedy| {
            Err(Breach { rule: self.rule, kind, span, problem, remedy })
        };
        if uuid.is_nil() {
            let problem = "it is the nil UUID, which identifies nothing".to_owned();
            return breach(ErrorKind::Nil, 0..length, problem, "enter the real UUID");
        }
        if uuid.is_max() {
            let problem = "it is the max UUID, which identifies nothing".to_owned();
            return breach(ErrorKind::Max, 0..length, problem, "enter the real UUID");
        }
        if uuid.get_variant() != uuid::Variant::RFC4122 {
            let digit = uuid.as_bytes()[8] >> 4;
            let problem =
                format!("the digit '{digit:x}' is not 8, 9, a or b, so this is not a UUID of RFC 9562");
            return breach(ErrorKind::Variant, variant_at..variant_at + 1, problem, TYPING);
        }
        match uuid.get_version_num() {
            1..=8 => Ok(uuid),
            version => {
                let problem = format!("RFC 9562 defines no UUID version {version}");
                breach(ErrorKind::Version, version_at..version_at + 1, problem, TYPING)
            }
        }
    }

    fn wrong_character(&self, at: usize, character: char, why: &str) -> Breach {
        Breach {
            rule: self.rule,
            kind: ErrorKind::Character,
            span: at..at + character.len_utf8(),
            problem: format!("{character:?} {why}"),
            remedy: TYPING,
        }
    }

    fn wrong_length(&self, span: std::ops::Range<usize>, count: usize) -> Breach {
        let (expected, form) =
            (self.length(), if self.dashed { "with its dashes" } else { "without dashes" });
        Breach {
            rule: self.rule,
            kind: ErrorKind::Length,
            span,
            problem: format!("a UUID {form} has {expected} characters, not {count}"),
            remedy: TYPING,
        }
    }
}

const TYPING: &str = "compare it with where it was copied from";
