//! Secrets in files. Windows has no mode that says who may read one: there it is checked that it is a file, how large it
//! is, and that it is text of one line.

use std::fs;

use super::{PASSWORD, SALT, crypt, stored};
use crate::program::{Said, dtc};

/// Secrets in files named with a drive letter, as Windows' editors write them.
#[test]
fn e7_secrets_by_file_with_a_drive_letter_and_cr_lf() {
    let folder = stored(&["a.txt"]);
    for (name, text) in [("password", PASSWORD), ("salt", SALT)] {
        fs::write(folder.path().join(name), format!("{text}\r\n")).unwrap();
    }
    let file = |name: &str| format!("file:{}", folder.path().join(name).display());
    assert_eq!(&file("password")[6..8], ":\\", "a drive letter");
    let mut command = dtc(folder.path());
    command.args(["crypt", "restore", "stored", "target", "--names", "standard"]);
    Said::by(command.args(["--password", &file("password"), "--salt", &file("salt")])).ended(0);
    assert_eq!(fs::read_to_string(folder.path().join("target/a.txt")).unwrap(), "a.txt");
}

/// What is checked of a file with a secret in place of its mode, and what the refusal says.
#[test]
fn e7_a_secret_file_is_checked_for_what_it_is_and_holds() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (name, bytes) in [
        ("large", vec![b'x'; (64 << 10) + 1]),
        ("empty", Vec::new()),
        ("lines", b"one\r\ntwo\r\n".to_vec()),
        ("space", b" secret\r\n".to_vec()),
        ("latin", b"gr\xfcn\r\n".to_vec()),
        ("unmarked", "grün\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    for (file, says) in [
        ("folder", "is a folder, not a regular file"),
        ("nowhere", "cannot be read"),
        ("large", "is larger than 65536 bytes"),
        ("empty", "is empty"),
        ("lines", "has 2 lines"),
        ("space", "begins with a space"),
        ("latin", "is not UTF-8"),
        ("unmarked", "UTF-16 without a byte-order mark"),
        ("NUL", "cannot be"),
        ("CON", "cannot be"),
        ("COM9", "cannot be"),
        (r"\\.\pipe\nobody", "cannot be"),
    ] {
        let mut command = dtc(folder.path());
        command.args(["crypt", "encode", "--names", "standard", "a.txt", "--salt", "none"]);
        let said = Said::by(command.args(["--password", &format!("file:{file}")])).ended(4);
        assert!(
            said.out.is_empty() && said.err.contains(file) && said.err.contains(says),
            "{file}: {said:?}"
        );
    }
}

/// Whoever fills in a site file reads what is not checked here.
#[test]
fn e7_the_site_file_says_that_access_lists_are_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    Said::by(dtc(folder.path()).arg("init")).ended(0);
    let text = fs::read_to_string(folder.path().join("site.toml")).unwrap();
    assert!(
        text.contains("Windows access lists are not looked at: keep it in a folder of your own profile"),
        "{text}"
    );
}

/// A read-only file is a file, and stays what it is.
#[test]
fn e7_a_read_only_secret_file_is_read() {
    let folder = stored(&["a.txt"]);
    let file = folder.path().join("password");
    fs::write(&file, format!("\u{feff}{PASSWORD}\r\n")).unwrap();
    let mut read_only = fs::metadata(&file).unwrap().permissions();
    read_only.set_readonly(true);
    fs::set_permissions(&file, read_only).unwrap();
    let mut command = crypt(folder.path(), &["cat", "stored", "a.txt", "--names", "standard"]);
    let arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
    command = dtc(folder.path());
    command.env("TEST_SALT", SALT);
    command.args(arguments.iter().map(|argument| match argument.to_str() {
        Some("env:TEST_PASSWORD") => std::ffi::OsStr::new("file:password"),
        _ => argument,
    }));
    assert_eq!(Said::by(&mut command).ended(0).out, "a.txt");
}
