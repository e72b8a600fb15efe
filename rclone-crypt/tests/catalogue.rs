//! Catalogues on disk: made, brought up to date, shown, restored, compared (rules Y1 and Y3).
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a broken catalogue ends the test")]

use std::fs;
use std::ops::ControlFlow::{self, Break, Continue};
use std::path::{Path, PathBuf};

use rclone_crypt::{
    Catalogue, DirectoryNames, ErrorKind, Keys, Listing, NameEncoding, NameEncryption, Names, Password,
    Progress, Proven, Salt, TAG_LEN,
};

fn silent(_: Progress<'_>) -> ControlFlow<()> {
    Continue(())
}

struct Bench {
    folder: tempfile::TempDir,
    keys: Keys,
}

impl Bench {
    fn new() -> Self {
        let keys = Keys::derive(&Password::new("correct horse"), &Salt::none()).unwrap();
        let bench = Self { folder: tempfile::tempdir().unwrap(), keys };
        for (path, len) in
            [("a.txt", 5), ("deep/er/empty", 0), ("deep/tab\tand\\", 70_000), ("x.bin", 65_536)]
        {
            let path = bench.source().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![b'x'; len]).unwrap();
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn source(&self) -> PathBuf {
        self.path("source")
    }

    fn names(&self) -> [Names; 3] {
        let standard = NameEncryption::Standard(NameEncoding::Base32);
        [
            Names::off(),
            Names::new(&self.keys, standard, DirectoryNames::Encrypted),
            Names::new(&self.keys, NameEncryption::Obfuscate, DirectoryNames::Plain),
        ]
    }
}

#[test]
fn y3_a_catalogue_gives_back_its_source() {
    let bench = Bench::new();
    for (number, names) in bench.names().iter().enumerate() {
        let catalogue = Catalogue::new(&bench.keys, names, &bench.path(&format!("catalogue{number}")));
        let mut files = 0;
        let update = catalogue
            .update_from(&bench.source(), &mut |progress| {
                files += usize::from(matches!(progress, Progress::File(_)));
                Continue(())
            })
            .unwrap();
        assert_eq!((update.written, update.unchanged, update.bytes, files), (4, 0, 135_541, 4));
        let test = catalogue
            .restore_test(&bench.source(), &bench.path(&format!("scratch{number}")), &mut silent)
            .unwrap();
        assert!(test.passed() && test.same == 4, "{test:?}");
    }
}

#[test]
fn y1_the_mapping_shows_both_paths() {
    let bench = Bench::new();
    let [off, standard, _] = bench.names();
    let catalogue = Catalogue::new(&bench.keys, &off, &bench.path("off"));
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let mapping = catalogue.mapping().unwrap();
    let stored: Vec<_> = mapping.iter().map(|entry| entry.stored.as_str()).collect();
    assert_eq!(stored, ["a.txt.bin", "deep/er/empty.bin", "deep/tab\tand\\.bin", "x.bin.bin"]);
    assert_eq!((mapping[3].plain.as_str(), mapping[3].plain_len), ("x.bin", 65_536));
    let catalogue = Catalogue::new(&bench.keys, &standard, &bench.path("standard"));
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let mut plain: Vec<_> = catalogue.mapping().unwrap().into_iter().map(|entry| entry.plain).collect();
    plain.sort_unstable();
    assert_eq!(plain, ["a.txt", "deep/er/empty", "deep/tab\tand\\", "x.bin"]);
}

#[test]
fn only_what_changed_is_encrypted_again() {
    let bench = Bench::new();
    let names = Names::off();
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let before = fs::read(bench.path("catalogue/x.bin.bin")).unwrap();
    fs::write(bench.source().join("a.txt"), "changed").unwrap();
    fs::remove_file(bench.source().join("deep/er/empty")).unwrap();
    fs::write(bench.path("catalogue/README"), "not ours").unwrap();
    let update = catalogue.update_from(&bench.source(), &mut silent).unwrap();
    assert_eq!((update.written, update.unchanged), (1, 2));
    assert_eq!((update.stale, update.foreign), (vec!["deep/er/empty.bin".into()], vec!["README".into()]));
    assert_eq!(
        fs::read(bench.path("catalogue/x.bin.bin")).unwrap(),
        before,
        "an unchanged file keeps its bytes"
    );
    let proof = catalogue.prove(Path::new("a.txt.bin"), &bench.source().join("a.txt")).unwrap();
    assert_eq!(proof, Proven::SameContent { plain_len: 7 });
}

#[test]
fn what_is_wrong_is_named() {
    let bench = Bench::new();
    let names = Names::off();
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    fs::write(bench.source().join("a.txt"), "other").unwrap();
    fs::write(bench.source().join("new"), "").unwrap();
    fs::remove_file(bench.source().join("x.bin")).unwrap();
    let test = catalogue.restore_test(&bench.source(), &bench.path("scratch"), &mut silent).unwrap();
    assert_eq!((&test.different, &test.missing), (&vec!["a.txt".into()], &vec!["new".into()]));
    assert_eq!((test.extra, test.same), (vec!["x.bin".into()], 2));
    let again = catalogue.restore_test(&bench.source(), &bench.path("scratch"), &mut silent);
    assert!(
        matches!(again.unwrap_err().kind(), ErrorKind::File { .. }),
        "a scratch folder that is not empty"
    );

    let object = bench.path("catalogue/a.txt.bin");
    let mut damaged = fs::read(&object).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&object, damaged).unwrap();
    let verdict = catalogue.restore_to(&bench.path("damaged"), &mut silent).unwrap_err();
    assert_eq!(verdict.kind(), &ErrorKind::FailedBlock { block: 0 });
    assert!(!bench.path("damaged/a.txt").exists() && !bench.path("damaged/a.txt.partial").exists());
}

#[test]
fn a_crafted_name_leads_nowhere_else() {
    let bench = Bench::new();
    let names = Names::new(&bench.keys, NameEncryption::Obfuscate, DirectoryNames::Plain);
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    fs::create_dir_all(bench.path("catalogue")).unwrap();
    fs::write(bench.path("catalogue/!..."), "leads up").unwrap();
    let restored = catalogue.restore_to(&bench.path("restored"), &mut silent).unwrap();
    assert_eq!((restored.written, restored.foreign.len()), (0, 1));
}

#[test]
fn y3_a_check_writes_nothing_and_reports_what_is_wrong() {
    let bench = Bench::new();
    for names in &bench.names() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::new(&bench.keys, names, folder.path());
        catalogue.update_from(&bench.source(), &mut silent).unwrap();
        let check = catalogue.check(&bench.source(), &mut silent).unwrap();
        assert!(check.passed(), "{check:?}");
        assert_eq!((check.same, check.empty, check.bytes), (3, 1, 135_541));
    }

    let names = Names::off();
    let folder = bench.path("catalogue");
    let catalogue = Catalogue::new(&bench.keys, &names, &folder);
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    fs::write(folder.join("README"), "not ours").unwrap();
    fs::write(folder.join("short.bin"), "cut").unwrap();
    fs::write(bench.source().join("new"), "").unwrap();
    fs::remove_file(bench.source().join("x.bin")).unwrap();
    let stored = folder.join(catalogue.stored_path(Path::new("a.txt")).unwrap());
    let mut damaged = fs::read(&stored).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&stored, damaged).unwrap();
    let check = catalogue.check(&bench.source(), &mut silent).unwrap();
    assert_eq!((check.same, check.empty), (1, 1));
    assert_eq!((check.missing, check.foreign), (vec!["new".into()], vec!["README".into()]));
    assert_eq!(check.extra, [PathBuf::from("short"), "x.bin".into()]);
    let [(path, verdict)] = &check.failed[..] else { unreachable!("one file was damaged") };
    assert_eq!((path.as_path(), verdict.kind()), (Path::new("a.txt"), &ErrorKind::FailedBlock { block: 0 }));
    assert_eq!(Listing::of(&names, &folder).unwrap().foreign, [PathBuf::from("README"), "short.bin".into()]);
    let elsewhere = catalogue.stored_path(Path::new("../a")).unwrap();
    assert_eq!(elsewhere, Path::new("\u{FF0E}\u{FF0E}/a.bin"), "it stays below the catalogue");
    assert!(catalogue.stored_path(Path::new("/a")).is_err());
}

/// Work stops between two pieces of a file, and leaves nothing half done.
#[test]
fn whoever_is_given_progress_can_stop_it() {
    let bench = Bench::new();
    let names = Names::off();
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    let within_the_large_file = |progress: Progress<'_>| match progress {
        Progress::Bytes(len) if len > 1_000 + TAG_LEN as u64 => Break(()),
        _ => Continue(()),
    };
    let error = catalogue.update_from(&bench.source(), &mut { within_the_large_file }).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Stopped);
    assert!(bench.path("catalogue/a.txt.bin").exists());
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let check = catalogue.check(&bench.source(), &mut { within_the_large_file });
    assert_eq!(check.unwrap_err().kind(), &ErrorKind::Stopped);
    let restored = bench.path("restored");
    let error = catalogue.restore_to(&restored, &mut { within_the_large_file }).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Stopped);
    let left = fs::read_dir(restored.join("deep")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["er"]);
}
