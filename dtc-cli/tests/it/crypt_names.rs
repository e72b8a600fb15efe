//! Names as `dtc crypt` shows them: exact for scripts, visible for people.

use std::fs;

use rclone_crypt::Names;
use serde_json::{Value, json};

use crate::crypt::Folder;
use crate::program::{Said, run};

/// Names that a terminal would obey, or that nobody sees, and how people see them.
const NAMES: [(&str, &str); 6] = [
    ("over\u{202e}txt.exe", "over\\u{202e}txt.exe"),
    ("red\u{1b}[31m\u{1b}[2J", "red\\u{1b}[31m\\u{1b}[2J"),
    ("two\nlines", "two\\nlines"),
    ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
    ("tag\u{e0041}\u{7f}\u{9b}1m", "tag\\u{e0041}\\u{7f}\\u{9b}1m"),
    ("Icon\r", "Icon\\r"),
];

fn is_visible(text: &str) -> bool {
    text.split('\n').all(|line| safe_text::printable(line) == line)
}

/// What is shown holds nothing that a terminal obeys; a document says the names themselves.
fn documents(said: &Said, names: &[&str], found: impl Fn(&Value) -> Vec<String>) {
    assert!(is_visible(&said.out) && is_visible(&said.err), "{said:?}");
    assert_eq!(found(&said.json()), names);
}

#[test]
fn e8_decoded_names_are_exact_in_json_and_visible_in_text() {
    for (name, seen) in NAMES {
        let stored = format!("{name}.bin");
        let document = run(&["crypt", "decode", "--json", &stored]).ended(0);
        documents(&document, &[name], |value| vec![value["paths"][0]["plain"].as_str().unwrap().to_owned()]);
        assert_eq!(document.json()["paths"][0]["path"], json!(stored));
        let text = run(&["crypt", "decode", &stored]).ended(0);
        assert_eq!(text.out, format!("{seen}\n"));
        let text = run(&["crypt", "encode", name]).ended(0);
        assert_eq!(text.out, format!("{seen}.bin\n"));
    }
    let help = run(&["crypt", "decode", "--help"]).ended(0).out;
    assert!(
        help.contains("also into a file or a pipe") && help.contains("--json gives every name exactly"),
        "{help}"
    );
}

#[cfg(unix)]
#[test]
fn e8_names_on_disk_are_exact_in_json_and_visible_in_text() {
    let made = Folder::new();
    fs::remove_dir_all(made.path("source")).unwrap();
    fs::remove_dir_all(made.path("stored")).unwrap();
    fs::create_dir(made.path("source")).unwrap();
    for (name, _) in NAMES {
        fs::write(made.path("source").join(name), "x").unwrap();
    }
    made.encrypt(&Names::off(), "stored");
    let mut names = NAMES.map(|(name, _)| name);
    names.sort_unstable();
    let of = |list: &'static str, member: &'static str| {
        move |document: &Value| -> Vec<String> {
            let rows = document[list].as_array().unwrap().iter();
            let mut names: Vec<String> = rows
                .map(|row| if member.is_empty() { row } else { &row[member] })
                .map(|name| name.as_str().unwrap().to_owned())
                .collect();
            names.sort_unstable();
            names
        }
    };
    documents(&made.said(&["ls", "stored", "--json"]).ended(0), &names, of("files", "plain"));
    let listed = made.said(&["ls", "stored", "--mapping"]).ended(0);
    assert!(
        NAMES.iter().all(|(_, seen)| listed.out.contains(seen)) && is_visible(&listed.out),
        "{}",
        listed.out
    );
    assert!(is_visible(&listed.err), "{}", listed.err);
    fs::create_dir(made.path("nothing")).unwrap();
    documents(&made.said(&["check", "source", "nothing", "--json"]).ended(2), &names, of("missing", ""));
    documents(&made.said(&["check", "nothing", "stored", "--json"]).ended(2), &names, of("extra", ""));
    let text = made.said(&["check", "source", "nothing"]).ended(2);
    assert!(NAMES.iter().all(|(_, seen)| text.out.contains(seen)) && is_visible(&text.out), "{}", text.out);
    fs::create_dir(made.path("taken")).unwrap();
    for (name, _) in NAMES {
        fs::write(made.path("taken").join(name), "mine").unwrap();
    }
    documents(&made.said(&["restore", "stored", "taken", "--json"]).ended(7), &names, of("failed", "plain"));
    let text = made.said(&["restore", "stored", "taken"]).ended(7);
    assert!(NAMES.iter().all(|(_, seen)| text.out.contains(seen)) && is_visible(&text.out), "{}", text.out);
}

/// Two stored files that decode to one path: each command names both, and what to do.
#[cfg(unix)]
#[test]
fn x8_two_stored_files_of_one_path_are_named() {
    let made = Folder::new();
    let standard = ["--names", "standard"];
    made.encrypt(&made.standard(), "standard");
    let small = made.said(&[&["encode", "a.txt"][..], &standard].concat()).ended(0).out;
    let (small, large) = (small.trim_end(), small.trim_end().to_uppercase());
    fs::copy(made.path("standard").join(small), made.path("standard").join(&large)).unwrap();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let both = |text: &str| assert!(text.contains(small) && text.contains(&large), "{text}");
    let listed = made.said(&[&["ls", "standard"][..], &standard].concat()).ended(0);
    assert!(listed.err.contains("note: a.txt: stored twice, as "), "{}", listed.err);
    both(&listed.err);
    let restore = ["restore", "standard", "target"];
    let said = made.said(&[&restore[..], &standard].concat()).ended(7);
    assert!(flat(&said.out).contains("decodes to the same plain path"), "{}", said.out);
    both(&said.out);
    assert!(flat(&said.err).contains("dtc crypt cat FOLDER/STORED > FILE"), "{}", said.err);
    let check = made.said(&[&["check", "source", "standard", "--json"][..], &standard].concat()).ended(2);
    let check = check.json();
    assert_eq!((&check["failed"][0]["path"], &check["extra"]), (&json!("a.txt"), &json!([])));
    assert!(check["failed"][0]["reason"].as_str().unwrap().starts_with(&large), "{check}");
    assert_eq!(
        made.said(&[&["cat", &format!("standard/{large}")][..], &standard].concat()).ended(0).out.len(),
        5
    );
}

/// A name that is no text is given by its bytes: nothing is left out or replaced.
#[cfg(target_os = "linux")]
#[test]
fn e8_a_name_that_is_no_text_is_given_by_its_bytes() {
    use std::os::unix::ffi::OsStrExt as _;
    let made = Folder::new();
    let latin = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::write(made.path("source").join(latin), "x").unwrap();
    made.encrypt(&Names::off(), "stored");
    let document = made.said(&["ls", "stored", "--json"]).ended(0).json();
    let file = document["files"].as_array().unwrap().iter().find(|file| file["plain"].is_object()).unwrap();
    assert_eq!(file["plain"], json!({ "shown": "caf\u{fffd}", "bytes": "636166e9" }));
    assert_eq!(file["stored"]["bytes"], "636166e92e62696e");
    fs::remove_file(made.path("stored").join(std::ffi::OsStr::from_bytes(b"caf\xe9.bin"))).unwrap();
    let document = made.said(&["check", "source", "stored", "--json"]).ended(2).json();
    assert_eq!(document["missing"][0]["bytes"], "636166e9");
    // A site file may be called anything, too.
    let mut init = crate::program::dtc(made.folder.path());
    let written = Said::by(init.args(["init", "--json", "--site"]).arg(latin)).ended(0).json();
    assert_eq!(written["written"]["bytes"], "636166e9");
}

/// A file and a folder of one name cannot both come back, however often it is run: the program says what to do instead.
#[test]
fn x8_where_another_run_does_not_help_it_says_what_to_do() {
    let made = Folder::new();
    fs::write(made.path("source/one"), "the file").unwrap();
    made.encrypt(&Names::off(), "stored");
    fs::create_dir(made.path("stored/one")).unwrap();
    fs::copy(made.path("stored/a.txt.bin"), made.path("stored/one/below.bin")).unwrap();
    // There whatever has the name of another gets one that is free, and the list says which.
    if cfg!(windows) {
        let said = made.said(&["restore", "stored", "target"]).ended(0);
        assert!(said.out.contains("one~2"), "{said:?}");
        assert_eq!(fs::read(made.path("target/one")).unwrap(), b"the file");
        assert_eq!(fs::read(made.path("target/one~2/below")).unwrap().len(), 5);
        return;
    }
    for _ in 0..2 {
        let said = made.said(&["restore", "stored", "target"]).ended(7);
        assert!(
            said.err.contains("error[DTC-CRYPT-INCOMPLETE]: 1 file or folder could not be restored"),
            "{said:?}"
        );
        assert!(said.err.contains("dtc crypt cat FOLDER PATH > FILE"), "{}", said.err);
        let all = format!("{}{}", said.out, said.err).to_lowercase();
        assert!(!all.contains("run it again") && !all.contains("run this again"), "{all}");
    }
    assert_eq!(made.crypt(&["cat", "stored", "one/below"]).output().unwrap().stdout.len(), 5, "as it says");
    // A full disk or a permission is mended by another run.
    fs::remove_dir_all(made.path("stored/one")).unwrap();
    fs::write(made.path("target/x.bin"), "mine").unwrap();
    let said = made.said(&["restore", "stored", "target", "--json"]).ended(7).json();
    assert!(said["error"]["remedy"].as_str().unwrap().contains("move it away"), "{said}");
}
