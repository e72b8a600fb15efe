//! How long files and functions may be, and how modules may not be called.
//!
//! Clippy's `too_many_lines` has the same bound and speaks up in the editor. It does not see functions inside
//! `#[async_trait]` and `proptest!`, and does not count signatures, so the bound is held here.

use super::assert_none;
use super::functions::functions;
use super::tree::{Source, sources};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;
const CONTENTS_LINES: usize = 120;

/// Names that say nothing about what a module is for.
const EMPTY_NAMES: [&str; 10] =
    ["util", "utils", "helper", "helpers", "common", "types", "models", "misc", "shared", "stuff"];

fn long_files(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter_map(|source| {
            let most = if source.path.ends_with("src/lib.rs") { CONTENTS_LINES } else { FILE_LINES };
            let lines = source.text.lines().count();
            (lines > most).then(|| format!("{}: {lines} lines, at most {most}", source.path))
        })
        .collect()
}

fn long_functions(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        for function in
            functions(&source.masked).iter().filter(|function| function.code_lines > FUNCTION_LINES)
        {
            breaches.push(format!(
                "{}:{}: {} has {} lines of code, at most {FUNCTION_LINES}",
                source.path, function.line, function.name, function.code_lines
            ));
        }
    }
    breaches
}

fn empty_names(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let parts = source.path.trim_end_matches(".rs").split('/');
        if let Some(name) = parts.clone().find(|part| EMPTY_NAMES.contains(part)) {
            breaches
                .push(format!("{}: a module called {name} says nothing about what is in it", source.path));
        }
        for (at, _) in source.masked.code.match_indices("mod ") {
            let name: String = source.masked.code[at + 4..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if EMPTY_NAMES.contains(&name.as_str()) {
                breaches.push(format!("{}: declares a module called {name}", source.path));
            }
        }
    }
    breaches
}

#[test]
fn no_file_is_too_long() {
    assert_none(&long_files(&sources()));
}

#[test]
fn no_function_is_too_long() {
    assert_none(&long_functions(&sources()));
}

#[test]
fn every_module_is_named_for_what_it_holds() {
    assert_none(&empty_names(&sources()));
}

#[test]
fn long_files_are_found() {
    let made_up = [
        Source::new("x/src/a.rs", &"\n".repeat(FILE_LINES)),
        Source::new("x/src/b.rs", &"\n".repeat(FILE_LINES + 1)),
        Source::new("x/src/lib.rs", &"\n".repeat(CONTENTS_LINES + 1)),
    ];
    assert_eq!(
        long_files(&made_up),
        ["x/src/b.rs: 601 lines, at most 600", "x/src/lib.rs: 121 lines, at most 120"]
    );
}

#[test]
fn long_functions_are_found() {
    let body = |lines: usize| format!("fn f() {{\n{}}}\n", "    // why\n    g();\n".repeat(lines - 2));
    let made_up =
        [Source::new("x/src/a.rs", &body(60)), Source::new("x/src/b.rs", &format!("\n{}", body(61)))];
    assert_eq!(long_functions(&made_up), ["x/src/b.rs:2: f has 61 lines of code, at most 60"]);
}

#[test]
fn empty_names_are_found() {
    let made_up = [
        Source::new("x/src/utils.rs", ""),
        Source::new("x/tests/common/mod.rs", ""),
        Source::new("x/src/a.rs", "mod types { }"),
        Source::new("x/src/typesetting.rs", "// mod misc;\nmod modelled;"),
    ];
    assert_eq!(empty_names(&made_up).len(), 3);
}
