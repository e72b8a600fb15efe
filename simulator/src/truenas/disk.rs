//! The appliance's pools as real directories, and the files in them, the same for the same seed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use super::control_directory;
use super::settings::ApplianceSize;
use super::state::upwards;
use crate::random::Random;

/// When the first file of a pool was last changed: 2025-01-01, in seconds since the epoch.
const FIRST_CHANGE: u64 = 1_735_689_600;
const MIB: usize = 1 << 20;

/// The directory behind `/mnt`, and a place for the files of datasets that are locked or unmounted.
#[derive(Debug)]
pub(super) struct Disk {
    root: TempDir,
}

/// A file to be made: path within the pool, bytes on a full appliance, bytes on a tiny one.
type Planned = (&'static str, usize, usize);

/// Datasets of a pool, as paths within it.
const FIRST_DATASETS: &[&str] = &["docs", "docs/contracts", "media"];
const SECOND_DATASETS: &[&str] = &["backups", "backups/nightly", "projects"];

/// The first pool: every kind of name and size that a backup has to get right.
const FIRST: &[Planned] = &[
    ("read me first.txt", 1_204, 120),
    ("Archive/2019/ledger.csv", 70_000, 300),
    ("Archive/photo.raw", 3 * MIB, 200),
    ("archive/old notes.txt", 2_048, 64),
    ("ARCHIVE/kept.txt", 512, 51),
    ("Archives.txt", 77, 77),
    ("docs/Annual Report 2025 (final).pdf", 812_345, 2_345),
    ("docs/Archive/deep.txt", 333, 33),
    ("docs/archive/deep.txt", 444, 44),
    ("docs/empty.dat", 0, 0),
    ("docs/.hidden", 10, 10),
    ("docs/two..dots...txt", 99, 99),
    ("docs/trailing dot.", 65, 65),
    ("docs/comma, semicolon; #hash %percent +plus.txt", 640, 64),
    ("docs/contracts/Müller & Söhne – Vertrag №7.docx", 48_128, 480),
    ("docs/contracts/日本語/契約書.txt", 3_000, 300),
    ("docs/contracts/naïve café 🗄.bin", 65_535, 655),
    ("docs/contracts/one block.bin", 65_536, 656),
    ("docs/contracts/one block and a byte.bin", 65_537, 657),
    ("media/film.mkv", 30 * MIB + 12_345, 70_000),
    ("media/song.mp3", 4 * MIB + 1, 4_001),
    ("media/empty folder's neighbour.jpg", 300_000, 3_000),
];

/// The second pool: fewer and larger.
const SECOND: &[Planned] = &[
    ("index.db", 131_072, 1_072),
    ("archive/cold.tar", 2 * MIB, 2_000),
    ("backups/host1.img", 12 * MIB + 7, 66_000),
    ("backups/host2.img", 9 * MIB, 900),
    ("backups/nightly/2025-01-01.tar.zst", 6 * MIB + 513, 613),
    ("backups/nightly/2025-01-02.tar.zst", 6 * MIB + 1_025, 625),
    ("backups/nightly/empty.log", 0, 0),
    ("projects/Site Ünïted/plan v1.2.dwg", 1_500_000, 1_500),
    ("projects/Archive/not at the top.txt", 128, 28),
    ("projects/.config/settings.ini", 256, 56),
];

impl Disk {
    /// Makes the pools' directories and files.
    pub(super) fn make(pools: &[String], size: ApplianceSize, random: &Random) -> io::Result<Self> {
        let disk = Self { root: tempfile::Builder::new().prefix("simulated-appliance-").tempdir()? };
        fs::create_dir(disk.root.path().join("mnt"))?;
        fs::create_dir(disk.root.path().join("away"))?;
        for (index, pool) in pools.iter().enumerate() {
            let top = disk.mounts().join(pool);
            fs::create_dir(&top)?;
            for dataset in datasets(index) {
                fs::create_dir_all(top.join(dataset))?;
            }
            let plan = if index % 2 == 0 { FIRST } else { SECOND };
            for (number, (name, full, tiny)) in plan.iter().enumerate() {
                let bytes = match size {
                    ApplianceSize::Full => *full,
                    ApplianceSize::Tiny => *tiny,
                };
                let file = top.join(name);
                let made = fill(&file, bytes, random)?;
                let age = Duration::from_secs(FIRST_CHANGE + 3_607 * number as u64);
                made.set_modified(UNIX_EPOCH + age)?;
            }
        }
        Ok(disk)
    }

    /// The directory behind `/mnt`.
    pub(super) fn mounts(&self) -> PathBuf {
        self.root.path().join("mnt")
    }

    /// A directory for the appliance's own files: rclone's configuration, filters.
    pub(super) fn scratch(&self) -> &Path {
        self.root.path()
    }

    /// Finds the real path behind one of the appliance's; `None` outside `/mnt`, below a `.zfs`, and for paths with `..`.
    pub(super) fn real(&self, path: &str) -> Option<PathBuf> {
        let rest = Path::new(path).strip_prefix("/mnt").ok()?;
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        let inside = rest.components().all(plain) && !control_directory::is_in(rest);
        inside.then(|| self.mounts().join(rest))
    }

    /// Keeps a text as a file of the appliance's own, for whoever fetches it.
    pub(super) fn keep(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let file = self.scratch().join(name);
        fs::write(&file, text)?;
        Ok(file)
    }

    /// Takes a dataset's files out of sight, leaving its empty mount point behind; one below what is out of sight stays so when that
    /// is brought back.
    pub(super) fn hide(&self, dataset: &str) -> io::Result<()> {
        let here = self.place(dataset);
        fs::rename(&here, self.away(dataset))?;
        fs::create_dir(here)
    }

    /// Brings a dataset's files back.
    pub(super) fn show(&self, dataset: &str) -> io::Result<()> {
        let here = self.mounts().join(dataset);
        fs::remove_dir(&here)?;
        fs::rename(self.away(dataset), here)
    }

    /// Where a dataset's files are, in sight or put away with it or with one of its parents.
    pub(super) fn place(&self, dataset: &str) -> PathBuf {
        let put_away = upwards(dataset).find(|name| self.away(name).exists());
        match put_away {
            Some(name) if name == dataset => self.away(name),
            Some(name) => self.away(name).join(&dataset[name.len() + 1..]),
            None => self.mounts().join(dataset),
        }
    }

    /// Copies a file, and when it was last changed.
    pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
        fs::copy(from, to)?;
        let changed = fs::metadata(from)?.modified()?;
        File::options().write(true).open(to)?.set_modified(changed)
    }

    /// Removes what was put away with a dataset.
    pub(super) fn forget(&self, dataset: &str) -> io::Result<()> {
        let away = self.away(dataset);
        if away.exists() { fs::remove_dir_all(away) } else { Ok(()) }
    }

    /// Where hidden files wait; `%` keeps names apart, since no dataset's name has one.
    fn away(&self, dataset: &str) -> PathBuf {
        let name = dataset.replace('/', "%");
        self.root.path().join("away").join(name)
    }
}

/// Writes a file of the appliance, and the directories above it.
pub(super) fn write(real: &Path, content: &[u8], appends: bool) -> io::Result<()> {
    if let Some(parent) = real.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = File::options().create(true).write(true).append(appends).truncate(!appends).open(real)?;
    file.write_all(content)
}

/// Sets when a file was last changed, counted from the epoch; none leaves it.
pub(super) fn set_changed(real: &Path, changed: Option<Duration>) -> io::Result<()> {
    match changed {
        Some(age) => File::options().append(true).open(real)?.set_modified(UNIX_EPOCH + age),
        None => Ok(()),
    }
}

/// The child datasets of the pool at this place in the list.
pub(super) fn datasets(index: usize) -> &'static [&'static str] {
    if index.is_multiple_of(2) { FIRST_DATASETS } else { SECOND_DATASETS }
}

/// Writes a file of random bytes: one drawn block, numbered anew at each repetition so that no two are equal.
fn fill(file: &Path, bytes: usize, random: &Random) -> io::Result<File> {
    const BLOCK: usize = 64 << 10;
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut out = File::create(file)?;
    let mut block = vec![0; bytes.min(BLOCK)];
    random.fill(&mut block);
    let mut left = bytes;
    while left > 0 {
        let now = left.min(BLOCK);
        let number = (left as u64).to_le_bytes();
        let stamp = now.min(number.len());
        block[..stamp].copy_from_slice(&number[..stamp]);
        out.write_all(&block[..now])?;
        left -= now;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(dir: &Path) -> u64 {
        let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
        entries
            .map(|entry| {
                let is_dir = entry.file_type().unwrap().is_dir();
                if is_dir { total(&entry.path()) } else { entry.metadata().unwrap().len() }
            })
            .sum()
    }

    #[test]
    fn a_full_appliance_is_large_and_the_same_for_the_same_seed() {
        let pools = ["pool0".to_owned(), "pool1".to_owned()];
        let make = |seed, size| Disk::make(&pools, size, &Random::new(seed, "disk")).unwrap();
        let (one, two) = (make(7, ApplianceSize::Full), make(7, ApplianceSize::Full));
        assert!(total(&one.mounts()) >= 64 << 20, "{}", total(&one.mounts()));
        let read = |disk: &Disk| fs::read(disk.real("/mnt/pool0/media/song.mp3").unwrap()).unwrap();
        assert_eq!(read(&one), read(&two));
        assert!(total(&make(7, ApplianceSize::Tiny).mounts()) < 1 << 20);
    }

    #[test]
    fn a_hidden_dataset_looks_empty_and_comes_back() {
        let disk = Disk::make(&["tank".to_owned()], ApplianceSize::Tiny, &Random::new(1, "disk")).unwrap();
        let docs = disk.real("/mnt/tank/docs").unwrap();
        let before = total(&docs);
        disk.hide("tank/docs").unwrap();
        assert_eq!(total(&docs), 0);
        disk.show("tank/docs").unwrap();
        assert_eq!(total(&docs), before);
        disk.hide("tank").unwrap();
        disk.hide("tank/docs").unwrap();
        disk.show("tank").unwrap();
        assert_eq!(total(&docs), 0);
        disk.show("tank/docs").unwrap();
        assert_eq!(total(&docs), before);
        assert_eq!(disk.real("/etc/passwd"), None);
        assert_eq!(disk.real("/mnt/tank/../../etc"), None);
    }
}
