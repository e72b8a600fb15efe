//! The steps of a chore, each with its time.

use crate::cpu;
use crate::failure::Failure;
use std::io::Write;
use std::time::{Duration, Instant};

/// Runs steps one after the other and keeps the time of each.
#[derive(Debug)]
pub(crate) struct Steps {
    began: Instant,
    ended: Vec<Step>,
}

/// A step that has ended.
#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    /// Processor time of the programs it ran, where the system tells.
    cpu: Option<Duration>,
    passed: bool,
}

impl Steps {
    /// Runs a chore's steps, and prints the table of their times however they end.
    pub(crate) fn of(chore: impl FnOnce(&mut Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut steps = Self { began: Instant::now(), ended: Vec::new() };
        let done = chore(&mut steps);
        println!("\n{}", table(&steps.ended, steps.began.elapsed()));
        done.map_err(|failure| match steps.ended.iter().find(|step| !step.passed) {
            Some(step) => failure.in_step(step.name),
            None => failure,
        })
    }

    /// Runs a step between its name and its time.
    pub(crate) fn run<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        println!("\n=== {name}");
        // The programs write to the same place without our buffer: what we printed must come first.
        let _ = std::io::stdout().flush();
        let (began, used) = (Instant::now(), cpu::of_children());
        let done = step();
        let cpu = cpu::of_children().zip(used).map(|(now, then)| now.saturating_sub(then));
        let ended = Step { name, took: began.elapsed(), cpu, passed: done.is_ok() };
        println!("=== {}", ended.line());
        self.ended.push(ended);
        done
    }
}

impl Step {
    fn line(&self) -> String {
        let how = if self.passed { "passed in" } else { "FAILED after" };
        format!("{}: {how} {:.1} s{}", self.name, self.took.as_secs_f64(), of_cpu(self.cpu))
    }
}

fn of_cpu(cpu: Option<Duration>) -> String {
    cpu.map_or_else(String::new, |cpu| format!(" ({:.1} s of processor time)", cpu.as_secs_f64()))
}

/// A line for each step, and one for the whole.
fn table(steps: &[Step], whole: Duration) -> String {
    let row = |took: Duration, cpu: Option<Duration>, what: &str| {
        let cpu = cpu.map_or_else(|| "-".to_owned(), |cpu| format!("{:.1} s", cpu.as_secs_f64()));
        format!("{:>8.1} s {cpu:>10}  {what}", took.as_secs_f64())
    };
    let mut lines = vec![format!("{:>10} {:>10}  step", "time", "processor")];
    for step in steps {
        let mark = if step.passed { "" } else { " FAILED" };
        lines.push(row(step.took, step.cpu, &format!("{}{mark}", step.name)));
    }
    let cpu = steps.iter().map(|step| step.cpu).sum();
    let passed = steps.iter().filter(|step| step.passed).count();
    let total = if passed == steps.len() {
        format!("all {passed} steps passed")
    } else {
        format!("{passed} steps passed, then one failed")
    };
    lines.push(row(whole, cpu, &total));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, seconds: u64, passed: bool) -> Step {
        let took = Duration::from_secs(seconds);
        Step { name, took, cpu: Some(took * 2), passed }
    }

    #[test]
    fn the_table_has_every_step_and_the_whole() {
        let passed = [step("one", 1, true), step("two", 20, true)];
        assert_eq!(
            table(&passed, Duration::from_secs(22)),
            "      time  processor  step\n     1.0 s      2.0 s  one\n    20.0 s     40.0 s  two\n    \
             22.0 s     42.0 s  all 2 steps passed"
        );
        let failed = table(&[step("one", 1, true), step("two", 2, false)], Duration::from_secs(3));
        assert!(failed.contains("  two FAILED\n") && failed.ends_with("1 steps passed, then one failed"));
    }

    #[test]
    fn a_failed_step_is_named() {
        let failed = Steps::of(|steps| {
            steps.run("first", || Ok(()))?;
            steps.run("second", || Err::<(), _>(Failure::new("it broke", "repair it")))
        });
        assert_eq!(failed.unwrap_err().to_string(), "second: it broke; repair it");
    }
}
