//! How Python writes values: what the `repr` of an error shows.

/// A text as Python's `repr` quotes it.
pub(crate) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c == quote => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => {
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                quoted.extend(['\\', 'x', digit(u32::from(c) / 16), digit(u32::from(c) % 16)]);
            }
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_as_python_quotes_it() {
        for (text, quoted) in [
            ("plain", "'plain'"),
            ("it's", "\"it's\""),
            ("\"it's\"", "'\"it\\'s\"'"),
            ("a\\b\n", "'a\\\\b\\n'"),
            ("\u{1}", "'\\x01'"),
        ] {
            assert_eq!(repr(text), quoted);
        }
    }
}
