//! Where the functions of a source stand, and what is written above them.

use super::mask::{Masked, closing, mask};
use std::ops::Range;

/// A function with a name.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    /// The line it begins on, from one.
    pub(super) line: usize,
    /// Its lines that hold code: neither blank nor comment alone.
    pub(super) code_lines: usize,
    /// Whether a test runner calls it.
    pub(super) is_test: bool,
    /// The comments above it.
    pub(super) comments: String,
}

/// Every function of a source, with a body or without.
pub(super) fn functions(source: &Masked) -> Vec<Function> {
    let code = &source.code;
    code.match_indices("fn ").filter_map(|(at, _)| function(source, code, at)).collect()
}

fn function(source: &Masked, code: &str, at: usize) -> Option<Function> {
    if code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_') {
        return None;
    }
    let name: String =
        code[at + 3..].trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return None;
    }
    let end = end(code, at + 3)?;
    let above = code[..at].rfind([';', '{', '}']).map_or(0, |found| found + 1);
    let attributes = &code[above..at];
    Some(Function {
        name,
        line: code[..at].matches('\n').count() + 1,
        code_lines: code[at..end].lines().filter(|line| !line.trim().is_empty()).count(),
        is_test: ["#[test]", "::test]", "::test("].iter().any(|mark| attributes.contains(mark)),
        comments: source.comments[above..at].lines().map(str::trim).collect::<Vec<_>>().join("\n"),
    })
}

/// Past the body's closing brace, or past the semicolon of a function without one.
fn end(code: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + code[at..].find(['{', ';', '(', '['])?;
        match code.as_bytes()[found] {
            b';' => return Some(found + 1),
            b'{' => return closing(code, found),
            _ => at = closing(code, found)?,
        }
    }
}

/// The parts of a source that are compiled for tests only.
pub(super) fn test_modules(code: &str) -> Vec<Range<usize>> {
    code.match_indices("#[cfg(test)]")
        .filter_map(|(at, _)| {
            let end = end(code, at + "#[cfg(test)]".len())?;
            Some(at..end)
        })
        .collect()
}

#[test]
fn a_function_is_measured_by_its_code() {
    let source =
        mask("pub fn one(x: [u8; 2]) -> u8 {\n    // why\n\n    x[0] + \"{\".len() as u8\n}\nfn two();\n");
    let found = functions(&source);
    assert_eq!(
        found.iter().map(|f| (f.name.as_str(), f.line, f.code_lines)).collect::<Vec<_>>(),
        [("one", 1, 3), ("two", 6, 1)]
    );
}

#[test]
fn function_types_and_macro_variables_are_no_functions() {
    assert!(functions(&mask("type F = fn (u8) -> u8; fn $name() {} let often = 1;")).is_empty());
}

#[test]
fn tests_are_known_with_their_words() {
    let source = mask(
        "fn plain() {}\n/// The worked example of N1.\n#[test]\nfn a() {}\n#[tokio::test(start_paused = true)]\nasync fn b() {}\n",
    );
    let found = functions(&source);
    assert_eq!(found.iter().map(|f| f.is_test).collect::<Vec<_>>(), [false, true, true]);
    assert!(found[1].comments.contains("N1") && !found[2].comments.contains("N1"));
}

#[test]
fn tests_in_a_macro_are_known() {
    let source = mask(
        "proptest! {\n #![config(C { cases: 9 })]\n #[test]\n fn n9_inverse(x in any::<u8>()) { f(x); }\n}",
    );
    assert!(functions(&source)[0].is_test);
}

#[test]
fn test_modules_have_an_end() {
    let code = "a.expose() #[cfg(test)] mod tests { b } c #[cfg(test)] mod elsewhere; d";
    let found = test_modules(code);
    assert_eq!(
        found.iter().map(|range| &code[range.clone()]).collect::<Vec<_>>(),
        ["#[cfg(test)] mod tests { b }", "#[cfg(test)] mod elsewhere;"]
    );
}
