//! One thing goes wrong with one request: the run recovers, or ends with an error that the next run settles (X3).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use simulator::{Access, Fault, LoggedRequest};
use tokio::runtime::{Builder, Runtime};

use crate::crash_points::side_by_side;
use crate::end_state::{at_any_instant, at_the_end, written};
use crate::killed_anywhere::third;
use crate::process::{End, live, world};

/// Worlds that are lived in side by side; most of their time they wait before they try again.
const SIDE_BY_SIDE: usize = 12;

/// Answers that asking again does not change.
const LASTING: [&str; 2] = ["a page that says 200", "failed call"];

/// What goes wrong, and how it is called.
#[derive(Clone)]
struct Trouble {
    name: &'static str,
    fault: Fault,
    window: Window,
}

/// When it goes wrong. To a request that only reads it is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Before,
    After,
}

fn trouble(name: &'static str, window: Window, fault: Fault) -> Trouble {
    Trouble { name, fault, window }
}

fn throttled(retry_after: Option<&str>) -> Fault {
    Fault::Refuse {
        status: 429,
        code: "too_many_requests".to_owned(),
        message: "slow down".to_owned(),
        retry_after: retry_after.map(str::to_owned),
    }
}

/// What can happen to a request over HTTP.
fn over_http(access: Access) -> Vec<Trouble> {
    let busy = || Fault::refuse(503, "service_unavailable", "try again");
    let mut troubles = vec![
        trouble("cut", Window::After, Fault::DropConnection),
        trouble("503", Window::Before, busy()),
        trouble("429, again at once", Window::Before, throttled(Some("0"))),
        trouble("expired token", Window::Before, Fault::ExpireToken),
        trouble("a proxy's page", Window::After, Fault::Html(502)),
        trouble("a page that says 200", Window::After, Fault::Html(200)),
        trouble("half an answer", Window::After, Fault::TruncateBody),
    ];
    if access == Access::Write {
        troubles.extend([
            trouble("cut", Window::Before, Fault::DropConnection),
            trouble("503", Window::After, busy()),
            trouble("a proxy's page", Window::Before, Fault::Html(502)),
        ]);
    }
    troubles
}

/// What can happen to a call on the box's socket.
fn on_the_socket(access: Access) -> Vec<Trouble> {
    let failed = || Fault::refuse(500, "EFAULT", "it failed");
    let mut troubles = vec![
        trouble("cut", Window::After, Fault::DropConnection),
        trouble("too many calls", Window::Before, throttled(None)),
        trouble("expired session", Window::Before, Fault::ExpireToken),
        trouble("failed call", Window::Before, failed()),
    ];
    if access == Access::Write {
        troubles.extend([
            trouble("cut", Window::Before, Fault::DropConnection),
            trouble("failed call", Window::After, failed()),
        ]);
    }
    troubles
}

/// What takes a minute or two each, so it comes first: a service that says to slow down and not, or not
/// understandably, for how long; and one that falls silent for longer than its client waits.
fn patience_is_tried() -> Vec<Case> {
    let (minute, minutes) = (Duration::from_secs(62), Duration::from_secs(122));
    let silent = |window, time| trouble("silence", window, Fault::Stall(time));
    let throttled = |retry_after| trouble("429", Window::Before, throttled(retry_after));
    [
        ("truenas", "pool.query", silent(Window::Before, minutes)),
        ("truenas", "cloudsync.create", silent(Window::After, minutes)),
        ("b2", "b2_list_keys", silent(Window::Before, minute)),
        ("b2", "b2_create_key", silent(Window::After, minute)),
        ("ninja", "patch_device_custom_fields", silent(Window::After, minute)),
        ("itglue", "create_password", silent(Window::After, minute)),
        ("itglue", "list_passwords", throttled(None)),
        ("ninja", "list_organization_locations", throttled(Some("soon"))),
        ("b2", "b2_list_buckets", throttled(None)),
    ]
    .map(|(service, operation, trouble)| {
        let operation = operation.to_owned();
        Case { service, operation, nth: 1, access: Access::Write, trouble }
    })
    .into()
}

/// One fault for the n-th request of one operation.
#[derive(Clone)]
struct Case {
    service: &'static str,
    operation: String,
    nth: u64,
    access: Access,
    trouble: Trouble,
}

impl Case {
    /// Whether a run has to come through it by itself: what only reads is asked again.
    fn passes(&self) -> bool {
        // What IT Glue takes for a token is a key, and only a person makes a revoked one good.
        let revoked = self.service == "itglue" && self.trouble.name == "expired token";
        self.access == Access::Read && !revoked && !LASTING.contains(&self.trouble.name)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trouble { name, window, .. } = &self.trouble;
        write!(f, "{} {} no. {}: {name} {window:?} its effect", self.service, self.operation, self.nth)
    }
}

/// Every operation of a run at its first request, and every request that writes, in all weathers.
fn cases(runtime: &Runtime) -> Vec<Case> {
    let bed = runtime.block_on(world());
    live(&bed).completion().expect("a run in good weather");
    let mut writes: BTreeMap<(&str, String), u64> = BTreeMap::new();
    for line in bed.sim.transcript().writes() {
        *writes.entry((line.service, line.operation.clone())).or_default() += 1;
    }
    let log = bed.sim.faults().request_log();
    let operations: BTreeSet<(&'static str, String)> =
        log.into_iter().map(|request| (request.service, request.operation)).collect();
    let mut cases = patience_is_tried();
    for (service, operation) in operations {
        let (access, times) = match writes.get(&(service, operation.clone())) {
            Some(times) => (Access::Write, *times),
            None => (Access::Read, 1),
        };
        let troubles = if service == "truenas" { on_the_socket(access) } else { over_http(access) };
        for nth in 1..=times {
            cases.extend(troubles.iter().map(|trouble| Case {
                service,
                operation: operation.clone(),
                nth,
                access,
                trouble: trouble.clone(),
            }));
        }
    }
    cases
}

/// How a run came through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Outcome {
    /// By itself.
    Recovered,
    /// It ended, and the next run settled it.
    Settled,
}

fn try_case(runtime: &Runtime, case: &Case) -> Result<Outcome, String> {
    let bed = runtime.block_on(world());
    let faults = bed.sim.faults();
    let rule = faults.on(case.service, &case.operation).nth(case.nth);
    match case.trouble.window {
        Window::Before => rule.before_effect(case.trouble.fault.clone()),
        Window::After => rule.after_effect(case.trouble.fault.clone()),
    }
    let first = live(&bed);
    at_any_instant(&bed).into_result()?;
    let before = written(&bed);
    let asked =
        |request: &&LoggedRequest| request.service == case.service && request.operation == case.operation;
    if (faults.request_log().iter().filter(asked).count() as u64) < case.nth {
        return Err("it was never asked".to_owned());
    }
    bed.sim.itglue().restore_key();
    let outcome = match first {
        End::Ended(end) => match *end {
            Ok(_) => Outcome::Recovered,
            Err(why) if case.passes() => return Err(format!("it should have passed: {why}")),
            Err(why) => {
                let again = live(&bed).completion();
                again.map_err(|error| format!("the first run: {why}; the next: {error}"))?;
                Outcome::Settled
            }
        },
        other => return Err(format!("{other:?}")),
    };
    let mut wrong = at_the_end(&bed, &before);
    wrong.extend(third(&bed, 1));
    wrong.into_result()?;
    Ok(outcome)
}

/// Every operation in every weather, unless `DTC_WEATHER` names a part of what to look at.
#[test]
fn x3_in_every_weather_nothing_is_doubled_or_lost() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let started = Instant::now();
    let mut cases = cases(&runtime);
    if let Ok(some) = std::env::var("DTC_WEATHER") {
        cases.retain(|case| case.to_string().contains(&some));
    }
    let (queue, results) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    side_by_side(
        SIDE_BY_SIDE,
        || queue.lock().unwrap().next(),
        |case| {
            let outcome = try_case(&runtime, case);
            results.lock().unwrap().push((case, outcome));
        },
    );
    let results = results.into_inner().unwrap();
    let failed: Vec<String> = results
        .iter()
        .filter_map(|(case, outcome)| Some(format!("{case}: {}", outcome.as_ref().err()?)))
        .collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
    let count = |wanted| results.iter().filter(|(_, outcome)| *outcome == Ok(wanted)).count();
    println!(
        "{} troubles: {} runs recovered, {} were settled by the next, {} seconds",
        cases.len(),
        count(Outcome::Recovered),
        count(Outcome::Settled),
        started.elapsed().as_secs()
    );
    for (case, _) in results.iter().filter(|(_, outcome)| *outcome == Ok(Outcome::Settled)) {
        println!("  settled by the next: {case}");
    }
}
