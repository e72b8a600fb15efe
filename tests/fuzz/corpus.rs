//! The inputs that are kept.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::mutation::values;

/// An input of the corpus.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its file's name without the extension; up to the first dot, what it is an input of.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Where the values in it stand, where it is JSON.
    pub(crate) values: Vec<Range<usize>>,
}

impl Entry {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let is_json = serde_json::from_slice::<Value>(&bytes).is_ok();
        let values = if is_json { values(&bytes) } else { Vec::new() };
        Self { name: path.file_stem().unwrap().to_str().unwrap().to_owned(), bytes, values }
    }

    /// What it is an input of.
    pub(crate) fn operation(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target)
}

/// The corpus of a target, in the order of the names.
pub(crate) fn corpus(target: &str) -> Vec<Entry> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder(target)).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no corpus");
    paths.iter().map(|path| Entry::read(path)).collect()
}
