//! What a copy says to input that is not as it should be. Nothing is written then, but where it is said.

use std::fs;

use serde_json::json;

use super::bed::{self, Bed, PASSWORD, SALT};
use crate::program::Said;

fn with_pair(bed: &Bed, password: &str, salt: &str) -> Said {
    let mut command = bed.command(&["run"]);
    Said::by(command.env("TEST_PASSWORD", password).env("TEST_SALT", salt))
}

#[test]
fn y2_a_pair_that_opens_nothing_is_refused_and_the_likely_mistake_is_named() {
    let bed = Bed::new("own", "");
    bed.said(&["run"]).ended(0);
    let before = bed::tree(&bed.path("catalogue"));
    bed.write("source/new.txt", b"new");
    let obscured = |text: &str| rclone_crypt::obscure(text).unwrap().expose().to_owned();
    for (password, salt, expected) in [
        ("another", "pair", "nothing opens with this pair"),
        (SALT, PASSWORD, "exchanged"),
        (&*obscured(PASSWORD), &*obscured(SALT), "obscured"),
        (&*obscured(PASSWORD), SALT, "obscured"),
    ] {
        let said = with_pair(&bed, password, salt).ended(6);
        assert!(
            said.err.contains(expected) && said.err.contains("Nothing was written"),
            "{expected}: {}",
            said.err
        );
        assert_eq!(bed::tree(&bed.path("catalogue")), before);
    }
}

#[test]
fn y2_a_program_that_is_missing_or_too_old_is_named_with_what_to_install() {
    let bed = Bed::new("own", "");
    let old_rclone = bed.script("old-rclone", "echo 'rclone v1.59.2'");
    let strange_rclone = bed.script("odd-rclone", "echo 'usage: rclone'");
    let old_rsync = bed.script("old-rsync", "echo 'openrsync: protocol version 29'");
    fs::create_dir(bed.path("server")).unwrap();
    let missing = bed.path("nowhere").display().to_string();
    for (job, expected) in [
        (format!("programs.rclone = {missing:?}\n"), "there is no program"),
        (format!("programs.rclone = {old_rclone:?}\n"), "is version 1.59, too old"),
        (format!("programs.rclone = {strange_rclone:?}\n"), "does not say a version"),
        (format!("engine = \"own\"\nto = \"server\"\nprograms.rsync = {missing:?}\n"), "there is no program"),
        (
            format!("engine = \"own\"\nto = \"server\"\nprograms.rsync = {old_rsync:?}\n"),
            "does not say a version",
        ),
    ] {
        let text = format!(
            "name = \"Documents\"\nsource = \"source\"\ncatalogue = \"catalogue\"\n{job}[crypt]\npassword = \"env:TEST_PASSWORD\"\nsalt = \"none\"\n"
        );
        bed.write("documents.toml", bed.placed(&text).as_bytes());
        let said = bed.said(&["run"]).ended(4);
        assert!(said.err.contains(expected) && said.err.contains("install r"), "{expected}: {}", said.err);
        assert!(said.err.contains("error[DTC-COPY-PROGRAM]"), "{}", said.err);
        assert!(!bed.path("catalogue").exists() && bed.files("server") == 0);
    }
}

/// Y2: rsync never starts after a first step that failed, left something out, or was killed.
#[test]
fn y2_rsync_never_starts_after_a_first_step_that_did_not_end_as_it_should() {
    for (name, end) in [
        ("fails", "exit 1"),
        ("is-killed", "kill -9 $$"),
        (
            "leaves-out",
            "echo '{\"level\":\"error\",\"msg\":\"Failed to copy: no\",\"object\":\"a.txt\"}' >&2; exit 0",
        ),
    ] {
        let bed = Bed::new("own", "");
        let rclone =
            bed.script("rclone", &format!("[ \"$1\" = version ] && echo 'rclone v1.75.2' && exit 0\n{end}"));
        let rsync = bed.script(
            "rsync",
            "[ \"$1\" = --version ] && echo 'rsync  version 3.2.7' && exit 0\ntouch started",
        );
        fs::create_dir(bed.path("server")).unwrap();
        bed.write_job(&rclone, &format!("to = \"server\"\nprograms.rsync = {rsync:?}\n"));
        let ran = bed.said(&["run", "--json"]).ended(7).json();
        assert_eq!(
            (&ran["transfer_withheld"], &ran["complete"]),
            (&json!(true), &json!(false)),
            "{name}: {ran}"
        );
        assert!(ran["error"]["also"][0].as_str().unwrap().contains("rsync was not started"), "{name}: {ran}");
        assert!(!bed.path("started").exists(), "{name}: rsync was started");
    }
}

/// E8: no secret is in an argument of a program, and rsync and ssh are given none in their environment.
#[test]
fn e8_no_secret_is_in_an_argument_and_rsync_is_given_none() {
    let bed = Bed::new("own", "");
    let rclone = bed.script("rclone",
        "[ \"$1\" = version ] && echo 'rclone v1.75.2' && exit 0\necho \"$@\" > rclone-arguments; env > rclone-environment",
    );
    let rsync = bed.script("rsync",
        "[ \"$1\" = --version ] && echo 'rsync  version 3.2.7' && exit 0\necho \"$@\" > rsync-arguments; env > rsync-environment",
    );
    fs::create_dir(bed.path("server")).unwrap();
    bed.write_job(&rclone, &format!("to = \"server\"\nprograms.rsync = {rsync:?}\n"));
    bed.said(&["run"]).ended(0);
    let read = |name: &str| fs::read_to_string(bed.path(name)).unwrap();
    let environment = read("rclone-environment");
    let password =
        environment.lines().find_map(|line| line.strip_prefix("RCLONE_CONFIG_DTCCOPY_PASSWORD=")).unwrap();
    assert_eq!(rclone_crypt::reveal(password).unwrap().expose(), PASSWORD);
    for name in ["rclone-arguments", "rsync-arguments", "rsync-environment"] {
        let text = read(name);
        assert!(
            !text.contains(PASSWORD) && !text.contains(SALT) && !text.contains(password),
            "{name}: {text}"
        );
        assert!(!text.contains("TEST_PASSWORD") && !text.contains("RCLONE_CONFIG"), "{name}: {text}");
    }
    assert!(!environment.contains(SALT) && !environment.contains("TEST_"), "{environment}");
}

#[test]
fn y2_a_job_that_cannot_be_carried_out_is_refused_before_anything_is_written() {
    let bed = Bed::new("own", "");
    for (find, put, code, expected) in [
        ("\"source\"", "\"nowhere\"", 4, "the source"),
        ("\"catalogue\"", "\"nowhere/catalogue\"", 4, "none can be made there"),
        ("\"catalogue\"", "\"source/catalogue\"", 5, "within each other"),
        ("\"source\"", "\".\"", 5, "within each other"),
        ("[crypt]", "to = \"unmounted\"\n[crypt]", 3, "absolute path"),
        ("[crypt]", "bandwidth_mbit = \"20M\"\n[crypt]", 3, "bandwidth_mbit"),
        ("env:TEST_PASSWORD", "env:TEST_UNSET", 4, "TEST_UNSET"),
    ] {
        bed.write_job("own", "");
        let text = fs::read_to_string(bed.path("documents.toml")).unwrap();
        bed.write("documents.toml", text.replacen(find, put, 1).as_bytes());
        let said = bed.said(&["run"]).ended(code);
        assert!(said.err.contains(expected), "{expected}: {}", said.err);
        assert!(!bed.path("catalogue").exists());
    }
    let gone = bed.path("unmounted").display().to_string();
    bed.write_job("own", &format!("to = {gone:?}\n"));
    let said = bed.said(&["run"]).ended(4);
    assert!(said.err.contains("Mount its disk") && !bed.path("catalogue").exists(), "{}", said.err);
    bed.write_job("own", "");
    assert!(bed.said(&["check"]).ended(4).err.contains("DTC-COPY-CATALOGUE"));
    bed.said(&["restore", "--to", "restored"]).ended(4);
}

/// A name that becomes too long is named by the plan already, and nothing is carried until somebody has put it right.
#[test]
fn y2_a_name_that_becomes_too_long_is_named_and_the_rest_is_encrypted() {
    if !bed::has_rsync() {
        return;
    }
    let bed = Bed::new("own", "to = \"server\"\n");
    fs::create_dir(bed.path("server")).unwrap();
    bed.write(&format!("source/{}", "x".repeat(255)), b"long");
    let planned = bed.said(&["plan", "--json"]).ended(0).json();
    assert_eq!(
        (planned["failed"].as_array().unwrap().len(), planned["changed"].as_array().unwrap().len()),
        (1, 6)
    );
    let ran = bed.said(&["run", "--json"]).ended(7).json();
    assert_eq!(
        (&ran["encryption"]["written"], &ran["transfer_withheld"]),
        (&json!(6), &json!(true)),
        "{ran}"
    );
    assert_eq!((bed.files("catalogue"), bed.files("server")), (6, 0));
    // Names that are not encrypted, and bear no ending, may have 255 bytes.
    let text = fs::read_to_string(bed.path("documents.toml")).unwrap();
    bed.write("documents.toml", (text + "names = \"off\"\nsuffix = \"none\"\n").as_bytes());
    fs::remove_dir_all(bed.path("catalogue")).unwrap();
    bed.said(&["run"]).ended(0);
    bed.said(&["check"]).ended(0);
}

/// What is at the destination and differs is replaced by the catalogue's; what somebody put there stays.
#[test]
fn y2_a_destination_that_differs_becomes_as_the_catalogue() {
    if !bed::has_rsync() {
        return;
    }
    let bed = Bed::new("own", "to = \"server\"\n");
    fs::create_dir(bed.path("server")).unwrap();
    bed.said(&["run"]).ended(0);
    let (first, _) = bed::tree(&bed.path("server")).remove(0);
    bed.write(&format!("server/{first}"), b"something else");
    bed.write("server/mine", b"mine");
    assert_eq!(bed.said(&["check", "--json"]).ended(2).json()["destination"]["files"], 1);
    bed.said(&["run"]).ended(0);
    bed.said(&["check"]).ended(0);
    assert!(bed.path("server/mine").exists());
}
