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
    for folder in [
        "dtc-provision/src",
        "dtc-adapters/src",
        "dtc-cli/src",
        "dtc-naming/src",
        "rclone-crypt/src",
        "py-bindings/python",
    ] {
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
    let sources = sources();
    let constants: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.split("const RULE: &str = \"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let [constant] = Vec::from_iter(constants)[..] else { panic!("RULE stands for one rule") };
    for source in &sources {
        for (how, exit) in [
            ("precondition", Exit::Precondition),
            ("blocked", Exit::Blocked),
            ("data_at_risk", Exit::DataAtRisk),
        ] {
            let call = format!("Refusal::{how}(");
            for argument in source.split(&call).skip(1).filter_map(|rest| rest.trim_start().split(',').next())
            {
                let rule = match argument.strip_prefix('"') {
                    Some(named) => named.trim_end_matches('"'),
                    None if argument.ends_with("RULE") => constant,
                    None => panic!("{argument}: which rule is it?"),
                };
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

/// The rules that a name or an identifier can break: what was typed is not understood then.
fn broken_by_names() -> BTreeSet<String> {
    let source = include_str!("../../../../dtc-naming/src/error.rs");
    let arms =
        source.split("Self::").skip(1).filter_map(|rest| rest.split_once(" => \"")?.1.split('"').next());
    let is_rule = |text: &&str| text.chars().nth(1).is_some_and(|second| second.is_ascii_digit());
    let found: BTreeSet<String> = arms.filter(is_rule).map(str::to_uppercase).collect();
    assert!(found.contains("N2") && found.contains("E1A"), "{found:?}");
    found
}

/// Every verdict that a rule can have, and none that it cannot.
fn verdicts() -> BTreeMap<String, BTreeSet<u8>> {
    let mut all = refused_rules();
    assert!(all.len() > 15, "too few were found: {all:?}");
    let mut can = |rule: &str, exit: Exit| {
        all.entry(rule.to_uppercase()).or_default().insert(exit.code());
    };
    for check in verify::checklist() {
        can(check.rule, Exit::Differs);
    }
    for rule in broken_by_names() {
        can(&rule, Exit::Usage);
    }
    // An object that is damaged, and one that could not be looked at.
    can("V3", Exit::DataAtRisk);
    can("V3", Exit::Incomplete);
    // A secret that was about to be used for another appliance or bucket.
    can("E2", Exit::Error);
    // What the encrypted format has no place for, as the Python package says it.
    can("Y1", Exit::Usage);
    all
}

#[test]
fn x6_the_rules_that_are_listed_are_those_that_stop_the_work_each_with_its_verdicts() {
    let rules = |(code, columns): (&str, Vec<&str>)| {
        let rule = code.strip_prefix("RULE-")?.to_owned();
        Some((rule, columns[1].split(", ").map(|code| code.parse().unwrap()).collect::<BTreeSet<u8>>()))
    };
    let listed: BTreeMap<String, BTreeSet<u8>> = listed().into_iter().filter_map(rules).collect();
    let expected = verdicts();
    for rule in listed.keys().chain(expected.keys()) {
        assert_eq!(listed.get(rule), expected.get(rule), "{rule}: what is listed, and what can be");
    }
    let standard = include_str!("../../../../docs/standard.md").to_uppercase();
    for rule in listed.keys() {
        assert!(standard.contains(&format!("{rule} ")), "{rule} is no rule");
    }
}
