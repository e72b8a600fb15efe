//! The steps of a chore, each with its time.

use crate::failure::Failure;
use std::io::Write;
use std::time::{Duration, Instant};

/// Runs steps one after the other and keeps the time of each.
#[derive(Debug)]
pub(crate) struct Steps {
    began: Instant,
    passed: Vec<(&'static str, Duration)>,
}

impl Steps {
    pub(crate) fn start() -> Self {
        Self { began: Instant::now(), passed: Vec::new() }
    }

    /// Runs a step between its name and its time.
    pub(crate) fn run<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        println!("\n=== {name}");
        // What a program prints next goes to the same place by another way.
        let _ = std::io::stdout().flush();
        let began = Instant::now();
        let done = step();
        let took = began.elapsed();
        match &done {
            Ok(_) => println!("=== {name}: passed in {:.1} s", took.as_secs_f64()),
            Err(_) => println!("=== {name}: FAILED after {:.1} s", took.as_secs_f64()),
        }
        self.passed.push((name, took));
        done
    }

    /// Prints the times, and the whole.
    pub(crate) fn finish(&self) {
        println!();
        for (name, took) in &self.passed {
            println!("{:>8.1} s  {name}", took.as_secs_f64());
        }
        println!("{:>8.1} s  all {} steps passed", self.began.elapsed().as_secs_f64(), self.passed.len());
    }
}
