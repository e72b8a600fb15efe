//! Runs of a client, each a process that prints what it used.

use std::process::{Command, Stdio};

use crate::appliance::Appliance;

const PYTHON: &str = include_str!("peer.py");

/// Seconds that a run took, without connecting and logging in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) wall: f64,
    /// User and system time.
    pub(crate) cpu: f64,
}

impl Run {
    pub(crate) fn ours(appliance: &Appliance, calls: u32, at_once: u32) -> Self {
        Self::of_ours(appliance, &["calls", &calls.to_string(), &at_once.to_string()])
    }

    pub(crate) fn of_ours(appliance: &Appliance, arguments: &[&str]) -> Self {
        Self::read(&printed(appliance.ours(arguments)))
    }

    pub(crate) fn python(appliance: &Appliance, calls: u32, at_once: u32) -> Self {
        let python = std::env::var("DTC_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut command = appliance.addressed(Command::new(python));
        command.args(["-c", PYTHON, &calls.to_string(), &at_once.to_string()]);
        Self::read(&printed(command))
    }

    fn read(line: &str) -> Self {
        let (wall, cpu) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?} are not two figures"));
        Self { wall: wall.parse().unwrap(), cpu: cpu.parse().unwrap() }
    }
}

/// What a process prints, which must succeed.
pub(crate) fn printed(mut command: Command) -> String {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn median(runs: &[Run], figure: fn(&Run) -> f64) -> f64 {
    let mut all: Vec<f64> = runs.iter().map(figure).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
