//! A Python environment of our own under `target/`; what is installed on the machine is left alone.

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::{executable, target};
use std::path::{Path, PathBuf};

/// Packages in exact versions: the name of a file beside our manifest, and what it says.
#[derive(Debug)]
pub(crate) struct Packages {
    file: &'static str,
    text: &'static str,
}

/// What the Python side is built and tested with.
pub(crate) const TOOLS: Packages =
    Packages { file: "python-tools.txt", text: include_str!("../python-tools.txt") };
/// The vendor's own client of B2.
pub(crate) const B2_CLI: Packages = Packages { file: "b2-cli.txt", text: include_str!("../b2-cli.txt") };
/// What looks at a wheel.
pub(crate) const WHEEL_TOOLS: Packages =
    Packages { file: "wheel-tools.txt", text: include_str!("../wheel-tools.txt") };
/// What reads transcripts.
pub(crate) const WIRE_TOOLS: Packages =
    Packages { file: "wire-tools.txt", text: include_str!("../wire-tools.txt") };
/// What the bench of the TrueNAS client stands beside.
pub(crate) const BENCH_TOOLS: Packages =
    Packages { file: "bench-tools.txt", text: include_str!("../bench-tools.txt") };

/// A virtual environment.
#[derive(Debug)]
pub(crate) struct Venv {
    folder: PathBuf,
}

/// The environment under `target/venv`, made if it is not there.
pub(crate) fn environment() -> Result<Venv, Failure> {
    environment_in("venv")
}

/// An environment in this folder under `target`, made if it is not there.
pub(crate) fn environment_in(folder: &str) -> Result<Venv, Failure> {
    let venv = Venv { folder: target().join(folder) };
    if venv.program("python").args(["-m", "pip", "--version"]).output().is_some() {
        return Ok(venv);
    }
    let python = usable_python()?;
    // `--clear` also replaces an environment that was left half made.
    Program::new(python).args(["-m", "venv", "--clear"]).args([&venv.folder]).remedy(VENV_MISSING).run()?;
    Ok(venv)
}

const VENV_MISSING: &str = "Debian and Ubuntu: sudo apt-get install python3-venv";
const PYTHON_MISSING: &str = "install Python 3.10 or later with venv and pip (Debian and Ubuntu: sudo apt-get install python3-venv), or run: cargo xtask test --rust-only";

/// A Python that is new enough and can make an environment with pip in it.
fn usable_python() -> Result<&'static str, Failure> {
    let names = if cfg!(windows) { ["python", "py"] } else { ["python3", "python"] };
    let version = "import sys; print(sys.version_info >= (3, 10))";
    let answers = names.map(|name| (name, Program::new(name).args(["-c", version]).output()));
    let Some((python, _)) = answers.iter().find(|(_, answer)| answer.as_deref() == Some("True")) else {
        let what = if answers.iter().any(|(_, answer)| answer.is_some()) {
            "the Python on the PATH is older than 3.10"
        } else {
            "there is no python3 on the PATH"
        };
        return Err(Failure::new(what, PYTHON_MISSING));
    };
    if Program::new(python).args(["-c", "import venv, ensurepip"]).output().is_none() {
        return Err(Failure::new("python3 has no venv with ensurepip", VENV_MISSING));
    }
    Ok(python)
}

impl Venv {
    /// Where its programs are.
    fn programs(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// One of its programs, with its folder first on the PATH: pip starts maturin by name.
    pub(crate) fn program(&self, name: &str) -> Program {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.programs()).chain(std::env::split_paths(&path));
        let mut program = Program::new(self.path_of(name))
            .without_env("PYTHONHOME")
            .without_env("PYTHONPATH")
            .env("VIRTUAL_ENV", &self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        if let Ok(path) = std::env::join_paths(folders) {
            program = program.env("PATH", path);
        }
        program
    }

    /// The path of one of its programs.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.programs().join(executable(name))
    }

    /// Its Python's path.
    pub(crate) fn python(&self) -> PathBuf {
        self.path_of("python")
    }

    /// Installs packages, unless the same ones are there.
    pub(crate) fn install(&self, packages: &Packages) -> Result<(), Failure> {
        let stamp = self.folder.join(format!("installed-{}", packages.file));
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == packages.text) {
            return Ok(());
        }
        let wanted = Path::new(env!("CARGO_MANIFEST_DIR")).join(packages.file);
        self.pip().args(["--requirement"]).args([&wanted]).run()?;
        std::fs::write(&stamp, packages.text)
            .map_err(|error| Failure::new(format!("{}: {error}", stamp.display()), "make it writable"))
    }

    /// `pip install`, to be told what.
    pub(crate) fn pip(&self) -> Program {
        self.program("python")
            .args(["-m", "pip", "install", "--quiet"])
            .remedy("pip must reach a Python package index (PIP_INDEX_URL and HTTPS_PROXY are heeded)")
    }
}
