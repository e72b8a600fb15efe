//! `dtc verify`: the checklist, with evidence.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{SiteFile, connect_views};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{Line, STRONG, Screen};
use crate::view;

/// Check the live systems item by item, and open a sample of the backup. Writes nothing.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

/// Verifies, and shows what was found.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    let views = connect_views(&connections, file.waits).await.map_err(|error| at_site(error.into()))?;
    let report = dtc_provision::verify(&file.site, &views).await.map_err(|error| at_site(error.into()))?;
    let of = format!("{} / {}", file.site.organization, file.site.location);
    screen.say(Line::new().styled(STRONG, format!("Verification of {of}")));
    screen.say("");
    view::checklist::show(screen, &report);
    view::checklist::show_next(screen, &report, &arguments.site);
    let mut result = view::checklist::json(&report, &arguments.site);
    result["organization"] = json!(file.site.organization);
    result["location"] = json!(file.site.location);
    result["management_address"] = json!(connections.appliance.url);
    Ok(screen.result(Exit::from(&report), &result))
}
