//! An example that must not compile gives the code of the compiler's error, and stands before one that compiles and differs in what is wrong
//! with it: else it could fail for another reason, such as a name that was changed.

use super::assert_none;
use super::tree::{Source, sources};

/// A block of code in a documentation comment.
struct Block<'a> {
    line: usize,
    /// What stands after its opening fence.
    tags: &'a str,
    lines: Vec<&'a str>,
}

/// The blocks of a source's documentation, in their order.
fn blocks(source: &Source) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for (number, line) in source.text.lines().enumerate() {
        let Some(text) =
            line.trim_start().strip_prefix("//!").or_else(|| line.trim_start().strip_prefix("///"))
        else {
            is_open = false;
            continue;
        };
        let text = text.strip_prefix(' ').unwrap_or(text);
        match (text.strip_prefix("```"), blocks.last_mut()) {
            (Some(_), _) if is_open => is_open = false,
            (Some(tags), _) => {
                blocks.push(Block { line: number + 1, tags, lines: Vec::new() });
                is_open = true;
            }
            (None, Some(open)) if is_open => open.lines.push(text),
            (None, _) => {}
        }
    }
    blocks
}

/// So many lines may say what is wrong: a name that is brought in, the signature, the statement.
const LINES_THAT_DIFFER: usize = 3;

/// How many lines of one block are not in the other.
fn differing(one: &Block<'_>, other: &Block<'_>) -> usize {
    one.lines.iter().filter(|line| !other.lines.contains(line)).count()
}

fn unproven(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let blocks = blocks(source);
        for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.tags.contains("compile_fail"))
        {
            let place = format!("{}:{}", source.path, block.line);
            let code = block.tags.split(',').any(|tag| tag.len() == 5 && tag.starts_with('E'));
            if !code {
                breaches.push(format!("{place}: it gives no code of an error, such as compile_fail,E0599"));
            }
            match blocks.get(at + 1) {
                Some(next) if next.tags.is_empty() || next.tags == "no_run" => {
                    let lines = differing(block, next).max(differing(next, block));
                    if lines > LINES_THAT_DIFFER {
                        breaches.push(format!("{place}: the next example differs in {lines} lines"));
                    }
                }
                _ => breaches.push(format!("{place}: no example follows that compiles")),
            }
        }
    }
    breaches
}

#[test]
fn what_must_not_compile_stands_beside_what_does() {
    let sources = sources();
    let misuses = sources.iter().flat_map(blocks).filter(|block| block.tags.contains("compile_fail")).count();
    assert!(misuses > 10, "{misuses}");
    assert_none(&unproven(&sources));
}

#[test]
fn misuses_that_prove_nothing_are_found() {
    let wrong = "//! ```compile_fail,E0599\n//! f(1);\n//! ```\n";
    let right = "//!\n//! ```\n//! f(2);\n//! ```\n";
    let far = "//!\n//! ```\n//! a();\n//! b();\n//! c();\n//! d();\n//! ```\n";
    let source = |parts: &[&str]| [Source::new("x/src/a.rs", &parts.concat())];
    assert_none(&unproven(&source(&[wrong, right])));
    for (parts, fault) in [
        (&[wrong][..], "x/src/a.rs:1: no example follows that compiles"),
        (&[wrong, wrong, right], "x/src/a.rs:1: no example follows that compiles"),
        (&[wrong, far], "x/src/a.rs:1: the next example differs in 4 lines"),
    ] {
        assert_eq!(unproven(&source(parts)), [fault]);
    }
    let codeless = wrong.replace(",E0599", "");
    assert_eq!(unproven(&source(&[&codeless, right])).len(), 1);
}
