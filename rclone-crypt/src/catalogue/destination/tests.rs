use std::fs;
use std::time::Duration;

use super::*;

fn folder() -> (tempfile::TempDir, Destination) {
    let folder = tempfile::tempdir().unwrap();
    let destination = Destination::open(folder.path()).unwrap();
    (folder, destination)
}

fn written(destination: &mut Destination, path: &[u8], content: &[u8]) -> Incomplete {
    let mut file = destination.begin(path).unwrap();
    file.write_all(content).unwrap();
    file
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn x8_a_file_has_its_name_when_it_is_complete_and_its_time() {
    let (folder, mut destination) = folder();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let file = written(&mut destination, b"a/b", b"text");
    assert!(matches!(destination.present(b"a/b").unwrap(), Present::Nothing));
    let id = destination.keep(file, Some(time)).unwrap();
    let Present::File(there) = destination.present(b"a/b").unwrap() else { panic!("it is not there") };
    assert_eq!((there.id, there.len, there.modified), (id, 4, Some(time)));
    assert_eq!(names(&folder.path().join("a")), ["b"]);
}

#[test]
fn x8_nothing_is_replaced_and_what_was_written_in_vain_is_removed() {
    let (folder, mut destination) = folder();
    let first = written(&mut destination, b"a", b"one");
    let second = written(&mut destination, b"a", b"two");
    destination.keep(first, None).unwrap();
    assert!(destination.keep(second, None).is_err());
    assert_eq!(
        (fs::read(folder.path().join("a")).unwrap(), names(folder.path())),
        (b"one".to_vec(), vec!["a".to_owned()])
    );
}

#[test]
fn x8_no_path_leads_out_of_the_folder() {
    let (folder, mut destination) = folder();
    for path in [&b"../a"[..], b"a/../../b", b"/etc/x", b"", b"a//b", b"."] {
        assert!(destination.begin(path).is_err(), "{path:?}");
        assert!(destination.present(path).is_err(), "{path:?}");
    }
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn x8_no_link_below_the_folder_is_followed() {
    let (folder, mut destination) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("link")).unwrap();
    assert!(destination.begin(b"link/a").is_err());
    assert!(matches!(destination.present(b"link").unwrap(), Present::Other("a symbolic link")));
    assert!(names(elsewhere.path()).is_empty());
}

#[test]
fn x8_what_a_killed_run_left_is_removed_and_what_another_run_is_writing_is_not() {
    let (folder, mut destination) = folder();
    let left = ".dtc-restore-0123456789abcdef";
    fs::write(folder.path().join(left), "half").unwrap();
    for similar in
        [".dtc-restore-0123456789abcde", ".dtc-restore-0123456789abcdefg", "dtc-restore-0123456789abcdef"]
    {
        fs::write(folder.path().join(similar), "a file of somebody's").unwrap();
    }
    let mut other = destination.try_clone().unwrap();
    let writing = written(&mut other, b"a", b"whole");
    destination.remove_unfinished(b"a", &|_| false).unwrap();
    destination.remove_unfinished(b"not/there", &|_| false).unwrap();
    assert_eq!(names(folder.path()).len(), 4, "{:?}", names(folder.path()));
    assert!(!folder.path().join(left).exists());
    other.keep(writing, None).unwrap();
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"whole");
}

#[test]
fn y4_a_file_is_written_over_several_runs_in_any_order() {
    let (folder, mut destination) = folder();
    let begun = destination.go_on(b"a/b", 7).unwrap();
    begun.write_at(b"two", 3).unwrap();
    begun.note("1 whole").unwrap();
    begun.note("2").unwrap();
    // Another run must not write it at the same time.
    let mut other = destination.try_clone().unwrap();
    let busy = other.go_on(b"a/b", 7).unwrap_err();
    let why = std::error::Error::source(&busy).unwrap().to_string();
    assert_eq!(why, "another run is writing it");
    drop(begun);
    fs::write(folder.path().join("a/.dtc-restore-0000000000000007.journal"), "1 whole\n2\n3 half a li")
        .unwrap();
    let begun = destination.go_on(b"a/b", 7).unwrap();
    assert_eq!(begun.notes().unwrap(), ["1 whole", "2"], "a line without its end is none");
    begun.note("4").unwrap();
    assert_eq!(begun.notes().unwrap().last().unwrap(), "4");
    begun.write_at(b"one", 0).unwrap();
    let mut read = [0; 6];
    begun.read_at(&mut read, 0).unwrap();
    assert_eq!(&read, b"onetwo");
    assert!(begun.read_at(&mut read, 1).is_err(), "there is no seventh byte");
    destination.keep_partial(begun, None).unwrap();
    assert_eq!(names(&folder.path().join("a")), ["b"]);
    assert_eq!(fs::read(folder.path().join("a/b")).unwrap(), b"onetwo");

    let again = destination.go_on(b"a/b", 7).unwrap();
    assert!(again.notes().unwrap().is_empty());
    assert!(destination.keep_partial(again, None).is_err(), "nothing is replaced");
    assert_eq!(names(&folder.path().join("a")), ["b"]);
}

#[test]
fn y4_what_a_later_run_goes_on_with_stays_and_a_journal_alone_does_not() {
    let (folder, mut destination) = folder();
    for mark in [1, 2] {
        destination.go_on(b"a", mark).unwrap().note("1").unwrap();
    }
    fs::write(folder.path().join(".dtc-restore-0000000000000003.journal"), "1\n").unwrap();
    destination.remove_unfinished(b"a", &|mark| mark != 2).unwrap();
    let one = ".dtc-restore-0000000000000001";
    assert_eq!(names(folder.path()), [one.to_owned(), format!("{one}.journal")]);
    let kept = destination.go_on(b"a", 1).unwrap();
    destination.discard_partial(kept);
    assert!(names(folder.path()).is_empty());
}

/// The name is known before the file is there: somebody could have put a link to another file there.
#[cfg(unix)]
#[test]
fn x8_a_link_under_the_name_of_an_incomplete_file_is_not_written_through() {
    let (folder, mut destination) = folder();
    let victim = folder.path().join("victim");
    fs::write(&victim, "content").unwrap();
    fs::hard_link(&victim, folder.path().join(".dtc-restore-0000000000000001")).unwrap();
    destination.go_on(b"a", 1).unwrap().write_at(b"other", 0).unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join(".dtc-restore-0000000000000002")).unwrap();
    assert!(destination.go_on(b"a", 2).is_err());
    assert_eq!(fs::read(&victim).unwrap(), b"content");
}
