//! `dtc apply`: carries out the plan, and verifies what came of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use dtc_adapters::{SiteFile, connect};
use dtc_provision::jiff::SignedDuration;
use dtc_provision::ports::{Ports, Waits};
use dtc_provision::proofs::consent::{Consents, RecordedConsent};
use dtc_provision::{Completion, Current, Plan, Report, Site, observe};
use serde_json::json;

use crate::commands::plan;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::{self, SafeStop};
use crate::progress::{Progress, show_interrupted};
use crate::screen::{CHANGED, Line, Screen};
use crate::{consents, view};

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
    /// Wait this long for a person to add the appliance to NinjaOne, such as 30m [default: do not wait].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let unreadable = |_| "write it as 90s, 30m or 1h30m".to_owned();
    let parsed = text.parse::<SignedDuration>().map_err(unreadable)?;
    Duration::try_from(parsed).map_err(|_| "it is negative".to_owned())
}

/// Everything decided, nothing written yet.
struct Ready {
    site: Site,
    ports: Ports,
    plan: Current<Plan>,
    consents: Consents,
}

/// Applies, as long as it is not interrupted.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let Some(ready) = interrupt::until_interrupted(prepare(&arguments, screen)).await? else {
        return Ok(Exit::Done);
    };
    let Ready { site, ports, plan, consents } = ready;
    let resume = resume_command(&arguments);
    let stop = SafeStop::default();
    let mut progress = Progress::new(screen, stop.clone(), &resume);
    if let Some(path) = &arguments.journal {
        progress = progress.with_file(path)?;
    }
    let documented = plan.get().documentation.ticket;
    screen.heading("Applying");
    let applied = tokio::select! {
        applied = dtc_provision::apply(plan, consents, &ports, &mut progress) => Some(applied),
        () = stop.reached(|| show_finishing(screen)) => None,
    };
    drop(progress);
    let Some(applied) = applied else {
        show_interrupted(screen, &resume);
        return Ok(Exit::Interrupted);
    };
    let done = applied.map_err(|error| {
        let failure = Failure::from(error);
        let first = failure.remedy.clone().unwrap_or_else(|| "put that right, then run again".to_owned());
        failure.remedy(format!("{first}; what is done stays done: {resume}"))
    })?;
    // The verification within an apply comes before the ticket is written; what holds now is found after it.
    let report = if done.report.is_some() && documented {
        Some(dtc_provision::verify(&site, &ports.views()).await?)
    } else {
        done.report.clone()
    };
    Ok(show_completion(&arguments, &done, report.as_ref(), screen))
}

/// Observes, plans and asks; `None` when there is nothing to do.
async fn prepare(arguments: &Arguments, screen: &Screen) -> Result<Option<Ready>, Failure> {
    let SiteFile { site, connections, waits, .. } = SiteFile::read(&arguments.site)?;
    let recorded = arguments.consent.as_deref().map(consents::read).transpose()?.unwrap_or_default();
    let saved = arguments.plan.as_deref().map(plan::load).transpose()?;
    let waits = Waits { device: arguments.wait.unwrap_or_default(), ..waits };
    let ports = connect(&connections, waits).await?;
    let plan = match saved {
        Some(saved) if saved.site != site => {
            return Err(Failure::new(
                Exit::Blocked,
                "the plan was made for another site, or the site file has changed",
            )
            .remedy("plan again"));
        }
        Some(saved) => saved,
        None => plan::make(&site, &ports.views()).await?,
    };
    view::plan::show(screen, &plan);
    if plan.is_empty() {
        screen.say(format!("To prove it: dtc verify --site {}", arguments.site.display()));
        screen.result(&json!({ "empty": true }));
        return Ok(None);
    }
    let consents = gather(&plan, recorded, &ports, screen).await?;
    if let Some(path) = &arguments.record_consent {
        consents::write(path, &consents)?;
    }
    let now = observe(&site, &ports.views()).await;
    Ok(Some(Ready { plan: plan.against(&now)?, site, consents, ports }))
}

/// Gathers consents away from the runtime's threads, which a person's thinking would hold up.
async fn gather(
    plan: &Plan,
    recorded: Vec<RecordedConsent>,
    ports: &Ports,
    screen: &Screen,
) -> Result<Consents, Failure> {
    let (plan, screen, now) = (plan.clone(), screen.clone(), ports.clock.now());
    let asking = tokio::task::spawn_blocking(move || {
        let person = consents::somebody_is_there().then_some(&screen);
        consents::gather(&plan, &recorded, now, person)
    });
    asking.await.map_err(|error| Failure::error("asking for consent ended early").caused_by(error))?
}

fn show_finishing(screen: &Screen) {
    let text = "finishing the call that is under way; Ctrl-C again stops at once, which is safe too";
    screen.note(Line::new().styled(CHANGED, "interrupted: ").plain(text));
}

/// The command that does the rest.
fn resume_command(arguments: &Arguments) -> String {
    let file = |name: &str, path: Option<&Path>| {
        path.map(|path| format!(" --{name} {}", path.display())).unwrap_or_default()
    };
    format!("dtc apply --site {}{}", arguments.site.display(), file("consent", arguments.consent.as_deref()))
}

fn show_completion(
    arguments: &Arguments,
    done: &Completion,
    report: Option<&Report>,
    screen: &Screen,
) -> Exit {
    screen.heading("Checklist");
    if let Some(report) = report {
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
        "report": report.map(view::checklist::json),
    }));
    report.map_or(Exit::Done, Exit::from)
}
