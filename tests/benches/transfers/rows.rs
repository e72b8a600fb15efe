//! The rows of the table: what is measured.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::str::FromStr;

use crate::service::Service;
use crate::settings::Settings;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    LargeUp,
    LargeDown,
    SmallUp,
    SmallDown,
    Listing,
}

impl Row {
    pub(crate) const ALL: [Self; 5] =
        [Self::LargeUp, Self::LargeDown, Self::SmallUp, Self::SmallDown, Self::Listing];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LargeUp => "large-up",
            Self::LargeDown => "large-down",
            Self::SmallUp => "small-up",
            Self::SmallDown => "small-down",
            Self::Listing => "listing",
        }
    }

    pub(crate) fn title(self, settings: &Settings) -> String {
        let Settings { large, files, each, versions, .. } = settings;
        match self {
            Self::LargeUp => format!("one file of {} MiB up", large >> 20),
            Self::LargeDown => format!("one file of {} MiB down", large >> 20),
            Self::SmallUp => format!("{files} files of {each} bytes up"),
            Self::SmallDown => format!("{files} files of {each} bytes down"),
            Self::Listing => format!("listing {versions} versions"),
        }
    }

    /// How many bytes the client must hash. A file that is uploaded in parts is hashed twice: as a whole and by parts.
    pub(crate) fn hashed(self, settings: &Settings) -> u64 {
        match self {
            Self::LargeUp => 2 * settings.large,
            Self::LargeDown => settings.large,
            Self::SmallUp | Self::SmallDown => settings.files * settings.each,
            Self::Listing => 0,
        }
    }

    /// The memory that the parts in progress take.
    pub(crate) fn parts(self, settings: &Settings) -> u64 {
        match self {
            Self::LargeUp | Self::LargeDown => settings.parallel * settings.part,
            _ => 0,
        }
    }

    /// Removes the files of the previous run.
    pub(crate) fn clear(self, settings: &Settings, service: &Service) {
        match self {
            Self::LargeUp | Self::SmallUp => drop(service.command("empty up")),
            Self::LargeDown | Self::SmallDown => {
                let down = settings.path("down");
                if down.exists() {
                    // Many small files are only put aside: ext4 is slow to make files for seconds after many were deleted.
                    let mut places = (0..1000).map(|number| settings.path(&format!("aside-{number}")));
                    let aside = places.find(|path| !path.exists()).unwrap();
                    fs::rename(&down, &aside).unwrap();
                    if self == Self::LargeDown {
                        fs::remove_dir_all(&aside).unwrap();
                    }
                }
                fs::create_dir(&down).unwrap();
            }
            Self::Listing => {}
        }
        if matches!(self, Self::LargeUp | Self::LargeDown) {
            warm(settings);
        }
    }

    /// Checks that the client has done its work.
    pub(crate) fn check(self, settings: &Settings, service: &Service) {
        let expected = match self {
            Self::LargeUp | Self::LargeDown => (1, settings.large),
            Self::SmallUp | Self::SmallDown => (settings.files, settings.files * settings.each),
            Self::Listing => return,
        };
        let found = match self {
            Self::LargeUp | Self::SmallUp => {
                let counted = service.command("count up");
                let (files, bytes) = counted.split_once(' ').unwrap();
                (files.parse().unwrap(), bytes.parse().unwrap())
            }
            _ => weight(&settings.path("down")),
        };
        assert_eq!(found, expected, "files and bytes after {}", self.name());
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|row| row.name() == name);
        found.ok_or_else(|| format!("{name} is none of {:?}", Self::ALL.map(Self::name)))
    }
}

/// Allocates as much memory as the file takes, and frees it. A virtual machine's host may have reclaimed the memory, and the first
/// program to use it would be measured as slower.
fn warm(settings: &Settings) {
    let path = settings.path("warm");
    let mut file = File::create(&path).unwrap();
    io::copy(&mut io::repeat(0x5a).take(settings.large), &mut file).unwrap();
    fs::remove_file(path).unwrap();
}

/// How many files a folder holds, and how many bytes.
fn weight(folder: &Path) -> (u64, u64) {
    let mut sum = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let found = entry.metadata().unwrap();
        let (files, bytes) = if found.is_dir() { weight(&entry.path()) } else { (1, found.len()) };
        sum = (sum.0 + files, sum.1 + bytes);
    }
    sum
}
