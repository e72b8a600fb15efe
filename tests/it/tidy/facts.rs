//! What is known about TrueNAS as `docs/truenas.md` tells it, and the tests that hold each fact.

use super::assert_none;
use super::functions::functions;
use super::tree::{root, sources};

/// The facts of a page: what is known, and the tests that its row names in the last cell.
fn facts(page: &str) -> Vec<(&str, Vec<&str>)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let facts = rows.filter_map(|row| row.rsplit_once(" | "));
    facts
        .filter(|(fact, _)| !matches!(*fact, "fact" | "fault") && !fact.starts_with("---"))
        .map(|(fact, tests)| (fact, tests.split('`').skip(1).step_by(2).collect()))
        .collect()
}

fn unheld(page: &str, tests: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (fact, named) in facts(page) {
        if named.is_empty() {
            found.push(format!("no test is named for: {fact}"));
        }
        let absent = named.iter().filter(|name| !tests.iter().any(|test| test == *name));
        found.extend(absent.map(|name| format!("there is no test {name}, named for: {fact}")));
    }
    found
}

#[test]
fn every_fact_about_truenas_is_held_by_a_test() {
    let page =
        std::fs::read_to_string(root().join("docs/truenas.md")).expect("docs/truenas.md tells the facts");
    assert!(facts(&page).len() > 30, "facts are read from the page");
    let all = sources();
    let tests: Vec<String> = all
        .iter()
        .flat_map(|source| functions(&source.masked))
        .filter(|function| function.is_test)
        .map(|function| function.name)
        .collect();
    assert_none(&unheld(&page, &tests));
}

#[test]
fn facts_without_a_test_are_found() {
    let page = "# Facts\n\n| fact | test |\n| --- | --- |\n| it rains | `a`, `b` |\n| it `snows` | none |\n";
    assert_eq!(
        unheld(page, &["a".to_owned()]),
        ["there is no test b, named for: it rains", "no test is named for: it `snows`"]
    );
}
