//! `dtc apply`: carries out the plan, and verifies what came of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use dtc_adapters::files::Appended;
use dtc_adapters::{Connections, SiteFile, connect};
use dtc_provision::phases::FirstRunResult;
use dtc_provision::ports::{Ports, Waits};
use dtc_provision::proofs::consent::{Consents, RecordedConsent};
use dtc_provision::{Completion, Current, Plan, observe};

use crate::commands::plan;
use crate::deadline::{Deadline, duration};
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{JOURNAL, unwritten};
use crate::interrupt::{self, SafeStop};
use crate::progress::{Journalled, Progress, show_stopped};
use crate::screen::{CHANGED, Line, Screen};
use crate::view::checklist::ReportDocument;
use crate::view::plan::NewGuid;
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

/// What came of looking, planning and asking.
enum Prepared {
    Ready(Box<Ready>),
    NothingToDo(Exit),
}

/// Everything decided, nothing written yet.
struct Ready {
    connections: Connections,
    ports: Ports,
    plan: Current<Plan>,
    consents: Consents,
}

document! {
    /// What `dtc apply` prints where there was nothing to do.
    pub(crate) struct Unneeded {
        /// Whether there was nothing to do: true here.
        empty: bool,
    }
}

document! {
    /// What `dtc apply` prints of what it has done.
    pub(crate) struct Applied<'a> {
        /// Whether there was nothing to do: false here.
        empty: bool,
        /// The first runs that it has followed to their ends.
        first_runs: &'a [FirstRunResult],
        /// Steps whose consent was withheld, by what they were about.
        withheld: &'a [String],
        /// The verification; null where the first run is left to the task's own schedule.
        report: Option<ReportDocument<'a>>,
    }
}

/// Applies, as long as it is not interrupted and there is time.
pub(crate) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let preparing = deadline.bound(Box::pin(prepare(&arguments, deadline, screen)));
    let ready = match interrupt::until_interrupted(preparing).await? {
        Prepared::Ready(ready) => *ready,
        Prepared::NothingToDo(exit) => return Ok(exit),
    };
    let Ready { connections, ports, plan, consents } = ready;
    let journal = arguments.journal.as_deref().map(open_journal).transpose()?;
    let resume = resume_command(&arguments);
    let stop = SafeStop::at(deadline);
    let mut progress = Progress::new(screen, stop.clone(), &resume).with_journal(journal);
    screen.begins(Phase::Applying);
    screen.heading("Applying");
    let applied = tokio::select! {
        applied = dtc_provision::apply(plan, consents, &ports, &mut progress) => Some(applied),
        () = stop.reached(|why| show_finishing(why, screen)) => None,
    };
    let journal = progress.end();
    let Some(applied) = applied else {
        return Ok(show_stopped(screen, stop.failure(), &resume));
    };
    let done = applied.map_err(|error| {
        let failure = Failure::from(error).at(&connections);
        let first = failure.remedy.clone().unwrap_or_else(|| "put that right, then run again".to_owned());
        failure.remedy(format!("{first}; what is done stays done: {resume}"))
    })?;
    Ok(show_completion(&arguments, &done, journal, screen))
}

fn open_journal(path: &Path) -> Result<Appended, Failure> {
    Appended::open(path, JOURNAL).map_err(|error| unwritten("the journal", &error))
}

/// Observes, plans and asks.
async fn prepare(arguments: &Arguments, deadline: &Deadline, screen: &Screen) -> Result<Prepared, Failure> {
    let SiteFile { site, connections, waits, .. } = SiteFile::read(&arguments.site)?;
    let recorded = arguments.consent.as_deref().map(consents::read).transpose()?.unwrap_or_default();
    let saved = arguments.plan.as_deref().map(plan::load).transpose()?;
    let record = arguments.record_consent.as_deref().map(consents::place).transpose()?;
    if let Some(path) = &arguments.journal {
        Appended::check(path, JOURNAL).map_err(|error| unwritten("the journal", &error))?;
    }
    let waits = Waits { device: arguments.wait.unwrap_or_default(), ..waits };
    let connections = connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    screen.begins(Phase::Connecting);
    let ports = connect(&connections, waits).await.map_err(|error| at_site(error.into()))?;
    screen.begins(Phase::Observing);
    let plan = match saved {
        Some(saved) if saved.site != site => {
            return Err(Failure::new(
                Exit::Blocked,
                "the plan was made for another site, or the site file has changed",
            )
            .code("DTC-PLAN-STALE")
            .remedy("plan again"));
        }
        Some(saved) => saved,
        None => plan::make(&site, &ports.views()).await.map_err(at_site)?,
    };
    view::plan::show(screen, &plan, NewGuid::Decided);
    if plan.is_empty() {
        screen.say(format!("To prove it: dtc verify --site {}", arguments.site.display()));
        return Ok(Prepared::NothingToDo(match view::plan::undecided(&plan) {
            None => screen.done(&Unneeded { empty: true }),
            Some(failure) => screen.ended(&failure, &Unneeded { empty: true }),
        }));
    }
    // A person thinks as long as a person thinks.
    deadline.pause();
    let consents = gather(&plan, recorded, &ports, screen).await?;
    deadline.resume();
    if let Some(place) = &record {
        consents::write(place, &consents)?;
    }
    let now = observe(&site, &ports.views()).await;
    let plan = plan.against(&now).map_err(|error| at_site(error.into()))?;
    Ok(Prepared::Ready(Box::new(Ready { connections, ports, plan, consents })))
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
        consents::gather(plan.questions(), &recorded, now, None, person)
    });
    asking.await.map_err(|error| Failure::error("asking for consent ended early").caused_by(error))?
}

fn show_finishing(why: &str, screen: &Screen) {
    let text = "finishing the call that is under way; Ctrl-C again stops at once, which is safe too";
    screen.note(Line::new().styled(CHANGED, format!("{why}: ")).plain(text));
}

/// The command that does the rest.
fn resume_command(arguments: &Arguments) -> String {
    let file = |name: &str, path: Option<&Path>| {
        path.map(|path| format!(" --{name} {}", path.display())).unwrap_or_default()
    };
    format!("dtc apply --site {}{}", arguments.site.display(), file("consent", arguments.consent.as_deref()))
}

fn show_completion(arguments: &Arguments, done: &Completion, journal: Journalled, screen: &Screen) -> Exit {
    let report = done.report.as_ref();
    screen.heading("Checklist");
    if let Some(report) = report {
        view::checklist::show(screen, report);
        view::checklist::show_next(screen, report, &arguments.site);
    } else {
        screen.say("The first run is left to the task's own schedule.");
        screen.say(format!("After it, verify and document: dtc apply --site {}", arguments.site.display()));
    }
    for withheld in &done.withheld {
        screen.say(Line::new().styled(CHANGED, "left as it is, without consent: ").plain(withheld));
    }
    let document = Applied {
        empty: false,
        first_runs: &done.first_runs,
        withheld: &done.withheld,
        report: report.map(|report| view::checklist::document(report, &arguments.site)),
    };
    let found = report.and_then(view::checklist::failure);
    let cut = || (journal == Journalled::Partly).then(journal_cut);
    match found.or_else(cut) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

/// All is done, and the account of it is not whole.
fn journal_cut() -> Failure {
    Failure::new(Exit::Incomplete, "all is done, and the journal could not be written to its end")
        .remedy("the journal is an account for people; what was done is proven by dtc verify")
}
