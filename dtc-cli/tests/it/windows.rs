//! What is particular to Windows. `cargo xtask wine` builds the program for it and runs these tests under Wine.
//!
//! Tests that need more than a Windows system has are skipped without the variable `DTC_WINE`: the path of a folder with
//! the program `console.exe` (of `xtask/src/wine/console.c`), and the folder `foreign`. `\\server\share` must then be a share.

mod console;
#[cfg(feature = "demo")]
mod interruption;
mod names;
mod paths;
mod secrets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rclone_crypt::{
    DirectoryNames, Keys, NameEncoding, NameEncryption, Names, Nonce, Password, Salt, encrypt_all, local_name,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::dtc;

const PASSWORD: &str = "correct horse";
const SALT: &str = "battery staple";
/// A share of another computer.
const SHARE: &str = r"\\server\share";
/// `CREATE_NO_WINDOW`: the process gets a console of its own, which nobody sees.
const OWN_CONSOLE: u32 = 0x0800_0000;

/// What `cargo xtask wine` has prepared for these tests.
fn prepared() -> Option<PathBuf> {
    std::env::var_os("DTC_WINE").map(PathBuf::from)
}

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

/// A member of each object of a list, with slashes.
fn members(list: &Value, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().replace('\\', "/")).collect()
}
