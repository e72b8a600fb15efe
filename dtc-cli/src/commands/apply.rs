//! `dtc apply`: makes it so, and proves it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use dtc_provision::consent::RecordedConsent;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::plan::{Consents, Current};
use dtc_provision::ports::{Patience, Ports};
use dtc_provision::{Completion, Plan, Report, observe};
use serde_json::json;

use crate::commands::plan;
use crate::exit::{Exit, Failure};
use crate::interrupt::{self, Brake};
use crate::journal::{Teller, stopped};
use crate::screen::{CHANGED, Line, Screen};
use crate::site_file::SiteFile;
use crate::{connections, consents, view};

/// Do what the plan says, follow the first run, verify. Run again, it does the rest.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
    /// Apply this saved plan; refused if what it acts on has changed.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Consents given before, for what cannot be undone.
    #[arg(long, value_name = "FILE")]
    consent: Option<PathBuf>,
    /// Write down what is consented to, for a later run.
    #[arg(long, value_name = "FILE")]
    record_consent: Option<PathBuf>,
    /// Append everything that happens to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Wait this long for a person to add the box to NinjaOne, such as 30m [default: do not wait].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let told = |_| "write it as 90s, 30m or 1h30m".to_owned();
    Duration::try_from(text.parse::<SignedDuration>().map_err(told)?).map_err(|_| "it is negative".to_owned())
}

/// Everything decided, nothing written yet.
struct Ready {
    ports: Ports,
    plan: Current<Plan>,
    consents: Consents,
}

/// Applies, as long as it is not interrupted.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let Some(Ready { ports, plan, consents }) = interrupt::stops(prepared(&arguments, screen)).await? else {
        return Ok(Exit::Done);
    };
    let resume = resume(&arguments);
    let brake = Brake::default();
    let mut teller = Teller::new(screen, brake.clone(), &resume);
    if let Some(path) = &arguments.journal {
        teller = teller.with_file(path)?;
    }
    let told = plan.get().documentation.ticket;
    screen.heading("Applying");
    let applied = tokio::select! {
        applied = dtc_provision::apply(plan, consents, &ports, &mut teller) => Some(applied),
        () = brake.pulled(|| finishing(screen)) => None,
    };
    drop(teller);
    let Some(applied) = applied else {
        stopped(screen, &resume);
        return Ok(Exit::Interrupted);
    };
    let done = applied.map_err(|error| {
        let failure = Failure::from(error);
        let first = failure.mend.clone().unwrap_or_else(|| "put that right, then run again".to_owned());
        failure.mend(format!("{first}; what is done stays done: {resume}"))
    })?;
    let site = SiteFile::read(&arguments.site)?.site;
    // The verification within an apply comes before the ticket is told; what holds now is found after it.
    let report = if done.report.is_some() && told {
        Some(dtc_provision::verify(&site, &ports.views()).await?)
    } else {
        done.report.clone()
    };
    Ok(finished(&arguments, &done, report, screen))
}

/// Observes, plans and asks; `None` when there is nothing to do.
async fn prepared(arguments: &Arguments, screen: &Screen) -> Result<Option<Ready>, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let recorded = arguments.consent.as_deref().map(consents::read).transpose()?.unwrap_or_default();
    let saved = arguments.plan.as_deref().map(plan::load).transpose()?;
    let patience = Patience { device: arguments.wait.unwrap_or_default(), ..Patience::default() };
    let ports = connections::ports(&file, patience).await?;
    let plan = match saved {
        Some(saved) if saved.site != file.site => {
            return Err(Failure::new(
                Exit::Blocked,
                "the plan was made for another site, or the site file has changed",
            )
            .mend("plan again"));
        }
        Some(saved) => saved,
        None => plan::make(&file.site, &ports).await?,
    };
    view::plan::show(screen, &plan);
    if plan.is_empty() {
        screen.say(format!("To prove it: dtc verify --site {}", arguments.site.display()));
        screen.result(&json!({ "empty": true }));
        return Ok(None);
    }
    let (consents, ports) = answered(&plan, recorded, ports, screen).await?;
    if let Some(path) = &arguments.record_consent {
        consents::write(path, &consents)?;
    }
    let now = observe(&file.site, &ports.views()).await?;
    Ok(Some(Ready { plan: plan.against(&now)?, consents, ports }))
}

/// Asks away from the runtime's threads, which a person's thinking would hold up.
async fn answered(
    plan: &Plan,
    recorded: Vec<RecordedConsent>,
    ports: Ports,
    screen: &Screen,
) -> Result<(Consents, Ports), Failure> {
    let (questions, screen) = (plan.questions(), screen.clone());
    let asking = tokio::task::spawn_blocking(move || {
        let person = consents::somebody_is_there().then_some(&screen);
        let gathered = consents::gather(questions, &recorded, ports.clock.now(), person);
        gathered.map(|consents| (consents, ports))
    });
    asking.await.map_err(|error| Failure::error("asking for consent ended early").caused_by(error))?
}

fn finishing(screen: &Screen) {
    let told = "finishing the call that is under way; Ctrl-C again stops at once, which is safe too";
    screen.note(Line::new().styled(CHANGED, "interrupted: ").plain(told));
}

/// The command that does the rest.
fn resume(arguments: &Arguments) -> String {
    let file = |name: &str, path: Option<&Path>| {
        path.map(|path| format!(" --{name} {}", path.display())).unwrap_or_default()
    };
    format!("dtc apply --site {}{}", arguments.site.display(), file("consent", arguments.consent.as_deref()))
}

fn finished(arguments: &Arguments, done: &Completion, report: Option<Report>, screen: &Screen) -> Exit {
    screen.heading("Checklist");
    if let Some(report) = &report {
        view::checklist::show(screen, report);
    } else {
        screen.say("The first run is left to the task's own schedule.");
        screen.say(format!("After it, verify and document: dtc apply --site {}", arguments.site.display()));
    }
    for withheld in &done.withheld {
        screen.say(Line::new().styled(CHANGED, "left as it is, without consent: ").plain(withheld));
    }
    screen.result(&json!({
        "empty": false,
        "first_runs": done.first_runs,
        "withheld": done.withheld,
        "report": report.as_ref().map(view::checklist::json),
    }));
    report.map_or(Exit::Done, |report| Exit::from_code(report.exit_code()))
}
