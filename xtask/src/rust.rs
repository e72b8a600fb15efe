//! The Rust side: all members but the bindings, which need a Python.

use crate::clients::Clients;
use crate::depth::Depth;
use crate::failure::Failure;
use crate::outcome::Counts;
use crate::program::Program;
use crate::suites::{self, Suite};
use crate::workspace::{executable, target};
use std::path::{Path, PathBuf};

/// All members but the bindings. The same ones each time, so that nothing is built twice with other features.
pub(crate) const MEMBERS: [&str; 4] = ["--locked", "--workspace", "--exclude", "py-bindings"];

/// The `dtc` program as [`build`] leaves it, for tests that run it.
pub(crate) fn dtc() -> PathBuf {
    target().join("debug").join(executable("dtc"))
}

pub(crate) fn check_tools() -> Result<(), Failure> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if Program::cargo().args([subcommand, "--version"]).output().is_none() {
            let remedy = format!("run: rustup component add {component}");
            return Err(Failure::new(format!("cargo {subcommand} is missing"), remedy));
        }
    }
    if Program::new("git").args(["--version"]).output().is_none() {
        return Err(Failure::new(
            "git is missing",
            "install git: the tidy test asks it for the repository's files",
        ));
    }
    Ok(())
}

pub(crate) fn formatting() -> Result<(), Failure> {
    Program::cargo().args(["fmt", "--all", "--check"]).remedy("run: cargo fmt --all").run()
}

pub(crate) fn clippy() -> Result<(), Failure> {
    Program::cargo().args(["clippy"]).args(MEMBERS).args(["--all-targets", "--", "-D", "warnings"]).run()
}

/// Documents the examples too, although few read that: as examples need the `[dev-dependencies]`, cargo resolves the same
/// features as for [`clippy`] and checks no dependency a second time.
pub(crate) fn rustdoc() -> Result<(), Failure> {
    let doc = Program::cargo().args(["doc", "--no-deps"]).args(MEMBERS);
    doc.args(["--lib", "--bins", "--examples"]).env("RUSTDOCFLAGS", "-D warnings").run()
}

/// The program as it is built for production, without the simulators of its demo.
pub(crate) fn without_demo() -> Result<(), Failure> {
    let clippy =
        Program::cargo().args(["clippy", "--locked", "--package", "dtc-cli", "--no-default-features"]);
    clippy.args(["--", "-D", "warnings"]).run()
}

/// Builds the programs together with the tests, so that tests find the programs and nothing is built twice.
pub(crate) fn build() -> Result<(), Failure> {
    Program::cargo().args(["build"]).args(MEMBERS).args(["--bins", "--tests"]).run()
}

/// Runs every test, whatever fails, and says how many there were; those that drive real clients skip without them.
pub(crate) fn test(clients: Option<&Clients>, depth: Depth) -> Result<(), Failure> {
    let prepared = |tests: Program| {
        // Snapshots are compared, never written.
        let tests = tests.env("DTC_BIN", dtc()).env("INSTA_UPDATE", "no");
        let tests = match clients {
            Some(clients) => clients.named_to(tests),
            None => tests,
        };
        depth.applied_to(tests)
    };
    let ignored = (depth == Depth::Deep).then_some("--include-ignored");
    let build = Program::cargo().args(["test", "--no-run", "--message-format", "json-render-diagnostics"]);
    let suites = Suite::all(&build.args(MEMBERS).printed()?);
    let in_programs = suites::run(suites, depth.limit(), |program| prepared(program).args(ignored));
    let doctests = prepared(Program::cargo()).args(["test", "--doc", "--no-fail-fast"]).args(MEMBERS);
    let in_docs = doctests.args(ignored.map(|ignored| ["--", ignored]).into_iter().flatten()).shown();
    println!("{}", Counts::of(&(in_programs? + &in_docs?)));
    Ok(())
}

/// Runs the examples, which the tests have built.
pub(crate) fn examples() -> Result<(), Failure> {
    for example in ["names", "b2_tour", "appliance_tour", "identity_tour", "guid_sync", "provision"] {
        Program::new(target().join("debug/examples").join(executable(example))).run()?;
    }
    Ok(())
}

pub(crate) fn bench_names() -> Result<(), Failure> {
    Program::cargo().args(["bench", "--locked", "--package", "dtc-naming", "--bench", "names"]).run()
}

pub(crate) fn bench_b2(clients: &Clients, options: &[&str]) -> Result<(), Failure> {
    let bench =
        Program::cargo().args(["bench", "--locked", "--package", "dtc-tests", "--bench", "transfers", "--"]);
    clients.named_to(bench).args(options).run()
}

/// Restores beside rclone's.
pub(crate) fn bench_restore(clients: &Clients, options: &[&str]) -> Result<(), Failure> {
    let bench =
        Program::cargo().args(["bench", "--locked", "--package", "dtc-tests", "--bench", "restores", "--"]);
    clients.named_to(bench).args(options).run()
}

/// `python` has the package that ours is measured beside.
pub(crate) fn bench_truenas(python: &Path) -> Result<(), Failure> {
    let bench =
        Program::cargo().args(["bench", "--locked", "--package", "dtc-tests", "--bench", "appliance", "--"]);
    bench.env("DTC_BENCH_PYTHON", python).run()
}
