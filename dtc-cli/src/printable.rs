//! Text from outside, made safe to print: no escape sequence of a service's answer reaches the terminal.

/// The text without escape sequences, control characters and characters that turn the reading direction; line ends
/// become spaces.
pub(crate) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => skip_sequence(&mut rest),
            '\u{9b}' => skip_until_final(&mut rest),
            '\n' | '\t' => clean.push(' '),
            _ if character.is_control() || turns_direction(character) => {}
            _ => clean.push(character),
        }
    }
    clean
}

/// Passes over what follows an escape character: `[…` to its final letter, `]…` to its terminator, else one character.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    match rest.next() {
        Some('[') => skip_until_final(rest),
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(character) = rest.next() {
                if character == '\u{7}' || character == '\u{9c}' {
                    return;
                }
                if character == '\u{1b}' {
                    rest.next();
                    return;
                }
            }
        }
        _ => {}
    }
}

fn skip_until_final(rest: &mut std::str::Chars<'_>) {
    for character in rest {
        if matches!(character, '\u{40}'..='\u{7e}') {
            return;
        }
    }
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text in lines of at most `width` characters where its words allow.
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
    fn lines_break_between_words_only() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a verylongword b", 4), ["a", "verylongword", "b"]);
        assert!(wrapped("", 4).is_empty());
    }
}
