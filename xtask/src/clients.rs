//! The real programs that tests drive: every rclone, the vendor's own client of B2, rsync and sshd.

use crate::failure::Failure;
use crate::program::Program;
use crate::python::{self, B2_CLI, Venv};
use crate::rclone::{self, Rclone};
use crate::rsync;
use std::path::PathBuf;

/// What the program says it is.
const B2_VERSION: &str = "b2 command line tool, version 5.0.0";

/// Installed clients.
#[derive(Debug)]
pub(crate) struct Clients {
    rclones: Vec<Rclone>,
    b2: PathBuf,
}

impl Clients {
    /// Installs those that are not there yet.
    pub(crate) fn install(venv: &Venv) -> Result<Self, Failure> {
        if cfg!(target_os = "linux") {
            rsync::install()?;
        }
        Ok(Self { rclones: rclone::install(venv)?, b2: install_b2()? })
    }

    /// The tests, told where the clients are, and that a missing one, or a missing `script` to make a terminal, is a failure and not a reason
    /// to skip.
    pub(crate) fn named_to(&self, tests: Program) -> Program {
        let mut tests = tests
            .env("DTC_REQUIRE_RCLONE", "1")
            .env("DTC_REQUIRE_B2_CLI", "1")
            .env("DTC_REQUIRE_RSYNC", "1")
            .env("DTC_REQUIRE_TERMINAL", "1");
        for rclone in &self.rclones {
            tests = tests.env(&rclone.variable(), &rclone.program);
        }
        tests.env("DTC_B2_CLI", &self.b2)
    }
}

/// In an environment of its own: what it depends on is not what we depend on.
fn install_b2() -> Result<PathBuf, Failure> {
    let venv = python::environment_in("b2-cli")?;
    venv.install(&B2_CLI)?;
    let said = venv.program("b2").args(["version"]).output().unwrap_or_default();
    if said.starts_with(B2_VERSION) {
        return Ok(venv.path_of("b2"));
    }
    let remedy = "remove target/b2-cli, and let it be installed anew";
    Err(Failure::new(format!("what is installed in target/b2-cli says that it is {said:?}"), remedy))
}
