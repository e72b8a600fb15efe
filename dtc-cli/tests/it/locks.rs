//! `dtc locks` against simulated services, each a process of its own.

use std::fs;

use serde_json::Value;

use crate::program::Said;
use crate::services::Services;

#[test]
fn b2_locks_that_end_too_soon_are_extended_by_a_recorded_consent_and_by_no_other() {
    let services = Services::backed_up();
    let dtc = |arguments: &[&str]| Said::by(services.dtc().arg("locks").args(arguments));
    let found = dtc(&["status", "--json"]).ended(2).json();
    let of = |found: &Value| -> u64 {
        let folders = found["folders"].as_array().unwrap().iter();
        folders.map(|folder| folder["due"].as_u64().unwrap()).sum()
    };
    let due = of(&found);
    assert!(due > 0 && found["kept"] == false, "{found}");
    assert_eq!((&found["retention_days"], &found["forecast"]["locks"]), (&14.into(), &due.into()), "{found}");
    let text = dtc(&["status"]).ended(2).out;
    assert!(text.contains("end too soon to be kept for 14 days") && text.contains("Extending: "), "{text}");

    let refused = dtc(&["extend", "--at-most", "1GiB", "--json"]).ended(5).json();
    let consents = &refused["error"]["required_consents"];
    let consequence = refused["error"]["causes"].to_string();
    assert!(consequence.contains("nobody can delete them before"), "{refused}");
    fs::write(services.file("locks.json"), consents.to_string()).unwrap();
    dtc(&["extend", "--at-most", "2GiB", "--consent", "locks.json"]).ended(5);
    assert_eq!(of(&dtc(&["status", "--json"]).ended(2).json()), due, "nothing was sent");

    let extend = ["extend", "--at-most", "1GiB", "--consent", "locks.json", "--json"];
    let extended = dtc(&extend).ended(0).json();
    assert_eq!(extended["extended"], due, "{extended}");
    let found = dtc(&["status", "--json"]).ended(0).json();
    assert_eq!((&found["kept"], of(&found)), (&true.into(), 0), "{found}");
    let again = dtc(&extend).ended(0).json();
    assert_eq!((&again["extended"], &again["listed"]), (&0.into(), &extended["listed"]), "{again}");
}

#[test]
fn b2_what_one_consent_does_not_cover_is_left_and_said() {
    let services = Services::backed_up();
    let dtc = |arguments: &[&str]| Said::by(services.dtc().arg("locks").args(arguments));
    let refused = dtc(&["extend", "--at-most", "1KB", "--json"]).ended(5).json();
    fs::write(services.file("locks.json"), refused["error"]["required_consents"].to_string()).unwrap();
    let extend = ["extend", "--at-most", "1KB", "--consent", "locks.json"];
    let left = dtc(&extend).ended(7);
    assert!(left.err.contains("beyond the size that was consented to"), "{left:?}");
}

#[test]
fn b2_days_that_cannot_be_kept_are_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (days, said) in [
        (["--keep-days", "0", "--extend-days", "10"], "0 days are no lock"),
        (["--keep-days", "14", "--extend-days", "16"], "17 days at least"),
        (["--keep-days", "14", "--extend-days", "3001"], "more than B2's 3000"),
        (["--keep-days", "4294967295", "--extend-days", "4294967295"], "more than B2's 3000"),
    ] {
        let refused = Said::by(crate::program::dtc(folder.path()).args(["locks", "status"]).args(days));
        assert!(refused.ended(3).err.contains(said), "{days:?}");
    }
}
