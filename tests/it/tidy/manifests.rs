//! What every crate's manifest says about the crate, and which Rust the workspace is built with.

use super::assert_none;
use super::graph::{cargo, metadata};
use super::tree::root;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most keywords that a registry takes.
const KEYWORDS: usize = 5;

/// Fields that a manifest must fill in.
const TEXTS: [&str; 5] = ["description", "license", "repository", "readme", "rust_version"];

fn incomplete(metadata: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let mut miss = |what: &str| breaches.push(format!("{name}: {what}"));
        for field in TEXTS {
            if package[field].as_str().is_none_or(str::is_empty) {
                miss(&format!("its manifest has no {field}"));
            }
        }
        let count = |field: &str| package[field].as_array().map_or(0, Vec::len);
        if !(1..=KEYWORDS).contains(&count("keywords")) {
            miss(&format!("it has {} keywords, and may have 1 to {KEYWORDS}", count("keywords")));
        }
        if count("categories") == 0 {
            miss("it has no category");
        }
        // What may be published to no registry at all: an empty list. `null` would mean every registry.
        if package["publish"] != serde_json::json!([]) {
            miss("it could be published; the names are not decided");
        }
    }
    breaches
}

/// A file of the root.
fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The value of `name = "value"` in a TOML text.
fn value<'a>(toml: &'a str, name: &str) -> Option<&'a str> {
    let line = toml.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='))?;
    line.trim().strip_prefix('"')?.split('"').next()
}

/// Where the three places that name a Rust disagree. Clippy takes `rust-version` where `clippy.toml` has no `msrv`.
fn disagreeing(workspace: &str, toolchain: &str, clippy: &str) -> Vec<String> {
    let Some(oldest) = value(workspace, "rust-version") else {
        return vec!["Cargo.toml has no rust-version".to_owned()];
    };
    let mut breaches = Vec::new();
    let channel = value(toolchain, "channel").unwrap_or_default();
    if channel != oldest && !channel.starts_with(&format!("{oldest}.")) {
        breaches.push(format!("rust-version is {oldest}, and rust-toolchain.toml builds with {channel:?}"));
    }
    if let Some(msrv) = value(clippy, "msrv")
        && msrv != oldest
    {
        breaches.push(format!("rust-version is {oldest}, and clippy.toml says msrv = {msrv:?}"));
    }
    breaches
}

/// The procedural macros of a `cargo tree` that the development profile optimises.
fn optimised_macros(tree: &str, workspace: &str) -> BTreeSet<String> {
    let macros = tree.lines().filter(|line| line.contains("(proc-macro)"));
    let names = macros.filter_map(|line| line.split_whitespace().next());
    let is_left_alone =
        |name: &&str| workspace.contains(&format!("[profile.dev.package.{name}]\nopt-level = 0\n"));
    names.filter(|name| !is_left_alone(name)).map(str::to_owned).collect()
}

/// They run inside the compiler for milliseconds, and take three to five times as long to compile when optimised.
#[test]
fn no_procedural_macro_is_optimised() {
    let tree = cargo(&["tree", "--workspace", "--prefix", "none", "--locked"]);
    assert!(tree.contains("(proc-macro)"), "the tree has no macro at all, so it proves nothing");
    let optimised = optimised_macros(&tree, &read("Cargo.toml"));
    assert!(optimised.is_empty(), "add them to the profile in Cargo.toml, with opt-level 0: {optimised:?}");
}

#[test]
fn optimised_macros_are_found() {
    let workspace =
        "[profile.dev.package.serde_derive]\nopt-level = 0\n[profile.dev.package.scrypt]\nopt-level = 3\n";
    let tree = "serde v1\nserde_derive v1 (proc-macro)\nyoke-derive v1 (proc-macro)\nyoke-derive v1 (proc-macro) (*)\n";
    assert_eq!(optimised_macros(tree, workspace), BTreeSet::from(["yoke-derive".to_owned()]));
}

#[test]
fn every_manifest_is_complete() {
    assert_none(&incomplete(&metadata()));
}

/// The oldest Rust that the workspace promises is the one that builds and tests it.
#[test]
fn the_oldest_rust_is_the_one_that_tests() {
    assert_none(&disagreeing(&read("Cargo.toml"), &read("rust-toolchain.toml"), &read("clippy.toml")));
    let version = cargo(&["--version"]);
    let oldest = read("Cargo.toml");
    let oldest = value(&oldest, "rust-version").unwrap();
    assert!(
        version.starts_with(&format!("cargo {oldest}.")),
        "rust-version is {oldest}, and this is {version}"
    );
}

#[test]
fn gaps_of_a_manifest_are_found() {
    let whole = serde_json::json!({
        "name": "a", "description": "d", "license": "l", "repository": "r", "readme": "README.md",
        "rust_version": "1.95", "keywords": ["k"], "categories": ["c"], "publish": []
    });
    let without = |field: &str, value: Value| {
        let mut package = whole.clone();
        package[field] = value;
        incomplete(&serde_json::json!({ "packages": [package] }))
    };
    assert_none(&incomplete(&serde_json::json!({ "packages": [whole] })));
    for field in TEXTS {
        assert_eq!(without(field, Value::Null).len(), 1, "{field}");
    }
    for (field, value) in [
        ("keywords", serde_json::json!([])),
        ("keywords", serde_json::json!(["1", "2", "3", "4", "5", "6"])),
        ("categories", serde_json::json!([])),
        ("publish", Value::Null),
        ("publish", serde_json::json!(["crates-io"])),
    ] {
        assert_eq!(without(field, value.clone()).len(), 1, "{field} {value}");
    }
}

#[test]
fn disagreeing_toolchains_are_found() {
    let workspace = "[workspace.package]\nrust-version = \"1.95\"\n";
    assert_none(&disagreeing(workspace, "channel = \"1.95.0\"", "msrv = \"1.95\""));
    assert_none(&disagreeing(workspace, "channel = \"1.95\"", ""));
    for (toolchain, clippy) in
        [("channel = \"stable\"", ""), ("channel = \"1.9\"", ""), ("channel = \"1.95.0\"", "msrv = \"1.90\"")]
    {
        assert_eq!(disagreeing(workspace, toolchain, clippy).len(), 1, "{toolchain} {clippy}");
    }
    assert_eq!(disagreeing("", "channel = \"1.95.0\"", "").len(), 1);
}
