//! `dtc init`: a site file to fill in.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::screen::{Line, QUIET, Screen};

/// What is written: every key there is, explained.
pub(crate) const TEMPLATE: &str = include_str!("init/site.toml");

/// Write a commented site.toml to fill in.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to write. One that is there is left alone.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

/// Writes the file, unless there is one.
pub(crate) fn run(arguments: &Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let shown = arguments.site.display();
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(&arguments.site);
    let mut file = created.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{shown} is there already, and is left alone"))
                .mend("name another file with --site, or move that one away")
        }
        _ => Failure::error(format!("cannot write {shown}")).caused_by(error),
    })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| Failure::error(format!("cannot write {shown}")).caused_by(error))?;
    screen.say(format!("Wrote {shown}."));
    screen.say("");
    screen.say(
        "Next: fill in the client, its location, and where the services answer; put the four secrets into",
    );
    screen.say("the environment, or into files that only you can read. Then:");
    screen.say("");
    for (command, what) in
        [("plan", "what would be done; writes nothing"), ("apply", "do it"), ("verify", "prove it")]
    {
        let command = format!("  dtc {command:<6} --site {shown}");
        screen.say(Line::from(command).styled(QUIET, format!("   # {what}")));
    }
    screen.result(&json!({ "written": arguments.site }));
    Ok(Exit::Done)
}
