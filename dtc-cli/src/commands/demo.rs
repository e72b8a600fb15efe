//! `dtc demo`: the whole path, against simulators of its own.

pub(crate) mod copied;
mod ransomware;
pub(crate) mod replicated;
mod seeded;
mod simulated_site;
mod summary;

use std::path::Path;
use std::time::{Duration, Instant};

use anstyle::Style;
use clap::Args;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::phases::FirstRunResult;
use dtc_provision::ports::Ports;
use dtc_provision::proofs::consent::{Act, Answer, Consents};
use dtc_provision::{Completion, Plan, Report, observe};
use simulator::Addresses;

use self::ransomware::Recovered;
use self::simulated_site::{Engine, SimulatedSite};
use crate::commands::plan;
use crate::commands::simulator::Simulation;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::{self, SafeStop};
use crate::progress::Progress;
use crate::screen::{BAD, GOOD, Line, QUIET, STRONG, Screen};
use crate::view;
use crate::view::checklist::ReportDocument;
use crate::view::plan::{NewGuid, PlanDocument};

/// Provision and prove a simulated appliance, in seconds and without any account.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Leave everything running at the end, to be looked at, until Ctrl-C.
    #[arg(long)]
    keep: bool,
    /// Show an encrypted replication between two appliances instead.
    #[arg(long, conflicts_with = "keep")]
    replication: bool,
    /// Show an encrypted copy of a folder instead, carried by the real rsync; no appliance is needed for one.
    #[arg(long, conflicts_with_all = ["keep", "replication"])]
    copy: bool,
    #[command(flatten)]
    simulation: Simulation,
}

/// Runs the demo, and ends its simulators.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    if arguments.replication {
        let shown = replicated::run(&arguments.simulation, screen);
        return Box::pin(interrupt::until_interrupted(shown)).await;
    }
    if arguments.copy {
        let shown = copied::run(&arguments.simulation, screen);
        return Box::pin(interrupt::until_interrupted(shown)).await;
    }
    let began = Instant::now();
    let simulated = SimulatedSite::start(&arguments.simulation, screen).await?;
    let ended = Box::pin(interrupt::until_interrupted(run_steps(&simulated, screen))).await;
    let ended = match ended {
        Ok(outcome) => conclude(&arguments, &simulated, &outcome, began.elapsed(), screen).await,
        Err(failure) => Err(failure),
    };
    simulated.stop().await;
    ended
}

/// What the demo came to.
struct Outcome {
    plan: Plan,
    typed: Vec<Typed>,
    done: Completion,
    report: Report,
    second: SecondPlan,
    recovered: Recovered,
}

document! {
    /// The second plan, and what was sent for it.
    pub(crate) struct SecondPlan {
        /// Whether there was nothing to do.
        empty: bool,
        /// How many requests only read.
        reads: usize,
        /// Those that wrote, by service and operation.
        writes: Vec<String>,
    }
}

document! {
    /// A consent that the demo gave by itself.
    pub(crate) struct Typed {
        /// The act.
        act: Act,
        /// What was typed.
        typed: String,
    }
}

document! {
    /// What `dtc demo` prints.
    pub(crate) struct Demonstrated<'a> {
        /// What ran the first backup.
        engine: &'a Engine,
        /// The plan that was applied.
        plan: PlanDocument<'a>,
        /// The consents that the demo gave by itself.
        consents: &'a [Typed],
        /// The first runs that were followed to their ends.
        first_runs: &'a [FirstRunResult],
        /// The verification.
        report: ReportDocument<'a>,
        /// The plan that was made at the end.
        second_plan: &'a SecondPlan,
        /// The file that came back as of before.
        recovered: &'a Recovered,
        /// How long it took.
        seconds: f64,
        /// Where the simulators answer, where `--keep` leaves them running.
        simulators: Option<&'a Addresses>,
    }
}

async fn run_steps(simulated: &SimulatedSite, screen: &Screen) -> Result<Outcome, Failure> {
    screen.heading("1 · Plan: looks, writes nothing");
    screen.say("");
    screen.begins(Phase::Connecting);
    let ports = simulated.connect().await?;
    screen.begins(Phase::Observing);
    let plan = plan::make_with(&simulated.site, &ports.views(), &*ports.entropy).await?;
    view::plan::show(screen, &plan, NewGuid::Decided);
    screen.heading("2 · Consent: asked for each act that cannot be undone, given by typing its subject");
    let (consents, typed) = consent(&plan, &ports, screen)?;
    screen.begins(Phase::Applying);
    screen.heading("3 · Apply");
    let done = apply(simulated, plan.clone(), consents, &ports, screen).await?;
    screen.begins(Phase::Verifying);
    screen.heading("4 · Verify");
    screen.paragraph(Line::from("  "), 2, QUIET, &simulated.engine.describe());
    screen.say("");
    let report = dtc_provision::verify(&simulated.site, &ports.views()).await?;
    view::checklist::show(screen, &report);
    drop(ports);
    screen.begins(Phase::Observing);
    screen.heading("5 · Plan again, from new connections and no local file");
    screen.say("");
    let second = plan_again(simulated, screen).await?;
    screen.heading("6 · Ransomware, and a file as it was before");
    let recovered = ransomware::strike_and_recover(simulated, screen).await?;
    Ok(Outcome { plan, typed, done, report, second, recovered })
}

/// Answers every question by its subject. That is for simulators that the demo started itself, and for nothing else.
fn consent(plan: &Plan, ports: &Ports, screen: &Screen) -> Result<(Consents, Vec<Typed>), Failure> {
    let now = ports.clock.now();
    let mut typed = Vec::new();
    let consents = Consents::gather(plan.questions(), now, now + SignedDuration::from_hours(1), |question| {
        let act = question.act();
        screen.paragraph(Line::from("  "), 2, Style::new(), question.consequence());
        screen.say(
            Line::from("  typed by the demo, since these are its own simulators: ")
                .styled(STRONG, &act.subject),
        );
        typed.push(Typed { act: act.clone(), typed: act.subject.clone() });
        Answer::Typed(act.subject.clone())
    });
    let consents = consents.map_err(|declined| Failure::new(Exit::Blocked, declined.to_string()))?;
    Ok((consents, typed))
}

async fn apply(
    simulated: &SimulatedSite,
    plan: Plan,
    consents: Consents,
    ports: &Ports,
    screen: &Screen,
) -> Result<Completion, Failure> {
    let now = observe(&simulated.site, &ports.views()).await;
    let mut progress = Progress::new(screen, SafeStop::default(), "");
    Ok(dtc_provision::apply(plan.against(&now)?, consents, ports, &mut progress).await?)
}

async fn plan_again(simulated: &SimulatedSite, screen: &Screen) -> Result<SecondPlan, Failure> {
    let transcript = simulated.simulator.transcript();
    let mark = transcript.mark();
    let views = simulated.connect_views().await?;
    let plan = plan::make(&simulated.site, &views).await?;
    let sent = transcript.since(mark).len();
    let writes: Vec<String> = transcript
        .writes_since(mark)
        .iter()
        .map(|line| format!("{} {}", line.service, line.operation))
        .collect();
    view::plan::show(screen, &plan, NewGuid::Decided);
    let requests = match writes.as_slice() {
        [] => {
            Line::new().plain(format!("{sent} requests were sent for it, and every one of them only reads."))
        }
        writes => Line::new().styled(BAD, "It wrote: ").plain(writes.join(", ")),
    };
    screen.say(requests);
    Ok(SecondPlan { empty: plan.is_empty(), reads: sent - writes.len(), writes })
}

async fn conclude(
    arguments: &Arguments,
    simulated: &SimulatedSite,
    outcome: &Outcome,
    took: Duration,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Outcome { plan, typed, done, report, second, recovered } = outcome;
    screen.heading("Where everything stands");
    summary::show(screen, simulated, plan, report);
    screen.say("");
    let good = report.passed() && second.empty && second.writes.is_empty() && recovered.same;
    let (style, word) = if good { (GOOD, "Done") } else { (BAD, "Not as it should be") };
    let took_and_verdicts = format!(" in {:.1} s: {}.", took.as_secs_f64(), report.summary());
    screen.say(Line::new().styled(style, word).plain(took_and_verdicts));
    screen.say(simulated.engine.describe_briefly());
    let again = || {
        let sentence =
            "the second plan is not empty, something was written for it, or the file did not come back";
        (!good).then(|| Failure::error(sentence).remedy("report it, with the output of -v"))
    };
    let document = Demonstrated {
        engine: &simulated.engine,
        plan: view::plan::document(plan),
        consents: typed,
        first_runs: &done.first_runs,
        report: view::checklist::document(report, Path::new("site.toml")),
        second_plan: second,
        recovered,
        seconds: took.as_secs_f64(),
        simulators: arguments.keep.then(|| simulated.simulator.addresses()),
    };
    let exit = match view::checklist::failure(report).or_else(again) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    };
    if arguments.keep {
        summary::keep(screen, simulated).await?;
    } else {
        screen.say(Line::new().styled(
            QUIET,
            "The simulators have ended; dtc demo --keep leaves them running to be looked at.",
        ));
    }
    Ok(exit)
}
