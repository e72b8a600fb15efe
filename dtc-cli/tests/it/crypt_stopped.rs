//! `dtc crypt` whose time is over in the middle of a file.

use std::fs;

use serde_json::json;

use crate::crypt::Folder;

const OBJECTS: usize = 120;
const PLAIN_LEN: usize = 32 << 20;

/// An encrypted folder that takes seconds to read, though it takes little room: one object under many names.
fn large() -> Folder {
    let made = Folder::new();
    fs::remove_dir_all(made.path("source")).unwrap();
    fs::remove_dir_all(made.path("stored")).unwrap();
    fs::create_dir(made.path("source")).unwrap();
    fs::write(made.path("source/000"), vec![7; PLAIN_LEN]).unwrap();
    made.encrypt(&rclone_crypt::Names::off(), "stored");
    for number in 1..OBJECTS {
        for (folder, ending) in [("source", ""), ("stored", ".bin")] {
            let name = |number| made.path(&format!("{folder}/{number:03}{ending}"));
            fs::hard_link(name(0), name(number)).unwrap();
        }
    }
    made
}

/// X8: what is in the target is whole, nothing else is there, and the next run goes on.
#[test]
fn x7_a_restore_whose_time_is_over_leaves_whole_files_and_goes_on() {
    let made = large();
    let said = made.said(&["restore", "stored", "target", "--timeout", "700ms", "--json"]).ended(7);
    let document = said.json();
    assert_eq!(document["code"], "DTC-COMMAND-INCOMPLETE", "{document}");
    assert!(document["error"].to_string().contains("not done within 0.7 s"), "{document}");
    let mut whole = 0;
    for entry in fs::read_dir(made.path("target")).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(name.parse::<usize>().is_ok(), "{name} is left behind");
        assert_eq!(entry.metadata().unwrap().len(), PLAIN_LEN as u64, "{name}");
        whole += 1;
    }
    assert!(whole < OBJECTS, "it was done in time, which proves nothing");
    for number in whole + 2..OBJECTS {
        fs::remove_file(made.path(&format!("stored/{number:03}.bin"))).unwrap();
    }
    let next = made.said(&["restore", "stored", "target", "--json"]).ended(0).json();
    assert_eq!((&next["unchanged"], &next["restored"]), (&json!(whole), &json!((OBJECTS - whole).min(2))));
}

#[test]
fn x7_a_check_whose_time_is_over_ends() {
    let made = large();
    let said = made.said(&["check", "source", "stored", "--timeout", "700ms"]).ended(7);
    assert!(said.err.contains("error[DTC-COMMAND-INCOMPLETE]: not done within 0.7 s"), "{}", said.err);
    assert!(!said.out.contains("Proven"), "{}", said.out);
}
