//! Running the program, and reading what it says.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::schema;

/// The program, in a folder of its own, with none of this machine's settings.
pub(crate) fn dtc(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
    command
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .env_remove("RUST_LOG")
        .env_remove("NO_COLOR");
    command
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
    /// The schema that its document has, where the command is known.
    schema: Option<String>,
}

impl Said {
    /// Runs the program to its end.
    pub(crate) fn by(command: &mut Command) -> Self {
        let words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        Self { schema: Some(schema::of_command(&words)), ..Self::of(command.output().unwrap()) }
    }

    /// What a program that has ended said.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
            schema: None,
        }
    }

    /// Standard output as the one JSON document that it is: it says first which form it has, and how the program ended, and it has the form
    /// that its schema publishes.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        let document: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert!(self.out.starts_with("{\"schema\":1,\"version\":\""), "{self:?}");
        assert_eq!(
            (&document["exit_code"], &document["version"]),
            (&json!(self.code), &json!(env!("CARGO_PKG_VERSION")))
        );
        assert!(document["verdict"].is_string() && document["at"].is_string(), "{self:?}");
        if let Some(name) = &self.schema {
            schema::held(name, &document);
        }
        document
    }

    /// The same, for an end with this code.
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }
}

/// A shell's line at a terminal, which `script` of util-linux provides; `None` where there is no `script`, unless it must be there.
#[cfg(target_os = "linux")]
pub(crate) fn at_terminal(folder: &Path, line: &str) -> Option<Command> {
    let mut script = Command::new("script");
    let is_there = script.arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(
        is_there || std::env::var_os("DTC_REQUIRE_TERMINAL").is_none(),
        "install script of util-linux: tests look at a terminal through it"
    );
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", line, "/dev/null"]).current_dir(folder);
    is_there.then_some(script)
}

/// Runs the program with these arguments, somewhere.
pub(crate) fn run(arguments: &[&str]) -> Said {
    Said::by(dtc(Path::new(".")).args(arguments))
}
