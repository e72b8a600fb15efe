//! C6: what a report says that every backup leaves out or changes, seen with each rclone.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use dtc_tests::TestBed;

use super::rclone::{Rclone, with_least};
use super::{Ended, World, text};

const BUCKET: &str = "covered";

/// A source of its own, and an encrypted folder of its own in the bucket, as a task has them: names stay, and end in `.bin`.
struct Task<'w> {
    world: &'w World,
    rclone: Rclone,
    place: String,
}

impl<'w> Task<'w> {
    fn new(world: &'w World, rclone: &Rclone, place: String) -> Self {
        let remote = format!("b2:{BUCKET}/{place}");
        let password = rclone.ok(&["obscure", "correct horse battery staple"]);
        let rclone = rclone.with(&[
            ("RCLONE_CONFIG_ENC_TYPE", "crypt"),
            ("RCLONE_CONFIG_ENC_REMOTE", &remote),
            ("RCLONE_CONFIG_ENC_FILENAME_ENCRYPTION", "off"),
            ("RCLONE_CONFIG_ENC_PASSWORD", password.trim_end()),
        ]);
        world.file(&format!("{place}/plain"), b"plain");
        Self { world, rclone, place }
    }

    fn file(&self, name: &str) {
        self.world.file(&format!("{}/{name}", self.place), name.as_bytes());
    }

    fn source(&self) -> String {
        self.world.at(&self.place)
    }

    fn sync(&self) -> Ended {
        self.rclone.run(&["sync", &self.source(), "enc:"])
    }

    /// A run that ends well.
    fn backed_up(&self) -> BTreeSet<String> {
        let ended = self.sync();
        assert!(ended.well, "{}", ended.errors);
        self.stored()
    }

    /// A run that fails, of which the rest is backed up all the same.
    fn failed(&self) -> BTreeSet<String> {
        let ended = self.sync();
        assert!(!ended.well, "it is to fail: {}", ended.errors);
        self.stored()
    }

    /// The plain names of what is in the bucket.
    fn stored(&self) -> BTreeSet<String> {
        let own = format!("{}/", self.place);
        let versions = self.world.sim.b2().versions(BUCKET);
        let names = versions.iter().map(|version| text(&version["fileName"]));
        names.filter_map(|name| Some(name.strip_prefix(&own)?.strip_suffix(".bin")?.to_owned())).collect()
    }

    /// What rclone brings back.
    fn restored(&self) -> BTreeSet<String> {
        let down = self.world.at(&format!("{}-down", self.place));
        self.rclone.ok(&["copy", "enc:", &down]);
        let entries = fs::read_dir(down).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

/// Words of a line of the report, and what is so with every rclone.
type Case = (&'static str, fn(&Task<'_>));

const CASES: [Case; 7] = [
    ("247 bytes", |task| {
        let (fits, long) = ("f".repeat(246), "l".repeat(247));
        task.file(&fits);
        assert_eq!(task.backed_up(), names(["plain", &fits]));
        task.file(&long);
        assert_eq!(task.failed(), names(["plain", &fits]));
    }),
    ("U+201B", |task| {
        task.file("quo\u{201b}ted");
        assert_eq!(task.failed(), names(["plain"]));
    }),
    ("version's mark", |task| {
        let mark = "-v2026-01-01-000000-000";
        task.file(mark);
        for runs in 1..=2 {
            assert_eq!(task.backed_up(), names(["plain", mark]));
            let stored = format!("upload {}/{mark}.bin", task.place);
            let uploads = task.world.rows(BUCKET).into_iter().filter(|row| *row == stored).count();
            assert_eq!(uploads, runs, "it is sent anew");
        }
        assert_eq!(task.restored(), names(["plain"]));
    }),
    ("normalization", |task| {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
        for name in [composed, decomposed, "Twin", "twin"] {
            task.file(name);
        }
        let stored = task.backed_up();
        assert!(stored.is_superset(&names(["plain", "Twin", "twin"])), "{stored:?}");
        assert_eq!(stored.len(), 4, "one of {composed:?} and {decomposed:?}: {stored:?}");
    }),
    ("symbolic links", |task| {
        std::os::unix::fs::symlink("plain", task.world.path(&format!("{}/link", task.place))).unwrap();
        assert_eq!(task.backed_up(), names(["plain"]));
    }),
    ("empty directories", |task| {
        fs::create_dir(task.world.path(&format!("{}/empty", task.place))).unwrap();
        assert_eq!(task.backed_up(), names(["plain"]));
        assert_eq!(task.restored(), names(["plain"]));
    }),
    ("changes meanwhile", |task| {
        let path = task.world.file(&format!("{}/grows", task.place), &vec![0; 3 << 20]);
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let mut file = fs::File::options().append(true).open(&path).unwrap();
                    std::io::Write::write_all(&mut file, b"more").unwrap();
                    thread::sleep(Duration::from_millis(5));
                }
            });
            let ended = task.rclone.run(&["sync", "--bwlimit", "4M", &task.source(), "enc:"]);
            is_over.store(true, Ordering::Relaxed);
            assert!(!ended.well && ended.errors.contains("grows: Failed to copy"), "{}", ended.errors);
        });
        assert_eq!(task.stored(), names(["plain"]));
    }),
];

#[test]
fn c6_what_a_report_says_of_every_pool_is_so_with_every_rclone() {
    let (world, rclones) = with_least(BUCKET);
    for (number, rclone) in rclones.iter().enumerate() {
        for (case, (_, holds)) in CASES.iter().enumerate() {
            holds(&Task::new(&world, rclone, format!("{number}-{case}")));
        }
    }
}

/// No line of the report is without its case, and no case without its line.
#[tokio::test]
async fn c6_every_line_of_a_report_about_every_pool_has_its_case() {
    let bed = TestBed::new(116).await;
    bed.provision().await;
    let report = bed.verify().await.unwrap();
    let of_pool0 = report.coverage.iter().filter(|line| line.starts_with("pool0: "));
    let lines: Vec<&String> = of_pool0.filter(|line| !line.contains("left out on purpose")).collect();
    assert_eq!(lines.len(), CASES.len(), "{lines:#?}");
    for (words, _) in CASES {
        assert_eq!(lines.iter().filter(|line| line.contains(words)).count(), 1, "{words}: {lines:#?}");
    }
}
