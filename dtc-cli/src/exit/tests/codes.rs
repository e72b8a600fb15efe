//! X6: every code that an error can have stands in `docs/errors.md`, with its verdict and with what to do, and nothing else does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dtc_provision::{PortErrorKind, verify};

use crate::exit::{EXITS, Exit};

const LIST: &str = include_str!("../../../../docs/errors.md");

/// The shipped text of every source that makes errors.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for folder in
        ["dtc-provision/src", "dtc-adapters/src", "dtc-cli/src", "dtc-naming/src", "py-bindings/python"]
    {
        collect(&root.join(folder), &mut files);
    }
    let shipped =
        |path: PathBuf| fs::read_to_string(path).unwrap().split("#[cfg(test)]").next().unwrap().to_owned();
    files.into_iter().filter(|path| !path.ends_with("codes.rs")).map(shipped).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|ending| ending == "rs" || ending == "py") {
            files.push(entry);
        }
    }
}

/// The rows of the list: a code's columns.
fn listed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let rows = LIST.lines().filter_map(|line| line.strip_prefix("| `DTC-"));
    let columns = rows.map(|row| row.trim_end_matches(" |").split(" | ").collect::<Vec<_>>());
    columns.map(|columns| (columns[0].trim_end_matches('`'), columns)).collect()
}

/// The codes that stand in the sources, without the `DTC-` before them.
fn in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources() {
        for code in source.split("\"DTC-").skip(1).filter_map(|rest| rest.split('"').next()) {
            found.insert(code.to_owned());
        }
    }
    // What is put together from a rule is judged by itself.
    found.retain(|code| !code.starts_with("RULE-"));
    found
}

/// The rules that stop the work, with the verdicts that they can have.
fn refused_rules() -> BTreeMap<String, BTreeSet<u8>> {
    let mut found: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for source in sources() {
        for (how, exit) in [
            ("precondition", Exit::Precondition),
            ("blocked", Exit::Blocked),
            ("data_at_risk", Exit::DataAtRisk),
        ] {
            let call = format!("Refusal::{how}(");
            let calls = source.split(&call).skip(1);
            let rules = calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            for rule in rules {
                found.entry(rule.to_uppercase()).or_default().insert(exit.code());
            }
        }
    }
    found
}

#[test]
fn x6_every_code_is_listed_and_every_listed_code_exists() {
    let listed: BTreeSet<String> =
        listed().into_keys().filter(|code| !code.starts_with("RULE-")).map(str::to_owned).collect();
    assert_eq!(in_sources(), listed);
}

#[test]
fn x6_every_row_says_a_verdict_and_what_to_do() {
    let codes: Vec<String> = EXITS.iter().map(|(_, code, ..)| code.to_string()).collect();
    for (code, columns) in listed() {
        let verdicts: Vec<&str> = columns[1].split(", ").collect();
        assert!(
            verdicts.iter().all(|verdict| codes.iter().any(|code| code == verdict)),
            "{code}: {verdicts:?}"
        );
        assert!(!verdicts.contains(&"0"), "{code}: an error is no success");
        assert!(columns[2..].iter().all(|column| column.len() > 5), "{code} says too little");
    }
}

#[test]
fn x6_the_verdicts_of_services_are_the_codes_own() {
    let listed = listed();
    for kind in PortErrorKind::ALL {
        let code = kind.code().trim_start_matches("DTC-");
        assert_eq!(listed[code][1], Exit::from(kind.outcome()).code().to_string(), "{code}");
    }
    for (exit, code, ..) in EXITS.iter().filter(|(exit, ..)| !matches!(exit, Exit::Done | Exit::Differs)) {
        let listed = listed[exit.error_code().trim_start_matches("DTC-")][1];
        assert_eq!(listed, code.to_string(), "{exit:?}");
    }
}

#[test]
fn x6_every_rule_that_stops_the_work_is_listed_with_its_verdict() {
    let (listed, refused) = (listed(), refused_rules());
    assert!(refused.len() > 15, "too few were found: {refused:?}");
    for (rule, verdicts) in refused {
        let row =
            listed.get(format!("RULE-{rule}").as_str()).unwrap_or_else(|| panic!("{rule} is not listed"));
        let said: BTreeSet<u8> = row[1].split(", ").map(|code| code.parse().unwrap()).collect();
        assert!(verdicts.is_subset(&said), "{rule}: {verdicts:?}, and the list says {said:?}");
    }
    for check in verify::checklist() {
        let rule = check.rule.to_uppercase();
        let row =
            listed.get(format!("RULE-{rule}").as_str()).unwrap_or_else(|| panic!("{rule} is not listed"));
        assert!(row[1].contains('2'), "{rule} is an item of the checklist, which can differ");
    }
    let standard = include_str!("../../../../docs/standard.md").to_uppercase();
    for rule in listed.keys().filter_map(|code| code.strip_prefix("RULE-")) {
        // The list may be ahead of the standard's own page by rules that are being written.
        assert!(
            standard.contains(&format!("{rule} ")) || ["E3A", "X1C"].contains(&rule),
            "{rule} is no rule"
        );
    }
}
