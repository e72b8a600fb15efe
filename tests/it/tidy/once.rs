//! What is parsed or computed in one place only: what is computed twice is decided twice.

use super::assert_none;
use super::tree::{Source, sources};

/// The crates in which it is done once.
const CRATES: [&str; 2] = ["dtc-provision/src/", "dtc-adapters/src/"];

/// The expressions, and the one file that has each, once.
const ONCE: [(&str, &str); 3] = [
    ("parse::<LocationUuid>", "dtc-provision/src/facts/place.rs"),
    ("BucketName::compute(", "dtc-provision/src/facts/place.rs"),
    ("parse::<OrgUuid>", "dtc-provision/src/facts/place.rs"),
];

fn elsewhere(sources: &[Source]) -> Vec<String> {
    let ours = |source: &&Source| {
        CRATES.iter().any(|folder| source.path.starts_with(folder)) && !source.path.contains("/ports/memory")
    };
    let mut breaches = Vec::new();
    for (expression, place) in ONCE {
        let mut found = Vec::new();
        for source in sources.iter().filter(ours) {
            let code = source.shipped_code();
            found.extend(code.matches(expression).map(|_| source.path.as_str()));
        }
        if found != [place] {
            breaches.push(format!("{expression} stands in {found:?}, not once in {place}"));
        }
    }
    breaches
}

/// N1: a location's UUID is parsed in one place, and the bucket's name computed in one.
#[test]
fn n1_the_uuid_is_parsed_once_and_the_name_computed_once() {
    assert_none(&elsewhere(&sources()));
}

#[test]
fn a_second_place_is_found() {
    let text = "fn f() { x.parse::<LocationUuid>(); y.parse::<OrgUuid>(); BucketName::compute(w, l); }";
    let made_up = |path| Source::new(path, text);
    assert_none(&elsewhere(&[made_up("dtc-provision/src/facts/place.rs")]));
    let twice = [made_up("dtc-provision/src/facts/place.rs"), made_up("dtc-adapters/src/inventory.rs")];
    assert_eq!(elsewhere(&twice).len(), 3);
    assert_eq!(elsewhere(&[]).len(), 3);
}
