//! The standard as `docs/standard.md` states it, and the tests that hold us to it.

use super::assert_none;
use super::functions::functions;
use super::tree::{Source, Text, root, sources, texts};

/// Every rule there is, so that none is dropped from the page.
const RULES: &str = "I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 B1 B2 B3 B4 B5 K1 K2 K2a K3 K4 \
    E1 E1a E2 E3 E3a E4 E5 E6 E7 E8 E9 S1 S2 S3 C1 C2 C2a C3 C4 C5 C6 Z1 Z1a Z2 V1 V2 V3 V4 V5 V6 \
    X1 X1a X1b X1c X2 X3 X4 X4a X5 X6 X7 X8 M1 M2 M3 M4 M5 M6 R1 R2 R3 R4 R5 R5a R6 Y1 Y2 Y3 Y4";

/// Rules whose ids a client's tests may say and mean a service or an API version (`b2_…`, `v3_…`).
const OTHERWISE_MEANT: [&str; 4] = ["B2", "S3", "V3", "V4"];
const CLIENT_SIDE: [&str; 7] = [
    "http-core/",
    "b2-client/",
    "truenas-client/",
    "ninja-client/",
    "itglue-client/",
    "halo-client/",
    "simulator/",
];

/// A row of the page.
#[derive(Debug)]
struct Rule<'a> {
    id: &'a str,
    status: &'a str,
}

fn rules(page: &str) -> Vec<Rule<'_>> {
    let rows = page.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    rows.filter_map(|row| {
        let mut cells = row.split('|').map(str::trim);
        let id = cells.next()?;
        let is_rule = id.len() > 1
            && id.starts_with(|c: char| c.is_ascii_uppercase())
            && id.as_bytes()[1].is_ascii_digit();
        is_rule.then(|| Rule { id, status: cells.next_back().unwrap_or_default() })
    })
    .collect()
}

fn faults_of_the_page(page: &str) -> Vec<String> {
    let rows = rules(page);
    let ids: Vec<&str> = rows.iter().map(|rule| rule.id).collect();
    let expected: Vec<&str> = RULES.split_whitespace().collect();
    let missing = expected.iter().filter(|id| !ids.contains(id)).map(|id| format!("{id} is missing"));
    let unknown = ids.iter().filter(|id| !expected.contains(id)).map(|id| format!("{id} is no rule of ours"));
    let twice = ids
        .iter()
        .enumerate()
        .filter(|(at, id)| ids[..*at].contains(id))
        .map(|(_, id)| format!("{id} stands twice"));
    let status = rows
        .iter()
        .filter(|rule| !matches!(rule.status, "done" | "later"))
        .map(|rule| format!("{}: its status is {:?}, neither done nor later", rule.id, rule.status));
    missing.chain(unknown).chain(twice).chain(status).collect()
}

/// A test, by its name and the comments above it.
struct Described {
    path: String,
    name: String,
    comments: String,
}

fn tests_of(sources: &[Source]) -> Vec<Described> {
    let in_source = |source: &Source| {
        let path = source.path.clone();
        let tests = functions(&source.masked).into_iter().filter(|function| function.is_test);
        tests
            .map(move |test| Described { path: path.clone(), name: test.name, comments: test.comments })
            .collect::<Vec<_>>()
    };
    sources.iter().flat_map(in_source).collect()
}

/// pytest's tests, by their names.
fn python_tests_of(texts: &[Text]) -> Vec<Described> {
    let named = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("async ").unwrap_or(line);
        Some(line.strip_prefix("def test_")?.split('(').next()?.to_owned())
    };
    let in_file = |text: &Text| {
        let path = text.path.clone();
        let described = move |name| Described { path: path.clone(), name, comments: String::new() };
        text.text.lines().filter_map(named).map(described).collect::<Vec<_>>()
    };
    let is_python = |text: &&Text| text.path.starts_with("py-bindings/tests/");
    texts.iter().filter(is_python).flat_map(in_file).collect()
}

/// Whether a test cites a rule: in its name (`n1_worked_example`), or in the words above it (`N1`).
fn cites(test: &Described, id: &str) -> bool {
    if OTHERWISE_MEANT.contains(&id) {
        let spoken = test.comments.contains(&format!("rule {id}"));
        let ours = !CLIENT_SIDE.iter().any(|folder| test.path.starts_with(folder));
        return spoken || (ours && test.name.starts_with(&format!("{}_", id.to_lowercase())));
    }
    let word = |text: &str, id: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == id);
    word(&test.name, &id.to_lowercase()) || word(&test.comments, id)
}

fn uncited(page: &str, tests: &[Described]) -> Vec<String> {
    rules(page)
        .iter()
        .filter(|rule| rule.status == "done" && !tests.iter().any(|test| cites(test, rule.id)))
        .map(|rule| format!("{} is marked done, and no test cites it", rule.id))
        .collect()
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/standard.md")).expect("docs/standard.md states the standard")
}

#[test]
fn the_page_states_every_rule_once() {
    assert_none(&faults_of_the_page(&page()));
}

#[test]
fn every_rule_that_is_done_is_cited_by_a_test() {
    let mut tests = tests_of(&sources());
    tests.extend(python_tests_of(&texts()));
    assert_none(&uncited(&page(), &tests));
}

#[test]
fn faults_of_a_page_are_found() {
    let rows: Vec<String> = RULES.split_whitespace().map(|id| format!("| {id} | what | later |\n")).collect();
    let whole = rows.concat();
    assert_none(&faults_of_the_page(&whole));
    let torn =
        whole.replace("| N4 | what | later |\n", "").replace("| N5 | what | later |", "| N5 | what | soon |")
            + "| N77 | what | done |\n| N6 | what | done |\n";
    assert_eq!(
        faults_of_the_page(&torn),
        [
            "N4 is missing",
            "N77 is no rule of ours",
            "N6 stands twice",
            "N5: its status is \"soon\", neither done nor later",
        ]
    );
}

#[test]
fn rules_without_a_test_are_found() {
    let page = "| rule | what | status |\n| --- | --- | --- |\n| K1 | a | done |\n| K2 | b | done |\n| K2a | c | done |\n\
        | K3 | d | later |\n| B2 | e | done |\n| S1 | f | done |\n| V3 | g | done |\n| M1 | h | done |\n";
    let sources = [
        Source::new(
            "dtc-provision/src/a.rs",
            "#[test]\nfn k1_one_key() {}\n/// As K2 has it.\n#[test]\nfn f() {}\nfn s1_no_test() {}",
        ),
        Source::new(
            "b2-client/src/b.rs",
            "#[test]\nfn b2_create_key() {}\n/// Keys of API V3, rule V3 aside.\n#[test]\nfn g() {}",
        ),
    ];
    let python = [Text {
        path: "py-bindings/tests/test_x.py".to_owned(),
        text: "    def test_m1_moved(self):\n".to_owned(),
    }];
    let mut tests = tests_of(&sources);
    tests.extend(python_tests_of(&python));
    assert_eq!(
        uncited(page, &tests),
        [
            "K2a is marked done, and no test cites it",
            "B2 is marked done, and no test cites it",
            "S1 is marked done, and no test cites it",
        ]
    );
}
