//! The B2 client's live suite, against the simulated service that `dtc simulator` serves.

use crate::failure::Failure;
use crate::program::Program;
use crate::rust;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The program that serves the simulators, ended when it is dropped.
struct Simulator(Child);

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself; the suite has said so then.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the suite as anybody would against a server of their own: by an address and a key.
pub(crate) fn test() -> Result<(), Failure> {
    let (_simulator, line) = start()?;
    let mut tests =
        Program::cargo().args(["test"]).args(rust::MEMBERS).args(["--test", "live", "--", "--nocapture"]);
    for (variable, field) in
        [("B2_TEST_ENDPOINT", "url"), ("B2_TEST_KEY_ID", "key_id"), ("B2_TEST_KEY", "application_key")]
    {
        let value = b2_field(&line, field).ok_or_else(|| not_understood(&line))?;
        tests = tests.env(variable, value);
    }
    tests.run()
}

fn start() -> Result<(Simulator, String), Failure> {
    let dtc = rust::dtc();
    let started = Command::new(&dtc).arg("simulator").stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let failed = |error: std::io::Error| {
        Failure::new(format!("{}: {error}", dtc.display()), "run: cargo build --bin dtc")
    };
    let mut simulator = Simulator(started.map_err(failed)?);
    let mut line = String::new();
    if let Some(printed) = simulator.0.stdout.take() {
        BufReader::new(printed).read_line(&mut line).map_err(failed)?;
    }
    Ok((simulator, line))
}

/// A field of the line's first object, which is B2's.
fn b2_field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let b2 = line.split_once("\"b2\":{")?.1.split_once('}')?.0;
    let value = b2.split_once(&format!("\"{name}\":\""))?.1;
    Some(value.split_once('"')?.0)
}

fn not_understood(line: &str) -> Failure {
    Failure::new(format!("dtc simulator began with {line:?}"), "its first line names B2's address and key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_b2() {
        let line = r#"{"b2":{"url":"http://b","key_id":"1","application_key":"k"},"ninja":{"url":"http://n","more":"x"}}"#;
        assert_eq!(b2_field(line, "url"), Some("http://b"));
        assert_eq!(b2_field(line, "application_key"), Some("k"));
        assert_eq!(b2_field(line, "more"), None);
        assert_eq!(b2_field("", "url"), None);
    }
}
