//! Any stored tree, restored: every file is on disk or named as a failure (rule X8).
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::{Keys, Names, Nonce, Password, Salt, encrypt_all};

static KEYS: std::sync::LazyLock<Keys> =
    std::sync::LazyLock::new(|| Keys::derive(&Password::new("correct horse"), &Salt::none()).unwrap());

/// A stored file: what it decrypts to, and what happened to it.
#[derive(Debug, Clone)]
struct Stored {
    plain_len: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// A bit of the last byte was flipped.
    Damaged,
    /// The last bytes are missing.
    Cut,
    /// It was never encrypted.
    Plain,
    /// Nothing is in it.
    Empty,
}

impl Stored {
    fn content(&self, name: &str) -> Vec<u8> {
        let seed = name.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        (0..self.plain_len).map(|i| i.to_le_bytes()[0] ^ seed).collect()
    }

    fn object(&self, name: &str) -> Vec<u8> {
        let mut object = encrypt_all(&KEYS, Nonce::from_bytes([3; 24]), &self.content(name));
        match self.state {
            State::Whole => {}
            State::Damaged => *object.last_mut().unwrap() ^= 1,
            State::Cut => object.truncate(object.len().saturating_sub(9)),
            State::Plain => object = self.content(name),
            State::Empty => object.clear(),
        }
        object
    }
}

/// Something in the target before the restore.
#[derive(Debug, Clone, Copy)]
enum Planted {
    File,
    Folder,
    Link,
    Pipe,
}

fn stored() -> impl Strategy<Value = BTreeMap<String, Stored>> {
    let state = prop_oneof![
        6 => Just(State::Whole),
        1 => Just(State::Damaged),
        1 => Just(State::Cut),
        1 => Just(State::Plain),
        1 => Just(State::Empty)
    ];
    let file = (prop::sample::select(vec![1_usize, 17, 65_536, 65_537]), state)
        .prop_map(|(plain_len, state)| Stored { plain_len, state });
    prop::collection::btree_map(name(), file, 1..14).prop_map(without_clashes)
}

/// What a disk can hold: no file where a folder is.
fn without_clashes(mut stored: BTreeMap<String, Stored>) -> BTreeMap<String, Stored> {
    let folders: BTreeSet<String> =
        stored.keys().filter_map(|name| Some(name.split_once('/')?.0.to_owned())).collect();
    stored.retain(|name, _| !folders.contains(name));
    stored
}

/// Few names, so that they often meet: a file and a folder of one name, twins by case, partial files, long names, rclone's own
/// replacement characters.
fn name() -> impl Strategy<Value = String> {
    let segment = || {
        prop::sample::select(vec![
            "x",
            "X",
            "x.partial",
            "x.bin",
            ".dtc-restore-0000000000000000",
            "\u{2400}n",
            "Icon\r",
            "Icon\u{240D}",
            "..x",
            "a b",
            "LONG",
        ])
    };
    prop::collection::vec(segment(), 1..3).prop_map(|segments| {
        let path = segments.join("/") + ".bin";
        path.replace("LONG", &"l".repeat(251))
    })
}

fn planted() -> impl Strategy<Value = BTreeMap<String, Planted>> {
    let kind = prop::sample::select(vec![Planted::File, Planted::Folder, Planted::Link, Planted::Pipe]);
    let name = prop::sample::select(vec!["x", "X", "x.bin", "a b", "x.partial"]);
    prop::collection::btree_map(name.prop_map(str::to_owned), kind, 0..3)
}

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(stored: &BTreeMap<String, Stored>, planted: &BTreeMap<String, Planted>) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        for (name, file) in stored {
            let path = bench.path("stored").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.object(name)).unwrap();
        }
        fs::create_dir(bench.path("target")).unwrap();
        fs::create_dir(bench.path("elsewhere")).unwrap();
        for (name, kind) in planted {
            let path = bench.path("target").join(name);
            match kind {
                Planted::File => fs::write(path, "mine").unwrap(),
                Planted::Folder => fs::create_dir(path).unwrap(),
                Planted::Link => symlink(bench.path("elsewhere"), path).unwrap(),
                Planted::Pipe => rustix::fs::mknodat(
                    rustix::fs::CWD,
                    &path,
                    rustix::fs::FileType::Fifo,
                    rustix::fs::Mode::from_raw_mode(0o600),
                    0,
                )
                .unwrap(),
            }
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn restore(&self, case_blind: bool) -> Result<Restored, Error> {
        let names = Names::off();
        let catalogue = Catalogue::new(&KEYS, &names, &self.path("stored"));
        let mut target = Target::open(&self.path("target")).unwrap();
        target.case_blind = case_blind;
        let stored = tree(&self.path("stored")).unwrap();
        let root = self.path("target");
        catalogue
            .restored_into(target, &root, stored, Trust::LengthAndTime, &mut |_| ControlFlow::Continue(()))
    }

    /// Every file in the target, with its content.
    fn on_disk(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let files = tree(&self.path("target")).unwrap().files;
        files.into_iter().map(|found| (found.path, fs::read(found.disk).unwrap())).collect()
    }
}

fn check(
    stored: &BTreeMap<String, Stored>,
    planted: &BTreeMap<String, Planted>,
    case_blind: bool,
) -> Result<(), TestCaseError> {
    let bench = Bench::new(stored, planted);
    let before = bench.on_disk();
    let restored = match bench.restore(case_blind) {
        Err(error) => {
            let wrong = matches!(error.kind(), ErrorKind::WrongKeys { .. });
            let whole = stored.values().any(|file| file.state == State::Whole);
            prop_assert!(wrong && !whole, "{}", error);
            prop_assert_eq!(bench.on_disk(), before);
            return Ok(());
        }
        Ok(restored) => restored,
    };
    let report = &restored.report;
    let after = bench.on_disk();
    prop_assert_eq!(report.written + report.unchanged + report.failed.len(), stored.len(), "{:?}", report);
    prop_assert_eq!(
        after.len(),
        before.len() + report.written,
        "files on disk and files reported: {:?}",
        report
    );
    for (path, content) in &before {
        prop_assert_eq!(after.get(path), Some(content), "what was there was replaced");
    }
    prop_assert_eq!(fs::read_dir(bench.path("elsewhere")).unwrap().count(), 0, "a link was followed");
    let failed: BTreeSet<_> =
        report.failed.iter().map(|failed| failed.stored.as_os_str().as_bytes()).collect();
    for (name, file) in stored {
        let damaged = file.state != State::Whole;
        let failed = failed.contains(name.as_bytes());
        prop_assert!(failed || !damaged, "{name} is damaged and was not named");
        if !failed {
            let mut plain = name.strip_suffix(".bin").unwrap().as_bytes().to_vec();
            if case_blind {
                plain.make_ascii_lowercase();
            }
            prop_assert_eq!(after.get(&plain), Some(&file.content(name)), "{} came back wrong", name);
            let mode = fs::metadata(bench.path("target").join(std::ffi::OsString::from_vec(plain))).unwrap();
            prop_assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        }
    }
    again(&bench, &restored.report, case_blind)?;
    Ok(())
}

/// A second run finds what the first one wrote, and fails where the first one failed.
fn again(bench: &Bench, first: &WriteReport, case_blind: bool) -> Result<(), TestCaseError> {
    let after = bench.on_disk();
    let second = bench.restore(case_blind).unwrap().report;
    prop_assert_eq!((second.written, second.unchanged), (0, first.written + first.unchanged), "{:?}", second);
    let names = |report: &WriteReport| -> Vec<PathBuf> {
        report.failed.iter().map(|failed| failed.stored.clone()).collect()
    };
    prop_assert_eq!(names(&second), names(first));
    prop_assert_eq!(bench.on_disk(), after);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn x8_files_on_disk_are_files_reported(stored in stored(), planted in planted()) {
        check(&stored, &planted, false)?;
    }

    /// `x` and `X` are one file there; the second is named, not lost.
    #[test]
    fn x8_a_case_blind_disk_loses_nothing_unsaid(stored in stored(), planted in planted()) {
        let planted = planted.into_iter().map(|(name, kind)| (name.to_lowercase(), kind)).collect();
        check(&stored, &planted, true)?;
    }
}

#[test]
fn x8_an_interrupted_restore_goes_on() {
    let whole = Stored { plain_len: 70_000, state: State::Whole };
    let stored = ["a.bin", "b/c.bin", "d.bin"].map(|name| (name.to_owned(), whole.clone())).into();
    let bench = Bench::new(&stored, &BTreeMap::new());
    let names = Names::off();
    let catalogue = Catalogue::new(&KEYS, &names, &bench.path("stored"));
    let mut files = 0;
    let error = catalogue.restore_to(&bench.path("target"), &mut |progress| match progress {
        Progress::Bytes(_) if files > 0 => ControlFlow::Break(()),
        Progress::Bytes(_) => ControlFlow::Continue(()),
        Progress::File(_) => {
            files += 1;
            ControlFlow::Continue(())
        }
    });
    assert_eq!(error.unwrap_err().kind(), &ErrorKind::Stopped);
    assert_eq!(bench.on_disk().into_keys().collect::<Vec<_>>(), [b"a"], "nothing half done is left");
    let report = bench.restore(false).unwrap().report;
    assert_eq!((report.written, report.unchanged), (2, 1));
}

#[test]
fn x8_a_file_with_another_time_is_compared_by_content() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let stored = ["a.bin", "b.bin"].map(|name| (name.to_owned(), whole.clone())).into();
    let bench = Bench::new(&stored, &BTreeMap::new());
    fs::write(bench.path("target/a"), whole.content("a.bin")).unwrap();
    fs::write(bench.path("target/b"), vec![0; 17]).unwrap();
    for name in ["a", "b"] {
        let file = fs::File::options().write(true).open(bench.path("target").join(name)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    let report = bench.restore(false).unwrap().report;
    assert_eq!((report.written, report.unchanged), (0, 1));
    assert_eq!(report.failed[0].plain, PathBuf::from("b"));
    assert!(matches!(report.failed[0].error.kind(), ErrorKind::Occupied { what: "a file" }));
}

#[test]
fn x8_two_files_of_one_name_are_named_with_each_other() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let stored = ["X.bin", "x.bin"].map(|name| (name.to_owned(), whole.clone())).into();
    let bench = Bench::new(&stored, &BTreeMap::new());
    for _ in 0..2 {
        let report = bench.restore(true).unwrap().report;
        assert_eq!(report.written + report.unchanged, 1);
        assert_eq!(report.failed[0].stored, PathBuf::from("x.bin"));
        assert_eq!(report.failed[0].error.kind(), &ErrorKind::SameName { other: "X.bin".into() });
        assert_eq!(bench.on_disk(), [(b"x".to_vec(), whole.content("X.bin"))].into());
    }
}

#[test]
fn x8_links_and_pipes_of_a_catalogue_are_named() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let bench = Bench::new(&[("a.bin".to_owned(), whole)].into(), &BTreeMap::new());
    symlink("/etc/passwd", bench.path("stored/link.bin")).unwrap();
    let fifo = bench.path("stored/pipe.bin");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let mut report = bench.restore(false).unwrap().report;
    report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    let skipped: Vec<_> = report.skipped.iter().map(|s| (s.path.to_str().unwrap(), s.what)).collect();
    assert_eq!(skipped, [("link.bin", "a symbolic link"), ("pipe.bin", "a named pipe")]);
    assert!(!report.is_complete() && !report.data_at_risk());
}

#[test]
fn x8_a_wrong_password_is_reported_at_the_first_file() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let stored = ["a.bin", "b.bin", "c.bin"].map(|name| (name.to_owned(), whole.clone())).into();
    let bench = Bench::new(&stored, &BTreeMap::new());
    let (keys, names) = (Keys::derive(&Password::new("another"), &Salt::none()).unwrap(), Names::off());
    let catalogue = Catalogue::new(&keys, &names, &bench.path("stored"));
    let mut files = 0;
    let error = catalogue
        .restore_to(&bench.path("target"), &mut |progress| {
            files += usize::from(matches!(progress, Progress::File(_)));
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::WrongKeys { tried: 3, first: "a.bin".into() });
    assert!(error.is_content_error() && error.to_string().starts_with("the password or the salt is wrong"));
    assert_eq!((files, bench.on_disk().len()), (0, 0));
}
