//! Which crate may name which, and what may not be in the tree at all.

use super::assert_none;
use super::tree::root;
use serde_json::Value;
use std::process::Command;

const CLIENTS: [&str; 5] = ["b2-client", "truenas-client", "ninja-client", "itglue-client", "halo-client"];
const BELOW_ADAPTERS: [&str; 3] = ["dtc-provision", "dtc-naming", "rclone-crypt"];

/// What holds secrets, and shows text: known to whoever has either.
const SAFE_TEXT: [&str; 1] = ["safe-text"];

/// The crates that each member may name. What is not here may not be named: arrows point down, and never sideways.
fn may_name(member: &str) -> Option<Vec<&'static str>> {
    let with = |groups: &[&[&'static str]]| Some(groups.concat());
    match member {
        "xtask" | "safe-text" | "dtc-naming" => with(&[]),
        "http-core" | "rclone-crypt" => with(&[&SAFE_TEXT]),
        client if CLIENTS.contains(&client) => with(&[&["http-core"], &SAFE_TEXT]),
        // Knows no client: an appliance is reached through a port or not at all.
        "dtc-provision" => with(&[&["dtc-naming", "rclone-crypt"], &SAFE_TEXT]),
        // Knows no client and none of our rules: a wrong field name must fail against it, not agree with itself.
        "simulator" => with(&[&["rclone-crypt"]]),
        // Three reads of 1Password Connect are no client of their own: they are made with the kit.
        "dtc-adapters" => with(&[&BELOW_ADAPTERS, &CLIENTS, &["http-core"], &SAFE_TEXT]),
        "dtc-cli" => with(&[&BELOW_ADAPTERS, &["dtc-adapters", "simulator"], &SAFE_TEXT]),
        "py-bindings" | "dtc-examples" => {
            with(&[&BELOW_ADAPTERS, &CLIENTS, &["dtc-adapters", "simulator"], &SAFE_TEXT])
        }
        // Answers the clients in memory, beneath them.
        "dtc-tests" => {
            with(&[&BELOW_ADAPTERS, &CLIENTS, &["dtc-adapters", "simulator", "http-core"], &SAFE_TEXT])
        }
        _ => None,
    }
}

/// Crates that stay light, and all they may need: a name is computed anywhere, and chores start at once.
const LIGHT: [(&str, &[&str]); 2] = [("dtc-naming", &["serde", "thiserror", "uuid"]), ("xtask", &[])];
/// One TLS stack, one provider: with two linked, rustls cannot choose.
const BANNED: [&str; 5] = ["ring", "openssl", "openssl-sys", "native-tls", "openssl-src"];
/// Features for tests alone: in-memory ports would let a program go round the vault, and answers in memory round a service.
const FOR_TESTS: [&str; 2] = ["memory-ports", "memory-answers"];

/// What cargo prints.
pub(super) fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What cargo knows of the workspace's members.
pub(super) fn metadata() -> Value {
    serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"])).unwrap()
}

/// Every package with its dependencies.
fn dependencies(metadata: &Value) -> impl Iterator<Item = (&str, &Value)> {
    metadata["packages"].as_array().unwrap().iter().flat_map(|package| {
        let name = package["name"].as_str().unwrap();
        package["dependencies"].as_array().unwrap().iter().map(move |dependency| (name, dependency))
    })
}

fn wrong_arrows(metadata: &Value) -> Vec<String> {
    let mut breaches: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|package| package["name"].as_str())
        .filter(|name| may_name(name).is_none())
        .map(|name| format!("{name} has no place in the graph"))
        .collect();
    for (member, dependency) in
        dependencies(metadata).filter(|(_, dependency)| dependency["path"].is_string())
    {
        let named = dependency["name"].as_str().unwrap();
        let for_tests = dependency["kind"] == "dev";
        // A crate may turn its own features on for its own tests.
        let allowed =
            (for_tests && named == member) || may_name(member).is_none_or(|may| may.contains(&named));
        if !allowed {
            let how = if for_tests { "in its tests" } else { "directly" };
            breaches.push(format!("{member} must not know {named}, and names it {how}"));
        }
    }
    breaches
}

fn too_heavy(metadata: &Value) -> Vec<String> {
    let needs = |(member, dependency): (&str, &Value)| {
        let (_, may_need) = LIGHT.iter().find(|(light, _)| *light == member)?;
        let name = dependency["name"].as_str()?;
        let heavy = dependency["kind"].is_null() && !may_need.contains(&name);
        heavy.then(|| format!("{member} may need {may_need:?}, and names {name}"))
    };
    dependencies(metadata).filter_map(needs).collect()
}

/// Cargo builds a workspace's programs with every feature that a member's normal dependency asks for, so even a crate
/// that is never shipped may ask for these in its `[dev-dependencies]` only.
fn test_features_shipped(metadata: &Value) -> Vec<String> {
    let asks = |(member, dependency): (&str, &Value)| {
        let asked = dependency["features"]
            .as_array()?
            .iter()
            .any(|feature| FOR_TESTS.iter().any(|only| feature == only));
        (asked && dependency["kind"] != "dev")
            .then(|| format!("{member} asks outside its tests for what tests alone may have"))
    };
    let forwards = |package: &Value| {
        let features = package["features"].as_object()?;
        let on = features.values().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
        let forwarded = on.filter(|on| FOR_TESTS.iter().any(|only| on.ends_with(only))).count() > 0;
        forwarded.then(|| format!("a feature of {} asks for what tests alone may have", package["name"]))
    };
    let packages = metadata["packages"].as_array().unwrap();
    dependencies(metadata).filter_map(asks).chain(packages.iter().filter_map(forwards)).collect()
}

/// The packages of a `cargo tree` that are banned.
fn banned(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter(|line| line.split_whitespace().next().is_some_and(|name| BANNED.contains(&name)))
        .map(|line| format!("in the tree: {line}"))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn arrows_point_down_only() {
    assert_none(&wrong_arrows(&metadata()));
}

#[test]
fn naming_and_chores_need_next_to_nothing() {
    assert_none(&too_heavy(&metadata()));
}

#[test]
fn no_program_has_the_memory_ports() {
    assert_none(&test_features_shipped(&metadata()));
}

#[test]
fn one_tls_stack_with_one_provider() {
    let tree =
        cargo(&["tree", "--workspace", "--all-features", "--target", "all", "--prefix", "none", "--locked"]);
    assert!(tree.contains("aws-lc-rs"), "the tree has no TLS at all, so it proves nothing");
    assert_none(&banned(&tree));
}

/// The packages of a `cargo tree` with this name.
fn named<'a>(tree: &'a str, name: &str) -> Vec<&'a str> {
    tree.lines().filter(|line| line.split_whitespace().next() == Some(name)).collect()
}

/// A program for production carries no simulator.
#[test]
fn dtc_without_its_demo_has_no_simulator() {
    let tree = |features: &[&str]| {
        let dtc = ["tree", "--package", "dtc-cli", "--edges", "normal", "--prefix", "none", "--locked"];
        cargo(&[&dtc[..], features].concat())
    };
    assert!(!named(&tree(&[]), "simulator").is_empty(), "with its demo it has one");
    assert_eq!(named(&tree(&["--no-default-features"]), "simulator"), [""; 0]);
}

#[test]
fn wrong_arrows_are_found() {
    let made_up = serde_json::json!({ "packages": [
        { "name": "dtc-provision", "features": {}, "dependencies": [
            { "name": "dtc-naming", "path": "/x", "kind": null, "features": [] },
            { "name": "b2-client", "path": "/x", "kind": null, "features": [] },
            { "name": "dtc-provision", "path": "/x", "kind": "dev", "features": ["memory-ports"] },
        ]},
        { "name": "simulator", "features": {}, "dependencies": [
            { "name": "dtc-naming", "path": "/x", "kind": "dev", "features": [] },
            { "name": "tokio", "path": null, "kind": null, "features": [] },
        ]},
        { "name": "seventeenth", "features": {}, "dependencies": [] },
    ]});
    assert_eq!(
        wrong_arrows(&made_up),
        [
            "seventeenth has no place in the graph",
            "dtc-provision must not know b2-client, and names it directly",
            "simulator must not know dtc-naming, and names it in its tests",
        ]
    );
    assert_none(&test_features_shipped(&made_up));
}

#[test]
fn shipped_memory_ports_are_found() {
    let made_up = serde_json::json!({ "packages": [
        { "name": "dtc-cli", "features": {"demo": ["dtc-provision/memory-ports"]}, "dependencies": [] },
        { "name": "dtc-tests", "features": {}, "dependencies": [
            { "name": "dtc-provision", "path": "/x", "kind": null, "features": ["memory-ports"] },
        ]},
        { "name": "dtc-provision", "features": {"memory-ports": [], "default": []}, "dependencies": [] },
    ]});
    assert_eq!(test_features_shipped(&made_up).len(), 2);
}

#[test]
fn heavier_crates_are_found() {
    let made_up = serde_json::json!({ "packages": [
        { "name": "dtc-naming", "features": {}, "dependencies": [
            { "name": "uuid", "kind": null, "features": [] },
            { "name": "tokio", "kind": null, "features": [] },
            { "name": "proptest", "kind": "dev", "features": [] },
        ]},
        { "name": "xtask", "features": {}, "dependencies": [{ "name": "anyhow", "kind": null, "features": [] }]},
    ]});
    assert_eq!(too_heavy(&made_up).len(), 2);
}

#[test]
fn banned_packages_are_found() {
    assert_eq!(banned("rustls v0.23\nring v0.17.14\nring v0.17.14 (*)\nstring v1\n").len(), 2);
}

#[test]
fn packages_of_a_tree_are_found_by_their_whole_name() {
    let tree = "dtc-cli v0.1.0\nsimulator v0.1.0 (/x/simulator)\nsimulators v1\n";
    assert_eq!(named(tree, "simulator"), ["simulator v0.1.0 (/x/simulator)"]);
}
