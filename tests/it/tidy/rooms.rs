//! The modules of a crate name each other in one direction: those that stand side by side in a folder, each with all that is in it, form no
//! circle.

use super::assert_none;
use super::paths::{Mention, Modules, Place};
use super::tree::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};

/// Arrows that are not counted: in this folder, from this module, to this one or to any (`*`), and why. The simulator alone has such: what it
/// keeps of a service is one value that holds the records of every resource, and each resource works on the whole.
const ACCEPTED: [Accepted; 16] = [
    ("simulator/src/b2/", "state", "*", HOLDS),
    ("simulator/src/b2/", "bucket", "version", HOLDS),
    ("simulator/src/b2/", "version", "large", HOLDS),
    ("simulator/src/b2/", "version", "replication", HOLDS),
    ("simulator/src/ninja/", "state", "*", HOLDS),
    ("simulator/src/truenas/", "state", "*", HOLDS),
    ("simulator/src/truenas/", "nas", "*", HOLDS),
    ("simulator/src/truenas/", "users", "*", HOLDS),
    ("simulator/src/truenas/", "methods", "*", "it names every method, and some methods call others by name"),
    ("simulator/src/truenas/", "cloudsync", "cloudsync_more", TABLE),
    ("simulator/src/truenas/", "datasets", "*", TABLE),
    ("simulator/src/truenas/", "dataset_keys", "*", TABLE),
    ("simulator/src/truenas/", "keychain", "*", TABLE),
    ("simulator/src/truenas/", "scram", "api_keys", "a proof is of an API key, which keeps what proves it"),
    (
        "simulator/src/truenas/",
        "shape",
        "scalar",
        "a shape is made of scalars, and a scalar is one of its kinds",
    ),
    ("simulator/src/truenas/", "socket", "*", "both protocols say how the one socket's messages are written"),
];

const HOLDS: &str = "what it holds works on the whole that holds it";
const TABLE: &str =
    "it has the table of its resource's methods, and names those that stand in files beside it";

type Accepted = (&'static str, &'static str, &'static str, &'static str);

/// Who names whom in a folder, with every place.
type Arrows = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The arrows of a crate, folder by folder. A mention counts where the ways to its two files part. A folder's own file stands above what is in
/// it, and beside nothing in it.
fn arrows(mentions: &BTreeSet<Mention>) -> BTreeMap<Place, Arrows> {
    let mut folders: BTreeMap<Place, Arrows> = BTreeMap::new();
    for Mention { from, to, at } in mentions {
        let shared = from.iter().zip(to).take_while(|(one, other)| one == other).count();
        if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
            let folder = folders.entry(from[..shared].to_vec()).or_default();
            folder.entry(one.clone()).or_default().entry(other.clone()).or_default().push(at.clone());
        }
    }
    folders
}

/// Everything that a module leads to, by any way.
fn reached<'a>(arrows: &'a Arrows, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut left = vec![from];
    while let Some(at) = left.pop() {
        let next = arrows.get(at).into_iter().flat_map(BTreeMap::keys);
        left.extend(next.filter(|to| reached.insert(to.as_str())).map(String::as_str));
    }
    reached
}

/// The circles among the arrows of one folder: each is all modules that lead to each other.
fn circles(arrows: &Arrows) -> BTreeSet<BTreeSet<&str>> {
    let all: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (from.as_str(), reached(arrows, from))).collect();
    let leads = |from: &str, to: &str| all.get(from).is_some_and(|reached| reached.contains(to));
    let round = all.iter().filter(|(from, _)| leads(from, from));
    round.map(|(from, reached)| reached.iter().copied().filter(|to| leads(to, from)).collect()).collect()
}

/// The folder of a crate's modules, as the list above names it.
fn path_of(folder: &str, place: &Place) -> String {
    place.iter().fold(folder.to_owned(), |path, part| path + part + "/")
}

fn is_accepted((folder, from, to): (&str, &str, &str), accepted: &[Accepted]) -> bool {
    accepted.iter().any(|row| (row.0, row.1) == (folder, from) && (row.2 == "*" || row.2 == to))
}

/// Every circle of a crate, each with its arrows; arrows that are accepted aside.
fn going_round(sources: &[Source], folder: &str, accepted: &[Accepted]) -> Vec<String> {
    let mut found = Vec::new();
    for (place, mut arrows) in arrows(&Modules::mentions(sources, folder)) {
        let path = path_of(folder, &place);
        for (from, to) in &mut arrows {
            to.retain(|to, _| !is_accepted((&path, from, to), accepted));
        }
        for circle in circles(&arrows) {
            let within = |from: &str| arrows[from].iter().filter(|(to, _)| circle.contains(to.as_str()));
            let lines = circle.iter().flat_map(|from| {
                within(from).map(move |(to, at)| format!("\n    {from} → {to}, in {}", at.join(", ")))
            });
            found.push(format!("{path} goes round:{}", lines.collect::<String>()));
        }
    }
    found
}

/// The rows of the list without which nothing would go round, each by itself.
fn needless(sources: &[Source], accepted: &[Accepted]) -> Vec<String> {
    let mentions: BTreeMap<String, _> = crates(sources)
        .into_iter()
        .map(|folder| (folder.clone(), Modules::mentions(sources, &folder)))
        .collect();
    let goes_round = |row: &Accepted| {
        let others: Vec<Accepted> = accepted.iter().filter(|other| *other != row).copied().collect();
        mentions.iter().filter(|(folder, _)| row.0.starts_with(folder.as_str())).any(|(folder, mentions)| {
            let mut folders = arrows(mentions);
            let here = folders.iter_mut().find(|(place, _)| path_of(folder, place) == row.0);
            here.is_some_and(|(_, arrows)| {
                for (from, to) in arrows.iter_mut() {
                    to.retain(|to, _| !is_accepted((row.0, from, to), &others));
                }
                !circles(arrows).is_empty()
            })
        })
    };
    let rows = accepted.iter().filter(|row| !goes_round(row));
    rows.map(|(folder, from, to, _)| format!("{folder}: {from} → {to} is accepted, and closes no circle"))
        .collect()
}

/// The source folders of the workspace's crates.
fn crates(sources: &[Source]) -> BTreeSet<String> {
    let root = |source: &Source| {
        let (folder, _) = source.path.split_once("/src/")?;
        (!folder.contains('/')).then(|| format!("{folder}/src/"))
    };
    sources.iter().filter_map(root).collect()
}

#[test]
fn modules_form_no_circle() {
    let sources = sources();
    let crates = crates(&sources);
    assert!(crates.len() > 10, "{crates:?}");
    let found: Vec<String> =
        crates.iter().flat_map(|folder| going_round(&sources, folder, &ACCEPTED)).collect();
    assert_none(&found);
}

#[test]
fn every_accepted_arrow_closes_a_circle() {
    assert_none(&needless(&sources(), &ACCEPTED));
}

/// A made-up crate of these files; a file with modules below it declares them.
fn made_up(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(&format!("x/src/{path}"), text)).collect()
}

fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    going_round(&made_up(files), "x/src/", &[])
}

#[test]
fn circles_are_found_however_a_module_is_named() {
    let root = ("lib.rs", "mod a; mod b; mod c;\npub use c::C;\npub(crate) use b::*;");
    let c = ("c.rs", "use super::a;\npub struct C;\nfn f() { a::g() }");
    // What each says of `c`; it leads there by way of the crate's own names, by a list, by another name, or within a function.
    for says in [
        "use crate::C;",
        "use crate::{c::C as D, b};",
        "use crate::c::{self, C};",
        "use super::c::*;",
        "fn g() { crate::c::f() }",
        "mod inner { fn g(c: super::super::C) {} }",
        "use super::*;\nfn g(x: super::C) {}",
    ] {
        let found = circles_of(&[root, ("a.rs", says), ("b.rs", "struct B;"), c]);
        assert_eq!(found.len(), 1, "{says}");
        assert!(found[0].starts_with("x/src/ goes round:\n    a → c, in x/src/a.rs:"), "{}", found[0]);
        assert!(found[0].contains("\n    c → a, in x/src/c.rs:1"), "{}", found[0]);
    }
    // What leads elsewhere, stands in a comment or a text, or is there for tests.
    for says in [
        "use std::c::C;",
        "/// [`C`](crate::c::C)\nstruct A;",
        "const A: &str = \"crate::c::C\";",
        "#[cfg(test)]\nmod tests { use crate::c::C; }",
        "fn g(x: other::c::C) {}",
    ] {
        assert_none(&circles_of(&[root, ("a.rs", says), ("b.rs", "struct B;"), c]));
    }
}

#[test]
fn a_folder_counts_with_all_that_is_in_it() {
    let root = ("lib.rs", "mod low; mod high;");
    let low = ("low/mod.rs", "mod one; mod two;\npub use one::One;\nconst OURS: u8 = 1;");
    let one = ("low/one.rs", "use super::OURS;\npub struct One;");
    let high = ("high.rs", "use crate::low::One;\npub struct High;");
    assert_none(&circles_of(&[root, low, one, ("low/two.rs", "use super::One;"), high]));
    let found = circles_of(&[root, low, one, ("low/two.rs", "use crate::high::High;"), high]);
    assert_eq!(
        found,
        ["x/src/ goes round:\n    high → low, in x/src/high.rs:1\n    low → high, in x/src/low/two.rs:1"]
    );
    let found =
        circles_of(&[root, low, ("low/one.rs", "use super::two;"), ("low/two.rs", "use super::One;"), high]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("x/src/low/ goes round:"), "{}", found[0]);
}

#[test]
fn macros_lead_to_where_they_are_defined() {
    let root = ("lib.rs", "#[macro_use] mod a; mod b;");
    let exported = "#[macro_export] macro_rules! say { () => { $crate::b::B } }";
    for called in ["crate::say!();", "fn f() { say!() }"] {
        let b = format!("pub struct B;\n{called}");
        let found = circles_of(&[root, ("a.rs", exported), ("b.rs", &b)]);
        assert_eq!(found, ["x/src/ goes round:\n    a → b, in x/src/a.rs:1\n    b → a, in x/src/b.rs:2"]);
    }
}

#[test]
fn needless_acceptance_is_found() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B;\npub struct A;"),
        ("b.rs", "use crate::a::A;\npub struct B;"),
    ];
    let needed = ("x/src/", "a", "b", "why");
    assert_none(&going_round(&made_up(&files), "x/src/", &[needed]));
    assert_none(&needless(&made_up(&files), &[needed]));
    let stale = ("x/src/", "a", "c", "why");
    assert_eq!(needless(&made_up(&files), &[needed, stale]).len(), 1);
}
