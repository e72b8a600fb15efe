//! The files of the repository, as git would take them.

use super::functions::test_modules;
use super::mask::{Masked, mask};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of the repository.
#[derive(Debug)]
pub(super) struct Text {
    /// From the root, with `/` between the parts.
    pub(super) path: String,
    pub(super) text: String,
}

/// A Rust source.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) masked: Masked,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), masked: mask(text) }
    }

    /// The code without what only tests compile.
    pub(super) fn shipped_code(&self) -> String {
        if is_test_file(&self.path) {
            return String::new();
        }
        let mut code = self.masked.code.clone();
        for range in test_modules(&code) {
            let blank: String =
                code[range.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            code.replace_range(range, &blank);
        }
        code
    }
}

/// Whether a whole file is a test: an integration test, a bench, or a test module in a file of its own.
pub(super) fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every text file that git tracks or would add.
pub(super) fn texts() -> Vec<Text> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the repository");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8(listed.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter_map(|path| {
            // A binary file, or one that is deleted and not yet committed so, has no text.
            let text = std::fs::read_to_string(root().join(path)).ok()?;
            Some(Text { path: path.to_owned(), text })
        })
        .collect()
}

/// Every Rust source of the workspace.
pub(super) fn sources() -> Vec<Source> {
    let has_rust = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "rs");
    let found: Vec<Source> = texts()
        .iter()
        .filter(|text| has_rust(&text.path))
        .map(|text| Source::new(&text.path, &text.text))
        .collect();
    assert!(found.len() > 15, "the rules would hold on an empty repository; found {} sources", found.len());
    found
}

#[test]
fn test_code_is_not_shipped() {
    let source = Source::new("x/src/a.rs", "a();\n#[cfg(test)]\nmod tests {\n b();\n}\n");
    assert!(source.shipped_code().contains("a()") && !source.shipped_code().contains("b()"));
    assert_eq!(source.shipped_code().lines().count(), 5);
    assert_eq!(Source::new("x/tests/it/main.rs", "a();").shipped_code(), "");
    assert!(is_test_file("x/src/plan/tests.rs") && !is_test_file("x/src/attests.rs"));
}
