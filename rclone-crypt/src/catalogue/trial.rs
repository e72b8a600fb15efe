//! Whether keys open what a folder holds.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::tree::{open, tree};
use crate::error::Error;
use crate::key::Keys;
use crate::lengths::{HEADER_LEN, MAGIC};
use crate::proof::{KEY_PROOF_RANGE, Proven, prove_keys};

/// Files that are tried: enough that damage to some of them does not pass for wrong keys.
const TRIED: usize = 8;

/// The beginnings of some encrypted files, to try keys on, whatever the files are called. Names are not looked at.
#[derive(Debug)]
pub struct KeyTrial {
    beginnings: Vec<(PathBuf, Vec<u8>)>,
}

impl KeyTrial {
    /// Reads the beginnings of some files of a folder that are encrypted and not empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when the folder itself cannot be read.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let mut beginnings = Vec::new();
        for found in tree(folder)?.files {
            if beginnings.len() == TRIED {
                break;
            }
            let mut beginning = Vec::new();
            let read =
                open(&found.disk).map(|file| file.take(KEY_PROOF_RANGE.end).read_to_end(&mut beginning));
            if matches!(read, Ok(Ok(_))) && beginning.starts_with(&MAGIC) && beginning.len() > HEADER_LEN {
                beginnings.push((super::shown(&found.path), beginning));
            }
        }
        Ok(Self { beginnings })
    }

    /// Whether there is nothing to try keys on: no file is encrypted, or all are empty.
    pub fn is_empty(&self) -> bool {
        self.beginnings.is_empty()
    }

    /// How many files keys are tried on.
    pub fn tried(&self) -> usize {
        self.beginnings.len()
    }

    /// The first of them, by its path in the folder.
    pub fn first(&self) -> Option<&Path> {
        self.beginnings.first().map(|(path, _)| path.as_path())
    }

    /// Whether these keys open one of the files.
    pub fn opens_with(&self, keys: &Keys) -> bool {
        let opens = |beginning: &[u8]| matches!(prove_keys(keys, beginning), Ok(Proven::Keys { .. }));
        self.beginnings.iter().any(|(_, beginning)| opens(beginning))
    }
}
