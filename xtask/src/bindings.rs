//! The Python package: lint, install, types, tests.

use crate::clients::Clients;
use crate::failure::Failure;
use crate::program::Program;
use crate::python::Venv;
use crate::rust::dtc;
use crate::workspace::{root, target};
use std::path::PathBuf;
use std::time::Duration;

/// A test that forks may hang; the command may not.
const PYTEST_LIMIT: Duration = Duration::from_mins(25);

/// Cargo in the environment that maturin made when it built the bindings; in another one, PyO3 would be built again
/// at each turn.
fn cargo(venv: &Venv) -> Program {
    let cargo = Program::cargo().env("PYO3_PYTHON", venv.python()).env("PYO3_BUILD_EXTENSION_MODULE", "1");
    match newest_configuration() {
        Some(file) => cargo.env("PYO3_CONFIG_FILE", file),
        None => cargo,
    }
}

/// The description of the Python that maturin wrote last.
fn newest_configuration() -> Option<PathBuf> {
    let files = std::fs::read_dir(target().join("maturin")).ok()?.flatten();
    let described = files.filter(|file| file.file_name().to_string_lossy().starts_with("pyo3-config-"));
    described
        .max_by_key(|file| file.metadata().and_then(|about| about.modified()).ok())
        .map(|file| file.path())
}

/// To be run after [`install`], see [`cargo`].
pub(crate) fn lint(venv: &Venv) -> Result<(), Failure> {
    let arguments =
        ["clippy", "--locked", "--package", "py-bindings", "--all-targets", "--", "-D", "warnings"];
    cargo(venv).args(arguments).run()?;
    cargo(venv)
        .args(["doc", "--locked", "--package", "py-bindings", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

/// Installs the package as pip would, with one of cargo's profiles. If it fails, so does everything: an older build
/// that is still installed must not be tested in its place.
pub(crate) fn install(venv: &Venv, profile: &str) -> Result<(), Failure> {
    venv.pip()
        .args(["--no-build-isolation", "--no-deps", "--force-reinstall"])
        .args([root().join("py-bindings")])
        .env("MATURIN_PEP517_ARGS", format!("--profile {profile}"))
        .env("CARGO_TARGET_DIR", target())
        .remedy("cargo's message above says why")
        .run()
}

pub(crate) fn mypy(venv: &Venv) -> Result<(), Failure> {
    let tests = root().join("py-bindings").join("tests");
    let examples = root().join("examples").join("python");
    let mypy = || {
        let cache = target().join("mypy");
        venv.program("python")
            .args(["-m", "mypy", "--strict", "--cache-dir"])
            .args([cache])
            .directory(&target())
    };
    mypy().args(["--package", "dtc", "--package", "pytest_dtc"]).run()?;
    mypy().args([examples]).run()?;
    mypy().args([tests]).run()
}

/// The package as its users see it, and the examples, under pyright's strictest rules.
pub(crate) fn pyright(venv: &Venv) -> Result<(), Failure> {
    let settings = root().join("py-bindings").join("pyrightconfig.json");
    venv.program("python")
        .args(["-m", "pyright", "--pythonpath"])
        .args([venv.python()])
        .args(["--project"])
        .args([settings])
        .env("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1")
        .remedy("correct what pyright names; it fetches itself from the npm registry when it first runs")
        .run()
}

pub(crate) fn stubtest(venv: &Venv) -> Result<(), Failure> {
    let stubtest = venv.program("python").args(["-m", "mypy.stubtest", "dtc"]);
    stubtest.directory(&target()).remedy("run: cargo xtask stubs, or correct the annotation it names").run()
}

/// Away from the source folder, which has no native module in it: what is tested is what was installed.
pub(crate) fn pytest(venv: &Venv, clients: &Clients) -> Result<(), Failure> {
    clients
        .named_to(venv.program("python"))
        .args(["-m", "pytest", "--quiet", "-o"])
        .args([format!("cache_dir={}", target().join("pytest").display())])
        .args([root().join("py-bindings").join("tests")])
        .directory(&target())
        .env("HYPOTHESIS_STORAGE_DIRECTORY", target().join("hypothesis"))
        .env("DTC_BIN", dtc())
        .limit(PYTEST_LIMIT)
        .run()
}

pub(crate) fn bench_names(venv: &Venv) -> Result<(), Failure> {
    let program = root().join("py-bindings").join("benches").join("naming.py");
    venv.program("python").args([program]).directory(&target()).run()
}

/// Calls to an appliance, beside a plain loop over `websocket-client`.
pub(crate) fn bench_truenas(venv: &Venv) -> Result<(), Failure> {
    let program = root().join("py-bindings").join("benches").join("truenas.py");
    venv.program("python").args([program]).directory(&target()).run()
}

/// Beside `b2sdk`, which the `b2` command line brings along.
pub(crate) fn bench_b2(venv: &Venv, options: &[&str]) -> Result<(), Failure> {
    let program = root().join("py-bindings").join("benches").join("b2.py");
    venv.program("python").args([program]).args(options).directory(&target()).run()
}
