//! What no file of the repository says: where it was made, and how; and words that gave way to plainer ones.

use super::assert_none;
use super::tree::{Source, Text, is_test_file, sources, texts};

/// Paths and words of a machine or of a way of working, which mean nothing to who clones the repository. They are put
/// together here, so that this file does not say them.
const NOWHERE: [&str; 5] = [
    concat!("/", "work/"),
    concat!("/", "farm/"),
    concat!("../", "shared/"),
    concat!("helper", " agent"),
    concat!("issues", " show"),
];

/// Folders for scratch files, which a test may name and nothing else.
const IN_TESTS: [&str; 2] = [concat!("/", "tmp/"), concat!("/", "var/tmp/")];

/// Words that no name may be made of, each with the one that took its place. Names are split into their words, so `lent`
/// does not stand in `silent`.
const RETIRED: [(&str, &str); 14] = [
    ("mend", "remedy"),
    ("mends", "remedy"),
    ("told", "describe_…"),
    ("tells", "describe_…"),
    ("patience", "idle_timeout, or what is waited for"),
    ("impatient", "idle_timeout, or what is waited for"),
    ("weather", "faults"),
    ("veil", "redact"),
    ("veiled", "redacted"),
    ("lent", "with_…"),
    ("pauses", "backoff"),
    ("trouble", "fault, or failure"),
    ("troubles", "faults, or failures"),
    ("troubled", "faulty, or failing"),
];

/// The words of a name: `told_to` and `ToldTo` are both `told` and `to`.
fn words_of(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c != '_', words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.into_iter()
}

fn retired(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        for (number, line) in source.masked.code.lines().enumerate() {
            let names = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            for word in names.flat_map(words_of) {
                if let Some((_, instead)) = RETIRED.iter().find(|(retired, _)| *retired == word) {
                    breaches.push(format!(
                        "{}:{}: a name says {word}; say {instead}",
                        source.path,
                        number + 1
                    ));
                }
            }
        }
    }
    breaches
}

fn out_of_place(texts: &[Text]) -> Vec<String> {
    let mut breaches = Vec::new();
    for Text { path, text } in texts {
        for (number, line) in text.lines().enumerate() {
            let says = |word: &str| {
                line.match_indices(word).any(|(at, _)| {
                    // `https://example.org/work/` is somebody's address, not a path of a machine.
                    let before = line[..at].chars().next_back();
                    !word.starts_with('/')
                        || !before.is_some_and(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
                })
            };
            let anywhere = NOWHERE.iter().filter(|word| says(word));
            let in_tests = IN_TESTS.iter().filter(|word| !is_test_file(path) && says(word));
            for word in anywhere.chain(in_tests) {
                breaches.push(format!("{path}:{}: says {word}", number + 1));
            }
        }
    }
    breaches
}

#[test]
fn no_file_names_a_machine() {
    assert_none(&out_of_place(&texts()));
}

#[test]
fn paths_of_a_machine_are_found() {
    let made_up = |path: &str, text: String| Text { path: path.to_owned(), text };
    let texts = [
        made_up("a/src/lib.rs", format!("//! see {}x", NOWHERE[0])),
        made_up("docs/b.md", format!("one\ncd {}", IN_TESTS[0])),
        made_up("c/tests/it/main.rs", format!("let scratch = \"{}x\";", IN_TESTS[0])),
        made_up("d.md", format!("https://example.org{}", NOWHERE[0])),
        made_up("e.md", format!("as the {} said", NOWHERE[3])),
    ];
    let found = out_of_place(&texts);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[1].starts_with("docs/b.md:2:"));
}

#[test]
fn no_name_is_made_of_retired_words() {
    assert_none(&retired(&sources()));
}

#[test]
fn retired_words_are_found() {
    let made_up =
        [Source::new("xtask/src/a.rs", "fn told() {}\nlet silent = \"told\"; // told\nstruct MyWeather;")];
    assert_eq!(
        retired(&made_up),
        [
            "xtask/src/a.rs:1: a name says told; say describe_…",
            "xtask/src/a.rs:3: a name says weather; say faults",
        ]
    );
}
