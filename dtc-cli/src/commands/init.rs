//! `dtc init`: a site file to fill in.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use dtc_adapters::SiteFile;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{Line, QUIET, Screen};

/// Write a commented site.toml to fill in.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to write. A file that exists already is left as it is.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

/// Writes the file, unless there is one.
pub(crate) fn run(arguments: &Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let shown = arguments.site.display();
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(&arguments.site);
    let mut file = created.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{shown} exists already, and is left as it is"))
                .remedy("name another file with --site, or move that one away")
        }
        _ => Failure::error(format!("cannot write {shown}")).caused_by(error),
    })?;
    file.write_all(SiteFile::TEMPLATE.as_bytes())
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
