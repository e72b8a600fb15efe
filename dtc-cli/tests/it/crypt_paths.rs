//! X6: a path that was mistyped, in every command of the program that takes one, ends with 3 before anything is done.

use std::fs;

use serde_json::json;

use crate::crypt::Folder;
use crate::program::{Said, dtc, run};

/// Paths that name no folder.
const NOWHERE: [&str; 3] = ["nowhere", "nowhere/deep", "source/a.txt/below"];

#[test]
fn x6_a_mistyped_folder_of_crypt_ends_with_3() {
    let made = Folder::new();
    for wrong in NOWHERE {
        for arguments in [
            &["ls", wrong][..],
            &["cat", wrong],
            &["cat", wrong, "a.txt"],
            &["check", wrong, "stored"],
            &["check", "source", wrong],
            &["restore", wrong, "target"],
            &["restore", "stored", "target", "--compare", wrong],
        ] {
            let said = made.said(arguments).ended(3);
            assert!(said.err.starts_with("error[DTC-CRYPT-PATH]: there is no "), "{arguments:?}: {said:?}");
            assert!(said.err.contains(wrong) && said.out.is_empty(), "{arguments:?}: {said:?}");
        }
    }
    for (arguments, says) in [
        (&["ls", "source/a.txt"][..], "source/a.txt is not a folder"),
        (&["check", "source/a.txt", "stored"], "is not a folder"),
        (&["check", "source", "stored/a.txt.bin"], "is not a folder"),
        (&["cat", "stored/a.txt.bin", "a.txt"], "is not a folder"),
        (&["restore", "stored/a.txt.bin", "target"], "is not a folder"),
        (&["restore", "stored", "source/a.txt"], "is not a folder"),
        (&["restore", "stored", "source/a.txt/below"], "there is no folder"),
        (&["cat", "stored", "b.txt"], "there is no file stored/b.txt.bin"),
        (&["cat", "stored", "deep"], "there is no file stored/deep.bin"),
        (&["cat", "stored", "deep/er/none"], "there is no file"),
    ] {
        let said = made.said(arguments).ended(3);
        assert!(
            said.err.starts_with("error[DTC-CRYPT-PATH]: ") && said.err.replace('\\', "/").contains(says),
            "{arguments:?}: {said:?}"
        );
    }
    assert!(!made.path("target").exists(), "something was made");
    // Before anybody is asked for a secret.
    let said = Said::by(&mut made.bare(&["cat", "nowhere", "a.txt"])).ended(3);
    assert!(said.err.contains("there is no folder nowhere"), "{}", said.err);
}

/// Every other argument that is a path.
#[test]
fn x6_a_mistyped_path_of_any_command_ends_with_3() {
    let folder = tempfile::tempdir().unwrap();
    Said::by(dtc(folder.path()).arg("init")).ended(0);
    for command in [
        "init --site nowhere/site.toml",
        "plan --site nowhere.toml",
        "plan --site nowhere/site.toml",
        "plan --site site.toml/below",
        "plan --out nowhere/plan.json",
        "apply --site nowhere.toml",
        "apply --plan nowhere.json",
        "apply --consent nowhere.json",
        "apply --record-consent nowhere/consents.json",
        "apply --journal nowhere/journal.jsonl",
        "verify --site nowhere.toml",
        #[cfg(feature = "demo")]
        "simulator --transcript nowhere/transcript.jsonl",
        #[cfg(feature = "demo")]
        "simulator --write-site nowhere/site.toml",
        #[cfg(feature = "demo")]
        "simulator --rclone nowhere/rclone",
        #[cfg(feature = "demo")]
        "demo --transcript nowhere/transcript.jsonl",
        #[cfg(feature = "demo")]
        "demo --rclone nowhere/rclone",
    ] {
        let said = Said::by(dtc(folder.path()).args(command.split(' '))).ended(3);
        assert!(said.err.contains("error[DTC-") && said.err.contains("  to do: "), "{command}: {}", said.err);
        let document = Said::by(dtc(folder.path()).args(command.split(' ')).arg("--json")).ended(3).json();
        assert!(document["error"]["remedy"].is_string(), "{command}: {document}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was written");
}

/// A path that no file below a remote has is refused, in every mode, and whichever way; the others are converted.
#[test]
fn y1_a_path_that_names_nothing_is_refused() {
    let made = Folder::new();
    for (path, says) in [
        ("", "is empty"),
        ("/", "a segment that is empty"),
        ("/a", "a segment that is empty"),
        ("a/", "a segment that is empty"),
        ("a//b", "a segment that is empty"),
        (".", "`.` or `..`"),
        ("..", "`.` or `..`"),
        ("../x", "`.` or `..`"),
        ("a/./b", "`.` or `..`"),
        ("a/..", "`.` or `..`"),
    ] {
        for names in ["off", "standard", "obfuscate"] {
            for kind in [&[][..], &["--directories"]] {
                let arguments = [&["encode", "--names", names], kind, &["--", path]].concat();
                let arguments: Vec<&str> = arguments.into_iter().collect();
                let mut command = made.bare(&arguments[..arguments.len() - 2]);
                command.args(["--password", "env:TEST_PASSWORD", "--salt", "env:TEST_SALT", "--", path]);
                let said = Said::by(&mut command).ended(3);
                assert!(
                    said.err.contains("error[DTC-CRYPT-NAME]: the name ") && said.err.contains(says),
                    "{said:?}"
                );
                assert_eq!(said.out, "");
            }
        }
        let stored = format!("{path}.bin");
        if path.contains('/') && path != "a/" && !path.ends_with('.') {
            run(&["crypt", "decode", &stored]).ended(3);
        }
        run(&["crypt", "decode", "--", path]).ended(3);
        made.said(&["cat", "stored", path]).ended(3);
    }
    let said = run(&["crypt", "encode", "a", "../x", "b/c", "", "--json"]).ended(3).json();
    let stored: Vec<_> =
        said["paths"].as_array().unwrap().iter().map(|path| path["stored"].clone()).collect();
    assert_eq!(stored, [json!("a.bin"), json!(null), json!("b/c.bin"), json!(null)]);
    assert_eq!(said["paths"][1]["code"], "DTC-CRYPT-NAME");
    assert_eq!(said["error"]["also"], json!(["the name \"\" is empty"]));
    let said = run(&["crypt", "encode", "a", "../x", "b/c"]).ended(3);
    assert_eq!(said.out, "a.bin\nb/c.bin\n", "the others are converted");
}
