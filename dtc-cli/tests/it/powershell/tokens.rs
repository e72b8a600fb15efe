//! PowerShell in its tokens: words, variables, texts, comments, and every other character by itself.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A command, a parameter, an operator or a name.
    Word,
    /// A variable, without its `$`.
    Variable,
    /// What stands in quotation marks.
    Text,
    /// A comment.
    Comment,
    /// One other character.
    Sign,
    /// The end of a line.
    End,
}

/// A token, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is(&self, kind: Kind, text: &str) -> bool {
        self.kind == kind && self.text == text
    }

    pub(super) fn is_sign(&self, signs: &str) -> bool {
        self.kind == Kind::Sign && signs.contains(&self.text)
    }
}

/// The tokens of a script.
///
/// # Panics
/// A text or a comment that does not end, and a brace, bracket or parenthesis without its other half.
pub(super) fn tokens(script: &str) -> Vec<Token> {
    let (mut rest, mut line, mut found) = (script, 1, Vec::new());
    while let Some(first) = rest.chars().next() {
        let (kind, length, text) = next(rest, first, line);
        let at = line;
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
        if let Some(kind) = kind {
            found.push(Token { kind, text, line: at });
        }
    }
    assert_balanced(&found);
    found
}

/// The kind of the next token, how long it is, and what it holds; no kind for a space.
fn next(rest: &str, first: char, line: usize) -> (Option<Kind>, usize, String) {
    let until = |end: &str, from: usize| {
        rest[from..].find(end).unwrap_or_else(|| panic!("line {line}: it does not end")) + from
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let named = |from: usize, more: &str| {
        let end = rest[from..].find(|c: char| !is_name(c) && !more.contains(c));
        end.map_or(rest.len(), |end| from + end)
    };
    match first {
        '\n' => (Some(Kind::End), 1, String::new()),
        ' ' | '\r' | '\t' => (None, 1, String::new()),
        '#' => {
            let end = rest.find('\n').unwrap_or(rest.len());
            (Some(Kind::Comment), end, rest[1..end].to_owned())
        }
        '<' if rest.starts_with("<#") => {
            let end = until("#>", 2);
            (Some(Kind::Comment), end + 2, rest[2..end].to_owned())
        }
        '\'' => {
            let mut end = until("'", 1);
            while rest[end + 1..].starts_with('\'') {
                end = until("'", end + 2);
            }
            (Some(Kind::Text), end + 1, rest[1..end].replace("''", "'"))
        }
        '"' => {
            let mut end = until("\"", 1);
            while rest[..end].ends_with('`') {
                end = until("\"", end + 1);
            }
            (Some(Kind::Text), end + 1, rest[1..end].to_owned())
        }
        '$' if rest[1..].starts_with(is_name) => {
            let end = named(1, "");
            (Some(Kind::Variable), end, rest[1..end].to_owned())
        }
        c if is_name(c) || c == '-' => {
            let end = named(1, "-");
            (Some(Kind::Word), end, rest[..end].to_owned())
        }
        c => (Some(Kind::Sign), c.len_utf8(), c.to_string()),
    }
}

fn assert_balanced(tokens: &[Token]) {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        if token.is_sign("({[") {
            open.push(token);
        } else if token.is_sign(")}]") {
            let begun = open.pop().unwrap_or_else(|| panic!("line {}: nothing to close", token.line));
            let pair = format!("{}{}", begun.text, token.text);
            assert!(["()", "{}", "[]"].contains(&pair.as_str()), "lines {} and {}", begun.line, token.line);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// What stands between the sign at this place, which opens, and the one that closes it.
pub(super) fn enclosed(tokens: &[Token], at: usize) -> &[Token] {
    assert!(tokens[at].is_sign("({["), "{:?}", tokens[at]);
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate().skip(at) {
        if token.is_sign("({[") {
            depth += 1;
        } else if token.is_sign(")}]") {
            depth -= 1;
            if depth == 0 {
                return &tokens[at + 1..number];
            }
        }
    }
    panic!("{:?} is not closed", tokens[at]);
}

#[test]
fn scripts_fall_into_their_tokens() {
    let found = tokens("# c\n$a.B = 'it''s' + \"x`\"y\" <# d\n #>| Get-It --json");
    let held: Vec<(Kind, &str, usize)> =
        found.iter().map(|token| (token.kind, token.text.as_str(), token.line)).collect();
    assert_eq!(
        held,
        [
            (Kind::Comment, " c", 1),
            (Kind::End, "", 1),
            (Kind::Variable, "a", 2),
            (Kind::Sign, ".", 2),
            (Kind::Word, "B", 2),
            (Kind::Sign, "=", 2),
            (Kind::Text, "it's", 2),
            (Kind::Sign, "+", 2),
            (Kind::Text, "x`\"y", 2),
            (Kind::Comment, " d\n ", 2),
            (Kind::Sign, "|", 3),
            (Kind::Word, "Get-It", 3),
            (Kind::Word, "--json", 3),
        ]
    );
}

#[test]
fn what_does_not_end_is_found() {
    for script in ["'x", "\"x", "<# x", "(", "}", "(]", "{ ( }"] {
        assert!(std::panic::catch_unwind(|| tokens(script)).is_err(), "{script}");
    }
}
