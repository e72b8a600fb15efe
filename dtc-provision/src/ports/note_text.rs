//! A value in the notes of a record, which is one line of printable text.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters of a value in notes; what is written there are names, addresses and one-line summaries.
const LONGEST: usize = 255;

/// One line of text that nothing is hidden in: no line end, no other control character, and no format character, which
/// reorders or hides what a person reads (Unicode's categories Cc, Cf, Zl and Zp).
///
/// Notes are `Name: value` lines, and a record is found by them (E5): a value with a line end in it could pass for another
/// line, so that none can be written.
///
/// ```
/// use dtc_provision::ports::NoteText;
///
/// assert_eq!(NoteText::new("nas.contoso.example")?.as_str(), "nas.contoso.example");
/// assert!(NoteText::new("nas\nStatus: operational").is_err());
/// assert_eq!(NoteText::shown("done\nStatus: operational").as_str(), "done\u{fffd}Status: operational");
/// # Ok::<(), dtc_provision::ports::NotANote>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteText(String);

/// A text that cannot stand in notes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANote {
    /// It holds a character that is not printed.
    #[error("{text:?} holds the character {character:?}, which cannot stand in a line of notes")]
    Character {
        /// The text.
        text: String,
        /// The first such character.
        character: char,
    },
    /// It is too long.
    #[error("a text of {characters} characters is too long for notes, which take {LONGEST}")]
    TooLong {
        /// How long it is.
        characters: usize,
    },
}

impl NoteText {
    /// Takes a text as it is.
    ///
    /// # Errors
    /// It holds a line end or another character that is not printed, or is longer than 255 characters.
    pub fn new(text: impl Into<String>) -> Result<Self, NotANote> {
        let text = text.into();
        let characters = text.chars().count();
        if characters > LONGEST {
            return Err(NotANote::TooLong { characters });
        }
        match text.chars().find(|&character| is_not_printed(character)) {
            Some(character) => Err(NotANote::Character { text, character }),
            None => Ok(Self(text)),
        }
    }

    /// Shows what a service said: a character that is not printed becomes U+FFFD, and what is too long is cut.
    pub fn shown(text: &str) -> Self {
        let printed =
            |character| if is_not_printed(character) { char::REPLACEMENT_CHARACTER } else { character };
        Self(text.chars().take(LONGEST).map(printed).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters (Cc), line and paragraph separators (Zl, Zp) and format characters (Cf) of Unicode 16.
fn is_not_printed(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{2028}' | '\u{2029}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

impl fmt::Display for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<NoteText> for String {
    fn from(text: NoteText) -> Self {
        text.0
    }
}

impl TryFrom<String> for NoteText {
    type Error = NotANote;

    fn try_from(text: String) -> Result<Self, NotANote> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn e1_what_breaks_a_line_or_hides_is_refused_and_named() {
        for character in
            ['\n', '\r', '\t', '\0', '\u{85}', '\u{2028}', '\u{202e}', '\u{200b}', '\u{61c}', '\u{e0041}']
        {
            let text = format!("nas{character}Status: operational");
            let error = NoteText::new(text.clone()).unwrap_err();
            assert_eq!(error, NotANote::Character { text: text.clone(), character });
            assert_eq!(NoteText::shown(&text).as_str(), "nas\u{fffd}Status: operational");
        }
        assert_eq!(NoteText::new("x".repeat(256)), Err(NotANote::TooLong { characters: 256 }));
        assert!(NoteText::new("ü".repeat(255)).is_ok());
    }

    proptest! {
        #[test]
        fn e1_whatever_is_taken_is_one_line(text in any::<String>()) {
            let shown = NoteText::shown(&text);
            prop_assert!(NoteText::new(shown.as_str()).is_ok());
            if let Ok(taken) = NoteText::new(text.clone()) {
                prop_assert_eq!(taken.as_str(), text.as_str());
                prop_assert_eq!(&taken, &shown);
                prop_assert!(text.is_empty() || text.lines().count() == 1);
            }
        }
    }
}
