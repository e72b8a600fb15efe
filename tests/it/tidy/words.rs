//! What no file of the repository says: where it was made, and how.

use super::assert_none;
use super::tree::{Text, is_test_file, texts};

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
