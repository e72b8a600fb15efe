//! `dtc init`, and what a site file may say.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::program::{Said, dtc, run};

fn written() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    Said::by(dtc(folder.path()).arg("init")).ended(0);
    folder
}

fn change(folder: &Path, from: &str, to: &str) {
    let file = folder.join("site.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

fn plan(folder: &Path) -> Said {
    let mut command = dtc(folder);
    for name in ["B2_APPLICATION_KEY", "TRUENAS_API_KEY", "NINJAONE_CLIENT_SECRET", "ITGLUE_API_KEY"] {
        command.env_remove(format!("DTC_{name}"));
    }
    Said::by(command.arg("plan"))
}

#[test]
fn init_leaves_a_file_alone_that_is_there() {
    let folder = written();
    let before = fs::read(folder.path().join("site.toml")).unwrap();
    let said = Said::by(dtc(folder.path()).args(["init", "--json"])).ended(3);
    assert!(said.json()["error"]["message"].as_str().unwrap().contains("site.toml"), "{said:?}");
    assert_eq!(fs::read(folder.path().join("site.toml")).unwrap(), before);
}

#[test]
fn a_site_file_that_is_not_there_is_usage() {
    let said = run(&["verify", "--site", "nowhere/site.toml"]).ended(3);
    assert!(said.err.contains("nowhere/site.toml") && said.err.contains("dtc init"), "{}", said.err);
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let folder = written();
    change(folder.path(), "uplink_mbit = 100", "bandwith = 3\nuplink_mbit = 100");
    let said = plan(folder.path()).ended(3);
    assert!(said.err.contains("site.toml:7:1: unknown field `bandwith`"), "{}", said.err);
}

#[test]
fn e7_an_inline_secret_is_refused_with_its_line_and_not_shown() {
    let folder = written();
    change(folder.path(), "\"env:DTC_ITGLUE_API_KEY\"", "\"ITG.0123456789abcdef\"");
    let text = fs::read_to_string(folder.path().join("site.toml")).unwrap();
    let line = text.lines().position(|line| line.contains("ITG.")).unwrap() + 1;
    let said = plan(folder.path()).ended(3);
    assert!(said.err.contains(&format!("site.toml:{line}:11: a secret stands")), "{}", said.err);
    assert!(!said.err.contains("ITG.") && !said.out.contains("ITG."), "{said:?}");
}

#[test]
fn e7_a_secret_that_is_missing_is_named_with_where_it_should_be() {
    let folder = written();
    let said = plan(folder.path()).ended(4);
    assert!(said.err.contains("DTC_B2_APPLICATION_KEY"), "{}", said.err);
    change(folder.path(), "\"env:DTC_B2_APPLICATION_KEY\"", "\"file:b2.key\"");
    let said = plan(folder.path()).ended(4);
    assert!(said.err.contains("b2.key"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn e7_a_secret_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = written();
    change(folder.path(), "\"env:DTC_B2_APPLICATION_KEY\"", "\"file:b2.key\"");
    let key = folder.path().join("b2.key");
    fs::write(&key, "K001secret\n").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let said = plan(folder.path()).ended(4);
    assert!(said.err.contains("0640") && said.err.contains("chmod 600"), "{}", said.err);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let said = plan(folder.path()).ended(4);
    assert!(said.err.contains("DTC_TRUENAS_API_KEY"), "the first secret is read now: {}", said.err);
}

#[test]
fn what_is_not_understood_exits_with_3_and_says_so_to_scripts() {
    assert!(run(&[]).ended(3).err.contains("Usage"));
    assert!(run(&["sideways"]).ended(3).err.contains("sideways"));
    assert_eq!(run(&["sideways", "--json"]).ended(3).json()["exit_code"], 3);
    assert!(run(&["apply", "--wait", "soon"]).ended(3).err.contains("30m"));
    assert!(run(&["--version"]).ended(0).out.starts_with("dtc "));
    assert!(run(&["help", "apply"]).ended(0).out.contains("--record-consent"));
}
