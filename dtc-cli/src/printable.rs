//! Text from outside, made safe to print: no escape sequence of a service's answer reaches the terminal.

/// The text without escape sequences, control characters and characters that change the reading direction; line ends
/// and tabs become spaces.
///
/// What follows an escape sequence that is cut off, or that `console` does not know, stays readable: only its control
/// characters go, so that a sequence cannot hide the rest of a line.
pub(crate) fn printable(text: &str) -> String {
    let stripped = console::strip_ansi_codes(text);
    let mut clean = String::with_capacity(stripped.len());
    let mut rest = stripped.chars();
    while let Some(character) = rest.next() {
        match character {
            // The character after it says only which sequence this would have been.
            '\u{1b}' => drop(rest.next()),
            '\n' | '\t' => clean.push(' '),
            _ if character.is_control() || changes_direction(character) => {}
            _ => clean.push(character),
        }
    }
    clean
}

fn changes_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text in lines of at most `width` characters, broken between words. A longer word has a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
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
    fn e8_a_sequence_that_is_cut_off_hides_nothing() {
        assert_eq!(printable("pool \u{1b}[31"), "pool ");
        assert_eq!(printable("pool \u{1b}[31 is deleted"), "pool  is deleted");
        assert_eq!(printable("pool \u{1b}"), "pool ");
        assert_eq!(printable("pool \u{9b} is deleted"), "pool  is deleted");
        assert_eq!(printable("pool \u{1b}]0;title"), "pool ");
        assert_eq!(printable("pool \u{1b}P1$r0m\u{1b}\\ is deleted"), "pool  is deleted");
    }

    #[test]
    fn e8_sequences_that_console_does_not_know_lose_their_controls() {
        assert_eq!(printable("a\u{1b}[1:2mb"), "a:2mb");
        assert_eq!(printable("a\u{1b}_payload\u{1b}\\b"), "apayloadb");
        assert_eq!(printable("a\u{9d}0;title\u{7}b"), "a0;titleb");
        assert_eq!(printable("a\u{90}q\u{9c}b\u{85}c"), "aqbc");
        // What is left when one sequence is taken out does not become another.
        assert_eq!(printable("a\u{1b}\u{1b}[31m[2Jb"), "a2Jb");
        assert_eq!(printable("a\u{61c}\u{2066}b"), "ab");
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
                let raw = clean.chars().find(|&c| c.is_control() || changes_direction(c));
                assert!(raw.is_none(), "{text:?} → {clean:?}");
            }
        }
    }

    #[test]
    fn lines_break_between_words_only() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a verylongword b", 4), ["a", "verylongword", "b"]);
        assert!(wrapped("", 4).is_empty());
    }
}
