//! Which characters of a text from outside can be seen.

use std::borrow::Cow;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The text on one line, of characters that can be seen: without escape sequences, and without every character that Unicode calls a control, a
/// format, a private or an unassigned one, or one to be ignored by default. What ends a line, and a tab, becomes a space.
///
/// That is more than a list could name: what turns the reading direction, what has no width, tags, fillers, variation selectors. The
/// joiners that some scripts and emoji use (U+200C, U+200D) go as well: without them a text reads less well, and with them two names that
/// differ look the same.
///
/// What follows an escape sequence that is cut off, or that is not known here, stays readable, so that a sequence cannot hide the rest of a line.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_seen) { Cow::Borrowed(text) } else { Cow::Owned(seen(text)) }
}

/// The text on one line with nothing left out: each character that [`printable`] removes or replaces is written as an escape, such as
/// `\u{202e}` or `\n`.
///
/// For names, which must look different where they differ. A backslash of the name itself stays as it is, so the escapes are for people to read
/// and not for programs to undo.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_seen) {
        return Cow::Borrowed(text);
    }
    let escaped = |character: char| {
        if is_seen(character) { String::from(character) } else { character.escape_default().to_string() }
    };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// Whether a reader sees the character, or the room that it takes.
pub(crate) fn is_seen(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    let ignored = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character);
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    !ignored
        && !matches!(
            category,
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Surrogate
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        )
}

fn seen(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    // Of two escape characters in a row, the first takes what follows the second one's sequence.
    let mut taken = false;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\u{1b}' if rest.starts_with('\u{1b}') => taken = true,
            '\u{1b}' => rest = after_sequence(rest),
            '\u{9b}' => rest = after_control_sequence(rest),
            _ if std::mem::take(&mut taken) => {}
            '\n' | '\t' | '\u{2028}' | '\u{2029}' => clean.push(' '),
            _ if is_seen(character) => clean.push(character),
            _ => {}
        }
    }
    clean
}

/// What follows an escape sequence, its escape character read.
fn after_sequence(rest: &str) -> &str {
    let Some(kind) = rest.chars().next() else { return rest };
    let after = &rest[kind.len_utf8()..];
    match kind {
        '[' => after_control_sequence(after),
        // A title, a link or another string, up to its end.
        ']' | 'P' => match after.find(['\u{7}', '\u{1b}', '\u{9c}']) {
            Some(end) => {
                let ended = &after[end..];
                ended
                    .strip_prefix("\u{1b}\\")
                    .or_else(|| ended.strip_prefix(['\u{7}', '\u{9c}']))
                    .unwrap_or(ended)
            }
            None => "",
        },
        // It says only which sequence this would have been.
        _ => after,
    }
}

/// What follows a control sequence such as `[31m`, its start read.
fn after_control_sequence(rest: &str) -> &str {
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | '?'));
    after.strip_prefix(|c: char| ('@'..='~').contains(&c)).unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e8_nothing_reaches_the_terminal_but_text() {
        assert_eq!(
            printable("a\u{1b}[2J\u{1b}[31mb\u{1b}]0;title\u{7}c\u{1b}]8;;x\u{1b}\\d\re\u{8}"),
            "abcde"
        );
        assert_eq!(printable("one\ntwo\u{202e}evil\u{9b}1mx\u{0}"), "one twoevilx");
        assert_eq!(printable("Müller № 7 → 契約"), "Müller № 7 → 契約");
        assert_eq!(printable("cut off \u{1b}["), "cut off ");
    }

    #[test]
    fn e8_what_is_made_visible_loses_nothing() {
        for (name, shown) in [
            ("a.txt", "a.txt"),
            ("Müller 契約😀", "Müller 契約😀"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{0}\u{7f}\u{85}", "\\u{0}\\u{7f}\\u{85}"),
            ("x\u{200d}y\u{e0041}", "x\\u{200d}y\\u{e0041}"),
            ("a\\b", "a\\b"),
        ] {
            assert_eq!(visible(name), shown);
        }
    }

    #[test]
    fn e8_a_sequence_that_is_cut_off_hides_nothing() {
        assert_eq!(printable("pool \u{1b}[31"), "pool ");
        assert_eq!(printable("pool \u{1b}[31 is deleted"), "pool  is deleted");
        assert_eq!(printable("pool \u{1b}"), "pool ");
        assert_eq!(printable("pool \u{9b} is deleted"), "pool  is deleted");
        assert_eq!(printable("pool \u{1b}]0;title"), "pool ");
        assert_eq!(printable("pool \u{1b}P1$r0m\u{1b}\\ is deleted"), "pool  is deleted");
    }

    #[test]
    fn e8_sequences_that_are_not_known_lose_their_controls() {
        assert_eq!(printable("a\u{1b}[1:2mb"), "a:2mb");
        assert_eq!(printable("a\u{1b}_payload\u{1b}\\b"), "apayloadb");
        assert_eq!(printable("a\u{9d}0;title\u{7}b"), "a0;titleb");
        assert_eq!(printable("a\u{90}q\u{9c}b\u{85}c"), "aqbc");
        // What is left when one sequence is taken out does not become another.
        assert_eq!(printable("a\u{1b}\u{1b}[31m[2Jb"), "a2Jb");
        assert_eq!(printable("a\u{61c}\u{2066}b"), "ab");
    }

    /// Every character there is, by what Unicode says of it.
    #[test]
    fn e8_what_cannot_be_seen_goes_whatever_it_is_called() {
        let gone: Vec<char> =
            (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|c| !is_seen(*c)).collect();
        for known in [
            '\u{0}',
            '\u{7f}',
            '\u{80}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2064}',
            '\u{2066}',
            '\u{2069}',
            '\u{206f}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{fff9}',
            '\u{ffff}',
            '\u{e000}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{f0000}',
            '\u{10ffff}',
            '\u{378}',
        ] {
            assert!(gone.contains(&known), "{known:?}");
            let text = format!("a{known}b");
            let expected = if matches!(known, '\u{2028}' | '\u{2029}') { "a b" } else { "ab" };
            assert_eq!(printable(&text), expected, "{known:?}");
        }
        for seen in "aÄß№→契あ한عع𝒳😀‼…–\u{a0}\u{301}".chars() {
            assert!(!gone.contains(&seen), "{seen:?}");
        }
    }

    /// Every text of up to five characters out of those that sequences are made of.
    #[test]
    fn e8_no_combination_leaves_a_control_character() {
        const PARTS: [char; 14] = [
            '\u{1b}', '[', ']', 'P', '\\', ';', '1', 'm', ' ', '\u{7}', '\u{9b}', '\u{9c}', '\u{9d}',
            '\u{202e}',
        ];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts.iter().flat_map(|text| PARTS.map(|part| format!("{text}{part}"))).collect();
            for text in &texts {
                let clean = printable(text);
                assert!(clean.chars().all(is_seen), "{text:?} → {clean:?}");
            }
        }
    }
}
