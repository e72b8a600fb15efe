//! Catalogues on disk: made, brought up to date, shown, restored, compared (rules Y1 and Y3).
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a broken catalogue ends the test")]

use std::fs;
use std::ops::ControlFlow::{self, Break, Continue};
use std::path::{Path, PathBuf};

use rclone_crypt::{
    Catalogue, DirectoryNames, ErrorKind, Filter, Keys, Listing, NameEncoding, NameEncryption, Names,
    Password, Progress, Proven, Salt, TAG_LEN,
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
    fs::write(bench.path("scratch/mine"), "not of the catalogue").unwrap();
    let again = catalogue.restore_test(&bench.source(), &bench.path("scratch"), &mut silent).unwrap();
    assert_eq!((again.restored.written, again.restored.unchanged), (0, 4), "it goes on from there");
    assert_eq!((again.different, again.missing, again.same), (vec!["a.txt".into()], vec!["new".into()], 2));
    assert_eq!(again.extra, [PathBuf::from("x.bin")]);
    for taken in [bench.source(), bench.path("catalogue")] {
        let refused = catalogue.restore_test(&bench.source(), &taken, &mut silent).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::File { .. }), "{refused}");
    }

    let object = bench.path("catalogue/a.txt.bin");
    let mut damaged = fs::read(&object).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&object, damaged).unwrap();
    let restored = catalogue.restore_to(&bench.path("damaged"), &mut silent).unwrap();
    let [failed] = &restored.failed[..] else { unreachable!("one file was damaged: {restored:?}") };
    assert_eq!(failed.error.kind(), &ErrorKind::FailedBlock { block: 0 });
    assert_eq!((failed.stored.to_str(), failed.plain.to_str()), (Some("a.txt.bin"), Some("a.txt")));
    assert!(restored.data_at_risk() && restored.written == 3 && !bench.path("damaged/a.txt").exists());
    let test = catalogue.restore_test(&bench.source(), &bench.path("tested"), &mut silent).unwrap();
    assert!(!test.passed() && test.restored.failed.len() == 1 && test.missing == [PathBuf::from("new")]);
    fs::remove_dir_all(bench.path("damaged")).unwrap();
}

/// Plain files among the encrypted ones would be damaged objects to whoever restores next.
#[test]
fn x8_nothing_is_restored_into_the_encrypted_folder() {
    let bench = Bench::new();
    let names = Names::off();
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    for within in ["catalogue", "catalogue/out", "catalogue/new/below", "catalogue/../catalogue/out"] {
        let refused = catalogue.restore_to(&bench.path(within), &mut silent).unwrap_err();
        let why = std::error::Error::source(&refused).map(ToString::to_string).unwrap_or_default();
        assert!(why.contains("it lies in the encrypted folder"), "{within}: {refused}: {why}");
    }
    assert!(!bench.path("catalogue/out").exists() && !bench.path("catalogue/new").exists());
    assert!(catalogue.restore_to(&bench.path("catalogue-beside"), &mut silent).unwrap().is_complete());
}

#[test]
fn a_crafted_name_leads_nowhere_else() {
    let bench = Bench::new();
    let names = Names::new(&bench.keys, NameEncryption::Obfuscate, DirectoryNames::Encrypted);
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    // Obfuscated names that decode to `..`, to `../a`, and to nothing.
    fs::create_dir_all(bench.path("catalogue/!...")).unwrap();
    let object =
        rclone_crypt::encrypt_all(&bench.keys, rclone_crypt::Nonce::from_bytes([1; 24]), b"leads up");
    fs::write(bench.path("catalogue/!.../!.a"), &object).unwrap();
    fs::write(bench.path("catalogue/!..."), &object).unwrap_err();
    fs::write(bench.path("catalogue/!.a\\..\\b"), &object).unwrap();
    fs::write(bench.path("catalogue/!."), &object).unwrap();
    let before = fs::read_dir(bench.folder.path()).unwrap().count();
    let restored = catalogue.restore_to(&bench.path("restored"), &mut silent).unwrap();
    assert_eq!(
        (restored.written, &restored.foreign, restored.failed.len()),
        (2, &vec![PathBuf::from("!.")], 0)
    );
    assert!(bench.path("restored/\u{FF0E}\u{FF0E}/a").exists(), "as rclone writes a name that is no file's");
    assert!(bench.path("restored/a\\..\\b").exists());
    assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), before + 1, "only the target is new");
}

#[test]
fn y3_a_check_writes_nothing_and_reports_what_is_wrong() {
    let bench = Bench::new();
    for names in &bench.names() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::new(&bench.keys, names, folder.path());
        catalogue.update_from(&bench.source(), &mut silent).unwrap();
        let check = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
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
    let check = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
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

/// X8: a check and a restore test compare one file of a path, and name the other; a damaged one is damaged whichever it is.
#[test]
fn x8_stored_names_that_decode_to_one_are_named_by_a_check_and_a_restore_test() {
    let bench = Bench::new();
    let [_, standard, _] = bench.names();
    let folder = bench.path("catalogue");
    let catalogue = Catalogue::new(&bench.keys, &standard, &folder);
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let small = catalogue.stored_path(Path::new("x.bin")).unwrap();
    let large = PathBuf::from(small.to_str().unwrap().to_uppercase());
    fs::copy(folder.join(&small), folder.join(&large)).unwrap();
    let twins = |failed: &[(PathBuf, rclone_crypt::Error)]| {
        let [(plain, error)] = failed else { unreachable!("one is named: {failed:?}") };
        assert_eq!(plain, Path::new("x.bin"));
        error.kind().clone()
    };
    let check = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
    assert_eq!(twins(&check.failed), ErrorKind::SamePath { other: large.clone() });
    assert!(!check.passed() && check.extra.is_empty() && check.missing.is_empty(), "{check:?}");
    assert_eq!((check.same, check.empty), (3, 1), "each file of the source counts once");
    let test = catalogue.restore_test(&bench.source(), &bench.path("scratch"), &mut silent).unwrap();
    assert!(!test.passed() && test.same == 4 && test.extra.is_empty() && test.missing.is_empty(), "{test:?}");
    assert_eq!(test.restored.failed[0].error.kind(), &ErrorKind::SamePath { other: large.clone() });
    let listing = Listing::of(&standard, &folder).unwrap();
    assert_eq!(listing.entries.iter().filter(|entry| entry.plain == "x.bin").count(), 2);
    let mut damaged = fs::read(folder.join(&small)).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(folder.join(&small), damaged).unwrap();
    let check = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
    assert_eq!(twins(&check.failed), ErrorKind::FailedBlock { block: 0 });
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
    let check = catalogue.check(&bench.source(), &Filter::default(), &mut { within_the_large_file });
    assert_eq!(check.unwrap_err().kind(), &ErrorKind::Stopped);
    let restored = bench.path("restored");
    let error = catalogue.restore_to(&restored, &mut { within_the_large_file }).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Stopped);
    let left = fs::read_dir(restored.join("deep")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["er"]);
}

/// Links and pipes are named, and a file that cannot be encrypted holds nobody up.
#[test]
fn x8_an_update_goes_on_past_what_it_cannot_encrypt() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let bench = Bench::new();
    let names = Names::off();
    let catalogue = Catalogue::new(&bench.keys, &names, &bench.path("catalogue"));
    symlink("a.txt", bench.source().join("link")).unwrap();
    fs::write(bench.source().join("l".repeat(252)), "its stored name is too long").unwrap();
    fs::create_dir(bench.path("catalogue")).unwrap();
    fs::create_dir(bench.path("elsewhere")).unwrap();
    symlink(bench.path("elsewhere"), bench.path("catalogue/deep")).unwrap();
    let update = catalogue.update_from(&bench.source(), &mut silent).unwrap();
    assert_eq!((update.written, update.skipped.len()), (2, 1));
    assert_eq!((update.skipped[0].path.to_str(), update.skipped[0].what), (Some("link"), "a symbolic link"));
    let failed: Vec<_> = update.failed.iter().map(|failed| failed.plain.clone()).collect();
    let expected =
        ["deep/er/empty".to_owned(), "deep/tab\tand\\".to_owned(), "l".repeat(252)].map(PathBuf::from);
    assert_eq!(failed, expected);
    assert_eq!(fs::read_dir(bench.path("elsewhere")).unwrap().count(), 0, "a link was followed");
    let mode = fs::metadata(bench.path("catalogue/a.txt.bin")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let check = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
    assert_eq!((check.same, check.missing.len(), check.skipped.len()), (2, 3, 1));
    assert_eq!(check.foreign, [PathBuf::from("deep")], "what is no file there");
}

/// What a filter excludes is looked at nowhere: not in the source, not in the catalogue, and not where both have it.
#[test]
fn y3_a_check_leaves_out_what_is_excluded_wherever_it_is() {
    let bench = Bench::new();
    for names in &bench.names() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::new(&bench.keys, names, folder.path());
        for path in ["Archive/both", "Archive/deep/stored", "Archived"] {
            let path = bench.source().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "as it was").unwrap();
        }
        catalogue.update_from(&bench.source(), &mut silent).unwrap();
        fs::write(bench.source().join("Archive/both"), "and now another").unwrap();
        fs::write(bench.source().join("Archive/source"), "new").unwrap();
        fs::remove_file(bench.source().join("Archive/deep/stored")).unwrap();
        std::os::unix::fs::symlink("both", bench.source().join("Archive/link")).unwrap();
        let all = catalogue.check(&bench.source(), &Filter::default(), &mut silent).unwrap();
        assert_eq!((all.failed.len(), all.missing.len(), all.extra.len()), (1, 1, 1));
        assert_eq!((all.skipped.len(), all.left_out), (1, 0));
        let filter = Filter::parse("- /Archive/**").unwrap();
        let check = catalogue.check(&bench.source(), &filter, &mut silent).unwrap();
        assert!(check.passed(), "{check:?}");
        assert_eq!((check.same, check.empty, check.left_out, check.skipped.len()), (4, 1, 3, 0));
        fs::remove_dir_all(bench.source().join("Archive")).unwrap();
    }
}

/// Names that are not UTF-8 are listed with all their bytes.
#[cfg(target_os = "linux")]
#[test]
fn e8_names_that_are_no_text_are_listed_whole() {
    use std::os::unix::ffi::OsStrExt as _;
    let bench = Bench::new();
    let names = Names::off();
    let folder = bench.path("catalogue");
    let catalogue = Catalogue::new(&bench.keys, &names, &folder);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::write(bench.source().join(name), "x").unwrap();
    catalogue.update_from(&bench.source(), &mut silent).unwrap();
    let listed = Listing::of(&names, &folder).unwrap().entries;
    let entry = listed.iter().find(|entry| entry.plain.starts_with("caf")).unwrap();
    assert_eq!((&*entry.plain, entry.plain_path()), ("caf\u{fffd}", Path::new(name)));
    assert_eq!(entry.stored_path().as_os_str().as_bytes(), b"caf\xe9.bin");
    let text = listed.iter().find(|entry| entry.plain == "a.txt").unwrap();
    assert_eq!((text.plain_path(), text.stored_path()), (Path::new("a.txt"), Path::new("a.txt.bin")));
}
