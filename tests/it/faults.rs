//! One fault is injected into one request: the run recovers, or ends with an error and the next run finishes the work (X3).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dtc_adapters::connections::Timeouts;
use dtc_tests::{is_deep, report};
use simulator::{Access, Fault, LoggedRequest};
use tokio::runtime::{Builder, Runtime};

use crate::crash_points::side_by_side;
use crate::end_state::{at_any_instant, at_the_end, written};
use crate::killed_anywhere::third;
use crate::process::{End, live, world_with, world_with_halo};

/// Worlds that run side by side; most of the time they wait before the next attempt.
const SIDE_BY_SIDE: usize = 12;

/// Faults that end a read too: the same request would get the same answer.
const LASTING: [&str; 2] = ["a page that says 200", "failed call"];

/// What goes wrong, and how it is called.
#[derive(Clone)]
struct Injection {
    name: &'static str,
    fault: Fault,
    window: Window,
}

/// When it goes wrong. To a request that only reads both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Before,
    After,
}

fn injection(name: &'static str, window: Window, fault: Fault) -> Injection {
    Injection { name, fault, window }
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
fn over_http(access: Access) -> Vec<Injection> {
    let busy = || Fault::refuse(503, "service_unavailable", "try again");
    let mut injections = vec![
        injection("cut", Window::After, Fault::DropConnection),
        injection("503", Window::Before, busy()),
        injection("429, again at once", Window::Before, throttled(Some("0"))),
        injection("expired token", Window::Before, Fault::ExpireToken),
        injection("a proxy's page", Window::After, Fault::Html(502)),
        injection("a page that says 200", Window::After, Fault::Html(200)),
        injection("half an answer", Window::After, Fault::TruncateBody),
    ];
    if access == Access::Write {
        injections.extend([
            injection("cut", Window::Before, Fault::DropConnection),
            injection("503", Window::After, busy()),
            injection("a proxy's page", Window::Before, Fault::Html(502)),
        ]);
    }
    injections
}

/// What can happen to a call on the appliance's socket.
fn on_the_socket(access: Access) -> Vec<Injection> {
    let failed = || Fault::refuse(500, "EFAULT", "it failed");
    let mut injections = vec![
        injection("cut", Window::After, Fault::DropConnection),
        injection("too many calls", Window::Before, throttled(None)),
        injection("expired session", Window::Before, Fault::ExpireToken),
        injection("failed call", Window::Before, failed()),
    ];
    if access == Access::Write {
        injections.extend([
            injection("cut", Window::Before, Fault::DropConnection),
            injection("failed call", Window::After, failed()),
        ]);
    }
    injections
}

/// How long an attempt may last without a byte, and a whole call. Short, so that silence is; long enough for a busy
/// machine.
const IDLE: Duration = Duration::from_secs(12);
const CALL: Duration = Duration::from_secs(25);

/// Cases that last longest, so they come first: a service that asks to slow down and does not say, or not in a form that
/// is understood, for how long; and one that is silent for longer than its client waits.
fn long_waits() -> Vec<Case> {
    let (idle, call) = (IDLE + Duration::from_secs(1), CALL + Duration::from_secs(1));
    let silent = |window, time| injection("silence", window, Fault::Stall(time));
    let throttled = |retry_after| injection("429", Window::Before, throttled(retry_after));
    [
        ("truenas", "pool.query", silent(Window::Before, call)),
        ("truenas", "cloudsync.create", silent(Window::After, call)),
        ("b2", "b2_list_keys", silent(Window::Before, idle)),
        ("b2", "b2_create_key", silent(Window::After, idle)),
        ("ninja", "patch_device_custom_fields", silent(Window::After, idle)),
        ("itglue", "create_password", silent(Window::After, idle)),
        ("halo", "add_actions", silent(Window::After, idle)),
        ("itglue", "list_passwords", throttled(None)),
        ("halo", "list_actions", throttled(None)),
        ("ninja", "list_organizations_detailed", throttled(Some("soon"))),
        ("b2", "b2_list_buckets", throttled(None)),
    ]
    .map(|(service, operation, injection)| {
        let operation = operation.to_owned();
        Case { service, operation, nth: 1, access: Access::Write, injection }
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
    injection: Injection,
}

impl Case {
    /// Whether a run has to come through it by itself: what only reads is asked again.
    fn passes(&self) -> bool {
        // What IT Glue takes for a token is a key, and only a person makes a revoked one good.
        let revoked = self.service == "itglue" && self.injection.name == "expired token";
        self.access == Access::Read && !revoked && !LASTING.contains(&self.injection.name)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Injection { name, window, .. } = &self.injection;
        write!(f, "{} {} no. {}: {name} {window:?} its effect", self.service, self.operation, self.nth)
    }
}

/// Every operation of a run at its first request, and every request that writes, each with some faults or with all.
fn cases(runtime: &Runtime, choose: fn(&Request, Vec<Injection>) -> Vec<Injection>) -> Vec<Case> {
    let bed = runtime.block_on(world_with_halo());
    live(&bed).completion().expect("a run without a fault");
    let mut writes: BTreeMap<(&str, String), u64> = BTreeMap::new();
    for line in bed.sim.transcript().writes() {
        *writes.entry((line.service, line.operation.clone())).or_default() += 1;
    }
    let log = bed.sim.faults().request_log();
    let operations: BTreeSet<(&'static str, String)> =
        log.into_iter().map(|request| (request.service, request.operation)).collect();
    let mut cases = long_waits();
    for (index, (service, operation)) in operations.into_iter().enumerate() {
        let (access, times) = match writes.get(&(service, operation.clone())) {
            Some(times) => (Access::Write, *times),
            None => (Access::Read, 1),
        };
        let injections = if service == "truenas" { on_the_socket(access) } else { over_http(access) };
        for nth in 1..=times {
            let chosen = choose(&Request { index, access, nth }, injections.clone());
            cases.extend(chosen.into_iter().map(|injection| Case {
                service,
                operation: operation.clone(),
                nth,
                access,
                injection,
            }));
        }
    }
    cases
}

/// A request that faults are chosen for.
struct Request {
    /// The place of its operation among all of them.
    index: usize,
    access: Access,
    nth: u64,
}

/// Every fault there is.
fn all(_: &Request, injections: Vec<Injection>) -> Vec<Injection> {
    injections
}

/// What each run of the tests tries. A write, at its first request, goes through every fault; at a later one it loses its
/// answer, which is what could double it. A read goes through one fault, its neighbour through the next.
fn some(request: &Request, mut injections: Vec<Injection>) -> Vec<Injection> {
    match (request.access, request.nth) {
        (Access::Write, 1) => injections,
        (Access::Write, _) => {
            injections.retain(|injection| injection.name == "cut" && injection.window == Window::After);
            injections
        }
        (Access::Read, _) => vec![injections.swap_remove(request.index % injections.len())],
    }
}

/// How a run came through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Outcome {
    /// By itself.
    Recovered,
    /// It ended with an error, and the next run finished the work.
    Finished,
}

fn try_case(runtime: &Runtime, case: &Case) -> Result<Outcome, String> {
    let timeouts = Timeouts::default().idle(IDLE).call(CALL);
    let bed = runtime.block_on(world_with(timeouts));
    let faults = bed.sim.faults();
    let rule = faults.on(case.service, &case.operation).nth(case.nth);
    match case.injection.window {
        Window::Before => rule.before_effect(case.injection.fault.clone()),
        Window::After => rule.after_effect(case.injection.fault.clone()),
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
                Outcome::Finished
            }
        },
        other => return Err(format!("{other:?}")),
    };
    let mut wrong = at_the_end(&bed, &before);
    wrong.extend(third(&bed, 1));
    wrong.into_result()?;
    Ok(outcome)
}

/// Every operation with some faults, and with all when the tests go deep; `DTC_FAULTS` names a part of what to look at,
/// out of all.
#[test]
fn x3_whatever_fails_nothing_is_doubled_or_lost() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let started = Instant::now();
    let named = std::env::var("DTC_FAULTS").ok();
    let mut cases = cases(&runtime, if named.is_some() || is_deep() { all } else { some });
    if let Some(named) = named {
        cases.retain(|case| case.to_string().contains(&named));
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
    report(&format!(
        "faults: {} cases, {} runs recovered, {} were finished by the next, {} seconds",
        cases.len(),
        count(Outcome::Recovered),
        count(Outcome::Finished),
        started.elapsed().as_secs()
    ));
    for (case, _) in results.iter().filter(|(_, outcome)| *outcome == Ok(Outcome::Finished)) {
        println!("  finished by the next run: {case}");
    }
}

#[test]
fn reads_share_the_faults_and_writes_have_them_all() {
    let read = |index| Request { index, access: Access::Read, nth: 1 };
    let names = |request: &Request| -> Vec<&str> {
        some(request, over_http(request.access)).iter().map(|injection| injection.name).collect()
    };
    let kinds = over_http(Access::Read).len();
    let shared: BTreeSet<&str> = (0..kinds).flat_map(|index| names(&read(index))).collect();
    assert_eq!(shared.len(), kinds, "no fault is left out: {shared:?}");
    assert!((0..kinds).all(|index| names(&read(index)).len() == 1));
    let write = |nth| Request { index: 3, access: Access::Write, nth };
    assert_eq!(names(&write(1)).len(), over_http(Access::Write).len());
    assert_eq!(names(&write(2)), ["cut"]);
}
