use super::*;
use tempfile::TempDir;

const LIST: Kind = Kind { name: "a list", is: |text| text.starts_with("list") };

fn entries(folder: &TempDir) -> Vec<String> {
    let read = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = read.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    Replacement::at(path, LIST, Limit::SETTINGS)?.write(text)
}

#[test]
fn only_a_file_of_its_own_kind_is_replaced() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("list");
    let too_large = b"list\n".repeat(1 << 18);
    for (stands, replaced) in [
        (None, true),
        (Some(&b"list of old"[..]), true),
        (Some(b""), true),
        (Some(b"\r\n"), true),
        (Some(b"\xef\xbb\xbflist saved by an editor\r\n"), true),
        (Some(b"[site]\norganization = 1\n"), false),
        (Some(b" list"), false),
        (Some(b"\x7fELF\0\0"), false),
        (Some(&too_large), false),
    ] {
        let _ = fs::remove_file(&path);
        stands.inspect(|bytes| fs::write(&path, bytes).unwrap());
        let written = replace(&path, "list of new");
        assert_eq!(written.is_ok(), replaced, "{written:?}");
        let expected = if replaced { b"list of new" } else { stands.unwrap() };
        assert!(fs::read(&path).unwrap() == expected);
        assert_eq!(entries(&scratch), ["list"], "nothing is left beside it");
        if let Err(error) = written {
            assert!(matches!(error.kind(), FileErrorKind::AnotherKind { wanted: "a list" }), "{error}");
            assert!(error.is_in_the_way() && error.remedy().is_some());
        }
    }
}

#[test]
fn a_new_file_is_new() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a");
    write_new(&path, "one").unwrap();
    assert!(matches!(write_new(&path, "two").unwrap_err().kind(), FileErrorKind::Exists));
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    assert!(write_new(scratch.path(), "two").is_err());
    assert_eq!(entries(&scratch), ["a"]);
    // What appears between the look and the writing stays, too.
    let partial = Partial::write(&scratch.path().join("b"), b"ours").unwrap();
    fs::write(scratch.path().join("b"), "theirs").unwrap();
    assert!(matches!(partial.create().unwrap_err().kind(), FileErrorKind::Exists));
    assert_eq!(fs::read_to_string(scratch.path().join("b")).unwrap(), "theirs");
    assert_eq!(entries(&scratch), ["a", "b"]);
    let nowhere = scratch.path().join("no/where");
    assert!(write_new(&nowhere, "x").unwrap_err().is_not_found());
    assert!(replace(&nowhere, "x").unwrap_err().is_not_found());
    assert!(Appended::check(&nowhere, LIST).unwrap_err().is_not_found());
}

#[test]
fn lines_are_appended_to_their_own_kind_only() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("journal");
    for (stands, after) in [
        (None, Some("one\n")),
        (Some(""), Some("one\n")),
        (Some("list\n"), Some("list\none\n")),
        (Some("list\r\nx\r\n"), Some("list\r\nx\r\none\n")),
        (Some("list\ncut of"), Some("list\ncut of\none\n")),
        (Some("[site]\n"), None),
        (Some("\nlist\n"), None),
    ] {
        let _ = fs::remove_file(&path);
        stands.inspect(|text| fs::write(&path, text).unwrap());
        assert_eq!(Appended::check(&path, LIST).is_ok(), after.is_some(), "{stands:?}");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), stands, "looking changes nothing");
        let opened = Appended::open(&path, LIST);
        assert_eq!(opened.is_ok(), after.is_some(), "{stands:?}: {opened:?}");
        if let Ok(mut file) = opened {
            file.line("one").unwrap();
            file.end().unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), after.or(stands).unwrap());
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_written_is_its_owners_only() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        write_new(&at("new"), "x").unwrap();
        replace(&at("fresh"), "list").unwrap();
        fs::write(at("replaced"), "list").unwrap();
        replace(&at("replaced"), "list").unwrap();
        Appended::open(&at("journal"), LIST).unwrap();
        fs::write(at("old"), "list\n").unwrap();
        fs::set_permissions(at("old"), fs::Permissions::from_mode(0o644)).unwrap();
        Appended::open(&at("old"), LIST).unwrap();
        for name in entries(&scratch) {
            assert_eq!(mode(&at(&name)), 0o600, "{name}");
        }
        create_folder(&at("a/b")).unwrap();
        assert_eq!([mode(&at("a")), mode(&at("a/b"))], [0o700; 2]);
    }

    #[test]
    fn no_link_is_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let (victim, link) = (scratch.path().join("victim"), scratch.path().join("link"));
        for to in [victim.as_path(), Path::new("/nowhere/at/all"), scratch.path(), Path::new("/dev/stdout")] {
            fs::write(&victim, "list\n").unwrap();
            let _ = fs::remove_file(&link);
            symlink(to, &link).unwrap();
            let refused = [
                write_new(&link, "list x").unwrap_err(),
                replace(&link, "list x").unwrap_err(),
                Appended::open(&link, LIST).unwrap_err(),
                Appended::check(&link, LIST).unwrap_err(),
            ];
            assert!(refused.iter().all(FileError::is_in_the_way), "{refused:?}");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "list\n");
        }
        // A link that appears between the look and the writing.
        fs::write(&victim, "list\n").unwrap();
        let place = Replacement::at(&scratch.path().join("late"), LIST, Limit::SETTINGS).unwrap();
        symlink(&victim, scratch.path().join("late")).unwrap();
        assert!(matches!(place.write("list x").unwrap_err().kind(), FileErrorKind::Link));
        Partial::write(&scratch.path().join("late"), b"ours").unwrap().replace().unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "list\n");
        assert_eq!(entries(&scratch), ["late", "link", "victim"]);
    }

    #[test]
    fn a_pipe_without_a_reader_is_not_waited_for() {
        let scratch = tempfile::tempdir().unwrap();
        let pipe = scratch.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(Appended::open(&pipe, LIST).unwrap_err().to_string().contains("read this pipe"));
        let reader = fs::File::options().read(true).write(true).open(&pipe).unwrap();
        let mut file = Appended::open(&pipe, LIST).unwrap();
        file.line("one").unwrap();
        file.end().unwrap();
        let mut got = [0; 4];
        (&reader).read_exact(&mut got).unwrap();
        assert_eq!(&got, b"one\n");
        assert!(replace(&pipe, "list").is_err() && write_new(&pipe, "list").is_err());
    }

    #[test]
    fn a_device_is_not_written_to() {
        let full = Path::new("/dev/full");
        for error in [replace(full, "list").unwrap_err(), Appended::open(full, LIST).unwrap_err()] {
            assert!(matches!(error.kind(), FileErrorKind::NotAFile { is: "a device" }), "{error}");
        }
    }

    #[test]
    fn a_full_disk_is_seen_and_what_was_there_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("list");
        fs::write(&path, "list of old").unwrap();
        // The device that is always full stands for a disk that is.
        let file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut journal = Appended { file, path: path.clone() };
        let error = journal.line("one").unwrap_err();
        let FileErrorKind::Io { source, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_to_string(&path).unwrap(), "list of old");
    }
}
