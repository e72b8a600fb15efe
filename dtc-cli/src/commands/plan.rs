//! `dtc plan`: what would be done. Writes nothing but the file it is asked to.

use std::path::{Path, PathBuf};

use clap::Args;
use dtc_adapters::files::{Guard, Limit, Replacement, read_text};
use dtc_adapters::{OsEntropy, SiteFile, connect_views, decoding_problem};
use dtc_naming::DeviceGuid;
use dtc_provision::ports::{Entropy, Views};
use dtc_provision::procedures::provision::InvalidPlan;
use dtc_provision::{Fresh, Plan, Site, observe};

use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{PLAN, unread, unwritten};
use crate::screen::{Line, QUIET, Screen};
use crate::view;
use crate::view::plan::NewGuid;

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
    let place = arguments.out.as_deref().map(place).transpose()?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    screen.begins(Phase::Connecting);
    let views = connect_views(&connections, file.waits).await.map_err(|error| at_site(error.into()))?;
    screen.begins(Phase::Observing);
    let plan = make(&file.site, &views).await.map_err(at_site)?;
    let new = if place.is_some() { NewGuid::Decided } else { NewGuid::Undecided };
    view::plan::show(screen, &plan, new);
    view::plan::show_questions(screen, &plan);
    if let Some(place) = &place {
        save(&plan, place)?;
    }
    if !plan.is_empty() {
        screen.say("");
        let saved = arguments.out.map(|out| format!(" --plan {}", out.display())).unwrap_or_default();
        screen.say(format!("To do it: dtc apply --site {}{saved}", arguments.site.display()));
        if plan.undecided().next().is_none() {
            let ends = format!("Ends with 2 ({}): there is something to do.", view::plan::PENDING);
            screen.say(Line::new().styled(QUIET, ends));
        }
    }
    let document = view::plan::document(&plan);
    if let Some(failure) = view::plan::undecided(&plan) {
        return Ok(screen.ended(&failure, &document));
    }
    Ok(if plan.is_empty() { screen.done(&document) } else { screen.pending(view::plan::PENDING, &document) })
}

/// Observes, and plans.
pub(crate) async fn make(site: &Site, views: &Views) -> Result<Plan, Failure> {
    make_with(site, views, &OsEntropy).await
}

/// The same; a new Device GUID is made of these random bytes.
pub(crate) async fn make_with(site: &Site, views: &Views, entropy: &dyn Entropy) -> Result<Plan, Failure> {
    let observation = observe(site, views).await;
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes).map_err(|error| Failure::error(error.to_string()))?;
    let fresh = Fresh::new(DeviceGuid::from_random_bytes(bytes));
    Ok(dtc_provision::plan(site, &observation, fresh)?)
}

/// Looks whether a plan can be saved here, before anything is asked of a service.
fn place(path: &Path) -> Result<Replacement, Failure> {
    Replacement::at(path, PLAN, Limit::PLAN).map_err(|error| unwritten("the plan", &error))
}

fn save(plan: &Plan, place: &Replacement) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(plan)
        .map_err(|error| Failure::error("cannot save the plan").caused_by(error))?;
    place.write(&(text + "\n")).map_err(|error| unwritten("the plan", &error))
}

/// Reads a plan that was saved.
///
/// # Errors
/// What cannot be read, is no plan, or says more than a plan does: a field that is not understood could be one that somebody
/// relies on.
pub(crate) fn load(path: &Path) -> Result<Plan, Failure> {
    let failed = || Failure::usage(format!("cannot read a plan from {}", path.display()));
    let text = read_text(path, Guard::Settings, Limit::PLAN).map_err(|error| unread("a plan", &error))?;
    Plan::from_json(&text).map_err(|invalid| {
        let again = "save it again, with dtc plan --out";
        match invalid {
            InvalidPlan::NoFormat => failed().remedy(format!("{again}: it does not say which format it has")),
            InvalidPlan::Unreadable(problem) => {
                let failure = failed().remedy(again);
                Failure { causes: vec![decoding_problem(&problem)], ..failure }
            }
            other => {
                let failure = failed().remedy(again);
                Failure { causes: vec![other.to_string()], ..failure }
            }
        }
    })
}
