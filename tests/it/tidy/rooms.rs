//! The modules of a crate name each other in one direction: those that stand side by side in a folder, each with all that is in it, form no
//! circle.

use super::assert_none;
use super::paths::{Mention, Modules, Place};
use super::tree::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};

/// Arrows that are not counted: in this folder, from this module, to this one or to any (`*`), and why.
const ACCEPTED: [(&str, &str, &str, &str); 5] = [
    ("simulator/src/b2/", "state", "*", "the state holds the records of every resource, and each resource works on the state"),
    ("simulator/src/ninja/", "state", "*", "as in b2/"),
    ("simulator/src/truenas/", "state", "*", "as in b2/"),
    ("simulator/src/truenas/", "nas", "*", "an appliance holds its parts, and each part works on the appliance"),
    ("simulator/src/truenas/", "methods", "*", "the table names every method, and some methods call others by their names"),
];

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

/// Every circle of a crate that is not accepted, each with its arrows.
fn going_round(sources: &[Source], folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, mut arrows) in arrows(&Modules::mentions(sources, folder)) {
        let path = format!("{folder}{}", place.iter().map(|part| format!("{part}/")).collect::<String>());
        for (_, from, to, _) in ACCEPTED.iter().filter(|(folder, ..)| *folder == path) {
            if let Some(arrows) = arrows.get_mut(*from) {
                arrows.retain(|name, _| *to != "*" && name != to);
            }
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

/// The source folders of the workspace's crates.
fn crates(sources: &[Source]) -> BTreeSet<String> {
    let root = |source: &Source| {
        let (folder, below) = source.path.split_once("/src/")?;
        (!folder.contains('/') && !below.is_empty()).then(|| format!("{folder}/src/"))
    };
    sources.iter().filter_map(root).collect()
}

#[test]
fn no_modules_go_round() {
    let sources = sources();
    let found: Vec<String> =
        crates(&sources).iter().flat_map(|folder| going_round(&sources, folder)).collect();
    assert_none(&found);
}
