//! A lint is set aside with a reason, and `unsafe_code` is not set aside at all.
//!
//! Clippy's `allow_attributes_without_reason` asks for the reason wherever an attribute takes effect. It does not see what
//! stands under the condition of another system, `#[cfg_attr(windows, allow(…))]`; that is looked at here.

use super::assert_none;
use super::mask::closing;
use super::tree::{Source, sources};

/// The one file that may hold `unsafe`: a vectorised cipher, if there comes to be one.
const UNSAFE: &str = "rclone-crypt/src/simd.rs";

/// Every attribute of a source that sets a lint aside, with the line it is on.
fn set_aside(source: &Source) -> Vec<(usize, &str)> {
    let code = &source.masked.code;
    let opens = |at: usize| {
        let rest = code[at..].trim_start_matches('[').trim_start();
        // `#[cfg_attr(condition, allow(...))]` sets one aside too.
        rest.starts_with("allow(") || rest.starts_with("expect(") || rest.starts_with("cfg_attr(")
    };
    code.match_indices('#')
        .filter_map(|(at, _)| {
            let open = at + 1 + usize::from(code[at + 1..].starts_with('!'));
            if !code[open..].starts_with('[') || !opens(open) {
                return None;
            }
            let attribute = &code[at..closing(code, open)?];
            let relevant = attribute.contains("allow(") || attribute.contains("expect(");
            relevant.then(|| (code[..at].matches('\n').count() + 1, attribute))
        })
        .collect()
}

fn without_reason(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        for (line, attribute) in set_aside(source) {
            if attribute.contains("cfg_attr(") && !attribute.contains("reason =") {
                breaches.push(format!("{}:{line}: {attribute} gives no reason", source.path));
            }
        }
    }
    breaches
}

fn unsafe_allowed(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| source.path != UNSAFE) {
        for (line, attribute) in set_aside(source) {
            if attribute.contains("unsafe_code") {
                breaches.push(format!(
                    "{}:{line}: {attribute}; unsafe code stands in {UNSAFE} only",
                    source.path
                ));
            }
        }
    }
    breaches
}

#[test]
fn lints_are_set_aside_under_a_condition_with_a_reason() {
    assert_none(&without_reason(&sources()));
}

#[test]
fn unsafe_code_is_not_allowed() {
    assert_none(&unsafe_allowed(&sources()));
}

#[test]
fn missing_reasons_are_found() {
    let made_up = [
        Source::new("a.rs", "#[cfg_attr(windows, allow(dead_code))]\nfn f() {}"),
        Source::new("b.rs", "\n#![cfg_attr(\n    not(unix),\n    expect(dead_code, clippy::panic)\n)]"),
        Source::new("c.rs", "#[cfg_attr(test, allow(dead_code, reason = \"it is drawn later\"))]"),
        Source::new(
            "d.rs",
            "// #[cfg_attr(test, allow(dead_code))]\n#[cfg_attr(test, derive(Debug))] x.expect(\"y\");",
        ),
    ];
    let found = without_reason(&made_up);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a.rs:1:") && found[1].starts_with("b.rs:2:"));
}

#[test]
fn allowed_unsafe_code_is_found() {
    let text = "#![allow(unsafe_code, reason = \"fast\")]";
    let made_up = [
        Source::new("a.rs", text),
        Source::new("b.rs", &text.replace("allow", "expect")),
        Source::new(UNSAFE, text),
    ];
    assert_eq!(unsafe_allowed(&made_up).len(), 2);
}
