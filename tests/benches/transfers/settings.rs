//! How much of everything, and where.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::rows::Row;

/// What a run of the bench is made of; the same for every client.
pub(crate) struct Settings {
    /// Runs of each client in each row, of which the median counts.
    pub(crate) runs: usize,
    only: Option<Row>,
    latency: Option<u64>,
    /// Bytes of the large file.
    pub(crate) large: u64,
    /// Bytes of its parts, which is what the service recommends.
    pub(crate) part: u64,
    /// Parts, or ranges, at a time.
    pub(crate) parallel: u64,
    /// How many small files.
    pub(crate) files: u64,
    /// Bytes of each.
    pub(crate) each: u64,
    /// Small files at a time.
    pub(crate) transfers: u64,
    /// Versions to list, two of each name.
    pub(crate) versions: u64,
    folder: TempDir,
}

impl Settings {
    /// Reads the arguments, and writes the files that go up.
    pub(crate) fn read(arguments: &[&str]) -> Self {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| *argument == name)?;
            Some(*arguments.get(at + 1).unwrap_or_else(|| panic!("{name} needs a value")))
        };
        let number = |name: &str, usual: u64| value(name).map_or(usual, |text| text.parse().unwrap());
        let folder = value("--folder").map_or(Path::new(env!("CARGO_TARGET_TMPDIR")), Path::new);
        let settings = Self {
            runs: number("--runs", 5).try_into().unwrap(),
            only: value("--only").map(|row| row.parse().unwrap()),
            latency: value("--latency").map(|text| text.parse().unwrap()),
            large: number("--mib", 1024) << 20,
            part: 100_000_000,
            parallel: 4,
            files: number("--files", 5000),
            each: 4096,
            transfers: 10,
            versions: number("--versions", 1_000_000),
            folder: tempfile::Builder::new().prefix("dtc-transfers-").tempdir_in(folder).unwrap(),
        };
        settings.write_files();
        settings
    }

    pub(crate) fn wants(&self, row: Row) -> bool {
        self.only.is_none_or(|only| only == row)
    }

    /// Milliseconds that every request waits.
    pub(crate) fn latencies(&self) -> Vec<u64> {
        self.latency.map_or_else(|| vec![0, 30], |only| vec![only])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_files(&self) {
        let mut noise = File::open("/dev/urandom").unwrap();
        fs::create_dir(self.path("small")).unwrap();
        for number in 0..self.files {
            let folder = self.path("small").join(format!("folder-{:02}", number / 100));
            if number % 100 == 0 {
                fs::create_dir(&folder).unwrap();
            }
            let mut content = vec![0; usize::try_from(self.each).unwrap()];
            noise.read_exact(&mut content).unwrap();
            fs::write(folder.join(format!("file-{number:05}.bin")), content).unwrap();
        }
        let mut large = File::create(self.path("large")).unwrap();
        io::copy(&mut noise.take(self.large), &mut large).unwrap();
    }
}
