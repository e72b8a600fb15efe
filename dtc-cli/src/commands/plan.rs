//! `dtc plan`: what would be done. Writes nothing but the file it is asked to.

use std::path::{Path, PathBuf};

use clap::Args;
use dtc_naming::DeviceGuid;
use dtc_provision::ports::{Patience, Ports};
use dtc_provision::{Fresh, Plan, Site, observe};

use crate::connections;
use crate::exit::{Exit, Failure};
use crate::screen::Screen;
use crate::site_file::SiteFile;
use crate::view;

/// Show what would be done. Writes nothing; exits with 2 when there is something to do.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
    /// Save the plan here, to be applied as it is.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Plans, and shows it.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let ports = connections::ports(&file, Patience::default()).await?;
    let plan = make(&file.site, &ports).await?;
    view::plan::show(screen, &plan);
    view::plan::show_acts(screen, &plan);
    if let Some(out) = &arguments.out {
        save(&plan, out)?;
    }
    if !plan.is_empty() {
        screen.say("");
        let saved = arguments.out.map(|out| format!(" --plan {}", out.display())).unwrap_or_default();
        screen.say(format!("To do it: dtc apply --site {}{saved}", arguments.site.display()));
    }
    screen.result(&view::plan::json(&plan));
    Ok(if plan.is_empty() { Exit::Done } else { Exit::ChangesPending })
}

/// Observes, and plans.
pub(crate) async fn make(site: &Site, ports: &Ports) -> Result<Plan, Failure> {
    let seen = observe(site, &ports.views()).await?;
    let mut bytes = [0; 16];
    ports.entropy.fill(&mut bytes).map_err(|error| Failure::error(error.to_string()))?;
    let fresh = Fresh { device_guid: DeviceGuid::from_random_bytes(bytes) };
    Ok(dtc_provision::plan(site, &seen, fresh)?)
}

fn save(plan: &Plan, path: &Path) -> Result<(), Failure> {
    let failed = || Failure::error(format!("cannot save the plan to {}", path.display()));
    let text = serde_json::to_string_pretty(plan).map_err(|error| failed().caused_by(error))?;
    std::fs::write(path, text + "\n").map_err(|error| failed().caused_by(error))
}

/// Reads a plan that was saved.
///
/// # Errors
/// What cannot be read, or is no plan.
pub(crate) fn load(path: &Path) -> Result<Plan, Failure> {
    let failed = || Failure::usage(format!("cannot read a plan from {}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed().caused_by(error))?;
    let told = |error| failed().caused_by(error).mend("save it again, with dtc plan --out");
    serde_json::from_str(&text).map_err(told)
}
