//! The chore that says whether the workspace is in order.

use crate::clients::Clients;
use crate::depth::Depth;
use crate::failure::Failure;
use crate::python::Venv;
use crate::steps::Steps;
use crate::{bindings, live, python, rust, stubs, wine};

/// What is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Rust, the Python package, and our programs beside real clients.
    Everything,
    /// What needs neither Python nor a real client.
    RustOnly,
}

/// Reads the options after `test`; `None` when one of them is unknown.
pub(crate) fn options(arguments: &[&str]) -> Option<(Scope, Depth)> {
    let mut chosen = (Scope::Everything, Depth::Usual);
    for argument in arguments {
        match *argument {
            "--rust-only" => chosen.0 = Scope::RustOnly,
            "--deep" => chosen.1 = Depth::Deep,
            _ => return None,
        }
    }
    Some(chosen)
}

/// Runs every step, and stops at the first that fails.
pub(crate) fn run(scope: Scope, depth: Depth) -> Result<(), Failure> {
    Steps::of(|steps| {
        // What is missing shows before the long steps begin.
        steps.run("tools", rust::check_tools)?;
        let installed = match scope {
            Scope::Everything => Some(install(steps)?),
            Scope::RustOnly => None,
        };
        let clients = installed.as_ref().map(|(_, clients)| clients);
        steps.run("formatting", rust::formatting)?;
        steps.run("clippy", rust::clippy)?;
        steps.run("rustdoc", rust::rustdoc)?;
        steps.run("dtc without its demo", rust::without_demo)?;
        steps.run("build", rust::build)?;
        steps.run("rust tests and doctests", || rust::test(clients, depth))?;
        steps.run("b2-client's live suite", live::test)?;
        steps.run("examples", rust::examples)?;
        if depth == Depth::Deep && cfg!(target_os = "linux") {
            wine::run(steps)?;
        }
        match &installed {
            Some((venv, clients)) => test_bindings(steps, venv, clients)?,
            None => println!("left out: Python, and whatever needs a real client"),
        }
        Ok(())
    })
}

fn install(steps: &mut Steps) -> Result<(Venv, Clients), Failure> {
    let venv = steps.run("python environment", || {
        let venv = python::environment()?;
        venv.install(&python::TOOLS).map(|()| venv)
    })?;
    let clients = steps.run("real rclones and b2", || Clients::install(&venv))?;
    Ok((venv, clients))
}

fn test_bindings(steps: &mut Steps, venv: &Venv, clients: &Clients) -> Result<(), Failure> {
    steps.run("bindings, installed", || bindings::install(venv, "dev"))?;
    steps.run("bindings, linted", || bindings::lint(venv))?;
    steps.run("stubs as generated", || stubs::compare(venv))?;
    steps.run("mypy --strict", || bindings::mypy(venv))?;
    steps.run("pyright --strict", || bindings::pyright(venv))?;
    steps.run("stubtest", || bindings::stubtest(venv))?;
    steps.run("pytest", || bindings::pytest(venv, clients))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_in_any_order() {
        let deep = Some((Scope::RustOnly, Depth::Deep));
        assert_eq!(options(&["--deep", "--rust-only"]), deep);
        assert_eq!(options(&["--rust-only", "--deep"]), deep);
        assert_eq!(options(&[]), Some((Scope::Everything, Depth::Usual)));
        assert_eq!(options(&["--shallow"]), None);
    }
}
