//! What a plan, an observation, a site and a report say may grow: who embeds the crate takes no such type apart without a rest, and builds
//! none but by its constructor.

use super::assert_none;
use super::mask::closing;
use super::tree::{Source, sources};

/// Where such types stand. What ports exchange stands elsewhere: an adapter that leaves out a new field must not compile.
const GROWING: [&str; 7] = [
    "dtc-provision/src/facts/",
    "dtc-provision/src/phases/",
    "dtc-provision/src/procedures/",
    "dtc-provision/src/restore/",
    "dtc-provision/src/verify/",
    "dtc-provision/src/site.rs",
    "dtc-adapters/src/connections.rs",
];

/// Those that do not grow, and why.
const CLOSED: [(&str, &str); 3] = [
    ("Fact", "a fact is known, or unread"),
    ("Verdict", "whoever shows or counts verdicts must say what each is"),
    ("Proof", "whoever shows a proof must say for each whether it is one"),
];

/// The public types of a source, each with the line it begins on, its attributes and its body.
fn types(source: &Source) -> Vec<(usize, String, String, String)> {
    let code = source.shipped_code();
    let mut found = Vec::new();
    for keyword in ["\npub struct ", "\npub enum "] {
        for (at, _) in code.match_indices(keyword) {
            let rest = &code[at + keyword.len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let above = code[..at].rfind([';', '}']).map_or(0, |end| end + 1);
            let open = at + code[at..].find(['{', '(', ';']).unwrap_or_default();
            let body = closing(&code, open).map_or("", |end| &code[open..end]);
            let line = code[..=at].matches('\n').count() + 1;
            found.push((line, name, code[above..at].to_owned(), body.to_owned()));
        }
    }
    found
}

/// Whether other crates could build it field by field.
fn is_open(body: &str) -> bool {
    let inside = body.trim_start_matches(['{', '(']).trim_end_matches(['}', ')']);
    let has_private = |line: &str| {
        let line = line.trim();
        line.contains(": ") && !line.starts_with("pub ") && !line.starts_with('#')
    };
    body.starts_with('{') && !inside.lines().any(has_private)
}

fn closed(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| GROWING.iter().any(|place| source.path.starts_with(place))) {
        for (line, name, attributes, body) in types(source) {
            let is_enum = !source.text.contains(&format!("pub struct {name}"));
            let may_grow = !CLOSED.iter().any(|(closed, _)| *closed == name);
            if may_grow && (is_enum || is_open(&body)) && !attributes.contains("#[non_exhaustive]") {
                breaches
                    .push(format!("{}:{line}: {name} may grow, and is not #[non_exhaustive]", source.path));
            }
        }
    }
    breaches
}

#[test]
fn what_may_grow_is_non_exhaustive() {
    assert_none(&closed(&sources()));
}

#[test]
fn closed_types_are_found() {
    let text = "use a;\n\n#[derive(Debug)]\npub struct A {\n    pub b: u8,\n}\n\n#[non_exhaustive]\npub enum B {\n    C,\n}\n\n\
        pub enum D {\n    E { f: u8 },\n}\n\npub struct G {\n    pub h: u8,\n    i: u8,\n}\n\npub struct J(u8);\n\npub enum Verdict {\n    K,\n}\n";
    assert_eq!(
        closed(&[
            Source::new("dtc-provision/src/facts/a.rs", text),
            Source::new("dtc-provision/src/ports/a.rs", text)
        ]),
        [
            "dtc-provision/src/facts/a.rs:4: A may grow, and is not #[non_exhaustive]",
            "dtc-provision/src/facts/a.rs:13: D may grow, and is not #[non_exhaustive]",
        ]
    );
}
