//! What is particular to Windows. `cargo xtask test --deep` builds the program for it and runs these tests under Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rclone_crypt::{
    DirectoryNames, Keys, NameEncoding, NameEncryption, Names, Nonce, Password, Salt, encrypt_all, local_name,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Said, dtc};

const PASSWORD: &str = "correct horse";
const SALT: &str = "battery staple";

fn keys() -> Keys {
    Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap()
}

/// `dtc crypt`, with both secrets in its environment.
fn crypt(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = dtc(folder);
    command.env("TEST_PASSWORD", PASSWORD).env("TEST_SALT", SALT).arg("crypt").args(arguments);
    command.args(["--password", "env:TEST_PASSWORD", "--salt", "env:TEST_SALT"]);
    command
}

/// In the form in which every name and every length can be opened.
fn verbatim(folder: &Path, below: &str) -> PathBuf {
    let mut path = fs::canonicalize(folder).unwrap();
    path.extend(below.split('/'));
    path
}

/// A folder with encrypted names, which any disk holds, made from paths as an appliance has them.
fn stored(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let standard = NameEncryption::Standard(NameEncoding::Base32);
    let names = Names::new(&keys(), standard, DirectoryNames::Encrypted);
    for path in paths {
        let name = names.encode_bytes(&local_name::encode(path.as_bytes())).unwrap();
        let file = verbatim(folder.path(), &format!("stored/{}", String::from_utf8(name).unwrap()));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, encrypt_all(&keys(), Nonce::from_bytes([1; 24]), path.as_bytes())).unwrap();
    }
    folder
}

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().replace('\\', "/")).collect()
}

#[test]
fn x8_every_name_comes_back_as_one_that_windows_holds() {
    let changed = [
        ("CON", "CON_"),
        ("a:b.txt", "a\u{FF1A}b.txt"),
        ("d/aux.log", "d/aux_.log"),
        ("q?.txt", "q\u{FF1F}.txt"),
        ("trail.", "trail\u{FF0E}"),
        ("twin.TXT", "twin~2.TXT"),
    ];
    let kept = ["Twin.txt", "über.txt"];
    let plain: Vec<&str> = changed.iter().map(|(plain, _)| *plain).chain(kept).collect();
    let folder = stored(&plain);
    let said = Said::by(&mut crypt(
        folder.path(),
        &["restore", "stored", "target", "--names", "standard", "--json"],
    ));
    let restored = said.ended(0).json();
    assert_eq!(restored["restored"], json!(plain.len()));
    let written: Vec<String> = names(&restored["renamed"], "written");
    for (plain, renamed) in names(&restored["renamed"], "plain").into_iter().zip(written) {
        let content = fs::read_to_string(verbatim(folder.path(), &format!("target/{renamed}"))).unwrap();
        assert_eq!(content, plain, "{renamed} is another file");
        let twins = ["twin.TXT", "Twin.txt"].contains(&plain.as_str());
        assert!(twins || changed.contains(&(&plain, &renamed)), "{plain} became {renamed}");
    }
    assert_eq!(restored["renamed"].as_array().unwrap().len(), changed.len());
    assert_eq!(fs::read_to_string(verbatim(folder.path(), "target/über.txt")).unwrap(), "über.txt");
    let again =
        crypt(folder.path(), &["restore", "stored", "target", "--names", "standard", "--json"]).output();
    assert_eq!(Said::of(again.unwrap()).ended(0).json()["unchanged"], json!(plain.len()));
}

/// A folder whose names no program of Windows makes, such as another system leaves on a share: what can be opened comes back.
#[test]
fn x8_a_folder_that_windows_did_not_make() {
    let Some(made) = std::env::var_os("DTC_FOREIGN_NAMES") else { return };
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    let mut command = crypt(folder.path(), &["restore"]);
    let said = Said::by(command.arg(&made).arg(&target).arg("--json"));
    let restored = said.json();
    let failed = restored["failed"].as_array().unwrap().len();
    let count = restored["restored"].as_u64().unwrap();
    assert_eq!(count + failed as u64, 6, "{said:?}");
    assert_eq!(said.code, if failed == 0 { 0 } else { 7 }, "{said:?}");
    assert!(count >= 4, "{said:?}");
    let on_disk = fs::read_dir(verbatim(folder.path(), "target")).unwrap().count();
    assert_eq!(on_disk as u64, count);
}

#[test]
fn x8_long_paths() {
    let long = format!("{}/report.txt", ["a folder with a rather long name"; 12].join("/"));
    let folder = stored(&[&long]);
    let restore = ["restore", "stored", "target", "--names", "standard"];
    Said::by(&mut crypt(folder.path(), &restore)).ended(0);
    let written = verbatim(folder.path(), &format!("target/{long}"));
    assert!(written.as_os_str().len() > 400);
    assert_eq!(fs::read_to_string(written).unwrap(), long);
    Said::by(&mut crypt(folder.path(), &[&restore[..], &["--compare", "target"]].concat())).ended(1);
    fs::rename(verbatim(folder.path(), "target"), verbatim(folder.path(), "source")).unwrap();
    Said::by(&mut crypt(folder.path(), &[&restore[..], &["--compare", "source"]].concat())).ended(0);
}

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

/// The current folder of a drive, a drive's root, and both kinds of slash.
#[test]
fn x8_targets_with_drive_letters() {
    let folder = stored(&["deep/a.txt"]);
    let whole = folder.path().join("whole").display().to_string();
    let drive = &whole[..2];
    let targets =
        [whole.clone(), whole.replace('\\', "/") + "2", format!("{drive}relative"), ".\\dotted".to_owned()];
    for target in targets {
        let restore = ["restore", "stored", &target, "--names", "standard"];
        Said::by(&mut crypt(folder.path(), &restore)).ended(0);
    }
    for name in ["whole", "whole2", "relative", "dotted"] {
        assert!(folder.path().join(name).join("deep").join("a.txt").exists(), "{name}");
    }
}
