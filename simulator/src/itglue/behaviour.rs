//! Behaviour that a test may choose.

/// What an account does that its documentation leaves open or does not promise.
#[derive(Debug)]
pub(super) struct Behaviour {
    pub(super) password_access: PasswordAccess,
    pub(super) list_notes: ListNotes,
    /// What happens to the values of the next writes, and of how many.
    pub(super) alteration: Alteration,
    pub(super) altered_writes: u32,
    /// Requests per five minutes.
    pub(super) limit: usize,
    /// Seconds that a refusal at the limit asks to wait; nothing is said where there are none, as IT Glue documents none.
    pub(super) retry_after: Option<u64>,
    /// The next requests, which are answered with a redirect.
    pub(super) redirects: u32,
    /// What somebody else does at the next opportunity.
    pub(super) meanwhile: Option<Meanwhile>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            password_access: PasswordAccess::Granted,
            list_notes: ListNotes::Absent,
            alteration: Alteration::OneCharacter,
            altered_writes: 0,
            limit: 3000,
            retry_after: None,
            redirects: 0,
            meanwhile: None,
        }
    }
}

/// The checkbox of the API key by that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordAccess {
    /// Values are taken and shown.
    Granted,
    /// Values are neither taken nor shown.
    Withheld,
}

/// Whether a list of passwords carries their notes: the documentation does not say, so that each way is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListNotes {
    /// The attribute is there.
    Shown,
    /// The attribute is absent; a record by itself has it.
    Absent,
    /// The attribute is null, whatever the record has.
    Null,
}

/// What becomes of a value on its way into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Alteration {
    /// One character in its middle is another one.
    OneCharacter,
    /// `&`, `<`, `>`, `"` and `'` are written as HTML writes them.
    MarkupEscaped,
    /// Its last character is missing.
    LastCharacterDropped,
}

impl Alteration {
    /// The value as it is stored.
    pub(super) fn of(self, value: &str) -> String {
        match self {
            Self::OneCharacter => {
                let at = value.char_indices().nth(value.chars().count() / 2).map_or(0, |(at, _)| at);
                let old = value[at..].chars().next().unwrap_or('a');
                let other = if old == 'x' { 'y' } else { 'x' };
                format!("{}{other}{}", &value[..at], &value[at + old.len_utf8()..])
            }
            Self::MarkupEscaped => value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            Self::LastCharacterDropped => {
                let mut kept = value.chars();
                kept.next_back();
                kept.as_str().to_owned()
            }
        }
    }
}

/// What somebody else does while a program works, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meanwhile {
    /// Archives the passwords that the next list shows, right after it.
    ArchiveAfterList,
    /// Archives the next password that is created or changed, right after it.
    ArchiveAfterWrite,
    /// Files the next password that is created a second time, with another value, right after it: another run did the same.
    CreateTheSame,
    /// Gives the passwords that the next list shows other notes, right after it.
    ChangeNotesAfterList,
}
