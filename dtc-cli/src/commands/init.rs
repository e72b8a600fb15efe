//! `dtc init`: a site file to fill in.

use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use dtc_adapters::SiteFile;
use dtc_adapters::files::write_new;

use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::unwritten;
use crate::screen::{Line, QUIET, Screen};
use crate::view::{ExactPath, exact};

/// Write a commented site.toml to fill in.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to write. A file that exists already is left as it is.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

document! {
    /// What `dtc init` prints.
    pub(crate) struct Written {
        /// The file that was written.
        written: ExactPath,
    }
}

/// Writes the file, unless there is one.
pub(crate) fn run(arguments: &Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let shown = arguments.site.display();
    write_new(&arguments.site, SiteFile::TEMPLATE).map_err(|error| unwritten("a site file", &error))?;
    screen.say(format!("Wrote {shown}."));
    screen.say("");
    let next = "Next: fill in the client, its location, and where the services answer; put the four secrets into the \
                environment, or into files that only you can read. Then:";
    screen.paragraph(Line::new(), 0, Style::new(), next);
    screen.say("");
    for (command, what) in
        [("plan", "what would be done; writes nothing"), ("apply", "do it"), ("verify", "prove it")]
    {
        let command = format!("  dtc {command:<6} --site {shown}");
        screen.say(Line::from(command).styled(QUIET, format!("   # {what}")));
    }
    Ok(screen.done(&Written { written: exact(&arguments.site) }))
}
