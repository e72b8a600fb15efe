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
    destination.remove_unfinished(b"a").unwrap();
    destination.remove_unfinished(b"not/there").unwrap();
    assert_eq!(names(folder.path()).len(), 4, "{:?}", names(folder.path()));
    assert!(!folder.path().join(left).exists());
    other.keep(writing, None).unwrap();
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"whole");
}
