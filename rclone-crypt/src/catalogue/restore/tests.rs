//! Any stored tree, restored: every file is on disk or named as a failure (rule X8).
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::catalogue::tree::tree;
use crate::{DirectoryNames, Keys, NameEncoding, NameEncryption, Names, Nonce, Password, Salt, encrypt_all};

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

/// Few obfuscated names, of which several decode to one: the number before the dot says by how much the rest was rotated.
fn obfuscated() -> impl Strategy<Value = BTreeMap<String, Stored>> {
    let file = (1_usize..3, prop::sample::select(vec![State::Whole, State::Whole, State::Damaged]))
        .prop_map(|(plain_len, state)| Stored { plain_len, state });
    let name = prop::sample::select(vec!["1.b", "01.b", "2.c", "3.d", "1.c", "2.b", "+3.b", "!.x"]);
    prop::collection::btree_map(name.prop_map(str::to_owned), file, 1..8)
}

struct Bench {
    folder: tempfile::TempDir,
    names: Names,
}

impl Bench {
    fn new(stored: &BTreeMap<String, Stored>, planted: &BTreeMap<String, Planted>) -> Self {
        Self::named(Names::off(), stored, planted)
    }

    fn named(names: Names, stored: &BTreeMap<String, Stored>, planted: &BTreeMap<String, Planted>) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap(), names };
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
        let catalogue = Catalogue::new(&KEYS, &self.names, &self.path("stored"));
        let mut target = Target::open(&self.path("target")).unwrap();
        target.case_blind = case_blind;
        let stored = tree(&self.path("stored")).unwrap();
        let root = self.path("target");
        catalogue
            .restored_into(target, &root, stored, Trust::LengthAndTime, &mut |_| ControlFlow::Continue(()))
    }

    /// What a stored file is called in the target.
    fn plain(&self, stored: &str) -> Vec<u8> {
        match stored.strip_suffix(".bin") {
            // On a disk rclone's replacement characters stand for themselves.
            Some(plain) => plain.as_bytes().to_vec(),
            None => self.names.decode(stored).unwrap().into_bytes(),
        }
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
    held(&Bench::new(stored, planted), stored, case_blind)
}

fn held(bench: &Bench, stored: &BTreeMap<String, Stored>, case_blind: bool) -> Result<(), TestCaseError> {
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
            let mut plain = bench.plain(name);
            if case_blind {
                plain.make_ascii_lowercase();
            }
            prop_assert_eq!(after.get(&plain), Some(&file.content(name)), "{} came back wrong", name);
            let mode = fs::metadata(bench.path("target").join(std::ffi::OsString::from_vec(plain))).unwrap();
            prop_assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        }
    }
    again(bench, &restored.report, case_blind)?;
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

    /// Of several stored names that decode to one, one file is restored and the others are named.
    #[test]
    fn x8_stored_names_that_decode_to_one_lose_nothing_unsaid(stored in obfuscated()) {
        held(&Bench::named(obfuscating(), &stored, &BTreeMap::new()), &stored, false)?;
    }
}

fn obfuscating() -> Names {
    Names::new(&KEYS, NameEncryption::Obfuscate, DirectoryNames::Encrypted)
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
fn x8_stored_names_that_decode_to_one_are_named_with_each_other() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let standard = || {
        let standard = NameEncryption::Standard(NameEncoding::Base32);
        Names::new(&KEYS, standard, DirectoryNames::Encrypted)
    };
    let small = standard().encode("a.txt").unwrap();
    let large = small.to_uppercase();
    assert_ne!(large, small);
    for (names, first, second) in
        [(obfuscating(), "1.b", "2.c"), (obfuscating(), "01.b", "1.b"), (standard(), &*large, &*small)]
    {
        let stored = [first, second].map(|name| (name.to_owned(), whole.clone())).into();
        let bench = Bench::named(names, &stored, &BTreeMap::new());
        for (written, unchanged) in [(1, 0), (0, 1)] {
            let report = bench.restore(false).unwrap().report;
            assert_eq!((report.written, report.unchanged), (written, unchanged), "{report:?}");
            let [failed] = &report.failed[..] else { panic!("{report:?}") };
            assert_eq!(failed.stored, PathBuf::from(second));
            assert_eq!(failed.error.kind(), &ErrorKind::SamePath { other: first.into() });
            assert!(!report.is_complete() && !report.data_at_risk());
            assert_eq!(bench.on_disk(), [(bench.plain(first), whole.content(first))].into());
        }
    }
}

/// What is there came from the other one, so that its length and time say nothing.
#[test]
fn x8_a_damaged_file_stays_damaged_when_another_has_its_path() {
    let file = |state| Stored { plain_len: 17, state };
    let stored = [("1.b", State::Damaged), ("2.c", State::Whole)];
    let stored = stored.map(|(name, state)| (name.to_owned(), file(state))).into();
    let bench = Bench::named(obfuscating(), &stored, &BTreeMap::new());
    for name in ["1.b", "2.c"] {
        let file = fs::File::options().write(true).open(bench.path("stored").join(name)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    for (written, unchanged) in [(1, 0), (0, 1)] {
        let report = bench.restore(false).unwrap().report;
        assert_eq!((report.written, report.unchanged), (written, unchanged), "{report:?}");
        assert_eq!(report.failed[0].stored, PathBuf::from("1.b"));
        assert!(report.data_at_risk(), "{report:?}");
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

/// A folder that nobody can list, whoever runs the tests: its path is longer than the system takes.
fn too_deep(top: &std::path::Path) -> PathBuf {
    use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
    let (name, mut path) = ("d".repeat(250), PathBuf::new());
    let mut folder = openat(CWD, top, OFlags::DIRECTORY, Mode::empty()).unwrap();
    for _ in 0..20 {
        mkdirat(&folder, &name, Mode::from_raw_mode(0o700)).unwrap();
        folder = openat(&folder, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
        path.push(&name);
    }
    path
}

#[test]
fn x8_a_folder_that_cannot_be_read_is_named_and_holds_up_nobody() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let bench = Bench::new(&[("a.bin".to_owned(), whole)].into(), &BTreeMap::new());
    let deepest = too_deep(&bench.path("stored"));
    let named = |path: &PathBuf| path.components().count() > 10 && deepest.starts_with(path);
    let report = bench.restore(false).unwrap().report;
    assert_eq!(report.written, 1);
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert!(named(&failed.stored) && named(&failed.plain), "{failed:?}");
    assert!(matches!(failed.error.kind(), ErrorKind::File { action: "list", .. }), "{failed:?}");
    assert!(!report.is_complete() && !report.data_at_risk());
    let catalogue = Catalogue::new(&KEYS, &bench.names, &bench.path("stored"));
    let check = catalogue
        .check(&bench.path("target"), &crate::Filter::default(), &mut |_| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!((check.same, check.failed.len(), check.passed()), (1, 1, false));
    assert!(named(&check.failed[0].0), "{check:?}");
    let listing = crate::Listing::of(&bench.names, &bench.path("stored")).unwrap();
    assert_eq!((listing.entries.len(), listing.unreadable.len()), (1, 1));
}

#[test]
fn e8_what_is_restored_is_its_owners_only() {
    let whole = Stored { plain_len: 17, state: State::Whole };
    let bench = Bench::new(&[("deep/er/a.bin".to_owned(), whole)].into(), &BTreeMap::new());
    let catalogue = Catalogue::new(&KEYS, &bench.names, &bench.path("stored"));
    let report = catalogue.restore_to(&bench.path("new/target"), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.written, 1);
    for (made, expected) in [
        ("new", 0o700),
        ("new/target", 0o700),
        ("new/target/deep", 0o700),
        ("new/target/deep/er", 0o700),
        ("new/target/deep/er/a", 0o600),
    ] {
        assert_eq!(fs::metadata(bench.path(made)).unwrap().permissions().mode() & 0o777, expected, "{made}");
    }
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
