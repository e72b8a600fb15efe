//! `dtc name`, both directions.

use crate::program::run;

const LOCATION: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const DEVICE: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

fn name(arguments: &[&str]) -> String {
    let said = run(&[&["name"], arguments].concat()).ended(0);
    assert_eq!(said.err, "");
    said.out
}

#[test]
fn n9_every_name_is_computed_and_read_back() {
    assert_eq!(name(&["bucket", &LOCATION.to_uppercase()]), format!("{BUCKET}\n"));
    assert!(name(&["parse", BUCKET]).contains(LOCATION));
    let folder = format!("/{DEVICE}/pool0");
    assert_eq!(name(&["folder", DEVICE, "pool0"]), format!("{folder}\n"));
    assert_eq!(name(&["object", DEVICE, "pool0"]), format!("{}\n", &folder[1..]));
    for path in [&folder, &folder[1..]] {
        let shown = name(&["parse", path]);
        assert!(shown.contains(DEVICE) && shown.contains("pool0"), "{shown}");
    }
    assert_eq!(name(&["task", "pool0"]), "Pool0 Cloud Backup\n");
    assert!(name(&["parse", "Pool0 Cloud Backup"]).contains("pool0 or Pool0"));
    let label = name(&["label", "encryption-salt", "Main Office"]);
    assert_eq!(label, "TrueNAS Cloud Backup — Main Office · Encryption Salt\n");
    let shown = name(&["parse", label.trim_end()]);
    assert!(shown.contains("encryption salt") && shown.contains("Main Office"), "{shown}");
    assert_eq!(name(&["label", "nms"]), "TrueNAS — NMS Credentials\n");
}

#[test]
fn n10_the_older_bucket_name_is_recognised() {
    let shown = name(&["parse", "truenas-0195f3a27c417d3e9b205a61c8e4f7d9-a1b2c3d4"]);
    assert!(
        shown.contains("older scheme") && shown.contains("0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9"),
        "{shown}"
    );
}

#[test]
fn n1_a_bad_name_is_refused_with_a_caret_under_the_place() {
    let said = run(&["name", "parse", "truenas-a1b2c3d4e5f67071x293a4b5c6d7e8f9"]).ended(3);
    let (text, caret) = said.err.trim_end().rsplit_once('\n').unwrap();
    let at = text.lines().last().unwrap().chars().position(|c| c == 'x').unwrap();
    assert_eq!(caret.chars().position(|c| c == '^'), Some(at), "{}", said.err);
    assert_eq!(said.out, "");
}

#[test]
fn e8_what_was_typed_does_not_reach_the_terminal_raw() {
    let said = run(&["name", "parse", "truenas-\u{1b}[31m\u{7}"]).ended(3);
    assert!(!said.err.contains('\u{1b}') && !said.err.contains('\u{7}'), "{:?}", said.err);
}

#[test]
fn i2_a_version_that_provisioning_refuses_is_said_beside_the_name() {
    let said = run(&["name", "bucket", "a1b2c3d4-e5f6-1071-8293-a4b5c6d7e8f9"]).ended(0);
    assert!(said.out.starts_with("truenas-") && said.err.contains("I2"), "{said:?}");
}

#[test]
fn labels_name_a_location_or_none() {
    run(&["name", "label", "application-key"]).ended(3);
    run(&["name", "label", "nms", "Main Office"]).ended(3);
}

#[test]
fn scripts_read_names_as_json() {
    assert_eq!(run(&["--json", "name", "bucket", LOCATION]).ended(0).json()["name"], BUCKET);
    let shown = run(&["name", "parse", "Pool0 Cloud Backup", "--json"]).ended(0).json();
    assert_eq!(shown["pool"], serde_json::json!(["pool0", "Pool0"]));
    let refused = run(&["name", "parse", "", "--json"]).ended(3).json();
    assert_eq!(refused["exit_code"], 3);
}
