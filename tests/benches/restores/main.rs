//! Restores beside those of rclone with a crypt remote, from one simulated B2: `cargo xtask bench restore`.
//!
//! Prints user and system seconds, wall time and peak memory of both. Every run is a process of its own; the simulator is another process,
//! whose time is not counted. `DTC_RCLONE_1_75_2` holds the path of rclone. Linux only, because it reads `/proc`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and one that cannot measure ends"
)]

#[path = "../transfers/measured.rs"]
#[expect(dead_code, reason = "the bench of transfers uses all of it")]
mod measured;
mod ours;
mod rclone;
mod service;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use measured::{Figures, Measured};
use rclone::Rclone;
use service::Service;

/// The bars: ratios to rclone's, and MiB.
const CPU: f64 = 0.6;
const WALL: f64 = 0.9;
const LISTING_CPU: f64 = 0.5;
const MEMORY: f64 = 64.0;

/// What both do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Large,
    Small,
    Listing,
}

impl Row {
    const ALL: [Self; 3] = [Self::Large, Self::Small, Self::Listing];

    /// Its name on the command line, which is its pool's as well.
    fn name(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Small => "small",
            Self::Listing => "many",
        }
    }
}

/// The settings of a run, the same for both.
struct Settings {
    runs: usize,
    only: Option<String>,
    latency: Option<u64>,
    mib: u64,
    files: u64,
    versions: u64,
    folder: tempfile::TempDir,
}

impl Settings {
    fn read(arguments: &[&str]) -> Self {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| *argument == name)?;
            Some(*arguments.get(at + 1).unwrap_or_else(|| panic!("{name} needs a value")))
        };
        let number = |name: &str, usual: u64| value(name).map_or(usual, |text| text.parse().unwrap());
        let folder = value("--folder").map_or(Path::new(env!("CARGO_TARGET_TMPDIR")), Path::new);
        Self {
            runs: number("--runs", 5).try_into().unwrap(),
            only: value("--only").map(str::to_owned),
            latency: value("--latency").map(|text| text.parse().unwrap()),
            mib: number("--mib", 1024),
            files: number("--files", 5000),
            versions: number("--versions", 1_000_000),
            folder: tempfile::Builder::new().prefix("dtc-restores-").tempdir_in(folder).unwrap(),
        }
    }

    fn wants(&self, row: Row) -> bool {
        self.only.as_deref().is_none_or(|only| only == row.name())
    }

    fn down(&self) -> PathBuf {
        self.folder.path().join("down")
    }

    /// How many files a row brings back, and their bytes.
    fn expected(&self, row: Row) -> (u64, u64) {
        match row {
            Row::Large => (1, self.mib << 20),
            Row::Small => (self.files, self.files * service::EACH),
            Row::Listing => (0, 0),
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => service::serve(),
        ["ours", row, url, key_id, folder] => ours::run(row, url, key_id, Path::new(folder)),
        // `cargo test` starts a bench too, and without this.
        all if all.contains(&"--bench") => bench(&Settings::read(all)),
        _ => {}
    }
}

fn bench(settings: &Settings) {
    let service = Service::start();
    let rclone = Rclone::new(settings.folder.path(), &service.address);
    println!("Medians of {} alternating runs.\n", settings.runs);
    println!("| row | ms | ours: CPU s, wall s, MiB | rclone | CPU ratio | wall ratio | service's CPU s |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut verdicts = Vec::new();
    for row in Row::ALL.into_iter().filter(|row| settings.wants(*row)) {
        let count = match row {
            Row::Large => settings.mib,
            Row::Small => settings.files,
            Row::Listing => settings.versions,
        };
        service.command(&format!("fill {} {count}", row.name()));
        for latency in settings.latency.map_or_else(|| vec![0, 30], |only| vec![only]) {
            service.command(&format!("latency {latency}"));
            let [ours, theirs] = alternating(row, settings, &service, &rclone);
            let shown = |it: &Figures| format!("{:.2} · {:.2} · {:.0}", it.cpu, it.wall, it.peak);
            let (cpu, wall) = (ours.cpu / theirs.cpu, ours.wall / theirs.wall);
            println!(
                "| {} | {latency} | {} | {} | {cpu:.2} | {wall:.2} | {:.2} |",
                row.name(),
                shown(&ours),
                shown(&theirs),
                ours.served
            );
            let met = |what: &str, met: bool| format!("{what} {}", if met { "met" } else { "MISSED" });
            let bars = match row {
                Row::Listing => vec![met("CPU", cpu <= LISTING_CPU)],
                Row::Large | Row::Small => {
                    vec![
                        met("CPU", cpu <= CPU),
                        met("wall", wall <= WALL),
                        met("memory", ours.peak <= MEMORY),
                    ]
                }
            };
            verdicts.push(format!("{}, {latency} ms: {}", row.name(), bars.join(", ")));
        }
        service.command("latency 0");
        service.command("empty");
    }
    println!("\n{}", verdicts.join("\n"));
}

/// The medians of alternating runs, ours and rclone's.
fn alternating(row: Row, settings: &Settings, service: &Service, rclone: &Rclone) -> [Figures; 2] {
    let mut runs = [Vec::new(), Vec::new()];
    for _ in 0..settings.runs {
        let down = settings.down();
        let address = &service.address;
        let mut ours = Command::new(std::env::current_exe().unwrap());
        ours.args(["ours", row.name(), &address.url, &address.key_id])
            .arg(&down)
            .env("DTC_BENCH_KEY", &address.key);
        for (command, runs) in [ours, rclone.command(row, &down)].iter_mut().zip(&mut runs) {
            let _ = fs::remove_dir_all(&down);
            let cpu = service.cpu();
            let measured = Measured::of(command);
            let mut found = (0, 0);
            weight(&down, &mut found);
            assert_eq!(found, settings.expected(row), "{command:?}");
            runs.push(Measured { served: service.cpu() - cpu, ..measured });
        }
    }
    let _ = fs::remove_dir_all(settings.down());
    runs.map(|runs| Figures::of(&runs))
}

/// The number and the bytes of the files below a folder.
fn weight(folder: &Path, found: &mut (u64, u64)) {
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            weight(&entry.path(), found);
        } else {
            *found = (found.0 + 1, found.1 + metadata.len());
        }
    }
}
