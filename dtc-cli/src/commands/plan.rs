//! `dtc plan`: what would be done. Writes nothing but the file it is asked to.

use std::path::{Path, PathBuf};

use clap::Args;
use dtc_adapters::{OsEntropy, SiteFile, connect_views};
use dtc_naming::DeviceGuid;
use dtc_provision::ports::{Entropy, Views};
use dtc_provision::procedures::provision::PLAN_FORMAT;
use dtc_provision::{Fresh, Plan, Site, observe};
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;
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

/// Plans, and shows the plan.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let views = connect_views(&file.connections, file.waits).await?;
    let plan = make(&file.site, &views).await?;
    view::plan::show(screen, &plan);
    view::plan::show_questions(screen, &plan);
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
pub(crate) async fn make(site: &Site, views: &Views) -> Result<Plan, Failure> {
    let observation = observe(site, views).await;
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes).map_err(|error| Failure::error(error.to_string()))?;
    let fresh = Fresh { device_guid: DeviceGuid::from_random_bytes(bytes) };
    Ok(dtc_provision::plan(site, &observation, fresh)?)
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
    let not_a_plan = |error| failed().caused_by(error).remedy("save it again, with dtc plan --out");
    let saved: Value = serde_json::from_str(&text).map_err(not_a_plan)?;
    // A plan of another format may differ in anything else: that is said, and nothing about a field.
    match saved["format"].as_u64() {
        Some(format) if format == u64::from(PLAN_FORMAT) => serde_json::from_value(saved).map_err(not_a_plan),
        Some(format) => {
            let found = format!("it has format {format}, and this program reads format {PLAN_FORMAT}");
            let failure = failed().remedy("save it again, with dtc plan --out");
            Err(Failure { causes: vec![found], ..failure })
        }
        None => {
            Err(failed().remedy("save it again, with dtc plan --out: it does not say which format it has"))
        }
    }
}
