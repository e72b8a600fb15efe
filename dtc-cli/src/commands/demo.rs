//! `dtc demo`: the whole path, against simulators of its own.

mod stage;
mod standing;

use std::time::{Duration, Instant};

use anstyle::Style;
use clap::Args;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::plan::{Answer, Consents};
use dtc_provision::ports::Ports;
use dtc_provision::{Completion, Plan, Report, observe};
use serde_json::{Value, json};

use self::stage::Stage;
use crate::commands::plan;
use crate::commands::simulator::Simulation;
use crate::exit::{Exit, Failure};
use crate::interrupt::{self, Brake};
use crate::journal::Teller;
use crate::screen::{BAD, GOOD, Line, QUIET, STRONG, Screen};
use crate::view;

/// Provision and prove a simulated appliance, in seconds and without any account.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Leave everything running at the end, to be looked at, until Ctrl-C.
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    simulation: Simulation,
}

/// Plays the demo, and clears the stage.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let began = Instant::now();
    let stage = Stage::set(&arguments.simulation, screen).await?;
    let ended = Box::pin(interrupt::stops(play(&stage, screen))).await;
    let ended = match ended {
        Ok(played) => conclude(&arguments, &stage, &played, began.elapsed(), screen).await,
        Err(failure) => Err(failure),
    };
    stage.clear().await;
    ended
}

/// What the demo came to.
struct Played {
    plan: Plan,
    typed: Vec<Value>,
    done: Completion,
    report: Report,
    again: Again,
}

/// The second plan, and what was sent for it.
struct Again {
    empty: bool,
    reads: usize,
    writes: Vec<String>,
}

async fn play(stage: &Stage, screen: &Screen) -> Result<Played, Failure> {
    screen.heading("1 · Plan: looks, writes nothing");
    screen.say("");
    let ports = stage.connect().await?;
    let plan = plan::make(&stage.site, &ports).await?;
    view::plan::show(screen, &plan);
    screen.heading("2 · Consent: asked for each act that cannot be undone, given by typing its subject");
    let (consents, typed) = consented(&plan, &ports, screen)?;
    screen.heading("3 · Apply");
    let done = apply(stage, plan.clone(), consents, &ports, screen).await?;
    screen.heading("4 · Verify");
    screen.paragraph(Line::from("  "), 2, QUIET, &stage.engine.told());
    screen.say("");
    let report = dtc_provision::verify(&stage.site, &ports.views()).await?;
    view::checklist::show(screen, &report);
    drop(ports);
    screen.heading("5 · Plan again, from new connections and no local file");
    screen.say("");
    let again = again(stage, screen).await?;
    Ok(Played { plan, typed, done, report, again })
}

/// Answers every question by its subject. That is for simulators that the demo started itself, and for nothing else.
fn consented(plan: &Plan, ports: &Ports, screen: &Screen) -> Result<(Consents, Vec<Value>), Failure> {
    let now = ports.clock.now();
    let mut typed = Vec::new();
    let consents = plan.questions().ask(now, now + SignedDuration::from_hours(1), |act, consequence| {
        screen.paragraph(Line::from("  "), 2, Style::new(), consequence);
        screen.say(
            Line::from("  typed by the demo, since these are its own simulators: ")
                .styled(STRONG, &act.subject),
        );
        typed.push(json!({ "act": act, "typed": act.subject }));
        Answer::Typed(act.subject.clone())
    });
    let consents = consents.map_err(|declined| Failure::new(Exit::Blocked, declined.to_string()))?;
    Ok((consents, typed))
}

async fn apply(
    stage: &Stage,
    plan: Plan,
    consents: Consents,
    ports: &Ports,
    screen: &Screen,
) -> Result<Completion, Failure> {
    let now = observe(&stage.site, &ports.views()).await?;
    let mut teller = Teller::new(screen, Brake::default(), "");
    Ok(dtc_provision::apply(plan.against(&now)?, consents, ports, &mut teller).await?)
}

async fn again(stage: &Stage, screen: &Screen) -> Result<Again, Failure> {
    let transcript = stage.simulator.transcript();
    let mark = transcript.mark();
    let ports = stage.connect().await?;
    let plan = plan::make(&stage.site, &ports).await?;
    let sent = transcript.since(mark).len();
    let writes: Vec<String> = transcript
        .writes_since(mark)
        .iter()
        .map(|line| format!("{} {}", line.service, line.operation))
        .collect();
    view::plan::show(screen, &plan);
    let told = match writes.as_slice() {
        [] => {
            Line::new().plain(format!("{sent} requests were sent for it, and every one of them only reads."))
        }
        writes => Line::new().styled(BAD, "It wrote: ").plain(writes.join(", ")),
    };
    screen.say(told);
    Ok(Again { empty: plan.is_empty(), reads: sent - writes.len(), writes })
}

async fn conclude(
    arguments: &Arguments,
    stage: &Stage,
    played: &Played,
    took: Duration,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Played { plan, typed, done, report, again } = played;
    screen.heading("Where everything stands");
    standing::show(screen, stage, plan, report);
    screen.say("");
    let good = report.passed() && again.empty && again.writes.is_empty();
    let (style, word) = if good { (GOOD, "Done") } else { (BAD, "Not as it should be") };
    let told = format!(" in {:.1} s: {}.", took.as_secs_f64(), report.summary());
    screen.say(Line::new().styled(style, word).plain(told));
    screen.say(stage.engine.short());
    screen.result(&json!({
        "engine": stage.engine,
        "plan": view::plan::json(plan),
        "consents": typed,
        "first_runs": done.first_runs,
        "report": view::checklist::json(report),
        "second_plan": { "empty": again.empty, "reads": again.reads, "writes": again.writes },
        "seconds": took.as_secs_f64(),
        "simulators": arguments.keep.then(|| stage.simulator.addresses()),
    }));
    if arguments.keep {
        standing::keep(screen, stage).await?;
    } else {
        screen.say(
            Line::new().styled(
                QUIET,
                "The simulators are gone now; dtc demo --keep leaves them up to be looked at.",
            ),
        );
    }
    Ok(match (report.exit_code(), good) {
        (0, true) => Exit::Done,
        (0, false) => Exit::Error,
        (code, _) => Exit::from_code(code),
    })
}
