//! The settings of the benchmark.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::rows::Row;

/// The settings of a run, the same for every program.
pub(crate) struct Settings {
    /// Runs of each program in each row, of which the median is taken.
    pub(crate) runs: usize,
    only: Option<Row>,
    latency: Option<u64>,
    /// The length of the large file in bytes.
    pub(crate) large: u64,
    /// The length of its parts in bytes, which the service recommends.
    pub(crate) part: u64,
    /// The number of parallel parts or ranges.
    pub(crate) parallel: u64,
    /// The number of small files.
    pub(crate) files: u64,
    /// The length of each in bytes.
    pub(crate) each: u64,
    /// The number of small files transferred in parallel.
    pub(crate) transfers: u64,
    /// The number of versions to list, two of each name.
    pub(crate) versions: u64,
    folder: TempDir,
}

impl Settings {
    /// Parses the arguments, and writes the files to upload.
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

    /// The latency of every request, in milliseconds.
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
